//! A running emulator, and what can be done to it from outside the API.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::application::Application;
use crate::builder::Builder;
use crate::phone::{self, Refused};
use crate::record::RecordedRequest;
use crate::server::Server;
use crate::service::Service;
use crate::store::{QrCode, User};

/// A local OAuthApp server, in a thread of its own. It runs until it is dropped.
#[must_use = "dropping it stops it"]
pub struct Emulator {
    url: String,
    address: SocketAddr,
    ca_certificate_pem: Option<String>,
    service: Arc<Service>,
    /// Only held, and dropped.
    _server: Server,
}

impl Emulator {
    pub(crate) fn new(
        url: String,
        address: SocketAddr,
        ca_certificate_pem: Option<String>,
        service: Arc<Service>,
        server: Server,
    ) -> Self {
        Self { url, address, ca_certificate_pem, service, _server: server }
    }

    /// Starts one with the defaults: plain http, a port that is free, everything in memory, application 2.
    ///
    /// # Errors
    ///
    /// The operating system gives no port.
    pub fn start() -> io::Result<Self> {
        Self::builder().start()
    }

    /// Sets one up.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Its base URL, such as `http://127.0.0.1:41233`, with no slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address that it listens at.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// With https, the certificate that a client has to trust.
    #[must_use]
    pub fn ca_certificate_pem(&self) -> Option<&str> {
        self.ca_certificate_pem.as_deref()
    }

    /// The requests to the API so far, the oldest first. Of very many, the last ten thousand.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.service.record.all()
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.service.record.clear();
    }

    /// Adds this application, or replaces the one with its number.
    pub fn put_application(&self, application: &Application) {
        let now = self.service.now();
        self.service.store().put_application(application, now).expect(STORE_WORKS);
    }

    /// The users of all applications, the newest first. Of very many, the last thousand.
    #[must_use]
    pub fn users(&self) -> Vec<User> {
        self.service.store().users(1000).expect(STORE_WORKS)
    }

    /// Deletes a user, whose tokens then answer 不存在的用户. False if there was none.
    pub fn delete_user(&self, id: i64) -> bool {
        self.service.store().delete_user(id).expect(STORE_WORKS)
    }

    /// Advances the emulator's clock, so that tokens expire.
    pub fn advance_clock(&self, by: Duration) {
        self.service.clock.advance(by);
    }

    /// The QR sign-ins of all applications, the newest first. Of very many, the last thousand.
    #[must_use]
    pub fn qr_codes(&self) -> Vec<QrCode> {
        let keys = self.service.store().keys(1000).expect(STORE_WORKS);
        keys.into_iter().map(|key| key.code).collect()
    }

    /// Plays the phone: scans the code. The key may be a number or a string.
    ///
    /// # Errors
    ///
    /// The server's words, if the key is unknown, expired or confirmed already.
    pub fn scan(&self, key: impl ToString) -> Result<(), Refused> {
        phone::scan_code(&self.service, &key.to_string()).map(drop)
    }

    /// Plays the phone: its owner confirms, and is signed up if it is new.
    ///
    /// # Errors
    ///
    /// As [`scan`](Self::scan).
    pub fn confirm(&self, key: impl ToString) -> Result<(), Refused> {
        let (union_id, nick_name) = phone::OWNER;
        self.confirm_as(key, union_id, nick_name)
    }

    /// Plays another person's phone.
    ///
    /// # Errors
    ///
    /// As [`scan`](Self::scan).
    pub fn confirm_as(&self, key: impl ToString, union_id: &str, nick_name: &str) -> Result<(), Refused> {
        phone::confirm_code(&self.service, &key.to_string(), union_id, nick_name).map(drop)
    }

    /// Makes a signInKey invalid. False if it was not valid.
    pub fn expire(&self, key: impl ToString) -> bool {
        phone::expire_code(&self.service, &key.to_string()).expect(STORE_WORKS)
    }

    /// The code that was last sent to this phone number or email address and has not been used.
    #[must_use]
    pub fn code_sent_to(&self, contact: &str) -> Option<String> {
        self.service.store().latest_code(contact).expect(STORE_WORKS)
    }
}

/// In a test, a database that breaks under the emulator is nothing to go on from.
const STORE_WORKS: &str = "the emulator's database works";

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").field("url", &self.url).finish_non_exhaustive()
    }
}
