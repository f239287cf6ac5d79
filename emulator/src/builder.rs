//! How an emulator is set up.

use std::io;
use std::net::{IpAddr, TcpListener, ToSocketAddrs};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::application::Application;
use crate::clock::Clock;
use crate::emulator::Emulator;
use crate::server::Server;
use crate::service::{Service, Settings};
use crate::store::Store;
use crate::style::{ExpiresIn, KeyStyle};
use crate::tls;

/// What an emulator is to be like; [`start`](Self::start) makes it so.
///
/// The defaults are those of the real server in 2023, over plain http on 127.0.0.1, at a port that is free, with
/// everything in memory.
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    https: bool,
    host: String,
    port: u16,
    database: Option<PathBuf>,
    applications: Vec<Application>,
    key_style: KeyStyle,
    expires_in: ExpiresIn,
    token_lifetime: Duration,
    record_requests: bool,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            https: false,
            host: "127.0.0.1".to_owned(),
            port: 0,
            database: None,
            applications: Vec::new(),
            key_style: KeyStyle::default(),
            expires_in: ExpiresIn::default(),
            token_lifetime: Duration::from_secs(86_400),
            record_requests: true,
        }
    }
}

impl Builder {
    /// Speaks https, with a certificate for localhost, 127.0.0.1 and ::1 from an authority made at start, whose
    /// certificate [`Emulator::ca_certificate_pem`] gives.
    pub fn https(mut self) -> Self {
        self.https = true;
        self
    }

    /// The host name or address to listen at, 127.0.0.1 unless told. Anything but loopback lets others in.
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.host = host.into();
        self
    }

    /// The port to listen at; 0, the default, takes one that is free.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Keeps everything in this SQLite file, which is made if it is not there.
    pub fn database(mut self, path: impl Into<PathBuf>) -> Self {
        self.database = Some(path.into());
        self
    }

    /// Adds this application, or replaces the one with its number. Number 2 is there by default.
    pub fn application(mut self, application: Application) -> Self {
        self.applications.push(application);
        self
    }

    /// What a signInKey looks like.
    pub fn key_style(mut self, style: KeyStyle) -> Self {
        self.key_style = style;
        self
    }

    /// What `expires_in` means.
    pub fn expires_in_style(mut self, style: ExpiresIn) -> Self {
        self.expires_in = style;
        self
    }

    /// How long a token is valid, in whole seconds; a day unless told.
    pub fn token_lifetime(mut self, lifetime: Duration) -> Self {
        self.token_lifetime = lifetime;
        self
    }

    /// Whether [`Emulator::requests`] keeps what comes in, secrets included; it does unless told.
    pub fn record_requests(mut self, record: bool) -> Self {
        self.record_requests = record;
        self
    }

    /// Starts it. When this returns, it is listening.
    ///
    /// # Errors
    ///
    /// The port is taken, the host is none of this machine's, or the database can't be opened.
    pub fn start(self) -> io::Result<Emulator> {
        let clock = Clock::default();
        let now = clock.now().seconds();
        let store = match &self.database {
            Some(path) => Store::in_file(path)?,
            None => Store::in_memory()?,
        };
        put_applications(&store, &self.applications, now).map_err(io::Error::other)?;
        let settings = Settings {
            key_style: self.key_style,
            expires_in: self.expires_in,
            token_lifetime: self.token_lifetime,
            host: self.host.clone(),
            record_requests: self.record_requests,
        };
        let service = Arc::new(Service::new(store, clock, settings).map_err(io::Error::other)?);

        let identity = if self.https { Some(tls::identity(&self.host, now)?) } else { None };
        let listener = bind(&self.host, self.port)?;
        let address = listener.local_addr()?;
        let (tls, ca_certificate_pem) = match identity {
            Some(identity) => (Some(identity.server), Some(identity.authority_pem)),
            None => (None, None),
        };
        let url = url(self.https, address.ip(), address.port());
        let server = Server::start(listener, tls, service.clone())?;
        Ok(Emulator::new(url, address, ca_certificate_pem, service, server))
    }
}

fn put_applications(store: &Store, applications: &[Application], now: i64) -> crate::store::Result<()> {
    let documentation = Application::documentation();
    if store.application(documentation.id)?.is_none() {
        store.put_application(&documentation, now)?;
    }
    applications.iter().try_for_each(|application| store.put_application(application, now))
}

fn bind(host: &str, port: u16) -> io::Result<TcpListener> {
    let explain =
        |error: io::Error| io::Error::new(error.kind(), format!("can't listen at {host} port {port}: {error}"));
    let addresses: Vec<_> = (host, port).to_socket_addrs().map_err(explain)?.collect();
    TcpListener::bind(&addresses[..]).map_err(explain)
}

/// Where a client on this machine finds it.
fn url(https: bool, ip: IpAddr, port: u16) -> String {
    let scheme = if https { "https" } else { "http" };
    let host = match ip {
        // The name that people expect in a certificate.
        ip if https && (ip.is_loopback() || ip.is_unspecified()) => "localhost".to_owned(),
        IpAddr::V4(ip) if ip.is_unspecified() => "127.0.0.1".to_owned(),
        IpAddr::V6(ip) if ip.is_unspecified() => "[::1]".to_owned(),
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    };
    format!("{scheme}://{host}:{port}")
}
