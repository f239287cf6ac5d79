//! From ureq's errors to ours.

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

/// An error together with the stage that it happened in.
#[derive(Debug)]
pub(super) struct Staged {
    stage: Stage,
    source: ureq::Error,
}

impl Staged {
    /// Tags an error; a timeout stays what it is, and the proxy's stage takes the place of the ones inside it.
    pub(super) fn tag(stage: Stage, error: ureq::Error) -> ureq::Error {
        match error {
            ureq::Error::Timeout(_) => error,
            ureq::Error::Other(inner) => match inner.downcast::<Staged>() {
                Ok(staged) if stage == Stage::Proxy => Self::boxed(stage, staged.source),
                Ok(staged) => ureq::Error::Other(staged),
                Err(inner) => Self::boxed(stage, ureq::Error::Other(inner)),
            },
            source => Self::boxed(stage, source),
        }
    }

    fn boxed(stage: Stage, source: ureq::Error) -> ureq::Error {
        ureq::Error::Other(Box::new(Staged { stage, source }))
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
            Ok(staged) => Error::new(match staged.stage {
                Stage::Dns => ErrorKind::Dns,
                Stage::Proxy => ErrorKind::Proxy,
                Stage::Connect => ErrorKind::Connect,
                Stage::Tls => ErrorKind::Tls,
            })
            .remark(reason(&staged.source)),
            Err(inner) => Error::new(ErrorKind::Internal).remark(inner.to_string()),
        },
        ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => Error::new(ErrorKind::NotHttp),
        // TLS alerts after the handshake, such as a client certificate that the server misses, arrive as data errors.
        ureq::Error::Io(source) if source.kind() == io::ErrorKind::InvalidData => {
            Error::new(ErrorKind::Tls).remark(reason(&ureq::Error::Io(source)))
        }
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
        ureq::Error::Io(source) => match source.get_ref().and_then(|inner| inner.downcast_ref()) {
            Some(tls) => tls_reason(tls),
            None if source.kind() == io::ErrorKind::UnexpectedEof => "The other side closed the connection".to_owned(),
            None => os_text(source),
        },
        ureq::Error::Rustls(source) => tls_reason(source),
        ureq::Error::ConnectProxyFailed(answer) => proxy_reason(answer),
        other => other.to_string(),
    }
}

/// ureq keeps a proxy's refusal as a text that has the status in it.
fn proxy_reason(answer: &str) -> String {
    let is_status = |part: &&str| part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    match answer.split(['/', ' ']).find(is_status) {
        Some("407") => "The proxy wants a user name and a password (HTTP status 407)".to_owned(),
        Some(status) => format!("The proxy answered with HTTP status {status}"),
        None => "The proxy did not answer".to_owned(),
    }
}

/// What was wrong with a TLS handshake, for people.
fn tls_reason(error: &rustls::Error) -> String {
    use rustls::CertificateError as Certificate;
    let known = match error {
        rustls::Error::InvalidCertificate(problem) => match problem {
            // Bad is the signature also where another authority of the same name made it.
            Certificate::UnknownIssuer | Certificate::BadSignature => {
                "The server's certificate is not from a trusted authority"
            }
            Certificate::NotValidForName | Certificate::NotValidForNameContext { .. } => {
                "The server's certificate is for another host"
            }
            Certificate::Expired | Certificate::ExpiredContext { .. } => {
                "The server's certificate has expired, or this machine's clock is wrong"
            }
            Certificate::NotValidYet | Certificate::NotValidYetContext { .. } => {
                "The server's certificate is not valid yet, or this machine's clock is wrong"
            }
            Certificate::Revoked => "The server's certificate has been revoked",
            _ => return format!("The server's certificate can't be trusted: {problem}"),
        },
        rustls::Error::InvalidMessage(_) => "What answered does not speak TLS",
        rustls::Error::AlertReceived(alert) => return format!("The server ended the handshake: {alert:?}"),
        rustls::Error::PeerIncompatible(_) => "The server offers no version or cipher of TLS that is safe to use",
        _ => return error.to_string(),
    };
    known.to_owned()
}

/// The system's text for an error, as a sentence.
fn os_text(source: &io::Error) -> String {
    format!("The system says: {}", source.to_string().trim_end_matches('.'))
}
