//! From chosen versions to archives in charts/.
//!
//! Everything is fetched before anything is changed; then archives are put in place
//! one by one, and those that nothing asks for any more are removed.
//!
//! helm: pkg/downloader `Manager.downloadAll`, `safeMoveDeps`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::DependencyOptions;
use super::names::unmanaged_name;
use crate::chart::Dependency;
use crate::chart::loader::{Formats, load_archive_named, load_directory, load_path};
use crate::command::locate::tell_pulled;
use crate::diag::{Error, ErrorKind, Sink};
use crate::gostd::os;
use crate::gostd::strconv::quote;
use crate::package::{PackageOptions, pack};
use crate::repository::client::{chart_url, resolve_url, same_url};
use crate::repository::file::{Entry, RepositoryFile};
use crate::repository::index::Index;
use crate::repository::listed::{Listed, check_chart, same_version};
use crate::repository::resolve::local_path;
use crate::repository::{Access, cache, is_oci};
use crate::storage;
use crate::version::{Constraints, Version};

/// Archives by the name of their file.
type Archives = BTreeMap<String, Vec<u8>>;

/// Fetches what was chosen, and brings charts/ in line with it. `refreshed` are
/// repositories without a name whose index is fresh.
///
/// # Errors
///
/// Fails with helm's text if a dependency cannot be had; charts/ is then as it was.
pub(super) fn download_all(
    locked: &mut [Dependency],
    directory: &Path,
    options: &DependencyOptions<'_>,
    refreshed: &[Entry],
    log: &mut Vec<u8>,
    sink: &Sink,
) -> Result<(), Error> {
    let places = &options.remote.places;
    let file = RepositoryFile::load_if_there(&places.repository_config)?;
    for entry in &file.repositories {
        // Every index must be there, whether it is needed or not.
        let path = cache::index_path(&places.repository_cache, &entry.name);
        fs::metadata(&path).map_err(|error| io_error("open", &path, &error))?;
    }
    let charts = directory.join("charts");
    if charts.exists() && !charts.is_dir() {
        let text = format!(
            "{} is not a directory",
            quote(charts.to_string_lossy().as_bytes())
        );
        return Err(Error::new(ErrorKind::Io, text));
    }
    fs::create_dir_all(&charts).map_err(|error| io_error("mkdir", &charts, &error))?;
    log.extend_from_slice(format!("Saving {} charts\n", locked.len()).as_bytes());
    let mut downloads = Downloads {
        directory,
        options,
        repositories: &file.repositories,
        refreshed,
        indexes: BTreeMap::new(),
        archives: Archives::new(),
        urls: BTreeSet::new(),
        sink,
    };
    for dependency in &mut *locked {
        if let Err(failure) = downloads.add(dependency, log) {
            if failure.is_told {
                let line = format!("Save error occurred:  {}\n", failure.error);
                log.extend_from_slice(line.as_bytes());
            }
            return Err(failure.error);
        }
    }
    replace(&charts, directory, &downloads.archives, locked, log)
}

/// Why a dependency cannot be had, and whether that is told on the way too.
struct Failure {
    error: Error,
    is_told: bool,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure {
            error,
            is_told: true,
        }
    }
}

/// A chosen version: where it is, who may ask for it, and what it is.
struct Found {
    url: String,
    access: Access,
    listed: Listed,
}

struct Downloads<'a> {
    directory: &'a Path,
    options: &'a DependencyOptions<'a>,
    repositories: &'a [Entry],
    refreshed: &'a [Entry],
    /// Each index is read once.
    indexes: BTreeMap<String, Index>,
    archives: Archives,
    urls: BTreeSet<String>,
    sink: &'a Sink,
}

impl Downloads<'_> {
    fn add(&mut self, dependency: &mut Dependency, log: &mut Vec<u8>) -> Result<(), Failure> {
        let Dependency {
            name, repository, ..
        } = &*dependency;
        let mut tell = |line: String| log.extend_from_slice(line.as_bytes());
        if repository.is_empty() {
            tell(format!(
                "Dependency {name} did not declare a repository. Assuming it exists in the charts directory\n"
            ));
            return self.check_unpacked(dependency);
        }
        if repository.starts_with("file://") {
            if self.options.remote.debug {
                tell(format!("Archiving {name} from repo {repository}\n"));
            }
            dependency.version = self.pack(dependency)?;
            return Ok(());
        }
        let found = self.find(dependency)?;
        let url = &found.url;
        if !self.urls.insert(url.clone()) {
            tell(format!(
                "Already downloaded {name} from repo {repository}\n"
            ));
            return Ok(());
        }
        tell(format!("Downloading {name} from repo {repository}\n"));
        let result = self.fetch(&found, &dependency.version, log);
        result.map_err(|error| {
            // Tags are told apart from the address before.
            let shown = match url.rsplit_once(':') {
                Some((address, _)) if is_oci(url) => address,
                _ => url,
            };
            error
                .prefixed(format!("could not download {shown}: "))
                .into()
        })
    }

    fn fetch(&mut self, found: &Found, version: &str, log: &mut Vec<u8>) -> Result<(), Error> {
        let remote = self.options.remote;
        let url = found.url.as_str();
        let download = if is_oci(url) {
            let address = url.strip_suffix(&format!(":{version}")).unwrap_or(url);
            let mut pulled = Vec::new();
            let signature = self.options.signature;
            let download =
                remote.pull_chart(address, version, Path::new(""), signature, &mut pulled)?;
            tell_pulled(remote, &pulled, log, self.sink);
            download
        } else {
            let source = remote.locate(url, "", &found.access, self.sink)?;
            remote.download(&source, Path::new(""), self.options.signature)?
        };
        log.extend_from_slice(&download.notes);
        if let Some(problem) = download.problem {
            return Err(problem);
        }
        // DIFFERS(helm): helm leaves out what is no chart, removes the old one all the same, and takes any other chart.
        if remote.is_strict() {
            found.listed.check(&download.archive)?;
        } else {
            check_chart(&download.file_name, &download.archive)?;
        }
        if let Some(provenance) = download.provenance {
            self.archives
                .insert(format!("{}.prov", download.file_name), provenance);
        }
        self.archives.insert(download.file_name, download.archive);
        Ok(())
    }

    /// Checks a dependency without repository, which must be in charts/ already.
    fn check_unpacked(&self, wanted: &Dependency) -> Result<(), Failure> {
        let silent = |error: Error| Failure {
            error,
            is_told: false,
        };
        let failed = |text: String| Error::new(ErrorKind::Dependency, text);
        let path = self.directory.join("charts").join(&wanted.name);
        let chart = load_directory(&path, Formats::Any, self.sink).map_err(|error| {
            let path = path.display();
            silent(error.prefixed(format!("unable to load chart '{path}': ")))
        })?;
        let Dependency { name, version, .. } = wanted;
        let constraints = Constraints::parse(version.as_bytes()).map_err(|error| {
            silent(failed(format!(
                "dependency {name} has an invalid version/constraint format: {error}"
            )))
        })?;
        let found = &chart.metadata().version;
        let parsed = Version::parse(found.as_bytes()).map_err(|error| {
            silent(failed(format!(
                "invalid version {version} for dependency {name}: {error}"
            )))
        })?;
        if constraints.check(&parsed) {
            return Ok(());
        }
        let text = format!(
            "dependency {name} at version {found} does not satisfy the constraint {version}"
        );
        Err(failed(text).into())
    }

    /// Packs a chart of another directory; returns its version.
    fn pack(&mut self, wanted: &Dependency) -> Result<String, Error> {
        let failed = |text: String| Error::new(ErrorKind::Dependency, text);
        let path = local_path(&wanted.repository, self.directory)?;
        let chart = load_directory(&path, Formats::Any, self.sink)?;
        let Dependency { name, version, .. } = wanted;
        let constraints = Constraints::parse(version.as_bytes()).map_err(|error| {
            failed(format!(
                "dependency {name} has an invalid version/constraint format: {error}"
            ))
        })?;
        let found = chart.metadata().version.clone();
        let parsed = Version::parse(found.as_bytes()).map_err(|e| failed(e.to_string()))?;
        if !constraints.check(&parsed) {
            return Err(failed(format!(
                "can't get a valid version for dependency {name}"
            )));
        }
        let options = PackageOptions {
            version: None,
            app_version: None,
            ..self.options.package.clone()
        };
        let archive = pack(&chart, &options)?;
        self.archives.insert(archive.file_name, archive.data);
        Ok(found)
    }

    /// Finds a chosen version.
    fn find(&mut self, wanted: &Dependency) -> Result<Found, Error> {
        let Dependency {
            name,
            version,
            repository,
            ..
        } = wanted;
        if is_oci(repository) {
            return Ok(Found {
                url: format!("{repository}/{name}:{version}"),
                access: Access::default(),
                listed: Listed {
                    name: name.clone(),
                    version: version.clone(),
                    digest: String::new(),
                },
            });
        }
        let not_found = |error: Error| error.prefixed("could not find : ");
        let owner = self
            .repositories
            .iter()
            .find(|r| same_url(repository, &r.url));
        if let Some(owner) = owner {
            let failed = |text: &str| not_found(Error::new(ErrorKind::Dependency, text));
            let index = self.index(&owner.name)?;
            let Some(versions) = index.entries.get(name) else {
                return Err(failed("entry not found"));
            };
            let found = versions.iter().find_map(|entry| {
                let wanted = version.is_empty() || same_version(version, &entry.metadata.version);
                wanted.then_some((entry, entry.url()?))
            });
            let Some((entry, url)) = found else {
                return Err(failed("no matching version"));
            };
            return Ok(Found {
                url: resolve_url(repository, url).map_err(not_found)?,
                access: owner.access.clone(),
                listed: Listed::of(entry),
            });
        }
        let access = Access::default();
        let fresh = self.refreshed.iter().any(|entry| entry.url == *repository);
        let found = if fresh {
            // The index was fetched a moment ago.
            let sink = self.sink;
            let index = self.index(&unmanaged_name(repository))?;
            chart_url(index, repository, name, version, sink)
        } else {
            let remote = self.options.remote;
            remote.find_chart(repository, name, version, &access, self.sink)
        };
        let (url, listed) = found.map_err(|error| {
            not_found(error.prefixed(format!("chart {name} not found in {repository}: ")))
        })?;
        Ok(Found {
            url,
            access,
            listed,
        })
    }

    fn index(&mut self, name: &str) -> Result<&Index, Error> {
        if !self.indexes.contains_key(name) {
            let places = &self.options.remote.places;
            let path = cache::index_path(&places.repository_cache, name);
            let index = Index::load(&path, self.sink)?;
            self.indexes.insert(name.to_owned(), index);
        }
        self.indexes
            .get(name)
            .ok_or_else(|| Error::new(ErrorKind::Dependency, "no matching version"))
    }
}

/// Puts archives in place, and removes those that nothing asks for any more.
fn replace(
    charts: &Path,
    directory: &Path,
    archives: &Archives,
    locked: &[Dependency],
    log: &mut Vec<u8>,
) -> Result<(), Error> {
    let entries = fs::read_dir(charts).map_err(|error| io_error("open", charts, &error))?;
    let mut old: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    old.sort();
    // Where helm puts what it fetches, for its messages.
    let temporary = directory.join(format!("tmpcharts-{}", std::process::id()));
    for (name, data) in archives {
        let source = temporary.join(name);
        let shown = source.to_string_lossy();
        if let Err(error) = load_archive_named(&shown, data, Formats::Any, &Sink::new()) {
            let line = format!("Could not verify {shown} for moving: {error} (Skipping)");
            log.extend_from_slice(line.as_bytes());
            continue;
        }
        let path = charts.join(name);
        if let Err(error) = storage::write_file(&path, data) {
            let reason = os::path_error("rename", &shown, &error);
            let line = format!("Unable to move {shown} to charts dir {reason} (Skipping)");
            log.extend_from_slice(line.as_bytes());
        }
    }
    log.extend_from_slice(b"Deleting outdated charts\n");
    for path in old {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let leads_to_directory = path.is_dir();
        if leads_to_directory && !path.is_symlink() || archives.contains_key(&*name) {
            continue;
        }
        let shown = path.display();
        // A link is looked at as if it were an archive: dependency-update-linked-subchart.
        let loaded = match leads_to_directory {
            true => Err(Error::new(ErrorKind::Chart, "cannot load a directory")),
            false => load_path(&path, Formats::Any, &Sink::new()),
        };
        let chart = match loaded {
            Ok(chart) => chart,
            Err(error) => {
                let line = format!("Could not verify {shown} for deletion: {error} (Skipping)\n");
                log.extend_from_slice(line.as_bytes());
                continue;
            }
        };
        let stays = |d: &Dependency| d.repository.is_empty() && d.name == chart.name();
        if locked.iter().any(stays) {
            continue;
        }
        if let Err(error) = fs::remove_file(&path) {
            let reason = os::path_error("remove", &path.to_string_lossy(), &error);
            let line = format!("Could not delete {shown}: {reason} (Skipping)");
            log.extend_from_slice(line.as_bytes());
        }
    }
    Ok(())
}

fn io_error(operation: &str, path: &Path, error: &std::io::Error) -> Error {
    let text = os::path_error(operation, &path.to_string_lossy(), error);
    Error::new(ErrorKind::Io, text)
}
