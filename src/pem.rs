//! Texts with certificates and keys, before the TLS library reads them.

/// Longer than any certificate or key, with what may stand between two of them.
const MAX_BLOCK_BYTES: usize = 32 * 1024;

/// Whether every block has a length that a certificate or a key can have. The TLS library takes a block of any length into
/// memory, and where there is none, that is the end of the program.
pub(crate) fn blocks_are_short(pem: &[u8]) -> bool {
    // The one character of the lines before and after a block that base64 does not have.
    pem.split(|byte| *byte == b'-').all(|part| part.len() <= MAX_BLOCK_BYTES)
}

/// The text without the byte order mark that editors put before it on Windows, and which would hide its first block.
pub(crate) fn without_mark(pem: &[u8]) -> &[u8] {
    pem.strip_prefix("\u{feff}".as_bytes()).unwrap_or(pem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_longest_block_that_counts() {
        let block = |length| format!("-----BEGIN X-----\n{}\n-----END X-----\n", "a".repeat(length));
        assert!(blocks_are_short(block(1000).repeat(100).as_bytes()));
        assert!(blocks_are_short(block(MAX_BLOCK_BYTES - 2).as_bytes()));
        assert!(!blocks_are_short((block(10) + &block(MAX_BLOCK_BYTES)).as_bytes()));
    }
}
