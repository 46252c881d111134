//! What commands fetch besides charts: values files.

use crate::diag::Error;
use crate::gostd::url::Url;
use crate::repository::Remote;
use crate::repository::client::Fetch;
use crate::value::Map;
use crate::values::merge::{UserInputs, merge, read_local};

/// Reads a values file: from disk, from standard input, or from the web. Name and
/// password are not sent along.
///
/// # Errors
///
/// Fails with helm's text if it cannot be had.
pub(super) fn read_values_file(remote: &Remote, name: &str) -> Result<Vec<u8>, Error> {
    if !is_address(name) {
        return read_local(name);
    }
    remote.fetch(&Fetch {
        url: name,
        owner: name,
        access: &crate::repository::Access::default(),
        accept: "",
    })
}

/// Reports whether a values file is on the web.
pub(super) fn is_address(name: &str) -> bool {
    // What is no address at all is reported in one place.
    let scheme = Url::parse(name.as_bytes()).map(|url| url.scheme);
    scheme.is_ok_and(|scheme| matches!(scheme.as_slice(), b"http" | b"https"))
}

/// Returns the names of the files that go into values, without reading one.
pub(super) fn values_files(inputs: &UserInputs) -> Vec<String> {
    let mut names = inputs.files.clone();
    for expression in &inputs.set_file {
        // Which files an expression names comes out when it is applied; that it cannot be is told by whoever needs the values.
        let inputs = UserInputs {
            set_file: vec![expression.clone()],
            ..UserInputs::default()
        };
        let _ = merge(&inputs, &Map::new(), &mut |name: &str| {
            names.push(name.to_owned());
            Ok(Vec::new())
        });
    }
    names
}
