//! `application/problem+json`, as the body of an HTTP 400.
//!
//! The input is the body.

use super::object::Object;
use super::{SECRET, check_error, scrub_of_secret};
use crate::answer;
use crate::base_url::BaseUrl;
use crate::error::{ErrorKind, FieldError};
use crate::transport::scripted::response;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

pub fn problem(body: &[u8]) {
    let base = BaseUrl::parse("https://server.example", false).unwrap();
    let error = answer::read(response(400, &[], body), &scrub_of_secret(), &base).expect_err("HTTP 400 is no success");
    check_error(&error, &[SECRET]);
    assert_eq!(error.http_status(), Some(400));
    let fields: BTreeMap<&str, &[String]> = error.fields().iter().map(parts).collect();
    assert_eq!(fields.len(), error.fields().len(), "a field is named once");
    match expected(body) {
        Some(expected) if error.kind() == ErrorKind::BadRequest => {
            let expected: BTreeMap<&str, &[String]> =
                expected.iter().map(|(name, messages)| (name.as_str(), messages.as_slice())).collect();
            assert!(fields == expected, "other fields than those that came");
        }
        // Not a problem document, or the envelope of a failure.
        _ => assert!(fields.is_empty(), "fields that nobody named"),
    }
}

fn parts(field: &FieldError) -> (&str, &[String]) {
    (&field.field, &field.messages)
}

/// The messages for each field, by a reading of its own.
fn expected(body: &[u8]) -> Option<BTreeMap<String, Vec<String>>> {
    let text = std::str::from_utf8(body).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > 16 * 1024 {
        return None;
    }
    let object = Object::read(text)?;
    if ["title", "detail", "errors"].iter().any(|name| object.count(name) > 1) {
        return None;
    }
    let errors = object.get("errors").and_then(Object::read);
    let errors = errors.iter().flat_map(Object::fields);
    let errors: BTreeMap<String, Vec<String>> = errors.map(|(name, json)| (name.to_owned(), messages(json))).collect();
    Some(errors.into_iter().take(MAX_PARTS).collect())
}

/// So many fields are kept, and messages for each.
const MAX_PARTS: usize = 256;

fn messages(json: &str) -> Vec<String> {
    let many = serde_json::from_str::<Vec<&RawValue>>(json);
    let all = many.map_or_else(|_| vec![json], |many| many.into_iter().map(RawValue::get).collect());
    all.into_iter().filter_map(message).take(MAX_PARTS).collect()
}

fn message(json: &str) -> Option<String> {
    match serde_json::from_str(json).ok()? {
        Value::String(text) => Some(text),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) if number.is_f64() => Some(number.as_f64()?.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
