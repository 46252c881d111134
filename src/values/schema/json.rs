//! The JSON of a schema, with numbers as they are written.
//!
//! Messages quote the numbers of a schema letter by letter (`value must be 1.0`),
//! which a float64 does not remember.

use std::borrow::Cow;

use super::members::Members;
use crate::codec::json;
use crate::value::{Map, Value};

/// How deep a schema may nest.
///
/// DIFFERS(helm): helm stops at 10,000.
const MAX_DEPTH: usize = 1_000;

/// How deep ordinary schemas nest at most.
const SHALLOW: usize = 100;

/// A JSON value, whose texts lie where they were read.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json<'t> {
    Null,
    Bool(bool),
    Number(Number<'t>),
    String(Cow<'t, str>),
    Array(Vec<Json<'t>>),
    Object(Members<'t>),
}

/// A JSON value that holds its texts itself.
pub(super) type OwnedJson = Json<'static>;

impl OwnedJson {
    /// As [`Json::parse`], with texts of its own.
    pub(super) fn parse_owned(text: &[u8]) -> Result<OwnedJson, String> {
        Json::parse(text).map(Json::into_owned)
    }
}

/// A number as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Number<'t> {
    pub(super) text: Cow<'t, str>,
    pub(super) value: f64,
}

impl<'t> Json<'t> {
    /// Reads a text that holds one JSON value. The error is Go's text.
    pub(super) fn parse(text: &'t [u8]) -> Result<Json<'t>, String> {
        if let Some(value) = Json::parse_within(text, MAX_DEPTH) {
            return Ok(value);
        }
        Err(match json::decode(text) {
            Ok(_) => "exceeded max depth".to_owned(),
            // Go's reader of streams has other words for a text that ends early.
            Err(error) => match error.to_string().as_str() {
                "unexpected end of JSON input" if text.trim_ascii().is_empty() => "EOF".to_owned(),
                "unexpected end of JSON input" => "unexpected EOF".to_owned(),
                _ if json::decode_prefix(text).is_ok() => {
                    "invalid character after top-level value".to_owned()
                }
                error => error.to_owned(),
            },
        })
    }

    /// As [`Json::parse`], if the text is no deeper than schemas are that people write: what walks it needs little stack.
    pub(super) fn parse_shallow(text: &'t [u8]) -> Option<Json<'t>> {
        Json::parse_within(text, SHALLOW)
    }

    fn parse_within(text: &'t [u8], depth: usize) -> Option<Json<'t>> {
        let mut reader = Reader {
            text,
            valid: std::str::from_utf8(text).ok(),
            at: 0,
            members: Vec::new(),
            items: Vec::new(),
        };
        let value = reader.value(depth)?;
        reader.peek().is_none().then_some(value)
    }

    /// Copies the texts. Recurses as deep as a schema may nest.
    pub(super) fn into_owned(self) -> OwnedJson {
        let owned = |text: Cow<'t, str>| Cow::Owned(text.into_owned());
        match self {
            Json::Null => Json::Null,
            Json::Bool(flag) => Json::Bool(flag),
            Json::Number(Number { text, value }) => Json::Number(Number {
                text: owned(text),
                value,
            }),
            Json::String(text) => Json::String(owned(text)),
            Json::Array(items) => Json::Array(items.into_iter().map(Json::into_owned).collect()),
            Json::Object(members) => Json::Object(members.into_owned()),
        }
    }

    pub(super) fn as_object(&self) -> Option<&Members<'t>> {
        match self {
            Json::Object(members) => Some(members),
            _ => None,
        }
    }

    pub(super) fn as_array(&self) -> Option<&[Json<'t>]> {
        match self {
            Json::Array(items) => Some(items),
            _ => None,
        }
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        match self {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn as_bool(&self) -> Option<bool> {
        match self {
            Json::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    pub(super) fn as_number(&self) -> Option<&Number<'t>> {
        match self {
            Json::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Returns the value as templates would see it.
    pub(super) fn to_value(&self) -> Value {
        match self {
            Json::Null => Value::NIL,
            Json::Bool(flag) => Value::bool(*flag),
            Json::Number(number) => Value::float(number.value),
            Json::String(text) => (&**text).into(),
            Json::Array(items) => Value::list(items.iter().map(Json::to_value).collect()),
            Json::Object(members) => {
                let entries = members.iter().map(|(k, v)| (&**k, v.to_value()));
                entries.collect::<Map>().into()
            }
        }
    }

    /// Reports whether a value is the same, numbers by what they are worth.
    pub(super) fn equals(&self, value: &Value) -> bool {
        match self {
            Json::Null => value.is_nil(),
            Json::Bool(flag) => value.as_bool() == Some(*flag),
            Json::Number(number) => super::number::of(value) == Some(number.value),
            Json::String(text) => value.as_str().is_some_and(|s| **s == *text.as_bytes()),
            Json::Array(items) => value.as_list().is_some_and(|list| {
                list.len() == items.len()
                    && items.iter().zip(list.items()).all(|(a, b)| a.equals(b))
            }),
            Json::Object(members) => value.as_map().is_some_and(|map| {
                map.len() == members.len()
                    && members
                        .iter()
                        .all(|(k, v)| map.get(k.as_bytes()).is_some_and(|other| v.equals(&other)))
            }),
        }
    }
}

/// A reader that stops at whatever is not JSON, and leaves the reasons to others.
struct Reader<'t> {
    text: &'t [u8],
    /// The text, where all of it is UTF-8.
    valid: Option<&'t str>,
    at: usize,
    /// The members read of the objects that are open: each object takes its own when it closes, in a list of
    /// the right length.
    members: Vec<(Cow<'t, str>, Json<'t>)>,
    /// The same for arrays.
    items: Vec<Json<'t>>,
}

impl<'t> Reader<'t> {
    /// Reads a value with at most `depth` others around those within it.
    fn value(&mut self, depth: usize) -> Option<Json<'t>> {
        match self.peek()? {
            b'{' => {
                let first = self.members.len();
                self.at += 1;
                while self.peek()? != b'}' || self.members.len() > first {
                    let key = self.string()?;
                    self.take(b':')?;
                    let value = self.value(depth.checked_sub(1)?)?;
                    self.members.push((key, value));
                    if self.peek()? == b'}' {
                        break;
                    }
                    self.take(b',')?;
                }
                self.at += 1;
                Some(Json::Object(Members::new(self.members.drain(first..))))
            }
            b'[' => {
                let first = self.items.len();
                self.at += 1;
                while self.peek()? != b']' || self.items.len() > first {
                    let item = self.value(depth.checked_sub(1)?)?;
                    self.items.push(item);
                    if self.peek()? == b']' {
                        break;
                    }
                    self.take(b',')?;
                }
                self.at += 1;
                Some(Json::Array(self.items.drain(first..).collect()))
            }
            b'"' => self.string().map(Json::String),
            b'-' | b'0'..=b'9' => self.number(),
            byte => {
                let (word, value): (&[u8], _) = match byte {
                    b't' => (b"true", Json::Bool(true)),
                    b'f' => (b"false", Json::Bool(false)),
                    _ => (b"null", Json::Null),
                };
                if !self.text.get(self.at..)?.starts_with(word) {
                    return None;
                }
                self.at += word.len();
                Some(value)
            }
        }
    }

    /// Returns the next byte that is no blank.
    fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.text.get(self.at)?;
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn string(&mut self) -> Option<Cow<'t, str>> {
        if self.peek()? != b'"' {
            return None;
        }
        let start = self.at;
        let mut end = start + 1;
        let mut is_plain = true;
        loop {
            let rest = self.text.get(end..)?;
            end += rest
                .iter()
                .position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1F))?;
            match self.text.get(end)? {
                b'"' => break,
                b'\\' => {
                    is_plain = false;
                    end += 2;
                }
                _ => return None,
            }
        }
        self.at = end + 1;
        if is_plain && let Some(text) = self.slice(start + 1, end) {
            return Some(Cow::Borrowed(text));
        }
        let value = json::decode(self.text.get(start..=end)?).ok()?;
        Some(Cow::Owned(value.as_str()?.to_lossy().into_owned()))
    }

    /// Returns a part of the text if it is UTF-8.
    fn slice(&self, start: usize, end: usize) -> Option<&'t str> {
        match self.valid {
            Some(text) => text.get(start..end),
            None => std::str::from_utf8(self.text.get(start..end)?).ok(),
        }
    }

    fn number(&mut self) -> Option<Json<'t>> {
        let is_part = |b: &u8| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.' | b'e' | b'E');
        let rest = self.text.get(self.at..)?;
        let length = rest.iter().take_while(|b| is_part(b)).count();
        let text = self.slice(self.at, self.at + length)?;
        self.at += length;
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, _) = digits.split_once(['.', 'e', 'E']).unwrap_or((digits, ""));
        let is_whole = !whole.is_empty() && (whole == "0" || !whole.starts_with('0'));
        let ends_well = text.ends_with(|c: char| c.is_ascii_digit());
        let has_bare_dot = [".e", ".E"].iter().any(|bare| text.contains(bare));
        if !is_whole || !ends_well || has_bare_dot {
            return None;
        }
        let value: f64 = text.parse().ok()?;
        Some(Json::Number(Number {
            text: Cow::Borrowed(text),
            value,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_text() {
        let json = Json::parse(br#" {"a": [1.0, -2e3, "x\"\u00e9", true, null, {}]} "#).unwrap();
        let items = json
            .as_object()
            .unwrap()
            .get("a")
            .unwrap()
            .as_array()
            .unwrap();
        assert_eq!(items[0].as_number().unwrap().text, "1.0");
        assert_eq!(items[1].as_number().unwrap().value, -2000.0);
        assert_eq!(items[2].as_str(), Some("x\"é"));
        assert_eq!(items[5], Json::Object(Members::default()));
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in [
            "[1,]",
            "[,1]",
            "{,}",
            "{\"a\"}",
            "{\"a\":1,}",
            "{a:1}",
            "01",
            "1.",
            "1.e5",
            "-",
            "+1",
            ".5",
            "1e",
            "tru",
            "\"\n\"",
            "\"\\x\"",
            "[1 2]",
            "1 2",
            "\"",
            "[",
            "nulll",
        ] {
            assert!(Json::parse(text.as_bytes()).is_err(), "{text}");
        }
        for text in [
            "-0.5e+3",
            "[]",
            "{}",
            "[[],{}]",
            "\"\\u00e9\\ud800\"",
            " 1 ",
        ] {
            assert!(Json::parse(text.as_bytes()).is_ok(), "{text}");
        }
    }

    #[test]
    fn errors_are_those_of_a_stream() {
        assert_eq!(Json::parse(b"").unwrap_err(), "EOF");
        assert_eq!(Json::parse(b" {").unwrap_err(), "unexpected EOF");
        assert_eq!(
            Json::parse(b"{} x").unwrap_err(),
            "invalid character after top-level value"
        );
    }
}
