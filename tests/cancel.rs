//! A cancelled call ends, wherever it is. Where it did not, these tests would take an hour, or fail when its deadline comes.

mod support;

use oauthapp::{CancelToken, Client, ClientBuilder, ErrorKind, SignIn};
use oauthapp_emulator::Emulator;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

fn patient(url: &str) -> ClientBuilder {
    let long = Duration::from_secs(3600);
    Client::builder(2).base_url(url).timeout(long).connect_timeout(long)
}

fn sign_in(client: &Client) -> Option<ErrorKind> {
    client.call_raw(&SignIn::new("wwww", "123456")).err().map(|error| error.kind())
}

#[test]
fn a_call_is_cancelled_while_it_waits_for_any_byte_of_the_answer() {
    let answer = support::json("{\"code\":200,\"data\":1,\"err\":\"\"}");
    let error_page = support::http("502 Bad Gateway", &[], "<html>");
    // Only the end of the connection would end it, and cancelling ends the connection.
    let without_length = b"HTTP/1.1 200 OK\r\n\r\n{\"code\":200,\"data\":1,\"err\":\"\"}".to_vec();
    let cuts =
        [(&answer, answer.len() - 1), (&error_page, error_page.len() - 1), (&without_length, without_length.len())];
    let all = cuts.iter().flat_map(|(answer, last)| (0..=*last).map(move |length| (*answer, length)));
    for (answer, length) in all {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let token = CancelToken::new();
        let client =
            patient(&format!("http://{}", listener.local_addr().unwrap())).build().unwrap().with_cancel(&token);
        thread::scope(|scope| {
            scope.spawn(|| {
                let (mut connection, _) = listener.accept().unwrap();
                let _ = connection.read(&mut [0; 4096]);
                connection.write_all(&answer[..length]).unwrap();
                token.cancel();
                // What the cancelling closes ends this as well.
                let _ = connection.read_to_end(&mut Vec::new());
            });
            assert_eq!(sign_in(&client), Some(ErrorKind::Cancelled), "after {length} bytes");
        });
    }
}

/// What the system says of the thread that asks for it: lets another thread see when it blocks.
#[cfg(target_os = "linux")]
struct ThreadStatus(String);

#[cfg(target_os = "linux")]
impl ThreadStatus {
    fn of_this_thread() -> Self {
        ThreadStatus(format!("/proc/{}", std::fs::read_link("/proc/thread-self").unwrap().display()))
    }

    fn wait_until_it_sleeps(&self) {
        // "1234 (name) S …"
        let stat = || std::fs::read_to_string(format!("{}/stat", self.0)).unwrap();
        while !stat().rsplit_once(") ").unwrap().1.starts_with('S') {
            thread::yield_now();
        }
    }

    fn wait_until_it_polls(&self) {
        // The number of the system call that it is in, and its arguments; or "running".
        let syscall = || std::fs::read_to_string(format!("{}/syscall", self.0)).unwrap();
        while syscall().split(' ').next().and_then(|number| number.parse().ok()) != Some(libc::SYS_ppoll) {
            thread::yield_now();
        }
    }
}

/// The call has read all of it and waits for the end of the connection, which the cancelling brings.
#[test]
#[cfg(target_os = "linux")]
fn an_answer_without_a_length_is_not_whole_because_its_call_is_cancelled() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let token = CancelToken::new();
    let client = patient(&format!("http://{}", listener.local_addr().unwrap())).build().unwrap().with_cancel(&token);
    let caller = ThreadStatus::of_this_thread();
    thread::scope(|scope| {
        scope.spawn(|| {
            let (mut connection, _) = listener.accept().unwrap();
            let _ = connection.read(&mut [0; 4096]);
            // It wakes the call.
            connection.write_all(b"HTTP/1.1 200 OK\r\n\r\n{\"code\":200,\"data\":1,\"err\":\"\"}").unwrap();
            caller.wait_until_it_sleeps();
            token.cancel();
            let _ = connection.read_to_end(&mut Vec::new());
        });
        assert_eq!(sign_in(&client), Some(ErrorKind::Cancelled));
    });
}

/// A call that has waited for a while no longer looks at the token by itself: its connection is shut down under it.
#[test]
#[cfg(target_os = "linux")]
fn a_call_that_has_waited_for_long_is_woken() {
    for scheme in ["http", "https"] {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let token = CancelToken::new();
        let client = patient(&format!("{scheme}://{}", listener.local_addr().unwrap()));
        let client = client.build().unwrap().with_cancel(&token);
        let caller = ThreadStatus::of_this_thread();
        thread::scope(|scope| {
            scope.spawn(|| {
                let (mut connection, _) = listener.accept().unwrap();
                assert!(connection.read(&mut [0; 4096]).unwrap() > 0);
                caller.wait_until_it_polls();
                token.cancel();
                connection.set_nonblocking(true).unwrap();
                assert_eq!(
                    connection.read(&mut [0]).unwrap(),
                    0,
                    "the end is there before the cancelling has returned"
                );
            });
            assert_eq!(sign_in(&client), Some(ErrorKind::Cancelled), "{scheme}");
        });
    }
}

#[test]
fn a_call_is_cancelled_while_it_waits_for_tls_or_a_proxy() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let with_proxy = patient("https://oauthapp.invalid").proxy(format!("http://{address}"));
    for builder in [patient(&format!("https://{address}")), with_proxy] {
        let token = CancelToken::new();
        let client = builder.build().unwrap().with_cancel(&token);
        thread::scope(|scope| {
            scope.spawn(|| {
                let (mut connection, _) = listener.accept().unwrap();
                assert!(connection.read(&mut [0; 4096]).unwrap() > 0, "the hello has arrived");
                token.cancel();
                let _ = connection.read_to_end(&mut Vec::new());
            });
            assert_eq!(sign_in(&client), Some(ErrorKind::Cancelled));
        });
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_call_is_cancelled_while_it_connects() {
    let (_socket, _queue, address) = support::full_server();
    let token = CancelToken::new();
    let client = patient(&format!("http://{address}")).build().unwrap().with_cancel(&token);
    let caller = ThreadStatus::of_this_thread();
    thread::scope(|scope| {
        scope.spawn(|| {
            caller.wait_until_it_polls();
            token.cancel();
        });
        assert_eq!(sign_in(&client), Some(ErrorKind::Cancelled));
    });
}

#[test]
fn one_token_ends_many_calls_and_every_later_one() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let token = CancelToken::new();
    let client = patient(&format!("http://{}", listener.local_addr().unwrap())).build().unwrap();
    let cancellable = client.with_cancel(&token);
    thread::scope(|scope| {
        let calls: Vec<_> = (0..8).map(|_| scope.spawn(|| sign_in(&cancellable))).collect();
        let connections: Vec<_> = (0..8).map(|_| listener.accept().unwrap()).collect();
        token.cancel();
        for call in calls {
            assert_eq!(call.join().unwrap(), Some(ErrorKind::Cancelled));
        }
        drop(connections);
    });
    assert!(token.is_cancelled());
    assert_eq!(sign_in(&cancellable), Some(ErrorKind::Cancelled), "a later call");
    listener.set_nonblocking(true).unwrap();
    assert!(listener.accept().is_err(), "a later call does not even connect");
}

#[test]
fn a_client_goes_on_after_a_cancelled_call() {
    let emulator = Emulator::start().unwrap();
    let client = patient(emulator.url()).build().unwrap();
    let token = CancelToken::new();
    assert_eq!(sign_in(&client.with_cancel(&token)), Some(ErrorKind::NoSuchUser));
    // The connection of that call is kept, and the token has let go of it.
    token.cancel();
    assert_eq!(sign_in(&client.with_cancel(&token)), Some(ErrorKind::Cancelled));
    assert_eq!(sign_in(&client), Some(ErrorKind::NoSuchUser));
}
