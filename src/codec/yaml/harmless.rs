//! Passing over what nobody wants: most of a manifest, where only its head is read.

use super::parse::{Node, NodeKind};
use super::resolve::is_finite;

/// Counts the nodes of a part of a tape if none of them can be refused: no aliases or
/// tags, no keys that are anything but texts, no floats that are no numbers, and not
/// `room` levels deep.
pub(super) fn harmless(nodes: &[Node<'_>], room: usize) -> Option<u64> {
    // For each open collection: whether it is a mapping, and a key comes next.
    let mut open: Vec<(bool, bool)> = Vec::new();
    let mut count = 0;
    for node in nodes {
        count += 1;
        let (in_map, key_next) = open.last().copied().unwrap_or_default();
        if let Some(last) = open.last_mut()
            && !matches!(node.kind, NodeKind::End)
        {
            last.1 = in_map && !key_next;
        }
        match &node.kind {
            NodeKind::Scalar { tag: Some(_), .. } | NodeKind::Alias { .. } => return None,
            NodeKind::Scalar { value, plain, .. } => {
                if !is_harmless(value, *plain, key_next) {
                    return None;
                }
            }
            NodeKind::List { .. } | NodeKind::Map { .. } if key_next || open.len() >= room => {
                return None;
            }
            NodeKind::List { .. } => open.push((false, false)),
            NodeKind::Map { .. } => open.push((true, true)),
            NodeKind::End => {
                open.pop();
                count -= 1;
            }
        }
    }
    Some(count)
}

/// Reports whether a scalar without a tag is one that cannot be refused.
pub(super) fn is_harmless(value: &[u8], plain: bool, is_key: bool) -> bool {
    match *value {
        _ if !plain => true,
        [b'a'..=b'z' | b'A'..=b'Z' | b'_', ..] => {
            !is_key || !matches!(value, b"null" | b"Null" | b"NULL")
        }
        [b'.' | b'+' | b'-' | b'<' | b'~', ..] | [] => !is_key && is_finite(value),
        _ => !is_key,
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::super::source::Source;
    use super::*;

    fn count(text: &str) -> Option<u64> {
        let source = Source::new(text.as_bytes());
        harmless(&parse(&source).expect("text is YAML"), 100)
    }

    #[test]
    fn only_what_cannot_be_refused_is_harmless() {
        assert_eq!(count("a: {b: [1, .5, null]}"), Some(8));
        for text in [
            "~: 1",
            "{null: 1}",
            "a: .inf",
            "[a]: 1",
            "<<: {}",
            "a: !!int x",
        ] {
            assert_eq!(count(text), None, "{text}");
        }
    }
}
