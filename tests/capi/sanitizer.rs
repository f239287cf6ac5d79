//! The library with a sanitizer in its Rust code, for C programs with the same one in theirs.

#![allow(dead_code, reason = "each test file uses a part of it")]

use super::artifacts::{ROOT, target};
use super::program::output;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The clang whose sanitizers go with those of the Rust compilers used here: all are of one version of LLVM.
pub const CLANG: &str = "clang-22";

/// What is looked for while a program runs.
#[derive(Clone, Copy, Debug)]
pub enum Sanitizer {
    /// Accesses that are not allowed, and leaks; in C also undefined behaviour.
    Address,
    /// Data races.
    Thread,
}

impl Sanitizer {
    /// For clang.
    pub fn flags(self) -> &'static [&'static str] {
        match self {
            Sanitizer::Address => &["-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
            Sanitizer::Thread => &["-fsanitize=thread"],
        }
    }

    /// liboauthapp.a, built once.
    pub fn library(self) -> &'static Path {
        static ADDRESS: OnceLock<PathBuf> = OnceLock::new();
        static THREAD: OnceLock<PathBuf> = OnceLock::new();
        match self {
            Sanitizer::Address => ADDRESS.get_or_init(|| self.build("address")),
            Sanitizer::Thread => THREAD.get_or_init(|| self.build("thread")),
        }
    }

    fn build(self, name: &str) -> PathBuf {
        let target = target().join("sanitizers").join(name);
        let triple = format!("{}-unknown-linux-gnu", env::consts::ARCH);
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--locked", "-p", "oauthapp-capi", "--target", &triple, "--target-dir"]);
        cargo.arg(&target).current_dir(ROOT);
        // Not the release build, where link-time optimisation could take away what a sanitizer would find; and not one
        // without any optimisation, which takes minutes for the strings of 16 MiB.
        cargo.env("CARGO_PROFILE_DEV_OPT_LEVEL", "1").env("CARGO_PROFILE_DEV_DEBUG", "line-tables-only");
        // Sanitizers are not in Rust's stable interface.
        cargo.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", format!("-Zsanitizer={name}"));
        // ring has C code.
        cargo.env("CC", CLANG).env("CFLAGS", format!("-fsanitize={name}"));
        if matches!(self, Sanitizer::Thread) {
            // What the standard library does to keep threads apart has to be seen too, or all that it guards looks unguarded.
            // Built with the rest, it also asserts what it asks of unsafe code, which the one that comes with Rust doesn't.
            let root = env::var("OAUTHAPP_RUST_WITH_SOURCES");
            let root = root.expect("the folder of a Rust with the standard library's sources; .ci/run has one");
            cargo.arg("-Zbuild-std=std,panic_unwind");
            cargo.env("RUSTC", format!("{root}/usr/bin/rustc"));
            cargo.env("LD_LIBRARY_PATH", format!("{root}/usr/lib/{}-linux-gnu", env::consts::ARCH));
        }
        output(&mut cargo);
        let library = target.join(triple).join("debug/liboauthapp.a");
        // A library without it would find nothing and pass.
        let asked_for = output(Command::new("nm").args(["-A", "--quiet", "--undefined-only"]).arg(&library));
        let (own, init) = ("liboauthapp.a:oauthapp.", format!("U __{}san_init", &name[..1]));
        assert!(asked_for.lines().any(|line| line.contains(own) && line.ends_with(&init)), "no {name} sanitizer in it");
        library
    }
}
