//! The error object of the C API.

use super::fence::{OK, caught};
use super::handle::Table;
use super::types::{Code, ErrorHandle, LentText, OptionalErrorHandle, OptionalLentText};
use crate::error::{Error, ErrorKind};
use crate::secret::Secret;
use std::ffi::{CStr, CString, c_char};
use std::ptr;
use std::sync::{Arc, LazyLock};
use zeroize::Zeroizing;

/// Why a call failed.
///
/// What it is: the detail of one failed call, which that call gives through its last argument. It never changes.
/// Threads: any thread may read it, several at once; it must not be freed while another thread reads it.
/// Lifetime: until oauthapp_error_free; independent of the client and of later calls. The strings that its getters
/// return live as long as it does.
#[allow(non_camel_case_types)]
pub struct oauthapp_error {
    _opaque: [u8; 0],
}

/// What C reads of an [`Error`], in C's form.
struct ErrorObject {
    error: Error,
    message: CString,
    server_message: Option<Zeroizing<Vec<u8>>>,
    fields_json: Option<Zeroizing<Vec<u8>>>,
}

static ERRORS: Table<ErrorObject, oauthapp_error> = Table::new(2);

/// Makes an error object for C; NULL where no more can be made.
pub(super) fn publish(error: Error) -> *mut oauthapp_error {
    let message = c_string(&error.to_string());
    let server_message = error.server_message().map(c_text);
    let fields_json = (!error.fields().is_empty()).then(|| {
        let fields = error.fields().iter().map(|field| (field.field.clone(), field.messages.clone().into()));
        let fields: serde_json::Map<String, serde_json::Value> = fields.collect();
        c_text(Secret::new(serde_json::Value::from(fields).to_string()).expose())
    });
    ERRORS.insert(ErrorObject { error, message, server_message, fields_json }).unwrap_or(ptr::null_mut())
}

/// A C string of a text without the NUL characters in it; a message for people needs none.
fn c_string(text: &str) -> CString {
    CString::new(text.replace('\0', " ")).unwrap_or_default()
}

/// The same for a text that may repeat a secret.
fn c_text(text: &str) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len().saturating_add(1)));
    bytes.extend(text.bytes().map(|byte| if byte == 0 { b' ' } else { byte }));
    bytes.push(0);
    bytes
}

/// Reads something of an error object, or gives the fallback where the handle is none.
fn read<T>(error: ErrorHandle, fallback: T, of: impl FnOnce(&Arc<ErrorObject>) -> T) -> T {
    caught(|| ERRORS.get(error).as_ref().map(of)).flatten().unwrap_or(fallback)
}

/// Releases an error object and the strings that its getters returned. NULL, or one that was freed already, does nothing.
///
/// @param error the error object, or NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauthapp_error_free(error: OptionalErrorHandle) {
    caught(|| drop(ERRORS.remove(error)));
}

/// The code of an error: the same that the failed function returned.
///
/// @param error the error object
/// @return the code; OAUTHAPP_ERROR_INVALID_HANDLE where error is NULL or was freed
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauthapp_error_code(error: ErrorHandle) -> Code {
    read(error, ErrorKind::InvalidHandle.code(), |object| object.error.code())
}

/// What happened, as English sentences for people: to show, or to log. The server's own words are in its language, and those of
/// the operating system may be in that of the program's locale.
///
/// It never holds a password, a token, a sign-in key or a union id of the call, also where the server's own text, which is
/// part of it, repeats one: as it is, in other case, percent-encoded, with the escapes of JSON or HTML, in base64 (of five
/// bytes or more), or cut off after six characters or more. What a server has scrambled otherwise, or twice, is not found.
///
/// @param error the error object
/// @return a UTF-8 string of one line that lives until oauthapp_error_free; never NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauthapp_error_message(error: ErrorHandle) -> LentText {
    const NO_ERROR_OBJECT: &CStr = c"This is not an error object, or one that was freed already.";
    read(error, NO_ERROR_OBJECT.as_ptr(), |object| object.message.as_ptr())
}

/// The HTTP status of the answer, for example 401.
///
/// @param error the error object
/// @return the status; 0 where no HTTP answer came
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauthapp_error_http_status(error: ErrorHandle) -> i32 {
    read(error, 0, |object| object.error.http_status().map_or(0, i32::from))
}

/// The `code` of the server's envelope, untouched.
///
/// @param error the error object
/// @return the server's code, mostly 500; 0 where the server's envelope did not come
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauthapp_error_server_code(error: ErrorHandle) -> i64 {
    read(error, 0, |object| object.error.server_code().unwrap_or(0))
}

/// The `err` of the server's envelope, untouched: mostly Chinese, for people. Only its first 16 KiB are kept; a NUL in it,
/// which C can't carry, is a space, and half of a surrogate pair, which UTF-8 can't, is U+FFFD.
///
/// A server may repeat in it what it was sent; to log, take oauthapp_error_message.
///
/// @param error the error object
/// @return a UTF-8 string that lives until oauthapp_error_free; NULL where the server's envelope did not come
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauthapp_error_server_message(error: ErrorHandle) -> OptionalLentText {
    read(error, ptr::null(), |object| optional(object.server_message.as_ref()))
}

/// What the server finds wrong with each field of the request (HTTP 400), as a JSON object of arrays of messages,
/// `{"pwd":["The pwd field is required."]}`.
///
/// A server may repeat in it what it was sent; to log, take oauthapp_error_message.
///
/// @param error the error object
/// @return a UTF-8 string that lives until oauthapp_error_free; NULL where the server named no field, or where
///         its answer is larger than 16 KiB
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauthapp_error_fields_json(error: ErrorHandle) -> OptionalLentText {
    read(error, ptr::null(), |object| optional(object.fields_json.as_ref()))
}

fn optional(text: Option<&Zeroizing<Vec<u8>>>) -> *const c_char {
    text.map_or(ptr::null(), |text| text.as_ptr().cast())
}

/// Whether the same call can succeed later without anything being changed.
///
/// False after a sign-up whose answer got lost: the account may exist by now, so sign in to find out.
///
/// @param error the error object
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauthapp_error_retryable(error: ErrorHandle) -> bool {
    read(error, false, |object| object.error.is_retryable())
}

/// How long the server asks to wait before a retry.
///
/// @param error the error object
/// @return milliseconds, at most a day; -1 where the server did not say
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauthapp_error_retry_after_ms(error: ErrorHandle) -> i64 {
    read(error, -1, |object| {
        object.error.retry_after().map_or(-1, |wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX))
    })
}

/// The name of a code, for logs: "OAUTHAPP_ERROR_WRONG_PASSWORD".
///
/// @param code any number
/// @return a string that lives as long as the library, not to be freed; "OAUTHAPP_ERROR_UNKNOWN" for a number that this
///         version of the library does not know
#[unsafe(no_mangle)]
pub extern "C" fn oauthapp_code_name(code: Code) -> LentText {
    static NAMES: LazyLock<Vec<(Code, CString)>> = LazyLock::new(|| {
        let errors = ErrorKind::ALL.iter().map(|kind| (kind.code(), c_string(&crate::kind::c_name(kind.name()))));
        std::iter::once((OK, c"OAUTHAPP_OK".to_owned())).chain(errors).collect()
    });
    const UNKNOWN: &CStr = c"OAUTHAPP_ERROR_UNKNOWN";
    let name = caught(|| NAMES.iter().find(|(known, _)| *known == code).map(|(_, name)| name.as_ptr()));
    name.flatten().unwrap_or(UNKNOWN.as_ptr())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_in_the_servers_words_does_not_cut_them_off() {
        let field = crate::error::FieldError { field: "a\0b".to_owned(), messages: vec!["c\0d".to_owned()] };
        let error = Error::new(ErrorKind::Server).remark("e\0f").with_server_answer(500, "g\0h".to_owned());
        let error = publish(error.with_fields(vec![field]));
        // SAFETY: a handle; its strings live until it is freed.
        unsafe {
            assert!(CStr::from_ptr(oauthapp_error_message(error)).to_bytes().ends_with(b"e f."));
            assert_eq!(CStr::from_ptr(oauthapp_error_server_message(error)), c"g h");
            assert_eq!(CStr::from_ptr(oauthapp_error_fields_json(error)), c"{\"a\\u0000b\":[\"c\\u0000d\"]}");
            oauthapp_error_free(error);
        }
    }

    #[test]
    fn a_servers_code_may_have_64_bits() {
        for code in [i64::MIN, -1, (1 << 32) + 200, i64::MAX] {
            let error = publish(Error::new(ErrorKind::Server).with_server_answer(code, String::new()));
            // SAFETY: a handle.
            unsafe {
                assert_eq!(oauthapp_error_server_code(error), code);
                oauthapp_error_free(error);
            }
        }
    }

    #[test]
    fn what_is_there_is_told_from_what_is_not() {
        let wait = Some(std::time::Duration::from_millis(1500));
        let full = publish(Error::new(ErrorKind::Server).with_server_answer(500, String::new()).with_retry_after(wait));
        let empty = publish(Error::new(ErrorKind::Server));
        // SAFETY: handles; their strings live until they are freed.
        unsafe {
            assert_ne!(oauthapp_error_server_message(full), ptr::null());
            assert_eq!(CStr::from_ptr(oauthapp_error_server_message(full)), c"");
            assert_eq!(oauthapp_error_retry_after_ms(full), 1500);
            assert_eq!(oauthapp_error_server_message(empty), ptr::null());
            assert_eq!(oauthapp_error_retry_after_ms(empty), -1);
            oauthapp_error_free(full);
            oauthapp_error_free(empty);
        }
    }
}
