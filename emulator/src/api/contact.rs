//! Sign-in and sign-up by phone number or email address, with a code that proves that it is one's own; and a new
//! password for who has forgotten the old one. The codes go nowhere: the page shows them.

use super::sign_up::{add, common_fields, hashed, use_codes};
use super::{Answer, Call};
use crate::envelope;
use crate::failure::{Failure, message};
use crate::store::{CodePurpose, NewUser};
use crate::token::Grant;

pub(super) fn send_sms_code(call: &Call<'_>) -> Answer {
    send_code(call, "phone")
}

pub(super) fn send_email_code(call: &Call<'_>) -> Answer {
    send_code(call, "email")
}

/// true, or false to a purpose that no code is sent for.
fn send_code(call: &Call<'_>, contact: &str) -> Answer {
    let mut fields = call.fields()?;
    let contact = fields.required(contact);
    let purpose = CodePurpose::from_name(&fields.required("type"));
    fields.finish()?;
    call.application()?;

    let Some(purpose) = purpose else { return Ok(envelope::success("false")) };
    call.service.store().send_code(call.app_id, &contact, purpose, call.service.now())?;
    Ok(envelope::success("true"))
}

pub(super) fn phone_sign_in(call: &Call<'_>) -> Answer {
    sign_in(call, "phone")
}

pub(super) fn email_sign_in(call: &Call<'_>) -> Answer {
    sign_in(call, "email")
}

fn sign_in(call: &Call<'_>, contact: &str) -> Answer {
    let mut fields = call.fields()?;
    let contact = fields.required(contact);
    let code = fields.required("verifyCode");
    fields.finish()?;
    call.application()?;

    let user = call.service.store().user_by_contact(call.app_id, &contact)?;
    let user = user.ok_or(Failure::Refused(message::NO_USER))?;
    use_codes(call, &[(&contact, &code)], None)?;
    Ok(call.signed_in(&user, Grant::Account))
}

pub(super) fn phone_sign_up(call: &Call<'_>) -> Answer {
    sign_up(call, "phone", "phoneCode", "email", "emailCode")
}

pub(super) fn email_sign_up(call: &Call<'_>) -> Answer {
    sign_up(call, "email", "emailCode", "phone", "phoneCode")
}

/// The first contact must be proved, and becomes the user name; the second must be if it is given.
fn sign_up(call: &Call<'_>, first: &str, first_code: &str, second: &str, second_code: &str) -> Answer {
    let mut fields = call.fields()?;
    let contact = fields.required(first);
    let code = fields.required(first_code);
    let password = fields.required("pwd");
    let other = fields.text(second).filter(|contact| !contact.is_empty());
    let other_code = fields.text(second_code);
    let mut user = NewUser { user_name: Some(contact.clone()), ..common_fields(&mut fields) };
    fields.finish()?;
    call.application()?;

    if call.service.store().user_by_contact(call.app_id, &contact)?.is_some() {
        return Err(Failure::Refused(message::EXISTS));
    }
    let mut codes = vec![(contact.as_str(), code.as_str())];
    codes.extend(other.as_deref().map(|other| (other, other_code.as_deref().unwrap_or_default())));
    use_codes(call, &codes, CodePurpose::SignUp)?;
    user.phone_is_valid = first == "phone" || other.is_some();
    user.email_is_valid = first == "email" || other.is_some();
    user.password = hashed(Some(password));
    Ok(call.signed_in(&add(call, &user)?, Grant::Account))
}

pub(super) fn reset_password(call: &Call<'_>) -> Answer {
    let mut fields = call.fields()?;
    let code = fields.required("code");
    let password = fields.required("pwd");
    let mut given = |name| fields.text(name).filter(|text| !text.is_empty());
    let contact = given("phone").or(given("email")).unwrap_or_default();
    fields.finish()?;
    call.application()?;

    let user = call.service.store().user_by_contact(call.app_id, &contact)?;
    let user = user.ok_or(Failure::Refused(message::NO_USER))?;
    use_codes(call, &[(&contact, &code)], CodePurpose::ForgottenPassword)?;
    let hash = hashed(Some(password)).unwrap_or_default();
    call.service.store().change_password(user.id, &hash, call.service.now())?;
    Ok(envelope::success("true"))
}
