//! The keys of QR sign-ins, and how far each has come.

use std::fmt;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use rusqlite::{OptionalExtension, Row, ToSql, params};

use super::{Result, Store};
use crate::random;
use crate::style::KeyStyle;

/// How far a QR sign-in has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum QrState {
    /// The code is shown; no phone has scanned it.
    PreSignIn,
    /// A phone has scanned it; its owner has not confirmed. (The server spells it so.)
    Scaned,
    /// Confirmed: the key mints tokens.
    Ok,
    /// No longer valid.
    Expired,
}

impl QrState {
    const ALL: [Self; 4] = [Self::PreSignIn, Self::Scaned, Self::Ok, Self::Expired];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::PreSignIn => "PreSignIn",
            Self::Scaned => "Scaned",
            Self::Ok => "OK",
            Self::Expired => "Expired",
        }
    }
}

impl ToSql for QrState {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(self.name().into())
    }
}

impl FromSql for QrState {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let name = value.as_str()?;
        Self::ALL.into_iter().find(|state| state.name() == name).ok_or(FromSqlError::InvalidType)
    }
}

/// A QR sign-in. Its Debug print leaves out the key, which signs in whoever knows it.
#[derive(Clone)]
#[non_exhaustive]
pub struct QrCode {
    /// The signInKey, without regard to its style.
    pub key: String,
    /// The application that it signs in to.
    pub app_id: i64,
    /// How far it has come.
    pub state: QrState,
    /// The user who confirmed it.
    pub user_id: Option<i64>,
}

impl fmt::Debug for QrCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QrCode").field("app_id", &self.app_id).field("state", &self.state).finish_non_exhaustive()
    }
}

/// What the desktop side said when it asked for the key.
#[derive(Default)]
pub(crate) struct Wish {
    pub(crate) scopes: Option<String>,
    pub(crate) remark: Option<String>,
    pub(crate) scheme: Option<String>,
}

/// A QR sign-in with all that the store has of it.
pub(crate) struct QrKey {
    pub(crate) id: i64,
    pub(crate) code: QrCode,
    pub(crate) wish: Wish,
    pub(crate) created: i64,
}

impl Store {
    /// A new key, in this style.
    pub(crate) fn add_key(&mut self, app_id: i64, wish: &Wish, style: KeyStyle, now: i64) -> Result<String> {
        let random = random::hex::<16>();
        let adding = self.connection.transaction()?;
        adding.execute(
            "INSERT INTO qr_key (key, app_id, state, scopes, remark, scheme, created)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![random, app_id, QrState::PreSignIn, wish.scopes, wish.remark, wish.scheme, now],
        )?;
        let key = match style {
            KeyStyle::Hex => random,
            KeyStyle::Number => {
                let id = adding.last_insert_rowid();
                adding.execute("UPDATE qr_key SET key = ?1 WHERE id = ?2", params![id.to_string(), id])?;
                id.to_string()
            }
        };
        adding.commit()?;
        Ok(key)
    }

    /// The key, if it is there and has not expired.
    pub(crate) fn valid_key(&self, key: &str) -> Result<Option<QrKey>> {
        let query = "SELECT * FROM qr_key WHERE key = ?1 AND state <> ?2";
        self.connection.query_row(query, params![key, QrState::Expired], read).optional()
    }

    /// The newest keys first, expired ones too.
    pub(crate) fn keys(&self, most: i64) -> Result<Vec<QrKey>> {
        self.connection.prepare("SELECT * FROM qr_key ORDER BY id DESC LIMIT ?1")?.query_map([most], read)?.collect()
    }

    pub(crate) fn set_key(&self, id: i64, state: QrState, user_id: Option<i64>) -> Result<()> {
        self.connection
            .execute("UPDATE qr_key SET state = ?2, user_id = ?3 WHERE id = ?1", params![id, state, user_id])?;
        Ok(())
    }
}

fn read(row: &Row<'_>) -> Result<QrKey> {
    Ok(QrKey {
        id: row.get("id")?,
        code: QrCode {
            key: row.get("key")?,
            app_id: row.get("app_id")?,
            state: row.get("state")?,
            user_id: row.get("user_id")?,
        },
        wish: Wish { scopes: row.get("scopes")?, remark: row.get("remark")?, scheme: row.get("scheme")? },
        created: row.get("created")?,
    })
}
