//! Servers that want to know their clients.

use super::server::{Server, VERSIONS, answer_once, call, config};
use crate::support::authority::{Authority, Identity, for_host, pem};
use oauthapp::{ClientCertificate, ErrorKind, SignUp};
use rcgen::{ExtendedKeyUsagePurpose, date_time_ymd};
use rustls::HandshakeKind;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// A certificate with an RSA key in PKCS#1, made by openssl.
const RSA: &[u8] = include_bytes!("rsa_client.pem");

fn client_identity(authority: &Authority) -> Identity {
    let mut params = for_host("client.example");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    authority.sign(&params)
}

fn certificate(identity: &Identity) -> ClientCertificate {
    ClientCertificate::from_pem(identity.pem().as_bytes(), identity.key.serialize_pem().as_bytes()).unwrap()
}

#[test]
fn a_server_that_wants_a_certificate_gets_it_whole() {
    let (authority, clients) = (Authority::new("authority"), Authority::new("clients"));
    let between = clients.between("between");
    let identity = client_identity(&between).and(&[&between]);
    for version in VERSIONS {
        let server = config(authority.identity("localhost"), &[version], Some(&clients));
        let server = Server::start(server, answer_once);
        let client = server.client_trusting(&authority).client_certificate(certificate(&identity)).build().unwrap();
        // The second time with the session resumed, in which the certificate is remembered.
        for handshake in [HandshakeKind::Full, HandshakeKind::Resumed] {
            call(&client).unwrap();
            let seen = server.seen();
            assert_eq!((seen.client_certificates, seen.handshake), (2, Some(handshake)), "{version:?}");
        }
    }
}

#[test]
fn a_certificate_is_shown_to_nobody_who_does_not_ask() {
    let (authority, clients) = (Authority::new("authority"), Authority::new("clients"));
    let server = Server::of(&authority);
    let certificate = certificate(&client_identity(&clients));
    call(&server.client_trusting(&authority).client_certificate(certificate).build().unwrap()).unwrap();
    assert_eq!(server.seen().client_certificates, 0);
}

#[test]
fn a_certificate_that_is_missing_or_not_accepted_is_named() {
    let (authority, clients) = (Authority::new("authority"), Authority::new("clients"));
    let stranger = certificate(&client_identity(&Authority::new("stranger")));
    let mut expired = for_host("client.example");
    (expired.not_before, expired.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
    let expired = certificate(&clients.sign(&expired));
    for version in VERSIONS {
        let server = config(authority.identity("localhost"), &[version], Some(&clients));
        let server = Server::start(server, answer_once);
        let error = |certificate: Option<&ClientCertificate>| {
            let client = server.client_trusting(&authority);
            let client = match certificate {
                Some(certificate) => client.client_certificate(certificate.clone()),
                None => client,
            };
            let error = call(&client.build().unwrap()).unwrap_err();
            assert_eq!((error.is_retryable(), server.seen().answers), (false, 0));
            error
        };
        assert_eq!(error(None).kind(), ErrorKind::ClientCertificateRequired, "{version:?}");
        let error_of_stranger = error(Some(&stranger));
        assert_eq!(error_of_stranger.kind(), ErrorKind::ClientCertificateRejected, "{version:?}");
        assert!(error_of_stranger.to_string().contains("does not trust its authority"), "{error_of_stranger}");
        let error_of_expired = error(Some(&expired));
        assert_eq!(error_of_expired.kind(), ErrorKind::ClientCertificateRejected, "{version:?}");
        assert!(error_of_expired.to_string().contains("It has expired"), "{error_of_expired}");
    }
}

/// OpenSSL says so with TLS 1.2, which has no word of its own for it.
#[test]
fn a_certificate_that_is_missing_is_named_where_the_server_only_breaks_off() {
    const CERTIFICATE_REQUIRED: [u8; 7] = [21, 3, 3, 0, 2, 2, 116];
    const HANDSHAKE_FAILURE: [u8; 7] = [21, 3, 3, 0, 2, 2, 40];
    let (authority, clients) = (Authority::new("authority"), Authority::new("clients"));
    let tls_1_2 = &[&rustls::version::TLS12];
    let server = Server::start(config(authority.identity("localhost"), tls_1_2, Some(&clients)), answer_once);
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    let address = server.url.replace("https://localhost", "127.0.0.1");
    thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        let mut server = TcpStream::connect(address).unwrap();
        let (mut from_client, mut to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        thread::spawn(move || io::copy(&mut from_client, &mut to_server));
        let mut part = [0; 4096];
        while let Ok(count @ 1..) = server.read(&mut part) {
            let part = &mut part[..count];
            if part.ends_with(&CERTIFICATE_REQUIRED) {
                part[count - HANDSHAKE_FAILURE.len()..].copy_from_slice(&HANDSHAKE_FAILURE);
            }
            client.write_all(part).unwrap();
        }
    });
    let client = server.client_trusting(&authority).base_url(url).build().unwrap();
    assert_eq!(call(&client).unwrap_err().kind(), ErrorKind::ClientCertificateRequired);
}

#[test]
fn keys_are_read_in_every_usual_form() {
    let identity = client_identity(&Authority::new("clients"));
    // PKCS#8 is a wrapping: the key inside is in the older form.
    let pkcs8 = identity.key.serialize_der();
    let sec1_start = pkcs8.windows(5).position(|bytes| bytes == [0x30, 0x6b, 0x02, 0x01, 0x01]).unwrap();
    let chain = identity.pem();
    for key in [pem("PRIVATE KEY", &pkcs8), pem("EC PRIVATE KEY", &pkcs8[sec1_start..])] {
        ClientCertificate::from_pem(chain.as_bytes(), key.as_bytes()).unwrap();
        // One text for both, in either order.
        for both in [format!("{chain}{key}"), format!("{key}{chain}")] {
            ClientCertificate::from_pem(both.as_bytes(), both.as_bytes()).unwrap();
            let marked = format!("\u{feff}{both}");
            ClientCertificate::from_pem(marked.as_bytes(), marked.as_bytes()).unwrap();
        }
    }
    ClientCertificate::from_pem(RSA, RSA).unwrap();
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/rsa_client.pem");
    ClientCertificate::from_pem_files(file, file).unwrap();
}

#[test]
fn what_can_not_be_used_is_refused_before_anything_is_sent_and_shows_nothing_of_the_key() {
    let clients = Authority::new("clients");
    let (identity, other) = (client_identity(&clients), client_identity(&clients));
    let (chain, key) = (identity.pem(), identity.key.serialize_pem());
    let secret = key.lines().nth(1).unwrap().to_owned();
    let damaged = key.replace(&secret, &format!("!{secret}"));
    let not_a_key = pem("PRIVATE KEY", &identity.key.serialize_der()[2..]);
    let encrypted = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let not_a_certificate = pem("CERTIFICATE", &[0; 4]);
    let long = pem("PRIVATE KEY", &[0; 32 * 1024]);
    for (chain, key, remark) in [
        (&chain, &long, "more than 32 KiB"),
        (&long, &key, "more than 32 KiB"),
        (&chain, &other.key.serialize_pem(), "not that of the certificate"),
        (&chain, &String::new(), "holds no private key"),
        (&chain, &chain, "holds no private key"),
        (&chain, &encrypted, "not encrypted"),
        (&chain, &damaged, "The key's PEM text is damaged"),
        (&chain, &not_a_key, "damaged or of an unsupported type"),
        (&key, &key, "holds no CERTIFICATE block"),
        (&String::new(), &key, "holds no CERTIFICATE block"),
        (&chain.replace("-----END CERTIFICATE-----", ""), &key, "The certificate's PEM text is damaged"),
        (&not_a_certificate, &key, "The certificate can't be read"),
    ] {
        let error = ClientCertificate::from_pem(chain.as_bytes(), key.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidClientCertificate);
        assert!(error.to_string().contains(remark), "{remark}: {error}");
        assert!(!format!("{error:?}").contains(&secret), "{remark}");
    }
    let missing = ClientCertificate::from_pem_files("/no/such/file", "/no/such/file").unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::InvalidClientCertificate);
    let shown = format!("{:?}", certificate(&identity));
    assert!(!shown.contains(&secret) && shown == "ClientCertificate { chain: 1, .. }");
}

#[test]
fn a_sign_up_that_is_refused_for_its_certificate_is_not_in_doubt() {
    let (authority, clients) = (Authority::new("authority"), Authority::new("clients"));
    let wanting = config(authority.identity("localhost"), &[&rustls::version::TLS13], Some(&clients));
    let server = Server::start(wanting, answer_once);
    let client = server.client_trusting(&authority).build().unwrap();
    let error = client.sign_up(&SignUp::new().user_name("wwww").pwd("123456")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ClientCertificateRequired);
    assert!(!error.to_string().contains("may have been done"), "{error}");
}
