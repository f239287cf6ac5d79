//! A pinned key has to vouch for the server, besides an authority that is believed.

use super::server::{Server, VERSIONS, answer_once, call, config};
use crate::support::authority::{Authority, for_host};
use oauthapp::{ErrorKind, Pin, Roots, Trust};
use rustls::HandshakeKind;

/// Of a key that nobody has.
const NOBODY: Pin = Pin::from_sha256([0; 32]);

#[test]
fn every_key_from_the_servers_own_up_to_the_root_can_be_pinned() {
    let root = Authority::new("root");
    let between = root.between("between");
    let identity = between.identity("localhost").and(&[&between]);
    let pins = [identity.pin(), between.pin.clone(), root.pin.clone()];
    let server = Server::with(identity);
    for pin in pins {
        let pin = pin.parse().unwrap();
        // Alone, and with one that is not in use yet.
        call(&server.client_trusting(&root).pin(pin).build().unwrap()).unwrap();
        call(&server.client_trusting(&root).pin(NOBODY).pin(pin).build().unwrap()).unwrap();
    }
}

#[test]
fn without_a_pinned_key_nothing_is_sent() {
    let root = Authority::new("root");
    let identity = root.identity("localhost");
    let own_pin = identity.pin();
    let server = Server::with(identity);
    let error = call(&server.client_trusting(&root).pin(NOBODY).build().unwrap()).unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::CertificateNotPinned, false));
    assert!(error.to_string().contains(&own_pin), "{error}");
    assert_eq!(server.seen().answers, 0);
}

#[test]
fn a_pinned_certificate_that_is_merely_sent_along_does_not_count() {
    let (root, pinned) = (Authority::new("root"), Authority::new("pinned"));
    // It has the name of the one that signed, so that only its key tells them apart.
    let namesake = Authority::new("between");
    let between = root.between("between");
    let both =
        Trust::Only(Roots::from_pem(root.pem.as_bytes()).unwrap().and(Roots::from_pem(pinned.pem.as_bytes()).unwrap()));
    for sent_along in [&pinned, &namesake] {
        let server = Server::with(between.identity("localhost").and(&[sent_along, &between, &root]));
        let pin = sent_along.pin.parse().unwrap();
        for client in [server.client_trusting(&root), server.client().trust(both.clone())] {
            let error = call(&client.pin(pin).build().unwrap()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::CertificateNotPinned, "{error}");
        }
    }
}

#[test]
fn a_pin_takes_the_place_of_no_other_check() {
    let (root, stranger) = (Authority::new("root"), Authority::new("stranger"));
    for (identity, expected) in [
        (stranger.identity("localhost"), ErrorKind::CertificateUntrusted),
        (root.identity("other.example"), ErrorKind::CertificateWrongHost),
        (crate::support::authority::Identity::self_signed(&for_host("localhost")), ErrorKind::CertificateUntrusted),
    ] {
        let pin = identity.pin().parse().unwrap();
        let server = Server::with(identity);
        let error = call(&server.client_trusting(&root).pin(pin).build().unwrap()).unwrap_err();
        assert_eq!(error.kind(), expected, "{error}");
    }
}

#[test]
fn a_client_with_pins_resumes_its_own_sessions() {
    let root = Authority::new("root");
    for version in VERSIONS {
        let server = Server::start(config(root.identity("localhost"), &[version], None), answer_once);
        let client = server.client_trusting(&root).pin(root.pin.parse().unwrap()).build().unwrap();
        for expected in [HandshakeKind::Full, HandshakeKind::Resumed] {
            call(&client).unwrap();
            assert_eq!(server.seen().handshake, Some(expected));
        }
        let other = server.client_trusting(&root).pin(NOBODY).build().unwrap();
        assert_eq!(call(&other).unwrap_err().kind(), ErrorKind::CertificateNotPinned);
    }
}
