//! Values without parts: words, numbers, dates.

use super::lex::{Lex, quoted};
use super::parse::Parser;
use super::{datetime, number};
use crate::gostd::strconv::{append_quote, quote};
use crate::gostd::unicode::{is_letter, trim_space};
use crate::value::Value;

impl Parser<'_> {
    /// Reads `true` or `false`.
    pub(super) fn word(&mut self) -> Lex<Value> {
        let start = self.lexer.at;
        while self.lexer.peek()?.is_some_and(is_letter) {
            self.lexer.next()?;
        }
        match self.lexer.since(start) {
            b"true" => Ok(Value::bool(true)),
            b"false" => Ok(Value::bool(false)),
            word => {
                let message = format!("expected value but found {} instead", quote(word));
                Err(self.lexer.wrong(message))
            }
        }
    }

    /// Reads a number after its sign.
    pub(super) fn signed(&mut self, start: usize) -> Lex<Value> {
        let read = self.lexer.next()?;
        let shown = |p: &Self| String::from_utf8_lossy(p.lexer.since(start)).into_owned();
        match read {
            Some(first @ ('i' | 'n')) => {
                let (second, third) = if first == 'i' { ('n', 'f') } else { ('a', 'n') };
                if self.lexer.accept(second)? && self.lexer.accept(third)? {
                    return self.float(start);
                }
                let message = format!("invalid float: '{}'", shown(self));
                return Err(self.lexer.wrong(message));
            }
            Some('0') => {
                if let Some(base @ ('b' | 'o' | 'x')) = self.lexer.peek()? {
                    let message = format!(
                        "cannot use sign with non-decimal numbers: '{}{base}'",
                        shown(self)
                    );
                    return Err(self.lexer.wrong(message));
                }
            }
            Some('1'..='9') => {}
            Some('.') => {
                return Err(self.lexer.wrong("floats must start with a digit, not '.'"));
            }
            _ => {
                let message = format!("expected a digit but got {}", quoted(read));
                return Err(self.lexer.wrong_after(read, message));
            }
        }
        self.decimal(start)
    }

    /// Reads the rest of a decimal number.
    fn decimal(&mut self, start: usize) -> Lex<Value> {
        self.lexer.skip_bytes(|b| b.is_ascii_digit() || b == b'_');
        match self.lexer.peek()? {
            Some('.' | 'e' | 'E') => self.rest_of_float(start),
            _ => self.integer(start),
        }
    }

    fn rest_of_float(&mut self, start: usize) -> Lex<Value> {
        self.lexer.skip_bytes(|b| {
            b.is_ascii_digit() || matches!(b, b'_' | b'.' | b'-' | b'+' | b'e' | b'E')
        });
        self.lexer.peek()?;
        self.float(start)
    }

    /// Reads what begins with a digit.
    pub(super) fn number_or_date(&mut self) -> Lex<Value> {
        let start = self.lexer.at;
        if self.lexer.accept('0')?
            && let Some(base @ ('b' | 'o' | 'x')) = self.lexer.peek()?
        {
            return self.based(start, base);
        }
        self.lexer.skip_bytes(|b| b.is_ascii_digit());
        let digits = self.lexer.at - start;
        match self.lexer.peek()? {
            // A single zero begins no date.
            Some('-' | ':') if digits > 1 || self.lexer.since(start) != b"0" => self.date(start),
            Some('_') => self.decimal(start),
            Some('.' | 'e' | 'E') => self.rest_of_float(start),
            _ => self.integer(start),
        }
    }

    /// Reads an integer in another base, up to its letter.
    fn based(&mut self, start: usize, base: char) -> Lex<Value> {
        self.lexer.next()?;
        let (name, radix) = match base {
            'b' => ("a binary", 2),
            'o' => ("an octal", 8),
            _ => ("a hexadecimal", 16),
        };
        let next = self.lexer.peek()?;
        if !next.is_some_and(|r| r.is_digit(radix)) {
            let mut message = format!("not {name} number: '0{base}").into_bytes();
            let shown = next.unwrap_or('\0');
            message.extend_from_slice(shown.encode_utf8(&mut [0; 4]).as_bytes());
            message.push(b'\'');
            return Err(self.lexer.wrong(message));
        }
        self.lexer
            .skip_bytes(|b| b == b'_' || char::from(b).is_digit(radix));
        self.lexer.peek()?;
        self.integer(start)
    }

    fn integer(&mut self, start: usize) -> Lex<Value> {
        number::integer(self.lexer.since(start)).map_err(|message| self.lexer.wrong(message))
    }

    pub(super) fn float(&mut self, start: usize) -> Lex<Value> {
        number::float(self.lexer.since(start)).map_err(|message| self.lexer.wrong(message))
    }

    fn date(&mut self, start: usize) -> Lex<Value> {
        self.lexer.skip_bytes(|b| {
            b.is_ascii_digit()
                || matches!(
                    b,
                    b'-' | b':' | b'T' | b't' | b' ' | b'.' | b'Z' | b'z' | b'+'
                )
        });
        self.lexer.peek()?;
        let text: Vec<u8> = trim_space(self.lexer.since(start))
            .iter()
            .map(|b| match b {
                b'z' => b'Z',
                b't' | b' ' => b'T',
                other => *other,
            })
            .collect();
        match datetime::parse(&text) {
            Some(date) => Ok((self.make_time)(date)),
            None => {
                let mut message = b"invalid datetime: ".to_vec();
                append_quote(&mut message, &text);
                Err(self.lexer.wrong(message))
            }
        }
    }
}
