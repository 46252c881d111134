//! `repo add|list|update|remove|index`: names for repositories, and indexes of charts.
//!
//! helm: pkg/cmd `repo_*`.

use std::fs;
use std::path::Path;

use super::confine;
use super::dependency::fetch_indexes;
use super::table::Table;
use super::{EncodedRows, OutputFormat};
use crate::chart::Timestamp;
use crate::chart::loader::{Formats, load_path};
use crate::diag::{Diagnostic, Error, ErrorKind, Sink};
use crate::gostd::strconv::quote;
use crate::gostd::url::Url;
use crate::gostd::{os, path as gopath};
use crate::repository::client::{check_repository, to_text};
use crate::repository::file::{Entry, LoadError, RepositoryFile};
use crate::repository::index::{ChartVersion, Index};
use crate::repository::{Remote, cache};
use crate::sandbox::{self, Needs};
use crate::storage;

/// Repositories that are gone for good, and what took their place.
const GONE: [(&str, &str); 2] = [
    (
        "//kubernetes-charts.storage.googleapis.com",
        "https://charts.helm.sh/stable",
    ),
    (
        "//kubernetes-charts-incubator.storage.googleapis.com",
        "https://charts.helm.sh/incubator",
    ),
];

/// What `repo add` is asked to do.
#[derive(Clone, Debug, Default)]
pub struct AddArguments {
    /// The repository and its name.
    pub entry: Entry,
    /// Whether it may take the place of another.
    pub force: bool,
    /// Whether it may be one that is gone.
    pub allow_gone: bool,
}

/// Gives a repository a name.
///
/// # Errors
///
/// Fails with helm's text if the name is taken or the repository not to be reached.
pub fn add(
    arguments: &AddArguments,
    remote: &Remote,
    stdout: &mut Vec<u8>,
    sink: &Sink,
) -> Result<(), Error> {
    let Entry { name, url, .. } = &arguments.entry;
    let usage = |text: String| Err(Error::new(ErrorKind::Usage, text));
    let gone = GONE.iter().find(|(old, _)| url.contains(old));
    if let Some((_, new)) = gone.filter(|_| !arguments.allow_gone) {
        let url = quote(url.as_bytes());
        return usage(format!(
            "repo {url} is no longer available; try {new:?} instead"
        ));
    }
    confine::to_naming(remote, sink);
    let path = &remote.places.repository_config;
    let _lock = RepositoryFile::lock(path)?;
    let mut file = match RepositoryFile::load(path) {
        Ok(file) => file,
        Err(LoadError::Missing(_)) => RepositoryFile::default(),
        Err(LoadError::Broken(error)) => return Err(error),
    };
    if name.contains('/') {
        return usage(format!(
            "repository name ({name}) contains '/', please specify a different name without '/'"
        ));
    }
    if let Some(known) = file.get(name).filter(|_| !arguments.force) {
        if *known != arguments.entry {
            return usage(format!(
                "repository name ({name}) already exists, please specify a different name"
            ));
        }
        let name = quote(name.as_bytes());
        let line = format!("{name} already exists with the same configuration, skipping\n");
        stdout.extend_from_slice(line.as_bytes());
        return Ok(());
    }
    check_repository(url)?;
    remote
        .download_index(&arguments.entry, sink)
        .map_err(|error| {
            let url = quote(url.as_bytes());
            error.prefixed(format!(
                "looks like {url} is not a valid chart repository or cannot be reached: "
            ))
        })?;
    file.put(arguments.entry.clone());
    file.write(path)?;
    let name = quote(name.as_bytes());
    let line = format!("{name} has been added to your repositories\n");
    stdout.extend_from_slice(line.as_bytes());
    Ok(())
}

/// Lists the repositories that have names. A file that cannot be read has none.
///
/// # Errors
///
/// Returns the encoder's text.
pub fn list(
    remote: &Remote,
    format: OutputFormat,
    headers: bool,
    stdout: &mut Vec<u8>,
    sink: &Sink,
) -> Result<(), Error> {
    let file = RepositoryFile::load(&remote.places.repository_config).unwrap_or_default();
    if format == OutputFormat::Table {
        if file.repositories.is_empty() {
            sink.push(Diagnostic::bare("no repositories to show"));
            return Ok(());
        }
        let mut table = Table::new(0);
        if headers {
            table.add(["NAME", "URL"]);
        }
        for Entry { name, url, .. } in &file.repositories {
            table.add([name, url]);
        }
        stdout.extend_from_slice(format!("{}\n", table.to_text()).as_bytes());
        return Ok(());
    }
    let mut rows = EncodedRows::new(&["name", "url"]);
    for Entry { name, url, .. } in &file.repositories {
        rows.add([name, url])?;
    }
    stdout.extend_from_slice(&rows.encode(format)?);
    Ok(())
}

/// Takes names from repositories, and what is kept of them.
///
/// # Errors
///
/// Fails with helm's text at the first name that is not known.
pub fn remove(names: &[String], remote: &Remote, stdout: &mut Vec<u8>) -> Result<(), Error> {
    let failed = |text: String| Error::new(ErrorKind::Usage, text);
    let path = &remote.places.repository_config;
    let mut file = match RepositoryFile::load(path) {
        Ok(file) if !file.repositories.is_empty() => file,
        _ => return Err(failed("no repositories configured".into())),
    };
    for name in names {
        let shown = quote(name.as_bytes());
        if !file.remove(name) {
            return Err(failed(format!("no repo named {shown} found")));
        }
        file.write(path)?;
        let cache = &remote.places.repository_cache;
        // The list of charts is only a convenience.
        let _ = fs::remove_file(cache::charts_path(cache, name));
        let index = cache::index_path(cache, name);
        match fs::remove_file(&index) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(io_error("remove", &index, &error));
            }
            _ => {}
        }
        let line = format!("{shown} has been removed from your repositories\n");
        stdout.extend_from_slice(line.as_bytes());
    }
    Ok(())
}

/// Fetches the indexes of the named repositories, of all if none is named.
///
/// # Errors
///
/// Fails with helm's text if there is none, or one cannot be had.
pub fn update(
    names: &[String],
    remote: &Remote,
    stdout: &mut Vec<u8>,
    sink: &Sink,
) -> Result<(), Error> {
    confine::to_naming(remote, sink);
    let failed = |text: String| Err(Error::new(ErrorKind::Usage, text));
    let none = "no repositories found. You must add one before updating";
    let path = &remote.places.repository_config;
    let file = match RepositoryFile::load(path) {
        Ok(file) if file.repositories.is_empty() => return failed(none.into()),
        Ok(file) => file,
        Err(LoadError::Missing(_)) => return failed(none.into()),
        Err(LoadError::Broken(error)) => {
            return Err(error.prefixed(format!("failed loading file: {}: ", path.display())));
        }
    };
    if let Some(name) = names.iter().find(|name| file.get(name).is_none()) {
        return failed(format!(
            "no repositories found matching '{name}'.  Nothing will be updated"
        ));
    }
    let is_wanted = |entry: &&Entry| names.is_empty() || names.contains(&entry.name);
    let wanted: Vec<&Entry> = file.repositories.iter().filter(is_wanted).collect();
    for entry in &wanted {
        check_repository(&entry.url)?;
    }
    stdout.extend_from_slice(
        b"Hang tight while we grab the latest from your chart repositories...\n",
    );
    let mut broken = Vec::new();
    for (entry, (result, notes)) in wanted.iter().zip(fetch_indexes(&wanted, remote)) {
        notes.into_iter().for_each(|note| sink.push(note));
        let name = quote(entry.name.as_bytes());
        let line = match result {
            Ok(()) => format!("...Successfully got an update from the {name} chart repository\n"),
            Err(error) => {
                broken.push(entry.url.as_str());
                let url = &entry.url;
                format!(
                    "...Unable to get an update from the {name} chart repository ({url}):\n\t{error}\n"
                )
            }
        };
        stdout.extend_from_slice(line.as_bytes());
    }
    if !broken.is_empty() {
        let broken = broken.join(" ");
        return failed(format!(
            "failed to update the following repositories: [{broken}]"
        ));
    }
    stdout.extend_from_slice("Update Complete. ⎈Happy Helming!⎈\n".as_bytes());
    Ok(())
}

/// What `repo index` is asked to do.
#[derive(Clone, Debug, Default)]
pub struct IndexArguments {
    /// The folder with the archives.
    pub directory: String,
    /// Where the archives will be, empty for beside the index.
    pub url: String,
    /// An index to take more from, empty for none.
    pub merge: String,
    /// Whether to write JSON.
    pub json: bool,
    /// What time it is.
    pub now: Timestamp,
}

/// Writes the index of the charts in a folder.
///
/// # Errors
///
/// Fails with helm's text if an archive or the other index makes no sense, or the
/// index cannot be written.
pub fn index(arguments: &IndexArguments, sink: &Sink) -> Result<(), Error> {
    let directory = os::absolute(Path::new(&arguments.directory))
        .map_err(|text| Error::new(ErrorKind::Io, text))?;
    let mut needs = Needs {
        write: vec![directory.clone()],
        ..Needs::default()
    };
    if !arguments.merge.is_empty()
        && let Ok(merged) = os::absolute(Path::new(&arguments.merge))
    {
        // What is to be merged may have to be made.
        needs.write.extend(merged.parent().map(Path::to_owned));
    }
    sandbox::enter(&needs, sink);
    let mut index = index_directory(&directory, arguments, sink)?;
    if !arguments.merge.is_empty() {
        let path = Path::new(&arguments.merge);
        match fs::metadata(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let empty = Index {
                    generated: arguments.now,
                    ..Index::default()
                };
                // What is to be merged is only made for the next time.
                let _ = write_index(&empty, path, arguments.json);
            }
            _ => {
                let other = Index::load(path, sink);
                index.merge(other.map_err(|error| error.prefixed("merge failed: "))?);
            }
        }
    }
    index.sort();
    write_index(&index, &directory.join("index.yaml"), arguments.json)
}

fn write_index(index: &Index, path: &Path, json: bool) -> Result<(), Error> {
    let text = if json {
        index.to_json()
    } else {
        index.to_yaml()
    };
    let text = text.map_err(|text| Error::new(ErrorKind::Io, text))?;
    storage::write_file(path, &text).map_err(|error| {
        // The name of the file helm would have written first.
        let temporary = format!("{}{:010}", path.display(), std::process::id());
        io_error("open", Path::new(&temporary), &error)
    })
}

/// Reads the archives of a folder and of those right below it.
fn index_directory(
    directory: &Path,
    arguments: &IndexArguments,
    sink: &Sink,
) -> Result<Index, Error> {
    let mut index = Index {
        generated: arguments.now,
        ..Index::default()
    };
    let mut folders = vec![String::new()];
    folders.extend(
        names_in(directory)
            .into_iter()
            .filter(|name| directory.join(name).is_dir()),
    );
    for folder in folders {
        let path = directory.join(&folder);
        for name in names_in(&path) {
            if !name.ends_with(".tgz") {
                continue;
            }
            let archive = path.join(&name);
            // Whatever cannot be loaded is taken for something else.
            let Ok(chart) = load_path(&archive, Formats::Supported, sink) else {
                continue;
            };
            let data = fs::read(&archive).map_err(|error| io_error("open", &archive, &error))?;
            let mut metadata = chart.metadata().clone();
            if metadata.api_version.is_empty() {
                metadata.api_version = "v1".into();
            }
            let url = archive_url(&arguments.url, &folder, &name);
            let entry = ChartVersion {
                urls: Some(vec![url]),
                created: arguments.now,
                digest: data_encoding::HEXLOWER.encode(&cache::hash(&data)),
                metadata,
                ..ChartVersion::default()
            };
            let versions = index.entries.entry(entry.metadata.name.clone());
            versions.or_default().push(entry);
        }
    }
    Ok(index)
}

/// Returns the names of what is in a folder, in order.
fn names_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let names = entries.filter_map(|entry| Some(entry.ok()?.file_name()));
    let mut names: Vec<String> = names
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Returns where an archive will be.
fn archive_url(base: &str, folder: &str, name: &str) -> String {
    let parent = joined_url(base, folder);
    if parent.is_empty() {
        return name.to_owned();
    }
    joined_url(&parent, name)
}

/// Appends a path to an address, which may be a mere path itself.
fn joined_url(base: &str, part: &str) -> String {
    match Url::parse(base.as_bytes()) {
        Ok(mut url) => {
            url.path = gopath::join([&url.path[..], part.as_bytes()]);
            to_text(&url)
        }
        Err(_) => {
            let path = gopath::join([base.as_bytes(), part.as_bytes()]);
            String::from_utf8_lossy(&path).into_owned()
        }
    }
}

fn io_error(operation: &str, path: &Path, error: &std::io::Error) -> Error {
    let text = os::path_error(operation, &path.to_string_lossy(), error);
    Error::new(ErrorKind::Io, text)
}
