//! Access tokens: what is read of them, and which can stand in a header.
//!
//! The input is the token; for the way back, it is the claims.

use super::input::Input;
use super::{SECRET, check_error, data};
use crate::error::ErrorKind;
use crate::secret::Secret;
use crate::token::{self, Claims, Token, claims_json};
use base64::Engine;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use serde::de::IgnoredAny;
use std::time::{Duration, UNIX_EPOCH};
use ureq::http::HeaderValue;

pub fn token(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    check(text);
    for encoded in [URL_SAFE_NO_PAD.encode(text), URL_SAFE.encode(text)] {
        let claims = claims_json(&format!("e30.{encoded}."));
        assert_eq!(claims.is_ok(), is_object(text), "claims are objects");
        if let Ok(claims) = claims {
            assert!(*claims == text, "other claims than those that came");
            data::check_claims(text);
        }
    }
}

/// An object may have names with half of a surrogate pair, which are JSON all the same, though no text.
fn is_object(json: &str) -> bool {
    json.trim_start().starts_with('{') && serde_json::from_str::<IgnoredAny>(json).is_ok()
}

fn check(text: &str) {
    match claims_json(text) {
        Ok(claims) => {
            assert_eq!(text.matches('.').count(), 2);
            assert!(is_object(&claims));
        }
        Err(error) => {
            check_error(&error, &[SECRET]);
            assert_eq!(error.kind(), ErrorKind::InvalidToken);
            assert!(Claims::read(text).is_err());
        }
    }
    match token::check(text) {
        Ok(()) => {
            assert!(HeaderValue::from_str(text).is_ok() && !text.contains(char::is_whitespace), "a header of its own")
        }
        Err(error) => {
            check_error(&error, &[SECRET]);
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        }
    }
    times(text);
}

/// Every time there is can be asked for, and no answer lies before the moment it counts from.
fn times(text: &str) {
    let mut numbers = Input(text.as_bytes());
    let received = UNIX_EPOCH + Duration::from_secs(numbers.u64() >> 1);
    let expires_in = Some(numbers.u64() as i64);
    let token = Token { access_token: Secret::new(text), token_type: None, expires_in };
    let at = token.expires_at(received);
    if token.claims().ok().and_then(|claims| claims.exp).is_none() {
        assert!(at.is_none_or(|at| at > received), "it has run out before it came");
    }
}
