//! `create`: writes a chart to begin with.
//!
//! helm: pkg/cmd `create`, pkg/chart/v2/util `Create` and `CreateFrom`.

use std::path::Path;

use crate::chart::loader::{Formats, load_path};
use crate::chart::{Chart, File, Metadata};
use crate::codec::yaml;
use crate::diag::{Error, ErrorKind, Sink};
use crate::gostd::strconv::quote;
use crate::gostd::{os, path as gopath};
use crate::package::{PackageOptions, pack, scaffold};
use crate::storage;
use crate::value::Value;

/// The longest name of a chart.
const LONGEST_NAME: usize = 250;

/// What `create` is asked to do.
#[derive(Clone, Debug)]
pub struct CreateArguments {
    /// The path of the chart; its last part is the chart's name.
    pub path: String,
    /// The chart to copy, a path, instead of the one that is built in.
    pub starter: Option<String>,
    /// The format of the chart (`--chart-api-version`).
    pub api_version: String,
    /// Whether the format that is still in the making was asked for
    /// (`HELM_EXPERIMENTAL_CHART_V3`).
    pub experimental_v3: bool,
    /// Seconds since 1970.
    pub now: i64,
}

/// Writes the chart; appends what there is to be told to `stdout`.
///
/// # Errors
///
/// Fails with helm's text if the name is none for a chart, or something cannot be
/// written.
pub fn run(arguments: &CreateArguments, stdout: &mut Vec<u8>, sink: &Sink) -> Result<(), Error> {
    let tell = |stdout: &mut Vec<u8>, line: String| stdout.extend_from_slice(line.as_bytes());
    tell(stdout, format!("Creating {}\n", arguments.path));
    let unavailable = |text: String| Err(Error::new(ErrorKind::Unavailable, text));
    match (arguments.api_version.as_str(), arguments.experimental_v3) {
        ("v2" | "", _) => {}
        ("v3", false) => {
            return unavailable(
                "this feature has been marked as experimental and is not enabled by default. \
                 Please set HELM_EXPERIMENTAL_CHART_V3=1 in your environment to use this feature"
                    .into(),
            );
        }
        // DIFFERS(helm): charts of a format that is still being worked on are not made.
        ("v3", true) => {
            return unavailable("charts of the format v3 cannot be created yet".into());
        }
        (other, _) => {
            return unavailable(format!(
                "unsupported chart API version: {other} (supported: v2, v3)"
            ));
        }
    }
    let name = gopath::base(arguments.path.as_bytes());
    let name = String::from_utf8_lossy(name).into_owned();
    let parent = gopath::dir(arguments.path.as_bytes());
    let parent = String::from_utf8_lossy(&parent).into_owned();
    match &arguments.starter {
        Some(starter) => copy(starter, name, &parent, arguments.now, sink),
        None => {
            let directory = directory_for(&name, &parent)?;
            for (path, text) in scaffold::files(&name) {
                let file = joined(&directory, path);
                if Path::new(&file).exists() {
                    let file = quote(file.as_bytes());
                    let line = format!("WARNING: File {file} already exists. Overwriting.\n");
                    tell(stdout, line);
                }
                write(&file, text.as_bytes())?;
            }
            make_directory(&joined(&directory, "charts"))
        }
    }
}

/// Checks the name, and that its directory can be made; returns its path.
fn directory_for(name: &str, parent: &str) -> Result<String, Error> {
    let refused = |text: String| Err(Error::new(ErrorKind::Chart, text));
    if name.is_empty() || name.len() > LONGEST_NAME {
        return refused(format!(
            "chart name must be between 1 and {LONGEST_NAME} characters"
        ));
    }
    let is_allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    if !name.bytes().all(is_allowed) {
        return refused(
            "chart name must match the regular expression \"^[a-zA-Z0-9._-]+$\"".into(),
        );
    }
    let parent = os::absolute(Path::new(parent)).map_err(|text| Error::new(ErrorKind::Io, text))?;
    let shown = parent.to_string_lossy();
    let about = std::fs::metadata(&parent).map_err(|error| io_error("stat", &shown, &error))?;
    if !about.is_dir() {
        return refused(format!("no such directory {shown}"));
    }
    let directory = joined(&shown, name);
    check_directory(&directory)?;
    Ok(directory)
}

fn check_directory(directory: &str) -> Result<(), Error> {
    match std::fs::metadata(directory) {
        Ok(about) if !about.is_dir() => {
            let text = format!("file {directory} already exists and is not a directory");
            Err(Error::new(ErrorKind::Io, text))
        }
        _ => Ok(()),
    }
}

/// Writes a chart like another one, under its own name.
fn copy(starter: &str, name: String, parent: &str, now: i64, sink: &Sink) -> Result<(), Error> {
    let chart = load_path(Path::new(starter), Formats::Any, sink)
        .map_err(|error| error.prefixed(format!("could not load {starter}: ")))?;
    check_values(&chart, &name)?;
    let directory = joined(parent, &name);
    check_directory(&directory)?;
    make_directory(&directory)?;
    let metadata = Metadata {
        name: name.clone(),
        description: "A Helm chart for Kubernetes".into(),
        chart_type: "application".into(),
        version: "0.1.0".into(),
        app_version: "0.1.0".into(),
        api_version: "v2".into(),
        ..Metadata::default()
    };
    let text = yaml::encode(&metadata.to_value()).map_err(unwritable)?;
    write(&joined(&directory, "Chart.yaml"), &text)?;
    if let Some(values) = chart.raw_file(b"values.yaml") {
        write(
            &joined(&directory, "values.yaml"),
            &named(&values.data, &name),
        )?;
    }
    if let Some(schema) = chart.schema() {
        write(&joined(&directory, "values.schema.json"), &schema.data)?;
    }
    for file in chart.templates() {
        write(&path_of(&directory, file), &named(&file.data, &name))?;
    }
    for file in chart.files() {
        write(&path_of(&directory, file), &file.data)?;
    }
    let options = PackageOptions {
        now,
        ..PackageOptions::default()
    };
    for subchart in chart.dependencies() {
        let prefix = format!("saving {name}/charts/{}: ", subchart.name());
        let archive = pack(subchart, &options).map_err(|error| error.prefixed(prefix))?;
        let file = joined(&joined(&directory, "charts"), &archive.file_name);
        write(&file, &archive.data)?;
    }
    Ok(())
}

/// Checks that the values are still YAML with the chart's name in them.
fn check_values(chart: &Chart, name: &str) -> Result<(), Error> {
    let values = chart.values().map_or(Value::NIL, |v| v.clone().into());
    let text = yaml::encode(&values).map_err(unwritable)?;
    yaml::decode_values(&named(&text, name)).map_err(|error| {
        let text = format!("transforming values file: {error}");
        Error::new(ErrorKind::Values, text)
    })?;
    Ok(())
}

/// Returns a text with the chart's name wherever the starter leaves room for it.
fn named(text: &[u8], name: &str) -> Vec<u8> {
    let placeholder = scaffold::PLACEHOLDER.as_bytes();
    let mut out = Vec::with_capacity(text.len());
    let mut kept = 0;
    for at in memchr::memmem::find_iter(text, placeholder) {
        out.extend_from_slice(&text[kept..at]);
        out.extend_from_slice(name.as_bytes());
        kept = at + placeholder.len();
    }
    out.extend_from_slice(&text[kept..]);
    out
}

fn joined(directory: &str, name: &str) -> String {
    let path = gopath::join([directory.as_bytes(), name.as_bytes()]);
    String::from_utf8_lossy(&path).into_owned()
}

fn path_of(directory: &str, file: &File) -> String {
    joined(directory, &file.name.to_lossy())
}

fn write(path: &str, data: &[u8]) -> Result<(), Error> {
    let parent = gopath::dir(path.as_bytes());
    make_directory(&String::from_utf8_lossy(&parent))?;
    storage::write_file(Path::new(path), data).map_err(|error| io_error("open", path, &error))
}

fn make_directory(path: &str) -> Result<(), Error> {
    std::fs::create_dir_all(path).map_err(|error| io_error("mkdir", path, &error))
}

fn io_error(operation: &str, path: &str, error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Io, os::path_error(operation, path, error))
}

fn unwritable(text: String) -> Error {
    Error::new(ErrorKind::Chart, text)
}
