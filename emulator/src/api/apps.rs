//! What an application tells about itself.

use hyper::header::{CACHE_CONTROL, HeaderValue};
use serde_json::{Value, json};

use super::{Answer, Call};
use crate::clock::china_date;
use crate::envelope::{self, object};

pub(super) fn info(call: &Call<'_>) -> Answer {
    let application = call.application()?;
    let registration = call.service.store().registration(call.app_id)?;
    let info = object([
        ("id", application.id.into()),
        ("userID", 4.into()),
        ("projectID", 0.into()),
        ("website", application.website.into()),
        ("serverPath", Value::Null),
        ("name", application.name.into()),
        ("logo", application.logo.into()),
        ("description", application.description.into()),
        ("tags", application.tags.into()),
        ("appKey", registration.app_key.into()),
        ("share", false.into()),
        ("createDate", china_date(registration.created).into()),
        ("lastUpdate", china_date(registration.updated).into()),
        ("isDelete", false.into()),
        ("sort", 0.into()),
    ]);
    // A prop's value is a string, also where it means true or false.
    let props = json!([
        {"code": "WechatMiniPSignIn", "value": application.mini_program.to_string(), "desc": "微信小程序登录"},
        {"code": "DingTalkSignIn", "value": "false", "desc": "钉钉登录"},
        {"code": "WebIDSignIn", "value": "true", "desc": "账号密码登录"},
    ]);
    let mut reply = envelope::success(&format!(r#"{{"info":{info},"props":{props},"blobs":[]}}"#));
    reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public,max-age=120"));
    Ok(reply)
}
