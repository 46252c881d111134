//! UTF-8 over bytes that may be broken: `Go: unicode/utf8`.

/// What a broken sequence decodes to, one byte at a time.
pub const REPLACEMENT: char = '\u{FFFD}';

/// Decodes the first rune of `text` and tells its width in bytes.
///
/// A broken sequence gives (`U+FFFD`, 1), empty text (`U+FFFD`, 0). Overlong forms, surrogates and
/// values above `U+10FFFF` are broken.
pub fn decode_rune(text: &[u8]) -> (char, usize) {
    let (value, width) = match *text {
        [] => return (REPLACEMENT, 0),
        [a @ ..0x80, ..] => return (char::from(a), 1),
        [a @ 0xC2..=0xDF, b @ 0x80..=0xBF, ..] => (bits(a, 0x1F) << 6 | bits(b, 0x3F), 2),
        [a @ 0xE0..=0xEF, b @ 0x80..=0xBF, c @ 0x80..=0xBF, ..] => {
            let value = bits(a, 0x0F) << 12 | bits(b, 0x3F) << 6 | bits(c, 0x3F);
            (if value < 0x800 { u32::MAX } else { value }, 3)
        }
        [
            a @ 0xF0..=0xF4,
            b @ 0x80..=0xBF,
            c @ 0x80..=0xBF,
            d @ 0x80..=0xBF,
            ..,
        ] => {
            let high = bits(a, 0x07) << 18 | bits(b, 0x3F) << 12;
            let value = high | bits(c, 0x3F) << 6 | bits(d, 0x3F);
            (if value < 0x1_0000 { u32::MAX } else { value }, 4)
        }
        _ => return (REPLACEMENT, 1),
    };
    char::from_u32(value).map_or((REPLACEMENT, 1), |rune| (rune, width))
}

fn bits(byte: u8, mask: u8) -> u32 {
    u32::from(byte & mask)
}

/// Decodes the last rune of `text`, as [`decode_rune`] does the first.
pub fn decode_last_rune(text: &[u8]) -> (char, usize) {
    for width in (1..=text.len().min(4)).rev() {
        let tail = &text[text.len() - width..];
        let (rune, used) = decode_rune(tail);
        if used == width && (width > 1 || rune != REPLACEMENT) {
            return (rune, width);
        }
    }
    (REPLACEMENT, text.len().min(1))
}

/// Appends the UTF-8 of `rune`.
pub fn append_rune(out: &mut Vec<u8>, rune: char) {
    let mut buffer = [0; 4];
    out.extend_from_slice(rune.encode_utf8(&mut buffer).as_bytes());
}

/// Appends the UTF-8 of a code point; one that is no rune becomes `U+FFFD`.
pub fn append_code_point(out: &mut Vec<u8>, code_point: i64) {
    let rune = u32::try_from(code_point).ok().and_then(char::from_u32);
    append_rune(out, rune.unwrap_or(REPLACEMENT));
}

/// Number of runes, each broken byte counted as one.
pub fn rune_count(text: &[u8]) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    runes(text).count()
}

/// Iterates over the runes of `text`.
pub fn runes(text: &[u8]) -> Runes<'_> {
    Runes { text, position: 0 }
}

/// Iterator over (byte position, rune, width in bytes); a broken byte has `U+FFFD` and width 1.
#[derive(Clone, Debug)]
pub struct Runes<'a> {
    text: &'a [u8],
    position: usize,
}

impl Iterator for Runes<'_> {
    type Item = (usize, char, usize);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.position..)?;
        let (rune, width) = decode_rune(rest);
        if width == 0 {
            return None;
        }
        let at = self.position;
        self.position += width;
        Some((at, rune, width))
    }
}

/// Whether the whole text is valid UTF-8.
pub fn is_valid(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decoding() {
        for (text, rune, width) in [
            (&b""[..], REPLACEMENT, 0),
            (b"a", 'a', 1),
            (b"\xc3\xa9x", '\u{e9}', 2),
            (b"\xe2\x82\xac", '\u{20ac}', 3),
            (b"\xf0\x9f\x98\x80", '\u{1f600}', 4),
            (b"\xc0\x80", REPLACEMENT, 1),
            (b"\xe0\x80\x80", REPLACEMENT, 1),
            (b"\xed\xa0\x80", REPLACEMENT, 1),
            (b"\xf4\x90\x80\x80", REPLACEMENT, 1),
            (b"\xe2\x82", REPLACEMENT, 1),
            (b"\x80", REPLACEMENT, 1),
            (b"\xef\xbf\xbd", REPLACEMENT, 3),
        ] {
            assert_eq!(decode_rune(text), (rune, width), "{text:x?}");
        }
        assert_eq!(decode_last_rune(b"a\xc3\xa9"), ('\u{e9}', 2));
        assert_eq!(decode_last_rune(b"a\xa9"), (REPLACEMENT, 1));
        assert_eq!(decode_last_rune(b""), (REPLACEMENT, 0));
        assert_eq!(decode_last_rune(b"\xef\xbf\xbd"), (REPLACEMENT, 3));
        assert_eq!(rune_count(b"a\xff\xc3\xa9"), 3);
    }

    #[test]
    fn every_rune_survives() {
        for value in 0..=0x10_FFFF {
            let Some(rune) = char::from_u32(value) else {
                continue;
            };
            let mut text = Vec::new();
            append_rune(&mut text, rune);
            assert_eq!(decode_rune(&text), (rune, text.len()));
            assert_eq!(decode_last_rune(&text), (rune, text.len()));
        }
        let mut text = Vec::new();
        append_code_point(&mut text, 0xD800);
        append_code_point(&mut text, -1);
        assert_eq!(text, "\u{FFFD}\u{FFFD}".as_bytes());
    }
}
