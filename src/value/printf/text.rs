//! Strings and bytes under flags.

use super::flags::Flags;
use crate::gostd::strconv::{append_quote, append_quote_to_ascii, can_backquote};
use crate::gostd::unicode::runes;

/// Appends text (`%s`); a precision cuts it, counting runes.
pub(super) fn plain(out: &mut Vec<u8>, flags: &Flags, text: &[u8]) {
    flags.pad(out, cut(flags, text));
}

/// Appends text in quotes (`%q`).
pub(super) fn quoted(out: &mut Vec<u8>, flags: &Flags, text: &[u8]) {
    let text = cut(flags, text);
    let mut quoted = Vec::with_capacity(text.len() + 2);
    if flags.sharp && can_backquote(text) {
        quoted.push(b'`');
        quoted.extend_from_slice(text);
        quoted.push(b'`');
    } else if flags.plus {
        append_quote_to_ascii(&mut quoted, text);
    } else {
        append_quote(&mut quoted, text);
    }
    flags.pad(out, &quoted);
}

/// Appends bytes as hexadecimal digits (`%x`, `%X`); a precision cuts, counting bytes.
pub(super) fn hexadecimal(out: &mut Vec<u8>, flags: &Flags, bytes: &[u8], upper: bool) {
    let bytes = match flags.precision {
        Some(precision) => bytes.get(..precision).unwrap_or(bytes),
        None => bytes,
    };
    let prefix: &[u8] = match (flags.sharp, upper) {
        (false, _) => b"",
        (true, false) => b"0x",
        (true, true) => b"0X",
    };
    let digits: &[u8; 16] = if upper {
        b"0123456789ABCDEF"
    } else {
        b"0123456789abcdef"
    };
    let mut text = Vec::with_capacity(bytes.len() * 2);
    for (i, byte) in bytes.iter().enumerate() {
        if i > 0 && flags.space {
            text.push(b' ');
        }
        // With a space every byte has its prefix, else only the first.
        if i == 0 || flags.space {
            text.extend_from_slice(prefix);
        }
        text.push(digits[usize::from(byte >> 4)]);
        text.push(digits[usize::from(byte & 15)]);
    }
    flags.pad(out, &text);
}

/// The first runes of `text`, as many as the precision says.
fn cut<'a>(flags: &Flags, text: &'a [u8]) -> &'a [u8] {
    let Some(precision) = flags.precision else {
        return text;
    };
    match runes(text).nth(precision) {
        Some((end, _, _)) => text.get(..end).unwrap_or(text),
        None => text,
    }
}
