//! Strings for C: made here, counted here, wiped when they are given back.

use super::fence::caught;
use super::types::OwnedText;
use crate::error::{Error, ErrorKind, Result};
use crate::secret::WipedBuffer;
use std::collections::BTreeMap;
use std::ffi::c_char;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Every string that C holds, by its address. A pointer that isn't here is not freed, whatever it is; and a string is
/// wiped in its whole length, whatever C has written into it.
///
/// An ordered map, because it holds no memory while it is empty: a leak checker would tell of it.
static LIVE: Mutex<Strings> = Mutex::new(Strings::new());

type Strings = BTreeMap<usize, WipedBuffer>;

fn live() -> MutexGuard<'static, Strings> {
    LIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Copies a text into a new C string.
pub(super) fn give(text: &str) -> Result<*mut c_char> {
    if memchr::memchr(0, text.as_bytes()).is_some() {
        return Err(Error::new(ErrorKind::JsonRange).remark("The string holds a NUL character"));
    }
    let mut string = WipedBuffer::try_with_capacity(text.len().saturating_add(1))?;
    string.add(text.as_bytes())?;
    string.add(&[0])?;
    let pointer = string.as_mut_ptr();
    live().insert(pointer.addr(), string);
    Ok(pointer.cast())
}

/// Gives a string back that a function of this library has handed out through a `char **`.
///
/// Its content is overwritten before its memory is released. NULL, a string that was given back already, and a pointer
/// that is not from this library are left alone. Don't use free() or delete for these strings, and this function for no
/// others.
///
/// @param string the string, or NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn oauthapp_string_free(string: OwnedText) {
    caught(|| {
        // Taken out under the lock, wiped and freed after it.
        let taken = live().remove(&string.addr());
        drop(taken);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_freed_once_and_nothing_else_is() {
        let string = give("text").unwrap();
        assert!(live().contains_key(&string.addr()));
        let mut foreign = *b"foreign\0";
        // SAFETY: the function takes any pointer.
        unsafe {
            oauthapp_string_free(string);
            assert!(!live().contains_key(&string.addr()));
            oauthapp_string_free(string);
            oauthapp_string_free(std::ptr::null_mut());
            oauthapp_string_free(foreign.as_mut_ptr().cast());
        }
        assert_eq!(&foreign, b"foreign\0");
    }

    #[test]
    fn a_text_with_nul_is_refused() {
        assert_eq!(give("a\0b").unwrap_err().kind(), ErrorKind::JsonRange);
    }
}
