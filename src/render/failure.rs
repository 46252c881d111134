//! Errors of the template engine as errors of a render.
//!
//! helm: pkg/engine `cleanupParseError`, `reformatExecErrorMsg`.

use crate::diag::{Error, ErrorKind, Location, TraceFrame};
use crate::template::error::{ExecCause, ExecError, ExecFrame, LONGEST};
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
/// first, but for those in the middle of a trace without end.
pub(super) fn exec_failure(error: &ExecError) -> Error {
    let kind = match error.cause {
        ExecCause::Limit(_) => ErrorKind::Limit,
        _ if error.fail_message().is_some() => ErrorKind::TemplateFail,
        _ => ErrorKind::TemplateExec,
    };
    let mut trace: Vec<TraceFrame> = Vec::new();
    let mut length = 0;
    for (index, level) in error.levels.iter().enumerate() {
        // Names may be such that nobody reads on; the last place is the one that counts.
        if length < LONGEST || index + 1 == error.levels.len() {
            let ExecFrame { file, node, .. } = &level.frame;
            length += file.len() + level.frame.template.len() + node.len();
            trace.push(trace_frame(&level.frame));
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Map;
    use crate::{RenderOptions, Renderer};

    /// A chart with a name of 100,000 letters, whose template fails 500 levels deep.
    fn failure(last: &str) -> Error {
        let name = "n".repeat(100_000);
        let define = |level: usize| {
            format!(
                "{{{{ define \"p{level}\" }}}}{{{{ include \"p{}\" . }}}}{{{{ end }}}}\n",
                level + 1
            )
        };
        let mut template: String = (0..500).map(define).collect();
        template.push_str(&format!("{{{{ define \"p500\" }}}}{last}{{{{ end }}}}"));
        template.push_str("{{ include \"p0\" . }}");
        let chart = Renderer::from_memory([
            (
                "Chart.yaml",
                format!("apiVersion: v2\nname: {name}\nversion: 0.1.0\n"),
            ),
            ("templates/a.yaml", template),
        ]);
        let chart = chart.expect("it is a chart");
        let rendered = chart.render(&Map::new(), &RenderOptions::named("r"));
        rendered.expect_err("the last template fails")
    }

    #[test]
    fn long_names_in_deep_chains_do_not_multiply() {
        for last in [
            "{{ .x.y.z }}",
            "{{ fail \"why\" }}",
            "{{ include \"p0\" . }}",
        ] {
            let error = failure(last);
            assert!(error.text().len() < 3 * LONGEST, "{}", error.text().len());
            let files = error.trace().iter().map(|frame| frame.location.file.len());
            assert!(files.sum::<usize>() < 2 * LONGEST);
            let last = error.trace().last().map(|frame| &*frame.template);
            assert!(
                last.is_some_and(|template| template.starts_with('p')),
                "{last:?}"
            );
        }
        // What fits is whole.
        assert_eq!(
            failure("{{ fail \"why\" }}")
                .trace()
                .first()
                .map(|f| f.location.line),
            Some(501)
        );
    }
}
