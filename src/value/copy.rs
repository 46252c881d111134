//! Copies that share nothing that can change.

use super::{List, Map, Repr, Value};

/// How deep a copy goes. Values from files are at most 10,000 deep (the YAML
/// reader's limit); only a map that holds itself is deeper.
const MAX_DEPTH: usize = 20_000;

impl Value {
    /// Returns a copy in which every map is a map of its own, so that changes to
    /// one never show in the other. Strings and objects stay shared.
    ///
    /// A map that holds itself is copied to a great depth and then shared.
    pub fn deep_copy(&self) -> Value {
        copy_at(self, &Value::clone, 0)
    }

    /// As [`Value::deep_copy`]; what is neither list nor map becomes what `leaf` makes of it.
    pub fn deep_copy_with(&self, leaf: &dyn Fn(&Value) -> Value) -> Value {
        copy_at(self, leaf, 0)
    }
}

impl Map {
    /// Returns a map of the same type with copies of all values.
    pub fn deep_copy(&self) -> Map {
        copy_map(self, &Value::clone, 0)
    }
}

fn copy_at(value: &Value, leaf: &dyn Fn(&Value) -> Value, depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return value.clone();
    }
    match &value.0 {
        Repr::Map(m) => copy_map(m, leaf, depth).into(),
        Repr::List(l) if !l.is_nil() => {
            let items = l
                .items()
                .iter()
                .map(|v| copy_at(v, leaf, depth + 1))
                .collect();
            List::new(l.ty(), items).into()
        }
        Repr::List(_) => value.clone(),
        _ => leaf(value),
    }
}

fn copy_map(map: &Map, leaf: &dyn Fn(&Value) -> Value, depth: usize) -> Map {
    if map.is_nil() {
        return map.clone();
    }
    let entries = map.snapshot();
    let entries = entries
        .iter()
        .map(|(k, v)| (k.clone(), copy_at(v, leaf, depth + 1)))
        .collect();
    Map::with_entries(map.ty(), entries)
}
