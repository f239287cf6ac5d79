//! Which failed attempts are repeated, and after how long.

use crate::error::{Error, ErrorKind, Result};
use crate::transport::{Response, refuses_client};
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

/// The wait before the first repetition is up to this, doubled for each further one.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// After so many failures the wait is long enough for a server to finish what it is at.
const FAILURES_OF_A_LOST_SIGN_UP: u32 = 3;

/// What is known of an attempt when it has ended.
pub(super) struct Attempt {
    /// Whether the call may be made twice: not so a sign-up, which would meet the account that it has made.
    pub(super) repeatable: bool,
    /// Whether a byte of the request has left, as far as this side can tell.
    pub(super) sent: bool,
    /// Whether it used a connection from an earlier call, which the server may have closed meanwhile.
    pub(super) reused: bool,
    /// Whether it has offered the server a TLS session to resume, which the server may hold against it.
    pub(super) offered_session: bool,
}

/// What to do after an attempt.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Its result stands.
    Stop,
    /// Try again at once on a new connection; that is no retry in the caller's count.
    Reconnect,
    /// Try again after this long.
    RetryAfter(Duration),
}

impl Attempt {
    /// Decides about an attempt that followed `retries` others.
    pub(super) fn next(&self, result: &Result<Response>, retries: u32) -> Next {
        match result {
            // Without it, a server that has said no may agree. Nothing of the request has been sent.
            Err(error)
                if self.offered_session && !self.sent && error.kind() == ErrorKind::Tls && !error.is_retryable() =>
            {
                Next::Reconnect
            }
            result if self.reused && self.repeatable && may_be_of_no_request(result) => Next::Reconnect,
            Err(error) if self.may_repeat(error) => Next::RetryAfter(wait(retries, error.retry_after())),
            // A server that is busy says 429 before it has done anything; 503 can come after it has.
            Ok(response) if response.status == 429 || (response.status == 503 && self.repeatable) => {
                Next::RetryAfter(wait(retries, response.retry_after()))
            }
            _ => Next::Stop,
        }
    }

    fn may_repeat(&self, error: &Error) -> bool {
        match error.kind() {
            ErrorKind::Dns | ErrorKind::Connect => true,
            // TLS can fail behind the handshake too.
            ErrorKind::Proxy | ErrorKind::Tls if !error.is_retryable() => false,
            ErrorKind::Proxy | ErrorKind::Tls | ErrorKind::ConnectionLost => self.repeatable || !self.sent,
            // While connecting; with the call's own time gone there is none for another attempt.
            ErrorKind::Timeout => !self.sent,
            ErrorKind::TruncatedResponse => self.repeatable,
            _ => false,
        }
    }
}

/// Whether this may be what a server does about a connection that was idle for too long, and no answer: it closes it, and
/// some servers say 408 or 400 before (RFC 9110, section 15.5.9), or leave what some proxy has added to an earlier answer.
/// What was there before the request was sent has been looked at; this came at the same moment.
fn may_be_of_no_request(result: &Result<Response>) -> bool {
    match result {
        // With TLS it may say so by an alert, or break off a handshake that it has begun anew.
        Err(error) => {
            matches!(error.kind(), ErrorKind::ConnectionLost | ErrorKind::NotHttp | ErrorKind::Tls | ErrorKind::NotTls)
                || refuses_client(error.kind())
        }
        Ok(response) => response.status == 408 || (response.status == 400 && response.closes()),
    }
}

/// As long as the server asks for, and never less than the random wait: a server that asks for none may be asked by many at once.
fn wait(retries: u32, asked_for: Option<Duration>) -> Duration {
    backoff(retries).max(asked_for.unwrap_or_default())
}

/// For a server to make an account of which nothing was to be found: up to 0.8 s, 1.6 s and so on.
pub(super) fn wait_for_account(repetitions: u32) -> Duration {
    backoff(repetitions.saturating_add(FAILURES_OF_A_LOST_SIGN_UP))
}

/// Exponential backoff with full jitter: anything from nothing to the limit, so that clients which failed together don't
/// come back together.
fn backoff(retries: u32) -> Duration {
    let limit = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(retries)).min(LONGEST_WAIT);
    // The standard library's hash keys are random, which is all that is wanted here.
    let random = RandomState::new().hash_one(retries) >> 32;
    let random = u32::try_from(random).unwrap_or(u32::MAX);
    limit.mul_f64(f64::from(random) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::scripted::response;

    #[test]
    fn what_is_repeated_is_what_is_safe_to_repeat() {
        use ErrorKind::*;
        // repeatable, sent, reused
        let sign_in = |sent, reused| Attempt { repeatable: true, sent, reused, offered_session: false };
        let sign_up = |sent| Attempt { repeatable: false, sent, reused: false, offered_session: false };
        for (attempt, kind, again) in [
            (sign_in(true, false), ConnectionLost, true),
            (sign_in(true, false), TruncatedResponse, true),
            (sign_in(false, false), Connect, true),
            (sign_in(false, false), Dns, true),
            (sign_in(false, false), Timeout, true),
            (sign_in(true, false), Timeout, false),
            (sign_in(false, false), Tls, true),
            (sign_in(true, false), NotHttp, false),
            (sign_in(true, false), ResponseNotJson, false),
            (sign_in(true, false), Cancelled, false),
            (sign_up(false), Connect, true),
            (sign_up(false), Tls, true),
            (sign_up(false), ConnectionLost, true),
            (sign_up(true), ConnectionLost, false),
            (sign_up(true), Tls, false),
            (sign_up(true), TruncatedResponse, false),
            (sign_up(true), Timeout, false),
        ] {
            let next = attempt.next(&Err(Error::new(kind)), 0);
            assert_eq!(next != Next::Stop, again, "{kind:?}");
        }
        assert_eq!(sign_in(false, false).next(&Err(Error::new(Tls).lasting()), 0), Next::Stop);
    }

    #[test]
    fn what_a_server_may_say_of_an_idle_connection_is_no_answer() {
        let attempt = |repeatable, reused| Attempt { repeatable, sent: true, reused, offered_session: false };
        let answer = |status, connection: Option<&str>| {
            let headers: Vec<_> = connection.iter().map(|value| ("connection", value.as_bytes())).collect();
            Ok(response(status, &headers, b""))
        };
        for (result, is_no_answer) in [
            (Err(Error::new(ErrorKind::ConnectionLost)), true),
            (Err(Error::new(ErrorKind::NotHttp)), true),
            (Err(Error::new(ErrorKind::Tls).lasting()), true),
            (Err(Error::new(ErrorKind::NotTls)), true),
            (Err(Error::new(ErrorKind::ClientCertificateRejected)), true),
            (Err(Error::new(ErrorKind::TruncatedResponse)), false),
            (answer(408, None), true),
            (answer(400, Some("Close")), true),
            (answer(400, Some("foo, close ,bar")), true),
            (answer(400, Some("keep-alive")), false),
            (answer(400, None), false),
            (answer(200, Some("close")), false),
        ] {
            assert_eq!(attempt(true, true).next(&result, 0) == Next::Reconnect, is_no_answer, "{:?}", result.err());
            assert_ne!(attempt(true, false).next(&result, 0), Next::Reconnect);
            assert_ne!(attempt(false, true).next(&result, 0), Next::Reconnect);
        }
    }

    #[test]
    fn a_wait_that_is_asked_for_is_kept_and_no_wait_is_no_answer() {
        let next = |seconds| {
            let busy = Error::new(ErrorKind::Proxy).with_retry_after(Some(Duration::from_secs(seconds)));
            Attempt { repeatable: true, sent: false, reused: false, offered_session: false }.next(&Err(busy), 6)
        };
        assert_eq!(next(7), Next::RetryAfter(Duration::from_secs(7)));
        assert!(
            (0..20).any(|_| next(0) != Next::RetryAfter(Duration::ZERO)),
            "those that failed together come back apart"
        );
        let attempt = Attempt { repeatable: true, sent: true, reused: false, offered_session: false };
        let next = |value: &'static [u8]| attempt.next(&Ok(response(503, &[("retry-after", value)], b"")), 6);
        assert_eq!(next(b"7"), Next::RetryAfter(Duration::from_secs(7)));
        assert!((0..20).any(|_| next(b"0") != Next::RetryAfter(Duration::ZERO)));
    }

    #[test]
    fn a_busy_server_says_when_to_come_back_by_its_own_clock() {
        let until = ("retry-after", &b"Wed, 22 Feb 2023 08:01:30 GMT"[..]);
        let headers = [("retry-after", &b"soon"[..]), until, ("date", b"Wed, 22 Feb 2023 08:00:00 GMT")];
        let attempt = Attempt { repeatable: true, sent: true, reused: false, offered_session: false };
        for status in [429, 503] {
            let next = attempt.next(&Ok(response(status, &headers, b"")), 0);
            assert_eq!(next, Next::RetryAfter(Duration::from_secs(90)), "{status}");
        }
    }

    #[test]
    fn waits_stay_under_a_limit_that_doubles() {
        for retries in 0..40 {
            let limit = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(retries)).min(LONGEST_WAIT);
            for _ in 0..50 {
                assert!(backoff(retries) <= limit);
            }
        }
        // None of a hundred is within the first sixty-fourth once in 10^180.
        assert!((0..100).any(|_| backoff(6) > FIRST_WAIT), "it doubles");
        let waits: std::collections::HashSet<Duration> = (0..20).map(|_| backoff(10)).collect();
        assert!(waits.len() > 1, "jitter");
    }

    #[test]
    fn a_session_is_to_blame_only_until_the_request_is_sent() {
        for (sent, next) in [(false, Next::Reconnect), (true, Next::Stop)] {
            let attempt = Attempt { repeatable: false, sent, reused: false, offered_session: true };
            assert_eq!(attempt.next(&Err(Error::new(ErrorKind::Tls).lasting()), 0), next);
        }
        // For a handshake that only broke off it is not: that one is repeated as any other is, after a wait.
        let attempt = Attempt { repeatable: true, sent: false, reused: false, offered_session: true };
        assert!(matches!(attempt.next(&Err(Error::new(ErrorKind::Tls)), 0), Next::RetryAfter(_)));
    }

    #[test]
    fn a_client_certificate_that_is_missed_on_an_idle_connection_is_no_answer() {
        let attempt = Attempt { repeatable: true, sent: true, reused: true, offered_session: false };
        assert_eq!(attempt.next(&Err(Error::new(ErrorKind::ClientCertificateRequired)), 0), Next::Reconnect);
    }
}
