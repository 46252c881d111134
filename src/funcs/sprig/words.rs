//! Words in a text: breaking lines, and the forms of names (`snake_case`, `CamelCase`).
//!
//! Go: Masterminds/goutils v1.1.1, huandu/xstrings v1.5.0.

use crate::gostd::unicode::{
    append_rune, is_letter, is_punctuation, is_space, is_upper, runes, to_lower, to_upper,
};

/// Whether the character is a capital, alone (`A`) or with a small letter (`ǅ`).
pub(super) fn is_upper_or_title(rune: char) -> bool {
    is_upper(rune)
        || matches!(rune,
            '\u{1C5}' | '\u{1C8}' | '\u{1CB}' | '\u{1F2}'
            | '\u{1F88}'..='\u{1F8F}' | '\u{1F98}'..='\u{1F9F}' | '\u{1FA8}'..='\u{1FAF}'
            | '\u{1FBC}' | '\u{1FCC}' | '\u{1FFC}')
}

/// Breaks `text` at spaces into lines of at most `width` bytes. A longer word stays whole unless
/// `break_words`.
pub(super) fn wrap(text: &[u8], width: i64, newline: &[u8], break_words: bool) -> Vec<u8> {
    let newline = if newline.is_empty() { b"\n" } else { newline };
    let width = usize::try_from(width).unwrap_or(0).max(1);
    let mut out = Vec::with_capacity(text.len() + text.len() / width + 1);
    let mut rest = text;
    while rest.len() > width {
        let (line, after) = if let Some(after) = rest.strip_prefix(b" ") {
            // Spaces at the beginning of a line are dropped.
            rest = after;
            continue;
        } else if let Some(space) = memchr::memrchr(b' ', rest.get(..=width).unwrap_or(rest)) {
            (space, space + 1)
        } else if break_words {
            (width, width)
        } else if let Some(space) = memchr::memchr(b' ', rest.get(width..).unwrap_or_default()) {
            (width + space, width + space + 1)
        } else {
            break;
        };
        out.extend_from_slice(rest.get(..line).unwrap_or(rest));
        out.extend_from_slice(newline);
        rest = rest.get(after..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    out
}

/// Whether the character stands between the words of a name.
fn is_connector(rune: char) -> bool {
    matches!(rune, '-' | '_') || is_space(rune)
}

/// Returns the name in upper camel case.
pub(super) fn camel_case(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let all: Vec<char> = runes(text).map(|(_, rune, _)| rune).collect();
    let leading = all.iter().take_while(|rune| is_connector(**rune)).count();
    if leading == all.len() {
        // Where there is nothing else the last one comes twice (vector: fn-camelcase).
        all.iter()
            .chain(all.last())
            .for_each(|rune| append_rune(&mut out, *rune));
        return out;
    }
    let mut begins = true;
    // A run of capitals at the beginning of a word is folded to one.
    let mut folds = false;
    for (i, rune) in all.iter().copied().enumerate() {
        if is_connector(rune) {
            let next = all.get(i + 1).copied();
            // The connector right before a word vanishes.
            if i < leading || next.is_none_or(is_connector) {
                append_rune(&mut out, rune);
            }
            begins = true;
            continue;
        }
        let is_capital = is_upper(rune);
        let shown = match () {
            () if begins => to_upper(rune),
            () if folds && is_capital => to_lower(rune),
            () => rune,
        };
        folds = is_capital && (begins || folds);
        begins = false;
        append_rune(&mut out, shown);
    }
    out
}

/// What a word of a name consists of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    /// A capital and what belongs to it: more capitals, or small letters.
    Capital,
    /// Letters of scripts that are not written as ideographs, not capitals.
    Alphabet,
    Connector,
    Punctuation,
    Other,
}

/// A character with the bytes it stands for; broken bytes belong to the next character, or to
/// the last one if none follows.
struct Unit {
    rune: char,
    end: usize,
}

/// Returns the words of the name in lower case, joined by `connector`. A number sticks to the
/// word before it, unless small letters follow.
pub(super) fn lower_case_words(text: &[u8], connector: u8) -> Vec<u8> {
    let words = split_words(text);
    let mut out = Vec::with_capacity(text.len() + words.len());
    let kind = |i: usize| words.get(i).map(|(kind, _)| *kind);
    let separate = |out: &mut Vec<u8>, i: usize| {
        if kind(i).is_some_and(|k| k != Kind::Connector && k != Kind::Punctuation) {
            out.push(connector);
        }
    };
    // Small letters and numbers that follow a number stick to it.
    let absorb = |out: &mut Vec<u8>, mut i: usize| {
        while let Some((Kind::Alphabet | Kind::Number, word)) = words.get(i) {
            out.extend_from_slice(word);
            i += 1;
        }
        separate(out, i);
        i
    };
    let mut i = 0;
    while let Some((word_kind, word)) = words.get(i) {
        append_lower(&mut out, *word_kind, word, connector);
        i += 1;
        match (word_kind, kind(i), words.get(i + 1)) {
            (Kind::Connector | Kind::Punctuation, ..) => {}
            (Kind::Number, ..) => i = absorb(&mut out, i),
            (_, Some(Kind::Number), None) => {}
            (_, Some(Kind::Number), Some((Kind::Alphabet, _))) => {
                out.push(connector);
                i = absorb(&mut out, i);
            }
            (_, Some(Kind::Number), Some(_)) => {
                out.extend_from_slice(words.get(i).map_or(&[], |(_, number)| number));
                i += 1;
                separate(&mut out, i);
            }
            _ => separate(&mut out, i),
        }
    }
    out
}

fn append_lower(out: &mut Vec<u8>, kind: Kind, word: &[u8], connector: u8) {
    match kind {
        Kind::Capital | Kind::Connector => {
            for (_, rune, _) in runes(word) {
                if is_connector(rune) {
                    out.push(connector);
                } else if is_upper(rune) {
                    append_rune(out, to_lower(rune));
                } else {
                    append_rune(out, rune);
                }
            }
        }
        _ => out.extend_from_slice(word),
    }
}

fn split_words(text: &[u8]) -> Vec<(Kind, &[u8])> {
    let mut units: Vec<Unit> = Vec::with_capacity(text.len());
    for (at, rune, width) in runes(text) {
        if rune != char::REPLACEMENT_CHARACTER {
            let end = at + width;
            units.push(Unit { rune, end });
        }
    }
    match units.last_mut() {
        Some(last) => last.end = text.len(),
        None if text.is_empty() => return Vec::new(),
        None => return vec![(Kind::Other, text)],
    }
    let mut words = Vec::new();
    let (mut first, mut start) = (0, 0);
    while let Some(unit) = units.get(first) {
        let (kind, count) = word(unit.rune, units.get(first + 1..).unwrap_or_default());
        first += 1 + count;
        let end = units.get(first - 1).map_or(text.len(), |unit| unit.end);
        words.push((kind, text.get(start..end).unwrap_or_default()));
        start = end;
    }
    words
}

/// Returns the kind of the word that begins with `first`, and how many of the following
/// characters belong to it.
fn word(first: char, rest: &[Unit]) -> (Kind, usize) {
    let run = |belongs: fn(char) -> bool| rest.iter().take_while(|u| belongs(u.rune)).count();
    let is_small = |rune: char| is_alphabet(rune) && !is_upper(rune);
    if is_connector(first) {
        (Kind::Connector, run(is_connector))
    } else if is_punctuation(first) {
        (Kind::Punctuation, run(is_punctuation))
    } else if is_upper(first) {
        let capitals = run(is_upper);
        let then_letter = rest.get(capitals).is_some_and(|u| is_alphabet(u.rune));
        match (capitals, then_letter) {
            (0, true) => (Kind::Capital, run(|r| is_alphabet(r) && !is_upper(r))),
            // The last capital begins the next word: HTTPServer.
            (_, true) => (Kind::Capital, capitals - 1),
            (_, false) => (Kind::Capital, capitals),
        }
    } else if is_small(first) {
        (Kind::Alphabet, run(|r| is_alphabet(r) && !is_upper(r)))
    } else if first.is_numeric() {
        (Kind::Number, run(char::is_numeric))
    } else {
        let other =
            |r: char| !is_connector(r) && !is_alphabet(r) && !r.is_numeric() && !is_punctuation(r);
        (Kind::Other, run(other))
    }
}

/// Whether the character is a letter of a script that is not written as ideographs.
fn is_alphabet(rune: char) -> bool {
    is_letter(rune)
        && !matches!(rune, '\u{3400}'..='\u{4D85}' | '\u{4E00}'..='\u{9FCC}' | '\u{20000}'..='\u{2B81D}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_split_into_words() {
        for (name, snake) in [
            ("A1BC", "a1_bc"),
            ("1ABC", "1_abc"),
            ("XÉÉé", "xé_éé"),
            ("- _A", "___a"),
            ("ABCdEF", "ab_cd_ef"),
            ("日BC", "日_bc"),
            ("a€b", "a_€_b"),
            ("a①b2", "a_①b2"),
            ("a12.b3c", "a12.b_3c"),
            ("12ab-34", "12ab_34"),
            ("A12BcD", "a12_bc_d"),
            ("AaA1 2b", "aa_a1_2b"),
            ("HTTP2xx", "http_2xx"),
            ("a1_", "a1_"),
            ("x1Y2z3", "x1_y_2z3"),
        ] {
            let text = lower_case_words(name.as_bytes(), b'_');
            assert_eq!(String::from_utf8_lossy(&text), snake, "{name}");
        }
        assert_eq!(
            lower_case_words(b"ab\xffCD", b'-'),
            "ab-\u{FFFD}cd".as_bytes()
        );
        assert_eq!(lower_case_words(b"12\xff3\xff", b'-'), b"12\xff3\xff");
        assert_eq!(lower_case_words(b"\xff", b'-'), b"\xff");
    }

    #[test]
    fn names_in_camel_case() {
        for (name, camel) in [
            ("A1BC", "A1BC"),
            ("XÉÉé", "Xééé"),
            ("ABC-dEF GHi", "AbcDEFGhi"),
            ("AB.CD", "Ab.CD"),
            ("_", "__"),
            ("- _A", "- _A"),
            ("A__", "A__"),
            ("a-", "A-"),
            ("ABǅC", "AbǅC"),
            ("a _-B", "A _B"),
            ("", ""),
        ] {
            let text = camel_case(name.as_bytes());
            assert_eq!(String::from_utf8_lossy(&text), camel, "{name}");
        }
    }

    #[test]
    fn lines_break_at_spaces() {
        assert_eq!(
            wrap(b"one two  three ", 4, b"", false),
            b"one\ntwo \nthree\n"
        );
        assert_eq!(wrap(b"seventeen a", 4, b"|", true), b"seve|ntee|n a");
        assert_eq!(wrap(b"seventeen a", 0, b"|", false), b"seventeen|a");
    }
}
