//! `Retry-After` and `Date`.
//!
//! The input is the one header's value, a line break, and the other's; for the way back, its first bytes are two times.

use super::input::Input;
use crate::retry_after::parse;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const DAY: Duration = Duration::from_secs(86_400);

pub fn retry_after(input: &[u8]) {
    let mut lines = Input(input);
    let (value, date) = (lines.until(b'\n'), lines.0);
    if let (Ok(value), Ok(date)) = (std::str::from_utf8(value), std::str::from_utf8(date)) {
        for date in [None, Some(date)] {
            let wait = parse(value, date);
            assert!(wait.is_none_or(|wait| wait <= DAY), "{wait:?}");
            let digits = value.trim();
            if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
                let seconds = digits.parse().map_or(DAY, Duration::from_secs);
                assert_eq!(wait, Some(seconds.min(DAY)), "{value}");
            } else {
                assert_eq!(wait.is_some(), httpdate::parse_http_date(digits).is_ok(), "{value}");
            }
        }
    }
    let mut numbers = Input(input);
    let (now, until) = (time(&mut numbers), time(&mut numbers));
    let wait = parse(&httpdate::fmt_http_date(until), Some(&httpdate::fmt_http_date(now)));
    assert_eq!(wait, Some(until.duration_since(now).unwrap_or_default().min(DAY)));
}

/// Before the year 9999, up to which dates can be written.
fn time(input: &mut Input) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(input.u64() % 253_370_764_800)
}
