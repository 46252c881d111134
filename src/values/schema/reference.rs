//! Documents that a schema refers to, besides its own: which may be had, and how.
//!
//! An address comes in, the bytes of the document go out. Whoever checks a chart says in
//! [`References`] how far a chart may reach: by default nowhere, since whoever wrote the
//! chart would otherwise choose which files of this machine are read, and their content
//! would show in the messages.
//!
//! helm: pkg/chart/common/util `HTTPURLLoader`; Go: santhosh-tekuri/jsonschema v6 `FileLoader`.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use crate::gostd::os;
use crate::gostd::strconv::quote;
use crate::gostd::url::Url;
use crate::limits::{self, Trust};

/// How large a document may be.
pub const MAX_DOCUMENT: u64 = 16 << 20;

/// How many documents one schema may lead to.
pub(super) const MAX_DOCUMENTS: usize = 100;

/// What is refused.
const FILE: &str = "a file outside the chart, which is not read";
const HOST: &str = "another host, which is not asked";

/// Fetches documents over HTTP.
pub trait Fetch: Send + Sync {
    /// Returns the document at an address, which begins with `http://` or `https://`.
    ///
    /// # Errors
    ///
    /// Returns helm's text: `HTTP request failed for http://x/: ...`.
    fn fetch(&self, url: &str) -> Result<Vec<u8>, String>;
}

/// How far the schema of a chart may reach.
#[derive(Clone, Default)]
pub enum References {
    /// Not out of the chart: what is there is not read, and the error names it.
    #[default]
    Inside,
    /// Anywhere, as in helm: files are read, and what the web has is fetched if there is a
    /// way. For untrusted charts this is the same as [`References::Inside`].
    Anywhere(Option<Arc<dyn Fetch>>),
}

impl std::fmt::Debug for References {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            References::Inside => "Inside",
            References::Anywhere(_) => "Anywhere",
        })
    }
}

impl References {
    /// Returns the document at an address.
    ///
    /// # Errors
    ///
    /// The library's text if it cannot be had, and ours if it may not.
    pub(super) fn load(&self, address: &str) -> Result<Vec<u8>, String> {
        let url = Url::parse(address.as_bytes());
        let is_open = limits::trust() == Trust::Trusted;
        let scheme = url.as_ref().map_or(&b""[..], |url| &url.scheme);
        match (scheme, &url) {
            (b"file", Ok(url)) => {
                let path = String::from_utf8_lossy(&url.path).into_owned();
                self.read(&path)
            }
            (b"http" | b"https", _) => match self {
                References::Anywhere(Some(way)) if is_open => way.fetch(address),
                References::Anywhere(None) if is_open => Err(format!(
                    "HTTP request failed for {address}: there is no way to the network"
                )),
                _ => Err(self.refusal(HOST)),
            },
            _ => Err(format!(
                "no URLLoader registered for {}",
                quote(address.as_bytes())
            )),
        }
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let failed =
            |operation: &str, error: &std::io::Error| os::path_error(operation, path, error);
        // DIFFERS(helm): helm reads any file that the chart names. That there is none is
        // told in helm's words, unless nobody trusts the chart: a name without a folder is one
        // at the top of the file system for helm, and mostly a slip. vector: data/schema-123
        match (self, limits::trust()) {
            (References::Anywhere(_), Trust::Trusted) => {}
            (References::Inside, Trust::Trusted) => {
                return Err(match std::fs::symlink_metadata(path) {
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                        failed("open", &error)
                    }
                    _ => self.refusal(FILE),
                });
            }
            (_, Trust::Untrusted) => return Err(self.refusal(FILE)),
        }
        let about = std::fs::metadata(Path::new(path)).map_err(|error| failed("open", &error))?;
        if about.is_dir() {
            return Err(format!("read {path}: is a directory"));
        }
        // DIFFERS(helm): what has no end is not begun.
        if !about.is_file() {
            return Err(format!("open {path}: not a regular file"));
        }
        let mut data = Vec::new();
        let file = File::open(path).map_err(|error| failed("open", &error))?;
        file.take(MAX_DOCUMENT + 1)
            .read_to_end(&mut data)
            .map_err(|error| failed("read", &error))?;
        check_size(&data)?;
        Ok(data)
    }

    fn refusal(&self, what: &str) -> String {
        let advice = match limits::trust() {
            Trust::Untrusted => "untrusted charts may not",
            Trust::Trusted => "--allow-remote-schema permits it",
        };
        format!("values.schema.json refers to {what} ({advice})")
    }
}

/// Checks that a document is not too large, wherever it comes from.
///
/// # Errors
///
/// Names the limit.
pub fn check_size(document: &[u8]) -> Result<(), String> {
    if document.len() as u64 > MAX_DOCUMENT {
        return Err(format!(
            "document is larger than {MAX_DOCUMENT} bytes, which is the most a schema may refer to"
        ));
    }
    Ok(())
}
