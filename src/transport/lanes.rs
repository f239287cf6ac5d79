//! One agent of ureq for each of the calls that a client makes at the same time.
//!
//! ureq keeps the idle connections of an agent in one queue, behind one lock, and gives out the one that has been idle longest:
//! threads that share an agent swap their connections with every call, and the processors theirs. So a call has an agent to
//! itself, with one idle connection, and a thread comes back to the one that it had. Calls that are made one after the other
//! use one and the same, whatever thread makes them.

use crate::sync::{Mutex, MutexGuard};
use std::cell::Cell;
use std::iter;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{OnceLock, TryLockError};
use std::time::{Duration, SystemTime};

/// As many connections are kept open. A call beyond as many others opens one of its own and closes it again.
pub(super) const LANES: usize = 64;

/// What has not been used for this long is given up, as ureq's own limit for idle connections has it. But ureq's clock stands
/// still while the machine sleeps, and what it then takes for a fresh connection is dead, which nobody says. This one goes on.
const LONGEST_IDLE: Duration = Duration::from_secs(15);

thread_local! {
    /// The lane that this thread has used last, of whatever client.
    static LAST: Cell<usize> = const { Cell::new(0) };
}

pub(super) struct Lanes<T> {
    lanes: Box<[Mutex<Lane<T>>]>,
    /// For the calls that find all lanes taken.
    shared: OnceLock<T>,
    next_to_clear: AtomicUsize,
    /// Makes what is in a lane, which is to keep a connection, or what is shared, which is to keep none.
    make: Box<dyn Fn(bool) -> T + Send + Sync>,
}

/// Locked for as long as a call uses it.
struct Lane<T> {
    content: Option<T>,
    last_used: Option<SystemTime>,
}

impl<T> Lane<T> {
    /// Whether it has been used, but not lately. So it is too where the clock has been put back.
    fn is_old(&self, now: SystemTime) -> bool {
        self.last_used.is_some_and(|used| now.duration_since(used).map_or(true, |idle| idle > LONGEST_IDLE))
    }
}

impl<T> Lanes<T> {
    pub(super) fn new(make: impl Fn(bool) -> T + Send + Sync + 'static) -> Self {
        Lanes {
            lanes: (0..LANES).map(|_| Mutex::new(Lane { content: None, last_used: None })).collect(),
            shared: OnceLock::new(),
            next_to_clear: AtomicUsize::new(0),
            make: Box::new(make),
        }
    }

    /// Runs a call with what is in a lane that no other call uses meanwhile; or where there is none, with what is there for
    /// all of those.
    pub(super) fn with<R>(&self, call: impl FnOnce(&T) -> R) -> R {
        self.with_at(SystemTime::now, call)
    }

    fn with_at<R>(&self, now: impl Fn() -> SystemTime, call: impl FnOnce(&T) -> R) -> R {
        let start = now();
        self.clear_one(start);
        match self.claim() {
            Some(mut lane) => {
                // Taken out meanwhile: what a call has panicked with is gone.
                let content = lane.content.take().filter(|_| !lane.is_old(start));
                let content = content.unwrap_or_else(|| (self.make)(true));
                let result = call(&content);
                *lane = Lane { content: Some(content), last_used: Some(now()) };
                result
            }
            None => call(self.shared.get_or_init(|| (self.make)(false))),
        }
    }

    fn claim(&self) -> Option<MutexGuard<'_, Lane<T>>> {
        iter::once(LAST.get()).chain(0..LANES).find_map(|index| {
            let lane = free(self.lanes.get(index)?)?;
            LAST.set(index);
            Some(lane)
        })
    }

    /// Looks at one lane after the other, at one in each call, so that in time none holds a connection that nobody uses.
    fn clear_one(&self, now: SystemTime) {
        let index = self.next_to_clear.fetch_add(1, Ordering::Relaxed) % LANES;
        let Some(mut lane) = self.lanes.get(index).and_then(free) else { return };
        if lane.is_old(now) {
            *lane = Lane { content: None, last_used: None };
        }
    }
}

/// The lane, unless a call uses it.
fn free<T>(lane: &Mutex<Lane<T>>) -> Option<MutexGuard<'_, Lane<T>>> {
    match lane.try_lock() {
        Ok(lane) => Some(lane),
        Err(TryLockError::WouldBlock) => None,
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
    }
}

#[cfg(all(test, not(shuttle)))]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::thread;

    /// Lanes whose contents are numbered from 1, and say whether they are to keep a connection.
    fn numbered() -> Lanes<(usize, bool)> {
        let made = AtomicUsize::new(0);
        Lanes::new(move |keeps| (made.fetch_add(1, Ordering::Relaxed) + 1, keeps))
    }

    /// A thread that has made no call yet.
    fn on_a_new_thread<R: Send>(call: impl FnOnce() -> R + Send) -> R {
        thread::scope(|scope| scope.spawn(call).join().unwrap())
    }

    #[test]
    fn calls_one_after_the_other_have_one_lane_on_any_thread() {
        let lanes = numbered();
        for _ in 0..3 {
            assert_eq!(on_a_new_thread(|| lanes.with(|content| *content)), (1, true));
        }
    }

    #[test]
    fn calls_at_once_have_a_lane_each_and_those_beyond_share_what_keeps_nothing() {
        fn used(lanes: &Lanes<(usize, bool)>, calls: usize, numbers: &mut Vec<(usize, bool)>) {
            if calls > 0 {
                lanes.with(|content| {
                    numbers.push(*content);
                    used(lanes, calls - 1, numbers);
                });
            }
        }
        let (lanes, mut numbers) = (numbered(), Vec::new());
        on_a_new_thread(|| used(&lanes, LANES + 2, &mut numbers));
        let expected = (1..=LANES).map(|number| (number, true)).chain([(LANES + 1, false); 2]);
        assert!(numbers.into_iter().eq(expected));
    }

    #[test]
    fn a_thread_comes_back_to_its_lane() {
        let lanes = numbered();
        on_a_new_thread(|| {
            assert_eq!(lanes.with(|_| lanes.with(|content| content.0)), 2);
            // The first lane is free again.
            assert_eq!(lanes.with(|content| content.0), 2);
        });
    }

    #[test]
    fn what_nobody_uses_is_given_up_and_what_is_used_stays() {
        let lanes = numbered();
        let start = SystemTime::now();
        let number_at = |seconds| lanes.with_at(|| start + Duration::from_secs(seconds), |content| content.0);
        on_a_new_thread(|| lanes.with_at(|| start, |_| assert_eq!(number_at(0), 2)));
        // The first is used again and again meanwhile.
        for second in 1..=16 {
            assert_eq!(on_a_new_thread(|| number_at(second)), 1);
        }
        for _ in 0..LANES {
            assert_eq!(on_a_new_thread(|| number_at(17)), 1);
        }
        let held = lanes.lanes.iter().filter(|lane| lane.lock().unwrap().content.is_some()).count();
        assert_eq!(held, 1);
    }

    #[test]
    fn what_was_used_before_the_machine_slept_is_not_used_again() {
        let lanes = numbered();
        let start = SystemTime::now();
        let number_at = |at| on_a_new_thread(|| lanes.with_at(|| at, |content| content.0));
        // Until now all lanes but the first have been looked at.
        (0..LANES).for_each(|_| assert_eq!(number_at(start), 1));
        assert_eq!(number_at(start + LONGEST_IDLE), 1);
        let hour = Duration::from_secs(3600);
        assert_eq!(number_at(start + hour), 2);
        assert_eq!(number_at(start), 3, "by a clock that was put back nothing can be said");
    }

    #[test]
    fn a_call_that_panics_leaves_its_lane_free_and_empty() {
        let lanes = numbered();
        on_a_new_thread(|| {
            catch_unwind(AssertUnwindSafe(|| lanes.with(|_| panic!("on purpose")))).unwrap_err();
            for _ in 0..2 {
                assert_eq!(lanes.with(|content| content.0), 2);
            }
            assert_eq!(LAST.get(), 0);
        });
    }
}

#[cfg(all(test, shuttle))]
mod schedules {
    use super::*;
    use crate::sync::{AtomicBool, thread};
    use std::sync::Arc;

    /// No two calls are in a lane at once, and all of them get on.
    #[test]
    fn a_lane_has_one_call_at_a_time() {
        shuttle::check_random(
            || {
                let lanes = Arc::new(Lanes::new(|_| AtomicBool::new(false)));
                let calls = [(); 3].map(|()| {
                    let lanes = Arc::clone(&lanes);
                    thread::spawn(move || {
                        for _ in 0..2 {
                            lanes.with(|taken| {
                                assert!(!taken.swap(true, crate::sync::Ordering::SeqCst));
                                thread::yield_now();
                                taken.store(false, crate::sync::Ordering::SeqCst);
                            });
                        }
                    })
                });
                calls.into_iter().for_each(|call| call.join().unwrap());
            },
            20_000,
        );
    }
}
