//! Each attempt of a call is told of in one line, and no line holds a secret.

mod support;

use oauthapp::{CancelToken, Client, ClientBuilder, ErrorKind, GetProfile, LogLevel, Roots, SignIn, SignUp, Trust};
use oauthapp_emulator::Emulator;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;
use support::{Scripted, http, json};

const ANSWER: &str = "{\"code\":200,\"data\":1,\"err\":\"\"}";
const SIGN_IN: SignIn = SignIn::new("wwww", "123456");

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<(LogLevel, String)>>>);

impl Lines {
    fn client(&self, builder: ClientBuilder) -> Client {
        let lines = self.clone();
        builder
            .log(move |level, target, message| {
                assert_eq!(target, "oauthapp::transport");
                lines.0.lock().unwrap().push((level, message.to_owned()));
            })
            .build()
            .unwrap()
    }

    fn take(&self) -> Vec<(LogLevel, String)> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// The line with every number of milliseconds replaced.
fn without_times(line: &str) -> String {
    let mut shown = String::new();
    let mut rest = line;
    while let Some(start) = rest.find(|character: char| character.is_ascii_digit()) {
        let length = rest[start..].find(|character: char| !(character.is_ascii_digit() || character == '.'));
        let end = length.map_or(rest.len(), |length| start + length);
        shown.push_str(&rest[..start]);
        shown.push_str(if rest[start..end].contains('.') { "T" } else { &rest[start..end] });
        rest = &rest[end..];
    }
    shown + rest
}

#[test]
fn a_line_has_method_path_status_times_bytes_and_the_kind_of_connection() {
    let emulator = Emulator::builder().https().start().unwrap();
    let roots = Roots::from_pem(emulator.ca_certificate_pem().unwrap().as_bytes()).unwrap();
    let lines = Lines::default();
    let client = lines.client(Client::builder(2).base_url(emulator.url()).trust(Trust::Only(roots)));
    client.call(&SignUp::new().user_name("wwww").pwd("123456")).unwrap();
    client.call(&SIGN_IN).unwrap();
    let lines = lines.take();
    assert_eq!(lines.len(), 2);
    assert_eq!((lines[0].0, lines[1].0), (LogLevel::Debug, LogLevel::Debug));
    let (first, second) = (without_times(&lines[0].1), without_times(&lines[1].1));
    assert!(
        first.starts_with(
            "POST /api/AppUsers/2/SignUp: HTTP 200 after T ms with a new connection \
             (dns T, connect T, tls T, send T, wait T, receive T ms), "
        ),
        "{first}"
    );
    assert!(
        second.starts_with(
            "POST /api/AppUsers/2/SignIn: HTTP 200 after T ms with a reused connection \
             (send T, wait T, receive T ms), "
        ),
        "{second}"
    );
}

#[test]
fn the_bytes_are_those_on_the_wire() {
    let answer = json(ANSWER);
    let server = Scripted::answering([answer.clone()]);
    let lines = Lines::default();
    lines.client(Client::builder(2).base_url(&server.url)).call_raw(&SIGN_IN).unwrap();
    let request = server.received();
    let headers: usize = request.headers.iter().map(|(name, value)| name.len() + value.len() + 4).sum();
    let sent = request.request_line.len() + 2 + headers + 2 + request.body.len();
    let (_, line) = &lines.take()[0];
    assert!(line.ends_with(&format!("), {sent} bytes sent, {} received", answer.len())), "{line}");
}

#[test]
fn each_attempt_has_its_line_which_says_why_and_when_it_is_repeated() {
    let busy = http("503 Service Unavailable", &["Retry-After: 1", "Connection: close"], "");
    let server = Scripted::answering([busy, Vec::new(), json(ANSWER)]);
    let lines = Lines::default();
    lines.client(Client::builder(2).base_url(&server.url)).call_raw(&SIGN_IN).unwrap();
    let lines = lines.take();
    assert_eq!(
        lines.iter().map(|(level, _)| *level).collect::<Vec<_>>(),
        [LogLevel::Warn, LogLevel::Warn, LogLevel::Debug]
    );
    assert!(lines[0].1.contains(": HTTP 503 after "), "{}", lines[0].1);
    assert!(lines[0].1.ends_with("; again in 1000.0 ms, retry 1 of 2"), "{}", lines[0].1);
    assert!(lines[1].1.contains(": failed (The connection was lost"), "{}", lines[1].1);
    assert!(lines[1].1.ends_with(" ms, retry 2 of 2"), "{}", lines[1].1);
    assert!(lines[2].1.contains(": HTTP 200 after "), "{}", lines[2].1);
    // Each has its own bytes, and they are those of the same request.
    let sent = lines.iter().map(|(_, line)| line.rsplit_once(" bytes sent").unwrap().0.rsplit(' ').next().unwrap());
    let mut sent: Vec<&str> = sent.collect();
    sent.dedup();
    assert_eq!(sent.len(), 1, "{sent:?}");
}

#[test]
fn a_call_that_is_cancelled_before_it_begins_has_no_line() {
    let lines = Lines::default();
    let token = CancelToken::new();
    token.cancel();
    let client = lines.client(Client::builder(2).base_url("https://name.invalid")).with_cancel(&token);
    assert_eq!(client.call(&SIGN_IN).unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(lines.take(), []);
}

#[test]
fn what_is_no_success_is_a_warning() {
    let lines = Lines::default();
    for (status, level) in [("200 OK", LogLevel::Debug), ("302 Found", LogLevel::Warn), ("401 x", LogLevel::Warn)] {
        let server = Scripted::answering([http(status, &[], ANSWER)]);
        let _ = lines.client(Client::builder(2).base_url(&server.url)).call_raw(&SIGN_IN);
        assert_eq!(lines.take().remove(0).0, level, "{status}");
    }
}

#[test]
fn an_attempt_that_came_to_nothing_has_its_line_too() {
    let (_port, nobody) = support::reserved_port();
    let lines = Lines::default();
    let client = lines.client(Client::builder(2).base_url(format!("http://{nobody}")).max_retries(0));
    client.call_raw(&SIGN_IN).unwrap_err();
    let (level, line) = lines.take().remove(0);
    assert_eq!(level, LogLevel::Warn);
    assert!(
        without_times(&line).ends_with("with no connection (dns T, connect T ms), 0 bytes sent, 0 received"),
        "{line}"
    );

    // What is said before there is a connection is no request and no answer.
    let handshake_failure = [21, 3, 3, 0, 2, 2, 40];
    let server = Scripted::answering([handshake_failure]);
    let url = server.url.replace("http://", "https://");
    lines.client(Client::builder(2).base_url(url)).call_raw(&SIGN_IN).unwrap_err();
    let (_, line) = lines.take().remove(0);
    let line = without_times(&line);
    assert!(line.contains("with a new connection (dns T, connect T, tls T ms), "), "{line}");
    assert!(line.ends_with(" 7 received"), "{line}");

    let token = CancelToken::new();
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let client = lines.client(Client::builder(2).base_url(format!("http://{}", listener.local_addr().unwrap())));
    thread::scope(|scope| {
        scope.spawn(|| {
            let accepted = listener.accept().unwrap();
            token.cancel();
            drop(accepted);
        });
        let error = client.with_cancel(&token).call_raw(&SIGN_IN).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled);
    });
    let (level, line) = lines.take().remove(0);
    assert_eq!(level, LogLevel::Debug);
    assert!(line.starts_with("POST /api/AppUsers/2/SignIn: cancelled after "), "{line}");
}

#[test]
fn no_line_holds_a_secret_even_when_the_server_repeats_it() {
    const CANARY: &str = "canary-7f3a";
    let echo = format!("{{\"code\":500,\"data\":\"{CANARY}\",\"err\":\"{CANARY}\"}}");
    let cookie = format!("Set-Cookie: {CANARY}");
    let location = format!("Location: https://elsewhere.example/{CANARY}");
    let challenge = format!("WWW-Authenticate: Bearer error=\"{CANARY}\"");
    let statuses = [
        ("200 OK".to_owned(), &cookie),
        (format!("302 {CANARY}"), &location),
        ("401 Unauthorized".to_owned(), &challenge),
        ("400 Bad Request".to_owned(), &cookie),
        (format!("nonsense {CANARY}"), &cookie),
    ];
    let lines = Lines::default();
    let mut told = 0;
    for (status, header) in &statuses {
        let answer = http(status, &[header], &echo);
        let truncated = answer[..answer.len() - 1].to_vec();
        for answer in [answer, truncated] {
            let server = Scripted::answering([answer.clone(), answer.clone(), answer]);
            let client = lines.client(Client::builder(2).base_url(&server.url).max_retries(0).settle_sign_ups(false));
            let _ = client.call_raw(&SignIn::new(CANARY, CANARY));
            let _ = client.call_raw(&SignUp::new().user_name(CANARY).pwd(CANARY));
            let _ = client.call_raw(&GetProfile::new().access_token(CANARY));
            told += 3;
        }
    }
    let lines = lines.take();
    // A server that has just closed may be met a second time.
    assert!(lines.len() >= told);
    assert!(lines.iter().all(|(_, line)| !line.contains(CANARY)), "a line holds what it must not");
}

#[test]
fn a_callback_that_takes_all_the_time_leaves_the_call_its_outcome() {
    let busy = http("503 Service Unavailable", &["Retry-After: 1"], "");
    let server = Scripted::answering([busy]);
    let timeout = Duration::from_secs(2);
    let client = Client::builder(2).base_url(&server.url).timeout(timeout).max_retries(1);
    let client = client.log(move |_, _, _| thread::sleep(timeout)).build().unwrap();
    let error = client.call(&SIGN_IN).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ServiceUnavailable, "{error}");
}

#[test]
fn the_callback_may_make_calls_itself() {
    let server = Scripted::answering([http("503 Busy", &["Retry-After: 0"], ""), json(ANSWER)]);
    let inner_server = Scripted::answering([json(ANSWER), json(ANSWER)]);
    let inner = Client::builder(2).base_url(&inner_server.url).build().unwrap();
    let lines = Lines::default();
    let told = lines.clone();
    let client = Client::builder(2)
        .base_url(&server.url)
        .log(move |level, _, message| {
            inner.call_raw(&SIGN_IN).unwrap();
            told.0.lock().unwrap().push((level, message.to_owned()));
        })
        .build()
        .unwrap();
    client.call_raw(&SIGN_IN).unwrap();
    assert!(lines.take()[1].1.contains("with a new connection (dns "), "the outer call still knows its own");
}
