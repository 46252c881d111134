//! What a text is compiled to: instructions for a stack machine, and the tables they point into.
//!
//! A program is immutable and shared by all renders. Its tree is forgotten once the instructions are made, so that
//! the memory serves the next text; errors, which print nodes, make it again.

use super::ast::{Ast, NodeId, Part};
use super::func::{Comparison, FuncDef};
use super::parser::parse;
use crate::source::{Source, Span};
use crate::value::{ParamType, Value};
use std::sync::{Arc, OnceLock};

/// Place of an instruction in [`Program::code`].
pub type Address = u32;

/// One instruction. "The top" is the top of the stack of values.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// Writes text of the source.
    Text(Span),
    /// Takes the top and writes it.
    Print,
    /// Takes the top away.
    Drop,
    /// Pushes dot.
    Dot,
    /// Pushes a constant.
    Constant(u32),
    /// Pushes nil.
    Nil,
    /// Pushes a variable.
    Load(u32),
    /// Pushes the first of a chain of variables that is set.
    LoadFirst(u32),
    /// Sets a variable to the top, which stays.
    Store(u32),
    /// Sets a variable to the top, which is taken away.
    Take(u32),
    /// Sets the first of a chain of variables that is set.
    StoreFirst(u32),
    /// Makes variables undefined: those that the following arguments may or may not declare.
    Clear {
        /// The first one.
        from: u32,
        /// The one after the last.
        to: u32,
    },
    /// Replaces the top by a field of a field of it.
    Fields(Part<Span>),
    /// The same for the fields of a chain: their index.
    ChainFields(u32),
    /// Pushes a field of a field of dot.
    DotFields(Part<Span>),
    /// Forgets that the top came out of an interface.
    Concrete,
    /// Checks the top against the type of a parameter.
    Check(u32),
    /// Moves the value below the top `n` values to the top.
    Rotate(u32),
    /// Calls a function with the top `arguments` values.
    Call {
        /// Index of the function.
        function: u32,
        /// How many values.
        arguments: u32,
    },
    /// Begins a call of a field: takes the top as receiver.
    Method(u32),
    /// Pushes a literal as the type of the parameter wants it.
    MethodLiteral {
        /// The literal.
        node: NodeId,
        /// Number of the argument.
        argument: u32,
    },
    /// Checks the top against the type of a method's parameter.
    MethodCheck(u32),
    /// Calls the method with the top values.
    MethodCall(u32),
    /// `not`.
    Not,
    /// `len`.
    Len,
    /// `index` with so many values.
    Index(u32),
    /// A comparison of so many values.
    Compare(Comparison, u32),
    /// `call`, which never finds a function.
    CallValue {
        /// How many values.
        arguments: u32,
        /// What is called, if it is written as an argument.
        shown: Option<NodeId>,
    },
    /// Within `and` and `or`: goes on at the target with the top as result, or takes it away.
    Short {
        /// The truth value that decides.
        on: bool,
        /// Where to.
        target: Address,
    },
    /// Takes away the value below the top.
    Nip,
    /// Notes the node visited last, where that depends on what was executed.
    At(NodeId),
    /// Stops with a message.
    Fail(u32),
    /// `include` with the top two values.
    Include,
    /// `tpl` with the top two values.
    Tpl,
    /// Goes on elsewhere.
    Jump(Address),
    /// Takes the top and goes on elsewhere if it is empty.
    If(Address),
    /// Takes the top; goes on elsewhere if it is empty, else makes it dot.
    With(Address),
    /// Returns to the dot before `With`.
    EndWith,
    /// Takes the top to iterate over; goes on elsewhere if there is nothing.
    Range {
        /// Index of the variables.
        range: u32,
        /// Where to.
        otherwise: Address,
    },
    /// Goes to the next element, or elsewhere if there is none.
    Next {
        /// Index of the variables.
        range: u32,
        /// Where to.
        end: Address,
    },
    /// Leaves the innermost loop.
    Break(Address),
    /// Looks whether a template exists and may be entered.
    Template(Part<u8>),
    /// Takes the top as dot and executes a template.
    Enter(Part<u8>),
    /// Leaves the template.
    Return,
}

/// The field names of a chain, whose operand is visited between the chain and them.
#[derive(Clone, Copy, Debug)]
pub struct Chain {
    /// The names.
    pub names: Part<Span>,
    /// Where an error of a method is placed.
    pub node: NodeId,
}

/// A call of a field with arguments.
#[derive(Clone, Copy, Debug)]
pub struct MethodSite {
    /// The name.
    pub name: Part<Span>,
    /// How many arguments are written.
    pub arguments: u32,
    /// Whether a piped value follows them.
    pub piped: bool,
    /// Where to go on if the receiver is nil.
    pub skip: Address,
}

/// A variable that may be unset, and what its name stands for then.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// The variable.
    pub slot: u32,
    /// Index of the next one.
    pub next: Option<u32>,
}

/// Where a range puts what it yields.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// Into a variable.
    Variable(u32),
    /// Into the first of a chain of variables that is set.
    First(u32),
}

/// The variables of a range.
#[derive(Clone, Copy, Debug, Default)]
pub struct RangeVariables {
    /// Gets the index or key.
    pub index: Option<Target>,
    /// Gets the element.
    pub element: Option<Target>,
}

/// The instructions of all templates of one text.
#[derive(Debug)]
pub struct Program {
    /// The tree, without its nodes if `is_slim`.
    pub(super) ast: Ast,
    pub(super) is_slim: bool,
    /// The tree, made again.
    pub(super) whole: OnceLock<Ast>,
    pub(super) code: Vec<Op>,
    /// For each instruction the node its errors name; `None` if that is the one noted by [`Op::At`].
    pub(super) nodes: Vec<Option<NodeId>>,
    pub(super) constants: Vec<Value>,
    pub(super) functions: Vec<&'static FuncDef>,
    pub(super) types: Vec<ParamType>,
    pub(super) messages: Vec<Box<[u8]>>,
    /// Chains of variables of which the first that is set counts.
    pub(super) candidates: Vec<Candidate>,
    pub(super) ranges: Vec<RangeVariables>,
    pub(super) methods: Vec<MethodSite>,
    pub(super) chains: Vec<Chain>,
}

impl Program {
    /// Returns the tree. The first call may parse the text again.
    pub fn ast(&self) -> &Ast {
        if !self.is_slim {
            return &self.ast;
        }
        self.whole.get_or_init(|| {
            let source = self.ast.source();
            // The text was parsed before, with `break` and `continue` as keywords: it is the same tree.
            let is_function = |name: &[u8]| !matches!(name, b"break" | b"continue");
            match parse(source.clone(), &is_function) {
                Ok(parsed) => parsed.ast,
                Err(_) => Ast::new(source.clone()),
            }
        })
    }

    /// Returns the text the tree is made of.
    pub fn source(&self) -> &Arc<Source> {
        self.ast.source()
    }
}

/// A template that can be executed.
#[derive(Clone, Debug)]
pub struct Template {
    pub(super) name: Arc<[u8]>,
    pub(super) program: Arc<Program>,
    pub(super) entry: Address,
    pub(super) is_empty: bool,
}

impl Template {
    /// Returns its name.
    pub fn name(&self) -> &[u8] {
        &self.name
    }

    /// Returns the program of the text it was defined in.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Says whether it holds only white space.
    pub fn is_empty(&self) -> bool {
        self.is_empty
    }
}
