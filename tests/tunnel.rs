//! What is said to a proxy, byte for byte, and what comes of everything that a proxy can say or leave unsaid.

mod support;

use oauthapp::{CancelToken, Client, ClientBuilder, Error, ErrorKind, SignIn};
use std::io::{BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;
use support::{Received, Scripted, http, json, read_request};

const SIGN_IN: SignIn = SignIn::new("wwww", "123456");
const ANSWER: &str = "{\"code\":200,\"data\":1,\"err\":\"\"}";

/// What a proxy says once it has heard something.
#[derive(Clone)]
struct Line {
    hears: Vec<u8>,
    says: Vec<u8>,
}

fn line(hears: impl AsRef<[u8]>, says: impl AsRef<[u8]>) -> Line {
    Line { hears: hears.as_ref().to_vec(), says: says.as_ref().to_vec() }
}

/// SOCKS5's request for a connection to this address, in the standard's form, and the proxy's reply.
fn connect(address: &[u8], reply: &[u8]) -> Line {
    line([&[5, 1, 0], address, &[0, 80]].concat(), reply)
}

const BY_NAME: &[u8] = b"\x03\x10oauthapp.invalid";
const CONSENT: &[u8] = &[5, 0, 0, 1, 0, 0, 0, 0, 0, 0];

fn plain_connect(authorization: &str, says: &str) -> Line {
    let version = env!("CARGO_PKG_VERSION");
    line(
        format!(
            "CONNECT oauthapp.invalid:80 HTTP/1.1\r\nHost: oauthapp.invalid:80\r\nUser-Agent: liboauthapp/{version}\r\n\
             {authorization}\r\n"
        ),
        says,
    )
}

/// A proxy's URL but for its address, the server's host, and all that is said until the connection is there.
type Dialogue = (&'static str, &'static str, Vec<Line>);

/// One of each kind that there is.
fn dialogues() -> Vec<Dialogue> {
    let (open, name) = (line([5, 1, 0], [5, 0]), "oauthapp.invalid");
    let ipv6 = [&[4][..], &[0; 15], &[1]].concat();
    let consent_with_name = [&[5, 0, 0, 3, 2][..], b"me", &[0, 80]].concat();
    let consent_with_ipv6 = [&[5, 0, 0, 4][..], &[0; 18]].concat();
    vec![
        ("socks5h://", name, vec![open.clone(), connect(BY_NAME, CONSENT)]),
        ("socks5h://", "127.0.0.9", vec![open.clone(), connect(&[1, 127, 0, 0, 9], &consent_with_name)]),
        ("socks5h://", "[::1]", vec![open.clone(), connect(&ipv6, &consent_with_ipv6)]),
        ("socks5://", "127.0.0.1", vec![open, connect(&[1, 127, 0, 0, 1], CONSENT)]),
        (
            "socks5h://user:canary%40@",
            name,
            vec![line([5, 2, 0, 2], [5, 2]), line(b"\x01\x04user\x07canary@", [1, 0]), connect(BY_NAME, CONSENT)],
        ),
        ("socks5h://user:canary%40@", name, vec![line([5, 2, 0, 2], [5, 0]), connect(BY_NAME, CONSENT)]),
        ("http://", name, vec![plain_connect("", "HTTP/1.1 200 Connection established\r\nVia: 1.1 x\r\n\r\n")]),
        ("http://", name, vec![plain_connect("", "HTTP/1.0 204\n\n")]),
        (
            "http://user@",
            name,
            vec![plain_connect("Proxy-Authorization: Basic dXNlcjo=\r\n", "HTTP/1.1 200 OK\r\n\r\n")],
        ),
        ("http://", name, vec![plain_connect("", "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")]),
        (
            "http://user:canary%40@",
            name,
            vec![plain_connect("Proxy-Authorization: Basic dXNlcjpjYW5hcnlA\r\n", "HTTP/1.1 200 OK\r\n\r\n")],
        ),
        (
            "http://user:canary~~%3F%3F@",
            name,
            vec![plain_connect("Proxy-Authorization: Basic dXNlcjpjYW5hcnl+fj8/\r\n", "HTTP/1.1 200 OK\r\n\r\n")],
        ),
    ]
}

/// Speaks the proxy's part, so many bytes at a time and in all. False where it has not come to its end.
fn speak(connection: &mut TcpStream, lines: &[Line], at_a_time: usize, mut in_all: usize) -> bool {
    connection.set_nodelay(true).unwrap();
    for line in lines {
        let mut heard = vec![0; line.hears.len()];
        if connection.read_exact(&mut heard).is_err() {
            return false;
        }
        assert!(heard == line.hears, "what the proxy is told");
        let says = &line.says[..line.says.len().min(in_all)];
        for piece in says.chunks(at_a_time) {
            connection.write_all(piece).unwrap();
        }
        in_all -= says.len();
        if says.len() < line.says.len() {
            return false;
        }
    }
    true
}

/// Answers requests as the server at the other end would, until the client closes.
fn serve(connection: TcpStream, received: &Sender<Received>) {
    let mut reader = BufReader::new(connection);
    while let Some(request) = read_request(&mut reader) {
        received.send(request).unwrap();
        reader.get_mut().write_all(&json(ANSWER)).unwrap();
    }
}

fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// A client with this proxy that makes one attempt only.
fn client(scheme: &str, proxy: SocketAddr, host: &str) -> ClientBuilder {
    let base_url = format!("http://{host}");
    Client::builder(2).base_url(base_url).allow_plain_http(true).max_retries(0).proxy(format!("{scheme}{proxy}"))
}

fn sum(lines: &[Line]) -> usize {
    lines.iter().map(|line| line.says.len()).sum()
}

#[test]
fn calls_go_through_and_the_connection_is_kept() {
    let interim = "HTTP/1.1 102 Processing\r\n\r\n".len();
    for (scheme, host, lines) in dialogues() {
        for at_a_time in [usize::MAX, interim, 1] {
            let (listener, address) = listener();
            let (sender, received) = channel();
            thread::scope(|scope| {
                scope.spawn(|| {
                    let (mut connection, _) = listener.accept().unwrap();
                    assert!(speak(&mut connection, &lines, at_a_time, usize::MAX));
                    serve(connection, &sender);
                });
                let client = client(scheme, address, host).build().unwrap();
                for _ in 0..2 {
                    assert_eq!(client.call_raw(&SIGN_IN).unwrap().as_str(), "1");
                    let request = received.recv().unwrap();
                    assert_eq!(request.request_line, "POST /api/AppUsers/2/SignIn HTTP/1.1");
                    assert_eq!(request.header("host"), [host]);
                    let mut names: Vec<_> = request.headers.iter().map(|(name, _)| name.as_str()).collect();
                    names.sort_unstable();
                    assert_eq!(names, ["accept", "content-length", "content-type", "host", "user-agent"], "no proxy's");
                }
            });
        }
    }
}

#[test]
fn what_follows_the_consent_is_the_servers() {
    for (scheme, host, mut lines) in dialogues() {
        // A server that speaks at once: its answer comes together with the proxy's consent.
        lines.last_mut().unwrap().says.extend(json(ANSWER));
        let (listener, address) = listener();
        thread::scope(|scope| {
            scope.spawn(|| {
                let (mut connection, _) = listener.accept().unwrap();
                assert!(speak(&mut connection, &lines, usize::MAX, usize::MAX));
                let _ = connection.read_to_end(&mut Vec::new());
            });
            let client = client(scheme, address, host).build().unwrap();
            assert_eq!(client.call_raw(&SIGN_IN).unwrap().as_str(), "1");
        });
    }
}

#[test]
fn a_proxy_that_breaks_off_after_any_byte_is_named() {
    for (scheme, host, lines) in dialogues() {
        for length in 0..sum(&lines) {
            let (listener, address) = listener();
            thread::scope(|scope| {
                scope.spawn(|| {
                    let (mut connection, _) = listener.accept().unwrap();
                    assert!(!speak(&mut connection, &lines, usize::MAX, length));
                });
                let error = client(scheme, address, host).build().unwrap().call_raw(&SIGN_IN).unwrap_err();
                assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Proxy, true), "{length} bytes: {error}");
                assert!(error.to_string().contains("The proxy closed the connection"), "{length} bytes: {error}");
            });
        }
    }
}

#[test]
fn a_call_ends_while_a_proxy_stalls_after_any_byte() {
    let hour = Duration::from_secs(3600);
    for (scheme, host, lines) in dialogues() {
        for length in 0..sum(&lines) {
            let (listener, address) = listener();
            let token = CancelToken::new();
            let patient = client(scheme, address, host).timeout(hour).connect_timeout(hour);
            let client = patient.build().unwrap().with_cancel(&token);
            thread::scope(|scope| {
                scope.spawn(|| {
                    let (mut connection, _) = listener.accept().unwrap();
                    assert!(!speak(&mut connection, &lines, usize::MAX, length));
                    token.cancel();
                    // What ends the call ends this as well.
                    let _ = connection.read_to_end(&mut Vec::new());
                });
                let error = client.call_raw(&SIGN_IN).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Cancelled, "{length} bytes");
            });
        }
    }
}

#[test]
fn a_call_times_out_while_a_proxy_stalls() {
    for (scheme, host, lines) in dialogues() {
        for length in [0, 1, sum(&lines) - 1] {
            let (listener, address) = listener();
            thread::scope(|scope| {
                scope.spawn(|| {
                    let (mut connection, _) = listener.accept().unwrap();
                    assert!(!speak(&mut connection, &lines, usize::MAX, length));
                    let _ = connection.read_to_end(&mut Vec::new());
                });
                let hurried = client(scheme, address, host).connect_timeout(Duration::from_millis(40));
                let error = hurried.build().unwrap().call_raw(&SIGN_IN).unwrap_err();
                support::end_the_wait(address);
                assert_eq!(error.kind(), ErrorKind::Timeout, "{length} bytes: {error}");
                assert!(error.to_string().contains("while connecting"), "{error}");
            });
        }
    }
}

/// What comes of a proxy that says this, whatever it hears, and then no more.
fn refusal(scheme: &str, says: &[u8]) -> Error {
    let (listener, address) = listener();
    thread::scope(|scope| {
        scope.spawn(|| {
            let (mut connection, _) = listener.accept().unwrap();
            let _ = connection.write_all(says);
            // It does not close: its answer has to be enough.
            let _ = connection.read_to_end(&mut Vec::new());
        });
        client(scheme, address, "oauthapp.invalid").build().unwrap().call_raw(&SIGN_IN).unwrap_err()
    })
}

#[test]
fn what_a_socks_proxy_refuses_is_named() {
    let (plain, signed_in) = ("socks5h://", "socks5h://user:canary%40@");
    for (scheme, says, text, retryable) in [
        (plain, &[5, 0xff][..], "wants a user name and a password", false),
        (signed_in, &[5, 0xff], "wants another authentication", false),
        (signed_in, &[5, 2, 1, 1], "does not accept the user name and the password", false),
        (signed_in, &[5, 2, 5, 0xff], "does not accept the user name and the password", false),
        (plain, &[5, 0, 5, 1], "can't reach the server: it gives no reason", true),
        (plain, &[5, 0, 5, 2], "rules don't allow a connection to this server", false),
        (plain, &[5, 0, 5, 3], "can't reach the server: no way to its network", true),
        (plain, &[5, 0, 5, 4], "can't reach the server: no way to its host", true),
        (plain, &[5, 0, 5, 5], "can't reach the server: the connection was refused", true),
        (plain, &[5, 0, 5, 6], "can't reach the server: the way to it is too long", true),
        (plain, &[5, 0, 5, 7], "makes no connections of this kind", false),
        (plain, &[5, 0, 5, 8], "can't use this kind of address", false),
        (plain, &[5, 0, 5, 99], "SOCKS5 reply 99", false),
        // Methods that were not offered.
        (plain, &[5, 2], "wants a user name and a password", false),
        (plain, &[5, 1], "wants another authentication", false),
        (signed_in, &[5, 1], "wants another authentication", false),
        // What does not speak SOCKS5: version 4, HTTP, a reply that is none.
        (plain, &[0, 90], "is not a SOCKS5 proxy", false),
        (plain, b"HTTP/1.1 400 Bad Request\r\n\r\n", "is not a SOCKS5 proxy", false),
        (plain, &[5, 0, 4, 0], "is not a SOCKS5 proxy", false),
        (plain, &[5, 0, 5, 0, 0, 2], "is not a SOCKS5 proxy", false),
        (plain, &[0xff; 100_000], "is not a SOCKS5 proxy", false),
    ] {
        let error = refusal(scheme, says);
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Proxy, retryable), "{error}");
        assert!(error.to_string().contains(text), "{error}");
        assert!(!format!("{error:?}").contains("canary"));
    }
}

#[test]
fn what_an_http_proxy_refuses_is_named() {
    let (plain, signed_in) = ("http://", "http://user:canary%40@");
    let unauthorized = |offers: &[&str]| http("407 Proxy Authentication Required", offers, "<html>");
    let endless = [b"HTTP/1.1 200 OK\r\nX: ", &[b'x'; 100_000][..]].concat();
    for (scheme, says, text, retryable) in [
        (plain, unauthorized(&[]), "wants a user name and a password (HTTP status 407)", false),
        (plain, unauthorized(&["Proxy-Authenticate: basic realm=x"]), "wants a user name and a password", false),
        (signed_in, unauthorized(&[]), "does not accept the user name and the password", false),
        (signed_in, unauthorized(&["Proxy-Authenticate: NTLM, Basic realm=x"]), "does not accept the user name", false),
        (signed_in, unauthorized(&["Proxy-Authenticate: Negotiate"]), "another authentication than Basic", false),
        (signed_in, http("401 Unauthorized", &[], ""), "does not accept the user name and the password", false),
        (plain, http("401 Unauthorized", &[], ""), "answered with HTTP status 401", false),
        (plain, http("403 Forbidden", &[], "<html>"), "answered with HTTP status 403", false),
        (
            plain,
            http("302 Found", &["Location: http://portal.example"], ""),
            "HTTP status 302: the network may want you to sign in",
            false,
        ),
        (plain, http("101 Switching Protocols", &[], ""), "answered with HTTP status 101", false),
        (plain, http("408 Request Timeout", &[], ""), "answered with HTTP status 408", true),
        (plain, http("429 Too Many Requests", &[], ""), "answered with HTTP status 429", true),
        // So proxies say that they can't reach the server.
        (plain, http("500 Unable to connect", &[], "<html>"), "answered with HTTP status 500", true),
        (plain, http("503 Service Unavailable", &[], "<html>"), "answered with HTTP status 503", true),
        (plain, http("501 Not Implemented", &[], "<html>"), "answered with HTTP status 501", false),
        (plain, http("511 Network Authentication Required", &[], "<html>"), "in a browser (HTTP status 511)", false),
        (plain, b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(), "is not an HTTP proxy", false),
        (plain, b"HTTP/1.1 2000 OK\r\n\r\n".to_vec(), "is not an HTTP proxy", false),
        (plain, b"HTTP/1.1 +20 OK\r\n\r\n".to_vec(), "is not an HTTP proxy", false),
        (plain, b"HTTP/1.1\r\n\r\n".to_vec(), "is not an HTTP proxy", false),
        (plain, b"<html>\n\n".to_vec(), "is not an HTTP proxy", false),
        (plain, endless, "is not an HTTP proxy", false),
    ] {
        let error = refusal(scheme, &says);
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Proxy, retryable), "{error}");
        assert!(error.to_string().contains(text), "{error}");
        assert!(!format!("{error:?}").contains("canary"));
        assert_eq!(error.http_status(), None, "it is not the server's");
    }
}

#[test]
fn a_busy_proxy_says_when_to_come_back_by_its_own_clock() {
    let headers =
        ["Retry-After: soon", "Retry-After: Wed, 22 Feb 2023 08:01:30 GMT", "Date: Wed, 22 Feb 2023 08:00:00 GMT"];
    let error = refusal("http://", &http("503 Service Unavailable", &headers, ""));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(90)));
}

#[test]
fn a_proxy_that_is_not_there_is_named() {
    let (_port, address) = support::reserved_port();
    for scheme in ["http://", "socks5://", "socks5h://"] {
        // The server is an address, so that nothing is looked up.
        let error = client(scheme, address, "127.0.0.9").build().unwrap().call_raw(&SIGN_IN).unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Proxy, true), "{error}");
    }
}

#[test]
fn the_servers_next_address_is_tried_where_the_proxy_cannot_reach_one() {
    let (listener, address) = listener();
    let ipv6 = [&[4][..], &[0; 15], &[1]].concat();
    let open = line([5, 1, 0], [5, 0]);
    thread::scope(|scope| {
        scope.spawn(|| {
            let (mut connection, _) = listener.accept().unwrap();
            speak(&mut connection, &[open.clone(), connect(&[1, 127, 0, 0, 1], &[5, 5])], usize::MAX, usize::MAX);
            let (mut connection, _) = listener.accept().unwrap();
            speak(&mut connection, &[open, connect(&ipv6, CONSENT)], usize::MAX, usize::MAX);
            serve(connection, &channel().0);
        });
        let result = client("socks5://", address, "localhost").build().unwrap().call_raw(&SIGN_IN);
        support::end_the_wait(address);
        result.unwrap();
    });
}

#[test]
fn the_servers_next_address_is_tried_where_the_proxy_says_nothing_of_one() {
    let (listener, address) = listener();
    let open = line([5, 1, 0], [5, 0]);
    thread::scope(|scope| {
        scope.spawn(|| {
            let (mut silent, _) = listener.accept().unwrap();
            speak(&mut silent, std::slice::from_ref(&open), usize::MAX, usize::MAX);
            let (mut connection, _) = listener.accept().unwrap();
            let ipv6 = [&[4][..], &[0; 15], &[1]].concat();
            speak(&mut connection, &[open, connect(&ipv6, CONSENT)], usize::MAX, usize::MAX);
            serve(connection, &channel().0);
            drop(silent);
        });
        let client = client("socks5://", address, "localhost").connect_timeout(Duration::from_secs(1));
        let result = client.build().unwrap().call_raw(&SIGN_IN);
        support::end_the_wait(address);
        result.unwrap();
    });
}

#[test]
fn the_environment_is_read_when_asked_and_only_then() {
    // The variables are those of a process of its own, which runs this test again.
    const CHILD: &str = "OAUTHAPP_TEST_CHILD";
    let https = || Client::builder(2).base_url("https://oauthapp.invalid");
    let http = || Client::builder(2).base_url("http://oauthapp.invalid").allow_plain_http(true);
    if std::env::var_os(CHILD).is_some() {
        let error = https().proxy_from_environment(true).build().unwrap().call_raw(&SIGN_IN).unwrap_err();
        assert!(error.to_string().contains("The proxy answered with HTTP status 403"), "{error}");
        let error = http().proxy_from_environment(true).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidProxy);
        assert!(error.to_string().contains("ALL_PROXY") && !error.to_string().contains("canary"), "{error}");
        http().build().unwrap();
        // One that is set is used, also for servers that NO_PROXY names.
        http().proxy("http://127.0.0.1:1").proxy_from_environment(true).build().unwrap();
        return;
    }
    let proxy = Scripted::answering([support::http("403 Forbidden", &[], "")]);
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "the_environment_is_read_when_asked_and_only_then"])
        .envs([(CHILD, "1"), ("https_proxy", &proxy.url), ("ALL_PROXY", "socks4://canary")])
        .env_remove("all_proxy")
        .env_remove("http_proxy")
        .env_remove("no_proxy")
        .env_remove("NO_PROXY")
        .output()
        .unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
    assert_eq!(proxy.received().request_line, "CONNECT oauthapp.invalid:443 HTTP/1.1");
}
