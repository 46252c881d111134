//! Texts and places in them: a named text, a byte range of it, and the line and column a reader is shown.
//!
//! Data enters as bytes with a name; spans are made by lexers and parsers and kept in trees and programs. Lines
//! and columns are worked out only when a place is shown, by [`LineIndex`] or [`Source::position`].
//!
//! Go: the positions of `text/template/parse` (byte offsets; a column is a zero-based count of bytes).

mod line_index;

pub use line_index::{LineIndex, Position};

use std::sync::{Arc, OnceLock};

/// Number of a text within the set of texts of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(pub u32);

/// Range of bytes of a text: from `start` up to, but without, `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl Span {
    /// Returns the range from `start` up to `end`.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// Returns the smallest range that holds both.
    pub fn to(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// Returns the number of bytes.
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start) as usize
    }

    /// Says whether the range holds no byte.
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// Returns the bytes of `text` in this range; what lies outside of `text` is left out.
    pub fn of(self, text: &[u8]) -> &[u8] {
        let end = (self.end as usize).min(text.len());
        text.get(self.start as usize..end).unwrap_or_default()
    }
}

/// A text with its name. Cheap to share, never changed.
#[derive(Debug)]
pub struct Source {
    name: Arc<[u8]>,
    text: Arc<[u8]>,
    lines: OnceLock<LineIndex>,
}

/// The text has 4 GiB or more, so its offsets do not fit a [`Span`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong;

impl Source {
    /// Names a text.
    ///
    /// # Errors
    ///
    /// [`TooLong`] for a text whose offsets do not fit 32 bits.
    pub fn new(name: impl Into<Arc<[u8]>>, text: impl Into<Arc<[u8]>>) -> Result<Self, TooLong> {
        let text = text.into();
        if u32::try_from(text.len()).is_err() {
            return Err(TooLong);
        }
        Ok(Self {
            name: name.into(),
            text,
            lines: OnceLock::new(),
        })
    }

    /// Returns the name, as error texts show it.
    pub fn name(&self) -> &[u8] {
        &self.name
    }

    /// Returns the name, to be kept.
    pub fn shared_name(&self) -> Arc<[u8]> {
        self.name.clone()
    }

    /// Returns the whole text.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Returns the line and column of a byte offset.
    pub fn position(&self, offset: u32) -> Position {
        self.lines().position(offset)
    }

    /// Returns the table of lines, made at the first call.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn span_outside_of_its_text_is_cut() {
        assert_eq!(Span::new(1, 9).of(b"abc"), b"bc");
        assert_eq!(Span::new(7, 9).of(b"abc"), b"");
    }

    #[test]
    fn positions_count_bytes_from_zero_and_lines_from_one() {
        let source = Source::new(&b"t"[..], "é\nab\n\nc".as_bytes()).expect("short");
        let at = |offset| {
            let position = source.position(offset);
            (position.line, position.column)
        };
        assert_eq!(
            [at(0), at(2), at(3), at(4), at(6), at(7), at(99)],
            [(1, 0), (1, 2), (2, 0), (2, 1), (3, 0), (4, 0), (4, 1)]
        );
    }
}
