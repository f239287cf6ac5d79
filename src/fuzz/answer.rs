//! The whole way of an answer: calls of a client whose server sends what the input says, on connections that are cut, reset,
//! or refused, with and without TLS.
//!
//! The input is one byte for the call, one for the client's settings, two that say where to break off, and then the
//! connections as `transport::scripted` reads them.

use super::input::Input;
use super::{ROOT, SECRET, check_error};
use crate::api::{
    GetProfile, QrCodePreSignIn, QrCodeScan, QrCodeSignIn, QrCodeSignUp, SignIn, SignUp, UnionIdSignIn, UnionIdSignUp,
    UpdateProfile,
};
use crate::client::Client;
use crate::error::{Error, ErrorKind, FieldError};
use crate::json::Json;
use crate::model::SignInKey;
use crate::transport::scripted::{self, Connection, End, Seen};
use crate::trust::{Roots, Trust};
use serde::de::IgnoredAny;
use std::sync::{Arc, Mutex};

pub fn answer(input: &[u8]) {
    let mut input = Input(input);
    let setting = Setting { call: input.byte() % 10, bits: input.byte() };
    let cut = usize::from(input.u16());
    let connections = Connection::read_all(input.0);

    let outcomes = setting.calls(&connections);
    let whole = connections.iter().map(|connection| connection.in_packets_of(usize::MAX)).collect::<Vec<_>>();
    let small = connections
        .iter()
        .map(|connection| connection.in_packets_of(1 + connection.bytes().len() / 256))
        .collect::<Vec<_>>();
    for others in [whole, small] {
        assert_eq!(outcomes, setting.calls(&others), "it matters how the bytes are cut into packets");
    }

    if let ([connection], Some(Ok(_))) = (&connections[..], outcomes.first()) {
        assert!(!falls_short(&connection.bytes()), "an answer that broke off passes for a whole one");
    }
    // A part of an answer is an error, or what it was in full.
    if let Some(Ok(data)) = outcomes.first()
        && let Some(connection) = connections.first()
    {
        let end = [End::Closed, End::Reset, End::Silent][cut % 3];
        let cut = connection.cut_after(cut % (connection.bytes().len() + 1), end);
        if let Some(Ok(other)) = setting.calls(&[cut]).first() {
            assert!(data == other, "a part of an answer passes for a whole one");
        }
    }
}

/// Whether a plain answer has fewer bytes than it says.
fn falls_short(answer: &[u8]) -> bool {
    // A line may end without a carriage return: RFC 9112, section 2.2.
    let blank_line = |at: usize| [&b"\n\n"[..], b"\n\r\n"].into_iter().find(|end| answer[at..].starts_with(end));
    let Some((end, body)) = (0..answer.len()).find_map(|at| Some((at, at + blank_line(at)?.len()))) else {
        return false;
    };
    let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
    let mut lengths = head.lines().filter_map(|line| line.strip_prefix("content-length:"));
    let length = lengths.next().and_then(|length| length.trim().parse::<usize>().ok());
    let is_plain = head.starts_with("http/1.1 200 ") && lengths.next().is_none() && !head.contains("transfer-encoding");
    is_plain && length.is_some_and(|length| answer.len() - body < length)
}

/// What a caller gets to see, but for the time that it is told to wait, which may count from now.
#[derive(Debug, PartialEq)]
struct Failure {
    kind: ErrorKind,
    retryable: bool,
    http_status: Option<u16>,
    server_code: Option<i64>,
    server_message: Option<String>,
    fields: Vec<FieldError>,
    shown: String,
}

/// What the input asks for.
#[derive(Clone, Copy)]
struct Setting {
    call: u8,
    bits: u8,
}

impl Setting {
    fn has(self, bit: u8) -> bool {
        self.bits >> bit & 1 != 0
    }

    /// What the call sends that must not show. Asking for a QR code sends nothing of the kind.
    fn secrets(self) -> &'static [&'static str] {
        if self.call == 4 { &[] } else { &[SECRET] }
    }

    /// One call after the other, with one client and these connections.
    fn calls(self, connections: &[Connection]) -> Vec<Result<String, Failure>> {
        let (with_tls, retries, calls) = (self.has(0), self.bits >> 1 & 3, 1 + (self.bits >> 6));
        let log = Arc::new(Mutex::new(Vec::new()));
        let (outcomes, seen) = scripted::run(connections.to_vec(), || {
            let lines = Arc::clone(&log);
            let client = Client::builder(2)
                .base_url(if with_tls { "https://server.example" } else { "http://127.0.0.1" })
                .max_retries(retries.into())
                .settle_sign_ups(self.has(3))
                .max_response_bytes(if self.has(4) { 64 } else { 1024 * 1024 })
                .keep_session(self.has(5))
                .trust(Trust::Only(Roots::from_pem(ROOT.as_bytes()).unwrap()))
                .log(move |_, _, line| lines.lock().unwrap().push(line.to_owned()))
                .build()
                .unwrap();
            (0..calls).map(|_| outcome(call(&client, self.call), self.secrets())).collect::<Vec<_>>()
        });
        for line in log.lock().unwrap().iter() {
            assert!(!line.contains(SECRET), "a secret is in the log");
            assert!(!line.contains(char::is_control), "not one line: {line:?}");
        }
        let requests = seen.iter().filter(|seen| matches!(seen, Seen::Received(_))).count();
        if with_tls {
            assert!(outcomes.iter().all(Result::is_err), "somebody without a certificate is believed");
        } else {
            // Each call once, as often again as set, once more where a connection was old; and a sign-up with its sign-ins, which
            // are as many as a call's repetitions.
            let attempts = usize::from(retries) + 2;
            assert!(requests <= usize::from(calls) * attempts * attempts, "{requests} requests");
            check_sign_ups(&seen, calls);
        }
        outcomes
    }
}

/// A sign-up is sent again only where the server has said that it has done nothing yet, and always on a new connection, which
/// the server can't be about to close for its age.
fn check_sign_ups(seen: &[Seen], calls: u8) {
    let mut sent = 0;
    let mut is_new = false;
    let mut answered = Vec::new();
    for seen in seen {
        match seen {
            Seen::Connected => is_new = true,
            Seen::Sent(bytes) => answered.extend_from_slice(bytes),
            Seen::Received(request) => {
                let line = request.split(|byte| *byte == b'\r').next().unwrap_or_default();
                if line.ends_with(b"SignUp HTTP/1.1") {
                    assert!(is_new, "a sign-up on an old connection");
                    let refused = answered.windows(4).any(|bytes| bytes == b" 429");
                    sent += u8::from(!refused || sent == 0);
                }
                is_new = false;
                answered.clear();
            }
        }
    }
    assert!(sent <= calls, "a sign-up was sent twice that may have arrived");
}

fn outcome(result: Result<Json, Error>, secrets: &[&str]) -> Result<String, Failure> {
    match result {
        Ok(json) => {
            assert!(serde_json::from_str::<IgnoredAny>(json.as_str()).is_ok(), "what is handed out is no JSON");
            Ok(json.as_str().to_owned())
        }
        Err(error) => {
            check_error(&error, secrets);
            assert!(error.code() >= 2000, "the caller has done nothing wrong: {error}");
            Err(Failure {
                kind: error.kind(),
                retryable: error.is_retryable(),
                http_status: error.http_status(),
                server_code: error.server_code(),
                server_message: error.server_message().map(str::to_owned),
                fields: error.fields().to_vec(),
                shown: error.to_string(),
            })
        }
    }
}

/// One of the ten calls, with the secret for every secret.
fn call(client: &Client, call: u8) -> Result<Json, Error> {
    let key = SignInKey::from_text(SECRET);
    match call {
        0 => client.call_raw(&SignIn::new("name", SECRET)),
        1 => client.call_raw(&SignUp::new().user_name("name").pwd(SECRET)),
        2 => client.call_raw(&UnionIdSignIn::new("web", SECRET)),
        3 => client.call_raw(&UnionIdSignUp::new().platform("web").union_id(SECRET)),
        4 => client.call_raw(&QrCodePreSignIn::new()),
        5 => client.call_raw(&QrCodeSignIn::new(&key)),
        6 => client.call_raw(&QrCodeScan::new(&key)),
        7 => client.call_raw(&QrCodeSignUp::new(&key).union_id(SECRET)),
        8 => client.call_raw(&GetProfile::new().access_token(SECRET)),
        _ => client.call_raw(&UpdateProfile::new().access_token(SECRET).nick_name("name")),
    }
}
