//! Which servers are believed.

use super::server::{Server, VERSIONS, answer_once, call, config};
use crate::support::authority::{Authority, Identity, for_host};
use oauthapp::{Client, ErrorKind, Pin, Roots, Trust};
use rcgen::{BasicConstraints, CustomExtension, IsCa, KeyPair, date_time_ymd};

fn roots(authority: &Authority) -> Roots {
    Roots::from_pem(authority.pem.as_bytes()).unwrap()
}

fn kind(client: &Client) -> Option<ErrorKind> {
    call(client).err().map(|error| error.kind())
}

#[test]
fn tls_1_2_and_1_3_are_spoken() {
    let authority = Authority::new("authority");
    for version in VERSIONS {
        let server = Server::start(config(authority.identity("localhost"), &[version], None), answer_once);
        call(&server.client_trusting(&authority).build().unwrap()).unwrap();
        assert_eq!(server.seen().version, Some(version.version));
    }
}

#[test]
fn a_certificate_that_is_no_good_is_named_by_its_fault() {
    use ErrorKind::{CertificateExpired, CertificateUntrusted, CertificateWrongHost};
    let (authority, stranger) = (Authority::new("authority"), Authority::new("stranger"));
    let namesake = Authority::new("authority");
    let mut expired = for_host("localhost");
    (expired.not_before, expired.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
    let mut not_yet = for_host("localhost");
    (not_yet.not_before, not_yet.not_after) = (date_time_ymd(2999, 1, 1), date_time_ymd(3000, 1, 1));
    let mut self_signed_authority = for_host("localhost");
    self_signed_authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let mut unknown_extension = for_host("localhost");
    let mut extension = CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 99_999, 1], vec![5, 0]);
    extension.set_criticality(true);
    unknown_extension.custom_extensions.push(extension);
    let between = authority.between("between");
    let good = || authority.identity("localhost");
    let first = |mut identity: Identity, other: &Authority| {
        identity.chain.insert(0, other.der.clone());
        identity
    };
    for (identity, expected, remark) in [
        (authority.identity("other.example"), CertificateWrongHost, "other.example"),
        (authority.identity("127.0.0.1"), CertificateWrongHost, "127.0.0.1"),
        (authority.sign(&expired), CertificateExpired, "It has expired"),
        (authority.sign(&not_yet), CertificateExpired, "It is not valid yet"),
        (stranger.identity("localhost"), CertificateUntrusted, "sends it alone"),
        (namesake.identity("localhost"), CertificateUntrusted, "sends it alone"),
        (stranger.identity("localhost").and(&[&stranger]), CertificateUntrusted, "not from a trusted authority"),
        (Identity::self_signed(&for_host("localhost")), CertificateUntrusted, "It is self-signed"),
        (Identity::self_signed(&self_signed_authority), CertificateUntrusted, "that of an authority"),
        (between.identity("localhost"), CertificateUntrusted, "sends it alone"),
        (authority.sign(&unknown_extension), CertificateUntrusted, "It can't be used: UnsupportedCriticalExtension"),
        (first(good(), &authority), CertificateUntrusted, "in the wrong order"),
        (first(between.identity("localhost"), &between), CertificateUntrusted, "in the wrong order"),
        (first(first(between.identity("localhost"), &between), &authority), CertificateUntrusted, "in the wrong order"),
    ] {
        let server = Server::with(identity);
        let error = call(&server.client_trusting(&authority).build().unwrap()).unwrap_err();
        assert_eq!((error.kind(), error.is_retryable()), (expected, false), "{remark}: {error}");
        assert!(error.to_string().contains(remark), "{remark}: {error}");
        assert_eq!(error.to_string().contains("alone"), remark == "sends it alone", "{error}");
        let may_be_another =
            expected != CertificateExpired && remark != "in the wrong order" && !remark.starts_with("It can't");
        assert_eq!(error.to_string().contains("network's sign-in page"), may_be_another, "{remark}: {error}");
        assert_eq!(server.seen().answers, 0, "nothing is sent: {remark}");
    }
}

#[test]
fn a_server_with_a_good_certificate_that_has_not_its_key_is_refused() {
    let authority = Authority::new("authority");
    for version in VERSIONS {
        let good = authority.identity("localhost");
        let pin = good.pin().parse().unwrap();
        let server = Server::start(
            config(Identity { key: KeyPair::generate().unwrap(), ..good }, &[version], None),
            answer_once,
        );
        for builder in [
            server.client_trusting(&authority),
            server.client_trusting(&authority).pin(pin),
            server.client().danger_accept_any_certificate_on_loopback(true),
        ] {
            let expected = Some(ErrorKind::CertificateUntrusted);
            assert_eq!(kind(&builder.build().unwrap()), expected, "{version:?}");
            assert_eq!(server.seen().answers, 0, "nothing is sent");
        }
    }
}

#[test]
fn the_order_of_what_follows_the_servers_certificate_does_not_matter() {
    let (authority, stranger) = (Authority::new("authority"), Authority::new("stranger"));
    let between = authority.between("between");
    let lowest = between.between("lowest");
    let server = Server::with(lowest.identity("localhost").and(&[&stranger, &between, &authority, &lowest]));
    call(&server.client_trusting(&authority).build().unwrap()).unwrap();
}

#[test]
fn each_trust_believes_its_authorities_and_no_others() {
    let (own, stranger) = (Authority::new("own"), Authority::new("stranger"));
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("trust");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("own.pem");
    std::fs::write(&file, &own.pem).unwrap();

    let server = Server::of(&own);
    let kind = |trust| kind(&server.client().trust(trust).build().unwrap());
    let untrusted = Some(ErrorKind::CertificateUntrusted);
    assert_eq!(kind(Trust::Mozilla), untrusted);
    assert_eq!(kind(Trust::MozillaAnd(roots(&stranger))), untrusted);
    assert_eq!(kind(Trust::MozillaAnd(roots(&own))), None);
    assert_eq!(kind(Trust::Only(roots(&stranger))), untrusted);
    assert_eq!(kind(Trust::Only(roots(&own))), None);
    assert_eq!(kind(Trust::Only(Roots::from_pem_file(&file).unwrap())), None);
    assert_eq!(kind(Trust::Only(roots(&stranger).and(roots(&own)))), None);
    // As editors on Windows write it.
    let marked = Roots::from_pem(format!("\u{feff}{}", own.pem).as_bytes()).unwrap();
    assert_eq!(kind(Trust::Only(marked)), None);
}

#[test]
fn roots_that_can_not_be_read_are_refused() {
    let missing = Roots::from_pem_file("/no/such/file").unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::InvalidCertificate);
    assert!(missing.to_string().contains("The file can't be read: "), "{missing}");
    for (pem, remark) in [
        ("", "holds no CERTIFICATE block"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "holds no CERTIFICATE block"),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n", "damaged"),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "Block 1 is not a certificate"),
    ] {
        let error = Roots::from_pem(pem.as_bytes()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidCertificate);
        assert!(error.to_string().contains(remark), "{error}");
    }
}

/// Where the system's certificates are is read from the environment, so this runs in a process of its own.
#[cfg(all(feature = "platform-verifier", target_os = "linux"))]
#[test]
fn the_platforms_authorities_are_believed_and_those_that_are_added() {
    use std::process::Command;
    const INSIDE: &str = "OAUTHAPP_TEST_PLATFORM";
    if let Ok(text) = std::env::var(INSIDE) {
        let [known_url, added_url, added_pem, added_pin]: [&str; 4] =
            text.split('|').collect::<Vec<_>>().try_into().unwrap();
        let try_both = |trust: Trust| {
            [known_url, added_url]
                .map(|url| kind(&Client::builder(2).base_url(url).max_retries(0).trust(trust.clone()).build().unwrap()))
        };
        let untrusted = Some(ErrorKind::CertificateUntrusted);
        let added = Roots::from_pem_file(added_pem).unwrap();
        if std::env::var("SSL_CERT_FILE").unwrap() == "/no/such/file" {
            let error = Client::builder(2).trust(Trust::Platform).build().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidCertificate, "{error}");
        } else {
            assert_eq!(try_both(Trust::Platform), [None, untrusted]);
            assert_eq!(try_both(Trust::PlatformAnd(added.clone())), [None, None]);
            // A root that was added can be pinned also where the server does not send it.
            let pinned = Client::builder(2).base_url(added_url).max_retries(0).pin(added_pin.parse().unwrap());
            assert_eq!(kind(&pinned.trust(Trust::PlatformAnd(added.clone())).build().unwrap()), None);
            // A pin of nobody's key lets nobody in.
            for trust in [Trust::Platform, Trust::PlatformAnd(added.clone())] {
                let pinned = Client::builder(2).base_url(known_url).max_retries(0).pin(Pin::from_sha256([0; 32]));
                assert_eq!(kind(&pinned.trust(trust).build().unwrap()), Some(ErrorKind::CertificateNotPinned));
            }
        }
        assert_eq!(try_both(Trust::Only(added)), [untrusted, None]);
        return;
    }
    let (known, added) = (Authority::new("known"), Authority::new("added"));
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("platform");
    std::fs::create_dir_all(&folder).unwrap();
    let (known_pem, added_pem) = (folder.join("known.pem"), folder.join("added.pem"));
    std::fs::write(&known_pem, &known.pem).unwrap();
    std::fs::write(&added_pem, &added.pem).unwrap();
    let (known_server, added_server) = (Server::of(&known), Server::of(&added));
    for file in [known_pem.as_path(), std::path::Path::new("/no/such/file")] {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "tls::trust::the_platforms_authorities_are_believed_and_those_that_are_added"])
            .env(INSIDE, format!("{}|{}|{}|{}", known_server.url, added_server.url, added_pem.display(), added.pin))
            .env("SSL_CERT_FILE", file)
            .env_remove("SSL_CERT_DIR")
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains("1 passed"), "{}: {text}", file.display());
    }
}

/// As `openssl req -x509` makes it: self-signed, and an authority by its own word.
#[test]
fn a_certificate_that_the_caller_has_given_is_believed_as_a_servers_too() {
    let mut params = for_host("localhost");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let trusting = |identity: &Identity| Trust::Only(Roots::from_pem(identity.pem().as_bytes()).unwrap());
    let outcome =
        |identity: Identity, trust: Trust| kind(&Server::with(identity).client().trust(trust).build().unwrap());

    let identity = Identity::self_signed(&params);
    let trust = trusting(&identity);
    assert_eq!(outcome(identity, trust.clone()), None);
    let identity = Identity::self_signed(&params);
    let beside_mozilla = Trust::MozillaAnd(Roots::from_pem(identity.pem().as_bytes()).unwrap());
    assert_eq!(outcome(identity, beside_mozilla), None);
    // One that is only like it.
    let other = Identity::self_signed(&params);
    assert_eq!(outcome(other, trust), Some(ErrorKind::CertificateUntrusted));
    let identity = Identity::self_signed(&params);
    let (trust, pin) = (trusting(&identity), identity.pin());
    let server = Server::with(identity);
    call(&server.client().trust(trust.clone()).pin(pin.parse().unwrap()).build().unwrap()).unwrap();
    let pinned = server.client().trust(trust).pin(Pin::from_sha256([0; 32])).build().unwrap();
    assert_eq!(kind(&pinned), Some(ErrorKind::CertificateNotPinned));

    let mut wrong_host = for_host("other.example");
    wrong_host.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let identity = Identity::self_signed(&wrong_host);
    let trust = trusting(&identity);
    assert_eq!(outcome(identity, trust), Some(ErrorKind::CertificateWrongHost));
    // One that an authority has signed which is not trusted, and another of that authority.
    let authority = Authority::new("authority");
    let identity = authority.identity("localhost");
    let trust = trusting(&identity);
    assert_eq!(outcome(identity, trust.clone()), None);
    assert_eq!(outcome(authority.identity("localhost"), trust), Some(ErrorKind::CertificateUntrusted));
    let identity = authority.identity("other.example");
    let trust = trusting(&identity);
    assert_eq!(outcome(identity, trust), Some(ErrorKind::CertificateWrongHost));
    (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(2021, 1, 1));
    let mut expired = for_host("localhost");
    (expired.not_before, expired.not_after) = (params.not_before, params.not_after);
    for identity in [Identity::self_signed(&params), authority.sign(&expired)] {
        let trust = trusting(&identity);
        assert_eq!(outcome(identity, trust), Some(ErrorKind::CertificateExpired));
    }
}
