//! Text to times by a layout: `Go: time.ParseInLocation`.

use super::civil::{days_in, is_leap};
use super::layout::{Element, MONTHS, OffsetForm, WEEKDAYS, next_chunk};
use super::{Location, Time, quote};

/// Why an element could not be read.
enum Fault {
    /// It does not stand there.
    Missing,
    /// It does, but is too large; says which part.
    Range(&'static str),
}

/// What has been read so far.
#[derive(Default)]
struct Parts {
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    year_day: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanosecond: i64,
    /// Some(true) after PM, Some(false) after AM.
    afternoon: Option<bool>,
    utc: bool,
    offset: Option<i32>,
    zone_name: Option<Vec<u8>>,
}

/// Reads `text` in the form of `layout`; without a zone in the text it is in `location`.
pub(super) fn parse(layout: &[u8], text: &[u8], location: &Location) -> Result<Time, String> {
    let cannot = |element: &[u8], rest: &[u8]| {
        let [text, layout, rest, element] = [text, layout, rest, element].map(quote);
        format!("parsing time {text} as {layout}: cannot parse {rest} as {element}")
    };
    let wrong = |what: &str| format!("parsing time {}: {what}", quote(text));
    let mut parts = Parts::default();
    let (mut layout_rest, mut rest) = (layout, text);
    loop {
        let chunk = next_chunk(layout_rest);
        skip(&mut rest, chunk.prefix).map_err(|at| cannot(chunk.prefix, at))?;
        let Some((element, element_text)) = chunk.element else {
            break;
        };
        let before = rest;
        match parts.read(element, &mut rest, chunk.rest) {
            Ok(()) => {}
            Err(Fault::Missing) => return Err(cannot(element_text, before)),
            Err(Fault::Range(part)) => return Err(wrong(&format!("{part} out of range"))),
        }
        layout_rest = chunk.rest;
    }
    if !rest.is_empty() {
        return Err(wrong(&format!("extra text: {}", quote(rest))));
    }
    parts.settle_date().map_err(wrong)?;
    Ok(parts.into_time(location))
}

/// Skips literal text of a layout; runs of spaces count as one, and may be missing at the end.
fn skip<'a>(rest: &mut &'a [u8], prefix: &[u8]) -> Result<(), &'a [u8]> {
    let mut prefix = prefix;
    while let Some((&wanted, tail)) = prefix.split_first() {
        if wanted == b' ' {
            if rest.first().is_some_and(|&byte| byte != b' ') {
                return Err(rest);
            }
            prefix = trim_spaces(prefix);
            *rest = trim_spaces(rest);
            continue;
        }
        let Some((&byte, after)) = rest.split_first() else {
            return Err(rest);
        };
        if byte != wanted {
            return Err(rest);
        }
        prefix = tail;
        *rest = after;
    }
    Ok(())
}

fn trim_spaces(text: &[u8]) -> &[u8] {
    &text[text.iter().take_while(|&&byte| byte == b' ').count()..]
}

impl Parts {
    /// Reads one element; `layout_rest` is the layout behind it.
    fn read(
        &mut self,
        element: Element,
        rest: &mut &[u8],
        layout_rest: &[u8],
    ) -> Result<(), Fault> {
        match element {
            Element::Year => {
                let year = signed_number(take(rest, 2)?)?;
                self.year = year + if year >= 69 { 1900 } else { 2000 };
            }
            Element::LongYear => {
                if !is_digit(rest, 0) {
                    return Err(Fault::Missing);
                }
                self.year = signed_number(take(rest, 4)?)?;
            }
            Element::Month => self.month = Some(take_name(rest, &MONTHS, Some(3))? + 1),
            Element::LongMonth => self.month = Some(take_name(rest, &MONTHS, None)? + 1),
            Element::Weekday => drop(take_name(rest, &WEEKDAYS, Some(3))?),
            Element::LongWeekday => drop(take_name(rest, &WEEKDAYS, None)?),
            Element::NumMonth | Element::ZeroMonth => {
                let month = number(rest, element == Element::ZeroMonth)?;
                self.month = Some(within(month, 1, 12, "month")?);
            }
            Element::Day | Element::UnderDay | Element::ZeroDay => {
                if element == Element::UnderDay {
                    *rest = rest.strip_prefix(b" ").unwrap_or(rest);
                }
                self.day = Some(number(rest, element == Element::ZeroDay)?);
            }
            Element::UnderYearDay | Element::ZeroYearDay => {
                let fixed = element == Element::ZeroYearDay;
                for _ in 0..if fixed { 0 } else { 2 } {
                    *rest = rest.strip_prefix(b" ").unwrap_or(rest);
                }
                let digits = (0..3).take_while(|&at| is_digit(rest, at)).count();
                if digits == 0 || (fixed && digits != 3) {
                    return Err(Fault::Missing);
                }
                self.year_day = Some(signed_number(take(rest, digits)?)?);
            }
            Element::Hour => self.hour = within(number(rest, false)?, 0, 23, "hour")?,
            Element::Hour12 | Element::ZeroHour12 => {
                let fixed = element == Element::ZeroHour12;
                self.hour = within(number(rest, fixed)?, 0, 12, "hour")?;
            }
            Element::Minute | Element::ZeroMinute => {
                let fixed = element == Element::ZeroMinute;
                self.minute = within(number(rest, fixed)?, 0, 59, "minute")?;
            }
            Element::Second | Element::ZeroSecond => {
                let fixed = element == Element::ZeroSecond;
                self.second = within(number(rest, fixed)?, 0, 59, "second")?;
                self.read_unasked_fraction(rest, layout_rest)?;
            }
            Element::UpperPm | Element::LowerPm => {
                let (after, before): (&[u8], &[u8]) = if element == Element::UpperPm {
                    (b"PM", b"AM")
                } else {
                    (b"pm", b"am")
                };
                let half = take(rest, 2)?;
                if half != after && half != before {
                    return Err(Fault::Missing);
                }
                // Once PM, always PM.
                self.afternoon = Some(half == after || self.afternoon == Some(true));
            }
            Element::Offset(form) => self.read_offset(form, rest)?,
            Element::ZoneName => {
                if let Some(tail) = rest.strip_prefix(b"UTC") {
                    self.utc = true;
                    *rest = tail;
                } else {
                    let len = zone_name_len(rest).ok_or(Fault::Missing)?;
                    self.zone_name = Some(take(rest, len)?.to_vec());
                }
            }
            Element::Fraction { digits, .. } => {
                let text = take(rest, digits.saturating_add(1))?;
                self.nanosecond = nanoseconds(text)?;
            }
            Element::TrimmedFraction { .. } => self.read_fraction(rest)?,
        }
        Ok(())
    }

    /// A fraction after the seconds is read even if the layout has none.
    fn read_unasked_fraction(&mut self, rest: &mut &[u8], layout: &[u8]) -> Result<(), Fault> {
        match next_chunk(layout).element {
            Some((Element::Fraction { .. } | Element::TrimmedFraction { .. }, _)) => Ok(()),
            _ => self.read_fraction(rest),
        }
    }

    /// A separator with any number of digits, or nothing.
    fn read_fraction(&mut self, rest: &mut &[u8]) -> Result<(), Fault> {
        if !matches!(rest.first(), Some(b'.' | b',')) || !is_digit(rest, 1) {
            return Ok(());
        }
        let digits = rest[1..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        self.nanosecond = nanoseconds(take(rest, 1 + digits)?)?;
        Ok(())
    }

    fn read_offset(&mut self, form: OffsetForm, rest: &mut &[u8]) -> Result<(), Fault> {
        if form.z_for_utc
            && let [b'Z', tail @ ..] = rest
        {
            self.utc = true;
            *rest = tail;
            return Ok(());
        }
        let parts = usize::from(form.minutes) + usize::from(form.seconds);
        let text = take(rest, 3 + parts * if form.colons { 3 } else { 2 })?;
        let (sign, mut text) = (text[0], &text[1..]);
        let colon = |text: &mut &[u8]| {
            if form.colons {
                *text = text.strip_prefix(b":").ok_or(Fault::Missing)?;
            }
            Ok(())
        };
        // All colons are looked for before any number.
        if form.colons && (text[2] != b':' || (form.seconds && text[5] != b':')) {
            return Err(Fault::Missing);
        }
        let hours = number(&mut text, true);
        let (mut minutes, mut seconds) = (Ok(0), Ok(0));
        if form.minutes && hours.is_ok() {
            colon(&mut text)?;
            minutes = number(&mut text, true);
        }
        if form.seconds && hours.is_ok() && minutes.is_ok() {
            colon(&mut text)?;
            seconds = number(&mut text, true);
        }
        // A part too large is reported even if a later one is missing, the last one first.
        for (part, limit, name) in [
            (&seconds, 60, "time zone offset second"),
            (&minutes, 60, "time zone offset minute"),
            (&hours, 24, "time zone offset hour"),
        ] {
            if part.as_ref().is_ok_and(|part| *part > limit) {
                return Err(Fault::Range(name));
            }
        }
        let offset = ((hours? * 60 + minutes?) * 60 + seconds?) as i32;
        self.offset = Some(match sign {
            b'+' => offset,
            b'-' => -offset,
            _ => return Err(Fault::Missing),
        });
        Ok(())
    }

    /// Works out month and day, and the hour of the day.
    fn settle_date(&mut self) -> Result<(), &'static str> {
        match self.afternoon {
            Some(true) if self.hour < 12 => self.hour += 12,
            Some(false) if self.hour == 12 => self.hour = 0,
            _ => {}
        }
        if let Some(year_day) = self.year_day {
            let mut left = year_day;
            if !(1..=if is_leap(self.year) { 366 } else { 365 }).contains(&left) {
                return Err("day-of-year out of range");
            }
            let mut month = 1;
            while left > days_in(month, self.year) {
                left -= days_in(month, self.year);
                month += 1;
            }
            if self.month.is_some_and(|own| own != month) {
                return Err("day-of-year does not match month");
            }
            if self.day.is_some_and(|own| own != left) {
                return Err("day-of-year does not match day");
            }
            (self.month, self.day) = (Some(month), Some(left));
        }
        let (month, day) = (*self.month.get_or_insert(1), *self.day.get_or_insert(1));
        if day < 1 || day > days_in(month, self.year) {
            return Err("day out of range");
        }
        Ok(())
    }

    fn into_time(self, location: &Location) -> Time {
        let date = [self.year, self.month.unwrap_or(1), self.day.unwrap_or(1)];
        let clock = [self.hour, self.minute, self.second, self.nanosecond];
        if self.utc {
            return Time::date(date, clock, &Location::UTC);
        }
        if self.offset.is_none() && self.zone_name.is_none() {
            return Time::date(date, clock, location);
        }
        let as_utc = Time::date(date, clock, &Location::UTC);
        let shifted = |offset: i32| as_utc.add_seconds(-i64::from(offset));
        let name = self.zone_name.unwrap_or_default();
        if let Some(offset) = self.offset {
            let time = shifted(offset);
            let info = location.lookup(time.unix());
            // The given zone is kept if it is the one of the place.
            if info.offset == offset && (name.is_empty() || info.name == name) {
                return time.in_location(location);
            }
            return time.in_location(&Location::fixed(&name, offset));
        }
        if let Some(offset) = location.offset_of_name(&name, as_utc.unix()) {
            return shifted(offset).in_location(location);
        }
        // An unknown abbreviation is believed, but its offset taken for 0, save for `GMT+3`.
        let hours = name.strip_prefix(b"GMT").filter(|hours| !hours.is_empty());
        let hours = hours
            .and_then(|hours| signed_number(hours).ok())
            .unwrap_or(0);
        as_utc.in_location(&Location::fixed(&name, (hours * 3600) as i32))
    }
}

fn is_digit(text: &[u8], at: usize) -> bool {
    text.get(at).is_some_and(u8::is_ascii_digit)
}

fn take<'a>(rest: &mut &'a [u8], len: usize) -> Result<&'a [u8], Fault> {
    let (taken, tail) = rest.split_at_checked(len).ok_or(Fault::Missing)?;
    *rest = tail;
    Ok(taken)
}

/// One or two digits; two if `fixed`.
fn number(rest: &mut &[u8], fixed: bool) -> Result<i64, Fault> {
    if !is_digit(rest, 0) || (fixed && !is_digit(rest, 1)) {
        return Err(Fault::Missing);
    }
    let len = if is_digit(rest, 1) { 2 } else { 1 };
    signed_number(take(rest, len)?)
}

fn within(value: i64, low: i64, high: i64, part: &'static str) -> Result<i64, Fault> {
    if (low..=high).contains(&value) {
        Ok(value)
    } else {
        Err(Fault::Range(part))
    }
}

/// Digits after an optional sign; none at all are zero.
fn signed_number(text: &[u8]) -> Result<i64, Fault> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let mut value = 0i64;
    for &digit in digits {
        if !digit.is_ascii_digit() {
            return Err(Fault::Missing);
        }
        value = value
            .saturating_mul(10)
            .saturating_add(i64::from(digit - b'0'));
    }
    Ok(if negative { -value } else { value })
}

/// A separator and digits; those beyond the ninth do not count.
fn nanoseconds(text: &[u8]) -> Result<i64, Fault> {
    let (b'.' | b',', digits) = text.split_first().ok_or(Fault::Missing)? else {
        return Err(Fault::Missing);
    };
    let digits = &digits[..digits.len().min(9)];
    let value = signed_number(digits)?;
    if value < 0 {
        return Err(Fault::Range("fractional second"));
    }
    Ok(value * 10i64.pow(9 - digits.len() as u32))
}

/// A month or weekday in any case, whole or its first `len` letters; its place in the list.
fn take_name(rest: &mut &[u8], names: &[&str], len: Option<usize>) -> Result<i64, Fault> {
    for (at, name) in names.iter().enumerate() {
        let name = &name.as_bytes()[..len.unwrap_or(name.len())];
        if let Some((begin, tail)) = rest.split_at_checked(name.len())
            && begin.eq_ignore_ascii_case(name)
        {
            *rest = tail;
            return Ok(at as i64);
        }
    }
    Err(Fault::Missing)
}

/// Length of the zone abbreviation a text begins with.
fn zone_name_len(text: &[u8]) -> Option<usize> {
    if text.len() < 3 {
        return None;
    }
    if text.starts_with(b"ChST") || text.starts_with(b"MeST") {
        return Some(4);
    }
    if let Some(rest) = text.strip_prefix(b"GMT") {
        return Some(3 + signed_hours_len(rest).unwrap_or(0));
    }
    if matches!(text[0], b'+' | b'-') {
        return signed_hours_len(text);
    }
    match text
        .iter()
        .take(6)
        .take_while(|byte| byte.is_ascii_uppercase())
        .count()
    {
        5 if text[4] == b'T' => Some(5),
        4 if text[3] == b'T' || text.starts_with(b"WITA") => Some(4),
        3 => Some(3),
        _ => None,
    }
}

/// Length of `+3`, `-03` and so on, up to 23 hours.
fn signed_hours_len(text: &[u8]) -> Option<usize> {
    let [b'+' | b'-', digits @ ..] = text else {
        return None;
    };
    let len = digits
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let hours = signed_number(&digits[..len]).ok()?;
    (len > 0 && hours <= 23).then_some(len + 1)
}
