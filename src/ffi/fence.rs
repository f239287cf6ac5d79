//! The fence between C and Rust: outputs are set in one place, errors become codes, and no panic gets through.

use super::error::{oauthapp_error, publish};
use super::types::{Code, ErrorOut};
use crate::error::{Error, ErrorKind, Result};
use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::Once;

/// Success, in C.
pub(super) const OK: Code = 0;

/// Runs the body of an exported function that gives one value through `out`.
///
/// `out` is set to `nothing` first, so that a failure leaves nothing old in it, and to the value on success.
///
/// # Safety
/// `out` and `error_out` are each NULL or writable.
pub(super) unsafe fn give<T>(
    out: *mut T,
    nothing: T,
    name: &str,
    error_out: ErrorOut,
    body: impl FnOnce() -> Result<T>,
) -> Code {
    let checked = || {
        if out.is_null() { Err(Error::invalid_argument(format!("{name} is NULL"))) } else { body() }
    };
    if !out.is_null() {
        // SAFETY: not NULL, so writable as the caller promises.
        unsafe { out.write(nothing) };
    }
    let mut value = None;
    // SAFETY: as promised for this function.
    let code = unsafe {
        run(error_out, || {
            value = Some(checked()?);
            Ok(())
        })
    };
    if let Some(value) = value {
        // SAFETY: there is a value only where `out` was found not to be NULL.
        unsafe { out.write(value) };
    }
    code
}

/// Runs the body of an exported function that gives nothing but its code.
///
/// # Safety
/// `error_out` is NULL or writable.
pub(super) unsafe fn run(error_out: ErrorOut, body: impl FnOnce() -> Result<()>) -> Code {
    let result = caught(body).unwrap_or_else(|| Err(Error::new(ErrorKind::Internal)));
    let (code, object): (Code, *mut oauthapp_error) = match result {
        Ok(()) => (OK, ptr::null_mut()),
        Err(error) => {
            let code = error.code();
            // An error object is made only for a caller who wants it.
            let object = if error_out.is_null() { None } else { caught(|| publish(error)) };
            (code, object.unwrap_or(ptr::null_mut()))
        }
    };
    if !error_out.is_null() {
        // SAFETY: not NULL, so writable as the caller promises.
        unsafe { error_out.write(object) };
    }
    code
}

/// Runs something and gives `None` where it panicked. The panic prints nothing: standard error is the program's, and the
/// message may hold what must not be shown.
///
/// Unwind safety: what a panic can interrupt is either owned by the body or behind a lock whose content is replaced as
/// a whole (sessions, tables), so nothing half-changed is seen afterwards.
pub(super) fn caught<T>(body: impl FnOnce() -> T) -> Option<T> {
    keep_panics_quiet();
    INSIDE.set(INSIDE.get().saturating_add(1));
    let guarded = || {
        #[cfg(test)]
        super::panics::panic_if_asked();
        body()
    };
    let result = catch_unwind(AssertUnwindSafe(guarded)).ok();
    INSIDE.set(INSIDE.get().saturating_sub(1));
    result
}

thread_local! {
    /// How many fences this thread is inside of.
    static INSIDE: Cell<u32> = const { Cell::new(0) };
}

/// Panics outside of the fence stay as loud as they were: a Rust program may have the same standard library.
fn keep_panics_quiet() {
    static DONE: Once = Once::new();
    DONE.call_once(|| {
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if INSIDE.get() == 0 {
                others(panic);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_panics_after_a_call_is_as_loud_as_ever() {
        assert_eq!(caught(|| caught(|| INSIDE.get())), Some(Some(2)));
        assert_eq!(caught(|| panic!("on purpose")), None::<()>);
        assert_eq!(INSIDE.get(), 0);
        catch_unwind(|| panic!("outside of it")).unwrap_err();
    }

    #[test]
    fn a_panic_becomes_an_internal_error_and_leaves_the_output_empty() {
        let mut out = 7;
        let mut error = ptr::null_mut();
        // SAFETY: both pointers are to locals.
        let code = unsafe { give(&raw mut out, 0, "out", &raw mut error, || panic!("on purpose")) };
        assert_eq!((code, out), (ErrorKind::Internal.code(), 0));
        assert!(!error.is_null());
        // SAFETY: a handle that was just made.
        unsafe { super::super::error::oauthapp_error_free(error) };
    }

    /// What a test of these prints, in a process of its own, because this one's tests may print what they like.
    fn printed(test: &str) -> String {
        let program = std::env::current_exe().unwrap();
        let test = format!("ffi::fence::tests::{test}");
        let output = std::process::Command::new(program).args(["--exact", &test, "--nocapture"]).output().unwrap();
        assert!(String::from_utf8(output.stdout).unwrap().contains("1 passed"));
        String::from_utf8(output.stderr).unwrap()
    }

    #[test]
    fn a_panic_prints_nothing() {
        assert_eq!(printed("a_panic_becomes_an_internal_error_and_leaves_the_output_empty"), "");
    }

    #[test]
    fn a_panic_outside_of_the_fence_is_printed() {
        let printed = printed("what_panics_after_a_call_is_as_loud_as_ever");
        assert!(printed.contains("outside of it") && !printed.contains("on purpose"), "{printed}");
    }
}
