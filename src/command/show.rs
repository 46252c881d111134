//! `show`: a chart, or one part of it, as text.
//!
//! helm: pkg/action `Show`.

use super::confine::Wanted;
use super::locate::{ChartLocation, Located};
use crate::chart::Chart;
use crate::chart::loader::Formats;
use crate::codec::yaml;
use crate::diag::{Error, ErrorKind, Sink};
use crate::gostd::unicode::equal_fold;
use crate::jsonpath::JsonPath;
use crate::sandbox::{self, Needs};
use crate::value::Value;

/// What of a chart is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// Everything, one after the other.
    All,
    /// Chart.yaml, written anew.
    Chart,
    /// values.yaml as it is, or what an expression picks from it.
    Values,
    /// The file that introduces the chart.
    Readme,
    /// The custom resource definitions, those of subcharts too.
    Crds,
}

/// What `show` is asked to do.
#[derive(Clone, Debug)]
pub struct ShowArguments {
    /// What to show.
    pub part: Part,
    /// The chart.
    pub location: ChartLocation,
    /// What to pick from the values (`--jsonpath`), empty for everything.
    pub json_path: String,
}

/// Returns what `show` prints.
///
/// # Errors
///
/// Fails with helm's text if there is no such chart, or the expression for values does not parse.
pub fn run(arguments: &ShowArguments, sink: &Sink) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    let location = &arguments.location;
    if let Some(mut wanted) = Wanted::if_untrusted(&location.remote) {
        wanted.chart(location);
        wanted.enter(|| Ok(Vec::new()), sink)?;
    }
    let located = location.find(&mut out, sink)?;
    let mut needs = Needs::default();
    if let Located::Path(path) = &located {
        needs.read.push(path.clone());
    }
    sandbox::enter(&needs, sink);
    let chart = located.load_as(Formats::Any, sink)?;
    let part = arguments.part;
    let wants = |one: Part| part == one || part == Part::All;
    let separator: &[u8] = if part == Part::All { b"---\n" } else { b"" };
    if wants(Part::Chart) {
        let metadata = chart.metadata().to_value();
        let text = yaml::encode(&metadata).map_err(|text| Error::new(ErrorKind::Chart, text))?;
        push_line(&mut out, &text);
    }
    if wants(Part::Values)
        && let Some(values) = chart.values()
    {
        out.extend_from_slice(separator);
        if arguments.json_path.is_empty() {
            if let Some(file) = chart.raw_file(b"values.yaml") {
                push_line(&mut out, &file.data);
            }
        } else {
            let values = Value::from(values.clone());
            out.append(&mut picked(&arguments.json_path, &values)?);
        }
    }
    if wants(Part::Readme)
        && let Some(text) = readme(&chart)
    {
        out.extend_from_slice(separator);
        push_line(&mut out, text);
    }
    if wants(Part::Crds) {
        for (_, file) in chart.crds() {
            if !file.data.starts_with(b"---") {
                out.extend_from_slice(b"---\n");
            }
            push_line(&mut out, &file.data);
        }
    }
    Ok(out)
}

fn push_line(out: &mut Vec<u8>, text: &[u8]) {
    out.extend_from_slice(text);
    out.push(b'\n');
}

/// Returns what an expression picks from the values. Where it leads nowhere nothing is picked and, as in helm,
/// nothing is said about it.
fn picked(expression: &str, values: &Value) -> Result<Vec<u8>, Error> {
    let path = JsonPath::parse(expression)
        .map_err(|error| error.prefixed(format!("error parsing jsonpath {expression}: ")))?;
    Ok(path.execute(values).unwrap_or_default())
}

fn readme(chart: &Chart) -> Option<&[u8]> {
    const NAMES: [&str; 3] = ["readme.md", "readme.txt", "readme"];
    let is_readme = |name: &[u8]| NAMES.iter().any(|n| equal_fold(n.as_bytes(), name));
    let file = chart.files().iter().find(|file| is_readme(&file.name))?;
    Some(&file.data)
}
