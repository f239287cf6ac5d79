//! The ABI only grows. `abi/` holds what the last release promised, as libabigail sees it: the library's machine code, and the
//! header, each with the number of the soname in its name. A program that was compiled with either must go on working:
//! what is added is fine, and what is removed or changed needs a new soname (capi/build.rs), and with it new records.
//!
//! `OAUTHAPP_UPDATE_ABI=1 cargo test --test abi -- --ignored` writes the records, and is part of a release. Once there is a
//! release in CHANGELOG.md, it writes them only where nothing is lost. Until then nobody depends on the ABI, and it writes
//! whatever is there, and the header of tests/c/abi1: an intended change takes them along in the same commit.
//!
//! Needs abidw and abidiff (Debian: abigail-tools), clang-22, and two minutes for a library with debug information.
#![cfg(target_os = "linux")]

mod capi {
    pub mod artifacts;
    pub mod header;
    pub mod program;
}
mod libabigail {
    pub mod agree;
    pub mod compare;
    pub mod dump;
    pub mod tree;
}

use capi::artifacts::{ROOT, scratch, with_debug_information};
use capi::header;
use capi::program::output;
use libabigail::agree::shapes;
use libabigail::compare::loss;
use libabigail::dump;
use libabigail::tree::Element;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The dump of a header with this text.
fn of_header(text: &str, test: &str) -> Element {
    let directory = scratch(test);
    fs::write(directory.join("oauthapp.h"), text).unwrap();
    let functions: Vec<String> = header::functions_of(text).into_iter().collect();
    dump::of_header(&directory, &functions, &header::enums_of(text), &directory)
}

fn header_text() -> String {
    fs::read_to_string(format!("{ROOT}/include/oauthapp.h")).unwrap()
}

/// The number at the end of the library's soname.
fn abi_version(library: &Element) -> String {
    let soname = library.attribute("soname").expect("it has a soname");
    soname.rsplit('.').next().unwrap().to_owned()
}

fn released() -> bool {
    let changes = fs::read_to_string(format!("{ROOT}/CHANGELOG.md")).unwrap();
    changes.lines().any(|line| line.starts_with("## ") && !line.contains("Unreleased"))
}

fn update() -> bool {
    std::env::var_os("OAUTHAPP_UPDATE_ABI").is_some()
}

/// Compares with the record, or writes it when asked.
fn keeps_what_is_recorded(name: &str, now: &Element) {
    let path = format!("{ROOT}/abi/{name}.abi");
    let recorded = fs::read_to_string(&path).ok();
    let lost = recorded.as_ref().and_then(|recorded| loss(&Element::parse(recorded), now, &scratch(name)));
    if update() && (lost.is_none() || !released()) {
        fs::write(&path, now.to_string()).unwrap();
        return;
    }
    assert!(recorded.is_some(), "{path} is missing: a new soname needs new records");
    assert!(lost.is_none(), "{name}: something was removed or changed, see tests/abi.rs\n{}", lost.unwrap_or_default());
}

#[test]
#[ignore = "needs abigail-tools and clang-22; .ci/run runs it"]
fn nothing_is_lost_from_the_library_and_the_header() {
    let library = dump::of_library(with_debug_information());
    let version = abi_version(&library);
    keeps_what_is_recorded(&format!("liboauthapp.so.{version}"), &library);
    keeps_what_is_recorded(&format!("oauthapp.h.{version}"), &of_header(&header_text(), "header"));
    if update() && !released() {
        fs::write(format!("{ROOT}/tests/c/abi1/oauthapp.h"), header_text()).unwrap();
    }
}

#[test]
#[ignore = "needs abigail-tools and clang-22; .ci/run runs it"]
fn the_library_was_compiled_with_what_the_header_says() {
    let header = shapes(&of_header(&header_text(), "agree"));
    let library = shapes(&dump::of_library(with_debug_information()));
    assert!(library.contains_key("oauthapp_sign_up") && library.contains_key("struct oauthapp_client_config"));
    for name in header.keys().chain(library.keys()) {
        assert_eq!(header.get(name), library.get(name), "{name} in the header and in the library");
    }
}

// ---- That the comparison notices ----

#[test]
#[ignore = "needs abigail-tools and clang-22; .ci/run runs it"]
fn a_header_that_breaks_programs_is_refused() {
    let text = header_text();
    let recorded = of_header(&text, "before");
    for (what, old, new) in [
        ("a function less", "oauthapp_code oauthapp_json_get_bool(", "oauthapp_code oauthapp_json_get_boolean("),
        ("another return value", "uint32_t oauthapp_version_number(", "uint64_t oauthapp_version_number("),
        ("a parameter more", "oauthapp_version_number(void)", "oauthapp_version_number(int of)"),
        ("another pointer", "bool *OAUTHAPP_NONNULL value_out", "int32_t *OAUTHAPP_NONNULL value_out"),
        (
            "text that is no longer const",
            "const char *OAUTHAPP_NONNULL oauthapp_version(",
            "char *OAUTHAPP_NONNULL oauthapp_version(",
        ),
        ("an enum's value changed", "OAUTHAPP_TRUE = 2", "OAUTHAPP_TRUE = 3"),
        ("an enum's value less", "OAUTHAPP_TRUST_MOZILLA = 0,", ""),
        ("a flag changed", "OAUTHAPP_CLIENT_KEEP_SESSION = 1,", "OAUTHAPP_CLIENT_KEEP_SESSION = 32,"),
        ("a field less", "    int32_t max_retries;\n", ""),
        ("a field of another type", "    int64_t app_id;\n", "    double app_id;\n"),
        ("a field in the middle", "    int64_t app_id;\n", "    int64_t app_id;\n    int64_t more;\n"),
        ("a field that got wider", "    uint32_t timeout_ms;\n", "    uint64_t timeout_ms;\n"),
    ] {
        assert!(text.contains(old), "{what}: the header has no {old}");
        let now = of_header(&text.replace(old, new), "after");
        assert!(loss(&recorded, &now, &scratch("refused")).is_some(), "{what} goes unnoticed");
    }

    // Two fields of one type: neither a size nor an offset changes.
    let swapped = text
        .replace(" timeout_ms;", " T;")
        .replace(" connect_timeout_ms;", " timeout_ms;")
        .replace(" T;", " connect_timeout_ms;");
    assert!(loss(&recorded, &of_header(&swapped, "after"), &scratch("refused")).is_some());
}

#[test]
#[ignore = "needs abigail-tools and clang-22; .ci/run runs it"]
fn a_header_that_grows_is_fine() {
    let text = header_text();
    let recorded = of_header(&text, "before-growth");
    let more = text
        .replace("uint32_t oauthapp_version_number(", "int oauthapp_more(int);\nuint32_t oauthapp_version_number(")
        .replace("OAUTHAPP_TRUE = 2", "OAUTHAPP_TRUE = 2, OAUTHAPP_MORE = 3")
        .replace("OAUTHAPP_NULLABLE log_context;\n", "OAUTHAPP_NULLABLE log_context;\n    int64_t more;\n");
    assert!(more.matches("more").count() >= text.matches("more").count() + 2 && more.contains("OAUTHAPP_MORE"));
    assert_eq!(loss(&recorded, &of_header(&more, "after-growth"), &scratch("growth")), None);
}

/// The same for Rust's debug information, which is another than C's: a library in small.
#[test]
#[ignore = "needs abigail-tools; .ci/run runs it"]
fn a_library_that_breaks_programs_is_refused_and_one_that_grows_is_fine() {
    const SOURCE: &str = "
        #[repr(C)]
        pub struct oauthapp_options { pub struct_size: usize, pub first: u32, pub second: u32 }
        #[unsafe(no_mangle)]
        pub extern \"C\" fn oauthapp_one(options: *const oauthapp_options) -> i32 { options.is_null().into() }
        #[unsafe(no_mangle)]
        pub extern \"C\" fn oauthapp_two(number: i32) -> bool { number > 2 }
    ";
    let directory = scratch("library");
    let compiled = |source: &str| {
        let (file, library) = (directory.join("library.rs"), directory.join("library.so"));
        fs::write(&file, source).unwrap();
        let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or("rustc".into()));
        rustc.args(["--edition=2024", "--crate-type=cdylib", "-g", "-Copt-level=1", "-Anon-camel-case-types", "-o"]);
        output(rustc.args([&library, &file]));
        dump::of_library(Path::new(&library))
    };
    let recorded = compiled(SOURCE);
    for (what, old, new) in [
        ("a function less", "oauthapp_two", "oauthapp_three"),
        ("another return value", "-> bool { number > 2 }", "-> i64 { number.into() }"),
        ("another parameter", "(number: i32)", "(number: i64)"),
        ("a field of another type", "first: u32, pub second: u32", "first: i64"),
        ("two fields in another order", "first: u32, pub second: u32", "second: u32, pub first: u32"),
        ("a field in the middle", "pub first", "pub zeroth: u64, pub first"),
    ] {
        assert!(SOURCE.contains(old), "{what}");
        let now = compiled(&SOURCE.replace(old, new));
        assert!(loss(&recorded, &now, &scratch("refused-library")).is_some(), "{what} goes unnoticed");
    }
    let more = SOURCE.replace("second: u32", "second: u32, pub third: u64")
        + "#[unsafe(no_mangle)] pub extern \"C\" fn oauthapp_three() {}";
    assert_eq!(loss(&recorded, &compiled(&more), &scratch("growth-library")), None);
}
