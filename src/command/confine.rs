//! What commands that fetch leave themselves for charts one did not write: connections, helm's files, and what the command names.

use std::fs;
use std::path::{Path, PathBuf};

use crate::diag::Sink;
use crate::limits::{self, Trust};
use crate::repository::Remote;
use crate::repository::registry::credentials::docker_file;
use crate::sandbox::{self, Needs};

/// Gives up what fetching does not need, if charts are not trusted. `read` and `write` are what the command itself reads and
/// writes besides what was fetched before, which is kept.
pub(super) fn to_fetching(remote: &Remote, read: Vec<PathBuf>, write: Vec<PathBuf>, sink: &Sink) {
    if limits::trust() == Trust::Trusted {
        return;
    }
    let (places, tls) = (&remote.places, &remote.access.tls);
    let mut needs = Needs {
        read,
        write,
        connect: true,
    };
    needs.read.extend([
        places.repository_config.clone(),
        places.registry_config.clone(),
    ]);
    needs.read.extend(docker_file());
    let given = [&tls.ca_file, &tls.cert_file, &tls.key_file];
    needs.read.extend(given.map(PathBuf::from));
    for cache in [&places.repository_cache, &places.content_cache] {
        // What cannot be made is told by whoever writes there.
        let _ = fs::create_dir_all(cache);
        needs.write.push(cache.clone());
    }
    sandbox::enter(&needs, sink);
}

/// As [`to_fetching`], for commands that also replace the file with the names of repositories.
pub(super) fn to_naming(remote: &Remote, sink: &Sink) {
    if limits::trust() == Trust::Trusted {
        return;
    }
    // There is a lock beside the file, and the new one before it takes its place.
    let parent = match remote.places.repository_config.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let _ = fs::create_dir_all(parent);
    to_fetching(remote, Vec::new(), vec![parent.to_owned()], sink);
}
