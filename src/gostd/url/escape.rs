//! Percent-encoding by part of a URL.

use std::borrow::Cow;

/// The part of a URL a text belongs to; each leaves other characters as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    UserPassword,
    Host,
    /// What follows `%25` in a bracketed host.
    Zone,
    Path,
    QueryComponent,
    Fragment,
}

/// Whether `byte` has to be written as `%XX` in that part.
pub(super) fn must_escape(byte: u8, part: Part) -> bool {
    if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
        return false;
    }
    let allowed: &[u8] = match part {
        Part::Host | Part::Zone => b"!$&'()*+,;=:[]<>\"",
        Part::Path => b"$&+,/:;=@",
        Part::UserPassword => b"$&+,;=",
        Part::QueryComponent => b"",
        Part::Fragment => b"$&+,/:;=?@!()*",
    };
    !allowed.contains(&byte)
}

/// Appends `text` with `%XX` for what the part does not take; a query has `+` for the space.
pub(super) fn append_escaped(out: &mut Vec<u8>, text: &[u8], part: Part) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for &byte in text {
        if byte == b' ' && part == Part::QueryComponent {
            out.push(b'+');
        } else if must_escape(byte, part) {
            out.push(b'%');
            out.push(HEX[usize::from(byte >> 4)]);
            out.push(HEX[usize::from(byte & 15)]);
        } else {
            out.push(byte);
        }
    }
}

/// Undoes [`append_escaped`].
///
/// # Errors
///
/// Go's sentence about a malformed or forbidden `%XX`, or a character no host has.
pub(super) fn unescape(text: &[u8], part: Part) -> Result<Cow<'_, [u8]>, String> {
    let in_host = matches!(part, Part::Host | Part::Zone);
    let mut out = None;
    let mut rest = text;
    while let Some((&byte, tail)) = rest.split_first() {
        let at = text.len() - rest.len();
        rest = tail;
        let decoded = match (byte, rest) {
            (b'%', &[high, low, ref tail @ ..]) if is_hex(high) && is_hex(low) => {
                rest = tail;
                let value = hex_value(high) << 4 | hex_value(low);
                // A host may encode only what is not ASCII, and the percent sign itself.
                let forbidden = match part {
                    Part::Host => value < 0x80,
                    Part::Zone => value != b' ' && must_escape(value, Part::Host),
                    _ => false,
                };
                if forbidden && value != b'%' {
                    return Err(bad_escape(&text[at..at + 3]));
                }
                value
            }
            (b'%', _) => return Err(bad_escape(&text[at..text.len().min(at + 3)])),
            (b'+', _) if part == Part::QueryComponent => b' ',
            _ => {
                if in_host && byte.is_ascii() && must_escape(byte, part) {
                    let quoted = crate::gostd::strconv::quote(&[byte]);
                    return Err(format!("invalid character {quoted} in host name"));
                }
                if let Some(out) = &mut out {
                    Vec::push(out, byte);
                }
                continue;
            }
        };
        out.get_or_insert_with(|| text[..at].to_vec()).push(decoded);
    }
    Ok(out.map_or(Cow::Borrowed(text), Cow::Owned))
}

fn bad_escape(text: &[u8]) -> String {
    format!("invalid URL escape {}", crate::gostd::strconv::quote(text))
}

fn is_hex(byte: u8) -> bool {
    byte.is_ascii_hexdigit()
}

fn hex_value(byte: u8) -> u8 {
    char::from(byte).to_digit(16).map_or(0, |digit| digit as u8)
}
