//! A local OAuthApp server: the OAuthApp user API on your own machine, for development and for tests.
//!
//! It knows applications, users, passwords, tokens and the whole QR sign-in with both of its sides, and it fails in the
//! ways in which the real server fails. Nothing leaves the machine.
//!
//! ```
//! use oauthapp_emulator::Emulator;
//!
//! let emulator = Emulator::start()?;
//! println!("{}/api/AppUsers/2/SignIn", emulator.url());
//! // Dropping it stops it: no thread and no socket is left.
//! drop(emulator);
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! [`Emulator::builder`] has the rest: https with an authority of its own, a database file, more applications, and the
//! habits in which the servers of 2022 and 2023 differ. What a test can't do over the wire has a method on [`Emulator`]:
//! to play the phone, to advance the clock, to delete a user.

mod api;
mod application;
mod builder;
mod clock;
mod control;
mod cors;
mod emulator;
mod envelope;
mod failure;
mod fields;
mod jwt;
mod page;
mod password;
mod phone;
mod picture;
mod problem;
mod random;
mod record;
mod reply;
mod routes;
mod server;
mod service;
mod store;
mod style;
mod tls;
mod token;

pub use application::Application;
pub use builder::Builder;
pub use emulator::Emulator;
pub use phone::Refused;
pub use record::RecordedRequest;
pub use store::{QrCode, QrState, User};
pub use style::{ExpiresIn, KeyStyle};
