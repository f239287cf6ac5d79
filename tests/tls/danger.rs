//! The one setting that leaves certificates unverified.

use super::server::{Server, call};
use crate::support::authority::{Authority, Identity, for_host};
use oauthapp::{Client, ErrorKind, Pin, Roots, Trust};
use rcgen::date_time_ymd;

#[test]
fn every_certificate_of_this_machine_is_taken_when_asked_for() {
    let mut params = for_host("other.example");
    (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
    let server = Server::with(Identity::self_signed(&params));
    assert_eq!(call(&server.client().build().unwrap()).unwrap_err().kind(), ErrorKind::CertificateExpired);
    for host in ["localhost", "127.0.0.1"] {
        let url = server.url.replace("localhost", host);
        let client = server.client().base_url(url).danger_accept_any_certificate_on_loopback(true);
        call(&client.build().unwrap()).unwrap();
    }
}

#[test]
fn it_works_toward_nothing_else() {
    let authority = Authority::new("authority");
    let roots = Roots::from_pem(authority.pem.as_bytes()).unwrap();
    let any = |url: &str| Client::builder(2).base_url(url).danger_accept_any_certificate_on_loopback(true);
    for url in ["https://localhost", "https://127.255.0.1:1", "https://[::1]", "http://localhost"] {
        any(url).build().unwrap();
        let refused = [
            any(url).proxy("http://proxy.example:8080"),
            any(url).proxy("http://127.0.0.1:8080"),
            any(url).trust(Trust::Only(roots.clone())),
            any(url).trust(Trust::MozillaAnd(roots.clone())),
            any(url).pin(Pin::from_sha256([0; 32])),
        ];
        for client in refused {
            assert_eq!(client.build().unwrap_err().kind(), ErrorKind::VerificationRequired);
        }
    }
    for url in [
        "https://www.oauthapp.com",
        "https://localhost.example.com",
        "https://127.0.0.1.example.com",
        "https://10.0.0.1",
        "https://[::2]",
        "https://0.0.0.0",
    ] {
        assert_eq!(any(url).build().unwrap_err().kind(), ErrorKind::VerificationRequired, "{url}");
        any(url).danger_accept_any_certificate_on_loopback(false).build().unwrap();
    }
}
