//! QR sign-in: the desktop side asks for a key and polls it, the phone's side scans and confirms it.
//!
//! PreSignIn → (scan) → Scaned → (sign-up) → OK. A key at OK goes on minting tokens; none has a lifetime.

use serde_json::Value;

use super::sign_up::common_fields;
use super::{Answer, Call};
use crate::application::Application;
use crate::envelope::{self, object};
use crate::failure::{Failure, message};
use crate::service::Service;
use crate::store::{NewUser, QrKey, QrState, User, Wish};
use crate::style::KeyStyle;
use crate::token::Grant;

pub(super) fn pre_sign_in(call: &Call<'_>) -> Answer {
    let mut fields = call.fields()?;
    let wish = Wish { scopes: fields.text("scopes"), remark: fields.text("remark"), scheme: fields.text("scheme") };
    fields.finish()?;
    if !call.application()?.mini_program {
        return Err(Failure::Refused(message::NO_MINI_PROGRAM));
    }

    let style = call.service.settings.key_style;
    let key = call.service.store().add_key(call.app_id, &wish, style, call.service.now())?;
    Ok(match style {
        KeyStyle::Number => envelope::success(&key),
        KeyStyle::Hex => envelope::success(&Value::from(key).to_string()),
    })
}

pub(super) fn sign_in(call: &Call<'_>) -> Answer {
    let key = key_field(call)?;
    call.application()?;
    let gone = Failure::Refused(message::KEY_GONE);

    let key = find(call.service, Some(call.app_id), &key)?.ok_or(Failure::Refused(message::KEY_GONE))?;
    let user_id = match (key.code.state, key.code.user_id) {
        (QrState::PreSignIn, _) => return Err(Failure::Refused(message::NOT_SCANNED)),
        (QrState::Scaned, _) => return Err(Failure::Refused(message::NOT_CONFIRMED)),
        (QrState::Ok, Some(user_id)) => user_id,
        (QrState::Ok | QrState::Expired, _) => return Err(gone),
    };
    let user = call.service.store().user(call.app_id, user_id)?.ok_or(gone)?;
    Ok(call.signed_in(&user, Grant::UnionId))
}

pub(super) fn scan_call(call: &Call<'_>) -> Answer {
    let key = key_field(call)?;
    let Application { id, name, logo, website, description, tags, .. } = call.application()?;

    let wish = scan(call.service, Some(call.app_id), &key)?.wish;
    Ok(envelope::success(&object([
        ("appID", id.into()),
        ("name", name.into()),
        ("logo", logo.into()),
        ("website", website.into()),
        ("description", description.into()),
        ("tags", tags.into()),
        ("scopes", wish.scopes.into()),
        ("remark", wish.remark.into()),
        ("scheme", wish.scheme.into()),
    ])))
}

pub(super) fn sign_up(call: &Call<'_>) -> Answer {
    let mut fields = call.fields()?;
    let key = fields.key("signInKey");
    let platform = fields.required("platform");
    let union_id = fields.required("unionID");
    let user = NewUser {
        platform: Some(platform),
        union_id: Some(union_id),
        email_is_valid: fields.flag("emailIsValid"),
        phone_is_valid: fields.flag("phoneIsValid"),
        ..common_fields(&mut fields)
    };
    fields.finish()?;
    call.application()?;

    let user = confirm(call.service, Some(call.app_id), &key, &user)?;
    Ok(call.signed_in(&user, Grant::UnionId))
}

/// The phone scans the code. A second scan before the confirmation changes nothing.
pub(crate) fn scan(service: &Service, app_id: Option<i64>, key: &str) -> Result<QrKey, Failure> {
    let key = find(service, app_id, key)?.filter(|key| key.code.state != QrState::Ok);
    let key = key.ok_or(Failure::Refused(message::KEY_GONE_ON_PHONE))?;
    service.store().set_key(key.id, QrState::Scaned, None)?;
    Ok(key)
}

/// The phone's owner confirms, and is signed up if the application does not know it.
/// A key that somebody confirmed can't be taken over by somebody else.
pub(crate) fn confirm(service: &Service, app_id: Option<i64>, key: &str, user: &NewUser) -> Result<User, Failure> {
    let gone = || Failure::Refused(message::KEY_GONE_ON_PHONE);
    let key = find(service, app_id, key)?.ok_or_else(gone)?;
    let app_id = key.code.app_id;

    let store = service.store();
    let platform = user.platform.as_deref().unwrap_or_default();
    let union_id = user.union_id.as_deref().unwrap_or_default();
    let known = store.user_by_union_id(app_id, platform, union_id)?;
    if key.code.state == QrState::Ok && known.as_ref().map(|user| user.id) != key.code.user_id {
        return Err(gone());
    }
    let user = match known {
        Some(user) => user,
        None => store.add_user(app_id, user, service.now())?.ok_or(Failure::Refused(message::EXISTS))?,
    };
    store.set_key(key.id, QrState::Ok, Some(user.id))?;
    Ok(user)
}

fn key_field(call: &Call<'_>) -> Result<String, Failure> {
    let mut fields = call.fields()?;
    let key = fields.key("signInKey");
    fields.finish()?;
    Ok(key)
}

/// A key that is valid, of this application if one is named.
fn find(service: &Service, app_id: Option<i64>, key: &str) -> Result<Option<QrKey>, Failure> {
    let key = service.store().valid_key(key)?;
    Ok(key.filter(|key| app_id.is_none_or(|app_id| key.code.app_id == app_id)))
}
