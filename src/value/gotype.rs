//! Element types of lists and maps.

use super::{List, ListType, Map, MapType, Str, Value};

/// The type of a list's elements or of a map's values.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ElemType {
    /// `interface {}`: anything, nil included.
    Any,
    /// `string`.
    String,
    /// `int`.
    Int,
    /// `[]uint8`.
    Bytes,
    /// `[]interface {}`.
    List,
    /// `map[string]interface {}`.
    Map,
}

impl ElemType {
    /// Returns the type's name as `%T` prints it.
    pub const fn name(self) -> &'static str {
        match self {
            ElemType::Any => "interface {}",
            ElemType::String => "string",
            ElemType::Int => "int",
            ElemType::Bytes => "[]uint8",
            ElemType::List => "[]interface {}",
            ElemType::Map => "map[string]interface {}",
        }
    }

    /// Returns the zero value: what a missing key of a map reads as.
    pub fn zero(self) -> Value {
        match self {
            ElemType::Any => Value::NIL,
            ElemType::String => Value::string(Str::default()),
            ElemType::Int => Value::int(0),
            ElemType::Bytes => Value::nil_bytes(),
            ElemType::List => List::nil(&ListType::ANY).into(),
            ElemType::Map => Map::nil(&MapType::ANY).into(),
        }
    }
}
