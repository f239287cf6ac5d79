//! Ending calls from another thread.

use crate::process::Process;
use crate::sync::{AtomicBool, Condvar, Mutex, MutexGuard, Ordering};
use std::fmt;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, PoisonError, Weak};
use std::time::Duration;

/// Ends calls from any thread: give a clone to the calls ([`Client::with_cancel`](crate::Client::with_cancel)), keep one,
/// and [`cancel`](CancelToken::cancel) when they are no longer wanted.
///
/// A token can serve many calls at once. Once cancelled it stays so, and calls that begin with it fail at once.
#[derive(Clone, Default)]
pub struct CancelToken(Arc<State>);

#[derive(Default)]
struct State {
    cancelled: AtomicBool,
    /// The sockets that calls with this token are blocked on at the moment. Not kept open by it.
    sockets: Mutex<Vec<Watched>>,
    /// Wakes calls that wait before another attempt.
    woken: Condvar,
}

/// A socket that a call blocks on, and the process of that call: in a child that fork() has made it is still the parent's, and
/// shutting it down would end the parent's call.
struct Watched {
    socket: Weak<TcpStream>,
    process: Process,
}

impl CancelToken {
    /// A token that is not cancelled.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends every call that uses the token, wherever it is, and every later one.
    pub fn cancel(&self) {
        let sockets = self.sockets();
        // Under the lock, so that a socket is either seen here or sees the flag.
        self.0.cancelled.store(true, Ordering::Release);
        let here = Process::current();
        let ours = sockets.iter().filter(|watched| watched.process == here);
        for socket in ours.filter_map(|watched| watched.socket.upgrade()) {
            // Wakes the thread that is blocked on it. An error means that it is closed already.
            let _ = socket.shutdown(Shutdown::Both);
        }
        self.0.woken.notify_all();
    }

    /// Whether the token has been cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::Acquire)
    }

    /// Waits this long; false as soon as the token is cancelled.
    pub(crate) fn wait(&self, duration: Duration) -> bool {
        let waited = self.0.woken.wait_timeout_while(self.sockets(), duration, |_| !self.is_cancelled());
        drop(waited);
        !self.is_cancelled()
    }

    /// From now on, cancelling wakes whoever is blocked on this socket.
    pub(crate) fn watch(&self, socket: &Arc<TcpStream>) {
        let mut sockets = self.sockets();
        if self.is_cancelled() {
            let _ = socket.shutdown(Shutdown::Both);
        }
        sockets.push(Watched { socket: Arc::downgrade(socket), process: Process::current() });
    }

    /// The socket is no longer this token's concern.
    pub(crate) fn forget(&self, socket: &Weak<TcpStream>) {
        let mut sockets = self.sockets();
        if let Some(position) = sockets.iter().position(|watched| watched.socket.ptr_eq(socket)) {
            sockets.swap_remove(position);
        }
    }

    fn sockets(&self) -> MutexGuard<'_, Vec<Watched>> {
        self.0.sockets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for CancelToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancelToken").field("cancelled", &self.is_cancelled()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Barrier;

    #[test]
    fn a_wait_is_ended_by_cancelling() {
        // Whether the cancelling comes before the wait or in it is up to the scheduler; in many rounds it does both. A wait
        // that is not woken would last.
        for _ in 0..200 {
            let token = CancelToken::new();
            let both = Barrier::new(2);
            std::thread::scope(|scope| {
                let waiting = scope.spawn(|| {
                    both.wait();
                    token.wait(Duration::from_secs(3600))
                });
                both.wait();
                std::thread::yield_now();
                token.cancel();
                assert!(!waiting.join().unwrap());
            });
        }
    }

    #[test]
    fn sockets_are_shut_down_but_for_those_that_were_forgotten() {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let connect = || Arc::new(TcpStream::connect(listener.local_addr().unwrap()).unwrap());
        let (token, sockets) = (CancelToken::new(), [(); 4].map(|()| connect()));
        for socket in &sockets[..3] {
            token.watch(socket);
        }
        token.forget(&Arc::downgrade(&sockets[1]));
        token.cancel();
        token.watch(&sockets[3]);
        let is_open = |socket: &Arc<TcpStream>| {
            socket.set_nonblocking(true).unwrap();
            // The far ends are open and silent: only a socket that was shut down has something to say, its end.
            std::io::Read::read(&mut &**socket, &mut [0]).is_err()
        };
        assert_eq!(sockets.each_ref().map(is_open), [false, true, false, false]);
    }

    #[test]
    fn a_wait_that_nobody_ends_is_waited_out() {
        assert!(CancelToken::new().wait(Duration::from_millis(1)));
    }
}

#[cfg(all(test, shuttle))]
mod schedules {
    use super::*;
    use crate::sync::thread;
    use std::io::Read;
    use std::net::TcpListener;

    /// A lost wake-up would leave the waiting thread for good, which the scheduler reports.
    #[test]
    fn a_wait_ends_whenever_the_cancelling_comes() {
        shuttle::check_random(
            || {
                let token = CancelToken::new();
                let waiting = [(); 2].map(|()| {
                    let token = token.clone();
                    thread::spawn(move || token.wait(Duration::from_secs(3600)))
                });
                token.cancel();
                waiting.into_iter().for_each(|waiting| assert!(!waiting.join().unwrap()));
            },
            20_000,
        );
    }

    /// Whether a call begins to block on a socket before, during or after the cancelling: it is woken.
    #[test]
    fn a_socket_is_shut_down_whenever_the_cancelling_comes() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        shuttle::check_random(
            move || {
                // The far ends stay open: that would end a read, too.
                let connect = || (Arc::new(TcpStream::connect(address).unwrap()), listener.accept().unwrap());
                let ((ours, _far_end), (others, _other_far_end)) = (connect(), connect());
                let token = CancelToken::new();
                let caller = {
                    let (token, ours, others) = (token.clone(), Arc::clone(&ours), Arc::clone(&others));
                    thread::spawn(move || {
                        token.watch(&others);
                        token.watch(&ours);
                        // A call that ends leaves the connection to the next one.
                        token.forget(&Arc::downgrade(&others));
                    })
                };
                let canceller = {
                    let token = token.clone();
                    thread::spawn(move || token.cancel())
                };
                caller.join().unwrap();
                canceller.join().unwrap();
                ours.set_nonblocking(true).unwrap();
                assert_eq!((&*ours).read(&mut [0]).unwrap(), 0);
            },
            2_000,
        );
    }
}
