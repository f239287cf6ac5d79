//! Users.

use std::fmt;

use rusqlite::{ErrorCode, OptionalExtension, Row, ToSql, params};

use super::{Result, Store};

/// A user, as the store has it. Its Debug print shows no identity: only the numbers.
#[derive(Clone)]
#[non_exhaustive]
pub struct User {
    /// Its number, which tokens carry as `nameid`.
    pub id: i64,
    /// The application that it belongs to.
    pub app_id: i64,
    /// Where its union id comes from, such as `web` or `wxminip`.
    pub platform: Option<String>,
    /// Its identity on that platform.
    pub union_id: Option<String>,
    /// The name that it signs in with, if it has a password.
    pub user_name: Option<String>,
    /// What it is called.
    pub nick_name: Option<String>,
    /// The address of its picture.
    pub avatar: Option<String>,
    /// Its email address.
    pub email: Option<String>,
    /// Whether that address is known to be its own.
    pub email_is_valid: bool,
    /// Its phone number.
    pub phone: Option<String>,
    /// Whether that number is known to be its own.
    pub phone_is_valid: bool,
    /// Whatever the application keeps with it.
    pub data: Option<String>,
    pub(crate) password: Option<String>,
    pub(crate) created: i64,
    pub(crate) updated: i64,
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User").field("id", &self.id).field("app_id", &self.app_id).finish_non_exhaustive()
    }
}

/// What a sign-up says of the new user; `password` is hashed already.
#[derive(Default)]
pub(crate) struct NewUser {
    pub(crate) platform: Option<String>,
    pub(crate) union_id: Option<String>,
    pub(crate) user_name: Option<String>,
    pub(crate) password: Option<String>,
    pub(crate) nick_name: Option<String>,
    pub(crate) avatar: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) email_is_valid: bool,
    pub(crate) phone: Option<String>,
    pub(crate) phone_is_valid: bool,
    pub(crate) data: Option<String>,
}

/// What a profile update may change; what is `None` stays.
pub(crate) struct ProfileChange {
    pub(crate) avatar: Option<String>,
    pub(crate) data: Option<String>,
    pub(crate) nick_name: Option<String>,
}

impl Store {
    /// The new user, or `None` if its union id or its user name is taken.
    pub(crate) fn add_user(&self, app_id: i64, user: &NewUser, now: i64) -> Result<Option<User>> {
        let added = self.connection.execute(
            "INSERT INTO user (app_id, platform, union_id, user_name, password, nick_name, avatar, email,
             email_is_valid, phone, phone_is_valid, data, created, updated)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13)",
            params![
                app_id,
                user.platform,
                user.union_id,
                user.user_name,
                user.password,
                user.nick_name,
                user.avatar,
                user.email,
                user.email_is_valid,
                user.phone,
                user.phone_is_valid,
                user.data,
                now
            ],
        );
        match added {
            Ok(_) => self.user(app_id, self.connection.last_insert_rowid()),
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn user(&self, app_id: i64, id: i64) -> Result<Option<User>> {
        self.find_user("app_id = ?1 AND id = ?2", &[&app_id, &id])
    }

    pub(crate) fn user_by_union_id(&self, app_id: i64, platform: &str, union_id: &str) -> Result<Option<User>> {
        self.find_user("app_id = ?1 AND platform = ?2 AND union_id = ?3", &[&app_id, &platform, &union_id])
    }

    pub(crate) fn user_by_name(&self, app_id: i64, user_name: &str) -> Result<Option<User>> {
        self.find_user("app_id = ?1 AND user_name = ?2", &[&app_id, &user_name])
    }

    /// The user whose own this phone number or email address is known to be.
    pub(crate) fn user_by_contact(&self, app_id: i64, contact: &str) -> Result<Option<User>> {
        self.find_user(
            "app_id = ?1 AND (phone_is_valid AND phone = ?2 OR email_is_valid AND email = ?2)",
            &[&app_id, &contact],
        )
    }

    /// The newest users first.
    pub(crate) fn users(&self, most: i64) -> Result<Vec<User>> {
        self.connection.prepare("SELECT * FROM user ORDER BY id DESC LIMIT ?1")?.query_map([most], read)?.collect()
    }

    pub(crate) fn change_profile(&self, id: i64, change: &ProfileChange, now: i64) -> Result<()> {
        self.connection.execute(
            "UPDATE user SET avatar = coalesce(?2, avatar), data = coalesce(?3, data),
             nick_name = coalesce(?4, nick_name), updated = ?5 WHERE id = ?1",
            params![id, change.avatar, change.data, change.nick_name, now],
        )?;
        Ok(())
    }

    pub(crate) fn change_password(&self, id: i64, hash: &str, now: i64) -> Result<()> {
        self.connection.execute("UPDATE user SET password = ?2, updated = ?3 WHERE id = ?1", params![id, hash, now])?;
        Ok(())
    }

    /// Whether there was such a user.
    pub(crate) fn delete_user(&self, id: i64) -> Result<bool> {
        Ok(self.connection.execute("DELETE FROM user WHERE id = ?1", [id])? > 0)
    }

    fn find_user(&self, condition: &str, values: &[&dyn ToSql]) -> Result<Option<User>> {
        let query = format!("SELECT * FROM user WHERE {condition}");
        self.connection.query_row(&query, values, read).optional()
    }
}

fn read(row: &Row<'_>) -> Result<User> {
    Ok(User {
        id: row.get("id")?,
        app_id: row.get("app_id")?,
        platform: row.get("platform")?,
        union_id: row.get("union_id")?,
        user_name: row.get("user_name")?,
        nick_name: row.get("nick_name")?,
        avatar: row.get("avatar")?,
        email: row.get("email")?,
        email_is_valid: row.get("email_is_valid")?,
        phone: row.get("phone")?,
        phone_is_valid: row.get("phone_is_valid")?,
        data: row.get("data")?,
        password: row.get("password")?,
        created: row.get("created")?,
        updated: row.get("updated")?,
    })
}
