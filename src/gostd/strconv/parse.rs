//! Text to numbers and truth values: `Go: strconv.ParseFloat, ParseInt, ParseUint, ParseBool, Atoi`.

use super::NumErrorKind::{self, Base, BitSize, Range, Syntax};

/// Reads an integer in `base` (0: by its prefix `0b`, `0o`, `0`, `0x`) that fits `bits` bits (0: 64).
///
/// # Errors
///
/// `Syntax` if the text is no such integer, `Range` if it does not fit, `Base` or `BitSize` if the
/// demand makes no sense.
pub fn parse_int(text: &[u8], base: u32, bits: u32) -> Result<i64, NumErrorKind> {
    let (negative, digits) = match text {
        [] => return Err(Syntax),
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let magnitude = parse_uint(digits, base, if bits == 0 { 64 } else { bits })?;
    let bits = if bits == 0 { 64 } else { bits };
    let cutoff = 1u64 << (bits - 1);
    if negative {
        if magnitude > cutoff {
            return Err(Range);
        }
        Ok((magnitude as i64).wrapping_neg())
    } else if magnitude >= cutoff {
        Err(Range)
    } else {
        Ok(magnitude as i64)
    }
}

/// Reads an integer as [`parse_int`] does, with the value Go returns beside an error: the nearest
/// one that fits if the text is out of range, else 0.
pub fn parse_int_clamped(text: &[u8], base: u32, bits: u32) -> i64 {
    match parse_int(text, base, bits) {
        Ok(value) => value,
        Err(Range) => {
            let max = i64::MAX >> (64 - if bits == 0 { 64 } else { bits.clamp(1, 64) });
            if text.first() == Some(&b'-') {
                -max - 1
            } else {
                max
            }
        }
        Err(_) => 0,
    }
}

/// Reads an unsigned integer, without a sign, as [`parse_int`] does.
///
/// # Errors
///
/// As for [`parse_int`].
pub fn parse_uint(text: &[u8], base: u32, bits: u32) -> Result<u64, NumErrorKind> {
    if text.is_empty() {
        return Err(Syntax);
    }
    let (radix, digits) = match base {
        2..=36 => (base, text),
        0 => match text {
            [b'0', b'b' | b'B', _, ..] => (2, &text[2..]),
            [b'0', b'o' | b'O', _, ..] => (8, &text[2..]),
            [b'0', b'x' | b'X', _, ..] => (16, &text[2..]),
            [b'0', ..] => (8, &text[1..]),
            _ => (10, text),
        },
        _ => return Err(Base(base)),
    };
    let max = match bits {
        0 | 64 => u64::MAX,
        1..=63 => (1u64 << bits) - 1,
        _ => return Err(BitSize(bits)),
    };
    let mut value = 0u64;
    let mut underscores = false;
    for &byte in digits {
        let digit = match byte {
            b'_' if base == 0 => {
                underscores = true;
                continue;
            }
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'z' => byte - b'a' + 10,
            b'A'..=b'Z' => byte - b'A' + 10,
            _ => return Err(Syntax),
        };
        if u32::from(digit) >= radix {
            return Err(Syntax);
        }
        // Too big is reported at the digit that overflows, before a bad character further on.
        value = value
            .checked_mul(u64::from(radix))
            .and_then(|value| value.checked_add(u64::from(digit)))
            .filter(|&value| value <= max)
            .ok_or(Range)?;
    }
    if underscores && !underscores_well_placed(text) {
        return Err(Syntax);
    }
    Ok(value)
}

/// Reads a decimal integer: `parse_int(text, 10, 0)`. Its Go name in error texts is `Atoi`.
///
/// # Errors
///
/// As for [`parse_int`].
pub fn atoi(text: &[u8]) -> Result<i64, NumErrorKind> {
    parse_int(text, 10, 64)
}

/// Reads `1 t T TRUE true True 0 f F FALSE false False`.
///
/// # Errors
///
/// `Syntax` for every other text.
pub fn parse_bool(text: &[u8]) -> Result<bool, NumErrorKind> {
    match text {
        b"1" | b"t" | b"T" | b"true" | b"TRUE" | b"True" => Ok(true),
        b"0" | b"f" | b"F" | b"false" | b"FALSE" | b"False" => Ok(false),
        _ => Err(Syntax),
    }
}

/// Reads a decimal or hexadecimal float, or `inf`, `infinity` and `nan` in any case, rounded to
/// `bits` (32 or 64) bits.
///
/// # Errors
///
/// `Syntax` if the text is no float; `Range` if it is too large (Go returns the infinity of the
/// text's sign beside that error).
pub fn parse_float(text: &[u8], bits: u32) -> Result<f64, NumErrorKind> {
    let value = parse_float_saturating(text, bits)?;
    if value.is_infinite() && !names_infinity(text) {
        return Err(Range);
    }
    Ok(value)
}

/// Reads a float as [`parse_float`] does, with an infinity for what is too large.
///
/// # Errors
///
/// `Syntax` if the text is no float.
fn parse_float_saturating(text: &[u8], bits: u32) -> Result<f64, NumErrorKind> {
    let (negative, body) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let sign = |value: f64| if negative { -value } else { value };
    match body.first() {
        Some(b'0'..=b'9' | b'.') => {}
        Some(b'i' | b'I') if names_infinity(body) => return Ok(sign(f64::INFINITY)),
        Some(b'n' | b'N') if text.eq_ignore_ascii_case(b"nan") => return Ok(f64::NAN),
        _ => return Err(Syntax),
    }
    if let [b'0', b'x' | b'X', _, ..] = body {
        return parse_hex(body, bits).map(sign);
    }
    check_decimal(body)?;
    let mut without_underscores = Vec::new();
    let plain = if body.contains(&b'_') {
        if !underscores_well_placed(body) {
            return Err(Syntax);
        }
        without_underscores.extend(body.iter().copied().filter(|&byte| byte != b'_'));
        without_underscores.as_slice()
    } else {
        body
    };
    let plain = std::str::from_utf8(plain).map_err(|_| Syntax)?;
    let value = if bits == 32 {
        f64::from(plain.parse::<f32>().map_err(|_| Syntax)?)
    } else {
        plain.parse::<f64>().map_err(|_| Syntax)?
    };
    Ok(sign(value))
}

/// Whether the text, after a sign, is `inf` or `infinity`.
fn names_infinity(text: &[u8]) -> bool {
    let body = match text {
        [b'-' | b'+', rest @ ..] => rest,
        rest => rest,
    };
    body.eq_ignore_ascii_case(b"inf") || body.eq_ignore_ascii_case(b"infinity")
}

/// Demands `digits [. digits] [e [sign] digits]` with at least one digit in the mantissa.
fn check_decimal(text: &[u8]) -> Result<(), NumErrorKind> {
    let mut position = 0;
    let mut digits = 0;
    let mut point = false;
    while let Some(&byte) = text.get(position) {
        match byte {
            b'0'..=b'9' => digits += 1,
            b'_' => {}
            b'.' if !point => point = true,
            _ => break,
        }
        position += 1;
    }
    if digits == 0 {
        return Err(Syntax);
    }
    check_exponent(&text[position..], b'e', false).map(|_| ())
}

/// Reads `e [sign] digits` up to the end; a missing exponent is 0 unless `required`.
fn check_exponent(text: &[u8], letter: u8, required: bool) -> Result<i64, NumErrorKind> {
    let Some((&first, rest)) = text.split_first() else {
        return if required { Err(Syntax) } else { Ok(0) };
    };
    if first.to_ascii_lowercase() != letter {
        return Err(Syntax);
    }
    let (negative, digits) = match rest {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    if !digits.first().is_some_and(u8::is_ascii_digit) {
        return Err(Syntax);
    }
    let mut exponent = 0i64;
    for &byte in digits {
        match byte {
            // Anything past ten thousand is infinite or zero already.
            b'0'..=b'9' if exponent < 10_000 => {
                exponent = exponent * 10 + i64::from(byte - b'0');
            }
            b'0'..=b'9' | b'_' => {}
            _ => return Err(Syntax),
        }
    }
    Ok(if negative { -exponent } else { exponent })
}

/// Reads `0x hex [. hex] p [sign] digits`, rounding half to even.
fn parse_hex(text: &[u8], bits: u32) -> Result<f64, NumErrorKind> {
    let mut mantissa = 0u64;
    let mut dropped = false;
    let mut exponent = 0i64;
    let mut digits = 0usize;
    let mut point = false;
    let mut position = 2;
    while let Some(&byte) = text.get(position) {
        let digit = match byte {
            b'_' => {
                position += 1;
                continue;
            }
            b'.' if !point => {
                point = true;
                position += 1;
                continue;
            }
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            b'A'..=b'F' => byte - b'A' + 10,
            _ => break,
        };
        digits += 1;
        if mantissa >> 60 == 0 {
            mantissa = mantissa << 4 | u64::from(digit);
            exponent -= if point { 4 } else { 0 };
        } else {
            dropped |= digit != 0;
            exponent += if point { 0 } else { 4 };
        }
        position += 1;
    }
    if digits == 0 {
        return Err(Syntax);
    }
    exponent += check_exponent(&text[position..], b'p', true)?;
    if text.contains(&b'_') && !underscores_well_placed(text) {
        return Err(Syntax);
    }
    Ok(round_binary(mantissa, dropped, exponent, bits))
}

/// `mantissa × 2^exponent` as the nearest float; `sticky` says that something non-zero was cut off.
fn round_binary(mantissa: u64, sticky: bool, exponent: i64, bits: u32) -> f64 {
    if mantissa == 0 {
        return 0.0;
    }
    let (mantissa_bits, lowest, highest) = if bits == 32 {
        (24i64, -149i64, 127i64)
    } else {
        (53, -1074, 1023)
    };
    // Bring the leading one to bit 63, keeping the value.
    let shift = i64::from(mantissa.leading_zeros());
    let mantissa = mantissa << shift;
    let exponent = exponent - shift;
    // The power of two of the last bit that can be kept.
    let last = (exponent + 64 - mantissa_bits).max(lowest);
    let drop = last - exponent;
    if drop > 64 {
        return 0.0;
    }
    let (kept, rest, half) = if drop == 64 {
        (0u64, mantissa, 1u64 << 63)
    } else {
        (
            mantissa >> drop,
            mantissa & ((1 << drop) - 1),
            1u64 << (drop - 1),
        )
    };
    let up = rest > half || (rest == half && (sticky || kept & 1 == 1));
    let kept = kept + u64::from(up);
    if last + 64 - i64::from(kept.leading_zeros()) - 1 > highest {
        return f64::INFINITY;
    }
    // Both factors are exact: kept has at most 53 bits, and the power is split to stay in range.
    let half_power = (last / 2) as i32;
    kept as f64 * 2f64.powi(half_power) * 2f64.powi(last as i32 - half_power)
}

/// Whether every underscore stands between digits, or between a base prefix and a digit.
fn underscores_well_placed(text: &[u8]) -> bool {
    let body = match text {
        [b'-' | b'+', rest @ ..] => rest,
        rest => rest,
    };
    let (mut hex, mut after_digit, mut rest) = (false, false, body);
    if let [b'0', prefix, tail @ ..] = body
        && matches!(prefix.to_ascii_lowercase(), b'b' | b'o' | b'x')
    {
        // The prefix counts as a digit for an underscore that follows it.
        hex = prefix.eq_ignore_ascii_case(&b'x');
        after_digit = true;
        rest = tail;
    }
    let mut after_underscore = false;
    for &byte in rest {
        if byte.is_ascii_digit() || (hex && byte.is_ascii_hexdigit()) {
            after_digit = true;
            after_underscore = false;
        } else if byte == b'_' {
            if !after_digit {
                return false;
            }
            after_digit = false;
            after_underscore = true;
        } else {
            if after_underscore {
                return false;
            }
            after_digit = false;
        }
    }
    !after_underscore
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers() {
        for (text, base, bits, wanted) in [
            ("0", 10, 64, Ok(0)),
            ("-9223372036854775808", 10, 64, Ok(i64::MIN)),
            ("9223372036854775808", 10, 64, Err(Range)),
            ("99999999999999999999x", 10, 64, Err(Range)),
            ("-129", 10, 8, Err(Range)),
            ("-128", 10, 8, Ok(-128)),
            ("", 10, 64, Err(Syntax)),
            ("-", 10, 64, Err(Syntax)),
            ("+5", 10, 64, Ok(5)),
            ("0x1F", 0, 64, Ok(31)),
            ("0x", 0, 64, Err(Syntax)),
            ("017", 0, 64, Ok(15)),
            ("0o17", 0, 64, Ok(15)),
            ("08", 0, 64, Err(Syntax)),
            ("0b1_0", 0, 64, Ok(2)),
            ("1_000", 0, 64, Ok(1000)),
            ("1_000", 10, 64, Err(Syntax)),
            ("1__0", 0, 64, Err(Syntax)),
            ("_1", 0, 64, Err(Syntax)),
            ("0x_1", 0, 64, Ok(1)),
            ("0_7", 0, 64, Ok(7)),
            ("1_", 0, 64, Err(Syntax)),
            ("zz", 36, 64, Ok(1295)),
            ("1", 1, 64, Err(Base(1))),
            ("1", 10, 65, Err(BitSize(65))),
        ] {
            assert_eq!(parse_int(text.as_bytes(), base, bits), wanted, "{text}");
        }
        assert_eq!(parse_uint(b"18446744073709551615", 10, 64), Ok(u64::MAX));
        assert_eq!(parse_uint(b"18446744073709551616", 10, 64), Err(Range));
        assert_eq!(parse_uint(b"+1", 10, 64), Err(Syntax));
        assert_eq!(parse_int_clamped(b"99999999999999999999", 10, 64), i64::MAX);
        assert_eq!(
            parse_int_clamped(b"-99999999999999999999", 10, 64),
            i64::MIN
        );
        assert_eq!(parse_int_clamped(b"-300", 10, 8), -128);
        assert_eq!(parse_int_clamped(b"x", 10, 64), 0);
    }

    #[test]
    fn floats() {
        for (text, wanted) in [
            ("1", Ok(1.0)),
            ("-1.5e3", Ok(-1500.0)),
            (".5", Ok(0.5)),
            ("5.", Ok(5.0)),
            (".", Err(Syntax)),
            ("1e", Err(Syntax)),
            ("1e+", Err(Syntax)),
            ("1e400", Err(Range)),
            ("1e-400", Ok(0.0)),
            ("1_000.5", Ok(1000.5)),
            ("1__0", Err(Syntax)),
            ("1_e5", Err(Syntax)),
            ("inf", Ok(f64::INFINITY)),
            ("-Infinity", Ok(f64::NEG_INFINITY)),
            ("+nan", Err(Syntax)),
            ("infin", Err(Syntax)),
            ("0x1p-2", Ok(0.25)),
            ("0x.8p1", Ok(1.0)),
            ("0x1", Err(Syntax)),
            ("0x_1p1", Ok(2.0)),
            ("0x1p1024", Err(Range)),
            ("0x1.fffffffffffff8p1023", Err(Range)),
            ("0x1p-1074", Ok(5e-324)),
            ("0x1p-1075", Ok(0.0)),
            ("0x1.8p-1075", Ok(5e-324)),
            (
                "0x10000000000000000000001p0",
                Ok(309485009821345068724781056.0 + 0.0),
            ),
            ("", Err(Syntax)),
            ("1 ", Err(Syntax)),
            ("0b1", Err(Syntax)),
        ] {
            assert_eq!(parse_float(text.as_bytes(), 64), wanted, "{text}");
        }
        assert!(parse_float(b"NaN", 64).is_ok_and(f64::is_nan));
        assert_eq!(parse_float(b"1e39", 32), Err(Range));
        assert_eq!(parse_float(b"0.1", 32), Ok(f64::from(0.1f32)));
    }

    #[test]
    fn booleans() {
        assert_eq!(parse_bool(b"True"), Ok(true));
        assert_eq!(parse_bool(b"tRUE"), Err(Syntax));
        assert_eq!(parse_bool(b"0"), Ok(false));
    }
}
