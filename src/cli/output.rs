//! What a command leaves for the terminal, and how it gets there.

use std::any::Any;
use std::io::{self, ErrorKind, Write};

use super::message;
use crate::command::output::Output;
use crate::diag::{Diagnostic, Error, Level, Sink};
use crate::limits::{Limit, Limits};

/// The result of a command.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// What goes to standard output.
    pub stdout: Output,
    /// What goes to standard error before the error.
    pub diagnostics: Vec<Diagnostic>,
    /// Why it failed.
    pub error: Option<Error>,
    /// Whether it failed without an error to print.
    pub failed: bool,
    /// What the command worked with.
    pub kept: Option<Box<dyn Any>>,
}

impl Outcome {
    /// Returns the outcome of a command that only prints.
    pub fn text(text: Vec<u8>) -> Outcome {
        let mut stdout = Output::default();
        stdout.push(text);
        Outcome {
            stdout,
            ..Outcome::default()
        }
    }

    /// Returns the outcome of a command that failed at once.
    pub fn error(error: Error) -> Outcome {
        Outcome {
            error: Some(error),
            ..Outcome::default()
        }
    }

    /// Returns the outcome of a command that prints all it has to say at its end.
    pub fn finish(result: Result<Vec<u8>, Error>, sink: &Sink) -> Outcome {
        let outcome = match result {
            Ok(text) => Outcome::text(text),
            Err(error) => Outcome::error(error),
        };
        Outcome {
            diagnostics: sink.take(),
            ..outcome
        }
    }

    /// Returns the outcome of a command that prints on its way.
    pub fn with(stdout: Vec<u8>, result: Result<(), Error>, sink: &Sink) -> Outcome {
        Outcome {
            diagnostics: sink.take(),
            error: result.err(),
            ..Outcome::text(stdout)
        }
    }

    fn print_stdout(&self) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        self.stdout.write_to(&mut stdout)?;
        stdout.flush()
    }

    /// Prints everything; returns whether the command succeeded.
    pub fn print(&self, debug: bool) -> bool {
        self.print_within(debug, &Limits::default())
    }

    /// As [`Outcome::print`], with messages no longer than these limits allow.
    pub fn print_within(&self, debug: bool, limits: &Limits) -> bool {
        let most = limits.message;
        let mut messages = Vec::new();
        let mut unprinted = 0_usize;
        for message in &self.diagnostics {
            if debug || message.level != Level::Debug {
                if messages.len() as u64 > most {
                    unprinted += 1;
                    continue;
                }
                message::append(&mut messages, message.line().as_bytes(), most);
                messages.push(b'\n');
            }
        }
        if unprinted > 0 {
            let flag = Limit::Message.spec().flag;
            messages.extend_from_slice(
                format!("... {unprinted} messages left out (limit message, --{flag}) ...\n")
                    .as_bytes(),
            );
        }
        let written = unless_closed(self.print_stdout());
        let mut succeeded = self.error.is_none() && !self.failed;
        if let Some(error) = &self.error {
            messages.extend_from_slice(b"Error: ");
            message::append(&mut messages, error.text(), most);
            messages.push(b'\n');
        } else if let Err(error) = written {
            succeeded = false;
            let text = crate::gostd::os::path_error("write", "/dev/stdout", &error);
            messages.extend_from_slice(format!("Error: {text}\n").as_bytes());
        }
        // There is no place left to report that standard error cannot be written to.
        let _ = io::stderr().lock().write_all(&messages);
        succeeded
    }
}

/// That nobody reads any more is no error.
fn unless_closed(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}
