//! A server that exists in memory only and does what a script says, for fuzzing and for tests. Everything above the TCP
//! connection is the library's own: ureq, TLS, retries, deadlines.

use super::buffers::WipedBuffers;
use super::current;
use super::failure::{self, Stage, Staged};
use super::phase::Phase;
use super::tls::TlsConnector;
use super::tunnel::Target;
use super::{Response, Settings, Transport, http_connect, socks};
use crate::error::Result;
use crate::proxy::{Proxy, Scheme};
use crate::secret::WipedBuffer;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read, Write};
use ureq::http::{HeaderMap, HeaderName, HeaderValue};
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport as UreqTransport};

/// One connection, as the other side has it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Connection {
    refused: bool,
    events: VecDeque<Event>,
    end: End,
}

#[derive(Clone, Debug)]
enum Event {
    /// These bytes arrive together.
    Arrive(Vec<u8>),
    /// What follows comes only after a further request.
    NextRequest,
}

/// What there is to read when all has arrived.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum End {
    /// The end of the stream.
    #[default]
    Closed,
    /// A connection that was reset.
    Reset,
    /// Nothing, until the call's time is over.
    Silent,
}

impl Connection {
    /// Connections as a text describes them: the bytes that arrive, and after the byte 0xff what else happens. A text of
    /// plain bytes is one connection that the other side closes at their end.
    ///
    /// | after 0xff | |
    /// |---|---|
    /// | 0 | what follows arrives on its own |
    /// | 1 | the connection ends, and the next begins |
    /// | 2 | the same, but it is reset |
    /// | 3 | the same, but nothing more arrives before the call's time is over |
    /// | 4 | what follows arrives after a further request |
    /// | 5 | this connection is refused |
    /// | anything else | 0xff, and this byte |
    pub(crate) fn read_all(script: &[u8]) -> Vec<Connection> {
        let mut all = Vec::new();
        let mut connection = Connection::default();
        let mut bytes = script.iter().copied().peekable();
        while let Some(byte) = bytes.next() {
            match (byte, bytes.peek().copied()) {
                (0xff, Some(0)) => connection.events.push_back(Event::Arrive(Vec::new())),
                (0xff, Some(control @ 1..=3)) => {
                    connection.end = match control {
                        1 => End::Closed,
                        2 => End::Reset,
                        _ => End::Silent,
                    };
                    all.push(std::mem::take(&mut connection));
                }
                (0xff, Some(4)) => connection.events.push_back(Event::NextRequest),
                (0xff, Some(5)) => connection.refused = true,
                _ => {
                    connection.arrive(byte);
                    continue;
                }
            }
            bytes.next();
        }
        all.push(connection);
        all
    }

    /// One on which these bytes arrive, whatever they are, and which is then closed.
    #[cfg(any(test, feature = "capi"))]
    pub(crate) fn sending(bytes: &[u8]) -> Connection {
        Connection { events: [Event::Arrive(bytes.to_vec())].into(), ..Connection::default() }
    }

    fn arrive(&mut self, byte: u8) {
        match self.events.back_mut() {
            Some(Event::Arrive(bytes)) => bytes.push(byte),
            _ => self.events.push_back(Event::Arrive(vec![byte])),
        }
    }

    /// The same bytes, in packets of this many.
    pub(crate) fn in_packets_of(&self, size: usize) -> Connection {
        let mut joined: Vec<Event> = Vec::new();
        for event in &self.events {
            match (joined.last_mut(), event) {
                (Some(Event::Arrive(all)), Event::Arrive(bytes)) => all.extend_from_slice(bytes),
                (_, event) => joined.push(event.clone()),
            }
        }
        let packets = joined.into_iter().flat_map(|event| match event {
            Event::Arrive(bytes) => bytes.chunks(size).map(|packet| Event::Arrive(packet.to_vec())).collect(),
            Event::NextRequest => vec![Event::NextRequest],
        });
        Connection { refused: self.refused, events: packets.collect(), end: self.end }
    }

    /// The same, broken off after this many bytes.
    pub(crate) fn cut_after(&self, mut length: usize, end: End) -> Connection {
        let mut cut = Connection { refused: self.refused, events: VecDeque::new(), end };
        for event in &self.events {
            match event {
                Event::Arrive(bytes) => {
                    let kept = length.min(bytes.len());
                    cut.events.push_back(Event::Arrive(bytes[..kept].to_vec()));
                    length -= kept;
                    if kept < bytes.len() {
                        break;
                    }
                }
                Event::NextRequest => cut.events.push_back(Event::NextRequest),
            }
        }
        cut
    }

    /// All bytes that arrive.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let arrive = |event: &Event| if let Event::Arrive(bytes) = event { bytes.clone() } else { Vec::new() };
        self.events.iter().flat_map(arrive).collect()
    }
}

/// What the other side has seen, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    Connected,
    Received(Vec<u8>),
    Sent(Vec<u8>),
}

#[derive(Default)]
struct Server {
    connections: VecDeque<Connection>,
    seen: Vec<Seen>,
}

thread_local! {
    static SERVER: RefCell<Option<Server>> = const { RefCell::new(None) };
}

/// Runs something whose clients, those that are made in it, have these connections one after the other, and no more. Gives
/// also what the other side has seen.
pub(crate) fn run<T>(connections: Vec<Connection>, body: impl FnOnce() -> T) -> (T, Vec<Seen>) {
    /// Also where the body panics: another test on this thread is to have its own network.
    struct End;
    impl Drop for End {
        fn drop(&mut self) {
            SERVER.take();
        }
    }
    SERVER.set(Some(Server { connections: connections.into(), seen: Vec::new() }));
    let _end = End;
    let result = body();
    let seen = SERVER.with_borrow_mut(|server| server.as_mut().map(|server| std::mem::take(&mut server.seen)));
    (result, seen.unwrap_or_default())
}

/// Puts these in the place of the connections that are left.
#[cfg(feature = "capi")]
pub(crate) fn replace(connections: Vec<Connection>) {
    with(|server| server.connections = connections.into());
}

/// Whether this thread is inside of [`run`]. If so, time stands still between attempts.
pub(super) fn is_running() -> bool {
    SERVER.with_borrow(Option::is_some)
}

fn with<T>(act: impl FnOnce(&mut Server) -> T) -> Option<T> {
    SERVER.with_borrow_mut(|server| server.as_mut().map(act))
}

/// A transport whose connections are those of [`run`].
pub(super) fn transport(settings: Settings) -> Transport {
    let tls = settings.tls.clone();
    Transport::with_connector(settings, move || {
        Phase::new(Stage::Connect, ScriptedConnector).chain(Phase::new(Stage::Tls, TlsConnector::new(tls.clone())))
    })
}

/// An answer as it is when it has been read to its end. A header that can't be one is left out.
pub(crate) fn response(status: u16, headers: &[(&'static str, &[u8])], body: &[u8]) -> Response {
    let mut all = HeaderMap::new();
    for (name, value) in headers {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            all.append(HeaderName::from_static(name), value);
        }
    }
    let mut buffer = WipedBuffer::with_capacity(body.len());
    buffer.add(body).unwrap();
    Response { status, headers: all, body: buffer }
}

/// Asks a proxy, which speaks through `stream`, for a connection to a server.
pub(crate) fn ask_proxy(proxy: &Proxy, stream: &mut (impl Read + Write)) -> Result<()> {
    let target = match proxy.scheme {
        Scheme::Socks5 => Target::Address(([127, 0, 0, 1], 443).into()),
        _ => Target::Name("server.example".to_owned(), 443),
    };
    let asked = match proxy.scheme {
        Scheme::Http => {
            http_connect::open(stream, &target, proxy.credentials.as_ref(), &HeaderValue::from_static("fuzzing"))
        }
        _ => socks::sign_in(stream, proxy.credentials.as_ref()).and_then(|()| socks::open(stream, &target)),
    };
    asked.map_err(|error| failure::before_answer(Staged::tag(Stage::Proxy, error)))
}

#[derive(Debug)]
struct ScriptedConnector;

impl Connector for ScriptedConnector {
    type Out = ScriptedTransport;

    fn connect(
        &self,
        details: &ConnectionDetails,
        _: Option<()>,
    ) -> std::result::Result<Option<ScriptedTransport>, ureq::Error> {
        current::remaining()?;
        let next = with(|server| server.connections.pop_front()).flatten().filter(|connection| !connection.refused);
        let Some(connection) = next else { return Err(io::Error::from(io::ErrorKind::ConnectionRefused).into()) };
        with(|server| server.seen.push(Seen::Connected));
        current::note_connected();
        let buffers = WipedBuffers::new(details.config);
        Ok(Some(ScriptedTransport { connection, buffers, pending: Vec::new(), is_under_tls: details.needs_tls() }))
    }
}

/// Behaves as `TcpTransport` does, down to when it sends and what it takes for an open connection.
struct ScriptedTransport {
    connection: Connection,
    buffers: WipedBuffers,
    pending: Vec<u8>,
    is_under_tls: bool,
}

impl ScriptedTransport {
    /// What comes next; packets with nothing (more) in them are none.
    fn next_event(&mut self) -> Option<&mut Event> {
        let events = &mut self.connection.events;
        while matches!(events.front(), Some(Event::Arrive(bytes)) if bytes.is_empty()) {
            events.pop_front();
        }
        events.front_mut()
    }

    /// Whether there is neither an end nor something that nobody asked for.
    fn nothing_to_read(&mut self) -> bool {
        let end = self.connection.end;
        match self.next_event() {
            Some(Event::NextRequest) => true,
            Some(Event::Arrive(_)) => false,
            None => matches!(end, End::Silent),
        }
    }

    fn send_pending(&mut self) -> std::result::Result<(), ureq::Error> {
        if self.pending.is_empty() {
            return Ok(());
        }
        current::look(|| self.nothing_to_read())?;
        current::note_sending();
        current::note_sent(self.pending.len());
        let sent = std::mem::take(&mut self.pending);
        with(|server| server.seen.push(Seen::Received(sent)));
        if let Some(Event::NextRequest) = self.next_event() {
            self.connection.events.pop_front();
        }
        Ok(())
    }
}

impl UreqTransport for ScriptedTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> std::result::Result<(), ureq::Error> {
        self.pending.write_all(self.buffers.written(amount))?;
        self.buffers.output_sent(amount);
        Ok(())
    }

    fn await_input(&mut self, _: NextTimeout) -> std::result::Result<bool, ureq::Error> {
        self.send_pending()?;
        current::remaining()?;
        if let Some(Event::Arrive(bytes)) = self.next_event() {
            let arrived = std::mem::take(bytes);
            let buffer = self.buffers.input_append_buf();
            let count = buffer.len().min(arrived.len());
            let (taken, rest) = arrived.split_at(count);
            buffer[..count].copy_from_slice(taken);
            self.buffers.input_appended(count);
            if !self.is_under_tls {
                self.buffers.leave_out_interim_answers();
            }
            self.connection.events[0] = Event::Arrive(rest.to_vec());
            current::note_received(count);
            with(|server| server.seen.push(Seen::Sent(taken.to_vec())));
            return Ok(count > 0);
        }
        match (self.connection.events.front(), self.connection.end) {
            (None, End::Closed) => Ok(false),
            (None, End::Reset) => Err(io::Error::other(io::Error::from(io::ErrorKind::ConnectionReset)).into()),
            _ => Err(ureq::Error::Timeout(ureq::Timeout::Global)),
        }
    }

    fn is_open(&mut self) -> bool {
        current::has_sent()
            || (!current::wants_fresh_connection() && (!current::is_looking() || self.nothing_to_read()))
    }
}

impl std::fmt::Debug for ScriptedTransport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ScriptedTransport").finish_non_exhaustive()
    }
}
