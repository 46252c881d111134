//! The bytes of a text as characters: byte order marks, UTF-16, and what may not
//! stand in YAML.
//!
//! Go: `readerc.go` of `go.yaml.in/yaml/v2`.

use std::borrow::Cow;

/// go-yaml reads its input in pieces of this many bytes, and finds what is wrong in
/// a piece before it looks at the piece.
const PIECE: usize = 512;

/// A text that is ready to be scanned.
pub(super) struct Source<'a> {
    /// UTF-8 without anything forbidden.
    text: Cow<'a, [u8]>,
    /// What is wrong with the bytes after the text, if anything.
    pub fault: Option<&'static str>,
    /// Whether there may be line breaks other than line feeds.
    pub has_odd_breaks: bool,
}

impl<'a> Source<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Source<'a> {
        match bytes {
            [0xFF, 0xFE, ..] => Source::from_utf16(bytes, u16::from_le_bytes),
            [0xFE, 0xFF, ..] => Source::from_utf16(bytes, u16::from_be_bytes),
            _ => Source::from_utf8(bytes),
        }
    }

    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    fn from_utf8(bytes: &'a [u8]) -> Source<'a> {
        let start = if bytes.starts_with(b"\xEF\xBB\xBF") {
            3
        } else {
            0
        };
        let mut has_odd_breaks = false;
        let (end, fault) = match first_fault(bytes, start, &mut has_odd_breaks) {
            None => (bytes.len(), None),
            Some((at, problem)) if problem == INCOMPLETE => (at, Some(problem)),
            Some((at, problem)) => (piece_start(bytes, start, at), Some(problem)),
        };
        let text = bytes.get(start..end).unwrap_or_default();
        Source {
            text: Cow::Borrowed(text),
            fault,
            has_odd_breaks,
        }
    }

    fn from_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Source<'a> {
        let mut text = Vec::new();
        // What was read before the current piece.
        let mut before = 0;
        let mut fault = None;
        let mut at = 2;
        let mut piece_end = PIECE;
        while at < bytes.len() {
            let read = |at: usize| match bytes.get(at..at + 2) {
                Some(&[a, b]) => Some(unit([a, b])),
                _ => None,
            };
            let Some(first) = read(at) else {
                before = text.len();
                fault = Some("incomplete UTF-16 character");
                break;
            };
            let (code, width) = match first {
                0xDC00..=0xDFFF => {
                    fault = Some("unexpected low surrogate area");
                    break;
                }
                0xD800..=0xDBFF => match read(at + 2) {
                    None => {
                        before = text.len();
                        fault = Some("incomplete UTF-16 surrogate pair");
                        break;
                    }
                    Some(low @ 0xDC00..=0xDFFF) => {
                        let high = u32::from(first & 0x3FF) << 10;
                        (0x1_0000 + high + u32::from(low & 0x3FF), 4)
                    }
                    Some(_) => {
                        fault = Some("expected low surrogate area");
                        break;
                    }
                },
                unit => (u32::from(unit), 2),
            };
            if at + width > piece_end {
                before = text.len();
                piece_end = at + PIECE;
            }
            match char::from_u32(code).filter(|c| is_allowed(*c)) {
                Some(rune) => crate::gostd::unicode::append_rune(&mut text, rune),
                None => {
                    fault = Some(CONTROL);
                    break;
                }
            }
            at += width;
        }
        if fault.is_some() {
            text.truncate(before);
        }
        Source {
            text: Cow::Owned(text),
            fault,
            has_odd_breaks: true,
        }
    }
}

const CONTROL: &str = "control characters are not allowed";
const INCOMPLETE: &str = "incomplete UTF-8 octet sequence";

/// How many bytes are checked at once.
const AHEAD: usize = 64;

/// Returns the first place where something is wrong, and what; tells of line breaks other than line feeds.
fn first_fault(
    bytes: &[u8],
    start: usize,
    has_odd_breaks: &mut bool,
) -> Option<(usize, &'static str)> {
    let mut at = start;
    loop {
        while let Some(ahead) = bytes.get(at..).and_then(<[u8]>::first_chunk)
            && is_printable(ahead)
        {
            at += AHEAD;
        }
        // There is something else in what comes next, or it is the end.
        let end = bytes.len().min(at + AHEAD);
        if at >= end {
            return None;
        }
        while at < end {
            match bytes[at] {
                byte @ 0..0x80 => {
                    if !PLAIN[usize::from(byte)] {
                        return Some((at, CONTROL));
                    }
                    *has_odd_breaks |= byte == b'\r';
                    at += 1;
                }
                _ => match check_character(&bytes[at..]) {
                    Ok(width) => {
                        *has_odd_breaks |= matches!(
                            bytes[at..],
                            [0xC2, 0x85, ..] | [0xE2, 0x80, 0xA8 | 0xA9, ..]
                        );
                        at += width;
                    }
                    Err(problem) => return Some((at, problem)),
                },
            }
        }
    }
}

/// Reports whether all are line feeds or characters of ASCII that can be seen. Without branches, so that many are
/// looked at in one step.
fn is_printable(bytes: &[u8; AHEAD]) -> bool {
    bytes.iter().fold(0, |others, byte| {
        let is_other = (byte.wrapping_sub(0x20) > 0x5E) & (*byte != b'\n');
        others | u8::from(is_other)
    }) == 0
}

/// Checks a character beyond ASCII; returns its width.
fn check_character(rest: &[u8]) -> Result<usize, &'static str> {
    let (width, bits, least) = match rest.first() {
        Some(b @ 0xC0..=0xDF) => (2, b & 0x1F, 0x80),
        Some(b @ 0xE0..=0xEF) => (3, b & 0x0F, 0x800),
        Some(b @ 0xF0..=0xF7) => (4, b & 0x07, 0x1_0000),
        _ => return Err("invalid leading UTF-8 octet"),
    };
    let Some(trailing) = rest.get(1..width) else {
        return Err(INCOMPLETE);
    };
    let mut code = u32::from(bits);
    for byte in trailing {
        if byte & 0xC0 != 0x80 {
            return Err("invalid trailing UTF-8 octet");
        }
        code = code << 6 | u32::from(byte & 0x3F);
    }
    if code < least {
        return Err("invalid length of a UTF-8 sequence");
    }
    match char::from_u32(code) {
        None => Err("invalid Unicode character"),
        Some(rune) if is_allowed(rune) => Ok(width),
        Some(_) => Err(CONTROL),
    }
}

fn is_allowed(rune: char) -> bool {
    match rune {
        '\0'..='\x7F' => PLAIN[rune as usize & 0x7F],
        '\u{80}'..='\u{9F}' => rune == '\u{85}',
        '\u{FFFE}' | '\u{FFFF}' => false,
        _ => true,
    }
}

/// The ASCII characters that may stand in YAML.
static PLAIN: [bool; 128] = {
    let mut plain = [false; 128];
    let mut byte = 0;
    while byte < 128 {
        plain[byte] = matches!(byte as u8, b'\t' | b'\n' | b'\r' | 0x20..=0x7E);
        byte += 1;
    }
    plain
};

/// Returns where the piece begins in which go-yaml meets the fault at `fault`.
fn piece_start(bytes: &[u8], start: usize, fault: usize) -> usize {
    let mut begin = start;
    let mut raw_end = PIECE;
    while raw_end <= fault {
        // A character cut in two is read with the next piece.
        let mut end = raw_end;
        while end > begin && bytes.get(end).is_some_and(|b| b & 0xC0 == 0x80) {
            end -= 1;
        }
        begin = end;
        raw_end = end + PIECE;
    }
    // The fault's own character may be cut too.
    let width = match bytes.get(fault) {
        Some(0xC0..=0xDF) => 2,
        Some(0xE0..=0xEF) => 3,
        Some(0xF0..=0xF7) => 4,
        _ => 1,
    };
    if fault + width > raw_end && raw_end < bytes.len() {
        begin = fault;
    }
    begin
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_found_with_their_piece() {
        let mut bytes = vec![b'a'; 1000];
        bytes.push(1);
        let source = Source::new(&bytes);
        assert_eq!(source.text().len(), 512);
        assert_eq!(source.fault, Some(CONTROL));
        assert_eq!(Source::new(b"a\xC0\xAF").text(), b"");
        assert_eq!(Source::new(b"a\xE2\x82").text(), b"a");
    }

    #[test]
    fn utf16_becomes_utf8() {
        let source = Source::new(b"\xFE\xFF\0a\x20\xAC\xD8\x3D\xDE\x00");
        assert_eq!(source.text(), "a€😀".as_bytes());
        assert_eq!(source.fault, None);
    }
}
