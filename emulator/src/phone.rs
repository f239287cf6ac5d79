//! The phone that the emulator plays.

use std::fmt;

use crate::api::{confirm, scan};
use crate::failure::Failure;
use crate::service::Service;
use crate::store::{NewUser, QrCode, QrState, User};

/// Why the phone could not do it: the server's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self(match failure {
            Failure::Refused(message) => message.to_owned(),
            _ => "the emulator's store is broken".to_owned(),
        })
    }
}

/// The phone scans the code.
pub(crate) fn scan_code(service: &Service, key: &str) -> Result<QrCode, Refused> {
    Ok(QrCode { state: QrState::Scaned, ..scan(service, None, key)?.code })
}

/// The phone's owner confirms.
pub(crate) fn confirm_code(service: &Service, key: &str, union_id: &str, nick_name: &str) -> Result<User, Refused> {
    let owner = NewUser {
        platform: Some("wxminip".to_owned()),
        union_id: Some(union_id.to_owned()),
        nick_name: Some(nick_name.to_owned()),
        ..NewUser::default()
    };
    Ok(confirm(service, None, key, &owner)?)
}

/// Whoever owns the phone, unless somebody else is named.
pub(crate) const OWNER: (&str, &str) = ("emulator-phone", "微信用户");

/// The key stops being valid. False if it was not.
pub(crate) fn expire_code(service: &Service, key: &str) -> crate::store::Result<bool> {
    let store = service.store();
    let Some(key) = store.valid_key(key)? else { return Ok(false) };
    store.set_key(key.id, QrState::Expired, None)?;
    Ok(true)
}
