//! The call that the current thread is in: its deadline and its cancel token, for the parts of ureq's chain that block.
//!
//! A connection serves one call after another, on whichever thread makes it, and ureq hands it nothing that is particular
//! to a call. But a call blocks its thread from beginning to end, so the thread knows.

use super::timings::{Step, Timings};
use crate::cancel::CancelToken;
use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

/// How long a wait that nothing else can end goes on before it looks at the token again.
const LOOK_INTERVAL: Duration = Duration::from_millis(20);

/// No wait goes on for longer without a look at the clock. Linux lets a long poll end late by a thousandth of it; and when a program
/// that was stopped goes on, a poll takes what was left of it then, whatever time it is.
pub(super) const LONGEST_WAIT: Duration = Duration::from_millis(80);

/// What bounds a call.
pub(super) struct Limits<'a> {
    /// When the call began; what came before the transport counts too.
    pub(super) start: Instant,
    pub(super) timeout: Duration,
    pub(super) connect_timeout: Duration,
    pub(super) cancel: Option<&'a CancelToken>,
    /// Whether there is a client certificate to show.
    pub(super) has_certificate: bool,
    /// Whether to keep the times and bytes of each attempt.
    pub(super) observe: bool,
}

/// For tests that end long before.
#[cfg(test)]
impl Limits<'_> {
    pub(super) fn patient() -> Self {
        let minute = Duration::from_secs(60);
        Limits {
            start: Instant::now(),
            timeout: minute,
            connect_timeout: minute,
            cancel: None,
            has_certificate: false,
            observe: false,
        }
    }
}

/// The call of this thread.
struct Current {
    deadline: Instant,
    connect_timeout: Duration,
    /// That of the attempt at hand.
    connect_deadline: Cell<Instant>,
    cancel: Option<CancelToken>,
    /// How many connectors the thread is inside of; while it is in one, the connect timeout counts too.
    connecting: Cell<u32>,
    /// Whether the attempt wants a connection that no earlier call has used.
    fresh_connection: Cell<bool>,
    /// Whether the attempt has made a connection.
    connected: Cell<bool>,
    /// The addresses that the call has connected to, of hosts that have several.
    tried: RefCell<Vec<SocketAddr>>,
    /// Whether the attempt has looked at the connection of an earlier call that it uses.
    look: Cell<Look>,
    /// Whether the attempt has sent something of its request.
    sent: Cell<bool>,
    has_certificate: bool,
    /// Whether the server has asked the attempt for a client certificate, and there is none.
    lacks_certificate: Cell<bool>,
    /// Whether the attempt has offered the server a TLS session to resume.
    offered_session: Cell<bool>,
    /// The sockets that the token has been told of.
    watched: RefCell<Vec<Weak<TcpStream>>>,
    /// Those of the attempt at hand, where somebody wants to know.
    timings: Cell<Option<Timings>>,
    traffic: Cell<Traffic>,
}

/// Whether the other side has closed a connection while it was idle, or has said something unasked, is looked at right before
/// the first byte goes out. When ureq takes a connection out of its pool, all other threads wait, so nothing that takes time
/// is done there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Due,
    Now,
    Done,
}

/// The bytes of an attempt as they went over the network, those of a proxy and of TLS included.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Traffic {
    pub(super) sent: usize,
    pub(super) received: usize,
}

impl Current {
    fn is_cancelled(&self) -> bool {
        self.cancel.as_ref().is_some_and(CancelToken::is_cancelled)
    }
}

thread_local! {
    /// Never dropped, so that calls can be made to the thread's very end, from `atexit` and from destructors. Between calls
    /// nothing is in it.
    static CURRENT: ManuallyDrop<RefCell<Option<Current>>> = const { ManuallyDrop::new(RefCell::new(None)) };
}

/// When this much time has passed. A call's limits are a day at most, so there is such an instant.
fn later(start: Instant, limit: Duration) -> Instant {
    start.checked_add(limit).unwrap_or(start)
}

/// Runs a call within its limits.
pub(super) fn run<T>(limits: &Limits, call: impl FnOnce() -> T) -> T {
    /// Ends the call also when it panics, and goes back to the one around it: a log callback may make calls too.
    struct End(Option<Current>);
    impl Drop for End {
        fn drop(&mut self) {
            let Some(current) = CURRENT.with(|current| current.replace(self.0.take())) else { return };
            if let Some(cancel) = &current.cancel {
                current.watched.borrow().iter().for_each(|socket| cancel.forget(socket));
            }
        }
    }
    let current = Current {
        deadline: later(limits.start, limits.timeout),
        connect_timeout: limits.connect_timeout,
        connect_deadline: Cell::new(later(limits.start, limits.connect_timeout)),
        cancel: limits.cancel.cloned(),
        connecting: Cell::new(0),
        fresh_connection: Cell::new(false),
        connected: Cell::new(false),
        tried: RefCell::default(),
        look: Cell::new(Look::Due),
        sent: Cell::new(false),
        has_certificate: limits.has_certificate,
        lacks_certificate: Cell::new(false),
        offered_session: Cell::new(false),
        watched: RefCell::default(),
        timings: Cell::new(limits.observe.then(Timings::start)),
        traffic: Cell::default(),
    };
    let _end = End(CURRENT.with(|outer| outer.replace(Some(current))));
    call()
}

/// Runs what is no part of the thread's call, with none of its limits: the program's log callback, which may make calls itself, or
/// let another fiber of this thread go on with its own.
pub(super) fn set_aside(run: impl FnOnce()) {
    struct PutBack(Option<Current>);
    impl Drop for PutBack {
        fn drop(&mut self) {
            CURRENT.with(|current| *current.borrow_mut() = self.0.take());
        }
    }
    let _put_back = PutBack(CURRENT.with(|current| current.borrow_mut().take()));
    run();
}

/// Begins an attempt: nothing is connected or sent yet, and the connect timeout starts anew.
pub(super) fn begin_attempt(fresh_connection: bool) {
    with(|current| {
        current.connect_deadline.set(later(Instant::now(), current.connect_timeout));
        current.fresh_connection.set(fresh_connection);
        current.connected.set(false);
        current.look.set(Look::Due);
        current.sent.set(false);
        current.lacks_certificate.set(false);
        current.offered_session.set(false);
        if current.timings.get().is_some() {
            current.timings.set(Some(Timings::start()));
            current.traffic.set(Traffic::default());
        }
    });
}

/// Whether the attempt refuses connections of earlier calls. It does so only until it has one of its own.
pub(super) fn wants_fresh_connection() -> bool {
    is(|current| current.fresh_connection.get() && !current.connected.get())
}

/// The attempt has made a connection.
pub(super) fn note_connected() {
    with(|current| {
        current.connected.set(true);
        current.look.set(Look::Done);
    });
}

/// The call has connected to this one of a host's addresses.
pub(super) fn note_tried(address: SocketAddr) {
    with(|current| current.tried.borrow_mut().push(address));
}

/// Whether it has before, and comes back to that host: who answered there was not much use.
pub(super) fn has_tried(address: &SocketAddr) -> bool {
    is(|current| current.tried.borrow().contains(address))
}

/// Asks, once in an attempt and before it sends something on a connection of an earlier call, whether it is open. An error if
/// it is not.
pub(super) fn look(is_open: impl FnOnce() -> bool) -> Result<(), ureq::Error> {
    if !is(|current| current.look.get() == Look::Due) {
        return Ok(());
    }
    with(|current| current.look.set(Look::Now));
    let is_open = is_open();
    with(|current| current.look.set(Look::Done));
    if is_open { Ok(()) } else { Err(std::io::Error::other("The other side closed the idle connection").into()) }
}

/// Whether that is being asked now.
pub(super) fn is_looking() -> bool {
    is(|current| current.look.get() == Look::Now)
}

/// The attempt sends something; what a connector sends is not of the request.
pub(super) fn note_sending() {
    with(|current| {
        if current.connecting.get() == 0 {
            current.sent.set(true);
        }
    });
}

/// The server asks for a certificate, and there is none.
pub(super) fn note_certificate_lacking() {
    with(|current| current.lacks_certificate.set(true));
}

pub(super) fn has_certificate() -> bool {
    is(|current| current.has_certificate)
}

pub(super) fn lacks_certificate() -> bool {
    is(|current| current.lacks_certificate.get())
}

pub(super) fn note_session_offered() {
    with(|current| current.offered_session.set(true));
}

pub(super) fn has_offered_session() -> bool {
    is(|current| current.offered_session.get())
}

pub(super) fn has_connected() -> bool {
    is(|current| current.connected.get())
}

pub(super) fn has_sent() -> bool {
    is(|current| current.sent.get())
}

/// The time since the last mark went into this step.
pub(super) fn mark(step: Step) {
    observe(|_, timings, _| timings.mark(step));
}

/// What came after the first bytes of the answer was receiving it.
pub(super) fn end_attempt() {
    observe(|_, timings, _| {
        if timings.has(Step::Wait) {
            timings.mark(Step::Receive);
        }
    });
}

/// So many bytes have left for the network. What a connector sends is not of the request.
pub(super) fn note_sent(count: usize) {
    observe(|current, timings, traffic| {
        traffic.sent = traffic.sent.saturating_add(count);
        if current.connecting.get() == 0 {
            timings.mark(Step::Send);
        }
    });
}

/// So many bytes have come from the network.
pub(super) fn note_received(count: usize) {
    observe(|_, _, traffic| traffic.received = traffic.received.saturating_add(count));
}

/// A part of the answer has come, unless it is a connector that it has come to.
pub(super) fn note_answer() {
    observe(|current, timings, _| {
        if current.connecting.get() == 0 && !timings.has(Step::Wait) {
            timings.mark(Step::Wait);
        }
    });
}

fn observe(change: impl FnOnce(&Current, &mut Timings, &mut Traffic)) {
    with(|current| {
        let Some(mut timings) = current.timings.get() else { return };
        let mut traffic = current.traffic.get();
        change(current, &mut timings, &mut traffic);
        current.timings.set(Some(timings));
        current.traffic.set(traffic);
    });
}

/// How many bytes the attempt has sent and received; 0 where nobody wants to know.
pub(super) fn bytes_moved() -> usize {
    with(|current| current.traffic.get()).map_or(0, |traffic| traffic.sent.saturating_add(traffic.received))
}

/// The times and bytes of the attempt, where the call was told to keep them.
pub(super) fn observed() -> Option<(Timings, Traffic)> {
    with(|current| current.timings.get().map(|timings| (timings, current.traffic.get()))).flatten()
}

/// Whether the deadline is further away than this.
pub(super) fn has_time_for(wait: Duration) -> bool {
    is(|current| wait < current.deadline.saturating_duration_since(Instant::now()))
}

/// Waits before another attempt, for so long since then. False as soon as the call is cancelled.
pub(super) fn wait(since: Instant, duration: Duration) -> bool {
    pause(with(|current| current.cancel.clone()).flatten().as_ref(), duration.saturating_sub(since.elapsed()))
}

/// Waits for so long; false as soon as the token is cancelled.
pub(super) fn pause(cancel: Option<&CancelToken>, duration: Duration) -> bool {
    #[cfg(any(fuzzing, test))]
    let duration = if super::scripted::is_running() { Duration::ZERO } else { duration };
    match cancel {
        Some(cancel) => cancel.wait(duration),
        None => {
            std::thread::sleep(duration);
            true
        }
    }
}

/// Runs a connector; what blocks in it is bound by the connect timeout too.
pub(super) fn connecting<T>(connect: impl FnOnce() -> T) -> T {
    with(|current| current.connecting.set(current.connecting.get().saturating_add(1)));
    let result = connect();
    with(|current| current.connecting.set(current.connecting.get().saturating_sub(1)));
    result
}

/// Runs a part of a connector that may take only half of the time there is for connecting, so that something else can be tried
/// afterwards.
pub(super) fn within_half<T>(connect: impl FnOnce() -> T) -> T {
    let whole = with(|current| {
        let whole = current.connect_deadline.get();
        let now = Instant::now();
        let left = whole.min(current.deadline).saturating_duration_since(now);
        current.connect_deadline.set(later(now, left.mul_f64(0.5)));
        whole
    });
    let result = connect();
    if let Some(whole) = whole {
        with(|current| current.connect_deadline.set(whole));
    }
    result
}

/// The time that is left for the step at hand; an error when there is none, or when the call was cancelled.
pub(super) fn remaining() -> Result<Duration, ureq::Error> {
    let remaining = |current: &Current| {
        if current.is_cancelled() {
            return Err(cancelled());
        }
        let until = match current.connecting.get() {
            0 => current.deadline,
            _ => current.deadline.min(current.connect_deadline.get()),
        };
        match until.checked_duration_since(Instant::now()) {
            Some(left) if !left.is_zero() => Ok(left),
            _ => Err(ureq::Error::Timeout(ureq::Timeout::Global)),
        }
    };
    // Without a call there is no limit; ureq drops idle connections outside of one.
    with(remaining).unwrap_or(Ok(Duration::MAX))
}

/// As [`remaining`], but for a single wait that cancelling can't end: not longer than until the next look at the token.
pub(super) fn until_next_look() -> Result<Duration, ureq::Error> {
    let longest = if is(|current| current.cancel.is_some()) { LOOK_INTERVAL } else { LONGEST_WAIT };
    Ok(remaining()?.min(longest))
}

/// Has cancelling wake whoever blocks on this socket for the rest of the call.
pub(super) fn watch(socket: &Arc<TcpStream>) {
    with(|current| {
        let Some(cancel) = &current.cancel else { return };
        let mut watched = current.watched.borrow_mut();
        if !watched.iter().any(|known| std::ptr::eq(known.as_ptr(), Arc::as_ptr(socket))) {
            cancel.watch(socket);
            watched.push(Arc::downgrade(socket));
        }
    });
}

/// What ends ureq's work on a cancelled call; the call itself then looks at its token. Not `ConnectionAborted`, which passes
/// with ureq for the end of an answer without a length.
fn cancelled() -> ureq::Error {
    ureq::Error::Io(std::io::Error::other("cancelled"))
}

/// Asks the call of this thread, if there is one. What is asked must not come back here.
fn with<T>(ask: impl FnOnce(&Current) -> T) -> Option<T> {
    CURRENT.with(|current| current.borrow().as_ref().map(ask))
}

fn is(ask: impl FnOnce(&Current) -> bool) -> bool {
    with(ask).unwrap_or(false)
}

#[cfg(all(test, not(shuttle)))]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn what_a_server_asked_of_one_attempt_is_not_held_against_the_next() {
        run(&Limits::patient(), || {
            note_certificate_lacking();
            note_session_offered();
            assert!(lacks_certificate() && has_offered_session());
            begin_attempt(false);
            assert!(!lacks_certificate() && !has_offered_session());
        });
    }

    #[test]
    fn what_is_no_part_of_the_call_has_none_of_its_limits() {
        let cancel = CancelToken::new();
        cancel.cancel();
        run(&Limits { cancel: Some(&cancel), ..Limits::patient() }, || {
            set_aside(|| assert_eq!(remaining().unwrap(), Duration::MAX));
            assert!(remaining().is_err());
            let _ = std::panic::catch_unwind(|| set_aside(|| std::panic::resume_unwind(Box::new(()))));
            assert!(remaining().is_err(), "also after a panic");
        });
    }

    #[test]
    fn each_attempt_is_observed_on_its_own() {
        run(&Limits { observe: true, ..Limits::patient() }, || {
            let has_looked_up = || observed().unwrap().0.has(Step::Dns);
            mark(Step::Dns);
            note_received(1);
            assert!(has_looked_up() && bytes_moved() == 1);
            begin_attempt(false);
            assert!(!has_looked_up() && bytes_moved() == 0);
        });
    }

    #[test]
    fn each_attempt_has_the_connect_timeout_anew() {
        run(&Limits::patient(), || {
            let deadline = || with(|current| current.connect_deadline.get()).unwrap();
            let first = deadline();
            begin_attempt(false);
            assert!(deadline() > first);
        });
    }

    #[test]
    fn a_token_forgets_a_calls_sockets_when_the_call_ends() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let socket = Arc::new(TcpStream::connect(listener.local_addr().unwrap()).unwrap());
        let cancel = CancelToken::new();
        run(&Limits { cancel: Some(&cancel), ..Limits::patient() }, || {
            watch(&socket);
            assert_eq!(Arc::weak_count(&socket), 2, "the token's and the call's");
        });
        assert_eq!(Arc::weak_count(&socket), 0);
    }

    #[test]
    fn a_call_that_can_be_cancelled_looks_at_its_token_often() {
        let cancel = CancelToken::new();
        let wait = run(&Limits { cancel: Some(&cancel), ..Limits::patient() }, || until_next_look().unwrap());
        assert!(wait <= Duration::from_millis(50), "{wait:?}");
        assert_eq!(run(&Limits::patient(), || until_next_look().unwrap()), LONGEST_WAIT);
    }

    #[test]
    fn half_of_the_time_is_half_of_the_calls_own_where_that_ends_first() {
        let limits = Limits { timeout: Duration::from_secs(20), ..Limits::patient() };
        run(&limits, || {
            let left = connecting(|| within_half(|| remaining().unwrap()));
            assert!(left <= Duration::from_secs(10), "{left:?}");
            assert!(connecting(|| remaining().unwrap()) > Duration::from_secs(15), "the rest is there again");
        });
    }
}
