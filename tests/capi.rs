//! The C API as C programs meet it: the libraries that ship, linked as the README says, the header on its own, and
//! programs (tests/c) that use and misuse every function, against the emulator where they need a server.
//!
//! This is for Linux: the link lines, the tools that look into the libraries and the soname are those of ELF systems.
#![cfg(target_os = "linux")]

#[allow(dead_code, reason = "the rest is for other tests")]
#[path = "support/authority.rs"]
mod authority;
#[allow(dead_code, reason = "the rest is for tests/cpp.rs")]
#[path = "capi/mod.rs"]
mod capi;

use authority::Authority;
use capi::artifacts::{ROOT, packaged, release, scratch, target};
use capi::compile::{Link, compile, compilers, cpp_works, syntax_check};
use capi::program::{output, run};
use capi::sanitizer::Sanitizer;
use capi::server::{Gate, Scheme, TenCalls, counting, with_certificate};
use capi::{header, program};
use oauthapp_emulator::Emulator;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

/// A C program of tests/c, run as it is.
fn plain(program: &Path) -> Command {
    Command::new(program)
}

/// Finds every access that is not allowed, every use of a value that was never set, and every leak.
fn valgrind(program: &Path) -> Command {
    let mut command = Command::new("valgrind");
    command.args([
        "--leak-check=full",
        "--show-leak-kinds=definite,indirect,possible",
        "--errors-for-leak-kinds=definite,indirect,possible",
        "--error-exitcode=99",
        "-q",
    ]);
    command.arg(program);
    command
}

/// The same but for values that were never set: what ring computes in assembly, the tags of TLS records, it takes for
/// such values.
fn valgrind_with_cryptography(program: &Path) -> Command {
    let mut command = valgrind(Path::new("--undef-value-errors=no"));
    command.arg(program);
    command
}

fn run_ten_calls(scheme: Scheme, program: &Path, command: fn(&Path) -> Command) {
    let mut test = TenCalls::start(scheme);
    let mut command = command(program);
    command.args(test.arguments());
    if scheme == Scheme::Https {
        let roots = program.with_file_name("roots.pem");
        fs::write(&roots, test.ca_certificate_pem()).unwrap();
        command.env("SSL_CERT_FILE", &roots).arg(roots);
    }
    run(&mut command, |what| test.act(what));
}

fn run_misuse(program: &Path, command: fn(&Path) -> Command) {
    run(&mut command(program), program::asks_for_nothing);
}

fn run_threads(program: &Path, command: fn(&Path) -> Command) {
    let emulator = Emulator::start().unwrap();
    let mut gate = Gate::new();
    run(command(program).args([emulator.url(), &gate.url()]), |what| gate.act(what));
}

fn run_fork(program: &Path, command: fn(&Path) -> Command) {
    for scheme in [Scheme::Http, Scheme::Https] {
        let (url, certificate) = counting(scheme);
        let mut gate = Gate::new();
        let mut command = command(program);
        command.args([url, gate.url()]);
        if let Some(certificate) = certificate {
            let roots = program.with_file_name("fork.pem");
            fs::write(&roots, certificate).unwrap();
            command.arg(roots);
        }
        run(&mut command, |what| gate.act(what));
    }
}

// ---- The libraries ----

/// The very text of the README is what runs, in a folder that looks like the repository.
#[test]
fn the_link_lines_of_the_readme_work() {
    release();
    let readme = fs::read_to_string(format!("{ROOT}/README.md")).unwrap();
    let (_, section) = readme.split_once("\n## Linking\n").expect("the README has a section on linking");
    let (_, block) = section.split_once("```sh\n").expect("it has a block of commands");
    let (block, _) = block.split_once("```").unwrap();
    let lines: Vec<&str> = block.lines().filter(|line| line.starts_with("cc ")).collect();
    let [shared, fixed] = lines[..] else { panic!("not one line for each library: {lines:?}") };

    for (name, line, needs_the_library) in [("shared", shared, true), ("static", fixed, false)] {
        let directory = scratch(&format!("readme-{name}"));
        symlink(format!("{ROOT}/include"), directory.join("include")).unwrap();
        symlink(target(), directory.join("target")).unwrap();
        fs::copy(format!("{ROOT}/tests/c/app.c"), directory.join("app.c")).unwrap();
        output(Command::new("sh").arg("-c").arg(line).current_dir(&directory));
        // Run from elsewhere, without a hint where the library is.
        let app = directory.join("app");
        let printed = output(Command::new(&app).current_dir("/").env_remove("LD_LIBRARY_PATH"));
        assert_eq!(printed, concat!("liboauthapp ", env!("CARGO_PKG_VERSION"), "\n"), "{line}");
        let needed = output(Command::new("readelf").arg("-d").arg(&app));
        assert_eq!(needed.contains("[liboauthapp.so.1]"), needs_the_library, "{line}");
    }
}

#[test]
fn the_c_that_people_copy_compiles_without_a_warning() {
    let readme = fs::read_to_string(format!("{ROOT}/README.md")).unwrap();
    let (_, block) = readme.split_once("```c\n").expect("the README shows how to sign in");
    let source = scratch("readme-c").join("readme.c");
    fs::write(&source, block.split_once("```").unwrap().0).unwrap();
    for compiler in compilers().0 {
        syntax_check(&compiler, "c", "c99", &source);
        syntax_check(&compiler, "c", "c99", Path::new(&format!("{ROOT}/examples/quickstart.c")));
    }
}

/// A list of its own, so that nothing comes or goes by accident: who adds a function adds its line. Lines go only with a new
/// soname, see tests/abi.rs.
#[test]
fn the_exports_are_those_that_are_listed_and_the_functions_of_the_header() {
    let listed = fs::read_to_string(format!("{ROOT}/abi/exports")).unwrap();
    let listed: BTreeSet<String> = listed.lines().map(str::to_owned).collect();
    assert_eq!(header::functions(), listed, "the header's, and those of abi/exports");

    let library = release().join("liboauthapp.so");
    assert_eq!(defined(&["-D"], &library), listed, "liboauthapp.so's, and those of abi/exports");
    let dynamic = output(Command::new("readelf").arg("-d").arg(&library));
    assert!(dynamic.contains("Library soname: [liboauthapp.so.1]"), "{dynamic}");
    let needed: Vec<&str> =
        dynamic.lines().filter_map(|line| line.split_once("Shared library: [")?.1.split('.').next()).collect();
    let of_the_system = ["libc", "libgcc_s", "ld-linux-x86-64", "ld-linux-aarch64"];
    assert!(needed.contains(&"libc") && needed.iter().all(|name| of_the_system.contains(name)), "{needed:?}");
}

/// In a program, the static library's names stand beside those of all other libraries: besides the functions of the header there
/// are only Rust's own, which are mangled or known, and ring's, which bear its version.
#[test]
fn the_static_library_defines_no_name_that_is_not_its_own() {
    let defined = defined(&["-g"], &release().join("liboauthapp.a"));
    let (ours, others): (BTreeSet<String>, _) = defined.into_iter().partition(|name| name.starts_with("oauthapp_"));
    assert_eq!(ours, header::functions());
    let of_rust =
        |name: &String| ["_ZN", "_R", "__", "rust_", "DW.ref.rust_"].iter().any(|prefix| name.starts_with(prefix));
    let foreign: Vec<String> =
        others.into_iter().filter(|name| !of_rust(name) && !name.starts_with("ring_core_")).collect();
    assert!(foreign.is_empty(), "{foreign:?}");
}

/// As it is installed, it goes with any other library, as no name of one is the other's. COMDAT groups have names too: of each, a
/// linker keeps one.
#[test]
fn the_static_library_that_is_installed_defines_what_the_header_declares() {
    assert_eq!(defined(&["-g"], &packaged()), header::functions());
    let groups = output(Command::new("readelf").args(["--section-groups", "--wide"]).arg(packaged()));
    assert!(groups.contains("There are no section groups"), "{groups}");
}

/// What a library gives to others, functions or not.
fn defined(options: &[&str], library: &Path) -> BTreeSet<String> {
    let symbols = output(Command::new("nm").args(["--quiet", "--defined-only"]).args(options).arg(library));
    let symbols = symbols.lines().filter_map(|line| match line.split_whitespace().collect::<Vec<_>>()[..] {
        [_, _, name] => Some(name.to_owned()),
        _ => None,
    });
    symbols.collect()
}

/// Without link-time optimisation each dependency (ureq, rustls, serde_json, …) and the standard library come as
/// objects of their own. With it all Rust code is one object; only compiler_builtins, which no LTO takes in, and the C
/// and assembly of ring stay beside it.
///
/// This proves it for liboauthapp.so too: both libraries are made by one run of rustc, out of the same object.
#[test]
fn link_time_optimisation_took_effect() {
    let members = output(Command::new("ar").arg("t").arg(release().join("liboauthapp.a")));
    let of_rust = members.lines().filter(|member| member.ends_with(".rcgu.o"));
    let (own, foreign): (Vec<&str>, Vec<&str>) =
        of_rust.filter(|member| !member.starts_with("compiler_builtins-")).partition(|m| m.starts_with("oauthapp."));
    assert_eq!(own.len(), 1, "{own:?}");
    assert!(foreign.is_empty(), "{foreign:?}");
    // An archive in the archive would have been overlooked above.
    assert!(!members.lines().any(|member| member.ends_with(".rlib")), "{members}");
}

// ---- The header ----

#[test]
fn the_header_stands_alone_in_every_language_version() {
    let directory = scratch("header");
    let source = directory.join("twice.c");
    fs::write(&source, "#include \"oauthapp.h\"\n#include \"oauthapp.h\"\n").unwrap();
    let (compilers, chosen) = compilers();
    for compiler in &compilers {
        for standard in ["c99", "c11", "c17", "c2x"] {
            syntax_check(compiler, "c", standard, &source);
        }
        if !chosen && !cpp_works(compiler, &directory) {
            eprintln!("{compiler} has no C++ here: the header was checked as C only");
            continue;
        }
        for standard in ["c++11", "c++14", "c++17", "c++20"] {
            syntax_check(compiler, "c++", standard, &source);
        }
    }
}

#[test]
#[cfg(target_pointer_width = "64")]
fn layouts_and_numbers_of_the_header_are_those_of_the_abi() {
    for compiler in compilers().0 {
        syntax_check(&compiler, "c", "c11", Path::new(&format!("{ROOT}/tests/c/layout.c")));
    }
}

/// So that nothing that is added to the header is forgotten.
#[test]
fn every_constant_and_struct_of_the_header_has_its_place_in_the_layouts() {
    let layouts = header::without_comments(&fs::read_to_string(format!("{ROOT}/tests/c/layout.c")).unwrap());
    let constants = header::constants();
    assert!(!constants.is_empty());
    for constant in constants {
        assert!(layouts.contains(&format!("VALUE({constant}, ")), "{constant}");
    }
    let enums = header::enums();
    assert!(!enums.is_empty());
    for name in enums {
        assert!(layouts.contains(&format!("sizeof({name}) == 4")), "{name}");
    }
    for number in header::numbers() {
        assert!(number.starts_with("OAUTHAPP_VERSION") || layouts.contains(&format!("VALUE({number}, ")), "{number}");
    }
    let fields = header::fields();
    assert!(!fields.is_empty());
    for (name, field) in fields {
        assert!(layouts.contains(&format!("SIZE({name}, ")), "{name}");
        assert!(layouts.contains(&format!("FIELD({name}, {field}, ")), "{name}.{field}");
    }
}

/// So that no new function goes without its wrong uses.
#[test]
fn every_function_of_the_header_is_misused() {
    let misuse = header::without_comments(&fs::read_to_string(format!("{ROOT}/tests/c/misuse.c")).unwrap());
    let called = header::calls(&misuse);
    let functions = header::functions();
    assert!(!functions.is_empty());
    let forgotten: Vec<_> =
        functions.union(&header::initialisers()).filter(|name| !called.contains(*name)).cloned().collect();
    assert!(forgotten.is_empty(), "tests/c/misuse.c calls no {forgotten:?}");

    let fields = header::texts_and_tristates();
    assert!(!fields.is_empty());
    for (of, field) in fields {
        assert!(
            misuse.contains(&format!("offsetof({of}, {field})")),
            "tests/c/misuse.c puts nothing into {of}.{field}"
        );
    }
}

// ---- Programs ----

#[test]
fn the_ten_calls_over_http() {
    let directory = scratch("http");
    for link in [Link::Shared, Link::Static] {
        run_ten_calls(Scheme::Http, &compile("ten_calls", link, &directory), plain);
    }
}

#[test]
fn the_ten_calls_over_https() {
    let directory = scratch("https");
    for link in [Link::Shared, Link::Static] {
        run_ten_calls(Scheme::Https, &compile("ten_calls", link, &directory), plain);
    }
}

/// What was compiled with the header of the first release works with the library of today, and its source with the header of today.
#[test]
fn a_program_of_the_first_abi_goes_on_working() {
    let directory = scratch("abi1");
    fs::create_dir(directory.join("abi1")).unwrap();
    for link in [Link::Shared, Link::Static] {
        let program = compile("abi1/program", link, &directory);
        let test = TenCalls::start(Scheme::Http);
        run(Command::new(program).args(test.arguments()), program::asks_for_nothing);
    }
    // A header beside a source comes first, so that it was the one of its days.
    let source = Path::new(ROOT).join("tests/c/abi1/program.c");
    let headers = output(Command::new("cc").arg("-MM").arg(format!("-I{ROOT}/include")).arg(&source));
    assert!(headers.contains("tests/c/abi1/oauthapp.h") && !headers.contains("include/oauthapp.h"), "{headers}");

    let copy = directory.join("program.c");
    fs::copy(source, &copy).unwrap();
    syntax_check("cc", "c", "c99", &copy);
}

#[test]
fn every_misuse_gives_its_error() {
    let directory = scratch("misuse");
    for link in [Link::Shared, Link::Static] {
        run_misuse(&compile("misuse", link, &directory), plain);
    }
}

#[test]
fn one_client_in_many_threads() {
    let directory = scratch("threads");
    for link in [Link::Shared, Link::Static] {
        run_threads(&compile("threads", link, &directory), plain);
    }
}

/// For programs that want nothing but an emulator.
fn run_with_emulator(program: &str) {
    let directory = scratch(program);
    for link in [Link::Shared, Link::Static] {
        let emulator = Emulator::start().unwrap();
        let program = compile(program, link, &directory);
        run(plain(&program).arg(emulator.url()), program::asks_for_nothing);
    }
}

#[test]
fn calls_work_until_the_very_end_of_a_thread_and_of_the_program() {
    run_with_emulator("late");
}

#[test]
fn no_call_asks_the_environment() {
    run_with_emulator("environment");
}

#[test]
fn two_copies_of_the_library_keep_apart() {
    let directory = scratch("two-copies");
    let program = compile("two_copies", Link::Shared, &directory);
    let other = directory.join("other.so");
    fs::copy(release().join("liboauthapp.so"), &other).unwrap();
    run(plain(&program).arg(other), program::asks_for_nothing);
}

#[test]
fn a_look_up_that_goes_on_takes_no_signal_of_the_program() {
    run_both_ways("look_up");
}

#[test]
fn a_look_up_that_can_have_no_thread_fails_at_once() {
    run_both_ways("no_thread");
}

#[test]
fn a_call_needs_no_more_stack_than_the_header_says() {
    let directory = scratch("small_stack");
    let root = Authority::new("root");
    let mut between: Vec<Authority> = Vec::new();
    for name in ["1", "2", "3", "4", "5", "6"] {
        between.push(between.last().unwrap_or(&root).between(name));
    }
    let identity = between.last().unwrap().identity("127.0.0.1").and(&between.iter().rev().collect::<Vec<_>>());
    let roots = directory.join("roots.pem");
    fs::write(&roots, &root.pem).unwrap();
    let own = directory.join("client.pem");
    fs::write(&own, identity.pem() + &identity.key.serialize_pem()).unwrap();
    let url = with_certificate(identity.chain.clone(), identity.key_der());
    for link in [Link::Shared, Link::Static] {
        let program = compile("small_stack", link, &directory);
        run(plain(&program).arg(&url).args([&roots, &own]), program::asks_for_nothing);
    }
}

/// Runs a program that asks for nothing, with the shared library and with the static one.
fn run_both_ways(program: &str) {
    let directory = scratch(program);
    for link in [Link::Shared, Link::Static] {
        run(&mut plain(&compile(program, link, &directory)), program::asks_for_nothing);
    }
}

#[test]
fn a_child_process_leaves_its_parents_connections_alone() {
    let directory = scratch("fork");
    for link in [Link::Shared, Link::Static] {
        run_fork(&compile("fork", link, &directory), plain);
    }
}

#[test]
fn the_static_library_that_is_installed_does_it_all() {
    let directory = scratch("packaged");
    let compile = |program| compile(program, Link::Packaged, &directory);
    let ten_calls = compile("ten_calls");
    run_ten_calls(Scheme::Http, &ten_calls, plain);
    run_ten_calls(Scheme::Https, &ten_calls, plain);
    run_misuse(&compile("misuse"), plain);
    run_threads(&compile("threads"), plain);
    run_fork(&compile("fork"), plain);
}

#[test]
#[ignore = "needs valgrind; .ci/run runs it"]
fn valgrind_finds_nothing() {
    let directory = scratch("valgrind");
    for link in [Link::Shared, Link::Static] {
        let ten_calls = compile("ten_calls", link, &directory);
        run_ten_calls(Scheme::Http, &ten_calls, valgrind);
        run_ten_calls(Scheme::Https, &ten_calls, valgrind_with_cryptography);
        run_misuse(&compile("misuse", link, &directory), valgrind);
        run_threads(&compile("threads", link, &directory), valgrind);
    }
}

#[test]
#[ignore = "needs clang-22; .ci/run runs it"]
fn the_address_sanitizer_finds_nothing() {
    let link = Link::Sanitized(Sanitizer::Address);
    let directory = scratch("address-sanitizer");
    let ten_calls = compile("ten_calls", link, &directory);
    run_ten_calls(Scheme::Http, &ten_calls, plain);
    run_ten_calls(Scheme::Https, &ten_calls, plain);
    run_misuse(&compile("misuse", link, &directory), plain);
    run_threads(&compile("threads", link, &directory), plain);
    run_fork(&compile("fork", link, &directory), plain);
}

#[test]
#[ignore = "needs clang-22 and a Rust with the standard library's sources; .ci/run runs it"]
fn the_thread_sanitizer_finds_nothing() {
    let link = Link::Sanitized(Sanitizer::Thread);
    let directory = scratch("thread-sanitizer");
    let ten_calls = compile("ten_calls", link, &directory);
    run_ten_calls(Scheme::Http, &ten_calls, plain);
    run_ten_calls(Scheme::Https, &ten_calls, plain);
    run_misuse(&compile("misuse", link, &directory), plain);
    run_threads(&compile("threads", link, &directory), plain);
}

// ---- That the tools find what there is: in C, and in the library's Rust ----

/// What a program of tests/c/broken.c does wrong has to be told of, and has to end it with a failure.
fn assert_found(program: &Path, fault: &str, command: fn(&Path) -> Command, report: &str) {
    let output = command(program).arg(fault).env_remove("LD_LIBRARY_PATH").output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && errors.contains(report), "{fault}: {}\n{errors}", output.status);
}

#[test]
#[ignore = "needs valgrind; .ci/run runs it"]
fn valgrind_finds_what_is_broken() {
    let directory = scratch("valgrind-broken");
    for link in [Link::Shared, Link::Static] {
        let broken = compile("broken", link, &directory);
        run(&mut plain(&broken), program::asks_for_nothing);
        assert_found(&broken, "read behind a struct", valgrind, "Invalid read");
        assert_found(&broken, "use after free", valgrind, "Invalid read");
        assert_found(&broken, "leak", valgrind, "definitely lost");
    }
}

#[test]
#[ignore = "needs clang-22; .ci/run runs it"]
fn the_address_sanitizer_finds_what_is_broken() {
    let broken = compile("broken", Link::Sanitized(Sanitizer::Address), &scratch("address-sanitizer-broken"));
    run(&mut plain(&broken), program::asks_for_nothing);
    assert_found(&broken, "read behind a struct", plain, "heap-buffer-overflow");
    assert_found(&broken, "use after free", plain, "heap-use-after-free");
    assert_found(&broken, "leak", plain, "LeakSanitizer");
    assert_found(&broken, "overflow", plain, "signed integer overflow");
}

#[test]
#[ignore = "needs clang-22 and a Rust with the standard library's sources; .ci/run runs it"]
fn the_thread_sanitizer_finds_what_is_broken() {
    let broken = compile("broken", Link::Sanitized(Sanitizer::Thread), &scratch("thread-sanitizer-broken"));
    run(&mut plain(&broken), program::asks_for_nothing);
    assert_found(&broken, "race", plain, "data race");
}
