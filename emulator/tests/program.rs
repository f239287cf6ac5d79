//! The emulator as a program.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// A program that runs, and is killed if the test fails.
struct Program {
    child: Child,
    out: Option<BufReader<ChildStdout>>,
    url: String,
}

impl Program {
    fn start(arguments: &[&str]) -> Self {
        let mut child =
            command(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        out.read_line(&mut first).unwrap();
        let url = first.strip_prefix("listening on ").unwrap_or_else(|| panic!("{first:?}")).trim_end().to_owned();
        Self { child, out: Some(out), url }
    }

    /// The lines that invite to be pasted into a shell: the sign-up, then the sign-in.
    fn invitations(&mut self) -> Vec<String> {
        self.out
            .as_mut()
            .unwrap()
            .lines()
            .map(Result::unwrap)
            .filter(|line| line.starts_with("curl "))
            .take(2)
            .collect()
    }

    /// Its exit code, once what was done to it has ended it, and all that it has printed since.
    fn end(mut self) -> (Option<i32>, String) {
        let (mut out, mut err) = (self.out.take().unwrap(), self.child.stderr.take().unwrap());
        let (done, ended) = mpsc::channel();
        thread::spawn(move || {
            let mut printed = String::new();
            out.read_to_string(&mut printed).unwrap();
            err.read_to_string(&mut printed).unwrap();
            let _ = done.send(printed);
        });
        let printed = ended.recv_timeout(Duration::from_secs(30)).expect("the program ends");
        (self.child.wait().unwrap().code(), printed)
    }

    fn close_stdin(&mut self) {
        drop(self.child.stdin.take());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Both fail when it has ended, as it should have.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_oauthapp-emulator"));
    command.args(arguments);
    command
}

fn run(arguments: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = command(arguments).stdin(Stdio::null()).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[cfg(unix)]
fn paste(line: &str) -> String {
    let output = Command::new("sh").args(["-c", line]).env("no_proxy", "*").output().unwrap();
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn get(url: &str) -> String {
    let agent: ureq::Agent = ureq::Agent::config_builder().proxy(None).build().into();
    agent.get(url).call().unwrap().body_mut().read_to_string().unwrap()
}

fn temporary(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("oauthapp emulator's {} {name}", std::process::id()));
    let _ = std::fs::remove_file(&path);
    path
}

#[test]
#[cfg(unix)]
#[ignore = "needs curl; .ci/run runs it"]
fn what_it_invites_to_paste_works_and_it_ends_with_stdin() {
    let mut program = Program::start(&["--port", "0", "--until-stdin-closes"]);
    let lines = program.invitations();
    assert!(lines[0].ends_with("/SignUp") && lines[1].ends_with("/SignIn"), "{lines:?}");
    for line in lines {
        assert!(line.contains(&program.url));
        assert!(paste(&line).starts_with(r#"{"code":200,"data":{"access_token":"#));
    }
    assert!(get(&program.url).contains("<title>OAuthApp emulator</title>"));

    program.close_stdin();
    let (code, printed) = program.end();
    assert_eq!(code, Some(0));
    assert!(!printed.contains("eyJ") && !printed.contains("demo-1234"), "{printed}");
}

#[test]
#[cfg(unix)]
#[ignore = "needs curl; .ci/run runs it"]
fn with_https_the_pasted_lines_trust_the_file_that_it_wrote() {
    let ca_file = temporary("ca.pem");
    let ca_path = ca_file.to_str().unwrap();
    let mut program = Program::start(&["--port=0", "--https", "--ca-file", ca_path, "--until-stdin-closes"]);
    assert!(program.url.starts_with("https://localhost:"));
    assert!(std::fs::read_to_string(&ca_file).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
    for line in program.invitations() {
        assert!(paste(&line).starts_with(r#"{"code":200,"#));
    }
    program.close_stdin();
    assert_eq!(program.end().0, Some(0));
    std::fs::remove_file(ca_file).unwrap();
}

#[test]
#[cfg(unix)]
fn a_signal_ends_it_cleanly() {
    for signal in ["TERM", "INT"] {
        let program = Program::start(&["--port", "0"]);
        let pid = program.child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &pid]).status().unwrap().success());
        assert_eq!(program.end().0, Some(0), "{signal}");
    }
}

#[test]
fn its_flags_do_what_they_say() {
    let database = temporary("database.sqlite");
    let path = database.to_str().unwrap();
    let shop = "7=Shop = 商店";
    let mut first = Program::start(&["--port", "0", "--database", path, "--app", shop, "--until-stdin-closes"]);
    assert!(get(&format!("{}/api/Apps/7/Info", first.url)).contains("Shop = 商店"));
    first.close_stdin();
    assert_eq!(first.end().0, Some(0));

    let flags =
        ["--port=0", "--database", path, "--key-style", "hex", "--token-lifetime", "60", "--until-stdin-closes"];
    let mut second = Program::start(&flags);
    assert!(get(&format!("{}/api/Apps/7/Info", second.url)).contains("Shop = 商店"));
    let post = |action: &str, body: &str| {
        let agent: ureq::Agent = ureq::Agent::config_builder().proxy(None).build().into();
        let url = format!("{}/api/AppUsers/7/{action}", second.url);
        let mut answer = agent.post(url).content_type("application/json").send(body).unwrap();
        answer.body_mut().read_to_string().unwrap()
    };
    let key = post("QRCodePreSignIn", "{}");
    assert_eq!(key.len(), r#"{"code":200,"data":"","err":""}"#.len() + 32, "{key}");
    assert!(post("SignUp", r#"{"userName":"n","pwd":"p"}"#).contains(r#""expires_in":60}"#));
    second.close_stdin();
    assert_eq!(second.end().0, Some(0));
    std::fs::remove_file(database).unwrap();
}

#[test]
fn it_ends_with_stdin_only_when_told_so() {
    let mut program = Program::start(&["--port", "0"]);
    program.close_stdin();
    assert!(get(&format!("{}/api/Apps/2/Info", program.url)).contains("开发文档"));
    assert!(program.child.try_wait().unwrap().is_none());
}

#[test]
fn a_wrong_command_line_is_explained() {
    for arguments in [&["--prot", "1"][..], &["--port"], &["--port", "x"], &["serve"]] {
        let (code, out, err) = run(arguments);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(err.contains(arguments[0]) && err.contains("--help"), "{err}");
    }
}

#[test]
fn help_and_version_are_printed() {
    let (code, help, _) = run(&["--help"]);
    assert_eq!(code, Some(0));
    for flag in [
        "--host",
        "--port",
        "--https",
        "--ca-file",
        "--database",
        "--app",
        "--key-style",
        "--token-lifetime",
        "--until-stdin-closes",
        "--help",
        "--version",
    ] {
        assert!(help.contains(&format!("\n  {flag}")), "{flag}");
    }
    let (code, version, _) = run(&["--version"]);
    assert_eq!((code, version.trim_end()), (Some(0), concat!("oauthapp-emulator ", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn a_port_that_is_taken_is_explained() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let (code, out, err) = run(&["--port", &port]);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(err.contains(&port), "{err}");
}
