//! `verify`: holds an archive against the provenance file beside it.
//!
//! helm: pkg/action `Verify`, pkg/downloader `VerifyChart`.

use std::path::Path;

use crate::diag::{Error, ErrorKind, Sink};
use crate::gostd::os;
use crate::sandbox::{self, Needs};

/// What `verify` is asked to do.
#[derive(Clone, Debug)]
pub struct VerifyArguments {
    /// The archive.
    pub path: String,
    /// The file with public keys.
    pub keyring: String,
    /// Seconds since 1970.
    pub now: i64,
}

/// As [`run`], with nothing else left to the process if the archive is not trusted.
///
/// # Errors
///
/// As [`run`].
pub fn run_confined(arguments: &VerifyArguments, sink: &Sink) -> Result<Vec<u8>, Error> {
    let VerifyArguments { path, keyring, .. } = arguments;
    let read = [path.clone(), format!("{path}.prov"), keyring.clone()];
    let needs = Needs {
        read: read.map(Into::into).into(),
        ..Needs::default()
    };
    sandbox::enter(&needs, sink);
    run(arguments)
}

/// Checks an archive; returns what there is to print about its signature.
///
/// # Errors
///
/// Fails with helm's text if it is no signed archive, or has been changed.
pub fn run(arguments: &VerifyArguments) -> Result<Vec<u8>, Error> {
    let path = &arguments.path;
    let provenance = format!("{path}.prov");
    let about = std::fs::metadata(path).map_err(|error| io_error("stat", path, &error))?;
    let refused = |text: &str| Err(Error::new(ErrorKind::Chart, text));
    if about.is_dir() {
        return refused("unpacked charts cannot be verified");
    }
    let extension = Path::new(path).extension().unwrap_or_default();
    if !extension.eq_ignore_ascii_case("tgz") {
        return refused("chart must be a tgz file");
    }
    std::fs::metadata(&provenance).map_err(|error| {
        let prefix = format!("could not load provenance file {provenance}: ");
        io_error("stat", &provenance, &error).prefixed(prefix)
    })?;
    signature(arguments, &provenance)
}

#[cfg(feature = "pgp")]
fn signature(arguments: &VerifyArguments, provenance: &str) -> Result<Vec<u8>, Error> {
    let ring =
        keyring(&arguments.keyring).map_err(|error| error.prefixed("failed to load keyring: "))?;
    let path = &arguments.path;
    let archive = std::fs::read(path).map_err(|error| {
        io_error("open", path, &error).prefixed("failed to read chart archive: ")
    })?;
    let signed = std::fs::read(provenance).map_err(|error| {
        io_error("open", provenance, &error).prefixed("failed to read provenance file: ")
    })?;
    found(Path::new(path), &archive, &signed, &ring, arguments.now)
}

/// Returns what there is to print about the signature on an archive.
#[cfg(feature = "pgp")]
fn found(
    path: &Path,
    archive: &[u8],
    signed: &[u8],
    ring: &crate::openpgp::Keyring,
    now: i64,
) -> Result<Vec<u8>, Error> {
    let name = path.file_name().unwrap_or_default();
    let name = name.to_string_lossy();
    let verified = crate::package::provenance::check(archive, &name, signed, ring, now)?;
    let mut out = Vec::new();
    for signer in &verified.signers {
        out.extend_from_slice(b"Signed by: ");
        out.extend_from_slice(signer);
        out.push(b'\n');
    }
    let fingerprint = data_encoding::HEXUPPER.encode(&verified.fingerprint);
    let text = format!(
        "Using Key With Fingerprint: {fingerprint}\nChart Hash Verified: {}\n",
        verified.digest
    );
    out.extend_from_slice(text.as_bytes());
    Ok(out)
}

#[cfg(not(feature = "pgp"))]
fn signature(_: &VerifyArguments, _: &str) -> Result<Vec<u8>, Error> {
    Err(no_keys())
}

#[cfg(not(feature = "pgp"))]
fn no_keys() -> Error {
    let text = "signatures cannot be checked: this verta-render was built without its feature pgp";
    Error::new(ErrorKind::Unavailable, text)
}

/// Checks an archive that was fetched; returns what there is to print about its
/// signature. The path is the one it has or would have.
///
/// # Errors
///
/// Fails with helm's text if the signature does not hold, or cannot be checked.
pub fn check_fetched(
    keys: &str,
    now: i64,
    path: &Path,
    archive: &[u8],
    signed: &[u8],
) -> Result<Vec<u8>, Error> {
    let extension = path.extension().unwrap_or_default();
    if !extension.eq_ignore_ascii_case("tgz") {
        return Err(Error::new(ErrorKind::Chart, "chart must be a tgz file"));
    }
    #[cfg(feature = "pgp")]
    {
        let ring = keyring(keys).map_err(|error| error.prefixed("failed to load keyring: "))?;
        found(path, archive, signed, &ring, now)
    }
    #[cfg(not(feature = "pgp"))]
    {
        let _ = (keys, now, archive, signed);
        Err(no_keys())
    }
}

/// Reads a file with keys.
#[cfg(feature = "pgp")]
pub(super) fn keyring(path: &str) -> Result<crate::openpgp::Keyring, Error> {
    let data = std::fs::read(path).map_err(|error| io_error("open", path, &error))?;
    crate::openpgp::Keyring::read(&data)
        .map_err(|error| Error::new(ErrorKind::Io, error.to_string()))
}

fn io_error(operation: &str, path: &str, error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Io, os::path_error(operation, path, error))
}
