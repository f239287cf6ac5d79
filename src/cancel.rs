//! Ending calls from another thread.

use std::fmt;
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Ends calls from any thread: give a clone to the calls ([`Client::with_cancel`](crate::Client::with_cancel)), keep one,
/// and [`cancel`](CancelToken::cancel) when they are no longer wanted.
///
/// A token can serve many calls at once. Once cancelled it stays so, and calls that begin with it fail at once.
#[derive(Clone, Default)]
pub struct CancelToken(Arc<State>);

#[derive(Default)]
struct State {
    cancelled: AtomicBool,
    /// The sockets that calls with this token are blocked on at the moment.
    sockets: Mutex<Vec<Arc<TcpStream>>>,
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
        for socket in &*sockets {
            // Wakes the thread that is blocked on it. An error means that it is closed already.
            let _ = socket.shutdown(Shutdown::Both);
        }
    }

    /// Whether the token has been cancelled.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::Acquire)
    }

    /// From now on, cancelling wakes whoever is blocked on this socket.
    pub(crate) fn watch(&self, socket: &Arc<TcpStream>) {
        let mut sockets = self.sockets();
        if self.is_cancelled() {
            let _ = socket.shutdown(Shutdown::Both);
        }
        sockets.push(Arc::clone(socket));
    }

    /// The socket is no longer this token's concern.
    pub(crate) fn forget(&self, socket: &Arc<TcpStream>) {
        let mut sockets = self.sockets();
        if let Some(position) = sockets.iter().position(|watched| Arc::ptr_eq(watched, socket)) {
            sockets.swap_remove(position);
        }
    }

    fn sockets(&self) -> MutexGuard<'_, Vec<Arc<TcpStream>>> {
        self.0.sockets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for CancelToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancelToken").field("cancelled", &self.is_cancelled()).finish_non_exhaustive()
    }
}
