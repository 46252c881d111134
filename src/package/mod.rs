//! Charts to archives.
//!
//! A [`Chart`] goes in, the bytes of a `.tgz` come out: [`archive`]. The same chart
//! gives the same bytes, on every machine.
//!
//! helm: pkg/chart/v2/util `Save`.

#[cfg(feature = "pgp")]
pub mod provenance;
pub mod scaffold;
mod tar;

use std::io::Write;

use flate2::{Compression, GzBuilder};

use crate::chart::{Chart, ModTime, Timestamp};
use crate::codec::{json, yaml};
use crate::dependency;
use crate::diag::{Error, ErrorKind};
use tar::TarWriter;

/// The field helm puts into the gzip header of every chart.
const GZIP_EXTRA: &[u8] = b"rr\x28\0aHR0cHM6Ly95b3V0dS5iZS96OVV6MWljandyTQo=";

/// How hard to compress: archives are a little smaller than helm's, in a fifth less time than at the usual 6.
const LEVEL: u32 = 5;

/// How an archive differs from the chart it is made of.
#[derive(Clone, Default, Debug)]
pub struct PackageOptions {
    /// The version to give the chart, instead of its own.
    pub version: Option<String>,
    /// The appVersion to give the chart, instead of its own.
    pub app_version: Option<String>,
    /// The time to give every member (`SOURCE_DATE_EPOCH`), in seconds since 1970.
    pub source_date_epoch: Option<i64>,
    /// The time of a Chart.lock that has none, in seconds since 1970.
    pub now: i64,
}

/// A chart as one file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Archive {
    /// The name of the file: `web-1.2.3.tgz`.
    pub file_name: String,
    /// Its content.
    pub data: Vec<u8>,
}

/// Packs a chart with all its subcharts.
///
/// # Errors
///
/// Fails with helm's text if the version is none, if a dependency that Chart.yaml
/// asks for is not there, or if values.schema.json is not JSON.
///
/// # Examples
///
/// ```
/// use verta_render::chart::loader;
/// use verta_render::diag::Sink;
/// use verta_render::package::{PackageOptions, archive};
///
/// let files = [("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.2.3\n")];
/// let chart = loader::from_memory(files, &Sink::new())?;
/// let archive = archive(&chart, &PackageOptions::default())?;
/// assert_eq!(archive.file_name, "web-1.2.3.tgz");
/// # Ok::<(), verta_render::diag::Error>(())
/// ```
pub fn archive(chart: &Chart, options: &PackageOptions) -> Result<Archive, Error> {
    let mut metadata = chart.metadata().clone();
    if let Some(version) = options.version.as_ref().filter(|v| !v.is_empty()) {
        metadata.version.clone_from(version);
    }
    crate::version::Version::parse(metadata.version.as_bytes())
        .map_err(|error| Error::new(ErrorKind::Chart, error.to_string()))?;
    if let Some(version) = options.app_version.as_ref().filter(|v| !v.is_empty()) {
        metadata.app_version.clone_from(version);
    }
    let chart = chart.clone().with_metadata(metadata);
    dependency::check_present(&chart)?;
    pack(&chart, options).map_err(|error| error.prefixed("failed to save: "))
}

/// Packs a chart as it is, with all its subcharts; versions are not looked at.
///
/// # Errors
///
/// Fails with helm's text if values.schema.json is not JSON.
pub fn pack(chart: &Chart, options: &PackageOptions) -> Result<Archive, Error> {
    let stream = tar_stream(chart, options)?;
    let data = gzip(&stream).map_err(|error| Error::new(ErrorKind::Io, error.to_string()))?;
    Ok(Archive {
        file_name: format!("{}-{}.tgz", chart.name(), chart.metadata().version),
        data,
    })
}

/// Returns the members of the archive as a tar stream.
fn tar_stream(chart: &Chart, options: &PackageOptions) -> Result<Vec<u8>, Error> {
    let mut writer = TarWriter::default();
    append_chart(&mut writer, chart, b"", options)?;
    Ok(writer.finish())
}

fn append_chart(
    writer: &mut TarWriter,
    chart: &Chart,
    prefix: &[u8],
    options: &PackageOptions,
) -> Result<(), Error> {
    let base = [prefix, chart.name().as_bytes(), b"/"].concat();
    let epoch = options.source_date_epoch;
    let mut append = |name: &[u8], data: &[u8], modified: ModTime| {
        let seconds = epoch.unwrap_or_else(|| rounded(modified));
        writer.append(&[&base, name].concat(), data, seconds);
    };
    let is_v2 = chart.metadata().api_version == "v2";
    append(b"Chart.yaml", &chart_yaml(chart, is_v2)?, chart.modified());
    if let Some(lock) = chart.lock().filter(|_| is_v2) {
        let mut lock = lock.clone();
        if let Some(seconds) = epoch {
            lock.generated = Timestamp {
                seconds,
                nanos: 0,
                offset: 0,
            };
        }
        let text = yaml::encode(&lock.to_value()).map_err(unwritable)?;
        let modified = if lock.generated == Timestamp::default() {
            ModTime {
                seconds: options.now,
                nanos: 0,
            }
        } else {
            ModTime {
                seconds: lock.generated.seconds,
                nanos: lock.generated.nanos,
            }
        };
        append(b"Chart.lock", &text, modified);
    }
    if let Some(file) = chart.raw_file(b"values.yaml") {
        append(&file.name, &file.data, file.modified);
    }
    if let Some(file) = chart.schema() {
        if json::decode(&file.data).is_err() {
            let text = "invalid JSON in values.schema.json";
            return Err(Error::new(ErrorKind::Chart, text));
        }
        append(b"values.schema.json", &file.data, file.modified);
    }
    for file in chart.templates().iter().chain(chart.files()) {
        append(&file.name, &file.data, file.modified);
    }
    // helm writes subcharts in the order in which a hash map happens to give them.
    let mut subcharts: Vec<&Chart> = chart.dependencies().iter().collect();
    subcharts.sort_by_key(|subchart| subchart.name());
    let prefix = [&base[..], b"charts/"].concat();
    for subchart in subcharts {
        append_chart(writer, subchart, &prefix, options)?;
    }
    Ok(())
}

/// Returns Chart.yaml written anew. A chart of the old format keeps its dependencies
/// in requirements.yaml, which is one of its files.
fn chart_yaml(chart: &Chart, is_v2: bool) -> Result<Vec<u8>, Error> {
    if is_v2 {
        return yaml::encode(&chart.metadata().to_value()).map_err(unwritable);
    }
    let mut metadata = chart.metadata().clone();
    metadata.dependencies = None;
    yaml::encode(&metadata.to_value()).map_err(unwritable)
}

fn unwritable(text: String) -> Error {
    Error::new(ErrorKind::Chart, text)
}

/// Rounds to the second, as the headers of a tar stream hold it.
fn rounded(time: ModTime) -> i64 {
    let half = 500_000_000;
    time.seconds.saturating_add(i64::from(time.nanos >= half))
}

fn gzip(data: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzBuilder::new()
        .extra(GZIP_EXTRA)
        .comment("Helm")
        .mtime(0)
        .operating_system(255)
        .write(Vec::new(), Compression::new(LEVEL));
    encoder.write_all(data)?;
    encoder.finish()
}
