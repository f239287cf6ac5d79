//! Makes the C header from src/ffi. It goes to OUT_DIR, never into the source folder: a test compares it with the committed
//! include/oauthapp.h, and `OAUTHAPP_UPDATE_HEADER=1 cargo test --test header` copies it there.

fn main() {
    #[cfg(feature = "capi")]
    header::generate();
}

#[cfg(feature = "capi")]
#[path = "src/ffi/constants.rs"]
#[allow(dead_code, reason = "the constants are for the library")]
mod constants;
#[cfg(feature = "capi")]
#[path = "src/kind.rs"]
#[allow(dead_code, reason = "the rest is for the library")]
mod kind;

#[cfg(feature = "capi")]
mod header {
    use std::env;
    use std::fmt::Write;
    use std::path::{Path, PathBuf};

    use crate::constants::{CLIENT_FLAGS, CValue, JSON_TYPE, LOG_LEVEL, TRISTATE, TRUST};
    use crate::kind::{self, ErrorKind};

    /// In the order in which a reader needs them: the header is the manual.
    const SOURCES: &[&str] = &[
        "version", "error", "string", "log", "client", "cancel", "options", "account", "union_id", "qr_code",
        "profile", "claims", "json",
    ];

    /// The structs that a caller fills; each gets an initialiser.
    const VERSIONED_STRUCTS: &[&str] = &[
        "oauthapp_client_config",
        "oauthapp_call_options",
        "oauthapp_sign_up_request",
        "oauthapp_union_id_sign_up_request",
        "oauthapp_qr_code_sign_up_request",
    ];

    pub fn generate() {
        let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("Cargo sets it"));
        let ffi = root.join("src/ffi");
        for watched in ["build.rs", "cbindgen.toml", "src/kind.rs", "src/ffi"] {
            println!("cargo:rerun-if-changed={watched}");
        }
        let mut config = cbindgen::Config::from_file(root.join("cbindgen.toml")).expect("cbindgen.toml is well-formed");
        // The guard is written here because cbindgen would end its own before the initialisers.
        config.header = Some(read(&ffi.join("intro.h")) + "\n#ifndef OAUTHAPP_H\n#define OAUTHAPP_H");
        config.after_includes = Some(preamble(&read(&ffi.join("macros.h"))));
        config.trailer = Some(initialisers());
        let mut builder = cbindgen::Builder::new().with_config(config);
        for source in SOURCES {
            builder = builder.with_src(ffi.join(format!("{source}.rs")));
        }
        let out = PathBuf::from(env::var("OUT_DIR").expect("Cargo sets it"));
        let bindings = builder.with_src(ffi.join("types.rs")).generate().expect("src/ffi is fit for cbindgen");
        bindings.write_to_file(out.join("oauthapp.h"));
    }

    fn read(path: &Path) -> String {
        std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).trim().to_owned()
    }

    /// The version, the macros and the enums: what stands before the types.
    fn preamble(macros: &str) -> String {
        let number = |name: &str| -> u32 { env::var(name).ok().and_then(|text| text.parse().ok()).expect("a version") };
        let (major, minor, patch) =
            (number("CARGO_PKG_VERSION_MAJOR"), number("CARGO_PKG_VERSION_MINOR"), number("CARGO_PKG_VERSION_PATCH"));
        let version = env::var("CARGO_PKG_VERSION").expect("Cargo sets it");
        let combined = major * 1_000_000 + minor * 1_000 + patch;
        let codes = enum_values(
            std::iter::once(("OAUTHAPP_OK".to_owned(), 0, "Success."))
                .chain(ErrorKind::ALL.iter().map(|kind| (kind::c_name(kind.name()), kind.code(), kind.description()))),
        );
        format!(
            "\n/* The version of this header. oauthapp_version() is that of the library that the program runs with. */\n\
             #define OAUTHAPP_VERSION \"{version}\"\n\
             #define OAUTHAPP_VERSION_MAJOR {major}\n\
             #define OAUTHAPP_VERSION_MINOR {minor}\n\
             #define OAUTHAPP_VERSION_PATCH {patch}\n\
             #define OAUTHAPP_VERSION_NUMBER {combined}\n\n\
             {macros}\n\n{}{}{}{}{}{}",
            open_enum(
                "oauthapp_code",
                "What every function returns that can fail: OAUTHAPP_OK, or what went wrong. The numbers never change.",
                &codes
            ),
            open_enum(
                "oauthapp_tristate",
                "A truth value in a request. 0, which a struct's initialiser sets, means that the field is not sent.",
                &table(TRISTATE)
            ),
            open_enum("oauthapp_json_type", "The type of a JSON value.", &table(JSON_TYPE)),
            open_enum("oauthapp_log_level", "How much a line of the log matters.", &table(LOG_LEVEL)),
            open_enum("oauthapp_trust", "Which certificate authorities vouch for the server.", &table(TRUST)),
            open_enum("oauthapp_client_flag", "Bits for oauthapp_client_config.flags.", &table(CLIENT_FLAGS)),
        )
    }

    fn table(values: &[CValue]) -> String {
        enum_values(values.iter().map(|(name, number, doc)| ((*name).to_owned(), *number, *doc)))
    }

    fn enum_values(values: impl Iterator<Item = (String, i32, &'static str)>) -> String {
        let mut text = String::new();
        for (name, number, doc) in values {
            write!(text, "    /**\n{}     */\n    {name} = {number},\n", wrap(doc, "     * ")).expect("a string");
        }
        // C before C99 and C++ before C++11 have no comma after the last value; strict compilers say so.
        text.truncate(text.trim_end_matches(",\n").len());
        text
    }

    fn open_enum(name: &str, doc: &str, values: &str) -> String {
        format!(
            "/**\n{} */\nOAUTHAPP_ENUM_BEGIN({name}) {{\n{values}\n}} OAUTHAPP_ENUM_END({name});\n\n",
            wrap(doc, " * ")
        )
    }

    /// Breaks a text into comment lines.
    fn wrap(text: &str, prefix: &str) -> String {
        const WIDTH: usize = 120;
        let mut lines = String::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            if !line.is_empty() && prefix.len() + line.chars().count() + 1 + word.chars().count() > WIDTH {
                writeln!(lines, "{prefix}{line}").expect("a string");
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        writeln!(lines, "{prefix}{line}").expect("a string");
        lines
    }

    /// `oauthapp_…_init()` for every struct that a caller fills.
    fn initialisers() -> String {
        let mut text = String::from(
            "/*\n * Initialisers: all fields zero (\"not given\"), and the size as this header knows it. They are part of the\n \
             * program, not of the library, so that the size is that of the program's own header.\n */\n",
        );
        for name in VERSIONED_STRUCTS {
            write!(
                text,
                "\n/** An empty {name}. */\n\
                 static inline {name} {name}_init(void)\n{{\n    {name} value;\n    memset(&value, 0, sizeof value);\n    \
                 value.struct_size = sizeof value;\n    return value;\n}}\n"
            )
            .expect("a string");
        }
        // Opened in macros.h.
        text.push_str("\n#if defined(__clang__)\n#pragma clang diagnostic pop\n#endif\n\n#endif /* OAUTHAPP_H */");
        text
    }
}
