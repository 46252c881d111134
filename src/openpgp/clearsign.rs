//! Texts that can be read as they are, with a signature below.
//!
//! Go: openpgp/clearsign.

use super::armor;

const BEGIN: &[u8] = b"-----BEGIN PGP SIGNED MESSAGE-----";
const SIGNATURE: &[u8] = b"-----BEGIN PGP SIGNATURE-----";
const END: &[u8] = b"\n-----END PGP SIGNATURE-----";

/// A signed text, taken apart. Nothing is known yet about who signed it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClearSigned {
    /// The text.
    pub text: Vec<u8>,
    /// The text as it is signed: without white space at the ends of lines, which end in CRLF.
    pub(super) canonical: Vec<u8>,
    /// The packets of the signature.
    pub(super) signature: Vec<u8>,
}

impl ClearSigned {
    /// Finds the first signed text in some data.
    pub fn decode(data: &[u8]) -> Option<ClearSigned> {
        let start = if data.starts_with(BEGIN) {
            0
        } else {
            memchr::memmem::find(data, &[b"\n", BEGIN].concat())? + 1
        };
        let mut rest = data.get(start..)?;
        if take_line(&mut rest)? != BEGIN {
            return None;
        }
        loop {
            let line = take_line(&mut rest)?;
            if line.is_empty() {
                break;
            }
            let (name, _) = std::str::from_utf8(line).ok()?.split_once(':')?;
            let is_plain = line.iter().all(|b| (b' '..=b'~').contains(b));
            if !is_plain || name.trim() != "Hash" {
                return None;
            }
        }
        let mut text = Vec::new();
        let mut canonical = Vec::new();
        let mut is_first = true;
        loop {
            let before = rest;
            let line = take_line(&mut rest)?;
            if line == SIGNATURE {
                rest = before;
                break;
            }
            if !is_first {
                canonical.extend_from_slice(b"\r\n");
            }
            is_first = false;
            let line = line.strip_prefix(b"- ").unwrap_or(line);
            let line = trim_end(line);
            canonical.extend_from_slice(line);
            text.extend_from_slice(line);
            text.push(b'\n');
        }
        let end = memchr::memmem::find(rest, END)? + END.len();
        let signature = armor::decode(rest.get(..end)?)?;
        Some(ClearSigned {
            text,
            canonical,
            signature,
        })
    }
}

/// Returns a text as it is signed.
pub(super) fn canonical(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + text.len() / 16);
    for (i, line) in text.split(|b| *b == b'\n').enumerate() {
        if i > 0 {
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(trim_end(line));
    }
    out
}

/// Returns a text with its signature below, without a line end behind it.
pub(super) fn encode(text: &[u8], signature: &[u8]) -> Vec<u8> {
    let mut out = BEGIN.to_vec();
    out.extend_from_slice(b"\nHash: SHA512\n\n");
    for line in text.split(|b| *b == b'\n') {
        if line.starts_with(b"-") {
            out.extend_from_slice(b"- ");
        }
        out.extend_from_slice(trim_end(line));
        out.push(b'\n');
    }
    out.extend_from_slice(armor::encode(signature).as_bytes());
    out
}

fn trim_end(mut line: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\t' | b'\r'] = line {
        line = rest;
    }
    line
}

/// Takes a line off the data, without its end; `None` if there is nothing left.
fn take_line<'a>(data: &mut &'a [u8]) -> Option<&'a [u8]> {
    if data.is_empty() {
        return None;
    }
    let (line, rest) = match data.iter().position(|b| *b == b'\n') {
        Some(end) => (&data[..end], &data[end + 1..]),
        None => (*data, &data[data.len()..]),
    };
    *data = rest;
    Some(line.strip_suffix(b"\r").unwrap_or(line))
}
