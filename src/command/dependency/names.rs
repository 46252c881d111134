//! Which repositories a chart's dependencies come from, and their indexes made fresh.
//!
//! helm: pkg/downloader `Manager.resolveRepoNames`, `ensureMissingRepos`,
//! `UpdateRepositories`.

use std::path::Path;
use std::thread;

use sha2::{Digest, Sha256};

use super::DependencyOptions;
use crate::chart::Dependency;
use crate::diag::{Diagnostic, Error, ErrorKind, Sink};
use crate::gostd::strconv::quote;
use crate::gostd::url::Url;
use crate::repository::client::{check_repository, same_url};
use crate::repository::file::{Entry, RepositoryFile};
use crate::repository::resolve::{RepositoryNames, local_path};
use crate::repository::{Remote, is_oci};

/// What repositories without a name are called in the cache.
const UNMANAGED: &str = "helm-manager-";

/// Finds the names of the dependencies' repositories, and puts addresses where names
/// stand (`@NAME`, `alias:NAME`).
///
/// # Errors
///
/// Fails with helm's text if a name is not known, or a directory not there.
pub(super) fn resolve_names(
    wanted: &mut [Dependency],
    directory: &Path,
    remote: &Remote,
    log: &mut Vec<u8>,
) -> Result<RepositoryNames, Error> {
    let file = RepositoryFile::load_if_there(&remote.places.repository_config)?;
    let mut names = RepositoryNames::new();
    let mut missing = Vec::new();
    for dependency in wanted {
        let repository = dependency.repository.clone();
        if repository.is_empty() {
            continue;
        }
        if repository.starts_with("file://") {
            local_path(&repository, directory)?;
            if remote.debug {
                let line = format!("Repository from local path: {repository}\n");
                log.extend_from_slice(line.as_bytes());
            }
            names.insert(dependency.name.clone(), repository);
            continue;
        }
        if is_oci(&repository) {
            names.insert(dependency.name.clone(), repository);
            continue;
        }
        let name = repository
            .strip_prefix('@')
            .or_else(|| repository.strip_prefix("alias:"));
        let known = file.repositories.iter().find(|known| {
            name.is_some_and(|name| name == known.name) || same_url(&known.url, &repository)
        });
        match known {
            Some(known) => {
                if name == Some(&known.name) {
                    dependency.repository.clone_from(&known.url);
                }
                names.insert(dependency.name.clone(), known.name.clone());
            }
            None if Url::parse_request(repository.as_bytes()).is_ok() => {
                names.insert(repository.clone(), repository);
            }
            None => missing.push(repository),
        }
    }
    if missing.is_empty() {
        return Ok(names);
    }
    let mut text = format!(
        "no repository definition for {}. Please add them via 'helm repo add'",
        missing.join(", ")
    );
    let is_word = |repository: &String| {
        !repository.contains("//")
            && !repository.starts_with('@')
            && !repository.starts_with("alias:")
    };
    if missing.iter().any(is_word) {
        text.push_str(
            "\nNote that repositories must be URLs or aliases. For example, to refer to the \"example\"\n\
             repository, use \"https://charts.example.com/\" or \"@example\" instead of\n\
             \"example\". Don't forget to add the repo, too ('helm repo add').",
        );
    }
    Err(Error::new(ErrorKind::Dependency, text))
}

/// Gives names to repositories that have none, and fetches their indexes; returns the
/// entries of those that were fetched.
///
/// # Errors
///
/// Fails with helm's text if an address cannot be asked.
pub(super) fn update_unmanaged(
    wanted: &[Dependency],
    names: &mut RepositoryNames,
    options: &DependencyOptions<'_>,
    log: &mut Vec<u8>,
    sink: &Sink,
) -> Result<Vec<Entry>, Error> {
    let mut entries = Vec::new();
    for dependency in wanted {
        let repository = &dependency.repository;
        if repository.is_empty() || names.contains_key(&dependency.name) {
            continue;
        }
        let name = unmanaged_name(repository);
        names.insert(dependency.name.clone(), name.clone());
        entries.push(Entry {
            name,
            url: repository.clone(),
            ..Entry::default()
        });
    }
    if options.skip_refresh || entries.is_empty() {
        return Ok(Vec::new());
    }
    log.extend_from_slice(b"Getting updates for unmanaged Helm repositories...\n");
    update_all(&entries, options.remote, log, sink)?;
    Ok(entries)
}

/// Fetches the indexes of all repositories that have names.
///
/// # Errors
///
/// Fails with helm's text if an address cannot be asked.
pub(super) fn update_configured(
    remote: &Remote,
    log: &mut Vec<u8>,
    sink: &Sink,
) -> Result<(), Error> {
    let file = RepositoryFile::load_if_there(&remote.places.repository_config)?;
    if file.repositories.is_empty() {
        return Ok(());
    }
    log.extend_from_slice(b"Hang tight while we grab the latest from your chart repositories...\n");
    update_all(&file.repositories, remote, log, sink)?;
    log.extend_from_slice("Update Complete. ⎈Happy Helming!⎈\n".as_bytes());
    Ok(())
}

/// Fetches indexes, all at a time; of repositories at one address the last.
fn update_all(
    repositories: &[Entry],
    remote: &Remote,
    log: &mut Vec<u8>,
    sink: &Sink,
) -> Result<(), Error> {
    let address = |entry: &Entry| entry.url.strip_suffix('/').unwrap_or(&entry.url).to_owned();
    let mut unique: Vec<&Entry> = Vec::new();
    for entry in repositories {
        match unique
            .iter_mut()
            .find(|other| address(other) == address(entry))
        {
            Some(other) => *other = entry,
            None => unique.push(entry),
        }
    }
    for entry in &unique {
        check_repository(&entry.url)?;
    }
    for (entry, (result, notes)) in unique.iter().zip(fetch_indexes(&unique, remote)) {
        notes.into_iter().for_each(|note| sink.push(note));
        let is_unmanaged = entry.name.starts_with(UNMANAGED);
        let shown = if is_unmanaged {
            &entry.url
        } else {
            &entry.name
        };
        let quoted = quote(shown.as_bytes());
        let line = match result {
            Ok(()) => {
                format!("...Successfully got an update from the {quoted} chart repository\n")
            }
            Err(error) => {
                let place = if is_unmanaged {
                    String::new()
                } else {
                    format!(" ({})", entry.url)
                };
                format!(
                    "...Unable to get an update from the {quoted} chart repository{place}:\n\t{error}\n"
                )
            }
        };
        log.extend_from_slice(line.as_bytes());
    }
    Ok(())
}

/// What became of one index, and what was told about it.
pub(in crate::command) type Fetched = (Result<(), Error>, Vec<Diagnostic>);

/// How many servers are asked at a time.
const AT_A_TIME: usize = 8;

/// Fetches indexes side by side; results come in the order of the repositories.
pub(in crate::command) fn fetch_indexes(repositories: &[&Entry], remote: &Remote) -> Vec<Fetched> {
    let fetch = |entry: &Entry| {
        let sink = Sink::new();
        let result = remote.download_index(entry, &sink).map(drop);
        (result, sink.take())
    };
    let mut fetched = Vec::with_capacity(repositories.len());
    for group in repositories.chunks(AT_A_TIME) {
        if let [entry] = group {
            fetched.push(fetch(entry));
            continue;
        }
        thread::scope(|scope| {
            let threads: Vec<_> = group
                .iter()
                .map(|entry| scope.spawn(|| fetch(entry)))
                .collect();
            for thread in threads {
                fetched.push(thread.join().unwrap_or_else(|_| {
                    let text = "the index could not be read";
                    (Err(Error::new(ErrorKind::Unavailable, text)), Vec::new())
                }));
            }
        });
    }
    fetched
}

/// Returns the name of a repository that nobody gave one.
pub(super) fn unmanaged_name(repository: &str) -> String {
    let hash = Sha256::digest(repository.as_bytes());
    format!("{UNMANAGED}{}", data_encoding::HEXLOWER.encode(&hash))
}
