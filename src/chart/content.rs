//! Guessing what a file is from its first bytes.
//!
//! Go: net/http `DetectContentType`. The signatures are those of the MIME
//! sniffing standard that Go follows.

/// Returns the type of content that begins with `data` (512 bytes are enough).
pub fn detect(data: &[u8]) -> &'static str {
    let data = &data[..data.len().min(512)];
    let text = data.trim_ascii_start();
    if HTML_TAGS.iter().any(|tag| starts_with_tag(text, tag)) {
        return "text/html; charset=utf-8";
    }
    if text.starts_with(b"<?xml") {
        return "text/xml; charset=utf-8";
    }
    if let Some((_, _, content_type)) = SIGNATURES.iter().find(|(start, later, _)| {
        data.starts_with(start)
            && later.is_none_or(|(at, part)| data.get(at..).is_some_and(|d| d.starts_with(part)))
    }) {
        return content_type;
    }
    if is_mp4(data) {
        return "video/mp4";
    }
    if text.iter().any(|&byte| is_binary(byte)) {
        return "application/octet-stream";
    }
    "text/plain; charset=utf-8"
}

const HTML_TAGS: &[&[u8]] = &[
    b"<!DOCTYPE HTML",
    b"<HTML",
    b"<HEAD",
    b"<SCRIPT",
    b"<IFRAME",
    b"<H1",
    b"<DIV",
    b"<FONT",
    b"<TABLE",
    b"<A",
    b"<STYLE",
    b"<TITLE",
    b"<B",
    b"<BODY",
    b"<BR",
    b"<P",
    b"<!--",
];

/// How it begins, what follows at an offset, and the type.
type Signature = (&'static [u8], Option<(usize, &'static [u8])>, &'static str);

const SIGNATURES: &[Signature] = &[
    (b"%PDF-", None, "application/pdf"),
    (b"%!PS-Adobe-", None, "application/postscript"),
    (b"\xFE\xFF", None, "text/plain; charset=utf-16be"),
    (b"\xFF\xFE", None, "text/plain; charset=utf-16le"),
    (b"\xEF\xBB\xBF", None, "text/plain; charset=utf-8"),
    (b"\0\0\x01\0", None, "image/x-icon"),
    (b"\0\0\x02\0", None, "image/x-icon"),
    (b"BM", None, "image/bmp"),
    (b"GIF87a", None, "image/gif"),
    (b"GIF89a", None, "image/gif"),
    (b"RIFF", Some((8, b"WEBPVP")), "image/webp"),
    (b"\x89PNG\r\n\x1A\n", None, "image/png"),
    (b"\xFF\xD8\xFF", None, "image/jpeg"),
    (b"FORM", Some((8, b"AIFF")), "audio/aiff"),
    (b"ID3", None, "audio/mpeg"),
    (b"OggS\0", None, "application/ogg"),
    (b"MThd\0\0\0\x06", None, "audio/midi"),
    (b"RIFF", Some((8, b"AVI ")), "video/avi"),
    (b"RIFF", Some((8, b"WAVE")), "audio/wave"),
    (b"\x1A\x45\xDF\xA3", None, "video/webm"),
    (b"\0\x01\0\0", None, "font/ttf"),
    (b"OTTO", None, "font/otf"),
    (b"ttcf", None, "font/collection"),
    (b"wOFF", None, "font/woff"),
    (b"wOF2", None, "font/woff2"),
    (b"", Some((34, b"LP")), "application/vnd.ms-fontobject"),
    (b"\x1F\x8B\x08", None, "application/x-gzip"),
    (b"PK\x03\x04", None, "application/zip"),
    (b"Rar!\x1A\x07\0", None, "application/x-rar-compressed"),
    (b"Rar!\x1A\x07\x01\0", None, "application/x-rar-compressed"),
    (b"\0asm", None, "application/wasm"),
];

/// Reports whether the text begins with the tag, in any case, and the tag ends there.
fn starts_with_tag(text: &[u8], tag: &[u8]) -> bool {
    text.get(..tag.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(tag))
        && matches!(text.get(tag.len()), Some(b' ' | b'>'))
}

/// Reports whether this is an MP4 container: a box named `ftyp` of fitting size,
/// one of whose brands begins with `mp4`.
fn is_mp4(data: &[u8]) -> bool {
    let Some(size) = data.first_chunk::<4>() else {
        return false;
    };
    let size = usize::try_from(u32::from_be_bytes(*size)).unwrap_or(usize::MAX);
    if data.len() < 12 || size > data.len() || size % 4 != 0 || &data[4..8] != b"ftyp" {
        return false;
    }
    // The third word is the minor version, not a brand.
    (8..size).step_by(4).filter(|&at| at != 12).any(|at| {
        data.get(at..)
            .is_some_and(|brand| brand.starts_with(b"mp4"))
    })
}

fn is_binary(byte: u8) -> bool {
    matches!(byte, 0..=0x08 | 0x0B | 0x0E..=0x1A | 0x1C..=0x1F)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_known_by_its_first_bytes() {
        assert_eq!(detect(b"  <html>"), "text/html; charset=utf-8");
        assert_eq!(detect(b"<apple>"), "text/plain; charset=utf-8");
        assert_eq!(detect(b"\x1F\x8B\x08\0"), "application/x-gzip");
        assert_eq!(detect(b"PK\x03\x04"), "application/zip");
        assert_eq!(detect(b"abc\0"), "application/octet-stream");
        assert_eq!(detect(b"a: 1\n"), "text/plain; charset=utf-8");
        assert_eq!(detect(b""), "text/plain; charset=utf-8");
    }
}
