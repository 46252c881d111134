//! The one error type of the public interface.

use std::fmt;

use crate::limits::Exceeded;

/// What went wrong, for programs that decide by it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A flag, an argument or an option makes no sense: `--kube-version x`.
    Usage,
    /// A file could not be read or written.
    Io,
    /// The chart itself is broken: no Chart.yaml, a bad archive, bad metadata.
    Chart,
    /// A dependency is missing or cannot be resolved.
    Dependency,
    /// A values file or a set expression cannot be read: `--set a[`.
    Values,
    /// The values do not meet values.schema.json.
    Schema,
    /// A template does not parse: `{{ if }}`.
    TemplateParse,
    /// A template fails while it runs: `{{ .Values.a.b }}` without `a`.
    TemplateExec,
    /// A template stopped on purpose: `{{ fail "no" }}`, `{{ required "no" nil }}`.
    TemplateFail,
    /// Rendered text is not a Kubernetes manifest.
    Manifest,
    /// The chart asks for another Kubernetes version.
    Incompatible,
    /// A rule of lint found something.
    Lint,
    /// A limit of the renderer was reached.
    Limit,
    /// The operation needs a cluster, a network or a feature that is not there.
    Unavailable,
}

/// A place in a file of the chart.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Location {
    /// Path as helm names it, such as `verta/templates/ingress.yaml`.
    pub file: String,
    /// Line, counted from 1.
    pub line: u32,
    /// Byte offset in the line, counted from 0, where one is known.
    pub column: Option<u32>,
}

/// One step of how execution came to the place of the error, outermost first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TraceFrame {
    /// Where the step is written.
    pub location: Location,
    /// The template being executed.
    pub template: String,
    /// The expression being evaluated, in Go's printed form.
    pub node: String,
}

/// Why an operation failed.
///
/// Displays helm's plain text (what follows `Error: `), which may have several
/// lines. The parts are to be had separately.
///
/// # Examples
///
/// ```
/// use verta_render::diag::{Error, ErrorKind};
///
/// let error = Error::new(ErrorKind::Chart, "Chart.yaml file is missing");
/// assert_eq!(error.to_string(), "Chart.yaml file is missing");
/// ```
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    text: Vec<u8>,
    location: Option<Location>,
    trace: Vec<TraceFrame>,
}

impl Error {
    /// Returns an error with helm's plain text.
    pub fn new(kind: ErrorKind, text: impl Into<Vec<u8>>) -> Error {
        Error(Box::new(Inner {
            kind,
            text: text.into(),
            location: None,
            trace: Vec::new(),
        }))
    }

    /// Adds the place of the error.
    pub fn at(mut self, location: Location) -> Error {
        self.0.location = Some(location);
        self
    }

    /// Adds how execution came there, outermost first.
    pub fn with_trace(mut self, trace: Vec<TraceFrame>) -> Error {
        self.0.trace = trace;
        self
    }

    /// Puts text in front, as callers up the line do: `error unpacking subchart x: `.
    pub fn prefixed(mut self, prefix: impl AsRef<[u8]>) -> Error {
        self.0.text.splice(0..0, prefix.as_ref().iter().copied());
        self
    }

    /// Puts text behind.
    pub fn suffixed(mut self, suffix: impl AsRef<[u8]>) -> Error {
        self.0.text.extend_from_slice(suffix.as_ref());
        self
    }

    /// Returns what went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns helm's plain text, which may hold any bytes of the chart.
    pub fn text(&self) -> &[u8] {
        &self.0.text
    }

    /// Returns the place, where there is one.
    pub fn location(&self) -> Option<&Location> {
        self.0.location.as_ref()
    }

    /// Returns how execution came to the place, outermost first.
    pub fn trace(&self) -> &[TraceFrame] {
        &self.0.trace
    }
}

impl From<Exceeded> for Error {
    fn from(exceeded: Exceeded) -> Error {
        Error::new(ErrorKind::Limit, exceeded.to_string())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0.text))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}: {self}", self.0.kind)
    }
}

impl std::error::Error for Error {}
