//! The JSON getters, beside what `serde_json` reads at the same place.
//!
//! The input is the pointer, a NUL character, and the JSON text.

use super::super::constants;
use super::getters::Getter;
use crate::error::ErrorKind;
use crate::fuzz::input::Input;
use serde::de::IgnoredAny;
use serde_json::Value;
use std::ffi::CString;

pub fn json_pointer(input: &[u8]) {
    let mut input = Input(input);
    let (pointer, json) = (CString::new(input.until(0)).unwrap(), CString::new(input.until(0)).unwrap());
    agrees_with_serde(Getter { json: &json, pointer: &pointer });
}

pub(crate) fn agrees_with_serde(getter: Getter) {
    let cut = getter.json();
    let by_others = (getter.json_type(), getter.string(), getter.int64(), getter.double(), getter.bool());
    let (Ok(json), Ok(pointer)) = (getter.json.to_str(), getter.pointer.to_str()) else {
        assert_eq!(cut, Err(ErrorKind::InvalidUtf8));
        return;
    };
    if !is_pointer(pointer) {
        assert_eq!(cut, Err(ErrorKind::JsonPointerSyntax));
        return;
    }
    if pointer.matches('/').count() > 100 {
        assert_eq!(cut, Err(ErrorKind::JsonRange));
        return;
    }
    if serde_json::from_str::<IgnoredAny>(json).is_err() {
        assert_eq!(cut, Err(ErrorKind::JsonSyntax));
        return;
    }
    // It does not read what is too deep, numbers beyond doubles, and half of a surrogate pair.
    let Ok(value) = serde_json::from_str::<Value>(json) else { return };
    let Some(expected) = value.pointer(pointer) else {
        assert_eq!(cut, Err(ErrorKind::JsonNotFound));
        return;
    };
    let cut = cut.expect("it is there");
    assert!(json.contains(&cut) && serde_json::from_str::<Value>(&cut).ok().as_ref() == Some(expected));
    agree(expected, &cut, by_others);
}

type Read = (
    Result<i32, ErrorKind>,
    Result<String, ErrorKind>,
    Result<i64, ErrorKind>,
    Result<f64, ErrorKind>,
    Result<bool, ErrorKind>,
);

fn agree(expected: &Value, written: &str, (json_type, string, int64, double, bool): Read) {
    let other = if expected.is_null() { ErrorKind::JsonNull } else { ErrorKind::JsonType };
    let (expected_type, expected_string) = match expected {
        Value::Null => (constants::JSON_NULL, Err(other)),
        Value::Bool(_) => (constants::JSON_BOOLEAN, Err(other)),
        Value::Number(_) => (constants::JSON_NUMBER, Err(other)),
        Value::String(text) if text.contains('\0') => (constants::JSON_STRING, Err(ErrorKind::JsonRange)),
        Value::String(text) => (constants::JSON_STRING, Ok(text.clone())),
        Value::Array(_) => (constants::JSON_ARRAY, Err(other)),
        Value::Object(_) => (constants::JSON_OBJECT, Err(other)),
    };
    assert_eq!(json_type, Ok(expected_type));
    assert!(string == expected_string);
    match expected {
        Value::Number(number) => {
            // `serde_json` takes -0 for a number with a fraction.
            let whole = if written == "-0" { Some(0) } else { number.as_i64() };
            assert_eq!(int64, whole.ok_or(ErrorKind::JsonRange), "{written}");
            let (read, expected) = (double.unwrap(), number.as_f64().unwrap());
            assert!((read - expected).abs() <= expected.abs() * 1e-15, "{written} became {read}");
        }
        _ => assert_eq!((int64, double), (Err(other), Err(other))),
    }
    assert_eq!(bool, expected.as_bool().ok_or(other));
}

/// The grammar of RFC 6901, section 3.
fn is_pointer(text: &str) -> bool {
    let escapes_end_well = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
    (text.is_empty() || text.starts_with('/')) && escapes_end_well
}
