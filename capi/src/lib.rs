//! The C libraries: what they export is in the `ffi` module of the crate `oauthapp`, and described in `oauthapp.h`.

extern crate oauthapp as _;
