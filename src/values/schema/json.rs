//! The JSON of a schema, with numbers as they are written.
//!
//! Messages quote the numbers of a schema letter by letter (`value must be 1.0`),
//! which a float64 does not remember.
//!
//! A text goes in, a [`Document`] comes out: all values in one list, the members of an object, by name, and the items
//! of an array next to each other, and texts as places in the source. So a schema of thousands of values is a few
//! allocations, made and given back in no time. A [`Json`] is one value of a document.

mod reader;

use std::borrow::Cow;
use std::ops::Range;
use std::rc::Rc;

use super::cost;
use super::members::{Items, Members};
use crate::codec::{json, size};
use crate::value::{Map, Value};
use reader::Reader;

/// How deep a schema may nest.
///
/// DIFFERS(helm): helm stops at 10,000.
const MAX_DEPTH: usize = 1_000;

/// How deep ordinary schemas nest at most.
const SHALLOW: usize = 100;

/// A JSON text that has been read.
#[derive(Clone, Debug, Default)]
pub(super) struct Document<'t> {
    /// The text, where all of it is UTF-8.
    source: Cow<'t, str>,
    /// The texts that are not in the source as they are: with escapes, or of a source that is not UTF-8.
    decoded: String,
    /// The values: what an object or an array holds stands together, before it. The root is the last.
    entries: Vec<Entry>,
}

/// A value, with its name if it is a member.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    name: Text,
    node: Node,
}

#[derive(Clone, Copy, Debug)]
enum Node {
    Null,
    Bool(bool),
    Number(Text),
    String(Text),
    /// The places of the items.
    Array(u32, u32),
    /// The places of the members, in the order of their names, each name once.
    Object(u32, u32),
}

/// Where a text lies.
#[derive(Clone, Copy, Debug)]
struct Text {
    start: u32,
    /// Its end; the highest bit tells that it lies among the decoded texts.
    end: u32,
}

const DECODED: u32 = 1 << 31;

/// Schemas of this length and more are not read: places within them must leave room for those of decoded texts.
const TOO_LONG: usize = DECODED as usize / 4;

/// Among so many members one is looked for from the first to the last.
const FEW: usize = 16;

impl Text {
    /// Texts that are longer than 31 bits can tell are not read.
    fn new(start: usize, end: usize) -> Text {
        Text {
            start: start as u32,
            end: end as u32,
        }
    }

    fn length(self) -> usize {
        ((self.end & !DECODED) - self.start) as usize
    }

    /// Returns where it lies of the two, and there.
    #[inline]
    fn place<'s>(self, source: &'s str, decoded: &'s str) -> (&'s str, Range<usize>) {
        let from = if self.end & DECODED == 0 {
            source
        } else {
            decoded
        };
        (from, self.start as usize..(self.end & !DECODED) as usize)
    }

    fn as_decoded(self) -> Text {
        Text {
            end: self.end | DECODED,
            ..self
        }
    }
}

impl<'t> Document<'t> {
    /// Reads a text that holds one JSON value. The error is Go's text.
    pub(super) fn parse(text: &'t [u8]) -> Result<Document<'t>, String> {
        size::check(text).map_err(|exceeded| exceeded.to_string())?;
        if text.len() >= TOO_LONG {
            return Err(format!("schema is longer than {TOO_LONG} bytes"));
        }
        if let Some(document) = Document::parse_within(text, MAX_DEPTH) {
            return Ok(document);
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

    /// As [`Document::parse`], if the text is no deeper than schemas are that people write: what walks it needs little
    /// stack.
    pub(super) fn parse_shallow(text: &'t [u8]) -> Option<Document<'t>> {
        if size::check(text).is_err() || text.len() >= TOO_LONG {
            return None;
        }
        Document::parse_within(text, SHALLOW)
    }

    /// As [`Document::parse`], with texts of its own.
    pub(super) fn parse_owned(text: &[u8]) -> Result<Document<'static>, String> {
        Document::parse(text).map(Document::into_owned)
    }

    fn parse_within(text: &'t [u8], depth: usize) -> Option<Document<'t>> {
        let (node, reader) = Reader::read(text, depth)?;
        let mut entries = reader.entries;
        let name = Text::new(0, 0);
        entries.push(Entry { name, node });
        Some(Document {
            source: Cow::Borrowed(reader.valid.unwrap_or_default()),
            decoded: reader.decoded,
            entries,
        })
    }

    /// Copies the text.
    pub(super) fn into_owned(self) -> Document<'static> {
        Document {
            source: Cow::Owned(self.source.into_owned()),
            decoded: self.decoded,
            entries: self.entries,
        }
    }

    /// Returns the value that all others lie in.
    pub(super) fn root(&self) -> Json<'_> {
        self.at(self.entries.len().saturating_sub(1) as u32)
    }

    /// Returns the value at a place.
    pub(super) fn at(&self, place: u32) -> Json<'_> {
        let document = self;
        Json { document, place }
    }

    /// Returns the place of the member of that name among those of an object.
    pub(super) fn find(&self, first: u32, end: u32, name: &str) -> Option<u32> {
        let name = name.as_bytes();
        let members = self.entries.get(first as usize..end as usize)?;
        let bytes = |entry: &Entry| {
            let (from, place) = entry.name.place(&self.source, &self.decoded);
            from.as_bytes().get(place).unwrap_or_default()
        };
        let place = if members.len() <= FEW {
            // Names of another length are passed without a look at their bytes.
            let length = name.len();
            members
                .iter()
                .position(|entry| entry.name.length() == length && bytes(entry) == name)?
        } else {
            members
                .binary_search_by(|entry| bytes(entry).cmp(name))
                .ok()?
        };
        Some(first + place as u32)
    }

    /// Returns the name of the member at a place.
    pub(super) fn name(&self, place: u32) -> &str {
        let entry = self.entries.get(place as usize);
        entry.map_or("", |entry| self.text(entry.name))
    }

    fn text(&self, text: Text) -> &str {
        text_of(&self.source, &self.decoded, text)
    }
}

fn text_of<'s>(source: &'s str, decoded: &'s str, text: Text) -> &'s str {
    let (from, place) = text.place(source, decoded);
    from.get(place).unwrap_or_default()
}

/// A value of a document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Json<'d> {
    document: &'d Document<'d>,
    place: u32,
}

/// What a value is.
pub(super) enum View<'d> {
    Null,
    Bool(bool),
    Number(Number<'d>),
    String(&'d str),
    Array(Items<'d>),
    Object(Members<'d>),
}

/// A number as it is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number<'d> {
    pub(super) text: &'d str,
    pub(super) value: f64,
}

impl<'d> Json<'d> {
    fn node(self) -> Node {
        let entry = self.document.entries.get(self.place as usize);
        entry.map_or(Node::Null, |entry| entry.node)
    }

    /// Returns what the value is.
    pub(super) fn kind(self) -> View<'d> {
        let document = self.document;
        match self.node() {
            Node::Null => View::Null,
            Node::Bool(flag) => View::Bool(flag),
            Node::Number(text) => {
                let text = document.text(text);
                let value = text.parse().unwrap_or_default();
                View::Number(Number { text, value })
            }
            Node::String(text) => View::String(document.text(text)),
            Node::Array(first, end) => View::Array(Items::new(document, first..end)),
            Node::Object(first, end) => View::Object(Members::new(document, first..end)),
        }
    }

    pub(super) fn as_object(self) -> Option<Members<'d>> {
        match self.node() {
            Node::Object(first, end) => Some(Members::new(self.document, first..end)),
            _ => None,
        }
    }

    pub(super) fn as_array(self) -> Option<Items<'d>> {
        match self.node() {
            Node::Array(first, end) => Some(Items::new(self.document, first..end)),
            _ => None,
        }
    }

    pub(super) fn as_str(self) -> Option<&'d str> {
        match self.node() {
            Node::String(text) => Some(self.document.text(text)),
            _ => None,
        }
    }

    pub(super) fn as_bool(self) -> Option<bool> {
        match self.node() {
            Node::Bool(flag) => Some(flag),
            _ => None,
        }
    }

    pub(super) fn as_number(self) -> Option<Number<'d>> {
        match self.kind() {
            View::Number(number) => Some(number),
            _ => None,
        }
    }

    /// Returns a number that tells this value apart from all others while its document is kept where it is.
    pub(super) fn address(self) -> usize {
        let entry = self.document.entries.get(self.place as usize);
        entry.map_or(0, |entry| std::ptr::from_ref(entry).addr())
    }

    /// Returns the value as templates would see it. Recurses as deep as a schema may nest.
    pub(super) fn to_value(self) -> Value {
        match self.kind() {
            View::Null => Value::NIL,
            View::Bool(flag) => Value::bool(flag),
            View::Number(number) => Value::float(number.value),
            View::String(text) => text.into(),
            View::Array(items) => Value::list(items.map(Json::to_value).collect()),
            View::Object(members) => {
                let entries = members.map(|(k, v)| (k, v.to_value()));
                entries.collect::<Map>().into()
            }
        }
    }

    /// Reports whether a value is the same, numbers by what they are worth; adds to `cost` what it takes to see that.
    pub(super) fn equals(self, value: &Value, cost: &mut u64) -> bool {
        *cost += cost::NODE;
        match self.kind() {
            View::Null => value.is_nil(),
            View::Bool(flag) => value.as_bool() == Some(flag),
            View::Number(number) => super::number::of(value) == Some(number.value),
            View::String(text) => value.as_str().is_some_and(|other| {
                if other.len() != text.len() {
                    return false;
                }
                *cost += text.len() as u64;
                **other == *text.as_bytes()
            }),
            View::Array(items) => value.as_list().is_some_and(|list| {
                list.len() == items.len() && items.zip(list.items()).all(|(a, b)| a.equals(b, cost))
            }),
            View::Object(mut members) => value.as_map().is_some_and(|map| {
                let mut equal = |name: &str, value: Json<'_>| {
                    let other = map.get(name.as_bytes());
                    other.is_some_and(|other| value.equals(&other, cost))
                };
                map.len() == members.len() && members.all(|(name, value)| equal(name, value))
            }),
        }
    }
}

/// A value that keeps the document it is part of.
#[derive(Clone, Debug)]
pub(super) struct Fragment {
    document: Rc<Document<'static>>,
    place: u32,
}

impl Fragment {
    /// Returns a value of the document as one that keeps it.
    pub(super) fn new(document: &Rc<Document<'static>>, json: Json<'_>) -> Fragment {
        Fragment {
            document: document.clone(),
            place: json.place,
        }
    }

    /// Returns the value.
    pub(super) fn json(&self) -> Json<'_> {
        self.document.at(self.place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_text() {
        let text = br#" {"a": [1.0, -2e3, "x\"\u00e9", true, null, {}]} "#;
        let document = Document::parse(text).unwrap();
        let items = document
            .root()
            .as_object()
            .unwrap()
            .get("a")
            .unwrap()
            .as_array()
            .unwrap();
        assert_eq!(items.get(0).unwrap().as_number().unwrap().text, "1.0");
        assert_eq!(items.get(1).unwrap().as_number().unwrap().value, -2000.0);
        assert_eq!(items.get(2).unwrap().as_str(), Some("x\"é"));
        assert_eq!(items.get(5).unwrap().as_object().map(|o| o.len()), Some(0));
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
            assert!(Document::parse(text.as_bytes()).is_err(), "{text}");
        }
        for text in [
            "-0.5e+3",
            "[]",
            "{}",
            "[[],{}]",
            "\"\\u00e9\\ud800\"",
            " 1 ",
        ] {
            assert!(Document::parse(text.as_bytes()).is_ok(), "{text}");
        }
    }

    #[test]
    fn errors_are_those_of_a_stream() {
        assert_eq!(Document::parse(b"").unwrap_err(), "EOF");
        assert_eq!(Document::parse(b" {").unwrap_err(), "unexpected EOF");
        assert_eq!(
            Document::parse(b"{} x").unwrap_err(),
            "invalid character after top-level value"
        );
    }

    #[test]
    fn of_equal_names_the_last_one_counts() {
        let document = Document::parse(br#"{"b": false, "a": 1, "b": [], "b": true}"#).unwrap();
        let members = document.root().as_object().unwrap();
        assert_eq!(members.len(), 2);
        assert_eq!(members.get("b").and_then(Json::as_bool), Some(true));
        assert!(members.get("c").is_none());
        let names: Vec<&str> = members.map(|(name, _)| name).collect();
        assert_eq!(names, ["a", "b"]);
    }

    #[test]
    fn texts_that_are_not_utf8_are_mended() {
        let document = Document::parse(b"{\"\xFF\": [\"\xFFa\", 1.5]}").unwrap();
        let members = document.root().as_object().unwrap();
        let items = members.get("\u{FFFD}").and_then(Json::as_array).unwrap();
        assert_eq!(items.get(0).and_then(Json::as_str), Some("\u{FFFD}a"));
        assert_eq!(
            items.get(1).and_then(Json::as_number).map(|n| n.text),
            Some("1.5")
        );
    }
}
