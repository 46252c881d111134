//! Binary data as lines of text between two marks.
//!
//! Go: openpgp/armor.

use data_encoding::BASE64;

const BEGIN: &str = "-----BEGIN PGP SIGNATURE-----";
const END: &str = "-----END PGP SIGNATURE-----";

/// Returns a signature as text, without a line end behind it.
pub(super) fn encode(data: &[u8]) -> String {
    let text = BASE64.encode(data);
    let mut out = format!("{BEGIN}\n\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        out.push_str(line);
        out.push('\n');
        rest = after;
    }
    out.push_str(END);
    out
}

/// Reads a signature from text that begins with its mark; `None` if it is badly written.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(text).ok()?;
    let mut lines = text.lines().map(str::trim_end);
    if lines.next()? != BEGIN {
        return None;
    }
    // Headers, up to an empty line.
    for line in lines.by_ref() {
        if line.is_empty() {
            break;
        }
        line.split_once(':')?;
    }
    let mut encoded = String::new();
    for line in lines {
        if line == END {
            return BASE64.decode(encoded.as_bytes()).ok();
        }
        // The checksum is only of use against noise, and base64 has its own.
        if !line.starts_with('=') {
            encoded.push_str(line.trim_start());
        }
    }
    None
}
