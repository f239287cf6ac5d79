//! Which process this is. A child that fork() has made holds copies of its parent's connections, which it must not use: the
//! requests of two processes would get mixed up on them.

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

#[cfg(unix)]
#[allow(unsafe_code, reason = "the one way to hear of a fork() without asking the system each time")]
fn generation() -> u64 {
    use std::sync::Once;
    use std::sync::atomic::{AtomicU64, Ordering};
    static GENERATION: AtomicU64 = AtomicU64::new(0);
    static REGISTERED: Once = Once::new();
    extern "C" fn in_child() {
        GENERATION.fetch_add(1, Ordering::Relaxed);
    }
    // SAFETY: the handler only changes an atomic number, which is allowed in the child of a process with threads. If it
    // can't be registered for want of memory, fork() goes unnoticed.
    REGISTERED.call_once(|| unsafe {
        libc::pthread_atfork(None, None, Some(in_child));
    });
    GENERATION.load(Ordering::Relaxed)
}

#[cfg(not(unix))]
fn generation() -> u64 {
    0
}
