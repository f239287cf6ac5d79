//! Attempts that failed are made again where that is safe, and only there.

mod support;

use oauthapp::{CancelToken, Client, ErrorKind, SignIn, SignUp};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;
use support::{Scripted, http, json};

const ANSWER: &str = "{\"code\":200,\"data\":1,\"err\":\"\"}";
const SIGN_IN: SignIn = SignIn::new("wwww", "123456");

fn sign_up() -> SignUp<'static> {
    SignUp::new().user_name("wwww").pwd("123456")
}

fn client(url: &str) -> Client {
    Client::builder(2).base_url(url).build().unwrap()
}

/// Reads one request; false when the client has closed.
fn request(connection: &mut TcpStream) -> bool {
    let mut text = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match connection.read(&mut buffer) {
            Ok(count) if count > 0 => text.extend_from_slice(&buffer[..count]),
            _ => return false,
        }
        let text = String::from_utf8_lossy(&text);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return true;
            }
        }
    }
}

#[test]
fn ten_thousand_calls_survive_a_server_that_closes_at_every_possible_byte() {
    const CALLS: usize = 10_000;
    const THREADS: usize = 16;
    let answer = json(ANSWER);
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let connections = AtomicUsize::new(0);
    let client = client(&url);
    thread::scope(|scope| {
        let (answer, connections, listener) = (&answer, &connections, &listener);
        scope.spawn(move || {
            for number in 0.. {
                let (mut connection, _) = listener.accept().unwrap();
                connections.fetch_add(1, Ordering::SeqCst);
                if number > 0 && connection.peek(&mut [0; 1]).is_ok_and(|count| count == 0) {
                    // The end of the test: connected and closed at once.
                    return;
                }
                scope.spawn(move || {
                    // Some calls are served; the next one's answer breaks off, at another byte for each connection.
                    for _ in 0..10 + number % 7 {
                        if !request(&mut connection) || connection.write_all(answer).is_err() {
                            return;
                        }
                    }
                    // Every third connection closes without waiting for the next call, as a keep-alive limit does.
                    if number % 3 != 0 && request(&mut connection) {
                        let _ = connection.write_all(&answer[..number % answer.len()]);
                    }
                });
            }
        });
        let callers: Vec<_> = (0..THREADS)
            .map(|_| {
                let client = client.clone();
                scope.spawn(move || (0..CALLS / THREADS).filter(|_| client.call_raw(&SIGN_IN).is_err()).count())
            })
            .collect();
        let lost: usize = callers.into_iter().map(|caller| caller.join().unwrap()).sum();
        drop(client);
        drop(TcpStream::connect(listener.local_addr().unwrap()).unwrap());
        assert_eq!(lost, 0);
    });
    assert!(connections.load(Ordering::SeqCst) > answer.len(), "every byte has had its turn");
}

/// Answers one call, waits for the next on the same connection, and closes without a word.
fn closes_on_the_second_call(listener: &TcpListener, answer: &[u8]) {
    let (mut connection, _) = listener.accept().unwrap();
    assert!(request(&mut connection));
    connection.write_all(answer).unwrap();
    request(&mut connection);
}

#[test]
fn a_connection_that_the_server_closes_in_that_instant_is_replaced_even_without_retries() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let client = Client::builder(2)
        .base_url(format!("http://{}", listener.local_addr().unwrap()))
        .max_retries(0)
        .build()
        .unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            closes_on_the_second_call(&listener, &json(ANSWER));
            let (mut connection, _) = listener.accept().unwrap();
            assert!(request(&mut connection));
            connection.write_all(&json(ANSWER)).unwrap();
        });
        client.call_raw(&SIGN_IN).unwrap();
        client.call_raw(&SIGN_IN).unwrap();
    });
}

#[test]
fn a_sign_up_takes_a_new_connection_and_is_sent_once() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = Client::builder(2).base_url(url).settle_sign_ups(false).build().unwrap();
    thread::scope(|scope| {
        let sign_ups = scope.spawn(|| {
            let (mut idle, _) = listener.accept().unwrap();
            assert!(request(&mut idle));
            idle.write_all(&json(ANSWER)).unwrap();
            let (mut fresh, _) = listener.accept().unwrap();
            assert!(request(&mut fresh));
            drop(fresh);
            assert!(!request(&mut idle), "nothing more comes on the old connection");
            listener.set_nonblocking(true).unwrap();
            listener.accept().is_err()
        });
        client.call_raw(&SIGN_IN).unwrap();
        let error = client.call_raw(&sign_up()).unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::ConnectionLost, false));
        drop(client);
        assert!(sign_ups.join().unwrap(), "no second attempt");
    });
}

#[test]
fn a_busy_server_is_asked_again_as_often_as_set_and_when_it_says() {
    let busy = |status| http(status, &["Retry-After: 0"], "");
    let (too_many, unavailable) = ("429 Too Many Requests", "503 Service Unavailable");
    for (status, failures, retries, requests, outcome) in [
        (too_many, 2, 2, 3, None),
        (too_many, 2, 1, 2, Some(ErrorKind::TooManyRequests)),
        (too_many, 1, 0, 1, Some(ErrorKind::TooManyRequests)),
        (unavailable, 1, 1, 2, None),
        (unavailable, 5, 2, 3, Some(ErrorKind::ServiceUnavailable)),
    ] {
        let mut answers = vec![busy(status); failures];
        answers.push(json(ANSWER));
        let server = Scripted::answering(answers);
        let client = Client::builder(2).base_url(&server.url).max_retries(retries).build().unwrap();
        assert_eq!(client.call_raw(&SIGN_IN).err().map(|error| error.kind()), outcome, "{status}");
        for _ in 0..requests {
            server.received();
        }
        assert!(server.received_nothing());
    }
}

#[test]
fn a_sign_up_is_repeated_after_429_and_not_after_503() {
    let server = Scripted::answering([http("429 Too Many Requests", &["Retry-After: 0"], ""), json(ANSWER)]);
    client(&server.url).call_raw(&sign_up()).unwrap();
    let server = Scripted::answering([http("503 Service Unavailable", &["Retry-After: 0"], ""), json(ANSWER)]);
    let client = Client::builder(2).base_url(&server.url).settle_sign_ups(false).build().unwrap();
    let error = client.call_raw(&sign_up()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ServiceUnavailable);
}

#[test]
fn a_wait_that_does_not_fit_the_deadline_is_not_begun() {
    let server = Scripted::answering([http("503 Service Unavailable", &["Retry-After: 3600"], ""), json(ANSWER)]);
    let error = client(&server.url).call_raw(&SIGN_IN).unwrap_err();
    assert_eq!((error.kind(), error.retry_after()), (ErrorKind::ServiceUnavailable, Some(Duration::from_secs(3600))));
}

#[test]
fn a_wait_is_ended_by_cancelling() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let hours = Duration::from_secs(24 * 3600);
    let url = format!("http://{}", listener.local_addr().unwrap());
    let token = CancelToken::new();
    let client = Client::builder(2).base_url(url).timeout(hours).build().unwrap().with_cancel(&token);
    thread::scope(|scope| {
        scope.spawn(|| {
            let (mut connection, _) = listener.accept().unwrap();
            assert!(request(&mut connection));
            connection
                .write_all(&http("503 Service Unavailable", &["Retry-After: 3600", "Connection: close"], ""))
                .unwrap();
            // The client has read the answer when it closes; what is left for it to do is wait.
            assert!(!request(&mut connection));
            token.cancel();
        });
        assert_eq!(client.call_raw(&SIGN_IN).unwrap_err().kind(), ErrorKind::Cancelled);
    });
}

#[test]
fn what_is_certain_is_not_asked_again() {
    for answer in [
        support::failure(500, "密码错误"),
        http("404 Not Found", &[], ""),
        http("500 Internal Server Error", &[], ""),
        http("200 OK", &[], "<html>"),
    ] {
        let server = Scripted::answering([answer, json(ANSWER)]);
        client(&server.url).call_raw(&SIGN_IN).unwrap_err();
        server.received();
        assert!(server.received_nothing());
    }
}

#[test]
fn a_busy_server_is_asked_again_on_the_same_connection() {
    for status in ["429 Too Many Requests", "503 Service Unavailable"] {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let client = client(&format!("http://{}", listener.local_addr().unwrap()));
        thread::spawn(move || {
            let (mut connection, _) = listener.accept().unwrap();
            // A second one is refused.
            drop(listener);
            for answer in [http(status, &["Retry-After: 0"], ""), json(ANSWER)] {
                assert!(request(&mut connection));
                connection.write_all(&answer).unwrap();
            }
        });
        client.call_raw(&SIGN_IN).unwrap();
    }
}
