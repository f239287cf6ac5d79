//! How many connections a client keeps open when more threads than that have made calls at once.

mod support;

use oauthapp::{Client, SignIn};
use std::io::{BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;
use support::{json, read_request};

/// What src/transport/mod.rs has as MAX_IDLE_CONNECTIONS.
const KEPT: usize = 16;
const CALLS: usize = 64;

/// Long enough to tell "never" from "not yet" on any machine.
const NEVER: Duration = Duration::from_secs(60);

enum Event {
    Opened,
    Closed,
}

/// Keeps connections open, and answers none of the requests before as many have come as the barrier waits for.
fn serve(connection: TcpStream, together: &Barrier, events: &Sender<Event>) {
    events.send(Event::Opened).unwrap();
    let mut reader = BufReader::new(connection);
    while read_request(&mut reader).is_some() {
        together.wait();
        reader.get_mut().write_all(&json(r#"{"code":200,"data":{"access_token":"a.b.c"},"err":""}"#)).unwrap();
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
        for _ in 0..CALLS {
            scope.spawn(|| client.sign_in(&SignIn::new("wwww", "123456")).unwrap());
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
