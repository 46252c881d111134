//! Watching a render: which places of which templates wrote which bytes, and what data was read.

use crate::source::{Position, Source, Span};
use crate::template::ast::NodeId;
use crate::template::program::Program;
use crate::value::Value;
use std::ops::Range;

/// Something that is told what a render does. Without one, nothing is spent on it.
pub trait Observer {
    /// Whether to tell it anything.
    const ACTIVE: bool = true;

    /// A field was read of a value, which is known by its identity in memory.
    fn read(&mut self, _receiver: &Value, _name: &[u8]) {}

    /// Output was written. Bytes are counted within the execution under way: the file, or what `include` or
    /// `tpl` began.
    fn wrote(&mut self, _place: Place<'_>, _bytes: Range<usize>) {}

    /// A template was entered from a place.
    fn entered(&mut self, _template: &[u8], _place: Place<'_>) {}

    /// The template entered last was left.
    fn left(&mut self) {}

    /// An `if` or `with` went into its list or not, or a `range` found something or nothing. The place lies in
    /// what decided.
    fn decided(&mut self, _place: Place<'_>, _taken: bool) {}
}

/// Nothing is watched.
#[derive(Clone, Copy, Debug)]
pub struct Unobserved;

impl Observer for Unobserved {
    const ACTIVE: bool = false;
}

/// A node of a template.
#[derive(Clone, Copy, Debug)]
pub struct Place<'p> {
    pub(super) program: &'p Program,
    pub(super) node: Option<NodeId>,
}

impl<'p> Place<'p> {
    /// Returns the text the template was defined in.
    pub fn source(self) -> &'p Source {
        self.program.source()
    }

    /// Returns the bytes of that text which the node is made of.
    pub fn span(self) -> Span {
        self.node
            .map(|node| self.program.ast().node(node).span)
            .unwrap_or_default()
    }

    /// Returns line and column as errors name them.
    pub fn position(self) -> Position {
        let at = self.node.map_or(0, |node| self.program.ast().node(node).at);
        self.source().position(at)
    }
}
