//! From what a chart asks for to exact versions, and the hash that tells whether both
//! still belong together.
//!
//! helm: internal/resolver.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::index::Index;
use super::{Remote, cache, is_oci};
use crate::chart::Dependency;
use crate::chart::loader::{Formats, load_directory};
use crate::codec::json::{ObjectWriter, array};
use crate::diag::{Error, ErrorKind, Sink};
use crate::gostd::strconv::quote;
use crate::gostd::{os, path as gopath};
use crate::version::{Constraints, Version};

/// The names under which dependencies' repositories have an index in the cache, by the
/// name of the dependency.
pub type RepositoryNames = BTreeMap<String, String>;

/// Chooses a version for each dependency.
///
/// # Errors
///
/// Fails with helm's text if a repository is not known, a version is none, or no
/// version is in range.
pub fn resolve(
    wanted: &[Dependency],
    names: &RepositoryNames,
    directory: &Path,
    remote: &Remote,
    sink: &Sink,
) -> Result<Vec<Dependency>, Error> {
    let mut resolver = Resolver {
        names,
        directory,
        remote,
        sink,
        indexes: BTreeMap::new(),
    };
    let mut locked = Vec::with_capacity(wanted.len());
    let mut missing = Vec::new();
    for dependency in wanted {
        match resolver.choose(dependency)? {
            Choice::Version(version) => locked.push(Dependency {
                name: dependency.name.clone(),
                repository: dependency.repository.clone(),
                version,
                ..Dependency::default()
            }),
            Choice::Unusable => {}
            Choice::None => {
                let quoted = |text: &str| quote(text.as_bytes());
                missing.push(format!(
                    "{} (repository {}, version {})",
                    quoted(&dependency.name),
                    quoted(&dependency.repository),
                    quoted(&dependency.version)
                ));
            }
        }
    }
    if missing.is_empty() {
        return Ok(locked);
    }
    let text = format!(
        "can't get a valid version for {} subchart(s): {}. Make sure a matching chart version exists in the repo, or change the version constraint in Chart.yaml",
        missing.len(),
        missing.join(", ")
    );
    Err(Error::new(ErrorKind::Dependency, text))
}

/// What is to be had of a dependency.
enum Choice {
    Version(String),
    /// A chart in a directory whose version is none. helm crashes on it later.
    Unusable,
    /// Nothing in range.
    None,
}

struct Resolver<'a> {
    names: &'a RepositoryNames,
    directory: &'a Path,
    remote: &'a Remote,
    sink: &'a Sink,
    /// Each index is read once.
    indexes: BTreeMap<String, Index>,
}

impl Resolver<'_> {
    fn choose(&mut self, wanted: &Dependency) -> Result<Choice, Error> {
        let constraints = Constraints::parse(wanted.version.as_bytes()).map_err(|error| {
            let name = quote(wanted.name.as_bytes());
            let text =
                format!("dependency {name} has an invalid version/constraint format: {error}");
            Error::new(ErrorKind::Dependency, text)
        })?;
        if wanted.repository.is_empty() {
            local_path(&format!("charts/{}", wanted.name), self.directory)?;
            return Ok(Choice::Version(wanted.version.clone()));
        }
        if wanted.repository.starts_with("file://") {
            let path = local_path(&wanted.repository, self.directory)?;
            let chart = load_directory(&path, Formats::Any, self.sink)?;
            let version = chart.metadata().version.clone();
            return Ok(match Version::parse(version.as_bytes()) {
                Err(_) => Choice::Unusable,
                Ok(parsed) if constraints.check(&parsed) => Choice::Version(version),
                Ok(_) => Choice::None,
            });
        }
        let Some(name) = self.names.get(&wanted.name).filter(|n| !n.is_empty()) else {
            return Ok(Choice::Version(wanted.version.clone()));
        };
        if is_oci(&wanted.repository) {
            return self.choose_tag(wanted, &constraints);
        }
        let name = name.clone();
        let index = self.index(&name)?;
        let Some(versions) = index.entries.get(&wanted.name) else {
            let text = format!(
                "{} chart not found in repo {}",
                wanted.name, wanted.repository
            );
            return Err(Error::new(ErrorKind::Dependency, text));
        };
        // The versions are sorted: the first in range is the highest.
        let mut usable = versions.iter().filter(|entry| entry.url().is_some());
        let found = usable.find_map(|entry| {
            let version = Version::parse(entry.metadata.version.as_bytes()).ok()?;
            let fits = constraints.check(&version);
            fits.then(|| entry.metadata.version.clone())
        });
        Ok(found.map_or(Choice::None, Choice::Version))
    }

    fn index(&mut self, name: &str) -> Result<&Index, Error> {
        if !self.indexes.contains_key(name) {
            let path = cache::index_path(&self.remote.places.repository_cache, name);
            let index = Index::load(&path, self.sink).map_err(|error| {
                error.prefixed(format!(
                    "no cached repository for {name} found. (try 'helm repo update'): "
                ))
            })?;
            self.indexes.insert(name.to_owned(), index);
        }
        self.indexes
            .get(name)
            .ok_or_else(|| Error::new(ErrorKind::Dependency, format!("no index of {name}")))
    }

    /// Chooses among the tags of a registry; an exact version needs no asking.
    fn choose_tag(&self, wanted: &Dependency, constraints: &Constraints) -> Result<Choice, Error> {
        let versions = if Version::parse(wanted.version.as_bytes()).is_ok() {
            vec![wanted.version.clone()]
        } else {
            let repository = wanted.repository.trim_start_matches("oci://");
            let tags = self.remote.tags(&format!("{repository}/{}", wanted.name));
            tags.map_err(|error| {
                error.prefixed(format!(
                    "could not retrieve list of tags for repository {}: ",
                    wanted.repository
                ))
            })?
        };
        let fits = |version: &String| {
            let parsed = Version::parse(version.as_bytes());
            parsed.is_ok_and(|parsed| constraints.check(&parsed))
        };
        // Without one in range helm goes on with the range and fails to fetch it.
        let found = versions.into_iter().find(fits);
        Ok(Choice::Version(
            found.unwrap_or_else(|| wanted.version.clone()),
        ))
    }
}

/// Returns the directory a dependency is in.
///
/// # Errors
///
/// Fails with helm's text if there is none.
pub fn local_path(repository: &str, directory: &Path) -> Result<PathBuf, Error> {
    let path = repository.strip_prefix("file://").unwrap_or(repository);
    let path = if path.starts_with('/') {
        gopath::clean(path.as_bytes())
    } else {
        let directory = directory.to_string_lossy();
        gopath::join([directory.as_bytes(), path.as_bytes()])
    };
    let path = String::from_utf8_lossy(&path).into_owned();
    match fs::metadata(&path) {
        Ok(_) => Ok(path.into()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let text = format!("directory {path} not found");
            Err(Error::new(ErrorKind::Dependency, text))
        }
        Err(error) => {
            let text = os::path_error("stat", &path, &error);
            Err(Error::new(ErrorKind::Io, text))
        }
    }
}

/// Returns the hash that tells whether a lock still fits what is asked for. A list that
/// is not there differs from an empty one.
///
/// # Errors
///
/// Returns the encoder's text for values that JSON cannot hold.
pub fn digest(
    wanted: Option<&[Dependency]>,
    locked: Option<&[Dependency]>,
) -> Result<String, Error> {
    Ok(sha256(&array(&[list(wanted)?, list(locked)?])))
}

/// Returns the hash as helm 2 made it, which old locks have.
///
/// # Errors
///
/// As [`digest`].
pub fn old_digest(wanted: Option<&[Dependency]>) -> Result<String, Error> {
    let mut object = ObjectWriter::default();
    object.raw("dependencies", &list(wanted)?);
    Ok(sha256(&object.finish()))
}

fn list(dependencies: Option<&[Dependency]>) -> Result<Vec<u8>, Error> {
    let Some(dependencies) = dependencies else {
        return Ok(b"null".to_vec());
    };
    let items = dependencies.iter().map(Dependency::to_json);
    let items: Result<Vec<_>, String> = items.collect();
    let items = items.map_err(|reason| Error::new(ErrorKind::Dependency, reason))?;
    Ok(array(&items))
}

fn sha256(data: &[u8]) -> String {
    let hash = Sha256::digest(data);
    format!("sha256:{}", data_encoding::HEXLOWER.encode(&hash))
}
