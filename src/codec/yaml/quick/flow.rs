//! Flow collections on one line, of scalars with few kinds of characters.

use std::borrow::Cow;

use super::{MAX_DEPTH, MAX_KEY, Output, Reader};

/// The bytes a scalar without quotes may have in a flow collection here.
static IN_FLOW: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_usize;
    while byte < 256 {
        table[byte] = (byte as u8).is_ascii_alphanumeric() || byte >= 0x80;
        byte += 1;
    }
    let others = b"_-./ $@+*=()<>~%^;!\\&|";
    let mut place = 0;
    while place < others.len() {
        table[others[place] as usize] = true;
        place += 1;
    }
    table
};

impl<'a, O: Output<'a>> Reader<'a, O> {
    /// Reads a flow collection that is a value and ends its line.
    pub(super) fn flow_value(&mut self) -> Option<()> {
        self.flow(0)?;
        // Columns count characters.
        if !self.text[self.line_start..self.at].is_ascii() {
            return None;
        }
        self.end_line()
    }

    fn flow(&mut self, depth: usize) -> Option<()> {
        if depth >= MAX_DEPTH {
            return None;
        }
        let mark = self.mark();
        let is_map = self.byte(self.at) == b'{';
        let close = if is_map { b'}' } else { b']' };
        self.output.begin(is_map, mark);
        self.at += 1;
        self.skip_spaces();
        let mut empty = true;
        while !(empty && self.byte(self.at) == close) {
            empty = false;
            if is_map {
                self.flow_scalar()?;
                if self.byte(self.at) != b':' || self.byte(self.at + 1) != b' ' {
                    return None;
                }
                self.at += 1;
                self.skip_spaces();
            }
            match self.byte(self.at) {
                b'[' | b'{' => self.flow(depth + 1)?,
                _ => self.flow_scalar()?,
            }
            self.skip_spaces();
            match self.byte(self.at) {
                b',' => {
                    self.at += 1;
                    self.skip_spaces();
                }
                byte if byte == close => break,
                _ => return None,
            }
        }
        self.at += 1;
        self.output.end();
        Some(())
    }

    fn flow_scalar(&mut self) -> Option<()> {
        let mark = self.mark();
        let start = self.at;
        match self.byte(start) {
            b'"' => {
                let value = self.double_quoted()?;
                self.scalar(value, false, mark);
            }
            b'\'' => {
                let value = self.single_quoted()?;
                self.scalar(value, false, mark);
            }
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | b'/' | b'.' | b'$' => {
                let rest = &self.text[start..];
                let length = rest.iter().position(|byte| !IN_FLOW[usize::from(*byte)])?;
                let mut end = start + length;
                if self.byte(end) == b':' && self.text[end - 1] == b' ' {
                    return None;
                }
                while self.text[end - 1] == b' ' {
                    end -= 1;
                }
                if end - start > MAX_KEY {
                    return None;
                }
                self.at = end;
                self.scalar(Cow::Borrowed(&self.text[start..end]), true, mark);
            }
            _ => return None,
        }
        Some(())
    }
}
