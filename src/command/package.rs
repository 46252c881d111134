//! `package`: packs chart directories and returns what helm would print.
//!
//! helm: pkg/cmd `package`, pkg/action `Package`.

use std::path::Path;

use super::dependency::{self, DependencyOptions};
use super::signing::{ArchiveSigner, SigningOptions};
use crate::chart::loader::{Formats, load_directory};
use crate::diag::{Error, ErrorKind, Sink};
use crate::gostd::strconv::{num_error_text, parse_int};
use crate::gostd::{os, path as gopath};
use crate::limits::{self, Trust};
use crate::package::{Archive, PackageOptions, archive};
use crate::repository::Remote;
use crate::repository::download::Signature;
use crate::sandbox::{self, Needs};
use crate::storage;

/// What `package` is asked to do.
#[derive(Clone, Default, Debug)]
pub struct PackageArguments {
    /// The chart directories.
    pub charts: Vec<String>,
    /// How the archives differ from the charts.
    pub options: PackageOptions,
    /// The directory to write to.
    pub destination: String,
    /// Whether dependencies are to be updated first.
    pub dependency_update: bool,
    /// The way to repositories, for dependencies.
    pub remote: Remote,
    /// How the archives are to be signed, if they are.
    pub signing: Option<SigningOptions>,
}

/// Reads `SOURCE_DATE_EPOCH`; an empty one is none.
///
/// # Errors
///
/// Fails with helm's text if it is no number, or negative.
pub fn parse_source_date_epoch(text: &[u8]) -> Result<Option<i64>, Error> {
    let invalid = |reason: String| {
        let text = format!("invalid SOURCE_DATE_EPOCH: {reason}");
        Error::new(ErrorKind::Usage, text)
    };
    if text.is_empty() {
        return Ok(None);
    }
    let seconds =
        parse_int(text, 10, 64).map_err(|kind| invalid(num_error_text("ParseInt", text, kind)))?;
    if seconds < 0 {
        return Err(invalid("must not be negative".into()));
    }
    Ok(Some(seconds))
}

/// Packs charts, one after the other; appends a line for each to `stdout`.
///
/// # Errors
///
/// Fails with helm's text at the first chart that cannot be packed.
pub fn run(arguments: &PackageArguments, stdout: &mut Vec<u8>, sink: &Sink) -> Result<(), Error> {
    if arguments.charts.is_empty() {
        let text = "need at least one argument, the path to the chart";
        return Err(Error::new(ErrorKind::Usage, text));
    }
    let mut signer = match &arguments.signing {
        Some(options) => Some(ArchiveSigner::new(options)?),
        None => None,
    };
    if limits::trust() == Trust::Untrusted {
        confine(arguments, sink)?;
    }
    for chart in &arguments.charts {
        let (path, archive) = pack(chart, arguments, sink)?;
        if let Some(signer) = &mut signer {
            let signed = signer.sign(&archive, arguments.options.now, stdout, sink)?;
            let file = format!("{path}.prov");
            storage::write_file(Path::new(&file), &signed).map_err(|error| {
                Error::new(ErrorKind::Io, os::path_error("open", &file, &error))
            })?;
        }
        let line = format!("Successfully packaged chart and saved it to: {path}\n");
        stdout.extend_from_slice(line.as_bytes());
    }
    Ok(())
}

/// Gives up what is not needed from here on. The destination must be there then.
fn confine(arguments: &PackageArguments, sink: &Sink) -> Result<(), Error> {
    if arguments.dependency_update {
        let text = "--dependency-update is not available for untrusted charts";
        return Err(Error::new(ErrorKind::Usage, text));
    }
    let destination = &arguments.destination;
    std::fs::create_dir_all(destination)
        .map_err(|e| Error::new(ErrorKind::Io, os::path_error("mkdir", destination, &e)))?;
    let keys = arguments.signing.iter();
    let keys = keys.flat_map(|signing| [&signing.keyring, &signing.passphrase_file]);
    let read = arguments.charts.iter().chain(keys);
    sandbox::enter(
        &Needs {
            read: read.map(Into::into).collect(),
            write: vec![destination.into()],
            connect: false,
        },
        sink,
    );
    Ok(())
}

/// Packs one chart; returns the path of the archive, and the archive.
fn pack(
    chart: &str,
    arguments: &PackageArguments,
    sink: &Sink,
) -> Result<(String, Archive), Error> {
    let io_error = |text: String| Error::new(ErrorKind::Io, text);
    std::fs::metadata(chart).map_err(|e| io_error(os::path_error("stat", chart, &e)))?;
    if arguments.dependency_update {
        let directory = os::absolute(Path::new(chart)).map_err(io_error)?;
        let options = DependencyOptions {
            remote: &arguments.remote,
            package: arguments.options.clone(),
            skip_refresh: false,
            signature: Signature::Ignore,
            keyring: "",
        };
        // What an update tells is not wanted here.
        dependency::update(&directory, &options, &mut Vec::new(), sink)?;
    }
    let loaded = load_directory(Path::new(chart), Formats::Supported, sink)?;
    let archive = archive(&loaded, &arguments.options)?;
    let directory = if arguments.destination == "." {
        let current = os::absolute(Path::new(".")).map_err(io_error)?;
        current.to_string_lossy().into_owned()
    } else {
        arguments.destination.clone()
    };
    let path = gopath::join([directory.as_bytes(), archive.file_name.as_bytes()]);
    let path = String::from_utf8_lossy(&path).into_owned();
    write(&path, &archive.data).map_err(|e| e.prefixed("failed to save: "))?;
    Ok((path, archive))
}

fn write(path: &str, data: &[u8]) -> Result<(), Error> {
    let io_error = |text: String| Error::new(ErrorKind::Io, text);
    let directory = gopath::dir(path.as_bytes());
    let directory = String::from_utf8_lossy(&directory).into_owned();
    match std::fs::metadata(&directory) {
        Ok(about) if !about.is_dir() => {
            return Err(io_error(format!("is not a directory: {directory}")));
        }
        Ok(_) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            std::fs::create_dir_all(&directory)
                .map_err(|e| io_error(os::path_error("mkdir", &directory, &e)))?;
        }
        Err(error) => {
            let reason = os::path_error("stat", &directory, &error);
            return Err(io_error(format!("stat {directory}: {reason}")));
        }
    }
    storage::write_file(Path::new(path), data)
        .map_err(|error| io_error(os::path_error("open", path, &error)))
}

#[cfg(test)]
mod tests {
    use super::parse_source_date_epoch;

    #[test]
    fn the_epoch_is_a_number_of_seconds() {
        assert_eq!(parse_source_date_epoch(b"").unwrap(), None);
        assert_eq!(parse_source_date_epoch(b"12").unwrap(), Some(12));
        assert_eq!(
            parse_source_date_epoch(b"abc").unwrap_err().to_string(),
            "invalid SOURCE_DATE_EPOCH: strconv.ParseInt: parsing \"abc\": invalid syntax"
        );
    }
}
