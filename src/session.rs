//! The session that a client holds when it is told to: the token of the last sign-in, in memory only.

use crate::error::ErrorKind;
use crate::secret::Secret;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Holds one access token, or none.
#[derive(Default)]
pub(crate) struct Session(Mutex<Option<Secret>>);

impl Session {
    /// Whether a failure means that the server considers a session over. A lost connection, a proxy's page or a failing
    /// server never does: a user must not be signed out by a bad network.
    pub(crate) fn is_over(kind: ErrorKind) -> bool {
        matches!(kind, ErrorKind::TokenExpired | ErrorKind::TokenRejected | ErrorKind::UserGone)
    }

    pub(crate) fn begin(&self, token: Secret) {
        *self.lock() = Some(token);
    }

    pub(crate) fn end(&self) {
        *self.lock() = None;
    }

    /// Ends the session of this token; another thread may have signed in anew meanwhile.
    pub(crate) fn end_if(&self, token: &str) {
        let mut held = self.lock();
        if held.as_ref().is_some_and(|held| held.expose() == token) {
            *held = None;
        }
    }

    pub(crate) fn token(&self) -> Option<Secret> {
        self.lock().clone()
    }

    pub(crate) fn is_held(&self) -> bool {
        self.lock().is_some()
    }

    /// A panic elsewhere leaves the token as it was: it is replaced as a whole.
    fn lock(&self) -> MutexGuard<'_, Option<Secret>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_an_old_token_leaves_a_new_one_alone() {
        let session = Session::default();
        session.begin(Secret::new("new"));
        session.end_if("old");
        assert!(session.is_held());
        session.end_if("new");
        assert!(!session.is_held());
    }
}
