//! `template`: renders a chart and returns what helm would print.
//!
//! helm: pkg/cmd `template`, pkg/action `Install`.

use std::any::Any;
use std::path::PathBuf;

use super::confine::Wanted;
use super::dependency::{self as chart_dependency, DependencyOptions};
use super::fetched::read_values_file;
use super::locate::{ChartLocation, Located};
use super::output::Output;
use super::package::parse_source_date_epoch;
use super::post_render::PostRenderer;
use super::show_only::show_only;
use super::written::DocumentWriter;
use crate::chart::Chart;
use crate::chart::loader::Watch;
use crate::dependency;
use crate::diag::{Diagnostic, Error, ErrorKind, Level, Sink};
use crate::funcs::catalog::CATALOG;
use crate::gostd::unicode::{trim_end_space, trim_space};
use crate::gostd::{os, path};
use crate::limits::{self, Trust};
use crate::manifest::{HookEvent, emit};
use crate::package::PackageOptions;
use crate::render::{Ahead, Executed, RenderOptions, Rendered, Renderer};
use crate::repository::download::Signature;
use crate::sandbox::{self, Needs};
use crate::template::{Environment, TemplateSet};
use crate::value::{Map, Value};
use crate::values::merge::{UserInputs, merge};

/// Labels that helm keeps for itself.
const SYSTEM_LABELS: [&str; 6] = [
    "name",
    "owner",
    "status",
    "version",
    "createdAt",
    "modifiedAt",
];

/// What helm adds to an error once templates are involved.
const HINT: &str = "\n\nUse --debug flag to render out invalid YAML";

/// What `template` is asked to do.
#[derive(Clone, Debug)]
pub struct TemplateArguments {
    /// `[NAME] CHART`, as they were given.
    pub positional: Vec<String>,
    /// Whether a name is to be made up.
    pub generate_name: bool,
    /// A template that gives the name, empty for none.
    pub name_template: String,
    /// Where to look for the chart; the reference is one of the positional arguments.
    pub location: ChartLocation,
    /// Where values come from.
    pub inputs: UserInputs,
    /// Everything that rendering depends on; the name is set from the arguments.
    pub options: RenderOptions,
    /// Whether missing dependencies may be fetched.
    pub dependency_update: bool,
    /// `SOURCE_DATE_EPOCH`, for the archives an update makes.
    pub source_date_epoch: String,
    /// The program that edits what was rendered, if there is one.
    pub post_renderer: Option<PostRenderer>,
    /// Keys of the labels the release would get.
    pub labels: Vec<Vec<u8>>,
    /// Whether the chart's custom resource definitions are wanted.
    pub include_crds: bool,
    /// Whether hooks are left out.
    pub no_hooks: bool,
    /// Whether test hooks are left out.
    pub skip_tests: bool,
    /// The templates whose documents are wanted, all if there is none.
    pub show_only: Vec<Vec<u8>>,
    /// The directory to write files to, empty for none.
    pub output_dir: String,
    /// Whether files go to a directory named like the release.
    pub release_name_dir: bool,
    /// Whether text that is no manifest is printed before the error.
    pub debug: bool,
}

/// What `template` leaves.
#[derive(Debug, Default)]
pub struct TemplateOutcome {
    /// What belongs on standard output, error or not.
    pub stdout: Output,
    /// Why it failed.
    pub error: Option<Error>,
    /// What was loaded and made on the way: a program that ends anyway saves the
    /// time it takes to take it apart.
    pub kept: Option<Box<dyn Any>>,
}

impl From<Error> for TemplateOutcome {
    fn from(error: Error) -> TemplateOutcome {
        TemplateOutcome {
            error: Some(error),
            ..TemplateOutcome::default()
        }
    }
}

impl TemplateArguments {
    /// Checks that no label is one that helm sets itself.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if one is.
    pub(super) fn check_labels(&self) -> Result<(), Error> {
        let is_system = |label: &Vec<u8>| SYSTEM_LABELS.iter().any(|l| l.as_bytes() == label);
        if !self.labels.iter().any(is_system) {
            return Ok(());
        }
        let text = format!(
            "user supplied labels contains system reserved label name. System labels: [{}]",
            SYSTEM_LABELS.join(" ")
        );
        Err(Error::new(ErrorKind::Usage, text))
    }
}

/// Renders a chart.
pub fn run(arguments: TemplateArguments, sink: &Sink) -> TemplateOutcome {
    let mut log = Vec::new();
    let outcome = match load(arguments, &mut log, sink) {
        Ok((arguments, renderer, values)) => {
            let renderer = renderer.once();
            let outcome = render(&arguments, &renderer, &values, sink);
            let kept: Box<dyn Any> = Box::new((renderer, values, outcome.kept));
            TemplateOutcome {
                kept: Some(kept),
                ..outcome
            }
        }
        Err(error) => error.into(),
    };
    let mut stdout = Output::default();
    stdout.push(log);
    stdout.append(outcome.stdout);
    TemplateOutcome { stdout, ..outcome }
}

/// Does all that comes before rendering, in helm's order.
pub(super) fn load(
    mut arguments: TemplateArguments,
    log: &mut Vec<u8>,
    sink: &Sink,
) -> Result<(TemplateArguments, Renderer, Map), Error> {
    check_untrusted(&arguments)?;
    let (name, reference) = name_and_chart(&arguments)?;
    arguments.location.reference = reference;
    enter_to_fetch(&arguments, sink)?;
    let located = arguments.location.find(log, sink)?;
    arguments.options.release_name = match name {
        Some(name) => name,
        // The embedded chart's release has the name by which it was asked for.
        None if located == Located::Embedded => super::embedded::NAME.to_owned(),
        None => "release-name".to_owned(),
    };
    let values = merge(&arguments.inputs, &Map::new(), &mut |name: &str| {
        read_values_file(&arguments.location.remote, name)
    })?;
    enter_sandbox(&arguments, &located, sink)?;
    let mut ahead = Ahead::new(arguments.options.host.clone());
    let chart = load_chart(&arguments, &located, &mut |file| ahead.see(file), log, sink)?;
    Ok((arguments, Renderer::begun(chart, ahead), values))
}

/// Loads a chart that can be installed, with all its dependencies; `watch` sees the files of a directory.
pub(super) fn load_chart(
    arguments: &TemplateArguments,
    located: &Located,
    watch: Watch<'_>,
    log: &mut Vec<u8>,
    sink: &Sink,
) -> Result<Chart, Error> {
    let mut chart = located.load_watched(watch, sink)?;
    check_installable(&chart)?;
    if chart.metadata().deprecated {
        sink.push(Diagnostic::log(Level::Warn, "this chart is deprecated"));
    }
    let epoch = if chart.metadata().dependencies().is_empty() {
        None
    } else {
        parse_source_date_epoch(arguments.source_date_epoch.as_bytes())?
    };
    if let Err(error) = dependency::check_present(&chart) {
        let Located::Path(path) = located else {
            return Err(error);
        };
        if !arguments.dependency_update {
            return Err(error.prefixed(
                "an error occurred while checking for chart dependencies. You may need to run \
                 'helm dependency build' to fetch missing dependencies: ",
            ));
        }
        let options = DependencyOptions {
            remote: &arguments.location.remote,
            package: PackageOptions {
                source_date_epoch: epoch,
                now: arguments.options.host.now().0,
                ..PackageOptions::default()
            },
            skip_refresh: false,
            signature: Signature::Ignore,
            keyring: "",
        };
        chart_dependency::update(path, &options, log, sink)?;
        chart = located
            .load(sink)
            .map_err(|error| error.prefixed("failed reloading chart after repo update: "))?;
    }
    Ok(chart)
}

/// Checks that nothing was asked for which a chart one did not write may not have.
fn check_untrusted(arguments: &TemplateArguments) -> Result<(), Error> {
    let refused = [
        ("--post-renderer", arguments.post_renderer.is_some()),
        ("--dependency-update", arguments.dependency_update),
        ("--enable-dns", arguments.options.enable_dns),
    ];
    match refused.iter().find(|(_, is_given)| *is_given) {
        Some((flag, _)) if limits::trust() == Trust::Untrusted => {
            let text = format!("{flag} is not available for untrusted charts");
            Err(Error::new(ErrorKind::Usage, text))
        }
        _ => Ok(()),
    }
}

/// Gives up what neither fetching nor rendering needs, if something is fetched.
fn enter_to_fetch(arguments: &TemplateArguments, sink: &Sink) -> Result<(), Error> {
    let location = &arguments.location;
    let Some(mut wanted) = Wanted::if_untrusted(&location.remote) else {
        return Ok(());
    };
    wanted.chart(location);
    wanted.values(&arguments.inputs);
    wanted.enter(|| make_output_dir(arguments), sink)
}

/// Gives up what is not needed from here on.
fn enter_sandbox(
    arguments: &TemplateArguments,
    located: &Located,
    sink: &Sink,
) -> Result<(), Error> {
    if limits::trust() == Trust::Trusted {
        return Ok(());
    }
    let mut needs = Needs {
        write: make_output_dir(arguments)?,
        ..Needs::default()
    };
    if let Located::Path(path) = located {
        needs.read.push(path.clone());
    }
    sandbox::enter(&needs, sink);
    Ok(())
}

/// Makes the directory to write to, which must be there then; returns its path.
fn make_output_dir(arguments: &TemplateArguments) -> Result<Vec<PathBuf>, Error> {
    let directory = &arguments.output_dir;
    if directory.is_empty() {
        return Ok(Vec::new());
    }
    std::fs::create_dir_all(directory)
        .map_err(|e| Error::new(ErrorKind::Io, os::path_error("mkdir", directory, &e)))?;
    Ok(vec![directory.into()])
}

/// Returns the name of the release, if the arguments give one, and the chart.
fn name_and_chart(arguments: &TemplateArguments) -> Result<(Option<String>, String), Error> {
    let usage = |text: String| Err(Error::new(ErrorKind::Usage, text));
    match arguments.positional.as_slice() {
        [name, chart] => {
            if arguments.generate_name {
                return usage("cannot set --generate-name and also specify a name".into());
            }
            if !arguments.name_template.is_empty() {
                return usage("cannot set --name-template and also specify a name".into());
            }
            Ok((Some(name.clone()), chart.clone()))
        }
        [chart] if arguments.name_template.is_empty() => Ok((None, chart.clone())),
        [chart] => Ok((Some(name_from_template(arguments)?), chart.clone())),
        [_, _, rest @ ..] => usage(format!(
            "expected at most two arguments, unexpected arguments: {}",
            rest.join(", ")
        )),
        [] => usage("\"helm template\" requires at least 1 argument".into()),
    }
}

/// Executes `--name-template`, which sees no data.
fn name_from_template(arguments: &TemplateArguments) -> Result<String, Error> {
    const NAME: &[u8] = b"name-template";
    let mut set = TemplateSet::new(&CATALOG);
    set.parse(NAME, arguments.name_template.as_bytes())
        .map_err(|error| Error::new(ErrorKind::TemplateParse, error.text()))?;
    let environment = Environment::new(&*arguments.options.host);
    match set.execute(NAME, &Value::NIL, &environment) {
        Some(Ok(name)) => Ok(String::from_utf8_lossy(&name).into_owned()),
        Some(Err(error)) => Err(Error::new(ErrorKind::TemplateExec, error.go_text())),
        None => Ok(String::new()),
    }
}

fn check_installable(chart: &Chart) -> Result<(), Error> {
    match chart.metadata().chart_type.as_str() {
        "" | "application" => Ok(()),
        other => {
            let text = format!("{other} charts are not installable");
            Err(Error::new(ErrorKind::Chart, text))
        }
    }
}

/// Renders a chart that is loaded, and returns what helm would print.
pub(super) fn render(
    arguments: &TemplateArguments,
    renderer: &Renderer,
    values: &Map,
    sink: &Sink,
) -> TemplateOutcome {
    let options = &arguments.options;
    let prepared = match renderer.prepare(values, options, sink) {
        Ok(prepared) => prepared,
        Err(error) => return error.into(),
    };
    if let Err(error) = arguments.check_labels() {
        return error.into();
    }
    let hinted = |error: Error| match arguments.debug {
        true => error,
        false => error.suffixed(HINT),
    };
    let mut executed = match renderer.execute(&prepared, options, sink) {
        Ok(executed) => executed,
        Err(error) => return failed(arguments, b"\n".to_vec(), hinted(error)),
    };
    if let Some(post_renderer) = &arguments.post_renderer
        && let Err(error) = post_renderer.edit(&mut executed)
    {
        return failed(arguments, b"\n".to_vec(), hinted(error));
    }
    match executed.sort(sink) {
        Ok(rendered) => {
            let mut writer = DocumentWriter::new(&arguments.output_dir);
            let printed = print(arguments, &rendered, &mut writer);
            let (text, error) = match printed {
                Ok(text) => (text, None),
                Err(Unprinted::Early(error)) => (Output::default(), Some(hinted(error))),
                Err(Unprinted::Late(error)) => (Output::default(), Some(error)),
            };
            // What was written is told, whatever came after it.
            let mut stdout = Output::default();
            stdout.push(writer.log);
            stdout.append(text);
            TemplateOutcome {
                stdout,
                error,
                kept: Some(Box::new((prepared, executed, rendered))),
            }
        }
        Err(error) => failed(arguments, unsorted_text(&executed), hinted(error)),
    }
}

/// Why documents did not reach the end of their way.
enum Unprinted {
    /// While helm still counts it as rendering, and adds its hint.
    Early(Error),
    /// Afterwards.
    Late(Error),
}

/// With `--debug`, what there is of a manifest is printed before the error.
fn failed(arguments: &TemplateArguments, text: Vec<u8>, error: Error) -> TemplateOutcome {
    if !arguments.debug {
        return error.into();
    }
    let (stdout, error) = if arguments.show_only.is_empty() {
        (text, error)
    } else {
        match show_only(&text, &arguments.show_only) {
            Ok(shown) => (shown, error),
            Err(_) => (Vec::new(), error),
        }
    };
    let mut output = Output::default();
    output.push(stdout);
    TemplateOutcome {
        stdout: output,
        ..error.into()
    }
}

/// Returns all rendered files, by path (helm: in no order), as one text.
fn unsorted_text(executed: &Executed) -> Vec<u8> {
    let mut files: Vec<_> = executed.files().iter().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut text = Vec::new();
    for file in files {
        if !trim_space(&file.text).is_empty() {
            emit(&mut text, &file.path, &file.text);
        }
    }
    let length = trim_space(&text).len();
    text.truncate(length);
    text.push(b'\n');
    text
}

/// Returns what is printed, and writes files if that was asked for.
fn print(
    arguments: &TemplateArguments,
    rendered: &Rendered,
    writer: &mut DocumentWriter,
) -> Result<Output, Unprinted> {
    let to_files = !arguments.output_dir.is_empty();
    let directory = if arguments.release_name_dir {
        let release = arguments.options.release_name.as_bytes();
        let directory = path::join([arguments.output_dir.as_bytes(), release]);
        String::from_utf8_lossy(&directory).into_owned()
    } else {
        arguments.output_dir.clone()
    };
    let mut output = Output::default();
    if to_files {
        let taken = write_manifests(arguments, rendered, &directory, writer);
        // What came before a failure is written; what cannot be is the first thing to tell.
        writer.flush().and(taken).map_err(Unprinted::Early)?;
        output.push(b"\n".to_vec());
    } else {
        push_manifests(arguments, rendered, &mut output);
    }
    let mut taken = Ok(());
    for hook in &rendered.hooks {
        let is_skipped = arguments.skip_tests && hook.events.contains(&HookEvent::Test);
        if arguments.no_hooks || is_skipped {
            continue;
        }
        let (path, text) = (hook.document.path(), hook.document.text());
        if to_files {
            taken = writer.write_hook(&directory, path, text);
        } else {
            output.push_document(&hook.document, text.len());
        }
        if taken.is_err() {
            break;
        }
    }
    writer.flush().and(taken).map_err(Unprinted::Late)?;
    if arguments.show_only.is_empty() {
        return Ok(output);
    }
    let shown = show_only(&output.to_bytes(), &arguments.show_only).map_err(Unprinted::Late)?;
    let mut output = Output::default();
    output.push(shown);
    Ok(output)
}

/// Appends definitions and manifests, without white space at the end of it all.
fn push_manifests(arguments: &TemplateArguments, rendered: &Rendered, output: &mut Output) {
    let mut definitions = Vec::new();
    if arguments.include_crds {
        for (path, file) in &rendered.crds {
            emit(&mut definitions, path, &file.data);
        }
    }
    let Some((last, manifests)) = rendered.manifests.split_last() else {
        definitions.truncate(trim_space(&definitions).len());
        definitions.push(b'\n');
        output.push(definitions);
        return;
    };
    output.push(definitions);
    for document in manifests {
        output.push_document(document, document.text().len());
    }
    output.push_document(last, trim_end_space(last.text()).len());
}

fn write_manifests(
    arguments: &TemplateArguments,
    rendered: &Rendered,
    directory: &str,
    writer: &mut DocumentWriter,
) -> Result<(), Error> {
    if arguments.include_crds {
        for (path, file) in &rendered.crds {
            writer.write(&arguments.output_dir, path, &file.data)?;
        }
    }
    for document in &rendered.manifests {
        writer.write(directory, document.path(), document.text())?;
    }
    Ok(())
}
