//! From a chart and values to rendered files.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::ahead::{Ahead, Begun, WORTH_A_THREAD, help};
use super::beside::Beside;
use super::context::{TemplateFile, TemplateText, template_files, template_texts};
use super::failure::exec_failure;
use super::options::RenderOptions;
use super::programs::{Programs, check_room};
use super::rendered::Rendered;
use crate::chart::Chart;
use crate::chart::loader::{self, Formats};
use crate::dependency;
use crate::diag::{Diagnostic, Error, ErrorKind, Level, Sink};
use crate::gostd::path;
use crate::manifest::{RenderedFile, sort_files};
use crate::template::{Environment, Observer, Unobserved, without_no_value};
use crate::value::{Map, Str};
use crate::values::coalesce;
use crate::values::schema;
use crate::version::{Constraints, Version};

/// A chart ready to be rendered, as often as wanted and from many threads at once.
///
/// Templates are compiled at the first render and kept. No render leaves a trace in
/// another: each works on values and contexts of its own.
///
/// # Examples
///
/// ```
/// use verta_render::{RenderOptions, Renderer, read_values};
///
/// let renderer = Renderer::from_memory([
///     ("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.2.3\n"),
///     ("values.yaml", "port: 80\n"),
///     ("templates/port.yaml", "kind: Port\nport: {{ .Values.port }}\n"),
/// ])?;
/// let values = read_values(b"port: 8080")?;
/// let rendered = renderer.render(&values, &RenderOptions::named("shop"))?;
/// assert_eq!(rendered.manifests[0].text(), b"kind: Port\nport: 8080\n");
/// # Ok::<(), verta_render::Error>(())
/// ```
pub struct Renderer {
    chart: Chart,
    programs: Programs,
    /// What was compiled while the chart was read, until the first render.
    begun: Mutex<Option<Begun>>,
    /// Whether nobody looks at the chart's values after a render.
    once: bool,
}

impl Renderer {
    /// Returns a renderer of a loaded chart.
    pub fn new(chart: Chart) -> Renderer {
        Renderer {
            chart,
            programs: Programs::default(),
            begun: Mutex::default(),
            once: false,
        }
    }

    /// Returns a renderer of a chart whose files `ahead` was shown when it was loaded.
    pub(crate) fn begun(chart: Chart, ahead: Ahead) -> Renderer {
        Renderer {
            begun: Mutex::new(ahead.finish()),
            ..Renderer::new(chart)
        }
    }

    /// Returns the renderer for one last render. The chart's values, and those given for the render, are changed by
    /// it: they are not copied first.
    pub(crate) fn once(self) -> Renderer {
        Renderer { once: true, ..self }
    }

    /// Loads a chart from a directory or an archive.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if there is no valid chart.
    pub fn from_path(path: impl AsRef<Path>) -> Result<Renderer, Error> {
        let chart = loader::load_path(path.as_ref(), Formats::Supported, &Sink::new())?;
        Ok(Renderer::new(chart))
    }

    /// Loads a chart from the bytes of an archive (`.tgz`).
    ///
    /// # Errors
    ///
    /// Fails with helm's text if they are no valid chart.
    pub fn from_archive(data: &[u8]) -> Result<Renderer, Error> {
        let chart = loader::load_archive(data, Formats::Supported, &Sink::new())?;
        Ok(Renderer::new(chart))
    }

    /// Loads a chart from files in memory: names with `/`, and their bytes.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if they are no valid chart.
    pub fn from_memory<N, D>(files: impl IntoIterator<Item = (N, D)>) -> Result<Renderer, Error>
    where
        N: AsRef<[u8]>,
        D: AsRef<[u8]>,
    {
        let chart = loader::from_memory(files, &Sink::new())?;
        Ok(Renderer::new(chart))
    }

    /// Returns the chart.
    pub fn chart(&self) -> &Chart {
        &self.chart
    }

    /// Renders the chart with these values over its defaults.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if the values do not fit the chart, a template fails,
    /// or what it renders is no manifest.
    pub fn render(&self, values: &Map, options: &RenderOptions) -> Result<Rendered, Error> {
        self.render_with(values, options, &Sink::new())
    }

    /// As [`Renderer::render`], with helm's warnings and log lines to a sink.
    ///
    /// # Errors
    ///
    /// As [`Renderer::render`].
    pub fn render_with(
        &self,
        values: &Map,
        options: &RenderOptions,
        sink: &Sink,
    ) -> Result<Rendered, Error> {
        options.bounds.within(|| {
            let prepared = self.prepare_within(values, options, sink)?;
            let executed = self.execute_within(&prepared, options, sink, Unobserved)?;
            executed.sort(sink)
        })
    }

    /// Does all that comes before templates: switches dependencies, joins values,
    /// checks the schema.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if the values do not fit the chart.
    pub fn prepare(
        &self,
        values: &Map,
        options: &RenderOptions,
        sink: &Sink,
    ) -> Result<Prepared, Error> {
        let bounds = &options.bounds;
        bounds.within(|| self.prepare_within(values, options, sink))
    }

    fn prepare_within(
        &self,
        values: &Map,
        options: &RenderOptions,
        sink: &Sink,
    ) -> Result<Prepared, Error> {
        options.check_name(sink)?;
        let checks_schema = !options.skip_schema_validation && has_schema(&self.chart);
        if !self.programs.is_empty() {
            let prepared = self.join(values, options, sink)?;
            if checks_schema {
                let fits = schema::surely_valid(&prepared.chart, &prepared.values);
                prepared.check_schema(fits, options, sink)?;
            }
            return Ok(prepared);
        }
        let texts = template_texts(&self.chart);
        check_room(&texts)?;
        let begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        let begun = { begun }.take();
        let beside = match &begun {
            Some(begun) => begun.0.clone(),
            None => share(texts, options),
        };
        let joined = {
            let _nothing = NothingToCheck(&beside);
            let joined = self.join(values, options, sink);
            beside.check(joined.as_ref().ok().filter(|_| checks_schema).cloned());
            joined
        };
        let Ok(prepared) = joined else {
            beside.want(Vec::new());
            return joined;
        };
        let wanted = beside.want(template_texts(&prepared.chart));
        if checks_schema {
            prepared.check_schema(beside.fits(&prepared), options, sink)?;
        }
        // What is wrong with a template is told when they are executed: the schema has the first word.
        self.programs.keep_compiled(wanted);
        Ok(prepared)
    }

    /// Switches dependencies and joins values.
    fn join(&self, values: &Map, options: &RenderOptions, sink: &Sink) -> Result<Prepared, Error> {
        let chart = dependency::process(&self.chart, values, sink).map_err(|error| {
            if !options.lint {
                let reason = error.to_string();
                sink.push(
                    Diagnostic::log(Level::Error, "chart dependencies processing failed")
                        .with("error", reason),
                );
            }
            error.prefixed("chart dependencies processing failed: ")
        })?;
        if self.once && !options.lint {
            let values = coalesce::coalesce_spent(&chart, values, sink)?;
            return Ok(Prepared { chart, values });
        }
        let mut values = coalesce::coalesce(&chart, values, sink)?;
        if options.lint {
            // Under lint, helm joins them twice: what the user made null is back.
            values = coalesce::coalesce(&chart, &values, sink)?;
        }
        Ok(Prepared { chart, values })
    }

    /// Executes all templates.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if the chart wants another Kubernetes version or a
    /// template does not parse or fails.
    pub fn execute(
        &self,
        prepared: &Prepared,
        options: &RenderOptions,
        sink: &Sink,
    ) -> Result<Executed, Error> {
        self.execute_observed(prepared, options, sink, Unobserved)
    }

    /// As [`Renderer::execute`], telling an observer what every file does.
    ///
    /// # Errors
    ///
    /// As [`Renderer::execute`].
    pub fn execute_observed(
        &self,
        prepared: &Prepared,
        options: &RenderOptions,
        sink: &Sink,
        observer: impl Observer + Copy,
    ) -> Result<Executed, Error> {
        let bounds = &options.bounds;
        bounds.within(|| self.execute_within(prepared, options, sink, observer))
    }

    fn execute_within(
        &self,
        prepared: &Prepared,
        options: &RenderOptions,
        sink: &Sink,
        observer: impl Observer + Copy,
    ) -> Result<Executed, Error> {
        if !options.lint {
            check_kube_version(&prepared.chart, options)?;
        }
        let files = self.template_files(&prepared.chart, &prepared.values, options);
        let set = self.programs.compile(&files)?;
        let environment = Environment {
            strict: false,
            lint: options.lint,
            dns: options.enable_dns,
            limits: options.bounds.limits,
            sink: Some(sink),
            ..Environment::new(&*options.host)
        };
        let notes_path = path::join([prepared.chart.name().as_bytes(), b"templates/NOTES.txt"]);
        let mut executed = Executed {
            chart: prepared.chart.clone(),
            files: Vec::with_capacity(files.len()),
            notes: Vec::new(),
        };
        for file in files.iter().filter(|file| !file.is_partial()) {
            // A file whose own template is void may be missing in the set: nothing
            // is what it renders to.
            let text = match set.execute_observed(&file.path, &file.dot(), &environment, observer) {
                Some(Ok(text)) => text,
                Some(Err(error)) => return Err(exec_failure(&error)),
                None => Vec::new(),
            };
            let text = match without_no_value(&text) {
                std::borrow::Cow::Borrowed(_) => text,
                std::borrow::Cow::Owned(shorter) => shorter,
            };
            let is_own = *file.path == *notes_path;
            if !file.path.ends_with(b"NOTES.txt") {
                let path = file.path.clone();
                executed.files.push(Arc::new(RenderedFile { path, text }));
            } else if is_own || options.subchart_notes {
                executed.notes.push(Notes {
                    is_subordinate: !is_own,
                    path: file.path.clone(),
                    text,
                });
            }
        }
        Ok(executed)
    }

    fn template_files(
        &self,
        chart: &Chart,
        values: &Map,
        options: &RenderOptions,
    ) -> Vec<TemplateFile> {
        let capabilities = options.capabilities.to_value();
        template_files(chart, values, &options.release(), capabilities)
    }
}

/// Says, when it goes away, that there is nothing to check, unless something was said before.
struct NothingToCheck<'a>(&'a Beside);

impl Drop for NothingToCheck<'_> {
    fn drop(&mut self) {
        self.0.check(None);
    }
}

/// Returns texts to be compiled, by two threads if they are many.
fn share(texts: Vec<TemplateText>, options: &RenderOptions) -> Arc<Beside> {
    let size: usize = texts.iter().map(|text| text.text.len()).sum();
    let beside = Arc::new(Beside::default());
    beside.add(texts);
    beside.complete();
    if size > WORTH_A_THREAD {
        help(&*options.host, &beside);
    }
    beside
}

/// Reports whether a chart or one of its subcharts has a schema.
fn has_schema(chart: &Chart) -> bool {
    chart.schema().is_some() || chart.dependencies().iter().any(has_schema)
}

impl std::fmt::Debug for Renderer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Renderer")
            .field("chart", &self.chart)
            .finish_non_exhaustive()
    }
}

/// Checks that the chart may be used with the Kubernetes version.
fn check_kube_version(chart: &Chart, options: &RenderOptions) -> Result<(), Error> {
    let wanted = &chart.metadata().kube_version;
    if wanted.is_empty() {
        return Ok(());
    }
    let version = options.capabilities.kube_version();
    let fits = match (
        Constraints::parse(wanted.as_bytes()),
        Version::parse(version.normalized().as_bytes()),
    ) {
        (Ok(constraints), Ok(version)) => constraints.check(&version),
        // What cannot be read is not met.
        _ => false,
    };
    if fits {
        return Ok(());
    }
    let version = version.full();
    Err(Error::new(
        ErrorKind::Incompatible,
        format!(
            "chart requires kubeVersion: {wanted} which is incompatible with Kubernetes {version}"
        ),
    ))
}

/// A chart whose dependencies are switched, with the values it is rendered with.
#[derive(Clone)]
pub struct Prepared {
    chart: Chart,
    values: Map,
}

impl Prepared {
    /// Tells what is wrong with the values, unless they are known to fit.
    fn check_schema(&self, fits: bool, options: &RenderOptions, sink: &Sink) -> Result<(), Error> {
        let references = &options.schema_references;
        let check = |sink: &Sink| schema::validate(&self.chart, &self.values, references, sink);
        if fits {
            debug_assert!(check(&Sink::new()).is_ok());
            return Ok(());
        }
        check(sink)
    }

    /// Returns the chart with the subcharts that are switched on.
    pub fn chart(&self) -> &Chart {
        &self.chart
    }

    /// Returns the values: what was given over all defaults.
    pub fn values(&self) -> &Map {
        &self.values
    }
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prepared")
            .field("chart", &self.chart)
            .finish_non_exhaustive()
    }
}

/// Rendered files that have not been looked into yet.
#[derive(Clone, Debug)]
pub struct Executed {
    chart: Chart,
    files: Vec<Arc<RenderedFile>>,
    notes: Vec<Notes>,
}

/// A rendered text for people. The chart's own comes first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Notes {
    is_subordinate: bool,
    path: Str,
    text: Vec<u8>,
}

impl Executed {
    /// Returns the rendered files, notes left out.
    pub fn files(&self) -> &[Arc<RenderedFile>] {
        &self.files
    }

    /// Lets a function edit the files before they are cut into documents.
    ///
    /// # Errors
    ///
    /// Returns the function's error.
    pub fn edit(
        &mut self,
        edit: impl FnOnce(&[Arc<RenderedFile>]) -> Result<Vec<RenderedFile>, Error>,
    ) -> Result<(), Error> {
        let files = edit(&self.files)?;
        self.files = files.into_iter().map(Arc::new).collect();
        Ok(())
    }

    /// Cuts the files into documents and sorts them.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if a document is no YAML or no manifest.
    pub fn sort(&self, sink: &Sink) -> Result<Rendered, Error> {
        let sorted = sort_files(self.files.clone(), sink)?;
        Ok(Rendered {
            manifests: sorted.manifests,
            hooks: sorted.hooks,
            crds: self.chart.crds(),
            notes: self.notes(),
        })
    }
}

impl Executed {
    /// Returns all notes as one text.
    fn notes(&self) -> Option<Vec<u8>> {
        // DIFFERS(helm): it takes them in random order.
        let mut notes: Vec<&Notes> = self.notes.iter().collect();
        notes.sort();
        notes.into_iter().fold(None, |text, notes| {
            let mut text = text.unwrap_or_default();
            if !text.is_empty() {
                text.push(b'\n');
            }
            text.extend_from_slice(&notes.text);
            Some(text)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renderer_can_be_shared_between_threads() {
        fn check<T: Send + Sync>() {}
        check::<Renderer>();
        check::<RenderOptions>();
    }
}
