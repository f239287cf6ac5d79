//! The ten calls. Each is described once, by its request type: method, path, credential, fields and answer.

mod account;
mod profile;
mod qr_code;
mod union_id;

pub use account::{SignIn, SignUp};
pub use profile::{GetProfile, UpdateProfile};
pub use qr_code::{QrCodePreSignIn, QrCodeScan, QrCodeSignIn, QrCodeSignUp};
pub use union_id::{UnionIdSignIn, UnionIdSignUp};

use serde::Serialize;
use serde::de::DeserializeOwned;
use ureq::http::Method;

/// One of the ten requests of the API. Implemented by the request types of this crate only.
pub trait Request: private::Described {
    /// What the server answers.
    type Response: DeserializeOwned;
}

/// What the client needs to know of a request; out of reach for other crates, so that it can change.
pub(crate) mod private {
    use super::{Method, Serialize};
    use crate::answer::Data;
    use crate::client::Client;
    use crate::error::Result;

    pub trait Described: Serialize {
        /// The HTTP method.
        const METHOD: Method;
        /// The last segment of the path, `/api/AppUsers/:appId/{OPERATION}`.
        const OPERATION: &'static str;
        /// What kind of call it is, as far as credentials and repetition go.
        const ROLE: Role;

        /// The access token given with the request.
        fn access_token(&self) -> Option<&str> {
            None
        }

        /// The values that must appear in no log and no error text.
        fn secrets(&self) -> Vec<&str> {
            Vec::new()
        }

        /// For a sign-up: how to sign in with its credentials, which tells whether it has happened although its answer was lost.
        fn sign_in_instead(&self) -> Option<impl Fn(&Client) -> Result<Data>> {
            None::<fn(&Client) -> Result<Data>>
        }
    }

    /// What a call does, as far as the client behaves differently for it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Role {
        /// Signs in: answers a token, and can be repeated.
        SignIn,
        /// Creates an account: answers a token, and a repetition meets the account that the first try made.
        SignUp,
        /// Needs an access token.
        WithToken,
        /// Anything else.
        Plain,
    }

    impl Role {
        /// Whether a success carries a token.
        pub fn answers_token(self) -> bool {
            matches!(self, Role::SignIn | Role::SignUp)
        }
    }
}

/// Writes what every request type has: the setters of its optional fields.
macro_rules! setters {
    ($( $(#[doc = $doc:literal])+ $name:ident: $type:ty => $value:expr; )+) => {
        $(
            $(#[doc = $doc])+
            #[must_use]
            pub fn $name(mut self, $name: $type) -> Self {
                self.$name = Some($value);
                self
            }
        )+
    };
}
pub(crate) use setters;
