//! From ureq's errors to ours.

use super::timings::Step;
use crate::error::{Error, ErrorKind};
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
    /// Tags an error; a timeout stays what it is, and so does an error that has a tag.
    pub(super) fn tag(stage: Stage, error: ureq::Error) -> ureq::Error {
        match error {
            ureq::Error::Timeout(_) => error,
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
        ureq::Error::Timeout(phase) => timeout(phase),
        ureq::Error::Other(inner) => match inner.downcast::<Staged>() {
            Ok(staged) => match staged.stage {
                Stage::Dns => Error::new(ErrorKind::Dns).remark(reason(&staged.source)),
                Stage::Proxy => proxy(staged.source),
                Stage::Connect => Error::new(ErrorKind::Connect).remark(reason(&staged.source)),
                Stage::Tls => tls(&staged.source),
            },
            Err(inner) => Error::new(ErrorKind::Internal).remark(inner.to_string()),
        },
        ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => Error::new(ErrorKind::NotHttp),
        // TLS alerts after the handshake, such as a client certificate that the server misses, arrive as data errors.
        ureq::Error::Io(source) if source.kind() == io::ErrorKind::InvalidData => tls(&ureq::Error::Io(source)),
        ureq::Error::Io(source) => connection_lost(&source),
        other => Error::new(ErrorKind::Internal).remark(other.to_string()),
    }
}

/// An error from the middle of an answer's body.
pub(super) fn within_answer(error: io::Error) -> Error {
    match ureq::Error::from(error) {
        ureq::Error::Timeout(phase) => timeout(phase),
        ureq::Error::Protocol(_) => Error::new(ErrorKind::NotHttp),
        ureq::Error::Io(source) => Error::new(ErrorKind::TruncatedResponse).remark(os_text(&source)),
        other => Error::new(ErrorKind::TruncatedResponse).remark(other.to_string()),
    }
}

fn timeout(phase: ureq::Timeout) -> Error {
    let error = Error::new(ErrorKind::Timeout);
    match phase {
        ureq::Timeout::Connect => error.remark("The time ran out while connecting"),
        ureq::Timeout::Resolve => error.remark("The time ran out while looking up the server's name"),
        _ => error,
    }
}

fn connection_lost(source: &io::Error) -> Error {
    Error::new(ErrorKind::ConnectionLost).remark(os_text(source))
}

fn reason(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Io(source) if source.kind() == io::ErrorKind::UnexpectedEof => {
            "The other side closed the connection".to_owned()
        }
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

/// A proxy's HTTP status in place of a connection or of the server's answer.
pub(crate) fn proxy_refused(status: u16) -> Error {
    let remark = match status {
        407 => "The proxy wants a user name and a password (HTTP status 407)".to_owned(),
        status => format!("The proxy answered with HTTP status {status}"),
    };
    Error::new(ErrorKind::Proxy).remark(remark).lasting()
}

/// An error of the TLS handshake, named where it has a name.
fn tls(error: &ureq::Error) -> Error {
    let rustls = match error {
        ureq::Error::Rustls(source) => Some(source),
        ureq::Error::Io(source) => source.get_ref().and_then(|inner| inner.downcast_ref()),
        _ => None,
    };
    let Some(rustls) = rustls else { return Error::new(ErrorKind::Tls).remark(reason(error)) };
    match rustls {
        rustls::Error::InvalidCertificate(problem) => certificate(problem),
        rustls::Error::InvalidMessage(_) => someone_between(Error::new(ErrorKind::NotTls)),
        rustls::Error::AlertReceived(alert) => {
            Error::new(ErrorKind::Tls).remark(format!("The server ended the handshake: {alert:?}"))
        }
        rustls::Error::PeerIncompatible(_) => {
            Error::new(ErrorKind::Tls).remark("The server offers no version or cipher of TLS that is safe to use")
        }
        other => Error::new(ErrorKind::Tls).remark(other.to_string()),
    }
}

fn certificate(problem: &rustls::CertificateError) -> Error {
    use rustls::CertificateError as Problem;
    match problem {
        // Bad is the signature also where another authority of the same name made it.
        Problem::UnknownIssuer | Problem::BadSignature => someone_between(Error::new(ErrorKind::CertificateUntrusted)),
        Problem::NotValidForName | Problem::NotValidForNameContext { .. } => {
            someone_between(Error::new(ErrorKind::CertificateWrongHost))
        }
        Problem::Expired | Problem::ExpiredContext { .. } => {
            Error::new(ErrorKind::CertificateExpired).remark("It has expired")
        }
        Problem::NotValidYet | Problem::NotValidYetContext { .. } => {
            Error::new(ErrorKind::CertificateExpired).remark("It is not valid yet")
        }
        Problem::Revoked => Error::new(ErrorKind::CertificateRevoked),
        // A certificate that is its own authority.
        Problem::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => {
            someone_between(Error::new(ErrorKind::CertificateUntrusted).remark("It is self-signed"))
        }
        other => Error::new(ErrorKind::Tls).remark(format!("The server's certificate can't be used: {other}")),
    }
}

/// What a network's sign-in page looks like over https, and a proxy that opens TLS.
fn someone_between(error: Error) -> Error {
    error.remark("It may be a network's sign-in page or a proxy that answered in the server's place")
}

/// The system's text for an error, as a sentence.
fn os_text(source: &io::Error) -> String {
    format!("The system says: {}", source.to_string().trim_end_matches('.'))
}
