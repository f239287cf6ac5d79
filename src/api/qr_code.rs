//! QR sign-in: two calls for the screen that shows the code, two for the phone that scans it.

use super::private::{Described, Role};
use super::{Request, setters};
use crate::client::Client;
use crate::error::Result;
use crate::model::{ApplicationInfo, SignInKey};
use crate::secret::Masked;
use crate::token::Token;
use serde::Serialize;
use ureq::http::Method;

/// `POST /api/AppUsers/:appId/QRCodePreSignIn`: asks for the key of a new QR code. Fields that are not set are not sent.
#[derive(Clone, Debug, Default, Serialize)]
pub struct QrCodePreSignIn<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scopes: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) remark: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scheme: Option<&'a str>,
}

impl<'a> QrCodePreSignIn<'a> {
    /// A request in which no field is set yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    setters! {
        /// What the application asks for; shown on the phone.
        scopes: &'a str => scopes;
        /// A remark; shown on the phone.
        remark: &'a str => remark;
        /// Where the sign-in comes from, for example `app`.
        scheme: &'a str => scheme;
    }
}

impl Described for QrCodePreSignIn<'_> {
    const METHOD: Method = Method::POST;
    const OPERATION: &'static str = "QRCodePreSignIn";
    const ROLE: Role = Role::Plain;
}

impl Request for QrCodePreSignIn<'_> {
    type Response = SignInKey;
}

/// `POST /api/AppUsers/:appId/QRCodeSignIn`: asks, time and again, what has become of a QR code.
#[derive(Clone, Debug, Serialize)]
pub struct QrCodeSignIn {
    #[serde(rename = "signInKey")]
    pub(crate) sign_in_key: SignInKey,
}

impl QrCodeSignIn {
    /// A question about this key.
    #[must_use]
    pub fn new(sign_in_key: &SignInKey) -> Self {
        QrCodeSignIn { sign_in_key: sign_in_key.clone() }
    }
}

impl Described for QrCodeSignIn {
    const METHOD: Method = Method::POST;
    const OPERATION: &'static str = "QRCodeSignIn";
    const ROLE: Role = Role::SignIn;

    fn secrets(&self) -> Vec<&str> {
        self.sign_in_key.secrets().into()
    }
}

impl Request for QrCodeSignIn {
    type Response = Token;
}

/// `POST /api/AppUsers/:appId/QRCodeScan`: the phone reports that it has scanned a code.
#[derive(Clone, Debug, Serialize)]
pub struct QrCodeScan {
    #[serde(rename = "signInKey")]
    pub(crate) sign_in_key: SignInKey,
}

impl QrCodeScan {
    /// A scan of this key.
    #[must_use]
    pub fn new(sign_in_key: &SignInKey) -> Self {
        QrCodeScan { sign_in_key: sign_in_key.clone() }
    }
}

impl Described for QrCodeScan {
    const METHOD: Method = Method::POST;
    const OPERATION: &'static str = "QRCodeScan";
    const ROLE: Role = Role::Plain;

    fn secrets(&self) -> Vec<&str> {
        self.sign_in_key.secrets().into()
    }
}

impl Request for QrCodeScan {
    type Response = ApplicationInfo;
}

/// `POST /api/AppUsers/:appId/QRCodeSignUp`: the phone confirms, with its user. Fields that are not set are not sent.
#[derive(Clone, Debug, Serialize)]
pub struct QrCodeSignUp<'a> {
    #[serde(rename = "signInKey")]
    pub(crate) sign_in_key: SignInKey,
    #[serde(rename = "unionID", skip_serializing_if = "Option::is_none")]
    pub(crate) union_id: Option<Masked<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) avatar: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) platform: Option<&'a str>,
    #[serde(rename = "nickName", skip_serializing_if = "Option::is_none")]
    pub(crate) nick_name: Option<&'a str>,
    #[serde(rename = "userName", skip_serializing_if = "Option::is_none")]
    pub(crate) user_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) phone: Option<&'a str>,
    #[serde(rename = "phoneIsValid", skip_serializing_if = "Option::is_none")]
    pub(crate) phone_is_valid: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) email: Option<&'a str>,
    #[serde(rename = "emailIsValid", skip_serializing_if = "Option::is_none")]
    pub(crate) email_is_valid: Option<bool>,
}

impl<'a> QrCodeSignUp<'a> {
    /// A confirmation of this key in which no field of the user is set yet.
    #[must_use]
    pub fn new(sign_in_key: &SignInKey) -> Self {
        QrCodeSignUp {
            sign_in_key: sign_in_key.clone(),
            union_id: None,
            avatar: None,
            platform: None,
            nick_name: None,
            user_name: None,
            phone: None,
            phone_is_valid: None,
            email: None,
            email_is_valid: None,
        }
    }

    setters! {
        /// The user's id on the phone's platform. A secret, see [`UnionIdSignIn`](super::UnionIdSignIn).
        union_id: &'a str => Masked(union_id);
        /// Address of a picture.
        avatar: &'a str => avatar;
        /// The phone's platform, `wxminip` for a WeChat mini-program.
        platform: &'a str => platform;
        /// The name to show.
        nick_name: &'a str => nick_name;
        /// A name for the account.
        user_name: &'a str => user_name;
        /// Phone number.
        phone: &'a str => phone;
        /// Whether the platform has verified the phone number.
        phone_is_valid: bool => phone_is_valid;
        /// E-mail address.
        email: &'a str => email;
        /// Whether the platform has verified the e-mail address.
        email_is_valid: bool => email_is_valid;
    }
}

impl Described for QrCodeSignUp<'_> {
    const METHOD: Method = Method::POST;
    const OPERATION: &'static str = "QRCodeSignUp";
    const ROLE: Role = Role::SignUp;

    fn secrets(&self) -> Vec<&str> {
        self.union_id.iter().map(|secret| secret.0).chain(self.sign_in_key.secrets()).collect()
    }
}

impl Request for QrCodeSignUp<'_> {
    type Response = Token;
}

impl Client {
    /// Asks for the key of a new QR code (desktop or web side).
    ///
    /// # Errors
    /// [`QrNotConfigured`](crate::ErrorKind::QrNotConfigured),
    /// [`NoSuchApplication`](crate::ErrorKind::NoSuchApplication), and what [`Client::call`] can give.
    pub fn qr_code_pre_sign_in(&self, request: &QrCodePreSignIn) -> Result<SignInKey> {
        self.call(request)
    }

    /// Asks once what has become of a QR code (desktop or web side): a token after the phone has confirmed.
    ///
    /// # Errors
    /// [`QrWaiting`](crate::ErrorKind::QrWaiting) and [`QrScanned`](crate::ErrorKind::QrScanned), after which to ask
    /// again; [`QrExpired`](crate::ErrorKind::QrExpired), after which to make a new code; and what [`Client::call`] can
    /// give. The server gives the key no lifetime and has no "declined", so set a deadline of your own.
    pub fn qr_code_sign_in(&self, request: &QrCodeSignIn) -> Result<Token> {
        self.call(request)
    }

    /// Reports a scan (phone's side) and learns which application wants to sign someone in.
    ///
    /// # Errors
    /// [`QrExpired`](crate::ErrorKind::QrExpired), and what [`Client::call`] can give.
    pub fn qr_code_scan(&self, request: &QrCodeScan) -> Result<ApplicationInfo> {
        self.call(request)
    }

    /// Confirms a QR sign-in (phone's side) with the phone's user.
    ///
    /// # Errors
    /// [`QrExpired`](crate::ErrorKind::QrExpired), and what [`Client::call`] can give.
    pub fn qr_code_sign_up(&self, request: &QrCodeSignUp) -> Result<Token> {
        self.call(request)
    }
}
