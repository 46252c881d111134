//! What commands fetch besides charts: values files.

use crate::diag::Error;
use crate::gostd::url::Url;
use crate::repository::Remote;
use crate::repository::client::Fetch;
use crate::values::merge::read_local;

/// Reads a values file: from disk, from standard input, or from the web. Name and
/// password are not sent along.
///
/// # Errors
///
/// Fails with helm's text if it cannot be had.
pub(super) fn read_values_file(remote: &Remote, name: &str) -> Result<Vec<u8>, Error> {
    let scheme = match Url::parse(name.as_bytes()) {
        // What is no address at all is reported in one place.
        Err(_) => return read_local(name),
        Ok(url) => url.scheme,
    };
    if !matches!(scheme.as_slice(), b"http" | b"https") {
        return read_local(name);
    }
    remote.fetch(&Fetch {
        url: name,
        owner: name,
        access: &crate::repository::Access::default(),
        accept: "",
    })
}
