//! `WWW-Authenticate`, alone and as the header of an HTTP 401.
//!
//! The input is the header's value; for the way back, its lines are what the header is made of.

use super::input::Input;
use super::{SECRET, check_error, scrub_of_secret};
use crate::answer;
use crate::base_url::BaseUrl;
use crate::challenge::Challenge;
use crate::error::ErrorKind;
use crate::transport::scripted::response;

pub fn challenge(header: &[u8]) {
    if let Ok(text) = std::str::from_utf8(header) {
        let challenge = Challenge::parse(text);
        if challenge.is_some() {
            assert!(text.to_ascii_lowercase().contains("bearer"), "a challenge that nobody made");
        }
    }
    let base = BaseUrl::parse("https://server.example", false).unwrap();
    let answer = response(401, &[("www-authenticate", header)], b"");
    let error = answer::read(answer, &scrub_of_secret(), &base).expect_err("HTTP 401 is no success");
    check_error(&error, &[SECRET]);
    let over = matches!(error.kind(), ErrorKind::TokenExpired | ErrorKind::TokenRejected);
    assert!(over || error.kind() == ErrorKind::Unauthorized, "{error}");
    let says_error = header.to_ascii_lowercase().windows(5).any(|word| word == b"error");
    assert!(!over || says_error, "a session ends without the server's word");
    round_trip(header);
}

/// What a server writes by the rules is read as it was meant, whatever challenges stand before it.
fn round_trip(input: &[u8]) {
    let mut lines = Input(input);
    let mut next =
        || lines.until(b'\n').iter().filter(|byte| (b' '..=b'~').contains(*byte)).map(|byte| char::from(*byte));
    let (other, error, description): (String, String, String) = (next().collect(), next().collect(), next().collect());
    let header = format!(
        "Basic realm={}, Bearer realm={}, error={}, error_description={}",
        quoted(&other),
        quoted(&other),
        quoted(&error),
        quoted(&description)
    );
    let challenge = Challenge::parse(&header).expect("there is one");
    assert_eq!((challenge.error.as_deref(), challenge.description.as_deref()), (Some(&*error), Some(&*description)));
}

/// `quoted-string` of RFC 9110, section 5.6.4.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
