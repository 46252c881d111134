//! Fields and methods of values, as `.a.b` reads them.
//!
//! Go: `text/template`, `evalField`. "Interface" says that Go would hold the value in an `interface {}` because it
//! was taken out of a map or list; error texts show that type then.

use super::{Fault, message};
use crate::value::{ElemType, Kind, Method, Value};

/// The type that error texts show.
pub(super) fn shown_type(value: &Value, interface: bool) -> &'static str {
    if interface {
        ElemType::Any.name()
    } else {
        value.go_type()
    }
}

/// Returns the method of this name.
pub(super) fn method_of(value: &Value, name: &[u8]) -> Option<&'static Method> {
    let mut methods = value.methods().iter();
    methods.find(|method| method.name.as_bytes() == name)
}

/// What stands in the way of a field, said with the type of the value.
pub(super) fn no_field(value: &Value, interface: bool, name: &[u8]) -> Fault {
    let ty = shown_type(value, interface);
    if value.is_nil() {
        return message([b"nil pointer evaluating ", ty.as_bytes(), b".", name]);
    }
    if let Some(object) = value.as_object()
        && object
            .printed_fields()
            .iter()
            .any(|(field, _)| field.as_bytes() == name)
    {
        return message([
            name,
            b" is an unexported field of struct type ",
            ty.as_bytes(),
        ]);
    }
    message([b"can't evaluate field ", name, b" in type ", ty.as_bytes()])
}

/// Returns a field of a struct or an entry of a map and whether it is in an interface; `None` for values that have
/// neither. Methods were looked for before.
pub(super) fn field_of(
    value: &Value,
    name: &[u8],
    strict: bool,
) -> Result<Option<(Value, bool)>, Fault> {
    if let Some(map) = value.as_map() {
        let interface = map.ty().elem == ElemType::Any;
        return match map.get(name) {
            Some(found) => Ok(Some((found, interface))),
            None if strict => {
                let key = crate::gostd::strconv::quote(name);
                Err(message([b"map has no entry for key ", key.as_bytes()]))
            }
            None => Ok(Some((map.ty().elem.zero(), interface))),
        };
    }
    if let Some(object) = value.as_object() {
        return Ok(object.field(name).map(|field| (field, false)));
    }
    Ok(None)
}

/// What Go says of a field that was given arguments but is no method.
pub(super) fn not_a_method(value: &Value, interface: bool, name: &[u8]) -> Fault {
    match value.kind() {
        Kind::Map => message([name, b" is not a method but has arguments"]),
        Kind::Struct | Kind::Ptr
            if value
                .as_object()
                .is_some_and(|object| object.field(name).is_some()) =>
        {
            message([name, b" has arguments but cannot be invoked as function"])
        }
        _ => no_field(value, interface, name),
    }
}
