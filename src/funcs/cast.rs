//! Numbers out of any value: what `int`, `int64`, `float64` and all arithmetic understand.
//!
//! Nothing fails: what is no number counts as 0.
//!
//! Go: spf13/cast v1.7.0.

use crate::gostd::strconv::{parse_float, parse_int};
use crate::value::{IntType, Repr, Value};

/// Returns the value as an integer. A float loses its fraction, true is 1; text may be written
/// in any base Go knows (`0x10`, `010`) and may have a fraction of zeros.
pub(super) fn to_int(value: &Value) -> i64 {
    match &value.0 {
        // The library does not know this type; the other named ones are known.
        Repr::Int(IntType::Duration, _) => 0,
        Repr::Int(_, n) => *n,
        Repr::Uint(_, n) => *n as i64,
        Repr::Float(f) => float_to_int(*f),
        Repr::Bool(b) => i64::from(*b),
        Repr::Str(s) => parse_int(without_zero_fraction(s), 0, 0).unwrap_or(0),
        _ => 0,
    }
}

/// Returns the value as a float.
pub(super) fn to_float(value: &Value) -> f64 {
    match &value.0 {
        Repr::Int(IntType::Duration, _) => 0.0,
        Repr::Int(_, n) => *n as f64,
        Repr::Uint(_, n) => *n as f64,
        Repr::Float(f) => *f,
        Repr::Bool(b) => f64::from(u8::from(*b)),
        Repr::Str(s) => parse_float(s, 64).unwrap_or(0.0),
        _ => 0.0,
    }
}

/// Converts as the x86-64 instruction does that Go uses: what does not fit, NaN included, is
/// the least integer.
pub(super) fn float_to_int(f: f64) -> i64 {
    // Both limits are exact as floats.
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&f) {
        f as i64
    } else {
        i64::MIN
    }
}

/// Cuts `.0`, `.00` and so on from the end.
fn without_zero_fraction(text: &[u8]) -> &[u8] {
    let zeros = text.iter().rev().take_while(|b| **b == b'0').count();
    match text.get(..text.len() - zeros) {
        Some([number @ .., b'.']) if zeros > 0 => number,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_of_any_value() {
        for (value, expected) in [
            (Value::float(3.9), 3),
            (Value::float(-3.9), -3),
            (Value::float(f64::NAN), i64::MIN),
            (Value::float(1e19), i64::MIN),
            (Value::bool(true), 1),
            (Value::NIL, 0),
            (Value::string("0x1F"), 31),
            (Value::string("017"), 15),
            (Value::string("08"), 0),
            (Value::string("1_000"), 1000),
            (Value::string("3.00"), 3),
            (Value::string("3."), 0),
            (Value::string(".0"), 0),
            (Value::string("3.7"), 0),
            (Value::string(" 5"), 0),
            (Value::signed(IntType::Duration, 5), 0),
            (Value::signed(IntType::Month, 5), 5),
        ] {
            assert_eq!(to_int(&value), expected, "{value:?}");
        }
    }
}
