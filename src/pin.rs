//! Public keys that the server's certificates have to come from.

use crate::error::{Error, ErrorKind, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt;
use std::str::FromStr;

/// The SHA-256 of a public key, of its `SubjectPublicKeyInfo` as it stands in a certificate: what RFC 7469 and OkHttp call
/// a pin. With it a client takes a server only if the pinned key vouches for it, besides all else that is checked.
///
/// The pinned key is the server's own or that of an authority above it, from which signatures lead down to the server's
/// certificate. It is not enough that the server sends along a certificate with this key. For a pinned root, the client has
/// to have its certificate from [`Trust`](crate::Trust), or from the server; a root that only the platform's verifier knows
/// can't be pinned.
///
/// Pin at least two keys, one of them not in use yet: with one alone, a new key on the server locks every client out.
///
/// ```
/// # use oauthapp::Pin;
/// // openssl x509 -in server.pem -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64
/// let pin: Pin = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".parse()?;
/// assert_eq!(pin, Pin::from_sha256([0; 32]));
/// # Ok::<(), oauthapp::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pin([u8; 32]);

impl Pin {
    /// The pin with this hash.
    #[must_use]
    pub const fn from_sha256(hash: [u8; 32]) -> Self {
        Pin(hash)
    }

    /// The pin of a DER-encoded `SubjectPublicKeyInfo`.
    pub(crate) fn of_key(info: &[u8]) -> Self {
        let mut hash = [0; 32];
        hash.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, info).as_ref());
        Pin(hash)
    }
}

/// Reads the hash in base64, with `sha256/` before it or without.
impl FromStr for Pin {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let hash = STANDARD.decode(text.strip_prefix("sha256/").unwrap_or(text)).ok();
        hash.and_then(|hash| hash.try_into().ok()).map(Pin).ok_or_else(|| Error::new(ErrorKind::InvalidPin))
    }
}

/// `sha256/` and the hash in base64.
impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256/{}", STANDARD.encode(self.0))
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pin({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_the_usual_text() {
        let text = "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        let pin: Pin = text.parse().unwrap();
        assert_eq!(pin, Pin::of_key(b""));
        assert_eq!(pin, text["sha256/".len()..].parse().unwrap());
        assert_eq!(pin.to_string(), text);
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "sha256/",
            "sha1/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            "sha256/sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
            "sha256/47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=",
            "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
            "sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuA==",
            " sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        ] {
            assert_eq!(text.parse::<Pin>().unwrap_err().kind(), ErrorKind::InvalidPin, "{text}");
        }
    }
}
