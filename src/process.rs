//! Which process this is. A child that fork() has made holds copies of its parent's connections, which it must not use: the
//! requests of two processes would get mixed up on them.

#[cfg(any(target_os = "linux", target_os = "android"))]
use std::ptr;
#[cfg(unix)]
use std::sync::OnceLock;
#[cfg(unix)]
use std::sync::atomic::{AtomicU64, Ordering};

/// A process, for comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Process(
    /// How many fork()s lie between the process that first asked and this one.
    u64,
);

impl Process {
    /// The process that asks. Costs no system call, as it is asked in every call.
    pub(crate) fn current() -> Self {
        Process(generation())
    }

    /// One that does not ask.
    #[cfg(test)]
    pub(crate) fn other() -> Self {
        Process(generation().wrapping_add(1))
    }

    /// Whether this is the process that asks.
    pub(crate) fn is_current(self) -> bool {
        self == Process::current()
    }
}

/// A number that another process of the same program has not: the child counts on from where its parent was.
#[cfg(unix)]
fn generation() -> u64 {
    static BEGUN: AtomicU64 = AtomicU64::new(0);
    let witness = witness();
    match witness.load(Ordering::Relaxed) {
        0 => {
            let new = BEGUN.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
            // Where two threads come first, the number of one of them counts.
            witness.compare_exchange(0, new, Ordering::Relaxed, Ordering::Relaxed).map_or_else(|other| other, |_| new)
        }
        known => known,
    }
}

/// What is 0 in a child until it is asked there.
#[cfg(unix)]
#[allow(unsafe_code, reason = "the one way to hear of a fork() without asking the system each time")]
fn witness() -> &'static AtomicU64 {
    static WITNESS: OnceLock<&AtomicU64> = OnceLock::new();
    static NOT_WIPED: AtomicU64 = AtomicU64::new(0);
    extern "C" fn in_child() {
        if let Some(witness) = WITNESS.get() {
            witness.store(0, Ordering::Relaxed);
        }
    }
    WITNESS.get_or_init(|| {
        // SAFETY: the handler only changes an atomic number, which is allowed in the child of a process with threads. If it
        // can't be registered for want of memory, there still is the system's own wiping.
        unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
        wiped_by_the_system().unwrap_or(&NOT_WIPED)
    })
}

/// Linux sees to it also where no handler is called: in `_Fork()` and `clone()`, for a library in a namespace of its own
/// (`dlmopen`), and before the handlers of those who have registered theirs earlier.
#[cfg(any(target_os = "linux", target_os = "android"))]
#[allow(unsafe_code, reason = "memory that a child finds empty can be had from the system only")]
fn wiped_by_the_system() -> Option<&'static AtomicU64> {
    const BYTES: usize = size_of::<AtomicU64>();
    let (protection, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
    // SAFETY: a new mapping, which nobody else knows and which is never taken away. A page begins with it, so it is aligned,
    // and all zeros are a number.
    unsafe {
        let page = libc::mmap(ptr::null_mut(), BYTES, protection, flags, -1, 0);
        if page == libc::MAP_FAILED {
            return None;
        }
        if libc::madvise(page, BYTES, libc::MADV_WIPEONFORK) != 0 {
            libc::munmap(page, BYTES);
            return None;
        }
        Some(AtomicU64::from_ptr(page.cast()))
    }
}

#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
fn wiped_by_the_system() -> Option<&'static AtomicU64> {
    None
}

#[cfg(not(unix))]
fn generation() -> u64 {
    0
}
