//! The emulator's clock: the machine's, plus what a test has advanced it by; and the API's ways of writing a time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const CHINA_STANDARD_TIME: i64 = 8 * 3600;
/// Seconds from the year 1, where .NET's ticks begin, to 1970.
const YEAR_ONE_TO_1970: i64 = 62_135_596_800;

#[derive(Debug, Default)]
pub(crate) struct Clock {
    advanced_ms: AtomicU64,
}

impl Clock {
    pub(crate) fn now(&self) -> Moment {
        let system = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Moment(system + self.advanced())
    }

    pub(crate) fn advanced(&self) -> Duration {
        Duration::from_millis(self.advanced_ms.load(Ordering::Relaxed))
    }

    pub(crate) fn advance(&self, by: Duration) {
        // A hundred years in all are plenty, and keep every later sum far from overflowing.
        const MOST: u64 = 100 * 365 * 86_400 * 1000;
        let by = u64::try_from(by.as_millis()).unwrap_or(MOST).min(MOST);
        let before = self.advanced_ms.fetch_add(by, Ordering::Relaxed);
        if before.saturating_add(by) > MOST {
            self.advanced_ms.store(MOST, Ordering::Relaxed);
        }
    }
}

/// A point in time, since 1970.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment(Duration);

impl Moment {
    pub(crate) fn seconds(self) -> i64 {
        i64::try_from(self.0.as_secs()).unwrap_or(i64::MAX)
    }

    /// Hundred-nanosecond steps since the year 1, on a clock in China: the server numbers its tokens with them.
    pub(crate) fn china_ticks(self) -> i64 {
        let whole = self.seconds() + CHINA_STANDARD_TIME + YEAR_ONE_TO_1970;
        whole * 10_000_000 + i64::from(self.0.subsec_nanos() / 100)
    }
}

/// `2023-02-22 16:20:43`, on a clock in China, as the profile's dates read.
pub(crate) fn china_date(unix: i64) -> String {
    let Civil { year, month, day, hour, minute, second } = Civil::from_unix(unix + CHINA_STANDARD_TIME);
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

/// `02/22/2023 08:20:43`, in UTC, as ASP.NET writes it into a challenge.
pub(crate) fn invariant_date(unix: i64) -> String {
    let Civil { year, month, day, hour, minute, second } = Civil::from_unix(unix);
    format!("{month:02}/{day:02}/{year:04} {hour:02}:{minute:02}:{second:02}")
}

/// A date on the Gregorian calendar.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    pub(crate) month: i64,
    pub(crate) day: i64,
    hour: i64,
    minute: i64,
    second: i64,
}

impl Civil {
    /// Howard Hinnant's algorithm: years are counted from March, so that the leap day comes last.
    pub(crate) fn from_unix(unix: i64) -> Self {
        let of_day = unix.rem_euclid(86_400);
        let days = unix.div_euclid(86_400) + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month,
            day: of_year - (153 * from_march + 2) / 5 + 1,
            hour: of_day / 3600,
            minute: of_day / 60 % 60,
            second: of_day % 60,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_read_as_on_the_servers_wall() {
        // The documented profile, and the token that was issued at the same moment.
        assert_eq!(china_date(1_677_054_043), "2023-02-22 16:20:43");
        assert_eq!(invariant_date(1_677_054_043), "02/22/2023 08:20:43");
        assert_eq!(china_date(951_753_600), "2000-02-29 00:00:00");
        assert_eq!(invariant_date(0), "01/01/1970 00:00:00");
    }

    #[test]
    fn token_numbers_are_ticks_in_china() {
        // The documented token 638126749198830413 was issued at 1677049319.
        let moment = Moment(Duration::new(1_677_049_319, 883_041_300));
        assert_eq!(moment.china_ticks(), 638_126_749_198_830_413);
    }

    #[test]
    fn the_clock_only_advances_and_never_overflows() {
        let clock = Clock::default();
        let before = clock.now().seconds();
        clock.advance(Duration::from_secs(3600));
        assert!(clock.now().seconds() >= before + 3600);
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert!(clock.now().china_ticks() > 0);
    }
}
