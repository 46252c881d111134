//! The tree a template text is parsed to: nodes in one flat list, children named by index.
//!
//! A list instead of boxes because templates may nest without bound: dropping, printing and compiling must not
//! recurse. Names and texts are spans of the source, which the [`Ast`] keeps; children, names and unquoted texts
//! lie in lists shared by all nodes, since a chart has many thousand nodes and memory touched is time.
//!
//! Go: `text/template/parse`, the nodes.

use super::number::Number;
use crate::gostd::unicode::trim_space;
use crate::source::{Source, Span};
use std::cell::Cell;
use std::marker::PhantomData;
use std::num::NonZeroU32;
use std::sync::Arc;

/// Place of a node in its [`Ast`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(NonZeroU32);

impl NodeId {
    fn new(place: usize) -> Self {
        // A node takes at least one byte of a text shorter than 4 GiB, or belongs to one that does.
        Self(NonZeroU32::MIN.saturating_add(place as u32))
    }

    fn place(self) -> usize {
        self.0.get() as usize - 1
    }
}

/// A part of one of the lists of an [`Ast`]: children, names or bytes that belong to a node.
#[derive(Debug, PartialEq, Eq)]
pub struct Part<T> {
    first: u32,
    count: u32,
    of: PhantomData<T>,
}

impl<T> Clone for Part<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Part<T> {}

impl<T> Part<T> {
    /// No elements.
    pub(super) const EMPTY: Self = Self::new(0, 0);

    const fn new(first: usize, end: usize) -> Self {
        Self {
            first: first as u32,
            count: (end - first) as u32,
            of: PhantomData,
        }
    }

    /// Returns the number of elements.
    pub fn len(self) -> usize {
        self.count as usize
    }

    /// Says whether there are none.
    pub fn is_empty(self) -> bool {
        self.count == 0
    }

    /// Returns the first elements and the rest.
    pub(super) fn split_at(self, count: usize) -> (Self, Self) {
        let first = self.first as usize;
        let (middle, end) = (first + count.min(self.len()), first + self.len());
        (Self::new(first, middle), Self::new(middle, end))
    }

    fn of(self, list: &[T]) -> &[T] {
        let first = self.first as usize;
        list.get(first..first + self.len()).unwrap_or_default()
    }
}

/// A syntax element.
#[derive(Clone, Copy, Debug)]
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
#[derive(Clone, Copy, Debug)]
pub enum NodeKind {
    /// Nodes executed one after the other.
    List(Part<NodeId>),
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
        name: Part<u8>,
        /// Its dot.
        pipe: Option<NodeId>,
    },
    /// Commands, each handing its result to the next.
    Pipe {
        /// Variables that get the result.
        variables: Part<NodeId>,
        /// `=` instead of `:=`.
        assigns: bool,
        /// The commands.
        commands: Part<NodeId>,
    },
    /// A function, field or value with its arguments.
    Command(Part<NodeId>),
    /// Name of a function: the span of the node.
    Identifier,
    /// `$x` or `$x.y.z`: names without dots, the first with its dollar sign.
    Variable(Part<Span>),
    /// `.x.y.z`: names without dots.
    Field(Part<Span>),
    /// `(pipeline).x.y`: an operand that is neither field nor variable, with names.
    Chain {
        /// What the fields are taken of.
        operand: NodeId,
        /// Names without dots.
        fields: Part<Span>,
    },
    /// `.`.
    Dot,
    /// `nil`.
    Nil,
    /// `true` or `false`.
    Bool(bool),
    /// A number or character constant: its place among the numbers.
    Number(u32),
    /// A string constant; the span of the node is the literal with its quotes.
    String(Part<u8>),
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
    source: Arc<Source>,
    nodes: Vec<Node>,
    children: Vec<NodeId>,
    names: Vec<Span>,
    numbers: Vec<Number>,
    bytes: Vec<u8>,
    /// Whether some pipeline within an argument sets a variable.
    declares_in_arguments: bool,
}

/// The lists of a tree that was forgotten, empty, for the next one: fresh memory costs more than what is written to it.
#[derive(Default)]
struct Lists {
    nodes: Vec<Node>,
    children: Vec<NodeId>,
    names: Vec<Span>,
    numbers: Vec<Number>,
    bytes: Vec<u8>,
}

thread_local! {
    static LISTS: Cell<Lists> = const {
        Cell::new(Lists {
            nodes: Vec::new(),
            children: Vec::new(),
            names: Vec::new(),
            numbers: Vec::new(),
            bytes: Vec::new(),
        })
    };
}

/// Lists for more nodes than this are not kept.
const KEPT_NODES: usize = 1 << 15;

impl Ast {
    pub(super) fn new(source: Arc<Source>) -> Self {
        let mut lists = LISTS.take();
        // Templates have about one node in seven bytes; what is text alone has fewer.
        lists.nodes.reserve(source.text().len() / 8);
        lists.children.reserve(source.text().len() / 8);
        Self {
            source,
            nodes: lists.nodes,
            children: lists.children,
            names: lists.names,
            numbers: lists.numbers,
            bytes: lists.bytes,
            declares_in_arguments: false,
        }
    }

    /// Forgets all but the source, the names and the unquoted texts, which are all that instructions ask for.
    pub(super) fn forget_nodes(&mut self) {
        let names = self.names.as_slice().to_vec();
        let bytes = self.bytes.as_slice().to_vec();
        let mut lists = Lists {
            nodes: std::mem::take(&mut self.nodes),
            children: std::mem::take(&mut self.children),
            names: std::mem::replace(&mut self.names, names),
            numbers: std::mem::take(&mut self.numbers),
            bytes: std::mem::replace(&mut self.bytes, bytes),
        };
        if lists.nodes.capacity() > KEPT_NODES || lists.bytes.capacity() > KEPT_NODES {
            return;
        }
        lists.nodes.clear();
        lists.children.clear();
        lists.names.clear();
        lists.numbers.clear();
        lists.bytes.clear();
        LISTS.set(lists);
    }

    pub(super) fn add(&mut self, kind: NodeKind, span: Span, at: u32) -> NodeId {
        let id = NodeId::new(self.nodes.len());
        self.nodes.push(Node { kind, span, at });
        id
    }

    /// Puts another node in the place of one.
    pub(super) fn replace(&mut self, id: NodeId, kind: NodeKind, span: Span, at: u32) {
        if let Some(node) = self.nodes.get_mut(id.place()) {
            *node = Node { kind, span, at };
        }
    }

    pub(super) fn add_children(&mut self, children: &[NodeId]) -> Part<NodeId> {
        let first = self.children.len();
        self.children.extend_from_slice(children);
        Part::new(first, self.children.len())
    }

    pub(super) fn add_name(&mut self, name: Span) -> Part<Span> {
        self.names.push(name);
        Part::new(self.names.len() - 1, self.names.len())
    }

    /// Adds a name behind others.
    pub(super) fn join_name(&mut self, names: Part<Span>, name: Span) -> Part<Span> {
        let (mut first, end) = (names.first as usize, names.first as usize + names.len());
        if end != self.names.len() {
            first = self.names.len();
            self.names.extend_from_within(names.first as usize..end);
        }
        self.names.push(name);
        Part::new(first, self.names.len())
    }

    pub(super) fn add_number(&mut self, number: Number) -> NodeKind {
        self.numbers.push(number);
        NodeKind::Number(self.numbers.len() as u32 - 1)
    }

    pub(super) fn note_argument_declares(&mut self) {
        self.declares_in_arguments = true;
    }

    /// Says whether some pipeline within an argument sets a variable.
    pub(super) fn declares_in_arguments(&self) -> bool {
        self.declares_in_arguments
    }

    pub(super) fn add_bytes(&mut self, bytes: &[u8]) -> Part<u8> {
        let first = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        Part::new(first, self.bytes.len())
    }

    /// Returns a node.
    ///
    /// # Panics
    ///
    /// If the id is of another tree.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.place()]
    }

    /// Returns all nodes, parts before the whole.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Returns children of a node.
    pub fn children(&self, part: Part<NodeId>) -> &[NodeId] {
        part.of(&self.children)
    }

    /// Returns the names of a field, variable or chain.
    pub fn names(&self, part: Part<Span>) -> &[Span] {
        part.of(&self.names)
    }

    /// Returns the text of the first of some names.
    pub(super) fn name(&self, part: Part<Span>) -> &[u8] {
        let name = self.names(part).first();
        name.map_or(&[], |name| self.text(*name))
    }

    /// Returns an unquoted text.
    pub fn bytes(&self, part: Part<u8>) -> &[u8] {
        part.of(&self.bytes)
    }

    /// Returns a number.
    pub fn number(&self, number: u32) -> Option<&Number> {
        self.numbers.get(number as usize)
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
        let NodeKind::List(children) = self.node(list).kind else {
            return false;
        };
        self.children(children).iter().all(|child| {
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
