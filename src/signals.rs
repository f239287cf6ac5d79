//! Signals are the program's: a thread that the library makes takes none.

/// Runs something that makes a thread. The thread gets no signal, but for those that tell of its own faults, so that one
/// which the program waits for, or has blocked in its own threads, doesn't end up there.
#[cfg(unix)]
#[allow(unsafe_code, reason = "neither the standard library nor rustix has a thread's signal mask")]
pub(crate) fn withheld<T>(make: impl FnOnce() -> T) -> T {
    use std::mem::MaybeUninit;
    use std::ptr;

    struct Restore(libc::sigset_t);
    impl Drop for Restore {
        fn drop(&mut self) {
            // SAFETY: the set is one that the system has filled.
            unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &raw const self.0, ptr::null_mut()) };
        }
    }
    let mut withheld = MaybeUninit::uninit();
    let mut before = MaybeUninit::uninit();
    // SAFETY: both sets are filled before they are read; with a known `how`, pthread_sigmask can't fail.
    let _restore = unsafe {
        libc::sigfillset(withheld.as_mut_ptr());
        for fault in [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL, libc::SIGTRAP, libc::SIGSYS] {
            libc::sigdelset(withheld.as_mut_ptr(), fault);
        }
        libc::pthread_sigmask(libc::SIG_BLOCK, withheld.as_ptr(), before.as_mut_ptr());
        Restore(before.assume_init())
    };
    make()
}

#[cfg(not(unix))]
pub(crate) fn withheld<T>(make: impl FnOnce() -> T) -> T {
    make()
}
