//! What must not leak: strings that hide from `Debug` and are wiped when they go.

use serde::{Deserialize, Deserializer, Serialize};
use std::collections::TryReserveError;
use std::fmt;
use std::io::{self, Read, Write};
use std::ops::Deref;
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

/// A growing byte buffer that leaves no copy of its content behind, neither when it grows nor when it is dropped; and where
/// there is no memory to grow into, that is an error, and not the end of the program.
///
/// `Vec` frees its old block unwiped when it grows; this one wipes it first.
#[derive(Default)]
pub(crate) struct WipedBuffer(Vec<u8>);

impl WipedBuffer {
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        WipedBuffer(Vec::with_capacity(capacity))
    }

    /// The same for a size that someone else decides on.
    pub(crate) fn try_with_capacity(capacity: usize) -> Result<Self, TryReserveError> {
        let mut buffer = WipedBuffer::default();
        buffer.reserve(capacity)?;
        Ok(buffer)
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.0
    }

    #[cfg(feature = "capi")]
    pub(crate) fn as_mut_ptr(&mut self) -> *mut u8 {
        self.0.as_mut_ptr()
    }

    #[inline]
    pub(crate) fn add(&mut self, bytes: &[u8]) -> Result<(), TryReserveError> {
        self.reserve(bytes.len())?;
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    /// Empties the buffer and wipes what was in it.
    pub(crate) fn clear(&mut self) {
        self.0.as_mut_slice().zeroize();
        self.0.clear();
    }

    /// Adds all that comes out of `reader`.
    pub(crate) fn read_to_end(&mut self, reader: &mut impl Read) -> io::Result<()> {
        let mut filled = self.0.len();
        let result = loop {
            if filled == self.0.len() {
                if let Err(error) = self.reserve(1) {
                    break Err(error.into());
                }
                let capacity = self.0.capacity();
                self.0.resize(capacity, 0);
            }
            match reader.read(self.0.get_mut(filled..).unwrap_or_default()) {
                Ok(0) => break Ok(()),
                Ok(count) => filled = filled.saturating_add(count),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            }
        };
        self.0.truncate(filled);
        result
    }

    /// The content as text, or the buffer itself where that is not UTF-8.
    pub(crate) fn into_text(mut self) -> Result<WipedText, Self> {
        match String::from_utf8(std::mem::take(&mut self.0)) {
            Ok(text) => Ok(WipedText(text)),
            Err(error) => {
                self.0 = error.into_bytes();
                Err(self)
            }
        }
    }

    /// In one piece with its callers: JSON is written in pieces of a byte or two.
    #[inline]
    fn reserve(&mut self, additional: usize) -> Result<(), TryReserveError> {
        if additional > self.0.capacity().saturating_sub(self.0.len()) { self.grow(additional) } else { Ok(()) }
    }

    #[cold]
    fn grow(&mut self, additional: usize) -> Result<(), TryReserveError> {
        let needed = self.0.len().saturating_add(additional);
        let mut larger = Vec::new();
        larger.try_reserve_exact(needed.max(self.0.capacity().saturating_mul(2)))?;
        larger.extend_from_slice(&self.0);
        self.0.as_mut_slice().zeroize();
        self.0 = larger;
        Ok(())
    }
}

/// For those who keep it as bytes of someone else's.
impl AsRef<[u8]> for WipedBuffer {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for WipedBuffer {
    fn drop(&mut self) {
        // Beyond its length there is never anything that has not been wiped.
        self.0.as_mut_slice().zeroize();
    }
}

/// What a buffer holds, once it is known to be text.
pub(crate) struct WipedText(String);

impl Deref for WipedText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Drop for WipedText {
    fn drop(&mut self) {
        drop(WipedBuffer(std::mem::take(&mut self.0).into_bytes()));
    }
}

impl Write for WipedBuffer {
    #[inline]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.add(bytes)?;
        Ok(bytes.len())
    }

    #[inline]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        Ok(self.add(bytes)?)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn more_than_there_is_memory_for_is_an_error() {
        assert!(WipedBuffer::try_with_capacity(usize::MAX / 4).is_err());
        let mut buffer = WipedBuffer::with_capacity(1);
        buffer.write_all(b"kept").unwrap();
        assert!(buffer.reserve(usize::MAX / 4).is_err());
        assert!(buffer.as_slice() == b"kept");
    }

    #[test]
    fn a_signal_does_not_end_the_reading() {
        /// What its reads give, from the last one on.
        struct Reads(Vec<io::Result<&'static [u8]>>);
        impl Read for Reads {
            fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                self.0.pop().unwrap_or(Ok(b""))?.read(into)
            }
        }
        let interrupted = || Err(io::ErrorKind::Interrupted.into());
        let mut buffer = WipedBuffer::with_capacity(8);
        buffer.read_to_end(&mut Reads(vec![interrupted(), Ok(b"cd"), interrupted(), Ok(b"ab")])).unwrap();
        assert!(buffer.as_slice() == b"abcd");
    }
}
