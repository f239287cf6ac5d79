//! `Retry-After` (RFC 9110, section 10.2.3): seconds, or a date.

use std::time::{Duration, SystemTime};

/// No server means a longer wait than this in earnest.
const MAX_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// How long to wait. A date is measured against the answer's own `Date`, since this machine's clock may be wrong.
pub(crate) fn parse(value: &str, date: Option<&str>) -> Option<Duration> {
    let value = value.trim();
    let wait = if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a u64 holds is still "very long".
        Duration::from_secs(value.parse().unwrap_or(u64::MAX))
    } else {
        let until = httpdate::parse_http_date(value).ok()?;
        let now = date.and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or_else(SystemTime::now);
        until.duration_since(now).unwrap_or_default()
    };
    Some(wait.min(MAX_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_seconds_and_dates() {
        let date = Some("Wed, 22 Feb 2023 08:00:00 GMT");
        for (value, wait) in [
            ("120", Some(120)),
            (" 0 ", Some(0)),
            ("Wed, 22 Feb 2023 08:01:30 GMT", Some(90)),
            ("Wed, 22 Feb 2023 07:00:00 GMT", Some(0)),
            ("99999999999999999999999", Some(86_400)),
            ("-1", None),
            ("1.5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(parse(value, date), wait.map(Duration::from_secs), "{value:?}");
        }
    }
}
