//! Equality of whole values. Go: `reflect.DeepEqual`.

use super::{Repr, Value};
use crate::limits::{self, Limit, Meter};

/// Reports whether two values are equal in type and content, at any depth.
///
/// 1, int64 1 and 1.0 differ; NaN differs from itself; a nil list differs from an
/// empty one.
pub fn deep_equal(a: &Value, b: &Value) -> bool {
    let simple = |value: &Value| !matches!(value.0, Repr::List(_) | Repr::Map(_));
    if simple(a) || simple(b) {
        return equal_simple(a, b);
    }
    equal_at(a, b, 0, &mut Meter::new(Limit::Work))
}

/// Values may share their parts, so that they have more of them than there is memory.
fn equal_at(a: &Value, b: &Value, depth: u64, meter: &mut Meter) -> bool {
    // Go takes two maps that hold themselves for equal once it meets the same pair again.
    if depth > limits::levels() || meter.add(64).is_err() {
        return true;
    }
    match (&a.0, &b.0) {
        (Repr::List(x), Repr::List(y)) => {
            // The same slice equals itself even if it holds a NaN, as in Go.
            x.ptr_eq(y)
                || x.ty().name == y.ty().name
                    && x.is_nil() == y.is_nil()
                    && x.len() == y.len()
                    && x.items()
                        .iter()
                        .zip(y.items())
                        .all(|(v, w)| equal_at(v, w, depth + 1, meter))
        }
        (Repr::Map(x), Repr::Map(y)) => {
            x.ptr_eq(y)
                || x.ty().name == y.ty().name && x.is_nil() == y.is_nil() && {
                    let (x, y) = (x.snapshot(), y.snapshot());
                    x.len() == y.len()
                        && x.iter()
                            .zip(y.iter())
                            .all(|((k, v), (l, w))| k == l && equal_at(v, w, depth + 1, meter))
                }
        }
        _ => equal_simple(a, b),
    }
}

/// Compares values of which one is neither list nor map.
fn equal_simple(a: &Value, b: &Value) -> bool {
    match (&a.0, &b.0) {
        (Repr::Nil, Repr::Nil) => true,
        (Repr::Bool(x), Repr::Bool(y)) => x == y,
        (Repr::Int(t, x), Repr::Int(u, y)) => t == u && x == y,
        (Repr::Uint(t, x), Repr::Uint(u, y)) => t == u && x == y,
        (Repr::Float(x), Repr::Float(y)) => x == y,
        (Repr::Complex(x), Repr::Complex(y)) => x == y,
        (Repr::Str(x), Repr::Str(y)) => x == y,
        (Repr::Bytes(x), Repr::Bytes(y)) => x == y && a.is_nil_bytes() == b.is_nil_bytes(),
        (Repr::Object(x), Repr::Object(y)) => x.deep_equal(&**y),
        _ => false,
    }
}
