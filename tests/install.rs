//! The libraries as they are installed, and programs (examples/linking) that find them with pkg-config, CMake and Meson, in C
//! and C++, shared and static, and sign in.
#![cfg(target_os = "linux")]

#[allow(dead_code, reason = "the rest is for tests/capi.rs")]
#[path = "capi/mod.rs"]
mod capi;
mod install {
    pub mod programs;
    pub mod tree;
}

use capi::artifacts::{ROOT, as_outside_of_tests, packaged, release, scratch, target};
use capi::compile::{Link, link_with};
use capi::program::{asks_for_nothing, output, run};
use install::programs::Programs;
use install::tree::{Tree, installed, make, moved, staged};
use oauthapp_emulator::Emulator;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn repository(file: &str) -> String {
    fs::read_to_string(format!("{ROOT}/{file}")).unwrap()
}

// ---- What is said in more than one place ----

#[test]
fn the_version_is_the_same_everywhere() {
    assert!(repository("packaging/OAuthAppConfigVersion.cmake").contains(&format!("(PACKAGE_VERSION \"{VERSION}\")")));
    assert!(repository("tests/install/tree").contains(&format!("lib/liboauthapp.so.{VERSION}\n")));
    // cargo-c takes the version's first number for that of the ABI.
    let major = VERSION.split('.').next().unwrap();
    assert!(repository("capi/build.rs").contains(&format!("const ABI_VERSION: u32 = {major};")));
}

/// What Rust's standard library wants of the system; `the_link_lines_of_the_readme_work` shows that it is enough.
#[test]
fn the_system_libraries_are_the_same_everywhere() {
    const LIBRARIES: &str = "-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc";
    assert!(repository("README.md").contains(&format!("liboauthapp.a {LIBRARIES}\n")));
    assert!(repository("packaging/oauthapp.pc.in").contains(&format!("Libs.private: {LIBRARIES}\n")));
    let cmake = format!("INTERFACE_LINK_LIBRARIES \"{}\")", LIBRARIES.replace("-l", "").replace(' ', ";"));
    for file in ["packaging/OAuthAppConfig.cmake", "CMakeLists.txt"] {
        assert!(repository(file).contains(&cmake), "{file}");
    }
}

// ---- What is installed ----

#[test]
#[ignore = "needs make; .ci/run runs it"]
fn make_installs_what_is_listed_and_takes_it_away_again() {
    for tree in [installed("make"), staged("make")] {
        assert_eq!(tree.files(), tree.expected());
        let same = |installed: PathBuf, made: &Path| {
            assert!(fs::read(installed).unwrap() == fs::read(made).unwrap(), "{}", made.display());
        };
        same(tree.prefix.join("include/oauthapp.h"), &Path::new(ROOT).join("include/oauthapp.h"));
        same(tree.prefix.join("include/oauthapp.hpp"), &Path::new(ROOT).join("bindings/cpp/oauthapp.hpp"));
        same(tree.lib("liboauthapp.so"), &release().join("liboauthapp.so"));
        same(tree.lib("liboauthapp.a"), &packaged());
        // The loader looks for this name.
        let dynamic = output(Command::new("readelf").arg("-d").arg(tree.lib("liboauthapp.so")));
        let (_, soname) = dynamic.split_once("soname: [").unwrap();
        assert!(tree.lib(soname.split(']').next().unwrap()).exists(), "{soname}");
    }

    let root = scratch("make-uninstall");
    let destination = format!("DESTDIR={}", root.display());
    let foreign = root.join("usr/lib/libother.so");
    make(&["install", "PREFIX=/usr", &destination]);
    fs::write(&foreign, "").unwrap();
    make(&["uninstall", "PREFIX=/usr", &destination]);
    let left = Tree { prefix: root, libdir: "usr/lib" }.files();
    assert_eq!(left.into_iter().collect::<Vec<_>>(), ["usr/lib/libother.so"]);
}

// ---- Who finds it ----

#[test]
#[ignore = "needs make and pkg-config; .ci/run runs it"]
fn programs_find_it_with_pkg_config() {
    for tree in [installed("pkg-config"), moved("pkg-config"), staged("pkg-config")] {
        let programs = Programs::new("pkg-config");
        output(&mut programs.command("./build.sh", &tree));
        programs.sign_in(&programs.folder);
    }
}

#[test]
#[ignore = "needs make, cmake and ninja; .ci/run runs it"]
fn programs_find_it_with_cmake() {
    for tree in [installed("cmake"), moved("cmake"), staged("cmake")] {
        let programs = Programs::new("cmake");
        programs.cmake("Ninja", &[format!("-DCMAKE_PREFIX_PATH={}", tree.prefix.display())]);
        programs.sign_in(&programs.folder.join("build"));
    }
}

const INSTALLED: &str = "1.4.2";

/// `find_package` with this version in a project of its own.
fn finds(version: &str, tree: &Tree) -> bool {
    let project = scratch("cmake-version");
    let lines = [
        "cmake_minimum_required(VERSION 3.21)",
        "project(app NONE)",
        &format!("find_package(OAuthApp {version})"),
        "file(WRITE ${CMAKE_BINARY_DIR}/found \"${OAuthApp_FOUND} ${OAuthApp_VERSION}\")",
    ];
    fs::write(project.join("CMakeLists.txt"), lines.join("\n")).unwrap();
    let prefix = format!("-DCMAKE_PREFIX_PATH={}", tree.prefix.display());
    output(Command::new("cmake").args(["-S", ".", "-B", "build", &prefix]).current_dir(&project));
    match fs::read_to_string(project.join("build/found")).unwrap().trim() {
        "0" => false,
        found => found == format!("1 {INSTALLED}") || panic!("{version}: {found}"),
    }
}

#[test]
#[ignore = "needs make and cmake; .ci/run runs it"]
fn cmake_finds_the_versions_that_go_together() {
    let tree = installed("cmake-versions");
    let file = tree.lib("cmake/OAuthApp/OAuthAppConfigVersion.cmake");
    // One in the middle, so that there are some on both sides.
    fs::write(&file, fs::read_to_string(&file).unwrap().replace(VERSION, INSTALLED)).unwrap();
    for version in ["", "1", "1.4", "1.4.2", "1.4.2 EXACT", "1.0...1.9", "1.0...<2", "1.0...1.4.2"] {
        assert!(finds(version, &tree), "{version}");
    }
    for version in ["0.9", "2", "1.4.3", "1.5", "1.4 EXACT", "1.5...1.9", "1.0...<1.4.2", "1.0...1.4.1", "0.9...2"] {
        assert!(!finds(version, &tree), "{version}");
    }
}

#[test]
#[ignore = "needs cmake and ninja; .ci/run runs it"]
fn programs_have_it_made_by_cmake() {
    release();
    for (generator, configuration) in [("Ninja", "RelWithDebInfo"), ("Unix Makefiles", "Debug"), ("Ninja", "")] {
        let programs = Programs::new("fetch-content");
        let settings = [
            format!("-DOAUTHAPP_SOURCE={ROOT}"),
            format!("-DOAUTHAPP_CARGO_TARGET_DIR={}", target().display()),
            format!("-DCMAKE_BUILD_TYPE={configuration}"),
        ];
        programs.cmake(generator, &settings);
        programs.sign_in(&programs.folder.join("build"));
    }
}

#[test]
#[ignore = "needs make, meson and ninja; .ci/run runs it"]
fn programs_find_it_with_meson() {
    for tree in [installed("meson"), moved("meson"), staged("meson")] {
        let programs = Programs::new("meson");
        output(programs.command("meson", &tree).args(["setup", "build"]));
        output(programs.command("meson", &tree).args(["compile", "-C", "build"]));
        programs.sign_in(&programs.folder.join("build"));
    }
}

// ---- cargo-c ----

/// A text without these lines, which say where things are.
fn without(text: &str, lines: &[&str]) -> String {
    text.lines().filter(|line| !lines.iter().any(|start| line.starts_with(start))).collect::<Vec<_>>().join("\n")
}

fn cargo_c(prefix: &Path, libdir: &'static str, destination: Option<&Path>) -> Tree {
    let mut cargo = Command::new("cargo-cinstall");
    as_outside_of_tests(&mut cargo);
    cargo.args(["cinstall", "--locked", "-p", "oauthapp-capi", "--libdir", libdir, "--prefix"]).arg(prefix);
    cargo.arg("--target-dir").arg(target().join("cargo-c")).current_dir(ROOT);
    if let Some(destination) = destination {
        cargo.arg("--destdir").arg(destination);
    }
    output(&mut cargo);
    let prefix = match destination {
        Some(destination) => destination.join(prefix.strip_prefix("/").unwrap()),
        None => prefix.to_owned(),
    };
    Tree { prefix, libdir }
}

#[test]
#[ignore = "needs make, pkg-config, cmake, ninja and cargo-c; .ci/cargo-c runs it"]
fn cargo_c_installs_the_same() {
    let made = installed("beside-cargo-c");
    let tree = cargo_c(&scratch("cargo-c"), "lib", None);
    assert_eq!(tree.files(), made.files());
    let text = |tree: &Tree, file: &str| fs::read_to_string(tree.prefix.join(file)).unwrap();
    for file in ["include/oauthapp.h", "include/oauthapp.hpp", "lib/cmake/OAuthApp/OAuthAppConfigVersion.cmake"] {
        assert!(text(&tree, file) == text(&made, file), "{file}");
    }
    let folders = ["set(_OAuthApp_LIBDIRS ", "set(_OAuthApp_INCLUDEDIRS "];
    let config = |tree| without(&text(tree, "lib/cmake/OAuthApp/OAuthAppConfig.cmake"), &folders);
    assert_eq!(config(&tree), config(&made));
    let folders = ["prefix=", "exec_prefix=", "libdir=", "includedir="];
    let pc = |tree| without(&text(tree, "lib/pkgconfig/oauthapp.pc"), &folders);
    assert_eq!(pc(&tree), pc(&made));
    let exports = |tree: &Tree| {
        output(
            Command::new("nm").args(["-D", "--defined-only", "--format=just-symbols"]).arg(tree.lib("liboauthapp.so")),
        )
    };
    assert_eq!(exports(&tree), exports(&made));

    let programs = Programs::new("cargo-c-pkg-config");
    output(&mut programs.command("./build.sh", &tree));
    programs.sign_in(&programs.folder);
    let programs = Programs::new("cargo-c-cmake");
    programs.cmake("Ninja", &[format!("-DCMAKE_PREFIX_PATH={}", tree.prefix.display())]);
    programs.sign_in(&programs.folder.join("build"));

    // CMake's package is where CMake looks, whatever the folder of the libraries is.
    let tree = cargo_c(Path::new("/usr"), "lib/x86_64-linux-gnu", Some(&scratch("cargo-c-staged")));
    let expected = tree.expected().into_iter().map(|file| file.replace("lib/x86_64-linux-gnu/cmake", "lib/cmake"));
    assert_eq!(tree.files(), expected.collect());
    let programs = Programs::new("cargo-c-staged");
    programs.cmake("Ninja", &[format!("-DCMAKE_PREFIX_PATH={}", tree.prefix.display())]);
    programs.sign_in(&programs.folder.join("build"));
}

// ---- Beside another library in Rust ----

/// The other library, compiled with this compiler.
fn second(compiler: &mut Command, options: &[&str], folder: &Path) -> PathBuf {
    let library = folder.join("libsecond.a");
    compiler.args(["--edition=2024", "--crate-type=staticlib"]).args(options).arg("-o").arg(&library);
    output(compiler.arg(format!("{ROOT}/tests/install/second.rs")));
    library
}

/// Links a program with both, in either order, and runs it.
fn goes_with(second: &Path) {
    let emulator = Emulator::start().unwrap();
    for second_first in [true, false] {
        let program = second.with_file_name(format!("program-{second_first}"));
        let mut cc = Command::new("cc");
        cc.args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-pthread", "-o"]).arg(&program);
        cc.args([format!("-I{ROOT}/include"), format!("{ROOT}/tests/c/two_rust_libraries.c")]);
        if second_first {
            cc.arg(second);
        }
        link_with(&mut cc, Link::Packaged);
        if !second_first {
            cc.arg(second).args(["-lgcc_s", "-lc"]);
        }
        output(&mut cc);
        run(Command::new(&program).arg(emulator.url()), asks_for_nothing);
    }
}

#[test]
fn a_program_can_have_another_library_in_rust() {
    for (test, options) in [("plain", &["-O"][..]), ("optimised", &["-O", "-Clto=fat", "-Ccodegen-units=1"])] {
        let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or("rustc".into()));
        goes_with(&second(&mut rustc, options, &scratch(&format!("two-rust-libraries-{test}"))));
    }
}

#[test]
#[ignore = "needs the Rust that .ci/oldest-rust unpacks; .ci/run runs it"]
fn a_program_can_have_another_library_of_another_version_of_rust() {
    let rust = format!("{ROOT}/target/oldest-rust/usr");
    let mut rustc = Command::new(format!("{rust}/bin/rustc"));
    let folders = [format!("{rust}/lib/x86_64-linux-gnu"), format!("{ROOT}/target/oldest-rust/lib/x86_64-linux-gnu")];
    rustc.env("LD_LIBRARY_PATH", folders.join(":"));
    goes_with(&second(&mut rustc, &["-O"], &scratch("two-versions-of-rust")));
}
