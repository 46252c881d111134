//! `lint`: checks charts and returns what helm would print.
//!
//! helm: pkg/cmd `lint`, pkg/action `Lint`.

use std::fs;
use std::path::{Path, PathBuf};

use super::confine::Wanted;
use super::fetched::read_values_file;
use crate::chart::confine;
use crate::chart::folder::ChartFolder;
use crate::diag::{Error, ErrorKind, Sink};
use crate::gostd::{os, path};
use crate::host::Host;
use crate::lint::{LintOptions, Message, Severity, lint_in_turn};
use crate::repository::Remote;
use crate::sandbox::{self, Needs};
use crate::value::Map;
use crate::values::merge::{UserInputs, merge};

/// What `lint` is asked to do.
#[derive(Clone, Default, Debug)]
pub struct LintArguments {
    /// The chart directories and archives.
    pub charts: Vec<String>,
    /// Where values come from.
    pub inputs: UserInputs,
    /// The way to values files on the web.
    pub remote: Remote,
    /// What checking depends on.
    pub options: LintOptions,
    /// Whether warnings make a chart fail.
    pub strict: bool,
    /// Whether only what is wrong is told.
    pub quiet: bool,
    /// Whether subcharts are checked as charts of their own.
    pub with_subcharts: bool,
}

/// Checks charts, one after the other; appends what is found to `stdout`.
///
/// # Errors
///
/// Fails with helm's text if the values cannot be read, or with the summary if a
/// chart failed.
pub fn run(arguments: LintArguments, stdout: &mut Vec<u8>, sink: &Sink) -> Result<(), Error> {
    let mut charts = arguments.charts.clone();
    if arguments.with_subcharts {
        for chart in &arguments.charts {
            let below = path::join([chart.as_bytes(), b"charts"]);
            find_charts(&String::from_utf8_lossy(&below), &mut charts);
        }
    }
    if let Some(mut wanted) = Wanted::if_untrusted(&arguments.remote) {
        wanted.values(&arguments.inputs);
        charts.iter().for_each(|chart| wanted.path(chart));
        wanted.enter(|| Ok(Vec::new()), sink)?;
    }
    let values = merge(&arguments.inputs, &Map::new(), &mut |name: &str| {
        read_values_file(&arguments.remote, name)
    })?;
    sandbox::enter(
        &Needs {
            read: charts.iter().map(PathBuf::from).collect(),
            ..Needs::default()
        },
        sink,
    );
    let least = match arguments.strict {
        true => Severity::Warning,
        false => Severity::Error,
    };
    let (mut failed, mut has_findings) = (0, false);
    for chart in &charts {
        let result = lint_chart(chart, &values, &arguments.options, sink);
        let messages = result.as_deref().unwrap_or_default();
        let is_finding = |message: &Message| message.severity() > Severity::Info;
        let is_clean = result.is_ok() && !messages.iter().any(is_finding);
        has_findings |= !is_clean;
        if arguments.quiet && is_clean {
            continue;
        }
        stdout.extend_from_slice(format!("==> Linting {chart}\n").as_bytes());
        if let Err(error) = &result {
            stdout.extend_from_slice(b"Error ");
            stdout.extend_from_slice(error.text());
            stdout.push(b'\n');
        }
        for message in messages {
            if !arguments.quiet || is_finding(message) {
                stdout.extend_from_slice(&message.text());
                stdout.push(b'\n');
            }
        }
        stdout.push(b'\n');
        if result.is_err() || messages.iter().any(|m| m.severity() >= least) {
            failed += 1;
        }
    }
    let summary = format!("{} chart(s) linted, {failed} chart(s) failed", charts.len());
    if failed > 0 {
        return Err(Error::new(ErrorKind::Lint, summary));
    }
    if !arguments.quiet || has_findings {
        stdout.extend_from_slice(summary.as_bytes());
        stdout.push(b'\n');
    }
    Ok(())
}

fn lint_chart(
    chart: &str,
    values: &Map,
    options: &LintOptions,
    sink: &Sink,
) -> Result<Vec<Message>, Error> {
    let folder = if chart.ends_with(".tgz") || chart.ends_with(".tar.gz") {
        open_archive(chart, &*options.host)?
    } else {
        ChartFolder::on_disk(Path::new(chart))?
    };
    Ok(lint_in_turn(&folder, values, options, sink))
}

fn open_archive(archive: &str, host: &dyn Host) -> Result<ChartFolder, Error> {
    let failure = |prefix: &str, operation: &str, error: &std::io::Error| {
        let reason = os::path_error(operation, archive, error);
        Error::new(ErrorKind::Io, format!("{prefix}: {reason}"))
    };
    let mut file = fs::File::open(archive)
        .map_err(|error| failure("unable to open tarball", "open", &error))?;
    let mut data = Vec::new();
    std::io::Read::read_to_end(&mut file, &mut data)
        .map_err(|error| failure("unable to extract tarball", "read", &error))?;
    ChartFolder::unpacked(&data, &unpacking_directory(host))
        .map_err(|error| error.prefixed("unable to extract tarball: "))
}

/// Returns where helm would unpack an archive: texts name files there, though none
/// are made.
fn unpacking_directory(host: &dyn Host) -> PathBuf {
    let mut bytes = [0; 4];
    // A name that is always the same does as well.
    let _ = host.random(&mut bytes);
    let number = u32::from_le_bytes(bytes);
    std::env::temp_dir().join(format!("helm-lint{number:010}"))
}

/// Adds the charts below a directory: directories with a Chart.yaml, and archives.
/// Links are not followed, and what cannot be read is passed over.
fn find_charts(directory: &str, found: &mut Vec<String>) {
    let mut ahead = vec![directory.to_owned()];
    while let Some(path) = ahead.pop() {
        let Ok(about) = fs::symlink_metadata(&path) else {
            continue;
        };
        // The chart it lies in is refused for it.
        if about.is_symlink() && confine::is_confined() {
            continue;
        }
        let name = path.rsplit('/').next().unwrap_or_default();
        if name == "Chart.yaml" {
            let directory = path::dir(path.as_bytes());
            found.push(String::from_utf8_lossy(&directory).into_owned());
        } else if path.ends_with(".tgz") || path.ends_with(".tar.gz") {
            found.push(path.clone());
        }
        if !about.is_dir() {
            continue;
        }
        let mut below: Vec<String> = fs::read_dir(&path)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| format!("{path}/{}", entry.file_name().to_string_lossy()))
            .collect();
        // The next one lies on top.
        below.sort_unstable_by(|a, b| b.as_bytes().cmp(a.as_bytes()));
        ahead.append(&mut below);
    }
}
