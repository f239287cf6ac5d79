//! TLS over a connection.

use super::buffers::WipedBuffers;
use super::current;
use super::socket::{is_answer, speaks};
use crate::base_url::bare_host;
use crate::secret::WipedBuffer;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection};
use std::fmt;
use std::io::{self, BufRead, ErrorKind, Read, Write};
use std::sync::Arc;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, Either, NextTimeout, Transport};

/// Secures the connections to https URLs. Everything that can be prepared is in the configuration, and all connections
/// share it, and with it the sessions to resume.
pub(super) struct TlsConnector {
    config: Option<Arc<ClientConfig>>,
}

impl TlsConnector {
    pub(super) fn new(config: Option<Arc<ClientConfig>>) -> Self {
        TlsConnector { config }
    }
}

impl<In: Transport> Connector<In> for TlsConnector {
    type Out = Either<In, TlsTransport<In>>;

    fn connect(&self, details: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, ureq::Error> {
        let connection = chained.ok_or(ureq::Error::ConnectionFailed)?;
        if !details.needs_tls() || connection.is_tls() {
            return Ok(Some(Either::A(connection)));
        }
        let config = self.config.as_ref().ok_or(ureq::Error::TlsRequired)?;
        let host = bare_host(details.uri.host().unwrap_or_default());
        let name = ServerName::try_from(host.to_owned()).map_err(|_| io::Error::from(ErrorKind::InvalidInput))?;
        let mut transport = TlsTransport {
            connection,
            session: ClientConnection::new(Arc::clone(config), name).map_err(broken)?,
            buffers: WipedBuffers::new(details.config),
            pending: WipedBuffer::with_capacity(0),
            is_answered: false,
        };
        // What is written goes out at once; nothing piles up behind it.
        transport.session.set_buffer_limit(None);
        transport.shake_hands(details.timeout)?;
        Ok(Some(Either::B(transport)))
    }
}

/// A secured connection.
pub(super) struct TlsTransport<T> {
    /// It holds back what it is given until an answer is waited for.
    connection: T,
    session: ClientConnection,
    /// What ureq reads and writes.
    buffers: WipedBuffers,
    /// What ureq has written and is not encrypted yet: head and body of a request become one record.
    pending: WipedBuffer,
    /// Whether the server has answered before it has taken the request: the rest is for nobody.
    is_answered: bool,
}

/// As much as one record holds.
const MAX_PENDING_BYTES: usize = 16 * 1024;

impl<T: Transport> TlsTransport<T> {
    fn shake_hands(&mut self, timeout: NextTimeout) -> Result<(), ureq::Error> {
        loop {
            self.transmit_records(timeout)?;
            if !self.session.is_handshaking() {
                return Ok(());
            }
            if !self.receive_records(timeout)? {
                return Err(io::Error::from(ErrorKind::UnexpectedEof).into());
            }
        }
    }

    fn encrypt_pending(&mut self, timeout: NextTimeout) -> Result<(), ureq::Error> {
        if self.is_answered {
            self.pending.clear();
            return Ok(());
        }
        if !self.pending.as_slice().is_empty() {
            current::look(|| self.is_quiet().unwrap_or(false))?;
            self.session.writer().write_all(self.pending.as_slice())?;
            self.pending.clear();
        }
        self.transmit_records(timeout)
    }

    /// Hands on what the session has to say.
    fn transmit_records(&mut self, timeout: NextTimeout) -> Result<(), ureq::Error> {
        while self.session.wants_write() {
            let mut output = self.connection.buffers().output();
            let amount = self.session.write_tls(&mut output)?;
            let mut sent = self.connection.transmit_output(amount, timeout);
            while sent.as_ref().is_err_and(speaks) {
                if self.hears_answer()? {
                    self.is_answered = true;
                    return Ok(());
                }
                sent = self.connection.transmit_output(0, timeout);
            }
            sent?;
        }
        Ok(())
    }

    /// Reads what has arrived while there was no room for the request. Whether it is its answer.
    fn hears_answer(&mut self) -> Result<bool, ureq::Error> {
        while !self.connection.buffers().input().is_empty() {
            self.take_in()?;
        }
        Ok(self.session.reader().fill_buf().is_ok_and(is_answer))
    }

    /// Hands what has arrived to the session.
    fn take_in(&mut self) -> Result<(), ureq::Error> {
        let mut input = self.connection.buffers().input();
        let amount = self.session.read_tls(&mut input)?;
        self.connection.buffers().input_consume(amount);
        self.session.process_new_packets().map_err(broken)?;
        Ok(())
    }

    /// Takes in what has arrived, and waits for something to arrive where nothing has. False at the connection's end.
    fn receive_records(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let arrived = !self.connection.buffers().input().is_empty() || self.connection.await_input(timeout)?;
        self.take_in()?;
        Ok(arrived)
    }

    /// Takes in what has arrived since the last answer. False if that is more than what TLS itself sends, such as the
    /// tickets with which a session is resumed.
    fn is_quiet(&mut self) -> Result<bool, ureq::Error> {
        loop {
            let state = self.session.process_new_packets().map_err(broken)?;
            if state.plaintext_bytes_to_read() > 0 || state.peer_has_closed() {
                return Ok(false);
            }
            if self.connection.buffers().input().is_empty() && self.connection.is_open() {
                return Ok(true);
            }
            // There is something to read, so this does not block.
            if !self.receive_records(NextTimeout::default())? {
                return Ok(false);
            }
        }
    }
}

impl<T: Transport> Transport for TlsTransport<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        self.pending.write_all(self.buffers.written(amount))?;
        self.buffers.output_sent(amount);
        if self.pending.as_slice().len() < MAX_PENDING_BYTES { Ok(()) } else { self.encrypt_pending(timeout) }
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        self.encrypt_pending(timeout)?;
        loop {
            match self.session.reader().read(self.buffers.input_append_buf()) {
                Ok(count) => {
                    self.buffers.input_appended(count);
                    return Ok(count > 0);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => return Err(io::Error::other(CutOff).into()),
            }
            self.receive_records(timeout)?;
        }
    }

    fn is_open(&mut self) -> bool {
        !self.is_answered && self.connection.is_open()
    }

    fn is_tls(&self) -> bool {
        true
    }
}

/// The connection has ended without the end that TLS prescribes: what came last may be missing. It is an error of its own
/// because ureq takes `UnexpectedEof` for the proper end of an answer that has no length.
#[derive(Debug, thiserror::Error)]
#[error("The other side closed the connection without the end that TLS prescribes")]
pub(super) struct CutOff;

/// A fault of TLS, in the form in which an error of the connection may also come.
fn broken(error: rustls::Error) -> ureq::Error {
    io::Error::new(ErrorKind::InvalidData, error).into()
}

impl fmt::Debug for TlsConnector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsConnector").finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for TlsTransport<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsTransport").finish_non_exhaustive()
    }
}
