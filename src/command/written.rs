//! `--output-dir`: documents to files.
//!
//! Documents of one file do not come one after the other: they are kept until [`DocumentWriter::flush`]
//! writes every file once, whole.
//!
//! helm: pkg/action and pkg/cmd `writeToFile`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::diag::{Error, ErrorKind};
use crate::gostd::{os, path as gopath};
use crate::{manifest, storage};

/// Writes documents below a directory and notes what was written.
#[derive(Debug)]
pub(super) struct DocumentWriter {
    /// The `wrote ...` lines.
    pub log: Vec<u8>,
    /// The directory that nothing is written outside of.
    base: String,
    /// The files to which something was written, whatever the directory.
    written: BTreeSet<Vec<u8>>,
    /// The directories that are there.
    directories: BTreeSet<String>,
    /// Files in the order in which they came up.
    files: Vec<PendingFile>,
    /// The places of the files that are not written yet.
    places: BTreeMap<String, usize>,
}

/// A file that is not written yet.
#[derive(Debug)]
struct PendingFile {
    name: String,
    text: Vec<u8>,
    /// Where in the log it is told of first.
    told_at: usize,
}

impl DocumentWriter {
    /// Returns a writer that writes below a directory.
    pub fn new(base: &str) -> DocumentWriter {
        DocumentWriter {
            log: Vec::new(),
            base: text(gopath::clean(base.as_bytes()).to_vec()),
            written: BTreeSet::new(),
            directories: BTreeSet::new(),
            files: Vec::new(),
            places: BTreeMap::new(),
        }
    }

    /// Takes a document for `DIRECTORY/PATH`: for a file of its own, or behind the
    /// documents of that path that came before.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if the file's directory cannot be made, and if it would be
    /// outside.
    pub fn write(&mut self, directory: &str, path: &[u8], text: &[u8]) -> Result<(), Error> {
        let is_new = self.written.insert(path.to_vec());
        self.add(directory, path, text, is_new)
    }

    /// Takes a hook, behind whatever is in the file already, be it from an earlier run.
    ///
    /// # Errors
    ///
    /// As [`DocumentWriter::write`].
    pub fn write_hook(&mut self, directory: &str, path: &[u8], text: &[u8]) -> Result<(), Error> {
        self.add(directory, path, text, false)
    }

    /// Writes what has come.
    ///
    /// # Errors
    ///
    /// Fails with helm's text at the first file that cannot be written; files that came
    /// later are left out, and not told of.
    pub fn flush(&mut self) -> Result<(), Error> {
        self.places.clear();
        for file in std::mem::take(&mut self.files) {
            // DIFFERS(helm): helm writes through a link that stands at the name.
            if let Err(error) = storage::write_generated(Path::new(&file.name), &file.text) {
                self.log.truncate(file.told_at);
                return Err(io_error("open", &file.name, &error));
            }
        }
        Ok(())
    }

    fn add(
        &mut self,
        directory: &str,
        path: &[u8],
        text: &[u8],
        is_new: bool,
    ) -> Result<(), Error> {
        let name = format!("{directory}/{}", String::from_utf8_lossy(path));
        self.make_parent(&name)?;
        let next = self.files.len();
        let place = *self.places.entry(name.clone()).or_insert(next);
        if place == next {
            let text = match is_new {
                true => Vec::new(),
                false => storage::read_plain(Path::new(&name))
                    .map_err(|error| io_error("open", &name, &error))?,
            };
            self.files.push(PendingFile {
                name: name.clone(),
                text,
                told_at: self.log.len(),
            });
        }
        if let Some(file) = self.files.get_mut(place) {
            manifest::emit(&mut file.text, path, text);
        }
        self.log
            .extend_from_slice(format!("wrote {name}\n").as_bytes());
        Ok(())
    }

    fn make_parent(&mut self, name: &str) -> Result<(), Error> {
        let parent = text(gopath::dir(name.as_bytes()).to_vec());
        if self.directories.contains(&parent) {
            return Ok(());
        }
        match std::fs::metadata(&parent) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(io_error("stat", &parent, &error));
            }
            _ => {}
        }
        // DIFFERS(helm): helm follows links to wherever they lead.
        storage::make_directories(Path::new(&self.base), Path::new(&parent))
            .map_err(|error| io_error("mkdir", &parent, &error))?;
        self.directories.insert(parent);
        Ok(())
    }
}

fn io_error(operation: &str, path: &str, error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Io, os::path_error(operation, path, error))
}

fn text(path: Vec<u8>) -> String {
    String::from_utf8_lossy(&path).into_owned()
}
