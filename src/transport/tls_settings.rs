//! From what a caller wants of TLS to a configuration that all connections of a client share.

use super::current;
use super::sessions::Sessions;
use super::verifier::{AnyCertificate, Verifier};
use crate::client_certificate::ClientCertificate;
use crate::error::{Error, ErrorKind, Result};
use crate::pin::Pin;
use crate::trust::{Roots, Trust};
use rustls::client::danger::ServerCertVerifier;
use rustls::client::{ResolvesClientCert, Resumption, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, RootCertStore, SignatureScheme};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// What a caller can set.
#[derive(Default)]
pub(crate) struct TlsSettings {
    pub(crate) trust: Trust,
    pub(crate) pins: Vec<Pin>,
    pub(crate) client_certificate: Option<ClientCertificate>,
    pub(crate) accept_any_certificate: bool,
}

/// What all connections of a client share.
pub(crate) struct Tls {
    pub(super) config: Arc<ClientConfig>,
    /// Those that the configuration resumes.
    pub(super) sessions: Arc<Sessions>,
}

impl TlsSettings {
    /// Refuses what contradicts itself.
    pub(crate) fn check(&self) -> Result<()> {
        if self.accept_any_certificate && !(self.pins.is_empty() && matches!(self.trust, Trust::Mozilla)) {
            return Err(Error::new(ErrorKind::VerificationRequired)
                .remark("Every certificate is accepted, so trusted roots and pins would have no effect"));
        }
        Ok(())
    }

    pub(crate) fn config(self) -> Result<Arc<Tls>> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = if self.accept_any_certificate {
            Arc::new(AnyCertificate::new(provider.signature_verification_algorithms))
        } else {
            verifier(self.trust, self.pins, &provider)?
        };
        let builder = ClientConfig::builder_with_details(provider, Arc::new(Clock))
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::new(ErrorKind::Internal).remark(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(verifier);
        let mut config = match self.client_certificate {
            Some(certificate) => {
                builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(certificate.certified_key())))
            }
            None => builder.with_client_cert_resolver(Arc::new(NoCertificate)),
        };
        let sessions = Arc::new(Sessions::new());
        config.resumption = Resumption::store(Arc::clone(&sessions) as _);
        Ok(Arc::new(Tls { config: Arc::new(config), sessions }))
    }
}

/// The system's clock, by which certificates are valid. rustls's own panics where that is set to before 1970.
#[derive(Debug)]
struct Clock;

impl TimeProvider for Clock {
    fn current_time(&self) -> Option<UnixTime> {
        unix_time(SystemTime::now())
    }
}

fn unix_time(now: SystemTime) -> Option<UnixTime> {
    now.duration_since(UNIX_EPOCH).ok().map(UnixTime::since_unix_epoch)
}

/// Has no certificate, and remembers who wanted one.
#[derive(Debug)]
struct NoCertificate;

impl ResolvesClientCert for NoCertificate {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        current::note_certificate_lacking();
        None
    }

    fn has_certs(&self) -> bool {
        false
    }
}

fn verifier(trust: Trust, pins: Vec<Pin>, provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>> {
    let algorithms = provider.signature_verification_algorithms;
    let (roots, given) = match trust {
        Trust::Mozilla => (mozilla(), Vec::new()),
        Trust::MozillaAnd(roots) => with(mozilla(), roots)?,
        Trust::Only(roots) => with(RootCertStore::empty(), roots)?,
        #[cfg(feature = "platform-verifier")]
        Trust::Platform => {
            let platform = rustls_platform_verifier::Verifier::new(Arc::clone(provider)).map_err(no_platform)?;
            return Ok(Arc::new(Verifier::new(Arc::new(platform), algorithms, &[], Vec::new(), pins)));
        }
        #[cfg(all(feature = "platform-verifier", not(target_os = "android")))]
        Trust::PlatformAnd(roots) => {
            let (known, given) = with(RootCertStore::empty(), roots)?;
            let platform =
                rustls_platform_verifier::Verifier::new_with_extra_roots(given.clone(), Arc::clone(provider))
                    .map_err(no_platform)?;
            return Ok(Arc::new(Verifier::new(Arc::new(platform), algorithms, &known.roots, given, pins)));
        }
    };
    let roots = Arc::new(roots);
    let inner = WebPkiServerVerifier::builder_with_provider(Arc::clone(&roots), Arc::clone(provider))
        .build()
        .map_err(|error| Error::new(ErrorKind::Internal).remark(error.to_string()))?;
    Ok(Arc::new(Verifier::new(inner, algorithms, &roots.roots, given, pins)))
}

fn mozilla() -> RootCertStore {
    RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }
}

/// The store with these added, and these.
fn with(mut store: RootCertStore, roots: Roots) -> Result<(RootCertStore, Vec<CertificateDer<'static>>)> {
    let given = roots.into_certificates();
    store.roots.try_reserve_exact(given.len())?;
    for certificate in given.iter().cloned() {
        store.add(certificate).map_err(|error| Error::new(ErrorKind::InvalidCertificate).remark(error.to_string()))?;
    }
    Ok((store, given))
}

#[cfg(feature = "platform-verifier")]
fn no_platform(error: rustls::Error) -> Error {
    Error::new(ErrorKind::InvalidCertificate)
        .remark("This system's own list of certificate authorities can't be used")
        .remark(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use webpki_roots::TLS_SERVER_ROOTS;

    #[test]
    fn mozillas_list_is_there_whole_also_with_others_added() {
        // A server with a certificate of one of them is not to be had here.
        let added = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap().cert.pem();
        let added = Roots::from_pem(added.as_bytes()).unwrap();
        assert!(TLS_SERVER_ROOTS.len() > 100);
        assert_eq!(mozilla().roots, TLS_SERVER_ROOTS);
        let both = with(mozilla(), added).unwrap().0.roots;
        assert_eq!(both[..TLS_SERVER_ROOTS.len()], *TLS_SERVER_ROOTS);
        assert_eq!(both.len(), TLS_SERVER_ROOTS.len() + 1);
    }

    #[test]
    fn a_clock_set_to_before_1970_tells_no_time() {
        let second = std::time::Duration::from_secs(1);
        assert_eq!(unix_time(UNIX_EPOCH + second), Some(UnixTime::since_unix_epoch(second)));
        assert_eq!(unix_time(UNIX_EPOCH - second), None);
    }

    #[test]
    fn each_trust_has_as_many_roots_as_it_says() {
        let added = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap().cert.pem();
        let added = Roots::from_pem(added.as_bytes()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        for (trust, count) in [
            (Trust::Mozilla, TLS_SERVER_ROOTS.len()),
            (Trust::MozillaAnd(added.clone()), TLS_SERVER_ROOTS.len() + 1),
            (Trust::Only(added), 1),
        ] {
            let shown = format!("{:?}", verifier(trust.clone(), Vec::new(), &provider).unwrap());
            assert!(shown.contains(&format!("({count} roots)")), "{trust:?}: {shown}");
        }
    }
}
