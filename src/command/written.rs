//! `--output-dir`: documents to files.
//!
//! helm: pkg/action and pkg/cmd `writeToFile`.

use std::collections::BTreeSet;
use std::path::Path;

use crate::diag::{Error, ErrorKind};
use crate::gostd::{os, path as gopath};
use crate::{manifest, storage};

/// Writes documents below a directory and notes what was written.
#[derive(Debug, Default)]
pub(super) struct DocumentWriter {
    /// The `wrote ...` lines.
    pub log: Vec<u8>,
    written: BTreeSet<Vec<u8>>,
}

impl DocumentWriter {
    /// Writes a document to `DIRECTORY/PATH`: to a file of its own, or behind the
    /// documents of that path that came before.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if the file cannot be written.
    pub fn write(&mut self, directory: &str, path: &[u8], text: &[u8]) -> Result<(), Error> {
        let append = !self.written.insert(path.to_vec());
        self.write_file(directory, path, text, append)
    }

    /// Writes a hook, behind whatever is in the file already, be it from an earlier
    /// run.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if the file cannot be written.
    pub fn write_hook(&mut self, directory: &str, path: &[u8], text: &[u8]) -> Result<(), Error> {
        let name = gopath::join([directory.as_bytes(), path]);
        let name = String::from_utf8_lossy(&name).into_owned();
        let append = Path::new(&name).exists();
        self.write_file(directory, path, text, append)
    }

    fn write_file(
        &mut self,
        directory: &str,
        path: &[u8],
        text: &[u8],
        append: bool,
    ) -> Result<(), Error> {
        let name = format!("{directory}/{}", String::from_utf8_lossy(path));
        let parent = gopath::dir(name.as_bytes());
        let parent = String::from_utf8_lossy(&parent).into_owned();
        let io_error = |operation: &str, path: &str, error: &std::io::Error| {
            Error::new(ErrorKind::Io, os::path_error(operation, path, error))
        };
        if let Err(error) = std::fs::metadata(&parent) {
            if error.kind() != std::io::ErrorKind::NotFound {
                return Err(io_error("stat", &parent, &error));
            }
            std::fs::create_dir_all(&parent).map_err(|e| io_error("mkdir", &parent, &e))?;
        }
        let mut document = Vec::new();
        manifest::emit(&mut document, path, text);
        storage::write_document(Path::new(&name), &document, append)
            .map_err(|error| io_error("open", &name, &error))?;
        self.log
            .extend_from_slice(format!("wrote {name}\n").as_bytes());
        Ok(())
    }
}
