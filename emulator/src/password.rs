//! Passwords, of which only a salted hash is kept, even here.

use std::num::NonZeroU32;

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD as BASE64};
use ring::pbkdf2::{self, PBKDF2_HMAC_SHA256};

use crate::random;

/// Few, so that a test suite with thousands of sign-ins does not wait for them, in a debug build either.
const ITERATIONS: NonZeroU32 = NonZeroU32::new(1_000).expect("not zero");

/// `salt$hash`, fit to be stored.
pub(crate) fn hash(password: &str) -> String {
    let salt = random::bytes::<16>();
    let mut hash = [0; 32];
    pbkdf2::derive(PBKDF2_HMAC_SHA256, ITERATIONS, &salt, password.as_bytes(), &mut hash);
    format!("{}${}", BASE64.encode(salt), BASE64.encode(hash))
}

/// Whether this is the password that was stored.
pub(crate) fn matches(password: &str, stored: &str) -> bool {
    let Some((salt, hash)) = stored.split_once('$') else { return false };
    let (Ok(salt), Ok(hash)) = (BASE64.decode(salt), BASE64.decode(hash)) else { return false };
    pbkdf2::verify(PBKDF2_HMAC_SHA256, ITERATIONS, &salt, password.as_bytes(), &hash).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_password_matches_and_nothing_of_it_is_stored() {
        let stored = hash("123456");
        assert!(matches("123456", &stored));
        assert!(!matches("1234567", &stored));
        assert!(!matches("", &stored));
        assert!(!stored.contains("123456"));
        assert_ne!(stored, hash("123456"), "the salt is random");
    }
}
