//! `search repo`: charts in the repositories that have names.
//!
//! helm: pkg/cmd `search_repo`.

use std::collections::BTreeSet;

use super::table::Table;
use super::{EncodedRows, OutputFormat};
use crate::diag::{Diagnostic, Error, ErrorKind, Level, Sink};
use crate::repository::file::RepositoryFile;
use crate::repository::index::Index;
use crate::repository::search::{Charts, Found};
use crate::repository::{Remote, cache};
use crate::sandbox::{self, Needs};
use crate::version::{Constraints, Version};

/// What `search repo` is asked to do.
#[derive(Clone, Debug, Default)]
pub struct SearchArguments {
    /// What to look for; nothing finds everything.
    pub words: Vec<String>,
    /// Whether the words are a regular expression.
    pub regexp: bool,
    /// Whether every version is listed.
    pub versions: bool,
    /// Whether pre-releases count.
    pub devel: bool,
    /// The version or range of versions to look for.
    pub version: String,
    /// Cells of the table are at most that wide; 0 is no limit.
    pub max_width: usize,
    /// Whether it is an error to find nothing.
    pub must_find: bool,
    /// How to print.
    pub format: OutputFormat,
}

/// Looks for charts.
///
/// # Errors
///
/// Fails with helm's text if no repository has a name, or the words or the range make
/// no sense.
pub fn run(
    arguments: &SearchArguments,
    remote: &Remote,
    stdout: &mut Vec<u8>,
    sink: &Sink,
) -> Result<(), Error> {
    let places = &remote.places;
    let needs = Needs {
        read: vec![
            places.repository_config.clone(),
            places.repository_cache.clone(),
        ],
        ..Needs::default()
    };
    sandbox::enter(&needs, sink);
    let charts = load(remote, sink)?;
    let found = if arguments.words.is_empty() {
        charts.all()
    } else {
        let text = arguments.words.join(" ");
        if arguments.regexp {
            charts.matching(&text)?
        } else {
            charts.containing(&text)
        }
    };
    let found = in_range(found, arguments)?;
    if found.is_empty() && arguments.must_find {
        return Err(Error::new(ErrorKind::Usage, "no results found"));
    }
    if arguments.format != OutputFormat::Table {
        let mut rows = EncodedRows::new(&["name", "version", "app_version", "description"]);
        for found in &found {
            rows.add(cells(found))?;
        }
        stdout.extend_from_slice(&rows.encode(arguments.format)?);
        return Ok(());
    }
    if found.is_empty() {
        stdout.extend_from_slice(b"No results found\n");
        return Ok(());
    }
    let mut table = Table::new(arguments.max_width);
    table.add(["NAME", "CHART VERSION", "APP VERSION", "DESCRIPTION"]);
    for found in &found {
        table.add(cells(found));
    }
    stdout.extend_from_slice(format!("{}\n", table.to_text()).as_bytes());
    Ok(())
}

fn cells(found: &Found) -> [&str; 4] {
    let about = &found.chart.metadata;
    [
        &found.name,
        &about.version,
        &about.app_version,
        &about.description,
    ]
}

/// Reads the indexes; one that cannot be read is told of and left out.
fn load(remote: &Remote, sink: &Sink) -> Result<Charts, Error> {
    let file = match RepositoryFile::load(&remote.places.repository_config) {
        Ok(file) if !file.repositories.is_empty() => file,
        _ => return Err(Error::new(ErrorKind::Usage, "no repositories configured")),
    };
    let mut charts = Charts::default();
    for entry in &file.repositories {
        let path = cache::index_path(&remote.places.repository_cache, &entry.name);
        match Index::load(&path, sink) {
            Ok(index) => charts.add(&entry.name, index),
            Err(error) => sink.push(
                Diagnostic::log(Level::Warn, "repo is corrupt or missing")
                    .with("repo", entry.name.as_str())
                    .with("error", error.to_string()),
            ),
        }
    }
    Ok(charts)
}

/// Keeps what is in range: of each chart the highest version, unless all are wanted.
fn in_range(found: Vec<Found>, arguments: &SearchArguments) -> Result<Vec<Found>, Error> {
    let range = match (arguments.version.as_str(), arguments.devel) {
        ("", true) => ">0.0.0-0",
        ("", false) => ">0.0.0",
        (version, _) => version,
    };
    let constraints = Constraints::parse(range.as_bytes()).map_err(|error| {
        let text = format!("an invalid version/constraint format: {error}");
        Error::new(ErrorKind::Usage, text)
    })?;
    let mut seen = BTreeSet::new();
    let mut kept = Vec::new();
    for found in found {
        if !arguments.versions && seen.contains(&found.name) {
            continue;
        }
        let version = Version::parse(found.chart.metadata.version.as_bytes());
        if version.is_ok_and(|version| constraints.check(&version)) {
            seen.insert(found.name.clone());
            kept.push(found);
        }
    }
    Ok(kept)
}
