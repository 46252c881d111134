//! The directories in which helm keeps what belongs to a user.
//!
//! helm: pkg/helmpath.

use std::env;

use super::settings::env_text;
use crate::gostd::path;

/// One of the directories.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Home {
    /// What can be fetched again.
    Cache,
    /// What the user has set up.
    Config,
    /// Starters and plugins.
    Data,
}

/// Returns a path below one of the directories. A variable of helm's names the directory itself, one of the XDG
/// standard its parent.
pub(super) fn path(home: Home, parts: &[&str]) -> String {
    let (variable, xdg) = match home {
        Home::Cache => ("HELM_CACHE_HOME", "XDG_CACHE_HOME"),
        Home::Config => ("HELM_CONFIG_HOME", "XDG_CONFIG_HOME"),
        Home::Data => ("HELM_DATA_HOME", "XDG_DATA_HOME"),
    };
    let own = env_text(variable);
    let mut base = vec![own];
    if base[0].is_empty() {
        let parent = Some(env_text(xdg)).filter(|parent| !parent.is_empty());
        base = vec![
            parent.unwrap_or_else(|| default_parent(home)),
            "helm".into(),
        ];
    }
    let parts = base.iter().map(String::as_str).chain(parts.iter().copied());
    // Windows takes both separators.
    let joined = path::join(parts.map(str::as_bytes));
    String::from_utf8_lossy(&joined).into_owned()
}

fn default_parent(home: Home) -> String {
    if cfg!(windows) {
        return match home {
            Home::Cache => env_text("TEMP"),
            Home::Config | Home::Data => env_text("APPDATA"),
        };
    }
    let below = match (home, cfg!(target_os = "macos")) {
        (Home::Cache, true) => "Library/Caches",
        (Home::Config, true) => "Library/Preferences",
        (Home::Data, true) => "Library",
        (Home::Cache, false) => ".cache",
        (Home::Config, false) => ".config",
        (Home::Data, false) => ".local/share",
    };
    let user = env::var_os("HOME").unwrap_or_default();
    format!("{}/{below}", user.to_string_lossy())
}
