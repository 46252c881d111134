//! Whether a value may stand for a parameter.
//!
//! Go: `text/template`, `validateType`.

use super::access::shown_type;
use super::{Fault, message};
use crate::template::codegen::may_be_nil;
use crate::value::{ElemType, IntType, ParamType, Repr, UintType, Value};

/// Says whether Go would assign the value, nil aside, to a parameter of this type.
fn is_assignable(value: &Value, ty: ParamType) -> bool {
    match (ty, &value.0) {
        (ParamType::Any | ParamType::Reflect, _) | (ParamType::String, Repr::Str(_)) => true,
        (ParamType::Bool, Repr::Bool(_)) | (ParamType::Float64, Repr::Float(_)) => true,
        (ParamType::Int, Repr::Int(IntType::Int, _)) => true,
        (ParamType::Int64, Repr::Int(IntType::Int64, _)) => true,
        (ParamType::Duration, Repr::Int(IntType::Duration, _)) => true,
        (ParamType::Uint32, Repr::Uint(UintType::Uint32, _)) => true,
        (ParamType::Uint64, Repr::Uint(UintType::Uint64, _)) => true,
        (ParamType::Dict, Repr::Map(map)) => map.ty().is_dict,
        (ParamType::List, Repr::List(list)) => list.ty().elem == ElemType::Any,
        (ParamType::StringList, Repr::List(list)) => list.ty().elem == ElemType::String,
        (ParamType::Time | ParamType::Object(_), Repr::Object(object)) => {
            // A pointer stands for what it points to.
            object.go_type() == ty.name() || object.go_type().strip_prefix('*') == Some(ty.name())
        }
        _ => false,
    }
}

/// Checks an argument.
#[inline]
pub(super) fn check(value: &Value, interface: bool, ty: ParamType) -> Result<(), Fault> {
    if is_assignable(value, ty) {
        Ok(())
    } else {
        check_rare(value, interface, ty)
    }
}

#[cold]
fn check_rare(value: &Value, interface: bool, ty: ParamType) -> Result<(), Fault> {
    if value.is_nil() && !interface {
        if may_be_nil(ty) {
            return Ok(());
        }
        return Err(message([b"invalid value; expected ", ty.name().as_bytes()]));
    }
    // Go looks into an interface unless that is nil.
    let got = shown_type(value, value.is_nil());
    Err(message([
        b"wrong type for value; expected ",
        ty.name().as_bytes(),
        b"; got ",
        got.as_bytes(),
    ]))
}
