//! Which certificate authorities the client believes.

use crate::error::{Error, ErrorKind, Result};
use ureq::tls::{Certificate, PemItem, parse_pem};

/// Which certificate authorities vouch for the server. There is no way to switch verification off.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Trust {
    /// Mozilla's list, as it was when the library was built.
    #[default]
    MozillaRoots,
    /// These and no others, for a server of one's own.
    Only(Roots),
}

/// Certificates read from PEM.
#[derive(Clone)]
pub struct Roots(Vec<Certificate<'static>>);

impl Roots {
    /// Reads every `CERTIFICATE` block of a PEM text.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidCertificate`] if there is none, or if one can't be read as a certificate.
    pub fn from_pem(pem: &[u8]) -> Result<Self> {
        let invalid = |why: &str| Error::new(ErrorKind::InvalidCertificate).remark(why);
        let mut roots = Vec::new();
        for item in parse_pem(pem) {
            match item {
                Ok(PemItem::Certificate(certificate)) => roots.push(certificate),
                Ok(_) => {}
                Err(_) => return Err(invalid("The PEM text is damaged")),
            }
        }
        if roots.is_empty() {
            return Err(invalid("The PEM text holds no CERTIFICATE block"));
        }
        let mut store = rustls::RootCertStore::empty();
        for (number, certificate) in (1..).zip(&roots) {
            let der = rustls::pki_types::CertificateDer::from_slice(certificate.der());
            store.add(der).map_err(|_| invalid(&format!("Block {number} is not a certificate")))?;
        }
        Ok(Roots(roots))
    }

    pub(crate) fn certificates(&self) -> &[Certificate<'static>] {
        &self.0
    }
}

impl std::fmt::Debug for Roots {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Roots({})", self.0.len())
    }
}
