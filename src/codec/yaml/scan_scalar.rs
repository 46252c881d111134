//! Scanning scalars: folding lines, escapes, block indentation.
//!
//! What stands on one line without escapes is taken as a slice of the text.

use std::borrow::Cow;

use super::YamlError;
use super::scan::Scanner;
use crate::gostd::unicode::append_rune;

/// Line breaks between two lines of a scalar.
#[derive(Default)]
struct Breaks {
    /// The first one, if there is one.
    first: Option<&'static [u8]>,
    /// The others.
    more: Vec<u8>,
}

/// The bytes that may end a run of a plain scalar.
static ENDS_PLAIN: [bool; 256] = {
    let mut table = [false; 256];
    let ends = b" \t\n\r:,?[]{}\xC2\xE2";
    let mut place = 0;
    while place < ends.len() {
        table[ends[place] as usize] = true;
        place += 1;
    }
    table
};

impl Breaks {
    fn push(&mut self, text: &'static [u8]) {
        if self.first.is_none() {
            self.first = Some(text);
        } else {
            self.more.extend_from_slice(text);
        }
    }

    /// Appends what joins two lines: a space for one break, one break less for more.
    /// U+2028 and U+2029 stay.
    fn fold_into(&mut self, out: &mut Vec<u8>) {
        match self.first.take() {
            Some(b"\n") if self.more.is_empty() => out.push(b' '),
            Some(b"\n") | None => {}
            Some(separator) => out.extend_from_slice(separator),
        }
        out.append(&mut self.more);
    }
}

impl<'a> Scanner<'a> {
    /// Goes past a line break; returns what a scalar holds of it.
    fn read_break(&mut self, width: usize) -> &'static [u8] {
        let kept: &[u8] = match (self.byte(self.at), self.byte(self.at + 2)) {
            (0xE2, 0xA8) => b"\xE2\x80\xA8",
            (0xE2, _) => b"\xE2\x80\xA9",
            _ => b"\n",
        };
        self.skip_break(width);
        kept
    }

    fn slice(&self, start: usize, end: usize) -> &'a [u8] {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Scans a scalar without quotes.
    pub(super) fn plain_scalar(&mut self, in_flow: bool) -> Result<Cow<'a, [u8]>, YamlError> {
        let indent = self.indent + 1;
        let mut folded: Option<Vec<u8>> = None;
        // The part on the current line, without blanks around it.
        let mut part = self.at;
        let mut part_end = self.at;
        let mut breaks = Breaks::default();
        loop {
            self.looked_to = self.at + 4;
            if self.byte(self.at) == b'#' || self.is_document_indicator() {
                break;
            }
            let end = self.plain_run(in_flow);
            if end > self.at {
                if breaks.first.is_some() {
                    let out = folded.get_or_insert_with(Vec::new);
                    out.extend_from_slice(self.slice(part, part_end));
                    breaks.fold_into(out);
                    part = self.at;
                }
                self.go_to(end);
                part_end = end;
            }
            let mut any = false;
            loop {
                let width = self.break_width(self.at);
                match self.byte(self.at) {
                    byte @ (b' ' | b'\t') => {
                        if byte == b'\t' && breaks.first.is_some() && self.column() < indent {
                            return self.fail("found a tab character that violates indentation");
                        }
                        self.skip();
                    }
                    _ if width > 0 => breaks.push(self.read_break(width)),
                    _ => break,
                }
                any = true;
            }
            if !any || !in_flow && self.column() < indent {
                break;
            }
        }
        if breaks.first.is_some() {
            self.key_allowed = true;
        }
        let last = self.slice(part, part_end);
        Ok(match folded {
            None => Cow::Borrowed(last),
            Some(mut out) => {
                out.extend_from_slice(last);
                Cow::Owned(out)
            }
        })
    }

    /// Returns the end of the characters up to a blank or an indicator.
    fn plain_run(&self, in_flow: bool) -> usize {
        let mut at = self.at;
        loop {
            // Most characters mean nothing, and are passed with one look at a table.
            let rest = self.text.get(at..).unwrap_or_default();
            let Some(plain) = rest.iter().position(|byte| ENDS_PLAIN[usize::from(*byte)]) else {
                return self.text.len();
            };
            at += plain;
            match self.byte(at) {
                b' ' | b'\t' | b'\n' | b'\r' => break,
                b':' if self.is_blank_or_end(at + 1) => break,
                b',' | b'?' | b'[' | b']' | b'{' | b'}' if in_flow => break,
                0xC2 | 0xE2 if self.break_width(at) > 0 => break,
                _ => at += 1,
            }
        }
        at
    }

    /// Scans a scalar in quotes.
    pub(super) fn quoted_scalar(&mut self, quote: u8) -> Result<Cow<'a, [u8]>, YamlError> {
        self.skip();
        let start = self.at;
        let end = self.quoted_run(quote);
        // Most end on their line and hold nothing special.
        if self.byte(end) == quote && !(quote == b'\'' && self.byte(end + 1) == quote) {
            self.go_to(end);
            self.skip();
            return Ok(Cow::Borrowed(self.slice(start, end)));
        }
        let mut out = Vec::new();
        loop {
            if self.is_document_indicator() {
                return self.fail("found unexpected document indicator");
            }
            if self.at >= self.text.len() {
                return self.fail("found unexpected end of stream");
            }
            let mut breaks = Breaks::default();
            let mut joined = false;
            while !self.is_blank_or_end(self.at) {
                let byte = self.byte(self.at);
                if byte == quote {
                    if quote == b'\'' && self.byte(self.at + 1) == quote {
                        out.push(quote);
                        self.at += 2;
                        continue;
                    }
                    self.skip();
                    return Ok(Cow::Owned(out));
                }
                if byte == b'\\' && quote == b'"' {
                    let width = self.break_width(self.at + 1);
                    if width > 0 {
                        self.skip();
                        self.skip_break(width);
                        joined = true;
                        break;
                    }
                    self.escape(&mut out)?;
                    continue;
                }
                let end = self.text_run(quote);
                out.extend_from_slice(self.slice(self.at, end));
                self.go_to(end);
            }
            if self.byte(self.at) == quote {
                self.skip();
                return Ok(Cow::Owned(out));
            }
            // Blanks stay, unless they stand at either end of a line.
            let blanks = self.at;
            let mut blanks_end = self.at;
            loop {
                let width = self.break_width(self.at);
                match self.byte(self.at) {
                    b' ' | b'\t' => {
                        self.skip();
                        if breaks.first.is_none() {
                            blanks_end = self.at;
                        }
                    }
                    _ if width > 0 => {
                        let kept = self.read_break(width);
                        if joined {
                            breaks.more.extend_from_slice(kept);
                        } else {
                            breaks.push(kept);
                        }
                    }
                    _ => break,
                }
            }
            if joined || breaks.first.is_some() {
                breaks.fold_into(&mut out);
            } else {
                out.extend_from_slice(self.slice(blanks, blanks_end));
            }
        }
    }

    /// Returns the place of the quote if it comes before anything special.
    fn quoted_run(&self, quote: u8) -> usize {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let special = rest.iter().position(|b| {
            *b == quote || matches!(b, b'\n' | b'\r' | 0xC2 | 0xE2) || *b == b'\\' && quote == b'"'
        });
        self.at + special.unwrap_or(rest.len())
    }

    /// Returns the end of the characters that stand for themselves.
    fn text_run(&self, quote: u8) -> usize {
        let mut at = self.at;
        while at < self.text.len() {
            match self.byte(at) {
                b' ' | b'\t' | b'\n' | b'\r' => break,
                b'\\' if quote == b'"' => break,
                byte if byte == quote => break,
                0xC2 | 0xE2 if self.break_width(at) > 0 => break,
                _ => at += 1,
            }
        }
        at
    }

    /// Reads an escape sequence.
    fn escape(&mut self, out: &mut Vec<u8>) -> Result<(), YamlError> {
        let rune = match self.byte(self.at + 1) {
            b'0' => '\0',
            b'a' => '\x07',
            b'b' => '\x08',
            b't' | b'\t' => '\t',
            b'n' => '\n',
            b'v' => '\x0B',
            b'f' => '\x0C',
            b'r' => '\r',
            b'e' => '\x1B',
            byte @ (b' ' | b'"' | b'\'' | b'\\') => char::from(byte),
            b'N' => '\u{85}',
            b'_' => '\u{A0}',
            b'L' => '\u{2028}',
            b'P' => '\u{2029}',
            b'x' => return self.numeric_escape(2, out),
            b'u' => return self.numeric_escape(4, out),
            b'U' => return self.numeric_escape(8, out),
            _ => return self.fail("found unknown escape character"),
        };
        self.at += 2;
        append_rune(out, rune);
        Ok(())
    }

    fn numeric_escape(&mut self, digits: usize, out: &mut Vec<u8>) -> Result<(), YamlError> {
        self.at += 2;
        let mut code = 0_u64;
        for i in 0..digits {
            match char::from(self.byte(self.at + i)).to_digit(16) {
                Some(digit) => code = code << 4 | u64::from(digit),
                None => return self.fail("did not find expected hexdecimal number"),
            }
        }
        match u32::try_from(code).ok().and_then(char::from_u32) {
            Some(rune) => {
                append_rune(out, rune);
                self.at += digits;
                Ok(())
            }
            None => self.fail("found invalid Unicode character escape code"),
        }
    }

    /// Scans a block scalar: `|` or `>`, its header and its lines.
    pub(super) fn block_scalar(&mut self, literal: bool) -> Result<Cow<'a, [u8]>, YamlError> {
        self.skip();
        let (chomping, increment) = self.block_header()?;
        let mut indent = match increment {
            0 => 0,
            n if self.indent >= 0 => self.indent + n,
            n => n,
        };
        let mut out = Vec::new();
        let mut first_break: Option<&'static [u8]> = None;
        let mut more = Vec::new();
        self.block_breaks(&mut indent, &mut more)?;
        let mut after_blank = false;
        while self.column() == indent && self.at < self.text.len() {
            let blank = matches!(self.byte(self.at), b' ' | b'\t');
            let fold = !literal && !after_blank && !blank && first_break == Some(b"\n");
            if !fold {
                out.extend_from_slice(first_break.unwrap_or_default());
            } else if more.is_empty() {
                out.push(b' ');
            }
            out.append(&mut more);
            after_blank = blank;
            let end = self.line_end(self.at);
            out.extend_from_slice(self.slice(self.at, end));
            self.go_to(end);
            let width = self.break_width(self.at);
            first_break = (width > 0).then(|| self.read_break(width));
            self.block_breaks(&mut indent, &mut more)?;
        }
        if chomping != Chomping::Strip {
            out.extend_from_slice(first_break.unwrap_or_default());
        }
        if chomping == Chomping::Keep {
            out.append(&mut more);
        }
        Ok(Cow::Owned(out))
    }

    /// Reads what may follow `|`: `+` or `-`, an indentation, a comment.
    fn block_header(&mut self) -> Result<(Chomping, i64), YamlError> {
        let mut chomping = Chomping::Clip;
        let mut increment = 0;
        let (mut seen_chomping, mut seen_increment) = (false, false);
        loop {
            match self.byte(self.at) {
                byte @ (b'+' | b'-') if !seen_chomping => {
                    seen_chomping = true;
                    chomping = if byte == b'+' {
                        Chomping::Keep
                    } else {
                        Chomping::Strip
                    };
                }
                b'0' if !seen_increment => {
                    return self.fail("found an indentation indicator equal to 0");
                }
                byte @ b'1'..=b'9' if !seen_increment => {
                    seen_increment = true;
                    increment = i64::from(byte - b'0');
                }
                _ => break,
            }
            self.skip();
            if seen_chomping && seen_increment {
                break;
            }
        }
        self.end_of_line()?;
        Ok((chomping, increment))
    }

    /// Goes past blanks, a comment and the line break after a directive or a header.
    pub(super) fn end_of_line(&mut self) -> Result<(), YamlError> {
        while let b' ' | b'\t' = self.byte(self.at) {
            self.skip();
        }
        if self.byte(self.at) == b'#' {
            let end = self.line_end(self.at);
            self.go_to(end);
        }
        let width = self.break_width(self.at);
        if width > 0 {
            self.skip_break(width);
        } else if self.at < self.text.len() {
            return self.fail("did not find expected comment or line break");
        }
        Ok(())
    }

    /// Goes past empty lines and the indentation of the next line. An indentation of
    /// 0 is not known yet: the first line with something on it sets it.
    fn block_breaks(&mut self, indent: &mut i64, breaks: &mut Vec<u8>) -> Result<(), YamlError> {
        let mut deepest = 0;
        loop {
            while (*indent == 0 || self.column() < *indent) && self.byte(self.at) == b' ' {
                self.skip();
            }
            deepest = deepest.max(self.column());
            if (*indent == 0 || self.column() < *indent) && self.byte(self.at) == b'\t' {
                return self.fail("found a tab character where an indentation space is expected");
            }
            let width = self.break_width(self.at);
            if width == 0 {
                break;
            }
            breaks.extend_from_slice(self.read_break(width));
        }
        if *indent == 0 {
            *indent = deepest.max(self.indent + 1).max(1);
        }
        Ok(())
    }
}

/// What becomes of the line breaks at the end of a block scalar.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    /// One stays.
    Clip,
    /// None stays: `-`.
    Strip,
    /// All stay: `+`.
    Keep,
}
