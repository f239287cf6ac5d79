//! The signed-in user's profile.

use super::client::call;
use super::input::optional_text;
use super::types::{ClientHandle, Code, ErrorOut, OptionalCallOptions, OptionalText, TextOut};
use crate::api::{GetProfile, UpdateProfile};
use crate::secret::Masked;

/// Reads the profile of the signed-in user: GET /api/AppUsers/:appId/Profile.
///
/// Errors: OAUTHAPP_ERROR_NOT_SIGNED_IN without a token, OAUTHAPP_ERROR_TOKEN_EXPIRED, OAUTHAPP_ERROR_TOKEN_REJECTED,
/// OAUTHAPP_ERROR_UNAUTHORIZED, OAUTHAPP_ERROR_USER_GONE, and those of every call (see the top of this file).
///
/// @param client       the client
/// @param access_token the token to use; NULL: that of the session which the client holds (OAUTHAPP_CLIENT_KEEP_SESSION)
/// @param options      options of this call, or NULL
/// @param data_out     where the profile goes, JSON with appID, platform, unionID, phone, createDate, userName, phoneIsValid,
///                     data, email, emailIsValid, lastUpdate, nickName, id, avatar, role, any of which may be null or
///                     missing. Dates read 2023-02-22 16:20:43 with no zone (China Standard Time on the vendor's server).
///                     NULL on failure; free it with oauthapp_string_free
/// @param error_out    where an error object goes, NULL on success; NULL if it is not wanted
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn oauthapp_get_profile(
    client: ClientHandle,
    access_token: OptionalText,
    options: OptionalCallOptions,
    data_out: TextOut,
    error_out: ErrorOut,
) -> Code {
    // SAFETY: the pointers are as the header says.
    unsafe {
        call(client, options, data_out, error_out, || {
            let mut request = GetProfile::new();
            request.access_token = optional_text(access_token, "access_token")?.map(Masked);
            Ok(request)
        })
    }
}

/// Changes the profile of the signed-in user: PUT /api/AppUsers/:appId/Profile.
///
/// What is NULL stays as it is. The server ignores empty strings, so a field can't be cleared.
///
/// Errors: as oauthapp_get_profile.
///
/// @param client       the client
/// @param access_token the token to use; NULL: that of the session which the client holds (OAUTHAPP_CLIENT_KEEP_SESSION)
/// @param avatar       address of a picture, or NULL
/// @param data         the application's own data about the user, or NULL
/// @param nick_name    the name to show, or NULL
/// @param options      options of this call, or NULL
/// @param data_out     where the answer goes, JSON true or false; NULL on failure; free it with oauthapp_string_free
/// @param error_out    where an error object goes, NULL on success; NULL if it is not wanted
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn oauthapp_update_profile(
    client: ClientHandle,
    access_token: OptionalText,
    avatar: OptionalText,
    data: OptionalText,
    nick_name: OptionalText,
    options: OptionalCallOptions,
    data_out: TextOut,
    error_out: ErrorOut,
) -> Code {
    // SAFETY: the pointers are as the header says.
    unsafe {
        call(client, options, data_out, error_out, || {
            let mut request = UpdateProfile::new();
            request.access_token = optional_text(access_token, "access_token")?.map(Masked);
            request.avatar = optional_text(avatar, "avatar")?;
            request.data = optional_text(data, "data")?;
            request.nick_name = optional_text(nick_name, "nick_name")?;
            Ok(request)
        })
    }
}
