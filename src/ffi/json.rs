//! Reading a field of an answer, for programs without a JSON library.

use super::constants;
use super::fence::give;
use super::input::text;
use super::string;
use super::types::{BoolOut, Code, DoubleOut, ErrorOut, Int64Out, JsonTypeOut, Text, TextOut};
use crate::error::Result;
use crate::json::{JsonType, JsonValue};
use std::ptr;

/// Finds a value and reads it in one type: what all getters have in common.
///
/// # Safety
/// The pointers are as the header says.
unsafe fn get<T>(
    json: Text,
    pointer: Text,
    (value_out, nothing): (*mut T, T),
    error_out: ErrorOut,
    read: impl FnOnce(JsonValue) -> Result<T>,
) -> Code {
    // SAFETY: as promised for this function.
    unsafe {
        give(value_out, nothing, "value_out", error_out, || {
            read(JsonValue::find(text(json, "json")?, text(pointer, "pointer")?)?)
        })
    }
}

/// Reads a string out of a JSON text.
///
/// Errors of all these getters: OAUTHAPP_ERROR_JSON_NOT_FOUND, OAUTHAPP_ERROR_JSON_NULL (null is there),
/// OAUTHAPP_ERROR_JSON_TYPE (something else is there), OAUTHAPP_ERROR_JSON_RANGE (it can't be represented: here, a string
/// with a NUL character or half of a surrogate pair; or the text has arrays and objects more than 32,768 deep inside of each
/// other, or a name with an escape of more than 32 KiB), OAUTHAPP_ERROR_JSON_SYNTAX, OAUTHAPP_ERROR_JSON_POINTER_SYNTAX,
/// OAUTHAPP_ERROR_INVALID_ARGUMENT, OAUTHAPP_ERROR_INVALID_UTF8. Any thread may call them, with any JSON text.
///
/// @param json      a JSON text, for example what a call has given
/// @param pointer   a JSON Pointer (RFC 6901): "/access_token", "/errors/0"; "" is the whole text. Not more than
///                  100 steps (OAUTHAPP_ERROR_JSON_RANGE). Where an object has a
///                  name twice, the last one counts
/// @param value_out where the string goes, unescaped UTF-8; NULL on failure; free it with oauthapp_string_free
/// @param error_out where an error object goes, NULL on success; NULL if it is not wanted
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauthapp_json_get_string(
    json: Text,
    pointer: Text,
    value_out: TextOut,
    error_out: ErrorOut,
) -> Code {
    // SAFETY: the pointers are as the header says.
    unsafe { get(json, pointer, (value_out, ptr::null_mut()), error_out, |value| string::give(&value.to_text()?)) }
}

/// Reads a whole number of 64 bits out of a JSON text. Errors: as oauthapp_json_get_string; OAUTHAPP_ERROR_JSON_RANGE for
/// a number that is written with a fraction or an exponent, or is beyond 64 bits.
///
/// @param json      a JSON text
/// @param pointer   a JSON Pointer
/// @param value_out where the number goes; 0 on failure
/// @param error_out where an error object goes, NULL on success; NULL if it is not wanted
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauthapp_json_get_int64(
    json: Text,
    pointer: Text,
    value_out: Int64Out,
    error_out: ErrorOut,
) -> Code {
    // SAFETY: the pointers are as the header says.
    unsafe { get(json, pointer, (value_out, 0), error_out, |value| value.to_i64()) }
}

/// Reads a number out of a JSON text, rounded to the nearest double. Errors: as oauthapp_json_get_string;
/// OAUTHAPP_ERROR_JSON_RANGE for a number beyond the range of doubles.
///
/// @param json      a JSON text
/// @param pointer   a JSON Pointer
/// @param value_out where the number goes; 0 on failure
/// @param error_out where an error object goes, NULL on success; NULL if it is not wanted
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauthapp_json_get_double(
    json: Text,
    pointer: Text,
    value_out: DoubleOut,
    error_out: ErrorOut,
) -> Code {
    // SAFETY: the pointers are as the header says.
    unsafe { get(json, pointer, (value_out, 0.0), error_out, |value| value.to_f64()) }
}

/// Reads true or false out of a JSON text. Errors: as oauthapp_json_get_string.
///
/// @param json      a JSON text
/// @param pointer   a JSON Pointer
/// @param value_out where the truth value goes; false on failure
/// @param error_out where an error object goes, NULL on success; NULL if it is not wanted
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauthapp_json_get_bool(
    json: Text,
    pointer: Text,
    value_out: BoolOut,
    error_out: ErrorOut,
) -> Code {
    // SAFETY: the pointers are as the header says.
    unsafe { get(json, pointer, (value_out, false), error_out, |value| value.to_bool()) }
}

/// Cuts a value of any type out of a JSON text, as it is written there. Errors: as oauthapp_json_get_string, but null and
/// every type are given.
///
/// @param json      a JSON text
/// @param pointer   a JSON Pointer
/// @param value_out where the value goes, a JSON text; NULL on failure; free it with oauthapp_string_free
/// @param error_out where an error object goes, NULL on success; NULL if it is not wanted
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauthapp_json_get_json(
    json: Text,
    pointer: Text,
    value_out: TextOut,
    error_out: ErrorOut,
) -> Code {
    // SAFETY: the pointers are as the header says.
    unsafe { get(json, pointer, (value_out, ptr::null_mut()), error_out, |value| string::give(value.as_json())) }
}

/// Tells the type of a value in a JSON text. Errors: as oauthapp_json_get_string, but null and every type are told.
///
/// @param json      a JSON text
/// @param pointer   a JSON Pointer
/// @param value_out where the type goes; OAUTHAPP_JSON_NULL on failure
/// @param error_out where an error object goes, NULL on success; NULL if it is not wanted
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauthapp_json_get_type(
    json: Text,
    pointer: Text,
    value_out: JsonTypeOut,
    error_out: ErrorOut,
) -> Code {
    // SAFETY: the pointers are as the header says.
    unsafe { get(json, pointer, (value_out, constants::JSON_NULL), error_out, |value| Ok(number(value.json_type()))) }
}

/// The type's number in C.
fn number(json_type: JsonType) -> i32 {
    match json_type {
        JsonType::Null => constants::JSON_NULL,
        JsonType::Boolean => constants::JSON_BOOLEAN,
        JsonType::Number => constants::JSON_NUMBER,
        JsonType::String => constants::JSON_STRING,
        JsonType::Array => constants::JSON_ARRAY,
        JsonType::Object => constants::JSON_OBJECT,
    }
}
