//! `dependency list`: what a chart asks for, and what there is of it.
//!
//! helm: pkg/action `Dependency.List`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::chart::loader::{Formats, load_path};
use crate::chart::{Chart, Dependency};
use crate::command::table::Table;
use crate::diag::{Error, Sink};
use crate::gostd::filepath::Pattern;
use crate::gostd::path as gopath;
use crate::gostd::strconv::quote;
use crate::sandbox::{self, Needs};
use crate::version::{Constraints, Version};

/// Lists the dependencies of the chart at a path; cells are at most `max_width` wide.
///
/// # Errors
///
/// Fails with helm's text if the chart cannot be loaded.
pub fn run(path: &str, max_width: usize, stdout: &mut Vec<u8>, sink: &Sink) -> Result<(), Error> {
    sandbox::enter(
        &Needs {
            read: vec![path.into()],
            ..Needs::default()
        },
        sink,
    );
    let chart = load_path(Path::new(path), Formats::Any, sink)?;
    let folder = joined(path, "charts");
    let Some(wanted) = &chart.metadata().dependencies else {
        let line = format!("WARNING: no dependencies at {folder}\n");
        stdout.extend_from_slice(line.as_bytes());
        return Ok(());
    };
    let mut table = Table::new(max_width);
    table.add(["NAME", "VERSION", "REPOSITORY", "STATUS"]);
    for dependency in wanted {
        let Dependency {
            name,
            version,
            repository,
            ..
        } = dependency;
        let status = status(&folder, dependency, &chart);
        table.add([name, version, repository, status]);
    }
    stdout.extend_from_slice(format!("{}\n\n", table.to_text()).as_bytes());
    for file in entries(&folder) {
        if let Some(line) = complaint(&file, wanted) {
            stdout.extend_from_slice(line.as_bytes());
        }
    }
    Ok(())
}

fn joined(directory: &str, name: &str) -> String {
    let path = gopath::join([directory.as_bytes(), name.as_bytes()]);
    String::from_utf8_lossy(&path).into_owned()
}

/// Returns the paths of what is in a folder, in order.
fn entries(folder: &str) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let names = entries.filter_map(|entry| Some(entry.ok()?.file_name()));
    let mut paths: Vec<String> = names
        .map(|name| joined(folder, &name.to_string_lossy()))
        .collect();
    paths.sort();
    paths
}

/// Returns what to say about something in charts/ that nothing asks for.
fn complaint(path: &str, wanted: &[Dependency]) -> Option<String> {
    let is_directory = match fs::metadata(path) {
        Ok(about) => about.is_dir(),
        // helm crashes here.
        Err(_) => return None,
    };
    if !is_directory && gopath::ext(path.as_bytes()) != b".tgz" {
        return None;
    }
    let shown = quote(path.as_bytes());
    match load_path(Path::new(path), Formats::Any, &Sink::new()) {
        Err(_) => Some(format!("WARNING: {shown} is not a chart.\n")),
        Ok(chart) if wanted.iter().any(|d| d.name == chart.name()) => None,
        Ok(_) => Some(format!("WARNING: {shown} is not in Chart.yaml.\n")),
    }
}

fn status(folder: &str, wanted: &Dependency, parent: &Chart) -> &'static str {
    let pattern = format!("{}-*.tgz", wanted.name);
    let Ok(archives) = matching(folder, &pattern) else {
        return "bad pattern";
    };
    let archive = match archives.as_slice() {
        [archive] => Some(archive),
        archives => {
            let has_version = |path: &&PathBuf| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                let name = name.strip_suffix(".tgz").unwrap_or(&name);
                let prefix = format!("{}-", wanted.name);
                let version = name.strip_prefix(&prefix).unwrap_or(name);
                Version::parse_strict(version.as_bytes()).is_ok()
            };
            let mut found = archives.iter().filter(has_version);
            match (found.next(), found.next()) {
                (Some(_), Some(_)) => return "too many matches",
                (first, _) => first,
            }
        }
    };
    if let Some(status) = archive.and_then(|archive| archive_status(archive, wanted)) {
        return status;
    }
    let mut subcharts = parent.dependencies().iter().rev();
    let Some(chart) = subcharts.find(|chart| chart.name() == wanted.name) else {
        return "missing";
    };
    version_problem(chart, wanted).unwrap_or("unpacked")
}

fn archive_status(archive: &Path, wanted: &Dependency) -> Option<&'static str> {
    fs::metadata(archive).ok()?;
    let Ok(chart) = load_path(archive, Formats::Any, &Sink::new()) else {
        return Some("corrupt");
    };
    if chart.name() != wanted.name {
        return Some("misnamed");
    }
    Some(version_problem(&chart, wanted).unwrap_or("ok"))
}

fn version_problem(chart: &Chart, wanted: &Dependency) -> Option<&'static str> {
    let version = &chart.metadata().version;
    if *version == wanted.version {
        return None;
    }
    let constraints = Constraints::parse(wanted.version.as_bytes());
    let version = Version::parse(version.as_bytes());
    match (constraints, version) {
        (Ok(constraints), Ok(version)) if constraints.check(&version) => None,
        (Ok(_), Ok(_)) => Some("wrong version"),
        _ => Some("invalid version"),
    }
}

/// Returns the files of a folder that a pattern fits; the pattern may lead into folders
/// below, as a name with a slash does.
fn matching(folder: &str, pattern: &str) -> Result<Vec<PathBuf>, ()> {
    let (below, pattern) = match pattern.rsplit_once('/') {
        Some((below, pattern)) => (joined(folder, below), pattern),
        None => (folder.to_owned(), pattern),
    };
    let pattern = Pattern::new(pattern.as_bytes()).map_err(drop)?;
    let paths = entries(&below).into_iter().map(PathBuf::from);
    let fits = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default();
        pattern.matches(name.to_string_lossy().as_bytes())
    };
    Ok(paths.filter(fits).collect())
}
