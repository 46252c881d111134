//! A number that is equal for equal values, to find those worth comparing.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::value::{Repr, Value};

/// How deep lists and maps are looked into.
const DEPTH: u32 = 4;

/// How many elements of each list or map count.
const BREADTH: usize = 16;

/// Returns a hash; values that are deeply equal have the same.
pub(super) fn shallow_hash(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    add(value, DEPTH, &mut hasher);
    hasher.finish()
}

fn add(value: &Value, depth: u32, hasher: &mut DefaultHasher) {
    value.go_type().hash(hasher);
    match &value.0 {
        Repr::Nil | Repr::Complex(_) | Repr::Object(_) => {}
        Repr::Bool(b) => b.hash(hasher),
        Repr::Int(_, n) => n.hash(hasher),
        Repr::Uint(_, n) => n.hash(hasher),
        // The two zeros are equal.
        Repr::Float(f) => (f + 0.0).to_bits().hash(hasher),
        Repr::Str(s) | Repr::Bytes(s) => s.hash(hasher),
        Repr::List(list) => {
            list.len().hash(hasher);
            if depth > 0 {
                for item in list.items().iter().take(BREADTH) {
                    add(item, depth - 1, hasher);
                }
            }
        }
        Repr::Map(map) => {
            map.len().hash(hasher);
            if depth > 0 {
                for (key, item) in map.snapshot().iter().take(BREADTH) {
                    key.hash(hasher);
                    add(item, depth - 1, hasher);
                }
            }
        }
    }
}
