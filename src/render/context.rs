//! What templates see: `.Values`, `.Chart`, `.Release`, `.Files`, `.Capabilities`,
//! `.Subcharts`, `.Template`.
//!
//! Every chart of the tree has one context, a map that all its templates share and
//! may change; a subchart's `.Values` is its parent's section of the values, the
//! very same map. Contexts are made anew for each render.
//!
//! helm: pkg/engine `allTemplates`, pkg/chart `MetadataAsMap`.

use super::files::files_value;
use super::values_type::{VALUES, find_table};
use crate::chart::{Chart, Dependency, File, Metadata};
use crate::gostd::path;
use crate::value::{Entries, List, ListType, Map, MapType, Str, Value};

/// Name and circumstances of a release, as templates see them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Release {
    /// The name.
    pub name: String,
    /// The namespace.
    pub namespace: String,
    /// Whether it is installed.
    pub is_install: bool,
    /// Whether it is upgraded.
    pub is_upgrade: bool,
    /// How often it was installed or upgraded.
    pub revision: i64,
}

impl Release {
    fn to_value(&self) -> Value {
        let entries: [(&str, Value); 6] = [
            ("IsInstall", Value::bool(self.is_install)),
            ("IsUpgrade", Value::bool(self.is_upgrade)),
            ("Name", self.name.as_str().into()),
            ("Namespace", self.namespace.as_str().into()),
            ("Revision", Value::int(self.revision)),
            ("Service", "Helm".into()),
        ];
        entries.into_iter().collect::<Map>().into()
    }
}

/// The text of a template file.
#[derive(Clone)]
pub(super) struct TemplateText {
    /// The path, with the names of chart and subcharts.
    pub path: Str,
    /// The text.
    pub text: Str,
}

impl PartialEq for TemplateText {
    fn eq(&self, other: &TemplateText) -> bool {
        self.path == other.path && (self.text.ptr_eq(&other.text) || self.text == other.text)
    }
}

/// A template file, and the context it is executed with.
#[derive(Clone)]
pub(super) struct TemplateFile {
    /// The path, with the names of chart and subcharts.
    pub path: Str,
    /// The text.
    pub text: Str,
    context: Map,
    /// The directory of the chart's templates.
    base: Str,
}

impl TemplateFile {
    /// Returns the dot to execute the file with; `.Template` then names this file,
    /// for everything the chart executes from here on.
    pub fn dot(&self) -> Value {
        let template = Entries::from([
            (Str::from("BasePath"), self.base.clone().into()),
            (Str::from("Name"), self.path.clone().into()),
        ]);
        let template = Map::with_entries(&VALUES, template);
        self.context.insert("Template", template.into());
        self.context.retyped(&VALUES).into()
    }

    /// Returns path and text.
    pub fn to_text(&self) -> TemplateText {
        TemplateText {
            path: self.path.clone(),
            text: self.text.clone(),
        }
    }

    /// Reports whether the file only holds definitions for others.
    pub fn is_partial(&self) -> bool {
        path::base(&self.path).starts_with(b"_")
    }
}

/// Returns all template files of a chart and its subcharts, in the order in which
/// they are parsed and executed: deepest paths first, then by name from the end of
/// the alphabet on.
pub(super) fn template_files(
    chart: &Chart,
    values: &Map,
    release: &Release,
    capabilities: Value,
) -> Vec<TemplateFile> {
    let mut collector = Collector {
        release: release.to_value(),
        capabilities,
        files: Vec::new(),
    };
    collector.visit(chart, Parent::None(values));
    in_order(collector.files, |file| &file.path)
}

/// Returns the texts of [`template_files`], for which no values are needed.
pub(super) fn template_texts(chart: &Chart) -> Vec<TemplateText> {
    let mut texts = Vec::new();
    let mut open = vec![(chart, chart.name().as_bytes().to_vec())];
    // The order in which `Collector` comes by: a chart after its subcharts.
    let mut charts = Vec::new();
    while let Some((chart, id)) = open.pop() {
        let subcharts = chart.dependencies().iter();
        open.extend(subcharts.map(|subchart| (subchart, subchart.path_below(&id))));
        charts.push((chart, id));
    }
    for (chart, id) in charts.into_iter().rev() {
        texts.extend(own_templates(chart).map(|file| TemplateText {
            path: path::join([&id[..], &file.name]).into(),
            text: file.data.clone(),
        }));
    }
    in_order(texts, |text| &text.path)
}

/// The templates of a chart without its subcharts: of a library only those that define something for others.
fn own_templates(chart: &Chart) -> impl Iterator<Item = &File> {
    let is_library = chart.metadata().is_library();
    let files = chart.templates().iter();
    files.filter(move |file| !is_library || path::base(&file.name).starts_with(b"_"))
}

fn in_order<T>(mut files: Vec<T>, path: impl Fn(&T) -> &Str) -> Vec<T> {
    let depth = |file: &T| path(file).iter().filter(|b| **b == b'/').count();
    // Of two files with one path the last one counts.
    files.reverse();
    files.sort_by_cached_key(|file| std::cmp::Reverse((depth(file), path(file).clone())));
    files.dedup_by(|later, earlier| path(later) == path(earlier));
    files
}

struct Collector {
    release: Value,
    capabilities: Value,
    files: Vec<TemplateFile>,
}

enum Parent<'a> {
    /// The chart is the root, with these values.
    None(&'a Map),
    /// The chart is a subchart of the one with this path and context.
    Chart(&'a [u8], &'a Map),
}

impl Collector {
    fn visit(&mut self, chart: &Chart, parent: Parent<'_>) -> Map {
        let (id, values, is_root) = match parent {
            Parent::None(values) => (
                chart.name().as_bytes().to_vec(),
                values.retyped(&VALUES),
                true,
            ),
            Parent::Chart(id, context) => {
                let id = chart.path_below(id);
                let path = [b"Values.", chart.name().as_bytes()].concat();
                // A name with a dot is looked for along the dot, and not found.
                let values = find_table(context, path.split(|b| *b == b'.'));
                (
                    id,
                    values.unwrap_or_else(|_| Map::new().retyped(&VALUES)),
                    false,
                )
            }
        };
        let subcharts = Map::new();
        let context: Map = [
            ("Capabilities", self.capabilities.clone()),
            ("Chart", chart_value(chart.metadata(), is_root)),
            ("Files", files_value(chart.files())),
            ("Release", self.release.clone()),
            ("Subcharts", subcharts.clone().into()),
            ("Values", values.into()),
        ]
        .into_iter()
        .collect();
        for subchart in chart.dependencies() {
            let subcontext = self.visit(subchart, Parent::Chart(&id, &context));
            subcharts.insert(subchart.name(), subcontext.into());
        }
        let base = Str::from(path::join([&id[..], b"templates"]));
        for file in own_templates(chart) {
            self.files.push(TemplateFile {
                path: path::join([&id[..], &file.name]).into(),
                text: file.data.clone(),
                context: context.clone(),
                base: base.clone(),
            });
        }
        context
    }
}

/// Returns what templates see as `.Chart`.
fn chart_value(metadata: &Metadata, is_root: bool) -> Value {
    let texts = |texts: &[String]| {
        let items = texts.iter().map(|t| t.as_str().into());
        Value::list(items.collect())
    };
    let annotations = match &metadata.annotations {
        Some(annotations) => {
            let entries = annotations.iter();
            let entries = entries.map(|(k, v)| (Str::from(k.as_str()), v.as_str().into()));
            Map::with_entries(&MapType::STRING, entries.collect())
        }
        None => Map::nil(&MapType::STRING),
    };
    let maintainers = metadata.maintainers.iter().map(|maintainer| {
        let entries = [
            ("Email", Value::from(maintainer.email.as_str())),
            ("Name", maintainer.name.as_str().into()),
            ("URL", maintainer.url.as_str().into()),
        ];
        Value::from(entries.into_iter().collect::<Map>())
    });
    let dependencies = metadata.dependencies().iter().map(dependency_value);
    let entries: [(&str, Value); 18] = [
        ("APIVersion", metadata.api_version.as_str().into()),
        ("Annotations", annotations.into()),
        ("AppVersion", metadata.app_version.as_str().into()),
        ("Condition", metadata.condition.as_str().into()),
        ("Dependencies", Value::list(dependencies.collect())),
        ("Deprecated", metadata.deprecated.into()),
        ("Description", metadata.description.as_str().into()),
        ("Home", metadata.home.as_str().into()),
        ("Icon", metadata.icon.as_str().into()),
        ("IsRoot", is_root.into()),
        ("Keywords", texts(&metadata.keywords)),
        ("KubeVersion", metadata.kube_version.as_str().into()),
        ("Maintainers", Value::list(maintainers.collect())),
        ("Name", metadata.name.as_str().into()),
        ("Sources", texts(&metadata.sources)),
        ("Tags", metadata.tags.as_str().into()),
        ("Type", metadata.chart_type.as_str().into()),
        ("Version", metadata.version.as_str().into()),
    ];
    entries.into_iter().collect::<Map>().into()
}

fn dependency_value(dependency: &Dependency) -> Value {
    let tags = dependency.tags.iter().map(|tag| tag.as_str().into());
    let import_values = dependency.import_values.iter().map(Value::deep_copy);
    let entries: [(&str, Value); 8] = [
        ("Alias", dependency.alias.as_str().into()),
        ("Condition", dependency.condition.as_str().into()),
        ("Enabled", dependency.enabled.into()),
        ("ImportValues", Value::list(import_values.collect())),
        ("Name", dependency.name.as_str().into()),
        ("Repository", dependency.repository.as_str().into()),
        ("Tags", List::new(&ListType::ANY, tags.collect()).into()),
        ("Version", dependency.version.as_str().into()),
    ];
    entries.into_iter().collect::<Map>().into()
}
