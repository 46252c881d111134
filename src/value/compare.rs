//! Equality of whole values. Go: `reflect.DeepEqual`.

use super::{Repr, Value};

/// How deep two values are compared. Only a map that holds itself is deeper, and
/// Go takes two such maps for equal once it meets the same pair again.
const MAX_DEPTH: usize = 20_000;

/// Reports whether two values are equal in type and content, at any depth.
///
/// 1, int64 1 and 1.0 differ; NaN differs from itself; a nil list differs from an
/// empty one.
pub fn deep_equal(a: &Value, b: &Value) -> bool {
    equal_at(a, b, 0)
}

fn equal_at(a: &Value, b: &Value, depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return true;
    }
    match (&a.0, &b.0) {
        (Repr::Nil, Repr::Nil) => true,
        (Repr::Bool(x), Repr::Bool(y)) => x == y,
        (Repr::Int(t, x), Repr::Int(u, y)) => t == u && x == y,
        (Repr::Uint(t, x), Repr::Uint(u, y)) => t == u && x == y,
        (Repr::Float(x), Repr::Float(y)) => x == y,
        (Repr::Complex(x), Repr::Complex(y)) => x == y,
        (Repr::Str(x), Repr::Str(y)) => x == y,
        (Repr::Bytes(x), Repr::Bytes(y)) => x == y && a.is_nil_bytes() == b.is_nil_bytes(),
        (Repr::List(x), Repr::List(y)) => {
            // The same slice equals itself even if it holds a NaN, as in Go.
            x.ptr_eq(y)
                || x.ty().name == y.ty().name
                    && x.is_nil() == y.is_nil()
                    && x.len() == y.len()
                    && x.items()
                        .iter()
                        .zip(y.items())
                        .all(|(v, w)| equal_at(v, w, depth + 1))
        }
        (Repr::Map(x), Repr::Map(y)) => {
            x.ptr_eq(y)
                || x.ty().name == y.ty().name && x.is_nil() == y.is_nil() && {
                    let (x, y) = (x.snapshot(), y.snapshot());
                    x.len() == y.len()
                        && x.iter()
                            .zip(y.iter())
                            .all(|((k, v), (l, w))| k == l && equal_at(v, w, depth + 1))
                }
        }
        (Repr::Object(x), Repr::Object(y)) => x.deep_equal(&**y),
        _ => false,
    }
}
