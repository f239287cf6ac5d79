//! The key of a QR sign-in: a number on today's server, a string on others, carried as it came.

use crate::secret::REDACTED;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use std::fmt;
use zeroize::Zeroizing;

/// The key that ties the screen that shows a QR code to the phone that scans it.
///
/// The server of 2023 gives a number (`19`), that of 2022 a string of 32 hexadecimal digits. A key is sent back exactly as
/// it was received, so a number of any size survives. Whoever knows a key can take the session over, so it is a secret:
/// it prints as `<REDACTED>` and is wiped when dropped.
#[derive(Clone)]
pub struct SignInKey {
    /// One JSON number or one JSON string.
    json: Zeroizing<String>,
    /// The digits, or the string's text.
    text: Zeroizing<String>,
}

impl SignInKey {
    /// A key that is a number.
    #[must_use]
    pub fn from_number(number: u64) -> Self {
        let digits = Zeroizing::new(number.to_string());
        SignInKey { json: digits.clone(), text: digits }
    }

    /// A key that is a string, also where it consists of digits.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        // A string always has a JSON form.
        let json = Zeroizing::new(serde_json::to_string(text).unwrap_or_default());
        SignInKey { json, text: Zeroizing::new(text.to_owned()) }
    }

    /// A key in the form in which a program got it as text: the JSON that pre-sign-in answered (`19` or `"3f…"`), or the
    /// bare key as it stands in the scene of a QR code (`19` or `3f…`).
    ///
    /// What reads as a JSON number or string is taken as that; anything else is a string key, and so are 32 hexadecimal
    /// digits, which may happen to read as a number.
    #[must_use]
    pub fn from_json_or_text(text: &str) -> Self {
        let hexadecimal = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match serde_json::from_str(text) {
            Ok(key) if !hexadecimal => key,
            _ => Self::from_text(text),
        }
    }

    /// The key as JSON: digits, or a string in quotes.
    #[must_use]
    pub fn as_json(&self) -> &str {
        &self.json
    }

    /// What to look for in a text that must not show the key: it, and how it is sent where that is written otherwise.
    pub(crate) fn secrets(&self) -> [&str; 2] {
        let sent = self.json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap_or(&self.json);
        [&self.text, sent]
    }

    /// The key without quotes, as it goes into the scene of a QR code (`appId=2&signinKey=19`).
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        self.text.clone()
    }
}

impl PartialEq for SignInKey {
    fn eq(&self, other: &Self) -> bool {
        *self.json == *other.json
    }
}

impl Eq for SignInKey {}

impl fmt::Debug for SignInKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl<'de> Deserialize<'de> for SignInKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = <&RawValue>::deserialize(deserializer)?.get();
        match json.as_bytes().first() {
            Some(b'"' | b'-' | b'0'..=b'9') => {
                // A number is its own text, and so is a string with half of a surrogate pair, which has no other.
                let text = serde_json::from_str(json).unwrap_or_else(|_| json.to_owned());
                Ok(SignInKey { json: Zeroizing::new(json.to_owned()), text: Zeroizing::new(text) })
            }
            _ => Err(D::Error::custom("a sign-in key is a number or a string")),
        }
    }
}

impl Serialize for SignInKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::from_str::<&RawValue>(&self.json).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_sent_as_it_was_received() {
        let hex = "0123456789abcdef0123456789abcdef";
        for (text, json) in [
            ("19", "19".to_owned()),
            ("123456789012345678901234567890", "123456789012345678901234567890".to_owned()),
            ("\"19\"", "\"19\"".to_owned()),
            (hex, format!("\"{hex}\"")),
            (&format!("\"{hex}\""), format!("\"{hex}\"")),
            (&"1".repeat(32), format!("\"{}\"", "1".repeat(32))),
            ("", "\"\"".to_owned()),
            ("null", "\"null\"".to_owned()),
            ("{\"a\":1}", "\"{\\\"a\\\":1}\"".to_owned()),
            ("19,\"x\":1", "\"19,\\\"x\\\":1\"".to_owned()),
        ] {
            let key = SignInKey::from_json_or_text(text);
            assert!(serde_json::to_string(&key).unwrap() == json, "{text}");
        }
        assert!(*SignInKey::from_text("a\"b").to_text() == "a\"b");
        assert!(*SignInKey::from_number(20).to_text() == "20");
        assert!(SignInKey::from_number(20) != SignInKey::from_text("20"), "each is sent in its own form");
    }

    #[test]
    fn an_answer_that_is_no_key_is_not_taken_for_one() {
        for json in ["null", "true", "[]", "{}"] {
            assert!(serde_json::from_str::<SignInKey>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn what_must_not_show_is_the_key_in_every_form() {
        let key = SignInKey::from_json_or_text("\"\\u0061\\\"b\"");
        assert!(*key.to_text() == "a\"b" && key.secrets() == ["a\"b", "\\u0061\\\"b"]);
    }

    #[test]
    fn debug_hides_the_key() {
        assert_eq!(format!("{:?}", SignInKey::from_number(19)), "<REDACTED>");
    }
}
