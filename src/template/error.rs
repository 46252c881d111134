//! Errors of execution, with the parts that Go's and helm's texts are made of.

use super::func::FuncError;

/// Where execution stood: one `template: FILE:L:C: executing "T" at <NODE>`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExecFrame {
    /// The file (the name under which the text was parsed).
    pub file: Vec<u8>,
    /// Line, counted from 1.
    pub line: u32,
    /// Byte offset in the line, counted from 0.
    pub column: u32,
    /// The template being executed.
    pub template: Vec<u8>,
    /// The printed node, empty where Go names none.
    pub node: Vec<u8>,
}

/// What went wrong at the place a frame names.
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
}

/// A failed execution.
#[derive(Debug)]
pub struct ExecError {
    /// The place.
    pub frame: ExecFrame,
    /// The reason.
    pub cause: ExecCause,
}
