//! PEM: base64 between lines of hyphens.
//!
//! Go: `encoding/pem`.

use crate::gostd::base64;
use crate::gostd::unicode::trim_space;

/// A block of a PEM text.
#[derive(Debug, PartialEq)]
pub(super) struct Block {
    /// What stands behind `BEGIN`.
    pub kind: Vec<u8>,
    pub bytes: Vec<u8>,
}

/// Characters of a line.
const LINE: usize = 64;

/// Returns the text of one block.
pub(super) fn encode(kind: &str, bytes: &[u8]) -> Vec<u8> {
    let mut out = format!("-----BEGIN {kind}-----\n").into_bytes();
    for line in base64::encode(bytes).as_bytes().chunks(LINE) {
        out.extend_from_slice(line);
        out.push(b'\n');
    }
    out.extend_from_slice(format!("-----END {kind}-----\n").as_bytes());
    out
}

/// Returns the first complete block of a text. What stands around it, and headers in it, are
/// passed over.
pub(super) fn decode(text: &[u8]) -> Option<Block> {
    let mut lines = text.split_inclusive(|b| *b == b'\n').map(trim_space);
    while let Some(line) = lines.next() {
        let Some(kind) = marker(line, b"-----BEGIN ") else {
            continue;
        };
        let mut encoded = Vec::new();
        let mut after = lines.clone();
        for line in after.by_ref() {
            if let Some(end) = marker(line, b"-----END ") {
                match base64::decode(&encoded) {
                    Ok(bytes) if end == kind => {
                        let kind = kind.to_vec();
                        return Some(Block { kind, bytes });
                    }
                    _ => break,
                }
            }
            if !line.contains(&b':') {
                encoded.extend_from_slice(line);
            }
        }
    }
    None
}

/// Returns the name in a line such as `-----BEGIN X-----`.
fn marker<'a>(line: &'a [u8], begin: &[u8]) -> Option<&'a [u8]> {
    line.strip_prefix(begin)?.strip_suffix(b"-----")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks() {
        let text = encode("A KEY", &[7; 100]);
        assert!(text.starts_with(b"-----BEGIN A KEY-----\nBwcH"));
        let around = [b"hello\n".as_slice(), &text, b"rest"].concat();
        let block = decode(&around).unwrap();
        assert_eq!(
            (block.kind.as_slice(), block.bytes),
            (&b"A KEY"[..], vec![7; 100])
        );
        assert_eq!(decode(b"bad"), None);
        assert_eq!(decode(b"-----BEGIN A-----\nYQ==\n-----END B-----\n"), None);
        let headers = b"-----BEGIN A-----\nProc: 1\n\nYQ==\n-----END A-----\n";
        assert_eq!(decode(headers).unwrap().bytes, b"a");
    }
}
