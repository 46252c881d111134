//! The characters of a TOML text, and the texts of keys and strings.

use super::key::is_bare_byte;
use crate::gostd::strconv::{append_quote, append_quote_rune};
use crate::gostd::unicode::{append_rune, decode_rune};

/// A message and the line it is about.
pub(super) struct LexError {
    pub line: usize,
    pub message: Vec<u8>,
}

pub(super) type Lex<T> = Result<T, LexError>;

/// Reads a text character by character.
#[derive(Clone)]
pub(super) struct Lexer<'a> {
    pub text: &'a [u8],
    pub at: usize,
    /// The current line, the first is 1.
    pub line: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a [u8]) -> Lexer<'a> {
        Lexer {
            text,
            at: 0,
            line: 1,
        }
    }

    /// Returns the next character, without going past it; `None` at the end.
    pub(super) fn peek(&self) -> Lex<Option<char>> {
        Ok(self.decode()?.map(|(rune, _)| rune))
    }

    /// Returns the next character and goes past it; `None` at the end.
    pub(super) fn next(&mut self) -> Lex<Option<char>> {
        let Some((rune, width)) = self.decode()? else {
            return Ok(None);
        };
        self.line += usize::from(rune == '\n');
        self.at += width;
        Ok(Some(rune))
    }

    fn decode(&self) -> Lex<Option<(char, usize)>> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let (rune, width) = decode_rune(rest);
        match (rune, width) {
            (_, 0) => Ok(None),
            ('\u{FFFD}', 1) => Err(self.wrong(format!("invalid UTF-8 byte: 0x{:02x}", rest[0]))),
            ('\r', _) if rest.get(1) == Some(&b'\n') => Ok(Some((rune, width))),
            ('\t' | '\n', _) => Ok(Some((rune, width))),
            ('\0'..='\x1F' | '\x7F', _) => Err(self.wrong(format!(
                "TOML files cannot contain control characters: '0x{:02x}'",
                u32::from(rune)
            ))),
            _ => Ok(Some((rune, width))),
        }
    }

    /// Goes past the next character if it is this one.
    pub(super) fn accept(&mut self, wanted: char) -> Lex<bool> {
        let found = self.peek()? == Some(wanted);
        if found {
            self.next()?;
        }
        Ok(found)
    }

    /// Goes past spaces and tabs.
    pub(super) fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\t') = self.text.get(self.at) {
            self.at += 1;
        }
    }

    /// Goes past a comment, up to the line break; the `#` has been read.
    pub(super) fn skip_comment(&mut self) -> Lex<()> {
        while !matches!(self.peek()?, None | Some('\n' | '\r')) {
            self.next()?;
        }
        Ok(())
    }

    /// Goes past bytes as long as they are wanted.
    pub(super) fn skip_bytes(&mut self, wanted: impl Fn(u8) -> bool) {
        while self.text.get(self.at).is_some_and(|b| wanted(*b)) {
            self.at += 1;
        }
    }

    /// What has been read since `start`.
    pub(super) fn since(&self, start: usize) -> &'a [u8] {
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// An error on the current line.
    pub(super) fn wrong(&self, message: impl Into<Vec<u8>>) -> LexError {
        LexError {
            line: self.line,
            message: message.into(),
        }
    }

    /// An error about the character just read, which is `None` at the end of the
    /// text: that is told of the last line with something on it.
    pub(super) fn wrong_after(&self, read: Option<char>, message: impl Into<Vec<u8>>) -> LexError {
        let at_new_line = self.at > 0 && self.text.get(self.at - 1) == Some(&b'\n');
        LexError {
            line: self.line - usize::from(read.is_none() && at_new_line),
            message: message.into(),
        }
    }

    /// An error about a line break just read.
    pub(super) fn wrong_before(&self, message: impl Into<Vec<u8>>) -> LexError {
        LexError {
            line: self.line.saturating_sub(1),
            message: message.into(),
        }
    }

    /// Reads a part of a key without quotes; it may be empty.
    pub(super) fn bare_part(&mut self) -> Lex<Vec<u8>> {
        let start = self.at;
        self.skip_bytes(is_bare_byte);
        // What ends it must be a character.
        self.peek()?;
        Ok(self.since(start).to_vec())
    }

    /// Reads a string on one line; its opening quote has been read.
    pub(super) fn string(&mut self) -> Lex<Vec<u8>> {
        let start = self.at;
        let mut escaped = false;
        loop {
            let before = self.at;
            match self.next()? {
                None => return Err(self.wrong_after(None, "unexpected EOF; expected '\"'")),
                Some('\n' | '\r') => {
                    return Err(self.wrong_before("strings cannot contain newlines"));
                }
                Some('\\') => {
                    self.escape(start)?;
                    escaped = true;
                }
                Some('"') => {
                    let text = self.text.get(start..before).unwrap_or_default();
                    return if escaped {
                        self.replace_escapes(text)
                    } else {
                        Ok(text.to_vec())
                    };
                }
                Some(_) => {}
            }
        }
    }

    /// Reads a string on one line without escapes; its opening quote has been read.
    pub(super) fn raw_string(&mut self) -> Lex<Vec<u8>> {
        let start = self.at;
        loop {
            let before = self.at;
            match self.next()? {
                None => return Err(self.wrong_after(None, "unexpected EOF; expected \"'\"")),
                Some('\n' | '\r') => {
                    return Err(self.wrong_before("strings cannot contain newlines"));
                }
                Some('\'') => return Ok(self.text.get(start..before).unwrap_or_default().to_vec()),
                Some(_) => {}
            }
        }
    }

    /// Reads a string of many lines; its three opening quotes have been read.
    pub(super) fn multiline_string(&mut self, quote: char) -> Lex<Vec<u8>> {
        let start = self.at;
        let escapes = quote == '"';
        let text = loop {
            let before = self.at;
            match self.next()? {
                None => {
                    let quotes: String = [quote; 3].iter().collect();
                    let other = if escapes { '\'' } else { '"' };
                    let message = format!("unexpected EOF; expected {other}{quotes}{other}");
                    return Err(self.wrong_after(None, message));
                }
                Some('\\') if escapes => {
                    if !matches!(self.peek()?, Some('\n' | '\r')) {
                        self.escape(start)?;
                    }
                }
                Some(rune) if rune == quote => {
                    if !(self.accept(quote)? && self.accept(quote)?) {
                        continue;
                    }
                    if self.peek()? != Some(quote) {
                        break self.text.get(start..before).unwrap_or_default();
                    }
                    // One or two quotes may stand before the closing three.
                    let so_far = self.since(start);
                    let quotes = [quote as u8; 5];
                    let escaped = escapes && so_far.ends_with(b"\\\"\"\"\"\"");
                    if so_far.ends_with(&quotes) && !escaped {
                        let six: String = [quote; 6].iter().collect();
                        let other = if escapes { '\'' } else { '"' };
                        return Err(self.wrong(format!("unexpected {other}{six}{other}")));
                    }
                    self.at -= 2;
                }
                Some(_) => {}
            }
        };
        let text = text
            .strip_prefix(b"\n")
            .or_else(|| text.strip_prefix(b"\r\n"))
            .unwrap_or(text);
        if escapes {
            self.replace_escapes(&join_lines(text))
        } else {
            Ok(text.to_vec())
        }
    }

    /// Reads an escape of the string that began at `start`; its backslash has been read.
    fn escape(&mut self, start: usize) -> Lex<()> {
        let read = self.next()?;
        let (digits, count) = match read {
            Some('b' | 't' | 'n' | 'f' | 'r' | 'e' | '"' | '\\' | ' ' | '\t') => return Ok(()),
            Some('x') => (2, "two"),
            Some('u') => (4, "four"),
            Some('U') => (8, "eight"),
            None => return Err(self.wrong_before("invalid escape in string '\\\0'")),
            Some(rune) => {
                return Err(self.wrong(format!("invalid escape in string '\\{rune}'")));
            }
        };
        let letter = read.unwrap_or_default();
        for _ in 0..digits {
            let read = self.next()?;
            if !read.is_some_and(|r| r.is_ascii_hexdigit()) {
                let mut message =
                    format!("expected {count} hexadecimal digits after '\\{letter}', but got ")
                        .into_bytes();
                append_quote(&mut message, self.since(start));
                message.extend_from_slice(b" instead");
                return Err(self.wrong_after(read, message));
            }
        }
        Ok(())
    }

    /// Puts characters for the escapes of a string, all of which are known.
    fn replace_escapes(&self, text: &[u8]) -> Lex<Vec<u8>> {
        let mut out = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some(backslash) = rest.iter().position(|b| *b == b'\\') {
            out.extend_from_slice(&rest[..backslash]);
            rest = &rest[backslash + 1..];
            let Some((&letter, after)) = rest.split_first() else {
                return Ok(out);
            };
            rest = after;
            let digits = match letter {
                b'b' => 0x08,
                b't' => b'\t',
                b'n' => b'\n',
                b'f' => 0x0C,
                b'r' => b'\r',
                b'e' => 0x1B,
                b'"' | b'\\' => letter,
                b'x' | b'u' | b'U' => {
                    let digits = match letter {
                        b'x' => 2,
                        b'u' => 4,
                        _ => 8,
                    };
                    let (digits, after) = rest.split_at(digits.min(rest.len()));
                    rest = after;
                    append_rune(&mut out, self.code_point(digits)?);
                    continue;
                }
                blank => {
                    let blank = char::from(blank);
                    return Err(self.wrong(format!("invalid escape: '\\{blank}'")));
                }
            };
            out.push(digits);
        }
        out.extend_from_slice(rest);
        Ok(out)
    }

    fn code_point(&self, digits: &[u8]) -> Lex<char> {
        let text = String::from_utf8_lossy(digits);
        u32::from_str_radix(&text, 16)
            .ok()
            .and_then(char::from_u32)
            .ok_or_else(|| self.wrong(format!("Escaped character '\\u{text}' is not valid UTF-8.")))
    }
}

/// Removes each backslash at the end of a line, with all blanks and line breaks
/// that follow it.
fn join_lines(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        if byte != b'\\' {
            out.push(byte);
            at += 1;
            continue;
        }
        let rest = &text[at + 1..];
        let blanks = rest
            .iter()
            .take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n'))
            .count();
        if rest[..blanks].contains(&b'\n') {
            at += 1 + blanks;
        } else {
            out.push(byte);
            at += 1;
            if let Some(b'\\') = rest.first() {
                out.push(b'\\');
                at += 1;
            }
        }
    }
    out
}

/// Returns a character as `%q` shows it; the end of the text is NUL.
pub(super) fn quoted(rune: Option<char>) -> String {
    let mut shown = Vec::new();
    append_quote_rune(&mut shown, i64::from(u32::from(rune.unwrap_or('\0'))));
    String::from_utf8_lossy(&shown).into_owned()
}
