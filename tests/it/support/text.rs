//! Text for people: what differs between two outputs, shown short.

/// Bytes as text; bytes that are no UTF-8 are written `\xHH`.
pub fn readable(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}")));
    }
    out
}

/// The first line in which two texts differ, both sides quoted.
pub fn first_difference(want: &str, got: &str) -> String {
    let (mut wanted, mut given) = (want.split('\n'), got.split('\n'));
    for line in 1.. {
        let (a, b) = (wanted.next(), given.next());
        if a != b {
            return format!(
                "line {line}:\n    want {}\n    got  {}",
                around(a, b),
                around(b, a)
            );
        }
        if a.is_none() {
            break;
        }
    }
    "no difference".to_owned()
}

/// A quoted text; of a long one the part near its first difference to the other.
fn around(text: Option<&str>, other: Option<&str>) -> String {
    const WIDTH: usize = 400;
    let Some(text) = text else {
        return "(nothing)".to_owned();
    };
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= WIDTH {
        return format!("{text:?}");
    }
    let same = chars
        .iter()
        .zip(other.unwrap_or("").chars())
        .take_while(|(a, b)| **a == *b)
        .count();
    let begin = same.saturating_sub(100);
    let part: String = chars[begin..(begin + WIDTH).min(chars.len())]
        .iter()
        .collect();
    let dots = if begin > 0 { "..." } else { "" };
    format!(
        "{dots}{part:?}... ({} characters, first difference at {same})",
        chars.len()
    )
}

/// A text with each line marked, cut after `limit` lines.
pub fn block(text: &str, limit: usize) -> String {
    let mut lines: Vec<String> = text
        .lines()
        .take(limit)
        .map(|line| format!("    | {line}\n"))
        .collect();
    if text.lines().count() > limit {
        lines.push("    | ...\n".to_owned());
    }
    lines.concat()
}

/// Replaces every occurrence of `from`.
pub fn replace_bytes(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = find_bytes(rest, from) {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(to);
        rest = &rest[at + from.len()..];
    }
    out.extend_from_slice(rest);
    out
}

/// The place of the first occurrence of `needle`.
pub fn find_bytes(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes
        .windows(needle.len())
        .position(|window| window == needle)
}

/// All text from the first line that begins with `Error:` on; all of it if there is none.
pub fn error_block(stderr: &[u8]) -> &[u8] {
    if stderr.starts_with(b"Error:") {
        return stderr;
    }
    find_bytes(stderr, b"\nError:").map_or(stderr, |at| &stderr[at + 1..])
}

#[test]
fn an_error_block_begins_at_a_line() {
    assert_eq!(
        error_block(b"note\nan Error: x\nError: y\nz\n"),
        b"Error: y\nz\n"
    );
    assert_eq!(error_block(b"note\n"), b"note\n");
    assert_eq!(replace_bytes(b"/a/b /a/", b"/a", b"$"), b"$/b $/");
}
