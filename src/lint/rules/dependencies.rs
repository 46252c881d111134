//! Whether the subcharts are those that Chart.yaml lists.
//!
//! helm: pkg/chart/v2/lint/rules `Dependencies`.

use std::collections::BTreeSet;

use crate::lint::message::{Messages, Severity};
use crate::lint::runner::Subject;

/// Compares the list with the subcharts.
pub(in crate::lint) fn check(subject: &Subject<'_>, messages: &mut Messages) {
    let chart = match &subject.chart {
        Ok(chart) => chart,
        Err(error) => {
            let error = error.clone().prefixed("unable to load chart\n\t");
            return messages.add(Severity::Error, "", error);
        }
    };
    let path = subject.folder.path().as_os_str().as_encoded_bytes();
    let listed = chart.metadata().dependencies();
    let listed_names: BTreeSet<&str> = listed.iter().map(|d| d.name.as_str()).collect();
    let present: BTreeSet<&str> = chart.dependencies().iter().map(|c| c.name()).collect();
    let mut say = |severity, what: &str, names: &[&str]| {
        if !names.is_empty() {
            messages.say(severity, path, format!("{what}: {}", names.join(",")));
        }
    };

    let names = chart.dependencies().iter().map(|c| c.name());
    let unlisted: Vec<&str> = names.filter(|name| !listed_names.contains(name)).collect();
    let what = "chart metadata is missing these dependencies";
    say(Severity::Error, what, &unlisted);

    // A list with two of a name is no valid list, so the chart was not loaded: there
    // is no such rule here.

    let names = listed.iter().map(|d| d.name.as_str());
    let absent: Vec<&str> = names.filter(|name| !present.contains(name)).collect();
    let what = "chart directory is missing these dependencies";
    say(Severity::Warning, what, &absent);
}
