//! Whether the values suit the charts: values.schema.json.
//!
//! A chart tree and its joined values come in; nothing goes out, or one error with
//! all violations of all charts. Schemas are read and compiled only where a chart
//! has one. The way of a schema: [`json`] (text to JSON), [`sound`] (is it right in
//! itself?), [`quick`] (do the values plainly fit?); if they do not or it cannot tell,
//! [`compile`] (keywords and references) and [`run`] (values against it, and what to
//! say about them).
//!
//! helm: pkg/chart/common/util `ValidateAgainstSchema`. Go:
//! santhosh-tekuri/jsonschema v6.

mod compile;
mod cost;
mod draft;
mod format;
mod json;
mod members;
mod metaschema;
mod number;
mod pattern;
mod quick;
mod reference;
mod run;
mod sound;
mod url;

use crate::chart::{Chart, File};
use crate::diag::{Error, ErrorKind, Sink};
use crate::limits;
use crate::value::{Map, Value};

use json::Document;
pub use reference::{Fetch, MAX_DOCUMENT, References, check_size};

/// The address under which helm knows the schema of a chart.
const URL: &str = "file:///values.schema.json";

/// Checks the joined values of a chart and its subcharts against their schemas.
///
/// # Errors
///
/// Returns helm's text: a first line, then for each chart its name and what is wrong.
pub fn validate(
    chart: &Chart,
    values: &Map,
    references: &References,
    sink: &Sink,
) -> Result<(), Error> {
    let report = with_stack(sink, |sink| {
        let mut report = String::new();
        validate_chart(chart, values, references, sink, &mut report);
        report
    })?;
    limits::check()?;
    if report.is_empty() {
        return Ok(());
    }
    let text = format!(
        "values don't meet the specifications of the schema(s) in the following chart(s):\n{report}"
    );
    Err(Error::new(ErrorKind::Schema, text))
}

/// Levels of recursion over values for which a thread must have stack, if it is to look at any schema.
const LEVELS: u64 = 20_000;

/// Stack for as many levels.
const STACK: usize = 256 << 20;

/// Does something that needs much stack, on another thread if this one has too little.
fn with_stack<T: Send>(sink: &Sink, work: impl FnOnce(&Sink) -> T + Send) -> Result<T, Error> {
    if limits::stack_levels() >= LEVELS {
        return Ok(work(sink));
    }
    let bounds = limits::current();
    let own = || {
        limits::set_stack_levels(LEVELS);
        let sink = Sink::new();
        let done = bounds.enter(|| work(&sink));
        (done, sink.take())
    };
    let (done, messages) = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        let thread = thread.spawn_scoped(scope, own);
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(error) => {
                let text = format!("cannot start a thread: {error}");
                Err(Error::new(ErrorKind::Unavailable, text))
            }
        }
    })?;
    messages.into_iter().for_each(|message| sink.push(message));
    Ok(done)
}

/// Reports whether the joined values of a chart and its subcharts surely meet their schemas, as far as that can be
/// seen without compiling one. Needs little stack, whatever schemas and values look like.
pub fn surely_valid(chart: &Chart, values: &Map) -> bool {
    let meets = |schema: Document<'_>| quick::surely_fits(schema.root(), &values.clone().into());
    let is_met = |schema: &File| Document::parse_shallow(&schema.data).is_some_and(meets);
    chart.schema().is_none_or(is_met)
        && chart.dependencies().iter().all(|subchart| {
            let own = values.get(subchart.name().as_bytes());
            own.is_none_or(|own| match own.as_map() {
                Some(own) => surely_valid(subchart, own),
                None => own.is_nil(),
            })
        })
}

fn validate_chart(
    chart: &Chart,
    values: &Map,
    references: &References,
    sink: &Sink,
    report: &mut String,
) {
    if let Some(schema) = chart.schema()
        && let Err(problems) = validate_one(&schema.data, values, references, sink)
    {
        report.push_str(chart.name());
        report.push_str(":\n");
        report.push_str(&problems);
    }
    for subchart in chart.dependencies() {
        match values.get(subchart.name().as_bytes()) {
            None => {}
            Some(value) if value.is_nil() => {}
            Some(value) => match value.as_map() {
                Some(values) => validate_chart(subchart, values, references, sink, report),
                None => report.push_str(&format!(
                    "{}:\ninvalid type for values: expected object (map), got {}\n",
                    subchart.name(),
                    value.go_type()
                )),
            },
        }
    }
}

/// Checks values against the text of one schema.
///
/// # Errors
///
/// Returns helm's text: the violations with a line end each, or why the schema
/// cannot be used.
pub fn validate_one(
    schema: &[u8],
    values: &Map,
    references: &References,
    sink: &Sink,
) -> Result<(), String> {
    let schema = Document::parse(schema)?;
    let values = Value::from(values.clone());
    if quick::surely_fits(schema.root(), &values) {
        debug_assert!(
            explain(schema, &values, references, sink).is_ok() || limits::is_tripped(),
            "the long way finds something wrong"
        );
        return Ok(());
    }
    explain(schema, &values, references, sink)
}

/// Checks values the long way, which finds the words for what is wrong.
fn explain(
    schema: Document<'_>,
    values: &Value,
    references: &References,
    sink: &Sink,
) -> Result<(), String> {
    let (schemas, index) = compile::compile(URL, schema.into_owned(), references, sink)?;
    run::validate(&schemas, index, values).map_err(|violation| {
        let text = violation.to_string();
        // What stands before the violations is the same for every chart.
        let start = text.find('\n').map_or(0, |line_end| line_end + 1);
        format!("{}\n", &text[start..])
    })
}

#[cfg(test)]
mod tests;
