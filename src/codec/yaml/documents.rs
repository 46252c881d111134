//! Cutting a stream into documents, and whole values files.
//!
//! Go: `YAMLReader` of `k8s.io/apimachinery`; helm: `LoadValues` and `MergeMaps`.

use std::borrow::Cow;

use super::{YamlError, decode_map};
use crate::gostd::unicode::trim_space;
use crate::value::{Map, Value};

const SEPARATOR: &[u8] = b"---";

/// The documents of a stream, cut at the lines that begin with `---`, wherever they
/// stand.
///
/// Every line of a document ends in one `\n` afterwards. A separator that has no
/// content before it stays part of the document it begins. A separator followed by
/// anything but blanks or a comment (`--- a: 1`, `----`) is an error, and the end.
#[derive(Clone, Debug)]
pub struct Documents<'t> {
    rest: &'t [u8],
    /// Whether there is nothing to cut and nothing to change.
    is_plain: bool,
}

/// Cuts a stream into documents.
///
/// # Examples
///
/// ```
/// use verta_render::codec::yaml;
///
/// let documents: Result<Vec<_>, _> = yaml::documents(b"a: 1\n---\nb: 2\n").collect();
/// assert_eq!(documents.unwrap(), [&b"a: 1\n"[..], b"b: 2\n"]);
/// ```
pub fn documents(text: &[u8]) -> Documents<'_> {
    Documents {
        rest: text,
        is_plain: !has_separator(text) && memchr::memchr(b'\r', text).is_none(),
    }
}

impl<'t> Iterator for Documents<'t> {
    type Item = Result<Cow<'t, [u8]>, YamlError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_plain {
            let text = std::mem::take(&mut self.rest);
            return match text.last() {
                None => None,
                Some(b'\n') => Some(Ok(Cow::Borrowed(text))),
                Some(_) => Some(Ok(Cow::Owned([text, b"\n"].concat()))),
            };
        }
        let mut document: Vec<u8> = Vec::new();
        while !self.rest.is_empty() {
            let end = self.rest.iter().position(|b| *b == b'\n');
            let (line, rest) = match end {
                Some(end) => (&self.rest[..end], &self.rest[end + 1..]),
                None => (self.rest, &self.rest[self.rest.len()..]),
            };
            self.rest = rest;
            let line = match (end, line.strip_suffix(b"\r")) {
                (Some(_), Some(line)) => line,
                _ => line,
            };
            if let Some(rest) = line.strip_prefix(SEPARATOR) {
                let rest = trim_space(rest);
                if rest.first().is_some_and(|b| *b != b'#') {
                    self.rest = &[];
                    return Some(Err(YamlError::read(format!(
                        "invalid Yaml document separator: {}",
                        String::from_utf8_lossy(rest)
                    ))));
                }
                if !document.is_empty() {
                    return Some(Ok(Cow::Owned(document)));
                }
            }
            document.extend_from_slice(line);
            document.push(b'\n');
        }
        (!document.is_empty()).then_some(Ok(Cow::Owned(document)))
    }
}

fn has_separator(text: &[u8]) -> bool {
    text.starts_with(SEPARATOR) || memchr::memmem::find(text, b"\n---").is_some()
}

/// Decodes a whole values file: every document must be a map (or nothing), and
/// later documents are merged over earlier ones.
///
/// # Errors
///
/// Where a document cannot be cut out or decoded. The text says all that helm
/// says after the name of the file: `cannot unmarshal yaml document: error ...`.
pub fn decode_values(text: &[u8]) -> Result<Map, ValuesError> {
    let mut merged: Option<Map> = None;
    for document in documents(text) {
        let map = document.and_then(|document| decode_map(&document));
        let map = map.map_err(ValuesError)?;
        match &merged {
            None => merged = Some(map),
            Some(below) => merge(below, &map),
        }
    }
    Ok(merged.unwrap_or_default())
}

/// Puts the entries of `above` over those of `below`, map into map.
fn merge(below: &Map, above: &Map) {
    for (key, value) in above.snapshot().iter() {
        if let Some(upper) = value.as_map()
            && let Some(old) = below.get(key)
            && let Some(lower) = old.as_map()
        {
            merge(lower, upper);
            continue;
        }
        below.insert(key, Value::clone(value));
    }
}

/// The reason a values file could not be decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValuesError(pub YamlError);

impl std::fmt::Display for ValuesError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if !self.0.is_separator() {
            f.write_str("cannot unmarshal yaml document: ")?;
        }
        self.0.fmt(f)
    }
}

impl std::error::Error for ValuesError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<String> {
        documents(text.as_bytes())
            .map(|d| String::from_utf8_lossy(&d.expect("separators are right")).into_owned())
            .collect()
    }

    #[test]
    fn a_separator_with_nothing_before_it_stays() {
        assert_eq!(cut("---\na: 1\n---\nb: 1"), ["---\na: 1\n", "b: 1\n"]);
        assert_eq!(cut("a: 1\r\n--- # x\r\nb: 1"), ["a: 1\n", "b: 1\n"]);
        assert!(cut("").is_empty());
    }

    #[test]
    fn text_after_a_separator_is_refused() {
        let mut documents = documents(b"a: 1\n---\nb: 1\n--- b: 2\n");
        assert!(documents.next().is_some_and(|d| d.is_ok()));
        let error = documents.next().and_then(Result::err);
        let error = error.expect("text after separator");
        assert!(documents.next().is_none());
        assert_eq!(
            error.to_string(),
            "error reading yaml document: invalid Yaml document separator: b: 2"
        );
    }
}
