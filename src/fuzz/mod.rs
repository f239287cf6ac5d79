//! What the fuzz targets run; `cargo test` runs it too, on the inputs that are kept in `fuzz/`. See `fuzz/README.md`.
//!
//! Each target is a function that takes any bytes and panics where the library breaks a promise. Compiled for fuzzing and for
//! tests only; no program has it in it.

#![allow(missing_docs, reason = "each file says what its target is")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a panic is how a target tells of a finding"
)]
#![allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "likewise")]

mod answer;
mod base_url;
mod challenge;
mod data;
mod envelope;
pub(crate) mod input;
mod object;
mod pem;
mod problem;
mod proxy_reply;
mod proxy_url;
#[cfg(test)]
mod replay;
mod retry_after;
mod scrub;
mod token;

#[cfg(feature = "capi")]
pub use crate::ffi::fuzz::{c_api, json_pointer};
pub use answer::answer;
pub use base_url::base_url;
pub use challenge::challenge;
pub use envelope::envelope;
pub use pem::pem;
pub use problem::problem;
pub use proxy_reply::proxy_reply;
pub use proxy_url::proxy_url;
pub use retry_after::retry_after;
pub use scrub::scrub;
pub use token::token;

use crate::error::{Error, ErrorKind};
use crate::scrub::Scrub;

/// What a request is made to hold, and no error text may repeat. Small letters, digits and hyphens, so that it can stand
/// wherever a server puts it, in a host name too.
pub(crate) const SECRET: &str = "canary-7f3a";

/// An authority that nobody has the key of, NUL-terminated: for clients that are to be made fast.
pub(crate) const ROOT: &str = concat!(include_str!("root.pem"), "\0");

/// A scrub that knows the secret.
fn scrub_of_secret() -> Scrub<'static> {
    Scrub::new(&|| vec![SECRET])
}

/// What holds for every error that a caller gets to see.
#[track_caller]
pub(crate) fn check_error(error: &Error, secrets: &[&str]) {
    let shown = error.to_string();
    for text in [&shown, &format!("{error:?}")] {
        assert!(!secrets.iter().any(|secret| text.contains(secret)), "a secret is shown: {:?}", error.kind());
    }
    assert!(!shown.contains(char::is_control), "not one line: {shown:?}");
    assert!(shown.starts_with(error.kind().sentence()), "{shown}");
    assert_ne!(error.kind(), ErrorKind::Internal, "{shown}");
    assert!(!error.is_retryable() || error.kind().retryable(), "{shown}");
}
