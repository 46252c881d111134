//! Dates and times as TOML writes them.

/// A date, a time or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateTime {
    /// 0 to 9999; 0 where only a time is given.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
    /// Digits beyond the ninth are dropped.
    pub nanosecond: u32,
    /// What the text says about the place.
    pub zone: Zone,
}

/// The zone of a [`DateTime`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// `Z`.
    Utc,
    /// `+01:00`: seconds east of UTC.
    Offset(i32),
    /// A date and a time without a zone. Go: the location `datetime-local`.
    LocalDatetime,
    /// A date alone. Go: the location `date-local`.
    LocalDate,
    /// A time alone. Go: the location `time-local`.
    LocalTime,
}

/// Reads one of the forms, in which `T` and `Z` are upper case.
pub(super) fn parse(text: &[u8]) -> Option<DateTime> {
    let mut rest = text;
    let mut parsed = DateTime {
        year: 0,
        month: 1,
        day: 1,
        hour: 0,
        minute: 0,
        second: 0,
        nanosecond: 0,
        zone: Zone::LocalTime,
    };
    let has_date = text.get(4) == Some(&b'-');
    if has_date {
        parsed.year = number(&mut rest, 4)?;
        take(&mut rest, b'-')?;
        parsed.month = number(&mut rest, 2)? as u8;
        take(&mut rest, b'-')?;
        parsed.day = number(&mut rest, 2)? as u8;
        if !(1..=days_in(parsed.year, parsed.month)?).contains(&parsed.day) {
            return None;
        }
        if rest.is_empty() {
            parsed.zone = Zone::LocalDate;
            return Some(parsed);
        }
        take(&mut rest, b'T')?;
        parsed.zone = Zone::LocalDatetime;
    }
    parsed.hour = number(&mut rest, 2).filter(|h| *h < 24)? as u8;
    take(&mut rest, b':')?;
    parsed.minute = number(&mut rest, 2).filter(|m| *m < 60)? as u8;
    if rest.first() == Some(&b':') {
        take(&mut rest, b':')?;
        parsed.second = number(&mut rest, 2).filter(|s| *s < 60)? as u8;
        if let [b'.', b'0'..=b'9', ..] = rest {
            rest = &rest[1..];
            let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
            let (fraction, after) = rest.split_at(digits);
            let nine = fraction.iter().copied().chain(std::iter::repeat(b'0'));
            parsed.nanosecond = nine
                .take(9)
                .fold(0, |n, digit| n * 10 + u32::from(digit - b'0'));
            rest = after;
        }
    }
    if has_date && !rest.is_empty() {
        parsed.zone = zone(&mut rest)?;
    }
    rest.is_empty().then_some(parsed)
}

fn zone(rest: &mut &[u8]) -> Option<Zone> {
    let (&sign, after) = rest.split_first()?;
    *rest = after;
    let sign = match sign {
        b'Z' => return Some(Zone::Utc),
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    // Go lets 24 hours and 60 minutes pass.
    let hours = number(rest, 2).filter(|h| *h <= 24)?;
    take(rest, b':')?;
    let minutes = number(rest, 2).filter(|m| *m <= 60)?;
    let seconds = i32::from(hours) * 3_600 + i32::from(minutes) * 60;
    Some(Zone::Offset(sign * seconds))
}

fn number(rest: &mut &[u8], digits: usize) -> Option<u16> {
    let (head, after) = rest.split_at_checked(digits)?;
    if !head.iter().all(u8::is_ascii_digit) {
        return None;
    }
    *rest = after;
    Some(head.iter().fold(0, |n, b| n * 10 + u16::from(b - b'0')))
}

fn take(rest: &mut &[u8], byte: u8) -> Option<()> {
    *rest = rest.strip_prefix(&[byte])?;
    Some(())
}

fn days_in(year: u16, month: u8) -> Option<u8> {
    let leap = year.is_multiple_of(4) && !year.is_multiple_of(100) || year.is_multiple_of(400);
    Some(match month {
        2 => 28 + u8::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        let zone = |text: &str| parse(text.as_bytes()).map(|d| d.zone);
        assert_eq!(zone("1979-05-27T07:32:00Z"), Some(Zone::Utc));
        assert_eq!(zone("1979-05-27T07:32-07:00"), Some(Zone::Offset(-25_200)));
        assert_eq!(zone("1979-05-27T07:32:00.5"), Some(Zone::LocalDatetime));
        assert_eq!(zone("1979-05-27"), Some(Zone::LocalDate));
        assert_eq!(zone("07:32"), Some(Zone::LocalTime));
        for wrong in [
            "1979-13-27",
            "1979-02-30",
            "7:32:00",
            "07:32:00Z",
            "1979-05-27T",
        ] {
            assert_eq!(zone(wrong), None, "{wrong}");
        }
        let precise = parse(b"07:32:00.1234567891").map(|d| d.nanosecond);
        assert_eq!(precise, Some(123_456_789));
    }
}
