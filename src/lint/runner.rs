//! Running all rules on a chart.
//!
//! helm: pkg/chart/v2/lint `RunAll`.

use std::path::Path;
use std::sync::Arc;

use super::message::{Message, Messages};
use super::rules;
use crate::capabilities::KubeVersion;
use crate::chart::Chart;
use crate::chart::folder::ChartFolder;
use crate::diag::{Diagnostic, Error, Sink};
use crate::host::{Host, SystemHost};
use crate::limits::{self, Bounds};
use crate::value::Map;
use crate::values::schema::References;

/// What checking depends on, apart from chart and values.
///
/// # Examples
///
/// ```
/// use verta_render::KubeVersion;
/// use verta_render::lint::LintOptions;
///
/// let options = LintOptions {
///     kube_version: KubeVersion::parse("1.24")?,
///     ..LintOptions::default()
/// };
/// assert_eq!(options.namespace, "default");
/// # Ok::<(), verta_render::Error>(())
/// ```
#[derive(Clone)]
pub struct LintOptions {
    /// The namespace of the release.
    pub namespace: String,
    /// The version of Kubernetes to render for, which may have deprecated something.
    pub kube_version: KubeVersion,
    /// Whether values.schema.json is left aside.
    pub skip_schema_validation: bool,
    /// How far values.schema.json may reach.
    pub schema_references: References,
    /// What the check may use and do, and what stops it.
    pub bounds: Bounds,
    /// Clock, randomness and names.
    pub host: Arc<dyn Host>,
}

impl Default for LintOptions {
    fn default() -> LintOptions {
        LintOptions {
            namespace: "default".to_owned(),
            kube_version: KubeVersion::default(),
            skip_schema_validation: false,
            schema_references: References::default(),
            bounds: limits::bounds(),
            host: Arc::new(SystemHost),
        }
    }
}

impl std::fmt::Debug for LintOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LintOptions")
            .field("namespace", &self.namespace)
            .field("kube_version", &self.kube_version)
            .field("skip_schema_validation", &self.skip_schema_validation)
            .finish_non_exhaustive()
    }
}

/// What rules look at.
pub(super) struct Subject<'a> {
    pub folder: &'a ChartFolder,
    /// The chart, if it can be loaded.
    chart: Result<Chart, Error>,
    /// What was to be told when it was loaded.
    told: Vec<Diagnostic>,
    pub values: &'a Map,
    pub options: &'a LintOptions,
    pub sink: &'a Sink,
}

impl Subject<'_> {
    /// Returns the chart, if it can be loaded. helm loads it for each rule that asks, and logs each time what there is
    /// to log: `more/lint-ignore-backslash-crds`.
    pub fn chart(&self) -> &Result<Chart, Error> {
        self.sink.repeat(&self.told);
        &self.chart
    }
}

/// Checks a chart with these values over its defaults; what helm would log goes to a
/// sink.
pub fn lint(
    folder: &ChartFolder,
    values: &Map,
    options: &LintOptions,
    sink: &Sink,
) -> Vec<Message> {
    lint_in_turn(folder, &values.deep_copy(), options, sink)
}

/// As [`lint`], with values that the check may change. helm checks several charts
/// with one map, in which each leaves defaults for the next.
pub(crate) fn lint_in_turn(
    folder: &ChartFolder,
    values: &Map,
    options: &LintOptions,
    sink: &Sink,
) -> Vec<Message> {
    let loading = Sink::new();
    let subject = Subject {
        folder,
        chart: folder.load(&loading),
        told: loading.take(),
        values,
        options,
        sink,
    };
    let mut messages = Messages::default();
    rules::chartfile::check(&subject, &mut messages);
    rules::values::check(&subject, &mut messages);
    rules::template::check(&subject, &mut messages);
    rules::dependencies::check(&subject, &mut messages);
    rules::crds::check(&subject, &mut messages);
    messages.into_vec()
}

/// Checks the chart in a directory.
///
/// # Errors
///
/// Fails with helm's text if there is no Chart.yaml.
pub fn lint_directory(
    path: impl AsRef<Path>,
    values: &Map,
    options: &LintOptions,
) -> Result<Vec<Message>, Error> {
    let folder = ChartFolder::on_disk(path.as_ref())?;
    Ok(lint(&folder, values, options, &Sink::new()))
}

/// Checks the chart in an archive (`.tgz`).
///
/// # Errors
///
/// Fails with helm's text if it is no archive of a chart.
pub fn lint_archive(
    data: &[u8],
    values: &Map,
    options: &LintOptions,
) -> Result<Vec<Message>, Error> {
    let folder = ChartFolder::unpacked(data, Path::new("."))?;
    Ok(lint(&folder, values, options, &Sink::new()))
}

/// Checks a chart of files in memory: names with `/`, and their bytes.
pub fn lint_memory<N, D>(
    files: impl IntoIterator<Item = (N, D)>,
    values: &Map,
    options: &LintOptions,
) -> Vec<Message>
where
    N: AsRef<[u8]>,
    D: AsRef<[u8]>,
{
    let folder = ChartFolder::in_memory(files);
    lint(&folder, values, options, &Sink::new())
}
