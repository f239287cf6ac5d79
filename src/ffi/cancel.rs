//! Ending calls from another thread.

use super::fence::{caught, give, run};
use super::handle::Table;
use super::types::{CancelTokenHandle, CancelTokenOut, Code, ErrorOut, OptionalCancelTokenHandle};
use crate::cancel::CancelToken;
use crate::error::Result;
use std::ptr;
use std::sync::Arc;

/// Ends calls from any thread.
///
/// What it is: a switch that is off until oauthapp_cancel_token_cancel, and on from then on. It can be given to any number
/// of calls, through oauthapp_call_options.cancel_token.
/// Threads: any thread may use it at any time.
/// Lifetime: until oauthapp_cancel_token_free. It may be freed while calls use it: those calls go on, and can no longer be
/// cancelled.
#[allow(non_camel_case_types)]
pub struct oauthapp_cancel_token {
    _opaque: [u8; 0],
}

static TOKENS: Table<CancelToken, oauthapp_cancel_token> = Table::new(3);

/// The token of a handle.
pub(super) fn token(handle: *const oauthapp_cancel_token) -> Result<Arc<CancelToken>> {
    TOKENS.require(handle, "cancel_token")
}

/// Makes a cancel token.
///
/// Errors: OAUTHAPP_ERROR_INVALID_ARGUMENT.
///
/// @code
/// oauthapp_cancel_token *cancel_token = NULL;
/// oauthapp_cancel_token_new(&cancel_token, NULL);
/// oauthapp_call_options options = oauthapp_call_options_init();
/// options.cancel_token = cancel_token;
/// oauthapp_code code = oauthapp_sign_in(client, "wwww", "123456", &options, &token, &error);
/// // In another thread, when the user closes the window:
/// oauthapp_cancel_token_cancel(cancel_token, NULL);
/// @endcode
///
/// @param cancel_token_out where the token goes, NULL on failure; free it with oauthapp_cancel_token_free
/// @param error_out        where an error object goes, NULL on success; NULL if it is not wanted
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauthapp_cancel_token_new(cancel_token_out: CancelTokenOut, error_out: ErrorOut) -> Code {
    // SAFETY: the pointers are as the header says.
    unsafe {
        give(cancel_token_out, ptr::null_mut(), "cancel_token_out", error_out, || TOKENS.hand_out(CancelToken::new()))
    }
}

/// Ends every call that uses the token, in whatever phase it is, and every later one: they return
/// OAUTHAPP_ERROR_CANCELLED. Returns at once, without waiting for them.
///
/// What a cancelled call had sent may have taken effect on the server.
///
/// Errors: OAUTHAPP_ERROR_INVALID_ARGUMENT and OAUTHAPP_ERROR_INVALID_HANDLE for a token that is not valid.
///
/// @param cancel_token the token
/// @param error_out    where an error object goes, NULL on success; NULL if it is not wanted
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauthapp_cancel_token_cancel(cancel_token: CancelTokenHandle, error_out: ErrorOut) -> Code {
    // SAFETY: the pointer is as the header says.
    unsafe {
        run(error_out, || {
            token(cancel_token)?.cancel();
            Ok(())
        })
    }
}

/// Whether the token has been cancelled.
///
/// @param cancel_token the token
/// @return false also for a token that is not valid
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauthapp_cancel_token_is_cancelled(cancel_token: CancelTokenHandle) -> bool {
    caught(|| TOKENS.get(cancel_token).is_some_and(|token| token.is_cancelled())).unwrap_or(false)
}

/// Releases a cancel token. NULL, or one that was freed already, does nothing. Calls that use it go on.
///
/// @param cancel_token the token, or NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauthapp_cancel_token_free(cancel_token: OptionalCancelTokenHandle) {
    caught(|| drop(TOKENS.remove(cancel_token)));
}
