//! What comes out of the C face, taken back into Rust.

use super::super::error::{
    oauthapp_error, oauthapp_error_code, oauthapp_error_fields_json, oauthapp_error_free, oauthapp_error_http_status,
    oauthapp_error_message, oauthapp_error_retry_after_ms, oauthapp_error_retryable, oauthapp_error_server_code,
    oauthapp_error_server_message,
};
use super::super::string::oauthapp_string_free;
use crate::error::ErrorKind;
use serde::de::IgnoredAny;
use std::ffi::{CStr, c_char};

/// The kind of a code; every code that isn't success has one, and none is the library's own fault.
#[track_caller]
pub(crate) fn kind(code: i32) -> Option<ErrorKind> {
    let kind = ErrorKind::ALL.iter().copied().find(|kind| kind.code() == code);
    assert!(kind.is_some() == (code != 0), "there is no code {code}");
    assert_ne!(kind, Some(ErrorKind::Internal), "a panic, or what should never be");
    kind
}

/// A text that the library lends.
///
/// # Safety
/// `text` is NULL or NUL-terminated.
pub(crate) unsafe fn text(text: *const c_char) -> Option<String> {
    // SAFETY: as promised for this function.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_str().expect("UTF-8").to_owned())
}

/// A string of the library's, given back.
///
/// # Safety
/// `string` has come from the library and was not given back.
pub(crate) unsafe fn take(string: *mut c_char) -> String {
    // SAFETY: as promised for this function.
    unsafe {
        let taken = text(string).expect("a string");
        oauthapp_string_free(string);
        taken
    }
}

/// Reads all of an error object.
///
/// # Safety
/// It is not freed meanwhile.
pub(crate) unsafe fn check_error(error: *const oauthapp_error, code: i32) {
    // SAFETY: as promised for this function; the getters take any handle.
    unsafe {
        assert_eq!(oauthapp_error_code(error), code);
        let kind = kind(code).expect("an error");
        let message = text(oauthapp_error_message(error)).expect("a message");
        assert!(message.starts_with(kind.sentence()) && !message.contains(char::is_control), "{message:?}");
        let status = oauthapp_error_http_status(error);
        assert!(status == 0 || (100..=999).contains(&status), "HTTP status {status}");
        assert!((-1..=86_400_000).contains(&oauthapp_error_retry_after_ms(error)));
        assert!(!oauthapp_error_retryable(error) || kind.retryable());
        let _ = oauthapp_error_server_code(error);
        let _ = text(oauthapp_error_server_message(error));
        let fields = text(oauthapp_error_fields_json(error));
        assert!(fields.is_none_or(|fields| serde_json::from_str::<IgnoredAny>(&fields).is_ok()), "no JSON");
    }
}

/// What the getters say of a handle that is no error object's.
///
/// # Safety
/// None: they take any handle.
pub(crate) unsafe fn check_no_error(error: *const oauthapp_error) {
    // SAFETY: as said.
    unsafe {
        assert_eq!(oauthapp_error_code(error), ErrorKind::InvalidHandle.code());
        assert!(text(oauthapp_error_message(error)).is_some());
        assert_eq!((oauthapp_error_http_status(error), oauthapp_error_server_code(error)), (0, 0));
        assert_eq!((oauthapp_error_retryable(error), oauthapp_error_retry_after_ms(error)), (false, -1));
        assert!(oauthapp_error_server_message(error).is_null() && oauthapp_error_fields_json(error).is_null());
    }
}

/// Checks an error object, where there is one, and frees it.
///
/// # Safety
/// As [`check_error`].
pub(crate) unsafe fn take_error(error: *mut oauthapp_error, code: i32) -> Result<(), ErrorKind> {
    match kind(code) {
        None => {
            assert!(error.is_null(), "an error object beside success");
            Ok(())
        }
        Some(kind) => {
            // SAFETY: as promised for this function.
            unsafe {
                check_error(error, code);
                oauthapp_error_free(error);
            }
            Err(kind)
        }
    }
}
