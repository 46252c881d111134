//! Why a text is not a number, and the sentence Go writes about it.

/// The reason a number could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumErrorKind {
    /// `"12x"`: the text is no number.
    Syntax,
    /// `"1e999"`, `"300"` in 8 bits: the text is a number that does not fit.
    Range,
    /// A base other than 0 and 2 to 36.
    Base(u32),
    /// A size other than 0 to 64 bits.
    BitSize(u32),
}

impl std::fmt::Display for NumErrorKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Syntax => f.write_str("invalid syntax"),
            Self::Range => f.write_str("value out of range"),
            Self::Base(base) => write!(f, "invalid base {base}"),
            Self::BitSize(bits) => write!(f, "invalid bit size {bits}"),
        }
    }
}

/// Returns the whole text of Go's `*strconv.NumError`; `function` is Go's name, such as `ParseInt`.
pub fn num_error_text(function: &str, input: &[u8], kind: NumErrorKind) -> String {
    let quoted = super::quote(input);
    format!("strconv.{function}: parsing {quoted}: {kind}")
}
