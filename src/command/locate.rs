//! From what somebody calls a chart to the chart.
//!
//! helm: pkg/action `ChartPathOptions.LocateChart`.

use std::path::{Path, PathBuf};

use super::embedded;
use super::verify::{self, VerifyArguments, check_fetched};
use crate::chart::Chart;
use crate::chart::loader::{Formats, Watch, load_path, load_path_watched};
use crate::diag::{Diagnostic, Error, ErrorKind, Level, Sink};
use crate::gostd::os;
use crate::gostd::strconv::quote;
use crate::repository::cache::{self, Content};
use crate::repository::client::same_host;
use crate::repository::download::Signature;
use crate::repository::{PullNotes, Remote, is_in_registry};

/// Where to look for a chart.
#[derive(Clone, Default, Debug)]
pub struct ChartLocation {
    /// A path, `REPO/CHART`, a URL, or the name of the embedded chart.
    pub reference: String,
    /// The repository to look in (`--repo`), empty for none.
    pub repository: String,
    /// The version or range of versions to look for, empty for the highest.
    pub version: String,
    /// Whether to verify the chart's signature first.
    pub verify: bool,
    /// The file with public keys for that.
    pub keyring: String,
    /// Seconds since 1970.
    pub now: i64,
    /// The way to repositories and registries.
    pub remote: Remote,
}

/// A chart that was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Located {
    /// In a file or directory, by its absolute path.
    Path(PathBuf),
    /// In the program itself.
    Embedded,
}

impl ChartLocation {
    /// Finds the chart. A path that exists wins over everything else. What is told of a registry on standard output is
    /// appended to `log`.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if there is no such chart, and says so if it is one
    /// that only a repository has.
    pub fn find(&self, log: &mut Vec<u8>, sink: &Sink) -> Result<Located, Error> {
        self.remote.check()?;
        let reference = self.reference.trim();
        if self.is_elsewhere() {
            return self.download(reference, log, sink).map(Located::Path);
        }
        let path = Path::new(reference);
        if path.exists() {
            let absolute = os::absolute(path).map_err(|e| Error::new(ErrorKind::Io, e))?;
            if self.verify {
                verify::run(&VerifyArguments {
                    path: absolute.to_string_lossy().into_owned(),
                    keyring: self.keyring.clone(),
                    now: self.now,
                })?;
            }
            sink.push(
                Diagnostic::log(Level::Debug, "Chart path")
                    .with("path", absolute.to_string_lossy()),
            );
            return Ok(Located::Path(absolute));
        }
        // DIFFERS(helm): helm knows no embedded chart and looks for a repository.
        if reference == embedded::NAME {
            return Ok(Located::Embedded);
        }
        let text = format!("path {} not found", quote(reference.as_bytes()));
        Err(Error::new(ErrorKind::Chart, text))
    }

    /// Reports whether only a repository or a registry can have the chart.
    pub(super) fn is_elsewhere(&self) -> bool {
        let reference = self.reference.trim();
        let path = Path::new(reference);
        let is_here = path.exists()
            || path.is_absolute()
            || reference.starts_with('.')
            || reference == embedded::NAME;
        !self.repository.is_empty() || !is_here
    }

    /// Fetches a chart that is elsewhere; returns its place in the cache.
    fn download(&self, reference: &str, log: &mut Vec<u8>, sink: &Sink) -> Result<PathBuf, Error> {
        let check = |path: &Path, archive: &[u8], provenance: &[u8]| {
            check_fetched(&self.keyring, self.now, path, archive, provenance)
        };
        let signature = match self.verify {
            true => Signature::Check(&check),
            false => Signature::Ignore,
        };
        let version = self.version.trim();
        let remote = &self.remote;
        let mut access = remote.access.clone();
        let mut address = reference.to_owned();
        let mut listed = None;
        if !self.repository.is_empty() {
            let repository = &self.repository;
            let found = remote.find_chart(repository, reference, version, &access, sink)?;
            (address, listed) = (found.0, Some(found.1));
            // Name and password are for the repository, not for whom it points to.
            if !access.pass_credentials && !same_host(repository, &address) {
                access.username.clear();
                access.password.clear();
            }
        }
        if is_in_registry(&address)? {
            let mut pulled = Vec::new();
            let download =
                remote.pull_chart(&address, version, Path::new(""), signature, &mut pulled)?;
            tell_pulled(remote, &pulled, log, sink);
            if let Some(problem) = download.problem {
                return Err(problem);
            }
            let cache = &remote.places.content_cache;
            let hash = cache::hash(&download.archive);
            if let Some(provenance) = &download.provenance {
                cache::keep_content(cache, &hash, Content::Provenance, provenance)?;
            }
            return cache::keep_content(cache, &hash, Content::Chart, &download.archive);
        }
        let mut source = remote.locate(&address, version, &access, sink)?;
        source.listed = source.listed.or(listed);
        let mut notes = Vec::new();
        remote.download_to_cache(&source, signature, &mut notes)
    }
}

/// Passes on what came out of a registry.
pub(super) fn tell_pulled(remote: &Remote, pulled: &[u8], log: &mut Vec<u8>, sink: &Sink) {
    match remote.pull_notes {
        PullNotes::Output => log.extend_from_slice(pulled),
        PullNotes::Messages => {
            let text = String::from_utf8_lossy(pulled);
            sink.push(Diagnostic::bare(text.strip_suffix('\n').unwrap_or(&text)));
        }
    }
}

impl Located {
    /// Loads the chart.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if it is no chart that can be rendered.
    pub fn load(&self, sink: &Sink) -> Result<Chart, Error> {
        self.load_as(Formats::Supported, sink)
    }

    /// As [`Located::load`]; `watch` sees the files of a directory as they are read.
    ///
    /// # Errors
    ///
    /// As [`Located::load`].
    pub(crate) fn load_watched(&self, watch: Watch<'_>, sink: &Sink) -> Result<Chart, Error> {
        match self {
            Located::Path(path) => load_path_watched(path, Formats::Supported, watch, sink),
            Located::Embedded => embedded::load(sink),
        }
    }

    /// Loads the chart, if it is of one of the formats that are welcome.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if it is none.
    pub fn load_as(&self, formats: Formats, sink: &Sink) -> Result<Chart, Error> {
        match self {
            Located::Path(path) => load_path(path, formats, sink),
            Located::Embedded => embedded::load(sink),
        }
    }
}
