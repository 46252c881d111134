//! Numbers, after the reader has found where they end.

use crate::gostd::strconv::{NumErrorKind, append_quote, parse_float, parse_int};
use crate::value::Value;

/// Returns the integer that a text is, or what is wrong with it.
pub(super) fn integer(text: &[u8]) -> Result<Value, Vec<u8>> {
    if !underscores_right(text) {
        return Err(wrong(
            "Invalid integer ",
            text,
            ": underscores must be surrounded by digits",
        ));
    }
    if leading_zero(text) {
        return Err(wrong(
            "Invalid integer ",
            text,
            ": cannot have leading zeroes",
        ));
    }
    parse_int(text, 0, 64)
        .map(Value::int64)
        .map_err(|_| [text, b" is out of range for int64"].concat())
}

/// Returns the float that a text is, or what is wrong with it.
pub(super) fn float(text: &[u8]) -> Result<Value, Vec<u8>> {
    let mut parts = text
        .split(|b| matches!(b, b'.' | b'e' | b'E'))
        .filter(|part| !part.is_empty())
        .peekable();
    let first = parts.peek().copied().unwrap_or_default();
    if !parts.all(underscores_right) {
        return Err(wrong(
            "Invalid float ",
            text,
            ": underscores must be surrounded by digits",
        ));
    }
    if leading_zero(first) {
        return Err(wrong(
            "Invalid float ",
            text,
            ": cannot have leading zeroes",
        ));
    }
    let mut after_point = text.split(|b| *b == b'.').skip(1);
    if !after_point.all(|part| part.first().is_some_and(u8::is_ascii_digit)) {
        return Err(wrong(
            "Invalid float ",
            text,
            ": '.' must be followed by one or more digits",
        ));
    }
    let mut digits = text.to_vec();
    digits.retain(|b| *b != b'_');
    match digits.as_slice() {
        b"nan" | b"+nan" => return Ok(Value::float(f64::NAN)),
        b"-nan" => return Ok(Value::float(-f64::NAN)),
        _ => {}
    }
    parse_float(&digits, 64)
        .map(Value::float)
        .map_err(|kind| match kind {
            NumErrorKind::Range => [text, b" is out of range for float64"].concat(),
            _ => wrong("Invalid float value: ", text, ""),
        })
}

/// Reports whether every underscore stands between digits of some base.
fn underscores_right(text: &[u8]) -> bool {
    if let b"nan" | b"+nan" | b"-nan" | b"inf" | b"-inf" | b"+inf" = text {
        return true;
    }
    let mut after_digit = false;
    for byte in text {
        if *byte == b'_' && !after_digit {
            return false;
        }
        after_digit = byte.is_ascii_hexdigit();
    }
    after_digit
}

fn leading_zero(text: &[u8]) -> bool {
    match text {
        [b'0', b'b' | b'o' | b'x', ..] => false,
        [b'0', _, ..] | [b'-' | b'+', b'0', _, ..] => true,
        _ => false,
    }
}

fn wrong(before: &str, text: &[u8], after: &str) -> Vec<u8> {
    let mut message = before.as_bytes().to_vec();
    append_quote(&mut message, text);
    message.extend_from_slice(after.as_bytes());
    message
}
