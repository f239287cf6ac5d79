//! The client: one application on one server.

use crate::answer::{self, Data};
use crate::api::Request;
use crate::api::private::Role;
use crate::base_url::BaseUrl;
use crate::cancel::CancelToken;
use crate::client_certificate::ClientCertificate;
use crate::endpoints::Endpoints;
use crate::error::{Error, ErrorKind, Result};
use crate::json::{Json, read_no_array};
use crate::log::{LogLevel, Logger};
use crate::pin::Pin;
use crate::proxy::{self, Proxy};
use crate::scrub::Scrub;
use crate::secret::{Secret, WipedBuffer};
use crate::session::Session;
use crate::token;
use crate::transport::{CallOptions, Outgoing, Settings, TlsSettings, Transport};
use crate::trust::Trust;
use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};
use ureq::http::{HeaderValue, Method};

/// The vendor's own server.
pub const DEFAULT_BASE_URL: &str = "https://www.oauthapp.com";

/// How long a call may take in all, unless set otherwise.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a connection may take to be made, unless set otherwise.
pub const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How often a call is repeated, unless set otherwise.
pub const DEFAULT_MAX_RETRIES: u32 = 2;

/// The most that can be set for [`ClientBuilder::max_retries`].
pub const MAX_RETRIES: u32 = 10;

/// How large an answer may be, unless set otherwise.
pub const DEFAULT_MAX_RESPONSE_BYTES: u64 = 1024 * 1024;

/// How large the JSON of a request may be.
pub const MAX_REQUEST_BYTES: usize = 1024 * 1024;

/// The longest deadline that can be set.
const MAX_TIMEOUT: Duration = Duration::from_secs(24 * 60 * 60);

const MAX_USER_AGENT_BYTES: usize = 256;

/// A client for one application on one server.
///
/// Every call blocks until its answer is there or its deadline has run out. A client can be used from many threads at
/// once; clones share its connections and its session. See [`Client::with_timeout`] for a call of its own deadline.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    options: CallOptions,
}

struct Shared {
    base: BaseUrl,
    app_id: i64,
    endpoints: Endpoints,
    transport: Transport,
    settle_sign_ups: bool,
    session: Option<Session>,
}

impl Client {
    /// A builder for a client of the application with this id.
    pub fn builder(app_id: i64) -> ClientBuilder {
        ClientBuilder {
            app_id,
            base_url: DEFAULT_BASE_URL.to_owned(),
            timeout: DEFAULT_TIMEOUT,
            connect_timeout: DEFAULT_CONNECT_TIMEOUT,
            max_retries: DEFAULT_MAX_RETRIES,
            settle_sign_ups: true,
            user_agent: concat!("liboauthapp/", env!("CARGO_PKG_VERSION")).to_owned(),
            proxy: None,
            proxy_from_environment: false,
            tls: TlsSettings::default(),
            max_response_bytes: DEFAULT_MAX_RESPONSE_BYTES,
            allow_plain_http: false,
            keep_session: false,
            logger: None,
        }
    }

    /// The same client, with another deadline for the calls that are made through the value returned.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for zero, or more than a day.
    pub fn with_timeout(&self, timeout: Duration) -> Result<Self> {
        check_timeout(timeout)?;
        let mut client = self.clone();
        client.options.timeout = Some(timeout);
        Ok(client)
    }

    /// The same client, with another connect timeout for the calls that are made through the value returned.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for zero, or more than a day.
    pub fn with_connect_timeout(&self, timeout: Duration) -> Result<Self> {
        check_timeout(timeout)?;
        let mut client = self.clone();
        client.options.connect_timeout = Some(timeout);
        Ok(client)
    }

    /// The same client, whose calls made through the value returned end with [`ErrorKind::Cancelled`] when the token is
    /// cancelled.
    #[must_use]
    pub fn with_cancel(&self, token: &CancelToken) -> Self {
        let mut client = self.clone();
        client.options.cancel = Some(token.clone());
        client
    }

    /// Makes a call and reads its answer into the type that belongs to it.
    ///
    /// # Errors
    /// See [`ErrorKind`]: what the caller got wrong, what kept the call from the server, what the server said, or
    /// [`ErrorKind::UnexpectedResponse`] where its `data` is not of the expected type.
    pub fn call<R: Request>(&self, request: &R) -> Result<R::Response> {
        let data = self.exchange(request)?;
        read_no_array(data.as_str()).map_err(|_| {
            Error::new(ErrorKind::UnexpectedResponse)
                .remark(format!("The data that answers {} is not of the expected type", R::OPERATION))
                .with_http_status(data.http_status)
        })
    }

    /// Makes a call and gives the `data` of its answer as the JSON that came, every field and digit kept.
    ///
    /// # Errors
    /// As [`Client::call`], but the type of `data` is not looked at.
    pub fn call_raw<R: Request>(&self, request: &R) -> Result<Json> {
        self.exchange(request).map(Json::from_answer)
    }

    /// Whether the client holds a session. Always false for a client that was not told to keep one.
    #[must_use]
    pub fn is_signed_in(&self) -> bool {
        self.shared.session.as_ref().is_some_and(Session::is_held)
    }

    /// Forgets the session that the client holds. The server has no sign-out: the token stays good until it runs out. A sign-in
    /// that is under way in another thread begins a new session when it succeeds.
    pub fn sign_out(&self) {
        if let Some(session) = &self.shared.session {
            session.end();
        }
    }

    pub(crate) fn exchange<R: Request>(&self, request: &R) -> Result<Data> {
        let shared = &*self.shared;
        let start = Instant::now();
        let held = match R::ROLE {
            Role::WithToken if request.access_token().is_none() => Some(shared.held_token()?),
            _ => None,
        };
        let access_token = held.as_ref().map(Secret::expose).or(request.access_token());
        if let Some(token) = access_token {
            token::check(token)?;
        }
        let json = if R::METHOD == Method::GET { None } else { Some(serialise(request)?) };
        let secrets = || request.secrets().into_iter().chain(access_token).collect();
        let scrub = Scrub::new(&secrets);
        let outgoing = Outgoing {
            start,
            method: R::METHOD,
            uri: &shared.endpoints.uri(R::OPERATION)?,
            access_token,
            json: json.as_ref().map(WipedBuffer::as_slice),
            repeatable: R::ROLE != Role::SignUp,
            options: &self.options,
        };
        let (result, may_have_arrived) = match shared.transport.send(&outgoing) {
            Ok(response) => {
                let result = answer::read(response, &scrub, &shared.base);
                let is_unclear = result.as_ref().is_err_and(answer::is_unclear);
                (result, is_unclear)
            }
            Err(unanswered) => (Err(unanswered.error), unanswered.may_have_arrived),
        };
        match result {
            Ok(data) => {
                if let (Some(session), true) = (&shared.session, R::ROLE.answers_token()) {
                    // Somebody else has signed in than who did before.
                    match token::in_answer(&data) {
                        Some(token) => session.begin(token),
                        None => session.end(),
                    }
                }
                Ok(data)
            }
            Err(error) => {
                if let (Some(session), Some(token), true) =
                    (&shared.session, access_token, Session::is_over(error.kind()))
                {
                    session.end_if(token);
                }
                if R::ROLE == Role::SignUp && may_have_arrived {
                    self.settle(request, error, start)
                } else {
                    Err(error)
                }
            }
        }
    }

    /// Finds out, within the call's deadline, what has become of a sign-up whose answer was lost.
    fn settle<R: Request>(&self, request: &R, lost: Error, start: Instant) -> Result<Data> {
        let transport = &self.shared.transport;
        let Some(sign_in) = request.sign_in_instead().filter(|_| self.shared.settle_sign_ups) else {
            return Err(lost.outcome_unknown());
        };
        let left = || transport.timeout(&self.options).saturating_sub(start.elapsed());
        let mut is_missing = false;
        let mut asked = 0;
        let mut wait = lost.retry_after().unwrap_or_default();
        while wait < left() {
            if !transport.wait(&self.options, wait) {
                return Err(Error::new(ErrorKind::Cancelled).outcome_unknown());
            }
            let refused = match self.with_timeout(left()).and_then(|client| sign_in(&client)) {
                Ok(data) if token::in_answer(&data).is_some() => return Ok(data),
                Ok(_) => return Err(lost.outcome_unknown()),
                Err(refused) => refused,
            };
            // The server may still be at it, as when it is a gateway that has given up.
            is_missing = refused.kind() == ErrorKind::NoSuchUser;
            match refused.kind() {
                ErrorKind::WrongPassword => {
                    let other = "It has another password. The answer to the sign-up was lost";
                    return Err(Error::new(ErrorKind::AccountExists).remark(other));
                }
                // The asking is a part of the call, and so is the end of its time.
                ErrorKind::Cancelled | ErrorKind::Timeout => return Err(refused.outcome_unknown()),
                _ if !is_missing && !refused.is_retryable() => break,
                _ => {}
            }
            let Some(next) = transport.wait_before_asking_again(asked) else { break };
            wait = next.max(refused.retry_after().unwrap_or_default());
            asked = asked.saturating_add(1);
        }
        Err(if is_missing { lost.not_created() } else { lost.outcome_unknown() })
    }
}

impl Shared {
    fn held_token(&self) -> Result<Secret> {
        let none = |why: &str| Error::new(ErrorKind::NotSignedIn).remark(why);
        match &self.session {
            None => Err(none("Give a token, or let the client keep the session of the last sign-in")),
            Some(session) => session.token().ok_or_else(|| none("Sign in first")),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.shared.base.origin())
            .field("app_id", &self.shared.app_id)
            .finish_non_exhaustive()
    }
}

/// The JSON of a request. What is larger than allowed is measured, but not kept.
struct RequestJson {
    text: WipedBuffer,
    length: usize,
}

impl Write for RequestJson {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.length = self.length.saturating_add(bytes.len());
        if self.length <= MAX_REQUEST_BYTES {
            self.text.add(bytes)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn serialise<R: Request>(request: &R) -> Result<WipedBuffer> {
    let mut json = RequestJson { text: WipedBuffer::with_capacity(256), length: 0 };
    serde_json::to_writer(&mut json, request).map_err(|error| match error.io_error_kind() {
        Some(io::ErrorKind::OutOfMemory) => Error::new(ErrorKind::OutOfMemory),
        _ => Error::new(ErrorKind::Internal).remark("The request could not be written as JSON"),
    })?;
    let RequestJson { text, length } = json;
    if length > MAX_REQUEST_BYTES {
        return Err(Error::invalid_argument(format!(
            "The request has {length} bytes as JSON; {MAX_REQUEST_BYTES} are allowed"
        )));
    }
    Ok(text)
}

fn check_timeout(timeout: Duration) -> Result<()> {
    if timeout.is_zero() || timeout > MAX_TIMEOUT {
        return Err(Error::invalid_argument("A timeout must be more than zero and at most 24 hours"));
    }
    Ok(())
}

fn user_agent_header(user_agent: String) -> Result<HeaderValue> {
    if user_agent.trim().is_empty() || user_agent.len() > MAX_USER_AGENT_BYTES {
        return Err(Error::invalid_argument(format!("The user agent must have 1 to {MAX_USER_AGENT_BYTES} bytes")));
    }
    if !user_agent.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ') {
        return Err(Error::invalid_argument("The user agent must be printable ASCII on one line"));
    }
    HeaderValue::from_maybe_shared(user_agent).map_err(|_| Error::invalid_argument("The user agent can't be sent"))
}

/// Sets up a [`Client`]. Nothing is checked before [`build`](ClientBuilder::build).
#[must_use = "a builder does nothing until build()"]
pub struct ClientBuilder {
    app_id: i64,
    base_url: String,
    timeout: Duration,
    connect_timeout: Duration,
    max_retries: u32,
    settle_sign_ups: bool,
    user_agent: String,
    proxy: Option<Secret>,
    proxy_from_environment: bool,
    tls: TlsSettings,
    max_response_bytes: u64,
    allow_plain_http: bool,
    keep_session: bool,
    logger: Option<Logger>,
}

impl ClientBuilder {
    /// The server, `https://host[:port]`. Default: [`DEFAULT_BASE_URL`].
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// The deadline of a call, from its start to the last byte of its answer; up to a day. Default: 30 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long connecting may take, name resolution and TLS included; up to a day. Default: 10 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How often a call that failed is repeated, within its deadline; 0 to 10. Default: 2.
    ///
    /// Repeated are: every call whose request can't have left yet (no address, no connection, a handshake that broke); a
    /// connection lost before the answer or in the middle of it, but never for a sign-up, which could meet the account that it
    /// made itself; HTTP 429; and HTTP 503, again not for a sign-up. The wait is random, up to 100 ms, 200 ms, 400 ms and so on,
    /// at most 5 s, or what the server asks for (`Retry-After`) if that is longer; one that doesn't fit into the deadline is not
    /// begun. Where the server's name has several addresses, a new connection goes to one that the call has not met yet.
    ///
    /// Not counted, and done even with 0: a request that meets a kept-alive connection which the server has just closed, or on
    /// which it says so (HTTP 408, 400 with `Connection: close`, or what is no HTTP), goes out again on a new one. A sign-up
    /// uses a new connection to begin with.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = retries;
        self
    }

    /// Whether a sign-up whose answer was lost is followed by a sign-in with the same credentials, within the deadline, to
    /// find out what has become of it. Default: yes.
    ///
    /// If that succeeds, its token is the answer to the sign-up. If there is no such user yet, it is asked again, as often as
    /// [`max_retries`](ClientBuilder::max_retries) says and each time after a random wait of up to 0.8 s, 1.6 s and so on; if
    /// there is none then either, the sign-up's failure says so. If the user has another password, it is
    /// [`ErrorKind::AccountExists`].
    /// The failure is never retryable: a second sign-up could report the first one's success as
    /// [`ErrorKind::AccountExists`]. The confirmation of a QR code ([`QrCodeSignUp`](crate::QrCodeSignUp)) is not followed up.
    pub fn settle_sign_ups(mut self, settle: bool) -> Self {
        self.settle_sign_ups = settle;
        self
    }

    /// The `User-Agent`: printable ASCII, at most 256 bytes. Default: `liboauthapp/` and its version.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// The proxy through which every connection goes, `scheme://[user:password@]host[:port]`. Default: none.
    ///
    /// | scheme | proxy | default port | looks the server's name up |
    /// |---|---|---|---|
    /// | `http` | HTTP, asked with CONNECT for https and http alike | 80 | the proxy |
    /// | `socks5` | SOCKS5 | 1080 | this machine |
    /// | `socks5h` | SOCKS5 | 1080 | the proxy |
    ///
    /// In the user name and the password, characters with a meaning in URLs are percent-encoded: `@` is `%40`. Both go to the
    /// proxy only, but to it unprotected: HTTP's Basic authentication and SOCKS5's own are not encrypted. TLS with the server
    /// goes through the proxy from end to end.
    pub fn proxy(mut self, proxy: impl Into<String>) -> Self {
        self.proxy = Some(Secret::new(proxy));
        self
    }

    /// Takes the proxy from the environment where none is set with [`proxy`](ClientBuilder::proxy). Default: no.
    ///
    /// Read, once, when the client is made: for an https base URL `https_proxy`, `HTTPS_PROXY`, `all_proxy`, `ALL_PROXY`; for
    /// an http one `http_proxy` (and not `HTTP_PROXY`, which a CGI program gets from whoever calls it), `all_proxy`,
    /// `ALL_PROXY`. The first that is set and not empty counts; a value without a scheme is an http proxy, and one that is no
    /// proxy is an error.
    ///
    /// No proxy is used for this machine (`localhost`, 127.0.0.0/8, ::1), nor for a server that `no_proxy` or `NO_PROXY`
    /// names. That is a list with commas or spaces of: `*` for every server; a name, for itself and all below it
    /// (`example.com` and `.example.com` are the same); an address; a network in CIDR form, for base URLs that hold an
    /// address; any name or address with `:port` after it, for that port only.
    pub fn proxy_from_environment(mut self, read: bool) -> Self {
        self.proxy_from_environment = read;
        self
    }

    /// Which certificate authorities to believe. Default: Mozilla's list.
    pub fn trust(mut self, trust: Trust) -> Self {
        self.tls.trust = trust;
        self
    }

    /// Adds a public key of which one has to vouch for the server, besides an authority that is believed; see [`Pin`].
    /// Default: none, and then none has to.
    pub fn pin(mut self, pin: Pin) -> Self {
        self.tls.pins.push(pin);
        self
    }

    /// The certificate to show to servers that ask for one. Default: none.
    pub fn client_certificate(mut self, certificate: ClientCertificate) -> Self {
        self.tls.client_certificate = Some(certificate);
        self
    }

    /// DANGER: takes every certificate, also of someone else, and with it passwords and tokens go to whoever answers. For
    /// tests against a server on this machine: the base URL's host must be `localhost`, in 127.0.0.0/8, or `[::1]`, with
    /// no proxy on the way. Nothing else switches the verification off. Default: off.
    pub fn danger_accept_any_certificate_on_loopback(mut self, accept: bool) -> Self {
        self.tls.accept_any_certificate = accept;
        self
    }

    /// How many bytes the body of an answer may have; at least 1. Default: 1 MiB.
    pub fn max_response_bytes(mut self, bytes: u64) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// Allows `http` to a host other than this machine, or through a proxy. Passwords and tokens then travel readable for everyone on the way.
    pub fn allow_plain_http(mut self, allow: bool) -> Self {
        self.allow_plain_http = allow;
        self
    }

    /// Lets the client hold the token of its last sign-in or sign-up, in memory, for profile calls that name no token.
    /// For a program with one user; a program that serves many passes each one's token. A sign-in or sign-up whose answer has
    /// no token that can be sent leaves none. Default: off.
    pub fn keep_session(mut self, keep: bool) -> Self {
        self.keep_session = keep;
        self
    }

    /// Where to tell of each attempt of a call: how it went, its times and sizes, and whether another follows. Default:
    /// nowhere.
    ///
    /// `log` gets the level, a target for filters (`oauthapp::transport`) and one line of text, for example `POST
    /// /api/AppUsers/2/SignIn: HTTP 200 after 12.3 ms with a new connection (dns 0.0, connect 0.1, tls 8.1, send 0.0, wait
    /// 3.9, receive 0.1 ms), 1204 bytes sent, 4530 received`. Header fields and bodies are never in it. It runs on the thread
    /// that makes the call, within its deadline, and on many at once; it may make calls itself.
    pub fn log(mut self, log: impl Fn(LogLevel, &str, &str) + Send + Sync + 'static) -> Self {
        self.logger = Some(Logger::new(log));
        self
    }

    /// Checks the settings and makes the client. Nothing is sent.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`], [`ErrorKind::InvalidBaseUrl`], [`ErrorKind::InsecureBaseUrl`],
    /// [`ErrorKind::InvalidProxy`], [`ErrorKind::VerificationRequired`], and [`ErrorKind::InvalidCertificate`] where the
    /// platform is to be trusted and has no certificate authorities.
    pub fn build(self) -> Result<Client> {
        if self.app_id <= 0 {
            return Err(Error::invalid_argument("The application id must be a number above zero"));
        }
        check_timeout(self.timeout)?;
        check_timeout(self.connect_timeout)?;
        if self.max_retries > MAX_RETRIES {
            return Err(Error::invalid_argument(format!("At most {MAX_RETRIES} retries can be asked for")));
        }
        if self.max_response_bytes == 0 {
            return Err(Error::invalid_argument("The limit for answers must be at least one byte"));
        }
        let base = BaseUrl::parse(&self.base_url, self.allow_plain_http)?;
        let proxy = match &self.proxy {
            Some(proxy) => Some(Proxy::parse(proxy.expose())?),
            None if self.proxy_from_environment => proxy::from_environment(&base)?,
            None => None,
        };
        if self.tls.accept_any_certificate && (!base.is_loopback() || proxy.is_some()) {
            return Err(Error::new(ErrorKind::VerificationRequired));
        }
        self.tls.check()?;
        if proxy.is_some() && !base.is_https() && !self.allow_plain_http {
            return Err(Error::new(ErrorKind::InsecureBaseUrl)
                .remark("Through a proxy, plain http does not stay on this machine"));
        }
        let settings = Settings {
            host: HeaderValue::from_str(&base.authority())
                .map_err(|_| Error::new(ErrorKind::InvalidBaseUrl).remark("It can't stand in a header"))?,
            timeout: self.timeout,
            connect_timeout: self.connect_timeout,
            max_retries: self.max_retries,
            user_agent: user_agent_header(self.user_agent)?,
            proxy,
            tls: if base.is_https() { Some(self.tls.config()?) } else { None },
            max_response_bytes: self.max_response_bytes,
            logger: self.logger,
        };
        let shared = Shared {
            endpoints: Endpoints::new(&base, self.app_id),
            base,
            app_id: self.app_id,
            transport: Transport::new(settings),
            settle_sign_ups: self.settle_sign_ups,
            session: self.keep_session.then(Session::default),
        };
        Ok(Client { shared: Arc::new(shared), options: CallOptions::default() })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("app_id", &self.app_id).finish_non_exhaustive()
    }
}

#[cfg(all(test, not(shuttle)))]
mod tests {
    use super::*;
    use crate::api::private::Described;
    use serde::{Serialize, Serializer};
    use std::net::TcpListener;

    /// Those of the C manual, too.
    #[test]
    fn what_is_not_set_is_as_it_is_documented() {
        let builder = Client::builder(2);
        assert_eq!((builder.timeout.as_millis(), builder.connect_timeout.as_millis()), (30_000, 10_000));
        assert_eq!((builder.max_retries, builder.max_response_bytes), (2, 1 << 20));
        assert_eq!(builder.build().unwrap().shared.base.origin(), "https://www.oauthapp.com");
    }

    #[test]
    fn the_deadline_counts_from_the_calls_start_and_not_from_when_its_request_is_ready() {
        const TIMEOUT: Duration = Duration::from_millis(10);
        struct Laborious;
        impl Serialize for Laborious {
            fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
                std::thread::sleep(TIMEOUT);
                serializer.serialize_unit()
            }
        }
        impl Described for Laborious {
            const METHOD: Method = Method::POST;
            const OPERATION: &'static str = "SignIn";
            const ROLE: Role = Role::Plain;
        }
        impl Request for Laborious {
            type Response = ();
        }
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let client = Client::builder(2).base_url(url).timeout(TIMEOUT).build().unwrap();
        assert_eq!(client.call(&Laborious).unwrap_err().kind(), ErrorKind::Timeout);
        listener.set_nonblocking(true).unwrap();
        assert_eq!(listener.accept().unwrap_err().kind(), io::ErrorKind::WouldBlock, "nobody connects any more");
    }
}
