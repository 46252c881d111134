//! Patterns for file names: `Go: path/filepath.Match`.

use super::unicode::{REPLACEMENT, decode_rune};

/// The pattern is malformed; Go's text is `syntax error in pattern`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadPattern;

impl std::fmt::Display for BadPattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("syntax error in pattern")
    }
}

impl std::error::Error for BadPattern {}

/// A parsed pattern: `*` and `?` do not match `/`, `[a-z]` and `[^a-z]` are classes, `\` escapes.
#[derive(Clone, Debug)]
pub struct Pattern {
    terms: Vec<Term>,
    /// What every match ends with: a mismatch is nearly always seen here.
    tail: Vec<u8>,
}

#[derive(Clone, Debug)]
enum Term {
    /// `*`
    Star,
    /// `?`
    AnyRune,
    /// `[…]`; may match a slash, unlike the others.
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
    /// A byte that stands for itself.
    Byte(u8),
}

impl Pattern {
    /// Parses a pattern.
    ///
    /// # Errors
    ///
    /// For an unclosed or empty class and for a final backslash.
    pub fn new(pattern: &[u8]) -> Result<Self, BadPattern> {
        let mut terms = Vec::with_capacity(pattern.len());
        let mut rest = pattern;
        while let Some((&byte, tail)) = rest.split_first() {
            rest = tail;
            terms.push(match byte {
                b'*' => Term::Star,
                b'?' => Term::AnyRune,
                b'[' => {
                    let (class, tail) = parse_class(rest)?;
                    rest = tail;
                    class
                }
                b'\\' => {
                    let (&escaped, tail) = rest.split_first().ok_or(BadPattern)?;
                    rest = tail;
                    Term::Byte(escaped)
                }
                _ => Term::Byte(byte),
            });
        }
        let byte = |term: &Term| match term {
            Term::Byte(byte) => Some(*byte),
            _ => None,
        };
        let mut tail: Vec<u8> = terms.iter().rev().map_while(byte).collect();
        tail.reverse();
        Ok(Self { terms, tail })
    }

    /// How many bytes of memory the pattern takes.
    pub fn size(&self) -> usize {
        size_of::<Self>() + self.terms.len() * size_of::<Term>() + self.tail.len()
    }

    /// Whether the whole of `name` matches.
    pub fn matches(&self, name: &[u8]) -> bool {
        self.matches_within(name, &mut 0)
    }

    /// As [`Self::matches`]; adds to `steps` how many terms were held against bytes. For some patterns these are as many as
    /// the product of both lengths.
    pub fn matches_within(&self, name: &[u8], steps: &mut u64) -> bool {
        *steps += 1;
        if !name.ends_with(&self.tail) {
            return false;
        }
        let (mut at_term, mut at_name) = (0, 0);
        // Where to go on after a mismatch: behind the last star, with one more byte given to it.
        let mut retry = None;
        loop {
            *steps += 1;
            match self.terms.get(at_term) {
                None if at_name == name.len() => return true,
                Some(Term::Star) => {
                    at_term += 1;
                    retry = Some((at_term, at_name));
                    continue;
                }
                Some(term) => {
                    if let Some(width) = term.match_one(&name[at_name..]) {
                        at_term += 1;
                        at_name += width;
                        continue;
                    }
                }
                None => {}
            }
            match retry {
                // A star stops at a slash.
                Some((term, start)) if name.get(start).is_some_and(|&byte| byte != b'/') => {
                    retry = Some((term, start + 1));
                    (at_term, at_name) = (term, start + 1);
                }
                _ => return false,
            }
        }
    }
}

impl Term {
    /// How many bytes at the beginning of `text` the term takes, if it matches there.
    fn match_one(&self, text: &[u8]) -> Option<usize> {
        let first = *text.first()?;
        match self {
            Self::Byte(byte) => (first == *byte).then_some(1),
            Self::AnyRune => (first != b'/').then(|| decode_rune(text).1),
            Self::Class { negated, ranges } => {
                let (rune, width) = decode_rune(text);
                let inside = ranges
                    .iter()
                    .any(|&(low, high)| (low..=high).contains(&rune));
                (inside != *negated).then_some(width)
            }
            Self::Star => None,
        }
    }
}

/// Parses what follows `[`, up to and with `]`.
fn parse_class(text: &[u8]) -> Result<(Term, &[u8]), BadPattern> {
    let (negated, mut rest) = match text {
        [b'^', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let mut ranges = Vec::new();
    loop {
        if let [b']', tail @ ..] = rest
            && !ranges.is_empty()
        {
            return Ok((Term::Class { negated, ranges }, tail));
        }
        let (low, tail) = class_rune(rest)?;
        rest = tail;
        let mut high = low;
        if let [b'-', tail @ ..] = rest {
            (high, rest) = class_rune(tail)?;
        }
        ranges.push((low, high));
    }
}

/// Reads one rune of a class; something must follow it, as the class is not closed yet.
fn class_rune(text: &[u8]) -> Result<(char, &[u8]), BadPattern> {
    let text = match text {
        [] | [b'-' | b']', ..] => return Err(BadPattern),
        [b'\\', rest @ ..] => rest,
        rest => rest,
    };
    let (rune, width) = decode_rune(text);
    if width == 0 || (rune == REPLACEMENT && width == 1) || width == text.len() {
        return Err(BadPattern);
    }
    Ok((rune, &text[width..]))
}

/// Whether `name` matches `pattern`.
///
/// # Errors
///
/// If the pattern is malformed, whether or not the name would get that far.
pub fn match_pattern(pattern: &[u8], name: &[u8]) -> Result<bool, BadPattern> {
    Ok(Pattern::new(pattern)?.matches(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matching() {
        for (pattern, name, wanted) in [
            ("abc", "abc", Ok(true)),
            ("*", "a/b", Ok(false)),
            ("*", "", Ok(true)),
            ("*c", "abc", Ok(true)),
            ("a*/b", "abc/b", Ok(true)),
            ("a*/b", "a/c/b", Ok(false)),
            ("a*b*c/*d", "axbxbxxc/fd", Ok(true)),
            ("a?b", "a\u{263a}b", Ok(true)),
            ("a?b", "a/b", Ok(false)),
            ("a[/]b", "a/b", Ok(true)),
            ("a[^a]b", "a\u{263a}b", Ok(true)),
            ("a[^a][^a]b", "a\u{263a}b", Ok(false)),
            ("[a-c]*", "bzz", Ok(true)),
            ("[\\]a]", "]", Ok(true)),
            ("[\\-x]", "-", Ok(true)),
            ("a\\*b", "a*b", Ok(true)),
            ("[]a]", "]", Err(BadPattern)),
            ("[-]", "-", Err(BadPattern)),
            ("[x-]", "x", Err(BadPattern)),
            ("[", "a", Err(BadPattern)),
            ("[^]", "a", Err(BadPattern)),
            ("zzz[", "a", Err(BadPattern)),
            ("a\\", "a", Err(BadPattern)),
            ("[a-b-c]", "a", Err(BadPattern)),
            ("*x", "xxx", Ok(true)),
            ("", "", Ok(true)),
            ("", "a", Ok(false)),
            ("**", "ab", Ok(true)),
        ] {
            assert_eq!(
                match_pattern(pattern.as_bytes(), name.as_bytes()),
                wanted,
                "{pattern} {name}"
            );
        }
    }
}
