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

#[cfg(all(test, not(shuttle)))]
mod tests {
    use super::*;
    use crate::transport::scripted::{self, Connection};
    use crate::{Client, SignIn};
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    #[test]
    fn the_programs_callback_has_none_of_the_calls_limits() {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let limits = Arc::clone(&seen);
        let busy = Connection::sending(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n");
        scripted::run(vec![busy], || {
            let client = Client::builder(2)
                .base_url("http://127.0.0.1")
                .log(move |_, _, _| limits.lock().unwrap().push(current::remaining().ok()))
                .build()
                .unwrap();
            client.call_raw(&SignIn::new("wwww", "123456")).unwrap_err();
        });
        assert_eq!(*seen.lock().unwrap(), [Some(Duration::MAX)]);
    }
}
