//! Every step of every call fails in turn: each system call, each byte of an answer, each allocation, each reading of a clock.
//! After each time there is the error that belongs to it, nothing has leaked, no descriptor is open, and the same client makes
//! the same call as if nothing had been. The programs of tests/c that are named after this file do it.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

#[path = "capi/artifacts.rs"]
mod artifacts;
#[path = "capi/compile.rs"]
mod compile;
#[path = "capi/program.rs"]
mod program;
#[path = "torture/relay.rs"]
mod relay;
#[path = "capi/sanitizer.rs"]
mod sanitizer;
mod support;

use artifacts::scratch;
use compile::{Link, compile};
use oauthapp_emulator::Emulator;
use program::{Said, follow};
use relay::{Fault, How, Passed, Relay};
use std::io::{BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use support::read_request;

/// A server, and how the programs are told of it.
struct Peer {
    _emulator: Emulator,
    scheme: &'static str,
    address: SocketAddr,
    roots: Option<PathBuf>,
}

impl Peer {
    fn start(https: bool, directory: &Path) -> Self {
        // Thousands of requests are made, and nobody asks for them afterwards.
        let builder = Emulator::builder().record_requests(false);
        let emulator = if https { builder.https() } else { builder }.start().unwrap();
        let roots = emulator.ca_certificate_pem().map(|pem| {
            let file = directory.join("roots.pem");
            std::fs::write(&file, pem).unwrap();
            file
        });
        // By its address alone, where a name would have a second one to try.
        let port = emulator.url().rsplit(':').next().unwrap().parse().unwrap();
        let (scheme, address) = (if https { "https" } else { "http" }, ([127, 0, 0, 1], port).into());
        Peer { _emulator: emulator, scheme, address, roots }
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.arg(format!("{}://{}", self.scheme, self.address)).arg(self.roots.as_deref().unwrap_or(Path::new("-")));
        // Where the library aborts for want of memory, the way there takes a second to tell.
        command.env("RUST_BACKTRACE", "0");
        command
    }
}

/// A server that refuses in very many words, in others for each application.
fn refusing() -> String {
    let envelope = |err: &str, more: &str| format!("{{\"code\":500,\"data\":\"\",\"err\":\"{err}\"{more}}}");
    let fields = |count: usize| {
        let fields: Vec<String> = (0..count).map(|field| format!("\"f{field}\":[\"x\",\"y\"]")).collect();
        format!("{{\"title\":\"t\",\"errors\":{{{}}}}}", fields.join(","))
    };
    let padding = format!(",\"padding\":\"{}\"", "x".repeat(300_000));
    let refusals = [
        (200, envelope(&"x".repeat(700_000), "")),
        (200, envelope(&"\\n".repeat(300_000), "")),
        (400, fields(20_000)),
        (400, fields(900)),
        (500, envelope("密码错误", &padding)),
        // JSON's reader takes a copy of a name with an escape in it, keeps a byte for everything that is open, and shows
        // what is not of the right type.
        (200, envelope("short", &format!(",\"\\n{}\":1", "x".repeat(300_000)))),
        (200, envelope("short", &format!(",\"deep\":{}", "[".repeat(700_000)))),
        (200, format!("{{\"code\":\"\\n{}\"}}", "x".repeat(300_000))),
        (403, "[".repeat(700_000)),
        (200, format!("\"\\n{}\"", "x".repeat(300_000))),
    ];
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for connection in listener.incoming() {
            let mut reader = BufReader::new(connection.unwrap());
            while let Some(request) = read_request(&mut reader) {
                let application = request.request_line.split('/').nth(3).unwrap();
                let (status, body) = &refusals[application.parse::<usize>().unwrap() - 1];
                let head = format!("HTTP/1.1 {status} x\r\nContent-Length: {}\r\n\r\n", body.len());
                // A call without memory does not read it all.
                let _ = reader.get_mut().write_all(&[head.as_bytes(), body.as_bytes()].concat());
            }
        }
    });
    url
}

/// Runs a program that needs no driver. Gives what it says.
fn torture(name: &str, https: bool) -> Vec<String> {
    let directory = scratch(&format!("{name}-{}", if https { "https" } else { "http" }));
    let program = compile(name, Link::Shared, &directory);
    let peer = Peer::start(https, &directory);
    let mut checks = Vec::new();
    follow(peer.command(&program).arg(refusing()), |said| match said {
        Said::Check(check) => checks.push(check.to_owned()),
        Said::Ask(what, _) => program::asks_for_nothing(what),
    });
    checks
}

const CALLS: [&str; 10] = [
    "sign_in",
    "sign_up",
    "union_id_sign_in",
    "union_id_sign_up",
    "qr_code_pre_sign_in",
    "qr_code_sign_in",
    "qr_code_scan",
    "qr_code_sign_up",
    "get_profile",
    "update_profile",
];

/// A sum of what the lines of a program say that begin with this, "…, 17 cases".
fn count(checks: &[String], call: &str) -> u32 {
    let lines = checks.iter().filter_map(|check| check.strip_prefix(call)?.strip_prefix(", "));
    lines.map(|line| line.split(' ').next().unwrap().parse::<u32>().unwrap()).sum()
}

fn panic_everywhere(https: bool) {
    let checks = torture("torture_panics", https);
    for call in CALLS {
        // On a new connection and on one that was kept.
        assert!(count(&checks, call) >= 40, "{call} has more places than that: {checks:?}");
    }
}

#[test]
fn a_panic_anywhere_in_a_call_is_an_error_and_nothing_else() {
    panic_everywhere(false);
}

#[test]
#[ignore = "takes half a minute; .ci/run runs it"]
fn a_panic_anywhere_in_a_call_over_tls_is_an_error_and_nothing_else() {
    panic_everywhere(true);
}

#[test]
#[ignore = "takes a minute; .ci/run runs it"]
fn every_system_call_fails() {
    thread::scope(|scope| {
        for (https, least) in [(false, 150), (true, 180)] {
            scope.spawn(move || {
                let checks = torture("torture_system_calls", https);
                for call in CALLS {
                    assert!(count(&checks, call) >= least, "{call} has more cases than that: {checks:?}");
                }
            });
        }
    });
}

#[test]
#[ignore = "takes half a minute; .ci/run runs it"]
fn memory_runs_out() {
    for https in [false, true] {
        let checks = torture("torture_memory", https);
        for call in CALLS {
            assert!(count(&checks, call) >= 40, "{call} has more blocks than that: {checks:?}");
        }
    }
}

// ---- The wire ----

/// How the calls are made whose connections break.
#[derive(Clone, Copy)]
struct Way {
    how: How,
    /// Once, and then the call is repeated; else each time, and it is not.
    once: bool,
    /// After every byte, or nearly so; else in a few places.
    every_byte: bool,
}

/// A deadline for what never comes, and that of everyone else.
const STALLED_MS: u32 = 30;
const PATIENT_MS: u32 = 30_000;

/// Breaks a call's connection after one byte of its answer after the other.
fn break_off(program: &Path, call: &str, https: bool, way: Way, directory: &Path) {
    // Each time with a server of its own, where nobody is signed up yet.
    let run = |cases: usize, timeout: u32, hear: &mut dyn FnMut(&Relay, &str)| {
        let peer = Peer::start(https, directory);
        let relay = Relay::to(peer.address);
        let mut command = peer.command(program);
        command.arg(format!("{}://{}", peer.scheme, relay.address)).arg(call).arg(cases.to_string());
        command.arg(if way.once { "2" } else { "-1" }).arg(timeout.to_string());
        follow(&mut command, |said| {
            if let Said::Ask(what, _) = said {
                hear(&relay, what);
            }
        });
    };

    let mut whole = Passed::default();
    run(1, PATIENT_MS, &mut |relay, what| match what.strip_prefix("judge ") {
        None => relay.arm(Fault { after: usize::MAX, how: way.how, once: true }),
        Some(code) => {
            assert_eq!(code, "as ever");
            whole = relay.disarm();
        }
    });
    let length = whole.answer.len();
    assert!(length > 100, "{call} is answered");
    let timeout = if way.how == How::Stall { STALLED_MS } else { PATIENT_MS };
    let step = if way.every_byte { step(length, https) } else { 211 };
    let mut places = (0..length).step_by(step);
    let mut fault = None;
    run(places.len(), timeout, &mut |relay, what| match what.strip_prefix("judge ") {
        None => {
            let next = Fault { after: places.next().unwrap(), how: way.how, once: way.once };
            relay.arm(next);
            fault = Some(next);
        }
        Some(code) => {
            let (fault, passed) = (fault.take().unwrap(), relay.disarm());
            let right = right_codes(call, https, fault, &passed, &whole);
            assert!(right.contains(&code), "{call}, {fault:?}: {code}, and not one of {right:?}");
        }
    });
}

/// So that it takes no longer than a minute or two, in long answers not each byte has its turn.
fn step(length: usize, https: bool) -> usize {
    match (https, length) {
        (false, ..250) => 1,
        (false, _) => 5,
        (true, ..1250) => 5,
        (true, _) => 23,
    }
}

/// How a call may end of which so much has passed.
fn right_codes(call: &str, https: bool, fault: Fault, passed: &Passed, whole: &Passed) -> Vec<&'static str> {
    const TIMEOUT: &str = "OAUTHAPP_ERROR_TIMEOUT";
    const TLS: &str = "OAUTHAPP_ERROR_TLS";
    const LOST: &str = "OAUTHAPP_ERROR_CONNECTION_LOST";
    const TRUNCATED: &str = "OAUTHAPP_ERROR_TRUNCATED_RESPONSE";
    if fault.how == How::Stall {
        // The time may run out before it comes to that, or the answer be shorter than the one that was measured.
        return if passed.broken { vec![TIMEOUT] } else { vec![TIMEOUT, "as ever"] };
    }
    if !passed.broken {
        return vec!["as ever"];
    }
    // Signatures differ in length by a few bytes, and with them handshakes.
    let handshake = if https { whole.before_last_word } else { 0 };
    if fault.after + 8 < handshake {
        return vec![if fault.once { "as ever" } else { TLS }];
    }
    if fault.after < handshake + 8 && https {
        return vec![TLS, LOST, "as ever"];
    }
    // A sign-up has arrived, and the sign-in that asks for it finds the account; the confirmation of a QR code is never
    // repeated.
    if fault.once && call != "qr_code_sign_up" {
        return vec!["as ever"];
    }
    // The sign-in that asks for a sign-up has a shorter answer, and over TLS a shorter handshake: it may come through.
    if ["sign_up", "union_id_sign_up"].contains(&call) && (https || fault.after + 100 > whole.answer.len()) {
        return vec!["as ever", LOST, TRUNCATED];
    }
    let head_is_whole = passed.answer.windows(4).any(|part| part == b"\r\n\r\n");
    match (https, fault.how) {
        // How much of the answer is in what has passed is not to be seen; and a reset can take away what came before it.
        (true, _) | (_, How::Reset) => vec![LOST, TRUNCATED],
        _ if head_is_whole => vec![TRUNCATED],
        _ => vec![LOST],
    }
}

fn break_all(name: &str, ways: &[(bool, Way)]) {
    let directory = scratch(name);
    let program = compile("torture_wire", Link::Shared, &directory);
    for &(https, way) in ways {
        thread::scope(|scope| {
            for call in CALLS {
                let directory = directory.join(format!("{call}-{https}"));
                std::fs::create_dir_all(&directory).unwrap();
                let program = &program;
                scope.spawn(move || break_off(program, call, https, way, &directory));
            }
        });
    }
}

#[test]
fn answers_break_off() {
    let way = Way { how: How::Cut, once: false, every_byte: false };
    break_all("wire", &[(false, way), (true, way)]);
}

#[test]
#[ignore = "takes two minutes; .ci/run runs it"]
fn answers_break_off_after_every_byte_in_every_way() {
    let mut ways = Vec::new();
    for (how, once) in
        [(How::Cut, false), (How::Cut, true), (How::Reset, false), (How::Reset, true), (How::Stall, false)]
    {
        let way = Way { how, once, every_byte: true };
        ways.extend([(false, way), (true, way)]);
    }
    break_all("wire-every-byte", &ways);
}
