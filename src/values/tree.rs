//! Values while set expressions change them.
//!
//! The maps and lists of [`Value`] are shared, and lists never change. A
//! [`Node`] is a value of which the parts on some path were taken apart, so that
//! each expression changes one place and leaves all others alone.

use std::collections::BTreeMap;

use crate::value::{Map, Str, Value};

/// A value, taken apart or not.
pub(super) enum Node {
    Whole(Value),
    Map(Members),
    List(Vec<Node>),
}

/// The members of a map that was taken apart.
pub(super) type Members = BTreeMap<Str, Node>;

/// What was found in place of a map or a list: Go's name of its type.
pub(super) struct Mismatch(pub(super) &'static str);

impl Node {
    pub(super) const NIL: Node = Node::Whole(Value::NIL);

    /// Takes a map apart.
    pub(super) fn members(&mut self) -> Result<&mut Members, Mismatch> {
        if let Node::Whole(value) = self
            && let Some(map) = value.as_map()
        {
            *self = Node::Map(open(map));
        }
        match self {
            Node::Map(members) => Ok(members),
            other => Err(Mismatch(other.go_type())),
        }
    }

    /// Takes a list apart.
    pub(super) fn items(&mut self) -> Result<&mut Vec<Node>, Mismatch> {
        if let Node::Whole(value) = self
            && let Some(list) = value.as_list()
        {
            let items = list.items().iter().cloned().map(Node::Whole).collect();
            *self = Node::List(items);
        }
        match self {
            Node::List(items) => Ok(items),
            other => Err(Mismatch(other.go_type())),
        }
    }

    pub(super) fn is_nil(&self) -> bool {
        matches!(self, Node::Whole(value) if value.is_nil())
    }

    fn go_type(&self) -> &'static str {
        match self {
            Node::Whole(value) if value.is_nil() => "nil",
            Node::Whole(value) => value.go_type(),
            Node::Map(_) => "map[string]interface {}",
            Node::List(_) => "[]interface {}",
        }
    }

    /// Puts the value together again. What was taken apart lies no deeper than set
    /// expressions reach, so the recursion is bounded.
    fn close(self) -> Value {
        match self {
            Node::Whole(value) => value,
            Node::Map(members) => close(members).into(),
            Node::List(items) => Value::list(items.into_iter().map(Node::close).collect()),
        }
    }
}

/// Takes a map apart.
pub(super) fn open(map: &Map) -> Members {
    let entries = map.snapshot();
    let members = entries.iter();
    members
        .map(|(key, value)| (key.clone(), Node::Whole(value.clone())))
        .collect()
}

/// Puts a map together again.
pub(super) fn close(members: Members) -> Map {
    members
        .into_iter()
        .map(|(key, node)| (key, node.close()))
        .collect()
}
