//! TOML, exactly as helm reads and prints it.
//!
//! [`decode`] reads text: integers become int64, numbers with a point float64, dates
//! whatever the caller makes of a [`DateTime`]. [`encode()`] writes values.
//!
//! Go: `github.com/BurntSushi/toml` 1.6.

mod datetime;
mod encode;
mod key;
mod lex;
mod number;
mod parse;
mod scalar;
mod table;

pub use datetime::{DateTime, Zone};
pub use encode::encode;
pub use parse::decode;

use std::fmt;

/// The reason a TOML text could not be decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TomlError {
    /// The line, the first is 1.
    pub line: usize,
    /// The key that was being read, with the tables around it; may be empty.
    pub last_key: Box<[u8]>,
    /// What is wrong.
    pub message: Box<[u8]>,
}

impl TomlError {
    /// Returns the whole text: `toml: line 1 (last key "a"): unexpected comma`.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut text = format!("toml: line {}", self.line).into_bytes();
        if !self.last_key.is_empty() {
            text.extend_from_slice(b" (last key ");
            crate::gostd::strconv::append_quote(&mut text, &self.last_key);
            text.push(b')');
        }
        text.extend_from_slice(b": ");
        text.extend_from_slice(&self.message);
        text
    }
}

impl fmt::Display for TomlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.to_bytes()))
    }
}

impl std::error::Error for TomlError {}
