//! Whether templates can be rendered, and what they render to makes sense.
//!
//! helm: pkg/chart/v2/lint/rules `Templates`.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::deprecations::deprecation;
use super::object::{OBJECT, Object};
use super::object_name;
use crate::capabilities::Capabilities;
use crate::chart::Chart;
use crate::chart::folder::Entry;
use crate::codec::stream;
use crate::codec::yaml::{self, Shape, Struct};
use crate::diag::ErrorKind;
use crate::gostd::path;
use crate::gostd::strconv::quote;
use crate::gostd::unicode::trim_space;
use crate::lint::message::{Messages, Severity};
use crate::lint::runner::Subject;
use crate::render::{RenderOptions, Renderer};
use crate::value::Str;

const DIRECTORY: &str = "templates/";

/// The longest line that is looked at for its indent.
const MAX_LINE: usize = 64 * 1024;

/// Renders the chart and looks at what comes of its own templates.
pub(in crate::lint) fn check(subject: &Subject<'_>, messages: &mut Messages) {
    match subject.folder.entry("templates") {
        Entry::Directory => {}
        Entry::Missing => {
            return messages.say(Severity::Warning, DIRECTORY, "directory does not exist");
        }
        Entry::File => return messages.say(Severity::Error, DIRECTORY, "not a directory"),
        Entry::Unknown(reason) => return messages.say(Severity::Error, DIRECTORY, reason),
    }
    let chart = match subject.chart() {
        Ok(chart) => chart.clone(),
        Err(error) => return messages.add(Severity::Error, DIRECTORY, error.clone()),
    };
    if let Some((chart, rendered)) = render(subject, chart, messages) {
        for file in chart.templates() {
            let path = path::join([chart.name().as_bytes(), &file.name]);
            let text = rendered.get(&path[..]).map_or(&b""[..], |text| text);
            if check_file(subject, &file.name, text, messages).is_err() {
                return;
            }
        }
    }
}

/// Renders the chart; returns the files of all charts by their paths.
fn render(
    subject: &Subject<'_>,
    chart: Chart,
    messages: &mut Messages,
) -> Option<(Chart, HashMap<Str, Vec<u8>>)> {
    let mut capabilities = Capabilities::default();
    capabilities.set_kube_version(subject.options.kube_version.clone());
    let options = RenderOptions {
        namespace: subject.options.namespace.clone(),
        capabilities,
        skip_schema_validation: subject.options.skip_schema_validation,
        schema_references: subject.options.schema_references.clone(),
        lint: true,
        bounds: subject.options.bounds.clone(),
        host: subject.options.host.clone(),
        ..RenderOptions::named("test-release")
    };
    let renderer = Renderer::new(chart);
    let prepared = match renderer.prepare(subject.values, &options, subject.sink) {
        Ok(prepared) => prepared,
        Err(error) => {
            // Values that cannot be joined are passed over in silence. A limit is none of helm's: what was not looked at is told.
            if matches!(error.kind(), ErrorKind::Schema | ErrorKind::Limit) {
                messages.add(Severity::Error, DIRECTORY, error);
            }
            return None;
        }
    };
    match renderer.execute(&prepared, &options, subject.sink) {
        Ok(executed) => {
            let files = executed.files().iter();
            let files = files.map(|file| (file.path.clone(), file.text.clone()));
            Some((prepared.chart().clone(), files.collect()))
        }
        Err(error) => {
            messages.add(Severity::Error, DIRECTORY, error);
            None
        }
    }
}

/// What was found makes looking at further files idle.
struct Broken;

fn check_file(
    subject: &Subject<'_>,
    name: &Str,
    text: &[u8],
    messages: &mut Messages,
) -> Result<(), Broken> {
    let mut say = |severity, text: String| messages.say(severity, name.clone(), text);
    let extension = path::ext(name);
    if !matches!(extension, b".yaml" | b".yml" | b".tpl" | b".txt") {
        let extension = String::from_utf8_lossy(extension);
        say(
            Severity::Error,
            format!(
                "file extension '{extension}' not valid. Valid extensions are .yaml, .yml, .tpl, or .txt"
            ),
        );
    }
    let is_yaml = [&b".yaml"[..], b".yml"]
        .iter()
        .any(|yaml| extension.eq_ignore_ascii_case(yaml));
    if !is_yaml || trim_space(text).is_empty() {
        return Ok(());
    }
    if let Some(fault) = indent_fault(text) {
        say(Severity::Warning, fault);
    }
    // What is asked of the whole file is asked once.
    let has_selector = OnceCell::new();
    let list = OnceCell::new();
    for document in stream::documents(text, &OBJECT) {
        let document = match document {
            Ok(document) => document,
            Err(reason) => {
                say(Severity::Error, format!("unable to parse YAML: {reason}"));
                return Err(Broken);
            }
        };
        let Some(object) = Object::read(&document) else {
            continue;
        };
        if let Some(fault) = object_name::fault(&object.kind, &object.name) {
            say(Severity::Warning, fault);
        }
        let version = &subject.options.kube_version;
        if let Some(fault) = deprecation(&object.api_version, &object.kind, version) {
            say(Severity::Warning, fault);
        }
        if runs_pods(&object.kind) && !has_selector.get_or_init(|| mentions_selector(text)) {
            let kind = object.kind.to_lossy();
            let name = quote(&object.name);
            say(
                Severity::Error,
                format!(
                    "a {kind} must contain matchLabels or matchExpressions, and {name} does not"
                ),
            );
        }
        if *object.kind == *b"List"
            && let Some(fault) = list.get_or_init(|| list_fault(text))
        {
            say(Severity::Error, fault.clone());
        }
    }
    Ok(())
}

/// A file must not begin with a blank: a part of it may be cut off, and the rest
/// then no longer fits.
fn indent_fault(text: &[u8]) -> Option<String> {
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.iter().position(|b| *b == b'\n');
        if end.unwrap_or(rest.len()) >= MAX_LINE {
            return Some("bufio.Scanner: token too long".to_owned());
        }
        let (line, after) = match end {
            Some(end) => (&rest[..end], &rest[end + 1..]),
            None => (rest, &b""[..]),
        };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if !trim_space(line).is_empty() {
            return (line.starts_with(b" ") || line.starts_with(b"\t")).then(|| {
                let line = quote(line);
                format!(
                    "document starts with an illegal indent: {line}, which may cause parsing problems"
                )
            });
        }
        rest = after;
    }
    None
}

/// Whatever runs Pods must say which.
fn runs_pods(kind: &[u8]) -> bool {
    matches!(
        kind,
        b"Deployment" | b"ReplicaSet" | b"DaemonSet" | b"StatefulSet"
    )
}

/// Where in the file it is said is all the same.
fn mentions_selector(text: &[u8]) -> bool {
    let mentions = |word: &[u8]| memchr::memmem::find(text, word).is_some();
    mentions(b"matchLabels") || mentions(b"matchExpressions")
}

/// What is read of a list of objects.
static LIST: Shape = Shape::Struct(&Struct {
    name: "struct { Items []struct { Metadata struct { Annotations map[string]string } } }",
    fields: &[(
        "items",
        Shape::List(
            "[]struct { Metadata struct { Annotations map[string]string } }",
            &Shape::Struct(&Struct {
                name: "struct { Metadata struct { Annotations map[string]string } }",
                fields: &[(
                    "metadata",
                    Shape::Struct(&Struct {
                        name: "struct { Annotations map[string]string }",
                        fields: &[(
                            "annotations",
                            Shape::Map("map[string]string", &Shape::String),
                        )],
                    }),
                )],
            }),
        ),
    )],
});

/// Objects in a List are not looked at when a release goes, so they cannot ask to
/// be kept. The first document of the file is taken for the list.
fn list_fault(text: &[u8]) -> Option<String> {
    let list = match yaml::decode_as(text, &LIST) {
        Ok(list) => list,
        Err(error) => return Some(format!("unable to parse YAML: {error}")),
    };
    let items = list.as_map()?.index(b"items");
    let asks = items.as_list()?.items().iter().any(|item| {
        let metadata = item.as_map().map(|item| item.index(b"metadata"));
        let annotations = metadata.and_then(|m| Some(m.as_map()?.index(b"annotations")));
        annotations.is_some_and(|annotations| {
            let annotations = annotations.as_map();
            annotations.is_some_and(|map| map.contains_key(b"helm.sh/resource-policy"))
        })
    });
    asks.then(|| "annotation 'helm.sh/resource-policy' within List objects are ignored".to_owned())
}
