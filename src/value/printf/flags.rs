//! Flags, width and precision of one verb, and the padding they ask for.

use crate::gostd::unicode::rune_count;

/// What stands between `%` and the verb.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Flags {
    pub width: Option<usize>,
    pub precision: Option<usize>,
    pub minus: bool,
    pub plus: bool,
    pub sharp: bool,
    pub space: bool,
    pub zero: bool,
    /// `%+v`: structs with the names of their fields.
    pub with_names: bool,
    /// `%#v`: Go source.
    pub as_source: bool,
}

impl Flags {
    pub fn clear(&mut self) {
        *self = Flags::default();
    }

    /// `%v` takes `+` and `#` for itself; the values inside do not see them.
    pub fn choose_syntax(&mut self) {
        self.as_source = std::mem::take(&mut self.sharp);
        self.with_names = std::mem::take(&mut self.plus);
    }

    /// Appends `text`, filled up to the width, which counts runes.
    pub fn pad(&self, out: &mut Vec<u8>, text: &[u8]) {
        let missing = match self.width {
            Some(width) if width > 0 => width.saturating_sub(rune_count(text)),
            _ => 0,
        };
        if self.minus {
            out.extend_from_slice(text);
            self.fill(out, missing);
        } else {
            self.fill(out, missing);
            out.extend_from_slice(text);
        }
    }

    /// Appends `count` padding characters. Zeros stand on the left only.
    pub fn fill(&self, out: &mut Vec<u8>, count: usize) {
        let byte = if self.zero && !self.minus { b'0' } else { b' ' };
        out.resize(out.len() + count, byte);
    }

    /// Returns the same flags without padding by zeros.
    pub fn without_zero(&self) -> Flags {
        Flags {
            zero: false,
            ..*self
        }
    }
}
