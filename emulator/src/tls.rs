//! A certificate authority, made at start and gone at the end: its key never leaves the memory.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::clock::Civil;

const DAY: i64 = 86_400;

/// What a server that speaks TLS needs, and what its clients need.
pub(crate) struct Identity {
    pub(crate) server: Arc<ServerConfig>,
    pub(crate) authority_pem: String,
}

/// A certificate for localhost, the loopback addresses and this host, signed by an authority made for it.
pub(crate) fn identity(host: &str, now: i64) -> io::Result<Identity> {
    make(host, now).map_err(|error| io::Error::other(format!("the TLS certificate: {error}")))
}

fn make(host: &str, now: i64) -> Result<Identity, Box<dyn std::error::Error + Send + Sync>> {
    let authority_key = KeyPair::generate()?;
    let mut authority = parameters(Vec::new(), "OAuthApp emulator authority", now)?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority_pem = authority.self_signed(&authority_key)?.pem();
    let issuer = Issuer::new(authority, authority_key);

    let key = KeyPair::generate()?;
    let mut names = vec!["localhost".to_owned(), Ipv4Addr::LOCALHOST.to_string(), Ipv6Addr::LOCALHOST.to_string()];
    let is_anything = host.parse().is_ok_and(|ip: IpAddr| ip.is_unspecified());
    if !is_anything && !names.iter().any(|name| name == host) {
        names.push(host.to_owned());
    }
    let mut server = parameters(names, "OAuthApp emulator", now)?;
    server.use_authority_key_identifier_extension = true;
    server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let certificate = server.signed_by(&key, &issuer)?;

    // The provider is named, since a program may have more than one and none as its default.
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Identity { server: Arc::new(config), authority_pem })
}

/// Valid for a year, which is more than any run, and since yesterday, for clocks that are slow.
fn parameters(names: Vec<String>, common_name: &str, now: i64) -> Result<CertificateParams, rcgen::Error> {
    let date = |unix| {
        let Civil { year, month, day, .. } = Civil::from_unix(unix);
        let small = |number: i64| u8::try_from(number).expect("months and days are small");
        rcgen::date_time_ymd(i32::try_from(year).expect("this century"), small(month), small(day))
    };
    let mut parameters = CertificateParams::new(names)?;
    parameters.distinguished_name.push(DnType::CommonName, common_name);
    parameters.not_before = date(now - DAY);
    parameters.not_after = date(now + 365 * DAY);
    Ok(parameters)
}
