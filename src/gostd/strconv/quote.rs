//! Texts and characters in Go's quotes, and back: `Go: strconv.Quote, Unquote` and kin.

use super::{NumErrorKind, append_radix};
use crate::gostd::unicode::{REPLACEMENT, append_rune, decode_rune, is_print};

/// Returns `text` in double quotes with Go's escapes; broken UTF-8 becomes `\xNN`.
pub fn quote(text: &[u8]) -> String {
    let mut out = Vec::with_capacity(text.len() + 2);
    append_quote(&mut out, text);
    String::from_utf8(out).unwrap_or_default()
}

/// Appends what [`quote`] returns (`%q`).
pub fn append_quote(out: &mut Vec<u8>, text: &[u8]) {
    append_quoted(out, text, false);
}

/// Appends `text` in double quotes, everything beyond ASCII escaped (`%+q`).
pub fn append_quote_to_ascii(out: &mut Vec<u8>, text: &[u8]) {
    append_quoted(out, text, true);
}

/// Appends a code point in single quotes (`%q` of an integer); what is no rune shows as `U+FFFD`.
pub fn append_quote_rune(out: &mut Vec<u8>, code_point: i64) {
    append_quoted_rune(out, code_point, false);
}

/// Appends a code point in single quotes in ASCII (`%+q` of an integer).
pub fn append_quote_rune_to_ascii(out: &mut Vec<u8>, code_point: i64) {
    append_quoted_rune(out, code_point, true);
}

fn append_quoted(out: &mut Vec<u8>, text: &[u8], ascii: bool) {
    // Most texts grow by their quotes alone.
    out.reserve(text.len() + 2);
    out.push(b'"');
    let mut rest = text;
    while !rest.is_empty() {
        // Most text is plain ASCII: copy runs of it whole.
        let plain = rest
            .iter()
            .position(|&byte| !matches!(byte, b' '..=b'~') || byte == b'"' || byte == b'\\')
            .unwrap_or(rest.len());
        out.extend_from_slice(&rest[..plain]);
        rest = &rest[plain..];
        let (rune, width) = decode_rune(rest);
        match width {
            0 => break,
            1 if rune == REPLACEMENT => append_hex_escape(out, b'x', u32::from(rest[0]), 2),
            _ => append_escaped_rune(out, rune, b'"', ascii),
        }
        rest = &rest[width..];
    }
    out.push(b'"');
}

fn append_quoted_rune(out: &mut Vec<u8>, code_point: i64, ascii: bool) {
    let rune = u32::try_from(code_point)
        .ok()
        .and_then(char::from_u32)
        .unwrap_or(REPLACEMENT);
    out.push(b'\'');
    append_escaped_rune(out, rune, b'\'', ascii);
    out.push(b'\'');
}

fn append_escaped_rune(out: &mut Vec<u8>, rune: char, quote: u8, ascii: bool) {
    if rune == char::from(quote) || rune == '\\' {
        out.push(b'\\');
        out.push(rune as u8);
        return;
    }
    if if ascii {
        matches!(rune, ' '..='~')
    } else {
        is_print(rune)
    } {
        append_rune(out, rune);
        return;
    }
    let letter = match rune {
        '\u{7}' => b'a',
        '\u{8}' => b'b',
        '\u{c}' => b'f',
        '\n' => b'n',
        '\r' => b'r',
        '\t' => b't',
        '\u{b}' => b'v',
        _ => {
            match u32::from(rune) {
                code @ (..0x20 | 0x7f) => append_hex_escape(out, b'x', code, 2),
                code @ ..0x1_0000 => append_hex_escape(out, b'u', code, 4),
                code => append_hex_escape(out, b'U', code, 8),
            }
            return;
        }
    };
    out.push(b'\\');
    out.push(letter);
}

fn append_hex_escape(out: &mut Vec<u8>, letter: u8, value: u32, width: usize) {
    let mut digits = Vec::with_capacity(8);
    append_radix(&mut digits, u64::from(value), 16, false);
    out.push(b'\\');
    out.push(letter);
    out.resize(out.len() + width.saturating_sub(digits.len()), b'0');
    out.extend_from_slice(&digits);
}

/// Whether `text` can stand unchanged between backquotes (`%#q`).
pub fn can_backquote(text: &[u8]) -> bool {
    let mut rest = text;
    while !rest.is_empty() {
        let (rune, width) = decode_rune(rest);
        if (rune == REPLACEMENT && width == 1)
            || rune == '\u{feff}'
            || (rune < ' ' && rune != '\t')
            || rune == '`'
            || rune == '\u{7f}'
        {
            return false;
        }
        rest = &rest[width..];
    }
    true
}

/// One character of a quoted text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnquotedChar {
    /// A rune, written in UTF-8.
    Rune(char),
    /// A byte given as `\xNN` or `\NNN`.
    Byte(u8),
}

/// Reads one character or escape, as it stands between quotes of kind `quote` (`"` or `'`; 0 for
/// none, when both may be escaped), and returns it with the rest of the text.
///
/// # Errors
///
/// `Syntax` for an unknown or unfinished escape, or the bare quote itself.
pub fn unquote_char(text: &[u8], quote: u8) -> Result<(UnquotedChar, &[u8]), NumErrorKind> {
    const BAD: NumErrorKind = NumErrorKind::Syntax;
    let (&first, rest) = text.split_first().ok_or(BAD)?;
    if first == quote && matches!(quote, b'"' | b'\'') {
        return Err(BAD);
    }
    if first >= 0x80 {
        let (rune, width) = decode_rune(text);
        return Ok((UnquotedChar::Rune(rune), &text[width..]));
    }
    if first != b'\\' {
        return Ok((UnquotedChar::Rune(char::from(first)), rest));
    }
    let (&letter, rest) = rest.split_first().ok_or(BAD)?;
    let simple = match letter {
        b'a' => '\u{7}',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'v' => '\u{b}',
        b'\\' => '\\',
        b'\'' | b'"' if quote == letter || quote == 0 => char::from(letter),
        b'x' | b'u' | b'U' => {
            let count = match letter {
                b'x' => 2,
                b'u' => 4,
                _ => 8,
            };
            let (digits, rest) = rest.split_at_checked(count).ok_or(BAD)?;
            let mut value = 0u32;
            for &digit in digits {
                let digit = char::from(digit).to_digit(16).ok_or(BAD)?;
                value = value
                    .checked_mul(16)
                    .and_then(|v| v.checked_add(digit))
                    .ok_or(BAD)?;
            }
            let unquoted = if letter == b'x' {
                UnquotedChar::Byte(u8::try_from(value).map_err(|_| BAD)?)
            } else {
                UnquotedChar::Rune(char::from_u32(value).ok_or(BAD)?)
            };
            return Ok((unquoted, rest));
        }
        b'0'..=b'7' => {
            let (digits, rest) = rest.split_at_checked(2).ok_or(BAD)?;
            let mut value = u32::from(letter - b'0');
            for &digit in digits {
                value = value * 8 + char::from(digit).to_digit(8).ok_or(BAD)?;
            }
            return Ok((
                UnquotedChar::Byte(u8::try_from(value).map_err(|_| BAD)?),
                rest,
            ));
        }
        _ => return Err(BAD),
    };
    Ok((UnquotedChar::Rune(simple), rest))
}

/// Returns what stands between double quotes if it stands for itself, as most texts do.
pub fn unquote_plain(text: &[u8]) -> Option<&[u8]> {
    let [b'"', body @ .., b'"'] = text else {
        return None;
    };
    let stands_for_itself =
        |byte: &u8| matches!(byte, b' '..=b'~') && !matches!(byte, b'\\' | b'"');
    body.iter().all(stands_for_itself).then_some(body)
}

/// Takes the quotes off a Go string (`"…"`, `` `…` ``) or character (`'…'`) constant.
///
/// # Errors
///
/// `Syntax` if the text is no such constant; Go's sentence is `invalid syntax`.
pub fn unquote(text: &[u8]) -> Result<Vec<u8>, NumErrorKind> {
    const BAD: NumErrorKind = NumErrorKind::Syntax;
    if let Some(body) = unquote_plain(text) {
        return Ok(body.to_vec());
    }
    let [quote, body @ .., last] = text else {
        return Err(BAD);
    };
    if quote != last {
        return Err(BAD);
    }
    match quote {
        b'`' => {
            if body.contains(&b'`') {
                return Err(BAD);
            }
            Ok(body.iter().copied().filter(|&byte| byte != b'\r').collect())
        }
        b'"' | b'\'' => {
            let mut out = Vec::with_capacity(body.len());
            let mut rest = body;
            let mut count = 0usize;
            while !rest.is_empty() {
                if rest[0] == b'\n' {
                    return Err(BAD);
                }
                let (unquoted, tail) = unquote_char(rest, *quote)?;
                match unquoted {
                    UnquotedChar::Byte(byte) => out.push(byte),
                    // A broken byte between the quotes becomes U+FFFD, as Go reads it.
                    UnquotedChar::Rune(rune) => append_rune(&mut out, rune),
                }
                rest = tail;
                count += 1;
            }
            if *quote == b'\'' && count != 1 {
                return Err(BAD);
            }
            Ok(out)
        }
        _ => Err(BAD),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting() {
        for (text, wanted) in [
            (&b""[..], r#""""#),
            (b"a\"b\\c'", r#""a\"b\\c'""#),
            (
                b"\x07\x08\x0c\n\r\t\x0b\x00\x7f",
                r#""\a\b\f\n\r\t\v\x00\x7f""#,
            ),
            (
                "\u{e9}\u{a0}\u{200b}\u{feff}\u{10ffff}".as_bytes(),
                "\"\u{e9}\\u00a0\\u200b\\ufeff\\U0010ffff\"",
            ),
            (b"a\xffb", r#""a\xffb""#),
            ("\u{fffd}".as_bytes(), "\"\u{fffd}\""),
        ] {
            assert_eq!(quote(text), wanted);
        }
        let mut out = Vec::new();
        append_quote_to_ascii(&mut out, "\u{e9}\u{1f600}".as_bytes());
        append_quote_rune(&mut out, 0x27);
        append_quote_rune(&mut out, 0xD800);
        append_quote_rune_to_ascii(&mut out, 0xe9);
        assert_eq!(
            out,
            "\"\\u00e9\\U0001f600\"'\\'''\u{fffd}''\\u00e9'".as_bytes()
        );
    }

    #[test]
    fn backquotes() {
        assert!(can_backquote("a\tb\u{e9}".as_bytes()));
        for text in [&b"a\nb"[..], b"`", b"\xff", b"\x7f", "\u{feff}".as_bytes()] {
            assert!(!can_backquote(text));
        }
    }

    #[test]
    fn unquoting() {
        for (text, wanted) in [
            (
                &br#""a\n\x41\101\u00e9\U0001F600\"'""#[..],
                Some("a\nAA\u{e9}\u{1f600}\"'".as_bytes()),
            ),
            (b"`a\\n\r`", Some(b"a\\n")),
            (b"'x'", Some(b"x")),
            (b"'\\''", Some(b"'")),
            (b"'\\xff'", Some(b"\xff")),
            (b"\"\\xff\xfe\"", Some(b"\xff\xef\xbf\xbd")),
            (b"'xy'", None),
            (b"''", None),
            (br#""\'""#, None),
            (br#""\q""#, None),
            (br#""\ud800""#, None),
            (br#""\400""#, None),
            (br#""\x4""#, None),
            (b"\"a\nb\"", None),
            (b"\"a", None),
            (b"\"", None),
            (b"", None),
        ] {
            assert_eq!(unquote(text).ok().as_deref(), wanted, "{text:?}");
        }
    }
}
