use std::io::{Read, Write};
use std::net::TcpStream;

use oauthapp_emulator::Emulator;
use serde_json::json;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::client::{Client, with};

fn trusting(pem: &str) -> Agent {
    let roots = RootCerts::new_with_certs(&[Certificate::from_pem(pem.as_bytes()).unwrap()]);
    let tls = TlsConfig::builder().root_certs(roots).build();
    Agent::config_builder().http_status_as_error(false).proxy(None).tls_config(tls).build().into()
}

fn https() -> Client {
    let client = with(Emulator::builder().https());
    let agent = trusting(client.emulator.ca_certificate_pem().unwrap());
    Client { agent, ..client }
}

#[test]
fn who_trusts_its_authority_gets_in() {
    let client = https();
    let port = client.emulator.address().port();
    assert_eq!(client.emulator.url(), format!("https://localhost:{port}"));
    client.user_call("SignUp", json!({"userName": "n", "pwd": "p"})).token();
    // By its address too.
    let mut answer = client.agent.get(format!("https://127.0.0.1:{port}/api/Apps/2/Info")).call().unwrap();
    assert!(answer.body_mut().read_to_string().unwrap().contains("开发文档"));
}

#[test]
fn who_does_not_trust_its_authority_stays_out() {
    let client = https();
    let other = https();
    for agent in [trusting(other.emulator.ca_certificate_pem().unwrap()), Agent::new_with_defaults()] {
        let error = agent.get(format!("{}/api/Apps/2/Info", client.emulator.url())).call().unwrap_err();
        assert!(error.to_string().to_lowercase().contains("certificate"), "{error}");
    }
    assert!(client.emulator.requests().is_empty());
}

#[test]
fn plain_http_is_not_spoken_there() {
    let client = https();
    let mut stream = TcpStream::connect(client.emulator.address()).unwrap();
    stream.write_all(b"GET /api/Apps/2/Info HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(!String::from_utf8_lossy(&answer).contains("HTTP/1.1"));
    assert!(client.emulator.requests().is_empty());
    client.get("/api/Apps/2/Info").data();
}

#[test]
fn plain_http_has_no_authority() {
    assert_eq!(Emulator::start().unwrap().ca_certificate_pem(), None);
}
