//! `push`: puts a packed chart into a registry.
//!
//! helm: pkg/action `Push`.

use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use super::confine;
use crate::chart::loader::{Formats, load_path};
use crate::diag::{Error, ErrorKind, Sink};
use crate::gostd::os;
use crate::gostd::strconv::quote;
use crate::gostd::time::{Location, Time};
use crate::gostd::url::Url;
use crate::host::Host;
use crate::repository::Remote;
use crate::repository::registry::push::Package;

/// Puts an archive, and the signature beside it, into a registry.
///
/// # Errors
///
/// Fails with helm's text if it is no chart, or the registry does not take it.
pub fn run(
    chart: &str,
    remote_address: &str,
    remote: &Remote,
    host: &dyn Host,
    stdout: &mut Vec<u8>,
    sink: &Sink,
) -> Result<(), Error> {
    remote.check()?;
    let usage = |text: String| Err(Error::new(ErrorKind::Usage, text));
    let Ok(url) = Url::parse(remote_address.as_bytes()) else {
        return usage(format!("invalid chart URL format: {remote_address}"));
    };
    match url.scheme.as_slice() {
        b"oci" => {}
        b"" => {
            return usage("scheme prefix missing from remote (e.g. \"oci://\")".into());
        }
        scheme => return usage(format!("scheme {} not supported", quote(scheme))),
    }
    let failed = |text: String| Error::new(ErrorKind::Io, text);
    let provenance = format!("{chart}.prov");
    let read = vec![chart.into(), provenance.as_str().into()];
    confine::to_connections(remote, read, Vec::new(), sink);
    let path = Path::new(chart);
    let about = fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => failed(format!("{chart}: no such file")),
        _ => failed(os::path_error("stat", chart, &error)),
    })?;
    if about.is_dir() {
        let text = "cannot push directory, must provide chart archive (.tgz)";
        return Err(failed(text.into()));
    }
    load_path(path, Formats::Supported, sink)?;
    let read =
        |path: &str| fs::read(path).map_err(|error| failed(os::path_error("open", path, &error)));
    let modified = about
        .modified()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let seconds = modified.map_or(0, |time| i64::try_from(time.as_secs()).unwrap_or(i64::MAX));
    let zone = Location::from_tz_variable(host.local_zone().as_bytes());
    let created = Time::from_unix(seconds, 0, &zone).format(b"2006-01-02T15:04:05Z07:00");
    let package = Package {
        archive: read(chart)?,
        provenance: match fs::metadata(&provenance) {
            Ok(_) => Some(read(&provenance)?),
            Err(_) => None,
        },
        created: String::from_utf8_lossy(&created).into_owned(),
    };
    stdout.extend_from_slice(&remote.push(&package, remote_address)?);
    Ok(())
}
