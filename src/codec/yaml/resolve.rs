//! The type of a scalar by its text: YAML 1.1 as go-yaml understands it.
//!
//! Go: `resolve.go` of `go.yaml.in/yaml/v2`. The rules are told in the order they
//! are tried; the first byte decides which of them are.

use std::borrow::Cow;

use data_encoding::{BASE64, BASE64_NOPAD};

use super::YamlError;
use crate::gostd::strconv::{parse_float, parse_int, parse_uint};

/// The prefix of YAML's own tags.
const TAG: &[u8] = b"tag:yaml.org,2002:";

/// The types a scalar can have.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Scalar<'a> {
    Null,
    Bool(bool),
    Int(i64),
    /// An integer beyond `i64`.
    Uint(u64),
    Float(f64),
    /// Text; the flag tells whether it has the form of a timestamp.
    Str(Cow<'a, [u8]>),
    Timestamp(Cow<'a, [u8]>),
}

impl Scalar<'_> {
    /// The last part of the tag.
    fn tag(&self) -> &'static str {
        match self {
            Scalar::Null => "null",
            Scalar::Bool(_) => "bool",
            Scalar::Int(_) | Scalar::Uint(_) => "int",
            Scalar::Float(_) => "float",
            Scalar::Str(_) => "str",
            Scalar::Timestamp(_) => "timestamp",
        }
    }
}

/// Returns the value of a scalar with a tag, or without a tag and quotes.
pub(super) fn resolve<'a>(
    tag: Option<&[u8]>,
    text: &Cow<'a, [u8]>,
) -> Result<Scalar<'a>, YamlError> {
    let Some(tag) = tag else {
        return Ok(resolve_plain(text, true));
    };
    let wanted = match tag.strip_prefix(TAG) {
        Some(b"str") => "str",
        Some(b"bool") => "bool",
        Some(b"int") => "int",
        Some(b"float") => "float",
        Some(b"null") => "null",
        Some(b"timestamp") => "timestamp",
        Some(b"binary") => return decode_binary(text).map(|data| Scalar::Str(Cow::Owned(data))),
        // Any other tag says nothing about the text.
        _ => return Ok(Scalar::Str(text.clone())),
    };
    if wanted == "str" {
        return Ok(Scalar::Str(text.clone()));
    }
    let scalar = resolve_plain(text, wanted == "timestamp");
    match scalar {
        Scalar::Int(n) if wanted == "float" => Ok(Scalar::Float(n as f64)),
        scalar if scalar.tag() == wanted => Ok(scalar),
        scalar => Err(YamlError::decode(&format!(
            "cannot decode !!{} `{}` as a !!{wanted}",
            scalar.tag(),
            String::from_utf8_lossy(text),
        ))),
    }
}

/// Decodes what a `!!binary` scalar holds. Line breaks may stand anywhere.
fn decode_binary(text: &[u8]) -> Result<Vec<u8>, YamlError> {
    let packed: Vec<u8> = text
        .iter()
        .copied()
        .filter(|b| !matches!(b, b'\n' | b'\r'))
        .collect();
    let mut encoding = BASE64.specification();
    // Go does not look at the bits that are left over at the end.
    encoding.check_trailing_bits = false;
    encoding
        .encoding()
        .unwrap_or(BASE64_NOPAD)
        .decode(&packed)
        .map_err(|_| YamlError::decode("!!binary value contains invalid base64 data"))
}

/// Returns the value of a text by its form alone.
fn resolve_plain<'a>(text: &Cow<'a, [u8]>, timestamps: bool) -> Scalar<'a> {
    by_form(text, timestamps).unwrap_or_else(|form| {
        if form == Text::Timestamp {
            Scalar::Timestamp(text.clone())
        } else {
            Scalar::Str(text.clone())
        }
    })
}

/// A text that is nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Text {
    String,
    Timestamp,
}

/// Returns the value that the form of a text gives, or what kind of text it is.
pub(super) fn by_form(text: &[u8], timestamps: bool) -> Result<Scalar<'static>, Text> {
    let Some(&first) = text.first() else {
        return Ok(Scalar::Null);
    };
    if let Some(n) = short_integer(text) {
        return Ok(Scalar::Int(n));
    }
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => {
            word(text).ok_or(Text::String)
        }
        b'.' => special_float(text)
            .or_else(|| parse_float(text, 64).ok())
            .map(Scalar::Float)
            .ok_or(Text::String),
        b'0'..=b'9' | b'+' | b'-' => {
            if timestamps && is_timestamp(text) {
                return Err(Text::Timestamp);
            }
            number(text).ok_or(Text::String)
        }
        _ => Err(Text::String),
    }
}

/// Reads what is nothing but a few digits, the first of them no zero.
fn short_integer(text: &[u8]) -> Option<i64> {
    if !matches!(text.first(), Some(b'1'..=b'9')) || text.len() > 15 {
        return None;
    }
    text.iter().try_fold(0, |n, byte| match byte {
        b'0'..=b'9' => Some(n * 10 + i64::from(byte - b'0')),
        _ => None,
    })
}

/// The words for true, false and null, each in exactly these spellings.
fn word(text: &[u8]) -> Option<Scalar<'static>> {
    Some(match text {
        b"y" | b"Y" | b"yes" | b"Yes" | b"YES" | b"true" | b"True" | b"TRUE" | b"on" | b"On"
        | b"ON" => Scalar::Bool(true),
        b"n" | b"N" | b"no" | b"No" | b"NO" | b"false" | b"False" | b"FALSE" | b"off" | b"Off"
        | b"OFF" => Scalar::Bool(false),
        b"~" | b"null" | b"Null" | b"NULL" => Scalar::Null,
        _ => return None,
    })
}

/// `.nan`, `.inf`, `-.Inf` and their like.
fn special_float(text: &[u8]) -> Option<f64> {
    Some(match text {
        b".nan" | b".NaN" | b".NAN" => f64::NAN,
        b".inf" | b".Inf" | b".INF" | b"+.inf" | b"+.Inf" | b"+.INF" => f64::INFINITY,
        b"-.inf" | b"-.Inf" | b"-.INF" => f64::NEG_INFINITY,
        _ => return None,
    })
}

/// Reports whether a text does not stand for NaN or an infinity.
pub(super) fn is_finite(text: &[u8]) -> bool {
    special_float(text).is_none()
}

/// What begins with a digit or a sign: underscores are dropped, then integers in
/// every base come before floats.
fn number(text: &[u8]) -> Option<Scalar<'static>> {
    if let Some(float) = special_float(text) {
        return Some(Scalar::Float(float));
    }
    let mut kept: Vec<u8>;
    let mut plain = text;
    if text.contains(&b'_') {
        kept = text.to_vec();
        kept.retain(|b| *b != b'_');
        plain = &kept;
    }
    if let Ok(n) = parse_int(plain, 0, 64) {
        return Some(Scalar::Int(n));
    }
    if let Ok(n) = parse_uint(plain, 0, 64) {
        return Some(Scalar::Uint(n));
    }
    if is_yaml_float(plain)
        && let Ok(float) = parse_float(plain, 64)
    {
        return Some(Scalar::Float(float));
    }
    // A sign after the prefix, `0b-1`, is all that is left to read here.
    if let Some(digits) = plain.strip_prefix(b"0b") {
        if let Ok(n) = parse_int(digits, 2, 64) {
            return Some(Scalar::Int(n));
        }
    } else if let Some(digits) = plain.strip_prefix(b"-0b") {
        let signed = [b"-", digits].concat();
        if let Ok(n) = parse_int(&signed, 2, 64) {
            return Some(Scalar::Int(n));
        }
    }
    None
}

/// Reports whether a text is `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
fn is_yaml_float(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|b| b.is_ascii_digit()).count();
    let unsigned = text
        .strip_prefix(b"-")
        .or_else(|| text.strip_prefix(b"+"))
        .unwrap_or(text);
    let whole = digits(unsigned);
    let mut rest = &unsigned[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let count = digits(fraction);
        if whole + count == 0 {
            return false;
        }
        rest = &fraction[count..];
    } else if whole == 0 {
        return false;
    }
    match rest {
        [] => true,
        [b'e' | b'E', exponent @ ..] => {
            let exponent = match exponent {
                [b'-' | b'+', digits @ ..] => digits,
                digits => digits,
            };
            !exponent.is_empty() && digits(exponent) == exponent.len()
        }
        _ => false,
    }
}

/// Reports whether go-yaml takes a text for a timestamp: `2001-1-2`,
/// `2001-12-14 21:59:43.1` or `2001-12-14T21:59:43Z` (`t` too, any zone), all in range.
pub(super) fn is_timestamp(text: &[u8]) -> bool {
    fn number(text: &mut &[u8], digits: std::ops::RangeInclusive<usize>) -> Option<u32> {
        let count = text
            .iter()
            .take(*digits.end())
            .take_while(|b| b.is_ascii_digit())
            .count();
        if count < *digits.start() {
            return None;
        }
        let (head, rest) = text.split_at(count);
        *text = rest;
        Some(head.iter().fold(0, |n, b| n * 10 + u32::from(b - b'0')))
    }
    fn take(text: &mut &[u8], byte: u8) -> Option<()> {
        *text = text.strip_prefix(&[byte])?;
        Some(())
    }
    fn check(mut text: &[u8]) -> Option<()> {
        let text = &mut text;
        let year = number(text, 4..=4)?;
        take(text, b'-')?;
        let month = number(text, 1..=2).filter(|m| (1..=12).contains(m))?;
        take(text, b'-')?;
        let day = number(text, 1..=2)?;
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 => 28 + u32::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        if !(1..=days).contains(&day) {
            return None;
        }
        let Some((&separator, rest)) = text.split_first() else {
            return Some(());
        };
        *text = rest;
        number(text, 1..=2).filter(|h| *h < 24)?;
        take(text, b':')?;
        number(text, 1..=2).filter(|m| *m < 60)?;
        take(text, b':')?;
        number(text, 1..=2).filter(|s| *s < 60)?;
        if let [b'.' | b',', b'0'..=b'9', ..] = text {
            *text = &text[1..];
            let count = text.iter().take_while(|b| b.is_ascii_digit()).count();
            *text = &text[count..];
        }
        match separator {
            b' ' => {}
            b'T' | b't' => match text.split_first()? {
                (b'Z', rest) => *text = rest,
                (b'+' | b'-', rest) => {
                    *text = rest;
                    number(text, 2..=2).filter(|h| *h <= 24)?;
                    take(text, b':')?;
                    number(text, 2..=2).filter(|m| *m <= 60)?;
                }
                _ => return None,
            },
            _ => return None,
        }
        text.is_empty().then_some(())
    }
    check(text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_are_valid_dates() {
        for text in [
            "2001-1-1",
            "2001-12-14 21:59:43.1",
            "2001-12-14t1:2:3+01:00",
        ] {
            assert!(is_timestamp(text.as_bytes()), "{text}");
        }
        for text in [
            "2001-02-30",
            "2001-12-14T21:59:43",
            "2001-12-14 21:59:43 ",
            "01-1-1",
        ] {
            assert!(!is_timestamp(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn numbers_drop_underscores() {
        assert_eq!(by_form(b"1__0", true), Ok(Scalar::Int(10)));
        assert_eq!(by_form(b"0777", true), Ok(Scalar::Int(511)));
        assert_eq!(by_form(b"08", true), Ok(Scalar::Float(8.0)));
        assert_eq!(by_form(b"_1", true), Err(Text::String));
    }
}
