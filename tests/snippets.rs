//! The programs that the pages of docs/ show, and the examples, compiled and run: against the emulator, with this test as the
//! user and the phone.
//!
//! This is for Linux, as tests/capi.rs is.
#![cfg(target_os = "linux")]

#[allow(dead_code, reason = "the rest is for tests/capi.rs")]
#[path = "capi/mod.rs"]
mod capi;
mod cpp {
    #[allow(dead_code, reason = "the rest is for tests/cpp.rs")]
    pub mod compile;
}

use capi::artifacts::{ROOT, release, scratch, target};
use capi::compile::{Link, link_with};
use capi::program::output;
use cpp::compile::Way;
use oauthapp::{Client, SignUp};
use oauthapp_emulator::Emulator;
use std::fs;
use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

// ---- Compiling ----

fn snippet(file: &str) -> PathBuf {
    format!("{ROOT}/docs/snippets/{file}").into()
}

/// Of a file, without its ending.
fn name(file: &Path) -> &str {
    file.file_stem().unwrap().to_str().unwrap()
}

fn in_c(source: &Path) -> PathBuf {
    let made = scratch(&format!("snippets/c-{}", name(source))).join("program");
    let mut command = Command::new("cc");
    command.args(["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-pthread"]).arg(format!("-I{ROOT}/include"));
    command.arg("-o").arg(&made).arg(source);
    link_with(&mut command, Link::Shared);
    output(&mut command);
    made
}

/// In the oldest C++ that will do, as it is what most compilers take unless they are told otherwise.
fn in_cpp(source: &Path, standard: &'static str) -> PathBuf {
    let way = Way { standard, ..Way::USUAL };
    way.compile(source, &scratch(&format!("snippets/cpp-{}", name(source))))
}

fn in_rust(example: &str) -> PathBuf {
    static EXAMPLES: OnceLock<PathBuf> = OnceLock::new();
    let examples = EXAMPLES.get_or_init(|| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--examples", "--target-dir"]).arg(target());
        output(cargo.current_dir(ROOT));
        target().join("debug/examples")
    });
    examples.join(example)
}

/// A snippet in each of the languages.
fn in_each_language(name: &str, standard: &'static str) -> [PathBuf; 3] {
    [in_c(&snippet(&format!("{name}.c"))), in_cpp(&snippet(&format!("{name}.cpp")), standard), in_rust(name)]
}

// ---- Running ----

/// A program with someone who reads what it says and answers.
struct Conversation {
    program: Child,
    input: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Conversation {
    fn start(command: &mut Command) -> Self {
        command.env_remove("LD_LIBRARY_PATH").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut program = command.spawn().unwrap();
        let input = program.stdin.take().unwrap();
        let lines = BufReader::new(program.stdout.take().unwrap()).lines();
        Conversation { program, input, lines }
    }

    fn hear(&mut self, expected: &str) {
        assert_eq!(self.lines.next().map(Result::unwrap).as_deref(), Some(expected));
    }

    fn end(mut self) {
        assert!(self.lines.next().is_none() && self.program.wait().unwrap().success());
    }
}

fn said(program: &Path, url: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(program);
    output(command.args(arguments).env_remove("LD_LIBRARY_PATH").env("OAUTHAPP_URL", url))
}

#[test]
fn signing_in() {
    let emulator = Emulator::start().unwrap();
    let client = Client::builder(2).base_url(emulator.url()).build().unwrap();
    client.sign_up(&SignUp::new().user_name("wwww").pwd("123456").nick_name("Wu")).unwrap();
    for program in in_each_language("sign_in", "c++17") {
        let greeting = said(&program, emulator.url(), &["wwww", "123456"]);
        assert!(greeting.lines().all(|line| line == "Hello Wu") && greeting.ends_with('\n'), "{greeting}");
        let wrong = said(&program, emulator.url(), &["wwww", "654321"]);
        assert!(wrong.lines().all(|line| line == "User name or password are wrong."), "{wrong}");
        let nobody = said(&program, "http://127.0.0.1:1", &["wwww", "123456"]);
        assert!(nobody.contains("can't be reached") && nobody.ends_with("Try again in a moment.\n"), "{nobody}");
    }
}

#[test]
fn signing_in_by_a_qr_code() {
    for program in in_each_language("qr_sign_in", "c++17") {
        let emulator = Emulator::start().unwrap();
        let mut screen = Conversation::start(Command::new(program).env("OAUTHAPP_URL", emulator.url()));
        screen.hear("Scan the code.");
        let key = emulator.qr_codes()[0].key.clone();
        emulator.scan(&key).unwrap();
        screen.hear("Now confirm on the phone.");
        emulator.confirm(&key).unwrap();
        screen.hear("Signed in.");
        screen.end();
    }
}

/// The server never answers, so that only the cancelling ends the call before its minute is over.
#[test]
fn cancelling() {
    let cancelled = ["OAUTHAPP_ERROR_CANCELLED", "OAUTHAPP_ERROR_CANCELLED", "Err(Cancelled)"];
    for (program, cancelled) in in_each_language("cancel", "c++20").into_iter().zip(cancelled) {
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", server.local_addr().unwrap());
        let mut user = Conversation::start(Command::new(program).env("OAUTHAPP_URL", url));
        user.hear("press return to cancel");
        let (mut connection, _) = server.accept().unwrap();
        connection.read_exact(&mut [0; 16]).unwrap();
        user.input.write_all(b"\n").unwrap();
        user.hear(cancelled);
        user.end();
    }
}

#[test]
fn settings() {
    let authority = scratch("snippets/settings").join("authority.pem");
    for program in in_each_language("settings", "c++17") {
        let emulator = Emulator::builder().https().start().unwrap();
        fs::write(&authority, emulator.ca_certificate_pem().unwrap()).unwrap();
        let mut command = Command::new(program);
        command.env_remove("LD_LIBRARY_PATH").env("OAUTHAPP_URL", emulator.url()).env("OAUTHAPP_CA", &authority);
        let output = command.output().unwrap();
        let (said, log) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success() && said.ends_with("All of it worked.\n"), "{said}{log}");
        assert!(log.contains("POST /api/AppUsers/2/SignUp: HTTP 200"), "{log}");
    }
}

/// Who adds one to the folder says above how it is run.
#[test]
fn every_snippet_is_run() {
    for file in fs::read_dir(format!("{ROOT}/docs/snippets")).unwrap() {
        let file = file.unwrap().path();
        let is = |extension: &str| file.extension().is_some_and(|e| e == extension);
        if is("c") || is("cpp") {
            assert!(["sign_in", "qr_sign_in", "cancel", "settings"].contains(&name(&file)), "{file:?} is not run");
        }
    }
}

// ---- The pages' own commands, and the quickstarts ----

/// The lines that compile, in a folder that looks like the repository.
#[test]
fn the_commands_of_the_pages_work() {
    release();
    for (page, compiler) in [("getting-started-c", "cc "), ("getting-started-cpp", "c++ ")] {
        let directory = scratch(&format!("snippets/{page}"));
        for folder in ["bindings", "docs", "include"] {
            symlink(format!("{ROOT}/{folder}"), directory.join(folder)).unwrap();
        }
        symlink(target(), directory.join("target")).unwrap();
        let text = fs::read_to_string(format!("{ROOT}/docs/{page}.md")).unwrap();
        let lines: Vec<&str> = text.lines().filter(|line| line.starts_with(compiler)).collect();
        assert!(!lines.is_empty());
        for line in lines {
            output(Command::new("sh").arg("-c").arg(line).current_dir(&directory));
            assert!(directory.join("sign_in").exists(), "{line}");
            fs::remove_file(directory.join("sign_in")).unwrap();
        }
    }
}

#[test]
fn the_quickstarts_do_all_that_they_say() {
    for (file, program) in [
        ("quickstart.c", in_c(Path::new(&format!("{ROOT}/examples/quickstart.c")))),
        ("quickstart.rs", in_rust("quickstart")),
    ] {
        let lines = fs::read_to_string(format!("{ROOT}/examples/{file}")).unwrap().lines().count();
        assert!(lines < 80, "{file} has {lines} lines, which is no quickstart");
        let emulator = Emulator::start().unwrap();
        for run in ["with no account", "with the account of the first"] {
            let said = said(&program, emulator.url(), &[]);
            assert!(said.contains("is called Quicker\n") && said.ends_with("All of it worked.\n"), "{run}: {said}");
        }
        let nobody = Command::new(&program).env("OAUTHAPP_URL", "http://127.0.0.1:1").output().unwrap();
        let said = String::from_utf8_lossy(&nobody.stdout);
        assert!(!nobody.status.success() && said.contains("The server can't be reached"), "{said}");
    }
}
