//! Layouts: the reference time `Mon Jan 2 15:04:05 MST 2006` taken apart.

/// An element of a layout that stands for a part of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// `January`
    LongMonth,
    /// `Jan`
    Month,
    /// `1`
    NumMonth,
    /// `01`
    ZeroMonth,
    /// `Monday`
    LongWeekday,
    /// `Mon`
    Weekday,
    /// `2`
    Day,
    /// `_2`
    UnderDay,
    /// `02`
    ZeroDay,
    /// `__2`
    UnderYearDay,
    /// `002`
    ZeroYearDay,
    /// `15`
    Hour,
    /// `3`
    Hour12,
    /// `03`
    ZeroHour12,
    /// `4`
    Minute,
    /// `04`
    ZeroMinute,
    /// `5`
    Second,
    /// `05`
    ZeroSecond,
    /// `2006`
    LongYear,
    /// `06`
    Year,
    /// `PM`
    UpperPm,
    /// `pm`
    LowerPm,
    /// `MST`
    ZoneName,
    /// `-0700`, `Z07:00` and so on
    Offset(OffsetForm),
    /// `.000`: so many digits after this separator
    Fraction { separator: u8, digits: usize },
    /// `.999`: at most so many digits, without trailing zeros
    TrimmedFraction { separator: u8, digits: usize },
}

/// How an offset from UTC is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OffsetForm {
    /// UTC is written as `Z`.
    pub z_for_utc: bool,
    pub colons: bool,
    pub minutes: bool,
    pub seconds: bool,
}

/// The first element of a layout, with the text before it and the layout after it.
pub(super) struct Chunk<'a> {
    pub prefix: &'a [u8],
    /// The element and its own text; `None` if there is none.
    pub element: Option<(Element, &'a [u8])>,
    pub rest: &'a [u8],
}

/// Finds the first element of a layout.
pub(super) fn next_chunk(layout: &[u8]) -> Chunk<'_> {
    for at in 0..layout.len() {
        let Some((mut skipped, element, len)) = element_at(&layout[at..]) else {
            continue;
        };
        skipped += at;
        return Chunk {
            prefix: &layout[..skipped],
            element: Some((element, &layout[skipped..skipped + len])),
            rest: &layout[skipped + len..],
        };
    }
    Chunk {
        prefix: layout,
        element: None,
        rest: b"",
    }
}

/// The element a text begins with: bytes to skip before it, the element, its length.
fn element_at(text: &[u8]) -> Option<(usize, Element, usize)> {
    use Element as E;
    // `Jan` and `Mon` are no elements in front of further lower-case letters: `Janet`.
    let word_goes_on = |len: usize| text.get(len).is_some_and(u8::is_ascii_lowercase);
    let found = |element, len| Some((0, element, len));
    match text {
        [b'J', b'a', b'n', b'u', b'a', b'r', b'y', ..] => found(E::LongMonth, 7),
        [b'J', b'a', b'n', ..] if !word_goes_on(3) => found(E::Month, 3),
        [b'M', b'o', b'n', b'd', b'a', b'y', ..] => found(E::LongWeekday, 6),
        [b'M', b'o', b'n', ..] if !word_goes_on(3) => found(E::Weekday, 3),
        [b'M', b'S', b'T', ..] => found(E::ZoneName, 3),
        [b'0', b'1', ..] => found(E::ZeroMonth, 2),
        [b'0', b'2', ..] => found(E::ZeroDay, 2),
        [b'0', b'3', ..] => found(E::ZeroHour12, 2),
        [b'0', b'4', ..] => found(E::ZeroMinute, 2),
        [b'0', b'5', ..] => found(E::ZeroSecond, 2),
        [b'0', b'6', ..] => found(E::Year, 2),
        [b'0', b'0', b'2', ..] => found(E::ZeroYearDay, 3),
        [b'1', b'5', ..] => found(E::Hour, 2),
        [b'1', ..] => found(E::NumMonth, 1),
        [b'2', b'0', b'0', b'6', ..] => found(E::LongYear, 4),
        [b'2', ..] => found(E::Day, 1),
        // `_2006` is an underscore and a year.
        [b'_', b'2', b'0', b'0', b'6', ..] => Some((1, E::LongYear, 4)),
        [b'_', b'2', ..] => found(E::UnderDay, 2),
        [b'_', b'_', b'2', ..] => found(E::UnderYearDay, 3),
        [b'3', ..] => found(E::Hour12, 1),
        [b'4', ..] => found(E::Minute, 1),
        [b'5', ..] => found(E::Second, 1),
        [b'P', b'M', ..] => found(E::UpperPm, 2),
        [b'p', b'm', ..] => found(E::LowerPm, 2),
        [b'-' | b'Z', b'0', b'7', rest @ ..] => {
            let (minutes, seconds, colons) = match rest {
                [b'0', b'0', b'0', b'0', ..] => (true, true, false),
                [b':', b'0', b'0', b':', b'0', b'0', ..] => (true, true, true),
                [b'0', b'0', ..] => (true, false, false),
                [b':', b'0', b'0', ..] => (true, false, true),
                _ => (false, false, false),
            };
            let form = OffsetForm {
                z_for_utc: text[0] == b'Z',
                colons,
                minutes,
                seconds,
            };
            let parts = usize::from(minutes) + usize::from(seconds);
            found(E::Offset(form), 3 + parts * if colons { 3 } else { 2 })
        }
        [separator @ (b'.' | b','), digit @ (b'0' | b'9'), ..] => {
            let digits = text[1..].iter().take_while(|byte| *byte == digit).count();
            // Other digits may not follow.
            if text.get(1 + digits).is_some_and(u8::is_ascii_digit) {
                return None;
            }
            let separator = *separator;
            let element = if *digit == b'0' {
                E::Fraction { separator, digits }
            } else {
                E::TrimmedFraction { separator, digits }
            };
            found(element, 1 + digits)
        }
        _ => None,
    }
}

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) const WEEKDAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];
