//! Moments, spans and zones: `Go: time`.
//!
//! A [`Time`] is seconds and nanoseconds with the [`Location`] it is shown in. Which zone is the
//! local one is for the caller to say; nothing here asks for the clock or the environment.

mod civil;
mod duration;
mod format;
mod layout;
mod location;
mod parse;

use std::cmp::Ordering;

pub use duration::Duration;
pub use location::{Location, ZoneInfo};

use civil::DAY;

/// Layout of RFC 3339 with as many digits of the second as it takes.
pub const RFC3339_NANO: &[u8] = b"2006-01-02T15:04:05.999999999Z07:00";

/// Seconds from the year 1, Go's zero time, to 1970.
const UNIX_OF_ZERO: i64 = -62_135_596_800;

/// A moment, shown in a zone.
#[derive(Clone, Debug)]
pub struct Time {
    seconds: i64,
    nanoseconds: u32,
    location: Location,
    monotonic: Option<i64>,
}

/// Date and time of day in a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// The year; 0 is 1 BC.
    pub year: i64,
    /// 1 to 12.
    pub month: i64,
    /// 1 to 31.
    pub day: i64,
    /// 1 to 366.
    pub year_day: i64,
    /// 0 (Sunday) to 6.
    pub weekday: i64,
    /// 0 to 23.
    pub hour: i64,
    /// 0 to 59.
    pub minute: i64,
    /// 0 to 59.
    pub second: i64,
    /// 0 to 999999999.
    pub nanosecond: i64,
}

impl Time {
    /// Go's zero time, the first moment of the year 1 in UTC.
    pub const ZERO: Self = Self {
        seconds: UNIX_OF_ZERO,
        nanoseconds: 0,
        location: Location::UTC,
        monotonic: None,
    };

    /// A moment given in seconds since 1970 and nanoseconds, which may exceed a second.
    pub fn from_unix(seconds: i64, nanoseconds: i64, location: &Location) -> Self {
        Self {
            seconds: seconds.wrapping_add(nanoseconds.div_euclid(1_000_000_000)),
            nanoseconds: nanoseconds.rem_euclid(1_000_000_000) as u32,
            location: location.clone(),
            monotonic: None,
        }
    }

    /// Adds a reading of the monotonic clock, in nanoseconds since the program began. It shows in
    /// the text of the time (`m=+0.01`) and nowhere else.
    pub fn with_monotonic(mut self, nanoseconds: i64) -> Self {
        self.monotonic = Some(nanoseconds);
        self
    }

    /// The moment of a date (year, month, day) and a time of day (hour, minute, second,
    /// nanosecond) in a zone. Parts out of range carry over. `Go: time.Date`.
    pub fn date(date: [i64; 3], clock: [i64; 4], location: &Location) -> Self {
        let [year, month, day] = date;
        let [hour, minute, second, nanosecond] = clock;
        let month = month.wrapping_sub(1);
        let year = year.wrapping_add(month.div_euclid(12));
        // Beyond these years the count of seconds overflows anyway, as it does in Go.
        let year = year.clamp(-300_000_000_000, 300_000_000_000);
        let days = civil::days_from_civil(year, month.rem_euclid(12) + 1, 1);
        let seconds = i128::from(days)
            .saturating_add(i128::from(day) - 1)
            .saturating_mul(DAY.into())
            .saturating_add(i128::from(hour) * 3600 + i128::from(minute) * 60 + i128::from(second))
            .saturating_add(i128::from(nanosecond.div_euclid(1_000_000_000)));
        // Overflow wraps, as it does in Go.
        let local = seconds as i64;
        let offset = location.offset(local);
        let mut unix = local;
        if offset != 0 {
            // The first guess takes local time for UTC; near a transition the second one differs.
            let guess = local.wrapping_sub(offset.into());
            unix = local.wrapping_sub(location.offset(guess).into());
        }
        Self::from_unix(unix, nanosecond.rem_euclid(1_000_000_000), location)
    }

    /// Parses a text by a layout; without a zone in the text it is in `location`.
    ///
    /// # Errors
    ///
    /// Go's whole sentence: `parsing time "…" as "…": cannot parse "…" as "…"` and others.
    pub fn parse(layout: &[u8], text: &[u8], location: &Location) -> Result<Self, String> {
        parse::parse(layout, text, location)
    }

    /// Appends the time in the form of a layout.
    pub fn append_format(&self, out: &mut Vec<u8>, layout: &[u8]) {
        format::append(out, self, layout);
    }

    /// Returns the time in the form of a layout.
    pub fn format(&self, layout: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(layout.len() + 10);
        self.append_format(&mut out, layout);
        out
    }

    /// Appends the text that printing shows. `Go: Time.String`.
    pub fn append_text(&self, out: &mut Vec<u8>) {
        self.append_format(out, b"2006-01-02 15:04:05.999999999 -0700 MST");
        if let Some(monotonic) = self.monotonic {
            out.extend_from_slice(if monotonic < 0 { b" m=-" } else { b" m=+" });
            let total = monotonic.unsigned_abs();
            crate::gostd::strconv::append_uint(out, total / 1_000_000_000);
            out.extend_from_slice(format!(".{:09}", total % 1_000_000_000).as_bytes());
        }
    }

    /// Returns the time as Go source. `Go: Time.GoString`.
    pub fn go_source(&self) -> Vec<u8> {
        let at = self.civil();
        let month = layout::MONTHS[(at.month - 1).rem_euclid(12) as usize];
        let mut out = format!(
            "time.Date({}, time.{month}, {}, {}, {}, {}, {}, ",
            at.year, at.day, at.hour, at.minute, at.second, at.nanosecond
        )
        .into_bytes();
        out.extend(self.location.go_source());
        out.push(b')');
        out
    }

    /// Returns the text for JSON (without quotes) and YAML.
    ///
    /// # Errors
    ///
    /// If the year has not four digits or the zone is a day or more away from UTC.
    pub fn rfc3339(&self) -> Result<String, &'static str> {
        let text = self.format(RFC3339_NANO);
        let zone = self.zone().offset;
        if text.get(4) != Some(&b'-') || text.first() == Some(&b'-') {
            return Err("year outside of range [0,9999]");
        }
        if zone.unsigned_abs() / 3600 >= 24 {
            return Err("timezone hour outside of range [0,23]");
        }
        Ok(String::from_utf8_lossy(&text).into_owned())
    }

    /// Returns seconds since 1970.
    pub fn unix(&self) -> i64 {
        self.seconds
    }

    /// Returns milliseconds since 1970.
    pub fn unix_milli(&self) -> i64 {
        self.seconds
            .wrapping_mul(1_000)
            .wrapping_add(i64::from(self.nanoseconds / 1_000_000))
    }

    /// Returns microseconds since 1970.
    pub fn unix_micro(&self) -> i64 {
        self.seconds
            .wrapping_mul(1_000_000)
            .wrapping_add(i64::from(self.nanoseconds / 1_000))
    }

    /// Returns nanoseconds since 1970; wraps beyond the year 2262.
    pub fn unix_nano(&self) -> i64 {
        self.seconds
            .wrapping_mul(1_000_000_000)
            .wrapping_add(self.nanoseconds.into())
    }

    /// Returns the zone the time is shown in.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Returns name and offset of the zone at this moment.
    pub fn zone(&self) -> ZoneInfo {
        self.location.lookup(self.seconds)
    }

    /// Returns the same moment in another zone.
    pub fn in_location(mut self, location: &Location) -> Self {
        self.location = location.clone();
        self
    }

    /// Returns date and time of day in the time's zone.
    pub fn civil(&self) -> Civil {
        self.civil_at(self.location.offset(self.seconds))
    }

    fn civil_at(&self, offset: i32) -> Civil {
        let local = self.seconds.saturating_add(offset.into());
        let (days, second) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let (year, month, day) = civil::civil_from_days(days);
        Civil {
            year,
            month,
            day,
            year_day: civil::day_of_year(year, month, day),
            // 1970-01-01 was a Thursday.
            weekday: (days + 4).rem_euclid(7),
            hour: second / 3600,
            minute: second / 60 % 60,
            second: second % 60,
            nanosecond: self.nanoseconds.into(),
        }
    }

    /// Whether this is the zero time.
    pub fn is_zero(&self) -> bool {
        self.seconds == UNIX_OF_ZERO && self.nanoseconds == 0
    }

    /// Returns the time a span later.
    pub fn add(&self, span: Duration) -> Self {
        let nanoseconds = i64::from(self.nanoseconds) + span.0 % 1_000_000_000;
        let seconds = self.seconds.wrapping_add(span.0 / 1_000_000_000);
        let mut later = Self::from_unix(seconds, nanoseconds, &self.location);
        later.monotonic = self
            .monotonic
            .and_then(|reading| reading.checked_add(span.0));
        later
    }

    fn add_seconds(&self, seconds: i64) -> Self {
        Self {
            seconds: self.seconds.wrapping_add(seconds),
            ..self.clone()
        }
    }

    /// Returns the date so many years, months and days later, at the same time of day.
    pub fn add_date(&self, years: i64, months: i64, days: i64) -> Self {
        let civil = self.civil();
        let date = [
            civil.year.wrapping_add(years),
            civil.month.wrapping_add(months),
            civil.day.wrapping_add(days),
        ];
        let clock = [civil.hour, civil.minute, civil.second, civil.nanosecond];
        Self::date(date, clock, &self.location)
    }

    /// Returns the span from `earlier` to this time, as far as spans reach.
    pub fn since(&self, earlier: &Self) -> Duration {
        let span = match (self.monotonic, earlier.monotonic) {
            (Some(later), Some(earlier)) => i128::from(later) - i128::from(earlier),
            _ => self.total_nanoseconds() - earlier.total_nanoseconds(),
        };
        Duration(span.clamp(i64::MIN.into(), i64::MAX.into()) as i64)
    }

    fn total_nanoseconds(&self) -> i128 {
        i128::from(self.seconds) * 1_000_000_000 + i128::from(self.nanoseconds)
    }

    /// Ranks two moments, whatever their zones.
    pub fn compare(&self, other: &Self) -> Ordering {
        match (self.monotonic, other.monotonic) {
            (Some(own), Some(other)) => own.cmp(&other),
            _ => (self.seconds, self.nanoseconds).cmp(&(other.seconds, other.nanoseconds)),
        }
    }

    /// Rounds down to a multiple of `unit` since the zero time.
    pub fn truncate(&self, unit: Duration) -> Self {
        let mut time = self.clone();
        time.monotonic = None;
        if unit.0 <= 0 {
            return time;
        }
        time.add(-Duration(self.past_multiple(unit)))
    }

    /// Rounds to the nearest multiple of `unit` since the zero time, half up.
    pub fn round(&self, unit: Duration) -> Self {
        let mut time = self.clone();
        time.monotonic = None;
        if unit.0 <= 0 {
            return time;
        }
        let past = self.past_multiple(unit);
        let below_half = i128::from(past) * 2 < i128::from(unit.0);
        time.add(Duration(if below_half { -past } else { unit.0 - past }))
    }

    /// How far the time is past a multiple of `unit` since the zero time.
    fn past_multiple(&self, unit: Duration) -> i64 {
        let since_zero = self.total_nanoseconds() - i128::from(UNIX_OF_ZERO) * 1_000_000_000;
        since_zero.rem_euclid(unit.0.into()) as i64
    }
}

/// Returns the English name of a month, 1 to 12. `Go: Month.String`.
pub fn month_name(month: i64) -> String {
    let at = usize::try_from(month.wrapping_sub(1)).ok();
    let name = at.and_then(|at| layout::MONTHS.get(at));
    name.map_or_else(|| format!("%!Month({month})"), |name| (*name).to_owned())
}

/// Returns the English name of a day of the week, 0 (Sunday) to 6. `Go: Weekday.String`.
pub fn weekday_name(weekday: i64) -> String {
    let name = usize::try_from(weekday)
        .ok()
        .and_then(|at| layout::WEEKDAYS.get(at));
    name.map_or_else(
        || format!("%!Weekday({weekday})"),
        |name| (*name).to_owned(),
    )
}

/// Puts a text in quotes as this package's errors do: everything beyond ASCII byte by byte.
fn quote(text: &[u8]) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for &byte in text {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            b' '..=0x7f => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests;
