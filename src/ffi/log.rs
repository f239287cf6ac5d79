//! The log of the C API.

use super::constants;
use super::types::{LentText, LogLevelNumber, OptionalContext};
use crate::log::LogLevel;
use std::ffi::CString;

/// Gets a line for each attempt of a call: how it went, its times and sizes, and whether another follows. Header fields and
/// bodies, and with them passwords and tokens, are never in it.
///
/// It runs on the thread that makes the call, within the call's deadline, and on many threads at once if they make calls at
/// once. It may make calls itself. It must return, on that thread: no exception and no longjmp may leave it.
///
/// log_context: oauthapp_client_config.log_context, untouched.
/// level: how much the line matters; a later version may give values that this header does not know.
/// target: the part of the library that speaks, for filters: oauthapp::transport.
/// message: one line of UTF-8 without a line break. For example: POST /api/AppUsers/2/SignIn: HTTP 200 after 12.3 ms with a new
/// connection (dns 0.0, connect 0.1, tls 8.1, send 0.0, wait 3.9, receive 0.1 ms), 1204 bytes sent, 4530 received
/// Both texts last until it returns.
#[allow(non_camel_case_types)]
pub type oauthapp_log_callback = Option<
    unsafe extern "C" fn(log_context: OptionalContext, level: LogLevelNumber, target: LentText, message: LentText),
>;

/// A C function and its context.
struct Callback {
    function: unsafe extern "C" fn(OptionalContext, LogLevelNumber, LentText, LentText),
    context: OptionalContext,
}

// SAFETY: the header asks of the caller that the function can run on every thread with this context.
unsafe impl Send for Callback {}
// SAFETY: likewise, on several at once.
unsafe impl Sync for Callback {}

impl Callback {
    fn log(&self, level: LogLevel, target: &str, message: &str) {
        let level = match level {
            LogLevel::Warn => constants::LOG_WARN,
            LogLevel::Debug => constants::LOG_DEBUG,
        };
        let (Ok(target), Ok(message)) = (CString::new(target), CString::new(message)) else { return };
        // SAFETY: the caller has given a function of this type; both texts live until it returns.
        unsafe { (self.function)(self.context, level, target.as_ptr(), message.as_ptr()) }
    }
}

/// What the client is to log to.
pub(super) fn logger(
    callback: oauthapp_log_callback,
    context: OptionalContext,
) -> Option<impl Fn(LogLevel, &str, &str) + Send + Sync + 'static> {
    let callback = Callback { function: callback?, context };
    Some(move |level, target: &str, message: &str| callback.log(level, target, message))
}
