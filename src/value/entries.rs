//! The entries of a map, sorted by the bytes of their keys.
//!
//! Most maps of a chart have a handful of entries: these lie in one sorted list, of just their size. Beyond
//! that a tree takes over, so that nothing a template does to a map costs more than the logarithm of its size.

use std::collections::{BTreeMap, btree_map};
use std::slice;
use std::vec;

use super::{Str, Value};

/// So many entries lie in a list.
const FEW: usize = 32;

/// Keys and their values, in the order of the bytes of the keys.
#[derive(Clone)]
pub struct Entries(Form);

#[derive(Clone)]
enum Form {
    Few(Vec<(Str, Value)>),
    Many(BTreeMap<Str, Value>),
}

impl Entries {
    /// Returns no entries.
    pub const fn new() -> Entries {
        Entries(Form::Few(Vec::new()))
    }

    /// Returns the entries of a list. Of equal keys the last one counts.
    pub fn of(mut list: Vec<(Str, Value)>) -> Entries {
        if list.len() > FEW {
            return Entries(Form::Many(list.into_iter().collect()));
        }
        // Stable: equal keys keep their order.
        list.sort_by(|(a, _), (b, _)| a.cmp(b));
        if list.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            list.reverse();
            list.dedup_by(|earlier, later| earlier.0 == later.0);
            list.reverse();
        }
        // A list that was collected step by step may have room for more.
        list.shrink_to_fit();
        Entries(Form::Few(list))
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        match &self.0 {
            Form::Few(list) => list.len(),
            Form::Many(tree) => tree.len(),
        }
    }

    /// Reports whether there are no entries.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the value under a key.
    pub fn get(&self, key: &[u8]) -> Option<&Value> {
        match &self.0 {
            // Keys of another length are passed without a look at their bytes.
            Form::Few(list) => list
                .iter()
                .find(|(known, _)| **known == *key)
                .map(|(_, value)| value),
            Form::Many(tree) => tree.get(key),
        }
    }

    /// Reports whether there is such a key.
    pub fn contains_key(&self, key: &[u8]) -> bool {
        self.get(key).is_some()
    }

    /// Stores a value and returns the one it replaces.
    pub fn insert(&mut self, key: Str, value: Value) -> Option<Value> {
        let list = match &mut self.0 {
            Form::Many(tree) => return tree.insert(key, value),
            Form::Few(list) => list,
        };
        match list.binary_search_by(|(known, _)| known.cmp(&key)) {
            Ok(place) => Some(std::mem::replace(&mut list[place].1, value)),
            Err(_) if list.len() >= FEW => {
                let mut tree: BTreeMap<Str, Value> = std::mem::take(list).into_iter().collect();
                tree.insert(key, value);
                self.0 = Form::Many(tree);
                None
            }
            Err(place) => {
                list.insert(place, (key, value));
                None
            }
        }
    }

    /// Removes an entry and returns its value.
    pub fn remove(&mut self, key: &[u8]) -> Option<Value> {
        match &mut self.0 {
            Form::Few(list) => {
                let place = list.iter().position(|(known, _)| **known == *key)?;
                Some(list.remove(place).1)
            }
            Form::Many(tree) => tree.remove(key),
        }
    }

    /// Returns the entries in order.
    pub fn iter(&self) -> Iter<'_> {
        match &self.0 {
            Form::Few(list) => Iter::Few(list.iter()),
            Form::Many(tree) => Iter::Many(tree.iter()),
        }
    }

    /// Returns the keys in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Str> + Clone {
        self.iter().map(|(key, _)| key)
    }

    /// Returns the values in the order of their keys.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> + Clone {
        self.iter().map(|(_, value)| value)
    }
}

impl Default for Entries {
    fn default() -> Entries {
        Entries::new()
    }
}

/// Of equal keys the last one counts.
impl FromIterator<(Str, Value)> for Entries {
    fn from_iter<I: IntoIterator<Item = (Str, Value)>>(entries: I) -> Entries {
        Entries::of(entries.into_iter().collect())
    }
}

impl<const N: usize> From<[(Str, Value); N]> for Entries {
    fn from(entries: [(Str, Value); N]) -> Entries {
        entries.into_iter().collect()
    }
}

impl Extend<(Str, Value)> for Entries {
    fn extend<I: IntoIterator<Item = (Str, Value)>>(&mut self, entries: I) {
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

/// Entries in order, see [`Entries::iter`].
#[derive(Clone)]
pub enum Iter<'a> {
    #[doc(hidden)]
    Few(slice::Iter<'a, (Str, Value)>),
    #[doc(hidden)]
    Many(btree_map::Iter<'a, Str, Value>),
}

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a Str, &'a Value);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Iter::Few(list) => list.next().map(|(key, value)| (key, value)),
            Iter::Many(tree) => tree.next(),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match self {
            Iter::Few(list) => list.size_hint(),
            Iter::Many(tree) => tree.size_hint(),
        }
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        match self {
            Iter::Few(list) => list.next_back().map(|(key, value)| (key, value)),
            Iter::Many(tree) => tree.next_back(),
        }
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl<'a> IntoIterator for &'a Entries {
    type Item = (&'a Str, &'a Value);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// Entries in order, by value.
pub enum IntoIter {
    #[doc(hidden)]
    Few(vec::IntoIter<(Str, Value)>),
    #[doc(hidden)]
    Many(btree_map::IntoIter<Str, Value>),
}

impl Iterator for IntoIter {
    type Item = (Str, Value);

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            IntoIter::Few(list) => list.next(),
            IntoIter::Many(tree) => tree.next(),
        }
    }
}

impl IntoIterator for Entries {
    type Item = (Str, Value);
    type IntoIter = IntoIter;

    fn into_iter(self) -> IntoIter {
        match self.0 {
            Form::Few(list) => IntoIter::Few(list.into_iter()),
            Form::Many(tree) => IntoIter::Many(tree.into_iter()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(entries: &Entries) -> Vec<(String, i64)> {
        let shown = entries.iter().map(|(key, value)| {
            let value = value.as_signed().expect("it is a number");
            (key.to_lossy().into_owned(), value)
        });
        shown.collect()
    }

    #[test]
    fn a_list_and_a_tree_do_the_same() {
        let mut state = 1_u64;
        for _ in 0..200 {
            let (mut entries, mut tree) = (Entries::new(), BTreeMap::new());
            for step in 0..120_i64 {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                let key = format!("k{}", (state >> 33) % 60);
                if (state >> 20).is_multiple_of(3) {
                    let gone = entries.remove(key.as_bytes()).is_some();
                    assert_eq!(gone, tree.remove(&key).is_some());
                } else {
                    let old = entries.insert(Str::from(key.as_str()), Value::int(step));
                    assert_eq!(old.is_some(), tree.insert(key, step).is_some());
                }
                assert_eq!(entries.len(), tree.len());
            }
            assert_eq!(shown(&entries), tree.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_last_of_equal_keys_counts() {
        let keys = ["b", "a", "b", "c", "a"];
        let numbered = keys.iter().zip(0..);
        let entries: Entries = numbered
            .map(|(k, n)| (Str::from(*k), Value::int(n)))
            .collect();
        let expected = [
            ("a".to_owned(), 4),
            ("b".to_owned(), 2),
            ("c".to_owned(), 3),
        ];
        assert_eq!(shown(&entries), expected);
    }
}
