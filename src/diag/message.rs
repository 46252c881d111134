//! What helm logs or warns of while it works, as data.

use std::cell::RefCell;

/// How serious a message is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// Only shown with `--debug`.
    Debug,
    /// Worth a line.
    Info,
    /// Probably a mistake.
    Warn,
    /// Wrong, but the operation went on.
    Error,
}

impl Level {
    /// Returns the word that stands in a log line.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Debug => "DEBUG",
            Level::Info => "INFO",
            Level::Warn => "WARN",
            Level::Error => "ERROR",
        }
    }
}

/// One message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// How serious it is.
    pub level: Level,
    /// The text.
    pub message: String,
    /// Named facts, in the order in which they are printed.
    pub attributes: Vec<(&'static str, String)>,
    /// Whether it is printed as the bare text rather than as a log line
    /// (`WARNING: ...`, `Flag --x has been deprecated, ...`).
    pub bare: bool,
}

impl Diagnostic {
    /// Returns a log line of the given level.
    pub fn log(level: Level, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            level,
            message: message.into(),
            attributes: Vec::new(),
            bare: false,
        }
    }

    /// Returns a line that is printed as it is.
    pub fn bare(message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            level: Level::Warn,
            message: message.into(),
            attributes: Vec::new(),
            bare: true,
        }
    }

    /// Adds a named fact.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Diagnostic {
        self.attributes.push((name, value.into()));
        self
    }

    /// Returns the line helm writes to standard error, without a line end: slog's
    /// text form `level=WARN msg="..." key=value`, or the bare text.
    pub fn line(&self) -> String {
        if self.bare {
            return self.message.clone();
        }
        let mut line = format!("level={} msg={}", self.level.name(), quoted(&self.message));
        for (name, value) in &self.attributes {
            line.push(' ');
            line.push_str(name);
            line.push('=');
            line.push_str(&quoted(value));
        }
        line
    }
}

/// Quotes a text where slog's text form does: when it is empty, holds a space, a
/// quote, an equals sign, or something that does not print.
fn quoted(text: &str) -> String {
    let plain = |c: char| {
        !c.is_control() && !matches!(c, ' ' | '"' | '=' | '\u{FFFD}') && !c.is_whitespace()
    };
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("{text:?}")
    }
}

/// Collects messages.
#[derive(Default, Debug)]
pub struct Sink {
    messages: RefCell<Vec<Diagnostic>>,
}

impl Sink {
    /// Returns an empty sink.
    pub fn new() -> Sink {
        Sink::default()
    }

    /// Adds a message.
    pub fn push(&self, message: Diagnostic) {
        self.messages.borrow_mut().push(message);
    }

    /// Adds messages that may be told again later.
    pub fn repeat(&self, messages: &[Diagnostic]) {
        self.messages.borrow_mut().extend_from_slice(messages);
    }

    /// Returns the messages so far, in order, and forgets them.
    pub fn take(&self) -> Vec<Diagnostic> {
        self.messages.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_line_quotes_what_has_spaces() {
        let line = Diagnostic::log(Level::Warn, "returned non-bool value")
            .with("path", "a.b")
            .line();
        assert_eq!(line, "level=WARN msg=\"returned non-bool value\" path=a.b");
    }
}
