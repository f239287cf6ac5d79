//! What is installed, and where.

use crate::capi::artifacts::{ROOT, as_outside_of_tests, release, scratch, target};
use crate::capi::program::output;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Once;

/// An installed tree: what is below `prefix` on this machine.
pub struct Tree {
    pub prefix: PathBuf,
    /// Seen from the prefix.
    pub libdir: &'static str,
}

impl Tree {
    pub fn lib(&self, name: &str) -> PathBuf {
        self.prefix.join(self.libdir).join(name)
    }

    /// Every file, seen from the prefix, and where a link leads to.
    pub fn files(&self) -> BTreeSet<String> {
        let mut files = BTreeSet::new();
        collect(&self.prefix, &self.prefix, &mut files);
        files
    }

    /// What tests/install/tree says, for this libdir.
    pub fn expected(&self) -> BTreeSet<String> {
        let listed = fs::read_to_string(format!("{ROOT}/tests/install/tree")).unwrap();
        let here = |line: &str| match line.strip_prefix("lib/") {
            Some(below) => format!("{}/{below}", self.libdir),
            None => line.to_owned(),
        };
        listed.lines().map(here).collect()
    }
}

fn collect(folder: &Path, prefix: &Path, files: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(prefix).unwrap().display().to_string();
        if let Ok(target) = path.read_link() {
            files.insert(format!("{name} -> {}", target.display()));
        } else if path.is_dir() {
            collect(&path, prefix, files);
        } else {
            files.insert(name);
        }
    }
}

/// `make` with these variables.
pub fn make(arguments: &[&str]) {
    static MADE: Once = Once::new();
    let make = || {
        let mut make = Command::new("make");
        as_outside_of_tests(&mut make);
        make.args(["--silent", "-C", ROOT]).arg(format!("CARGO_TARGET_DIR={}", target().display()));
        make
    };
    MADE.call_once(|| {
        release();
        output(make().arg(format!("CARGO={}", env!("CARGO"))));
    });
    // Installing is for root, who may have no Rust.
    output(make().arg("CARGO=false").args(arguments));
}

/// Installed where it stays.
pub fn installed(test: &str) -> Tree {
    let prefix = scratch(&format!("{test}-installed"));
    make(&["install", &format!("PREFIX={}", prefix.display())]);
    Tree { prefix, libdir: "lib" }
}

/// Installed, and then moved elsewhere.
pub fn moved(test: &str) -> Tree {
    let Tree { prefix, libdir } = installed(&format!("{test}-first"));
    let elsewhere = scratch(&format!("{test}-moved")).join("elsewhere");
    fs::rename(prefix, &elsewhere).unwrap();
    Tree { prefix: elsewhere, libdir }
}

/// As a packager of a distribution with one folder for each architecture makes it, and as it is unpacked in no system's folder.
pub fn staged(test: &str) -> Tree {
    let stage = scratch(&format!("{test}-staged"));
    make(&["install", "PREFIX=/usr", "LIBDIR=lib/x86_64-linux-gnu", &format!("DESTDIR={}", stage.display())]);
    Tree { prefix: stage.join("usr"), libdir: "lib/x86_64-linux-gnu" }
}
