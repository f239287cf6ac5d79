//! The signed-in user's profile.

use super::private::{Described, Role};
use super::{Request, setters};
use crate::client::Client;
use crate::error::Result;
use crate::model::Profile;
use crate::secret::Masked;
use serde::Serialize;
use ureq::http::Method;

/// `GET /api/AppUsers/:appId/Profile`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct GetProfile<'a> {
    #[serde(skip)]
    pub(crate) access_token: Option<Masked<'a>>,
}

impl<'a> GetProfile<'a> {
    /// The profile of the user of the session that the client holds.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// The token to use, in place of the session that the client holds.
        access_token: &'a str => Masked(access_token);
    }
}

impl Described for GetProfile<'_> {
    const METHOD: Method = Method::GET;
    const OPERATION: &'static str = "Profile";
    const ROLE: Role = Role::WithToken;

    fn access_token(&self) -> Option<&str> {
        self.access_token.map(|token| token.0)
    }
}

impl Request for GetProfile<'_> {
    type Response = Profile;
}

/// `PUT /api/AppUsers/:appId/Profile`. Fields that are not set are not sent and stay as they are.
///
/// The server ignores empty strings, so a field can't be cleared.
#[derive(Clone, Debug, Default, Serialize)]
pub struct UpdateProfile<'a> {
    #[serde(skip)]
    pub(crate) access_token: Option<Masked<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) avatar: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) data: Option<&'a str>,
    #[serde(rename = "nickName", skip_serializing_if = "Option::is_none")]
    pub(crate) nick_name: Option<&'a str>,
}

impl<'a> UpdateProfile<'a> {
    /// A change, with the session that the client holds, in which no field is set yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// The token to use, in place of the session that the client holds.
        access_token: &'a str => Masked(access_token);
        /// Address of a picture.
        avatar: &'a str => avatar;
        /// The application's own data about the user.
        data: &'a str => data;
        /// The name to show.
        nick_name: &'a str => nick_name;
    }
}

impl Described for UpdateProfile<'_> {
    const METHOD: Method = Method::PUT;
    const OPERATION: &'static str = "Profile";
    const ROLE: Role = Role::WithToken;

    fn access_token(&self) -> Option<&str> {
        self.access_token.map(|token| token.0)
    }
}

impl Request for UpdateProfile<'_> {
    type Response = bool;
}

impl Client {
    /// Reads the profile of the signed-in user.
    ///
    /// # Errors
    /// [`NotSignedIn`](crate::ErrorKind::NotSignedIn) without a token; [`TokenExpired`](crate::ErrorKind::TokenExpired),
    /// [`TokenRejected`](crate::ErrorKind::TokenRejected), [`UserGone`](crate::ErrorKind::UserGone) from the server; and
    /// what [`Client::call`] can give.
    pub fn get_profile(&self, request: &GetProfile) -> Result<Profile> {
        self.call(request)
    }

    /// Changes the profile of the signed-in user. Answers what the server says of it, true or false.
    ///
    /// # Errors
    /// As [`Client::get_profile`].
    pub fn update_profile(&self, request: &UpdateProfile) -> Result<bool> {
        self.call(request)
    }
}
