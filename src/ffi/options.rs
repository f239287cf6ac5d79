//! What can be set for a single call.

use super::input::{Versioned, versioned};
use super::types::OptionalCallOptions;
use crate::client::Client;
use crate::error::{Error, Result};
use std::time::Duration;

/// What can be set for a single call. Fill it with oauthapp_call_options_init(), then set what you want.
///
/// It is read during the call only, and may be used for many calls, from many threads at once as long as nobody writes.
#[repr(C)]
#[derive(Clone, Copy)]
#[allow(non_camel_case_types)]
pub struct oauthapp_call_options {
    /// The size of this struct as the caller knows it.
    pub struct_size: usize,
    /// The deadline of the call in milliseconds, from its start to the last byte of its answer; 0: the client's.
    pub timeout_ms: u32,
    /// No flags exist yet: 0.
    pub flags: u32,
}

// SAFETY: `repr(C)`, size first, all zeroes are a value.
unsafe impl Versioned for oauthapp_call_options {
    const NAME: &'static str = "oauthapp_call_options";
    const FIRST_SIZE: usize = std::mem::offset_of!(Self, flags) + size_of::<u32>();
}

/// The client with these options.
///
/// # Safety
/// As [`versioned`].
pub(super) unsafe fn apply(client: &Client, options: OptionalCallOptions) -> Result<Client> {
    if options.is_null() {
        return Ok(client.clone());
    }
    // SAFETY: as promised for this function.
    let options = unsafe { versioned(options, "options")? };
    if options.flags != 0 {
        return Err(Error::invalid_argument("flags holds a bit that this version of the library does not know"));
    }
    match options.timeout_ms {
        0 => Ok(client.clone()),
        milliseconds => client.with_timeout(Duration::from_millis(milliseconds.into())),
    }
}
