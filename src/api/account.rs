//! Sign-in and sign-up with an account name and a password.

use super::private::{Described, Role};
use super::{Request, setters};
use crate::answer::Data;
use crate::client::Client;
use crate::error::Result;
use crate::secret::Masked;
use crate::token::Token;
use serde::Serialize;
use ureq::http::Method;

/// `POST /api/AppUsers/:appId/SignIn`: sign-in with an account name and a password.
#[derive(Clone, Debug, Serialize)]
pub struct SignIn<'a> {
    pub(crate) pwd: Masked<'a>,
    #[serde(rename = "userName")]
    pub(crate) user_name: &'a str,
}

impl<'a> SignIn<'a> {
    /// A sign-in as this user.
    #[must_use]
    pub const fn new(user_name: &'a str, pwd: &'a str) -> Self {
        SignIn { pwd: Masked(pwd), user_name }
    }
}

impl Described for SignIn<'_> {
    const METHOD: Method = Method::POST;
    const OPERATION: &'static str = "SignIn";
    const ROLE: Role = Role::SignIn;

    fn secrets(&self) -> Vec<&str> {
        vec![self.pwd.0]
    }
}

impl Request for SignIn<'_> {
    type Response = Token;
}

/// `POST /api/AppUsers/:appId/SignUp`: a new account. Fields that are not set are not sent.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SignUp<'a> {
    #[serde(rename = "nickName", skip_serializing_if = "Option::is_none")]
    pub(crate) nick_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) platform: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pwd: Option<Masked<'a>>,
    #[serde(rename = "userName", skip_serializing_if = "Option::is_none")]
    pub(crate) user_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) phone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) avatar: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) data: Option<&'a str>,
}

impl<'a> SignUp<'a> {
    /// A sign-up in which no field is set yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// The account's name, with which its owner signs in.
        user_name: &'a str => user_name;
        /// The password.
        pwd: &'a str => Masked(pwd);
        /// The name to show.
        nick_name: &'a str => nick_name;
        /// Where the user comes from, for example `web`.
        platform: &'a str => platform;
        /// E-mail address.
        email: &'a str => email;
        /// Phone number.
        phone: &'a str => phone;
        /// Address of a picture.
        avatar: &'a str => avatar;
        /// The application's own data about the user.
        data: &'a str => data;
    }
}

impl Described for SignUp<'_> {
    const METHOD: Method = Method::POST;
    const OPERATION: &'static str = "SignUp";
    const ROLE: Role = Role::SignUp;

    fn secrets(&self) -> Vec<&str> {
        self.pwd.iter().map(|pwd| pwd.0).collect()
    }

    fn sign_in_instead(&self) -> Option<impl Fn(&Client) -> Result<Data>> {
        let sign_in = SignIn { pwd: self.pwd?, user_name: self.user_name? };
        Some(move |client: &Client| client.exchange(&sign_in))
    }
}

impl Request for SignUp<'_> {
    type Response = Token;
}

impl Client {
    /// Signs in with an account name and a password.
    ///
    /// # Errors
    /// [`NoSuchUser`](crate::ErrorKind::NoSuchUser), [`WrongPassword`](crate::ErrorKind::WrongPassword),
    /// [`NoSuchApplication`](crate::ErrorKind::NoSuchApplication), and what [`Client::call`] can give.
    pub fn sign_in(&self, request: &SignIn) -> Result<Token> {
        self.call(request)
    }

    /// Makes an account and signs it in.
    ///
    /// # Errors
    /// [`AccountExists`](crate::ErrorKind::AccountExists),
    /// [`NoSuchApplication`](crate::ErrorKind::NoSuchApplication), and what [`Client::call`] can give.
    pub fn sign_up(&self, request: &SignUp) -> Result<Token> {
        self.call(request)
    }
}
