//! Pattern text to nodes.

use crate::gostd::unicode::{REPLACEMENT, append_rune, decode_rune};

/// Most nodes a pattern may have, so that plans nest only so deep.
// DIFFERS(helm): the reference has no bounds; a pattern beyond these counts as malformed.
const MAX_NODES: usize = 500;

/// Most braces that may be open at once.
const MAX_OPEN: usize = 50;

/// A piece of a pattern.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Text(Vec<u8>),
    /// `*`
    Any,
    /// `**`
    Super,
    /// `?`
    Single,
    /// `[abc]`, `[!abc]`
    List {
        runes: Vec<char>,
        negated: bool,
    },
    /// `[a-z]`, `[!a-z]`
    Range {
        low: char,
        high: char,
        negated: bool,
    },
    /// `{a,b}`
    Alternatives(Vec<Vec<Node>>),
    /// Nodes taken together, as factoring alternatives makes them.
    Sequence(Vec<Node>),
    /// What factoring leaves of an alternative that is wholly common to all.
    Nothing,
}

/// Parses a pattern; `None` if it is malformed. Braces left open are closed at the end.
pub(super) fn parse(pattern: &[u8]) -> Option<Vec<Node>> {
    let mut rest = pattern;
    let mut count = 0;
    let mut current = Vec::new();
    let mut open: Vec<OpenBrace> = Vec::new();
    while let Some(rune) = peek(rest)? {
        count += 1;
        if count > MAX_NODES || open.len() > MAX_OPEN {
            return None;
        }
        match rune {
            '{' => {
                rest = &rest[1..];
                open.push((std::mem::take(&mut current), Vec::new()));
            }
            '[' => {
                rest = &rest[1..];
                current.push(parse_class(&mut rest)?);
            }
            '?' => {
                rest = &rest[1..];
                current.push(Node::Single);
            }
            '*' => {
                rest = &rest[1..];
                if peek(rest)? == Some('*') {
                    rest = &rest[1..];
                    current.push(Node::Super);
                } else {
                    current.push(Node::Any);
                }
            }
            ',' if !open.is_empty() => {
                rest = &rest[1..];
                if let Some((_, alternatives)) = open.last_mut() {
                    alternatives.push(std::mem::take(&mut current));
                }
            }
            '}' if !open.is_empty() => {
                rest = &rest[1..];
                close_brace(&mut open, &mut current);
            }
            _ => {
                let ends: &[char] = if open.is_empty() {
                    &['?', '*', '[', '{']
                } else {
                    &['?', '*', '[', '{', '}', ',']
                };
                let text = take_text(&mut rest, ends)?;
                if !text.is_empty() {
                    current.push(Node::Text(text));
                }
            }
        }
    }
    while !open.is_empty() {
        close_brace(&mut open, &mut current);
    }
    Some(current)
}

/// The nodes before a brace, and its alternatives so far.
type OpenBrace = (Vec<Node>, Vec<Vec<Node>>);

/// Closes the innermost brace, with `current` as its last alternative.
fn close_brace(open: &mut Vec<OpenBrace>, current: &mut Vec<Node>) {
    if let Some((before, mut alternatives)) = open.pop() {
        alternatives.push(std::mem::replace(current, before));
        current.push(Node::Alternatives(alternatives));
    }
}

/// The first rune: `Some(None)` at the end, which NUL also is; `None` where the text is not UTF-8
/// or holds U+FFFD, which the reference cannot tell apart.
fn peek(text: &[u8]) -> Option<Option<char>> {
    match decode_rune(text) {
        (_, 0) | ('\0', _) => Some(None),
        (REPLACEMENT, _) => None,
        (rune, _) => Some(Some(rune)),
    }
}

/// Takes the first rune, if there is one.
fn next(rest: &mut &[u8]) -> Option<Option<char>> {
    let rune = peek(rest)?;
    if let Some(rune) = rune {
        *rest = &rest[rune.len_utf8()..];
    }
    Some(rune)
}

/// Takes text up to one of `ends` that no backslash escapes.
fn take_text(rest: &mut &[u8], ends: &[char]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    let mut escaped = false;
    while let Some(rune) = peek(rest)? {
        if !escaped && ends.contains(&rune) {
            break;
        }
        *rest = &rest[rune.len_utf8()..];
        if !escaped && rune == '\\' {
            escaped = true;
            continue;
        }
        escaped = false;
        append_rune(&mut text, rune);
    }
    Some(text)
}

/// Reads what follows `[`: a range if its second rune is a dash, else a list of runes.
fn parse_class(rest: &mut &[u8]) -> Option<Node> {
    let mut negated = false;
    if peek(rest)? == Some('!') {
        negated = true;
        *rest = &rest[1..];
    }
    let first = next(&mut { *rest })??;
    let after_first = &rest[first.len_utf8()..];
    if peek(after_first)? == Some('-') {
        *rest = &after_first[1..];
        let high = next(rest)??;
        if high < first || next(rest)?? != ']' {
            return None;
        }
        return Some(Node::Range {
            low: first,
            high,
            negated,
        });
    }
    let text = take_text(rest, &[']'])?;
    if text.is_empty() || next(rest)?? != ']' {
        return None;
    }
    let runes = String::from_utf8(text).ok()?.chars().collect();
    Some(Node::List { runes, negated })
}
