//! What comes from C: strings and structs, checked before anything else looks at them.

use super::constants;
use super::types::Tristate;
use crate::error::{Error, ErrorKind, Result};
use std::ffi::{CStr, c_char};
use std::mem::MaybeUninit;
use std::slice;

/// A string that must be given.
///
/// # Safety
/// `text` is NULL, or a NUL-terminated string that lives for `'a`.
pub(super) unsafe fn text<'a>(text: *const c_char, name: &str) -> Result<&'a str> {
    // SAFETY: as promised for this function.
    let given = unsafe { optional_text(text, name)? };
    given.ok_or_else(|| Error::invalid_argument(format!("{name} is NULL")))
}

/// A string that may be NULL, which means "not given".
///
/// # Safety
/// As [`text`].
pub(super) unsafe fn optional_text<'a>(text: *const c_char, name: &str) -> Result<Option<&'a str>> {
    if text.is_null() {
        return Ok(None);
    }
    // SAFETY: not NULL, so NUL-terminated as the caller promises.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_str().map(Some).map_err(|_| Error::new(ErrorKind::InvalidUtf8).remark(format!("It is {name}")))
}

/// No setting is longer, but for certificates and keys.
const MAX_SETTING_BYTES: usize = 16 * 1024;

/// A setting that may be NULL. One that is too long is not valid: a setting is copied, with memory that has to be there.
///
/// # Safety
/// As [`text`].
pub(super) unsafe fn setting<'a>(given: *const c_char, name: &str, invalid: ErrorKind) -> Result<Option<&'a str>> {
    // SAFETY: as promised for this function.
    let given = unsafe { optional_text(given, name)? };
    match given {
        Some(text) if text.len() > MAX_SETTING_BYTES => {
            Err(Error::new(invalid).remark(format!("{name} is longer than {MAX_SETTING_BYTES} bytes")))
        }
        given => Ok(given),
    }
}

/// A truth value that may be left out.
pub(super) fn tristate(value: Tristate, name: &str) -> Result<Option<bool>> {
    match value {
        constants::NOT_GIVEN => Ok(None),
        constants::FALSE => Ok(Some(false)),
        constants::TRUE => Ok(Some(true)),
        _ => {
            Err(Error::invalid_argument(format!("{name} must be OAUTHAPP_NOT_GIVEN, OAUTHAPP_FALSE or OAUTHAPP_TRUE")))
        }
    }
}

/// A struct that the caller fills and that grows from version to version.
///
/// # Safety
/// The type is `repr(C)`, begins with `struct_size: usize`, and all zeroes are a value of it.
pub(super) unsafe trait Versioned: Copy {
    /// The C name, for messages.
    const NAME: &'static str;
    /// The size that the type had when it was first published: no caller can have a smaller one.
    const FIRST_SIZE: usize;
}

/// No struct of this API will ever be larger; a `struct_size` above it is garbage.
const MAX_STRUCT_SIZE: usize = 4096;

/// Reads a struct of an older, equal or newer caller. Fields that an older caller doesn't have are zero ("not given");
/// a newer caller's further fields must be zero, since what they ask for can't be done.
///
/// # Safety
/// `given` is NULL, or points to as many readable bytes as its `struct_size` says.
pub(super) unsafe fn versioned<T: Versioned>(given: *const T, name: &str) -> Result<T> {
    if given.is_null() {
        return Err(Error::invalid_argument(format!("{name} is NULL")));
    }
    let bytes = given.cast::<u8>();
    // SAFETY: not NULL, and the type begins with its size. Unaligned: a caller's mistake in that costs nothing here.
    let size = unsafe { bytes.cast::<usize>().read_unaligned() };
    if !(T::FIRST_SIZE..=MAX_STRUCT_SIZE).contains(&size) {
        return Err(wrong_size::<T>(format!("It says {size}; fill it with {}_init()", T::NAME)));
    }
    let known = size.min(size_of::<T>());
    // SAFETY: the caller promises that many readable bytes.
    let further = unsafe { slice::from_raw_parts(bytes.add(known), size.saturating_sub(known)) };
    if further.iter().any(|byte| *byte != 0) {
        return Err(wrong_size::<T>("It uses fields that this version of the library does not have".to_owned()));
    }
    let mut value = MaybeUninit::<T>::zeroed();
    // SAFETY: both hold at least `known` bytes, and all zeroes are a value of the type.
    unsafe {
        value.as_mut_ptr().cast::<u8>().copy_from_nonoverlapping(bytes, known);
        Ok(value.assume_init())
    }
}

fn wrong_size<T: Versioned>(why: String) -> Error {
    Error::new(ErrorKind::InvalidStructSize).remark(format!("It is {}", T::NAME)).remark(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_false_is_given() {
        for (value, expected) in
            [(constants::NOT_GIVEN, None), (constants::FALSE, Some(false)), (constants::TRUE, Some(true))]
        {
            assert_eq!(tristate(value, "value").unwrap(), expected);
        }
    }
}
