//! Sign-in and sign-up with a user name and a password.

use super::sign_up::{ContactCodes, add, common_fields, hashed};
use super::{Answer, Call};
use crate::failure::{Failure, message};
use crate::password;
use crate::store::NewUser;
use crate::token::Grant;

pub(super) fn sign_in(call: &Call<'_>) -> Answer {
    let mut fields = call.fields()?;
    let user_name = fields.required("userName");
    let password = fields.required("pwd");
    fields.finish()?;
    call.application()?;

    let user = call.service.store().user_by_name(call.app_id, &user_name)?;
    let user = user.ok_or(Failure::Refused(message::NO_USER))?;
    let matches = user.password.as_deref().is_some_and(|stored| password::matches(&password, stored));
    if !matches {
        return Err(Failure::Refused(message::WRONG_PASSWORD));
    }
    Ok(call.signed_in(&user, Grant::Account))
}

pub(super) fn sign_up(call: &Call<'_>) -> Answer {
    let mut fields = call.fields()?;
    let user_name = fields.required("userName");
    let password = fields.required("pwd");
    let codes = ContactCodes::read(&mut fields);
    let mut user = NewUser { user_name: Some(user_name), ..common_fields(&mut fields) };
    fields.finish()?;
    let application = call.application()?;

    codes.check(call, &application, &mut user)?;
    user.password = hashed(Some(password));
    Ok(call.signed_in(&add(call, &user)?, Grant::Account))
}
