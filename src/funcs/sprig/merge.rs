//! Merging one dictionary into another, in place.
//!
//! Go: darccio/mergo v1.0.1, as `merge` and `mergeOverwrite` use it.

use super::defaults::is_empty;
use crate::limits::{Exceeded, Limit, Meter};
use crate::value::{Ancestors, Map, Repr, Str, Value};

/// Which side wins where both have a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// The target, unless its value is empty.
    Fill,
    /// The source.
    Overwrite,
}

/// Merges `source` into `target`, maps inside of maps too; lists are never joined. A map that
/// the target lacks is shared with the source afterwards, as in Go.
///
/// Returns how many entries were stored.
///
/// # Errors
///
/// Fails if there is too much to join: maps may share their parts, so that they have more of them than memory.
pub(super) fn merge(target: &Map, source: &Map, rule: Rule) -> Result<usize, Exceeded> {
    let mut merging = Merging {
        rule,
        ancestors: Ancestors::default(),
        meter: Meter::new(Limit::Work),
        stored: 0,
    };
    merging.merge(target, source)?;
    Ok(merging.stored)
}

/// A walk over two maps.
struct Merging {
    rule: Rule,
    ancestors: Ancestors,
    meter: Meter,
    stored: usize,
}

impl Merging {
    fn merge(&mut self, target: &Map, source: &Map) -> Result<(), Exceeded> {
        // DIFFERS(helm): there the process dies where a map holds itself.
        if !self.ancestors.enter_map(source) {
            return Ok(());
        }
        for (key, value) in source.snapshot().iter() {
            self.meter.add(64)?;
            if value.is_nil() {
                if self.rule == Rule::Overwrite {
                    self.store(target, key, &Value::NIL);
                }
                continue;
            }
            let old = target.get(key).unwrap_or_default();
            if let (Repr::Map(inner), Repr::Map(added)) = (&old.0, &value.0) {
                let was_empty = inner.is_empty();
                if !inner.is_nil() {
                    self.merge(inner, added)?;
                }
                // Only two empty maps leave something to decide.
                if was_empty && inner.is_empty() {
                    self.store(target, key, value);
                }
                continue;
            }
            if self.rule == Rule::Overwrite || is_empty(&old) {
                self.store(target, key, value);
            }
        }
        self.ancestors.leave_map();
        Ok(())
    }

    fn store(&mut self, target: &Map, key: &Str, value: &Value) {
        self.stored += 1;
        target.insert(key, value.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::print::to_text;

    fn dict(entries: &[(&str, Value)]) -> Map {
        entries.iter().map(|(k, v)| (*k, v.clone())).collect()
    }

    fn merged(target: &Map, source: &Map, rule: Rule) -> String {
        merge(target, source, rule).unwrap();
        String::from_utf8(to_text(&target.clone().into())).unwrap()
    }

    #[test]
    fn filling_replaces_what_is_empty() {
        let target = dict(&[
            ("a", Value::int(0)),
            ("b", Value::int(1)),
            ("c", Value::NIL),
        ]);
        let source = dict(&[
            ("a", Value::int(5)),
            ("b", Value::int(6)),
            ("c", Value::int(7)),
            ("d", Value::NIL),
        ]);
        assert_eq!(merged(&target, &source, Rule::Fill), "map[a:5 b:1 c:7]");
    }

    #[test]
    fn overwriting_keeps_a_map_from_an_empty_one() {
        let target = dict(&[
            ("m", dict(&[("x", Value::int(1))]).into()),
            ("n", Value::int(1)),
        ]);
        let source = dict(&[("m", Map::new().into()), ("n", Value::NIL)]);
        assert_eq!(
            merged(&target, &source, Rule::Overwrite),
            "map[m:map[x:1] n:<nil>]"
        );
    }

    #[test]
    fn maps_merge_deeply_and_in_place() {
        let inner = dict(&[("x", Value::int(1))]);
        let target = dict(&[("m", inner.clone().into())]);
        let source = dict(&[("m", dict(&[("y", Value::int(2))]).into())]);
        assert_eq!(merged(&target, &source, Rule::Fill), "map[m:map[x:1 y:2]]");
        assert_eq!(inner.len(), 2);
    }

    #[test]
    fn a_map_that_holds_itself_ends() {
        let cycle = Map::new();
        cycle.insert("m", cycle.clone().into());
        let other = Map::new();
        other.insert("m", other.clone().into());
        merge(&cycle, &other, Rule::Overwrite).unwrap();
        assert_eq!(cycle.len(), 1);
        cycle.remove(b"m");
        other.remove(b"m");
    }
}
