//! What threads of the library meet at: the standard library's; or, in a build for the tests named `schedules`, that of a
//! scheduler which runs the threads of a test in thousands of different orders.
//!
//! RUSTFLAGS="--cfg shuttle" cargo test -p oauthapp --features capi --lib schedules

#[cfg(not(shuttle))]
pub(crate) use std::{
    sync::{
        Condvar, Mutex, MutexGuard, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

#[cfg(shuttle)]
pub(crate) use shuttle::{
    sync::{
        Condvar, Mutex, MutexGuard, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};
