//! What can be set for a single call.

use super::cancel;
use super::input::{Versioned, versioned};
use super::types::{OptionalCallOptions, OptionalCancelTokenHandle};
use crate::client::Client;
use crate::error::Result;
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
    /// The deadline of the call in milliseconds, from its start to the last byte of its answer, retries and the waits
    /// between them included; at most a day. 0: the client's.
    pub timeout_ms: u32,
    /// How long making a connection may take, in milliseconds; at most a day. 0: the client's.
    pub connect_timeout_ms: u32,
    /// Ends the call from another thread. NULL: it can't be cancelled.
    pub cancel_token: OptionalCancelTokenHandle,
}

// SAFETY: `repr(C)`, size first, all zeroes are a value.
unsafe impl Versioned for oauthapp_call_options {
    const NAME: &'static str = "oauthapp_call_options";
    const FIRST_SIZE: usize = std::mem::offset_of!(Self, cancel_token) + size_of::<OptionalCancelTokenHandle>();
}

/// The client with these options.
///
/// # Safety
/// As [`versioned`].
pub(super) unsafe fn apply(client: &Client, options: OptionalCallOptions) -> Result<Client> {
    let mut client = client.clone();
    if options.is_null() {
        return Ok(client);
    }
    // SAFETY: as promised for this function.
    let options = unsafe { versioned(options, "options")? };
    if options.timeout_ms != 0 {
        client = client.with_timeout(Duration::from_millis(options.timeout_ms.into()))?;
    }
    if options.connect_timeout_ms != 0 {
        client = client.with_connect_timeout(Duration::from_millis(options.connect_timeout_ms.into()))?;
    }
    if !options.cancel_token.is_null() {
        client = client.with_cancel(&*cancel::token(options.cancel_token)?);
    }
    Ok(client)
}
