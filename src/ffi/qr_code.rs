//! QR sign-in: two calls for the screen that shows the code, two for the phone that scans it.

use super::client::call;
use super::input::{Versioned, optional_text, text, tristate, versioned};
use super::types::{
    ClientHandle, Code, ErrorOut, OptionalCallOptions, OptionalText, QrCodeSignUpPtr, Text, TextOut, Tristate,
};
use crate::api::{QrCodePreSignIn, QrCodeScan, QrCodeSignIn, QrCodeSignUp};
use crate::error::{Error, Result};
use crate::model::SignInKey;
use crate::secret::Masked;
use crate::token::MAX_TOKEN_BYTES;
use std::ffi::c_char;

/// Asks for the key of a new QR code (desktop or web side): POST /api/AppUsers/:appId/QRCodePreSignIn.
///
/// Errors: OAUTHAPP_ERROR_QR_NOT_CONFIGURED, OAUTHAPP_ERROR_NO_SUCH_APPLICATION, and those of every call (see the top of
/// this file).
///
/// @param client    the client
/// @param scopes    what the application asks for, shown on the phone, or NULL
/// @param remark    a remark, shown on the phone, or NULL
/// @param scheme    where the sign-in comes from, for example "app", or NULL
/// @param options   options of this call, or NULL
/// @param data_out  where the key goes, as the JSON that came: digits (19), or a string in quotes ("3f…"). Give it to
///                  oauthapp_qr_code_sign_in as it is. Whoever knows it can take the session over: keep it secret. NULL on
///                  failure; free it with oauthapp_string_free
/// @param error_out where an error object goes, NULL on success; NULL if it is not wanted
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn oauthapp_qr_code_pre_sign_in(
    client: ClientHandle,
    scopes: OptionalText,
    remark: OptionalText,
    scheme: OptionalText,
    options: OptionalCallOptions,
    data_out: TextOut,
    error_out: ErrorOut,
) -> Code {
    // SAFETY: the pointers are as the header says.
    unsafe {
        call(client, options, data_out, error_out, || {
            let mut request = QrCodePreSignIn::new();
            request.scopes = optional_text(scopes, "scopes")?;
            request.remark = optional_text(remark, "remark")?;
            request.scheme = optional_text(scheme, "scheme")?;
            Ok(request)
        })
    }
}

/// Asks once what has become of a QR code (desktop or web side): POST /api/AppUsers/:appId/QRCodeSignIn.
///
/// Ask every second or two until there is a token. The server gives the key no lifetime and does not say when the user
/// declines, so set a deadline of your own, and then make a new code.
///
/// Errors: OAUTHAPP_ERROR_QR_WAITING (not scanned yet: ask again), OAUTHAPP_ERROR_QR_SCANNED (scanned, not confirmed yet:
/// ask again), OAUTHAPP_ERROR_QR_EXPIRED (make a new code), and those of every call (see the top of this file).
///
/// @param client      the client
/// @param sign_in_key the key, in the JSON form that oauthapp_qr_code_pre_sign_in gave, or bare (19, 3f…). It is sent as the
///                    number or string that it is
/// @param options     options of this call, or NULL
/// @param data_out    where the token goes, as for oauthapp_sign_in; NULL on failure; free it with oauthapp_string_free
/// @param error_out   where an error object goes, NULL on success; NULL if it is not wanted
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn oauthapp_qr_code_sign_in(
    client: ClientHandle,
    sign_in_key: Text,
    options: OptionalCallOptions,
    data_out: TextOut,
    error_out: ErrorOut,
) -> Code {
    // SAFETY: the pointers are as the header says.
    unsafe { call(client, options, data_out, error_out, || Ok(QrCodeSignIn::new(&key(sign_in_key)?))) }
}

/// Reports that the phone has scanned a code: POST /api/AppUsers/:appId/QRCodeScan.
///
/// Errors: OAUTHAPP_ERROR_QR_EXPIRED, and those of every call (see the top of this file).
///
/// @param client      the client
/// @param sign_in_key the key, as for oauthapp_qr_code_sign_in
/// @param options     options of this call, or NULL
/// @param data_out    where the application that wants to sign someone in goes, JSON with appID, name, logo, website,
///                    description, tags, scopes, remark, scheme, any of which may be null or missing; NULL on failure; free
///                    it with oauthapp_string_free
/// @param error_out   where an error object goes, NULL on success; NULL if it is not wanted
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn oauthapp_qr_code_scan(
    client: ClientHandle,
    sign_in_key: Text,
    options: OptionalCallOptions,
    data_out: TextOut,
    error_out: ErrorOut,
) -> Code {
    // SAFETY: the pointers are as the header says.
    unsafe { call(client, options, data_out, error_out, || Ok(QrCodeScan::new(&key(sign_in_key)?))) }
}

/// The fields of oauthapp_qr_code_sign_up. Fill it with oauthapp_qr_code_sign_up_request_init(), then set what you have;
/// what stays NULL or OAUTHAPP_NOT_GIVEN is not sent. sign_in_key must be given.
#[repr(C)]
#[derive(Clone, Copy)]
#[allow(non_camel_case_types)]
pub struct oauthapp_qr_code_sign_up_request {
    /// The size of this struct as the caller knows it.
    pub struct_size: usize,
    /// The key, as for oauthapp_qr_code_sign_in.
    pub sign_in_key: OptionalText,
    /// The user's id on the phone's platform; a secret.
    pub union_id: OptionalText,
    /// Address of a picture.
    pub avatar: OptionalText,
    /// The phone's platform, "wxminip" for a WeChat mini-program.
    pub platform: OptionalText,
    /// The name to show.
    pub nick_name: OptionalText,
    /// A name for the account.
    pub user_name: OptionalText,
    /// Phone number.
    pub phone: OptionalText,
    /// E-mail address.
    pub email: OptionalText,
    /// Whether the platform has verified the phone number.
    pub phone_is_valid: Tristate,
    /// Whether the platform has verified the e-mail address.
    pub email_is_valid: Tristate,
}

// SAFETY: `repr(C)`, size first, all zeroes are a value.
unsafe impl Versioned for oauthapp_qr_code_sign_up_request {
    const NAME: &'static str = "oauthapp_qr_code_sign_up_request";
    const FIRST_SIZE: usize = std::mem::offset_of!(Self, email_is_valid) + size_of::<Tristate>();
}

/// Confirms a QR sign-in on the phone's side, with the phone's user: POST /api/AppUsers/:appId/QRCodeSignUp.
///
/// It is sent once. When its answer gets lost, it may have been done all the same, and the error is not retryable.
///
/// Errors: OAUTHAPP_ERROR_QR_EXPIRED, and those of every call (see the top of this file).
///
/// @param client    the client
/// @param request   the fields
/// @param options   options of this call, or NULL
/// @param data_out  where the token goes, as for oauthapp_sign_in; NULL on failure; free it with oauthapp_string_free
/// @param error_out where an error object goes, NULL on success; NULL if it is not wanted
#[unsafe(no_mangle)]
#[must_use]
pub unsafe extern "C" fn oauthapp_qr_code_sign_up(
    client: ClientHandle,
    request: QrCodeSignUpPtr,
    options: OptionalCallOptions,
    data_out: TextOut,
    error_out: ErrorOut,
) -> Code {
    // SAFETY: the pointers are as the header says.
    unsafe {
        call(client, options, data_out, error_out, || {
            let given = versioned(request, "request")?;
            let mut request = QrCodeSignUp::new(&key(given.sign_in_key)?);
            request.union_id = optional_text(given.union_id, "union_id")?.map(Masked);
            request.avatar = optional_text(given.avatar, "avatar")?;
            request.platform = optional_text(given.platform, "platform")?;
            request.nick_name = optional_text(given.nick_name, "nick_name")?;
            request.user_name = optional_text(given.user_name, "user_name")?;
            request.phone = optional_text(given.phone, "phone")?;
            request.phone_is_valid = tristate(given.phone_is_valid, "phone_is_valid")?;
            request.email = optional_text(given.email, "email")?;
            request.email_is_valid = tristate(given.email_is_valid, "email_is_valid")?;
            Ok(request)
        })
    }
}

/// As long as a token may be, which is longer than any key.
const MAX_KEY_BYTES: usize = MAX_TOKEN_BYTES;

/// # Safety
/// As [`text`].
unsafe fn key(sign_in_key: *const c_char) -> Result<SignInKey> {
    // SAFETY: as promised for this function.
    let key = unsafe { text(sign_in_key, "sign_in_key")? };
    if key.len() > MAX_KEY_BYTES {
        return Err(Error::invalid_argument(format!("sign_in_key is longer than {MAX_KEY_BYTES} bytes")));
    }
    Ok(SignInKey::from_json_or_text(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::CString;

    #[test]
    fn a_key_may_be_as_long_as_a_token() {
        for (length, is_key) in [(MAX_KEY_BYTES, true), (MAX_KEY_BYTES + 1, false)] {
            let given = CString::new("f".repeat(length)).unwrap();
            // SAFETY: a string that lives here.
            assert_eq!(unsafe { key(given.as_ptr()) }.is_ok(), is_key, "{length}");
        }
    }
}
