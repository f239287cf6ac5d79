//! The pictures that open a mini-program: ordinary QR codes here, of the path or the scene that was asked for.

use hyper::StatusCode;
use serde_json::json;

use super::{Answer, Call};
use crate::failure::{Failure, message};
use crate::fields::Fields;
use crate::picture::Picture;
use crate::reply;

const LONGEST_SCENE: usize = 32;
const LONGEST_PATH: usize = 1024;

/// The path that opens the sign-in page of the mini-program.
pub(crate) fn mini_program_path(app_id: i64, key: &str) -> String {
    format!("pages/index/index?appId={app_id}&signinKey={key}")
}

pub(super) fn code_of_path(call: &Call<'_>) -> Answer {
    code(call, "path", |path| {
        let fits = path.chars().count() <= LONGEST_PATH;
        if fits { Ok(()) } else { Err((40159, "invalid length for path, or the data is not json string")) }
    })
}

pub(super) fn code_of_scene(call: &Call<'_>) -> Answer {
    code(call, "scene", |scene| {
        let visible = scene.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&'()*+,/:;=?@-._~".contains(&byte));
        let fits = scene.len() <= LONGEST_SCENE && visible;
        if fits { Ok(()) } else { Err((40169, "invalid length for scene, or the data is not json string")) }
    })
}

fn code(call: &Call<'_>, field: &str, check: impl Fn(&str) -> Result<(), (i32, &'static str)>) -> Answer {
    let mut fields = call.fields()?;
    let content = fields.required(field);
    let width = width(&mut fields);
    fields.finish()?;
    if !call.application()?.mini_program {
        return Err(Failure::Refused(message::NO_MINI_PROGRAM));
    }

    if let Err((code, message)) = check(&content) {
        // WeChat's refusal is passed on under the label that its pictures have.
        let error = json!({"errcode": code, "errmsg": message}).to_string();
        return Ok(reply::body(StatusCode::OK, "image/jpeg", error));
    }
    let picture = Picture::of(&content, width).ok_or(Failure::Broken)?;
    Ok(reply::body(StatusCode::OK, "image/png", picture.png()))
}

/// Reads the rest of the request too, so that a mistyped field is refused; only the width matters to the picture.
fn width(fields: &mut Fields<'_>) -> u32 {
    fields.text("page");
    fields.flag("check_path");
    fields.text("env_version");
    let width = fields.number("width").unwrap_or(430);
    u32::try_from(width.clamp(280, 1280)).expect("clamped")
}
