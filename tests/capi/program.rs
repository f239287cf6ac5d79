//! Running programs.

#![allow(dead_code, reason = "each test file uses a part of it")]

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::thread;

/// Runs a tool to its end and gives what it printed; a failure shows all that it said.
pub fn output(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}\n{errors}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a test program of tests/c or tests/cpp, which must pass, and must print nothing but its checks: the library prints nothing.
/// When it prints `ask …`, `act` does that, and the program goes on.
pub fn run(command: &mut Command, mut act: impl FnMut(&str)) {
    follow(command, |said| {
        if let Said::Ask(what, _) = said {
            act(what);
        }
    });
}

/// What a test program says.
#[derive(Clone, Copy)]
pub enum Said<'a> {
    /// Something for its driver to do, and the number of its process, which waits meanwhile.
    Ask(&'a str, u32),
    /// That a check has passed.
    Check(&'a str),
}

/// The same for a driver that wants to hear everything.
pub fn follow(command: &mut Command, mut hear: impl FnMut(Said)) {
    // Cargo sets it for tests, which would put a debug build of the library in place of the one that the program names.
    command.env_remove("LD_LIBRARY_PATH");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut input = child.stdin.take().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut errors = child.stderr.take().unwrap();
    // Both are read at once: a program whose errors nobody reads would wait for good.
    let errors = thread::spawn(move || {
        let mut text = Vec::new();
        errors.read_to_end(&mut text).map(|_| String::from_utf8_lossy(&text).into_owned())
    });

    let mut last = String::new();
    for line in lines {
        last = line.unwrap();
        match last.strip_prefix("ask ") {
            Some(what) => {
                hear(Said::Ask(what, child.id()));
                input.write_all(b"done\n").unwrap();
            }
            None if last == "passed" => {}
            None => hear(Said::Check(last.strip_prefix("ok ").unwrap_or_else(|| panic!("printed by whom? {last}")))),
        }
    }
    let status = child.wait().unwrap();
    let errors = errors.join().unwrap().unwrap();
    assert!(status.success() && last == "passed", "{command:?}: {status} after \"{last}\"\n{errors}");
    assert_eq!(errors, "", "{command:?}");
}

/// For a program that needs no one.
pub fn asks_for_nothing(what: &str) {
    panic!("it asks to {what}");
}
