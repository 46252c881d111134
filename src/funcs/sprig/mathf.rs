//! Arithmetic with fractions: decimal where rounding would show, on float64 else.
//!
//! Go: sprig: `numeric.go` over shopspring/decimal v1.4.0; package `math`.

use super::decimal::{Decimal, DecimalError};
use crate::funcs::cast::to_float;
use crate::funcs::entry::{Entry, Group, func};
use crate::template::func::{FuncError, FuncResult};
use crate::value::ParamType::{Any, Float64, Int};
use crate::value::Value;

pub(in crate::funcs) const GROUP: Group = Group {
    title: "Float arithmetic",
    entries: FUNCTIONS,
};

const FUNCTIONS: &[Entry] = &[
    func("addf", &[Any], |_, a| {
        fold(&Value::float(0.0), a.rest(0), Decimal::add)
    })
    .variadic()
    .doc(
        "addf NUMBER...",
        "Returns the sum.",
        "{{ addf 1.5 2 3 }}",
        "6.5",
    ),
    func("add1f", &[Any], |_, a| {
        fold(a.any(0), &[Value::int(1)], Decimal::add)
    })
    .doc("add1f NUMBER", "Adds one.", "{{ add1f 1.5 }}", "2.5"),
    func("subf", &[Any, Any], |_, a| {
        fold(a.any(0), a.rest(1), Decimal::sub)
    })
    .variadic()
    .doc(
        "subf A B...",
        "Subtracts all others from the first.",
        "{{ subf 7.5 2 3 }}",
        "2.5",
    ),
    func("mulf", &[Any, Any], |_, a| {
        fold(a.any(0), a.rest(1), Decimal::mul)
    })
    .variadic()
    .doc(
        "mulf A B...",
        "Returns the product.",
        "{{ mulf 1.5 2 2 }}",
        "6",
    ),
    func("divf", &[Any, Any], |_, a| {
        fold(a.any(0), a.rest(1), Decimal::div)
    })
    .variadic()
    .doc(
        "divf A B...",
        "Divides the first by all others, to 16 decimal places.",
        "{{ divf 10 2 4 }}",
        "1.25",
    ),
    func("maxf", &[Any, Any], |_, a| {
        float(floats(a.rest(1)).fold(to_float(a.any(0)), greater))
    })
    .variadic()
    .doc(
        "maxf A B...",
        "Returns the greatest.",
        "{{ maxf 1 2.5 3 }}",
        "3",
    ),
    func("minf", &[Any, Any], |_, a| {
        float(floats(a.rest(1)).fold(to_float(a.any(0)), less))
    })
    .variadic()
    .doc(
        "minf A B...",
        "Returns the least.",
        "{{ minf 1.5 2 3 }}",
        "1.5",
    ),
    func("floor", &[Any], |_, a| float(to_float(a.any(0)).floor())).doc(
        "floor NUMBER",
        "Rounds down.",
        "{{ floor 123.9999 }}",
        "123",
    ),
    func("ceil", &[Any], |_, a| float(to_float(a.any(0)).ceil())).doc(
        "ceil NUMBER",
        "Rounds up.",
        "{{ ceil 123.001 }}",
        "124",
    ),
    func("round", &[Any, Int, Float64], |_, a| {
        let round_on = if a.len() > 2 { a.float(2) } else { 0.5 };
        float(round(to_float(a.any(0)), a.int(1), round_on))
    })
    .variadic()
    .doc(
        "round NUMBER PLACES [FROM]",
        "Rounds to PLACES decimals, up where the rest is at least FROM, or a half.",
        "{{ round 123.555555 3 }}",
        "123.556",
    ),
    func("float64", &[Any], |_, a| float(to_float(a.any(0)))).doc(
        "float64 VALUE",
        "Converts to a float64; what is no number becomes 0.",
        r#"{{ float64 "1.5" }}"#,
        "1.5",
    ),
];

fn float(f: f64) -> FuncResult {
    Ok(Value::float(f))
}

fn floats(values: &[Value]) -> impl Iterator<Item = f64> {
    values.iter().map(to_float)
}

type Operation = fn(&Decimal, &Decimal) -> Result<Decimal, DecimalError>;

fn fold(first: &Value, others: &[Value], operation: Operation) -> FuncResult {
    let complain = |e: DecimalError| FuncError::new(e.to_string());
    let mut result = Decimal::from_float(to_float(first)).map_err(complain)?;
    for other in others {
        let other = Decimal::from_float(to_float(other)).map_err(complain)?;
        result = operation(&result, &other).map_err(complain)?;
    }
    float(result.to_float())
}

/// Returns the greater one; NaN wins over all but infinity, and +0 over -0.
fn greater(a: f64, b: f64) -> f64 {
    if a == f64::INFINITY || b == f64::INFINITY {
        f64::INFINITY
    } else if a.is_nan() || b.is_nan() {
        f64::NAN
    } else if a > b || a == b && b.is_sign_negative() {
        a
    } else {
        b
    }
}

/// Returns the less one, by the same rules turned around.
fn less(a: f64, b: f64) -> f64 {
    -greater(-a, -b)
}

/// Rounds up where the fraction is at least `round_on`. The fraction of a negative number is
/// negative, so those are always rounded down.
fn round(value: f64, places: i64, round_on: f64) -> f64 {
    let power = power_of_ten(places);
    let shifted = power * value;
    let fraction = shifted - shifted.trunc();
    let rounded = if fraction >= round_on {
        shifted.ceil()
    } else {
        shifted.floor()
    };
    rounded / power
}

/// Returns 10 to the power of `exponent`, with the rounding errors of Go's `math.Pow`: squares
/// of the mantissa are multiplied, which leaves the exact powers of ten above 10^22.
fn power_of_ten(exponent: i64) -> f64 {
    let (mut result, mut result_exponent) = (1.0f64, 0i64);
    let (mut square, mut square_exponent) = (0.625f64, 4i64);
    let mut left = exponent.unsigned_abs();
    while left != 0 {
        if square_exponent > 1 << 12 {
            result_exponent += square_exponent;
            break;
        }
        if left & 1 == 1 {
            result *= square;
            result_exponent += square_exponent;
        }
        square *= square;
        square_exponent *= 2;
        if square < 0.5 {
            square *= 2.0;
            square_exponent -= 1;
        }
        left >>= 1;
    }
    if exponent < 0 {
        result = 1.0 / result;
        result_exponent = -result_exponent;
    }
    scale(result, result_exponent)
}

/// Returns `mantissa * 2^exponent`, rounded once.
fn scale(mantissa: f64, exponent: i64) -> f64 {
    match exponent {
        1024.. if mantissa >= 1.0 => f64::INFINITY,
        1025.. => f64::INFINITY,
        -1021..=1023 => mantissa * 2f64.powi(exponent as i32),
        1024 => mantissa * 2.0 * 2f64.powi(1023),
        -1200..-1021 => mantissa * 2f64.powi(-600) * 2f64.powi(exponent as i32 + 600),
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_ten() {
        for exponent in -22..=22 {
            let exact: f64 = format!("1e{exponent}").parse().unwrap();
            let off = (power_of_ten(exponent) - exact).abs() / exact;
            assert!(off < 3e-16, "{exponent}");
        }
        assert_eq!(power_of_ten(3), 1000.0);
        assert_eq!(power_of_ten(400), f64::INFINITY);
        assert_eq!(power_of_ten(-400), 0.0);
        assert_eq!(power_of_ten(i64::MIN), 0.0);
    }

    #[test]
    fn rounding_goes_up_from_a_half_and_down_below_zero() {
        assert_eq!(round(123.555_555, 3, 0.5), 123.556);
        assert_eq!(round(-2.1, 0, 0.5), -3.0);
        assert_eq!(round(1234.0, -2, 0.5), 1200.0);
        assert_eq!(round(2.3, 0, 0.3), 2.0);
    }
}
