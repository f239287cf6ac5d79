//! What the tests of the C header and of the C++ header have in common.

pub mod artifacts;
pub mod compile;
pub mod header;
pub mod program;
pub mod sanitizer;
pub mod server;
