//! What the server remembers, in SQLite: in memory, or in a file that outlives it.

mod applications;
mod codes;
mod keys;
mod users;

use std::error::Error;
use std::fmt;
use std::fs::OpenOptions;
use std::io;
use std::path::Path;

use ring::hmac;
use rusqlite::{Connection, OptionalExtension};

use crate::random;

pub(crate) use codes::CodePurpose;
pub use keys::{QrCode, QrState};
pub(crate) use keys::{QrKey, Wish};
pub use users::User;
pub(crate) use users::{NewUser, ProfileChange};

const SCHEMA: &str = include_str!("schema.sql");
/// Kept in the file as `user_version`. A file of another version is refused and not touched.
const SCHEMA_VERSION: i64 = 1;

pub(crate) type Result<T> = rusqlite::Result<T>;

pub(crate) struct Store {
    connection: Connection,
}

impl Store {
    /// A store that is gone when it is dropped.
    pub(crate) fn in_memory() -> io::Result<Self> {
        Self::prepare(Connection::open_in_memory().map_err(io::Error::other)?).map_err(io::Error::other)
    }

    /// A store in this file, which is made if it is not there, readable by its owner alone.
    pub(crate) fn in_file(path: &Path) -> io::Result<Self> {
        let explain = |error: &dyn fmt::Display| io::Error::other(format!("the database {}: {error}", path.display()));
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path).map_err(|error| explain(&error))?;
        let connection = Connection::open(path).map_err(|error| explain(&error))?;
        Self::prepare(connection).map_err(|error| explain(&error))
    }

    fn prepare(mut connection: Connection) -> std::result::Result<Self, Box<dyn Error + Send + Sync>> {
        let setting_up = connection.transaction()?;
        let version: i64 = setting_up.pragma_query_value(None, "user_version", |row| row.get(0))?;
        match version {
            SCHEMA_VERSION => (),
            0 => {
                setting_up.execute_batch(SCHEMA)?;
                setting_up.pragma_update(None, "user_version", SCHEMA_VERSION)?;
            }
            _ => return Err("it was made by another version of the emulator".into()),
        }
        setting_up.commit()?;
        Ok(Self { connection })
    }

    /// The key that signs tokens. It is kept with the users, so that their tokens outlive a restart as they do.
    pub(crate) fn signing_key(&self) -> Result<hmac::Key> {
        let stored: Option<Vec<u8>> = self
            .connection
            .query_row("SELECT value FROM setting WHERE name = 'signing_key'", [], |row| row.get(0))
            .optional()?;
        let key = match stored {
            Some(key) => key,
            None => {
                let key = random::bytes::<32>().to_vec();
                self.connection.execute("INSERT INTO setting VALUES ('signing_key', ?1)", [&key])?;
                key
            }
        };
        Ok(hmac::Key::new(hmac::HMAC_SHA256, &key))
    }
}
