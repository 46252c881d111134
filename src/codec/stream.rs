//! A stream of documents that may be YAML or JSON, as Kubernetes' clients read one.
//!
//! A text that begins with `{` is read as JSON, object after object, until that
//! fails; what is left is then read as YAML, and only if that fails too is the
//! error told, in the words of the first attempt. After two JSON objects there is
//! no way back to YAML.
//!
//! Go: `k8s.io/apimachinery/pkg/util/yaml` `YAMLOrJSONDecoder`.

use super::json;
use super::yaml::{self, Documents, Shape, Unknown, YamlError};
use crate::gostd::unicode::{decode_rune, is_space, trim_start_space};
use crate::value::Value;

/// How far the beginning of an object is looked for.
const WINDOW: usize = 4096;

/// How much of a line is read at once.
const BUFFER: usize = 4096;

/// The documents of a text, decoded as a Go type. After an error there are no more.
#[derive(Debug)]
pub struct Stream<'t> {
    shape: &'static Shape,
    state: State<'t>,
}

#[derive(Debug)]
enum State<'t> {
    Json {
        text: &'t [u8],
        /// How far the text is read.
        at: usize,
        /// How many objects were read.
        count: usize,
    },
    Yaml(Documents<'t>),
    Done,
}

/// Reads the documents of a text as a Go type; null stands for an empty one.
///
/// # Examples
///
/// ```
/// use verta_render::codec::stream;
/// use verta_render::codec::yaml::Shape;
///
/// let documents = stream::documents(b"{\"a\": 1}\n---\n- b\n", &Shape::Any);
/// let documents: Result<Vec<_>, _> = documents.collect();
/// assert_eq!(documents.unwrap().len(), 2);
/// ```
pub fn documents<'t>(text: &'t [u8], shape: &'static Shape) -> Stream<'t> {
    let window = text.get(..WINDOW).unwrap_or(text);
    let state = if trim_start_space(window).starts_with(b"{") {
        State::Json {
            text,
            at: 0,
            count: 0,
        }
    } else {
        State::Yaml(yaml::documents(without_lost_line(text)))
    };
    Stream { shape, state }
}

impl Iterator for Stream<'_> {
    type Item = Result<Value, String>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut first_error = None;
        if let State::Json { text, at, count } = &mut self.state {
            let rest = text.get(*at..).unwrap_or_default();
            match read_object(rest, self.shape) {
                Ok((value, length)) => {
                    *at += length;
                    *count += 1;
                    return Some(Ok(value));
                }
                Err(JsonFailure::NoMore) => {
                    self.state = State::Done;
                    return None;
                }
                Err(JsonFailure::Wrong { text, offset }) => {
                    if *count > 1 {
                        self.state = State::Done;
                        return Some(Err(text));
                    }
                    first_error = Some(match offset {
                        Some(offset) => format!("json: offset {}: {text}", *at + offset),
                        None => text,
                    });
                }
            }
            self.state = match after_blanks(rest) {
                Some(rest) => State::Yaml(yaml::documents(without_lost_line(rest))),
                None => State::Done,
            };
        }
        let State::Yaml(documents) = &mut self.state else {
            return first_error.map(Err);
        };
        let document = documents.next()?;
        let value = document.and_then(|document| yaml::decode_as(&document, self.shape));
        Some(value.map_err(|error| {
            self.state = State::Done;
            first_error.unwrap_or_else(|| yaml_text(&error))
        }))
    }
}

fn yaml_text(error: &YamlError) -> String {
    if error.is_separator() {
        error.reason().to_owned()
    } else {
        error.to_string()
    }
}

enum JsonFailure {
    /// There is nothing but blanks.
    NoMore,
    /// There is something else.
    Wrong { text: String, offset: Option<usize> },
}

/// Reads the object that a text begins with; returns how many bytes it takes.
fn read_object(text: &[u8], shape: &'static Shape) -> Result<(Value, usize), JsonFailure> {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    if text.iter().all(is_blank) {
        return Err(JsonFailure::NoMore);
    }
    let (value, length) = json::decode_prefix(text).map_err(|error| JsonFailure::Wrong {
        offset: error.offset(),
        text: match error.is_end() {
            // A stream may yet go on, so it is not the input that ends.
            true => "unexpected EOF".to_owned(),
            false => error.to_string(),
        },
    })?;
    let value = yaml::conform(value, shape, Unknown::Dropped);
    let value = value.map_err(|error| JsonFailure::Wrong {
        text: error.reason().to_owned(),
        offset: None,
    })?;
    Ok((value, length))
}

/// Passes over white space up to the end of a line; `None` if there is nothing else.
fn after_blanks(mut text: &[u8]) -> Option<&[u8]> {
    loop {
        let (rune, size) = decode_rune(text);
        if size == 0 || rune == '\u{FFFD}' {
            return None;
        }
        if !is_space(rune) {
            return Some(text);
        }
        text = text.get(size..)?;
        if rune == '\n' {
            return Some(text);
        }
    }
}

/// Takes off the last line where Kubernetes' reader loses it: it has no line end, and
/// fills the buffer to the last byte, once or several times.
fn without_lost_line(text: &[u8]) -> &[u8] {
    let start = text
        .iter()
        .rposition(|b| *b == b'\n')
        .map_or(0, |at| at + 1);
    let (before, mut line) = text.split_at(start);
    // What begins like a separator is looked at before it is lost.
    if line.len() < BUFFER || line.starts_with(b"---") {
        return text;
    }
    while let Some(full) = line.get(..BUFFER) {
        // A carriage return may belong to a line end, and waits for the next piece.
        let piece = BUFFER - usize::from(full.ends_with(b"\r"));
        line = line.get(piece..).unwrap_or_default();
    }
    if line.is_empty() { before } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::yaml::Struct;
    use crate::value::Map;

    static NAME: Shape = Shape::Struct(&Struct {
        name: "t.Named",
        fields: &[("name", Shape::String)],
    });

    fn read(text: &str) -> Vec<String> {
        documents(text.as_bytes(), &NAME)
            .map(|document| match document {
                Ok(value) => match value.as_map() {
                    Some(map) => map.index(b"name").as_str().map(|s| s.to_lossy().into()),
                    None => None,
                }
                .unwrap_or_else(|| "-".to_owned()),
                Err(text) => text,
            })
            .collect()
    }

    #[test]
    fn json_gives_way_to_yaml() {
        assert_eq!(read("{\"name\": \"a\"}\n---\nname: b\n"), ["a", "b"]);
        assert_eq!(read(" {name: a}"), ["a"]);
        assert_eq!(read("{\"name\": 5}"), ["5"]);
        assert_eq!(read("# a\n---\n---\nname: a"), ["-", "a"]);
        assert_eq!(read("{\"name\": \"a\"} \n "), ["a"]);
    }

    #[test]
    fn the_first_attempt_words_the_error() {
        assert_eq!(
            read("{ name: [ }"),
            ["json: offset 3: invalid character 'n' looking for beginning of object key string"]
        );
        assert_eq!(read("{\"name\": \"a\""), ["unexpected EOF"]);
        assert_eq!(
            read("{\"name\":\"a\"} x: ["),
            [
                "a",
                "json: offset 14: invalid character 'x' looking for beginning of value"
            ]
        );
        let two = "{\"name\":\"a\"}{\"name\":\"b\"}";
        assert_eq!(
            read(&format!("{two} name: c")),
            [
                "a",
                "b",
                "invalid character 'a' in literal null (expecting 'u')"
            ]
        );
    }

    #[test]
    fn a_last_line_that_fills_the_buffer_is_lost() {
        let text = |length| format!("name: a\nx: {}", "y".repeat(length - 3));
        let read = |text: &str| documents(text.as_bytes(), &Shape::Any).next();
        let size = |length| {
            let document = read(&text(length)).and_then(Result::ok);
            document.and_then(|document| document.as_map().map(Map::len))
        };
        assert_eq!(size(BUFFER), Some(1));
        assert_eq!(size(2 * BUFFER), Some(1));
        assert_eq!(size(BUFFER + 1), Some(2));
        let whole = text(BUFFER) + "\n";
        let document = read(&whole).and_then(Result::ok);
        assert_eq!(document.and_then(|d| d.as_map().map(Map::len)), Some(2));
    }

    #[test]
    fn a_wrong_separator_ends_the_stream() {
        assert_eq!(
            read("name: a\n---\nname: b\n--- c\nname: d"),
            ["a", "invalid Yaml document separator: c"]
        );
    }
}
