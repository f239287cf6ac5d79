//! What must not leak: strings that hide from `Debug` and are wiped when they go.

use serde::{Deserialize, Deserializer, Serialize};
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// What stands in every `Debug` output in place of a secret.
pub(crate) const REDACTED: &str = "<REDACTED>";

/// An owned secret string: prints as `<REDACTED>` and is overwritten in memory when it is dropped.
///
/// It has no `Display`; [`Secret::expose`] is the one way to the text, so that a look for `expose` finds every use.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a string over as a secret.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Secret(Zeroizing::new(text.into()))
    }

    /// The secret text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Secret::new(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Secret::new)
    }
}

/// A secret borrowed from the caller for the time of one request: serialised as it is, printed as `<REDACTED>`.
#[derive(Clone, Copy, Serialize)]
#[serde(transparent)]
pub(crate) struct Masked<'a>(pub(crate) &'a str);

impl fmt::Debug for Masked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

/// A growing byte buffer that leaves no copy of its content behind, neither when it grows nor when it is dropped.
///
/// `Vec` frees its old block unwiped when it grows; this one wipes it first.
pub(crate) struct WipedBuffer(Zeroizing<Vec<u8>>);

impl WipedBuffer {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        WipedBuffer(Zeroizing::new(Vec::with_capacity(capacity)))
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.0
    }

    /// Empties the buffer and wipes what was in it.
    pub(crate) fn clear(&mut self) {
        self.0.as_mut_slice().zeroize();
        self.0.clear();
    }

    fn reserve(&mut self, additional: usize) {
        let needed = self.0.len().saturating_add(additional);
        if needed > self.0.capacity() {
            let mut larger = Vec::with_capacity(needed.max(self.0.capacity().saturating_mul(2)));
            larger.extend_from_slice(&self.0);
            self.0 = Zeroizing::new(larger);
        }
    }
}

impl std::io::Write for WipedBuffer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.reserve(bytes.len());
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn debug_hides_the_text() {
        let secret = Secret::new("hunter2");
        assert!(format!("{secret:?} {:?}", Masked("hunter2")) == "<REDACTED> <REDACTED>");
        assert!(secret.expose() == "hunter2");
    }

    #[test]
    fn buffer_keeps_what_is_written_across_growth() {
        let mut buffer = WipedBuffer::with_capacity(2);
        for chunk in [&b"ab"[..], b"cde", b"", b"f"] {
            buffer.write_all(chunk).unwrap();
        }
        assert!(buffer.as_slice() == b"abcdef");
        buffer.clear();
        buffer.write_all(b"gh").unwrap();
        assert!(buffer.as_slice() == b"gh");
    }
}
