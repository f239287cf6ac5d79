//! What is wrong with a server's certificate or its handshake has a name, and nothing is sent to it.

mod support;

use oauthapp::{Client, Error, ErrorKind, Roots, SignIn, Trust};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ProtocolVersion, ServerConfig, ServerConnection, Stream, SupportedProtocolVersion};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

/// A certificate authority of this test's own.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    der: CertificateDer<'static>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Authority { pem: certificate.pem(), der: certificate.der().clone(), issuer: Issuer::new(params, key) }
    }

    /// A certificate of this authority, and its key.
    fn sign(&self, params: &CertificateParams) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (certificate.der().clone(), key.serialize_der().try_into().unwrap())
    }
}

fn for_host(host: &str) -> CertificateParams {
    CertificateParams::new([host.to_owned()]).unwrap()
}

/// Signs in at a server with this chain, trusting this authority. Gives what came of it, and what the server read.
fn sign_in(
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    versions: &[&'static SupportedProtocolVersion],
    trusted: &Authority,
) -> (Result<String, Error>, Option<ProtocolVersion>) {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_protocol_versions(versions).unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap());
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let client = Client::builder(2)
        .base_url(format!("https://localhost:{port}"))
        .trust(Trust::Only(Roots::from_pem(trusted.pem.as_bytes()).unwrap()))
        .build()
        .unwrap();
    thread::scope(|scope| {
        let server = scope.spawn(move || {
            let (mut socket, _) = listener.accept().unwrap();
            let mut connection = ServerConnection::new(config).unwrap();
            let mut stream = Stream::new(&mut connection, &mut socket);
            // Where the client refuses, this fails; what counts is that no request comes.
            if stream.read(&mut [0; 4096]).is_ok_and(|count| count > 0) {
                stream.write_all(&support::json("{\"code\":200,\"data\":1,\"err\":\"\"}")).unwrap();
                return connection.protocol_version();
            }
            None
        });
        let result = client.call_raw(&SignIn::new("wwww", "123456")).map(|json| json.as_str().to_owned());
        drop(client);
        (result, server.join().unwrap())
    })
}

#[test]
fn tls_1_2_and_1_3_are_spoken() {
    let authority = Authority::new();
    for (version, number) in
        [(&rustls::version::TLS12, ProtocolVersion::TLSv1_2), (&rustls::version::TLS13, ProtocolVersion::TLSv1_3)]
    {
        let (certificate, key) = authority.sign(&for_host("localhost"));
        let (result, spoken) = sign_in(vec![certificate], key, &[version], &authority);
        assert_eq!(result.unwrap(), "1");
        assert_eq!(spoken, Some(number));
    }
}

#[test]
fn a_certificate_that_is_no_good_is_named_by_its_fault() {
    use ErrorKind::{CertificateExpired, CertificateUntrusted, CertificateWrongHost};
    let (authority, stranger) = (Authority::new(), Authority::new());
    let mut expired = for_host("localhost");
    (expired.not_before, expired.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
    let mut not_yet = for_host("localhost");
    (not_yet.not_before, not_yet.not_after) = (date_time_ymd(2999, 1, 1), date_time_ymd(3000, 1, 1));
    for (params, signer, kind) in [
        (for_host("other.example"), &authority, CertificateWrongHost),
        (for_host("127.0.0.1"), &authority, CertificateWrongHost),
        (expired, &authority, CertificateExpired),
        (not_yet, &authority, CertificateExpired),
        (for_host("localhost"), &stranger, CertificateUntrusted),
    ] {
        let (certificate, key) = signer.sign(&params);
        let (result, spoken) = sign_in(vec![certificate], key, rustls::ALL_VERSIONS, &authority);
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.is_retryable(), spoken), (kind, false, None), "{error}");
        let may_be_another = error.to_string().contains("network's sign-in page");
        assert_eq!(may_be_another, kind != CertificateExpired, "{error}");
    }
}

#[test]
fn a_self_signed_certificate_and_a_chain_with_a_gap_are_untrusted() {
    let authority = Authority::new();
    let key = KeyPair::generate().unwrap();
    let self_signed = for_host("localhost").self_signed(&key).unwrap().der().clone();
    let (result, _) =
        sign_in(vec![self_signed], key.serialize_der().try_into().unwrap(), rustls::ALL_VERSIONS, &authority);
    assert_eq!(result.unwrap_err().kind(), ErrorKind::CertificateUntrusted);

    let mut own_authority = for_host("localhost");
    own_authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let certificate = own_authority.self_signed(&key).unwrap().der().clone();
    let (result, _) =
        sign_in(vec![certificate], key.serialize_der().try_into().unwrap(), rustls::ALL_VERSIONS, &authority);
    assert_eq!(result.unwrap_err().kind(), ErrorKind::CertificateUntrusted);

    // An authority in between, which the server leaves out at first, then sends after others: the order does not matter.
    let between = Authority::new();
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let between_key = KeyPair::generate().unwrap();
    let between_certificate = params.signed_by(&between_key, &authority.issuer).unwrap().der().clone();
    let issuer = Issuer::new(params, between_key);
    for (rest, trusted) in [(vec![], false), (vec![between.der.clone(), between_certificate], true)] {
        let key = KeyPair::generate().unwrap();
        let leaf = for_host("localhost").signed_by(&key, &issuer).unwrap().der().clone();
        let chain = [vec![leaf], rest].concat();
        let (result, _) = sign_in(chain, key.serialize_der().try_into().unwrap(), rustls::ALL_VERSIONS, &authority);
        assert_eq!(result.err().map(|error| error.kind()), (!trusted).then_some(ErrorKind::CertificateUntrusted));
    }
}

#[test]
fn a_handshake_that_breaks_off_is_named() {
    for answer in [&b""[..], b"\x16\x03\x03\x00\x7a\x02\x00"] {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let client = Client::builder(2).base_url(url).build().unwrap();
        thread::scope(|scope| {
            scope.spawn(move || {
                let (mut connection, _) = listener.accept().unwrap();
                assert!(connection.read(&mut [0; 4096]).unwrap() > 0, "the hello has arrived");
                connection.write_all(answer).unwrap();
            });
            let error = client.call_raw(&SignIn::new("wwww", "123456")).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Tls);
            assert!(error.to_string().contains("closed the connection"), "{error}");
        });
    }
}
