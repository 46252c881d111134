//! The escaping functions templates can call: `Go: text/template` `html` and `js`.

use super::strconv::append_radix;
use super::unicode::{REPLACEMENT, decode_rune, is_print};

/// Appends `text` with `" ' & < >` and NUL made harmless in HTML.
pub fn append_html_escaped(out: &mut Vec<u8>, text: &[u8]) {
    out.reserve(text.len());
    for &byte in text {
        match byte {
            b'\0' => out.extend_from_slice("\u{FFFD}".as_bytes()),
            b'"' => out.extend_from_slice(b"&#34;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            _ => out.push(byte),
        }
    }
}

/// Appends `text` escaped for the inside of a JavaScript string.
pub fn append_js_escaped(out: &mut Vec<u8>, text: &[u8]) {
    let mut rest = text;
    while let Some(&byte) = rest.first() {
        let width = match byte {
            b'\\' | b'\'' | b'"' => {
                out.push(b'\\');
                out.push(byte);
                1
            }
            ..b' ' | b'<' | b'>' | b'&' | b'=' => {
                append_unicode_escape(out, u32::from(byte));
                1
            }
            b' '..=0x7f => {
                out.push(byte);
                1
            }
            _ => {
                let (rune, width) = decode_rune(rest);
                // A broken byte counts as the printable U+FFFD and is kept.
                if is_print(rune) || (rune == REPLACEMENT && width == 1) {
                    out.extend_from_slice(&rest[..width]);
                } else {
                    append_unicode_escape(out, u32::from(rune));
                }
                width
            }
        };
        rest = &rest[width..];
    }
}

/// `\uXXXX`, with more digits for a rune that needs them.
fn append_unicode_escape(out: &mut Vec<u8>, value: u32) {
    let mut digits = Vec::with_capacity(8);
    append_radix(&mut digits, u64::from(value), 16, true);
    out.extend_from_slice(b"\\u");
    out.resize(out.len() + 4usize.saturating_sub(digits.len()), b'0');
    out.extend_from_slice(&digits);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html() {
        let mut out = Vec::new();
        append_html_escaped(&mut out, b"<a b=\"c\" d='e'>&\0\xff");
        assert_eq!(
            out,
            b"&lt;a b=&#34;c&#34; d=&#39;e&#39;&gt;&amp;\xef\xbf\xbd\xff"
        );
    }

    #[test]
    fn js() {
        let mut out = Vec::new();
        append_js_escaped(
            &mut out,
            "'\"\\<>&=\n\u{7f}\u{e9}\u{a0}\u{200b}\u{10ffff}".as_bytes(),
        );
        out.push(0xff);
        let mut wanted = r#"\'\"\\\u003C\u003E\u0026\u003D\u000A"#.as_bytes().to_vec();
        wanted.extend_from_slice("\u{7f}\u{e9}\\u00A0\\u200B\\u10FFFF".as_bytes());
        wanted.push(0xff);
        assert_eq!(out, wanted);
        out.clear();
        append_js_escaped(&mut out, b"a\xffb");
        assert_eq!(out, b"a\xffb");
    }
}
