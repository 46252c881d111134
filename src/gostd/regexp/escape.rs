//! Runes and escapes of single runes in patterns.

use super::error::{Error, ErrorKind};
use crate::gostd::unicode::{REPLACEMENT, decode_rune};

/// The part of `whole` before `rest`, which is its end.
pub(super) fn until<'p>(whole: &'p [u8], rest: &[u8]) -> &'p [u8] {
    &whole[..whole.len() - rest.len()]
}

/// Takes the first rune.
pub(super) fn next_rune(text: &[u8]) -> Result<(char, &[u8]), Error> {
    match decode_rune(text) {
        (REPLACEMENT, 1) => Err(Error::new(ErrorKind::Utf8, text)),
        (rune, width) => Ok((rune, &text[width..])),
    }
}

/// Demands that all of the text is UTF-8.
pub(super) fn check_utf8(text: &[u8]) -> Result<(), Error> {
    std::str::from_utf8(text)
        .map(|_| ())
        .map_err(|error| Error::new(ErrorKind::Utf8, &text[error.valid_up_to()..]))
}

/// Reads an escape of one rune; `None` for a surrogate.
pub(super) fn take_escaped_rune(text: &[u8]) -> Result<(Option<char>, &[u8]), Error> {
    take_escape(text).map(|(code, rest)| (char::from_u32(code), rest))
}

/// Reads an escape of one code point, beginning with the backslash.
pub(super) fn take_escape(text: &[u8]) -> Result<(u32, &[u8]), Error> {
    let after = &text[1..];
    if after.is_empty() {
        return Err(Error::new(ErrorKind::TrailingBackslash, b""));
    }
    let (rune, mut rest) = next_rune(after)?;
    let octal = |rest: &[u8]| {
        rest.first()
            .copied()
            .filter(|byte| (b'0'..=b'7').contains(byte))
    };
    let code = match rune {
        'a' => 7,
        'f' => 12,
        'n' => 10,
        'r' => 13,
        't' => 9,
        'v' => 11,
        // One digit but zero would be a reference to a group.
        '0'..='7' if rune == '0' || octal(rest).is_some() => {
            let mut code = u32::from(rune) - u32::from('0');
            for _ in 0..2 {
                let Some(digit) = octal(rest) else { break };
                code = code * 8 + u32::from(digit - b'0');
                rest = &rest[1..];
            }
            code
        }
        'x' => return take_hex(text, rest),
        _ if rune.is_ascii() && !rune.is_ascii_alphanumeric() => u32::from(rune),
        _ => return Err(Error::new(ErrorKind::Escape, until(text, rest))),
    };
    Ok((code, rest))
}

/// Reads what follows `\x`: two digits, or any number in braces.
fn take_hex<'p>(text: &'p [u8], rest: &'p [u8]) -> Result<(u32, &'p [u8]), Error> {
    let bad = |rest: &[u8]| Error::new(ErrorKind::Escape, until(text, rest));
    if rest.is_empty() {
        return Err(bad(rest));
    }
    let (rune, mut rest) = next_rune(rest)?;
    if rune != '{' {
        if rest.is_empty() {
            return Err(bad(rest));
        }
        let (second, rest) = next_rune(rest)?;
        return match (rune.to_digit(16), second.to_digit(16)) {
            (Some(high), Some(low)) => Ok((high * 16 + low, rest)),
            _ => Err(bad(rest)),
        };
    }
    let mut code = None;
    loop {
        if rest.is_empty() {
            return Err(bad(rest));
        }
        let (rune, after) = next_rune(rest)?;
        rest = after;
        if rune == '}' {
            break;
        }
        let digit = rune.to_digit(16).ok_or_else(|| bad(rest))?;
        let value = code.unwrap_or(0) * 16 + digit;
        if value > u32::from(char::MAX) {
            return Err(bad(rest));
        }
        code = Some(value);
    }
    code.map(|code| (code, rest)).ok_or_else(|| bad(rest))
}
