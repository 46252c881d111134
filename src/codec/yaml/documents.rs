//! Cutting a stream into documents, and whole values files.
//!
//! Go: `YAMLReader` of `k8s.io/apimachinery`; helm: `LoadValues` and `MergeMaps`.

use std::borrow::Cow;

use super::{YamlError, decode_map};
use crate::gostd::unicode::trim_space;
use crate::value::{Map, Value};

const SEPARATOR: &[u8] = b"---";

/// Cuts a stream at the lines that begin with `---`, wherever they stand.
///
/// Every line of a document ends in one `\n` afterwards. A separator that has no
/// content before it stays part of the document it begins.
///
/// # Errors
///
/// A separator followed by anything but blanks or a comment: `--- a: 1`, `----`.
pub fn documents(text: &[u8]) -> Result<Vec<Cow<'_, [u8]>>, YamlError> {
    if !has_separator(text) && !text.contains(&b'\r') {
        return Ok(match text.last() {
            None => Vec::new(),
            Some(b'\n') => vec![Cow::Borrowed(text)],
            Some(_) => vec![Cow::Owned([text, b"\n"].concat())],
        });
    }
    let mut documents = Vec::new();
    let mut current: Vec<u8> = Vec::new();
    for line in text.split_inclusive(|b| *b == b'\n') {
        let line = line
            .strip_suffix(b"\r\n")
            .or_else(|| line.strip_suffix(b"\n"))
            .unwrap_or(line);
        if let Some(rest) = line.strip_prefix(SEPARATOR) {
            let rest = trim_space(rest);
            if rest.first().is_some_and(|b| *b != b'#') {
                return Err(YamlError::read(format!(
                    "invalid Yaml document separator: {}",
                    String::from_utf8_lossy(rest)
                )));
            }
            if !current.is_empty() {
                documents.push(Cow::Owned(std::mem::take(&mut current)));
                continue;
            }
        }
        current.extend_from_slice(line);
        current.push(b'\n');
    }
    if !current.is_empty() {
        documents.push(Cow::Owned(current));
    }
    Ok(documents)
}

fn has_separator(text: &[u8]) -> bool {
    text.starts_with(SEPARATOR) || text.windows(4).any(|w| w == b"\n---")
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
    for document in documents(text).map_err(ValuesError)? {
        let map = decode_map(&document).map_err(ValuesError)?;
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
        let parts = documents(text.as_bytes()).expect("separators are right");
        parts
            .iter()
            .map(|d| String::from_utf8_lossy(d).into_owned())
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
        let error = documents(b"a: 1\n--- b: 2\n").expect_err("text after separator");
        assert_eq!(
            error.to_string(),
            "error reading yaml document: invalid Yaml document separator: b: 2"
        );
    }
}
