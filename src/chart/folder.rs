//! The files of a chart as they lie, before anybody makes a chart of them.
//!
//! Whoever judges a chart that may be broken looks here: one file at a time, on
//! disk or out of an archive, with the texts of what goes wrong.
//!
//! helm: the directory that `helm lint` is given, or unpacks an archive to.

use std::path::{Path, PathBuf};

use super::loader::{self, Formats};
use super::{Chart, File, MetadataDraft, ModTime, confine};
use crate::diag::{Error, ErrorKind, Sink};
use crate::gostd::strconv::quote;
use crate::gostd::{os, path};
use crate::value::Str;

/// The files of a chart.
#[derive(Clone, Debug)]
pub struct ChartFolder {
    /// The absolute path, for texts.
    path: PathBuf,
    /// The files, where they are not on disk.
    files: Option<Vec<File>>,
}

/// What lies at a place in a folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Entry {
    /// Nothing.
    Missing,
    /// A directory.
    Directory,
    /// Anything else.
    File,
    /// What cannot be looked at, and why: `stat x: permission denied`.
    Unknown(String),
}

impl ChartFolder {
    /// Returns the folder of a directory.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if there is no Chart.yaml in it.
    pub fn on_disk(directory: &Path) -> Result<ChartFolder, Error> {
        let shown = path::join([directory.as_os_str().as_encoded_bytes(), b"Chart.yaml"]);
        let shown = String::from_utf8_lossy(&shown);
        std::fs::metadata(directory.join("Chart.yaml")).map_err(|error| {
            let reason = os::path_error("stat", &shown, &error);
            Error::new(
                ErrorKind::Chart,
                format!("unable to check Chart.yaml file in chart: {reason}"),
            )
        })?;
        Ok(ChartFolder {
            path: os::absolute(directory).map_err(|text| Error::new(ErrorKind::Io, text))?,
            files: None,
        })
    }

    /// Returns the folder that unpacking an archive below `directory` would make.
    /// Nothing is written.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if it is no archive of a chart.
    pub fn unpacked(data: &[u8], directory: &Path) -> Result<ChartFolder, Error> {
        let files = loader::read_archive(data)?;
        let mut name = String::new();
        for file in files.iter().filter(|file| *file.name == *b"Chart.yaml") {
            name = MetadataDraft::decode(&file.data)
                .map_err(|error| error.prefixed("cannot load Chart.yaml: "))?
                .fields
                .name;
        }
        let refused = |text: String| Err(Error::new(ErrorKind::Chart, text));
        let quoted = || quote(name.as_bytes());
        if name.is_empty() {
            return refused("chart name not specified".to_owned());
        }
        if name == "." || name == ".." {
            return refused(format!("chart name {} is not allowed", quoted()));
        }
        if path::base(name.as_bytes()) != name.as_bytes() {
            let text = format!("chart name {} must not contain path separators", quoted());
            return refused(text);
        }
        Ok(ChartFolder {
            path: directory.join(name),
            files: Some(files),
        })
    }

    /// Returns a folder of files in memory: names with `/`, and their bytes.
    pub fn in_memory<N, D>(files: impl IntoIterator<Item = (N, D)>) -> ChartFolder
    where
        N: AsRef<[u8]>,
        D: AsRef<[u8]>,
    {
        let files = files
            .into_iter()
            .map(|(name, data)| File::new(name.as_ref(), data.as_ref(), ModTime::default()))
            .collect();
        ChartFolder {
            path: PathBuf::from("."),
            files: Some(files),
        }
    }

    /// Returns the absolute path of the folder, or the one it would have.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns what lies at a place.
    pub fn entry(&self, name: &str) -> Entry {
        let Some(files) = &self.files else {
            let path = self.path.join(name);
            let opened = match confine::within(&self.path, &path) {
                Ok(opened) => opened,
                Err(refusal) => return Entry::Unknown(refusal.to_string()),
            };
            return match std::fs::metadata(opened) {
                Ok(about) if about.is_dir() => Entry::Directory,
                Ok(_) => Entry::File,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => Entry::Missing,
                Err(error) => {
                    Entry::Unknown(os::path_error("stat", &path.to_string_lossy(), &error))
                }
            };
        };
        let below = |file: &File| {
            let rest = file.name.strip_prefix(name.as_bytes());
            rest.is_some_and(|rest| rest.starts_with(b"/"))
        };
        if files.iter().any(|file| file.name == name) {
            Entry::File
        } else if files.iter().any(below) {
            Entry::Directory
        } else {
            Entry::Missing
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// Returns the system's text: `open x: no such file or directory`.
    pub fn read(&self, name: &str) -> Result<Str, String> {
        let path = self.path.join(name);
        let Some(files) = &self.files else {
            let failure = |operation: &str, error: &std::io::Error| {
                os::path_error(operation, &path.to_string_lossy(), error)
            };
            let opened = confine::within(&self.path, &path).map_err(|e| e.to_string())?;
            // DIFFERS(helm): what has no end, or waits for a writer, is not begun.
            if std::fs::metadata(&opened).is_ok_and(|about| !about.is_file() && !about.is_dir()) {
                return Err(format!("read {}: not a regular file", path.display()));
            }
            let mut file = std::fs::File::open(opened).map_err(|error| failure("open", &error))?;
            let mut data = Vec::new();
            std::io::Read::read_to_end(&mut file, &mut data)
                .map_err(|error| failure("read", &error))?;
            return Ok(data.into());
        };
        let found = files.iter().rfind(|file| file.name == name);
        found.map(|file| file.data.clone()).ok_or_else(|| {
            let path = path.to_string_lossy();
            match self.entry(name) {
                Entry::Directory => format!("read {path}: is a directory"),
                _ => format!("open {path}: no such file or directory"),
            }
        })
    }

    /// Loads the chart, of whatever format.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if it is no valid chart.
    pub fn load(&self, sink: &Sink) -> Result<Chart, Error> {
        match &self.files {
            None => loader::load_directory(&self.path, Formats::Any, sink),
            Some(files) => loader::load_as_directory(files.clone(), sink),
        }
    }
}
