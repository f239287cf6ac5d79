//! What the programs of the benchmark share. README.md says what is measured, and how.

pub mod client;
pub mod connection;
pub mod envelope;

/// The answer to every call: what the server of the API's documentation answers to a sign-in.
pub const ANSWER: &str = include_str!("../answer.json");

/// Where every call goes.
pub const PATH: &str = "/api/AppUsers/2/SignIn";

/// What a client sends whose request is ready-made.
pub const REQUEST: &str = r#"{"pwd":"123456","userName":"wwww"}"#;
