//! Connections that are used again, and sessions that are resumed where that can't be.

use super::server::{Server, VERSIONS, answer, answer_all, answer_once, call, config};
use crate::support;
use crate::support::authority::Authority;
use rustls::HandshakeKind::{Full, Resumed};
use rustls::{ServerConnection, Stream};
use std::io::Write;
use std::net::TcpStream;

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

/// Makes three calls, and gives the number of answers on the first connection and on the one that followed, if any.
fn three_calls(behaviour: super::server::Behaviour) -> [usize; 2] {
    let authority = Authority::new("authority");
    let server = Server::start(config(authority.identity("localhost"), rustls::ALL_VERSIONS, None), behaviour);
    let client = server.client_trusting(&authority).build().unwrap();
    for _ in 0..3 {
        call(&client).unwrap();
    }
    drop(client);
    let first = server.seen().answers;
    [first, if first == 3 { 0 } else { server.seen().answers }]
}

#[test]
fn a_connection_is_used_for_every_call() {
    assert_eq!(three_calls(answer_all), [3, 0]);
}

#[test]
fn what_tls_itself_says_between_two_calls_costs_no_connection() {
    // What it says is a change of keys: like a ticket, a message of the handshake after the handshake.
    fn with_the_answer(stream: &mut Stream<ServerConnection, TcpStream>) -> usize {
        let answers = std::iter::from_fn(|| {
            super::server::read_request(stream).ok()?;
            // Both are in one piece before anything is sent.
            stream.conn.writer().write_all(&support::json("{\"code\":200,\"data\":1,\"err\":\"\"}")).unwrap();
            stream.conn.refresh_traffic_keys().unwrap();
            stream.flush().ok()
        });
        answers.count()
    }
    fn before_the_next_call(stream: &mut Stream<ServerConnection, TcpStream>) -> usize {
        let answers = std::iter::from_fn(|| {
            super::server::read_request(stream).ok()?;
            // The head says how long the body is, so the client is done before the last message comes; or it is not, and
            // then the message comes before the next call all the same.
            stream.write_all(&support::json("{\"code\":200,\"data\":1,\"err\":\"\"}")).ok()?;
            stream.conn.refresh_traffic_keys().unwrap();
            stream.flush().ok()
        });
        answers.count()
    }
    assert_eq!(three_calls(with_the_answer), [3, 0]);
    assert_eq!(three_calls(before_the_next_call), [3, 0]);
}

#[test]
fn a_connection_on_which_more_came_than_was_asked_for_is_not_used_again() {
    fn talk_on(stream: &mut Stream<ServerConnection, TcpStream>) -> usize {
        if super::server::read_request(stream).is_err() {
            return 0;
        }
        stream.conn.writer().write_all(&support::json("{\"code\":200,\"data\":1,\"err\":\"\"}")).unwrap();
        // In a record of its own, so that the client reads it apart from the answer.
        stream.conn.writer().write_all(&support::json("{\"code\":200,\"data\":2,\"err\":\"\"}")).unwrap();
        stream.flush().unwrap();
        1 + usize::from(answer(stream).is_ok())
    }
    assert_eq!(three_calls(talk_on), [1, 1]);
}
