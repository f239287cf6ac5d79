//! A server that answers a large request before it has taken it, and takes no more of it, is heard.

mod support;

use oauthapp::{Client, ErrorKind, Roots, SignIn, Trust};
use rustls::{ServerConfig, ServerConnection, Stream};
use socket2::{Domain, Socket, Type};
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;
use support::authority::Authority;
use support::{end_the_wait, http, json};

/// So long is the password of a large request.
const LARGE: usize = 900_000;

/// Small segments and a small window: most of a large request waits on the client's side, as on a slow network.
fn listener(segment: u32) -> TcpListener {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    socket.set_tcp_mss(segment).unwrap();
    socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    socket.listen(1).unwrap();
    socket.into()
}

trait Both: Read + Write {}
impl<T: Read + Write> Both for T {}

/// A connection as a TLS server has it.
type Secured<'a> = Stream<'a, ServerConnection, TcpStream>;

/// Reads the head of a request, and not a byte more.
fn head(connection: &mut dyn Both) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        connection.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
}

/// Reads the large part of the body.
fn read_body(connection: &mut dyn Both) {
    let mut read = 0;
    while read < LARGE {
        let mut part = [0; 4096];
        match connection.read(&mut part).unwrap() {
            0 => panic!("the request ends after {read} bytes"),
            count => read += count,
        }
    }
}

/// A server over plain http or TLS, and a client for it.
struct Peers {
    tls: Option<Arc<ServerConfig>>,
    listener: TcpListener,
    client: Client,
}

impl Peers {
    fn new(is_tls: bool) -> Self {
        Peers::with(listener(536), is_tls)
    }

    fn with(listener: TcpListener, is_tls: bool) -> Self {
        let port = listener.local_addr().unwrap().port();
        let scheme = if is_tls { "https" } else { "http" };
        let authority = Authority::new("authority");
        let trust = Trust::Only(Roots::from_pem(authority.pem.as_bytes()).unwrap());
        let client = Client::builder(2).base_url(format!("{scheme}://localhost:{port}")).trust(trust);
        let tls = is_tls.then(|| {
            let identity = authority.identity("localhost");
            let key = identity.key_der();
            let provider = Arc::new(rustls::crypto::ring::default_provider());
            let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
            Arc::new(config.with_no_client_auth().with_single_cert(identity.chain, key).unwrap())
        });
        let client = client.max_retries(0).max_response_bytes(16 << 20).build().unwrap();
        Peers { tls, listener, client }
    }

    /// Does this with the next connection. It stays open.
    fn serve(&self, script: impl Fn(&mut dyn Both)) -> TcpStream {
        if self.tls.is_some() {
            return self.serve_secured(|connection| script(connection));
        }
        let (mut socket, _) = self.listener.accept().unwrap();
        script(&mut socket);
        socket
    }

    fn serve_secured(&self, script: impl Fn(&mut Secured)) -> TcpStream {
        let (mut socket, _) = self.listener.accept().unwrap();
        let mut session = ServerConnection::new(Arc::clone(self.tls.as_ref().unwrap())).unwrap();
        script(&mut Stream::new(&mut session, &mut socket));
        socket
    }

    fn call(&self, password: &str) -> oauthapp::Result<String> {
        self.client.call_raw(&SignIn::new("wwww", password)).map(|data| data.as_str().to_owned())
    }
}

/// Makes a call with a large request to a server that does this, over plain http or TLS, and then keeps the connection open,
/// or ends its own side of it.
fn call(is_tls: bool, ends: bool, script: impl Fn(&mut dyn Both) + Send) -> oauthapp::Result<String> {
    call_served(&Peers::new(is_tls), &"x".repeat(LARGE), |peers| {
        let socket = peers.serve(script);
        if ends {
            socket.shutdown(Shutdown::Write).unwrap();
        }
        socket
    })
}

/// Makes a call to a server that does this, and keeps the connection open until the call is over.
fn call_served(
    peers: &Peers,
    password: &str,
    serve: impl FnOnce(&Peers) -> TcpStream + Send,
) -> oauthapp::Result<String> {
    let (over, until_over) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || {
            let _open = serve(peers);
            let _ = until_over.recv();
        });
        let result = peers.call(password);
        drop(over);
        result
    })
}

/// Makes a call with a large request to a server that gives this answer at once, in larger segments so that it comes so.
fn call_answered_at_once(is_tls: bool, timeout: Duration, answer: &[u8]) -> oauthapp::Result<String> {
    let mut peers = Peers::with(listener(8192), is_tls);
    peers.client = peers.client.with_timeout(timeout).unwrap();
    call_served(&peers, &"x".repeat(LARGE), |peers| {
        peers.serve(|connection| {
            head(connection);
            connection.write_all(answer).unwrap();
        })
    })
}

#[test]
fn what_a_server_says_before_it_has_taken_the_request_is_its_answer() {
    let expired = "WWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"The token expired\"";
    for is_tls in [false, true] {
        for ends in [false, true] {
            for (answer, kind) in [
                (http("413 Payload Too Large", &[], ""), ErrorKind::RequestTooLarge),
                (http("401 Unauthorized", &["Connection: close", expired], "x"), ErrorKind::TokenExpired),
                (
                    b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n".to_vec(),
                    ErrorKind::Forbidden,
                ),
            ] {
                let error = call(is_tls, ends, |connection| {
                    head(connection);
                    connection.write_all(&answer).unwrap();
                })
                .unwrap_err();
                assert_eq!(error.kind(), kind, "TLS: {is_tls}, ends: {ends}: {error}");
            }
        }
    }
}

#[test]
fn an_answer_that_comes_in_parts_is_read_to_its_end() {
    let answer = json("{\"code\":200,\"data\":\"early\",\"err\":\"\"}");
    let (first, rest) = answer.split_at(answer.len() - 10);
    for is_tls in [false, true] {
        let data = call(is_tls, false, |connection| {
            head(connection);
            connection.write_all(first).unwrap();
            connection.flush().unwrap();
            connection.write_all(rest).unwrap();
        });
        assert_eq!(data.unwrap(), "\"early\"");
    }
}

#[test]
fn it_is_heard_however_it_is_cut() {
    let page = "x".repeat(40_000);
    let refused = http("413 Payload Too Large", &[], &page);
    let parts: [(&[u8], &[u8]); 3] = [
        (b"HTTP/1.1 103 Early Hints\r\n\r\n", &refused),
        (b"HTTP/1.1 ", &refused[9..]),
        (b"HTTP/1.1 100 Continue\r\n\r", &[b"\n", &refused[..]].concat()),
    ];
    for is_tls in [false, true] {
        for (first, rest) in parts {
            let error = call(is_tls, false, |connection| {
                head(connection);
                for part in [first, rest] {
                    connection.write_all(part).unwrap();
                    connection.flush().unwrap();
                }
            })
            .unwrap_err();
            assert_eq!(error.kind(), ErrorKind::RequestTooLarge, "TLS: {is_tls}: {error}");
        }
    }
}

#[test]
fn a_server_that_has_begun_to_answer_still_gets_the_whole_request() {
    let answer = json("{\"code\":200,\"data\":\"late\",\"err\":\"\"}");
    let body = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap() + 4;
    for is_tls in [false, true] {
        let data = call(is_tls, false, |connection| {
            head(connection);
            connection.write_all(&answer[..body]).unwrap();
            connection.flush().unwrap();
            read_body(connection);
            connection.write_all(&answer[body..]).unwrap();
        });
        assert_eq!(data.unwrap(), "\"late\"", "TLS: {is_tls}");
    }
}

#[test]
fn the_connection_of_an_early_answer_is_not_used_again() {
    for is_tls in [false, true] {
        let peers = Peers::new(is_tls);
        thread::scope(|scope| {
            let peers = &peers;
            scope.spawn(|| {
                let _first = peers.serve(|connection| {
                    head(connection);
                    connection.write_all(&http("413 Payload Too Large", &[], "")).unwrap();
                });
                peers.serve(|connection| {
                    head(connection);
                    connection.write_all(&json("{\"code\":200,\"data\":2,\"err\":\"\"}")).unwrap();
                });
            });
            let (large, small) = (peers.call(&"x".repeat(LARGE)), peers.call("123456"));
            end_the_wait(peers.listener.local_addr().unwrap());
            assert_eq!(large.unwrap_err().kind(), ErrorKind::RequestTooLarge);
            assert_eq!(small.unwrap(), "2");
        });
    }
}

#[test]
fn an_interim_answer_is_none_and_the_request_and_the_connection_go_on() {
    for is_tls in [false, true] {
        let peers = Peers::new(is_tls);
        thread::scope(|scope| {
            scope.spawn(|| {
                peers.serve(|connection| {
                    head(connection);
                    connection.write_all(b"HTTP/1.1 102 Processing\r\n\r\n").unwrap();
                    connection.flush().unwrap();
                    read_body(connection);
                    connection.write_all(&json("{\"code\":200,\"data\":\"late\",\"err\":\"\"}")).unwrap();
                    connection.flush().unwrap();
                    head(connection);
                    connection.write_all(&json("{\"code\":200,\"data\":2,\"err\":\"\"}")).unwrap();
                })
            });
            assert_eq!(peers.call(&"x".repeat(LARGE)).unwrap(), "\"late\"");
            assert_eq!(peers.call("123456").unwrap(), "2");
        });
    }
}

#[test]
fn an_end_without_an_answer_is_a_lost_connection() {
    for is_tls in [false, true] {
        let error = call(is_tls, true, head).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionLost, "TLS: {is_tls}: {error}");
    }
}

#[test]
fn what_comes_at_once_and_is_more_than_is_read_at_a_time_is_read_whole() {
    for is_tls in [false, true] {
        for length in [15_000, 60_000] {
            let data = format!("\"{}\"", "x".repeat(length));
            let answer = json(&format!("{{\"code\":200,\"data\":{data},\"err\":\"\"}}"));
            let result = call_answered_at_once(is_tls, Duration::from_secs(30), &answer);
            assert_eq!(result.unwrap().len(), data.len(), "TLS: {is_tls}");
        }
    }
}

/// A server that takes no more is not given 50 ms for each part of its answer that is read.
#[test]
fn a_long_early_answer_is_read_as_fast_as_it_comes() {
    let data = format!("\"{}\"", "x".repeat(12 << 20));
    let answer = json(&format!("{{\"code\":200,\"data\":{data},\"err\":\"\"}}"));
    for is_tls in [false, true] {
        let result = call_answered_at_once(is_tls, Duration::from_secs(8), &answer);
        assert_eq!(result.unwrap().len(), data.len(), "TLS: {is_tls}");
    }
}

#[test]
fn an_early_answer_that_tls_does_not_end_is_cut_off() {
    let without_length = "HTTP/1.1 200 OK\r\n\r\n{\"code\":200,\"data\":1,\"err\":\"\"}";
    for (is_tls, kind) in [(false, None), (true, Some(ErrorKind::TruncatedResponse))] {
        let result = call(is_tls, true, |connection| {
            head(connection);
            connection.write_all(without_length.as_bytes()).unwrap();
        });
        assert_eq!(result.err().map(|error| error.kind()), kind, "TLS: {is_tls}");
    }
}

#[test]
fn the_end_that_tls_prescribes_is_heard_though_the_connection_stays() {
    let refused = "HTTP/1.1 413 Payload Too Large\r\n\r\nx";
    for (answer, kind) in [(refused, ErrorKind::RequestTooLarge), ("", ErrorKind::ConnectionLost)] {
        let error = call_served(&Peers::new(true), &"x".repeat(LARGE), |peers| {
            peers.serve_secured(|connection| {
                head(connection);
                connection.write_all(answer.as_bytes()).unwrap();
                connection.conn.send_close_notify();
                connection.flush().unwrap();
            })
        })
        .unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
    }
}

#[test]
fn an_answer_counts_that_came_whole_before_what_is_no_tls() {
    let broken_record = [&[23, 3, 3, 0, 32][..], &[0; 32]].concat();
    let answer = json("{\"code\":200,\"data\":\"whole\",\"err\":\"\"}");
    for password in ["123456".to_owned(), "x".repeat(LARGE)] {
        // Of larger segments, so that both come at once.
        let data = call_served(&Peers::with(listener(8192), true), &password, |peers| {
            peers.serve_secured(|connection| {
                head(connection);
                connection.conn.writer().write_all(&answer).unwrap();
                let mut bytes = Vec::new();
                while connection.conn.wants_write() {
                    connection.conn.write_tls(&mut bytes).unwrap();
                }
                connection.sock.write_all(&[&bytes[..], &broken_record].concat()).unwrap();
            })
        });
        assert_eq!(data.unwrap(), "\"whole\"");
    }
}
