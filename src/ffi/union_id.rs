//! Sign-in and sign-up with the id that a user has on another platform.

use super::client::call;
use super::input::{Versioned, optional_text, text, tristate, versioned};
use super::types::{
    ClientHandle, Code, ErrorOut, OptionalCallOptions, OptionalText, Text, TextOut, Tristate, UnionIdSignUpPtr,
};
use crate::api::{UnionIdSignIn, UnionIdSignUp};
use crate::secret::Masked;

/// Signs in with platform and union id: POST /api/AppUsers/:appId/UnionIDSignIn.
///
/// There is no password in it: whoever knows platform and union id signs in. Keep union ids as secret as passwords.
///
/// Errors: OAUTHAPP_ERROR_NO_SUCH_USER, OAUTHAPP_ERROR_NO_SUCH_APPLICATION, and those of every call (see the top of this
/// file).
///
/// @param client    the client
/// @param platform  the platform that the union id belongs to, for example "web" or "wxminip"
/// @param union_id  the user's id on that platform
/// @param options   options of this call, or NULL
/// @param data_out  where the token goes, as for oauthapp_sign_in; NULL on failure; free it with oauthapp_string_free
/// @param error_out where an error object goes, NULL on success; NULL if it is not wanted
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn oauthapp_union_id_sign_in(
    client: ClientHandle,
    platform: Text,
    union_id: Text,
    options: OptionalCallOptions,
    data_out: TextOut,
    error_out: ErrorOut,
) -> Code {
    // SAFETY: the pointers are as the header says.
    unsafe {
        call(client, options, data_out, error_out, || {
            Ok(UnionIdSignIn::new(text(platform, "platform")?, text(union_id, "union_id")?))
        })
    }
}

/// The fields of oauthapp_union_id_sign_up. Fill it with oauthapp_union_id_sign_up_request_init(), then set what you have;
/// what stays NULL or OAUTHAPP_NOT_GIVEN is not sent. Which fields must be there, the server decides (platform and
/// union_id at least).
#[repr(C)]
#[derive(Clone, Copy)]
#[allow(non_camel_case_types)]
pub struct oauthapp_union_id_sign_up_request {
    /// The size of this struct as the caller knows it.
    pub struct_size: usize,
    /// The platform that the union id belongs to.
    pub platform: OptionalText,
    /// A password for the account.
    pub pwd: OptionalText,
    /// The user's id on that platform; a secret.
    pub union_id: OptionalText,
    /// Address of a picture.
    pub avatar: OptionalText,
    /// The name to show.
    pub nick_name: OptionalText,
    /// E-mail address.
    pub email: OptionalText,
    /// Phone number.
    pub phone: OptionalText,
    /// A name for the account.
    pub user_name: OptionalText,
    /// The application's own data about the user.
    pub data: OptionalText,
    /// Whether the platform has verified the e-mail address.
    pub email_is_valid: Tristate,
    /// Whether the platform has verified the phone number.
    pub phone_is_valid: Tristate,
}

// SAFETY: `repr(C)`, size first, all zeroes are a value.
unsafe impl Versioned for oauthapp_union_id_sign_up_request {
    const NAME: &'static str = "oauthapp_union_id_sign_up_request";
    const FIRST_SIZE: usize = std::mem::offset_of!(Self, phone_is_valid) + size_of::<Tristate>();
}

/// Makes an account for a union id and signs it in: POST /api/AppUsers/:appId/UnionIDSignUp.
///
/// When the answer gets lost, it is done as for oauthapp_sign_up: a sign-in with the same union id finds out.
///
/// Errors: OAUTHAPP_ERROR_ACCOUNT_EXISTS, OAUTHAPP_ERROR_NO_SUCH_APPLICATION, OAUTHAPP_ERROR_BAD_REQUEST for fields that
/// the server misses or can't read, and those of every call (see the top of this file).
///
/// @param client    the client
/// @param request   the fields
/// @param options   options of this call, or NULL
/// @param data_out  where the token goes, as for oauthapp_sign_in; NULL on failure; free it with oauthapp_string_free
/// @param error_out where an error object goes, NULL on success; NULL if it is not wanted
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn oauthapp_union_id_sign_up(
    client: ClientHandle,
    request: UnionIdSignUpPtr,
    options: OptionalCallOptions,
    data_out: TextOut,
    error_out: ErrorOut,
) -> Code {
    // SAFETY: the pointers are as the header says.
    unsafe {
        call(client, options, data_out, error_out, || {
            let given = versioned(request, "request")?;
            let mut request = UnionIdSignUp::new();
            request.platform = optional_text(given.platform, "platform")?;
            request.pwd = optional_text(given.pwd, "pwd")?.map(Masked);
            request.union_id = optional_text(given.union_id, "union_id")?.map(Masked);
            request.avatar = optional_text(given.avatar, "avatar")?;
            request.nick_name = optional_text(given.nick_name, "nick_name")?;
            request.email = optional_text(given.email, "email")?;
            request.phone = optional_text(given.phone, "phone")?;
            request.user_name = optional_text(given.user_name, "user_name")?;
            request.data = optional_text(given.data, "data")?;
            request.email_is_valid = tristate(given.email_is_valid, "email_is_valid")?;
            request.phone_is_valid = tristate(given.phone_is_valid, "phone_is_valid")?;
            Ok(request)
        })
    }
}
