//! Which certificate authorities the client believes.

use crate::error::{Error, ErrorKind, Result};
use crate::pem::{self, blocks_are_short, certificates, read_file};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use std::path::Path;

/// Which certificate authorities vouch for the server.
///
/// `Platform` and `PlatformAnd` need the cargo feature `platform-verifier`. They ask what the system asks for its own
/// programs: the system's verifier on Windows, macOS, iOS and Android, with what its owner or administrator has added,
/// withdrawn or revoked; elsewhere the certificates in the system's files (others where both `SSL_CERT_FILE` and
/// `SSL_CERT_DIR` are set, more where one is), read once, when the client is built. On Android the app has to hand over its context first, with the
/// `rustls-platform-verifier` crate, whose Android part has to be in the app.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Trust {
    /// Mozilla's list, as it was when the library was built.
    #[default]
    Mozilla,
    /// Mozilla's list and these.
    MozillaAnd(Roots),
    /// Those that this system believes.
    #[cfg(feature = "platform-verifier")]
    Platform,
    /// Those that this system believes and these.
    #[cfg(all(feature = "platform-verifier", not(target_os = "android")))]
    PlatformAnd(Roots),
    /// These and no others, for a server of one's own.
    Only(Roots),
}

/// Certificates of authorities, read from PEM. A server that shows one of these very certificates is believed too, so a
/// self-signed one can be given as it is.
#[derive(Clone)]
pub struct Roots(Vec<CertificateDer<'static>>);

impl Roots {
    /// Reads every `CERTIFICATE` block of a PEM text; other blocks are passed over.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidCertificate`] if there is none, or if one can't be read as a certificate.
    pub fn from_pem(pem: &[u8]) -> Result<Self> {
        if !blocks_are_short(pem) {
            return Err(invalid(pem::TOO_LONG));
        }
        let roots = certificates(pem, || invalid("The PEM text is damaged"))?;
        if roots.is_empty() {
            return Err(invalid("The PEM text holds no CERTIFICATE block"));
        }
        for (number, certificate) in (1..).zip(&roots) {
            let added = RootCertStore::empty().add(certificate.clone());
            added.map_err(|_| invalid(format!("Block {number} is not a certificate")))?;
        }
        Ok(Roots(roots))
    }

    /// Reads every `CERTIFICATE` block of a PEM file.
    ///
    /// # Errors
    /// As [`Roots::from_pem`], and if the file can't be read.
    pub fn from_pem_file(path: impl AsRef<Path>) -> Result<Self> {
        let pem = read_file(path.as_ref(), |error| invalid(format!("The file can't be read: {error}")))?;
        Roots::from_pem(pem.as_slice())
    }

    /// These and those.
    #[must_use]
    pub fn and(mut self, others: Roots) -> Self {
        self.0.extend(others.0);
        self
    }

    /// The same where there may be no memory for them.
    #[cfg(feature = "capi")]
    pub(crate) fn try_and(mut self, others: Roots) -> Result<Self> {
        self.0.try_reserve(others.0.len())?;
        Ok(self.and(others))
    }

    pub(crate) fn into_certificates(self) -> Vec<CertificateDer<'static>> {
        self.0
    }
}

fn invalid(why: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidCertificate).remark(why)
}

impl std::fmt::Debug for Roots {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Roots({})", self.0.len())
    }
}
