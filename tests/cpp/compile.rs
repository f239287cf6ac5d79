//! C++ compilers, and the ways in which the header is compiled.

use crate::capi::artifacts::ROOT;
use crate::capi::compile::{Link, link_with};
use crate::capi::program::output;
use crate::capi::sanitizer::Sanitizer;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The clang of the sanitizers, as a C++ compiler.
const CLANG: &str = "clang++-22";

/// All of them are errors.
const WARNINGS: &[&str] = &[
    "-Wall",
    "-Wextra",
    "-Wpedantic",
    "-Wconversion",
    "-Wsign-conversion",
    "-Wshadow",
    "-Wold-style-cast",
    "-Wcast-qual",
    "-Wcast-align",
    "-Wnon-virtual-dtor",
    "-Woverloaded-virtual",
    "-Wextra-semi",
    "-Wformat=2",
    "-Wundef",
    "-Werror",
];

/// What gcc alone has.
const WARNINGS_OF_GCC: &[&str] = &["-Wuseless-cast", "-Wlogical-op", "-Wduplicated-cond", "-Wduplicated-branches"];

/// How a program is made.
#[derive(Clone, Copy, Debug)]
pub struct Way {
    pub compiler: &'static str,
    pub standard: &'static str,
    /// Exceptions and run-time type information.
    pub exceptions: bool,
    pub link: Link,
}

impl Way {
    /// The system's compiler, with all that the header has.
    pub const USUAL: Way = Way { compiler: "c++", standard: "c++20", exceptions: true, link: Link::Shared };

    /// The oldest that will do, with the least that will do.
    pub const LEAST: Way = Way { compiler: "c++", standard: "c++17", exceptions: false, link: Link::Static };

    /// With a sanitizer in the program and in the library.
    pub fn sanitized(sanitizer: Sanitizer) -> Way {
        Way { compiler: CLANG, link: Link::Sanitized(sanitizer), ..Way::USUAL }
    }

    /// Every other way.
    pub fn all() -> Vec<Way> {
        let mut ways = Vec::new();
        for compiler in ["g++", CLANG] {
            for standard in ["c++17", "c++20", "c++2b"] {
                for (exceptions, link) in [(true, Link::Static), (false, Link::Shared)] {
                    ways.push(Way { compiler, standard, exceptions, link });
                }
            }
        }
        ways
    }

    /// The compiler with its flags; the source is yet to come.
    pub fn command(&self) -> Command {
        let mut command = Command::new(self.compiler);
        command.arg(format!("-std={}", self.standard)).arg("-pthread").args(WARNINGS);
        if self.compiler == "g++" {
            command.args(WARNINGS_OF_GCC);
        }
        if !self.exceptions {
            command.args(["-fno-exceptions", "-fno-rtti"]);
        }
        if let Link::Sanitized(sanitizer) = self.link {
            // For the lines in its reports. Elsewhere they would take a fifth of the time to compile.
            command.args(["-g", "-O1"]).args(sanitizer.flags());
        }
        command.args([format!("-I{ROOT}/bindings/cpp"), format!("-I{ROOT}/include")]);
        command
    }

    /// Makes a program of one source file.
    pub fn compile(&self, source: &Path, directory: &Path) -> PathBuf {
        let made = directory.join(source.file_stem().expect("a file has a name"));
        let mut command = self.command();
        command.arg("-o").arg(&made).arg(source);
        link_with(&mut command, self.link);
        output(&mut command);
        made
    }
}

/// A source file of tests/cpp.
pub fn source(program: &str) -> PathBuf {
    format!("{ROOT}/tests/cpp/{program}.cpp").into()
}
