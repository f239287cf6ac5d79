//! The C++ header as C++ programs meet it: programs (tests/cpp) that use all of it, against the emulator and against servers
//! with every fault, in each version of the language, with exceptions and without.
//!
//! This is for Linux, as tests/capi.rs is.
#![cfg(target_os = "linux")]

#[allow(dead_code, reason = "the rest is for tests/capi.rs")]
#[path = "capi/mod.rs"]
mod capi;
mod cpp {
    pub mod cases;
    pub mod compile;
}
mod support;
#[allow(dead_code, reason = "the rest is for tests/tls.rs")]
#[path = "tls/server.rs"]
mod tls_server;

use capi::artifacts::{ROOT, release, scratch, target};
use capi::compile::{Link, link_with};
use capi::header::{self, between};
use capi::program::{Said, asks_for_nothing, follow, output};
use capi::sanitizer::Sanitizer;
use capi::server::{Gate, Scheme, TenCalls};
use cpp::cases::{Cases, odd_answers, refusals};
use cpp::compile::{Way, source};
use oauthapp_emulator::Emulator;
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

const PROGRAMS: [&str; 7] = ["answers", "failures", "memory", "old_library", "ten_calls", "threads", "values"];

/// Makes these programs, side by side.
fn compile_all<'a>(way: Way, programs: impl IntoIterator<Item = &'a str>, directory: &Path) {
    thread::scope(|scope| {
        for program in programs {
            scope.spawn(move || way.compile(&source(program), directory));
        }
    });
}

/// Runs one of the programs, and gives the names of the codes that it has seen.
fn run(program: &str, directory: &Path, arguments: &[String], mut act: impl FnMut(&str)) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut command = Command::new(directory.join(program));
    if let Some(roots) = arguments.get(2).filter(|_| program == "ten_calls") {
        command.env("SSL_CERT_FILE", roots);
    }
    follow(command.args(arguments), |said| match said {
        Said::Ask(what, _) => act(what),
        Said::Check(check) => seen.extend(check.rsplit_once(" gives ").map(|(_, name)| name.to_owned())),
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

fn run_memory(directory: &Path) -> BTreeSet<String> {
    let emulator = Emulator::start().unwrap();
    run("memory", directory, &[emulator.url().to_owned()], asks_for_nothing)
}

fn run_all(way: Way, directory: &Path) -> BTreeSet<String> {
    // It brings an allocator of its own, and so does a sanitizer.
    let memory = !matches!(way.link, Link::Sanitized(_));
    compile_all(way, PROGRAMS.iter().copied().filter(|program| memory || *program != "memory"), directory);
    let answers = support::Scripted::answering(odd_answers());
    let refusals = support::Scripted::answering(refusals());
    let cases = Cases::start(directory);
    let seen_by_answers = run("answers", directory, std::slice::from_ref(&answers.url), asks_for_nothing);
    let sent: Vec<_> = odd_answers().iter().map(|_| answers.received().body).collect();
    assert!(sent.iter().any(|body| body.contains(r#""emailIsValid":false,"phoneIsValid":true"#)), "{sent:?}");
    [
        run("values", directory, std::slice::from_ref(&refusals.url), asks_for_nothing),
        run("old_library", directory, &[], asks_for_nothing),
        seen_by_answers,
        run("failures", directory, &cases.arguments, asks_for_nothing),
        run_ten_calls(Scheme::Http, directory),
        run_ten_calls(Scheme::Https, directory),
        run_threads(directory),
        if memory { run_memory(directory) } else { BTreeSet::new() },
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
    compile_all(Way::sanitized(Sanitizer::Thread), ["threads"], &directory);
    run_threads(&directory);
}

#[test]
#[ignore = "needs clang-22; .ci/run runs it"]
fn the_address_sanitizer_finds_what_is_broken() {
    let directory = scratch("cpp-address-sanitizer-broken");
    let broken = Way::sanitized(Sanitizer::Address).compile(&source("broken"), &directory);
    output(&mut Command::new(&broken));
    assert_found(&broken, "use after free", "heap-use-after-free");
    assert_found(&broken, "leak", "LeakSanitizer");
}

#[test]
#[ignore = "needs clang-22 and a Rust with the standard library's sources; .ci/run runs it"]
fn the_thread_sanitizer_finds_what_is_broken() {
    let directory = scratch("cpp-thread-sanitizer-broken");
    let broken = Way::sanitized(Sanitizer::Thread).compile(&source("broken"), &directory);
    output(&mut Command::new(&broken));
    assert_found(&broken, "race", "data race");
}

fn assert_found(program: &Path, fault: &str, report: &str) {
    let found = Command::new(program).arg(fault).output().unwrap();
    let errors = String::from_utf8_lossy(&found.stderr);
    assert!(!found.status.success() && errors.contains(report), "{fault}: {}\n{errors}", found.status);
}

// ---- Sources ----

/// Fails on any warning.
fn syntax_check(way: Way, source: &Path) -> bool {
    way.command().arg("-fsyntax-only").arg(source).stderr(Stdio::null()).status().unwrap().success()
}

/// Two sources of one program may include it, and each of them twice; after windows.h too, which has macros for min and max.
#[test]
fn the_header_stands_alone_and_in_every_part_of_a_program() {
    let directory = scratch("cpp-parts");
    let (one, two) = (directory.join("one.cpp"), directory.join("two.cpp"));
    let include = "#include \"oauthapp.hpp\"\n#include \"oauthapp.hpp\"\n";
    // The standard library's own headers would not stand the macros.
    let hpp = fs::read_to_string(format!("{ROOT}/bindings/cpp/oauthapp.hpp")).unwrap();
    let standard: String = hpp
        .lines()
        .filter(|line| line.starts_with("#include <") && !line.contains("stop_token"))
        .map(|line| format!("{line}\n"))
        .collect();
    let windows = "#define min(a, b) no function\n#define max(a, b) no function\n";
    let create = "oauthapp::Config config; config.app_id = 2; return !oauthapp::Client::create(config)";
    fs::write(&one, format!("{include}int other(); int main() {{ {create} || other(); }}\n")).unwrap();
    fs::write(&two, format!("{standard}{windows}{include}int other(); int other() {{ {create}; }}\n")).unwrap();
    let program = directory.join("program");
    let mut command = Way::LEAST.command();
    command.arg("-o").arg(&program).args([&one, &two]);
    link_with(&mut command, Way::LEAST.link);
    output(&mut command);
    output(&mut Command::new(&program));
}

#[test]
#[ignore = "takes a minute; .ci/run runs it"]
fn what_is_wrong_does_not_compile() {
    let directory = scratch("cpp-wrong");
    let source = directory.join("wrong.cpp");
    let compiles = |statement: &str| {
        let text = format!(
            "#include \"oauthapp.hpp\"\nvoid use(const oauthapp::Client&);\n\
             void use(const oauthapp::Client& client) {{ {statement}; }}\n"
        );
        fs::write(&source, text).unwrap();
        syntax_check(Way::USUAL, &source)
    };
    assert!(compiles("static_cast<void>(client)"));
    for wrong in [
        // A failure that nobody looks at.
        "client.try_sign_in(\"a\", \"b\")",
        // Two owners of one client.
        "oauthapp::Client copy = client",
        // NULL for a text.
        "static_cast<void>(client.try_sign_in(\"a\", nullptr))",
        // A secret as a text like any other.
        "oauthapp::Secret secret; std::string text = secret",
        // A number without a unit for a time.
        "oauthapp::CallOptions options; options.timeout = 5",
        // A type that JSON can't be read as.
        "static_cast<void>(oauthapp::Json().try_get<const char*>())",
        // Asking a result what only its error knows.
        "oauthapp::Result<int>(1).code()",
    ] {
        assert!(!compiles(wrong), "{wrong}");
    }
    assert!(!syntax_check(Way { standard: "c++14", ..Way::USUAL }, &self::source("old_library")));
    // Without the C header, and that is all that there is to read.
    let mut alone = Command::new("c++");
    alone.args(["-std=c++17", "-fsyntax-only", "-x", "c++"]).arg(format!("{ROOT}/bindings/cpp/oauthapp.hpp"));
    let errors = String::from_utf8(alone.output().unwrap().stderr).unwrap();
    assert!(errors.contains("oauthapp.h: No such file") && errors.matches("error: ").count() == 1, "{errors}");
}

const CLANG_TIDY: &str = "clang-tidy-22";

/// What it says of a source file; nothing where nothing is wrong.
fn tidy(source: &Path) -> String {
    let mut command = Command::new(CLANG_TIDY);
    command.args(["--quiet", &format!("--config-file={ROOT}/.clang-tidy")]).arg(source);
    command.args(["--", "-std=c++20", &format!("-I{ROOT}/bindings/cpp"), &format!("-I{ROOT}/include")]);
    command.arg(format!("-I{ROOT}/tests/cpp"));
    let output = command.output().unwrap_or_else(|error| panic!("{CLANG_TIDY}: {error}"));
    if output.status.success() { String::new() } else { String::from_utf8_lossy(&output.stdout).into_owned() }
}

#[test]
#[ignore = "needs clang-tidy-22, and takes minutes; .ci/run runs it"]
fn clang_tidy_finds_nothing() {
    let sources = PROGRAMS.map(source).into_iter().chain(EXAMPLES.map(example)).chain(snippets());
    let found: Vec<String> = thread::scope(|scope| {
        let tidied: Vec<_> = sources.map(|source| scope.spawn(move || tidy(&source))).collect();
        tidied.into_iter().map(|tidied| tidied.join().unwrap()).collect()
    });
    assert_eq!(found.concat(), "");
}

#[test]
#[ignore = "needs clang-tidy-22; .ci/run runs it"]
fn clang_tidy_finds_what_is_broken() {
    let source = scratch("cpp-tidy").join("broken.cpp");
    let text = "#include \"oauthapp.hpp\"\n\
        bool used_after_move(oauthapp::Client client);\n\
        bool used_after_move(oauthapp::Client client) {\n    \
        const oauthapp::Client moved = std::move(client);\n    return client.is_signed_in() || moved.is_signed_in();\n}\n";
    fs::write(&source, text).unwrap();
    let found = tidy(&source);
    assert!(found.contains("bugprone-use-after-move"), "{found}");
}

// ---- Examples ----

const EXAMPLES: [&str; 2] = ["quickstart", "window"];

/// What the pages of docs/ show.
fn snippets() -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(format!("{ROOT}/docs/snippets")).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|extension| extension == "cpp"))
}

fn example(name: &str) -> PathBuf {
    format!("{ROOT}/examples/{name}.cpp").into()
}

/// In the oldest C++ that will do, as it is what most compilers take unless they are told otherwise.
fn compiled_example(name: &str) -> Command {
    let way = Way { standard: "c++17", ..Way::USUAL };
    let mut command = Command::new(way.compile(&example(name), &scratch(&format!("cpp-{name}"))));
    command.env_remove("LD_LIBRARY_PATH");
    command
}

#[test]
fn the_quickstart_does_all_that_it_says() {
    let lines = fs::read_to_string(example("quickstart")).unwrap().lines().count();
    assert!(lines < 80, "{lines} lines are no quickstart");
    let emulator = Emulator::start().unwrap();
    let mut quickstart = compiled_example("quickstart");
    quickstart.env("OAUTHAPP_URL", emulator.url());
    let id = "user 1 is called";
    let common = format!(
        "signed in, token <REDACTED>\n{id} Quick\n{id} Quicker\n\
         The password is wrong. The server said: 密码错误 (code 500).\nAll of it worked.\n"
    );
    assert_eq!(output(&mut quickstart), format!("signed up\n{common}"));
    // Where the account is there already.
    assert_eq!(output(&mut quickstart), common.replace("Quick\n", "Quicker\n"));
}

/// Plays the user: presses the button, sees these lines, and closes the window.
fn use_window(window: &mut Command, url: &str, shown: &[&str]) {
    window.env("OAUTHAPP_URL", url).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut window = window.spawn().unwrap();
    let mut input = window.stdin.take().unwrap();
    let mut lines = BufReader::new(window.stdout.take().unwrap()).lines().map(Result::unwrap);
    input.write_all(b"sign in\n").unwrap();
    for line in shown {
        assert_eq!(lines.next().as_deref(), Some(*line));
    }
    input.write_all(b"close\n").unwrap();
    assert_eq!(lines.collect::<Vec<_>>(), ["closed"]);
    assert!(window.wait().unwrap().success());
}

/// Closed while a call waits for a server that never answers, it would stay for an hour if the call were not cancelled.
#[test]
fn the_window_shows_what_came_and_closes_at_once() {
    let (emulator, silent) = (Emulator::start().unwrap(), silent());
    let mut window = compiled_example("window");
    use_window(
        &mut window,
        emulator.url(),
        &["signing in …", "There is no such user. The server said: 用户不存在 (code 500)."],
    );
    use_window(&mut window, &url(&silent), &["signing in …"]);
}

/// The very text of the binding's README is what is compiled, with its own command, in a folder that looks like the
/// repository.
#[test]
fn the_cpp_that_people_copy_compiles() {
    let directory = scratch("cpp-readme");
    symlink(format!("{ROOT}/include"), directory.join("include")).unwrap();
    symlink(format!("{ROOT}/bindings"), directory.join("bindings")).unwrap();
    symlink(target(), directory.join("target")).unwrap();
    release();
    let block = |text: &str| {
        let (_, block) = text.split_once("```cpp\n").expect("it has a block of C++");
        block.split_once("```").unwrap().0.to_owned()
    };
    let readme = fs::read_to_string(format!("{ROOT}/bindings/cpp/README.md")).unwrap();
    let lines: Vec<&str> = readme.lines().filter(|line| line.starts_with("c++ ")).collect();
    let [line] = lines[..] else { panic!("not one line that compiles: {lines:?}") };
    fs::write(directory.join("app.cpp"), block(&readme)).unwrap();
    output(Command::new("sh").arg("-c").arg(line).current_dir(&directory));
    assert!(directory.join("app").exists());

    let source = directory.join("readme.cpp");
    fs::write(&source, block(&fs::read_to_string(format!("{ROOT}/README.md")).unwrap())).unwrap();
    assert!(syntax_check(Way::LEAST, &source), "the README's C++");
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
    let hpp = fs::read_to_string(format!("{ROOT}/bindings/cpp/oauthapp.hpp")).unwrap();
    let lines: Vec<&str> = hpp.lines().collect();
    let used = header::names(&self::hpp());
    let constants = header::constants();
    assert!(!constants.is_empty());
    for constant in constants {
        assert!(used.contains(&constant), "{constant}");
        for prefix in ["OAUTHAPP_ERROR_", "OAUTHAPP_JSON_", "OAUTHAPP_LOG_", "OAUTHAPP_TRUST_"] {
            if let Some(name) = constant.strip_prefix(prefix) {
                let counterpart = format!("    {} = {constant},", name.to_lowercase());
                let line = lines.iter().position(|line| *line == counterpart);
                let line = line.unwrap_or_else(|| panic!("no line {counterpart}"));
                assert!(lines[line - 1].starts_with("    /// "), "{constant} is not documented");
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
    for (file, name) in header::ANSWERS {
        let rust = fs::read_to_string(format!("{ROOT}/src/{file}.rs")).unwrap();
        let fields = between(&rust, &format!("pub struct {name} {{\n"), "\n}");
        let fields: Vec<&str> =
            fields.lines().filter_map(|line| line.trim().strip_prefix("pub ")?.split(':').next()).collect();
        assert!(!fields.is_empty(), "{name}");
        let members = header::names(between(&hpp, &format!("struct {name} {{\n"), "\n};"));
        let read = header::names(between(&hpp, &format!("inline ErrorCode read(const Json& json, {name}& "), "\n}"));
        for field in fields {
            assert!(members.contains(field) && read.contains(field), "{name}.{field}");
        }
    }
}
