//! Functions on whole texts that ask about characters: the ends, the words, the case.

use super::{append_rune, decode_last_rune, decode_rune, is_space, runes, to_lower, to_upper};

/// Cuts white space at both ends. `Go: strings.TrimSpace`.
pub fn trim_space(text: &[u8]) -> &[u8] {
    trim_end_space(trim_start_space(text))
}

/// Cuts white space at the beginning.
pub fn trim_start_space(mut text: &[u8]) -> &[u8] {
    loop {
        let (rune, width) = decode_rune(text);
        if width == 0 || !is_space(rune) {
            return text;
        }
        text = &text[width..];
    }
}

/// Cuts white space at the end.
pub fn trim_end_space(mut text: &[u8]) -> &[u8] {
    loop {
        let (rune, width) = decode_last_rune(text);
        if width == 0 || !is_space(rune) {
            return text;
        }
        text = &text[..text.len() - width];
    }
}

/// The words between white space. `Go: strings.Fields`.
pub fn fields(text: &[u8]) -> Vec<&[u8]> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, rune, _) in runes(text) {
        if is_space(rune) {
            if let Some(start) = start.take() {
                words.push(&text[start..at]);
            }
        } else if start.is_none() {
            start = Some(at);
        }
    }
    if let Some(start) = start {
        words.push(&text[start..]);
    }
    words
}

/// Appends `text` with every rune mapped. A broken byte is mapped as `U+FFFD` and so written as
/// three bytes, except that text which the mapping leaves alone is copied as it is.
/// `Go: strings.Map`, for mappings that drop nothing.
pub fn map_runes(out: &mut Vec<u8>, text: &[u8], mapping: impl Fn(char) -> char) {
    for (_, rune, _) in runes(text) {
        append_rune(out, mapping(rune));
    }
}

/// The text in upper case, rune by rune. `Go: strings.ToUpper`.
pub fn upper_text(text: &[u8]) -> Vec<u8> {
    if text.is_ascii() {
        return text.to_ascii_uppercase();
    }
    let mut out = Vec::with_capacity(text.len() + 4);
    map_runes(&mut out, text, to_upper);
    out
}

/// The text in lower case, rune by rune. `Go: strings.ToLower`.
pub fn lower_text(text: &[u8]) -> Vec<u8> {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = Vec::with_capacity(text.len() + 4);
    map_runes(&mut out, text, to_lower);
    out
}

/// Whether two texts differ in case only, under simple folding. `Go: strings.EqualFold`.
pub fn equal_fold(left: &[u8], right: &[u8]) -> bool {
    if left.is_ascii() && right.is_ascii() {
        return left.eq_ignore_ascii_case(right);
    }
    let folded = |text| runes(text).map(|(_, rune, _)| fold(rune));
    folded(left).eq(folded(right))
}

/// One representative of the runes that are equal but for case.
fn fold(rune: char) -> char {
    match rune {
        // The Turkish dotted capital and dotless small i fold to nothing else.
        '\u{130}' | '\u{131}' => rune,
        _ => to_lower(to_upper(rune)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_and_words() {
        assert_eq!(trim_space("\u{a0}\t a b\u{3000}\n".as_bytes()), b"a b");
        assert_eq!(trim_space(b" \xff "), b"\xff");
        assert_eq!(trim_space(b"  "), b"");
        assert_eq!(fields("  a\u{2003}bc \n".as_bytes()), [&b"a"[..], b"bc"]);
        assert!(fields(b" ").is_empty());
    }

    #[test]
    fn case() {
        assert_eq!(
            upper_text("stra\u{df}e \u{131}".as_bytes()),
            "STRA\u{df}E I".as_bytes()
        );
        assert_eq!(
            lower_text("\u{3a3}A\u{3a3}\u{130}".as_bytes()),
            "\u{3c3}a\u{3c3}i".as_bytes()
        );
        assert_eq!(upper_text(b"a\xff"), "A\u{FFFD}".as_bytes());
        assert!(equal_fold("\u{212a}\u{17f}".as_bytes(), b"kS"));
        assert!(equal_fold("\u{3c2}".as_bytes(), "\u{3a3}".as_bytes()));
        assert!(!equal_fold("\u{130}".as_bytes(), b"i"));
        assert!(!equal_fold(b"ab", b"abc"));
    }
}
