//! `batch`: many charts with many values in one process, each chart loaded and compiled once.
//!
//! Lines of JSON come in, and are all looked at before anything is rendered. What each job comes to goes to a function,
//! in the order of the lines; a job that fails stops no other. What a job renders, and what it says when it fails, is
//! what `template` would print for it.

mod charts;
mod confined;
mod job;

use std::ops::ControlFlow;
use std::path::Path;

use super::locate::{ChartLocation, Located};
use super::template::{TemplateArguments, render};
use crate::diag::{Diagnostic, Error, ErrorKind, Level, Sink};
use crate::gostd::os;
use crate::limits::{self, Trust};
use crate::render::Batch;
use crate::value::Map;
use crate::values::merge::merge;
use crate::{Capabilities, KubeVersion, RenderOptions, storage};
use charts::Charts;
use confined::Texts;
use job::{Job, Outputs};

/// What `batch` is asked to do.
#[derive(Clone, Debug)]
pub struct BatchArguments {
    /// The jobs: a JSON object a line.
    pub jobs: Vec<u8>,
    /// What goes for every job that does not say otherwise; values and names are the jobs' own.
    pub common: TemplateArguments,
    /// The directory to write to, empty to hand the texts over.
    pub output_dir: String,
    /// How many jobs are worked on at a time, 0 for one a core.
    pub threads: usize,
}

/// What a job came to.
#[derive(Debug)]
pub struct JobResult {
    /// The line of the job, from 1 on.
    pub line: usize,
    /// The chart, as the line calls it.
    pub chart: String,
    /// The name of the release.
    pub release: String,
    /// The file that was written, if there is a directory.
    pub file: Option<String>,
    /// What was rendered, if it was not written.
    pub text: Vec<u8>,
    /// What was told on the way.
    pub diagnostics: Vec<Diagnostic>,
    /// Why it failed.
    pub error: Option<Error>,
}

/// How many jobs there were.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct BatchCount {
    /// All of them.
    pub jobs: usize,
    /// Those that failed.
    pub failed: usize,
}

/// Renders all jobs; `each` gets what they came to, in the order of the lines, until it breaks off. What is told of no single
/// job goes to the sink.
///
/// # Errors
///
/// Fails before anything is rendered if a line is no job, two jobs would write one file, or the directory cannot be made.
pub fn run(
    arguments: &BatchArguments,
    sink: &Sink,
    mut each: impl FnMut(JobResult) -> ControlFlow<()>,
) -> Result<BatchCount, Error> {
    let directory = arguments.output_dir.as_str();
    let (mut charts, mut outputs) = (Charts::default(), Outputs::default());
    for (number, line) in job::lines(&arguments.jobs) {
        let job = Job::read(number, line)?;
        charts.announce(&job);
        if !directory.is_empty() {
            outputs.take(&job)?;
        }
    }
    outputs.check()?;
    drop(outputs);
    if !directory.is_empty() {
        std::fs::create_dir_all(directory)
            .map_err(|e| Error::new(ErrorKind::Io, os::path_error("mkdir", directory, &e)))?;
    }
    let texts = match limits::trust() {
        Trust::Trusted => Texts::default(),
        Trust::Untrusted => confined::enter(arguments, &mut charts, sink)?,
    };
    let batch = match arguments.threads {
        0 => Batch::new(),
        threads => Batch::new().threads(threads),
    };
    let bounds = limits::bounds();
    let mut count = BatchCount::default();
    batch.run_with(
        // A line is read again when its turn comes: jobs take more room than their text.
        job::lines(&arguments.jobs),
        // What one job may use is no other's concern.
        |(number, line)| bounds.within(|| perform(number, line, arguments, &charts, &texts)),
        |result| {
            count.jobs += 1;
            count.failed += usize::from(result.error.is_some());
            each(result)
        },
    );
    Ok(count)
}

fn perform(
    number: usize,
    line: &[u8],
    arguments: &BatchArguments,
    charts: &Charts,
    texts: &Texts,
) -> JobResult {
    let sink = Sink::new();
    let mut result = JobResult {
        line: number,
        chart: String::new(),
        release: String::new(),
        file: None,
        text: Vec::new(),
        diagnostics: Vec::new(),
        error: None,
    };
    let rendered = Job::read(number, line).and_then(|job| {
        result.chart.clone_from(&job.chart);
        template(&job, arguments, charts, texts, &sink, &mut result)?;
        match arguments.output_dir.as_str() {
            "" => Ok(()),
            directory => write(directory, &job.output, &mut result),
        }
    });
    result.error = rendered.err();
    result.diagnostics = sink.take();
    result
}

/// Does what `template` does, in its order.
fn template(
    job: &Job,
    arguments: &BatchArguments,
    charts: &Charts,
    texts: &Texts,
    sink: &Sink,
    result: &mut JobResult,
) -> Result<(), Error> {
    // Whatever comes of it, the job has had its chart.
    let chart = charts.get(job);
    let mut template = template_arguments(job, &arguments.common)?;
    let mut log = Vec::new();
    let located = chart.find(&template.location, &mut log, sink)?;
    template.options.release_name = match &job.name {
        Some(name) => name.clone(),
        None if *located == Located::Embedded => super::embedded::NAME.to_owned(),
        None => "release-name".to_owned(),
    };
    result.release.clone_from(&template.options.release_name);
    let values = merge(&job.inputs, &Map::new(), &mut |name: &str| {
        texts.get(job, name, &template.location.remote)
    })?;
    let renderer = chart.load(&template, located, &mut log, sink)?;
    // The first render compiles the templates: others of that chart wait for it instead of doing the same.
    let mut first = None;
    chart.is_warm.get_or_init(|| {
        first = Some(render(&template, renderer, &values, sink));
    });
    let outcome = first.unwrap_or_else(|| render(&template, renderer, &values, sink));
    match outcome.error {
        Some(error) => Err(error),
        None => {
            log.append(&mut outcome.stdout.to_bytes());
            result.text = log;
            Ok(())
        }
    }
}

/// Returns where to look for the chart of a job.
fn location(job: &Job, common: &TemplateArguments) -> ChartLocation {
    ChartLocation {
        reference: job.chart.clone(),
        repository: job.repo.clone(),
        version: job.version.clone(),
        ..common.location.clone()
    }
}

fn template_arguments(job: &Job, common: &TemplateArguments) -> Result<TemplateArguments, Error> {
    let mut capabilities = Capabilities::default();
    if !job.kube_version.is_empty() {
        capabilities.set_kube_version(KubeVersion::parse(&job.kube_version)?);
    }
    for version in &job.api_versions {
        capabilities.add_api_version(version.as_bytes().to_vec());
    }
    let options = &common.options;
    let namespace = job.namespace.clone();
    Ok(TemplateArguments {
        location: location(job, common),
        options: RenderOptions {
            namespace: namespace.unwrap_or_else(|| options.namespace.clone()),
            is_upgrade: job.is_upgrade,
            capabilities,
            skip_schema_validation: job.skip_schema_validation,
            ..options.clone()
        },
        include_crds: job.include_crds,
        no_hooks: job.no_hooks,
        skip_tests: job.skip_tests,
        show_only: job
            .show_only
            .iter()
            .map(|path| path.clone().into_bytes())
            .collect(),
        ..common.clone()
    })
}

/// Writes what was rendered, whole or not at all.
fn write(directory: &str, name: &str, result: &mut JobResult) -> Result<(), Error> {
    let failed = |operation: &str, path: &Path, error: &std::io::Error| {
        let text = os::path_error(operation, &path.to_string_lossy(), error);
        Error::new(ErrorKind::Io, text)
    };
    let base = Path::new(directory);
    let path = base.join(name);
    if let Some(parent) = path.parent().filter(|parent| *parent != base) {
        storage::make_directories(base, parent).map_err(|error| failed("mkdir", parent, &error))?;
    }
    let text = std::mem::take(&mut result.text);
    storage::write_generated(&path, &text).map_err(|error| failed("open", &path, &error))?;
    result.file = Some(format!("{}/{name}", directory.trim_end_matches('/')));
    Ok(())
}

/// Says how many jobs failed, if any did.
pub fn failure(count: BatchCount) -> Option<Error> {
    let BatchCount { jobs, failed } = count;
    let text = format!("{failed} of {jobs} jobs failed");
    (failed > 0).then(|| Error::new(ErrorKind::Usage, text))
}

/// Returns what a job came to as a line of JSON, without its end.
///
/// # Errors
///
/// Returns the encoder's text for what JSON cannot hold.
pub fn to_json(result: &JobResult) -> Result<Vec<u8>, String> {
    use crate::codec::json::ObjectWriter;
    use crate::value::Value;

    let mut object = ObjectWriter::default();
    object.raw("line", result.line.to_string().as_bytes());
    object.text("chart", &result.chart)?;
    object.text_if_any("name", &result.release)?;
    let status = if result.error.is_none() {
        "rendered"
    } else {
        "failed"
    };
    object.text("status", status)?;
    match (&result.error, &result.file) {
        (Some(error), _) => object.member("error", &Value::string(error.text()))?,
        (None, Some(file)) => object.text("file", file)?,
        (None, None) => object.member("output", &Value::string(result.text.as_slice()))?,
    }
    let told = result.diagnostics.iter();
    let told = told.filter(|message| message.level != Level::Debug);
    let told: Vec<String> = told.map(Diagnostic::line).collect();
    object.texts_if_any("messages", &told)?;
    Ok(object.finish())
}
