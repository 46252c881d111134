//! What was downloaded: indexes by the name of their repository, charts by their hash.
//!
//! helm: pkg/downloader `DiskCache`, pkg/helmpath.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::diag::{Error, ErrorKind};
use crate::gostd::os;
use crate::storage;

/// The hash of a chart's archive.
pub type Hash = [u8; 32];

/// What a file in the cache of contents is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Content {
    /// The archive of a chart.
    Chart,
    /// The signature on one.
    Provenance,
}

impl Content {
    const fn extension(self) -> &'static str {
        match self {
            Content::Chart => "chart",
            Content::Provenance => "prov",
        }
    }
}

/// Returns the place of a repository's index.
pub fn index_path(cache: &Path, repository: &str) -> PathBuf {
    let separator = if repository.is_empty() { "" } else { "-" };
    cache.join(format!("{repository}{separator}index.yaml"))
}

/// Returns the place of the list of a repository's charts.
pub fn charts_path(cache: &Path, repository: &str) -> PathBuf {
    let separator = if repository.is_empty() { "" } else { "-" };
    cache.join(format!("{repository}{separator}charts.txt"))
}

/// Returns the hash of an archive.
pub fn hash(data: &[u8]) -> Hash {
    Sha256::digest(data).into()
}

/// Returns the place of a content.
pub fn content_path(cache: &Path, hash: &Hash, content: Content) -> PathBuf {
    let name = data_encoding::HEXLOWER.encode(hash);
    let folder = name.get(..2).unwrap_or_default().to_owned();
    cache
        .join(folder)
        .join(format!("{name}.{}", content.extension()))
}

/// Returns the place of a content that is there; an empty file is none.
pub fn find_content(cache: &Path, hash: &Hash, content: Content) -> Option<PathBuf> {
    let path = content_path(cache, hash, content);
    let about = fs::metadata(&path).ok()?;
    (about.is_file() && about.len() > 0).then_some(path)
}

/// Keeps a content; returns its place.
///
/// # Errors
///
/// Returns the system's text if it cannot be written.
pub fn keep_content(
    cache: &Path,
    hash: &Hash,
    content: Content,
    data: &[u8],
) -> Result<PathBuf, Error> {
    let path = content_path(cache, hash, content);
    write(&path, data)?;
    Ok(path)
}

/// Writes a file, with the folders above it.
pub(super) fn write(path: &Path, data: &[u8]) -> Result<(), Error> {
    let failed = |operation: &str, path: &Path, error: &io::Error| {
        let text = os::path_error(operation, &path.to_string_lossy(), error);
        Error::new(ErrorKind::Io, text)
    };
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).map_err(|e| failed("mkdir", directory, &e))?;
    }
    storage::write_file(path, data).map_err(|e| failed("open", path, &e))
}
