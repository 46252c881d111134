//! The Go type a document is decoded into, as far as it changes what is read.
//!
//! `sigs.k8s.io/yaml` looks at the target: where a Go string is wanted, a number or
//! a bool becomes text (`appVersion: 1.10` is "1.1"). `encoding/json` then finds
//! fields by name, in any case if need be, and refuses what is of another type.

use super::YamlError;
use crate::codec::json::{Step, type_error};
use crate::gostd::strconv::quote;
use crate::gostd::unicode::equal_fold;
use crate::value::{Kind, Map, Value};

/// A Go type, for [`decode_as`](super::decode_as).
#[derive(Debug)]
pub enum Shape {
    /// `interface {}`.
    Any,
    /// Not read at all: what no field wants.
    Skip,
    /// `string`.
    String,
    /// `bool`.
    Bool,
    /// `[]T` and its name.
    List(&'static str, &'static Shape),
    /// `map[string]T` and its name.
    Map(&'static str, &'static Shape),
    /// A struct, or a pointer to one.
    Struct(&'static Struct),
}

/// A Go struct.
#[derive(Debug)]
pub struct Struct {
    /// The type as error texts show it: `util.SimpleHead`.
    pub name: &'static str,
    /// The fields by their JSON names.
    pub fields: &'static [(&'static str, Shape)],
}

impl Shape {
    /// Returns the shape of an element of a list.
    pub(super) fn element(&'static self) -> &'static Shape {
        match self {
            Shape::Any => self,
            Shape::List(_, element) => element,
            _ => &Shape::Skip,
        }
    }

    /// Returns the shape of the value under a key.
    pub(super) fn member(&'static self, key: &[u8]) -> &'static Shape {
        match self {
            Shape::Any => self,
            Shape::Map(_, element) => element,
            Shape::Struct(s) => s.field(key).map_or(&Shape::Skip, |(_, shape)| shape),
            _ => &Shape::Skip,
        }
    }

    pub(super) fn is_string(&self) -> bool {
        matches!(self, Shape::String)
    }

    pub(super) fn is_skipped(&self) -> bool {
        matches!(self, Shape::Skip)
    }

    fn go_type(&self) -> &'static str {
        match self {
            Shape::Any | Shape::Skip => "interface {}",
            Shape::String => "string",
            Shape::Bool => "bool",
            Shape::List(name, _) | Shape::Map(name, _) => name,
            Shape::Struct(s) => s.name,
        }
    }
}

impl Struct {
    /// Returns the field of that name, else one that differs in case only.
    fn field(&'static self, key: &[u8]) -> Option<&'static (&'static str, Shape)> {
        let exact = self.fields.iter().find(|(n, _)| n.as_bytes() == key);
        exact.or_else(|| {
            let mut fields = self.fields.iter();
            fields.find(|(n, _)| equal_fold(n.as_bytes(), key))
        })
    }
}

/// What becomes of members of an object that its struct has no field for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unknown {
    /// They are left out.
    Dropped,
    /// They are an error.
    Refused,
}

/// Checks that a value is of a type, and gives structs their proper field names;
/// what no field wants is left out, and so is null.
///
/// The first wrong value in the order of keys is the error, as `encoding/json`
/// reads JSON with sorted keys.
pub(in crate::codec) fn conform(
    value: Value,
    shape: &'static Shape,
    unknown: Unknown,
) -> Result<Value, YamlError> {
    let mut check = Check {
        unknown,
        path: Vec::new(),
        wrong: None,
    };
    let value = check.conform(value, shape);
    check.wrong.map_or(Ok(value), Err)
}

struct Check {
    unknown: Unknown,
    path: Vec<Step>,
    wrong: Option<YamlError>,
}

impl Check {
    fn conform(&mut self, value: Value, shape: &'static Shape) -> Value {
        if value.is_nil() {
            return Value::NIL;
        }
        match shape {
            Shape::Any => return value,
            Shape::Skip => return Value::NIL,
            Shape::String if value.kind() == Kind::String => return value,
            Shape::Bool if value.kind() == Kind::Bool => return value,
            Shape::List(_, element) => {
                if let Some(list) = value.as_list() {
                    let items = list.items().iter().enumerate().map(|(i, v)| {
                        self.path.push(Step::Index(i));
                        let v = self.conform(v.clone(), element);
                        self.path.pop();
                        or_zero(v, element)
                    });
                    return Value::list(items.collect());
                }
            }
            Shape::Map(_, element) => {
                if let Some(map) = value.as_map() {
                    let entries = map.snapshot();
                    let entries = entries.iter().map(|(k, v)| {
                        self.path.push(Step::Key(k.clone()));
                        let v = self.conform(v.clone(), element);
                        self.path.pop();
                        (k.clone(), or_zero(v, element))
                    });
                    return entries.collect::<Map>().into();
                }
            }
            Shape::Struct(s) => {
                if let Some(map) = value.as_map() {
                    let conformed = Map::new();
                    for (key, v) in map.snapshot().iter() {
                        if let Some((name, shape)) = s.field(key) {
                            self.path.push(Step::Key(key.clone()));
                            let v = self.conform(v.clone(), shape);
                            self.path.pop();
                            if !v.is_nil() {
                                conformed.insert(*name, v);
                            }
                        } else if self.unknown == Unknown::Refused && self.wrong.is_none() {
                            let key = quote(key);
                            let text = format!("json: unknown field {key}");
                            self.wrong = Some(YamlError::unmarshal(text));
                        }
                    }
                    return conformed.into();
                }
            }
            Shape::String | Shape::Bool => {}
        }
        if self.wrong.is_none() {
            let text = type_error(json_kind(&value), &self.path, shape.go_type());
            self.wrong = Some(YamlError::unmarshal(text));
        }
        Value::NIL
    }
}

/// A null element is the zero value of its type.
fn or_zero(value: Value, shape: &Shape) -> Value {
    match shape {
        Shape::String if value.is_nil() => Value::string(""),
        Shape::Bool if value.is_nil() => Value::bool(false),
        _ => value,
    }
}

/// The name that encoding/json gives to what it found.
pub(super) fn json_kind(value: &Value) -> &'static str {
    match value.kind() {
        Kind::Bool => "bool",
        Kind::Float64 => "number",
        Kind::String => "string",
        Kind::Slice => "array",
        Kind::Map => "object",
        _ => "null",
    }
}
