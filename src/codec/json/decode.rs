//! JSON text to values.
//!
//! Collections in work lie on a stack of our own, so depth costs memory and not the
//! thread's stack.

use super::error::{JsonError, Step, type_error};
use crate::codec::size;
use crate::codec::yaml::{Shape, Unknown, conform};
use crate::gostd::strconv::{NumErrorKind, parse_float};
use crate::gostd::unicode::{append_rune, runes};
use crate::value::{List, ListType, Map, MapType, Str, Value};

/// How deep values may nest.
const MAX_DEPTH: usize = 10_000;

/// Decodes a text that holds one value.
///
/// # Errors
///
/// Where the text is no JSON, or a number is beyond float64.
///
/// # Examples
///
/// ```
/// use verta_render::codec::json;
///
/// let list = json::decode(b"[1, 2.5e1]").unwrap();
/// assert_eq!(list.as_list().unwrap().items()[1].as_float(), Some(25.0));
///
/// let error = json::decode(b"[1 2]").unwrap_err();
/// assert_eq!(error.to_string(), "invalid character '2' after array element");
/// ```
pub fn decode(text: &[u8]) -> Result<Value, JsonError> {
    let (value, range) = decode_whole(text)?;
    range.map_or(Ok(value), Err)
}

/// Decodes an object as helm's `fromJson` does: what could be read comes with the
/// error, if there is one. `null` is a nil map.
pub fn decode_map(text: &[u8]) -> (Map, Option<JsonError>) {
    match decode_whole(text) {
        Err(error) => (Map::new(), Some(error)),
        Ok((value, range)) => match value.as_map() {
            Some(map) => (map.clone(), range),
            None if value.is_nil() => (Map::nil(&MapType::ANY), None),
            None => (Map::new(), Some(wrong_type(&value, MapType::ANY.name))),
        },
    }
}

/// Decodes an array. `null` is a nil list.
///
/// # Errors
///
/// As [`decode`], and where the text holds something else.
pub fn decode_list(text: &[u8]) -> Result<List, JsonError> {
    let (value, range) = decode_whole(text)?;
    match value.as_list() {
        Some(list) => range.map_or_else(|| Ok(list.clone()), Err),
        None if value.is_nil() => Ok(List::nil(&ListType::ANY)),
        None => Err(wrong_type(&value, ListType::ANY.name)),
    }
}

/// Decodes a text as a Go type; what the type does not want is left out. `root` is the
/// type as errors about its fields name it.
///
/// # Errors
///
/// As [`decode`], and `json: cannot unmarshal number into Go struct field ...` where a
/// value is of another type.
pub fn decode_as(text: &[u8], shape: &'static Shape, root: &str) -> Result<Value, JsonError> {
    conform(decode(text)?, shape, Unknown::Dropped).map_err(|error| {
        let field = "Go struct field ";
        let text = error.reason();
        JsonError::mismatch(text.replacen(field, &format!("{field}{root}"), 1))
    })
}

/// Decodes the value that a text begins with; returns how many bytes it takes,
/// blanks before it included.
///
/// # Errors
///
/// As [`decode`].
pub fn decode_prefix(text: &[u8]) -> Result<(Value, usize), JsonError> {
    let mut decoder = Decoder::new(text);
    let value = decoder.value()?;
    match decoder.range {
        Some(error) => Err(error),
        None => Ok((value, decoder.at)),
    }
}

fn decode_whole(text: &[u8]) -> Result<(Value, Option<JsonError>), JsonError> {
    size::check(text).map_err(|exceeded| JsonError::mismatch(exceeded.to_string()))?;
    let mut decoder = Decoder::new(text);
    let value = decoder.value()?;
    decoder.skip_blanks();
    if decoder.at < text.len() {
        return Err(decoder.unexpected("after top-level value"));
    }
    Ok((value, decoder.range))
}

fn wrong_type(value: &Value, wanted: &str) -> JsonError {
    let found = match value {
        v if v.as_bool().is_some() => "bool",
        v if v.as_float().is_some() => "number",
        v if v.as_str().is_some() => "string",
        v if v.as_list().is_some() => "array",
        _ => "object",
    };
    JsonError::mismatch(type_error(found, &[], wanted))
}

struct Decoder<'a> {
    text: &'a [u8],
    at: usize,
    stack: Vec<Frame>,
    /// The first number that does not fit. Reading goes on: it becomes 0.
    range: Option<JsonError>,
    /// How deep values may nest.
    depth: usize,
}

/// A collection whose end has not been reached.
enum Frame {
    List(Vec<Value>),
    Map {
        entries: Vec<(Str, Value)>,
        key: Str,
    },
}

impl<'a> Decoder<'a> {
    fn new(text: &'a [u8]) -> Decoder<'a> {
        Decoder {
            text,
            at: 0,
            stack: Vec::new(),
            range: None,
            depth: size::depth(MAX_DEPTH),
        }
    }

    fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn unexpected(&self, place: &str) -> JsonError {
        JsonError::character(self.rest(), self.at, place)
    }

    /// Reads one value.
    fn value(&mut self) -> Result<Value, JsonError> {
        loop {
            self.skip_blanks();
            let mut value = match self.peek() {
                Some(b'{') => {
                    self.at += 1;
                    self.skip_blanks();
                    if self.peek() != Some(b'}') {
                        let key = self.key()?;
                        let entries = Vec::new();
                        self.open(Frame::Map { entries, key })?;
                        continue;
                    }
                    self.at += 1;
                    self.check_depth()?;
                    Map::new().into()
                }
                Some(b'[') => {
                    self.at += 1;
                    self.skip_blanks();
                    if self.peek() != Some(b']') {
                        self.open(Frame::List(Vec::new()))?;
                        continue;
                    }
                    self.at += 1;
                    self.check_depth()?;
                    Value::list(Vec::new())
                }
                Some(b'"') => self.string()?.into(),
                Some(b't') => self.literal(b"true", "true", Value::bool(true))?,
                Some(b'f') => self.literal(b"false", "false", Value::bool(false))?,
                Some(b'n') => self.literal(b"null", "null", Value::NIL)?,
                Some(b'-' | b'0'..=b'9') => self.number()?,
                _ => return Err(self.unexpected("looking for beginning of value")),
            };
            // Put the value where it belongs, and end what ends with it.
            loop {
                match self.stack.last_mut() {
                    None => return Ok(value),
                    Some(Frame::List(items)) => items.push(value),
                    Some(Frame::Map { entries, key }) => {
                        entries.push((std::mem::take(key), value));
                    }
                }
                self.skip_blanks();
                let in_map = matches!(self.stack.last(), Some(Frame::Map { .. }));
                match (self.peek(), in_map) {
                    (Some(b','), true) => {
                        self.at += 1;
                        self.skip_blanks();
                        let next = self.key()?;
                        if let Some(Frame::Map { key, .. }) = self.stack.last_mut() {
                            *key = next;
                        }
                        break;
                    }
                    (Some(b','), false) => {
                        self.at += 1;
                        break;
                    }
                    (Some(b'}'), true) | (Some(b']'), false) => self.at += 1,
                    (_, true) => return Err(self.unexpected("after object key:value pair")),
                    (_, false) => return Err(self.unexpected("after array element")),
                }
                value = match self.stack.pop() {
                    Some(Frame::List(items)) => Value::list(items),
                    // The last of equal keys stays.
                    Some(Frame::Map { entries, .. }) => entries.into_iter().collect::<Map>().into(),
                    None => Value::NIL,
                };
            }
        }
    }

    fn open(&mut self, frame: Frame) -> Result<(), JsonError> {
        self.check_depth()?;
        self.stack.push(frame);
        Ok(())
    }

    fn check_depth(&self) -> Result<(), JsonError> {
        if self.stack.len() >= self.depth {
            if self.depth < MAX_DEPTH {
                return Err(JsonError::mismatch(size::too_deep().to_string()));
            }
            return Err(JsonError::depth());
        }
        Ok(())
    }

    /// Reads a key and the colon after it.
    fn key(&mut self) -> Result<Str, JsonError> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("looking for beginning of object key string"));
        }
        let key = self.string()?;
        self.skip_blanks();
        if self.peek() != Some(b':') {
            return Err(self.unexpected("after object key"));
        }
        self.at += 1;
        Ok(key)
    }

    fn literal(&mut self, word: &[u8], name: &str, value: Value) -> Result<Value, JsonError> {
        for expected in word {
            if self.peek() != Some(*expected) {
                let expected = char::from(*expected);
                return Err(self.unexpected(&format!("in literal {name} (expecting '{expected}')")));
            }
            self.at += 1;
        }
        Ok(value)
    }

    fn number(&mut self) -> Result<Value, JsonError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        match parse_float(text, 64) {
            Ok(float) => Ok(Value::float(float)),
            Err(NumErrorKind::Range) => {
                if self.range.is_none() {
                    let found = format!("number {}", String::from_utf8_lossy(text));
                    let text = type_error(&found, &self.path(), "float64");
                    self.range = Some(JsonError::mismatch(text));
                }
                Ok(Value::float(0.0))
            }
            // The grammar above is that of a float.
            Err(_) => Ok(Value::float(0.0)),
        }
    }

    /// Reads one digit or more.
    fn digits(&mut self) -> Result<(), JsonError> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.unexpected("in numeric literal"));
        }
        Ok(())
    }

    /// Returns the way to the value being read.
    fn path(&self) -> Vec<Step> {
        let step = |frame: &Frame| match frame {
            Frame::List(items) => Step::Index(items.len()),
            Frame::Map { key, .. } => Step::Key(key.clone()),
        };
        self.stack.iter().map(step).collect()
    }

    fn string(&mut self) -> Result<Str, JsonError> {
        // Past the quote.
        self.at += 1;
        let start = self.at;
        let rest = self.rest();
        let plain = rest
            .iter()
            .position(|b| *b < 0x20 || matches!(b, b'"' | b'\\'))
            .unwrap_or(rest.len());
        self.at += plain;
        if self.peek() == Some(b'"') {
            let text = self.text.get(start..self.at).unwrap_or_default();
            self.at += 1;
            return Ok(valid(text));
        }
        let mut text = rest.get(..plain).unwrap_or_default().to_vec();
        loop {
            match self.peek() {
                None => return Err(JsonError::end()),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(valid(&text));
                }
                Some(b'\\') => self.escape(&mut text)?,
                Some(0..=0x1F) => return Err(self.unexpected("in string")),
                Some(byte) => {
                    text.push(byte);
                    self.at += 1;
                }
            }
        }
    }

    fn escape(&mut self, text: &mut Vec<u8>) -> Result<(), JsonError> {
        let rest = self.rest();
        text.push(match rest.get(1) {
            None => return Err(JsonError::end()),
            Some(b'u') => {
                let rune = self.unicode_escape()?;
                append_rune(text, rune);
                return Ok(());
            }
            Some(b'b') => 0x08,
            Some(b'f') => 0x0C,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(byte @ (b'"' | b'\\' | b'/')) => *byte,
            Some(_) => return Err(JsonError::escape(&rest[..2], self.at)),
        });
        self.at += 2;
        Ok(())
    }

    /// Reads `\uXXXX`, and a second one if both make one character.
    fn unicode_escape(&mut self) -> Result<char, JsonError> {
        let unit = self.code_unit()?;
        if !(0xD800..0xDC00).contains(&unit) || !self.rest().starts_with(b"\\u") {
            return Ok(char::from_u32(unit).unwrap_or('\u{FFFD}'));
        }
        let before = self.at;
        let low = self.code_unit()?;
        if !(0xDC00..0xE000).contains(&low) {
            // It stands for itself.
            self.at = before;
            return Ok('\u{FFFD}');
        }
        let code = 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        Ok(char::from_u32(code).unwrap_or('\u{FFFD}'))
    }

    fn code_unit(&mut self) -> Result<u32, JsonError> {
        let rest = self.rest();
        let sequence = rest.get(..6).unwrap_or(rest);
        let digits = sequence.get(2..).unwrap_or_default();
        let mut unit = 0;
        for digit in digits {
            match char::from(*digit).to_digit(16) {
                Some(digit) => unit = unit << 4 | digit,
                None => return Err(JsonError::escape(sequence, self.at)),
            }
        }
        if sequence.len() < 6 {
            return Err(JsonError::end());
        }
        self.at += 6;
        Ok(unit)
    }
}

/// Returns a text with U+FFFD for every byte that is not UTF-8.
fn valid(text: &[u8]) -> Str {
    if std::str::from_utf8(text).is_ok() {
        return Str::from(text);
    }
    let mut valid = Vec::with_capacity(text.len() + 8);
    for (_, rune, _) in runes(text) {
        append_rune(&mut valid, rune);
    }
    valid.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        decode(text.as_bytes()).expect_err(text).to_string()
    }

    #[test]
    fn errors_name_the_character_and_the_place() {
        assert_eq!(
            error(r#"{"a":1,}"#),
            "invalid character '}' looking for beginning of object key string"
        );
        assert_eq!(
            error("nope"),
            "invalid character 'o' in literal null (expecting 'u')"
        );
        assert_eq!(
            error(r#"["\u12"]"#),
            r#"invalid escape sequence `\u12"]` in string"#
        );
        assert_eq!(error("[1"), "unexpected end of JSON input");
    }

    #[test]
    fn a_number_out_of_range_leaves_zero() {
        let (map, error) = decode_map(br#"{"a":{"b/c":1e400}}"#);
        assert_eq!(
            error.map(|e| e.to_string()).as_deref(),
            Some(
                "json: cannot unmarshal number 1e400 into Go struct field .a.b~1c of type float64"
            )
        );
        assert_eq!(map.len(), 1);
    }

    #[test]
    fn a_prefix_tells_its_length() {
        let (_, used) = decode_prefix(b" {\"a\":1}c=2").expect("begins with a value");
        assert_eq!(used, 8);
    }

    #[test]
    fn depth_is_limited() {
        crate::limits::set_stack_levels(20_000);
        assert!(decode(&[b'['; 10_000]).is_err_and(|e| e.to_string().contains("end")));
        assert_eq!(decode(&[b'['; 10_001]).map(|_| ()), Err(JsonError::depth()));
    }
}
