//! repositories.yaml: names for repositories, with the way to each.
//!
//! helm: pkg/repo `File`, `Entry`.

use std::fs;
use std::io;
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::Access;
use crate::chart::{Timestamp, read_time};
use crate::codec::yaml::{self, Shape, Struct};
use crate::diag::{Error, ErrorKind};
use crate::gostd::os;
use crate::net::Tls;
use crate::storage;
use crate::value::{Map, Value};

/// How often, and how far apart, it is tried to keep others from changing the file.
const LOCK_TRIES: usize = 300;
const LOCK_PAUSE: Duration = Duration::from_millis(100);

/// The repositories that have names.
#[derive(Clone, Debug, Default)]
pub struct RepositoryFile {
    /// The format, `v1`; empty where the file does not tell.
    pub api_version: String,
    /// When the file was made.
    pub generated: Timestamp,
    /// The repositories in order.
    pub repositories: Vec<Entry>,
}

/// A repository.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Entry {
    /// What it is called here.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Who asks, and how the server is met.
    pub access: Access,
}

static FILE: Shape = Shape::Struct(&Struct {
    name: "repo.File",
    fields: &[
        ("apiVersion", Shape::String),
        ("generated", Shape::Any),
        (
            "repositories",
            Shape::List("[]*repo.Entry", &Shape::Struct(&ENTRY)),
        ),
    ],
});

static ENTRY: Struct = Struct {
    name: "repo.Entry",
    fields: &[
        ("name", Shape::String),
        ("url", Shape::String),
        ("username", Shape::String),
        ("password", Shape::String),
        ("certFile", Shape::String),
        ("keyFile", Shape::String),
        ("caFile", Shape::String),
        ("insecure_skip_tls_verify", Shape::Bool),
        ("pass_credentials_all", Shape::Bool),
    ],
};

/// Why the file could not be loaded.
#[derive(Debug)]
pub enum LoadError {
    /// There is none.
    Missing(Error),
    /// It cannot be read, or makes no sense.
    Broken(Error),
}

impl LoadError {
    /// Returns the error, whichever it is.
    pub fn into_error(self) -> Error {
        match self {
            LoadError::Missing(error) | LoadError::Broken(error) => error,
        }
    }
}

impl RepositoryFile {
    /// Reads the file.
    ///
    /// # Errors
    ///
    /// Returns helm's text, and whether it is only that there is no file.
    pub fn load(path: &Path) -> Result<RepositoryFile, LoadError> {
        match fs::read(path) {
            Ok(data) => RepositoryFile::decode(&data).map_err(LoadError::Broken),
            Err(error) => {
                let name = path.to_string_lossy();
                let reason = os::path_error("open", &name, &error);
                let text = format!("couldn't load repositories file ({name}): {reason}");
                let is_missing = error.kind() == io::ErrorKind::NotFound;
                let error = Error::new(ErrorKind::Io, text);
                Err(match is_missing {
                    true => LoadError::Missing(error),
                    false => LoadError::Broken(error),
                })
            }
        }
    }

    /// Reads the file; without one there are no repositories.
    ///
    /// # Errors
    ///
    /// Returns helm's text if it cannot be read.
    pub fn load_if_there(path: &Path) -> Result<RepositoryFile, Error> {
        match RepositoryFile::load(path) {
            Err(LoadError::Missing(_)) => Ok(RepositoryFile::default()),
            other => other.map_err(LoadError::into_error),
        }
    }

    /// Reads the bytes of the file.
    ///
    /// # Errors
    ///
    /// Returns helm's text if it is not YAML or a field has the wrong type.
    pub fn decode(data: &[u8]) -> Result<RepositoryFile, Error> {
        let failed = |text: String| Error::new(ErrorKind::Dependency, text);
        let document = yaml::decode_as(data, &FILE).map_err(|e| failed(e.to_string()))?;
        let empty = Map::new();
        let members = document.as_map().unwrap_or(&empty);
        let generated = read_time(&members.index(b"generated")).map_err(|text| {
            failed(format!(
                "error unmarshaling JSON: while decoding JSON: {text}"
            ))
        })?;
        let list = members.index(b"repositories");
        let list = list.as_list().map(|list| list.items()).unwrap_or_default();
        Ok(RepositoryFile {
            api_version: text(members, "apiVersion"),
            generated,
            // helm crashes on an element that is null.
            repositories: list
                .iter()
                .filter_map(Value::as_map)
                .map(Entry::read)
                .collect(),
        })
    }

    /// Keeps others from changing the file, for as long as the returned file is open.
    ///
    /// # Errors
    ///
    /// Returns helm's text if the lock cannot be made or is not given free in time.
    pub fn lock(path: &Path) -> Result<fs::File, Error> {
        let failed = |operation: &str, path: &Path, error: &io::Error| {
            let text = os::path_error(operation, &path.to_string_lossy(), error);
            Error::new(ErrorKind::Io, text)
        };
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory).map_err(|e| failed("mkdir", directory, &e))?;
        }
        let lock = path.with_extension("lock");
        let mut options = fs::OpenOptions::new();
        options.read(true).write(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&lock).map_err(|e| failed("open", &lock, &e))?;
        for _ in 0..LOCK_TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(fs::TryLockError::WouldBlock) => thread::sleep(LOCK_PAUSE),
                Err(fs::TryLockError::Error(error)) => return Err(failed("lock", &lock, &error)),
            }
        }
        Err(Error::new(ErrorKind::Io, "context deadline exceeded"))
    }

    /// Returns the repository of that name.
    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.repositories.iter().find(|entry| entry.name == name)
    }

    /// Adds a repository, in place of one of the same name.
    pub fn put(&mut self, entry: Entry) {
        let mut entries = self.repositories.iter_mut();
        match entries.find(|other| other.name == entry.name) {
            Some(other) => *other = entry,
            None => self.repositories.push(entry),
        }
    }

    /// Takes out all repositories of that name; returns whether there was one.
    pub fn remove(&mut self, name: &str) -> bool {
        let before = self.repositories.len();
        self.repositories.retain(|entry| entry.name != name);
        self.repositories.len() < before
    }

    /// Writes the file, for its owner only: it may hold passwords.
    ///
    /// # Errors
    ///
    /// Returns helm's text if it cannot be written; the old file is then untouched.
    pub fn write(&self, path: &Path) -> Result<(), Error> {
        let map = Map::new();
        map.insert("apiVersion", self.api_version.as_str().into());
        map.insert("generated", self.generated.to_string().into());
        let entries = self.repositories.iter().map(Entry::to_value).collect();
        map.insert("repositories", Value::list(entries));
        let text = yaml::encode(&map.into()).map_err(|e| Error::new(ErrorKind::Io, e))?;
        let failed = |operation: &str, path: &Path, error: &io::Error| {
            let text = os::path_error(operation, &path.to_string_lossy(), error);
            Error::new(ErrorKind::Io, text)
        };
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory).map_err(|e| failed("mkdir", directory, &e))?;
        }
        storage::write_private_file(path, &text).map_err(|e| failed("open", path, &e))
    }
}

impl Entry {
    fn read(members: &Map) -> Entry {
        let is_on = |name: &str| members.index(name.as_bytes()).as_bool() == Some(true);
        Entry {
            name: text(members, "name"),
            url: text(members, "url"),
            access: Access {
                username: text(members, "username"),
                password: text(members, "password"),
                pass_credentials: is_on("pass_credentials_all"),
                plain_http: false,
                tls: Tls {
                    cert_file: text(members, "certFile"),
                    key_file: text(members, "keyFile"),
                    ca_file: text(members, "caFile"),
                    insecure: is_on("insecure_skip_tls_verify"),
                },
            },
        }
    }

    fn to_value(&self) -> Value {
        let Access {
            username,
            password,
            pass_credentials,
            tls,
            ..
        } = &self.access;
        let map = Map::new();
        for (name, text) in [
            ("name", &self.name),
            ("url", &self.url),
            ("username", username),
            ("password", password),
            ("certFile", &tls.cert_file),
            ("keyFile", &tls.key_file),
            ("caFile", &tls.ca_file),
        ] {
            map.insert(name, text.as_str().into());
        }
        map.insert("insecure_skip_tls_verify", tls.insecure.into());
        map.insert("pass_credentials_all", (*pass_credentials).into());
        map.into()
    }
}

fn text(members: &Map, name: &str) -> String {
    let text = members.index(name.as_bytes());
    text.as_str()
        .map(|t| t.to_lossy().into_owned())
        .unwrap_or_default()
}
