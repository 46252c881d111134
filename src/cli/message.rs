//! What goes to standard error, and the findings of `lint`: nothing a terminal obeys, no password, not without end.
//!
//! The text of an error holds whatever the chart, a server or a file put there. It is printed in full up to a limit, with
//! control characters in a form that can be read.

// DIFFERS(helm): helm prints control characters as they are, passwords in some messages, and texts of any length.

use crate::limits::Limit;

/// What stands for a password.
const HIDDEN: &[u8] = b"***";

/// Appends a message as it is printed.
pub(super) fn append(out: &mut Vec<u8>, message: &[u8], most: u64) {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    if message.len() <= most {
        return append_shown(out, message);
    }
    // What happened stands at the end of a message, where it happened at its beginning.
    let (head, tail) = (most / 2, message.len() - most / 2);
    append_shown(out, &message[..head]);
    let spec = Limit::Message.spec();
    let left_out = format!(
        "\n... {} bytes left out (limit {}, --{}) ...\n",
        tail - head,
        spec.name,
        spec.flag
    );
    out.extend_from_slice(left_out.as_bytes());
    append_shown(out, &message[tail..]);
}

fn append_shown(out: &mut Vec<u8>, text: &[u8]) {
    out.reserve(text.len());
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let mut rest = line;
        while let Some((before, after)) = password(rest) {
            append_escaped(out, before);
            out.extend_from_slice(HIDDEN);
            rest = after;
        }
        append_escaped(out, rest);
    }
}

/// Finds the first password in a URL: returns what stands before and behind it.
fn password(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut from = 0;
    loop {
        let scheme = from + memchr::memmem::find(text.get(from..)?, b"://")?;
        let start = scheme + 3;
        let rest = text.get(start..)?;
        let is_end = |byte: &u8| {
            matches!(byte, b'/' | b'?' | b'#' | b'"' | b'\'' | b'`' | b'<' | b'>')
                || byte.is_ascii_whitespace()
        };
        let authority = rest.split(is_end).next().unwrap_or_default();
        let colon = authority.iter().position(|byte| *byte == b':');
        let at = authority.iter().rposition(|byte| *byte == b'@');
        match (colon, at) {
            (Some(colon), Some(at)) if colon < at => {
                return Some((text.get(..=start + colon)?, text.get(start + at..)?));
            }
            _ => from = start + authority.len(),
        }
    }
}

/// Returns a text of messages as it is printed, whatever its length.
pub(super) fn escaped(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    append_escaped(&mut out, text);
    out
}

/// Appends a text with control characters as Go writes them in quotes. A line break and a tab stay.
fn append_escaped(out: &mut Vec<u8>, text: &[u8]) {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let width = match (byte, text.get(at + 1)) {
            (b'\n' | b'\t', _) => {
                out.push(byte);
                1
            }
            (0..=0x1F | 0x7F, _) => {
                out.extend_from_slice(format!("\\x{byte:02x}").as_bytes());
                1
            }
            // The second set of control characters, which some terminals obey too.
            (0xC2, Some(second @ 0x80..=0x9F)) => {
                out.extend_from_slice(format!("\\u{second:04x}").as_bytes());
                2
            }
            (0x80..=0x9F, _) if !continues(text, at) => {
                out.extend_from_slice(format!("\\x{byte:02x}").as_bytes());
                1
            }
            _ => {
                out.push(byte);
                1
            }
        };
        at += width;
    }
}

/// Reports whether a byte is part of a character that began before it.
fn continues(text: &[u8], at: usize) -> bool {
    let before = text.get(at.saturating_sub(3)..at).unwrap_or_default();
    let mut distance = 0;
    for byte in before.iter().rev() {
        distance += 1;
        match byte {
            0x80..=0xBF => {}
            0xC2..=0xDF => return distance == 1,
            0xE0..=0xEF => return distance <= 2,
            0xF0..=0xF4 => return distance <= 3,
            _ => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(message: &[u8], most: u64) -> String {
        let mut out = Vec::new();
        append(&mut out, message, most);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn terminals_find_nothing_to_obey() {
        let text = "a\u{1b}[31mred\u{9b}31m\r\n\tb\u{7f}ü\u{2028}".as_bytes();
        assert_eq!(
            shown(text, 1000),
            "a\\x1b[31mred\\u009b31m\\x0d\n\tb\\x7fü\u{2028}"
        );
        assert_eq!(shown(b"a\x9bb", 1000), "a\\x9bb");
    }

    #[test]
    fn passwords_in_addresses_are_hidden() {
        for (text, want) in [
            (
                "Get \"https://u:secret@h/x\": no",
                "Get \"https://u:***@h/x\": no",
            ),
            (
                "oci://u:a@b@h:80/x y://a:b@c",
                "oci://u:***@h:80/x y://a:***@c",
            ),
            (
                "https://u@h https://h:80/a@b:c",
                "https://u@h https://h:80/a@b:c",
            ),
            ("https://:p@h", "https://:***@h"),
            ("a: b@c ://", "a: b@c ://"),
        ] {
            assert_eq!(shown(text.as_bytes(), 1000), want);
        }
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let text = [b"head".as_slice(), &[b'x'; 1000], b"tail"].concat();
        let shown = shown(&text, 20);
        assert!(shown.starts_with(
            "headxxxxxx\n... 988 bytes left out (limit message, --limit-message) ...\n"
        ));
        assert!(shown.ends_with("xxxxxxtail"), "{shown}");
    }
}
