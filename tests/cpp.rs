//! The C++ header as C++ programs meet it: programs (tests/cpp) that use all of it, against the emulator and against servers
//! with every fault, in each version of the language, with exceptions and without.
//!
//! This is for Linux, as tests/capi.rs is.
#![cfg(target_os = "linux")]

#[allow(dead_code, reason = "the rest is for tests/capi.rs")]
mod capi {
    pub mod artifacts;
    pub mod compile;
    pub mod header;
    pub mod program;
    pub mod sanitizer;
    pub mod server;
}
mod cpp {
    pub mod cases;
    pub mod compile;
}
mod support;
#[allow(dead_code, reason = "the rest is for tests/tls.rs")]
#[path = "tls/server.rs"]
mod tls_server;

use capi::artifacts::{ROOT, scratch};
use capi::header;
use capi::program::{asks_for_nothing, output, run_and_see};
use capi::sanitizer::Sanitizer;
use capi::server::{Gate, Scheme, TenCalls};
use cpp::cases::{Cases, odd_answers};
use cpp::compile::{CLANG, WARNINGS, Way, source};
use oauthapp_emulator::Emulator;
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

const PROGRAMS: [&str; 6] = ["answers", "failures", "old_library", "ten_calls", "threads", "values"];

/// Makes these programs, side by side.
fn compile_all(way: Way, programs: &[&str], directory: &Path) {
    thread::scope(|scope| {
        for program in programs {
            scope.spawn(|| way.compile(&source(program), directory));
        }
    });
}

/// Runs one of the programs, and gives the names of the codes that it has seen.
fn run(program: &str, directory: &Path, arguments: &[String], act: impl FnMut(&str)) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut command = Command::new(directory.join(program));
    if let Some(roots) = arguments.get(2).filter(|_| program == "ten_calls") {
        command.env("SSL_CERT_FILE", roots);
    }
    run_and_see(command.args(arguments), act, |check| {
        seen.extend(check.rsplit_once(" gives ").map(|(_, name)| name.to_owned()));
    });
    seen
}

fn run_ten_calls(scheme: Scheme, directory: &Path) -> BTreeSet<String> {
    let mut test = TenCalls::start(scheme);
    let mut arguments = test.arguments().to_vec();
    if scheme == Scheme::Https {
        let roots = directory.join("emulator.pem");
        fs::write(&roots, test.ca_certificate_pem()).unwrap();
        arguments.push(roots.display().to_string());
    }
    run("ten_calls", directory, &arguments, |what| test.act(what))
}

fn run_threads(directory: &Path) -> BTreeSet<String> {
    let (emulator, silent, mut gate) = (Emulator::start().unwrap(), silent(), Gate::new());
    run("threads", directory, &[emulator.url().to_owned(), url(&silent), gate.url()], |what| gate.act(what))
}

/// Takes connections, as every listener does, and never answers.
fn silent() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").unwrap()
}

fn url(listener: &TcpListener) -> String {
    format!("http://{}", listener.local_addr().unwrap())
}

fn run_all(way: Way, directory: &Path) -> BTreeSet<String> {
    compile_all(way, &PROGRAMS, directory);
    let answers = support::Scripted::answering(odd_answers());
    let cases = Cases::start(directory);
    [
        run("values", directory, &[], asks_for_nothing),
        run("old_library", directory, &[], asks_for_nothing),
        run("answers", directory, std::slice::from_ref(&answers.url), asks_for_nothing),
        run("failures", directory, &cases.arguments, asks_for_nothing),
        run_ten_calls(Scheme::Http, directory),
        run_ten_calls(Scheme::Https, directory),
        run_threads(directory),
    ]
    .into_iter()
    .flatten()
    .collect()
}

// ---- Programs ----

#[test]
fn every_call_and_every_way_in_which_it_can_fail() {
    let seen = run_all(Way::USUAL, &scratch("cpp-usual"));
    let unseen: Vec<_> = header::constants()
        .into_iter()
        .filter(|name| name.starts_with("OAUTHAPP_ERROR_") && !seen.contains(name))
        .collect();
    // No verifier that runs here asks whether a certificate was revoked, and the library has no known fault.
    assert_eq!(unseen, ["OAUTHAPP_ERROR_CERTIFICATE_REVOKED", "OAUTHAPP_ERROR_INTERNAL"]);
}

#[test]
fn the_same_without_exceptions_in_the_oldest_cpp() {
    run_all(Way::LEAST, &scratch("cpp-least"));
}

#[test]
#[ignore = "needs g++ and clang-22, and takes minutes; .ci/run runs it"]
fn every_compiler_and_version_of_the_language() {
    for way in Way::all() {
        let start = std::time::Instant::now();
        run_all(way, &scratch("cpp-every"));
        eprintln!("{way:?}: {} s", start.elapsed().as_secs());
    }
}

#[test]
#[ignore = "needs clang-22; .ci/run runs it"]
fn the_address_sanitizer_finds_nothing() {
    run_all(Way::sanitized(Sanitizer::Address), &scratch("cpp-address-sanitizer"));
}

#[test]
#[ignore = "needs clang-22 and a Rust with the standard library's sources; .ci/run runs it"]
fn the_thread_sanitizer_finds_nothing() {
    let directory = scratch("cpp-thread-sanitizer");
    compile_all(Way::sanitized(Sanitizer::Thread), &["threads"], &directory);
    run_threads(&directory);
}

// ---- The header has all that the C header has ----

fn hpp() -> String {
    header::without_cpp_comments(&fs::read_to_string(format!("{ROOT}/bindings/cpp/oauthapp.hpp")).unwrap())
}

#[test]
fn every_function_of_the_c_header_is_used() {
    let used = header::names(&hpp());
    let functions = header::functions();
    assert!(!functions.is_empty());
    let forgotten: Vec<_> =
        functions.union(&header::initialisers()).filter(|name| !used.contains(*name)).cloned().collect();
    assert!(forgotten.is_empty(), "oauthapp.hpp uses no {forgotten:?}");
}

/// `wrong_password = OAUTHAPP_ERROR_WRONG_PASSWORD`, and what has another form in C++ at least used.
#[test]
fn every_constant_of_the_c_header_has_its_counterpart() {
    let hpp = hpp();
    let used = header::names(&hpp);
    let constants = header::constants();
    assert!(!constants.is_empty());
    for constant in constants {
        assert!(used.contains(&constant), "{constant}");
        for prefix in ["OAUTHAPP_ERROR_", "OAUTHAPP_JSON_", "OAUTHAPP_LOG_", "OAUTHAPP_TRUST_"] {
            if let Some(name) = constant.strip_prefix(prefix) {
                let counterpart = format!("    {} = {constant},", name.to_lowercase());
                assert!(hpp.contains(&counterpart), "no line {counterpart}");
            }
        }
    }
}

#[test]
fn every_field_of_the_c_header_is_filled() {
    let hpp = hpp();
    let fields = header::fields();
    assert!(!fields.is_empty());
    for (of, field) in fields.into_iter().filter(|(_, field)| field != "struct_size") {
        // One place for each struct, up to that of the next.
        let (_, filling) = hpp.split_once(&format!("{of}_init();")).unwrap_or_else(|| panic!("{of} is not used"));
        let filling = filling.split("_init();").next().unwrap_or_default();
        assert!(filling.contains(&format!("    c.{field} = ")), "{of}.{field}");
    }
}

/// What the library's own types for answers have, so have those in C++.
#[test]
fn every_field_of_an_answer_is_read() {
    let hpp = hpp();
    for (file, name) in [
        ("token", "Token"),
        ("token", "Claims"),
        ("model/profile", "Profile"),
        ("model/application_info", "ApplicationInfo"),
    ] {
        let rust = fs::read_to_string(format!("{ROOT}/src/{file}.rs")).unwrap();
        let body = |text: &str, start: &str, end: &str| {
            let (_, body) = text.split_once(start).unwrap_or_else(|| panic!("no {start}"));
            body.split_once(end).unwrap().0.to_owned()
        };
        let fields = body(&rust, &format!("pub struct {name} {{\n"), "\n}");
        let fields: Vec<&str> =
            fields.lines().filter_map(|line| line.trim().strip_prefix("pub ")?.split(':').next()).collect();
        assert!(!fields.is_empty(), "{name}");
        let members = header::names(&body(&hpp, &format!("struct {name} {{\n"), "\n};"));
        let read = header::names(&body(&hpp, &format!("inline bool read(const Json& json, {name}& "), "\n}"));
        for field in fields {
            assert!(members.contains(field) && read.contains(field), "{name}.{field}");
        }
    }
}
