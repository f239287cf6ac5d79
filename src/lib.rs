//! A blocking client for the user API of OAuthApp (<https://www.oauthapp.com>, and self-hosted servers of it).
//!
//! One call is one function: it blocks, it has a deadline, and it returns what the server said or an [`Error`] that names
//! what happened instead. There is no async runtime and no global state, and nothing is printed.
//!
//! ```no_run
//! use oauthapp::{Client, ErrorKind, GetProfile, SignIn};
//!
//! # fn main() -> oauthapp::Result<()> {
//! let client = Client::builder(2).build()?;
//! match client.sign_in(&SignIn::new("wwww", "123456")) {
//!     Ok(token) => {
//!         let profile = client.get_profile(&GetProfile::new().access_token(token.access_token.expose()))?;
//!         println!("Hello {}", profile.nick_name.unwrap_or_default());
//!     }
//!     Err(error) if error.kind() == ErrorKind::WrongPassword => println!("{error}"),
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The ten calls are methods of [`Client`], each with a request type of its own. [`Client::call_raw`] makes any of them
//! and gives the answer as the JSON that came, unknown fields included.
//!
//! The C API is behind the feature `capi`; a Rust program leaves it off.

#![cfg_attr(not(feature = "capi"), deny(unsafe_code))]
// Nothing that comes from the network or from C can trip a panic, as nothing that could panic is there to be tripped.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::dbg_macro,
        clippy::exit,
        clippy::expect_used,
        clippy::get_unwrap,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::print_stderr,
        clippy::print_stdout,
        clippy::string_slice,
        clippy::todo,
        clippy::unimplemented,
        clippy::unreachable,
        clippy::unwrap_used
    )
)]
#![deny(clippy::undocumented_unsafe_blocks)]

mod answer;
mod api;
mod base_url;
mod cancel;
mod challenge;
mod client;
mod client_certificate;
mod endpoints;
mod envelope;
mod error;
#[cfg(feature = "capi")]
#[doc(hidden)]
pub mod ffi;
#[cfg(any(fuzzing, test))]
#[doc(hidden)]
pub mod fuzz;
mod json;
mod json_shape;
mod json_string;
mod kind;
mod log;
mod model;
mod pem;
mod pin;
mod problem;
mod process;
mod proxy;
mod retry_after;
mod scrub;
mod secret;
mod session;
mod signals;
mod sync;
mod token;
mod transport;
mod trust;

pub use api::{
    GetProfile, QrCodePreSignIn, QrCodeScan, QrCodeSignIn, QrCodeSignUp, Request, SignIn, SignUp, UnionIdSignIn,
    UnionIdSignUp, UpdateProfile,
};
pub use cancel::CancelToken;
pub use client::{
    Client, ClientBuilder, DEFAULT_BASE_URL, DEFAULT_CONNECT_TIMEOUT, DEFAULT_MAX_RESPONSE_BYTES, DEFAULT_MAX_RETRIES,
    DEFAULT_TIMEOUT, MAX_REQUEST_BYTES, MAX_RETRIES,
};
pub use client_certificate::ClientCertificate;
pub use error::{Error, ErrorKind, FieldError, Result};
pub use json::{Json, JsonType, JsonValue};
pub use log::LogLevel;
pub use model::{ApplicationInfo, Profile, SignInKey};
pub use pin::Pin;
pub use secret::Secret;
pub use token::{Claims, MAX_TOKEN_BYTES, Token, claims_json};
pub use trust::{Roots, Trust};
