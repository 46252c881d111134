//! `registry login` and `registry logout`.
//!
//! helm: pkg/action `RegistryLogin`, `RegistryLogout`.

use super::confine;
use crate::diag::{Error, Sink};
use crate::repository::Remote;

/// Tries name and password at a registry, and keeps them.
///
/// # Errors
///
/// Fails with helm's text if the registry does not accept them, or they cannot be kept.
pub fn login(
    host: &str,
    username: &str,
    password: &str,
    remote: &Remote,
    sink: &Sink,
) -> Result<(), Error> {
    confine::to_registry(remote, host, sink);
    remote.login(host, username, password, sink)
}

/// Forgets name and password for a registry.
///
/// # Errors
///
/// Fails if they cannot be forgotten.
pub fn logout(host: &str, remote: &Remote, sink: &Sink) -> Result<(), Error> {
    confine::to_registry(remote, host, sink);
    remote.logout(host)
}
