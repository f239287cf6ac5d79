//! The C libraries: what they export is in the `ffi` module of the crate `oauthapp`, and described in `oauthapp.h`.

mod wiping;

extern crate oauthapp as _;

#[global_allocator]
static ALLOCATOR: wiping::Wiping = wiping::Wiping;
