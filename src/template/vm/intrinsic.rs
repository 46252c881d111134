//! The builtin functions that look at values as they are: `len`, `index`, `call` and the comparisons.
//!
//! Go: `text/template`, the builtin functions of these names.

use crate::template::func::Comparison;
use crate::value::printf::sprintf;
use crate::value::{ElemType, Repr, UintType, Value, deep_equal};
use std::cmp::Ordering;
use std::sync::Arc;

/// The text that follows `error calling NAME: `.
pub(super) type Failure = Vec<u8>;

/// The name of a type where Go has looked through a pointer.
fn type_pointed_to(value: &Value) -> &'static str {
    let name = value.go_type();
    name.strip_prefix('*').unwrap_or(name)
}

pub(super) fn len(value: &Value, interface: bool) -> Result<Value, Failure> {
    let length = match &value.0 {
        Repr::Str(text) | Repr::Bytes(text) => text.len(),
        Repr::List(list) => list.len(),
        Repr::Map(map) => map.len(),
        Repr::Nil if interface => return Err(b"len of nil pointer".to_vec()),
        Repr::Nil => return Err(b"reflect: call of reflect.Value.Type on zero Value".to_vec()),
        _ => return Err(format!("len of type {}", type_pointed_to(value)).into_bytes()),
    };
    Ok(Value::int(length as i64))
}

/// Returns `item[i][j]...`, and whether that is in an interface.
pub(super) fn index(arguments: &[Value]) -> Result<(Value, bool), Failure> {
    let Some((item, indexes)) = arguments.split_first() else {
        return Err(Failure::new());
    };
    if item.is_nil() {
        return Err(b"index of untyped nil".to_vec());
    }
    let mut item = item.clone();
    let mut interface = false;
    for index in indexes {
        (item, interface) = match &item.0 {
            Repr::Nil => return Err(b"index of nil pointer".to_vec()),
            Repr::List(list) => {
                let place = offset(index, list.len())?;
                let element = list
                    .get(place)
                    .ok_or(b"reflect: slice index out of range")?;
                (element.clone(), list.ty().elem == ElemType::Any)
            }
            Repr::Bytes(bytes) => {
                let place = offset(index, bytes.len())?;
                let byte = bytes
                    .get(place)
                    .ok_or(b"reflect: slice index out of range")?;
                (Value::unsigned(UintType::Uint8, u64::from(*byte)), false)
            }
            Repr::Str(text) => {
                let place = offset(index, text.len())?;
                let byte = text
                    .get(place)
                    .ok_or(b"reflect: string index out of range")?;
                (Value::unsigned(UintType::Uint8, u64::from(*byte)), false)
            }
            Repr::Map(map) => match &index.0 {
                Repr::Str(key) => (map.index(key), map.ty().elem == ElemType::Any),
                Repr::Nil => return Err(b"value is nil; should be of type string".to_vec()),
                _ => {
                    return Err(
                        format!("value has type {}; should be string", index.go_type())
                            .into_bytes(),
                    );
                }
            },
            _ => {
                return Err(
                    format!("can't index item of type {}", type_pointed_to(&item)).into_bytes(),
                );
            }
        };
    }
    Ok((item, interface))
}

/// The place an index means. One that equals the length is let through, and misses then.
fn offset(index: &Value, length: usize) -> Result<usize, Failure> {
    let number = match &index.0 {
        Repr::Int(_, number) => *number,
        // Go converts in the same way.
        Repr::Uint(_, number) => *number as i64,
        Repr::Nil => return Err(b"cannot index slice/array with nil".to_vec()),
        _ => {
            return Err(
                format!("cannot index slice/array with type {}", index.go_type()).into_bytes(),
            );
        }
    };
    let place = usize::try_from(number)
        .ok()
        .filter(|place| *place <= length);
    place.ok_or_else(|| format!("index out of range: {number}").into_bytes())
}

/// What `call` says of its first argument, since no value is a function.
pub(super) fn call(function: &Value, shown: Option<Vec<u8>>) -> Failure {
    if function.is_nil() {
        return b"call of nil".to_vec();
    }
    let ty = function.go_type();
    let shown = match (shown, &function.0) {
        (Some(shown), _) => shown,
        (None, Repr::Str(text)) => text.to_vec(),
        (None, _) => format!("<{ty} Value>").into_bytes(),
    };
    [b"non-function ", &shown[..], b" of type ", ty.as_bytes()].concat()
}

/// Groups of types that compare with each other.
#[derive(PartialEq, Eq, Clone, Copy)]
enum Basic {
    None,
    Bool,
    Complex,
    Int,
    Float,
    String,
    Uint,
}

fn basic(value: &Value) -> Basic {
    match &value.0 {
        Repr::Bool(_) => Basic::Bool,
        Repr::Int(..) => Basic::Int,
        Repr::Uint(..) => Basic::Uint,
        Repr::Float(_) => Basic::Float,
        Repr::Complex(_) => Basic::Complex,
        Repr::Str(_) => Basic::String,
        Repr::Nil | Repr::Bytes(_) | Repr::List(_) | Repr::Map(_) | Repr::Object(_) => Basic::None,
    }
}

pub(super) fn compare(comparison: Comparison, arguments: &[Value]) -> Result<bool, Failure> {
    let Some((first, others)) = arguments.split_first() else {
        return Ok(false);
    };
    if comparison == Comparison::Equal {
        if others.is_empty() {
            return Err(b"missing argument for comparison".to_vec());
        }
        for other in others {
            if equal(first, other)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    let Some(second) = others.first() else {
        return Ok(false);
    };
    Ok(match comparison {
        Comparison::Equal | Comparison::NotEqual => !equal(first, second)?,
        Comparison::Less => less(first, second)?,
        Comparison::LessOrEqual => less(first, second)? || equal(first, second)?,
        Comparison::Greater => !(less(first, second)? || equal(first, second)?),
        Comparison::GreaterOrEqual => !less(first, second)?,
    })
}

fn incompatible(first: &Value, second: &Value) -> Failure {
    format!(
        "incompatible types for comparison: {} and {}",
        first.go_type(),
        second.go_type()
    )
    .into_bytes()
}

fn equal(first: &Value, second: &Value) -> Result<bool, Failure> {
    Ok(match (&first.0, &second.0) {
        (Repr::Str(a), Repr::Str(b)) => a == b,
        (Repr::Bool(a), Repr::Bool(b)) => a == b,
        (Repr::Int(_, a), Repr::Int(_, b)) => a == b,
        (Repr::Uint(_, a), Repr::Uint(_, b)) => a == b,
        (Repr::Int(_, a), Repr::Uint(_, b)) | (Repr::Uint(_, b), Repr::Int(_, a)) => {
            u64::try_from(*a).is_ok_and(|a| a == *b)
        }
        (Repr::Float(a), Repr::Float(b)) => a == b,
        (Repr::Complex(a), Repr::Complex(b)) => a == b,
        _ if basic(first) != basic(second) => {
            if !first.is_nil() && !second.is_nil() {
                return Err(incompatible(first, second));
            }
            false
        }
        _ => equal_others(first, second)?,
    })
}

fn is_nil(value: &Value) -> bool {
    match &value.0 {
        Repr::Nil => true,
        Repr::Bytes(_) => value.is_nil_bytes(),
        Repr::List(list) => list.is_nil(),
        Repr::Map(map) => map.is_nil(),
        _ => false,
    }
}

/// Compares nil, lists, maps and structs.
fn equal_others(first: &Value, second: &Value) -> Result<bool, Failure> {
    if first.kind() != second.kind() && !first.is_nil() && !second.is_nil() {
        let (types, values) = (
            [first.go_type(), second.go_type()],
            [first.clone(), second.clone()],
        );
        let [a, b] = values;
        let arguments = [a, types[0].into(), types[1].into(), b];
        return Err(sprintf(b"non-comparable types %s: %v, %s: %v", &arguments));
    }
    if is_nil(first) || is_nil(second) {
        return Ok(is_nil(first) == is_nil(second));
    }
    match (&first.0, &second.0) {
        (Repr::Object(a), Repr::Object(b)) => {
            if a.go_type().starts_with('*') {
                return Ok(Arc::ptr_eq(a, b));
            }
            Ok(deep_equal(first, second))
        }
        // The value and the type change places in this text.
        _ => Err(sprintf(
            b"non-comparable type %s: %v",
            &[second.clone(), second.go_type().into()],
        )),
    }
}

fn less(first: &Value, second: &Value) -> Result<bool, Failure> {
    let ordering = match (&first.0, &second.0) {
        (Repr::Str(a), Repr::Str(b)) => Some(a.cmp(b)),
        (Repr::Int(_, a), Repr::Int(_, b)) => Some(a.cmp(b)),
        (Repr::Uint(_, a), Repr::Uint(_, b)) => Some(a.cmp(b)),
        (Repr::Int(_, a), Repr::Uint(_, b)) => {
            Some(u64::try_from(*a).map_or(Ordering::Less, |a| a.cmp(b)))
        }
        (Repr::Uint(_, a), Repr::Int(_, b)) => {
            Some(u64::try_from(*b).map_or(Ordering::Greater, |b| a.cmp(&b)))
        }
        (Repr::Float(a), Repr::Float(b)) => a.partial_cmp(b),
        _ => {
            let kinds = [basic(first), basic(second)];
            if kinds.contains(&Basic::None) || (kinds[0] == kinds[1]) {
                return Err(b"invalid type for comparison".to_vec());
            }
            return Err(incompatible(first, second));
        }
    };
    Ok(ordering == Some(Ordering::Less))
}
