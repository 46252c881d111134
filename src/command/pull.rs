//! `pull`: fetches charts from repositories and registries.
//!
//! helm: pkg/action `Pull`, pkg/chart/v2/util `Expand`.

use std::fs;
use std::path::Path;

use super::confine;
use crate::chart::draft::MetadataDraft;
use crate::chart::loader::read_archive;
use crate::diag::{Error, ErrorKind, Sink};
use crate::gostd::strconv::quote;
use crate::gostd::{os, path as gopath};
use crate::repository::client::same_host;
use crate::repository::download::{Download, Signature, save};
use crate::repository::listed::check_chart;
use crate::repository::{Access, Remote, is_in_registry};
use crate::storage;

/// What `pull` is asked to do.
#[derive(Clone, Debug, Default)]
pub struct PullArguments {
    /// The charts.
    pub charts: Vec<String>,
    /// The repository to look in (`--repo`), empty for none.
    pub repository: String,
    /// The version or range of versions to look for, empty for the highest.
    pub version: String,
    /// The directory to write to.
    pub destination: String,
    /// Whether the archive is unpacked instead of kept.
    pub untar: bool,
    /// Where it is unpacked, from the destination on.
    pub untar_directory: String,
    /// The file with public keys, if signatures are checked.
    pub keyring: String,
}

/// Fetches charts, one after the other.
///
/// # Errors
///
/// Fails with helm's text at the first chart that cannot be had or written.
pub fn run(
    arguments: &PullArguments,
    remote: &Remote,
    signature: Signature<'_>,
    stdout: &mut Vec<u8>,
    sink: &Sink,
) -> Result<(), Error> {
    remote.check()?;
    let mut write = vec![arguments.destination.as_str().into()];
    if arguments.untar && gopath::is_abs(arguments.untar_directory.as_bytes()) {
        write.push(arguments.untar_directory.as_str().into());
    }
    let keyring = arguments.keyring.as_str().into();
    confine::to_fetching(remote, vec![keyring], write, sink);
    for chart in &arguments.charts {
        let mut notes = Vec::new();
        pull(
            chart, arguments, remote, signature, stdout, &mut notes, sink,
        )?;
        // What is told of a chart that failed in the end is not printed.
        stdout.extend_from_slice(&notes);
    }
    Ok(())
}

fn pull(
    chart: &str,
    arguments: &PullArguments,
    remote: &Remote,
    signature: Signature<'_>,
    stdout: &mut Vec<u8>,
    notes: &mut Vec<u8>,
    sink: &Sink,
) -> Result<(), Error> {
    let version = &arguments.version;
    let mut access = remote.access.clone();
    let mut reference = chart.to_owned();
    let mut listed = None;
    if !arguments.repository.is_empty() {
        let repository = &arguments.repository;
        let found = remote.find_chart(repository, chart, version, &access, sink)?;
        (reference, listed) = (found.0, Some(found.1));
        // DIFFERS(helm): helm sends name and password for the repository to whatever
        // host its index points to.
        if !access.pass_credentials && !same_host(repository, &reference) {
            access = Access {
                username: String::new(),
                password: String::new(),
                ..access
            };
        }
    }
    let directory = match arguments.untar {
        true => Path::new(""),
        false => Path::new(&arguments.destination),
    };
    let download = if is_in_registry(&reference)? {
        remote.pull_chart(&reference, version, directory, signature, stdout)?
    } else {
        let mut source = remote.locate(&reference, version, &access, sink)?;
        source.listed = source.listed.or(listed);
        remote.download(&source, directory, signature)?
    };
    if remote.is_strict() {
        // DIFFERS(helm): helm keeps whatever it is.
        check_chart(&download.file_name, &download.archive)
            .map_err(|error| error.prefixed(format!("{reference}: ")))?;
    }
    if !arguments.untar {
        save(&download, &arguments.destination)?;
    }
    notes.extend_from_slice(&download.notes);
    if let Some(problem) = download.problem {
        return Err(problem);
    }
    notes.extend_from_slice(&download.verified);
    if arguments.untar {
        untar(chart, &download, arguments)?;
    }
    Ok(())
}

fn untar(chart: &str, download: &Download, arguments: &PullArguments) -> Result<(), Error> {
    let failed = |text: String| Error::new(ErrorKind::Io, text);
    let text = |path: Vec<u8>| String::from_utf8_lossy(&path).into_owned();
    let directory = if gopath::is_abs(arguments.untar_directory.as_bytes()) {
        arguments.untar_directory.clone()
    } else {
        text(gopath::join([
            arguments.destination.as_bytes(),
            arguments.untar_directory.as_bytes(),
        ]))
    };
    // helm makes a folder named like the argument, whatever the chart's name is.
    let (_, name) = gopath::split(chart.as_bytes());
    let taken = match directory.as_str() {
        "." => text(name.to_vec()),
        directory => text(gopath::join([directory.as_bytes(), name])),
    };
    if fs::metadata(&taken).is_ok() {
        return Err(failed(format!(
            "failed to untar: a file or directory with the name {taken} already exists"
        )));
    }
    fs::create_dir_all(&taken).map_err(|error| {
        let reason = os::path_error("mkdir", &taken, &error);
        failed(format!("failed to untar (mkdir): {reason}"))
    })?;
    expand(&download.archive, Path::new(&directory))
}

/// Unpacks an archive into a folder named like its chart.
///
/// # Errors
///
/// Fails with helm's text if it is no chart, its name is none for a folder, or
/// something cannot be written. Nothing is written outside that folder.
pub fn expand(archive: &[u8], directory: &Path) -> Result<(), Error> {
    let failed = |text: String| Error::new(ErrorKind::Chart, text);
    let files = read_archive(archive)?;
    let description = files.iter().rfind(|file| *file.name == *b"Chart.yaml");
    let name = match description {
        Some(file) => {
            let draft = MetadataDraft::decode(&file.data)
                .map_err(|error| error.prefixed("cannot load Chart.yaml: "))?;
            draft.fields.name
        }
        None => String::new(),
    };
    let quoted = quote(name.as_bytes());
    if name.is_empty() {
        return Err(failed("chart name not specified".into()));
    }
    if name == "." || name == ".." {
        return Err(failed(format!("chart name {quoted} is not allowed")));
    }
    if name.contains(['/', '\\', '\0']) {
        let text = format!("chart name {quoted} must not contain path separators");
        return Err(failed(text));
    }
    let base = directory.join(&name);
    check_no_link(&base)?;
    for file in &files {
        let relative = file.name.to_lossy();
        let path = base.join(&*relative);
        let parent = path.parent().unwrap_or(&base);
        for folder in parent.ancestors().take_while(|folder| *folder != base) {
            check_no_link(folder)?;
        }
        let io_error = |operation: &str, path: &Path, error: &std::io::Error| {
            failed(os::path_error(operation, &path.to_string_lossy(), error))
        };
        fs::create_dir_all(parent).map_err(|error| io_error("mkdir", parent, &error))?;
        storage::write_file(&path, &file.data).map_err(|error| io_error("open", &path, &error))?;
    }
    Ok(())
}

/// Refuses to unpack through a link, which may lead anywhere.
fn check_no_link(path: &Path) -> Result<(), Error> {
    match fs::symlink_metadata(path) {
        Ok(about) if about.is_symlink() => {
            let path = path.display();
            let text = format!("cannot unpack into {path}, which is a link");
            Err(Error::new(ErrorKind::Io, text))
        }
        _ => Ok(()),
    }
}
