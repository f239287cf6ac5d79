//! Sign-in and sign-up with the id that a user has on another platform.

use super::private::{Described, Role};
use super::{Request, setters};
use crate::answer::Data;
use crate::client::Client;
use crate::error::Result;
use crate::secret::Masked;
use crate::token::Token;
use serde::Serialize;
use ureq::http::Method;

/// `POST /api/AppUsers/:appId/UnionIDSignIn`: sign-in with platform and union id.
///
/// There is no password in it: whoever knows platform and union id signs in. Keep union ids as secret as passwords.
#[derive(Clone, Debug, Serialize)]
pub struct UnionIdSignIn<'a> {
    pub(crate) platform: &'a str,
    #[serde(rename = "unionID")]
    pub(crate) union_id: Masked<'a>,
}

impl<'a> UnionIdSignIn<'a> {
    /// A sign-in as this user of this platform (for example `web`, `wxminip`).
    #[must_use]
    pub fn new(platform: &'a str, union_id: &'a str) -> Self {
        UnionIdSignIn { platform, union_id: Masked(union_id) }
    }
}

impl Described for UnionIdSignIn<'_> {
    const METHOD: Method = Method::POST;
    const OPERATION: &'static str = "UnionIDSignIn";
    const ROLE: Role = Role::SignIn;

    fn secrets(&self) -> Vec<&str> {
        vec![self.union_id.0]
    }
}

impl Request for UnionIdSignIn<'_> {
    type Response = Token;
}

/// `POST /api/AppUsers/:appId/UnionIDSignUp`: a new account for a union id. Fields that are not set are not sent.
#[derive(Clone, Debug, Default, Serialize)]
pub struct UnionIdSignUp<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) platform: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pwd: Option<Masked<'a>>,
    #[serde(rename = "unionID", skip_serializing_if = "Option::is_none")]
    pub(crate) union_id: Option<Masked<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) avatar: Option<&'a str>,
    #[serde(rename = "nickName", skip_serializing_if = "Option::is_none")]
    pub(crate) nick_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) phone: Option<&'a str>,
    #[serde(rename = "userName", skip_serializing_if = "Option::is_none")]
    pub(crate) user_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) data: Option<&'a str>,
    #[serde(rename = "emailIsValid", skip_serializing_if = "Option::is_none")]
    pub(crate) email_is_valid: Option<bool>,
    #[serde(rename = "phoneIsValid", skip_serializing_if = "Option::is_none")]
    pub(crate) phone_is_valid: Option<bool>,
}

impl<'a> UnionIdSignUp<'a> {
    /// A sign-up in which no field is set yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// The platform that the union id belongs to.
        platform: &'a str => platform;
        /// The user's id on that platform. A secret, see [`UnionIdSignIn`].
        union_id: &'a str => Masked(union_id);
        /// A password for the account.
        pwd: &'a str => Masked(pwd);
        /// Address of a picture.
        avatar: &'a str => avatar;
        /// The name to show.
        nick_name: &'a str => nick_name;
        /// E-mail address.
        email: &'a str => email;
        /// Phone number.
        phone: &'a str => phone;
        /// A name for the account.
        user_name: &'a str => user_name;
        /// The application's own data about the user.
        data: &'a str => data;
        /// Whether the platform has verified the e-mail address.
        email_is_valid: bool => email_is_valid;
        /// Whether the platform has verified the phone number.
        phone_is_valid: bool => phone_is_valid;
    }
}

impl Described for UnionIdSignUp<'_> {
    const METHOD: Method = Method::POST;
    const OPERATION: &'static str = "UnionIDSignUp";
    const ROLE: Role = Role::SignUp;

    fn secrets(&self) -> Vec<&str> {
        self.pwd.iter().chain(&self.union_id).map(|secret| secret.0).collect()
    }

    fn sign_in_instead(&self) -> Option<impl Fn(&Client) -> Result<Data>> {
        let sign_in = UnionIdSignIn { platform: self.platform?, union_id: self.union_id? };
        Some(move |client: &Client| client.exchange(&sign_in))
    }
}

impl Request for UnionIdSignUp<'_> {
    type Response = Token;
}

impl Client {
    /// Signs in with platform and union id.
    ///
    /// # Errors
    /// [`NoSuchUser`](crate::ErrorKind::NoSuchUser), [`NoSuchApplication`](crate::ErrorKind::NoSuchApplication), and what
    /// [`Client::call`] can give.
    pub fn union_id_sign_in(&self, request: &UnionIdSignIn) -> Result<Token> {
        self.call(request)
    }

    /// Makes an account for a union id and signs it in.
    ///
    /// # Errors
    /// [`AccountExists`](crate::ErrorKind::AccountExists),
    /// [`NoSuchApplication`](crate::ErrorKind::NoSuchApplication), and what [`Client::call`] can give.
    pub fn union_id_sign_up(&self, request: &UnionIdSignUp) -> Result<Token> {
        self.call(request)
    }
}
