//! YAML values as Go holds them before they become JSON, and as its `%#v` writes
//! them: only what is wrong needs it.

use std::cmp::Ordering;

use super::YamlError;
use super::compose::{after, is_merge, not_a_map, scalar};
use super::parse::{Node, NodeKind};
use super::resolve::Scalar;
use crate::gostd::strconv::{append_quote, format_float_g};

/// How deep a text goes; deeper collections are shown empty.
const MAX_DEPTH: usize = 1_000;

/// How many nodes a text shows at most, so that aliases cannot multiply it.
const MAX_NODES: usize = 100_000;

/// Returns the text of the node at `at`.
pub(super) fn text(tape: &[Node<'_>], at: usize) -> Result<String, YamlError> {
    let mut left = MAX_NODES;
    let value = build(tape, at, 0, &mut left)?;
    let mut out = Vec::new();
    write(&value, true, &mut out);
    Ok(String::from_utf8_lossy(&out).into_owned())
}

/// Looks for what JSON cannot hold: keys that are null or beyond int64, and floats
/// that are no numbers. Values whose key comes again are not there any more.
///
/// `None` if the document is too large to tell.
pub(super) fn refused_by_json(tape: &[Node<'_>]) -> Option<Result<(), YamlError>> {
    let mut left = MAX_NODES;
    let tree = build(tape, 0, 0, &mut left).ok()?;
    if left == 0 {
        return None;
    }
    let refused = wrong_key(&tree).or_else(|| wrong_number(&tree));
    Some(refused.map_or(Ok(()), Err))
}

fn wrong_key(tree: &Tree<'_>) -> Option<YamlError> {
    match tree {
        Tree::Scalar(_) => None,
        Tree::List(items) => items.iter().find_map(wrong_key),
        Tree::Map(entries) => entries.iter().find_map(|(key, value)| {
            let ty = match key {
                Tree::Scalar(Scalar::Null) => "%!s(<nil>)",
                Tree::Scalar(Scalar::Uint(_)) => "uint64",
                _ => return wrong_key(value),
            };
            let mut text = format!("unsupported map key of type: {ty}, key: ").into_bytes();
            write(key, true, &mut text);
            text.extend_from_slice(b", value: ");
            write(value, true, &mut text);
            let text = String::from_utf8_lossy(&text).into_owned();
            Some(YamlError::convert(text))
        }),
    }
}

fn wrong_number(tree: &Tree<'_>) -> Option<YamlError> {
    match tree {
        Tree::Scalar(Scalar::Float(f)) if !f.is_finite() => {
            let name = match *f {
                f64::INFINITY => "+Inf",
                f64::NEG_INFINITY => "-Inf",
                _ => "NaN",
            };
            Some(YamlError::convert(format!(
                "json: unsupported value: {name}"
            )))
        }
        Tree::Scalar(_) => None,
        Tree::List(items) => items.iter().find_map(wrong_number),
        Tree::Map(entries) => entries.iter().find_map(|(_, value)| wrong_number(value)),
    }
}

enum Tree<'a> {
    Scalar(Scalar<'a>),
    List(Vec<Tree<'a>>),
    Map(Vec<(Tree<'a>, Tree<'a>)>),
}

fn build<'a>(
    tape: &[Node<'a>],
    at: usize,
    depth: usize,
    left: &mut usize,
) -> Result<Tree<'a>, YamlError> {
    let Some(node) = tape.get(at) else {
        return Ok(Tree::Scalar(Scalar::Null));
    };
    *left = left.saturating_sub(1);
    if depth >= MAX_DEPTH {
        *left = 0;
    }
    let deep = *left == 0;
    Ok(match &node.kind {
        NodeKind::Scalar { value, tag, plain } => {
            Tree::Scalar(scalar(value, tag.as_deref(), *plain)?)
        }
        NodeKind::Alias { target, .. } if !deep => build(tape, *target, depth + 1, left)?,
        NodeKind::Alias { .. } | NodeKind::End => Tree::Scalar(Scalar::Null),
        NodeKind::List { end } => {
            let mut items = Vec::new();
            let mut next = at + 1;
            while next < *end && !deep {
                items.push(build(tape, next, depth + 1, left)?);
                next = after(tape, next);
            }
            Tree::List(items)
        }
        NodeKind::Map { end } => {
            let mut entries = Vec::new();
            let mut next = at + 1;
            while next < *end && !deep {
                let value_at = after(tape, next);
                let value = build(tape, value_at, depth + 1, left)?;
                if is_merge(&tape[next]) {
                    // Go, too, takes an alias to a map but not one to a list.
                    let literal = matches!(tape[value_at].kind, NodeKind::List { .. });
                    match value {
                        Tree::Map(merged) => entries.extend(merged),
                        Tree::List(items) if literal => {
                            for item in items.into_iter().rev() {
                                let Tree::Map(merged) = item else {
                                    return Err(not_a_map());
                                };
                                entries.extend(merged);
                            }
                        }
                        _ => return Err(not_a_map()),
                    }
                } else {
                    let key = build(tape, next, depth + 1, left)?;
                    if !matches!(key, Tree::Scalar(_)) {
                        let key = text(tape, next)?;
                        return Err(YamlError::decode(&format!("invalid map key: {key}")));
                    }
                    entries.push((key, value));
                }
                next = after(tape, value_at);
            }
            let mut entries: Vec<_> = entries
                .into_iter()
                .map(|(k, v)| {
                    let mut text = Vec::new();
                    write(&k, false, &mut text);
                    (text, k, v)
                })
                .collect();
            // Go sorts keys for printing; of equal keys the last one stays.
            entries.sort_by(in_order);
            let mut kept: Vec<(Vec<u8>, Tree<'a>, Tree<'a>)> = Vec::new();
            for entry in entries {
                match kept.last_mut() {
                    Some(last) if last.0 == entry.0 => *last = entry,
                    _ => kept.push(entry),
                }
            }
            Tree::Map(kept.into_iter().map(|(_, k, v)| (k, v)).collect())
        }
    })
}

/// The order of keys: by type, in the order in which helm holds its types, then numbers by size, the rest by text.
fn in_order(a: &(Vec<u8>, Tree<'_>, Tree<'_>), b: &(Vec<u8>, Tree<'_>, Tree<'_>)) -> Ordering {
    let rank = |key: &Tree<'_>| match key {
        Tree::Scalar(Scalar::Null) => 0,
        Tree::Scalar(Scalar::Uint(_)) => 2,
        Tree::Scalar(Scalar::Int(_)) => 3,
        Tree::Scalar(Scalar::Float(_)) => 4,
        Tree::Scalar(Scalar::Bool(_)) => 5,
        _ => 1,
    };
    rank(&a.1)
        .cmp(&rank(&b.1))
        .then_with(|| match (&a.1, &b.1) {
            (Tree::Scalar(Scalar::Uint(a)), Tree::Scalar(Scalar::Uint(b))) => a.cmp(b),
            (Tree::Scalar(Scalar::Int(a)), Tree::Scalar(Scalar::Int(b))) => a.cmp(b),
            // What is no number comes first.
            (Tree::Scalar(Scalar::Float(a)), Tree::Scalar(Scalar::Float(b))) => {
                let is_number = a.is_nan().cmp(&b.is_nan()).reverse();
                is_number.then(a.partial_cmp(b).unwrap_or(Ordering::Equal))
            }
            _ => a.0.cmp(&b.0),
        })
}

/// Writes a tree; `outer` is false where Go shows an element of interface type.
fn write(tree: &Tree<'_>, outer: bool, out: &mut Vec<u8>) {
    match tree {
        Tree::Scalar(Scalar::Null) if outer => out.extend_from_slice(b"<nil>"),
        Tree::Scalar(Scalar::Null) => out.extend_from_slice(b"interface {}(nil)"),
        Tree::Scalar(Scalar::Bool(b)) => {
            out.extend_from_slice(if *b { b"true" } else { b"false" });
        }
        Tree::Scalar(Scalar::Int(n)) => out.extend_from_slice(n.to_string().as_bytes()),
        Tree::Scalar(Scalar::Uint(n)) => out.extend_from_slice(format!("{n:#x}").as_bytes()),
        Tree::Scalar(Scalar::Float(f)) => out.extend_from_slice(format_float_g(*f).as_bytes()),
        Tree::Scalar(Scalar::Str(s) | Scalar::Timestamp(s)) => append_quote(out, s),
        Tree::List(items) => {
            out.extend_from_slice(b"[]interface {}{");
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.extend_from_slice(b", ");
                }
                write(item, false, out);
            }
            out.push(b'}');
        }
        Tree::Map(entries) => {
            out.extend_from_slice(b"map[interface {}]interface {}{");
            for (i, (key, value)) in entries.iter().enumerate() {
                if i > 0 {
                    out.extend_from_slice(b", ");
                }
                write(key, false, out);
                out.push(b':');
                write(value, false, out);
            }
            out.push(b'}');
        }
    }
}
