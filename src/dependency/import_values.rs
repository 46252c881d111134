//! Values that a chart takes over from its dependencies.
//!
//! helm: `processDependencyImportValues`.

use super::lists::Lists;
use crate::chart::{Chart, Dependency};
use crate::diag::{Diagnostic, Error, Level, Sink};
use crate::limits::{self, Exceeded};
use crate::value::{Map, MapType, Value, print};
use crate::values::coalesce::{self, Nulls, fill_table};
use crate::values::path;

/// Returns the chart with the imported values among its defaults, and so all charts
/// below it.
///
/// Only what charts have by default is imported, nothing that the user gives. What
/// the parent has itself wins.
pub(super) fn import(chart: &Chart, lists: &mut Lists, sink: &Sink) -> Result<Chart, Error> {
    let chart = lists.current(chart);
    let mut subcharts = Vec::with_capacity(chart.dependencies().len());
    for subchart in chart.dependencies() {
        subcharts.push(import(subchart, lists, sink)?);
    }
    let mut chart = chart.with_dependencies(subcharts);
    let Some(mut wanted) = lists.of(&chart) else {
        lists.keep(&chart);
        return Ok(chart);
    };
    let values = coalesce::keep_nulls(&chart, &Map::new(), sink)?;
    let mut imported = Map::new();
    for dependency in &mut wanted {
        import_from(dependency, &values, &mut imported, sink)?;
    }
    if !imported.is_empty() {
        // What was imported is part of the values: without a copy it would change
        // under its own hands.
        let own = values.deep_copy();
        fill_table(&own, &imported, Nulls::Keep, sink);
        chart = chart.with_values(Some(own));
    } else {
        chart = chart.with_values(Some(values));
    }
    lists.set(&chart, Some(wanted));
    lists.keep(&chart);
    Ok(chart)
}

/// Adds what one dependency gives. Its list is afterwards as helm shows it to
/// templates: maps of `child` and `parent`.
fn import_from(
    dependency: &mut Dependency,
    values: &Map,
    imported: &mut Map,
    sink: &Sink,
) -> Result<(), Exceeded> {
    let mut done = Vec::new();
    for wanted in std::mem::take(&mut dependency.import_values) {
        let (child, parent) = match (wanted.as_dict(), wanted.as_str()) {
            (Some(map), _) => (
                print::to_text(&map.index(b"child")),
                print::to_text(&map.index(b"parent")),
            ),
            (None, Some(name)) => ([b"exports.", &**name].concat(), b".".to_vec()),
            (None, None) => continue,
        };
        done.push(pair(&child, &parent));
        let at = [dependency.name.as_bytes(), b".", &child].concat();
        match path::table(values, &at) {
            Ok(table) => {
                let below = nested(&parent, table);
                fill_table(imported, &below, Nulls::Keep, sink);
                // All that was imported before is looked at each time.
                if limits::is_tripped() {
                    limits::check()?;
                }
            }
            Err(error) if wanted.as_dict().is_some() => sink.push(
                Diagnostic::log(Level::Warn, "ImportValues missing table from chart")
                    .with("chart", &dependency.name)
                    .with("error", error),
            ),
            Err(error) => sink.push(
                Diagnostic::log(Level::Warn, "ImportValues missing table").with("error", error),
            ),
        }
    }
    dependency.import_values = done;
    Ok(())
}

fn pair(child: &[u8], parent: &[u8]) -> Value {
    let entries = [("child", child), ("parent", parent)];
    let entries = entries
        .into_iter()
        .map(|(key, text)| (key.into(), Value::string(text)))
        .collect();
    Map::with_entries(&MapType::STRING, entries).into()
}

/// Returns maps within maps along the path, with `table` innermost.
fn nested(path: &[u8], table: Map) -> Map {
    if path == b"." {
        return table;
    }
    path.split(|&byte| byte == b'.')
        .rev()
        .fold(table, |inner, key| {
            [(key, Value::from(inner))].into_iter().collect()
        })
}
