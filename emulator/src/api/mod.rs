//! The calls of the API, one file per group.

mod account;
mod apps;
mod contact;
mod profile;
mod qr_code;
mod sign_up;
mod union_id;
mod wechat;

use crate::application::Application;
use crate::envelope;
use crate::failure::{Failure, message};
use crate::fields::Fields;
use crate::reply::Reply;
use crate::service::Service;
use crate::store::User;
use crate::token::{Grant, token};

pub(crate) use qr_code::{confirm, scan};
pub(crate) use wechat::mini_program_path;

/// What a call answers.
pub(crate) type Answer = Result<Reply, Failure>;

/// A call that has come through routing.
pub(crate) struct Call<'a> {
    pub(crate) service: &'a Service,
    pub(crate) app_id: i64,
    pub(crate) body: &'a [u8],
    /// The number of the user whose token came with it, where the endpoint wants one.
    pub(crate) user_id: Option<i64>,
}

impl<'a> Call<'a> {
    fn fields(&self) -> Result<Fields<'a>, Failure> {
        Fields::parse(self.body)
    }

    fn application(&self) -> Result<Application, Failure> {
        self.service.store().application(self.app_id)?.ok_or(Failure::Refused(message::NO_APPLICATION))
    }

    /// The answer to a sign-in of this user.
    fn signed_in(&self, user: &User, grant: Grant) -> Reply {
        envelope::success(&token(self.service, user, grant))
    }
}

/// An endpoint: `/api/<group>/<appId>/<action>`.
pub(crate) struct Endpoint {
    pub(crate) group: &'static str,
    pub(crate) action: &'static str,
    pub(crate) method: &'static str,
    pub(crate) takes_token: bool,
    pub(crate) takes_json: bool,
    pub(crate) answer: fn(&Call<'_>) -> Answer,
}

const fn post(group: &'static str, action: &'static str, answer: fn(&Call<'_>) -> Answer) -> Endpoint {
    Endpoint { group, action, method: "POST", takes_token: false, takes_json: true, answer }
}

/// Every endpoint there is.
pub(crate) const ENDPOINTS: &[Endpoint] = &[
    post("AppUsers", "UnionIDSignIn", union_id::sign_in),
    post("AppUsers", "UnionIDSignUp", union_id::sign_up),
    post("AppUsers", "SignIn", account::sign_in),
    post("AppUsers", "SignUp", account::sign_up),
    post("AppUsers", "QRCodePreSignIn", qr_code::pre_sign_in),
    post("AppUsers", "QRCodeSignIn", qr_code::sign_in),
    post("AppUsers", "QRCodeScan", qr_code::scan_call),
    post("AppUsers", "QRCodeSignUp", qr_code::sign_up),
    Endpoint { takes_token: true, takes_json: false, method: "GET", ..post("AppUsers", "Profile", profile::get) },
    Endpoint { takes_token: true, method: "PUT", ..post("AppUsers", "Profile", profile::update) },
    post("AppUsers", "SendSMSCode", contact::send_sms_code),
    post("AppUsers", "SendEmailCode", contact::send_email_code),
    post("AppUsers", "PhoneSignIn", contact::phone_sign_in),
    post("AppUsers", "EmailSignIn", contact::email_sign_in),
    post("AppUsers", "PhoneSignUp", contact::phone_sign_up),
    post("AppUsers", "EmailSignUp", contact::email_sign_up),
    post("AppUsers", "ResetPwd", contact::reset_password),
    Endpoint { takes_json: false, method: "GET", ..post("Apps", "Info", apps::info) },
    post("Wechat", "WXACodeGet", wechat::code_of_path),
    post("Wechat", "WXACodeGetUnlimited", wechat::code_of_scene),
];
