//! Charts: what a directory, an archive or a list of files says, read once.
//!
//! Files come in through [`loader`]; a [`Chart`] goes out: metadata, templates,
//! default values, schema, other files, subcharts. A chart never changes; copies
//! are cheap and share everything, so one chart can serve many renders at once.
//! What values switch off or rename in a chart is the matter of
//! [`dependency`](crate::dependency), which makes a new chart out of one.
//!
//! Begin with [`loader`], then [`draft`] (Chart.yaml as written) and [`validate`].
//!
//! helm: pkg/chart/v2, pkg/chart/v2/loader, pkg/ignore.

pub mod confine;
pub mod content;
pub mod draft;
mod file;
pub mod folder;
pub mod ignore;
mod json;
pub mod loader;
mod lock;
mod metadata;
mod validate;

use std::sync::Arc;

pub use draft::MetadataDraft;
pub use file::{File, ModTime};
pub(crate) use lock::read_time;
pub use lock::{Lock, Timestamp};
pub use metadata::{Dependency, Maintainer, Metadata};

use crate::value::{Map, Str};

/// A loaded chart with its subcharts.
///
/// # Examples
///
/// ```
/// use verta_render::chart::loader;
/// use verta_render::diag::Sink;
///
/// let files = [("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.2.3\n")];
/// let chart = loader::from_memory(files, &Sink::new())?;
/// assert_eq!(chart.name(), "web");
/// # Ok::<(), verta_render::diag::Error>(())
/// ```
#[derive(Clone)]
pub struct Chart {
    contents: Arc<Contents>,
    metadata: Arc<Metadata>,
    values: Option<Map>,
    dependencies: Arc<[Chart]>,
    parent_path: Option<Str>,
    /// Whether it may hang in the tree several times, as one chart.
    shared: bool,
}

/// The files of a chart, sorted by what they are for.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    /// Every file, those of subcharts too, in the order in which they were found.
    raw: Vec<File>,
    templates: Vec<File>,
    files: Vec<File>,
    schema: Option<File>,
    lock: Option<Lock>,
    modified: ModTime,
}

impl Chart {
    /// Returns the name; of a dependency with an alias, the alias.
    pub fn name(&self) -> &str {
        &self.metadata.name
    }

    /// Returns what Chart.yaml says.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// Returns the metadata to keep.
    pub fn shared_metadata(&self) -> Arc<Metadata> {
        self.metadata.clone()
    }

    /// Returns Chart.lock (of old charts, requirements.lock), if it is there.
    pub fn lock(&self) -> Option<&Lock> {
        self.contents.lock.as_ref()
    }

    /// Returns every file as it was found, those of subcharts too.
    pub fn raw(&self) -> &[File] {
        &self.contents.raw
    }

    /// Returns the file of that name, if it is there.
    pub fn raw_file(&self, name: &[u8]) -> Option<&File> {
        self.contents.raw.iter().find(|file| *file.name == *name)
    }

    /// Returns the files below templates/.
    pub fn templates(&self) -> &[File] {
        &self.contents.templates
    }

    /// Returns the files that have no other purpose: README.md, crds/, .helmignore.
    pub fn files(&self) -> &[File] {
        &self.contents.files
    }

    /// Returns values.schema.json, if it is there.
    pub fn schema(&self) -> Option<&File> {
        self.contents.schema.as_ref()
    }

    /// Returns the default values, `None` without values.yaml.
    ///
    /// The map belongs to the chart: whoever wants to change something takes a
    /// [`Map::deep_copy`].
    pub fn values(&self) -> Option<&Map> {
        self.values.as_ref()
    }

    /// Returns when Chart.yaml was last changed.
    pub fn modified(&self) -> ModTime {
        self.contents.modified
    }

    /// Returns the path of this chart, which is a subchart of the chart at `parent`.
    pub fn path_below(&self, parent: &[u8]) -> Vec<u8> {
        let parent = self.parent_path.as_deref().unwrap_or(parent);
        [parent, b"/charts/", self.name().as_bytes()].concat()
    }

    /// Reports whether it may hang in the tree several times, as one chart.
    pub(crate) fn is_shared(&self) -> bool {
        self.shared
    }

    /// Returns the subcharts.
    pub fn dependencies(&self) -> &[Chart] {
        &self.dependencies
    }

    /// Returns the custom resource definitions in crds/, those of subcharts after
    /// the chart's own, each with its path from the root chart on.
    pub fn crds(&self) -> Vec<(Str, File)> {
        let mut found = Vec::new();
        collect_crds(self, self.name().as_bytes(), &mut found);
        found
    }

    /// Returns whether both were made of the same files.
    pub fn same_contents(&self, other: &Chart) -> bool {
        Arc::ptr_eq(&self.contents, &other.contents)
    }

    /// Returns the chart with other metadata.
    pub(crate) fn with_metadata(mut self, metadata: Metadata) -> Chart {
        self.metadata = Arc::new(metadata);
        self
    }

    /// Returns the chart with other default values.
    pub(crate) fn with_values(mut self, values: Option<Map>) -> Chart {
        self.values = values;
        self
    }

    /// Returns the chart with another path of its parent than where it hangs in the tree.
    pub(crate) fn with_parent_path(mut self, path: Option<Str>) -> Chart {
        self.parent_path = path;
        self
    }

    /// Returns the chart as one that may hang in the tree several times, or may not.
    pub(crate) fn with_shared(mut self, shared: bool) -> Chart {
        self.shared = shared;
        self
    }

    /// Returns the chart with other subcharts.
    pub(crate) fn with_dependencies(mut self, dependencies: Vec<Chart>) -> Chart {
        self.dependencies = dependencies.into();
        self
    }
}

impl std::fmt::Debug for Chart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Chart")
            .field("name", &self.name())
            .field("version", &self.metadata.version)
            .field("dependencies", &self.dependencies)
            .finish_non_exhaustive()
    }
}

fn collect_crds(chart: &Chart, path: &[u8], found: &mut Vec<(Str, File)>) {
    for file in chart.files() {
        if file.name.starts_with(b"crds/") && has_manifest_extension(&file.name) {
            let name = [path, b"/", &file.name].concat();
            found.push((Str::from(name), file.clone()));
        }
    }
    for dependency in chart.dependencies() {
        collect_crds(dependency, &dependency.path_below(path), found);
    }
}

fn has_manifest_extension(name: &[u8]) -> bool {
    [".yaml", ".yml", ".json"].iter().any(|extension| {
        name.len() >= extension.len()
            && name[name.len() - extension.len()..].eq_ignore_ascii_case(extension.as_bytes())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_can_be_shared_between_threads() {
        fn check<T: Send + Sync>() {}
        check::<Chart>();
    }
}
