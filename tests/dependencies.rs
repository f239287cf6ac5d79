//! What one takes in with the library: the README's figures, the lowest version of Rust, and a policy for what may be
//! added (deny.toml). `OAUTHAPP_UPDATE_README=1 cargo test --test dependencies` brings the figures up to date.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The README speaks of Linux.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// Runs Cargo, which must succeed.
fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).current_dir(ROOT).output().unwrap();
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The crates that these options of `cargo tree` give, our own ones not among them: name, version and features.
fn crates(options: &[&str]) -> BTreeSet<String> {
    let mut arguments = vec!["tree", "--locked", "--target", TARGET, "--prefix", "none", "--format", "{p} {f}"];
    arguments.extend(options);
    let tree = cargo(&arguments);
    let lines = tree.lines().map(|line| line.trim_end_matches(" (*)").replace(" (proc-macro)", ""));
    // Cargo gives the folder of those that are here.
    lines.filter(|line| !line.is_empty() && !line.contains(ROOT)).collect()
}

/// Without their features, which tell two lines apart that are one crate.
fn versions(crates: &BTreeSet<String>) -> BTreeSet<(String, String)> {
    let words = crates.iter().map(|line| line.split(' ').map(str::to_owned));
    words.map(|mut words| (words.next().unwrap(), words.next().unwrap().trim_start_matches('v').to_owned())).collect()
}

/// What is compiled into liboauthapp.so; macros run at compile time.
fn in_the_library() -> BTreeSet<String> {
    crates(&["-p", "oauthapp-capi", "-e", "normal,no-proc-macro"])
}

// ---- Figures ----

#[test]
fn the_readme_counts_what_one_takes_in() {
    let library = versions(&in_the_library()).len();
    let building = versions(&crates(&["-p", "oauthapp-capi", "-e", "normal,build"])).len() - library;
    let rust_program = versions(&crates(&["-p", "oauthapp", "-e", "normal,no-proc-macro"])).len();
    let (in_ffi, elsewhere) = unsafe_code();
    let rows = [
        ("other people's crates in `liboauthapp.so`", library.to_string()),
        ("the same in a Rust program, as features are by default", rust_program.to_string()),
        ("crates that only help to build it: macros, build scripts, the header's generator", building.to_string()),
        ("`unsafe` blocks and impls of our own, in `src/ffi`", in_ffi.to_string()),
        ("the same anywhere else in the libraries", elsewhere.to_string()),
        ("lowest version of Rust, for the library", rust_version("oauthapp")),
        ("lowest version of Rust, for the emulator and the tests", rust_version("oauthapp-emulator")),
    ];
    let rows = rows.map(|(what, figure)| format!("| {what} | {figure} |\n"));
    let table = format!("| on Linux | |\n|---|---:|\n{}", rows.concat());

    let path = format!("{ROOT}/README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once("| on Linux | |\n").expect("the README has the table");
    let after = rest.split_once("\n\n").expect("the table ends").1;
    let current = format!("{before}{table}\n{after}");
    if std::env::var_os("OAUTHAPP_UPDATE_README").is_some() {
        fs::write(path, current).unwrap();
        return;
    }
    assert!(readme == current, "the README's table is stale; it should be\n\n{table}");
}

/// What of src is compiled for tests and for fuzzing only.
const NOT_SHIPPED: [&str; 5] =
    ["src/ffi/fuzz", "src/ffi/json_properties.rs", "src/ffi/panics.rs", "src/fuzz", "src/transport/scripted.rs"];

/// How many places there are at which the compiler takes our word, in src/ffi and in the rest of what is compiled into the
/// libraries.
fn unsafe_code() -> (usize, usize) {
    let (mut in_ffi, mut elsewhere) = (0, 0);
    let not_shipped = NOT_SHIPPED.map(|path| Path::new(ROOT).join(path));
    for file in rust_files(&["src", "capi/src"].map(|folder| Path::new(ROOT).join(folder))) {
        if not_shipped.iter().any(|path| file.starts_with(path)) {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        // A file's own tests are at its end.
        let shipped = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let code = shipped.lines().map(|line| line.split("//").next().unwrap());
        let count =
            code.map(|line| line.matches("unsafe {").count() + line.matches("unsafe impl").count()).sum::<usize>();
        *if file.starts_with(format!("{ROOT}/src/ffi")) { &mut in_ffi } else { &mut elsewhere } += count;
    }
    (in_ffi, elsewhere)
}

fn rust_files(folders: &[PathBuf]) -> Vec<PathBuf> {
    let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    let (folders, files): (Vec<PathBuf>, Vec<PathBuf>) = entries.partition(|path| path.is_dir());
    let mut files: Vec<PathBuf> =
        files.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect();
    if !folders.is_empty() {
        files.extend(rust_files(&folders));
    }
    files
}

// ---- The version of Rust ----

/// Of every package, what its manifest asks for: "1.85", or "1.85.0".
fn rust_versions() -> BTreeMap<(String, String), String> {
    let metadata = cargo(&["metadata", "--locked", "--format-version", "1", "--filter-platform", TARGET]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let text = |package: &Value, key: &str| package[key].as_str().unwrap_or("0").to_owned();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages.map(|package| ((text(package, "name"), text(package, "version")), text(package, "rust_version"))).collect()
}

fn rust_version(package: &str) -> String {
    let found = rust_versions().into_iter().find(|((name, _), _)| name == package);
    found.unwrap_or_else(|| panic!("{package} is not in the workspace")).1
}

fn minor(version: &str) -> u32 {
    version.split('.').nth(1).map_or(0, |minor| minor.parse().unwrap())
}

/// A dependency that asks for more would make what we say untrue, and one that we have to keep old would cost its corrections.
#[test]
fn the_lowest_rust_is_what_the_dependencies_ask_for() {
    let asked = rust_versions();
    let highest = |packages: &[&str]| {
        let edges = ["-e", "normal,build"];
        let crates = versions(&crates(&[packages, &edges[..]].concat()));
        crates.iter().map(|package| minor(&asked[package])).max().unwrap()
    };
    let library = ["-p", "oauthapp-capi"];
    assert_eq!(minor(&rust_version("oauthapp")), highest(&library), "the library's, and its dependencies'");
    let emulator = ["-p", "oauthapp-emulator"];
    assert_eq!(minor(&rust_version("oauthapp-emulator")), highest(&emulator), "the emulator's, and its dependencies'");
}

// ---- What is compiled in ----

#[test]
fn no_crate_is_in_the_library_twice() {
    let library = versions(&in_the_library());
    let names: BTreeSet<&String> = library.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), library.len(), "{library:?}");
}

/// Cargo gives a crate all features that anything asks for which is built by the same command, and `cargo build` makes the
/// emulator too. The library alone must come to the same, or else there would be two.
#[test]
fn the_library_is_the_same_beside_the_emulator() {
    let alone = in_the_library();
    let with_the_emulator = crates(&["-e", "normal,no-proc-macro"]);
    let other: Vec<_> = alone.difference(&with_the_emulator).collect();
    assert!(other.is_empty(), "other features with the emulator (see capi/Cargo.toml): {other:?}");
}

// ---- The policy ----

/// Ready to run.
fn deny(manifest: &Path, options: &[&str]) -> Command {
    let mut deny = Command::new("cargo-deny");
    deny.arg("--manifest-path").arg(manifest).arg("--config").arg(format!("{ROOT}/deny.toml"));
    deny.args(["--workspace", "check"]).args(options).args(["licenses", "bans", "sources"]);
    deny.env("CARGO", env!("CARGO"));
    deny
}

#[test]
#[ignore = "needs cargo-deny; .ci/run runs it"]
fn what_is_taken_in_is_allowed() {
    let output = deny(&Path::new(ROOT).join("Cargo.toml"), &["-D", "warnings"]).output().expect("cargo-deny is there");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A program, and its dependencies in folders beside it. Nothing is fetched.
struct Program {
    directory: PathBuf,
}

impl Program {
    /// One with two dependencies that nobody could object to.
    fn new(test: &str) -> Self {
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("dependencies").join(test);
        // It may not be there.
        let _ = fs::remove_dir_all(&directory);
        let program = Program { directory };
        program.package(
            "program",
            "program 1.0.0",
            "MIT",
            "one = { path = '../one', version = '1' }\ntwo = { path = '../two', version = '1' }",
        );
        program.package("one", "one 1.0.0", "MIT OR Apache-2.0", "");
        program.package("two", "two 1.0.0", "ISC", "");
        program
    }

    fn package(&self, folder: &str, name_and_version: &str, license: &str, dependencies: &str) {
        let directory = self.directory.join(folder);
        fs::create_dir_all(directory.join("src")).unwrap();
        fs::write(directory.join("src/lib.rs"), "").unwrap();
        let (name, version) = name_and_version.split_once(' ').unwrap();
        let package = format!("name = '{name}'\nversion = '{version}'\nedition = '2024'\nlicense = '{license}'");
        let manifest = format!("[workspace]\n[package]\n{package}\n[dependencies]\n{dependencies}\n");
        fs::write(directory.join("Cargo.toml"), manifest).unwrap();
    }

    /// What cargo-deny finds; it may not find that something is missing which our own dependencies have.
    fn check(&self) -> Result<(), String> {
        const ALLOWED: &[&str] =
            &["license-not-encountered", "license-exception-not-encountered", "unmatched-skip", "unnecessary-skip"];
        let allowed: Vec<&str> = ALLOWED.iter().flat_map(|lint| ["-A", lint]).collect();
        let mut deny = deny(&self.directory.join("program/Cargo.toml"), &allowed);
        // What Cargo keeps stays here.
        let output = deny.env("CARGO_HOME", self.directory.join("cargo")).output().expect("cargo-deny is there");
        match output.status.success() {
            true => Ok(()),
            false => Err(String::from_utf8(output.stderr).unwrap()),
        }
    }

    #[track_caller]
    fn refused(&self, why: &str) {
        let found = self.check().expect_err(why);
        assert!(found.contains(&format!("error[{why}]")), "{found}");
    }
}

#[test]
#[ignore = "needs cargo-deny; .ci/run runs it"]
fn what_is_not_allowed_is_refused() {
    assert_eq!(Program::new("allowed").check(), Ok(()));

    let licence = Program::new("licence");
    licence.package("two", "two 1.0.0", "GPL-3.0-only", "");
    licence.refused("rejected");

    let twice = Program::new("twice");
    twice.package("one", "one 1.0.0", "MIT", "same = { path = '../first', version = '1' }");
    twice.package("two", "two 1.0.0", "MIT", "same = { path = '../second', version = '2' }");
    twice.package("first", "same 1.0.0", "MIT", "");
    twice.package("second", "same 2.0.0", "MIT", "");
    twice.refused("duplicate");

    let banned = Program::new("banned");
    banned.package("two", "two 1.0.0", "MIT", "openssl-sys = { path = '../tls', version = '1' }");
    banned.package("tls", "openssl-sys 1.0.0", "MIT", "");
    banned.refused("banned");

    let source = Program::new("source");
    source.package("repository", "elsewhere 1.0.0", "MIT", "");
    let repository = source.directory.join("repository");
    for arguments in ["init -q", "add .", "-c user.name=a -c user.email=a@example.com commit -q -m a"] {
        let status = Command::new("git").args(arguments.split(' ')).current_dir(&repository).status().unwrap();
        assert!(status.success());
    }
    let git = format!("elsewhere = {{ git = 'file://{}', version = '1' }}", repository.display());
    source.package("two", "two 1.0.0", "MIT", &git);
    source.refused("source-not-allowed");
}
