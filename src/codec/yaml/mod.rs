//! YAML, exactly as helm reads and prints it.
//!
//! Reading goes `bytes -> source -> scan (tokens) -> parse (tape of nodes) -> compose (values)`; of the common form,
//! `bytes -> source -> quick (values)`. helm reads
//! YAML 1.1 with go-yaml v2 and takes the result through JSON: keys become strings
//! and every number a float64. Begin with [`decode`].
//!
//! Writing goes `value -> emit -> style and scalar_text`, see [`encode`] (`toYaml`) and
//! [`encode_pretty`] (`toYamlPretty`).
//!
//! Go: `sigs.k8s.io/yaml`, `go.yaml.in/yaml/v2`.

mod budget;
mod compose;
mod documents;
mod duplicate;
mod emit;
mod error;
mod gosyntax;
mod harmless;
mod keyorder;
mod parse;
mod quick;
mod resolve;
mod scalar_text;
mod scan;
mod scan_scalar;
mod scan_tag;
mod shape;
mod source;
mod style;
mod token;

pub use compose::{Children, Origin};
pub use documents::{Documents, ValuesError, decode_values, documents};
pub use emit::{encode, encode_pretty};
pub use error::YamlError;
pub(super) use shape::conform;
pub use shape::{Shape, Struct, Unknown};

use crate::value::{Map, Value};
use source::Source;

/// Decodes the first document of a text. A text without a document is nil.
///
/// # Errors
///
/// Where the text is no YAML or holds what JSON cannot. The error displays as
/// `error converting YAML to JSON: yaml: line 2: ...`; callers prefix what they
/// were doing.
///
/// # Examples
///
/// ```
/// use verta_render::codec::yaml;
///
/// let value = yaml::decode(b"replicas: 0x10\non: yes\n").unwrap();
/// let map = value.as_map().unwrap();
/// assert_eq!(map.get(b"replicas").unwrap().as_float(), Some(16.0));
/// assert_eq!(map.get(b"true").unwrap().as_bool(), Some(true));
/// ```
pub fn decode(text: &[u8]) -> Result<Value, YamlError> {
    parse::read(text, &Shape::Any)
}

/// Decodes the first document of a text into a map; an empty or null document is
/// an empty map.
///
/// # Errors
///
/// As [`decode`], and `error unmarshaling JSON: while decoding JSON: json: cannot
/// unmarshal array into Go value of type map[string]interface {}`.
pub fn decode_map(text: &[u8]) -> Result<Map, YamlError> {
    let value = decode(text)?;
    match value.as_map() {
        Some(map) => Ok(map.clone()),
        None if value.is_nil() => Ok(Map::new()),
        None => Err(wrong_type(&value, "map[string]interface {}")),
    }
}

/// Decodes the first document of a text into a list; an empty or null document is
/// nil.
///
/// # Errors
///
/// As [`decode`], and where the document is no list.
pub fn decode_list(text: &[u8]) -> Result<Value, YamlError> {
    let value = decode(text)?;
    if value.is_nil() || value.as_list().is_some() {
        return Ok(value);
    }
    Err(wrong_type(&value, "[]interface {}"))
}

/// Decodes the first document of a text as a Go type: what the type does not want
/// is left out, and numbers are texts where it wants strings.
///
/// Fields have the names that the type gives them; those that are null are left out.
///
/// # Errors
///
/// As [`decode`], and `json: cannot unmarshal number into Go struct field ...`
/// where a value is of another type.
pub fn decode_as(text: &[u8], shape: &'static Shape) -> Result<Value, YamlError> {
    let value = parse::read(text, shape)?;
    shape::conform(value, shape, Unknown::Dropped)
}

/// As [`decode_as`], where a key may stand but once in a mapping, and only fields
/// that the type has.
///
/// # Errors
///
/// As [`decode_as`], and `error converting YAML to JSON: yaml: unmarshal errors:`
/// with a line for each repeated key, or `json: unknown field "x"`.
pub fn decode_strict_as(text: &[u8], shape: &'static Shape) -> Result<Value, YamlError> {
    let source = Source::new(text);
    let tape = parse::parse(&source)?;
    // What go-yaml refuses outright is told before what is repeated.
    let value = compose::compose(&tape, shape);
    if value.is_ok() {
        duplicate::refuse(&tape)?;
    }
    shape::conform(value?, shape, Unknown::Refused)
}

/// Checks that a key stands but once in each mapping of the first document.
///
/// # Errors
///
/// As [`decode`], and `yaml: unmarshal errors:` with a line for each repeated key.
pub fn check_no_duplicates(text: &[u8]) -> Result<(), YamlError> {
    duplicate::refuse(&parse::parse(&Source::new(text))?)
}

/// Decodes the first document of a text as far as a Go type wants it: what it does
/// not want is nil, and numbers are texts where it wants strings. Nothing is checked;
/// keys are as written.
///
/// # Errors
///
/// As [`decode`].
pub fn decode_wanted(text: &[u8], shape: &'static Shape) -> Result<Value, YamlError> {
    parse::read(text, shape)
}

/// Returns the number of nodes of the first document of a text, of which nothing else is made.
///
/// # Errors
///
/// Where the text is no YAML.
pub fn count_nodes(text: &[u8]) -> Result<usize, YamlError> {
    Ok(parse::parse(&Source::new(text))?.len())
}

/// Decodes the first document of a text and tells where each value stands.
///
/// # Errors
///
/// As [`decode`].
pub fn decode_with_origins(text: &[u8]) -> Result<(Value, Origin), YamlError> {
    compose::compose_with_origins(&parse::parse(&Source::new(text))?)
}

fn wrong_type(value: &Value, wanted: &str) -> YamlError {
    let found = shape::json_kind(value);
    YamlError::unmarshal(format!(
        "json: cannot unmarshal {found} into Go value of type {wanted}"
    ))
}
