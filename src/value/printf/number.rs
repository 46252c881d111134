//! Integers, floats and characters under flags.

use super::flags::Flags;
use crate::gostd::strconv::{
    append_float, append_quote_rune, append_quote_rune_to_ascii, append_radix,
};
use crate::gostd::unicode::{append_code_point, append_rune, is_print};

/// Appends an integer in `base`; `verb` `O` writes `0o` before octal digits, `X` is upper case.
pub(super) fn integer(
    out: &mut Vec<u8>,
    flags: &Flags,
    magnitude: u64,
    negative: bool,
    base: u32,
    verb: char,
) {
    let sign = match () {
        () if negative => Some(b'-'),
        () if flags.plus => Some(b'+'),
        () if flags.space => Some(b' '),
        () => None,
    };
    let least = match (flags.precision, flags.width) {
        // Precision 0 means: nothing at all for zero.
        (Some(0), width) if magnitude == 0 => {
            return flags.without_zero().fill(out, width.unwrap_or(0));
        }
        (Some(precision), _) => precision,
        (None, Some(width)) if flags.zero && !flags.minus => {
            width.saturating_sub(usize::from(sign.is_some()))
        }
        _ => 0,
    };
    let mut digits = Vec::with_capacity(20);
    append_radix(&mut digits, magnitude, base, verb == 'X');

    let mut text = Vec::with_capacity(least + 4);
    text.extend(sign);
    if verb == 'O' {
        text.extend_from_slice(b"0o");
    }
    if flags.sharp {
        match (base, verb) {
            (2, _) => text.extend_from_slice(b"0b"),
            (8, _) if digits.first() != Some(&b'0') && digits.len() >= least => text.push(b'0'),
            (16, 'X') => text.extend_from_slice(b"0X"),
            (16, _) => text.extend_from_slice(b"0x"),
            _ => {}
        }
    }
    text.resize(text.len() + least.saturating_sub(digits.len()), b'0');
    text.extend_from_slice(&digits);
    flags.without_zero().pad(out, &text);
}

/// Appends an integer as `0x..`, as Go source and addresses show it.
pub(super) fn hexadecimal(out: &mut Vec<u8>, flags: &Flags, n: u64, leading_0x: bool) {
    let flags = Flags {
        sharp: leading_0x,
        ..*flags
    };
    integer(out, &flags, n, false, 16, 'v');
}

/// Appends the character with this number (`%c`).
pub(super) fn character(out: &mut Vec<u8>, flags: &Flags, n: u64) {
    let mut text = Vec::new();
    append_code_point(&mut text, code_point(n));
    flags.pad(out, &text);
}

/// Appends the character with this number in quotes (`%q`).
pub(super) fn quoted_character(out: &mut Vec<u8>, flags: &Flags, n: u64) {
    let mut text = Vec::new();
    if flags.plus {
        append_quote_rune_to_ascii(&mut text, code_point(n));
    } else {
        append_quote_rune(&mut text, code_point(n));
    }
    flags.pad(out, &text);
}

/// Appends a number as `U+0041`, with `#` also the character (`%U`).
pub(super) fn unicode(out: &mut Vec<u8>, flags: &Flags, n: u64) {
    let least = flags.precision.unwrap_or(0).max(4);
    let mut digits = Vec::new();
    append_radix(&mut digits, n, 16, true);
    let mut text = b"U+".to_vec();
    text.resize(text.len() + least.saturating_sub(digits.len()), b'0');
    text.extend_from_slice(&digits);
    let shown = u32::try_from(n).ok().and_then(char::from_u32);
    if let Some(rune) = shown.filter(|r| flags.sharp && is_print(*r)) {
        text.extend_from_slice(b" '");
        append_rune(&mut text, rune);
        text.push(b'\'');
    }
    flags.without_zero().pad(out, &text);
}

/// A number as a rune: everything beyond Unicode is U+FFFD.
fn code_point(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(0xFFFD)
}

/// Appends a float. `format` is strconv's letter, `precision` what the verb uses by itself, -1
/// for as many digits as needed.
pub(super) fn float(out: &mut Vec<u8>, flags: &Flags, value: f64, format: u8, precision: i32) {
    let precision = match flags.precision {
        Some(p) => i32::try_from(p).unwrap_or(i32::MAX),
        None => precision,
    };
    let mut text = Vec::with_capacity(24);
    append_float(&mut text, value, format, precision, 64);
    if !matches!(text.first(), Some(b'+' | b'-')) {
        text.insert(0, b'+');
    }
    let positive = text.first() == Some(&b'+');
    if let Some(sign) = text.first_mut().filter(|_| flags.space && !flags.plus)
        && positive
    {
        *sign = b' ';
    }
    if !value.is_finite() {
        // Neither zeros nor a decimal point; infinity keeps its plus.
        if value.is_nan() && !flags.space && !flags.plus {
            text.remove(0);
        }
        return flags.without_zero().pad(out, &text);
    }
    if flags.sharp && format != b'b' {
        force_point(&mut text, format, precision);
    }
    let signed = flags.plus || text.first() != Some(&b'+');
    if !signed {
        text.remove(0);
    } else if flags.zero && !flags.minus && flags.width.is_some_and(|w| w > text.len()) {
        // Zeros stand between the sign and the digits.
        out.push(text.remove(0));
        let rest = Flags {
            width: flags.width.map(|w| w - 1),
            ..*flags
        };
        return rest.pad(out, &text);
    }
    flags.pad(out, &text);
}

/// The flag `#`: a decimal point always, and for `%g` the zeros up to the precision.
fn force_point(text: &mut Vec<u8>, format: u8, precision: i32) {
    let exponent = match format {
        b'x' | b'X' => text.iter().position(|b| matches!(b, b'p' | b'P')),
        _ => text.iter().position(|b| matches!(b, b'e' | b'E')),
    };
    let tail = text.split_off(exponent.unwrap_or(text.len()));
    let wanted = match format {
        b'g' | b'G' | b'x' if precision < 0 => 6,
        b'g' | b'G' | b'x' => usize::try_from(precision).unwrap_or(0),
        _ => 0,
    };
    let number = text.get(1..).unwrap_or(&[]);
    let has_point = number.contains(&b'.');
    let mut significant = number
        .iter()
        .filter(|b| **b != b'.')
        .skip_while(|b| **b == b'0')
        .count();
    if !has_point {
        // The one digit of a zero counts.
        significant += usize::from(number == b"0");
        text.push(b'.');
    }
    text.resize(text.len() + wanted.saturating_sub(significant), b'0');
    text.extend_from_slice(&tail);
}
