//! Errors of the template engine as errors of a render.
//!
//! helm: pkg/engine `cleanupParseError`, `reformatExecErrorMsg`.

use crate::diag::{Error, ErrorKind, Location, TraceFrame};
use crate::template::error::{ExecCause, ExecError, ExecFrame};
use crate::template::parser::ParseError;

/// `parse error at (FILE:LINE): MESSAGE`, of which only the last part is kept.
pub(super) fn parse_failure(error: &ParseError) -> Error {
    let whole = error.text();
    let parts: Vec<&[u8]> = split_at_colons(&whole);
    let text = match (parts.get(1), parts.last()) {
        (Some(place), Some(message)) => [&b"parse error at ("[..], place, b"): ", message].concat(),
        _ => whole.clone(),
    };
    Error::new(ErrorKind::TemplateParse, text).at(Location {
        file: String::from_utf8_lossy(&error.name).into_owned(),
        line: error.line,
        column: None,
    })
}

fn split_at_colons(text: &[u8]) -> Vec<&[u8]> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.windows(2).position(|w| w == b": ") {
        parts.push(&rest[..at]);
        rest = &rest[at + 2..];
    }
    parts.push(rest);
    parts
}

/// The place of an error is the innermost one; its trace are all places, outermost
/// first.
pub(super) fn exec_failure(error: &ExecError) -> Error {
    let kind = match error.cause {
        ExecCause::Limit(_) => ErrorKind::Limit,
        _ if error.fail_message().is_some() => ErrorKind::TemplateFail,
        _ => ErrorKind::TemplateExec,
    };
    let trace: Vec<TraceFrame> = error.levels.iter().map(|l| trace_frame(&l.frame)).collect();
    let mut failure = Error::new(kind, error.helm_text());
    if let Some(innermost) = trace.last() {
        failure = failure.at(innermost.location.clone());
    }
    failure.with_trace(trace)
}

fn trace_frame(frame: &ExecFrame) -> TraceFrame {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    TraceFrame {
        location: Location {
            file: text(&frame.file),
            line: frame.line,
            column: Some(frame.column),
        },
        template: text(&frame.template),
        node: text(&frame.node),
    }
}
