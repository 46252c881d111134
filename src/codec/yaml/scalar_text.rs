//! The characters of a scalar in each style: escapes, wrapping, block lines.
//!
//! Go: `yaml_emitter_write_*_scalar` of go-yaml.

use super::style::{is_break, is_printable, width};
use crate::gostd::unicode::{append_rune, decode_rune, runes};

/// Lines are wrapped at the first single space after this column.
const WIDTH: usize = 80;

/// Writes scalars into a text.
pub(super) struct Writer<'o> {
    pub out: &'o mut Vec<u8>,
    /// Where the current line begins in `out`.
    pub line_start: &'o mut usize,
    /// How far continued lines are indented.
    pub indent: usize,
    /// Whether lines are wrapped.
    pub wrap: bool,
}

impl Writer<'_> {
    pub(super) fn plain(&mut self, text: &[u8]) {
        if self.fits(text) {
            self.out.extend_from_slice(text);
            return;
        }
        let mut column = self.column();
        let mut after_space = false;
        let mut at = 0;
        while let Some(&byte) = text.get(at) {
            if byte == b' ' {
                let single = !after_space && text.get(at + 1) != Some(&b' ');
                if single && column > WIDTH {
                    column = self.next_line();
                } else {
                    self.out.push(b' ');
                    column += 1;
                }
                after_space = true;
                at += 1;
            } else {
                let end = run_end(text, at);
                self.out.extend_from_slice(&text[at..end]);
                column += characters(&text[at..end]);
                after_space = false;
                at = end;
            }
        }
    }

    pub(super) fn single_quoted(&mut self, text: &[u8]) {
        self.out.push(b'\'');
        let mut column = self.column();
        let mut after_space = false;
        let mut after_break = false;
        let mut at = 0;
        while let Some(&byte) = text.get(at) {
            if byte == b' ' {
                let single = !after_space && text.get(at + 1) != Some(&b' ');
                let inside = at > 0 && at + 1 < text.len();
                if self.wrap && single && inside && column > WIDTH {
                    column = self.next_line();
                } else {
                    self.out.push(b' ');
                    column += 1;
                }
                after_space = true;
                at += 1;
            } else if is_break(&text[at..]) {
                // Only U+2028 and U+2029 come here.
                let end = at + width(byte);
                self.out.extend_from_slice(&text[at..end.min(text.len())]);
                *self.line_start = self.out.len();
                column = 0;
                after_break = true;
                at = end;
            } else {
                if after_break {
                    self.pad();
                    column = self.indent;
                }
                if byte == b'\'' {
                    self.out.push(b'\'');
                    column += 1;
                }
                let end = (at + width(byte)).min(text.len());
                self.out.extend_from_slice(&text[at..end]);
                column += 1;
                after_space = false;
                after_break = false;
                at = end;
            }
        }
        self.out.push(b'\'');
    }

    pub(super) fn double_quoted(&mut self, text: &[u8]) {
        // A quirk of go-yaml: one byte order mark at the beginning has everything escaped.
        let escape_all = text.starts_with(b"\xEF\xBB\xBF");
        self.out.push(b'"');
        let mut column = self.column();
        let mut after_space = false;
        let mut at = 0;
        while let Some(&byte) = text.get(at) {
            let rest = &text[at..];
            if escape_all || matches!(byte, b'"' | b'\\') || !is_printable(rest) || is_break(rest) {
                let (rune, size) = decode_rune(rest);
                let before = self.out.len();
                self.escape(rune);
                column += self.out.len() - before;
                after_space = false;
                at += size;
            } else if byte == b' ' {
                let inside = at > 0 && at + 1 < text.len();
                if self.wrap && !after_space && inside && column > WIDTH {
                    column = self.next_line();
                    if text.get(at + 1) == Some(&b' ') {
                        self.out.push(b'\\');
                        column += 1;
                    }
                } else {
                    self.out.push(b' ');
                    column += 1;
                }
                after_space = true;
                at += 1;
            } else {
                let end = (at + width(byte)).min(text.len());
                self.out.extend_from_slice(&text[at..end]);
                column += 1;
                after_space = false;
                at = end;
            }
        }
        self.out.push(b'"');
    }

    fn escape(&mut self, rune: char) {
        self.out.push(b'\\');
        let short = match rune {
            '\0' => b'0',
            '\x07' => b'a',
            '\x08' => b'b',
            '\t' => b't',
            '\n' => b'n',
            '\x0B' => b'v',
            '\x0C' => b'f',
            '\r' => b'r',
            '\x1B' => b'e',
            '"' => b'"',
            '\\' => b'\\',
            '\u{85}' => b'N',
            '\u{A0}' => b'_',
            '\u{2028}' => b'L',
            '\u{2029}' => b'P',
            _ => {
                let code = u32::from(rune);
                let (letter, digits) = match code {
                    0..=0xFF => (b'x', 2),
                    0x100..=0xFFFF => (b'u', 4),
                    _ => (b'U', 8),
                };
                self.out.push(letter);
                for digit in (0..digits).rev() {
                    let digit = (code >> (digit * 4) & 0xF) as u8;
                    self.out.push(if digit < 10 {
                        b'0' + digit
                    } else {
                        b'A' + digit - 10
                    });
                }
                return;
            }
        };
        self.out.push(short);
    }

    pub(super) fn literal(&mut self, text: &[u8]) {
        self.out.push(b'|');
        if text.first() == Some(&b' ') || is_break(text) {
            self.out.push(b'2');
        }
        match ends_of_line(text) {
            0 => self.out.push(b'-'),
            1 => {}
            _ => self.out.push(b'+'),
        }
        self.out.push(b'\n');
        *self.line_start = self.out.len();
        let mut at_break = true;
        let mut at = 0;
        while at < text.len() {
            if at_break && !is_break(&text[at..]) {
                self.pad();
            }
            // The rest of the line at once, then its break.
            let line = line_end(text, at);
            self.out.extend_from_slice(&text[at..line]);
            let after = (line + text.get(line).map_or(0, |b| width(*b))).min(text.len());
            self.out.extend_from_slice(&text[line..after]);
            at_break = after > line;
            if at_break {
                *self.line_start = self.out.len();
            }
            at = after;
        }
    }

    /// Reports whether a text ends before the column from which lines are wrapped.
    fn fits(&self, text: &[u8]) -> bool {
        !self.wrap || self.out.len() - *self.line_start + text.len() <= WIDTH
    }

    /// The number of characters on the current line.
    fn column(&self) -> usize {
        characters(self.out.get(*self.line_start..).unwrap_or_default())
    }

    fn next_line(&mut self) -> usize {
        self.out.push(b'\n');
        *self.line_start = self.out.len();
        self.pad();
        self.indent
    }

    fn pad(&mut self) {
        self.out.resize(self.out.len() + self.indent, b' ');
    }
}

/// Counts characters of valid UTF-8.
fn characters(text: &[u8]) -> usize {
    text.iter().filter(|b| **b & 0xC0 != 0x80).count()
}

/// Returns the end of what holds no space.
fn run_end(text: &[u8], at: usize) -> usize {
    let rest = &text[at..];
    at + rest.iter().position(|b| *b == b' ').unwrap_or(rest.len())
}

/// Returns the place of the next line break, or the end.
fn line_end(text: &[u8], at: usize) -> usize {
    (at..text.len())
        .find(|i| matches!(text[*i], b'\n' | b'\r' | 0xC2 | 0xE2) && is_break(&text[*i..]))
        .unwrap_or(text.len())
}

/// Tells how a literal block ends: 0 without a line break, 1 with one, 2 with more
/// or with nothing but one.
fn ends_of_line(text: &[u8]) -> usize {
    let last_width = |text: &[u8]| {
        let back = text.iter().rev().take_while(|b| **b & 0xC0 == 0x80).count();
        (back + 1).min(text.len())
    };
    let last = text.len() - last_width(text);
    if !is_break(&text[last..]) {
        return 0;
    }
    let head = &text[..last];
    if head.is_empty() || is_break(&head[head.len() - last_width(head)..]) {
        2
    } else {
        1
    }
}

/// Returns a text with U+FFFD for every byte that is not UTF-8.
pub(super) fn valid_utf8(text: &[u8]) -> Vec<u8> {
    let mut valid = Vec::with_capacity(text.len() + 8);
    for (_, rune, _) in runes(text) {
        append_rune(&mut valid, rune);
    }
    valid
}

/// Returns base64 in lines of 70 characters; a single short line has no break.
pub(super) fn base64_lines(data: &[u8]) -> Vec<u8> {
    const LINE: usize = 70;
    let text = data_encoding::BASE64.encode(data).into_bytes();
    if text.len() < LINE {
        return text;
    }
    let mut lines = Vec::with_capacity(text.len() + text.len() / LINE + 1);
    for line in text.chunks(LINE) {
        lines.extend_from_slice(line);
        lines.push(b'\n');
    }
    lines
}
