//! From what somebody calls a chart to the bytes of its archive.
//!
//! helm: pkg/downloader `ChartDownloader`.

use std::fs;
use std::path::{Path, PathBuf};

use super::cache::{self, Content, Hash};
use super::client::{ARCHIVE, Fetch, check_repository, resolve_url, same_url, to_text};
use super::file::{Entry, RepositoryFile};
use super::index::Index;
use super::listed::Listed;
use super::{Access, Remote};
use crate::diag::{Error, ErrorKind, Sink};
use crate::gostd::strconv::quote;
use crate::gostd::url::Url;
use crate::gostd::{os, path as gopath};
use crate::limits::{self, Trust};
use crate::storage;

/// Where an archive is, and how to get it.
#[derive(Clone, Debug)]
pub struct Source {
    /// What it was called.
    reference: String,
    /// The address.
    pub url: String,
    /// What the index says of it, if it was found in one.
    pub listed: Option<Listed>,
    /// The hash under which the cache may have it, empty if that is not known.
    digest: String,
    /// The address that name and password are meant for.
    owner: String,
    access: Access,
}

/// What is to be done about the signature of a chart.
#[derive(Clone, Copy, Default)]
pub enum Signature<'a> {
    /// Nothing.
    #[default]
    Ignore,
    /// To be fetched if it is there.
    Fetch,
    /// To be checked if it is there.
    CheckIfThere(&'a Check<'a>),
    /// To be checked.
    Check(&'a Check<'a>),
}

/// Checks an archive against its signature: gets the path of the archive for its
/// messages, both contents, and returns what it found.
pub type Check<'a> = dyn Fn(&Path, &[u8], &[u8]) -> Result<Vec<u8>, Error> + 'a;

/// An archive that was fetched.
#[derive(Clone, Default, Debug)]
pub struct Download {
    /// The name of the file.
    pub file_name: String,
    /// The archive.
    pub archive: Vec<u8>,
    /// The signature on it, if it was wanted and there.
    pub provenance: Option<Vec<u8>>,
    /// What the check of the signature found.
    pub verified: Vec<u8>,
    /// What is told on the way.
    pub notes: Vec<u8>,
    /// Why the signature does not hold. helm writes the files all the same.
    pub problem: Option<Error>,
}

impl Remote {
    /// Finds out what `reference` means: a URL, or `REPOSITORY/CHART`.
    ///
    /// # Errors
    ///
    /// Returns helm's text if it means nothing.
    pub fn locate(
        &self,
        reference: &str,
        version: &str,
        access: &Access,
        sink: &Sink,
    ) -> Result<Source, Error> {
        let failed = |text: String| Error::new(ErrorKind::Dependency, text);
        let Ok(url) = Url::parse(reference.as_bytes()) else {
            return Err(failed(format!("invalid chart URL format: {reference}")));
        };
        let repositories = RepositoryFile::load_if_there(&self.places.repository_config)?;
        if !url.scheme.is_empty() && !url.host.is_empty() && !url.path.is_empty() {
            let found = self.owner_of(reference, &repositories, sink)?;
            let mut source = Source {
                reference: reference.to_owned(),
                url: to_text(&url),
                listed: None,
                digest: String::new(),
                owner: reference.to_owned(),
                access: access.clone(),
            };
            if let Some(entry) = found {
                source.owner.clone_from(&entry.url);
                source.access = joined(access, &entry.access);
            }
            return Ok(source);
        }
        let path = String::from_utf8_lossy(&url.path).into_owned();
        let Some((name, chart)) = path.split_once('/') else {
            let shown = to_text(&url);
            return Err(failed(format!(
                "non-absolute URLs should be in form of repo_name/path_to_chart, got: {shown}"
            )));
        };
        let entry = match repositories.get(name) {
            Some(entry) if entry.url.is_empty() => {
                return Err(failed(format!("no URL found for repository {name}")));
            }
            Some(entry) => entry,
            None => return Err(failed(format!("repo {name} not found"))),
        };
        check_repository(&entry.url)?;
        let index = self.cached_index(&entry.name, sink)?;
        let found = index.get(chart, version, sink).map_err(|error| {
            let chart = quote(chart.as_bytes());
            error.prefixed(format!(
                "chart {chart} matching {version} not found in {name} index. (try 'helm repo update'): "
            ))
        })?;
        let Some(url) = found.url() else {
            let reference = quote(reference.as_bytes());
            return Err(failed(format!(
                "chart {reference} has no downloadable URLs"
            )));
        };
        let url = resolve_url(&entry.url, url)
            .map_err(|_| failed(format!("invalid chart URL format: {reference}")))?;
        Ok(Source {
            reference: reference.to_owned(),
            url,
            listed: Some(Listed::of(found)),
            digest: found.digest.clone(),
            owner: entry.url.clone(),
            access: joined(access, &entry.access),
        })
    }

    /// Reads the index of a named repository as it was fetched last.
    fn cached_index(&self, repository: &str, sink: &Sink) -> Result<Index, Error> {
        let path = cache::index_path(&self.places.repository_cache, repository);
        Index::load(&path, sink)
            .map_err(|error| error.prefixed("no cached repo found. (try 'helm repo update'): "))
    }

    /// Finds the repository that lists an address, for its name and password.
    fn owner_of<'a>(
        &self,
        url: &str,
        repositories: &'a RepositoryFile,
        sink: &Sink,
    ) -> Result<Option<&'a Entry>, Error> {
        for entry in &repositories.repositories {
            check_repository(&entry.url)?;
            let index = self.cached_index(&entry.name, sink)?;
            let mut urls = index
                .entries
                .values()
                .flatten()
                .flat_map(|e| &e.urls)
                .flatten();
            if urls.any(|listed| listed == url || same_url(url, listed)) {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    /// Fetches a chart and keeps it in the cache of contents; returns its place there.
    ///
    /// # Errors
    ///
    /// Returns helm's text if it cannot be had, and says so if it is not what the index
    /// promises.
    pub fn download_to_cache(
        &self,
        source: &Source,
        signature: Signature<'_>,
        notes: &mut Vec<u8>,
    ) -> Result<PathBuf, Error> {
        let promised = source.promised().map_err(|error| {
            let is_length = error.text().starts_with(b"invalid digest length");
            match is_length {
                true => error,
                false => error.prefixed("unable to decode digest: "),
            }
        })?;
        let cache = &self.places.content_cache;
        let (hash, path, archive) = match promised.and_then(|hash| kept(cache, &hash)) {
            Some(kept) => kept,
            None => {
                let archive = self.fetch_archive(source)?;
                self.check_listed(source, &archive)?;
                let hash = cache::hash(&archive);
                let path = cache::keep_content(cache, &hash, Content::Chart, &archive)?;
                (hash, path, archive)
            }
        };
        let (Signature::CheckIfThere(check) | Signature::Check(check)) = signature else {
            return Ok(path);
        };
        let provenance = match cache::find_content(cache, &hash, Content::Provenance) {
            Some(path) => fs::read(&path).map_err(|error| read_error(&path, &error))?,
            None => {
                let provenance = self.fetch_provenance(source, signature, notes)?;
                let Some(provenance) = provenance else {
                    return Ok(path);
                };
                cache::keep_content(cache, &hash, Content::Provenance, &provenance)?;
                provenance
            }
        };
        check(&cache.join(source.file_name()?), &archive, &provenance)?;
        Ok(path)
    }

    /// Fetches a chart, and its signature as far as that is wanted. Nothing is written.
    ///
    /// # Errors
    ///
    /// As [`Remote::download_to_cache`], and what the check of the signature says.
    pub fn download(
        &self,
        source: &Source,
        directory: &Path,
        signature: Signature<'_>,
    ) -> Result<Download, Error> {
        let promised = source.promised()?;
        let cache = &self.places.content_cache;
        let archive = match promised.and_then(|hash| kept(cache, &hash)) {
            Some((_, _, archive)) => archive,
            None => {
                let archive = self.fetch_archive(source)?;
                self.check_listed(source, &archive)?;
                archive
            }
        };
        let mut download = Download {
            file_name: source.file_name()?,
            archive,
            ..Download::default()
        };
        if matches!(signature, Signature::Ignore) {
            return Ok(download);
        }
        match self.fetch_provenance(source, signature, &mut download.notes) {
            Ok(provenance) => download.provenance = provenance,
            Err(problem) => download.problem = Some(problem),
        }
        if let Some(provenance) = &download.provenance
            && let Signature::CheckIfThere(check) | Signature::Check(check) = signature
        {
            let path = directory.join(&download.file_name);
            match check(&path, &download.archive, provenance) {
                Ok(found) => download.verified = found,
                Err(problem) => download.problem = Some(problem),
            }
        }
        Ok(download)
    }

    /// Checks that an archive is the one that the index lists; by name and version only what one does not trust, since helm
    /// pulls charts that are listed under other names (`pull-untar-other-name`).
    fn check_listed(&self, source: &Source, archive: &[u8]) -> Result<(), Error> {
        match &source.listed {
            // DIFFERS(helm): helm believes the index, and keeps whatever came in its cache under the promised hash.
            Some(listed) if self.is_strict() => match limits::trust() {
                Trust::Trusted => listed.check_digest(archive),
                Trust::Untrusted => listed.check(archive),
            }
            .map_err(|error| error.prefixed(format!("{}: ", source.url))),
            _ => Ok(()),
        }
    }

    fn fetch_archive(&self, source: &Source) -> Result<Vec<u8>, Error> {
        self.fetch_from(source, &source.url)
    }

    fn fetch_from(&self, source: &Source, url: &str) -> Result<Vec<u8>, Error> {
        let parsed = Url::parse(url.as_bytes());
        let scheme = parsed.map(|url| url.scheme).unwrap_or_default();
        if scheme == b"oci" {
            return match url.strip_suffix(".prov") {
                Some(chart) => self.pull_listed_provenance(chart),
                None => self.pull_listed(url),
            };
        }
        if !matches!(scheme.as_slice(), b"http" | b"https") {
            let text = format!("scheme {} not supported", quote(&scheme));
            return Err(Error::new(ErrorKind::Usage, text));
        }
        self.fetch(&Fetch {
            url,
            owner: &source.owner,
            access: &source.access,
            accept: ARCHIVE,
        })
    }

    fn fetch_provenance(
        &self,
        source: &Source,
        signature: Signature<'_>,
        notes: &mut Vec<u8>,
    ) -> Result<Option<Vec<u8>>, Error> {
        let url = format!("{}.prov", source.url);
        match self.fetch_from(source, &url) {
            Ok(provenance) => Ok(Some(provenance)),
            Err(_) if matches!(signature, Signature::Check(_)) => {
                let url = quote(url.as_bytes());
                let text = format!("failed to fetch provenance {url}");
                Err(Error::new(ErrorKind::Unavailable, text))
            }
            Err(error) => {
                let line = format!(
                    "WARNING: Verification not found for {}: {error}\n",
                    source.reference
                );
                notes.extend_from_slice(line.as_bytes());
                Ok(None)
            }
        }
    }
}

impl Source {
    /// Returns the hash the index promises.
    fn promised(&self) -> Result<Option<Hash>, Error> {
        if self.digest.is_empty() {
            return Ok(None);
        }
        let failed = |text: String| Error::new(ErrorKind::Dependency, text);
        let digest = self.digest.split_once(':').map_or(&*self.digest, |d| d.1);
        let bytes = decode_hex(digest.as_bytes()).map_err(failed)?;
        let length = bytes.len();
        let hash = bytes.try_into();
        let hash = hash.map_err(|_| failed(format!("invalid digest length: {length}")))?;
        Ok(Some(hash))
    }

    /// Returns the name of the file at the address.
    fn file_name(&self) -> Result<String, Error> {
        let url = Url::parse(self.url.as_bytes());
        let url = url.map_err(|reason| Error::new(ErrorKind::Usage, reason))?;
        let name = gopath::base(&url.path);
        let mut name = String::from_utf8_lossy(name).into_owned();
        if url.scheme == b"oci"
            && let Some((chart, version)) = name.rsplit_once(':')
        {
            name = format!("{chart}-{version}.tgz");
        }
        // An encoded slash or backslash must not lead out of the folder.
        if matches!(name.as_str(), "." | ".." | "/") || name.contains(['/', '\\', '\0']) {
            let text = format!("invalid chart URL format: {}", self.url);
            return Err(Error::new(ErrorKind::Usage, text));
        }
        Ok(name)
    }
}

/// What the repository knows goes before what the flags say.
fn joined(flags: &Access, repository: &Access) -> Access {
    let mut access = flags.clone();
    let Access {
        username,
        password,
        pass_credentials,
        tls,
        ..
    } = repository;
    if !tls.cert_file.is_empty() || !tls.key_file.is_empty() || !tls.ca_file.is_empty() {
        access.tls.cert_file.clone_from(&tls.cert_file);
        access.tls.key_file.clone_from(&tls.key_file);
        access.tls.ca_file.clone_from(&tls.ca_file);
    }
    if !username.is_empty() && !password.is_empty() {
        access.username.clone_from(username);
        access.password.clone_from(password);
        access.pass_credentials = *pass_credentials;
    }
    access
}

/// Returns a chart from the cache, unless somebody has changed it.
fn kept(cache: &Path, hash: &Hash) -> Option<(Hash, PathBuf, Vec<u8>)> {
    let path = cache::find_content(cache, hash, Content::Chart)?;
    let archive = fs::read(&path).ok()?;
    (cache::hash(&archive) == *hash).then_some((*hash, path, archive))
}

fn read_error(path: &Path, error: &std::io::Error) -> Error {
    let text = os::path_error("open", &path.to_string_lossy(), error);
    Error::new(ErrorKind::Io, text)
}

/// Reads hexadecimal digits. Go: encoding/hex `DecodeString`.
fn decode_hex(text: &[u8]) -> Result<Vec<u8>, String> {
    let digit = |byte: u8| char::from(byte).to_digit(16).map(|d| d as u8);
    if let Some(bad) = text.iter().find(|byte| digit(**byte).is_none()) {
        let shown = quote(&[*bad]);
        let shown = shown.trim_matches('"');
        return Err(format!(
            "encoding/hex: invalid byte: U+{:04X} '{shown}'",
            u32::from(*bad)
        ));
    }
    if text.len() % 2 == 1 {
        return Err("encoding/hex: odd length hex string".into());
    }
    let pairs = text.chunks_exact(2);
    Ok(pairs
        .map(|pair| digit(pair[0]).unwrap_or(0) << 4 | digit(pair[1]).unwrap_or(0))
        .collect())
}

/// Writes what was fetched below a directory; returns the path of the archive.
///
/// # Errors
///
/// Returns helm's text, which names the file helm would have written first.
pub fn save(download: &Download, directory: &str) -> Result<String, Error> {
    let path = gopath::join([directory.as_bytes(), download.file_name.as_bytes()]);
    let path = String::from_utf8_lossy(&path).into_owned();
    let write = |path: &str, data: &[u8]| {
        storage::write_file(Path::new(path), data).map_err(|error| {
            let temporary = format!("{path}{:010}", std::process::id());
            Error::new(ErrorKind::Io, os::path_error("open", &temporary, &error))
        })
    };
    write(&path, &download.archive)?;
    if let Some(provenance) = &download.provenance {
        write(&format!("{path}.prov"), provenance)?;
    }
    Ok(path)
}
