//! Reading an answer, as fast as serde_json can.

use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::ffi::CString;

#[derive(Deserialize)]
struct Envelope<'a> {
    code: i64,
    #[serde(borrow)]
    data: &'a RawValue,
    #[serde(borrow)]
    err: Cow<'a, str>,
}

/// Checks the envelope, and gives its `data` as a caller in C gets it.
///
/// # Panics
/// Where it is none, or not that of a success.
#[must_use]
pub fn data(body: &[u8]) -> CString {
    let envelope: Envelope = serde_json::from_slice(body).expect("an envelope");
    assert!(envelope.code == 200 && envelope.err.is_empty(), "the sign-in succeeds");
    CString::new(envelope.data.get()).expect("JSON without NUL")
}
