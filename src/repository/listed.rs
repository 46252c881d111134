//! What an index lists, and whether an archive is it.
//!
//! helm: looks at neither name nor version of what it fetches, and at digests only where it takes them for the names of
//! files in its cache.

use super::cache;
use super::index::ChartVersion;
use crate::chart::Chart;
use crate::chart::loader::{Formats, load_archive_named};
use crate::diag::{Error, ErrorKind, Sink};
use crate::version::Version;

/// What an index, or who asks a registry, says of an archive.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Listed {
    /// The name of the chart.
    pub name: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of the archive in hexadecimal, empty if nothing is said.
    pub digest: String,
}

impl Listed {
    /// Returns what an entry of an index says.
    pub fn of(entry: &ChartVersion) -> Listed {
        Listed {
            name: entry.metadata.name.clone(),
            version: entry.metadata.version.clone(),
            digest: entry.digest.clone(),
        }
    }

    /// Checks that an archive is the chart that is listed, in that version, with that digest.
    ///
    /// # Errors
    ///
    /// Says what it is instead.
    pub fn check(&self, archive: &[u8]) -> Result<(), Error> {
        let Listed { name, version, .. } = self;
        let chart = check_chart(&format!("{name}-{version}.tgz"), archive)?;
        let (own_name, own_version) = (chart.name(), &chart.metadata().version);
        if own_name != name || !same_version(own_version, version) {
            let text = format!(
                "it is chart {own_name} in version {own_version}, and not {name} in version {version}"
            );
            return Err(Error::new(ErrorKind::Dependency, text));
        }
        self.check_digest(archive)
    }

    /// Checks that an archive has the digest that is listed. One that is no SHA-256 promises nothing.
    ///
    /// # Errors
    ///
    /// Says what its digest is instead.
    pub fn check_digest(&self, archive: &[u8]) -> Result<(), Error> {
        let promised = self.digest.rsplit(':').next().unwrap_or_default();
        let promised = promised.to_lowercase();
        let is_digest = promised.len() == 64 && promised.bytes().all(|b| b.is_ascii_hexdigit());
        let found = data_encoding::HEXLOWER.encode(&cache::hash(archive));
        if is_digest && promised != found {
            let text = format!(
                "it is not the chart of the index: its digest is {found} instead of {promised}"
            );
            return Err(Error::new(ErrorKind::Dependency, text));
        }
        Ok(())
    }
}

/// Checks that an archive, whose file has this name, is a chart.
///
/// # Errors
///
/// Says what is wrong with it.
pub fn check_chart(file: &str, archive: &[u8]) -> Result<Chart, Error> {
    load_archive_named(file, archive, Formats::Any, &Sink::new())
        .map_err(|error| error.prefixed("it is no chart: "))
}

/// Reports whether two texts are the same version.
pub fn same_version(a: &str, b: &str) -> bool {
    match Version::parse(a.as_bytes()) {
        Err(_) => a == b,
        Ok(a) => Version::parse(b.as_bytes()).is_ok_and(|b| a.compare(&b).is_eq()),
    }
}
