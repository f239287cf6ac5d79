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
            Error::new(ErrorKind::Tls).remark(source.to_string())
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
        _ => Error::new(ErrorKind::TruncatedResponse),
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
        ureq::Error::Io(source) => os_text(source),
        ureq::Error::Rustls(source) => source.to_string(),
        ureq::Error::ConnectProxyFailed(reason) => format!("It answered {}", reason.trim_end_matches('.')),
        other => other.to_string(),
    }
}

/// The system's text for an error, as part of a sentence.
fn os_text(source: &io::Error) -> String {
    source.to_string().trim_end_matches('.').to_owned()
}
