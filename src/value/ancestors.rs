//! The maps that a walk over a value is inside of. Only a map can hold itself: `set` can
//! make one do so, and a walk that does not look for it never ends.

use std::collections::HashSet;

use super::Map;
use crate::limits;

/// How deep a walk may go on any thread; beyond, what the thread has stack for counts.
const FREE: usize = 300;

/// Up to this depth comparing with every ancestor is cheaper than hashing.
const FEW: usize = 32;

/// The containers between the root and the place where a walk stands.
#[derive(Default, Debug)]
pub struct Ancestors {
    depth: usize,
    maps: Vec<usize>,
    deep: HashSet<usize>,
}

impl Ancestors {
    /// Goes down into a list or an object. Returns false, and stays, if that is too deep.
    #[must_use]
    pub fn enter(&mut self) -> bool {
        if self.depth >= FREE && self.depth as u64 >= limits::levels() {
            limits::too_deep();
            return false;
        }
        self.depth += 1;
        true
    }

    /// Goes up again after [`Ancestors::enter`].
    pub fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Goes down into a map. Returns false, and stays, if the walk is inside of this map
    /// already or too deep.
    #[must_use]
    pub fn enter_map(&mut self, map: &Map) -> bool {
        let identity = map.identity();
        let recent = self.maps.get(..FEW).unwrap_or(&self.maps);
        if recent.contains(&identity) || self.deep.contains(&identity) || !self.enter() {
            return false;
        }
        if self.maps.len() >= FEW {
            self.deep.insert(identity);
        }
        self.maps.push(identity);
        true
    }

    /// Goes up again after [`Ancestors::enter_map`].
    pub fn leave_map(&mut self) {
        self.leave();
        if let Some(identity) = self.maps.pop()
            && self.maps.len() >= FEW
        {
            self.deep.remove(&identity);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_is_found_at_any_depth() {
        for levels in [0, 1, 31, 32, 33, 200] {
            let first = Map::new();
            let others: Vec<Map> = (0..levels).map(|_| Map::new()).collect();
            let mut walk = Ancestors::default();
            assert!(walk.enter_map(&first));
            for map in &others {
                assert!(walk.enter_map(map));
            }
            assert!(!walk.enter_map(&first));
            if let Some(last) = others.last() {
                assert!(!walk.enter_map(last));
                walk.leave_map();
                assert!(walk.enter_map(last));
            }
        }
    }
}
