//! The fuzz targets that go through the C face; see `crate::fuzz`. They are here because unsafe code is.

#![allow(missing_docs, reason = "each file says what its target is")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a panic is how a target tells of a finding"
)]
#![allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "likewise")]

mod c_api;
pub(super) mod getters;
mod json_pointer;
pub(super) mod lent;

pub use c_api::c_api;
#[cfg(test)]
pub(crate) use json_pointer::agrees_with_serde;
pub use json_pointer::json_pointer;
