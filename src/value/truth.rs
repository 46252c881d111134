//! Which values count as true. Go: text/template `IsTrue`; sprig's `empty` is its opposite.

use super::{Repr, Value};

impl Value {
    /// Reports whether `if` takes this value for true: it is not nil, not zero,
    /// and not empty. Structs are always true.
    pub fn is_true(&self) -> bool {
        match &self.0 {
            Repr::Nil => false,
            Repr::Bool(b) => *b,
            Repr::Int(_, n) => *n != 0,
            Repr::Uint(_, n) => *n != 0,
            Repr::Float(f) => *f != 0.0,
            Repr::Complex(c) => c.0 != 0.0 || c.1 != 0.0,
            Repr::Str(s) | Repr::Bytes(s) => !s.is_empty(),
            Repr::List(l) => !l.is_empty(),
            Repr::Map(m) => !m.is_empty(),
            Repr::Object(_) => true,
        }
    }
}
