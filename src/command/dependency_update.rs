//! Updating the dependencies of a chart directory, as far as that needs no network:
//! charts in other directories (`file://`) and in charts/ itself.
//!
//! helm: pkg/downloader `Manager.Update`, internal/resolver.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::chart::loader::{Formats, load_directory, load_path};
use crate::chart::{Chart, Dependency, Lock, Timestamp};
use crate::codec::{json, yaml};
use crate::diag::{Error, ErrorKind, Sink};
use crate::gostd::{os, path as gopath};
use crate::package::{PackageOptions, pack};
use crate::storage;
use crate::value::Value;
use crate::version::{Constraints, Version};

/// Brings charts/ and Chart.lock of the chart in `directory` in line with what
/// Chart.yaml asks for; appends what helm tells on the way to `log`.
///
/// # Errors
///
/// Fails with helm's text if a dependency cannot be had or does not have a version
/// in range, and says so if one is in a repository or registry.
pub fn update(
    directory: &Path,
    options: &PackageOptions,
    log: &mut Vec<u8>,
    sink: &Sink,
) -> Result<(), Error> {
    let io_error = |text: String| Error::new(ErrorKind::Io, text);
    let directory = os::absolute(directory).map_err(io_error)?;
    if !directory.is_dir() {
        let text = "only unpacked charts can be updated";
        return Err(Error::new(ErrorKind::Usage, text));
    }
    let chart = load_directory(&directory, Formats::Supported, sink)?;
    let Some(wanted) = &chart.metadata().dependencies else {
        return Ok(());
    };
    check_offline(wanted)?;
    let found = wanted
        .iter()
        .map(|dependency| resolve(dependency, &directory, sink))
        .collect::<Result<Vec<_>, Error>>()?;
    check_versions(&found)?;
    log.extend_from_slice(format!("Saving {} charts\n", found.len()).as_bytes());
    let archives = found
        .iter()
        .filter_map(|found| found.archive(options, log).transpose())
        .collect::<Result<Vec<_>, Error>>()?;
    replace_archives(&directory.join("charts"), &archives, wanted, log)?;
    let locked: Vec<Dependency> = found.into_iter().filter_map(|found| found.locked).collect();
    let digest = digest(wanted, &locked)?;
    if chart.lock().is_some_and(|lock| lock.digest == digest) {
        return Ok(());
    }
    let lock = Lock {
        generated: Timestamp {
            seconds: options.now,
            nanos: 0,
            offset: 0,
        },
        digest,
        dependencies: Some(locked),
    };
    let is_old = chart.metadata().api_version == "v1";
    write_lock(&directory, &lock, is_old)
}

/// A dependency and what was found of it.
struct Found<'a> {
    wanted: &'a Dependency,
    /// The chart, of a dependency in another directory.
    chart: Option<Chart>,
    /// What goes into the lock; nothing if the chart's version is none.
    locked: Option<Dependency>,
    fits: bool,
}

fn check_offline(wanted: &[Dependency]) -> Result<(), Error> {
    let is_local = |d: &&Dependency| d.repository.is_empty() || d.repository.starts_with("file://");
    match wanted.iter().find(|d| !is_local(d)) {
        None => Ok(()),
        Some(dependency) => {
            let (name, repository) = (&dependency.name, &dependency.repository);
            let text = format!(
                "dependency {name:?} cannot be fetched from {repository}: this version of verta-render updates from directories (file://) only"
            );
            Err(Error::new(ErrorKind::Unavailable, text))
        }
    }
}

fn resolve<'a>(wanted: &'a Dependency, directory: &Path, sink: &Sink) -> Result<Found<'a>, Error> {
    let constraints = Constraints::parse(wanted.version.as_bytes()).map_err(|error| {
        let text = format!(
            "dependency {:?} has an invalid version/constraint format: {error}",
            wanted.name
        );
        Error::new(ErrorKind::Dependency, text)
    })?;
    let lock = |version: &str| Dependency {
        name: wanted.name.clone(),
        repository: wanted.repository.clone(),
        version: version.to_owned(),
        ..Dependency::default()
    };
    if wanted.repository.is_empty() {
        let path = local_path(&format!("charts/{}", wanted.name), directory)?;
        check_unpacked(wanted, &constraints, &path, sink)?;
        return Ok(Found {
            wanted,
            chart: None,
            locked: Some(lock(&wanted.version)),
            fits: true,
        });
    }
    let path = local_path(&wanted.repository, directory)?;
    let chart = load_directory(&path, Formats::Supported, sink)?;
    let version = chart.metadata().version.clone();
    let parsed = Version::parse(version.as_bytes()).ok();
    Ok(Found {
        wanted,
        fits: parsed.as_ref().is_none_or(|v| constraints.check(v)),
        locked: parsed.map(|_| lock(&version)),
        chart: Some(chart),
    })
}

/// Returns the directory a dependency is in.
fn local_path(repository: &str, directory: &Path) -> Result<PathBuf, Error> {
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

/// Checks a dependency without repository, which must be in charts/ already.
fn check_unpacked(
    wanted: &Dependency,
    constraints: &Constraints,
    path: &Path,
    sink: &Sink,
) -> Result<(), Error> {
    let chart = load_directory(path, Formats::Supported, sink)
        .map_err(|error| error.prefixed(format!("unable to load chart '{}': ", path.display())))?;
    let version = &chart.metadata().version;
    let parsed = Version::parse(version.as_bytes()).map_err(|error| {
        let text = format!(
            "invalid version {} for dependency {}: {error}",
            wanted.version, wanted.name
        );
        Error::new(ErrorKind::Dependency, text)
    })?;
    if constraints.check(&parsed) {
        return Ok(());
    }
    let text = format!(
        "dependency {} at version {version} does not satisfy the constraint {}",
        wanted.name, wanted.version
    );
    Err(Error::new(ErrorKind::Dependency, text))
}

fn check_versions(found: &[Found<'_>]) -> Result<(), Error> {
    let missing: Vec<String> = found
        .iter()
        .filter(|found| !found.fits)
        .map(|found| {
            let Dependency {
                name,
                repository,
                version,
                ..
            } = found.wanted;
            format!("{name:?} (repository {repository:?}, version {version:?})")
        })
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let text = format!(
        "can't get a valid version for {} subchart(s): {}. Make sure a matching chart version exists in the repo, or change the version constraint in Chart.yaml",
        missing.len(),
        missing.join(", ")
    );
    Err(Error::new(ErrorKind::Dependency, text))
}

impl Found<'_> {
    /// Returns the archive to put into charts/, if the chart comes from elsewhere.
    fn archive(
        &self,
        options: &PackageOptions,
        log: &mut Vec<u8>,
    ) -> Result<Option<(String, Vec<u8>)>, Error> {
        let name = &self.wanted.name;
        let Some(chart) = &self.chart else {
            let line = format!(
                "Dependency {name} did not declare a repository. Assuming it exists in the charts directory\n"
            );
            log.extend_from_slice(line.as_bytes());
            return Ok(None);
        };
        let options = PackageOptions {
            version: None,
            app_version: None,
            ..options.clone()
        };
        let archive = pack(chart, &options)?;
        Ok(Some((archive.file_name, archive.data)))
    }
}

/// Writes the archives and removes those that nothing asks for any more.
fn replace_archives(
    charts: &Path,
    archives: &[(String, Vec<u8>)],
    wanted: &[Dependency],
    log: &mut Vec<u8>,
) -> Result<(), Error> {
    let io_error = |operation: &str, path: &Path, error: &std::io::Error| {
        let text = os::path_error(operation, &path.to_string_lossy(), error);
        Error::new(ErrorKind::Io, text)
    };
    if charts.exists() && !charts.is_dir() {
        let text = format!("{:?} is not a directory", charts.to_string_lossy());
        return Err(Error::new(ErrorKind::Io, text));
    }
    fs::create_dir_all(charts).map_err(|e| io_error("mkdir", charts, &e))?;
    let entries = fs::read_dir(charts).map_err(|e| io_error("open", charts, &e))?;
    let mut old: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    old.sort();
    for (name, data) in archives {
        let path = charts.join(name);
        storage::write_file(&path, data).map_err(|e| io_error("open", &path, &e))?;
    }
    log.extend_from_slice(b"Deleting outdated charts\n");
    for path in old {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() || archives.iter().any(|(archive, _)| *archive == name) {
            continue;
        }
        let chart = match load_path(&path, Formats::Any, &Sink::new()) {
            Ok(chart) => chart,
            Err(error) => {
                let path = path.display();
                let line = format!("Could not verify {path} for deletion: {error} (Skipping)\n");
                log.extend_from_slice(line.as_bytes());
                continue;
            }
        };
        let stays = |d: &Dependency| d.repository.is_empty() && d.name == chart.name();
        if !wanted.iter().any(stays) {
            fs::remove_file(&path).map_err(|e| io_error("remove", &path, &e))?;
        }
    }
    Ok(())
}

/// Returns the hash that tells whether a lock still fits what is asked for.
fn digest(wanted: &[Dependency], locked: &[Dependency]) -> Result<String, Error> {
    let list = |dependencies: &[Dependency]| -> Result<Vec<u8>, String> {
        let items: Vec<Vec<u8>> = dependencies.iter().map(to_json).collect::<Result<_, _>>()?;
        Ok([b"[", &items.join(&b',')[..], b"]"].concat())
    };
    let text = |reason: String| Error::new(ErrorKind::Dependency, reason);
    let wanted = list(wanted).map_err(text)?;
    let locked = list(locked).map_err(text)?;
    let hash = Sha256::digest([b"[", &wanted[..], b",", &locked, b"]"].concat());
    let hex = data_encoding::HEXLOWER.encode(&hash);
    Ok(format!("sha256:{hex}"))
}

/// Writes a dependency as Go does, with the fields in the order of the struct.
fn to_json(dependency: &Dependency) -> Result<Vec<u8>, String> {
    let mut out = b"{".to_vec();
    let mut put = |name: &str, value: Value| -> Result<(), String> {
        if out.len() > 1 {
            out.push(b',');
        }
        out.extend_from_slice(format!("\"{name}\":").as_bytes());
        out.extend_from_slice(&json::encode(&value)?);
        Ok(())
    };
    put("name", dependency.name.as_str().into())?;
    if !dependency.version.is_empty() {
        put("version", dependency.version.as_str().into())?;
    }
    put("repository", dependency.repository.as_str().into())?;
    if !dependency.condition.is_empty() {
        put("condition", dependency.condition.as_str().into())?;
    }
    if !dependency.tags.is_empty() {
        let tags = dependency.tags.iter().map(|tag| tag.as_str().into());
        put("tags", Value::list(tags.collect()))?;
    }
    if dependency.enabled {
        put("enabled", true.into())?;
    }
    if !dependency.import_values.is_empty() {
        put(
            "import-values",
            Value::list(dependency.import_values.clone()),
        )?;
    }
    if !dependency.alias.is_empty() {
        put("alias", dependency.alias.as_str().into())?;
    }
    out.push(b'}');
    Ok(out)
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
