//! Copies that share nothing that can change.

use super::{ElemType, List, MAP_BYTES, MAP_ENTRY, Map, Repr, Value};
use crate::limits::{self, Limit, Meter};

/// How deep a copy may go on any thread; beyond, what the thread has stack for counts.
const FREE: u64 = 300;

/// About how many bytes a list takes besides its elements.
const LIST_BYTES: usize = 96;

impl Value {
    /// Returns a copy in which every map is a map of its own, so that changes to
    /// one never show in the other. Strings and objects stay shared.
    ///
    /// What is too deep, or too much, is shared; the operation under way has reached a limit then.
    pub fn deep_copy(&self) -> Value {
        copy_at(self, None, 0, &mut Meter::new(Limit::Memory))
    }

    /// As [`Value::deep_copy`]; what is neither list nor map becomes what `leaf` makes of it.
    pub fn deep_copy_with(&self, leaf: &dyn Fn(&Value) -> Value) -> Value {
        copy_at(self, Some(leaf), 0, &mut Meter::new(Limit::Memory))
    }
}

impl Map {
    /// Returns a map of the same type with copies of all values.
    pub fn deep_copy(&self) -> Map {
        copy_map(self, None, 0, &mut Meter::new(Limit::Memory))
    }
}

/// What a value that is neither list nor map becomes; itself where there is nothing.
type Leaf<'f> = Option<&'f dyn Fn(&Value) -> Value>;

fn copy_at(value: &Value, leaf: Leaf<'_>, depth: u64, meter: &mut Meter) -> Value {
    if depth > FREE && depth > limits::levels() {
        limits::too_deep();
        return value.clone();
    }
    match &value.0 {
        Repr::Map(m) => copy_map(m, leaf, depth, meter).into(),
        Repr::List(l) if l.is_nil() || leaf.is_none() && is_constant(l) => value.clone(),
        Repr::List(l) => {
            if meter
                .add((LIST_BYTES + l.len() * size_of::<Value>()) as u64)
                .is_err()
            {
                return value.clone();
            }
            let items = l.items().iter();
            let items = items.map(|v| copy_at(v, leaf, depth + 1, meter));
            let items = items.collect();
            List::new(l.ty(), items).into()
        }
        _ => leaf.map_or_else(|| value.clone(), |leaf| leaf(value)),
    }
}

/// Reports whether nothing in a list can change. Only lists of strings are ever sorted in place.
fn is_constant(list: &List) -> bool {
    list.ty().elem == ElemType::Any && list.items().iter().all(is_scalar)
}

fn is_scalar(value: &Value) -> bool {
    !matches!(value.0, Repr::Map(_) | Repr::List(_))
}

fn copy_map(map: &Map, leaf: Leaf<'_>, depth: u64, meter: &mut Meter) -> Map {
    if map.is_nil()
        || meter
            .add((MAP_BYTES + map.len() * MAP_ENTRY) as u64)
            .is_err()
    {
        return map.clone();
    }
    let entries = map.snapshot();
    if leaf.is_none() && entries.values().all(is_scalar) {
        // Until one of the two is changed, both have the same entries.
        return Map::with_snapshot(map.ty(), entries);
    }
    let entries = entries
        .iter()
        .map(|(k, v)| (k.clone(), copy_at(v, leaf, depth + 1, meter)))
        .collect();
    Map::with_entries(map.ty(), entries)
}
