//! Sign-in and sign-up with an account name and a password.

use super::client::call;
use super::input::{Versioned, optional_text, text, versioned};
use super::types::{ClientHandle, Code, ErrorOut, OptionalCallOptions, OptionalText, SignUpPtr, Text, TextOut};
use crate::api::{SignIn, SignUp};
use crate::secret::Masked;

/// Signs in with an account name and a password: POST /api/AppUsers/:appId/SignIn.
///
/// Errors: OAUTHAPP_ERROR_NO_SUCH_USER, OAUTHAPP_ERROR_WRONG_PASSWORD, OAUTHAPP_ERROR_NO_SUCH_APPLICATION, and those of
/// every call (see the top of this file).
///
/// @code
/// char *token = NULL, *access_token = NULL;
/// oauthapp_error *error = NULL;
/// if (oauthapp_sign_in(client, "wwww", "123456", NULL, &token, &error) == OAUTHAPP_OK) {
///     oauthapp_json_get_string(token, "/access_token", &access_token, NULL);
/// } else if (oauthapp_error_code(error) == OAUTHAPP_ERROR_WRONG_PASSWORD) {
///     puts(oauthapp_error_message(error));
/// }
/// oauthapp_error_free(error);
/// oauthapp_string_free(access_token);
/// oauthapp_string_free(token);
/// @endcode
///
/// @param client    the client
/// @param user_name the account's name
/// @param pwd       the password
/// @param options   options of this call, or NULL
/// @param data_out  where the token goes, JSON {"access_token": …, "token_type": "Bearer", "expires_in": 86400}; NULL on
///                  failure; free it with oauthapp_string_free
/// @param error_out where an error object goes, NULL on success; NULL if it is not wanted
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn oauthapp_sign_in(
    client: ClientHandle,
    user_name: Text,
    pwd: Text,
    options: OptionalCallOptions,
    data_out: TextOut,
    error_out: ErrorOut,
) -> Code {
    // SAFETY: the pointers are as the header says.
    unsafe {
        call(client, options, data_out, error_out, || Ok(SignIn::new(text(user_name, "user_name")?, text(pwd, "pwd")?)))
    }
}

/// The fields of oauthapp_sign_up. Fill it with oauthapp_sign_up_request_init(), then set what you have; what stays NULL
/// is not sent. Which fields must be there, the server decides (user_name and pwd at least).
#[repr(C)]
#[derive(Clone, Copy)]
#[allow(non_camel_case_types)]
pub struct oauthapp_sign_up_request {
    /// The size of this struct as the caller knows it.
    pub struct_size: usize,
    /// The name to show.
    pub nick_name: OptionalText,
    /// Where the user comes from, for example "web".
    pub platform: OptionalText,
    /// The password.
    pub pwd: OptionalText,
    /// The account's name, with which its owner signs in.
    pub user_name: OptionalText,
    /// E-mail address.
    pub email: OptionalText,
    /// Phone number.
    pub phone: OptionalText,
    /// Address of a picture.
    pub avatar: OptionalText,
    /// The application's own data about the user.
    pub data: OptionalText,
}

// SAFETY: `repr(C)`, size first, all zeroes are a value.
unsafe impl Versioned for oauthapp_sign_up_request {
    const NAME: &'static str = "oauthapp_sign_up_request";
    const FIRST_SIZE: usize = std::mem::offset_of!(Self, data) + size_of::<OptionalText>();
}

/// Makes an account and signs it in: POST /api/AppUsers/:appId/SignUp.
///
/// A sign-up is sent once. When its answer gets lost, or does not say what was done (HTTP 500, or a page), a sign-in with the
/// same credentials finds out, within the deadline, whether the account exists all the same; its token then is the answer. While
/// there is none, it is asked again, as often as calls are repeated (oauthapp_client_config.max_retries). An account with
/// another password is OAUTHAPP_ERROR_ACCOUNT_EXISTS. Where that can't be found out either, the error is not retryable
/// (oauthapp_error_retryable): a second sign-up could only answer OAUTHAPP_ERROR_ACCOUNT_EXISTS. See
/// OAUTHAPP_CLIENT_DONT_SETTLE_SIGN_UPS.
///
/// Errors: OAUTHAPP_ERROR_ACCOUNT_EXISTS, OAUTHAPP_ERROR_NO_SUCH_APPLICATION, OAUTHAPP_ERROR_BAD_REQUEST for fields that
/// the server misses or can't read, and those of every call (see the top of this file).
///
/// @code
/// oauthapp_sign_up_request request = oauthapp_sign_up_request_init();
/// request.user_name = "wwww";
/// request.pwd = "123456";
/// request.platform = "web";
/// char *token = NULL;
/// oauthapp_code code = oauthapp_sign_up(client, &request, NULL, &token, NULL);
/// @endcode
///
/// @param client    the client
/// @param request   the fields
/// @param options   options of this call, or NULL
/// @param data_out  where the token goes, as for oauthapp_sign_in; NULL on failure; free it with oauthapp_string_free
/// @param error_out where an error object goes, NULL on success; NULL if it is not wanted
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn oauthapp_sign_up(
    client: ClientHandle,
    request: SignUpPtr,
    options: OptionalCallOptions,
    data_out: TextOut,
    error_out: ErrorOut,
) -> Code {
    // SAFETY: the pointers are as the header says.
    unsafe {
        call(client, options, data_out, error_out, || {
            let given = versioned(request, "request")?;
            let mut request = SignUp::new();
            request.nick_name = optional_text(given.nick_name, "nick_name")?;
            request.platform = optional_text(given.platform, "platform")?;
            request.pwd = optional_text(given.pwd, "pwd")?.map(Masked);
            request.user_name = optional_text(given.user_name, "user_name")?;
            request.email = optional_text(given.email, "email")?;
            request.phone = optional_text(given.phone, "phone")?;
            request.avatar = optional_text(given.avatar, "avatar")?;
            request.data = optional_text(given.data, "data")?;
            Ok(request)
        })
    }
}
