//! Conditions, tags and aliases.
//!
//! helm: `processDependencyEnabled`.

use std::collections::{BTreeMap, BTreeSet};

use super::lists::Lists;
use crate::chart::{Chart, Dependency};
use crate::diag::{Diagnostic, Error, Level, Sink};
use crate::limits::{self, Exceeded};
use crate::value::{Map, Str};
use crate::values::{coalesce, path};
use crate::version::{Constraints, Version};

/// Returns the chart with the subcharts that take part.
///
/// `values` are those of the root chart, and `prefix` leads from there to this
/// chart: `db.` for the subchart db. `path` is where the chart was before any chart got
/// another name. Subcharts of a chart that lists nothing take
/// part as they are, whatever lies below them.
pub(super) fn select(
    chart: &Chart,
    values: &Map,
    prefix: &[u8],
    path: &[u8],
    lists: &mut Lists,
    sink: &Sink,
) -> Result<Chart, Error> {
    let chart = lists.current(chart);
    let Some(mut wanted) = lists.of(&chart) else {
        return Ok(chart);
    };
    let (chart, paths) = apply_aliases(chart, &mut wanted, path)?;
    let values = coalesce::coalesce(&chart, values, sink)?;
    apply_tags(&mut wanted, &values, sink);
    apply_conditions(&mut wanted, &values, prefix, sink);

    let disabled: BTreeSet<String> = wanted
        .iter()
        .filter(|dependency| !dependency.enabled)
        .map(|dependency| dependency.name.clone())
        .collect();
    wanted.retain(|dependency| !disabled.contains(&dependency.name));
    let mut subcharts = Vec::new();
    for (subchart, path) in chart.dependencies().iter().zip(&paths) {
        if !disabled.contains(subchart.name()) {
            let prefix = [prefix, subchart.name().as_bytes(), b"."].concat();
            subcharts.push(select(subchart, &values, &prefix, path, lists, sink)?);
        }
    }
    lists.set(&chart, (!wanted.is_empty()).then_some(wanted));
    let chart = chart.with_dependencies(subcharts);
    lists.keep(&chart);
    Ok(chart)
}

/// Returns the chart with its subcharts in the order of its list, under their
/// aliases; those that are not listed come first. With them, where each was before.
///
/// # Errors
///
/// Fails if there is no time left.
fn apply_aliases(
    chart: Chart,
    wanted: &mut [Dependency],
    path: &[u8],
) -> Result<(Chart, Vec<Vec<u8>>), Exceeded> {
    let mut by_name: BTreeMap<&str, Vec<(usize, Option<Version>)>> = BTreeMap::new();
    for (at, subchart) in chart.dependencies().iter().enumerate() {
        let version = Version::parse(subchart.metadata().version.as_bytes()).ok();
        by_name
            .entry(subchart.name())
            .or_default()
            .push((at, version));
    }
    let mut is_listed = vec![false; chart.dependencies().len()];
    let mut chosen = Vec::with_capacity(wanted.len());
    for dependency in &*wanted {
        limits::check()?;
        let mut first = None;
        if let Some(same_name) = by_name.get(dependency.name.as_str())
            && let Ok(range) = Constraints::parse(dependency.version.as_bytes())
        {
            for (at, version) in same_name {
                if version.as_ref().is_some_and(|version| range.check(version)) {
                    is_listed[*at] = true;
                    first = first.or(chart.dependencies().get(*at));
                }
            }
        }
        chosen.push(first);
    }
    let path_of = |subchart: &Chart| [path, b"/charts/", subchart.name().as_bytes()].concat();
    let (mut subcharts, mut paths) = (Vec::new(), Vec::new());
    for (subchart, is_listed) in chart.dependencies().iter().zip(is_listed) {
        if !is_listed {
            paths.push(path_of(subchart));
            subcharts.push(subchart.clone().with_parent_path(None));
        }
    }
    for (dependency, chosen) in wanted.iter_mut().zip(chosen) {
        if let Some(subchart) = chosen {
            let path = path_of(subchart);
            subcharts.push(taken(subchart, &dependency.alias, &path));
            paths.push(path);
        }
        if !dependency.alias.is_empty() {
            dependency.name.clone_from(&dependency.alias);
        }
        dependency.enabled = true;
    }
    let chart = chart.with_dependencies(subcharts);
    Ok((chart, paths))
}

/// Returns a listed subchart under its alias.
///
/// helm copies it with its list, and the charts right below without theirs. What is
/// deeper still hangs on the charts that were copied: its path shows the names they had,
/// until a list of its own parent puts it in place anew (`found/alias-path`).
fn taken(chart: &Chart, alias: &str, path: &[u8]) -> Chart {
    let below = chart.dependencies().iter().map(|child| {
        let path = Str::from([path, b"/charts/", child.name().as_bytes()].concat());
        let deeper = child.dependencies().iter().cloned();
        let deeper =
            deeper.map(|chart| chart.with_parent_path(Some(path.clone())).with_shared(true));
        let deeper = deeper.collect();
        child
            .clone()
            .with_dependencies(deeper)
            .with_parent_path(None)
            .with_shared(false)
    });
    let below = below.collect();
    let mut metadata = chart.metadata().clone();
    if !alias.is_empty() {
        alias.clone_into(&mut metadata.name);
    }
    chart
        .clone()
        .with_metadata(metadata)
        .with_dependencies(below)
        .with_parent_path(None)
        .with_shared(false)
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
