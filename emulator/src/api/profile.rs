//! The profile of the user whose token it is.

use super::{Answer, Call};
use crate::clock::china_date;
use crate::envelope::{self, object};
use crate::failure::{Failure, message};
use crate::store::{ProfileChange, User};

pub(super) fn get(call: &Call<'_>) -> Answer {
    let user = user(call)?;
    Ok(envelope::success(&object([
        ("appID", user.app_id.into()),
        ("platform", user.platform.into()),
        ("unionID", user.union_id.into()),
        ("phone", user.phone.into()),
        ("createDate", china_date(user.created).into()),
        ("userName", user.user_name.into()),
        ("phoneIsValid", user.phone_is_valid.into()),
        ("data", user.data.into()),
        ("email", user.email.into()),
        ("emailIsValid", user.email_is_valid.into()),
        ("lastUpdate", china_date(user.updated).into()),
        ("nickName", user.nick_name.into()),
        ("id", user.id.into()),
        ("avatar", user.avatar.into()),
        ("role", "user".into()),
    ])))
}

pub(super) fn update(call: &Call<'_>) -> Answer {
    let mut fields = call.fields()?;
    // An empty string changes nothing, as a missing field does: nothing can be cleared.
    let mut given = |name| fields.text(name).filter(|text| !text.is_empty());
    let change = ProfileChange { avatar: given("avatar"), data: given("data"), nick_name: given("nickName") };
    fields.finish()?;
    let user = user(call)?;

    call.service.store().change_profile(user.id, &change, call.service.now())?;
    Ok(envelope::success("true"))
}

/// The token's user, who belongs to the application in the path.
fn user(call: &Call<'_>) -> Result<User, Failure> {
    let id = call.user_id.ok_or(Failure::Unauthorized(None))?;
    call.service.store().user(call.app_id, id)?.ok_or(Failure::Refused(message::USER_GONE))
}
