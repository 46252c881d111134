//! Spans of time: `Go: time.Duration`.

use std::ops::Neg;

use super::quote;

/// A span of time in nanoseconds, at most about 292 years.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(pub i64);

/// Names and nanoseconds of the units.
const UNITS: [(&[u8], u64); 8] = [
    (b"ns", 1),
    (b"us", 1_000),
    ("\u{b5}s".as_bytes(), 1_000),
    ("\u{3bc}s".as_bytes(), 1_000),
    (b"ms", 1_000_000),
    (b"s", 1_000_000_000),
    (b"m", 60_000_000_000),
    (b"h", 3_600_000_000_000),
];

/// The largest magnitude, that of the most negative span.
const LIMIT: u64 = 1 << 63;

impl Duration {
    /// No time.
    pub const ZERO: Self = Self(0);
    /// A second.
    pub const SECOND: Self = Self(1_000_000_000);
    /// A minute.
    pub const MINUTE: Self = Self(60_000_000_000);
    /// An hour.
    pub const HOUR: Self = Self(3_600_000_000_000);

    /// Parses `1h30m`, `-1.5s`, `0` and the like.
    ///
    /// # Errors
    ///
    /// Go's sentence about a malformed number, a missing or an unknown unit.
    pub fn parse(text: &[u8]) -> Result<Self, String> {
        let invalid = || format!("time: invalid duration {}", quote(text));
        let (negative, mut rest) = match text {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        if rest == b"0" {
            return Ok(Self::ZERO);
        }
        if rest.is_empty() {
            return Err(invalid());
        }
        let mut total = 0u64;
        while !rest.is_empty() {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let (whole_digits, tail) = rest.split_at(digits);
            let whole = whole_number(whole_digits).ok_or_else(invalid)?;
            rest = tail;
            let (mut fraction, mut scale) = (0, 1.0);
            let mut fraction_digits: &[u8] = b"";
            if let [b'.', tail @ ..] = rest {
                let digits = tail.iter().take_while(|byte| byte.is_ascii_digit()).count();
                (fraction_digits, rest) = tail.split_at(digits);
                (fraction, scale) = fraction_number(fraction_digits);
            }
            if whole_digits.is_empty() && fraction_digits.is_empty() {
                return Err(invalid());
            }
            let ends_unit = |byte: &u8| *byte == b'.' || byte.is_ascii_digit();
            let (name, tail) = rest.split_at(rest.iter().position(ends_unit).unwrap_or(rest.len()));
            if name.is_empty() {
                return Err(format!("time: missing unit in duration {}", quote(text)));
            }
            rest = tail;
            let unit = UNITS
                .iter()
                .find(|(unit, _)| *unit == name)
                .map(|(_, unit)| *unit);
            let Some(unit) = unit else {
                let (name, text) = (quote(name), quote(text));
                return Err(format!("time: unknown unit {name} in duration {text}"));
            };
            let mut value = whole
                .checked_mul(unit)
                .filter(|v| *v <= LIMIT)
                .ok_or_else(invalid)?;
            if fraction > 0 {
                // The product is below one unit, so the sum stays below 2^64.
                value += (fraction as f64 * (unit as f64 / scale)) as u64;
            }
            total = total
                .checked_add(value)
                .filter(|v| *v <= LIMIT)
                .ok_or_else(invalid)?;
        }
        match (negative, i64::try_from(total)) {
            (false, Ok(total)) => Ok(Self(total)),
            (false, Err(_)) => Err(invalid()),
            (true, _) => Ok(Self((total as i64).wrapping_neg())),
        }
    }

    /// Returns whole and part hours.
    pub fn hours(self) -> f64 {
        self.in_units(Self::HOUR)
    }

    /// Returns whole and part minutes.
    pub fn minutes(self) -> f64 {
        self.in_units(Self::MINUTE)
    }

    /// Returns whole and part seconds.
    pub fn seconds(self) -> f64 {
        self.in_units(Self::SECOND)
    }

    fn in_units(self, unit: Self) -> f64 {
        (self.0 / unit.0) as f64 + (self.0 % unit.0) as f64 / unit.0 as f64
    }

    /// Returns whole milliseconds.
    pub fn milliseconds(self) -> i64 {
        self.0 / 1_000_000
    }

    /// Returns whole microseconds.
    pub fn microseconds(self) -> i64 {
        self.0 / 1_000
    }

    /// Returns the span without its sign; the most negative one becomes the largest.
    pub fn abs(self) -> Self {
        Self(self.0.saturating_abs())
    }

    /// Rounds toward zero to a multiple of `unit`; a unit that is not positive changes nothing.
    pub fn truncate(self, unit: Self) -> Self {
        if unit.0 <= 0 {
            self
        } else {
            Self(self.0 - self.0 % unit.0)
        }
    }

    /// Rounds to the nearest multiple of `unit`, half away from zero, as far as it fits.
    pub fn round(self, unit: Self) -> Self {
        if unit.0 <= 0 {
            return self;
        }
        let (value, unit) = (i128::from(self.0), i128::from(unit.0));
        let rest = value % unit;
        let mut rounded = value - rest;
        if rest.abs() * 2 >= unit {
            rounded += unit * rest.signum();
        }
        Self(rounded.clamp(i64::MIN.into(), i64::MAX.into()) as i64)
    }

    /// Appends the text: `1h0m2.5s`, `1.5ms`, `0s`.
    pub fn append_to(self, out: &mut Vec<u8>) {
        let total = self.0.unsigned_abs();
        if self.0 < 0 {
            out.push(b'-');
        }
        let (unit, digits, name) = match total {
            0 => return out.extend_from_slice(b"0s"),
            1..1_000 => (1, 0, "ns"),
            1_000..1_000_000 => (1_000, 3, "\u{b5}s"),
            1_000_000..1_000_000_000 => (1_000_000, 6, "ms"),
            _ => (1_000_000_000, 9, "s"),
        };
        let mut whole = total / unit;
        if whole >= 3600 && digits == 9 {
            crate::gostd::strconv::append_uint(out, whole / 3600);
            out.push(b'h');
        }
        if whole >= 60 && digits == 9 {
            crate::gostd::strconv::append_uint(out, whole / 60 % 60);
            out.push(b'm');
            whole %= 60;
        }
        crate::gostd::strconv::append_uint(out, whole);
        let fraction = total % unit;
        if fraction > 0 {
            let text = format!("{fraction:0digits$}");
            out.push(b'.');
            out.extend_from_slice(text.trim_end_matches('0').as_bytes());
        }
        out.extend_from_slice(name.as_bytes());
    }
}

impl std::fmt::Display for Duration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = Vec::with_capacity(24);
        self.append_to(&mut out);
        f.write_str(&String::from_utf8_lossy(&out))
    }
}

impl Neg for Duration {
    type Output = Self;

    fn neg(self) -> Self {
        Self(self.0.wrapping_neg())
    }
}

/// Reads digits, at most 2^63; none count as zero.
fn whole_number(digits: &[u8]) -> Option<u64> {
    let mut value = 0u64;
    for digit in digits {
        if value > LIMIT / 10 {
            return None;
        }
        value = value * 10 + u64::from(digit - b'0');
        if value > LIMIT {
            return None;
        }
    }
    Some(value)
}

/// Reads digits after a point as a number and what it is to be divided by; digits that no longer
/// fit are dropped.
fn fraction_number(digits: &[u8]) -> (u64, f64) {
    let (mut value, mut scale) = (0u64, 1.0);
    for digit in digits {
        let next = value
            .checked_mul(10)
            .and_then(|v| v.checked_add(u64::from(digit - b'0')));
        match next {
            Some(next) if value <= (LIMIT - 1) / 10 && next <= LIMIT => value = next,
            _ => break,
        }
        scale *= 10.0;
    }
    (value, scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parsing_and_printing() {
        for (text, wanted) in [
            ("0", "0s"),
            ("-0", "0s"),
            ("1h2m3s", "1h2m3s"),
            ("90m", "1h30m0s"),
            ("-1.5h", "-1h30m0s"),
            ("+5s", "5s"),
            (".5s", "500ms"),
            ("1.s", "1s"),
            ("1us", "1\u{b5}s"),
            ("1.5\u{3bc}s", "1.5\u{b5}s"),
            ("1ns", "1ns"),
            ("100ms", "100ms"),
            ("1s1ms", "1.001s"),
            ("1h0.1s", "1h0m0.1s"),
            ("9223372036854775807ns", "2562047h47m16.854775807s"),
            ("-9223372036854775808ns", "-2562047h47m16.854775808s"),
            ("0.3333333333333333333h", "20m0s"),
            ("0.100000000000000000000h", "6m0s"),
        ] {
            let duration = Duration::parse(text.as_bytes()).map(|duration| duration.to_string());
            assert_eq!(duration.as_deref(), Ok(wanted), "{text}");
        }
    }

    #[test]
    fn malformed() {
        for (text, wanted) in [
            ("", r#"time: invalid duration """#),
            ("-", r#"time: invalid duration "-""#),
            ("bad", r#"time: invalid duration "bad""#),
            (".h", r#"time: invalid duration ".h""#),
            ("5", r#"time: missing unit in duration "5""#),
            ("1h1", r#"time: missing unit in duration "1h1""#),
            ("1d", r#"time: unknown unit "d" in duration "1d""#),
            ("1 h", r#"time: unknown unit " h" in duration "1 h""#),
            ("\u{e9}\"", r#"time: invalid duration "\xc3\xa9\"""#),
            (
                "9223372036854775808ns",
                r#"time: invalid duration "9223372036854775808ns""#,
            ),
            ("3000000h", r#"time: invalid duration "3000000h""#),
        ] {
            assert_eq!(
                Duration::parse(text.as_bytes()),
                Err(wanted.into()),
                "{text}"
            );
        }
    }

    #[test]
    fn arithmetic() {
        let parse = |text: &str| Duration::parse(text.as_bytes()).unwrap();
        assert_eq!(parse("100m").round(Duration::HOUR), parse("2h"));
        assert_eq!(parse("-90s").round(Duration::MINUTE), parse("-2m"));
        assert_eq!(parse("100m").truncate(Duration::HOUR), parse("1h"));
        assert_eq!(Duration(i64::MAX).round(Duration::HOUR), Duration(i64::MAX));
        assert_eq!(parse("1h30m15.5s").hours(), 1.5043055555555556);
        assert_eq!(parse("1h30m15.5s").minutes(), 90.25833333333334);
        assert_eq!(Duration(i64::MIN).abs(), Duration(i64::MAX));
    }
}
