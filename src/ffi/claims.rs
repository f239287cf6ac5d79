//! What a token says of itself.

use super::fence::give;
use super::input::text;
use super::string;
use super::types::{Code, ErrorOut, Text, TextOut};
use crate::token::claims_json;
use std::ptr;

/// Reads the claims of an access token, without asking the server.
///
/// They are what the token says: a client has no key to verify them with, so take them as a note (when it runs out, whose
/// it is), never as proof. exp and iat are Unix times in seconds; ids are strings.
///
/// Errors: OAUTHAPP_ERROR_INVALID_TOKEN, OAUTHAPP_ERROR_INVALID_ARGUMENT, OAUTHAPP_ERROR_INVALID_UTF8.
///
/// @param access_token the token
/// @param json_out     where the claims go, a JSON object; NULL on failure; free it with oauthapp_string_free
/// @param error_out    where an error object goes, NULL on success; NULL if it is not wanted
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn oauthapp_token_claims(access_token: Text, json_out: TextOut, error_out: ErrorOut) -> Code {
    // SAFETY: the pointers are as the header says.
    unsafe {
        give(json_out, ptr::null_mut(), "json_out", error_out, || {
            string::give(&claims_json(text(access_token, "access_token")?)?)
        })
    }
}
