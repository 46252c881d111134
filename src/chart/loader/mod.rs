//! Loading charts from directories, archives and memory.
//!
//! All three ways end in a list of files with `/` in their names, of which
//! [`assemble`] makes a [`Chart`]. Every file is read once. What helm logs on the
//! way (links followed, files of old charts) goes to the [`Sink`].
//!
//! helm: pkg/chart/loader and pkg/chart/v2/loader.

mod archive;
mod assemble;
mod directory;
mod gzip;
mod tar;

use std::path::Path;

use super::ignore::Rules;
use super::{Chart, File, ModTime, confine, content, draft};
use crate::diag::{Error, ErrorKind, Sink};
use crate::gostd::os;
use crate::limits::{self, Limit};

/// Says that a chart has too many bytes, with the name of the limit unless it is the one that helm has too.
fn exceeds_size(before: &str, after: &str) -> String {
    let most = limits::of(Limit::ArchiveSize);
    let text = format!("{before} {most}{after}");
    let spec = Limit::ArchiveSize.spec();
    if most == spec.default {
        return text;
    }
    let _ = limits::charge(Limit::ArchiveSize, u64::MAX);
    format!("{text} (limit {}, --{})", spec.name, spec.flag)
}

/// Counts entries and bytes for one chart, whatever is loaded besides.
fn counted<T>(load: impl FnOnce() -> T) -> T {
    limits::bounds().within(load)
}

/// Who is shown the files of a chart as they are read.
pub(crate) type Watch<'a> = &'a mut dyn FnMut(&File);

/// Which chart formats are welcome.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Formats {
    /// Those that can be rendered: `v1` and `v2`, or none given. For everything
    /// that renders or packs.
    Supported,
    /// Any: for showing and listing, where only the fields matter.
    Any,
}

/// Loads a chart from a directory or from an archive, whichever is at `path`.
///
/// # Errors
///
/// Returns helm's text if there is nothing at the path, it cannot be read, or it is
/// no valid chart.
pub fn load_path(path: &Path, formats: Formats, sink: &Sink) -> Result<Chart, Error> {
    load_path_watched(path, formats, &mut |_| (), sink)
}

/// As [`load_path`]; `watch` sees each file of a directory as it is read, before it is known whether it is part of
/// a valid chart.
///
/// # Errors
///
/// As [`load_path`].
pub(crate) fn load_path_watched(
    path: &Path,
    formats: Formats,
    watch: Watch<'_>,
    sink: &Sink,
) -> Result<Chart, Error> {
    let about = std::fs::metadata(path).map_err(|error| io_error("stat", path, &error))?;
    if about.is_dir() {
        counted(|| load_directory_counted(path, formats, watch, sink))
    } else {
        load_archive_file(path, formats, sink)
    }
}

/// Loads a chart from a directory.
///
/// # Errors
///
/// Returns helm's text if something in it cannot be read, is too large, or it is no
/// valid chart.
pub fn load_directory(path: &Path, formats: Formats, sink: &Sink) -> Result<Chart, Error> {
    counted(|| load_directory_counted(path, formats, &mut |_| (), sink))
}

fn load_directory_counted(
    path: &Path,
    formats: Formats,
    watch: Watch<'_>,
    sink: &Sink,
) -> Result<Chart, Error> {
    let root = os::absolute(path).map_err(|text| Error::new(ErrorKind::Io, text))?;
    let chart = directory::read(&root, watch, sink)
        .and_then(|files| assemble::assemble(files, formats, sink));
    // helm looks at Chart.yaml before anything else; here that is only done when
    // something is wrong, to find out what is to be said first.
    match chart {
        Err(error) if formats == Formats::Supported => {
            check_format_of_directory(&root)?;
            Err(error)
        }
        other => other,
    }
}

/// Loads a chart from the bytes of an archive (`.tgz`).
///
/// # Errors
///
/// Returns helm's text if it is no archive, is too large, or holds no valid chart.
pub fn load_archive(data: &[u8], formats: Formats, sink: &Sink) -> Result<Chart, Error> {
    counted(|| assemble_archive(archive::read(data)?, formats, sink))
}

/// Loads a chart from files in memory: names with `/`, and their bytes.
///
/// # Errors
///
/// Returns helm's text if they are no valid chart.
pub fn from_memory<N, D>(
    files: impl IntoIterator<Item = (N, D)>,
    sink: &Sink,
) -> Result<Chart, Error>
where
    N: AsRef<[u8]>,
    D: AsRef<[u8]>,
{
    let files = files
        .into_iter()
        .map(|(name, data)| File::new(name.as_ref(), data.as_ref(), ModTime::default()))
        .collect();
    assemble::assemble(files, Formats::Supported, sink)
}

/// Loads a chart from files that were read already, with their times.
///
/// # Errors
///
/// Returns helm's text if they are no valid chart.
pub fn from_files(files: Vec<File>, formats: Formats, sink: &Sink) -> Result<Chart, Error> {
    assemble::assemble(files, formats, sink)
}

/// Reads the files of an archive (`.tgz`), named from the chart's root on.
///
/// # Errors
///
/// Returns helm's text if it is no archive, or too large.
pub fn read_archive(data: &[u8]) -> Result<Vec<File>, Error> {
    archive::read(data)
}

/// Loads a chart of any format from files as if they lay in a directory: in the
/// order of a walk through it, without those that .helmignore names.
///
/// # Errors
///
/// Returns helm's text if they are no valid chart.
pub fn load_as_directory(mut files: Vec<File>, sink: &Sink) -> Result<Chart, Error> {
    let rules = files.iter().rfind(|file| *file.name == *b".helmignore");
    let rules = Rules::parse(rules.map_or(b"", |file| &file.data))?;
    let is_ignored = |file: &File| rules.ignores_below(&file.name, sink);
    let ignored = files.iter().map(is_ignored);
    let ignored: Vec<bool> = ignored.collect::<Result<_, _>>()?;
    let mut ignored = ignored.into_iter();
    files.retain(|_| ignored.next() == Some(false));
    // Of two files with one name the later one would be on disk.
    files.reverse();
    files.sort_by(|a, b| {
        let (a, b) = (&a.name, &b.name);
        a.split(|&b| b == b'/').cmp(b.split(|&b| b == b'/'))
    });
    files.dedup_by(|later, earlier| later.name == earlier.name);
    assemble::assemble(files, Formats::Any, sink)
}

fn load_archive_file(path: &Path, formats: Formats, sink: &Sink) -> Result<Chart, Error> {
    let data = std::fs::read(path).map_err(|error| io_error("open", path, &error))?;
    load_archive_named(&path.to_string_lossy(), &data, formats, sink)
}

/// Loads a chart from the bytes of an archive, with the errors of a file of that name.
///
/// # Errors
///
/// As [`load_path`].
pub fn load_archive_named(
    name: &str,
    data: &[u8],
    formats: Formats,
    sink: &Sink,
) -> Result<Chart, Error> {
    counted(|| load_archive_counted(name, data, formats, sink))
}

fn load_archive_counted(
    name: &str,
    data: &[u8],
    formats: Formats,
    sink: &Sink,
) -> Result<Chart, Error> {
    check_is_archive(name, data)?;
    let files = archive::read(data).map_err(|error| {
        if error.text() == gzip::BAD_HEADER.as_bytes() {
            error
                .prefixed(format!(
                    "file '{name}' does not appear to be a valid chart file (details: "
                ))
                .suffixed(")")
        } else if formats == Formats::Supported && confine::is_confined() {
            error.prefixed("unable to load chart archive: ")
        } else if let Some(exceeded) = limits::exceeded() {
            exceeded.into()
        } else if formats == Formats::Supported {
            Error::new(ErrorKind::Chart, "unable to load chart archive")
        } else {
            error
        }
    })?;
    assemble_archive(files, formats, sink)
}

/// Tells somebody who gave a values file, or anything else, instead of an archive.
fn check_is_archive(name: &str, data: &[u8]) -> Result<(), Error> {
    // helm looks at a buffer of 512 bytes, zeros where the file is shorter: a short
    // text therefore counts as binary.
    let mut start = [0; 512];
    let length = data.len().min(start.len());
    start[..length].copy_from_slice(&data[..length]);
    if start.starts_with(b"\x1F\x8B\x08") {
        return Ok(());
    }
    let text = if name.ends_with(".yml") || name.ends_with(".yaml") {
        format!("file '{name}' seems to be a YAML file, but expected a gzipped archive")
    } else {
        let found = content::detect(&start);
        format!("file '{name}' does not appear to be a gzipped archive; got '{found}'")
    };
    Err(Error::new(ErrorKind::Chart, text))
}

fn assemble_archive(files: Vec<File>, formats: Formats, sink: &Sink) -> Result<Chart, Error> {
    let description = files.iter().find(|file| *file.name == *b"Chart.yaml");
    let description = description.map(|file| file.data.clone());
    let chart = assemble::assemble(files, formats, sink);
    match (chart, description) {
        (Err(error), Some(data)) if formats == Formats::Supported => {
            check_format(&data)?;
            Err(error)
        }
        (Err(_), None) if formats == Formats::Supported => Err(Error::new(
            ErrorKind::Chart,
            "unable to detect chart version, no Chart.yaml found",
        )),
        (chart, _) => chart,
    }
}

fn check_format_of_directory(root: &Path) -> Result<(), Error> {
    let path = root.join("Chart.yaml");
    let opened = confine::within(root, &path)?;
    // A pipe would be waited for.
    if std::fs::metadata(&opened).is_ok_and(|about| !about.is_file() && !about.is_dir()) {
        return Ok(());
    }
    let data = std::fs::read(opened).map_err(|error| {
        io_error("open", &path, &error)
            .prefixed(format!("unable to detect chart at {}: ", path.display()))
    })?;
    check_format(&data)
}

fn check_format(chart_yaml: &[u8]) -> Result<(), Error> {
    let version = draft::decode_api_version(chart_yaml)
        .map_err(|error| error.prefixed("cannot load Chart.yaml: "))?;
    check_api_version(&version)
}

/// Returns Go's error for an operation on a path: `open x: no such file or directory`.
fn io_error(operation: &str, path: &Path, error: &std::io::Error) -> Error {
    let text = os::path_error(operation, &path.to_string_lossy(), error);
    Error::new(ErrorKind::Io, text)
}

/// Refuses charts of a format that cannot be rendered.
fn check_api_version(version: &str) -> Result<(), Error> {
    let text = match version {
        "" | "v1" | "v2" => return Ok(()),
        "v3" => "invalid chart apiVersion",
        _ => "unsupported chart version",
    };
    Err(Error::new(ErrorKind::Chart, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHART: (&str, &str) = ("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n");

    fn load(files: &[(&str, &str)]) -> Result<Chart, Error> {
        from_memory(files.iter().copied(), &Sink::new())
    }

    fn failure(files: &[(&str, &str)]) -> String {
        load(files).unwrap_err().to_string()
    }

    #[test]
    fn files_find_their_purpose() {
        let chart = load(&[
            CHART,
            ("values.yaml", "\u{FEFF}a: 1\n"),
            ("templates/a.yaml", "x"),
            ("README.md", "y"),
            ("crds/a.YAML", "z"),
            ("charts/db/Chart.yaml", "name: db\nversion: 2\n"),
            ("charts/db/crds/b.json", "z"),
            ("charts/db.prov", "p"),
            ("charts/_off/x", ""),
        ])
        .unwrap();
        assert_eq!(chart.templates().len(), 1);
        assert_eq!(chart.values().unwrap().len(), 1);
        let names: Vec<_> = chart.files().iter().map(|f| f.name.to_lossy()).collect();
        assert_eq!(names, ["README.md", "crds/a.YAML", "charts/db.prov"]);
        let crds: Vec<_> = chart.crds().into_iter().map(|(name, _)| name).collect();
        assert_eq!(crds[0], "web/crds/a.YAML");
        assert_eq!(crds[1], "web/charts/db/crds/b.json");
        let db = &chart.dependencies()[0];
        assert_eq!(
            (db.name(), db.metadata().api_version.as_str()),
            ("db", "v1")
        );
    }

    #[test]
    fn what_is_wrong_is_told_in_helms_words() {
        assert_eq!(failure(&[]), "Chart.yaml file is missing");
        assert_eq!(
            failure(&[("Chart.yaml", "name: web\n")]),
            "validation: chart.metadata.version is required"
        );
        assert_eq!(
            failure(&[("Chart.yaml", "name: web\nkeywords: [[1]]\n")]),
            "cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: \
             json: cannot unmarshal array into .keywords.0 of type string"
        );
        assert_eq!(
            failure(&[CHART, ("charts/README.md", "")]),
            "error unpacking subchart README.md in web: Chart.yaml file is missing"
        );
        assert_eq!(
            failure(&[CHART, ("charts/x.tgz", "")]),
            "error unpacking subchart x.tgz in web: EOF"
        );
        assert_eq!(
            failure(&[CHART, ("charts/x.tgz/y", "")]),
            "error unpacking subchart tar in web: expected x.tgz, got x.tgz/y"
        );
        assert_eq!(
            failure(&[CHART, ("Chart.lock", "generated: 1")]),
            "cannot load Chart.lock: error unmarshaling JSON: while decoding JSON: \
             json: cannot unmarshal number into Go struct field .generated of type time.Time"
        );
    }

    #[test]
    fn requirements_of_old_charts_count() {
        let old = ("Chart.yaml", "apiVersion: v1\nname: web\nversion: 1.0.0\n");
        let requirements = ("requirements.yaml", "dependencies: [{name: db}]");
        let chart = load(&[old, requirements]).unwrap();
        assert_eq!(chart.metadata().dependencies()[0].name, "db");
        assert_eq!(chart.files().len(), 1);
        let sink = Sink::new();
        let chart = from_memory([CHART, requirements], &sink).unwrap();
        assert_eq!(chart.metadata().dependencies().len(), 1);
        assert!(chart.files().is_empty());
        assert_eq!(sink.take().len(), 1);
    }
}
