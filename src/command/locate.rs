//! From what somebody calls a chart to the chart.
//!
//! helm: pkg/action `ChartPathOptions.LocateChart`.

use std::path::{Path, PathBuf};

use super::embedded;
use super::verify::{self, VerifyArguments};
use crate::chart::Chart;
use crate::chart::loader::{Formats, load_path};
use crate::diag::{Diagnostic, Error, ErrorKind, Level, Sink};
use crate::gostd::os;
use crate::gostd::strconv::quote;
use crate::gostd::url::Url;

/// Where to look for a chart.
#[derive(Clone, Default, Debug)]
pub struct ChartLocation {
    /// A path, `REPO/CHART`, a URL, or the name of the embedded chart.
    pub reference: String,
    /// The repository to look in (`--repo`), empty for none.
    pub repository: String,
    /// Whether to verify the chart's signature first.
    pub verify: bool,
    /// The file with public keys for that.
    pub keyring: String,
    /// Seconds since 1970.
    pub now: i64,
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
    /// Finds the chart. A path that exists wins over everything else.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if there is no such chart, and says so if it is one
    /// that only a repository has.
    pub fn find(&self, sink: &Sink) -> Result<Located, Error> {
        let reference = self.reference.trim();
        if self.repository.is_empty() {
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
            if path.is_absolute() || reference.starts_with('.') {
                let text = format!("path {} not found", quote(reference.as_bytes()));
                return Err(Error::new(ErrorKind::Chart, text));
            }
            // DIFFERS(helm): helm knows no embedded chart and looks for a repository.
            if reference == embedded::NAME {
                return Ok(Located::Embedded);
            }
        }
        Err(self.not_local(reference))
    }

    /// Says why a chart that is no path cannot be had.
    fn not_local(&self, reference: &str) -> Error {
        let remote = |what: &str| {
            let text = format!(
                "{what} cannot be fetched: this version of verta-render renders charts on disk only"
            );
            Error::new(ErrorKind::Unavailable, text)
        };
        if !self.repository.is_empty() {
            let text = format!("chart {reference:?} of the repository {}", self.repository);
            return remote(&text);
        }
        if reference.contains("://") {
            return remote(&format!("chart {reference}"));
        }
        match reference.split_once('/') {
            Some((repository, _)) => {
                let text = format!("repo {repository} not found");
                Error::new(ErrorKind::Chart, text)
            }
            None => match Url::parse(reference.as_bytes()) {
                Ok(url) => {
                    let mut text =
                        b"non-absolute URLs should be in form of repo_name/path_to_chart, got: "
                            .to_vec();
                    url.append_to(&mut text);
                    Error::new(ErrorKind::Chart, text)
                }
                Err(_) => {
                    let text = format!("invalid chart URL format: {reference}");
                    Error::new(ErrorKind::Chart, text)
                }
            },
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
