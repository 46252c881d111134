//! Keys that a mapping has more than once: an error where YAML is read strictly.
//!
//! Go: `go.yaml.in/yaml/v2`, `UnmarshalStrict`.

use std::collections::BTreeSet;

use super::YamlError;
use super::compose::{after, is_merge, scalar};
use super::gosyntax;
use super::parse::{Node, NodeKind};
use super::resolve::Scalar;

/// How deep mappings are looked at.
const MAX_DEPTH: usize = 200;

/// How many nodes are looked at, so that aliases cannot multiply them.
const MAX_NODES: usize = 1_000_000;

/// Reports all keys that are set again, in the order of the text.
///
/// What a merge key brings counts as set, so a key that overrides it is repeated.
pub(super) fn refuse(tape: &[Node<'_>]) -> Result<(), YamlError> {
    let mut search = Search {
        tape,
        left: MAX_NODES,
        found: String::new(),
    };
    search.visit(0, 0)?;
    if search.found.is_empty() {
        return Ok(());
    }
    Err(YamlError::decode(&format!(
        "unmarshal errors:{}",
        search.found
    )))
}

struct Search<'t, 'a> {
    tape: &'t [Node<'a>],
    left: usize,
    found: String,
}

impl Search<'_, '_> {
    fn visit(&mut self, at: usize, depth: usize) -> Result<(), YamlError> {
        self.left = self.left.saturating_sub(1);
        // DIFFERS(helm): beyond these bounds nothing is found.
        if depth > MAX_DEPTH || self.left == 0 {
            return Ok(());
        }
        match self.tape.get(at).map(|node| &node.kind) {
            Some(NodeKind::Alias { target, .. }) => self.visit(*target, depth + 1),
            Some(NodeKind::List { end }) => {
                let mut next = at + 1;
                while next < *end {
                    self.visit(next, depth + 1)?;
                    next = after(self.tape, next);
                }
                Ok(())
            }
            Some(NodeKind::Map { .. }) => self.mapping(at, depth, &mut BTreeSet::new()),
            _ => Ok(()),
        }
    }

    /// Looks at the entries of the mapping at `at`; `keys` are those set so far.
    fn mapping(
        &mut self,
        at: usize,
        depth: usize,
        keys: &mut BTreeSet<(String, bool)>,
    ) -> Result<(), YamlError> {
        let tape = self.tape;
        let Some(NodeKind::Map { end }) = tape.get(at).map(|node| &node.kind) else {
            return Ok(());
        };
        let mut key = at + 1;
        while key < *end {
            let value = after(tape, key);
            let (Some(key_node), Some(value_node)) = (tape.get(key), tape.get(value)) else {
                break;
            };
            if is_merge(key_node) {
                self.merge(value, depth + 1, keys)?;
            } else {
                self.visit(value, depth + 1)?;
                let text = gosyntax::text(tape, key)?;
                // `1` and `1.0` look alike, but are two keys.
                let key = (text.clone(), self.is_float(key));
                if keys.contains(&key) {
                    let line = value_node.mark.line + 1;
                    let found = format!("\n  line {line}: key {text} already set in map");
                    self.found.push_str(&found);
                } else {
                    keys.insert(key);
                }
            }
            key = after(tape, value);
        }
        Ok(())
    }

    fn is_float(&self, at: usize) -> bool {
        let mut node = self.tape.get(at);
        if let Some(NodeKind::Alias { target, .. }) = node.map(|node| &node.kind) {
            node = self.tape.get(*target);
        }
        match node.map(|node| &node.kind) {
            Some(NodeKind::Scalar { value, tag, plain }) => {
                matches!(scalar(value, tag.as_deref(), *plain), Ok(Scalar::Float(_)))
            }
            _ => false,
        }
    }

    /// Looks at what a merge key brings: of several maps the last one comes first.
    fn merge(
        &mut self,
        at: usize,
        depth: usize,
        keys: &mut BTreeSet<(String, bool)>,
    ) -> Result<(), YamlError> {
        self.left = self.left.saturating_sub(1);
        if depth > MAX_DEPTH || self.left == 0 {
            return Ok(());
        }
        match self.tape.get(at).map(|node| &node.kind) {
            Some(NodeKind::Alias { target, .. }) => self.merge(*target, depth + 1, keys),
            Some(NodeKind::Map { .. }) => self.mapping(at, depth + 1, keys),
            Some(NodeKind::List { end }) => {
                let mut maps = Vec::new();
                let mut next = at + 1;
                while next < *end {
                    maps.push(next);
                    next = after(self.tape, next);
                }
                for map in maps.into_iter().rev() {
                    self.merge(map, depth + 1, keys)?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}
