//! Go's maps with string keys: shared, changed in place, read in key order.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::entries::Entries;
use super::gotype::ElemType;
use super::release::{Gone, Held, begin, postpone};
use super::signature::Method;
use super::{Str, Value};

/// The type of a map: its printed name, its values, its methods.
#[derive(Debug)]
pub struct MapType {
    /// The name as `%T` prints it.
    pub name: &'static str,
    /// The type of the values.
    pub elem: ElemType,
    /// Whether Go lets it stand where a `map[string]interface {}` is wanted.
    pub is_dict: bool,
    /// What templates can call on it.
    pub methods: &'static [Method],
}

impl MapType {
    /// `map[string]interface {}`.
    pub const ANY: MapType = MapType {
        name: "map[string]interface {}",
        elem: ElemType::Any,
        is_dict: true,
        methods: &[],
    };
    /// `map[string]string`, what `split` returns.
    pub const STRING: MapType = MapType {
        name: "map[string]string",
        elem: ElemType::String,
        is_dict: false,
        methods: &[],
    };
}

/// A shared map. A clone is a second name for the same map.
///
/// A reader that walks the entries takes a [`Map::snapshot`], so a map can be
/// changed while it is walked, and no lock is held while other code runs.
#[derive(Clone)]
pub struct Map {
    ty: &'static MapType,
    data: Arc<MapData>,
}

struct MapData {
    nil: bool,
    entries: Mutex<Arc<Entries>>,
    _gone: Gone,
}

impl Drop for MapData {
    #[inline]
    fn drop(&mut self) {
        if !begin() {
            return;
        }
        let entries = self.entries.get_mut();
        let entries = entries.unwrap_or_else(PoisonError::into_inner);
        // What somebody else still looks at is given back by them.
        if let Some(last) = Arc::get_mut(entries) {
            postpone(Held::Map(std::mem::take(last)));
        }
    }
}

impl Map {
    /// Returns an empty `map[string]interface {}`.
    pub fn new() -> Map {
        Map::with_entries(&MapType::ANY, Entries::new())
    }

    /// Returns a map of the given type with the given entries.
    pub fn with_entries(ty: &'static MapType, entries: Entries) -> Map {
        let data = MapData {
            nil: false,
            entries: Mutex::new(Arc::new(entries)),
            _gone: Gone,
        };
        let data = Arc::new(data);
        Map { ty, data }
    }

    /// Returns a map of the given type with the entries of another one at some moment. They are copied when
    /// one of the two is changed.
    pub(super) fn with_snapshot(ty: &'static MapType, entries: Arc<Entries>) -> Map {
        let data = MapData {
            nil: false,
            entries: Mutex::new(entries),
            _gone: Gone,
        };
        let data = Arc::new(data);
        Map { ty, data }
    }

    /// Returns a nil map: it is empty, takes no entries, and JSON shows it as `null`.
    pub fn nil(ty: &'static MapType) -> Map {
        let data = MapData {
            nil: true,
            entries: Mutex::default(),
            _gone: Gone,
        };
        let data = Arc::new(data);
        Map { ty, data }
    }

    /// Returns the same map under another type, as a conversion in Go does: changes
    /// made through one name show through the other.
    pub fn retyped(&self, ty: &'static MapType) -> Map {
        let data = self.data.clone();
        Map { ty, data }
    }

    /// Returns the type.
    pub fn ty(&self) -> &'static MapType {
        self.ty
    }

    /// Reports whether this is a nil map.
    pub fn is_nil(&self) -> bool {
        self.data.nil
    }

    fn lock(&self) -> MutexGuard<'_, Arc<Entries>> {
        // A map is whole between any two statements of ours: poison means nothing.
        self.data
            .entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the value stored under `key`, `None` where there is no such key.
    pub fn get(&self, key: &[u8]) -> Option<Value> {
        self.lock().get(key).cloned()
    }

    /// Returns the value under `key` as Go's index expression reads it: the zero
    /// value of the element type where there is no such key.
    pub fn index(&self, key: &[u8]) -> Value {
        self.get(key).unwrap_or_else(|| self.ty.elem.zero())
    }

    /// Reports whether there is such a key, whatever its value.
    pub fn contains_key(&self, key: &[u8]) -> bool {
        self.lock().contains_key(key)
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Reports whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Stores a value, for everyone who holds this map. Nothing happens to a nil map.
    pub fn insert(&self, key: impl Into<Str>, value: Value) {
        if !self.data.nil {
            let old = Arc::make_mut(&mut *self.lock()).insert(key.into(), value);
            // The lock is free again here: dropping may run through a large tree.
            drop(old);
        }
    }

    /// Removes an entry, for everyone who holds this map, and returns its value.
    pub fn remove(&self, key: &[u8]) -> Option<Value> {
        let mut entries = self.lock();
        if entries.contains_key(key) {
            Arc::make_mut(&mut *entries).remove(key)
        } else {
            None
        }
    }

    /// Returns the entries as they are at this moment; later changes do not show.
    pub fn snapshot(&self) -> Arc<Entries> {
        self.lock().clone()
    }

    /// Replaces all entries.
    pub fn replace(&self, entries: Entries) {
        if !self.data.nil {
            let old = std::mem::replace(&mut *self.lock(), Arc::new(entries));
            drop(old);
        }
    }

    /// Reports whether nobody else holds this map.
    pub(super) fn is_unique(&self) -> bool {
        Arc::strong_count(&self.data) == 1
    }

    /// Reports whether both are the same map in memory.
    pub fn ptr_eq(&self, other: &Map) -> bool {
        Arc::ptr_eq(&self.data, &other.data)
    }

    /// Returns an address-like number that tells maps apart while they live.
    pub fn identity(&self) -> usize {
        Arc::as_ptr(&self.data) as usize
    }
}

impl Default for Map {
    fn default() -> Map {
        Map::new()
    }
}

impl<K: Into<Str>> FromIterator<(K, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, Value)>>(entries: I) -> Map {
        let entries = entries.into_iter().map(|(k, v)| (k.into(), v)).collect();
        Map::with_entries(&MapType::ANY, entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_is_another_name() {
        let a = Map::new();
        let b = a.clone();
        b.insert("k", Value::int(1));
        assert_eq!(a.get(b"k").and_then(|v| v.as_signed()), Some(1));
    }

    #[test]
    fn a_retyped_map_is_the_same_map() {
        static OTHER: MapType = MapType {
            name: "common.Values",
            ..MapType::ANY
        };
        let a = Map::new();
        let b = a.retyped(&OTHER);
        b.insert("k", Value::int(1));
        assert_eq!(a.len(), 1);
        assert_eq!((a.ty().name, b.ty().name), (MapType::ANY.name, OTHER.name));
    }

    #[test]
    fn a_snapshot_stays_as_it_was() {
        let a: Map = [("k", Value::int(1))].into_iter().collect();
        let before = a.snapshot();
        a.remove(b"k");
        assert_eq!(before.len(), 1);
        assert!(a.is_empty());
    }
}
