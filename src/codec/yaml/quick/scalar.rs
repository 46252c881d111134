//! Scalars of one line, and literal blocks.

use std::borrow::Cow;

use super::{Output, Reader};
use crate::codec::bytes_before;

/// The bytes that begin nothing but a scalar without quotes.
static BEGINS_PLAIN: [bool; 256] = {
    let mut table = [true; 256];
    let others = b"\n\t #&*!|>'\"%@`,[]{}?:";
    let mut place = 0;
    while place < others.len() {
        table[others[place] as usize] = false;
        place += 1;
    }
    table
};

impl<'a, O: Output<'a>> Reader<'a, O> {
    /// Reads a scalar of one line, up to the `:` after it, to a blank, or the end of the line; with whether it has no quotes.
    pub(super) fn text_here(&mut self) -> Option<(Cow<'a, [u8]>, bool)> {
        match self.byte(self.at) {
            b'"' => Some((self.double_quoted()?, false)),
            b'\'' => Some((self.single_quoted()?, false)),
            byte if BEGINS_PLAIN[usize::from(byte)] && !self.is_dash() => {
                Some((Cow::Borrowed(self.plain()?), true))
            }
            _ => None,
        }
    }

    /// Reads a scalar without quotes. A `:` that ends it must touch it.
    fn plain(&mut self) -> Option<&'a [u8]> {
        let start = self.at;
        let mut at = start;
        loop {
            // Of what is below blanks, only line feeds and tabs come here.
            at += bytes_before(self.text.get(at..)?, b' ', [b':', b'#']);
            match self.byte(at) {
                b'\n' => break,
                b':' if matches!(self.byte(at + 1), b' ' | b'\n') => {
                    if self.text[at - 1] == b' ' {
                        return None;
                    }
                    break;
                }
                b'#' if self.text[at - 1] == b' ' => break,
                b'\t' => return None,
                _ => at += 1,
            }
        }
        while self.text[at - 1] == b' ' {
            at -= 1;
        }
        self.at = at;
        Some(&self.text[start..at])
    }

    pub(super) fn double_quoted(&mut self) -> Option<Cow<'a, [u8]>> {
        let start = self.at + 1;
        let rest = self.text.get(start..)?;
        let length = memchr::memchr3(b'"', b'\\', b'\n', rest)?;
        match rest[length] {
            b'"' => {
                self.at = start + length + 1;
                self.after_quote()?;
                Some(Cow::Borrowed(&rest[..length]))
            }
            b'\\' => self.escaped(start, length),
            _ => None,
        }
    }

    /// Reads a text in double quotes that has an escape after `length` bytes.
    fn escaped(&mut self, start: usize, length: usize) -> Option<Cow<'a, [u8]>> {
        let mut out = self.text[start..start + length].to_vec();
        let mut at = start + length;
        loop {
            match self.byte(at) {
                b'"' => break,
                b'\n' => return None,
                b'\\' => {
                    out.push(match self.byte(at + 1) {
                        b'n' => b'\n',
                        b't' => b'\t',
                        byte @ (b'"' | b'\\' | b' ') => byte,
                        _ => return None,
                    });
                    at += 2;
                }
                byte => {
                    out.push(byte);
                    at += 1;
                }
            }
        }
        self.at = at + 1;
        self.after_quote()?;
        Some(Cow::Owned(out))
    }

    pub(super) fn single_quoted(&mut self) -> Option<Cow<'a, [u8]>> {
        let start = self.at + 1;
        let rest = self.text.get(start..)?;
        let length = memchr::memchr2(b'\'', b'\n', rest)?;
        if rest[length] != b'\'' || rest.get(length + 1) == Some(&b'\'') {
            return None;
        }
        self.at = start + length + 1;
        self.after_quote()?;
        Some(Cow::Borrowed(&rest[..length]))
    }

    /// Refuses what may not follow a quote here.
    fn after_quote(&self) -> Option<()> {
        match self.byte(self.at) {
            b'\n' | b' ' | b',' | b']' | b'}' => Some(()),
            b':' if matches!(self.byte(self.at + 1), b' ' | b'\n') => Some(()),
            _ => None,
        }
    }

    /// Reads `|`, `|-` or `|+` and the lines that belong to it.
    pub(super) fn literal(&mut self) -> Option<()> {
        let mark = self.mark();
        let around = self.open.last()?.indent;
        self.at += 1;
        let chomping = self.byte(self.at);
        if matches!(chomping, b'-' | b'+') {
            self.at += 1;
        }
        self.end_line()?;
        let mut out = Vec::new();
        // Line breaks that are written only if another line follows.
        let mut breaks = 0;
        while self.text.get(self.at) == Some(&b'\n') {
            breaks += 1;
            self.next_line();
        }
        self.skip_spaces();
        let indent = self.at - self.line_start;
        if indent <= around || matches!(self.text.get(self.at), None | Some(b'\n' | b'\t')) {
            return None;
        }
        loop {
            // At the text of a line.
            out.resize(out.len() + breaks, b'\n');
            let rest = &self.text[self.at..];
            let Some(length) = memchr::memchr(b'\n', rest) else {
                out.extend_from_slice(rest);
                self.at = self.text.len();
                self.line_start = self.at;
                breaks = 0;
                break;
            };
            out.extend_from_slice(&rest[..length]);
            self.at += length;
            self.next_line();
            breaks = 1;
            if !self.next_of_literal(indent, &mut breaks)? {
                break;
            }
        }
        match chomping {
            b'-' => {}
            b'+' => out.resize(out.len() + breaks, b'\n'),
            _ => out.resize(out.len() + breaks.min(1), b'\n'),
        }
        // What follows is a line like any other.
        self.at = self.line_start;
        self.scalar(Cow::Owned(out), false, mark);
        Some(())
    }

    /// Goes to the text of the next line of a literal, past empty lines, which are counted; false if there is none.
    fn next_of_literal(&mut self, indent: usize, breaks: &mut usize) -> Option<bool> {
        loop {
            let room = self.text.len().min(self.line_start + indent);
            while self.at < room && self.text[self.at] == b' ' {
                self.at += 1;
            }
            match self.text.get(self.at) {
                Some(b'\n') => {
                    *breaks += 1;
                    self.next_line();
                }
                Some(b'\t') if self.at < room => return None,
                // Blanks that end the text.
                None if self.at > self.line_start => return None,
                None => return Some(false),
                Some(_) => return Some(self.at == room),
            }
        }
    }
}
