//! The libraries that ship, and a place for what the tests make of them.

#![allow(dead_code, reason = "each test file uses a part of it")]

use super::program::output;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The repository.
pub const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// The target folder of this very build, wherever it is. Cargo puts the folder for tests' files into it.
pub fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("Cargo makes it a subfolder")
}

/// As it is called outside of tests.
fn cargo() -> Command {
    let mut cargo = Command::new(env!("CARGO"));
    as_outside_of_tests(&mut cargo);
    cargo
}

/// Takes away what Cargo tells tests of their package: where that has changed, ring is built anew, and with it all that it is
/// linked into.
pub fn as_outside_of_tests(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")) {
            command.env_remove(name);
        }
    }
    command.env_remove("OUT_DIR").env_remove("LD_LIBRARY_PATH");
}

/// The folder of liboauthapp.so and liboauthapp.a, built by the README's command, features that the workspace unifies
/// included; once, however many tests ask.
pub fn release() -> &'static Path {
    static RELEASE: OnceLock<PathBuf> = OnceLock::new();
    RELEASE.get_or_init(|| {
        let mut cargo = cargo();
        cargo.args(["build", "--quiet", "--release", "--target-dir"]).arg(target());
        output(cargo.current_dir(ROOT));
        target().join("release")
    })
}

/// liboauthapp.a as it is installed.
pub fn packaged() -> PathBuf {
    let library = release().join("packaged/liboauthapp.a");
    let script = format!("{ROOT}/packaging/hide-symbols.sh");
    output(Command::new(script).arg(release().join("liboauthapp.a")).arg(&library));
    library
}

/// liboauthapp.so as it ships, but with the debug information of our own code; in a folder of its own, built once.
pub fn with_debug_information() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        let directory = target().join("debug-information");
        let mut cargo = cargo();
        cargo.args(["build", "--quiet", "--release", "-p", "oauthapp-capi"]);
        cargo.args(["--config", "profile.release.strip=false", "--config", "profile.release.package.oauthapp.debug=2"]);
        output(cargo.arg("--target-dir").arg(&directory).current_dir(ROOT));
        directory.join("release/liboauthapp.so")
    })
}

/// An empty folder for one test.
pub fn scratch(test: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("capi").join(test);
    // It may not be there.
    let _ = fs::remove_dir_all(&directory);
    fs::create_dir_all(&directory).unwrap();
    directory
}
