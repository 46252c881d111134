//! The JSON of a schema, with numbers as they are written.
//!
//! Messages quote the numbers of a schema letter by letter (`value must be 1.0`),
//! which a float64 does not remember.

use std::collections::BTreeMap;

use crate::codec::json;
use crate::value::{Map, Value};

/// How deep a schema may nest.
///
/// DIFFERS(helm): helm stops at 10,000.
const MAX_DEPTH: usize = 1_000;

/// A JSON value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<Json>),
    Object(BTreeMap<String, Json>),
}

/// A number as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Number {
    pub(super) text: String,
    pub(super) value: f64,
}

impl Json {
    /// Reads a text that holds one JSON value. The error is Go's text.
    pub(super) fn parse(text: &[u8]) -> Result<Json, String> {
        if let Err(error) = json::decode(text) {
            let error = error.to_string();
            // Go's reader of streams has other words for a text that ends early.
            return Err(match error.as_str() {
                "unexpected end of JSON input" if text.trim_ascii().is_empty() => "EOF".to_owned(),
                "unexpected end of JSON input" => "unexpected EOF".to_owned(),
                _ if json::decode_prefix(text).is_ok() => {
                    "invalid character after top-level value".to_owned()
                }
                _ => error,
            });
        }
        Reader { text }.value(0)
    }

    pub(super) fn as_object(&self) -> Option<&BTreeMap<String, Json>> {
        match self {
            Json::Object(members) => Some(members),
            _ => None,
        }
    }

    pub(super) fn as_array(&self) -> Option<&[Json]> {
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

    pub(super) fn as_number(&self) -> Option<&Number> {
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
            Json::String(text) => text.as_str().into(),
            Json::Array(items) => Value::list(items.iter().map(Json::to_value).collect()),
            Json::Object(members) => {
                let entries = members.iter().map(|(k, v)| (k.as_str(), v.to_value()));
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

/// A reader of text that is known to be JSON.
struct Reader<'a> {
    text: &'a [u8],
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Result<Json, String> {
        if depth > MAX_DEPTH {
            return Err("exceeded max depth".to_owned());
        }
        match self.peek() {
            Some(b'{') => {
                self.skip(1);
                let mut members = BTreeMap::new();
                while !self.take(b'}') {
                    let key = self.string();
                    self.take(b':');
                    members.insert(key, self.value(depth + 1)?);
                    self.take(b',');
                }
                Ok(Json::Object(members))
            }
            Some(b'[') => {
                self.skip(1);
                let mut items = Vec::new();
                while !self.take(b']') {
                    items.push(self.value(depth + 1)?);
                    self.take(b',');
                }
                Ok(Json::Array(items))
            }
            Some(b'"') => Ok(Json::String(self.string())),
            _ => Ok(self.word()),
        }
    }

    fn peek(&mut self) -> Option<u8> {
        self.text = self.text.trim_ascii_start();
        self.text.first().copied()
    }

    fn skip(&mut self, count: usize) -> &'a [u8] {
        let (skipped, rest) = self.text.split_at(count.min(self.text.len()));
        self.text = rest;
        skipped
    }

    /// Skips the byte if it comes next; true also at the end of the text.
    fn take(&mut self, byte: u8) -> bool {
        match self.peek() {
            None => true,
            Some(next) if next == byte => {
                self.skip(1);
                true
            }
            Some(_) => false,
        }
    }

    fn string(&mut self) -> String {
        self.peek();
        let mut end = 1;
        loop {
            match self.text.get(end) {
                None => break,
                Some(b'"') => {
                    end += 1;
                    break;
                }
                Some(b'\\') => end += 2,
                Some(_) => end += 1,
            }
        }
        let token = self.skip(end);
        let value = json::decode(token).unwrap_or_default();
        value
            .as_str()
            .map(|s| s.to_lossy().into_owned())
            .unwrap_or_default()
    }

    fn word(&mut self) -> Json {
        let is_end = |b: &u8| matches!(b, b',' | b']' | b'}') || b.is_ascii_whitespace();
        let end = self.text.iter().position(is_end).unwrap_or(self.text.len());
        // A byte that cannot begin a value does not occur; skipping it ends the loop.
        let word = self.skip(end.max(1));
        match word {
            b"null" => Json::Null,
            b"true" => Json::Bool(true),
            b"false" => Json::Bool(false),
            _ => {
                let text = String::from_utf8_lossy(word).into_owned();
                let value = text.parse().unwrap_or_default();
                Json::Number(Number { text, value })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_text() {
        let json = Json::parse(br#" {"a": [1.0, -2e3, "x\"\u00e9", true, null, {}]} "#).unwrap();
        let items = json.as_object().unwrap()["a"].as_array().unwrap();
        assert_eq!(items[0].as_number().unwrap().text, "1.0");
        assert_eq!(items[1].as_number().unwrap().value, -2000.0);
        assert_eq!(items[2].as_str(), Some("x\"é"));
        assert_eq!(items[5], Json::Object(BTreeMap::new()));
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
