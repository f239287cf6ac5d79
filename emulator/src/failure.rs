//! Every way in which a call can fail, and the response that says so.

use hyper::StatusCode;
use hyper::header::{HeaderValue, WWW_AUTHENTICATE};

use crate::envelope;
use crate::problem::{self, Errors};
use crate::reply::{self, Reply};

/// The messages that the real server gives, to the letter.
pub(crate) mod message {
    pub(crate) const NO_APPLICATION: &str = "不存在的应用";
    pub(crate) const NO_USER: &str = "用户不存在";
    pub(crate) const WRONG_PASSWORD: &str = "密码错误";
    pub(crate) const EXISTS: &str = "账号已存在";
    pub(crate) const NOT_SCANNED: &str = "请扫码";
    pub(crate) const NOT_CONFIRMED: &str = "登陆中...";
    pub(crate) const KEY_GONE: &str = "二维码失效请刷新";
    pub(crate) const KEY_GONE_ON_PHONE: &str = "二维码已失效，请刷新重试";
    pub(crate) const NO_MINI_PROGRAM: &str = "应用未配置小程序参数";
    pub(crate) const USER_GONE: &str = "不存在的用户";
    /// The emulator's own wording: what the real server says to a wrong code is not known.
    pub(crate) const WRONG_CODE: &str = "验证码错误";
}

/// Why a call failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The application answers no, in the envelope.
    Refused(&'static str),
    /// The request is not what the endpoint takes.
    BadRequest(Errors),
    /// 401. What the token's challenge says, if there was a token.
    Unauthorized(Option<String>),
    /// The store is broken: a full disk, a file that is no database.
    Broken,
}

impl Failure {
    pub(crate) fn reply(&self) -> Reply {
        match self {
            Self::Refused(message) => envelope::failure(message),
            Self::BadRequest(errors) => problem::bad_request(errors),
            Self::Unauthorized(description) => unauthorized(description.as_deref()),
            Self::Broken => reply::empty(StatusCode::INTERNAL_SERVER_ERROR),
        }
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(_: rusqlite::Error) -> Self {
        Self::Broken
    }
}

fn unauthorized(description: Option<&str>) -> Reply {
    let challenge = match description {
        None => HeaderValue::from_static("Bearer"),
        Some(description) => {
            let text = format!(r#"Bearer error="invalid_token", error_description="{description}""#);
            HeaderValue::try_from(text).expect("descriptions are made of plain ASCII here")
        }
    };
    let mut reply = reply::empty(StatusCode::UNAUTHORIZED);
    reply.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    reply
}
