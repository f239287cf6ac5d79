//! Plain and TLS connections to the server.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject};
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, StreamOwned};
use std::error::Error;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

/// What both kinds of connection can do.
pub trait Connection: Read + Write + Send + Sync {}

impl<T: Read + Write + Send + Sync> Connection for T {}

/// A connection to the server, with TLS where there is a configuration for it.
///
/// # Errors
/// Where it can't be made.
pub fn connect(address: &str, tls: Option<&Arc<ClientConfig>>) -> Result<Box<dyn Connection>, Box<dyn Error>> {
    let socket = TcpStream::connect(address)?;
    socket.set_nodelay(true)?;
    // The cheapest deadline there is. It does not hold against a server that dribbles.
    socket.set_read_timeout(Some(Duration::from_secs(30)))?;
    let Some(tls) = tls else { return Ok(Box::new(socket)) };
    let session = ClientConnection::new(Arc::clone(tls), ServerName::from(socket.peer_addr()?.ip()))?;
    Ok(Box::new(StreamOwned::new(session, socket)))
}

/// TLS for clients that believe this authority, PEM text.
///
/// # Panics
/// Where it is none.
#[must_use]
pub fn tls_config(authority: &str) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.as_bytes()).expect("PEM")).expect("a certificate");
    let builder = ClientConfig::builder_with_provider(tls_provider())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .expect("TLS 1.3 with a cipher suite of it");
    Arc::new(builder.with_root_certificates(roots).with_no_client_auth())
}

/// TLS 1.3 with the one cipher suite that all clients prefer anyway, so that all do the same work.
#[must_use]
pub fn tls_provider() -> Arc<rustls::crypto::CryptoProvider> {
    let mut provider = rustls::crypto::ring::default_provider();
    provider.cipher_suites = vec![rustls::crypto::ring::cipher_suite::TLS13_AES_256_GCM_SHA384];
    Arc::new(provider)
}

/// A certificate authority, PEM text, and a server at 127.0.0.1 that it vouches for.
///
/// # Errors
/// None that is to be expected.
pub fn identity() -> Result<(String, Arc<ServerConfig>), Box<dyn Error>> {
    let mut authority = CertificateParams::new([])?;
    authority.distinguished_name.push(DnType::CommonName, "Benchmark authority");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority_key = KeyPair::generate()?;
    let pem = authority.self_signed(&authority_key)?.pem();
    let key = KeyPair::generate()?;
    let certificate =
        CertificateParams::new(["127.0.0.1".to_owned()])?.signed_by(&key, &Issuer::new(authority, authority_key))?;
    let server = ServerConfig::builder_with_provider(tls_provider())
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))?;
    Ok((pem, Arc::new(server)))
}

/// Reads one HTTP message with a Content-Length into the buffer. Gives the length of its head and of its body, or `None`
/// where the other side has closed the connection before it.
///
/// # Errors
/// What reading gives; and a message that ends early or does not fit.
pub fn read_message(connection: &mut impl Read, buffer: &mut [u8]) -> io::Result<Option<(usize, usize)>> {
    let mut filled = 0;
    loop {
        let read = connection.read(buffer.get_mut(filled..).unwrap_or_default())?;
        if read == 0 {
            return if filled == 0 { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
        }
        filled += read;
        let message = buffer.get(..filled).unwrap_or_default();
        let Some(head) = message.windows(4).position(|four| four == b"\r\n\r\n").map(|position| position + 4) else {
            continue;
        };
        let body = content_length(message.get(..head).unwrap_or_default())?;
        if filled >= head + body {
            return Ok(Some((head, body)));
        }
    }
}

fn content_length(head: &[u8]) -> io::Result<usize> {
    const NAME: &[u8] = b"content-length:";
    head.split(|byte| *byte == b'\n')
        .find(|line| line.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME)))
        .and_then(|line| std::str::from_utf8(line.get(NAME.len()..)?).ok()?.trim().parse().ok())
        .ok_or_else(|| io::Error::other("a message without a Content-Length"))
}
