//! The envelope of every answer, `{"code": 200, "data": …, "err": ""}`, and the table of the server's messages.

use crate::error::{Error, ErrorKind};
use crate::json_shape::is_modest;
use crate::json_string::characters;
use crate::scrub::Scrub;
use serde::de::{Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

/// The one `code` that means success.
const SUCCESS: i64 = 200;

/// The server's messages that a program has to tell apart.
///
/// They are texts for people and their wording has changed before. A new wording is a new row; a message that is not
/// here comes through as [`ErrorKind::Server`].
const MESSAGES: &[(&str, ErrorKind)] = &[
    ("不存在的应用", ErrorKind::NoSuchApplication),
    ("用户不存在", ErrorKind::NoSuchUser),
    ("密码错误", ErrorKind::WrongPassword),
    ("账号已存在", ErrorKind::AccountExists),
    ("请扫码", ErrorKind::QrWaiting),
    ("登陆中...", ErrorKind::QrScanned),
    ("二维码失效请刷新", ErrorKind::QrExpired),
    ("二维码已失效，请刷新重试", ErrorKind::QrExpired),
    ("应用未配置小程序参数", ErrorKind::QrNotConfigured),
    ("不存在的用户", ErrorKind::UserGone),
];

/// One answer, borrowed from its body.
#[derive(Deserialize)]
pub(crate) struct Envelope<'a> {
    #[serde(deserialize_with = "integer")]
    code: i64,
    #[serde(borrow, default, deserialize_with = "present")]
    data: Option<&'a RawValue>,
    #[serde(borrow, default, deserialize_with = "text")]
    err: Option<&'a RawValue>,
}

/// More of a message is not kept: a server that sends so much of one does not mean it for people.
const MAX_MESSAGE_BYTES: usize = 16 * 1024;

/// Reads a whole number. Of a string in its place serde would make an error text, whatever its length.
fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    match <&RawValue>::deserialize(deserializer)?.get() {
        text if text.starts_with('"') => Err(D::Error::custom("code is no integer")),
        json => serde_json::from_str(json).map_err(D::Error::custom),
    }
}

/// Reads `null` as a value that is there; an `Option` alone would take it for a missing field.
fn present<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'a RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// Reads a string as it is written, or nothing.
fn text<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'a RawValue>, D::Error> {
    let json = <&RawValue>::deserialize(deserializer)?;
    match json.get() {
        "null" => Ok(None),
        text if text.starts_with('"') => Ok(Some(json)),
        _ => Err(D::Error::custom("err is no string")),
    }
}

impl<'a> Envelope<'a> {
    pub(crate) fn parse(body: &'a str) -> serde_json::Result<Self> {
        if !is_modest(body) {
            return Err(serde_json::Error::custom("too deep"));
        }
        if !body.trim_start().starts_with('{') {
            serde_json::from_str::<IgnoredAny>(body)?;
            return Err(serde_json::Error::custom("no object"));
        }
        serde_json::from_str(body)
    }

    /// The `data` of a success, as the JSON that came; the server's failure otherwise.
    pub(crate) fn into_data(self, scrub: &Scrub) -> Result<&'a str, Error> {
        if self.code == SUCCESS {
            let missing = || Error::new(ErrorKind::UnexpectedResponse).remark("The envelope has no data");
            return self.data.map(RawValue::get).ok_or_else(missing);
        }
        Err(self.into_error(scrub))
    }

    /// Whether this is a failure in the server's own words.
    pub(crate) fn is_failure(&self) -> bool {
        self.code != SUCCESS
    }

    fn message(&self) -> String {
        let mut message = String::new();
        for character in characters(self.err.map(RawValue::get).unwrap_or_default()) {
            let character = character.unwrap_or(char::REPLACEMENT_CHARACTER);
            if message.len().saturating_add(character.len_utf8()) > MAX_MESSAGE_BYTES {
                break;
            }
            message.push(character);
        }
        message
    }

    /// The kind of failure that the message tells.
    pub(crate) fn kind(&self) -> ErrorKind {
        let message = self.message();
        MESSAGES.iter().find(|(text, _)| *text == message.trim()).map_or(ErrorKind::Server, |(_, kind)| *kind)
    }

    pub(crate) fn into_error(self, scrub: &Scrub) -> Error {
        let error = Error::new(self.kind());
        self.explain(error, scrub)
    }

    /// Adds the server's own words to what is known of a failure.
    pub(crate) fn explain(self, error: Error, scrub: &Scrub) -> Error {
        let message = self.message();
        let remark = match scrub.show(&message) {
            shown if shown.is_empty() => format!("The server gave code {} and no message", self.code),
            shown => format!("The server said: {shown} (code {})", self.code),
        };
        error.remark(remark).with_server_answer(self.code, message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_beginning_of_a_message_is_kept() {
        let body = format!(r#"{{"code":500,"err":"{}"}}"#, "x".repeat(MAX_MESSAGE_BYTES + 9));
        assert_eq!(Envelope::parse(&body).unwrap().message().len(), MAX_MESSAGE_BYTES);
        let body = format!(r#"{{"code":500,"err":"{}"}}"#, "密".repeat(MAX_MESSAGE_BYTES));
        assert_eq!(Envelope::parse(&body).unwrap().message().len(), MAX_MESSAGE_BYTES - 1, "whole characters only");
    }

    #[test]
    fn what_is_too_deep_is_no_envelope() {
        let deep = format!(r#"{{"code":200,"data":{}{}}}"#, "[".repeat(40_000), "]".repeat(40_000));
        assert!(Envelope::parse(&deep).is_err());
    }
}
