//! Values from text, for callers that have no files and flags.

use crate::codec::yaml;
use crate::diag::{Error, ErrorKind};
use crate::value::Map;

/// Reads values from the text of a values file; several documents are joined.
///
/// # Errors
///
/// Fails with helm's text if the text is no YAML or no map.
///
/// # Examples
///
/// ```
/// let values = verta_render::read_values(b"image: {tag: 1.2.3}\n")?;
/// assert!(values.contains_key(b"image"));
/// # Ok::<(), verta_render::Error>(())
/// ```
pub fn read_values(text: &[u8]) -> Result<Map, Error> {
    yaml::decode_values(text).map_err(|error| Error::new(ErrorKind::Values, error.to_string()))
}
