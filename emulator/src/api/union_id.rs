//! Sign-in and sign-up by an identity that another platform has vouched for. It takes no secret.

use super::sign_up::{ContactCodes, add, common_fields, hashed};
use super::{Answer, Call};
use crate::failure::{Failure, message};
use crate::store::NewUser;
use crate::token::Grant;

pub(super) fn sign_in(call: &Call<'_>) -> Answer {
    let mut fields = call.fields()?;
    let platform = fields.required("platform");
    let union_id = fields.required("unionID");
    fields.finish()?;
    call.application()?;

    let user = call.service.store().user_by_union_id(call.app_id, &platform, &union_id)?;
    Ok(call.signed_in(&user.ok_or(Failure::Refused(message::NO_USER))?, Grant::UnionId))
}

pub(super) fn sign_up(call: &Call<'_>) -> Answer {
    let mut fields = call.fields()?;
    let platform = fields.required("platform");
    let union_id = fields.required("unionID");
    let password = fields.text("pwd");
    let codes = ContactCodes::read(&mut fields);
    let mut user = NewUser {
        platform: Some(platform),
        union_id: Some(union_id),
        email_is_valid: fields.flag("emailIsValid"),
        phone_is_valid: fields.flag("phoneIsValid"),
        ..common_fields(&mut fields)
    };
    fields.finish()?;
    let application = call.application()?;

    codes.check(call, &application, &mut user)?;
    user.password = hashed(password);
    Ok(call.signed_in(&add(call, &user)?, Grant::UnionId))
}
