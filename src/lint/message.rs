//! What a rule has to say.

use std::fmt;

use crate::diag::{Error, ErrorKind, Location};
use crate::value::Str;

/// How bad a finding is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Worth knowing: there is no values.yaml.
    Info,
    /// Breaks with convention, but will most likely work.
    Warning,
    /// Will most likely not work.
    Error,
}

impl Severity {
    /// Returns the word that stands in a message.
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Info => "INFO",
            Severity::Warning => "WARNING",
            Severity::Error => "ERROR",
        }
    }
}

/// One finding.
///
/// # Examples
///
/// ```
/// use verta_render::lint::{LintOptions, Severity, lint_memory};
/// use verta_render::value::Map;
///
/// let files = [("Chart.yaml", "apiVersion: v2\nname: web\nversion: one\n")];
/// let messages = lint_memory(files, &Map::new(), &LintOptions::default());
/// assert_eq!(messages[0].severity(), Severity::Error);
/// assert_eq!(
///     messages[0].to_string(),
///     "[ERROR] Chart.yaml: version 'one' is not a valid SemVer"
/// );
/// ```
#[derive(Clone, Debug)]
pub struct Message {
    severity: Severity,
    path: Str,
    error: Error,
}

impl Message {
    pub(super) fn new(severity: Severity, path: impl Into<Str>, error: Error) -> Message {
        Message {
            severity,
            path: path.into(),
            error,
        }
    }

    /// Returns how bad it is.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// Returns the file or directory it is about: `templates/service.yaml`. Empty
    /// where it is the chart.
    pub fn path(&self) -> &[u8] {
        &self.path
    }

    /// Returns what is wrong, with place and trace where a template is.
    pub fn error(&self) -> &Error {
        &self.error
    }

    /// Returns the line, if one is known.
    pub fn location(&self) -> Option<&Location> {
        self.error.location()
    }

    /// Returns what helm prints: `[ERROR] PATH: TEXT`.
    pub fn text(&self) -> Vec<u8> {
        let mut text = format!("[{}] ", self.severity.name()).into_bytes();
        text.extend_from_slice(&self.path);
        text.extend_from_slice(b": ");
        text.extend_from_slice(self.error.text());
        text
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.text()))
    }
}

/// The messages of a chart, as they come in.
#[derive(Debug, Default)]
pub(super) struct Messages(Vec<Message>);

impl Messages {
    /// Adds what a rule finds, in its own words.
    pub fn say(&mut self, severity: Severity, path: impl Into<Str>, text: impl Into<Vec<u8>>) {
        self.add(severity, path, Error::new(ErrorKind::Lint, text));
    }

    /// Adds what a rule ran into.
    pub fn add(&mut self, severity: Severity, path: impl Into<Str>, error: Error) {
        self.0.push(Message::new(severity, path, error));
    }

    /// Returns all of them.
    pub fn into_vec(self) -> Vec<Message> {
        self.0
    }
}
