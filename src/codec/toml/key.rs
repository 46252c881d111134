//! Keys as TOML writes them: bare where they can be, else in quotes.

use std::borrow::Borrow;

/// Reports whether a key can do without quotes.
fn is_bare(part: &[u8]) -> bool {
    !part.is_empty() && part.iter().copied().all(is_bare_byte)
}

/// Reports whether a byte may stand in a bare key.
pub(super) fn is_bare_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// Appends one part of a key.
pub(super) fn append_part(out: &mut Vec<u8>, part: &[u8]) {
    if is_bare(part) {
        out.extend_from_slice(part);
    } else {
        append_quoted(out, part);
    }
}

/// Appends the parts of a key with dots between them.
pub(super) fn append_path<P: Borrow<[u8]>>(out: &mut Vec<u8>, parts: &[P]) {
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            out.push(b'.');
        }
        append_part(out, part.borrow());
    }
}

/// Appends a string in double quotes. Bytes that are not UTF-8 stay as they are.
pub(super) fn append_quoted(out: &mut Vec<u8>, text: &[u8]) {
    out.push(b'"');
    for byte in text {
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', *byte]),
            0x08 => out.extend_from_slice(b"\\b"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            0x0C => out.extend_from_slice(b"\\f"),
            b'\r' => out.extend_from_slice(b"\\r"),
            0..=0x1F | 0x7F => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
            _ => out.push(*byte),
        }
    }
    out.push(b'"');
}
