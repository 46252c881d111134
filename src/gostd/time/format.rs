//! Times to text by a layout: `Go: Time.Format`.

use super::layout::{Element, MONTHS, OffsetForm, WEEKDAYS, next_chunk};
use super::{Civil, Time, ZoneInfo};

/// Appends a time in the form of a layout.
pub(super) fn append(out: &mut Vec<u8>, time: &Time, layout: &[u8]) {
    let zone = time.zone();
    let civil = time.civil_at(zone.offset);
    let mut rest = layout;
    loop {
        let chunk = next_chunk(rest);
        out.extend_from_slice(chunk.prefix);
        let Some((element, _)) = chunk.element else {
            return;
        };
        append_element(out, element, &civil, &zone);
        rest = chunk.rest;
    }
}

fn append_element(out: &mut Vec<u8>, element: Element, civil: &Civil, zone: &ZoneInfo) {
    let month = MONTHS[(civil.month - 1) as usize];
    let weekday = WEEKDAYS[civil.weekday as usize];
    let hour12 = if civil.hour % 12 == 0 {
        12
    } else {
        civil.hour % 12
    };
    match element {
        Element::LongMonth => out.extend_from_slice(month.as_bytes()),
        Element::Month => out.extend_from_slice(&month.as_bytes()[..3]),
        Element::NumMonth => append_padded(out, civil.month, 0),
        Element::ZeroMonth => append_padded(out, civil.month, 2),
        Element::LongWeekday => out.extend_from_slice(weekday.as_bytes()),
        Element::Weekday => out.extend_from_slice(&weekday.as_bytes()[..3]),
        Element::Day => append_padded(out, civil.day, 0),
        Element::UnderDay => append_spaced(out, civil.day, 2),
        Element::ZeroDay => append_padded(out, civil.day, 2),
        Element::UnderYearDay => append_spaced(out, civil.year_day, 3),
        Element::ZeroYearDay => append_padded(out, civil.year_day, 3),
        Element::Hour => append_padded(out, civil.hour, 2),
        Element::Hour12 => append_padded(out, hour12, 0),
        Element::ZeroHour12 => append_padded(out, hour12, 2),
        Element::Minute => append_padded(out, civil.minute, 0),
        Element::ZeroMinute => append_padded(out, civil.minute, 2),
        Element::Second => append_padded(out, civil.second, 0),
        Element::ZeroSecond => append_padded(out, civil.second, 2),
        Element::LongYear => append_padded(out, civil.year, 4),
        Element::Year => append_padded(out, civil.year.max(0) % 100, 2),
        Element::UpperPm => out.extend_from_slice(if civil.hour >= 12 { b"PM" } else { b"AM" }),
        Element::LowerPm => out.extend_from_slice(if civil.hour >= 12 { b"pm" } else { b"am" }),
        Element::ZoneName if zone.name.is_empty() => {
            let form = OffsetForm {
                z_for_utc: false,
                colons: false,
                minutes: true,
                seconds: false,
            };
            append_offset(out, zone.offset, form);
        }
        Element::ZoneName => out.extend_from_slice(&zone.name),
        Element::Offset(form) => append_offset(out, zone.offset, form),
        Element::Fraction { separator, digits } => {
            let text = format!("{:09}", civil.nanosecond);
            out.push(separator);
            out.extend_from_slice(&text.as_bytes()[..digits.min(9)]);
        }
        Element::TrimmedFraction { separator, digits } => {
            let text = format!("{:09}", civil.nanosecond);
            let kept = text[..digits.min(9)].trim_end_matches('0');
            if !kept.is_empty() {
                out.push(separator);
                out.extend_from_slice(kept.as_bytes());
            }
        }
    }
}

fn append_offset(out: &mut Vec<u8>, offset: i32, form: OffsetForm) {
    if form.z_for_utc && offset == 0 {
        out.push(b'Z');
        return;
    }
    // An offset of less than a minute west has no sign, as its minutes are 0.
    out.push(if offset / 60 < 0 { b'-' } else { b'+' });
    let offset = i64::from(offset.unsigned_abs());
    append_padded(out, offset / 3600, 2);
    for (wanted, part) in [
        (form.minutes, offset / 60 % 60),
        (form.seconds, offset % 60),
    ] {
        if wanted {
            if form.colons {
                out.push(b':');
            }
            append_padded(out, part, 2);
        }
    }
}

/// Appends a number with at least `width` digits, after a minus sign if it is negative.
pub(super) fn append_padded(out: &mut Vec<u8>, value: i64, width: usize) {
    append_filled(out, value, width, b'0');
}

fn append_spaced(out: &mut Vec<u8>, value: i64, width: usize) {
    append_filled(out, value, width, b' ');
}

fn append_filled(out: &mut Vec<u8>, value: i64, width: usize, fill: u8) {
    if value < 0 {
        out.push(b'-');
    }
    let start = out.len();
    crate::gostd::strconv::append_uint(out, value.unsigned_abs());
    let missing = width.saturating_sub(out.len() - start);
    out.splice(start..start, std::iter::repeat_n(fill, missing));
}
