//! Texts with certificates and keys, before the TLS library reads them.

use crate::error::{Error, ErrorKind, Result};
use crate::secret::WipedBuffer;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// More than any list of authorities has; keeps what never ends out of memory.
const MAX_FILE_BYTES: u64 = 16 * 1024 * 1024;

/// Reads a file of certificates or keys, or gives this error, for the reason that it can't be read.
pub(crate) fn read_file(path: &Path, unreadable: impl Fn(io::Error) -> Error) -> Result<WipedBuffer> {
    read_limited(path).map_err(|error| match error.kind() {
        io::ErrorKind::OutOfMemory => Error::new(ErrorKind::OutOfMemory),
        _ => unreadable(error),
    })
}

fn read_limited(path: &Path) -> io::Result<WipedBuffer> {
    let mut content = WipedBuffer::with_capacity(8 * 1024);
    let mut file = File::open(path)?.take(MAX_FILE_BYTES.saturating_add(1));
    content.read_to_end(&mut file)?;
    if file.limit() == 0 {
        return Err(io::Error::other(format!("It has more than {MAX_FILE_BYTES} bytes")));
    }
    Ok(content)
}

/// Longer than any certificate or key, with what may stand between two of them.
const MAX_BLOCK_BYTES: usize = 32 * 1024;

/// For an error: [`blocks_are_short`] says no.
pub(crate) const TOO_LONG: &str =
    "The PEM text goes on for more than 32 KiB without a line that begins or ends a block";

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

/// Every certificate of a text, or this error where it is damaged. A text of any length is no end of the program.
pub(crate) fn certificates(pem: &[u8], damaged: impl Fn() -> Error) -> Result<Vec<CertificateDer<'static>>> {
    let mut certificates = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(without_mark(pem)) {
        let certificate = certificate.map_err(|_| damaged())?;
        certificates.try_reserve(1)?;
        certificates.push(certificate);
    }
    Ok(certificates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_file_that_never_ends_is_not_read_for_ever() {
        let error = read_limited(Path::new("/dev/zero")).map(|_| ()).unwrap_err();
        assert_eq!(error.to_string(), "It has more than 16777216 bytes");
    }

    #[test]
    fn a_file_as_long_as_one_may_be_is_read_whole() {
        let path = std::env::temp_dir().join(format!("oauthapp-pem-{}", std::process::id()));
        File::create(&path).unwrap().set_len(MAX_FILE_BYTES).unwrap();
        let read = read_limited(&path);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(read.unwrap().as_slice().len() as u64, MAX_FILE_BYTES);
    }

    #[test]
    fn it_is_the_longest_block_that_counts() {
        let block = |length| format!("-----BEGIN X-----\n{}\n-----END X-----\n", "a".repeat(length));
        assert!(blocks_are_short(block(1000).repeat(100).as_bytes()));
        assert!(blocks_are_short(block(MAX_BLOCK_BYTES - 2).as_bytes()));
        assert!(!blocks_are_short((block(10) + &block(MAX_BLOCK_BYTES)).as_bytes()));
    }
}
