//! What commands that talk to servers leave themselves for charts one did not write: connections, helm's files, and what the
//! command names.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::fetched::{is_address, values_files};
use super::locate::ChartLocation;
use crate::diag::{Error, Sink};
use crate::limits::{self, Trust};
use crate::repository::file::RepositoryFile;
use crate::repository::registry::credentials::{Credentials, docker_file};
use crate::repository::{Access, Remote};
use crate::sandbox::{self, Needs};
use crate::values::merge::UserInputs;

/// Gives up what fetching does not need, if charts are not trusted. `read` and `write` are what the command itself reads and
/// writes besides what was fetched before, which is kept.
pub(super) fn to_fetching(remote: &Remote, read: Vec<PathBuf>, write: Vec<PathBuf>, sink: &Sink) {
    if limits::trust() == Trust::Untrusted {
        let mut needs = to_connect(remote, read, write);
        keep_caches(remote, &mut needs);
        sandbox::enter(&needs, sink);
    }
}

/// As [`to_fetching`], for commands that keep nothing of what they are told.
pub(super) fn to_connections(
    remote: &Remote,
    read: Vec<PathBuf>,
    write: Vec<PathBuf>,
    sink: &Sink,
) {
    if limits::trust() == Trust::Untrusted {
        sandbox::enter(&to_connect(remote, read, write), sink);
    }
}

/// What a command takes for its charts and their values, some of it from elsewhere, before it reads a chart.
pub(super) struct Wanted<'a> {
    remote: &'a Remote,
    read: BTreeSet<PathBuf>,
    is_elsewhere: bool,
}

impl<'a> Wanted<'a> {
    /// Nothing yet; `None` where charts are trusted.
    pub(super) fn if_untrusted(remote: &'a Remote) -> Option<Wanted<'a>> {
        let wanted = Wanted {
            remote,
            read: BTreeSet::new(),
            is_elsewhere: false,
        };
        (limits::trust() == Trust::Untrusted).then_some(wanted)
    }

    /// A chart, and what it is verified with.
    pub(super) fn chart(&mut self, location: &ChartLocation) {
        if location.is_elsewhere() {
            self.is_elsewhere = true;
        } else {
            let path = location.reference.trim();
            let provenance = format!("{path}.prov");
            self.path(path);
            self.path(&provenance);
        }
        if location.verify {
            self.path(&location.keyring);
        }
    }

    /// What is read by its path.
    pub(super) fn path(&mut self, path: &str) {
        self.read.insert(path.into());
    }

    /// All files that go into values.
    pub(super) fn values(&mut self, inputs: &UserInputs) {
        for name in values_files(inputs) {
            self.values_file(&name);
        }
    }

    /// A file that goes into values.
    pub(super) fn values_file(&mut self, name: &str) {
        match is_address(name) {
            true => self.is_elsewhere = true,
            false => self.path(name),
        }
    }

    /// Gives up what is not needed until all of it is there, if something comes from elsewhere; the command gives up more when it
    /// is. `write` makes and returns the directories that are written to later.
    pub(super) fn enter(
        self,
        write: impl FnOnce() -> Result<Vec<PathBuf>, Error>,
        sink: &Sink,
    ) -> Result<(), Error> {
        if self.is_elsewhere {
            let mut needs = to_connect(self.remote, self.read.into_iter().collect(), write()?);
            keep_caches(self.remote, &mut needs);
            sandbox::enter_for_now(&needs, sink);
        }
        Ok(())
    }
}

fn to_connect(remote: &Remote, read: Vec<PathBuf>, write: Vec<PathBuf>) -> Needs {
    let places = &remote.places;
    let mut needs = Needs {
        read,
        write,
        connect: true,
    };
    needs.read.extend([
        places.repository_config.clone(),
        places.registry_config.clone(),
    ]);
    needs.read.extend(docker_file());
    // A file that makes no sense is told by whoever needs it.
    let known = RepositoryFile::load_if_there(&places.repository_config).unwrap_or_default();
    let known = known.repositories.iter().map(|entry| &entry.access);
    for Access { tls, .. } in known.chain([&remote.access]) {
        let files = [&tls.ca_file, &tls.cert_file, &tls.key_file];
        needs.read.extend(files.map(PathBuf::from));
    }
    needs
}

fn keep_caches(remote: &Remote, needs: &mut Needs) {
    for cache in [
        &remote.places.repository_cache,
        &remote.places.content_cache,
    ] {
        // What cannot be made is told by whoever writes there.
        let _ = fs::create_dir_all(cache);
        needs.write.push(cache.clone());
    }
}

/// As [`to_fetching`], for commands that also replace the file with the names of repositories.
pub(super) fn to_naming(remote: &Remote, sink: &Sink) {
    if limits::trust() == Trust::Untrusted {
        let folder = folder_of(&remote.places.repository_config);
        to_fetching(remote, Vec::new(), vec![folder], sink);
    }
}

/// As [`to_connections`], for commands that also replace the file with names and passwords for registries, unless a program
/// of the user's keeps those of this one.
pub(super) fn to_registry(remote: &Remote, registry: &str, sink: &Sink) {
    let file = &remote.places.registry_config;
    // A file that makes no sense is told by whoever needs it.
    let keeper = || Credentials::new(file).keeper(registry).unwrap_or_default();
    if limits::trust() == Trust::Untrusted && keeper().is_none() {
        to_connections(remote, Vec::new(), vec![folder_of(file)], sink);
    }
}

/// Returns the directory of a file that is replaced, and makes it: the new one is there before it takes the old one's place,
/// and there may be a lock beside them.
fn folder_of(file: &Path) -> PathBuf {
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let _ = fs::create_dir_all(folder);
    folder.to_owned()
}
