//! What every kind of sign-up has in common.

use super::Call;
use crate::application::Application;
use crate::failure::{Failure, message};
use crate::fields::Fields;
use crate::password;
use crate::store::{CodePurpose, NewUser, User};

/// The fields in which sign-ups agree; each kind adds its own.
pub(super) fn common_fields(fields: &mut Fields<'_>) -> NewUser {
    NewUser {
        platform: fields.text("platform"),
        user_name: fields.text("userName"),
        nick_name: fields.text("nickName"),
        avatar: fields.text("avatar"),
        email: fields.text("email"),
        phone: fields.text("phone"),
        data: fields.text("data"),
        ..NewUser::default()
    }
}

/// The hash of a password; none of an empty one, so that it can't be signed in with.
pub(super) fn hashed(password: Option<String>) -> Option<String> {
    password.filter(|password| !password.is_empty()).map(|password| password::hash(&password))
}

/// The codes that prove the new user's contacts.
pub(super) struct ContactCodes {
    email: Option<String>,
    phone: Option<String>,
}

impl ContactCodes {
    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        Self { email: fields.text("emailCode"), phone: fields.text("phoneCode") }
    }

    /// Checks both, if the application demands it.
    pub(super) fn check(self, call: &Call<'_>, application: &Application, user: &mut NewUser) -> Result<(), Failure> {
        if application.verified_contacts {
            let email = (text(&user.email), text(&self.email));
            let phone = (text(&user.phone), text(&self.phone));
            use_codes(call, &[email, phone], CodePurpose::SignUp)?;
            user.email_is_valid = true;
            user.phone_is_valid = true;
        }
        Ok(())
    }
}

fn text(given: &Option<String>) -> &str {
    given.as_deref().unwrap_or_default()
}

/// Uses up the codes that were sent to these contacts. If one is wrong, the others stay good.
pub(super) fn use_codes(
    call: &Call<'_>,
    codes: &[(&str, &str)],
    purpose: impl Into<Option<CodePurpose>>,
) -> Result<(), Failure> {
    match call.service.store().use_codes(call.app_id, codes, purpose.into())? {
        true => Ok(()),
        false => Err(Failure::Refused(message::WRONG_CODE)),
    }
}

/// Adds the user, unless its union id or its name is taken.
pub(super) fn add(call: &Call<'_>, user: &NewUser) -> Result<User, Failure> {
    let added = call.service.store().add_user(call.app_id, user, call.service.now())?;
    added.ok_or(Failure::Refused(message::EXISTS))
}
