//! Which subcharts take part, under which names, and what their parents take over.
//!
//! A loaded chart and the user's values come in; [`process`] makes another chart out
//! of them: dependencies that conditions or tags switch off are gone, those with an
//! alias bear it, and the values that a chart imports from its dependencies are
//! among its defaults. The chart that came in stays as it is.
//!
//! helm: pkg/chart/v2/util `ProcessDependencies`.

mod enabled;
mod import_values;
mod lists;

use std::collections::BTreeSet;

use self::lists::Lists;
use crate::chart::Chart;
use crate::diag::{Error, ErrorKind, Sink};
use crate::value::Map;

/// Returns the chart as the user's values make it.
///
/// # Errors
///
/// Returns helm's text, without the prefix `chart dependencies processing failed: `,
/// if the values for a subchart are no map.
pub fn process(chart: &Chart, user: &Map, sink: &Sink) -> Result<Chart, Error> {
    let mut lists = Lists::default();
    let path = chart.name().as_bytes();
    let chart = enabled::select(chart, user, b"", path, &mut lists, sink)?;
    let chart = import_values::import(&chart, &mut lists, sink)?;
    Ok(lists.apply(&chart))
}

/// Reports by name which charts that Chart.yaml lists are not in charts/.
///
/// Only names are compared, and only those of the chart's own list.
///
/// # Errors
///
/// Returns helm's text: `found in Chart.yaml, but missing in charts/ directory: a, b`.
pub fn check_present(chart: &Chart) -> Result<(), Error> {
    let there: BTreeSet<&str> = chart.dependencies().iter().map(Chart::name).collect();
    let missing: Vec<&str> = chart
        .metadata()
        .dependencies()
        .iter()
        .map(|wanted| wanted.name.as_str())
        .filter(|name| !there.contains(name))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let text = format!(
        "found in Chart.yaml, but missing in charts/ directory: {}",
        missing.join(", ")
    );
    Err(Error::new(ErrorKind::Dependency, text))
}
