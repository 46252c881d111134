//! Numbers and quoted text: `Go: strconv`.
//!
//! Numbers come in and text is appended to a reused `Vec<u8>`, or bytes come in and a number (or
//! the error Go would return) goes out. Nothing here allocates on the formatting fast paths.

mod float;
mod number_error;
mod parse;
mod quote;

pub use float::{append_float, append_float_g, append_json_float, format_float, format_float_g};
pub use number_error::{NumErrorKind, num_error_text};
pub use parse::{atoi, parse_bool, parse_float, parse_int, parse_int_clamped, parse_uint};
pub use quote::{
    UnquotedChar, append_quote, append_quote_rune, append_quote_rune_to_ascii,
    append_quote_to_ascii, can_backquote, quote, unquote, unquote_char, unquote_plain,
};

/// Appends the decimal text of `value`.
pub fn append_int(out: &mut Vec<u8>, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    append_uint(out, value.unsigned_abs());
}

/// Appends the decimal text of `value`.
pub fn append_uint(out: &mut Vec<u8>, value: u64) {
    if value < 10 {
        out.push(b'0' + value as u8);
        return;
    }
    append_radix(out, value, 10, false);
}

/// Appends the digits of `value` in `base` (2 to 36; anything else counts as 10).
pub fn append_radix(out: &mut Vec<u8>, value: u64, base: u32, upper: bool) {
    const LOWER: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    const UPPER: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let alphabet = if upper { UPPER } else { LOWER };
    let base = if (2..=36).contains(&base) {
        u64::from(base)
    } else {
        10
    };
    let mut buffer = [0u8; 64];
    let mut start = buffer.len();
    let mut rest = value;
    loop {
        start -= 1;
        buffer[start] = alphabet[(rest % base) as usize];
        rest /= base;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&buffer[start..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers() {
        let mut out = Vec::new();
        append_int(&mut out, i64::MIN);
        out.push(b' ');
        append_uint(&mut out, u64::MAX);
        out.push(b' ');
        append_int(&mut out, 7);
        out.push(b' ');
        append_radix(&mut out, 255, 2, false);
        out.push(b' ');
        append_radix(&mut out, 48879, 16, true);
        assert_eq!(
            out,
            b"-9223372036854775808 18446744073709551615 7 11111111 BEEF"
        );
    }
}
