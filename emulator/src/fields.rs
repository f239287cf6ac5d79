//! The JSON of a request: names matched without regard to case, unknown ones ignored, and ASP.NET's complaints about
//! what is missing or mistyped.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::failure::Failure;
use crate::problem::Errors;

/// The fields of a request's JSON object. Ask for what the endpoint takes, then call [`finish`](Self::finish).
pub(crate) struct Fields<'a> {
    body: &'a [u8],
    values: BTreeMap<String, &'a RawValue>,
    missing: Errors,
    /// ASP.NET stops at the first value of a wrong type and does not come to the missing ones.
    mistyped: Option<(String, String)>,
}

impl<'a> Fields<'a> {
    pub(crate) fn parse(body: &'a [u8]) -> Result<Self, Failure> {
        if body.trim_ascii().is_empty() || body.trim_ascii() == b"null" {
            return Err(complaint("", "A non-empty request body is required.".into()));
        }
        let whole: &RawValue = serde_json::from_slice(body).map_err(|error| not_json(body, &error))?;
        if !whole.get().starts_with('{') {
            let place = place(body, value_end(body, whole));
            return Err(complaint(
                "$",
                format!("The JSON value could not be converted to an object. Path: $ | {place}."),
            ));
        }
        let values = serde_json::from_slice(body).map_err(|error| not_json(body, &error))?;
        Ok(Self { body, values, missing: Errors::new(), mistyped: None })
    }

    /// A string, if it was sent and is not null.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        self.read(name, "System.String", |raw| serde_json::from_str(raw).ok())
    }

    /// A string without which the call makes no sense; ASP.NET takes an empty one for a missing one.
    pub(crate) fn required(&mut self, name: &str) -> String {
        let value = self.text(name).unwrap_or_default();
        self.demand(name, !value.trim().is_empty());
        value
    }

    /// true or false; false if it was not sent.
    pub(crate) fn flag(&mut self, name: &str) -> bool {
        let (sent, raw) = match self.find(name) {
            Some((sent, raw)) => (sent.to_owned(), raw),
            None => return false,
        };
        // A bool, unlike a string, can't be null.
        serde_json::from_str(raw.get()).unwrap_or_else(|_| {
            self.complain(&sent, raw, "System.Boolean");
            false
        })
    }

    /// A whole number, if it was sent and is not null.
    pub(crate) fn number(&mut self, name: &str) -> Option<i64> {
        self.read(name, "System.Int64", |raw| serde_json::from_str(raw).ok())
    }

    /// A signInKey, which may come as a number or as a string, whatever style the server answers in.
    pub(crate) fn key(&mut self, name: &str) -> String {
        let key = self.read(name, "System.String", |raw| match raw.as_bytes()[0] {
            b'"' => serde_json::from_str(raw).ok(),
            b'-' | b'0'..=b'9' => Some(raw.to_owned()),
            _ => None,
        });
        let key = key.unwrap_or_default();
        self.demand(name, !key.trim().is_empty());
        key
    }

    /// Whether every field asked for was there and of its type.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self.mistyped {
            Some((path, message)) => Err(complaint(&path, message)),
            None if !self.missing.is_empty() => Err(Failure::BadRequest(self.missing)),
            None => Ok(()),
        }
    }

    fn find(&self, name: &str) -> Option<(&str, &'a RawValue)> {
        self.values.iter().find(|(sent, _)| sent.eq_ignore_ascii_case(name)).map(|(sent, raw)| (sent.as_str(), *raw))
    }

    fn read<T>(&mut self, name: &str, kind: &str, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let (sent, raw) = self.find(name)?;
        if raw.get() == "null" {
            return None;
        }
        let value = parse(raw.get());
        if value.is_none() {
            let sent = sent.to_owned();
            self.complain(&sent, raw, kind);
        }
        value
    }

    fn demand(&mut self, name: &str, given: bool) {
        if !given {
            // ASP.NET names the property of its own class here, which starts with a capital.
            let property = name[..1].to_ascii_uppercase() + &name[1..];
            let message = format!("The {property} field is required.");
            self.missing.insert(property, vec![message]);
        }
    }

    fn complain(&mut self, sent: &str, raw: &RawValue, kind: &str) {
        let place = place(self.body, value_end(self.body, raw));
        let message = format!("The JSON value could not be converted to {kind}. Path: $.{sent} | {place}.");
        self.mistyped.get_or_insert((format!("$.{sent}"), message));
    }
}

fn complaint(field: &str, message: String) -> Failure {
    Failure::BadRequest(Errors::from([(field.to_owned(), vec![message])]))
}

/// Where the reader stood when it rejected a value: behind it, or just inside if it is an object or an array.
fn value_end(body: &[u8], raw: &RawValue) -> usize {
    let text = raw.get();
    let start = text.as_ptr() as usize - body.as_ptr() as usize;
    if text.starts_with(['{', '[']) { start + 1 } else { start + text.len() }
}

fn place(body: &[u8], offset: usize) -> String {
    let before = &body[..offset];
    let line = before.iter().filter(|&&byte| byte == b'\n').count();
    let in_line = before.iter().rev().take_while(|&&byte| byte != b'\n').count();
    format!("LineNumber: {line} | BytePositionInLine: {in_line}")
}

fn not_json(body: &[u8], error: &serde_json::Error) -> Failure {
    let line = error.line().saturating_sub(1);
    let in_line = error.column().saturating_sub(1);
    let place = format!("Path: $ | LineNumber: {line} | BytePositionInLine: {in_line}.");
    let rejected = body.split(|&byte| byte == b'\n').nth(line).and_then(|text| text.get(in_line));
    let message = match rejected {
        Some(byte) if byte.is_ascii_graphic() && !error.is_eof() => {
            format!("'{}' is invalid here. {place}", char::from(*byte))
        }
        Some(byte) if !error.is_eof() => format!("'0x{byte:02X}' is invalid here. {place}"),
        _ => format!("Expected depth to be zero at the end of the JSON payload. {place}"),
    };
    complaint("$", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(failure: Failure) -> Errors {
        match failure {
            Failure::BadRequest(errors) => errors,
            other => panic!("not a bad request: {other:?}"),
        }
    }

    #[test]
    fn names_are_matched_without_case_and_unknown_ones_are_ignored() {
        let mut fields = Fields::parse(br#"{"UnionID":"u","APPID":2,"emailIsValid":true,"x":[{}]}"#).unwrap();
        assert_eq!(fields.required("unionID"), "u");
        assert!(fields.flag("EmailIsValid"));
        assert_eq!(fields.text("pwd"), None);
        assert!(fields.finish().is_ok());
    }

    #[test]
    fn every_missing_field_is_named() {
        let mut fields = Fields::parse(br#"{"pwd":"","userName":null}"#).unwrap();
        fields.required("pwd");
        fields.required("userName");
        fields.key("signInKey");
        let errors = errors(fields.finish().unwrap_err());
        assert_eq!(errors.keys().collect::<Vec<_>>(), ["Pwd", "SignInKey", "UserName"]);
        assert_eq!(errors["Pwd"], ["The Pwd field is required."]);
    }

    #[test]
    fn a_mistyped_field_is_named_with_its_place() {
        let mut fields = Fields::parse(b"{\n  \"Pwd\": 12,\n  \"x\": 1}").unwrap();
        fields.required("pwd");
        let errors = errors(fields.finish().unwrap_err());
        let message = "The JSON value could not be converted to System.String. \
                       Path: $.Pwd | LineNumber: 1 | BytePositionInLine: 11.";
        assert_eq!(errors["$.Pwd"], [message]);
        assert_eq!(errors.len(), 1);
    }

    #[test]
    fn a_key_is_a_number_or_a_string_and_nothing_else() {
        for (body, key) in [(r#"{"signInKey":19}"#, "19"), (r#"{"signInKey":"0a"}"#, "0a")] {
            let mut fields = Fields::parse(body.as_bytes()).unwrap();
            assert_eq!(fields.key("signInKey"), key);
            assert!(fields.finish().is_ok());
        }
        for body in [r#"{"signInKey":true}"#, r#"{"signInKey":[19]}"#] {
            let mut fields = Fields::parse(body.as_bytes()).unwrap();
            fields.key("signInKey");
            assert!(errors(fields.finish().unwrap_err()).contains_key("$.signInKey"));
        }
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for (body, field) in [("", ""), ("null", ""), ("[]", "$"), ("7", "$"), ("{", "$"), ("{]", "$"), ("\u{1}", "$")]
        {
            let failure = Fields::parse(body.as_bytes()).err().unwrap();
            assert_eq!(errors(failure).keys().collect::<Vec<_>>(), [field], "{body:?}");
        }
    }
}
