//! Looking for charts in the indexes of repositories.
//!
//! helm: pkg/cmd/search.

use std::collections::BTreeMap;

use super::index::{ChartVersion, Index};
use crate::diag::{Error, ErrorKind};
use crate::gostd::path as gopath;
use crate::gostd::regexp::Regexp;
use crate::version::Version;

/// A chart found later than this in its description is none.
const MAX_SCORE: usize = 25;

/// Between the parts of a line that is searched.
const SEPARATOR: u8 = 0x0B;

/// Charts by name, to be searched.
#[derive(Debug, Default)]
pub struct Charts {
    /// By repository and name, and by version.
    entries: BTreeMap<(String, String), (Vec<u8>, ChartVersion)>,
}

/// A chart that was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// `REPOSITORY/CHART`.
    pub name: String,
    /// What the index says.
    pub chart: ChartVersion,
    score: usize,
}

impl Charts {
    /// Adds the charts of a repository, in all versions.
    pub fn add(&mut self, repository: &str, index: Index) {
        for (name, versions) in index.entries {
            let name = gopath::join([repository.as_bytes(), name.as_bytes()]);
            let name = String::from_utf8_lossy(&name).into_owned();
            for chart in versions {
                let key = (name.clone(), chart.metadata.version.clone());
                let line = searched_line(repository, &chart);
                self.entries.insert(key, (line, chart));
            }
        }
    }

    /// Returns all charts.
    pub fn all(self) -> Vec<Found> {
        self.select(|_| Some(0))
    }

    /// Returns the charts that have a text in their name, description or keywords.
    pub fn containing(self, text: &str) -> Vec<Found> {
        let text = text.to_lowercase();
        self.select(|line| {
            let line = String::from_utf8_lossy(line).to_lowercase();
            line.find(&text).map(|at| score(line.as_bytes(), at))
        })
    }

    /// Returns the charts that a regular expression fits.
    ///
    /// # Errors
    ///
    /// Returns Go's text if it is none.
    pub fn matching(self, pattern: &str) -> Result<Vec<Found>, Error> {
        let regexp =
            Regexp::new(pattern.as_bytes()).map_err(|error| Error::new(ErrorKind::Usage, error))?;
        Ok(self.select(|line| {
            let found = regexp.find(line)?;
            Some(score(line, found.start))
        }))
    }

    /// Returns what a function gives a score to, the lowest first.
    fn select(self, score: impl Fn(&[u8]) -> Option<usize>) -> Vec<Found> {
        let entries = self.entries.into_iter();
        let found = entries.filter_map(|((name, _), (line, chart))| {
            let score = score(&line).filter(|score| *score < MAX_SCORE)?;
            Some(Found { name, chart, score })
        });
        let mut found: Vec<Found> = found.collect();
        found.sort_by(|a, b| {
            let version = |found: &Found| Version::parse(found.chart.metadata.version.as_bytes());
            let by_version = || match (version(a), version(b)) {
                (Ok(a), Ok(b)) => b.compare(&a),
                _ => std::cmp::Ordering::Equal,
            };
            a.score
                .cmp(&b.score)
                .then_with(|| a.name.cmp(&b.name))
                .then_with(by_version)
        });
        found
    }
}

/// Returns name, full name, description and keywords in one line.
fn searched_line(repository: &str, chart: &ChartVersion) -> Vec<u8> {
    let about = &chart.metadata;
    let full = format!("{repository}/{}", about.name);
    let keywords = about.keywords.join(" ");
    let parts = [&about.name, &full, &about.description, &keywords];
    parts.map(String::as_bytes).join(&SEPARATOR)
}

/// Returns in which part of a line a place is.
fn score(line: &[u8], at: usize) -> usize {
    let before = line.iter().take(at);
    before.filter(|byte| **byte == SEPARATOR).count()
}
