//! Conditions, tags and aliases.
//!
//! helm: `processDependencyEnabled`.

use std::collections::BTreeSet;

use super::fits;
use crate::chart::{Chart, Dependency, Metadata};
use crate::diag::{Diagnostic, Error, Level, Sink};
use crate::value::Map;
use crate::values::{coalesce, path};

/// Returns the chart with the subcharts that take part.
///
/// `values` are those of the root chart, and `prefix` leads from there to this
/// chart: `db.` for the subchart db. Subcharts of a chart that lists nothing take
/// part as they are, whatever lies below them.
pub(super) fn select(
    chart: &Chart,
    values: &Map,
    prefix: &[u8],
    sink: &Sink,
) -> Result<Chart, Error> {
    let Some(wanted) = &chart.metadata().dependencies else {
        return Ok(chart.clone());
    };
    let chart = apply_aliases(chart, wanted);
    let values = coalesce::coalesce(&chart, values, sink)?;
    let mut metadata = chart.metadata().clone();
    let mut wanted = metadata.dependencies.take().unwrap_or_default();
    apply_tags(&mut wanted, &values, sink);
    apply_conditions(&mut wanted, &values, prefix, sink);

    let disabled: BTreeSet<String> = wanted
        .iter()
        .filter(|dependency| !dependency.enabled)
        .map(|dependency| dependency.name.clone())
        .collect();
    wanted.retain(|dependency| !disabled.contains(&dependency.name));
    metadata.dependencies = (!wanted.is_empty()).then_some(wanted);
    let mut subcharts = Vec::new();
    for subchart in chart.dependencies() {
        if !disabled.contains(subchart.name()) {
            let prefix = [prefix, subchart.name().as_bytes(), b"."].concat();
            subcharts.push(select(subchart, &values, &prefix, sink)?);
        }
    }
    Ok(chart.with_metadata(metadata).with_dependencies(subcharts))
}

/// Returns the chart with its subcharts in the order of its list, under their
/// aliases; those that are not listed come first.
fn apply_aliases(chart: &Chart, wanted: &[Dependency]) -> Chart {
    let is_wanted = |subchart: &Chart, dependency: &Dependency| {
        subchart.name() == dependency.name
            && fits(&dependency.version, &subchart.metadata().version)
    };
    let unlisted = |subchart: &&Chart| !wanted.iter().any(|d| is_wanted(subchart, d));
    let mut subcharts: Vec<Chart> = chart
        .dependencies()
        .iter()
        .filter(unlisted)
        .cloned()
        .collect();
    let mut metadata = chart.metadata().clone();
    for dependency in metadata.dependencies.iter_mut().flatten() {
        let found = chart
            .dependencies()
            .iter()
            .find(|subchart| is_wanted(subchart, dependency));
        if let Some(subchart) = found {
            subcharts.push(renamed(subchart, &dependency.alias));
        }
        if !dependency.alias.is_empty() {
            dependency.name.clone_from(&dependency.alias);
        }
        dependency.enabled = true;
    }
    chart
        .clone()
        .with_metadata(metadata)
        .with_dependencies(subcharts)
}

fn renamed(chart: &Chart, alias: &str) -> Chart {
    if alias.is_empty() {
        return chart.clone();
    }
    let metadata = Metadata {
        name: alias.to_owned(),
        ..chart.metadata().clone()
    };
    chart.clone().with_metadata(metadata)
}

/// Switches dependencies by their tags: one that is true is enough, else one that is
/// false switches off.
fn apply_tags(wanted: &mut [Dependency], values: &Map, sink: &Sink) {
    let Ok(tags) = path::table(values, b"tags") else {
        return;
    };
    for dependency in wanted {
        let (mut any_true, mut any_false) = (false, false);
        for tag in &dependency.tags {
            let Some(value) = tags.get(tag.as_bytes()) else {
                continue;
            };
            match value.as_bool() {
                Some(true) => any_true = true,
                Some(false) => any_false = true,
                None => warn(sink, "tag", tag, &dependency.name),
            }
        }
        dependency.enabled = any_true || !any_false;
    }
}

/// Switches dependencies by their conditions: the first path that leads to true or
/// false decides.
fn apply_conditions(wanted: &mut [Dependency], values: &Map, prefix: &[u8], sink: &Sink) {
    for dependency in wanted {
        let condition = dependency.condition.trim();
        for at in condition.split(',').filter(|path| !path.is_empty()) {
            let Ok(value) = path::value(values, &[prefix, at.as_bytes()].concat()) else {
                continue;
            };
            if let Some(enabled) = value.as_bool() {
                dependency.enabled = enabled;
                break;
            }
            warn(sink, "path", at, &dependency.name);
        }
    }
}

fn warn(sink: &Sink, kind: &'static str, at: &str, chart: &str) {
    sink.push(
        Diagnostic::log(Level::Warn, "returned non-bool value")
            .with(kind, at)
            .with("chart", chart),
    );
}
