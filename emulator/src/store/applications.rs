//! Applications.

use rusqlite::{OptionalExtension, Row, params};

use super::{Result, Store};
use crate::application::Application;
use crate::random;

/// What the store knows of an application beyond what its owner said.
pub(crate) struct Registration {
    pub(crate) app_key: String,
    pub(crate) created: i64,
    pub(crate) updated: i64,
}

impl Store {
    /// Adds the application, or replaces what its owner said of it.
    pub(crate) fn put_application(&self, application: &Application, now: i64) -> Result<()> {
        let Application { id, name, logo, website, description, tags, mini_program, verified_contacts } = application;
        self.connection.execute(
            "INSERT INTO application VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10)
             ON CONFLICT (id) DO UPDATE SET (name, logo, website, description, tags, mini_program, verified_contacts,
             updated) = (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?10)",
            params![
                id,
                name,
                logo,
                website,
                description,
                tags,
                mini_program,
                verified_contacts,
                random::hex::<16>(),
                now
            ],
        )?;
        Ok(())
    }

    pub(crate) fn application(&self, id: i64) -> Result<Option<Application>> {
        self.connection.query_row("SELECT * FROM application WHERE id = ?1", [id], read).optional()
    }

    pub(crate) fn applications(&self) -> Result<Vec<Application>> {
        self.connection.prepare("SELECT * FROM application ORDER BY id")?.query_map([], read)?.collect()
    }

    pub(crate) fn registration(&self, id: i64) -> Result<Registration> {
        self.connection.query_row("SELECT app_key, created, updated FROM application WHERE id = ?1", [id], |row| {
            Ok(Registration { app_key: row.get(0)?, created: row.get(1)?, updated: row.get(2)? })
        })
    }
}

fn read(row: &Row<'_>) -> Result<Application> {
    Ok(Application {
        id: row.get("id")?,
        name: row.get("name")?,
        logo: row.get("logo")?,
        website: row.get("website")?,
        description: row.get("description")?,
        tags: row.get("tags")?,
        mini_program: row.get("mini_program")?,
        verified_contacts: row.get("verified_contacts")?,
    })
}
