//! Connections that are used again, and sessions that are resumed where that can't be.

use super::server::{Connection, Server, VERSIONS, answer, answer_all, answer_once, call, config, one, read_request};
use crate::support;
use crate::support::authority::Authority;
use rustls::HandshakeKind::{Full, Resumed};
use rustls::version::TLS13;
use std::io::{Read, Write};
use std::net::Shutdown;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

#[test]
fn a_second_connection_resumes_the_session_of_the_first() {
    let authority = Authority::new("authority");
    for version in VERSIONS {
        let server = Server::start(config(authority.identity("localhost"), &[version], None), answer_once);
        let client = server.client_trusting(&authority).build().unwrap();
        for expected in [Full, Resumed, Resumed] {
            call(&client).unwrap();
            assert_eq!(server.seen().handshake, Some(expected), "{version:?}");
        }
        // Sessions belong to the client that began them.
        call(&server.client_trusting(&authority).build().unwrap()).unwrap();
        assert_eq!(server.seen().handshake, Some(Full), "{version:?}");
    }
}

#[test]
fn a_server_that_holds_a_session_against_the_client_gets_a_full_handshake() {
    const HANDSHAKE_FAILURE: &[u8] = &[21, 3, 3, 0, 2, 2, 40];
    let authority = Authority::new("authority");
    for version in VERSIONS {
        // Who says nothing may have been lost on the way, which is a failure that counts.
        for (refusal, max_retries) in [(HANDSHAKE_FAILURE, 0), (b"", 1)] {
            let connections = AtomicUsize::new(0);
            let server = Server::start(config(authority.identity("localhost"), &[version], None), move |stream| {
                if connections.fetch_add(1, Ordering::SeqCst) != 1 {
                    return answer_once(stream);
                }
                assert!(stream.sock.read(&mut [0; 4096]).unwrap() > 0, "the hello has arrived");
                stream.sock.write_all(refusal).unwrap();
                stream.sock.shutdown(Shutdown::Write).unwrap();
                0
            });
            let client = server.client_trusting(&authority).max_retries(max_retries).build().unwrap();
            call(&client).unwrap();
            call(&client).unwrap();
            let handshakes = [server.seen(), server.seen(), server.seen()].map(|seen| seen.handshake);
            assert_eq!(handshakes, [Some(Full), None, Some(Full)], "{version:?}, {refusal:?}");
        }
    }
}

#[test]
fn what_tls_says_after_the_handshake_is_no_beginning_of_an_answer() {
    let authority = Authority::new("authority");
    let server = Server::start(config(authority.identity("localhost"), &[&TLS13], None), |stream| {
        read_request(stream).unwrap();
        // What the log is to show.
        thread::sleep(Duration::from_millis(300));
        stream.write_all(&one()).unwrap();
        1
    });
    let (line, logged) = channel();
    let client = server.client_trusting(&authority).log(move |_, _, text| line.send(text.to_owned()).unwrap());
    call(&client.build().unwrap()).unwrap();
    let logged = logged.recv().unwrap();
    let time = |step: &str| -> f64 {
        let (_, after) = logged.split_once(&format!("{step} ")).unwrap();
        after.split([',', ' ']).next().unwrap().parse().unwrap()
    };
    assert!(time(" wait") >= 290.0, "{logged}");
}

/// Two calls on a server that speaks TLS 1.3, with something between them. Gives the number of answers on the first
/// connection.
fn two_calls(behaviour: impl Fn(&mut Connection) -> usize + Send + 'static, between: impl FnOnce()) -> usize {
    let authority = Authority::new("authority");
    let server = Server::start(config(authority.identity("localhost"), &[&rustls::version::TLS13], None), behaviour);
    let client = server.client_trusting(&authority).build().unwrap();
    call(&client).unwrap();
    between();
    call(&client).unwrap();
    drop(client);
    server.seen().answers
}

/// The same where the server, asked to between the calls, sends something of itself, and has sent it before the second.
fn two_calls_with_something_between(send: fn(&mut Connection)) -> usize {
    let ((ask, asked), (tell, told)) = (channel(), channel());
    let behaviour = move |stream: &mut Connection| {
        let mut answers = 0;
        while answer(stream).is_ok() {
            answers += 1;
            // Only the first time is there someone to ask.
            if asked.recv().is_ok() {
                send(stream);
                stream.flush().unwrap();
                tell.send(()).unwrap();
            }
        }
        answers
    };
    two_calls(behaviour, move || {
        ask.send(()).unwrap();
        told.recv().unwrap();
    })
}

#[test]
fn a_connection_is_used_for_every_call() {
    assert_eq!(two_calls(answer_all, || {}), 2);
}

#[test]
fn what_tls_itself_says_between_two_calls_costs_no_connection() {
    // It is a change of keys: like a ticket, a message of the handshake after the handshake.
    assert_eq!(two_calls_with_something_between(|stream| stream.conn.refresh_traffic_keys().unwrap()), 2);
}

#[test]
fn what_tls_itself_says_with_an_answer_costs_no_connection() {
    fn answer_and_change_keys(stream: &mut Connection) -> Option<()> {
        read_request(stream).ok()?;
        // Both are in one piece before anything is sent.
        stream.conn.writer().write_all(&one()).unwrap();
        stream.conn.refresh_traffic_keys().unwrap();
        stream.flush().ok()
    }
    let behaviour = |stream: &mut Connection| std::iter::from_fn(|| answer_and_change_keys(stream)).count();
    assert_eq!(two_calls(behaviour, || {}), 2);
}

#[test]
fn a_connection_on_which_more_came_than_was_asked_for_is_not_used_again() {
    /// An answer with this data, and with many spaces in it.
    fn write(stream: &mut Connection, data: u8, spaces: usize) {
        let body = format!("{{{}\"code\":200,\"data\":{data},\"err\":\"\"}}", " ".repeat(spaces));
        stream.conn.writer().write_all(&support::json(&body)).unwrap();
    }
    assert_eq!(two_calls_with_something_between(|stream| write(stream, 2, 0)), 1);
    // Or it came with the answer, of any length, so that some of it is decrypted and some is not.
    for spaces in [0, 3_900, 4_000, 8_000, 8_100, 12_100] {
        let with_the_answer = move |stream: &mut Connection| {
            if read_request(stream).is_err() {
                return 0;
            }
            write(stream, 1, spaces);
            write(stream, 2, 4_000);
            stream.flush().unwrap();
            1 + usize::from(answer(stream).is_ok())
        };
        assert_eq!(two_calls(with_the_answer, || {}), 1, "{spaces}");
    }
}

#[test]
fn a_connection_with_a_fault_of_tls_on_it_is_not_used_again() {
    /// A record that nobody can decrypt.
    const FAULTY: [u8; 45] = {
        let mut record = [0; 45];
        (record[0], record[1], record[2], record[4]) = (23, 3, 3, 40);
        record
    };
    assert_eq!(two_calls_with_something_between(|stream| stream.sock.write_all(&FAULTY).unwrap()), 1);
}

#[test]
fn a_connection_that_the_server_has_ended_is_not_used_again() {
    assert_eq!(two_calls_with_something_between(|stream| stream.conn.send_close_notify()), 1);
}
