//! Literals as arguments: the parameter decides what a constant becomes.

use crate::template::ast::{Ast, NodeId, NodeKind};
use crate::template::number::{Looks, Number};
use crate::template::print::print;
use crate::value::{IntType, ParamType, UintType, Value};

/// Says whether a parameter of this type takes nil.
pub(in crate::template) fn may_be_nil(ty: ParamType) -> bool {
    match ty {
        ParamType::Any
        | ParamType::Dict
        | ParamType::List
        | ParamType::StringList
        | ParamType::Reflect => true,
        ParamType::Object(name) => name.starts_with('*') || name == "io.Writer",
        _ => false,
    }
}

/// Returns what a constant is where nothing wants a certain type of it.
///
/// # Errors
///
/// Go's message for an integer that does not fit.
pub(super) fn natural(ast: &Ast, node: NodeId, number: u32) -> Result<Value, Vec<u8>> {
    let nothing = Number::default();
    let number = ast.number(number).unwrap_or(&nothing);
    match (number.looks, number.complex, number.float, number.int) {
        (Looks::Complex, Some((real, imaginary)), ..) => Ok(Value::complex(real, imaginary)),
        (Looks::Float, _, Some(float), _) => Ok(Value::float(float)),
        (_, _, _, Some(int)) => Ok(Value::int(int)),
        _ => {
            let mut message = Vec::new();
            print(ast, node, &mut message);
            message.extend_from_slice(b" overflows int");
            Err(message)
        }
    }
}

/// Returns a literal, which is not nil, as a parameter wants it.
///
/// # Errors
///
/// Go's message if it cannot be that.
pub(in crate::template) fn literal_for(
    ast: &Ast,
    node: NodeId,
    ty: ParamType,
) -> Result<Value, Vec<u8>> {
    let kind = ast.node(node).kind;
    let number = match kind {
        NodeKind::Number(number) => ast.number(number),
        _ => None,
    };
    let signed = |ty| {
        number
            .and_then(|number| number.int)
            .map(|int| Value::signed(ty, int))
            .ok_or("integer")
    };
    let unsigned = number
        .and_then(|number| number.uint)
        .ok_or("unsigned integer");
    let converted = match (ty, kind) {
        (ParamType::Any | ParamType::Reflect, NodeKind::Number(number)) => {
            return natural(ast, node, number);
        }
        (ParamType::Any | ParamType::Reflect | ParamType::Bool, NodeKind::Bool(value)) => {
            Ok(Value::bool(value))
        }
        (ParamType::Any | ParamType::Reflect | ParamType::String, NodeKind::String(text)) => {
            Ok(Value::string(ast.bytes(text)))
        }
        (ParamType::Bool, _) => Err("bool"),
        (ParamType::String, _) => Err("string"),
        (ParamType::Int, _) => signed(IntType::Int),
        (ParamType::Int64, _) => signed(IntType::Int64),
        (ParamType::Duration, _) => signed(IntType::Duration),
        (ParamType::Uint32, _) => {
            unsigned.map(|value| Value::unsigned(UintType::Uint32, u64::from(value as u32)))
        }
        (ParamType::Uint64, _) => unsigned.map(|value| Value::unsigned(UintType::Uint64, value)),
        (ParamType::Float64, _) => number
            .and_then(|number| number.float)
            .map(Value::float)
            .ok_or("float"),
        _ => {
            let mut message = b"can't handle ".to_vec();
            print(ast, node, &mut message);
            message.extend_from_slice(b" for arg of type ");
            message.extend_from_slice(ty.name().as_bytes());
            return Err(message);
        }
    };
    converted.map_err(|wanted| {
        let mut message = format!("expected {wanted}; found ").into_bytes();
        print(ast, node, &mut message);
        message
    })
}
