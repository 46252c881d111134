//! Whether values.yaml can be read, and meets values.schema.json.
//!
//! Only the chart's own schema is asked, of the chart's own values.
//!
//! helm: pkg/chart/v2/lint/rules `ValuesWithOverrides`.

use crate::chart::folder::Entry;
use crate::codec::yaml::{self, Shape};
use crate::limits::{self, Trust};
use crate::lint::message::{Messages, Severity};
use crate::lint::runner::Subject;
use crate::value::Map;
use crate::values::coalesce::{Nulls, fill_table};
use crate::values::schema;

const FILE: &str = "values.yaml";

static VALUES: Shape = Shape::Map("common.Values", &Shape::Any);

/// Looks at values.yaml.
pub(in crate::lint) fn check(subject: &Subject<'_>, messages: &mut Messages) {
    if !matches!(subject.folder.entry(FILE), Entry::File | Entry::Directory) {
        return messages.say(Severity::Info, FILE, "file does not exist");
    }
    let read = subject.folder.read(FILE).and_then(|data| {
        let values = yaml::decode_as(&data, &VALUES).map_err(|error| error.to_string())?;
        Ok(values.as_map().cloned().unwrap_or_default())
    });
    if limits::trust() == Trust::Untrusted {
        check_duplicates(subject, messages);
    }
    let fault = match read {
        Err(reason) => Err(format!("unable to parse YAML: {reason}")),
        Ok(defaults) => check_schema(subject, &defaults),
    };
    if let Err(text) = fault {
        messages.say(Severity::Error, FILE, text);
    }
}

/// Finds keys of which only the last counts.
fn check_duplicates(subject: &Subject<'_>, messages: &mut Messages) {
    // DIFFERS(helm): only with --untrusted; helm does not look.
    let Ok(data) = subject.folder.read(FILE) else {
        return;
    };
    // What is no YAML is told anyway.
    if let Err(error) = yaml::check_no_duplicates(&data)
        && error.to_string().contains("already set in map")
    {
        messages.say(Severity::Warning, FILE, error.to_string());
    }
}

/// Joins the user's values with the defaults, and checks them.
///
/// The user's maps take over the defaults that they lack, so that what comes later,
/// be it templates or the next chart, cannot tell them apart.
fn check_schema(subject: &Subject<'_>, defaults: &Map) -> Result<(), String> {
    let user = subject.values;
    let values = Map::with_entries(user.ty(), (*user.snapshot()).clone());
    fill_table(&values, defaults, Nulls::Delete, subject.sink);
    match subject.folder.read("values.schema.json") {
        Ok(schema) if !schema.is_empty() && !subject.options.skip_schema_validation => {
            let references = &subject.options.schema_references;
            schema::validate_one(&schema, &values, references, subject.sink)
        }
        _ => Ok(()),
    }
}
