//! Cancelled calls leave nothing behind. Alone in its file, since it counts what the whole process has.
#![cfg(target_os = "linux")]

use oauthapp::{CancelToken, Client, ErrorKind, SignIn};
use std::io::Read;
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

fn entries(folder: &str) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

#[test]
fn a_thousand_cancelled_calls_leave_no_thread_and_no_descriptor() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let hour = Duration::from_secs(3600);
    let url = format!("http://{}", listener.local_addr().unwrap());
    let client = Client::builder(2).base_url(url).timeout(hour).connect_timeout(hour).build().unwrap();
    let cancelled_calls = |count: usize| {
        for _ in 0..count {
            let token = CancelToken::new();
            thread::scope(|scope| {
                scope.spawn(|| {
                    let (mut connection, _) = listener.accept().unwrap();
                    let _ = connection.read(&mut [0; 4096]);
                    token.cancel();
                    let _ = connection.read_to_end(&mut Vec::new());
                });
                let error = client.with_cancel(&token).sign_in(&SignIn::new("wwww", "123456")).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Cancelled);
            });
        }
    };
    cancelled_calls(1);
    let (threads, descriptors) = (entries("/proc/self/task"), entries("/proc/self/fd"));
    cancelled_calls(1000);
    // The system takes a while to forget a thread that has ended, also after it was waited for.
    while entries("/proc/self/task") > threads {
        thread::yield_now();
    }
    assert_eq!(entries("/proc/self/fd"), descriptors);
}
