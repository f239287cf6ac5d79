//! A connection to whichever of a host's addresses answers first ("Happy Eyeballs", RFC 8305): an address that swallows
//! everything, as with a network whose IPv6 leads nowhere, costs a moment and not the connect timeout.

use super::current;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use socket2::{Domain, Protocol, Socket, Type};
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// What an address has before the next one is tried beside it; the value of RFC 8305, section 5.
const HEAD_START: Duration = Duration::from_millis(250);

/// As long as connecting may take by default. A connection on which nothing is acknowledged for so long leads nowhere any more, as when
/// the machine has moved to another network: a call that may be made twice goes on with another one.
#[cfg(any(target_os = "linux", target_os = "android"))]
const DEAD_AFTER_MS: u32 = 10_000;

/// Connects to one of these addresses. When a call comes back because of what it met at one of them, the others are tried first:
/// behind each there may be another machine.
pub(super) fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, ureq::Error> {
    if let [_] = addresses {
        return connect_in_order(addresses);
    }
    let (met, mut in_order): (Vec<_>, Vec<_>) = addresses.iter().copied().partition(current::has_tried);
    in_order.extend(met);
    let stream = connect_in_order(&in_order)?;
    if let Ok(address) = stream.peer_addr() {
        current::note_tried(address);
    }
    Ok(stream)
}

/// Connects to one of these addresses, which are tried in their order but for [`by_turns`].
fn connect_in_order(addresses: &[SocketAddr]) -> Result<TcpStream, ureq::Error> {
    let mut untried = by_turns(addresses).into_iter();
    let mut connecting: Vec<Socket> = Vec::new();
    let mut next_start = Instant::now();
    let mut failure = ureq::Error::HostNotFound;
    loop {
        let until_next = next_start.saturating_duration_since(Instant::now());
        if connecting.is_empty() || until_next.is_zero() {
            if let Some(address) = untried.next() {
                // Here too the call may be over.
                current::remaining()?;
                match begin(address) {
                    Ok(Begun::Connected(socket)) => return ready(socket).map_err(Into::into),
                    Ok(Begun::Connecting(socket)) => {
                        connecting.push(socket);
                        next_start = Instant::now().checked_add(HEAD_START).unwrap_or(next_start);
                    }
                    Err(error) => failure = error.into(),
                }
                continue;
            }
            if connecting.is_empty() {
                return Err(failure);
            }
        }
        // Connections being made can't be woken on every system, so the wait is broken off now and then to look.
        let wait = current::until_next_look()?;
        let wait = if untried.len() == 0 { wait } else { wait.min(until_next) };
        for socket in take_finished(&mut connecting, wait)? {
            match socket.take_error().and_then(|error| error.map_or_else(|| ready(socket), Err)) {
                Ok(stream) => return Ok(stream),
                Err(error) => {
                    failure = error.into();
                    next_start = Instant::now();
                }
            }
        }
    }
}

/// The families take turns, beginning with that of the first address, so that one which leads nowhere doesn't hold up the
/// other.
fn by_turns(addresses: &[SocketAddr]) -> Vec<SocketAddr> {
    let is_like_the_first =
        |address: &SocketAddr| Some(address.is_ipv6()) == addresses.first().map(SocketAddr::is_ipv6);
    let (first, second): (Vec<SocketAddr>, Vec<SocketAddr>) = addresses.iter().copied().partition(is_like_the_first);
    let mut second = second.into_iter();
    let mut turns: Vec<SocketAddr> =
        first.into_iter().flat_map(|address| [Some(address), second.next()]).flatten().collect();
    turns.extend(second);
    turns
}

/// Where a program has closed its standard streams, a socket gets the number of one of them, and what the program prints would go
/// into the connection.
#[cfg(unix)]
fn no_standard_stream(socket: Socket) -> io::Result<Socket> {
    use rustix::fd::AsRawFd;
    const FIRST_OTHER: i32 = 3;
    if socket.as_raw_fd() >= FIRST_OTHER {
        return Ok(socket);
    }
    Ok(rustix::io::fcntl_dupfd_cloexec(&socket, FIRST_OTHER)?.into())
}

#[cfg(not(unix))]
fn no_standard_stream(socket: Socket) -> io::Result<Socket> {
    Ok(socket)
}

enum Begun {
    Connected(Socket),
    Connecting(Socket),
}

fn begin(address: SocketAddr) -> io::Result<Begun> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    let socket = no_standard_stream(socket)?;
    socket.set_nonblocking(true)?;
    match socket.connect(&address.into()) {
        Ok(()) => Ok(Begun::Connected(socket)),
        Err(error) if is_in_progress(&error) => Ok(Begun::Connecting(socket)),
        Err(error) => Err(error),
    }
}

#[cfg(unix)]
fn is_in_progress(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::INPROGRESS.raw_os_error())
}

#[cfg(not(unix))]
fn is_in_progress(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock
}

/// What the rest of the transport expects of a connection.
fn ready(socket: Socket) -> io::Result<TcpStream> {
    socket.set_nonblocking(false)?;
    socket.set_tcp_nodelay(true)?;
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        // What imitates Linux need not have it.
        let _ = rustix::net::sockopt::set_tcp_user_timeout(&socket, DEAD_AFTER_MS);
    }
    Ok(socket.into())
}

/// Waits no longer than this, and takes those out that have connected or failed.
fn take_finished(connecting: &mut Vec<Socket>, wait: Duration) -> io::Result<Vec<Socket>> {
    let mut polled: Vec<PollFd> = connecting.iter().map(|socket| PollFd::new(socket, PollFlags::OUT)).collect();
    match poll(&mut polled, Timespec::try_from(wait).ok().as_ref()) {
        Ok(_) => {}
        Err(rustix::io::Errno::INTR) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    }
    let is_finished: Vec<bool> = polled.iter().map(|socket| !socket.revents().is_empty()).collect();
    let mut finished = Vec::new();
    for (socket, is_finished) in std::mem::take(connecting).into_iter().zip(is_finished) {
        if is_finished { finished.push(socket) } else { connecting.push(socket) }
    }
    Ok(finished)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cancel::CancelToken;
    use crate::transport::current::{Limits, run};
    use std::net::TcpListener;

    fn listening() -> (TcpListener, SocketAddr) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        (listener, address)
    }

    /// Nobody listens there, and while the socket lives nobody else can.
    fn refusing() -> (Socket, SocketAddr) {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
        let address = socket.local_addr().unwrap().as_socket().unwrap();
        (socket, address)
    }

    /// Its queue is full, so it answers nobody.
    fn silent() -> (Socket, Vec<TcpStream>, SocketAddr) {
        let (socket, address) = refusing();
        socket.listen(0).unwrap();
        let mut queue = Vec::new();
        while let Ok(connection) = TcpStream::connect_timeout(&address, Duration::from_millis(200)) {
            queue.push(connection);
        }
        (socket, queue, address)
    }

    #[test]
    fn an_address_that_swallows_everything_or_refuses_keeps_no_other_from_being_tried() {
        let (_full, _queue, silent) = silent();
        let (_reserved, refusing) = refusing();
        let (listener, good) = listening();
        let stream = run(&Limits::patient(), || connect(&[silent, refusing, silent, good])).unwrap();
        assert_eq!(stream.peer_addr().unwrap(), good);
        assert!(stream.nodelay().unwrap(), "what is written goes out at once");
        #[cfg(any(target_os = "linux", target_os = "android"))]
        assert_eq!(rustix::net::sockopt::tcp_user_timeout(&stream).unwrap(), DEAD_AFTER_MS);
        let (accepted, from) = listener.accept().unwrap();
        assert_eq!(from, stream.local_addr().unwrap());
        drop(accepted);
    }

    #[test]
    fn an_address_that_fails_at_once_keeps_no_other_from_being_tried() {
        // No connection is made to everyone, as the system says before anything is sent; so it does of a network that there is
        // no way to.
        let everyone = SocketAddr::from(([255, 255, 255, 255], 1));
        assert!(begin(everyone).is_err());
        let (_listener, good) = listening();
        let stream = run(&Limits::patient(), || connect(&[everyone, everyone, good])).unwrap();
        assert_eq!(stream.peer_addr().unwrap(), good);
    }

    #[test]
    fn the_first_that_answers_is_taken_and_no_other_is_asked() {
        let (_listener, good) = listening();
        let (other, other_address) = listening();
        let stream = run(&Limits::patient(), || connect(&[good, other_address])).unwrap();
        assert_eq!(stream.peer_addr().unwrap(), good);
        other.set_nonblocking(true).unwrap();
        assert_eq!(other.accept().unwrap_err().kind(), io::ErrorKind::WouldBlock);
    }

    #[test]
    fn another_attempt_of_a_call_goes_to_another_address() {
        let (_first_listener, first) = listening();
        let (_second_listener, second) = listening();
        let (_reserved, refusing) = refusing();
        let connected = || connect(&[first, second, refusing]).unwrap().peer_addr().unwrap();
        run(&Limits::patient(), || {
            assert_eq!([connected(), connected()], [first, second]);
            assert_eq!(connected(), first, "where nobody else answers, what was tried is tried again");
        });
        assert_eq!(run(&Limits::patient(), connected), first, "in another call all are as good");
    }

    #[test]
    fn where_none_answers_the_last_failure_or_the_end_of_the_time_is_told() {
        let (_reserved, refusing) = refusing();
        let error = run(&Limits::patient(), || connect(&[refusing, refusing])).unwrap_err();
        assert!(matches!(&error, ureq::Error::Io(e) if e.kind() == io::ErrorKind::ConnectionRefused), "{error:?}");
        assert!(matches!(run(&Limits::patient(), || connect(&[])).unwrap_err(), ureq::Error::HostNotFound));

        let (_full, _queue, silent) = silent();
        let short = Limits { connect_timeout: Duration::from_millis(20), ..Limits::patient() };
        // The connect timeout counts inside of a connector.
        let error = run(&short, || current::connecting(|| connect(&[refusing, silent]))).unwrap_err();
        assert!(matches!(error, ureq::Error::Timeout(_)), "{error:?}");
    }

    #[test]
    fn no_address_is_asked_once_the_call_is_cancelled() {
        let (listener, address) = listening();
        let cancel = CancelToken::new();
        cancel.cancel();
        run(&Limits { cancel: Some(&cancel), ..Limits::patient() }, || connect(&[address])).unwrap_err();
        listener.set_nonblocking(true).unwrap();
        assert_eq!(listener.accept().unwrap_err().kind(), io::ErrorKind::WouldBlock);
    }

    #[test]
    fn the_families_take_turns() {
        let address = |text: &str| text.parse::<SocketAddr>().unwrap();
        let [a6, b6, c6] = ["[::1]:1", "[::2]:1", "[::3]:1"].map(address);
        let [a4, b4] = ["127.0.0.1:1", "127.0.0.2:1"].map(address);
        assert_eq!(by_turns(&[a6, b6, c6, a4, b4]), [a6, a4, b6, b4, c6]);
        assert_eq!(by_turns(&[a4, a6, b6, c6]), [a4, a6, b6, c6]);
        assert_eq!(by_turns(&[a4, b4]), [a4, b4]);
        assert_eq!(by_turns(&[]), []);
    }
}
