//! One client in 80 threads at once: each answer is the one to its own request, and the connections that are kept have a limit.

mod support;

use oauthapp::{Client, SignIn};
use std::io::{BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;
use support::{json, read_request, token};

/// What src/transport/lanes.rs has as LANES.
const KEPT: usize = 64;
const CALLS: usize = 80;

/// Long enough to tell "never" from "not yet" on any machine.
const NEVER: Duration = Duration::from_secs(60);

enum Event {
    Opened,
    Closed,
}

/// Keeps connections open, and answers none of the requests before as many have come as the barrier waits for. Each token names
/// its user.
fn serve(connection: TcpStream, together: &Barrier, events: &Sender<Event>) {
    events.send(Event::Opened).unwrap();
    let mut reader = BufReader::new(connection);
    while let Some(request) = read_request(&mut reader) {
        let body: serde_json::Value = serde_json::from_str(&request.body).unwrap();
        let name = format!("a.{}.c", body["userName"].as_str().unwrap());
        together.wait();
        reader.get_mut().write_all(&token(&name)).unwrap();
    }
    // The test may be over.
    let _ = events.send(Event::Closed);
}

fn server() -> (String, Receiver<Event>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (events, received) = channel();
    let together = Arc::new(Barrier::new(CALLS));
    thread::spawn(move || {
        for connection in listener.incoming() {
            let (connection, together, events) = (connection.unwrap(), Arc::clone(&together), events.clone());
            thread::spawn(move || serve(connection, &together, &events));
        }
    });
    (url, received)
}

fn calls_at_once(client: &Client) {
    thread::scope(|scope| {
        for number in 0..CALLS {
            scope.spawn(move || {
                let token = client.sign_in(&SignIn::new(&number.to_string(), "123456")).unwrap();
                assert!(token.access_token.expose() == format!("a.{number}.c"), "another one's answer");
            });
        }
    });
}

/// How many connections were opened until as many as are too many have been closed again.
fn opened_until_the_rest_is_closed(events: &Receiver<Event>) -> usize {
    let (mut opened, mut closed) = (0, 0);
    while closed < CALLS - KEPT {
        match events.recv_timeout(NEVER).expect("the client closes what it has no use for") {
            Event::Opened => opened += 1,
            Event::Closed => closed += 1,
        }
    }
    opened
}

#[test]
fn no_more_connections_are_kept_than_the_limit_and_no_fewer() {
    let (url, events) = server();
    let client = Client::builder(2).base_url(url).max_retries(0).build().unwrap();
    calls_at_once(&client);
    assert_eq!(opened_until_the_rest_is_closed(&events), CALLS);
    // What was kept is used, so that only the others are opened again.
    calls_at_once(&client);
    assert_eq!(opened_until_the_rest_is_closed(&events), CALLS - KEPT);
    drop(client);
    for _ in 0..KEPT {
        assert!(matches!(events.recv_timeout(NEVER), Ok(Event::Closed)), "a client that is dropped closes all");
    }
}

/// Ends a connection, and waits until the other side's system knows.
#[cfg(target_os = "linux")]
fn end(connection: &TcpStream) {
    use std::net::Shutdown;
    connection.shutdown(Shutdown::Write).unwrap();
    let ports = [connection.local_addr(), connection.peer_addr()].map(|address| address.unwrap().port());
    let [here, there] = ports.map(|port| format!(":{port:04X}"));
    let is_known = |line: &str| {
        let mut words = line.split_whitespace().skip(1);
        let ends = words.next().zip(words.next());
        // 05 is FIN_WAIT2: the end has been acknowledged.
        ends.is_some_and(|(local, remote)| local.ends_with(&here) && remote.ends_with(&there))
            && words.next() == Some("05")
    };
    while !std::fs::read_to_string("/proc/net/tcp").unwrap().lines().any(is_known) {
        thread::yield_now();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_idle_connection_that_was_closed_makes_no_attempt() {
    use std::sync::Mutex;
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let lines = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&lines);
    let client = Client::builder(2).base_url(url).max_retries(0);
    let client = client.log(move |_, _, line| log.lock().unwrap().push(line.to_owned())).build().unwrap();
    let answer_one = || {
        let mut reader = BufReader::new(listener.accept().unwrap().0);
        read_request(&mut reader).unwrap();
        reader.get_mut().write_all(&token("a.b.c")).unwrap();
        reader.into_inner()
    };
    thread::scope(|scope| {
        for call in 1..=2 {
            let server = scope.spawn(answer_one);
            client.sign_in(&SignIn::new("wwww", "123456")).unwrap();
            end(&server.join().unwrap());
            let lines = lines.lock().unwrap();
            assert_eq!(lines.len(), call, "what was not tried is not told of: {lines:?}");
            assert!(lines[call - 1].contains("a new connection"), "{lines:?}");
        }
    });
}

/// What nginx, a load balancer or a proxy may say in the very moment in which the next request leaves.
#[test]
fn what_a_server_says_of_an_idle_connection_is_not_taken_for_an_answer() {
    let of_idleness: [&[u8]; 3] = [
        b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        b"rest of something\r\n\r\n",
    ];
    for said in of_idleness {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let client = Client::builder(2).base_url(url).max_retries(0).build().unwrap();
        thread::spawn(move || {
            let answer = json("{\"code\":200,\"data\":1,\"err\":\"\"}");
            for second in [said, answer.as_slice()] {
                let mut connection = BufReader::new(listener.accept().unwrap().0);
                for says in [answer.as_slice(), second] {
                    if read_request(&mut connection).is_some() {
                        connection.get_mut().write_all(says).unwrap();
                    }
                }
            }
        });
        for _ in 0..3 {
            client.call_raw(&SignIn::new("wwww", "123456")).unwrap();
        }
    }
}

#[test]
fn a_408_is_followed_by_a_new_connection_also_where_the_old_one_stays_open() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = Client::builder(2).base_url(url).max_retries(0).build().unwrap();
    thread::spawn(move || {
        let data = |number: u8| json(&format!("{{\"code\":200,\"data\":{number},\"err\":\"\"}}"));
        let timeout = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n".to_vec();
        // The first would answer a third request too.
        for answers in [vec![data(1), timeout, data(9)], vec![data(2)]] {
            let mut reader = BufReader::new(listener.accept().unwrap().0);
            thread::spawn(move || {
                for answer in answers {
                    if read_request(&mut reader).is_some() {
                        reader.get_mut().write_all(&answer).unwrap();
                    }
                }
            });
        }
    });
    for expected in ["1", "2"] {
        assert_eq!(client.call_raw(&SignIn::new("wwww", "123456")).unwrap().as_str(), expected);
    }
}

/// What ureq would stumble over: a 100 with header fields, and that what follows an interim answer is longer than a head may be.
#[test]
fn interim_answers_are_passed_over_and_no_reason_to_ask_again() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let long = json(&format!("{{\"code\":200,\"data\":\"{}\",\"err\":\"\"}}", "x".repeat(60_000)));
    let interim = b"HTTP/1.1 100 Continue\r\nServer: x\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n";
    let answer = [&interim[..], &long].concat();
    let (requests, received) = channel();
    thread::spawn(move || {
        for connection in listener.incoming() {
            let mut reader = BufReader::new(connection.unwrap());
            while read_request(&mut reader).is_some() {
                requests.send(()).unwrap();
                reader.get_mut().write_all(&answer).unwrap();
            }
        }
    });
    let client = Client::builder(2).base_url(url).max_retries(0).build().unwrap();
    for _ in 0..10 {
        client.call_raw(&SignIn::new("wwww", "123456")).unwrap();
    }
    assert_eq!(received.try_iter().count(), 10);
}
