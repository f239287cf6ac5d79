//! Which library this is.

use super::types::LentText;

const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");

/// The version of the library that the program runs with, for example "1.0.0".
///
/// Compare it with OAUTHAPP_VERSION, the version of the header that the program was compiled with. May be called from any
/// thread.
///
/// @return a string that lives as long as the library; not to be freed
#[unsafe(no_mangle)]
pub extern "C" fn oauthapp_version() -> LentText {
    VERSION.as_ptr().cast()
}

/// The version of the library that the program runs with as one number: major * 1000000 + minor * 1000 + patch.
///
/// Compare it with OAUTHAPP_VERSION_NUMBER. May be called from any thread.
#[unsafe(no_mangle)]
pub extern "C" fn oauthapp_version_number() -> u32 {
    [env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"), env!("CARGO_PKG_VERSION_PATCH")]
        .iter()
        .map(|part| part.parse().unwrap_or(0))
        .fold(0, |number: u32, part| number.saturating_mul(1_000).saturating_add(part))
}
