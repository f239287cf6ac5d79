//! Certificates with every fault that they can have.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, PublicKeyData};
use ring::digest::{SHA256, digest};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// A certificate authority of the tests' own.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub pem: String,
    pub der: CertificateDer<'static>,
    pub pin: String,
}

/// What a server, or a client, has to show who it is.
pub struct Identity {
    pub chain: Vec<CertificateDer<'static>>,
    pub key: KeyPair,
}

impl Authority {
    pub fn new(name: &str) -> Self {
        let (params, key) = (params(name), KeyPair::generate().unwrap());
        let certificate = params.self_signed(&key).unwrap();
        Authority::of(params, key, &certificate)
    }

    /// An authority that this one vouches for.
    pub fn between(&self, name: &str) -> Self {
        let (params, key) = (params(name), KeyPair::generate().unwrap());
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Authority::of(params, key, &certificate)
    }

    fn of(params: CertificateParams, key: KeyPair, certificate: &Certificate) -> Self {
        let (pem, der, pin) = (certificate.pem(), certificate.der().clone(), pin(&key));
        Authority { issuer: Issuer::new(params, key), pem, der, pin }
    }

    /// A certificate of this authority alone, without what leads to it.
    pub fn sign(&self, params: &CertificateParams) -> Identity {
        self.sign_key(params, KeyPair::generate().unwrap())
    }

    /// The same for this key.
    pub fn sign_key(&self, params: &CertificateParams, key: KeyPair) -> Identity {
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Identity { chain: vec![certificate.der().clone()], key }
    }

    /// A good certificate for this host.
    pub fn identity(&self, host: &str) -> Identity {
        self.sign(&for_host(host))
    }
}

impl Identity {
    /// One that nobody has signed but itself.
    pub fn self_signed(params: &CertificateParams) -> Self {
        let key = KeyPair::generate().unwrap();
        Identity { chain: vec![params.self_signed(&key).unwrap().der().clone()], key }
    }

    /// The same with these certificates sent along.
    pub fn and(mut self, others: &[&Authority]) -> Self {
        self.chain.extend(others.iter().map(|other| other.der.clone()));
        self
    }

    pub fn key_der(&self) -> PrivateKeyDer<'static> {
        self.key.serialize_der().try_into().unwrap()
    }

    /// The chain as PEM.
    pub fn pem(&self) -> String {
        self.chain.iter().map(|certificate| pem("CERTIFICATE", certificate)).collect()
    }

    pub fn pin(&self) -> String {
        pin(&self.key)
    }
}

/// Parameters for a server's certificate.
pub fn for_host(host: &str) -> CertificateParams {
    CertificateParams::new([host.to_owned()]).unwrap()
}

/// Parameters for an authority's certificate.
fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

pub fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

fn pin(key: &KeyPair) -> String {
    format!("sha256/{}", STANDARD.encode(digest(&SHA256, &key.subject_public_key_info())))
}
