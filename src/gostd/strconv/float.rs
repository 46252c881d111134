//! Floats to text, with the digits and the exponent rules of Go: `Go: strconv.FormatFloat`, and
//! the number rule of `encoding/json`.

use std::io::Write as _;

/// More digits than any `f64` has after its point (1074) or in all (767); what lies beyond is zeros.
const MAX_EXACT_DIGITS: usize = 1100;

/// Returns `value` as Go's `strconv.FormatFloat(value, format, precision, bits)` writes it.
///
/// `format` is one of `b e E f g G x X`; `precision` -1 means the fewest digits that read back as
/// the same number; with `bits` 32 "the same" is judged as a 32-bit float.
pub fn format_float(value: f64, format: u8, precision: i32, bits: u32) -> String {
    let mut out = Vec::with_capacity(24);
    append_float(&mut out, value, format, precision, bits);
    String::from_utf8(out).unwrap_or_default()
}

/// Returns `value` as printing writes it: `%v`, `%g` and the YAML emitters.
pub fn format_float_g(value: f64) -> String {
    format_float(value, b'g', -1, 64)
}

/// Appends what [`format_float_g`] returns.
pub fn append_float_g(out: &mut Vec<u8>, value: f64) {
    // Whole numbers below a million are plain digits; they are nearly all floats of real charts.
    if value.abs() < 1e6 && value.fract() == 0.0 && (value != 0.0 || value.is_sign_positive()) {
        super::append_int(out, value as i64);
        return;
    }
    append_float(out, value, b'g', -1, 64);
}

/// Appends `value` as `encoding/json` writes numbers; false, with nothing written, for NaN and the
/// infinities, which JSON cannot say.
pub fn append_json_float(out: &mut Vec<u8>, value: f64) -> bool {
    if !value.is_finite() {
        return false;
    }
    let magnitude = value.abs();
    if magnitude < 1e15 && value.fract() == 0.0 && (value != 0.0 || value.is_sign_positive()) {
        super::append_int(out, value as i64);
        return true;
    }
    if magnitude != 0.0 && !(1e-6..1e21).contains(&magnitude) {
        append_float(out, value, b'e', -1, 64);
        // JSON drops the leading zero of a negative exponent: e-07 becomes e-7.
        if let [.., b'e', b'-', b'0', last] = out.as_slice() {
            let last = *last;
            out.truncate(out.len() - 2);
            out.push(last);
        }
    } else {
        append_float(out, value, b'f', -1, 64);
    }
    true
}

/// Appends what [`format_float`] returns.
pub fn append_float(out: &mut Vec<u8>, value: f64, format: u8, precision: i32, bits: u32) {
    if value.is_nan() {
        out.extend_from_slice(b"NaN");
        return;
    }
    if value.is_infinite() {
        out.extend_from_slice(if value > 0.0 { b"+Inf" } else { b"-Inf" });
        return;
    }
    match format {
        b'b' => return append_binary(out, value, bits),
        b'x' | b'X' => return append_hex(out, value, format == b'X', precision, bits),
        b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => {}
        other => {
            out.push(b'%');
            out.push(other);
            return;
        }
    }
    if value.is_sign_negative() {
        out.push(b'-');
    }
    let value = value.abs();
    let shortest = precision < 0;
    let wanted = precision.max(0) as usize;
    match format {
        b'f' | b'F' if !shortest => {
            append_exact_fixed(out, value, wanted);
        }
        b'f' | b'F' => {
            let digits = Digits::shortest(value, bits);
            append_fixed(out, &digits, digits.decimals(digits.len));
        }
        b'e' | b'E' => {
            if shortest {
                let digits = Digits::shortest(value, bits);
                append_scientific(out, &digits, digits.len - 1, format);
            } else {
                append_scientific(out, &Digits::rounded(value, wanted + 1), wanted, format);
            }
        }
        _ => {
            if shortest {
                append_general(out, &Digits::shortest(value, bits), 6, format);
            } else {
                let count = wanted.max(1);
                append_general(out, &Digits::rounded(value, count), count, format);
            }
        }
    }
}

/// Decimal digits `0.d1d2d3… × 10^point`; zero is the one digit `0` with `point` 1.
///
/// `N` is the room for digits: a few for the shortest form, many for a wanted precision.
struct Digits<const N: usize> {
    bytes: [u8; N],
    len: usize,
    point: i32,
}

/// Room for the shortest form of a float: 17 digits, a point, a sign and an exponent.
const SHORTEST: usize = 32;

impl Digits<SHORTEST> {
    /// The fewest digits that read back as the same float of `bits` bits.
    fn shortest(value: f64, bits: u32) -> Self {
        if bits == 32 {
            Self::from_scientific(|buffer| write!(buffer, "{:e}", value as f32))
        } else {
            Self::from_scientific(|buffer| write!(buffer, "{value:e}"))
        }
    }
}

impl Digits<MAX_EXACT_DIGITS> {
    /// `count` significant digits, rounded correctly (half to even).
    fn rounded(value: f64, count: usize) -> Self {
        let decimals = count.clamp(1, MAX_EXACT_DIGITS - 20) - 1;
        Self::from_scientific(|buffer| write!(buffer, "{value:.decimals$e}"))
    }
}

impl<const N: usize> Digits<N> {
    /// Takes apart the `d.ddde±x` that the standard library writes.
    fn from_scientific(
        write: impl FnOnce(&mut std::io::Cursor<&mut [u8]>) -> std::io::Result<()>,
    ) -> Self {
        let mut text = [0u8; N];
        let mut cursor = std::io::Cursor::new(&mut text[..]);
        write(&mut cursor).expect("the buffer holds the longest number asked for");
        let end = cursor.position() as usize;
        let mut digits = Self {
            bytes: [b'0'; N],
            len: 0,
            point: 1,
        };
        let mut exponent = 0i32;
        let mut negative = false;
        let mut in_exponent = false;
        for &byte in &text[..end] {
            match byte {
                b'e' => in_exponent = true,
                b'-' => negative = true,
                b'0'..=b'9' if in_exponent => exponent = exponent * 10 + i32::from(byte - b'0'),
                b'0'..=b'9' => {
                    digits.bytes[digits.len] = byte;
                    digits.len += 1;
                }
                _ => {}
            }
        }
        digits.point = if negative { -exponent } else { exponent } + 1;
        digits
    }

    /// The digit at `index`, zero beyond the last and before the first.
    fn at(&self, index: i32) -> u8 {
        usize::try_from(index)
            .ok()
            .filter(|&i| i < self.len)
            .map_or(b'0', |i| self.bytes[i])
    }

    /// How many of the first `len` digits stand after the point.
    fn decimals(&self, len: usize) -> usize {
        usize::try_from(len as i64 - i64::from(self.point)).unwrap_or(0)
    }

    /// Number of digits without trailing zeros, at least 1.
    fn trimmed_len(&self) -> usize {
        let mut len = self.len;
        while len > 1 && self.bytes[len - 1] == b'0' {
            len -= 1;
        }
        len
    }
}

/// The shorter of the two forms: scientific when the exponent is below -4 or reaches `limit`.
fn append_general<const N: usize>(out: &mut Vec<u8>, digits: &Digits<N>, limit: usize, format: u8) {
    let len = digits.trimmed_len();
    let exponent = digits.point - 1;
    if exponent < -4 || usize::try_from(exponent).is_ok_and(|exponent| exponent >= limit) {
        append_scientific(
            out,
            digits,
            len - 1,
            if format == b'G' { b'E' } else { b'e' },
        );
    } else {
        append_fixed(out, digits, digits.decimals(len));
    }
}

/// `d.ddde±dd` with `decimals` digits after the point.
fn append_scientific<const N: usize>(
    out: &mut Vec<u8>,
    digits: &Digits<N>,
    decimals: usize,
    letter: u8,
) {
    out.push(digits.at(0));
    if decimals > 0 {
        out.push(b'.');
        let known = decimals.min(digits.len - 1);
        out.extend_from_slice(&digits.bytes[1..=known]);
        out.resize(out.len() + (decimals - known), b'0');
    }
    let exponent = digits.point - 1;
    out.push(letter);
    out.push(if exponent < 0 { b'-' } else { b'+' });
    if exponent.abs() < 10 {
        out.push(b'0');
    }
    super::append_int(out, i64::from(exponent.abs()));
}

/// `ddd.ddd` with `decimals` digits after the point.
fn append_fixed<const N: usize>(out: &mut Vec<u8>, digits: &Digits<N>, decimals: usize) {
    if digits.point > 0 {
        for index in 0..digits.point {
            out.push(digits.at(index));
        }
    } else {
        out.push(b'0');
    }
    if decimals > 0 {
        out.push(b'.');
        for index in 0..decimals.min(MAX_EXACT_DIGITS * 2) {
            out.push(digits.at(digits.point.saturating_add(index as i32)));
        }
    }
}

/// `ddd.ddd`, correctly rounded to `decimals` digits after the point.
fn append_exact_fixed(out: &mut Vec<u8>, value: f64, decimals: usize) {
    let known = decimals.min(MAX_EXACT_DIGITS);
    write!(out, "{value:.known$}").expect("writing to memory does not fail");
    out.resize(out.len() + (decimals - known), b'0');
}

/// The parts of a float: mantissa (with the hidden bit) and the power of two of its last bit.
fn binary_parts(value: f64, bits: u32) -> (u64, i32) {
    let (fraction, exponent, mantissa_bits, bias) = if bits == 32 {
        let raw = (value as f32).to_bits();
        (
            u64::from(raw & 0x7f_ffff),
            ((raw >> 23) & 0xff) as i32,
            23,
            127,
        )
    } else {
        let raw = value.to_bits();
        (
            raw & ((1 << 52) - 1),
            ((raw >> 52) & 0x7ff) as i32,
            52,
            1023,
        )
    };
    if exponent == 0 {
        (fraction, 1 - bias - mantissa_bits)
    } else {
        (
            fraction | (1 << mantissa_bits),
            exponent - bias - mantissa_bits,
        )
    }
}

/// `-ddddp±ddd`: the mantissa as an integer and a power of two.
fn append_binary(out: &mut Vec<u8>, value: f64, bits: u32) {
    let (mantissa, exponent) = binary_parts(value, bits);
    if value.is_sign_negative() {
        out.push(b'-');
    }
    super::append_uint(out, mantissa);
    out.push(b'p');
    if exponent >= 0 {
        out.push(b'+');
    }
    super::append_int(out, i64::from(exponent));
}

/// `-0x1.yyyp±dd`: hexadecimal, the leading digit always 1 (0 for zero).
fn append_hex(out: &mut Vec<u8>, value: f64, upper: bool, precision: i32, bits: u32) {
    let (mut mantissa, last_bit) = binary_parts(value, bits);
    let mut exponent = last_bit;
    if value.is_sign_negative() {
        out.push(b'-');
    }
    if mantissa == 0 {
        exponent = 0;
    } else {
        // Put the leading 1 at bit 60, so that 15 hexadecimal digits follow it.
        let shift = mantissa.leading_zeros() as i32 - 3;
        mantissa <<= shift;
        exponent += 60 - shift;
    }
    if (0..15).contains(&precision) {
        let drop = 60 - 4 * precision as u32;
        let half = 1u64 << (drop - 1);
        let rest = mantissa & ((1 << drop) - 1);
        mantissa >>= drop;
        if rest > half || (rest == half && mantissa & 1 == 1) {
            mantissa += 1;
        }
        mantissa <<= drop;
        if mantissa >> 61 != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    out.push(b'0');
    out.push(if upper { b'X' } else { b'x' });
    out.push(b'0' + (mantissa >> 60) as u8);
    let mut rest = mantissa & ((1 << 60) - 1);
    let mut written = 0;
    let wanted = if precision < 0 {
        None
    } else {
        Some(precision as usize)
    };
    if wanted.map_or(rest != 0, |count| count > 0) {
        out.push(b'.');
        while wanted.map_or(rest != 0, |count| written < count) {
            super::append_radix(out, rest >> 56, 16, upper);
            rest = (rest << 4) & ((1 << 60) - 1);
            written += 1;
        }
    }
    out.push(if upper { b'P' } else { b'p' });
    out.push(if exponent < 0 { b'-' } else { b'+' });
    if exponent.abs() < 10 {
        out.push(b'0');
    }
    super::append_int(out, i64::from(exponent.abs()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(value: f64) -> String {
        let mut out = Vec::new();
        assert!(append_json_float(&mut out, value));
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn shortest_general() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.0, "1"),
            (-3.0, "-3"),
            (100000.0, "100000"),
            (999999.0, "999999"),
            (999999.5, "999999.5"),
            (1000000.0, "1e+06"),
            (1000000.5, "1.0000005e+06"),
            (12345678.9, "1.23456789e+07"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1e100, "1e+100"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::INFINITY, "+Inf"),
            (f64::NEG_INFINITY, "-Inf"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(format_float_g(value), text);
            let mut out = Vec::new();
            append_float_g(&mut out, value);
            assert_eq!(out, text.as_bytes());
        }
    }

    #[test]
    fn precision() {
        assert_eq!(format_float(2.5, b'f', 0, 64), "2");
        assert_eq!(format_float(3.5, b'f', 0, 64), "4");
        assert_eq!(format_float(2.345, b'f', 2, 64), "2.35");
        assert_eq!(format_float(1e21, b'f', -1, 64), "1000000000000000000000");
        assert_eq!(format_float(0.000123, b'f', -1, 64), "0.000123");
        assert_eq!(format_float(123456.0, b'e', 2, 64), "1.23e+05");
        assert_eq!(format_float(0.0, b'e', 2, 64), "0.00e+00");
        assert_eq!(format_float(123456.0, b'E', -1, 64), "1.23456E+05");
        assert_eq!(format_float(100.0, b'g', 3, 64), "100");
        assert_eq!(format_float(100.0, b'g', 2, 64), "1e+02");
        assert_eq!(format_float(123456789.123, b'g', -1, 32), "1.2345679e+08");
        assert_eq!(format_float(1e-7, b'G', 0, 64), "1E-07");
        assert_eq!(format_float(1.0, b'f', 1200, 64).len(), 1202);
        assert_eq!(format_float(1.0, b'e', 1200, 64).len(), 1206);
    }

    #[test]
    fn binary_and_hex() {
        assert_eq!(format_float(1.0, b'b', -1, 64), "4503599627370496p-52");
        assert_eq!(format_float(1.0, b'x', -1, 64), "0x1p+00");
        assert_eq!(format_float(-0.1, b'x', 3, 64), "-0x1.99ap-04");
        assert_eq!(format_float(255.5, b'X', -1, 64), "0X1.FFP+07");
        assert_eq!(format_float(1.999, b'x', 0, 64), "0x1p+01");
        assert_eq!(format_float(0.0, b'x', 2, 64), "0x0.00p+00");
    }

    #[test]
    fn json_rule() {
        for (value, text) in [
            (1e21, "1e+21"),
            (1e20, "100000000000000000000"),
            (0.00001, "0.00001"),
            (1e-7, "1e-7"),
            (1e-10, "1e-10"),
            (-0.0, "-0"),
            (0.0, "0"),
            (1000000.0, "1000000"),
            (12345678.9, "12345678.9"),
        ] {
            assert_eq!(json(value), text);
        }
        assert!(!append_json_float(&mut Vec::new(), f64::NAN));
    }
}
