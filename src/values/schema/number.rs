//! Numbers as schemas compare them, and as messages write them.
//!
//! Go: math/big `Rat` for the sums, golang.org/x/text/message for the texts.

use crate::gostd::strconv;
use crate::value::Value;

/// Returns the number a value holds, if it is one.
pub(super) fn of(value: &Value) -> Option<f64> {
    if let Some(n) = value.as_float() {
        return Some(n);
    }
    if let Some(n) = value.as_signed() {
        return Some(n as f64);
    }
    value.as_unsigned().map(|n| n as f64)
}

/// Reports whether one number is a multiple of another, by their decimal digits:
/// 0.3 is a multiple of 0.1.
pub(super) fn is_multiple(number: f64, of: f64) -> bool {
    let exact = || {
        let (a, a_exponent) = decimal(number)?;
        let (b, b_exponent) = decimal(of)?;
        let common = a_exponent.min(b_exponent);
        let scale = |n: u128, exponent: i32| {
            let steps = u32::try_from(exponent - common).ok()?;
            n.checked_mul(10u128.checked_pow(steps)?)
        };
        scale(a, a_exponent)?.checked_rem(scale(b, b_exponent)?)
    };
    match exact() {
        Some(rest) => rest == 0,
        None => (number / of).fract() == 0.0,
    }
}

/// Returns the digits of a number without its sign, and the power of ten they are
/// to be multiplied by.
fn decimal(number: f64) -> Option<(u128, i32)> {
    let text = format!("{:e}", number.abs());
    let (digits, exponent) = text.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let shift = i32::try_from(fraction.len()).ok()?;
    let digits = format!("{whole}{fraction}").parse().ok()?;
    Some((digits, exponent - shift))
}

/// Returns a number as messages write it: `12,345.5`, `1.5×10⁰⁶`.
pub(super) fn text(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    let plain = strconv::format_float_g(number);
    match plain.split_once('e') {
        None => grouped(&plain),
        Some((digits, exponent)) => {
            let raised = exponent.chars().filter_map(|c| match c {
                '-' => Some('⁻'),
                '0'..='9' => "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(c as usize - '0' as usize),
                _ => None,
            });
            format!("{digits}×10{}", raised.collect::<String>())
        }
    }
}

/// Returns a count as messages write it: `1,200`.
pub(super) fn count(number: usize) -> String {
    grouped(&number.to_string())
}

/// Puts commas between thousands.
fn grouped(number: &str) -> String {
    let (sign, number) = match number.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", number),
    };
    let (whole, fraction) = match number.find('.') {
        Some(dot) => number.split_at(dot),
        None => (number, ""),
    };
    let mut text = sign.to_owned();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text + fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multiples_are_counted_in_decimals() {
        assert!(is_multiple(0.3, 0.1));
        assert!(is_multiple(19.99, 0.01));
        assert!(is_multiple(1e300, 1.0));
        assert!(!is_multiple(0.25, 0.1));
        assert!(!is_multiple(4.0, 3.0));
        assert!(is_multiple(-6.0, 3.0));
    }

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(text(12345.0), "12,345");
        assert_eq!(text(-123456.789), "-123,456.789");
        assert_eq!(text(1234567.0), "1.234567×10⁰⁶");
        assert_eq!(text(1e-7), "1×10⁻⁰⁷");
        assert_eq!(text(1e100), "1×10¹⁰⁰");
        assert_eq!(count(1200), "1,200");
    }
}
