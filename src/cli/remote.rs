//! From flags and environment to the way to repositories and registries.
//!
//! Only texts are put together here; nothing is opened or read.
//!
//! helm: pkg/cli `EnvSettings`.

use std::env;
use std::path::PathBuf;

use super::homes::{self, Home};
use super::parse::Parsed;
use crate::command::{Access, Places, Remote, Tls};

/// Returns the way, as flags and environment have it.
pub(super) fn remote(parsed: &Parsed, debug: bool) -> Remote {
    Remote {
        debug,
        allow_mismatch: parsed.is_on("allow-mismatch"),
        ..Remote::new(places(parsed), access(parsed))
    }
}

/// Returns where helm's files are.
pub(super) fn places(parsed: &Parsed) -> Places {
    let place = |flag: &str, variable: &str, home: Home, parts: &[&str]| {
        let given = parsed.string(flag).map(PathBuf::from);
        let given = given.or_else(|| env::var_os(variable).map(PathBuf::from));
        given.unwrap_or_else(|| homes::path(home, parts).into())
    };
    Places {
        repository_config: place(
            "repository-config",
            "HELM_REPOSITORY_CONFIG",
            Home::Config,
            &["repositories.yaml"],
        ),
        repository_cache: place(
            "repository-cache",
            "HELM_REPOSITORY_CACHE",
            Home::Cache,
            &["repository"],
        ),
        content_cache: place(
            "content-cache",
            "HELM_CONTENT_CACHE",
            Home::Cache,
            &["content"],
        ),
        registry_config: place(
            "registry-config",
            "HELM_REGISTRY_CONFIG",
            Home::Config,
            &["registry", "config.json"],
        ),
    }
}

/// Returns what the flags say about connections.
pub(super) fn access(parsed: &Parsed) -> Access {
    let text = |flag| parsed.string(flag).unwrap_or_default();
    Access {
        username: text("username"),
        password: text("password"),
        pass_credentials: parsed.is_on("pass-credentials"),
        plain_http: parsed.is_on("plain-http"),
        tls: Tls {
            cert_file: text("cert-file"),
            key_file: text("key-file"),
            ca_file: text("ca-file"),
            insecure: parsed.is_on("insecure-skip-tls-verify"),
        },
    }
}
