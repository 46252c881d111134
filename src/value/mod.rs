//! The values that templates see: Go's kinds and Go's printed type names.
//!
//! Data enters from the codecs, from set expressions and from template
//! functions; it leaves as text ([`mod@print`]) or through the codecs. A [`Value`]
//! is small and cheap to clone. Maps are shared and changed in place: a clone of
//! a [`Map`] is a second name for the same map. A render that must not disturb
//! others works on a [`Value::deep_copy`].
//!
//! Go: the `reflect` view of `interface{}` that text/template works with.

mod ancestors;
mod compare;
mod copy;
mod entries;
mod gotype;
mod kind;
mod list;
mod map;
mod named_int;
mod number;
mod object;
pub mod print;
pub mod printf;
mod release;
mod signature;
mod str;
mod truth;

use std::sync::Arc;

pub use ancestors::Ancestors;
pub use compare::deep_equal;
pub use entries::{Entries, Iter as EntriesIter};
pub use gotype::ElemType;
pub use kind::Kind;
pub use list::{List, ListType};
pub use map::{Map, MapType};
pub use number::{IntType, UintType};
pub use object::{Object, ObjectRef};
pub use signature::{CallError, Method, ParamType, Signature};
pub use str::Str;

/// About how many bytes a map takes besides its entries: a node of the tree has room for eleven.
pub(crate) const MAP_BYTES: usize = 560;

/// About how many bytes an entry of a map takes, its key and value not counted.
pub(crate) const MAP_ENTRY: usize = 96;

/// One value of the template language.
///
/// # Examples
///
/// ```
/// use verta_render::value::{Kind, Value};
///
/// let replicas = Value::float(3.0);
/// assert_eq!(replicas.kind(), Kind::Float64);
/// assert_eq!(replicas.go_type(), "float64");
/// ```
#[derive(Clone, Default)]
pub struct Value(pub(crate) Repr);

/// What a [`Value`] is made of.
///
/// Crate-private, so that its form can change without a change of the interface.
#[derive(Clone, Default)]
pub(crate) enum Repr {
    /// Go's untyped nil: an empty interface.
    #[default]
    Nil,
    Bool(bool),
    /// Every signed integer type, the named ones (`time.Duration`, ...) too.
    Int(IntType, i64),
    /// Every unsigned integer type.
    Uint(UintType, u64),
    Float(f64),
    /// Go's complex128, boxed: it exists as a literal only.
    Complex(Arc<(f64, f64)>),
    Str(Str),
    /// `[]uint8`, what `.Files` holds.
    Bytes(Str),
    List(List),
    Map(Map),
    /// Structs and pointers to structs.
    Object(ObjectRef),
}

impl Value {
    /// Go's nil.
    pub const NIL: Value = Value(Repr::Nil);

    /// Returns a bool.
    pub const fn bool(b: bool) -> Value {
        Value(Repr::Bool(b))
    }

    /// Returns an `int`, the type of integer constants in templates.
    pub const fn int(n: i64) -> Value {
        Value(Repr::Int(IntType::Int, n))
    }

    /// Returns an `int64`, the type of integers given by `--set`.
    pub const fn int64(n: i64) -> Value {
        Value(Repr::Int(IntType::Int64, n))
    }

    /// Returns a signed integer of the given type.
    pub const fn signed(ty: IntType, n: i64) -> Value {
        Value(Repr::Int(ty, n))
    }

    /// Returns an unsigned integer of the given type.
    pub const fn unsigned(ty: UintType, n: u64) -> Value {
        Value(Repr::Uint(ty, n))
    }

    /// Returns a `float64`, the type of every number in a values file.
    pub const fn float(f: f64) -> Value {
        Value(Repr::Float(f))
    }

    /// Returns a `complex128`.
    pub fn complex(re: f64, im: f64) -> Value {
        Value(Repr::Complex(Arc::new((re, im))))
    }

    /// Returns a string made of the given bytes.
    pub fn string(text: impl Into<Str>) -> Value {
        Value(Repr::Str(text.into()))
    }

    /// Returns a `[]uint8`.
    pub fn bytes(data: impl Into<Str>) -> Value {
        Value(Repr::Bytes(data.into()))
    }

    /// Returns a `[]uint8` that is nil: what a map of such lists gives for a missing key.
    pub fn nil_bytes() -> Value {
        Value(Repr::Bytes(Str::nil_bytes()))
    }

    /// Reports whether this is a `[]uint8` that is nil.
    pub fn is_nil_bytes(&self) -> bool {
        matches!(&self.0, Repr::Bytes(data) if data.ptr_eq(&Str::nil_bytes()))
    }

    /// Returns a `[]interface {}`.
    pub fn list(items: Vec<Value>) -> Value {
        Value(Repr::List(List::new(&ListType::ANY, items)))
    }

    /// Returns a `[]string`.
    pub fn string_list<S: Into<Str>>(items: impl IntoIterator<Item = S>) -> Value {
        let items = items.into_iter().map(Value::string).collect();
        Value(Repr::List(List::new(&ListType::STRING, items)))
    }

    /// Returns a value for an object (a Go struct or a pointer to one).
    pub fn object(object: impl Object + 'static) -> Value {
        Value(Repr::Object(Arc::new(object)))
    }

    /// Returns the kind, as Go's `reflect.Kind`.
    pub fn kind(&self) -> Kind {
        match &self.0 {
            Repr::Nil => Kind::Invalid,
            Repr::Bool(_) => Kind::Bool,
            Repr::Int(ty, _) => ty.kind(),
            Repr::Uint(ty, _) => ty.kind(),
            Repr::Float(_) => Kind::Float64,
            Repr::Complex(_) => Kind::Complex128,
            Repr::Str(_) => Kind::String,
            Repr::Bytes(_) | Repr::List(_) => Kind::Slice,
            Repr::Map(_) => Kind::Map,
            Repr::Object(o) => o.kind(),
        }
    }

    /// Returns the type's name as Go's `%T` prints it, `<nil>` for nil.
    pub fn go_type(&self) -> &'static str {
        match &self.0 {
            Repr::Nil => "<nil>",
            Repr::Bool(_) => "bool",
            Repr::Int(ty, _) => ty.name(),
            Repr::Uint(ty, _) => ty.name(),
            Repr::Float(_) => "float64",
            Repr::Complex(_) => "complex128",
            Repr::Str(_) => "string",
            Repr::Bytes(_) => "[]uint8",
            Repr::List(l) => l.ty().name,
            Repr::Map(m) => m.ty().name,
            Repr::Object(o) => o.go_type(),
        }
    }

    /// Returns what templates can call on this value.
    pub fn methods(&self) -> &'static [Method] {
        match &self.0 {
            Repr::Map(map) => map.ty().methods,
            Repr::List(list) => list.ty().methods,
            Repr::Object(object) => object.methods(),
            Repr::Int(ty, _) => ty.methods(),
            _ => &[],
        }
    }

    /// Reports whether this is the untyped nil.
    pub fn is_nil(&self) -> bool {
        matches!(self.0, Repr::Nil)
    }

    /// Returns the bool, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.0 {
            Repr::Bool(b) => Some(b),
            _ => None,
        }
    }

    /// Returns the number, if it is of a signed integer type.
    pub fn as_signed(&self) -> Option<i64> {
        match self.0 {
            Repr::Int(_, n) => Some(n),
            _ => None,
        }
    }

    /// Returns the number, if it is of an unsigned integer type.
    pub fn as_unsigned(&self) -> Option<u64> {
        match self.0 {
            Repr::Uint(_, n) => Some(n),
            _ => None,
        }
    }

    /// Returns the number, if it is a float64.
    pub fn as_float(&self) -> Option<f64> {
        match self.0 {
            Repr::Float(f) => Some(f),
            _ => None,
        }
    }

    /// Returns the string, if it is one.
    pub fn as_str(&self) -> Option<&Str> {
        match &self.0 {
            Repr::Str(s) => Some(s),
            _ => None,
        }
    }

    /// Returns the bytes, if it is a `[]uint8`.
    pub fn as_byte_list(&self) -> Option<&Str> {
        match &self.0 {
            Repr::Bytes(s) => Some(s),
            _ => None,
        }
    }

    /// Returns the list, if it is one (not for `[]uint8`).
    pub fn as_list(&self) -> Option<&List> {
        match &self.0 {
            Repr::List(l) => Some(l),
            _ => None,
        }
    }

    /// Returns the map, if it is one of any type.
    pub fn as_map(&self) -> Option<&Map> {
        match &self.0 {
            Repr::Map(m) => Some(m),
            _ => None,
        }
    }

    /// Returns the map if its type is `map[string]interface {}` or
    /// `common.Values`, which Go lets stand for it.
    pub fn as_dict(&self) -> Option<&Map> {
        self.as_map().filter(|m| m.ty().is_dict)
    }

    /// Returns how many bytes were made with this value, if nobody else holds it: what it holds is not looked into.
    pub(crate) fn fresh_bytes(&self) -> usize {
        match &self.0 {
            Repr::Str(text) | Repr::Bytes(text) if text.is_unique() => text.len(),
            Repr::List(list) if list.is_unique() => list.len() * size_of::<Value>() * 2,
            Repr::Map(map) if map.is_unique() => MAP_BYTES + map.len() * MAP_ENTRY,
            _ => 0,
        }
    }

    /// Returns the object, if it is one.
    pub fn as_object(&self) -> Option<&ObjectRef> {
        match &self.0 {
            Repr::Object(o) => Some(o),
            _ => None,
        }
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Repr::Nil => f.write_str("nil"),
            Repr::Bool(b) => write!(f, "{b}"),
            Repr::Int(ty, n) => write!(f, "{}({n})", ty.name()),
            Repr::Uint(ty, n) => write!(f, "{}({n})", ty.name()),
            Repr::Float(n) => write!(f, "float64({n})"),
            Repr::Complex(c) => write!(f, "complex128({}, {})", c.0, c.1),
            Repr::Str(s) => write!(f, "{s:?}"),
            Repr::Bytes(s) => write!(f, "[]uint8({s:?})"),
            Repr::List(l) => f.debug_list().entries(l.items()).finish(),
            // Maps may hold themselves: only their size is shown.
            Repr::Map(m) => write!(f, "{}(len {})", m.ty().name, m.len()),
            Repr::Object(o) => f.write_str(o.go_type()),
        }
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Value {
        Value::bool(b)
    }
}

impl From<&str> for Value {
    fn from(s: &str) -> Value {
        Value::string(s)
    }
}

impl From<String> for Value {
    fn from(s: String) -> Value {
        Value::string(s)
    }
}

impl From<Vec<u8>> for Value {
    fn from(s: Vec<u8>) -> Value {
        Value::string(s)
    }
}

impl From<Str> for Value {
    fn from(s: Str) -> Value {
        Value(Repr::Str(s))
    }
}

impl From<f64> for Value {
    fn from(f: f64) -> Value {
        Value::float(f)
    }
}

impl From<Map> for Value {
    fn from(m: Map) -> Value {
        Value(Repr::Map(m))
    }
}

impl From<List> for Value {
    fn from(l: List) -> Value {
        Value(Repr::List(l))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_small() {
        assert_eq!(size_of::<Value>(), 24);
    }

    #[test]
    fn values_can_be_shared_between_threads() {
        fn check<T: Send + Sync>() {}
        check::<Value>();
    }
}
