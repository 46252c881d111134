//! Whether the files in crds/ hold custom resource definitions and nothing else.
//!
//! helm: pkg/chart/v2/lint/rules `Crds`.

use super::object::{OBJECT, Object};
use crate::chart::folder::Entry;
use crate::codec::stream;
use crate::lint::message::{Messages, Severity};
use crate::lint::runner::Subject;

/// Looks at the files in crds/, those of subcharts too.
pub(in crate::lint) fn check(subject: &Subject<'_>, messages: &mut Messages) {
    const PATH: &str = "crds/";
    match subject.folder.entry("crds") {
        Entry::Missing => return,
        Entry::Directory => {}
        Entry::File => return messages.say(Severity::Error, PATH, "not a directory"),
        Entry::Unknown(reason) => return messages.say(Severity::Error, PATH, reason),
    }
    let chart = match subject.chart() {
        Ok(chart) => chart,
        Err(error) => return messages.add(Severity::Error, PATH, error.clone()),
    };
    for (_, file) in chart.crds() {
        for document in stream::documents(&file.data, &OBJECT) {
            let document = match document {
                Ok(document) => document,
                Err(reason) => {
                    let text = format!("unable to parse YAML: {reason}");
                    return messages.say(Severity::Error, file.name, text);
                }
            };
            let Some(object) = Object::read(&document) else {
                continue;
            };
            let mut say = |text: &str| messages.say(Severity::Error, file.name.clone(), text);
            if !object.api_version.starts_with(b"apiextensions.k8s.io") {
                say("apiVersion is not in 'apiextensions.k8s.io'");
            }
            if *object.kind != *b"CustomResourceDefinition" {
                say("object kind is not 'CustomResourceDefinition'");
            }
        }
    }
}
