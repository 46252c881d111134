//! Exact decimal numbers, as far as arithmetic on floats needs them.
//!
//! A float comes in by its shortest decimal form and leaves as the nearest float. Sums and
//! products are exact; a quotient has 16 decimal places.
//!
//! Go: shopspring/decimal v1.4.0.

use std::cmp::Ordering;
use std::fmt;

use crate::gostd::strconv::{format_float, format_float_g};

/// Decimal places of a quotient.
const DIVISION_PLACES: i32 = 16;

/// `digits * 10^exponent`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Decimal {
    negative: bool,
    /// From the highest digit to the lowest, without zeros in front; empty for zero.
    digits: Vec<u8>,
    exponent: i32,
}

/// Why there is no result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum DecimalError {
    /// A float that is no number, such as that of "NaN".
    NoNumber(f64),
    DivisionByZero,
}

impl fmt::Display for DecimalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecimalError::NoNumber(n) => {
                write!(f, "Cannot create a Decimal from {}", format_float_g(*n))
            }
            DecimalError::DivisionByZero => f.write_str("decimal division by 0"),
        }
    }
}

impl Decimal {
    /// Returns the number that the float's shortest decimal form shows.
    pub fn from_float(f: f64) -> Result<Decimal, DecimalError> {
        if !f.is_finite() {
            return Err(DecimalError::NoNumber(f));
        }
        let text = format_float(f.abs(), b'e', -1, 64);
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let exponent: i32 = exponent.parse().unwrap_or(0);
        let fraction = mantissa.split_once('.').map_or(0, |(_, f)| f.len() as i32);
        let digits = mantissa
            .bytes()
            .filter(u8::is_ascii_digit)
            .map(|b| b - b'0')
            .collect();
        Ok(Decimal::new(f < 0.0, digits, exponent - fraction))
    }

    fn new(negative: bool, mut digits: Vec<u8>, exponent: i32) -> Decimal {
        let zeros = digits.iter().take_while(|d| **d == 0).count();
        digits.drain(..zeros);
        Decimal {
            negative: negative && !digits.is_empty(),
            digits,
            exponent,
        }
    }

    /// Returns the nearest float.
    pub fn to_float(&self) -> f64 {
        let mut text = String::with_capacity(self.digits.len() + 8);
        text.push_str(if self.negative { "-0" } else { "0" });
        text.extend(self.digits.iter().map(|d| char::from(b'0' + d)));
        if self.digits.is_empty() {
            return 0.0;
        }
        text.push_str(&format!("e{}", self.exponent));
        text.parse().unwrap_or(0.0)
    }

    /// Returns the digits with zeros added down to `exponent`, which is not above its own.
    fn digits_at(&self, exponent: i32) -> Vec<u8> {
        let mut digits = self.digits.clone();
        if !digits.is_empty() {
            let zeros = usize::try_from(self.exponent - exponent).unwrap_or(0);
            digits.resize(digits.len() + zeros, 0);
        }
        digits
    }

    pub fn add(&self, other: &Decimal) -> Result<Decimal, DecimalError> {
        let exponent = self.exponent.min(other.exponent);
        let (a, b) = (self.digits_at(exponent), other.digits_at(exponent));
        if self.negative == other.negative {
            return Ok(Decimal::new(self.negative, sum(&a, &b), exponent));
        }
        Ok(match compare(&a, &b) {
            Ordering::Less => Decimal::new(other.negative, difference(&b, &a), exponent),
            _ => Decimal::new(self.negative, difference(&a, &b), exponent),
        })
    }

    pub fn sub(&self, other: &Decimal) -> Result<Decimal, DecimalError> {
        let mut other = other.clone();
        other.negative = !other.negative;
        self.add(&other)
    }

    pub fn mul(&self, other: &Decimal) -> Result<Decimal, DecimalError> {
        let mut product = vec![0u64; self.digits.len() + other.digits.len()];
        for (i, a) in self.digits.iter().rev().enumerate() {
            for (place, b) in product.iter_mut().skip(i).zip(other.digits.iter().rev()) {
                *place += u64::from(*a) * u64::from(*b);
            }
        }
        let mut carry = 0;
        let mut digits: Vec<u8> = Vec::with_capacity(product.len());
        for place in product {
            carry += place;
            digits.push((carry % 10) as u8);
            carry /= 10;
        }
        digits.reverse();
        let negative = self.negative != other.negative;
        Ok(Decimal::new(
            negative,
            digits,
            self.exponent + other.exponent,
        ))
    }

    /// Divides; what lies beyond the last place is rounded half away from zero.
    pub fn div(&self, other: &Decimal) -> Result<Decimal, DecimalError> {
        if other.digits.is_empty() {
            return Err(DecimalError::DivisionByZero);
        }
        let shift = self.exponent - other.exponent + DIVISION_PLACES;
        let (mut a, mut b) = (self.digits.clone(), other.digits.clone());
        let zeros = shift.unsigned_abs() as usize;
        let shifted = if shift < 0 { &mut b } else { &mut a };
        if !shifted.is_empty() {
            shifted.resize(shifted.len() + zeros, 0);
        }
        let (mut quotient, rest) = divide(&a, &b);
        if compare(&sum(&rest, &rest), &b) != Ordering::Less {
            quotient = sum(&quotient, &[1]);
        }
        let negative = self.negative != other.negative;
        Ok(Decimal::new(negative, quotient, -DIVISION_PLACES))
    }
}

fn trim(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().take_while(|d| **d == 0).count();
    digits.get(zeros..).unwrap_or_default()
}

fn compare(a: &[u8], b: &[u8]) -> Ordering {
    let (a, b) = (trim(a), trim(b));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

fn sum(a: &[u8], b: &[u8]) -> Vec<u8> {
    let (mut a, mut b) = (a.iter().rev(), b.iter().rev());
    let mut digits = Vec::with_capacity(a.len().max(b.len()) + 1);
    let mut carry = 0;
    loop {
        let (x, y) = (a.next(), b.next());
        if x.is_none() && y.is_none() {
            break;
        }
        carry += x.unwrap_or(&0) + y.unwrap_or(&0);
        digits.push(carry % 10);
        carry /= 10;
    }
    digits.push(carry);
    digits.reverse();
    digits
}

/// Returns `a - b`, where `a` is not less.
fn difference(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut lower = b.iter().rev();
    let mut borrowed = 0;
    let mut digits: Vec<u8> = a
        .iter()
        .rev()
        .map(|x| {
            let y = lower.next().unwrap_or(&0) + borrowed;
            borrowed = u8::from(*x < y);
            x + 10 * borrowed - y
        })
        .collect();
    digits.reverse();
    digits
}

/// Returns quotient and rest of a long division on paper.
fn divide(a: &[u8], b: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut quotient = Vec::with_capacity(a.len());
    let mut rest: Vec<u8> = Vec::with_capacity(b.len() + 1);
    for digit in a {
        rest = trim(&rest).to_vec();
        rest.push(*digit);
        let mut times = 0;
        while compare(&rest, b) != Ordering::Less {
            rest = difference(&rest, b);
            times += 1;
        }
        quotient.push(times);
    }
    (quotient, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(f: f64) -> Decimal {
        Decimal::from_float(f).unwrap()
    }

    #[test]
    fn sums_are_exact() {
        assert_eq!(decimal(0.1).add(&decimal(0.2)).unwrap().to_float(), 0.3);
        assert_eq!(
            decimal(1e300).add(&decimal(-1e300)).unwrap().to_float(),
            0.0
        );
        assert_eq!(decimal(1.0).sub(&decimal(2.5)).unwrap().to_float(), -1.5);
        assert_eq!(
            decimal(10.0).sub(&decimal(-90.0)).unwrap().to_float(),
            100.0
        );
    }

    #[test]
    fn products_are_exact() {
        assert_eq!(decimal(1.1).mul(&decimal(1.1)).unwrap().to_float(), 1.21);
        assert_eq!(
            decimal(-99.0).mul(&decimal(99.0)).unwrap().to_float(),
            -9801.0
        );
        assert_eq!(decimal(0.0).mul(&decimal(-5.0)).unwrap().to_float(), 0.0);
    }

    #[test]
    fn quotients_have_sixteen_places() {
        let third = decimal(1e-10).div(&decimal(3.0)).unwrap();
        assert_eq!(third.to_float(), 3.33333e-11);
        assert_eq!(
            decimal(2.0).div(&decimal(-3.0)).unwrap().to_float(),
            -0.6666666666666667
        );
        assert_eq!(decimal(1e20).div(&decimal(1e-5)).unwrap().to_float(), 1e25);
        assert_eq!(
            decimal(1.0).div(&decimal(0.0)),
            Err(DecimalError::DivisionByZero)
        );
        assert_eq!(decimal(0.0).div(&decimal(7.0)).unwrap().to_float(), 0.0);
    }
}
