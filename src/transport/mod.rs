//! One HTTP exchange over ureq: what goes out, what comes back, and what it means when nothing comes back.

mod buffers;
mod current;
mod failure;
mod happy_eyeballs;
mod http_connect;
mod interim;
mod lanes;
mod phase;
mod report;
mod resolver;
mod retry;
#[cfg(any(fuzzing, test))]
pub(crate) mod scripted;
mod sessions;
mod socket;
mod socks;
mod timings;
mod tls;
mod tls_settings;
mod tunnel;
mod verifier;

use crate::cancel::CancelToken;
use crate::error::{Error, ErrorKind, Result};
use crate::log::Logger;
use crate::proxy::Proxy;
use crate::retry_after;
use crate::secret::WipedBuffer;
use crate::token::MAX_TOKEN_BYTES;
use bytes::Bytes;
use current::Limits;
use failure::Stage;
pub(crate) use failure::{NETWORK_WANTS_SIGN_IN, proxy_refused, refuses_client};
use lanes::Lanes;
use phase::Phase;
use resolver::{NoResolver, Resolver};
use retry::{Attempt, Next};
use socket::TcpConnector;
use std::borrow::Cow;
use std::io::{Read, Write};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};
use tls::TlsConnector;
pub(crate) use tls_settings::{Tls, TlsSettings};
use tunnel::TunnelConnector;
use ureq::config::Config;
use ureq::http::{HeaderMap, HeaderValue, Method, Request, Uri, header};
use ureq::unversioned::transport::Connector;
use ureq::{Agent, Body};

/// What the connections of a client have in common.
pub(crate) struct Settings {
    /// The server, as the `Host` header names it.
    pub(crate) host: HeaderValue,
    pub(crate) timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) max_retries: u32,
    pub(crate) user_agent: HeaderValue,
    pub(crate) proxy: Option<Proxy>,
    /// `None` where the server is spoken to by plain http.
    pub(crate) tls: Option<Arc<Tls>>,
    pub(crate) max_response_bytes: u64,
    pub(crate) logger: Option<Logger>,
}

/// What can be set for single calls; `None` is the client's setting.
#[derive(Clone, Default)]
pub(crate) struct CallOptions {
    pub(crate) timeout: Option<Duration>,
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) cancel: Option<CancelToken>,
}

impl CallOptions {
    fn is_cancelled(&self) -> bool {
        self.cancel.as_ref().is_some_and(CancelToken::is_cancelled)
    }
}

/// What goes out.
pub(crate) struct Outgoing<'a> {
    /// When the call began, from which its deadline counts.
    pub(crate) start: Instant,
    pub(crate) method: Method,
    pub(crate) uri: &'a Uri,
    pub(crate) access_token: Option<&'a str>,
    pub(crate) json: Option<&'a [u8]>,
    /// Whether the call may be made twice without doing harm.
    pub(crate) repeatable: bool,
    /// What differs for this call from the client's settings.
    pub(crate) options: &'a CallOptions,
}

/// No complete HTTP answer came.
pub(crate) struct Unanswered {
    pub(crate) error: Error,
    /// Whether the server may have got the request, and done what it asks for.
    pub(crate) may_have_arrived: bool,
}

impl From<Error> for Unanswered {
    fn from(error: Error) -> Self {
        Unanswered { error, may_have_arrived: false }
    }
}

/// What came back, read to its end.
pub(crate) struct Response {
    pub(crate) status: u16,
    headers: HeaderMap,
    pub(crate) body: WipedBuffer,
}

impl Response {
    /// The first header of this name.
    pub(crate) fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        self.headers(name).next()
    }

    /// Every header of this name. What is not UTF-8 in it becomes a replacement character.
    pub(crate) fn headers(&self, name: &str) -> impl Iterator<Item = Cow<'_, str>> {
        self.headers.get_all(name).into_iter().map(|value| String::from_utf8_lossy(value.as_bytes()))
    }

    /// How long the server asks to wait.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        let date = self.header("date");
        self.headers("retry-after").find_map(|value| retry_after::parse(&value, date.as_deref()))
    }

    /// Whether the server says that it closes the connection after this.
    pub(crate) fn closes(&self) -> bool {
        let is_close = |word: &str| word.trim().eq_ignore_ascii_case("close");
        self.headers("connection").any(|value| value.split(',').any(is_close))
    }
}

/// The connections to one server: kept alive between calls, shared between threads.
pub(crate) struct Transport {
    agents: Lanes<Agent>,
    headers: Headers,
    timeout: Duration,
    connect_timeout: Duration,
    max_retries: u32,
    max_response_bytes: u64,
    has_certificate: bool,
    logger: Option<Logger>,
}

/// What one connection holds in memory; ureq's default is 128 KiB each way.
const INPUT_BUFFER_BYTES: usize = 32 * 1024;
/// A header line that doesn't fit is an error in ureq, so the longest token has to.
const OUTPUT_BUFFER_BYTES: usize = MAX_TOKEN_BYTES + 4 * 1024;
/// A byte less than the buffer holds: ureq takes a full one for a closed connection.
const MAX_HEAD_BYTES: usize = INPUT_BUFFER_BYTES - 1;

/// ureq asks the environment for a proxy whenever it makes a configuration, whatever is set afterwards. In the middle of a
/// call that would be a race with a program that changes its environment, so there is one for the process, made with the
/// first client.
static KEEPING_ONE: LazyLock<Config> = LazyLock::new(|| config(1));
static KEEPING_NONE: LazyLock<Config> = LazyLock::new(|| config(0));

fn config(kept_connections: usize) -> Config {
    Agent::config_builder()
        .proxy(None)
        // The headers are set with each request, from values that are made once.
        .user_agent("")
        .accept("")
        .accept_encoding("")
        .max_redirects(0)
        .http_status_as_error(false)
        .max_idle_connections(kept_connections)
        .max_response_header_size(MAX_HEAD_BYTES)
        .input_buffer_size(INPUT_BUFFER_BYTES)
        .output_buffer_size(OUTPUT_BUFFER_BYTES)
        .build()
}

impl Transport {
    pub(crate) fn new(settings: Settings) -> Self {
        #[cfg(any(fuzzing, test))]
        if scripted::is_running() {
            return scripted::transport(settings);
        }
        Self::with_resolver(settings, Resolver::system())
    }

    fn with_resolver(mut settings: Settings, resolver: Resolver) -> Self {
        let proxy = settings.proxy.take().map(Arc::new);
        let (user_agent, tls) = (settings.user_agent.clone(), settings.tls.clone());
        Self::with_connector(settings, move || {
            let tunnel = TunnelConnector::new(proxy.clone(), resolver.clone(), user_agent.clone());
            Phase::new(Stage::Proxy, tunnel)
                .chain(Phase::new(Stage::Connect, TcpConnector::new(resolver.clone())))
                .chain(Phase::new(Stage::Tls, TlsConnector::new(tls.clone())))
        })
    }

    fn with_connector<C: Connector>(settings: Settings, connector: impl Fn() -> C + Send + Sync + 'static) -> Self {
        let (keeping_one, keeping_none) = (KEEPING_ONE.clone(), KEEPING_NONE.clone());
        let agent = move |keeps_connection: bool| {
            let config = if keeps_connection { &keeping_one } else { &keeping_none };
            Agent::with_parts(config.clone(), connector(), NoResolver)
        };
        Transport {
            agents: Lanes::new(agent),
            headers: Headers::new(&settings),
            timeout: settings.timeout,
            connect_timeout: settings.connect_timeout,
            max_retries: settings.max_retries,
            max_response_bytes: settings.max_response_bytes,
            has_certificate: settings.tls.is_some_and(|tls| tls.config.client_auth_cert_resolver.has_certs()),
            logger: settings.logger,
        }
    }

    /// How long a call with these options may take.
    pub(crate) fn timeout(&self, options: &CallOptions) -> Duration {
        options.timeout.unwrap_or(self.timeout)
    }

    /// Sends a request and reads the whole answer, repeating it where that is safe and can help. Fails only where no
    /// complete HTTP answer came.
    pub(crate) fn send(&self, outgoing: &Outgoing) -> std::result::Result<Response, Unanswered> {
        let options = outgoing.options;
        let limits = Limits {
            start: outgoing.start,
            timeout: self.timeout(options),
            connect_timeout: options.connect_timeout.unwrap_or(self.connect_timeout),
            cancel: options.cancel.as_ref(),
            has_certificate: self.has_certificate,
            observe: self.logger.is_some(),
        };
        if options.is_cancelled() {
            return Err(Error::new(ErrorKind::Cancelled).into());
        }
        // The lane around the call: the next one in it may use the same connection, which this one's token has forgotten by then.
        self.agents.with(|agent| current::run(&limits, || self.attempts(agent, outgoing)))
    }

    /// Waits between two calls that are parts of one. False as soon as it is cancelled.
    pub(crate) fn wait(&self, options: &CallOptions, duration: Duration) -> bool {
        current::pause(options.cancel.as_ref(), duration)
    }

    /// How long to wait before it is asked once more what has become of a sign-up, which has been done so often. `None` when it has
    /// been as often as a call is repeated.
    pub(crate) fn wait_before_asking_again(&self, repetitions: u32) -> Option<Duration> {
        (repetitions < self.max_retries).then(|| retry::wait_for_account(repetitions))
    }

    fn attempts(&self, agent: &Agent, outgoing: &Outgoing) -> std::result::Result<Response, Unanswered> {
        // What must not be made twice gets a connection that the server can't be about to close for its age.
        let mut fresh_connection = !outgoing.repeatable;
        let mut retries = 0;
        let mut session_refused = false;
        loop {
            current::begin_attempt(fresh_connection);
            // Whatever error the cancelling has caused, it was the cancelling.
            let result = self.exchange(agent, outgoing).map_err(|error| {
                if outgoing.options.is_cancelled() { Error::new(ErrorKind::Cancelled) } else { error }
            });
            current::end_attempt();
            let attempt = Attempt {
                repeatable: outgoing.repeatable,
                sent: current::has_sent(),
                reused: !current::has_connected(),
                // Once: other threads may have new ones.
                offered_session: current::has_offered_session() && !session_refused,
            };
            let end = Instant::now();
            let next = match attempt.next(&result, retries) {
                Next::RetryAfter(wait) if retries >= self.max_retries || !current::has_time_for(wait) => Next::Stop,
                next => next,
            };
            // A connection that was closed while it was idle, and on which nothing was sent, makes no attempt. ureq has
            // dropped it.
            if next == Next::Reconnect && attempt.reused && !attempt.sent {
                continue;
            }
            session_refused |= attempt.offered_session;
            if let Some(logger) = &self.logger {
                report::attempt(logger, outgoing, &result, &next, retries.saturating_add(1), self.max_retries);
            }
            let next = match next {
                // The log has taken all the time that there was.
                Next::RetryAfter(_) if !current::has_time_for(Duration::ZERO) => Next::Stop,
                next => next,
            };
            // Where one old connection was no good, the others may be none either. A server that is busy is there.
            fresh_connection |= result.is_err() || next == Next::Reconnect;
            match next {
                Next::Stop => {
                    return result.map_err(|error| {
                        let may_have_arrived = attempt.sent && !failure::refuses_client(error.kind());
                        Unanswered { error, may_have_arrived }
                    });
                }
                Next::Reconnect => {}
                Next::RetryAfter(wait) if current::wait(end, wait) => retries = retries.saturating_add(1),
                // What can be repeated has not been done.
                Next::RetryAfter(_) => return Err(Error::new(ErrorKind::Cancelled).into()),
            }
        }
    }

    fn exchange(&self, agent: &Agent, outgoing: &Outgoing) -> Result<Response> {
        let answer = match outgoing.json {
            Some(json) => agent.run(self.request(outgoing, json)?),
            None => agent.run(self.request(outgoing, ())?),
        };
        let (head, body) = answer.map_err(failure::before_answer)?.into_parts();
        let status = head.status.as_u16();
        let body = match read_body(body, self.max_response_bytes) {
            Ok(body) => body,
            // Where the status already says what is wrong, a page that broke off or is too large changes nothing.
            Err(error)
                if !head.status.is_success()
                    && !outgoing.options.is_cancelled()
                    && error.kind() != ErrorKind::OutOfMemory =>
            {
                WipedBuffer::with_capacity(0)
            }
            Err(error) => return Err(error.with_http_status(status)),
        };
        Ok(Response { status, headers: head.headers, body })
    }

    fn request<B>(&self, outgoing: &Outgoing, body: B) -> Result<Request<B>> {
        let mut headers = self.headers.of(outgoing);
        if let Some(token) = outgoing.access_token {
            let mut bearer = WipedBuffer::with_capacity("Bearer ".len().saturating_add(token.len()));
            bearer.add(b"Bearer ")?;
            bearer.add(token.as_bytes())?;
            // As an owner, it is wiped when the last copy of the value goes.
            let value = HeaderValue::from_maybe_shared(Bytes::from_owner(bearer));
            let mut value = value.map_err(|_| Error::invalid_argument("The access token can't stand in a header"))?;
            value.set_sensitive(true);
            headers.insert(header::AUTHORIZATION, value);
        }
        let mut request = Request::new(body);
        *request.method_mut() = outgoing.method.clone();
        *request.uri_mut() = outgoing.uri.clone();
        *request.headers_mut() = headers;
        Ok(request)
    }
}

/// What stands in the head of every request, put together once: copying it takes less than putting it together, and ureq
/// would make the values of some anew each time.
struct Headers {
    without_body: HeaderMap,
    /// With a length that is to be replaced.
    with_body: HeaderMap,
}

impl Headers {
    fn new(settings: &Settings) -> Self {
        let json = HeaderValue::from_static("application/json");
        let always = [
            (header::HOST, settings.host.clone()),
            (header::USER_AGENT, settings.user_agent.clone()),
            (header::ACCEPT, json.clone()),
        ];
        let of_body = [(header::CONTENT_TYPE, json), (header::CONTENT_LENGTH, HeaderValue::from_static("0"))];
        Headers {
            without_body: always.clone().into_iter().collect(),
            with_body: always.into_iter().chain(of_body).collect(),
        }
    }

    fn of(&self, outgoing: &Outgoing) -> HeaderMap {
        let Some(body) = outgoing.json else { return self.without_body.clone() };
        let mut headers = self.with_body.clone();
        headers.insert(header::CONTENT_LENGTH, decimal(body.len()));
        headers
    }
}

/// A number as a header's value.
fn decimal(number: usize) -> HeaderValue {
    /// Of the largest one, on 64 bits.
    const DIGITS: usize = 20;
    let mut digits = [0; DIGITS];
    let mut free = &mut digits[..];
    let written = write!(free, "{number}").map(|()| DIGITS.saturating_sub(free.len()));
    let text = written.ok().and_then(|length| HeaderValue::from_bytes(digits.get(..length)?).ok());
    text.unwrap_or_else(|| number.into())
}

/// Reads a body to its end, so that the connection can be used again; one byte more than the limit is too large.
fn read_body(mut body: Body, limit: u64) -> Result<WipedBuffer> {
    let announced = body.content_length();
    if announced.is_some_and(|length| length > limit) {
        return Err(too_large(limit));
    }
    // One more, to see the end; not more than a server may make us take on its word alone.
    let expected = announced.and_then(|length| usize::try_from(length).ok()).unwrap_or(1023);
    let mut buffer = WipedBuffer::try_with_capacity(expected.saturating_add(1).min(64 * 1024))?;
    let mut reader = body.as_reader().take(limit.saturating_add(1));
    buffer.read_to_end(&mut reader).map_err(failure::within_answer)?;
    if u64::try_from(buffer.as_slice().len()).is_ok_and(|length| length <= limit) {
        Ok(buffer)
    } else {
        Err(too_large(limit))
    }
}

fn too_large(limit: u64) -> Error {
    Error::new(ErrorKind::ResponseTooLarge).remark(format!("The limit is {limit} bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};
    use ureq::unversioned::transport::ConnectionDetails;

    fn settings(proxy: Option<Proxy>) -> Settings {
        Settings {
            host: HeaderValue::from_static("name.example"),
            timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(60),
            max_retries: 0,
            user_agent: HeaderValue::from_static("test"),
            proxy,
            tls: Some(TlsSettings::default().config().unwrap()),
            max_response_bytes: 1,
            logger: None,
        }
    }

    fn outgoing(options: &CallOptions) -> Outgoing<'_> {
        static URI: LazyLock<Uri> = LazyLock::new(|| Uri::from_static("https://name.example/"));
        Outgoing {
            start: Instant::now(),
            method: Method::GET,
            uri: &URI,
            access_token: None,
            json: None,
            repeatable: true,
            options,
        }
    }

    #[test]
    fn a_name_that_has_no_address_is_named_and_looked_up_again_as_often_as_set() {
        static ASKED: AtomicU32 = AtomicU32::new(0);
        let resolver = Resolver::asking(|_, _| {
            ASKED.fetch_add(1, Ordering::SeqCst);
            Err(std::io::Error::other("Name or service not known"))
        });
        let settings = Settings { max_retries: 1, ..settings(None) };
        let transport = Transport::with_resolver(settings, resolver);
        let error = transport.send(&outgoing(&CallOptions::default())).err().expect("there is no such name").error;
        assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Dns, true));
        assert!(error.to_string().contains("Name or service not known"), "{error}");
        assert_eq!(ASKED.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn a_name_that_has_no_address_is_named_also_with_a_proxy() {
        let resolver = Resolver::asking(|_, _| Err(std::io::Error::other("Name or service not known")));
        let proxy = Proxy::parse("socks5://127.0.0.1:9").unwrap();
        let transport = Transport::with_resolver(settings(Some(proxy)), resolver);
        let error = transport.send(&outgoing(&CallOptions::default())).err().expect("there is no such name").error;
        assert_eq!(error.kind(), ErrorKind::Dns, "{error}");
    }

    /// Connects, offers a session each time, and is told no.
    #[derive(Debug)]
    struct Refused(Arc<AtomicU32>);

    impl Connector for Refused {
        type Out = socket::TcpTransport;

        fn connect(&self, _: &ConnectionDetails, _: Option<()>) -> std::result::Result<Option<Self::Out>, ureq::Error> {
            // Where there is no end to it, something else is wrong in time.
            if self.0.fetch_add(1, Ordering::SeqCst) > 2 {
                return Err(ureq::Error::ConnectionFailed);
            }
            current::note_connected();
            current::note_session_offered();
            let refusal = rustls::Error::AlertReceived(rustls::AlertDescription::HandshakeFailure);
            let refusal = std::io::Error::new(std::io::ErrorKind::InvalidData, refusal);
            Err(failure::Staged::tag(Stage::Tls, refusal.into()))
        }
    }

    #[test]
    fn a_session_is_held_to_be_the_reason_only_once() {
        let tried = Arc::new(AtomicU32::new(0));
        let connector = Arc::clone(&tried);
        let transport = Transport::with_connector(settings(None), move || Refused(Arc::clone(&connector)));
        let error = transport.send(&outgoing(&CallOptions::default())).err().expect("it is refused").error;
        assert_eq!((error.kind(), tried.load(Ordering::SeqCst)), (ErrorKind::Tls, 2));
    }
}
