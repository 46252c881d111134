//! Errors and messages: one public error type, and what helm would log.
//!
//! An [`Error`] holds helm's exact plain text and, beside it, the parts the text
//! was made of: kind, place, trace. Nothing is ever read back out of a text.
//! Warnings and log lines are collected in a [`Sink`] and come back to the caller
//! as [`Diagnostic`]s; the library never prints.

mod error;
mod message;

pub use error::{Error, ErrorKind, Location, TraceFrame};
pub use message::{Diagnostic, Level, Sink};
