//! TLS over a connection.

use super::buffers::WipedBuffers;
use super::current;
use super::socket::speaks;
use super::tls_settings::Tls;
use crate::base_url::bare_host;
use crate::secret::WipedBuffer;
use rustls::ClientConnection;
use rustls::pki_types::ServerName;
use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::sync::Arc;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, Either, NextTimeout, Transport};

/// Secures the connections to https URLs. Everything that can be prepared is in the configuration, and all connections
/// share it, and with it the sessions to resume.
pub(super) struct TlsConnector {
    tls: Option<Arc<Tls>>,
}

impl TlsConnector {
    pub(super) fn new(tls: Option<Arc<Tls>>) -> Self {
        TlsConnector { tls }
    }
}

impl<In: Transport> Connector<In> for TlsConnector {
    type Out = Either<In, TlsTransport<In>>;

    fn connect(&self, details: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, ureq::Error> {
        let connection = chained.ok_or(ureq::Error::ConnectionFailed)?;
        if !details.needs_tls() || connection.is_tls() {
            return Ok(Some(Either::A(connection)));
        }
        let tls = self.tls.as_ref().ok_or(ureq::Error::TlsRequired)?;
        let host = bare_host(details.uri.host().unwrap_or_default());
        let name = ServerName::try_from(host.to_owned()).map_err(|_| io::Error::from(ErrorKind::InvalidInput))?;
        let mut transport = TlsTransport {
            connection,
            session: ClientConnection::new(Arc::clone(&tls.config), name.clone()).map_err(broken)?,
            buffers: WipedBuffers::new(details.config),
            pending: WipedBuffer::with_capacity(0),
            is_answered: false,
            has_ended: false,
            fault: None,
        };
        // What is written goes out at once; nothing piles up behind it.
        transport.session.set_buffer_limit(None);
        transport.shake_hands(details.timeout).inspect_err(|_| tls.sessions.forget(&name))?;
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
    /// Whether the server has begun to answer before it has taken the request. The rest goes out while the answer is read.
    is_answered: bool,
    /// Whether it has said that it says nothing more.
    has_ended: bool,
    /// What is wrong with what came last, until all that came before it is read.
    fault: Option<rustls::Error>,
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

    /// As [`Self::transmit_records`], with what ureq has written.
    fn encrypt_pending(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        if !self.pending.as_slice().is_empty() {
            current::look(|| self.is_quiet().unwrap_or(false))?;
            self.session.writer().write_all(self.pending.as_slice())?;
            self.pending.clear();
        }
        self.transmit_records(timeout)
    }

    /// Hands on what the session has to say. Where the server answers in place of taking it, that is true and the rest stays.
    fn transmit_records(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        while self.session.wants_write() {
            let mut output = self.connection.buffers().output();
            let amount = self.session.write_tls(&mut output)?;
            let mut sent = self.connection.transmit_output(amount, timeout);
            while sent.as_ref().is_err_and(speaks) {
                if self.hears_answer()? {
                    return Ok(true);
                }
                sent = self.connection.transmit_output(0, timeout);
            }
            sent?;
        }
        Ok(false)
    }

    /// Reads what has arrived while there was no room for the request. Whether there is something of its answer, or no answer
    /// any more.
    fn hears_answer(&mut self) -> Result<bool, ureq::Error> {
        let before = self.buffers.input().len();
        loop {
            while self.take_plaintext()?.is_some_and(|count| count > 0) {}
            let takes_no_more = self.is_over() || self.buffers.input_append_buf().is_empty();
            if takes_no_more || self.connection.buffers().input().is_empty() || self.take_in()? == 0 {
                break;
            }
        }
        self.is_answered |= !self.buffers.input().is_empty();
        Ok(self.is_over() || (self.is_answered && self.buffers.input().len() > before))
    }

    /// Hands what the session has read to ureq, and gives how much that was: 0 at the end, `None` where there is nothing yet.
    fn take_plaintext(&mut self) -> Result<Option<usize>, ureq::Error> {
        match self.session.reader().read(self.buffers.input_append_buf()) {
            Ok(count) => {
                self.buffers.input_appended(count);
                self.buffers.leave_out_interim_answers();
                current::note_answer();
                Ok(Some(count))
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
            Err(_) => Err(io::Error::other(CutOff).into()),
        }
    }

    /// Hands what has arrived to the session, and gives how much it has taken: nothing after the end.
    fn take_in(&mut self) -> Result<usize, ureq::Error> {
        let mut input = self.connection.buffers().input();
        let amount = self.session.read_tls(&mut input)?;
        self.connection.buffers().input_consume(amount);
        match self.session.process_new_packets() {
            Ok(state) => self.has_ended = state.peer_has_closed(),
            Err(fault) => self.fault = Some(fault),
        }
        Ok(amount)
    }

    /// Takes in what has arrived, and waits for something to arrive where nothing has. False at the connection's end.
    fn receive_records(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        if let Some(fault) = self.fault.take() {
            return Err(broken(fault));
        }
        let arrived = !self.connection.buffers().input().is_empty() || self.connection.await_input(timeout)?;
        self.take_in()?;
        Ok(arrived)
    }

    /// Whether nothing comes any more but what is there.
    fn is_over(&self) -> bool {
        self.has_ended || self.fault.is_some()
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
        if self.pending.as_slice().len() >= MAX_PENDING_BYTES && !self.is_answered && !self.is_over() {
            self.encrypt_pending(timeout)?;
        }
        Ok(())
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        // What is there already comes before what the other side may have no room for.
        if !self.is_over() && ((self.is_answered && self.hears_answer()?) || self.encrypt_pending(timeout)?) {
            return Ok(true);
        }
        loop {
            if let Some(count) = self.take_plaintext()? {
                return Ok(count > 0);
            }
            self.receive_records(timeout)?;
            // The session may have to answer what came, such as a wish to begin TLS anew, which it refuses.
            if self.transmit_records(timeout)? {
                return Ok(true);
            }
        }
    }

    fn is_open(&mut self) -> bool {
        !self.is_answered && !self.is_over() && self.connection.is_open()
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
