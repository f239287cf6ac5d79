//! TCP connections that keep to the call's deadline and end when it is cancelled.

use super::buffers::WipedBuffers;
use super::current;
use super::failure::{Stage, Staged};
use super::happy_eyeballs;
use super::resolver::Resolver;
use super::timings::Step;
use crate::base_url::host_and_port;
use crate::process::Process;
use crate::secret::WipedBuffer;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::AsFd;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;
use ureq::config::Config;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, Either, NextTimeout, Transport};

/// Resolves the name and connects.
///
/// ureq asks its resolver before it looks for an open connection; here the name is looked up only when there is none.
#[derive(Debug)]
pub(super) struct TcpConnector {
    resolver: Resolver,
}

impl TcpConnector {
    pub(super) fn new(resolver: Resolver) -> Self {
        TcpConnector { resolver }
    }
}

impl<In: Transport> Connector<In> for TcpConnector {
    type Out = Either<In, TcpTransport>;

    fn connect(&self, details: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, ureq::Error> {
        if let Some(through_proxy) = chained {
            return Ok(Some(Either::A(through_proxy)));
        }
        let (host, port) = host_and_port(details.uri);
        let addresses = self.resolver.resolve(host, port).map_err(|error| Staged::tag(Stage::Dns, error))?;
        Ok(Some(Either::B(connect_to_any(&addresses, details)?)))
    }
}

/// Connects to the first of these addresses that answers.
pub(super) fn connect_to_any(
    addresses: &[SocketAddr],
    details: &ConnectionDetails,
) -> Result<TcpTransport, ureq::Error> {
    let stream = happy_eyeballs::connect(addresses);
    current::mark(Step::Connect);
    let stream = stream?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    current::note_connected();
    Ok(TcpTransport::new(stream, details.config, details.needs_tls()))
}

/// Waits no longer than this for a socket to have something to read, or room to write. Gives what there is of it.
fn ready(socket: &impl AsFd, wanted: PollFlags, wait: Duration) -> io::Result<PollFlags> {
    let mut polled = [PollFd::new(socket, wanted)];
    match poll(&mut polled, Timespec::try_from(wait).ok().as_ref()) {
        Ok(_) => Ok(polled.iter().map(PollFd::revents).collect()),
        Err(rustix::io::Errno::INTR) => Ok(PollFlags::empty()),
        Err(error) => Err(error.into()),
    }
}

/// A connection. Several calls use it, one after the other.
pub(super) struct TcpTransport {
    /// Shared with the cancel token of the call that uses it.
    stream: Arc<TcpStream>,
    /// The one that made it. A child process closes its copy, which leaves the connection to its parent.
    process: Process,
    buffers: WipedBuffers,
    /// What ureq has written and the socket has not been given yet: head and body of a request leave together, when an
    /// answer is waited for.
    pending: WipedBuffer,
    /// How much of it the socket has been given.
    sent: usize,
    /// Why the other side takes nothing more, since it does not. It may have answered before: what has arrived is read.
    refused: Option<io::Error>,
    /// Whether it has begun to answer before it has taken the request. The rest goes out as it takes it, while the answer is read:
    /// it may be waiting for it, or may want no more of it.
    is_answered: bool,
    /// Whether it has said something while the request waited for room. Then nobody waits for room alone any more.
    has_spoken: bool,
    /// Whether what it says is for TLS to read.
    is_under_tls: bool,
}

/// While it has no room for a request, the other side has said something, which is in the input buffer now. Sending can go on
/// afterwards.
#[derive(Debug, thiserror::Error)]
#[error("The other side speaks and does not listen")]
pub(super) struct Speaks;

pub(super) fn speaks(error: &ureq::Error) -> bool {
    matches!(error, ureq::Error::Io(error) if error.get_ref().is_some_and(|inner| inner.is::<Speaks>()))
}

/// So much of a large request is kept back at most.
const MAX_PENDING_BYTES: usize = 16 * 1024;

/// So long the socket waits by itself, which saves a system call where the answer comes soon. What takes longer is waited for
/// with poll: Linux rounds a socket's timeout up by as much as an eighth, which is seconds where a deadline is half a minute.
const PATIENCE: Duration = Duration::from_millis(50);

/// Whether a blocking operation came back because of its timeout or a signal, and should look around and go on. On Windows
/// `TimedOut` is the timeout; elsewhere it is the system's word that the connection is dead.
fn is_pause(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
        || cfg!(windows) && error.kind() == ErrorKind::TimedOut
}

/// Does something that waits for the other side, until it is done, or the call's time is over. It is told whether it may
/// wait by itself, which it may at first only. Where room is wanted and something to read too, `None` is when there is only that.
fn wait_for<T>(
    stream: &TcpStream,
    wanted: PollFlags,
    may_wait: bool,
    mut operation: impl FnMut(&TcpStream, bool) -> io::Result<T>,
) -> Result<Option<T>, ureq::Error> {
    let mut left = current::remaining()?;
    let mut may_wait = may_wait && left >= PATIENCE.saturating_mul(2);
    loop {
        let wait = left.min(current::LONGEST_WAIT);
        let ready = if may_wait { wanted } else { ready(stream, wanted, wait).map_err(io::Error::other)? };
        // What has ended or failed, the operation itself finds out.
        let concerns_it = ready.intersects(PollFlags::OUT | PollFlags::ERR | PollFlags::HUP);
        if wanted != PollFlags::IN && !ready.is_empty() && !concerns_it {
            return Ok(None);
        }
        if !ready.is_empty() {
            match operation(stream, may_wait) {
                Ok(result) => return Ok(Some(result)),
                Err(error) if is_pause(&error) => {}
                // By their own kind, some errors pass with ureq for the end of an answer without a length.
                Err(error) => return Err(io::Error::other(error).into()),
            }
        }
        may_wait = false;
        // On Windows, shutting a socket down doesn't wake who waits for it.
        left = if cfg!(windows) { current::until_next_look()? } else { current::remaining()? };
    }
}

/// A socket with room takes so much at once, and does not wait for more room as it does with more.
const ROOM_BYTES: usize = 1024;

impl TcpTransport {
    fn new(stream: TcpStream, config: &Config, is_under_tls: bool) -> Self {
        TcpTransport {
            stream: Arc::new(stream),
            process: Process::current(),
            buffers: WipedBuffers::new(config),
            pending: WipedBuffer::with_capacity(0),
            sent: 0,
            refused: None,
            is_answered: false,
            has_spoken: false,
            is_under_tls,
        }
    }

    fn drop_pending(&mut self) {
        self.pending.clear();
        self.sent = 0;
        self.has_spoken = false;
    }

    /// Sends what is pending. The error [`Speaks`] where something comes before there is room for it.
    fn send_pending(&mut self) -> Result<(), ureq::Error> {
        if self.refused.is_some() {
            self.drop_pending();
        }
        if self.pending.as_slice().is_empty() {
            return Ok(());
        }
        current::look(|| nothing_to_read(&self.stream))?;
        // Every call writes before it reads, so this is the one place to begin to watch.
        current::watch(&self.stream);
        current::note_sending();
        let mut wanted = PollFlags::OUT | PollFlags::IN;
        while self.refused.is_none() && self.sent < self.pending.as_slice().len() {
            let rest = self.pending.as_slice().get(self.sent..).unwrap_or_default();
            let written = wait_for(&self.stream, wanted, !self.has_spoken, |mut stream, may_wait| {
                stream.write(if may_wait { rest } else { rest.get(..ROOM_BYTES).unwrap_or(rest) })
            });
            match written {
                Ok(Some(0)) => return Err(io::Error::from(ErrorKind::WriteZero).into()),
                Ok(Some(count)) => {
                    self.sent = count.saturating_add(self.sent);
                    current::note_sent(count);
                }
                Ok(None) if self.listen()? => {}
                Ok(None) => wanted = PollFlags::OUT,
                Err(ureq::Error::Io(error)) => {
                    current::remaining()?;
                    self.refused = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
        self.drop_pending();
        Ok(())
    }

    /// So much has arrived in the input buffer.
    fn received(&mut self, count: usize) {
        self.buffers.input_appended(count);
        current::note_received(count);
        if !self.is_under_tls {
            current::note_answer();
            // A proxy's, before that, are not ureq's to read.
            if current::has_sent() {
                self.buffers.leave_out_interim_answers();
            }
        }
    }

    /// Takes in what the other side says in place of taking the request: the error [`Speaks`] where it says something. False
    /// where there is no room for it.
    fn listen(&mut self) -> Result<bool, ureq::Error> {
        let buffer = self.buffers.input_append_buf();
        if buffer.is_empty() {
            return Ok(false);
        }
        match (&*self.stream).read(buffer) {
            Ok(0) => self.refused = Some(ErrorKind::UnexpectedEof.into()),
            Ok(count) => {
                self.received(count);
                self.has_spoken = true;
                return Err(io::Error::other(Speaks).into());
            }
            Err(error) if is_pause(&error) => {}
            Err(error) => self.refused = Some(io::Error::other(error)),
        }
        Ok(true)
    }
}

impl Transport for TcpTransport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), ureq::Error> {
        self.pending.write_all(self.buffers.written(amount))?;
        self.buffers.output_sent(amount);
        if self.pending.as_slice().len() < MAX_PENDING_BYTES || self.is_answered {
            return Ok(());
        }
        loop {
            match self.send_pending() {
                Err(error) if speaks(&error) && !self.is_under_tls => {
                    if !self.buffers.input().is_empty() {
                        self.is_answered = true;
                        return Ok(());
                    }
                }
                sent => return sent,
            }
        }
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, ureq::Error> {
        match self.send_pending() {
            Err(error) if speaks(&error) => return Ok(true),
            sent => sent?,
        }
        // Of who takes nothing more, nothing more comes than what is there.
        if let Some(error) = self
            .refused
            .take_if(|_| ready(&self.stream, PollFlags::IN, Duration::ZERO).is_ok_and(|ready| ready.is_empty()))
        {
            return Err(error.into());
        }
        let buffer = self.buffers.input_append_buf();
        let read = wait_for(&self.stream, PollFlags::IN, true, |mut stream, _| stream.read(buffer));
        // With an end of what it says, TLS and the answer's length tell whether it is whole.
        let has_broken = matches!(read, Ok(None | Some(0)) | Err(ureq::Error::Io(_)));
        if let Some(error) = self.refused.take_if(|error| has_broken && error.kind() != ErrorKind::UnexpectedEof) {
            return Err(error.into());
        }
        let count = read?.unwrap_or_default();
        if count == 0 {
            // Cancelling ends the connection too, and an answer without a length must not pass for whole by it.
            current::remaining()?;
            return Ok(false);
        }
        self.received(count);
        Ok(true)
    }

    fn is_open(&mut self) -> bool {
        // ureq asks when it takes a connection out of its pool and when it puts it back; TLS asks when it looks, which is
        // the moment before use, and the one that counts.
        self.refused.is_none()
            && !self.is_answered
            && self.pending.as_slice().is_empty()
            && (current::has_sent()
                || (!current::wants_fresh_connection()
                    && self.process.is_current()
                    && (!current::is_looking() || nothing_to_read(&self.stream))))
    }
}

/// Whether the other side has neither closed the connection nor sent something that nobody asked for.
fn nothing_to_read(stream: &TcpStream) -> bool {
    match peek(stream) {
        Ok(_) => false,
        Err(error) if error.kind() == ErrorKind::WouldBlock => true,
        Err(_) => {
            // TLS reads what there is to be read. Here there is nothing, and nobody shall wait for it.
            let _ = stream.shutdown(Shutdown::Both);
            false
        }
    }
}

/// Looks for a byte without waiting.
#[cfg(unix)]
fn peek(stream: &TcpStream) -> io::Result<usize> {
    use rustix::net::{RecvFlags, recv};
    Ok(recv(stream, &mut [0_u8; 1], RecvFlags::PEEK | RecvFlags::DONTWAIT)?.0)
}

#[cfg(not(unix))]
fn peek(stream: &TcpStream) -> io::Result<usize> {
    stream.set_nonblocking(true)?;
    let looked = stream.peek(&mut [0; 1]);
    stream.set_nonblocking(false)?;
    looked
}

impl std::fmt::Debug for TcpTransport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TcpTransport").finish_non_exhaustive()
    }
}

#[cfg(all(test, not(shuttle)))]
mod tests {
    use super::*;
    use crate::transport::current::{Limits, run};
    use socket2::{Domain, SockRef, Socket, Type};
    use std::net::Ipv4Addr;
    use std::thread;

    /// A connection with buffers so small that most of the request waits, and can't be given to the system once the other side is
    /// gone; and who takes it.
    fn narrow() -> (TcpTransport, Socket) {
        const BUFFER: usize = 4096;
        let listener = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        listener.set_recv_buffer_size(BUFFER).unwrap();
        listener.set_tcp_mss(536).unwrap();
        listener.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
        listener.listen(1).unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap().as_socket().unwrap()).unwrap();
        SockRef::from(&stream).set_send_buffer_size(BUFFER).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        (TcpTransport::new(stream, &Config::default(), false), listener)
    }

    #[test]
    fn an_interim_answer_that_comes_before_the_request_is_taken_is_none() {
        let (mut transport, listener) = narrow();
        let client = Arc::clone(&transport.stream);
        thread::scope(|scope| {
            scope.spawn(|| {
                let (mut connection, _) = listener.accept().unwrap();
                connection.read_exact(&mut [0; 1]).unwrap();
                connection.write_all(b"HTTP/1.1 102 Processing\r\n\r\n").unwrap();
                // Not before it has been heard.
                while peek(&client).is_ok() {
                    thread::yield_now();
                }
                connection.read_to_end(&mut Vec::new()).unwrap();
            });
            let sent = run(&Limits::patient(), || {
                let amount = transport.buffers().output().len();
                transport.transmit_output(amount, NextTimeout::default())
            });
            client.shutdown(Shutdown::Write).unwrap();
            sent.unwrap();
            assert!(!transport.is_answered);
        });
    }

    #[test]
    fn an_answer_that_comes_before_the_request_is_taken_is_read() {
        let (mut transport, listener) = narrow();
        thread::scope(|scope| {
            scope.spawn(|| {
                let (mut connection, _) = listener.accept().unwrap();
                connection.read_exact(&mut [0; 1]).unwrap();
                connection.write_all(b"early").unwrap();
            });
            run(&Limits::patient(), || {
                transport.pending.write_all(&[b'x'; 1 << 20]).unwrap();
                assert!(transport.await_input(NextTimeout::default()).unwrap());
                assert_eq!(transport.buffers().input(), b"early");
                assert!(!transport.is_open());
                transport.await_input(NextTimeout::default()).unwrap_err();
            });
        });
    }
}
