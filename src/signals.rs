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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// The signals that a thread has blocked: bit n-1 of the mask is signal n.
    fn blocked() -> u64 {
        let status = std::fs::read_to_string("/proc/thread-self/status").unwrap();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigBlk:")).unwrap();
        u64::from_str_radix(mask.trim(), 16).unwrap()
    }

    #[test]
    fn a_thread_takes_the_signals_of_its_own_faults_and_no_others_and_its_maker_goes_on_as_before() {
        let bit = |signal: i32| 1_u64 << (signal - 1);
        let before = blocked();
        let inside = withheld(|| std::thread::spawn(blocked).join().unwrap());
        for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGCHLD, libc::SIGUSR1, libc::SIGALRM, libc::SIGPIPE] {
            assert_ne!(inside & bit(signal), 0, "{signal} is the program's");
        }
        for fault in [libc::SIGSEGV, libc::SIGBUS, libc::SIGFPE, libc::SIGILL, libc::SIGTRAP, libc::SIGSYS] {
            assert_eq!(inside & bit(fault), 0, "{fault} tells of the thread's own fault");
        }
        assert_eq!(blocked(), before, "the caller takes its signals again");
    }
}
