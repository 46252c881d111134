//! `dependency update` and `dependency build`: brings charts/ in line with what
//! Chart.yaml asks for, or with what Chart.lock says was chosen.
//!
//! helm: pkg/downloader `Manager`.

mod archives;
pub mod list;
mod names;

use std::fs;
use std::path::Path;

use super::confine;
use crate::chart::loader::{Formats, load_directory};
use crate::chart::{Chart, Dependency, Lock, Timestamp};
use crate::codec::yaml;
use crate::diag::{Diagnostic, Error, ErrorKind, Level, Sink};
use crate::gostd::os;
use crate::package::PackageOptions;
use crate::repository::Remote;
use crate::repository::client::{is_web, same_url};
pub use crate::repository::download::Signature;
use crate::repository::file::RepositoryFile;
use crate::repository::resolve::{digest, local_path, old_digest, resolve};
use crate::storage;
use archives::download_all;
pub(super) use names::fetch_indexes;
use names::{resolve_names, update_configured, update_unmanaged};

/// What the flags say.
pub struct DependencyOptions<'a> {
    /// The way to repositories.
    pub remote: &'a Remote,
    /// How charts of other directories are packed, and what time it is.
    pub package: PackageOptions,
    /// `--skip-refresh`: the indexes are not fetched again.
    pub skip_refresh: bool,
    /// `--verify`.
    pub signature: Signature<'a>,
    /// The file with public keys that `signature` reads.
    pub keyring: &'a str,
}

/// Brings charts/ and Chart.lock of the chart in `directory` in line with what
/// Chart.yaml asks for; appends what helm tells on the way to `log`.
///
/// # Errors
///
/// Fails with helm's text if a dependency cannot be had or does not have a version
/// in range.
pub fn update(
    directory: &Path,
    options: &DependencyOptions<'_>,
    log: &mut Vec<u8>,
    sink: &Sink,
) -> Result<(), Error> {
    let chart = load(directory, sink)?;
    confine(&chart, directory, options, sink);
    update_loaded(&chart, directory, options, log, sink)
}

/// Gives up what is not needed once the chart itself is read, if it is not trusted.
fn confine(chart: &Chart, directory: &Path, options: &DependencyOptions<'_>, sink: &Sink) {
    let dependencies = chart.metadata().dependencies();
    let locals = dependencies
        .iter()
        .filter(|d| d.repository.starts_with("file://"));
    // What is no path is told of when its turn comes.
    let locals = locals.filter_map(|d| local_path(&d.repository, directory).ok());
    let read = locals.chain([options.keyring.into()]).collect();
    confine::to_fetching(options.remote, read, vec![directory.to_owned()], sink);
}

fn update_loaded(
    chart: &Chart,
    directory: &Path,
    options: &DependencyOptions<'_>,
    log: &mut Vec<u8>,
    sink: &Sink,
) -> Result<(), Error> {
    let Some(mut wanted) = chart.metadata().dependencies.clone() else {
        return Ok(());
    };
    let remote = options.remote;
    let mut names = resolve_names(&mut wanted, directory, remote, log)?;
    let refreshed = update_unmanaged(&wanted, &mut names, options, log, sink)?;
    if !options.skip_refresh {
        update_configured(remote, log, sink)?;
    }
    let mut locked = resolve(&wanted, &names, directory, remote, sink)?;
    download_all(&mut locked, directory, options, &refreshed, log, sink)?;
    let digest = digest(Some(&wanted), Some(&locked))?;
    if chart.lock().is_some_and(|lock| lock.digest == digest) {
        return Ok(());
    }
    let lock = Lock {
        generated: Timestamp {
            seconds: options.package.now,
            nanos: 0,
            offset: 0,
        },
        digest,
        dependencies: Some(locked),
    };
    let is_old = chart.metadata().api_version == "v1";
    write_lock(directory, &lock, is_old)
}

/// Brings charts/ in line with Chart.lock; without one this is an update.
///
/// # Errors
///
/// Fails with helm's text if the lock does not fit Chart.yaml any more, or a
/// dependency cannot be had.
pub fn build(
    directory: &Path,
    options: &DependencyOptions<'_>,
    log: &mut Vec<u8>,
    sink: &Sink,
) -> Result<(), Error> {
    let loading = Sink::new();
    let loaded = load(directory, &loading);
    let told = loading.take();
    sink.repeat(&told);
    let chart = loaded?;
    confine(&chart, directory, options, sink);
    let Some(lock) = chart.lock() else {
        // helm loads the chart anew, and logs as much again.
        sink.repeat(&told);
        return update_loaded(&chart, directory, options, log, sink);
    };
    let remote = options.remote;
    let mut wanted = chart.metadata().dependencies.clone();
    let is_old = chart.metadata().api_version == "v1";
    // helm 2 hashed what was written, names of repositories and all.
    let old = match is_old {
        true => old_digest(wanted.as_deref())?,
        false => String::new(),
    };
    resolve_names(
        wanted.as_deref_mut().unwrap_or_default(),
        directory,
        remote,
        log,
    )?;
    if digest(wanted.as_deref(), lock.dependencies.as_deref())? != lock.digest {
        check_old(&old, is_old, lock, sink)?;
    }
    let mut locked = lock.dependencies.clone().unwrap_or_default();
    check_known(&locked, remote)?;
    if !options.skip_refresh {
        update_configured(remote, log, sink)?;
    }
    download_all(&mut locked, directory, options, &[], log, sink)
}

fn load(directory: &Path, sink: &Sink) -> Result<Chart, Error> {
    let failed = |text: String| Error::new(ErrorKind::Chart, text);
    let name = directory.to_string_lossy();
    let about = fs::metadata(directory).map_err(|error| {
        let reason = os::path_error("stat", &name, &error);
        failed(format!("could not find {name}: {reason}"))
    })?;
    if !about.is_dir() {
        return Err(failed("only unpacked charts can be updated".into()));
    }
    load_directory(directory, Formats::Any, sink)
}

/// Looks whether a lock that does not fit is one of helm 2 that does.
fn check_old(old: &str, is_old: bool, lock: &Lock, sink: &Sink) -> Result<(), Error> {
    let failed = |text: &str| Err(Error::new(ErrorKind::Dependency, text));
    if !is_old {
        return failed(
            "the lock file (Chart.lock) is out of sync with the dependencies file (Chart.yaml). Please update the dependencies with 'helm dependency update'",
        );
    }
    sink.push(Diagnostic::log(
        Level::Info,
        "warning: a valid Helm v3 hash was not found. Checking against Helm v2 hash...",
    ));
    if old == lock.digest {
        return Ok(());
    }
    failed(
        "the lock file (requirements.lock) is out of sync with the dependencies file (requirements.yaml). Please update the dependencies",
    )
}

/// Checks that all repositories have names here.
fn check_known(locked: &[Dependency], remote: &Remote) -> Result<(), Error> {
    let file = RepositoryFile::load_if_there(&remote.places.repository_config)?;
    let is_known = |url: &str| {
        let url = url.strip_suffix('/').unwrap_or(url);
        file.repositories.iter().any(|r| same_url(&r.url, url))
    };
    let repositories = locked.iter().map(|d| d.repository.as_str());
    let missing: Vec<&str> = repositories
        .filter(|repository| is_web(repository) && !is_known(repository))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let text = format!(
        "no repository definition for {}. Please add the missing repos via 'helm repo add'",
        missing.join(", ")
    );
    Err(Error::new(ErrorKind::Dependency, text))
}

fn write_lock(directory: &Path, lock: &Lock, is_old: bool) -> Result<(), Error> {
    let name = if is_old {
        "requirements.lock"
    } else {
        "Chart.lock"
    };
    let path = directory.join(name);
    if let Ok(link) = fs::read_link(&path) {
        let text = format!(
            "the {name} file is a symlink to {:?}",
            link.to_string_lossy()
        );
        return Err(Error::new(ErrorKind::Io, text));
    }
    let text = yaml::encode(&lock.to_value()).map_err(|e| Error::new(ErrorKind::Chart, e))?;
    storage::write_file(&path, &text).map_err(|error| {
        let text = os::path_error("open", &path.to_string_lossy(), &error);
        Error::new(ErrorKind::Io, text)
    })
}
