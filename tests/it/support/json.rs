//! A small JSON reader for the test data: text in, [`Json`] out.
//!
//! It keeps what a general reader loses: the text of every number and the source text of every value, because a
//! vector's `values` are handed to the program under test exactly as they are written. It is also independent of the
//! codec it helps to test.

use std::fmt::Write as _;
use std::ops::Range;

/// One JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    /// A number, as written.
    Number(String),
    String(String),
    Array(Vec<Json>),
    /// Members in the order of the text.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Parses a whole text.
    pub fn parse(text: &str) -> Result<Json, String> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value()?;
        reader.skip_space();
        if reader.at < text.len() {
            Err(reader.error("text after the value"))
        } else {
            Ok(value)
        }
    }

    /// Parses a text that must be an object; each member comes with the range of its value in the text.
    pub fn parse_members(text: &str) -> Result<Vec<(String, Json, Range<usize>)>, String> {
        let mut reader = Reader { text, at: 0 };
        let mut members = Vec::new();
        reader.members(|key, value, range| members.push((key, value, range)))?;
        Ok(members)
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Json::Number(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// The items of an array; nothing for anything else.
    pub fn items(&self) -> &[Json] {
        match self {
            Json::Array(items) => items,
            _ => &[],
        }
    }

    /// The members of an object; nothing for anything else.
    pub fn entries(&self) -> &[(String, Json)] {
        match self {
            Json::Object(members) => members,
            _ => &[],
        }
    }

    pub fn is_true(&self) -> bool {
        *self == Json::Bool(true)
    }

    /// The text with an indent of one space a level, one item a line.
    pub fn pretty(&self) -> String {
        let mut out = String::new();
        self.print(&mut out, 0);
        out
    }

    fn print(&self, out: &mut String, depth: usize) {
        let line = |out: &mut String, depth: usize| {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', depth));
        };
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(yes) => out.push_str(if *yes { "true" } else { "false" }),
            Json::Number(text) => out.push_str(text),
            Json::String(text) => quote(out, text),
            Json::Array(items) if items.is_empty() => out.push_str("[]"),
            Json::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { "," });
                    line(out, depth + 1);
                    item.print(out, depth + 1);
                }
                line(out, depth);
                out.push(']');
            }
            Json::Object(members) if members.is_empty() => out.push_str("{}"),
            Json::Object(members) => {
                out.push('{');
                for (index, (key, value)) in members.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { "," });
                    line(out, depth + 1);
                    quote(out, key);
                    out.push_str(": ");
                    value.print(out, depth + 1);
                }
                line(out, depth);
                out.push('}');
            }
        }
    }
}

/// Writes `text` as a JSON string.
pub fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if (c as u32) < 0x20 => {
                write!(out, "\\u{:04x}", c as u32).expect("writing to a String cannot fail")
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn error(&self, what: &str) -> String {
        format!("JSON: {what} at byte {}", self.at)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), String> {
        self.skip_space();
        if self.peek() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            Err(self.error(&format!("expected {:?}", byte as char)))
        }
    }

    fn value(&mut self) -> Result<Json, String> {
        self.skip_space();
        match self.peek() {
            Some(b'{') => {
                let mut members = Vec::new();
                self.members(|key, value, _| members.push((key, value)))?;
                Ok(Json::Object(members))
            }
            Some(b'[') => self.array(),
            Some(b'"') => Ok(Json::String(self.string()?)),
            Some(b'-' | b'0'..=b'9') => {
                let rest = &self.text[self.at..];
                let end =
                    rest.find(|c: char| !matches!(c, '-' | '+' | '.' | '0'..='9' | 'e' | 'E'));
                let number = &rest[..end.unwrap_or(rest.len())];
                self.at += number.len();
                Ok(Json::Number(number.to_owned()))
            }
            _ => {
                for (word, value) in [
                    ("null", Json::Null),
                    ("true", Json::Bool(true)),
                    ("false", Json::Bool(false)),
                ] {
                    if self.text[self.at..].starts_with(word) {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                Err(self.error("no value"))
            }
        }
    }

    fn array(&mut self) -> Result<Json, String> {
        self.expect(b'[')?;
        let mut items = Vec::new();
        self.skip_space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Json::Array(items));
        }
        loop {
            items.push(self.value()?);
            self.skip_space();
            if self.peek() == Some(b',') {
                self.at += 1;
            } else {
                self.expect(b']')?;
                return Ok(Json::Array(items));
            }
        }
    }

    fn members(&mut self, mut found: impl FnMut(String, Json, Range<usize>)) -> Result<(), String> {
        self.expect(b'{')?;
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.skip_space();
            let key = self.string()?;
            self.expect(b':')?;
            self.skip_space();
            let begin = self.at;
            let value = self.value()?;
            found(key, value, begin..self.at);
            self.skip_space();
            if self.peek() == Some(b',') {
                self.at += 1;
            } else {
                return self.expect(b'}');
            }
        }
    }

    fn string(&mut self) -> Result<String, String> {
        self.expect(b'"')?;
        let mut out = String::new();
        loop {
            let rest = &self.text[self.at..];
            let stop = rest
                .find(['"', '\\'])
                .ok_or_else(|| self.error("string without an end"))?;
            out.push_str(&rest[..stop]);
            self.at += stop + 1;
            if rest.as_bytes()[stop] == b'"' {
                return Ok(out);
            }
            let escape = self
                .peek()
                .ok_or_else(|| self.error("string without an end"))?;
            self.at += 1;
            match escape {
                b'n' => out.push('\n'),
                b'r' => out.push('\r'),
                b't' => out.push('\t'),
                b'b' => out.push('\u{8}'),
                b'f' => out.push('\u{c}'),
                b'u' => out.push(self.unicode_escape()?),
                b'"' | b'\\' | b'/' => out.push(escape as char),
                _ => return Err(self.error("unknown escape")),
            }
        }
    }

    fn unicode_escape(&mut self) -> Result<char, String> {
        let first = self.hex4()?;
        if (0xd800..0xdc00).contains(&first) && self.text[self.at..].starts_with("\\u") {
            self.at += 2;
            let second = self.hex4()?;
            let code = 0x10000 + ((first - 0xd800) << 10) + second.wrapping_sub(0xdc00);
            return char::from_u32(code).ok_or_else(|| self.error("wrong surrogates"));
        }
        char::from_u32(first).ok_or_else(|| self.error("half a surrogate"))
    }

    fn hex4(&mut self) -> Result<u32, String> {
        let digits = self
            .text
            .get(self.at..self.at + 4)
            .ok_or_else(|| self.error("short escape"))?;
        self.at += 4;
        u32::from_str_radix(digits, 16).map_err(|_| self.error("escape is not hexadecimal"))
    }
}

#[test]
fn reads_what_it_prints() {
    let text = "{\n \"a\": [\n  1.50,\n  null,\n  true\n ],\n \"b\\n\\\"\": {},\n \"c\": []\n}";
    assert_eq!(
        Json::parse(text).map(|json| json.pretty()),
        Ok(text.to_owned())
    );
    assert_eq!(
        Json::parse(r#""\u00e9\ud83d\ude00""#),
        Ok(Json::String("é😀".to_owned()))
    );
    assert!(Json::parse("[1,]").is_err() && Json::parse("1 2").is_err());
}
