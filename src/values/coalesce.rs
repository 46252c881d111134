//! Joining user values with the defaults of a chart and its subcharts.
//!
//! A chart and a map of user values come in; a fresh map goes out that shares
//! nothing with either, so that a render may change it. Within it, maps below
//! `global` are shared between a chart and its subcharts, as in helm: what a
//! template stores there the others see.
//!
//! Where the user gives null, the default disappears. What does not fit together is
//! told to the [`Sink`] in helm's words.
//!
//! helm: pkg/chart/common/util `CoalesceValues`, `MergeValues`.

use crate::chart::Chart;
use crate::diag::{Diagnostic, Error, ErrorKind, Level, Sink};
use crate::gostd::strconv;
use crate::limits;
use crate::value::{Map, Value, print, printf};

const GLOBAL: &[u8] = b"global";

/// A map with more entries than this is counted each time it is walked.
const LARGE: usize = 64;

/// What an entry that is walked costs, in bytes of work.
const ENTRY: u64 = 16;

/// Returns the values that templates see.
///
/// # Errors
///
/// Returns helm's text if the values for a subchart are no map: `type mismatch on
/// sub: %!t(float64=3)`.
pub fn coalesce(chart: &Chart, user: &Map, sink: &Sink) -> Result<Map, Error> {
    join(chart, user, Nulls::Delete, sink)
}

/// As [`coalesce`], where nobody looks at the user's values afterwards, nor at the defaults of a chart that has nothing
/// to do with others: they become part of the result, without a copy.
///
/// # Errors
///
/// As [`coalesce`].
pub(crate) fn coalesce_spent(chart: &Chart, user: &Map, sink: &Sink) -> Result<Map, Error> {
    // A subchart may hang in the tree several times, with the same defaults; and what is imported is shared.
    let is_alone = chart.dependencies().is_empty() && chart.metadata().dependencies.is_none();
    let joiner = Joiner {
        sink,
        spends: is_alone,
    };
    joiner.join_chart(chart, user, "", Nulls::Delete)?;
    Ok(user.clone())
}

/// Returns the values like [`coalesce`], but with every null kept, so that they can
/// be joined once more.
///
/// # Errors
///
/// As [`coalesce`].
pub(crate) fn keep_nulls(chart: &Chart, user: &Map, sink: &Sink) -> Result<Map, Error> {
    join(chart, user, Nulls::Keep, sink)
}

/// What null means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nulls {
    /// There is no such value.
    Delete,
    /// A value like others.
    Keep,
}

fn join(chart: &Chart, user: &Map, nulls: Nulls, sink: &Sink) -> Result<Map, Error> {
    let values = user.deep_copy();
    let joiner = Joiner {
        sink,
        spends: false,
    };
    joiner.join_chart(chart, &values, "", nulls)?;
    Ok(values)
}

/// Puts the entries of `below` where `above` has none, map into map. Maps that only
/// `below` has are shared afterwards.
pub(crate) fn fill_table(above: &Map, below: &Map, nulls: Nulls, sink: &Sink) {
    let spends = false;
    Joiner { sink, spends }.fill_table(above, below, "", nulls);
}

struct Joiner<'s> {
    sink: &'s Sink,
    /// Whether the defaults are nobody else's.
    spends: bool,
}

impl Joiner<'_> {
    fn join_chart(
        &self,
        chart: &Chart,
        values: &Map,
        prefix: &str,
        nulls: Nulls,
    ) -> Result<(), Error> {
        let prefix = joined(prefix, chart.name());
        self.fill_defaults(chart, values, &prefix, nulls);
        for subchart in chart.dependencies() {
            let name = subchart.name();
            let existing = values.get(name.as_bytes());
            let inner = match &existing {
                None => {
                    let inner = Map::new();
                    values.insert(name, inner.clone().into());
                    inner
                }
                Some(value) => match value.as_map() {
                    Some(map) => map.clone(),
                    None => return Err(type_mismatch(name, value)),
                },
            };
            self.pass_globals(&inner, values, &prefix);
            self.join_chart(subchart, &inner, &prefix, nulls)?;
        }
        Ok(())
    }

    /// Fills in the defaults of one chart.
    fn fill_defaults(&self, chart: &Chart, values: &Map, prefix: &str, nulls: Nulls) {
        let Some(defaults) = chart.values() else {
            return;
        };
        // What follows changes them and makes them part of the values.
        let defaults = match self.spends {
            true => defaults.clone(),
            false => defaults.deep_copy(),
        };
        for (key, default) in defaults.snapshot().iter() {
            match values.get(key) {
                Some(value) if value.is_nil() && nulls == Nulls::Delete => {
                    values.remove(key);
                }
                Some(value) => {
                    let Some(above) = value.as_map() else {
                        continue;
                    };
                    let Some(below) = default.as_map() else {
                        if !default.is_nil() {
                            let path = joined(prefix, &key.to_lossy());
                            self.warn(format!("warning: skipped value for {path}: Not a table."));
                        }
                        continue;
                    };
                    // The subchart's own turn comes later, and needs its nulls.
                    let is_subchart = chart
                        .dependencies()
                        .iter()
                        .any(|subchart| subchart.name().as_bytes() == &**key);
                    let nulls = if is_subchart { Nulls::Keep } else { nulls };
                    if nulls == Nulls::Delete {
                        delete_nulls(below);
                    }
                    self.fill_table(above, below, &joined(prefix, &key.to_lossy()), nulls);
                }
                None => {
                    if nulls == Nulls::Delete {
                        if default.is_nil() {
                            continue;
                        }
                        if let Some(map) = default.as_map() {
                            delete_nulls(map);
                        }
                    }
                    values.insert(key, default.clone());
                }
            }
        }
    }

    fn fill_table(&self, above: &Map, below: &Map, prefix: &str, nulls: Nulls) {
        let defaults = below.snapshot();
        if above.len() > LARGE {
            // Whoever fills in many gives up where that is too much.
            let _ = limits::work(ENTRY * above.len() as u64);
        }
        // Where the user has null, the default becomes null as well: it may be
        // shared, and is seen so by whoever shares it.
        for (key, value) in above.snapshot().iter() {
            if value.is_nil() {
                below.insert(key, Value::NIL);
            }
        }
        for (key, default) in defaults.iter() {
            let Some(value) = above.get(key) else {
                above.insert(key, default.clone());
                continue;
            };
            if value.is_nil() {
                if nulls == Nulls::Delete && !default.is_nil() {
                    above.remove(key);
                }
                continue;
            }
            match (value.as_map(), default.as_map()) {
                (Some(above), Some(below)) => {
                    self.fill_table(above, below, &joined(prefix, &key.to_lossy()), nulls);
                }
                (None, Some(_)) => self.warn(format!(
                    "warning: cannot overwrite table with non table for {} ({})",
                    joined(prefix, &key.to_lossy()),
                    text(default)
                )),
                (Some(_), None) if !default.is_nil() => self.warn(format!(
                    "warning: destination for {} is a table. Ignoring non-table value ({})",
                    joined(prefix, &key.to_lossy()),
                    text(default)
                )),
                _ => {}
            }
        }
    }

    /// Passes the globals of a chart on to a subchart, over those it has.
    fn pass_globals(&self, values: &Map, parent: &Map, prefix: &str) {
        let existing = values.get(GLOBAL);
        let globals = match &existing {
            None => Map::new(),
            Some(value) => match value.as_map() {
                Some(map) => map.clone(),
                None => {
                    self.warn(
                        "warning: skipping globals because destination global is not a table.",
                    );
                    return;
                }
            },
        };
        let passed = match parent.get(GLOBAL) {
            None => None,
            Some(value) => match value.as_map() {
                Some(map) => Some(map.snapshot()),
                None => {
                    self.warn("warning: skipping globals because source global is not a table.");
                    return;
                }
            },
        };
        for (key, value) in passed.iter().flat_map(|entries| entries.iter()) {
            let existing = globals.get(key);
            let existing_map = existing.as_ref().and_then(Value::as_map);
            match (value.as_map(), &existing) {
                (Some(map), None) => globals.insert(key, shallow_copy(map).into()),
                (Some(map), Some(_)) => match existing_map {
                    Some(below) => {
                        let above = shallow_copy(map);
                        let prefix = joined(prefix, &key.to_lossy());
                        self.fill_table(&above, below, &prefix, Nulls::Keep);
                        globals.insert(key, above.into());
                    }
                    None => self.warn(format!(
                        "Conflict: cannot merge map onto non-map for {}. Skipping.",
                        strconv::quote(key)
                    )),
                },
                (None, _) if existing_map.is_some() => {
                    self.warn(format!("key {} is table. Skipping", key.to_lossy()));
                }
                (None, _) => globals.insert(key, value.clone()),
            }
        }
        values.insert(GLOBAL, globals.into());
    }

    fn warn(&self, message: impl Into<String>) {
        self.sink.push(Diagnostic::log(Level::Info, message));
    }
}

fn type_mismatch(name: &str, value: &Value) -> Error {
    let mut message = format!("type mismatch on {name}: ").into_bytes();
    message.extend(printf::sprintf(b"%t", std::slice::from_ref(value)));
    Error::new(ErrorKind::Values, message)
}

/// Returns a map with the same values; maps in it stay shared.
fn shallow_copy(map: &Map) -> Map {
    let entries = map.snapshot();
    Map::with_entries(map.ty(), (*entries).clone())
}

/// Removes nulls from a map and the maps in it, not from lists.
fn delete_nulls(map: &Map) {
    for (key, value) in map.snapshot().iter() {
        if value.is_nil() {
            map.remove(key);
        } else if let Some(inner) = value.as_map() {
            delete_nulls(inner);
        }
    }
}

fn joined(prefix: &str, name: &str) -> String {
    if prefix.is_empty() {
        name.to_owned()
    } else {
        format!("{prefix}.{name}")
    }
}

fn text(value: &Value) -> String {
    String::from_utf8_lossy(&print::to_text(value)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::loader;
    use crate::codec::yaml;

    fn chart(values: &str, sub: &str) -> Chart {
        let files = [
            ("Chart.yaml", "name: t\nversion: 1\n"),
            ("values.yaml", values),
            ("charts/sub/Chart.yaml", "name: sub\nversion: 1\n"),
            ("charts/sub/values.yaml", sub),
        ];
        loader::from_memory(files, &Sink::new()).unwrap()
    }

    fn joined_text(chart: &Chart, user: &str, sink: &Sink) -> String {
        let user = yaml::decode_map(user.as_bytes()).unwrap();
        text(&coalesce(chart, &user, sink).unwrap().into())
    }

    #[test]
    fn null_deletes_a_default() {
        let chart = chart("{a: {b: 1, c: 2}, n: null, l: [null]}", "k: 1");
        let sink = Sink::new();
        assert_eq!(
            joined_text(&chart, "{a: {b: null, x: null}, sub: {k: null}}", &sink),
            "map[a:map[c:2 x:<nil>] l:[<nil>] sub:map[global:map[]]]"
        );
        assert!(sink.take().is_empty());
        // The chart itself is as it was.
        assert_eq!(
            joined_text(&chart, "{}", &sink),
            "map[a:map[b:1 c:2] l:[<nil>] sub:map[global:map[] k:1]]"
        );
    }

    #[test]
    fn what_does_not_fit_is_told() {
        let chart = chart("{a: {b: {c: 1}}, s: 1}", "");
        let sink = Sink::new();
        joined_text(&chart, "{a: {b: {c: {d: 1}}}, s: {x: 1}}", &sink);
        joined_text(&chart, "{a: {b: 1}}", &sink);
        let messages: Vec<_> = sink.take().into_iter().map(|d| d.message).collect();
        assert_eq!(
            messages,
            [
                "warning: destination for t.a.b.c is a table. Ignoring non-table value (1)",
                "warning: skipped value for t.s: Not a table.",
                "warning: cannot overwrite table with non table for t.a.b (map[c:1])",
            ]
        );
        let user = yaml::decode_map(b"sub: 3").unwrap();
        let error = coalesce(&chart, &user, &sink).err().map(|e| e.to_string());
        assert_eq!(
            error.as_deref(),
            Some("type mismatch on sub: %!t(float64=3)")
        );
    }

    #[test]
    fn globals_reach_subcharts_and_what_lies_deeper_is_shared() {
        let chart = chart("global: {a: {b: {x: 1}}}", "global: {a: {b: {z: 2}}, k: 1}");
        assert_eq!(
            joined_text(&chart, "{}", &Sink::new()),
            "map[global:map[a:map[b:map[x:1 z:2]]] \
             sub:map[global:map[a:map[b:map[x:1 z:2]] k:1]]]"
        );
    }
}
