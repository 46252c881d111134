//! Number and character constants: one literal is kept as every kind of number it can stand for, because the
//! parameter it is passed to decides.
//!
//! Go: `text/template/parse`, `NumberNode`.

use super::token::TokenKind;
use crate::gostd::strconv::{
    UnquotedChar, num_error_text, parse_float, parse_int, parse_uint, quote, unquote_char,
};

/// A numeric constant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Number {
    /// Value as a signed integer, if it is one.
    pub int: Option<i64>,
    /// Value as an unsigned integer, if it is one.
    pub uint: Option<u64>,
    /// Value as a floating point number, if it is real.
    pub float: Option<f64>,
    /// Real and imaginary part, for constants written with an `i`.
    pub complex: Option<(f64, f64)>,
    /// What the literal looks like where no parameter decides.
    pub looks: Looks,
}

/// The kind of a constant judged by its spelling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Looks {
    /// `12`, `'a'`, `0xFE`.
    #[default]
    Integer,
    /// `1.0`, `1e3`, `0x1p-2`.
    Float,
    /// `1i`.
    Complex,
}

impl Number {
    /// Reads a literal.
    ///
    /// # Errors
    ///
    /// Go's message, such as `illegal number syntax: "08"`.
    pub fn parse(text: &[u8], kind: TokenKind) -> Result<Self, Vec<u8>> {
        match kind {
            TokenKind::CharConstant => Self::parse_char(text),
            TokenKind::Complex => Self::parse_complex(text),
            _ => Self::parse_real(text),
        }
    }

    fn parse_char(text: &[u8]) -> Result<Self, Vec<u8>> {
        let invalid = || b"invalid syntax".to_vec();
        let (unquoted, tail) =
            unquote_char(text.get(1..).unwrap_or_default(), b'\'').map_err(|_| invalid())?;
        if tail != b"'" {
            return Err([b"malformed character constant: ", text].concat());
        }
        let code = match unquoted {
            UnquotedChar::Rune(rune) => u32::from(rune),
            UnquotedChar::Byte(byte) => u32::from(byte),
        };
        Ok(Self {
            int: Some(i64::from(code)),
            uint: Some(u64::from(code)),
            float: Some(f64::from(code)),
            ..Self::default()
        })
    }

    /// Reads `1+2i`. The lexer made sure of a sign between the parts and an `i` at the end.
    fn parse_complex(text: &[u8]) -> Result<Self, Vec<u8>> {
        let invalid = || b"syntax error scanning complex number".to_vec();
        // The sign between the parts is the last one that does not belong to an exponent.
        let split = (1..text.len())
            .rev()
            .find(|index| {
                matches!(text.get(*index), Some(b'+' | b'-'))
                    && !matches!(text.get(*index - 1), Some(b'e' | b'E' | b'p' | b'P'))
            })
            .ok_or_else(invalid)?;
        let (real, imaginary) = text.split_at(split);
        let imaginary = imaginary.strip_suffix(b"i").ok_or_else(invalid)?;
        let part = |part: &[u8]| {
            parse_float(part, 64)
                .map_err(|error| num_error_text("ParseFloat", part, error).into_bytes())
        };
        Ok(Self::from_complex(part(real)?, part(imaginary)?))
    }

    fn from_complex(real: f64, imaginary: f64) -> Self {
        let mut number = Self {
            complex: Some((real, imaginary)),
            looks: Looks::Complex,
            ..Self::default()
        };
        if imaginary == 0.0 {
            number.float = Some(real);
            number.int = exact_int(real);
            number.uint = exact_uint(real);
        }
        number
    }

    fn parse_real(text: &[u8]) -> Result<Self, Vec<u8>> {
        if let Some(digits) = text.strip_suffix(b"i")
            && let Ok(imaginary) = parse_float(digits, 64)
        {
            return Ok(Self::from_complex(0.0, imaginary));
        }
        let int = parse_int(text, 0, 64).ok();
        // `-0` is no unsigned number by itself.
        let uint = parse_uint(text, 0, 64)
            .ok()
            .or_else(|| (int == Some(0)).then_some(0));
        if int.is_some() || uint.is_some() {
            let float = int.map(|int| int as f64).or(uint.map(|uint| uint as f64));
            return Ok(Self {
                int,
                uint,
                float,
                ..Self::default()
            });
        }
        let Ok(float) = parse_float(text, 64) else {
            return Err(format!("illegal number syntax: {}", quote(text)).into_bytes());
        };
        if !text
            .iter()
            .any(|byte| matches!(byte, b'.' | b'e' | b'E' | b'p' | b'P'))
        {
            return Err(format!("integer overflow: {}", quote(text)).into_bytes());
        }
        Ok(Self {
            int: exact_int(float),
            uint: exact_uint(float),
            float: Some(float),
            complex: None,
            looks: Looks::Float,
        })
    }
}

/// Go's conversion on amd64 keeps numbers of either sign outside of the range from being equal again.
fn exact_int(float: f64) -> Option<i64> {
    let in_range = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&float);
    (in_range && float.trunc() == float).then_some(float as i64)
}

fn exact_uint(float: f64) -> Option<u64> {
    ((0.0..18_446_744_073_709_551_616.0).contains(&float) && float.trunc() == float)
        .then_some(float as u64)
}
