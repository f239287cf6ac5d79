//! The certificate with which the client shows who it is, where a server asks for one.

use crate::error::{Error, ErrorKind, Result};
use crate::pem::{self, blocks_are_short, certificates, without_mark};
use crate::secret::WipedBuffer;
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use rustls::sign::CertifiedKey;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use zeroize::{Zeroize, zeroize_stack};

/// A certificate and its private key, for servers that want to know their clients (mutual TLS).
///
/// `Debug` shows nothing of the key. Of the texts and files that the key is read from, no copy of this library's own
/// stays in memory; the key itself does, inside the cryptographic library, as long as a client uses it.
#[derive(Clone)]
pub struct ClientCertificate(Arc<CertifiedKey>);

/// More than what reading a key takes of the stack.
const READING_STACK_BYTES: usize = 32 * 1024;

impl ClientCertificate {
    /// Reads the client's certificate and those that lead from it to an authority, in this order, from every `CERTIFICATE`
    /// block of one PEM text, and its key from the first block with a private key in another: PKCS#8 (`PRIVATE KEY`),
    /// PKCS#1 (`RSA PRIVATE KEY`) or SEC1 (`EC PRIVATE KEY`), not encrypted. One text that holds everything can be given
    /// twice.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidClientCertificate`] if one of them can't be read or they don't belong together.
    pub fn from_pem(chain: &[u8], key: &[u8]) -> Result<Self> {
        let read = Self::read(chain, key);
        // The cryptographic library computes with the key there, and leaves it as it is.
        zeroize_stack::<READING_STACK_BYTES>();
        read
    }

    #[inline(never)]
    fn read(chain: &[u8], key: &[u8]) -> Result<Self> {
        if !blocks_are_short(chain) || !blocks_are_short(key) {
            return Err(invalid(pem::TOO_LONG));
        }
        let chain = certificates(chain, || invalid("The certificate's PEM text is damaged"))?;
        if chain.is_empty() {
            return Err(invalid("The certificate's PEM text holds no CERTIFICATE block"));
        }
        let key = match PrivateKeyDer::from_pem_slice(without_mark(key)) {
            Ok(key) => WipedKey(key),
            Err(rustls::pki_types::pem::Error::NoItemsFound) => {
                return Err(invalid("The key's PEM text holds no private key that is not encrypted"));
            }
            Err(_) => return Err(invalid("The key's PEM text is damaged")),
        };
        let key = any_supported_type(&key.0).map_err(|_| invalid("The key is damaged or of an unsupported type"))?;
        let certified = CertifiedKey::new(chain, key);
        match certified.keys_match() {
            Ok(()) => Ok(ClientCertificate(Arc::new(certified))),
            Err(rustls::Error::InconsistentKeys(_)) => Err(invalid("The key is not that of the certificate")),
            Err(_) => Err(invalid("The certificate can't be read as one of X.509 version 3")),
        }
    }

    /// Reads the certificates and the key from PEM files, which may be the same file.
    ///
    /// # Errors
    /// As [`ClientCertificate::from_pem`], and if a file can't be read.
    pub fn from_pem_files(chain: impl AsRef<Path>, key: impl AsRef<Path>) -> Result<Self> {
        let (chain, key) = (read_file("certificate", chain.as_ref())?, read_file("key", key.as_ref())?);
        Self::from_pem(chain.as_slice(), key.as_slice())
    }

    pub(crate) fn certified_key(&self) -> Arc<CertifiedKey> {
        Arc::clone(&self.0)
    }
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCertificate").field("chain", &self.0.cert.len()).finish_non_exhaustive()
    }
}

/// A decoded key that is overwritten when it goes.
struct WipedKey(PrivateKeyDer<'static>);

impl Drop for WipedKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

fn read_file(what: &str, path: &Path) -> Result<WipedBuffer> {
    pem::read_file(path, |error| invalid(format!("The file of the {what} can't be read: {error}")))
}

fn invalid(why: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidClientCertificate).remark(why)
}
