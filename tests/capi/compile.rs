//! C and C++ compilers.

#![allow(dead_code, reason = "each test file uses a part of it")]

use super::artifacts::{ROOT, packaged, release};
use super::program::output;
use super::sanitizer::{CLANG, Sanitizer};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The library that a program is linked with.
#[derive(Clone, Copy, Debug)]
pub enum Link {
    Shared,
    Static,
    /// The static library as it is installed, with no names but its own.
    Packaged,
    /// The static library with a sanitizer in it; so has the program.
    Sanitized(Sanitizer),
}

const WARNINGS: &[&str] = &["-Wall", "-Wextra", "-Wpedantic", "-Werror"];

/// What the Rust standard library wants of the system; `the_link_lines_of_the_readme_work` checks the README's list.
const SYSTEM_LIBRARIES: &[&str] = &["-lgcc_s", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl", "-lc"];

/// Makes a program of tests/c.
pub fn compile(program: &str, link: Link, directory: &Path) -> PathBuf {
    let made = directory.join(format!("{program}-{link:?}").to_lowercase());
    let (compiler, flags) = match link {
        Link::Shared | Link::Static | Link::Packaged => ("cc", &[][..]),
        Link::Sanitized(sanitizer) => (CLANG, sanitizer.flags()),
    };
    let mut command = Command::new(compiler);
    command.args(["-std=c99", "-g", "-O1", "-pthread"]).args(WARNINGS).args(flags);
    command.arg(format!("-I{ROOT}/include")).arg("-o").arg(&made).arg(format!("{ROOT}/tests/c/{program}.c"));
    link_with(&mut command, link);
    output(&mut command);
    made
}

/// Adds the library to what makes a program.
pub fn link_with(command: &mut Command, link: Link) {
    match link {
        Link::Shared => {
            let release = release();
            command.arg("-L").arg(release).arg("-loauthapp").arg(format!("-Wl,-rpath,{}", release.display()));
        }
        Link::Static => {
            command.arg(release().join("liboauthapp.a")).args(SYSTEM_LIBRARIES);
        }
        Link::Packaged => {
            command.arg(packaged()).args(SYSTEM_LIBRARIES);
        }
        Link::Sanitized(sanitizer) => {
            command.arg(sanitizer.library()).args(SYSTEM_LIBRARIES);
        }
    }
}

/// The compilers to check the header with, and whether someone has chosen them.
pub fn compilers() -> (Vec<String>, bool) {
    match std::env::var("OAUTHAPP_TEST_COMPILERS") {
        Ok(list) if !list.trim().is_empty() => (list.split_whitespace().map(str::to_owned).collect(), true),
        _ => (vec!["cc".to_owned()], false),
    }
}

/// Fails on any warning.
pub fn syntax_check(compiler: &str, language: &str, standard: &str, source: &Path) {
    let mut command = Command::new(compiler);
    command.arg(format!("-I{ROOT}/include")).arg(format!("-std={standard}")).args(WARNINGS);
    output(command.args(["-fsyntax-only", "-x", language]).arg(source));
}

/// A compiler driver may be there without its C++ compiler, or without the C++ library's headers.
pub fn cpp_works(compiler: &str, directory: &Path) -> bool {
    let source = directory.join("any.cpp");
    fs::write(&source, "#include <cstring>\n").unwrap();
    let mut command = Command::new(compiler);
    command.args(["-fsyntax-only", "-x", "c++"]).arg(source).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
