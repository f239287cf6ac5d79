//! A call ends at its deadline, whatever the other side does or leaves undone. Where the deadline did not hold, these tests
//! would never end.

mod support;

use oauthapp::{CancelToken, Client, ErrorKind, SignIn};
use socket2::{Domain, Socket, Type};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

const SOON: Duration = Duration::from_millis(40);

fn sign_in(url: &str, timeout: Duration, connect_timeout: Duration) -> oauthapp::Result<()> {
    let client = Client::builder(2).base_url(url).timeout(timeout).connect_timeout(connect_timeout).build().unwrap();
    client.call_raw(&SignIn::new("wwww", "123456")).map(|_| ())
}

fn ends_with_timeout(url: &str) {
    let error = sign_in(url, SOON, Duration::from_secs(60)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
}

fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

#[test]
fn a_server_that_stalls_after_any_byte_is_left() {
    let answer = support::json("{\"code\":200,\"data\":\"小明\",\"err\":\"\"}");
    let lengths: Vec<usize> = (0..answer.len()).collect();
    thread::scope(|scope| {
        for some in lengths.chunks(lengths.len().div_ceil(8)) {
            let answer = &answer;
            scope.spawn(move || {
                for length in some {
                    let (listener, address) = listener();
                    thread::scope(|scope| {
                        let (ended, until_ended) = channel::<()>();
                        scope.spawn(move || {
                            let (mut connection, _) = listener.accept().unwrap();
                            connection.write_all(&answer[..*length]).unwrap();
                            let _ = until_ended.recv();
                        });
                        ends_with_timeout(&format!("http://{address}"));
                        support::end_the_wait(address);
                        drop(ended);
                    });
                }
            });
        }
    });
}

#[test]
#[cfg(target_os = "linux")]
fn a_server_that_does_not_read_is_left() {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
    // So that the system takes little of the request off the call's hands.
    socket.set_tcp_mss(536).unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
    socket.listen(1).unwrap();
    let url = format!("http://{}", socket.local_addr().unwrap().as_socket().unwrap());
    // The longer one leaves the time for the first, blocking attempt.
    for timeout in [SOON * 2, SOON * 10] {
        let client = Client::builder(2).base_url(&url).timeout(timeout).build().unwrap();
        let error = client.call_raw(&SignIn::new("wwww", &"x".repeat(1_000_000))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
    }
}

#[test]
fn a_server_that_dribbles_for_ever_is_left() {
    for head in
        ["HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 200 OK\r\nX: "]
    {
        let (listener, address) = listener();
        thread::scope(|scope| {
            scope.spawn(|| {
                let (mut connection, _) = listener.accept().unwrap();
                connection.write_all(head.as_bytes()).unwrap();
                let drop_by_drop = if head.contains("chunked") { "1\r\n \r\n" } else { " " };
                connection.set_read_timeout(Some(Duration::from_millis(1))).unwrap();
                // A read in between paces the drops, and ends them when the client has gone.
                while connection.write_all(drop_by_drop.as_bytes()).is_ok() {
                    if matches!(connection.read(&mut [0; 4096]), Ok(0)) {
                        break;
                    }
                }
            });
            ends_with_timeout(&format!("http://{address}"));
            support::end_the_wait(address);
        });
    }
}

#[test]
fn a_server_that_never_answers_a_tls_hello_or_a_connect_is_left() {
    let (listener, address) = listener();
    ends_with_timeout(&format!("https://{address}"));
    let client = Client::builder(2).proxy(format!("http://{address}")).timeout(SOON).build().unwrap();
    assert_eq!(client.sign_in(&SignIn::new("wwww", "123456")).unwrap_err().kind(), ErrorKind::Timeout);
    drop(listener);
}

#[test]
fn the_connect_timeout_counts_for_tls_and_not_for_the_answer() {
    let (_never_accepts, address) = listener();
    let error = sign_in(&format!("https://{address}"), Duration::from_secs(60), SOON).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("in the TLS handshake"), "{error}");

    let (listener, address) = listener();
    thread::scope(|scope| {
        scope.spawn(move || {
            let (mut connection, _) = listener.accept().unwrap();
            // Other calls' deadlines pace this one: together longer than its connect timeout.
            let (_never_answers, silent) = self::listener();
            for _ in 0..6 {
                ends_with_timeout(&format!("http://{silent}"));
            }
            connection.write_all(&support::json("{\"code\":200,\"data\":1,\"err\":\"\"}")).unwrap();
        });
        sign_in(&format!("http://{address}"), Duration::from_secs(60), SOON * 5).unwrap();
    });
}

#[test]
#[cfg(target_os = "linux")]
fn a_server_that_does_not_take_connections_is_left() {
    let (_socket, _queue, address) = support::full_server();
    ends_with_timeout(&format!("http://{address}"));
    let error = sign_in(&format!("http://{address}"), Duration::from_secs(60), SOON).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("while connecting"), "{error}");
}

#[test]
fn a_deadline_can_be_set_for_one_call() {
    let (_never_accepts, address) = listener();
    let hour = Duration::from_secs(3600);
    let patient = Client::builder(2).base_url(format!("https://{address}")).timeout(hour).connect_timeout(hour);
    let client = patient.max_retries(0).build().unwrap();
    let hurried = [client.with_timeout(SOON).unwrap(), client.with_connect_timeout(SOON).unwrap()];
    // What else is set for a call changes nothing about it.
    let token = CancelToken::new();
    let with_token = hurried.clone().map(|client| client.with_cancel(&token));
    for hurried in hurried.into_iter().chain(with_token) {
        assert_eq!(hurried.sign_in(&SignIn::new("wwww", "123456")).unwrap_err().kind(), ErrorKind::Timeout);
    }
}

#[test]
fn a_call_after_one_that_timed_out_is_none_the_worse() {
    let (listener, address) = listener();
    let client =
        Client::builder(2).base_url(format!("http://{address}")).timeout(Duration::from_secs(60)).build().unwrap();
    thread::scope(|scope| {
        scope.spawn(move || {
            let (_stalled, _) = listener.accept().unwrap();
            let (mut connection, _) = listener.accept().unwrap();
            connection.write_all(&support::json("{\"code\":200,\"data\":1,\"err\":\"\"}")).unwrap();
            let _ = connection.read_to_end(&mut Vec::new());
        });
        let error = client.with_timeout(SOON).unwrap().call_raw(&SignIn::new("wwww", "123456")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert_eq!(client.call_raw(&SignIn::new("wwww", "123456")).unwrap().as_str(), "1");
        drop(client);
    });
}
