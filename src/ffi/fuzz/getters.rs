//! The JSON getters of the C face, as Rust functions that look at what they leave behind.

use super::super::json::{
    oauthapp_json_get_bool, oauthapp_json_get_double, oauthapp_json_get_int64, oauthapp_json_get_json,
    oauthapp_json_get_string, oauthapp_json_get_type,
};
use super::super::types::{Code, ErrorOut, Text};
use super::lent;
use crate::error::ErrorKind;
use std::ffi::{CStr, c_char};
use std::fmt::Debug;
use std::ptr;

/// One place in one JSON text.
#[derive(Clone, Copy)]
pub(crate) struct Getter<'a> {
    pub(crate) json: &'a CStr,
    pub(crate) pointer: &'a CStr,
}

type Function<T> = unsafe extern "C" fn(Text, Text, *mut T, ErrorOut) -> Code;

impl Getter<'_> {
    pub(crate) fn string(self) -> Result<String, ErrorKind> {
        self.get(oauthapp_json_get_string, garbage(), ptr::null_mut()).map(|string| {
            // SAFETY: it has just come from the library.
            unsafe { lent::take(string) }
        })
    }

    pub(crate) fn json(self) -> Result<String, ErrorKind> {
        self.get(oauthapp_json_get_json, garbage(), ptr::null_mut()).map(|string| {
            // SAFETY: likewise.
            unsafe { lent::take(string) }
        })
    }

    pub(crate) fn int64(self) -> Result<i64, ErrorKind> {
        self.get(oauthapp_json_get_int64, -7, 0)
    }

    pub(crate) fn double(self) -> Result<f64, ErrorKind> {
        self.get(oauthapp_json_get_double, -7.0, 0.0)
    }

    pub(crate) fn bool(self) -> Result<bool, ErrorKind> {
        self.get(oauthapp_json_get_bool, true, false)
    }

    pub(crate) fn json_type(self) -> Result<i32, ErrorKind> {
        self.get(oauthapp_json_get_type, -7, 0)
    }

    /// What a getter gives; on failure it leaves nothing of what was there before.
    fn get<T: Copy + Debug + PartialEq>(self, function: Function<T>, before: T, nothing: T) -> Result<T, ErrorKind> {
        let Getter { json, pointer } = self;
        let mut out = before;
        let mut error = ptr::without_provenance_mut(7);
        // SAFETY: both texts are NUL-terminated, and both outputs are locals.
        let result = unsafe {
            let code = function(json.as_ptr(), pointer.as_ptr(), &raw mut out, &raw mut error);
            lent::take_error(error, code)
        };
        assert!(result.is_ok() || out == nothing, "an output that was not set");
        result.map(|()| out)
    }
}

/// What an output may hold before.
fn garbage() -> *mut c_char {
    ptr::without_provenance_mut(7)
}
