//! How a string can be written: what its characters forbid.
//!
//! Go: `yaml_emitter_analyze_scalar` and `stringv` of go-yaml.

use super::emit::Dialect;
use super::resolve::by_form;

/// The ways to write a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

/// What the characters of a string allow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Analysis {
    /// It holds line breaks of any kind.
    pub multiline: bool,
    /// It holds `\n`.
    newline: bool,
    plain: bool,
    single: bool,
    literal: bool,
    /// It would not come through JSON and a YAML reader unchanged.
    pub fragile: bool,
}

/// Looks through a string of valid UTF-8.
pub(super) fn analyze(text: &[u8], dialect: Dialect) -> Analysis {
    let mut found = Analysis {
        multiline: false,
        newline: false,
        plain: true,
        single: true,
        literal: true,
        fragile: false,
    };
    let Some(&first) = text.first() else {
        found.literal = false;
        return found;
    };
    if text.iter().all(|b| SAFE[usize::from(*b)]) && first != b'-' {
        // Nothing that could mean anything but itself.
        return found;
    }
    let blank_at = |at: usize| matches!(text.get(at), None | Some(b' ' | b'\t'));
    match first {
        b'#' | b',' | b'[' | b']' | b'{' | b'}' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\''
        | b'"' | b'%' | b'@' | b'`' => found.plain = false,
        b'?' | b':' | b'-' if blank_at(1) => found.plain = false,
        _ => {}
    }
    if text.starts_with(b"---") || text.starts_with(b"...") {
        found.plain = false;
    }
    let (mut break_space, mut space_break) = (false, false);
    let (mut special, mut tab) = (false, false);
    let (mut after_space, mut after_break) = (false, false);
    let mut after_blank = true;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let width = width(byte);
        let next = at + width;
        let is_break = is_break(&text[at..]);
        match byte {
            b':' if blank_at(next) => found.plain = false,
            b'#' if after_blank => found.plain = false,
            b'\t' if dialect == Dialect::V3 => tab = true,
            _ => special |= !is_printable(&text[at..]),
        }
        found.fragile |= match byte {
            0x7F => true,
            0xC2 => text.get(at + 1).is_some_and(|b| *b < 0xA0),
            0xEF => matches!(text.get(at + 1..next), Some([0xBF, 0xBE | 0xBF])),
            _ => false,
        };
        if byte == b' ' {
            found.plain &= at != 0 && next != text.len();
            found.literal &= next != text.len();
            break_space |= after_break;
        } else if is_break {
            found.multiline = true;
            found.newline |= byte == b'\n';
            space_break |= after_space;
        }
        after_space = byte == b' ';
        after_break = is_break;
        after_blank = is_break || matches!(byte, b' ' | b'\t' | 0);
        at = next;
    }
    if break_space || space_break || special || tab {
        found.plain = false;
        found.single = false;
    }
    if space_break || special {
        found.literal = false;
    }
    found.plain &= !found.multiline;
    found
}

impl Analysis {
    /// Returns the style go-yaml chooses. A `simple_key` stands on one line.
    pub(super) fn style(&self, text: &[u8], dialect: Dialect, simple_key: bool) -> Style {
        if self.newline {
            return if self.literal && !simple_key {
                Style::Literal
            } else {
                Style::Double
            };
        }
        if means_more(text, dialect) {
            Style::Double
        } else if self.plain {
            Style::Plain
        } else {
            self.quoted()
        }
    }

    fn quoted(&self) -> Style {
        if self.single {
            Style::Single
        } else {
            Style::Double
        }
    }

    /// Returns the style of a text with a tag of its own.
    pub(super) fn tagged_style(&self) -> Style {
        if self.newline && self.literal {
            Style::Literal
        } else if self.plain {
            Style::Plain
        } else {
            self.quoted()
        }
    }
}

/// Reports whether a text without quotes would not be read as this string.
fn means_more(text: &[u8], dialect: Dialect) -> bool {
    match by_form(text, true) {
        Err(super::resolve::Text::String) => {}
        _ => return true,
    }
    match text.first() {
        Some(b'0'..=b'9' | b'+' | b'-') => {
            is_base60(text)
                // Version 3 takes one more form for an octal number.
                || dialect == Dialect::V3
                    && matches!(text, [b'0', b'o', b'+' | b'-', digits @ ..]
                        if !digits.is_empty()
                            && digits.iter().all(|b| matches!(b, b'0'..=b'7' | b'_')))
        }
        _ => false,
    }
}

/// Reports whether a text is `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`: YAML 1.1
/// took such for a number in base 60.
fn is_base60(text: &[u8]) -> bool {
    let unsigned = match text {
        [b'-' | b'+', rest @ ..] => rest,
        _ => text,
    };
    let mut parts = unsigned.split(|b| *b == b':');
    let head = parts.next().unwrap_or_default();
    let numeral = |b: &u8| b.is_ascii_digit() || *b == b'_';
    if !head.first().is_some_and(u8::is_ascii_digit) || !head.iter().all(numeral) {
        return false;
    }
    let mut any = false;
    let mut ended = false;
    for part in parts {
        if ended {
            return false;
        }
        any = true;
        let mut pieces = part.splitn(2, |b| *b == b'.');
        let digits = pieces.next().unwrap_or_default();
        if let Some(fraction) = pieces.next() {
            ended = true;
            if !fraction.iter().all(numeral) {
                return false;
            }
        }
        match digits {
            [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9'] => {}
            _ => return false,
        }
    }
    any
}

/// Bytes that mean nothing anywhere in a plain text (a `-` may, at the beginning).
static SAFE: [bool; 256] = {
    let mut safe = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        let b = byte as u8;
        safe[byte] = b.is_ascii_alphanumeric() || matches!(b, b'_' | b'/' | b'-' | b'+' | b'=');
        byte += 1;
    }
    safe
};

/// The width of the character that begins with this byte.
pub(super) fn width(byte: u8) -> usize {
    match byte {
        0..=0xBF => 1,
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        _ => 4,
    }
}

/// Reports whether a text begins with a line break: `\r`, `\n`, NEL, U+2028, U+2029.
pub(super) fn is_break(text: &[u8]) -> bool {
    matches!(
        text,
        [b'\r' | b'\n', ..] | [0xC2, 0x85, ..] | [0xE2, 0x80, 0xA8 | 0xA9, ..]
    )
}

/// Reports whether go-yaml prints the first character of a text as it is. A tab and
/// everything from U+10000 on are not.
pub(super) fn is_printable(text: &[u8]) -> bool {
    match text {
        [b'\n' | 0x20..=0x7E, ..] => true,
        [0xC2, b, ..] => *b >= 0xA0,
        [0xC3..=0xEC | 0xEE, ..] => true,
        [0xED, b, ..] => *b < 0xA0,
        [0xEF, 0xBB, 0xBF, ..] | [0xEF, 0xBF, 0xBE | 0xBF, ..] => false,
        [0xEF, ..] => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(text: &str) -> Style {
        let text = text.as_bytes();
        analyze(text, Dialect::V2).style(text, Dialect::V2, false)
    }

    #[test]
    fn styles_follow_the_text() {
        for text in [
            "a b",
            "=",
            "<<",
            "1:60",
            "2001-02-30",
            "nan",
            "a#b",
            "-a",
            "0o8",
        ] {
            assert_eq!(style(text), Style::Plain, "{text}");
        }
        for text in ["# a", "a: b", "a:", "a #b", " a", "- a", "@a", "\u{2028}"] {
            assert_eq!(style(text), Style::Single, "{text}");
        }
        for text in [
            "",
            "1",
            "true",
            "y",
            "1:30",
            "2001-12-14",
            "a\tb",
            "a \nb",
            "\u{1F600}",
        ] {
            assert_eq!(style(text), Style::Double, "{text}");
        }
        assert_eq!(style("a\nb"), Style::Literal);
    }
}
