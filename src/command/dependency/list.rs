//! `dependency list`: what a chart asks for, and what there is of it.
//!
//! helm: pkg/action `Dependency.List`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::chart::loader::{Formats, load_path};
use crate::chart::{Chart, Dependency};
use crate::command::table::Table;
use crate::diag::{Error, Sink};
use crate::gostd::filepath::Pattern;
use crate::gostd::path as gopath;
use crate::gostd::strconv::quote;
use crate::limits;
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
    let mut folders = Folders::default();
    let mut table = Table::new(max_width);
    table.add(["NAME", "VERSION", "REPOSITORY", "STATUS"]);
    for dependency in wanted {
        let Dependency {
            name,
            version,
            repository,
            ..
        } = dependency;
        let status = folders.status(&folder, dependency, &chart)?;
        table.add([name, version, repository, status]);
    }
    let names: BTreeSet<&str> = wanted.iter().map(|d| d.name.as_str()).collect();
    stdout.extend_from_slice(format!("{}\n\n", table.to_text()).as_bytes());
    for file in entries(&folder) {
        limits::check()?;
        if let Some(line) = complaint(&file, &names, sink) {
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
fn complaint(path: &str, wanted: &BTreeSet<&str>, sink: &Sink) -> Option<String> {
    let is_directory = match fs::metadata(path) {
        Ok(about) => about.is_dir(),
        // helm crashes here.
        Err(_) => return None,
    };
    if !is_directory && gopath::ext(path.as_bytes()) != b".tgz" {
        return None;
    }
    let shown = quote(path.as_bytes());
    match load_path(Path::new(path), Formats::Any, sink) {
        Err(_) => Some(format!("WARNING: {shown} is not a chart.\n")),
        Ok(chart) if wanted.contains(chart.name()) => None,
        Ok(_) => Some(format!("WARNING: {shown} is not in Chart.yaml.\n")),
    }
}

/// What was found in folders, each looked at once however many dependencies ask.
#[derive(Default)]
struct Folders {
    /// Paths, by folder.
    entries: BTreeMap<String, Vec<String>>,
    /// Name and version of the chart of an archive, none if it holds no chart.
    archives: BTreeMap<PathBuf, Option<(String, String)>>,
}

impl Folders {
    fn status(
        &mut self,
        folder: &str,
        wanted: &Dependency,
        parent: &Chart,
    ) -> Result<&'static str, Error> {
        limits::check()?;
        let pattern = format!("{}-*.tgz", wanted.name);
        let Some(archives) = self.matching(folder, &pattern)? else {
            return Ok("bad pattern");
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
                    (Some(_), Some(_)) => return Ok("too many matches"),
                    (first, _) => first,
                }
            }
        };
        if let Some(status) = archive.and_then(|archive| self.archive_status(archive, wanted)) {
            return Ok(status);
        }
        let mut subcharts = parent.dependencies().iter().rev();
        let Some(chart) = subcharts.find(|chart| chart.name() == wanted.name) else {
            return Ok("missing");
        };
        Ok(version_problem(&chart.metadata().version, wanted).unwrap_or("unpacked"))
    }

    fn archive_status(&mut self, archive: &Path, wanted: &Dependency) -> Option<&'static str> {
        fs::metadata(archive).ok()?;
        let known = self.archives.entry(archive.to_owned()).or_insert_with(|| {
            let chart = load_path(archive, Formats::Any, &Sink::new()).ok()?;
            let version = chart.metadata().version.clone();
            Some((chart.name().to_owned(), version))
        });
        let Some((name, version)) = known else {
            return Some("corrupt");
        };
        if *name != wanted.name {
            return Some("misnamed");
        }
        Some(version_problem(version, wanted).unwrap_or("ok"))
    }

    /// Returns the files of a folder that a pattern fits, none if it is malformed; the pattern may lead into folders below,
    /// as a name with a slash does.
    fn matching(&mut self, folder: &str, pattern: &str) -> Result<Option<Vec<PathBuf>>, Error> {
        let (below, pattern) = match pattern.rsplit_once('/') {
            Some((below, pattern)) => (joined(folder, below), pattern),
            None => (folder.to_owned(), pattern),
        };
        let Ok(pattern) = Pattern::new(pattern.as_bytes()) else {
            return Ok(None);
        };
        let paths = self.entries.entry(below);
        let paths = paths.or_insert_with_key(|below| entries(below));
        let mut steps = 0;
        let mut fitting = Vec::new();
        for path in paths {
            let name = gopath::base(path.as_bytes());
            if pattern.matches_within(name, &mut steps) {
                fitting.push(PathBuf::from(&path));
            }
        }
        limits::work(steps)?;
        Ok(Some(fitting))
    }
}

/// Returns what is wrong with a version, if anything is.
fn version_problem(version: &str, wanted: &Dependency) -> Option<&'static str> {
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
