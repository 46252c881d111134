//! The real helm, where there is one: `$HELM`, else `target/oracle/helm`, which `cargo xtask oracle` installs.

use super::{project, say};
use std::path::PathBuf;

/// The path of helm, or nothing after saying so; `ORACLE=required` makes its absence a failure.
pub fn helm(what: &str) -> Option<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| project().join("target"), PathBuf::from);
    let named = std::env::var_os("HELM")
        .filter(|path| !path.is_empty())
        .map(PathBuf::from);
    let found = named.unwrap_or_else(|| target.join("oracle/helm"));
    if let Ok(path) = found.canonicalize() {
        return Some(path);
    }
    let required = std::env::var("ORACLE").as_deref() == Ok("required");
    assert!(!required, "{what}: there is no helm at {}", found.display());
    say(&format!(
        "{what}: NOT RUN, there is no helm at {} (`cargo xtask oracle` installs it)",
        found.display()
    ));
    None
}
