//! Whether a server's certificate is good: what is checked besides the signatures, and what is wrong if it is not.

use crate::pin::Pin;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme};
use std::fmt;
use std::sync::Arc;

/// Has another verifier look first, then asks for a pinned key, and finds out more about what is refused.
///
/// It is asked in full handshakes only. A resumed session has been through it: the sessions are the client's own, and its
/// verifier and pins never change.
#[derive(Debug)]
pub(super) struct Verifier {
    inner: Arc<dyn ServerCertVerifier>,
    algorithms: WebPkiSupportedAlgorithms,
    pins: Vec<Pin>,
    /// The certificates that the caller has given.
    given: Vec<CertificateDer<'static>>,
    /// Those of the known roots that have a pinned key.
    pinned_roots: Vec<TrustAnchor<'static>>,
}

impl Verifier {
    /// `roots` are those that the inner verifier believes, as far as they are known, and `given` those of them that are the
    /// caller's own.
    pub(super) fn new(
        inner: Arc<dyn ServerCertVerifier>,
        algorithms: WebPkiSupportedAlgorithms,
        roots: &[TrustAnchor<'static>],
        given: Vec<CertificateDer<'static>>,
        pins: Vec<Pin>,
    ) -> Self {
        // Hashing all roots takes more than the rest of making a client.
        let roots = if pins.is_empty() { &[] } else { roots };
        let pinned = roots.iter().filter(|root| pins.contains(&pin_of_root(root)));
        Verifier { inner, algorithms, pinned_roots: pinned.cloned().collect(), given, pins }
    }

    /// Whether signatures lead from a pinned key to the server's certificate. With the pinned keys in the place of the
    /// authorities, that is the question which the usual verification answers.
    fn is_pinned(&self, server: &CertificateDer, others: &[CertificateDer], now: UnixTime) -> bool {
        let is_pinned = |certificate| pin_of(certificate).is_some_and(|pin| self.pins.contains(&pin));
        if self.pins.is_empty() || is_pinned(server) {
            return true;
        }
        let mut pinned = RootCertStore { roots: self.pinned_roots.clone() };
        pinned.add_parsable_certificates(others.iter().filter(|other| is_pinned(other)).cloned().map(into_owned));
        self.leads_to(&pinned, server, others, now).is_ok()
    }

    fn leads_to(
        &self,
        roots: &RootCertStore,
        server: &CertificateDer,
        others: &[CertificateDer],
        now: UnixTime,
    ) -> Result<(), Error> {
        let server = ParsedCertificate::try_from(server)?;
        verify_server_cert_signed_by_trust_anchor(&server, roots, others, now, self.algorithms.all)
    }

    /// Whether this is a certificate that the caller has given, and which is refused only because it could sign others too, or
    /// because nobody else that is believed has signed it. The former are those that `openssl req -x509` makes; and who trusts
    /// one as an authority trusts it as a server.
    fn is_given(&self, server: &CertificateDer, now: UnixTime) -> bool {
        self.given.contains(server)
            // Of what is checked of a certificate itself, these come after its dates.
            && match self.leads_to(&of_itself(server), server, &[], now) {
                Ok(()) | Err(Error::InvalidCertificate(CertificateError::UnknownIssuer)) => true,
                Err(error) => is_of_authority(&error),
            }
    }

    /// Whether all would be well with another of the certificates in the place of the first.
    fn is_another_good(
        &self,
        server: &CertificateDer,
        others: &[CertificateDer],
        name: &ServerName,
        now: UnixTime,
    ) -> bool {
        let all: Vec<_> = std::iter::once(server).chain(others).cloned().collect();
        let is_good = |other| self.inner.verify_server_cert(other, &all, name, &[], now).is_ok();
        others.len() <= MAX_TRIED_IN_PLACE_OF_FIRST && others.iter().any(is_good)
    }

    /// What is wrong with a certificate that nobody who is trusted vouches for.
    fn flaw(
        &self,
        server: &CertificateDer,
        others: &[CertificateDer],
        name: &ServerName,
        now: UnixTime,
    ) -> Option<Flaw> {
        if self.is_another_good(server, others, name, now) {
            return Some(Flaw::WrongOrder);
        }
        match self.leads_to(&of_itself(server), server, &[], now) {
            Ok(()) => Some(Flaw::SelfSigned),
            Err(error) if is_of_authority(&error) => Some(Flaw::Authority),
            // It has a fault of its own.
            Err(Error::InvalidCertificate(CertificateError::Other(_))) => None,
            Err(_) if others.is_empty() => Some(Flaw::Alone),
            Err(_) => None,
        }
    }
}

/// A server that sends more certificates has another fault than their order. To look for a way through very many that are all
/// of one name takes long.
const MAX_TRIED_IN_PLACE_OF_FIRST: usize = 4;

/// What is wrong with the certificates that a server sends, where the usual verification can't say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// The server's own certificate is not the first one.
    WrongOrder,
    /// The server has signed its certificate itself.
    SelfSigned,
    /// It is one that signs others, and not one of a server.
    Authority,
    /// It comes without the certificates that lead from it to an authority, and needs them.
    Alone,
    /// All is well, but no pinned key vouches for it; this one is the server's.
    NotPinned(Option<Pin>),
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Flaw {}

impl From<Flaw> for Error {
    fn from(flaw: Flaw) -> Self {
        CertificateError::Other(OtherError(Arc::new(flaw))).into()
    }
}

/// Whether a certificate is refused because it is one that signs others.
fn is_of_authority(error: &Error) -> bool {
    matches!(error, Error::InvalidCertificate(CertificateError::Other(OtherError(why)))
        if why.to_string() == "CaUsedAsEndEntity")
}

/// What believes this certificate alone.
fn of_itself(certificate: &CertificateDer) -> RootCertStore {
    let mut itself = RootCertStore::empty();
    itself.add_parsable_certificates([into_owned(certificate.clone())]);
    itself
}

fn into_owned(certificate: CertificateDer) -> CertificateDer<'static> {
    certificate.into_owned()
}

/// The pin of a certificate's key, where the certificate can be read.
fn pin_of(certificate: &CertificateDer) -> Option<Pin> {
    let certificate = ParsedCertificate::try_from(certificate).ok()?;
    Some(Pin::of_key(&certificate.subject_public_key_info()))
}

/// Of a root only the inside of the key's SEQUENCE is kept, so its head is put before it again.
fn pin_of_root(root: &TrustAnchor) -> Pin {
    const SEQUENCE: u8 = 0x30;
    let inside = root.subject_public_key_info.as_ref();
    let length: Vec<u8> = inside.len().to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    let mut info = vec![SEQUENCE];
    match *length {
        [short] if short < 0x80 => info.push(short),
        _ => {
            info.push(0x80 | u8::try_from(length.len()).unwrap_or_default());
            info.extend_from_slice(&length);
        }
    }
    info.extend_from_slice(inside);
    Pin::of_key(&info)
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        server: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        use CertificateError::{BadSignature, Other, UnknownIssuer};
        let verified = match self.inner.verify_server_cert(server, others, name, ocsp_response, now) {
            Err(Error::InvalidCertificate(Other(_) | UnknownIssuer)) if self.is_given(server, now) => {
                match verify_server_name(&ParsedCertificate::try_from(server)?, name) {
                    Ok(()) => Ok(ServerCertVerified::assertion()),
                    Err(_) if self.is_another_good(server, others, name, now) => return Err(Flaw::WrongOrder.into()),
                    Err(error) => Err(error),
                }
            }
            verified => verified,
        };
        match verified {
            Ok(verified) if self.is_pinned(server, others, now) => Ok(verified),
            Ok(_) => Err(Flaw::NotPinned(pin_of(server)).into()),
            Err(Error::InvalidCertificate(problem @ (UnknownIssuer | BadSignature | Other(_)))) => {
                Err(self.flaw(server, others, name, now).map_or_else(|| problem.into(), Error::from))
            }
            Err(error) => Err(error),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// Takes every certificate, as long as the server has its key.
#[derive(Debug)]
pub(super) struct AnyCertificate {
    algorithms: WebPkiSupportedAlgorithms,
}

impl AnyCertificate {
    pub(super) fn new(algorithms: WebPkiSupportedAlgorithms) -> Self {
        AnyCertificate { algorithms }
    }
}

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::client::WebPkiServerVerifier;
    use rustls::crypto::ring::default_provider;
    use std::time::Duration;

    /// Believes one certificate as an authority, and these as they are.
    fn verifier(root: &CertificateDer, given: Vec<CertificateDer<'static>>) -> Verifier {
        let provider = Arc::new(default_provider());
        let algorithms = provider.signature_verification_algorithms;
        let inner = WebPkiServerVerifier::builder_with_provider(Arc::new(of_itself(root)), provider).build().unwrap();
        Verifier::new(inner, algorithms, &[], given, Vec::new())
    }

    #[test]
    fn the_order_of_very_many_certificates_is_not_looked_into() {
        let certificate = || rcgen::generate_simple_self_signed(["api.example".to_owned()]).unwrap().cert.der().clone();
        let (good, other) = (certificate(), certificate());
        let verifier = verifier(&good, Vec::new());
        let name = ServerName::try_from("api.example").unwrap();
        for (others, expected) in [(0, false), (1, true), (4, true), (5, false)] {
            let others: Vec<_> = (0..others).map(|number| if number == 0 { &good } else { &other }).cloned().collect();
            let is_good = verifier.is_another_good(&other, &others, &name, UnixTime::now());
            assert_eq!(is_good, expected, "{}", others.len());
        }
    }

    /// A platform's verifier may miss the authority before it looks at the dates.
    #[test]
    fn a_certificate_that_is_given_is_believed_in_its_time_alone() {
        use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, date_time_ymd};
        for is_ca in [IsCa::NoCa, IsCa::Ca(BasicConstraints::Unconstrained)] {
            let mut params = CertificateParams::new(["api.example".to_owned()]).unwrap();
            (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2030, 1, 1));
            params.is_ca = is_ca;
            let certificate = params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().clone();
            let verifier = verifier(&certificate, vec![certificate.clone()]);
            for (year, expected) in [(2015, false), (2025, true), (2035, false)] {
                let time = UnixTime::since_unix_epoch(Duration::from_secs((year - 1970) * 31_556_952));
                assert_eq!(verifier.is_given(&certificate, time), expected, "{year}");
            }
        }
    }

    #[test]
    fn a_roots_pin_is_that_of_its_key_whatever_the_keys_length() {
        for (length, head) in [
            (127, &[0x30, 0x7f][..]),
            (128, &[0x30, 0x81, 0x80]),
            (255, &[0x30, 0x81, 0xff]),
            (256, &[0x30, 0x82, 1, 0]),
        ] {
            let inside = vec![7; length];
            let root = TrustAnchor {
                subject: Vec::new().into(),
                subject_public_key_info: inside.clone().into(),
                name_constraints: None,
            };
            assert_eq!(pin_of_root(&root), Pin::of_key(&[head, &inside].concat()), "{length}");
        }
    }
}
