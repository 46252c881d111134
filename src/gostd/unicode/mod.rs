//! Classes and case of characters, and text functions built on them: `Go: unicode, unicode/utf8`
//! and the parts of `strings` that ask about characters.
//!
//! Text is bytes; [`utf8`] says how broken UTF-8 is read. The classes Rust's library lacks are
//! tables in [`tables`].

mod punctuation;
mod tables;
mod text;
mod utf8;

pub use punctuation::is_punctuation;
pub use text::{
    equal_fold, fields, lower_text, map_runes, trim_end_space, trim_space, trim_start_space,
    upper_text,
};
pub use utf8::{
    REPLACEMENT, Runes, append_code_point, append_rune, decode_last_rune, decode_rune, is_valid,
    rune_count, runes,
};

/// Whether `boundaries`, the sorted borders between being outside and inside, put `rune` inside.
fn in_table(boundaries: &[u32], rune: char) -> bool {
    boundaries.partition_point(|&border| border <= u32::from(rune)) % 2 == 1
}

/// Whether `%q` writes the rune as itself: letters, marks, numbers, punctuation, symbols and the
/// ASCII space. `Go: unicode.IsPrint`.
pub fn is_print(rune: char) -> bool {
    match rune {
        ' '..='~' => true,
        ..'\u{a1}' => false,
        _ => in_table(&tables::PRINT, rune),
    }
}

/// Whether the rune is a letter (category L). `Go: unicode.IsLetter`.
pub fn is_letter(rune: char) -> bool {
    if rune.is_ascii() {
        rune.is_ascii_alphabetic()
    } else {
        in_table(&tables::LETTER, rune)
    }
}

/// Whether the rune is a decimal digit (category Nd). `Go: unicode.IsDigit`.
pub fn is_digit(rune: char) -> bool {
    if rune.is_ascii() {
        rune.is_ascii_digit()
    } else {
        in_table(&tables::DECIMAL_DIGIT, rune)
    }
}

/// Whether the rune is white space. `Go: unicode.IsSpace`.
pub fn is_space(rune: char) -> bool {
    rune.is_whitespace()
}

/// Whether the rune is an upper-case letter (category Lu). `Go: unicode.IsUpper`.
pub fn is_upper(rune: char) -> bool {
    // Rust also counts numerals and symbols that look like capitals.
    rune.is_uppercase()
        && !matches!(rune, '\u{2160}'..='\u{216f}' | '\u{24b6}'..='\u{24cf}' | '\u{1f130}'..='\u{1f189}')
}

/// Whether the rune is a lower-case letter (category Ll). `Go: unicode.IsLower`.
pub fn is_lower(rune: char) -> bool {
    rune.is_lowercase() && (rune.is_ascii() || !in_table(&tables::LOWER_BUT_NO_LETTER, rune))
}

/// The upper-case form, always one rune: `ß` stays. `Go: unicode.ToUpper`.
pub fn to_upper(rune: char) -> char {
    let mut mapped = rune.to_uppercase();
    match (mapped.next(), mapped.next()) {
        (Some(upper), None) => upper,
        // Greek letters with iota subscript: Unicode's simple mapping is the title-case letter,
        // eight places on within each block of sixteen.
        _ => match u32::from(rune) {
            code @ (0x1F80..=0x1F87 | 0x1F90..=0x1F97 | 0x1FA0..=0x1FA7) => {
                char::from_u32(code + 8).unwrap_or(rune)
            }
            0x1FB3 => '\u{1FBC}',
            0x1FC3 => '\u{1FCC}',
            0x1FF3 => '\u{1FFC}',
            _ => rune,
        },
    }
}

/// The lower-case form, always one rune: `İ` becomes `i`. `Go: unicode.ToLower`.
pub fn to_lower(rune: char) -> char {
    rune.to_lowercase().next().unwrap_or(rune)
}

/// The title-case form: `ǆ` becomes `ǅ`; else the upper-case form. `Go: unicode.ToTitle`.
pub fn to_title(rune: char) -> char {
    match rune {
        '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
        '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
        '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
        '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
        // Georgian has capitals for whole texts, not for beginnings of words.
        '\u{10d0}'..='\u{10fa}' | '\u{10fd}'..='\u{10ff}' => rune,
        _ => to_upper(rune),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes() {
        for (rune, print, letter, digit) in [
            ('a', true, true, false),
            ('\u{7f}', false, false, false),
            ('\u{a0}', false, false, false),
            ('\u{ad}', false, false, false),
            ('\u{e9}', true, true, false),
            ('\u{300}', true, false, false),
            ('\u{663}', true, false, true),
            ('\u{2160}', true, false, false),
            ('\u{200b}', false, false, false),
            ('\u{2028}', false, false, false),
            ('\u{3000}', false, false, false),
            ('\u{4e2d}', true, true, false),
            ('\u{e000}', false, false, false),
            ('\u{fffd}', true, false, false),
            ('\u{1f600}', true, false, false),
            ('\u{10ffff}', false, false, false),
        ] {
            assert_eq!(
                (is_print(rune), is_letter(rune), is_digit(rune)),
                (print, letter, digit),
                "{rune:?}"
            );
        }
        assert!(is_upper('\u{c9}') && !is_upper('\u{2160}') && !is_upper('a'));
        assert!(is_lower('\u{e9}') && !is_lower('\u{aa}') && !is_lower('\u{24d0}'));
        assert!(is_space('\u{85}') && is_space('\u{3000}') && !is_space('\u{200b}'));
    }

    #[test]
    fn case_is_rune_by_rune() {
        assert_eq!(to_upper('\u{df}'), '\u{df}');
        assert_eq!(to_upper('\u{149}'), '\u{149}');
        assert_eq!(to_upper('\u{1f80}'), '\u{1f88}');
        assert_eq!(to_upper('\u{1fb3}'), '\u{1fbc}');
        assert_eq!(to_lower('\u{130}'), 'i');
        assert_eq!(to_lower('\u{212a}'), 'k');
        assert_eq!(to_title('\u{1c6}'), '\u{1c5}');
        assert_eq!(to_title('\u{10d0}'), '\u{10d0}');
        assert_eq!(to_title('z'), 'Z');
    }
}
