//! The head of a manifest: what helm itself reads of it.
//!
//! Go: encoding/json into a struct, after YAML has become JSON; helm:
//! pkg/release/v1/util `SimpleHead`.

use std::collections::BTreeMap;

use crate::codec::yaml::{Shape, Struct, decode_wanted};
use crate::gostd::unicode::equal_fold;
use crate::value::{Kind, Map, Str, Value};

/// apiVersion, kind, and the parts of metadata that decide how helm treats it.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Head {
    /// `apiVersion`, empty where there is none.
    pub api_version: Str,
    /// `kind`, empty where there is none.
    pub kind: Str,
    /// `metadata.name`, empty where there is none.
    pub name: Str,
    /// `metadata.annotations`.
    pub annotations: BTreeMap<Str, Str>,
}

/// What is read of a document: the rest is parsed, and no value made of it.
static HEAD: Shape = Shape::Struct(&Struct {
    name: "util.SimpleHead",
    fields: &[
        ("apiVersion", Shape::String),
        ("kind", Shape::String),
        ("metadata", METADATA),
    ],
});

const METADATA: Shape = Shape::Struct(&Struct {
    name: "",
    fields: &[
        ("name", Shape::String),
        (
            "annotations",
            Shape::Map("map[string]string", &Shape::String),
        ),
    ],
});

/// How error texts name the type of `metadata`.
const METADATA_TYPE: &str = r#"struct { Name string "json:\"name\""; Annotations map[string]string "json:\"annotations\"" }"#;

impl Head {
    /// Reads the head of a manifest. Keys match in any case; numbers and booleans
    /// are texts where texts are expected.
    ///
    /// # Errors
    ///
    /// Returns helm's text, from `error converting YAML to JSON: ` or `error
    /// unmarshaling JSON: ` on; the latter for the first value of the wrong kind in
    /// the order of the keys.
    pub fn read(manifest: &[u8]) -> Result<Head, String> {
        let document = decode_wanted(manifest, &HEAD).map_err(|error| error.to_string())?;
        let mut head = Head::default();
        if document.is_nil() {
            return Ok(head);
        }
        let Some(map) = document.as_map() else {
            let kind = json_kind(&document);
            return Err(failure(&format!(
                "{kind} into Go value of type util.SimpleHead"
            )));
        };
        for (key, value) in map.snapshot().iter() {
            let path = Path { parent: None, key };
            if equal_fold(key, b"apiVersion") {
                set_text(&mut head.api_version, value, &path)?;
            } else if equal_fold(key, b"kind") {
                set_text(&mut head.kind, value, &path)?;
            } else if equal_fold(key, b"metadata") {
                match value.as_map() {
                    Some(metadata) => head.read_metadata(metadata, &path)?,
                    None if value.is_nil() => {
                        head.name = Str::default();
                        head.annotations.clear();
                    }
                    None => return Err(path.mismatch(value, METADATA_TYPE)),
                }
            }
        }
        Ok(head)
    }

    fn read_metadata(&mut self, metadata: &Map, parent: &Path<'_>) -> Result<(), String> {
        for (key, value) in metadata.snapshot().iter() {
            let parent = Some(parent);
            let path = Path { parent, key };
            if equal_fold(key, b"name") {
                set_text(&mut self.name, value, &path)?;
            } else if equal_fold(key, b"annotations") {
                match value.as_map() {
                    Some(annotations) => self.read_annotations(annotations, &path)?,
                    None if value.is_nil() => self.annotations.clear(),
                    None => return Err(path.mismatch(value, "map[string]string")),
                }
            }
        }
        Ok(())
    }

    fn read_annotations(&mut self, annotations: &Map, parent: &Path<'_>) -> Result<(), String> {
        for (key, value) in annotations.snapshot().iter() {
            let parent = Some(parent);
            let mut text = Str::default();
            set_text(&mut text, value, &Path { parent, key })?;
            self.annotations.insert(key.clone(), text);
        }
        Ok(())
    }
}

/// Where in the document a value stands, for error texts.
struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    key: &'a Str,
}

impl Path<'_> {
    fn mismatch(&self, value: &Value, wanted: &str) -> String {
        let mut path = String::new();
        self.append_to(&mut path);
        let kind = json_kind(value);
        failure(&format!(
            "{kind} into Go struct field {path} of type {wanted}"
        ))
    }

    fn append_to(&self, path: &mut String) {
        if let Some(parent) = self.parent {
            parent.append_to(path);
        }
        path.push('.');
        // A step is written as in a JSON pointer.
        path.push_str(&self.key.to_lossy().replace('~', "~0").replace('/', "~1"));
    }
}

fn failure(what: &str) -> String {
    format!("error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {what}")
}

/// How encoding/json calls what a value would be in JSON.
fn json_kind(value: &Value) -> &'static str {
    match value.kind() {
        Kind::Invalid => "null",
        Kind::Bool => "bool",
        Kind::String => "string",
        Kind::Slice => "array",
        Kind::Map | Kind::Struct | Kind::Ptr => "object",
        _ => "number",
    }
}

/// Stores a value where a text is expected; null leaves it as it is.
fn set_text(field: &mut Str, value: &Value, path: &Path<'_>) -> Result<(), String> {
    match value.as_str() {
        Some(text) => *field = text.clone(),
        None if value.is_nil() => {}
        None => return Err(path.mismatch(value, "string")),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_match_in_any_case() {
        let head = Head::read(b"Kind: Pod\nAPIVERSION: v1\nspec: [1]\n").unwrap();
        assert_eq!((&*head.kind, &*head.api_version), (&b"Pod"[..], &b"v1"[..]));
    }

    #[test]
    fn scalars_become_text() {
        let head = Head::read(b"metadata: {annotations: {a: 5, b: yes, c: null}}").unwrap();
        let texts: Vec<&[u8]> = head.annotations.values().map(|v| &**v).collect();
        assert_eq!(texts, [&b"5"[..], b"true", b""]);
    }

    #[test]
    fn a_wrong_kind_is_named_with_its_place() {
        assert_eq!(
            Head::read(b"metadata: {Annotations: {a/b~c: []}}").unwrap_err(),
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array \
             into Go struct field .metadata.Annotations.a~1b~0c of type string"
        );
        assert_eq!(
            Head::read(b"- a").unwrap_err(),
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array \
             into Go value of type util.SimpleHead"
        );
        assert_eq!(
            Head::read(b"metadata: 5").unwrap_err(),
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number \
             into Go struct field .metadata of type struct { Name string \"json:\\\"name\\\"\"; \
             Annotations map[string]string \"json:\\\"annotations\\\"\" }"
        );
    }

    #[test]
    fn nothing_is_an_empty_head() {
        assert_eq!(Head::read(b"# only a comment\n").unwrap(), Head::default());
    }
}
