//! Errors of execution, with the parts that Go's and helm's texts are made of.
//!
//! An [`ExecError`] has one level for each execution that was under way: the file, then what `include` and `tpl`
//! began. `{{ template }}` begins none. [`ExecError::go_text`] and [`ExecError::helm_text`] put the texts together.
//!
//! Go: `text/template`, `ExecError`; helm: `pkg/engine`, the texts made of it.

mod helm;

use std::sync::Arc;

use super::func::FuncError;
use super::parser::ParseError;
use crate::gostd::strconv::append_quote;
use crate::value::Str;

/// Where execution stood: one `template: FILE:L:C: executing "T" at <NODE>`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExecFrame {
    /// The file (the name under which the text was parsed).
    pub file: Arc<[u8]>,
    /// Line, counted from 1.
    pub line: u32,
    /// Byte offset in the line, counted from 0.
    pub column: u32,
    /// The template being executed.
    pub template: Arc<[u8]>,
    /// The printed node.
    pub node: Arc<[u8]>,
}

/// One execution: where it stood, and by what it began the next one.
#[derive(Debug)]
pub struct ExecLevel {
    /// The place.
    pub frame: ExecFrame,
    /// What was called there; `None` for the innermost level.
    pub link: Option<ExecLink>,
}

/// How an execution began another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExecLink {
    /// `include`.
    Include,
    /// `tpl` of this text.
    Tpl(Str),
}

/// What went wrong at the innermost place.
#[derive(Debug)]
pub enum ExecCause {
    /// A rule of the language was broken: `nil pointer evaluating interface {}.x`.
    Message(Vec<u8>),
    /// A function failed: `error calling NAME: ...`.
    Call {
        /// The function's name.
        function: Vec<u8>,
        /// What it returned.
        error: FuncError,
    },
    /// `include` of a template that there is not.
    NoTemplate(Str),
    /// `include` of this template within itself, over and over.
    Recursion(Str),
    /// The text given to `tpl` is no template.
    Parse {
        /// The text.
        text: Str,
        /// Why.
        error: ParseError,
    },
    /// A limit of the render was reached, which helm does not have.
    Limit(Vec<u8>),
}

/// A failed execution.
#[derive(Debug)]
pub struct ExecError {
    /// The executions under way, outermost first; never empty.
    pub levels: Vec<ExecLevel>,
    /// The reason.
    pub cause: ExecCause,
}

/// About how many bytes an error text may have before its middle is left out.
pub(crate) const LONGEST: usize = 1 << 20;

/// What separates an author's message from the rest of an error text in helm, so that it can be cut out again.
const FAIL_START: &[u8] = b"HELM_ERR_START";
const FAIL_END: &[u8] = b"HELM_ERR_END";

impl ExecError {
    /// Returns Go's text, all of it in one line.
    pub fn go_text(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for (index, level) in self.levels.iter().enumerate() {
            // Nobody reads on for so long: the last level and the cause are what is looked for.
            if out.len() < LONGEST || index + 1 == self.levels.len() {
                level.append(&mut out);
            }
        }
        self.append_cause(&mut out);
        out
    }

    /// Returns what helm makes of it and prints after `Error: `.
    pub fn helm_text(&self) -> Vec<u8> {
        helm::text(self)
    }

    /// Returns the message given to `fail` or `required`, if that is what happened.
    pub fn fail_message(&self) -> Option<&[u8]> {
        match &self.cause {
            ExecCause::Call {
                error: FuncError::Fail(message),
                ..
            } => Some(message),
            _ => None,
        }
    }

    fn append_cause(&self, out: &mut Vec<u8>) {
        match &self.cause {
            ExecCause::Message(message) | ExecCause::Limit(message) => {
                out.extend_from_slice(message)
            }
            ExecCause::Call { function, error } => {
                out.extend_from_slice(b"error calling ");
                out.extend_from_slice(function);
                out.extend_from_slice(b": ");
                match error {
                    FuncError::Message(message) => out.extend_from_slice(message),
                    FuncError::Limit(exceeded) => {
                        out.extend_from_slice(exceeded.to_string().as_bytes());
                    }
                    FuncError::Fail(message) => {
                        out.extend_from_slice(FAIL_START);
                        out.extend_from_slice(message);
                        out.extend_from_slice(FAIL_END);
                    }
                }
            }
            ExecCause::NoTemplate(name) => {
                out.extend_from_slice(b"error calling include: ");
                no_template(name, out);
            }
            ExecCause::Recursion(name) => {
                out.extend_from_slice(
                    b"error calling include: rendering template has a nested reference name: ",
                );
                out.extend_from_slice(name);
                out.extend_from_slice(b": unable to execute template");
            }
            ExecCause::Parse { text, error } => {
                out.extend_from_slice(b"error calling tpl: cannot parse template ");
                append_quote(out, shown_part(text));
                out.extend_from_slice(b": ");
                out.extend_from_slice(&error.text());
            }
        }
    }
}

/// The set of templates goes by the name that `tpl` texts are parsed under.
fn no_template(name: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(b"template: no template ");
    append_quote(out, name);
    out.extend_from_slice(b" associated with template \"gotpl\"");
}

impl ExecLevel {
    fn append(&self, out: &mut Vec<u8>) {
        self.frame.append(out);
        match &self.link {
            None => {}
            Some(ExecLink::Include) => out.extend_from_slice(b"error calling include: "),
            Some(ExecLink::Tpl(text)) => {
                out.extend_from_slice(
                    b"error calling tpl: error during tpl function execution for ",
                );
                append_quote(out, shown_part(text));
                out.extend_from_slice(b": ");
            }
        }
    }
}

/// The part of a text given to `tpl` that an error shows.
// DIFFERS(helm): helm shows all of it, at every level.
fn shown_part(text: &[u8]) -> &[u8] {
    text.get(..LONGEST).unwrap_or(text)
}

impl ExecFrame {
    // DIFFERS(helm): Go takes the name of the file for a format, so a `%` in it garbles the text.
    fn append(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"template: ");
        out.extend_from_slice(&self.file);
        out.extend_from_slice(format!(":{}:{}: executing ", self.line, self.column).as_bytes());
        append_quote(out, &self.template);
        out.extend_from_slice(b" at <");
        out.extend_from_slice(&self.node);
        out.extend_from_slice(b">: ");
    }
}
