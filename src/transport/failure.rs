//! From ureq's errors to ours.

use super::current;
use super::timings::Step;
use super::tls::CutOff;
use super::verifier::Flaw;
use crate::error::{Error, ErrorKind};
use crate::scrub::Scrub;
use std::fmt;
use std::io;

/// The phases of connecting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Dns,
    Proxy,
    Connect,
    Tls,
}

impl Stage {
    pub(super) fn step(self) -> Step {
        match self {
            Stage::Dns => Step::Dns,
            Stage::Proxy => Step::Proxy,
            Stage::Connect => Step::Connect,
            Stage::Tls => Step::Tls,
        }
    }
}

/// An error together with the stage that it happened in.
#[derive(Debug)]
pub(super) struct Staged {
    stage: Stage,
    source: ureq::Error,
}

impl Staged {
    /// Tags an error that has no tag.
    pub(super) fn tag(stage: Stage, error: ureq::Error) -> ureq::Error {
        match error {
            ureq::Error::Other(inner) if inner.is::<Staged>() => ureq::Error::Other(inner),
            source => ureq::Error::Other(Box::new(Staged { stage, source })),
        }
    }
}

impl fmt::Display for Staged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.source)
    }
}

impl std::error::Error for Staged {}

/// An error from before the head of an answer was there.
pub(super) fn before_answer(error: ureq::Error) -> Error {
    match error {
        ureq::Error::Timeout(_) => Error::new(ErrorKind::Timeout),
        ureq::Error::Other(inner) => match inner.downcast::<Staged>() {
            Ok(staged) => match staged.stage {
                stage if matches!(staged.source, ureq::Error::Timeout(_)) => timeout(stage),
                Stage::Dns => Error::new(ErrorKind::Dns).remark(reason(&staged.source)),
                Stage::Proxy => proxy(staged.source),
                Stage::Connect => Error::new(ErrorKind::Connect).remark(reason(&staged.source)),
                Stage::Tls => tls(&staged.source),
            },
            Err(inner) => Error::new(ErrorKind::Internal).remark(inner.to_string()),
        },
        ureq::Error::LargeResponseHeader(..) => {
            Error::new(ErrorKind::NotHttp).remark("The head of its answer is too large")
        }
        ureq::Error::Protocol(fault) => not_http(&fault),
        ureq::Error::Io(source) if is_out_of_memory(&source) => Error::new(ErrorKind::OutOfMemory),
        // TLS alerts after the handshake, such as a client certificate that the server misses, arrive as data errors.
        ureq::Error::Io(source) if source.kind() == io::ErrorKind::InvalidData => tls(&ureq::Error::Io(source)),
        ureq::Error::Io(source) => connection_lost(&source),
        other => Error::new(ErrorKind::Internal).remark(other.to_string()),
    }
}

/// An error from the middle of an answer's body.
pub(super) fn within_answer(error: io::Error) -> Error {
    match ureq::Error::from(error) {
        ureq::Error::Timeout(_) => Error::new(ErrorKind::Timeout),
        ureq::Error::Protocol(fault) => not_http(&fault),
        ureq::Error::BodyStalled => {
            Error::new(ErrorKind::TruncatedResponse).remark("It ended in the middle of a chunk")
        }
        ureq::Error::Io(source) if is_out_of_memory(&source) => Error::new(ErrorKind::OutOfMemory),
        ureq::Error::Io(source) => Error::new(ErrorKind::TruncatedResponse).remark(os_text(&source)),
        other => Error::new(ErrorKind::TruncatedResponse).remark(other.to_string()),
    }
}

/// In ureq's words, but for those which end with a part of the answer.
fn not_http(fault: &impl fmt::Display) -> Error {
    let error = Error::new(ErrorKind::NotHttp);
    let fault = fault.to_string();
    match fault.split_once(": ") {
        None => error.remark(format!("What is wrong: {fault}")),
        Some(("http parse fail", fault)) => error.remark(format!("What is wrong: {fault}")),
        Some(_) => error,
    }
}

/// Whether a buffer of the library's own could not grow. The same from the system, wrapped as its errors are, is an error of
/// the connection.
fn is_out_of_memory(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::OutOfMemory
}

/// There was no time for the request itself.
fn timeout(stage: Stage) -> Error {
    Error::new(ErrorKind::Timeout).remark(match stage {
        Stage::Dns => "The time ran out while looking up the server's name",
        Stage::Proxy => "The time ran out while connecting through the proxy",
        Stage::Connect => "The time ran out while connecting",
        Stage::Tls => "The time ran out in the TLS handshake",
    })
}

fn connection_lost(source: &io::Error) -> Error {
    Error::new(ErrorKind::ConnectionLost).remark(os_text(source))
}

fn reason(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Io(source) => os_text(source),
        other => other.to_string(),
    }
}

/// An error of the library's own, to be carried through ureq by a connector.
pub(super) fn carried(error: Error) -> ureq::Error {
    ureq::Error::Other(Box::new(error))
}

/// What the proxy has said, or else what kept it from saying anything.
fn proxy(error: ureq::Error) -> Error {
    let unusable = Error::new(ErrorKind::Proxy);
    match error {
        ureq::Error::Other(inner) => match inner.downcast::<Error>() {
            Ok(said) => *said,
            Err(inner) => unusable.remark(inner.to_string()),
        },
        ureq::Error::Io(source) if source.kind() == io::ErrorKind::UnexpectedEof => {
            unusable.remark("The proxy closed the connection")
        }
        other => unusable.remark(reason(&other)),
    }
}

/// RFC 6585: what stands between says so itself.
pub(crate) const NETWORK_WANTS_SIGN_IN: &str =
    "The network wants you to sign in or to agree first, in a browser (HTTP status 511)";

/// A proxy's HTTP status in place of a connection or of the server's answer.
pub(crate) fn proxy_refused(status: u16) -> Error {
    let remark = match status {
        407 => "The proxy wants a user name and a password (HTTP status 407)".to_owned(),
        511 => NETWORK_WANTS_SIGN_IN.to_owned(),
        300..=399 => format!(
            "It answered with HTTP status {status}: the network may want you to sign in or to agree first, in a browser"
        ),
        status => format!("The proxy answered with HTTP status {status}"),
    };
    Error::new(ErrorKind::Proxy).remark(remark).lasting()
}

/// An error of TLS, named where it has a name. It can pass by itself where the connection broke during the handshake.
fn tls(error: &ureq::Error) -> Error {
    let rustls = match error {
        ureq::Error::Io(source) => source.get_ref().and_then(|inner| inner.downcast_ref()),
        _ => None,
    };
    let Some(rustls) = rustls else {
        return match error {
            // Such as a message that is longer than any that rustls takes.
            ureq::Error::Io(source) if source.kind() == io::ErrorKind::InvalidData => tls_fault(reason(error)),
            _ => Error::new(ErrorKind::Tls).remark(reason(error)),
        };
    };
    match rustls {
        rustls::Error::InvalidCertificate(problem) => certificate(problem),
        rustls::Error::InvalidMessage(_) => someone_between(Error::new(ErrorKind::NotTls)),
        rustls::Error::AlertReceived(alert) => alert_received(*alert),
        rustls::Error::PeerIncompatible(_) => no_safe_tls(),
        rustls::Error::FailedToGetCurrentTime => {
            Error::new(ErrorKind::CertificateExpired).remark("This machine's clock is set to before 1970")
        }
        other => tls_fault(other.to_string()),
    }
}

fn tls_fault(why: impl Into<String>) -> Error {
    Error::new(ErrorKind::Tls).remark(why).lasting()
}

fn no_safe_tls() -> Error {
    tls_fault("The server offers no version or cipher of TLS that is safe to use")
}

/// Whether a server that says this has not taken up the request: with TLS 1.3 it looks at the client's certificate when the
/// request is on its way already.
pub(crate) fn refuses_client(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::ClientCertificateRequired | ErrorKind::ClientCertificateRejected)
}

fn certificate(problem: &rustls::CertificateError) -> Error {
    use rustls::CertificateError as Problem;
    match problem {
        // Bad is the signature also where another authority of the same name made it.
        Problem::UnknownIssuer | Problem::BadSignature => someone_between(Error::new(ErrorKind::CertificateUntrusted)),
        Problem::NotValidForName => someone_between(Error::new(ErrorKind::CertificateWrongHost)),
        Problem::NotValidForNameContext { presented, .. } => {
            let error = Error::new(ErrorKind::CertificateWrongHost);
            someone_between(error.remark(format!("It is for {}", hosts(presented))))
        }
        Problem::Expired | Problem::ExpiredContext { .. } => {
            Error::new(ErrorKind::CertificateExpired).remark("It has expired")
        }
        Problem::NotValidYet | Problem::NotValidYetContext { .. } => {
            Error::new(ErrorKind::CertificateExpired).remark("It is not valid yet")
        }
        Problem::Revoked => Error::new(ErrorKind::CertificateRevoked),
        Problem::Other(other) => match other.0.downcast_ref() {
            Some(flaw) => flawed(flaw),
            None => Error::new(ErrorKind::CertificateUntrusted).remark(format!("It can't be used: {other}")),
        },
        other => tls_fault(format!("The server's certificate can't be used: {other}")),
    }
}

/// What a network's sign-in page looks like over https, and a proxy that opens TLS.
fn someone_between(error: Error) -> Error {
    error.remark("It may be a network's sign-in page or a proxy that answered in the server's place")
}

/// The hosts that a certificate names, which come as `DnsName("host")` and `IpAddress(1.2.3.4)`. Some have very many.
fn hosts(names: &[String]) -> String {
    const SHOWN: usize = 3;
    let bare = |name: &String| {
        let inside = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
        // A name may hold anything that an authority puts its name to.
        Scrub::new(&Vec::new).show(inside.unwrap_or(name).trim_matches('"'))
    };
    let shown: Vec<String> = names.iter().take(SHOWN).map(bare).collect();
    match names.len() {
        0 => "no host at all (the host has to be a subject alternative name)".to_owned(),
        count if count > SHOWN => format!("{} and {} others", shown.join(", "), count.saturating_sub(SHOWN)),
        _ => shown.join(", "),
    }
}

fn flawed(flaw: &Flaw) -> Error {
    let untrusted = Error::new(ErrorKind::CertificateUntrusted);
    match flaw {
        Flaw::SelfSigned => someone_between(untrusted.remark("It is self-signed")),
        Flaw::Authority => someone_between(
            untrusted.remark("It is that of an authority (or self-signed like one), not that of a server"),
        ),
        Flaw::Alone => someone_between(
            untrusted.remark("The server sends it alone, without the certificates that lead to an authority"),
        ),
        Flaw::WrongOrder => {
            untrusted.remark("The server sends its certificates in the wrong order: its own must be the first")
        }
        Flaw::NotPinned(key) => {
            let error = Error::new(ErrorKind::CertificateNotPinned);
            match key {
                Some(pin) => error.remark(format!("The server's own key is {pin}")),
                None => error,
            }
        }
    }
}

/// The server's word on why it ends the connection. What it says about certificates is about the client's, if there is one.
fn alert_received(alert: rustls::AlertDescription) -> Error {
    use rustls::AlertDescription as Alert;
    let required = || Error::new(ErrorKind::ClientCertificateRequired);
    let its_word = format!("The server says {alert:?}");
    let rejected = |why: &str| {
        if current::lacks_certificate() {
            required().remark(its_word.as_str())
        } else if current::has_certificate() {
            Error::new(ErrorKind::ClientCertificateRejected).remark(why)
        } else {
            tls_fault(its_word.as_str())
        }
    };
    match alert {
        Alert::CertificateRequired | Alert::NoCertificate => required(),
        // Before TLS 1.3 there was no word of its own for a certificate that is missing.
        Alert::HandshakeFailure if current::lacks_certificate() => required(),
        Alert::UnknownCA => rejected("The server does not trust its authority"),
        Alert::CertificateExpired => rejected("It has expired"),
        Alert::CertificateRevoked => rejected("It has been revoked"),
        Alert::BadCertificate | Alert::UnsupportedCertificate | Alert::CertificateUnknown | Alert::AccessDenied => {
            rejected(&its_word)
        }
        Alert::HandshakeFailure => {
            tls_fault("The server ended TLS: there is no common cipher, or it wants a client certificate")
        }
        Alert::ProtocolVersion => no_safe_tls(),
        other => tls_fault(format!("The server ended TLS: {other:?}")),
    }
}

/// What an error of a connection says, as a sentence.
fn os_text(source: &io::Error) -> String {
    match source.get_ref() {
        Some(inner) if inner.is::<CutOff>() => inner.to_string(),
        Some(inner) if inner.is::<rustls::Error>() => format!("TLS failed: {inner}"),
        // It can be ureq that says so.
        _ if source.kind() == io::ErrorKind::UnexpectedEof => "The other side closed the connection".to_owned(),
        _ => format!("The system says: {}", source.to_string().trim_end_matches('.')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pin::Pin;
    use rustls::{AlertDescription as Alert, CertificateError as Problem};

    fn named(error: rustls::Error) -> Error {
        before_answer(Staged::tag(Stage::Tls, io::Error::new(io::ErrorKind::InvalidData, error).into()))
    }

    /// What no server of the tests can bring about, a platform's verifier or a strange server can.
    #[test]
    fn what_is_wrong_with_a_certificate_is_named() {
        for (problem, kind) in [
            (Problem::UnknownIssuer, ErrorKind::CertificateUntrusted),
            (Problem::BadSignature, ErrorKind::CertificateUntrusted),
            (Problem::NotValidForName, ErrorKind::CertificateWrongHost),
            (Problem::Expired, ErrorKind::CertificateExpired),
            (Problem::NotValidYet, ErrorKind::CertificateExpired),
            (Problem::Revoked, ErrorKind::CertificateRevoked),
            (Problem::BadEncoding, ErrorKind::Tls),
        ] {
            assert_eq!(named(rustls::Error::InvalidCertificate(problem)).kind(), kind);
        }
        assert!(!named(rustls::Error::NoCertificatesPresented).is_retryable());
        assert_eq!(named(Flaw::SelfSigned.into()).kind(), ErrorKind::CertificateUntrusted);
        assert_eq!(named(Flaw::NotPinned(Some(Pin::of_key(b""))).into()).kind(), ErrorKind::CertificateNotPinned);
    }

    #[test]
    fn what_rustls_can_not_take_stays_so_and_a_broken_handshake_does_not() {
        assert_eq!(named(rustls::Error::FailedToGetCurrentTime).kind(), ErrorKind::CertificateExpired);
        for (kind, is_retryable) in [(io::ErrorKind::InvalidData, false), (io::ErrorKind::ConnectionReset, true)] {
            let error = before_answer(Staged::tag(Stage::Tls, io::Error::new(kind, "message buffer full").into()));
            assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Tls, is_retryable));
        }
    }

    #[test]
    fn a_server_that_speaks_no_safe_tls_is_named() {
        for fault in [
            rustls::Error::AlertReceived(Alert::ProtocolVersion),
            rustls::Error::PeerIncompatible(rustls::PeerIncompatible::NoCipherSuitesInCommon),
        ] {
            let error = named(fault);
            assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Tls, false));
            assert!(error.to_string().contains("no version or cipher of TLS that is safe to use"), "{error}");
        }
    }

    #[test]
    fn what_there_is_no_memory_for_has_not_broken_off() {
        let error = || io::Error::from(io::ErrorKind::OutOfMemory);
        assert_eq!(before_answer(error().into()).kind(), ErrorKind::OutOfMemory);
        assert_eq!(within_answer(error()).kind(), ErrorKind::OutOfMemory);
    }

    #[test]
    fn the_servers_word_on_the_clients_certificate_is_named() {
        for (alert, kind) in [
            (Alert::CertificateRequired, ErrorKind::ClientCertificateRequired),
            (Alert::NoCertificate, ErrorKind::ClientCertificateRequired),
            (Alert::AccessDenied, ErrorKind::ClientCertificateRejected),
            (Alert::UnknownCA, ErrorKind::ClientCertificateRejected),
            (Alert::CertificateRevoked, ErrorKind::ClientCertificateRejected),
            (Alert::BadCertificate, ErrorKind::ClientCertificateRejected),
            (Alert::CertificateExpired, ErrorKind::ClientCertificateRejected),
            (Alert::UnsupportedCertificate, ErrorKind::ClientCertificateRejected),
            (Alert::CertificateUnknown, ErrorKind::ClientCertificateRejected),
            (Alert::HandshakeFailure, ErrorKind::Tls),
            (Alert::ProtocolVersion, ErrorKind::Tls),
        ] {
            for (has_certificate, kind) in [
                (true, kind),
                // Where there is none and none was asked for, it is about something else.
                (false, if kind == ErrorKind::ClientCertificateRejected { ErrorKind::Tls } else { kind }),
            ] {
                current::run(&current::Limits { has_certificate, ..current::Limits::patient() }, || {
                    assert_eq!(named(rustls::Error::AlertReceived(alert)).kind(), kind, "{alert:?}");
                });
            }
        }
    }

    #[test]
    fn who_has_no_certificate_is_not_told_that_it_is_no_good() {
        current::run(&current::Limits::patient(), || {
            current::note_certificate_lacking();
            for alert in [
                Alert::BadCertificate,
                Alert::CertificateUnknown,
                Alert::AccessDenied,
                Alert::HandshakeFailure,
                Alert::UnknownCA,
                Alert::CertificateExpired,
                Alert::CertificateRevoked,
                Alert::UnsupportedCertificate,
            ] {
                let error = named(rustls::Error::AlertReceived(alert));
                assert_eq!(error.kind(), ErrorKind::ClientCertificateRequired, "{alert:?}");
                assert!(!error.to_string().contains("It has"), "{error}");
            }
        });
    }

    #[test]
    fn hosts_are_shown_bare_and_not_all_of_them() {
        let names = |names: &[&str]| hosts(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert!(names(&[]).starts_with("no host at all"));
        assert_eq!(names(&["DnsName(\"a.example\")", "IpAddress(1.2.3.4)"]), "a.example, 1.2.3.4");
        assert_eq!(names(&["a", "b", "c", "d", "e"]), "a, b, c and 2 others");
        assert_eq!(names(&["DnsName(\"a\n\u{1b}[2J\0b\")"]), "a  [2J b");
        assert!(names(&[&"x".repeat(3000)]).len() < 400);
    }

    #[test]
    fn as_many_hosts_as_are_shown_leave_no_others() {
        let names = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(hosts(&names), "a, b, c");
    }
}
