//! The line of the log about one attempt.

use super::current;
use super::retry::Next;
use super::timings::Milliseconds;
use super::{Outgoing, Response};
use crate::error::{ErrorKind, Result};
use crate::log::{LogLevel, Logger};
use std::fmt::Write;

const TARGET: &str = "oauthapp::transport";

/// Tells how an attempt went, and what comes after it. Nothing of its header fields or bodies is told, only how long they are.
pub(super) fn attempt(
    logger: &Logger,
    outgoing: &Outgoing,
    result: &Result<Response>,
    next: &Next,
    retry: u32,
    max: u32,
) {
    let Some((timings, traffic)) = current::observed() else { return };
    let (level, outcome) = match result {
        Ok(response) if response.status < 300 => (LogLevel::Debug, format!("HTTP {}", response.status)),
        Ok(response) => (LogLevel::Warn, format!("HTTP {}", response.status)),
        Err(error) if error.kind() == ErrorKind::Cancelled => (LogLevel::Debug, "cancelled".to_owned()),
        Err(error) => (LogLevel::Warn, format!("failed ({error})")),
    };
    let connection = match (current::has_connected(), current::has_sent()) {
        (true, _) => "a new",
        (false, true) => "a reused",
        (false, false) => "no",
    };
    let mut line = format!(
        "{} {}: {outcome} after {} ms with {connection} connection ({timings}), {} bytes sent, {} received",
        outgoing.method,
        outgoing.uri.path(),
        Milliseconds(timings.total()),
        traffic.sent,
        traffic.received,
    );
    let _ = match next {
        Next::Stop => Ok(()),
        Next::Reconnect => write!(line, "; again at once on a new connection"),
        Next::RetryAfter(wait) => write!(line, "; again in {} ms, retry {retry} of {max}", Milliseconds(*wait)),
    };
    current::set_aside(|| logger.log(level, TARGET, &line));
}
