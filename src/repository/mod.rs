//! Where charts come from that are not at hand: repositories and registries.
//!
//! A repository is a folder on a web server with an [`index`] of its charts; names for
//! repositories stand in a [`file`]; what was downloaded lies in a [`cache`]. A registry
//! keeps charts as OCI artifacts ([`registry`]). [`Remote`] is the door: it holds the
//! places, the flags and the transport, and reads nothing before it is asked.
//!
//! What is downloaded is looked at before it replaces anything, and files are written
//! whole or not at all.
//!
//! helm: pkg/repo, pkg/downloader, pkg/getter.

pub mod cache;
pub mod client;
pub mod download;
pub mod file;
pub mod index;
pub mod listed;
pub mod registry;
pub mod resolve;
pub mod search;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::diag::{Error, ErrorKind};
use crate::gostd::url::Url;
use crate::limits::{self, Trust};
use crate::net::{self, Tls, Transport};

/// How long helm waits for one answer.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(120);

/// The places of helm's files.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Places {
    /// `--repository-config`: the names of repositories.
    pub repository_config: PathBuf,
    /// `--repository-cache`: their indexes.
    pub repository_cache: PathBuf,
    /// `--content-cache`: downloaded charts.
    pub content_cache: PathBuf,
    /// `--registry-config`: credentials for registries.
    pub registry_config: PathBuf,
}

/// Who asks, and how a server is met.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// `--username`.
    pub username: String,
    /// `--password`.
    pub password: String,
    /// `--pass-credentials`: tell every host, not only the repository's own.
    pub pass_credentials: bool,
    /// `--plain-http`: registries are spoken to without encryption.
    pub plain_http: bool,
    /// Certificates.
    pub tls: Tls,
}

impl std::fmt::Debug for Access {
    /// Leaves name and password out.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Access")
            .field("pass_credentials", &self.pass_credentials)
            .field("plain_http", &self.plain_http)
            .field("tls", &self.tls)
            .finish_non_exhaustive()
    }
}

/// The way to repositories and registries.
#[derive(Clone)]
pub struct Remote {
    /// Where helm's files are.
    pub places: Places,
    /// What the flags say about connections.
    pub access: Access,
    /// What carries requests.
    pub transport: Arc<dyn Transport>,
    /// How long to wait for one answer of a repository.
    pub timeout: Duration,
    /// Whether to tell more on the way (`--debug`).
    pub debug: bool,
    /// Where it is told what came out of a registry.
    pub pull_notes: PullNotes,
    /// Whether charts are taken that are not what the index lists (`--allow-mismatch`), as helm does; never from those one
    /// does not trust.
    pub allow_mismatch: bool,
}

/// Where it is told that something came out of a registry.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub enum PullNotes {
    /// With what the command prints.
    #[default]
    Output,
    /// With what is told beside it.
    Messages,
}

impl Remote {
    /// Returns the way over the system's network.
    pub fn new(places: Places, access: Access) -> Remote {
        Remote {
            places,
            access,
            transport: net::system(),
            timeout: DEFAULT_TIMEOUT,
            debug: false,
            pull_notes: PullNotes::default(),
            allow_mismatch: false,
        }
    }

    /// Whether what is fetched must be what an index lists.
    pub(crate) fn is_strict(&self) -> bool {
        !self.allow_mismatch || limits::trust() == Trust::Untrusted
    }

    /// Checks the certificates that flags name, before anything is asked for.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if a file is missing or makes no sense.
    pub fn check(&self) -> Result<(), Error> {
        net::check_tls(&self.access.tls).map_err(|text| {
            let text = format!("missing registry client: {text}");
            Error::new(ErrorKind::Usage, text)
        })
    }
}

impl Default for Remote {
    fn default() -> Remote {
        Remote::new(Places::default(), Access::default())
    }
}

impl std::fmt::Debug for Remote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remote")
            .field("places", &self.places)
            .field("access", &self.access)
            .finish_non_exhaustive()
    }
}

/// Reports whether a chart's address is one of a registry.
pub fn is_oci(address: &str) -> bool {
    address.starts_with("oci://")
}

/// Reports whether what somebody calls a chart is in a registry. The scheme may be in upper case, and there must be
/// something behind it.
///
/// # Errors
///
/// Returns helm's text if it cannot be an address.
pub fn is_in_registry(reference: &str) -> Result<bool, Error> {
    match Url::parse(reference.as_bytes()) {
        Ok(url) => Ok(is_oci(&client::to_text(&url))),
        Err(_) => {
            let text = format!("invalid chart URL format: {reference}");
            Err(Error::new(ErrorKind::Dependency, text))
        }
    }
}
