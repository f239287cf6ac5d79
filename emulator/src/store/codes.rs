//! The codes that prove that a phone number or an email address is one's own.

use rusqlite::{OptionalExtension, Row, params};

use super::{Result, Store};
use crate::random;

/// What a code was sent for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum CodePurpose {
    SignUp,
    ForgottenPassword,
}

impl CodePurpose {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::SignUp, Self::ForgottenPassword].into_iter().find(|purpose| purpose.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::SignUp => "signup",
            Self::ForgottenPassword => "forgetpwd",
        }
    }
}

/// A code that waits to be used.
pub(crate) struct SentCode {
    pub(crate) app_id: i64,
    pub(crate) contact: String,
    pub(crate) purpose: String,
    pub(crate) code: String,
}

impl Store {
    pub(crate) fn send_code(&self, app_id: i64, contact: &str, purpose: CodePurpose, now: i64) -> Result<()> {
        self.connection.execute(
            "INSERT INTO sent_code (app_id, contact, purpose, code, created) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![app_id, contact, purpose.name(), random::digits(), now],
        )?;
        Ok(())
    }

    /// Uses these codes up, if each is the latest that was sent to its contact; else none of them.
    /// Without a purpose, one sent for any is good.
    pub(crate) fn use_codes(&self, app_id: i64, given: &[(&str, &str)], purpose: Option<CodePurpose>) -> Result<bool> {
        let purpose = purpose.map(CodePurpose::name);
        let sent = "app_id = ?1 AND contact = ?2 AND (?3 IS NULL OR purpose = ?3)";
        let latest = format!("SELECT code FROM sent_code WHERE {sent} ORDER BY id DESC");
        for (contact, code) in given {
            let latest: Option<String> =
                self.connection.query_row(&latest, params![app_id, contact, purpose], |row| row.get(0)).optional()?;
            if latest.as_deref() != Some(*code) {
                return Ok(false);
            }
        }
        for (contact, _) in given {
            let used = format!("DELETE FROM sent_code WHERE {sent}");
            self.connection.execute(&used, params![app_id, contact, purpose])?;
        }
        Ok(true)
    }

    /// The newest codes first.
    pub(crate) fn sent_codes(&self, most: i64) -> Result<Vec<SentCode>> {
        self.connection.prepare("SELECT * FROM sent_code ORDER BY id DESC LIMIT ?1")?.query_map([most], read)?.collect()
    }

    pub(crate) fn latest_code(&self, contact: &str) -> Result<Option<String>> {
        let query = "SELECT code FROM sent_code WHERE contact = ?1 ORDER BY id DESC";
        self.connection.query_row(query, [contact], |row| row.get(0)).optional()
    }
}

fn read(row: &Row<'_>) -> Result<SentCode> {
    Ok(SentCode {
        app_id: row.get("app_id")?,
        contact: row.get("contact")?,
        purpose: row.get("purpose")?,
        code: row.get("code")?,
    })
}
