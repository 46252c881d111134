//! The flags that say where a chart comes from, for all commands that take them.

use crate::cli::parse::Parsed;
use crate::cli::remote::remote;
use crate::cli::settings::env_text;
use crate::command::locate::ChartLocation;
use crate::command::{PullNotes, Remote};
use crate::diag::{Diagnostic, Level, Sink};
use crate::gostd::path;
use crate::host::{Host, SystemHost};

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
        version: wanted_version(parsed),
        verify: parsed.is_on("verify"),
        keyring: keyring(parsed),
        now: SystemHost.now().0,
        remote: Remote {
            pull_notes: PullNotes::Messages,
            ..remote(parsed, false)
        },
    }
}

/// Returns the version or range of versions to look for.
pub(super) fn wanted_version(parsed: &Parsed) -> String {
    let version = parsed.string("version").unwrap_or_default();
    if version.is_empty() && parsed.is_on("devel") {
        return ">0.0.0-0".to_owned();
    }
    version
}

/// Returns the file with keys: the one given, or gpg's.
pub(super) fn keyring(parsed: &Parsed) -> String {
    parsed.string("keyring").unwrap_or_else(|| {
        let directory = match std::env::var_os("GNUPGHOME") {
            Some(directory) => directory.to_string_lossy().into_owned(),
            None => format!("{}/.gnupg", env_text("HOME")),
        };
        let file = path::join([directory.as_bytes(), b"pubring.gpg"]);
        String::from_utf8_lossy(&file).into_owned()
    })
}
