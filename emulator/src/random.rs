//! Random numbers from the operating system.

use ring::rand::{SecureRandom, SystemRandom};

/// `N` random bytes.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).expect("the operating system gives random numbers");
    bytes
}

/// `N` random bytes in lower-case hexadecimal digits.
pub(crate) fn hex<const N: usize>() -> String {
    bytes::<N>().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Six decimal digits.
pub(crate) fn digits() -> String {
    format!("{:06}", u32::from_le_bytes(bytes()) % 1_000_000)
}
