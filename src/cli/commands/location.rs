//! The flags that say where a chart comes from, for all commands that take them.

use crate::cli::parse::Parsed;
use crate::command::locate::ChartLocation;
use crate::diag::{Diagnostic, Level, Sink};

/// Returns what the flags say; the chart itself is an argument.
pub(super) fn chart_location(parsed: &Parsed, sink: &Sink) -> ChartLocation {
    let text = |flag| parsed.string(flag).unwrap_or_default();
    let version = text("version");
    sink.push(Diagnostic::log(Level::Debug, "Original chart version").with("version", &*version));
    if version.is_empty() && parsed.is_on("devel") {
        sink.push(Diagnostic::log(Level::Debug, "setting version to >0.0.0-0"));
    }
    ChartLocation {
        reference: String::new(),
        repository: text("repo"),
        verify: parsed.is_on("verify"),
    }
}
