//! What to do about memory that may not be there.
//!
//! Where Rust finds none, it ends the program, which a library must not do to its caller. What this library itself makes of
//! texts of any size (requests, answers, strings for C) it allocates in a way that can fail. The rest happens in code of
//! others (certificates, JSON), and is asked for here beforehand.

use std::collections::TryReserveError;
use std::hint::black_box;

/// Whoever can't get a block of this size has other worries than this library.
const SMALL: usize = 64 * 1024;

/// Fails where there is no memory for what others make of a text of this length. What is small is not asked for.
pub(crate) fn check_room(length: usize) -> Result<(), TryReserveError> {
    if length > SMALL {
        // An allocation that nobody looks at, the compiler leaves out.
        black_box(&mut Vec::<u8>::new()).try_reserve_exact(length.saturating_mul(2))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_what_is_small_and_none_for_everything() {
        assert!(check_room(SMALL).is_ok());
        assert!(check_room(16 * 1024 * 1024).is_ok());
        assert!(check_room(usize::MAX / 4).is_err());
    }
}
