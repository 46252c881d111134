//! Whether the subcharts are those that Chart.yaml lists.
//!
//! helm: pkg/chart/v2/lint/rules `Dependencies`.

use std::collections::BTreeSet;

use crate::chart::Chart;
use crate::limits::{self, Trust};
use crate::lint::message::{Messages, Severity};
use crate::lint::runner::Subject;
use crate::version::{Constraints, Version};

/// Compares the list with the subcharts.
pub(in crate::lint) fn check(subject: &Subject<'_>, messages: &mut Messages) {
    let chart = match subject.chart() {
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
    if limits::trust() == Trust::Untrusted {
        check_versions(chart, messages);
    }
}

/// Compares the versions in charts/ with those that Chart.yaml asks for and Chart.lock chose.
fn check_versions(chart: &Chart, messages: &mut Messages) {
    // DIFFERS(helm): only with --untrusted; helm does not look.
    for wanted in chart.metadata().dependencies() {
        let mut subcharts = chart.dependencies().iter();
        let Some(found) = subcharts.find(|subchart| subchart.name() == wanted.name) else {
            continue;
        };
        let (name, version) = (&wanted.name, &found.metadata().version);
        let fits = match (
            Constraints::parse(wanted.version.as_bytes()),
            Version::parse(version.as_bytes()),
        ) {
            (Ok(constraints), Ok(version)) => constraints.check(&version),
            _ => wanted.version.is_empty() || wanted.version == *version,
        };
        if !fits {
            let text = format!(
                "dependency {name} is there in version {version}, which is not what is asked for: {}",
                wanted.version
            );
            messages.say(Severity::Warning, "Chart.yaml", text);
        }
        let locked = chart.lock().and_then(|lock| lock.dependencies.as_ref());
        let locked = locked.and_then(|locked| locked.iter().find(|d| d.name == *name));
        if let Some(locked) = locked.filter(|locked| locked.version != *version) {
            let text = format!(
                "dependency {name} is there in version {version}, while {} was locked",
                locked.version
            );
            messages.say(Severity::Warning, "Chart.lock", text);
        }
    }
}
