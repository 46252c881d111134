//! Provenance: who packed a chart, and that nobody has changed it since.
//!
//! Beside an archive lies a text with the chart's metadata and the archive's digest, signed with an OpenPGP key.
//! [`statement`] makes the text, [`check`] holds an archive against a signed one.
//!
//! helm: pkg/provenance.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::codec::yaml;
use crate::diag::{Error, ErrorKind};
use crate::openpgp::{ClearSigned, Key, Keyring};
use crate::value::{Map, Value};

/// Stands between the metadata and the digests.
const SEPARATOR: &[u8] = b"\n...\n";

/// Who signed an archive, and what is known to be true of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verification {
    /// The names of the key: `Jane Doe <jane@example.com>`.
    pub signers: Vec<Vec<u8>>,
    /// The fingerprint of the key.
    pub fingerprint: [u8; 20],
    /// The digest of the archive: `sha256:...`.
    pub digest: String,
}

/// Returns the digest of an archive.
pub fn digest(archive: &[u8]) -> String {
    format!("sha256:{}", HEXLOWER.encode(&Sha256::digest(archive)))
}

/// Returns what is signed: the chart's metadata and the digest of the archive.
///
/// # Errors
///
/// Fails if the metadata cannot be written as YAML.
pub fn statement(metadata: &Value, file_name: &str, archive: &[u8]) -> Result<Vec<u8>, Error> {
    let unwritable = |text: String| Error::new(ErrorKind::Chart, text);
    let files: Map = [(file_name, Value::from(digest(archive)))]
        .into_iter()
        .collect();
    let sums: Map = [("files", Value::from(files))].into_iter().collect();
    let mut text = yaml::encode(metadata).map_err(unwritable)?;
    text.extend_from_slice(SEPARATOR);
    text.append(&mut yaml::encode(&sums.into()).map_err(unwritable)?);
    Ok(text)
}

/// Checks an archive of that file name against a signed statement.
///
/// # Errors
///
/// Fails with helm's text if the signature is none of a key in the ring, or is about another archive.
pub fn check(
    archive: &[u8],
    file_name: &str,
    signed: &[u8],
    ring: &Keyring,
    now: i64,
) -> Result<Verification, Error> {
    let refused = |text: String| Error::new(ErrorKind::Chart, text);
    let Some(signed) = ClearSigned::decode(signed) else {
        return Err(refused("signature block not found".into()));
    };
    let key = ring
        .verify(&signed, now)
        .map_err(|error| refused(error.to_string()))?;
    let found = digest(archive);
    let files = digests(&signed.text)?;
    let Some(stated) = files.get(file_name.as_bytes()) else {
        return Err(refused(format!(
            "provenance does not contain a SHA for a file named {file_name:?}"
        )));
    };
    let stated = stated
        .as_str()
        .map_or_else(String::new, |text| text.to_lossy().into_owned());
    if stated != found {
        return Err(refused(format!(
            "sha256 sum does not match for {file_name}: {stated:?} != {found:?}"
        )));
    }
    Ok(Verification {
        signers: key.names().map(<[u8]>::to_vec).collect(),
        fingerprint: *key.fingerprint(),
        digest: found,
    })
}

/// Reads the digests of a statement, by the names of files.
fn digests(text: &[u8]) -> Result<Map, Error> {
    let Some(at) = memchr::memmem::find(text, SEPARATOR) else {
        let text = "message block must have at least two parts";
        return Err(Error::new(ErrorKind::Chart, text));
    };
    let sums = &text[at + SEPARATOR.len()..];
    let end = memchr::memmem::find(sums, SEPARATOR).unwrap_or(sums.len());
    let sums = yaml::decode_values(&sums[..end])
        .map_err(|error| Error::new(ErrorKind::Chart, error.to_string()))?;
    let files = sums.get(b"files").and_then(|files| files.as_map().cloned());
    Ok(files.unwrap_or_default())
}

/// Finds the key to sign with: the one of exactly that name, or else the only one with a name that holds the text.
///
/// # Errors
///
/// Fails with helm's text if there is no such key, or more than one.
pub fn signing_key<'a>(ring: &'a Keyring, id: &str) -> Result<&'a Key, Error> {
    let refused = |text: String| Error::new(ErrorKind::Usage, text);
    let mut candidate = None;
    let mut is_vague = false;
    for key in ring.keys() {
        for name in key.names() {
            if name == id.as_bytes() {
                return Ok(key);
            }
            if memchr::memmem::find(name, id.as_bytes()).is_some() {
                is_vague |= candidate.is_some();
                candidate = Some(key);
            }
        }
    }
    if is_vague {
        return Err(refused(format!("more than one key contain the id {id:?}")));
    }
    candidate.ok_or_else(|| refused("private key not found".into()))
}
