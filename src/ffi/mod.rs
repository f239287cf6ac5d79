//! The C face. Thin: it checks what comes from C, makes the call, and hands the answer over; all else is in the core.
//!
//! The documentation of the exported functions and structs is written for the reader of `oauthapp.h`, which cbindgen makes
//! of it. A safety section would only repeat there what every C function asks for, so it stands here once: a pointer is
//! NULL or valid for what the function does with it, for the time of the call; a string is NUL-terminated; handles may be
//! anything at all.

#![allow(clippy::missing_safety_doc, reason = "see above")]
#![allow(rustdoc::bare_urls, reason = "the header is no Markdown")]

mod account;
mod cancel;
mod claims;
mod client;
#[allow(dead_code, reason = "the tables are for build.rs")]
mod constants;
mod error;
mod fence;
#[cfg(any(fuzzing, test))]
pub(crate) mod fuzz;
mod handle;
mod input;
mod json;
#[cfg(test)]
mod json_properties;
mod log;
mod options;
#[cfg(test)]
mod panics;
mod profile;
mod qr_code;
mod string;
mod tls;
mod types;
mod union_id;
mod version;
