//! The tree a template text is parsed to: nodes in one flat list, children named by index.
//!
//! A list instead of boxes because templates may nest without bound: dropping, printing and compiling must not
//! recurse. Names and texts are spans of the source, which the [`Ast`] keeps.
//!
//! Go: `text/template/parse`, the nodes.

use super::number::Number;
use crate::gostd::unicode::trim_space;
use crate::source::{Source, Span};
use std::sync::Arc;

/// Index of a node in its [`Ast`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(super) u32);

/// A syntax element.
#[derive(Debug)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// The text it was made of.
    pub span: Span,
    /// Where error texts place it, which is not always the start of `span`: a chain of fields is placed at its
    /// second link.
    pub at: u32,
}

/// What a node is, with its children.
#[derive(Debug)]
pub enum NodeKind {
    /// Nodes executed one after the other.
    List(Vec<NodeId>),
    /// Text that is copied to the output: the span of the node.
    Text,
    /// `{{ pipeline }}`.
    Action {
        /// What is evaluated and, unless it sets a variable, printed.
        pipe: NodeId,
    },
    /// `if`, `with` or `range`.
    Control {
        /// Which of the three.
        control: Control,
        /// What decides.
        pipe: NodeId,
        /// Executed for a value that is not empty, or for each element.
        list: NodeId,
        /// Executed otherwise.
        else_list: Option<NodeId>,
    },
    /// `{{ break }}`.
    Break,
    /// `{{ continue }}`.
    Continue,
    /// `{{ template "name" pipeline }}`, also what remains of a block.
    Template {
        /// Name of the template to execute.
        name: Box<[u8]>,
        /// Its dot.
        pipe: Option<NodeId>,
    },
    /// Commands, each handing its result to the next.
    Pipe {
        /// Variables that get the result.
        variables: Vec<NodeId>,
        /// `=` instead of `:=`.
        assigns: bool,
        /// The commands.
        commands: Vec<NodeId>,
    },
    /// A function, field or value with its arguments.
    Command(Vec<NodeId>),
    /// Name of a function: the span of the node.
    Identifier,
    /// `$x` or `$x.y.z`: names without dots, the first with its dollar sign.
    Variable(Vec<Span>),
    /// `.x.y.z`: names without dots.
    Field(Vec<Span>),
    /// `(pipeline).x.y`: an operand that is neither field nor variable, with names.
    Chain {
        /// What the fields are taken of.
        operand: NodeId,
        /// Names without dots.
        fields: Vec<Span>,
    },
    /// `.`.
    Dot,
    /// `nil`.
    Nil,
    /// `true` or `false`.
    Bool(bool),
    /// A number or character constant.
    Number(Box<Number>),
    /// A string constant; the span of the node is the literal with its quotes.
    String(Box<[u8]>),
}

/// The control structures with a pipeline and an optional `else`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    /// `{{ if }}`.
    If,
    /// `{{ with }}`.
    With,
    /// `{{ range }}`.
    Range,
}

impl Control {
    /// Returns the keyword.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::If => "if",
            Self::With => "with",
            Self::Range => "range",
        }
    }
}

/// All nodes of one text.
#[derive(Debug)]
pub struct Ast {
    pub(super) source: Arc<Source>,
    pub(super) nodes: Vec<Node>,
}

impl Ast {
    pub(super) fn new(source: Arc<Source>) -> Self {
        Self {
            source,
            nodes: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, kind: NodeKind, span: Span, at: u32) -> NodeId {
        // A node takes at least one byte of a text shorter than 4 GiB, or belongs to one that does.
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(Node { kind, span, at });
        id
    }

    /// Returns a node.
    ///
    /// # Panics
    ///
    /// If the id is of another tree.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// Returns the text the tree was made of.
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// Returns the bytes of a span of the source.
    pub fn text(&self, span: Span) -> &[u8] {
        span.of(self.source.text())
    }

    /// Says whether a list holds nothing but white space, which makes a definition void.
    pub fn is_empty(&self, list: NodeId) -> bool {
        let NodeKind::List(children) = &self.node(list).kind else {
            return false;
        };
        children.iter().all(|child| {
            let child = self.node(*child);
            matches!(child.kind, NodeKind::Text) && trim_space(self.text(child.span)).is_empty()
        })
    }
}

/// A body that can be executed by name.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The name; for the text itself that of the source.
    pub name: Arc<[u8]>,
    /// The body.
    pub root: NodeId,
    /// Whether the body holds only white space.
    pub is_empty: bool,
}

/// The outcome of parsing: the nodes, and the definitions found, one per name.
#[derive(Debug)]
pub struct Parsed {
    /// All nodes.
    pub ast: Ast,
    /// The text itself, its `define`s and its blocks.
    pub definitions: Vec<Definition>,
}
