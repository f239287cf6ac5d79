//! All that the server's parts share.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use ring::hmac;

use crate::clock::Clock;
use crate::record::Record;
use crate::store::Store;
use crate::style::{ExpiresIn, KeyStyle};

pub(crate) struct Service {
    store: Mutex<Store>,
    pub(crate) clock: Clock,
    pub(crate) record: Record,
    pub(crate) settings: Settings,
    pub(crate) signing_key: hmac::Key,
}

pub(crate) struct Settings {
    pub(crate) key_style: KeyStyle,
    pub(crate) expires_in: ExpiresIn,
    pub(crate) token_lifetime: Duration,
    /// The host that the server was asked to bind, which a browser may name it by.
    pub(crate) host: String,
    pub(crate) record_requests: bool,
}

impl Service {
    pub(crate) fn new(store: Store, clock: Clock, settings: Settings) -> crate::store::Result<Self> {
        let signing_key = store.signing_key()?;
        Ok(Self { store: Mutex::new(store), clock, record: Record::default(), settings, signing_key })
    }

    /// The store, for one call: whoever holds it is alone with it, so that each call is one step.
    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The Unix time.
    pub(crate) fn now(&self) -> i64 {
        self.clock.now().seconds()
    }
}
