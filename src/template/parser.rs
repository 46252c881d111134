//! Tokens to a tree: one text enters, its nodes and named definitions leave, or the first error.
//!
//! Open blocks and open parentheses are kept on stacks of their own, so nesting costs memory but never the
//! thread's stack. The pipelines within an action are read by [`pipeline`].
//!
//! Go: `text/template/parse`, `Tree.Parse`. Which token Go has read when it complains decides the line of the
//! message; [`TreeState::last`] keeps that token, per definition as Go does.

mod pipeline;
#[cfg(test)]
mod tests;
mod tokens;

use super::ast::{Ast, Control, Definition, NodeId, NodeKind, Parsed};
use super::by_name::ByName;
use super::lexer::Lexer;
use super::token::{Token, TokenKind};
use crate::gostd::strconv::{quote, unquote};
use crate::source::{Source, Span};
use std::collections::HashMap;
use std::sync::Arc;

/// Which words are functions: an unknown one is an error of parsing.
pub trait FunctionNames {
    /// Says whether there is a function of this name.
    fn is_function(&self, name: &[u8]) -> bool;
}

impl<F: Fn(&[u8]) -> bool> FunctionNames for F {
    fn is_function(&self, name: &[u8]) -> bool {
        self(name)
    }
}

/// Why a text is no template, in the parts of Go's message `template: NAME:LINE: MESSAGE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// Name of the text.
    pub name: Arc<[u8]>,
    /// Line of the last token Go has read, counted from 1.
    pub line: u32,
    /// What is wrong.
    pub message: Vec<u8>,
    /// Where that token is.
    pub span: Span,
}

impl ParseError {
    /// Returns Go's message.
    pub fn text(&self) -> Vec<u8> {
        [
            b"template: ",
            &self.name[..],
            b":",
            self.line.to_string().as_bytes(),
            b": ",
            &self.message,
        ]
        .concat()
    }
}

/// Parses a text and the definitions in it.
///
/// # Errors
///
/// The first mistake found.
pub fn parse(source: Arc<Source>, functions: &dyn FunctionNames) -> Result<Parsed, ParseError> {
    let mut parser = Parser {
        lexer: Lexer::new(
            source.text(),
            !functions.is_function(b"break"),
            !functions.is_function(b"continue"),
        ),
        functions,
        text: source.text(),
        ast: Ast::new(source.clone()),
        tree: TreeState::default(),
        held: Vec::with_capacity(8),
        outer: Vec::new(),
        pending: Vec::with_capacity(64),
        blocks: Vec::with_capacity(8),
        definitions: Vec::new(),
        by_name: ByName::default(),
        indexed: 0,
    };
    match parser.parse_file() {
        Ok(()) => {
            let Parser {
                ast, definitions, ..
            } = parser;
            Ok(Parsed { ast, definitions })
        }
        Err(message) => {
            let span = parser.tree.last;
            let line = source.position(span.start).line;
            Err(ParseError {
                name: source.name().into(),
                line,
                message,
                span,
            })
        }
    }
}

/// The message of a failure; its place is [`TreeState::last`].
type Failure = Vec<u8>;

/// What Go keeps for each definition while it is parsed.
#[derive(Default)]
struct TreeState<'t> {
    /// The token read last from the text.
    last: Span,
    /// Names of the variables in scope, `$` aside, in the order of their declaration.
    variables: Vec<Span>,
    /// How often each of the first `counted` names is in scope, where there are many.
    in_scope: HashMap<&'t [u8], u32>,
    counted: usize,
    /// How many `range`s are open.
    range_depth: u32,
    /// Where the action being read begins; shown if it is unclosed.
    action: Option<u32>,
}

/// So many names are looked through one by one.
const FEW: usize = 16;

impl<'t> TreeState<'t> {
    fn count_names(&mut self, text: &'t [u8]) {
        for variable in self.variables.iter().skip(self.counted) {
            *self.in_scope.entry(variable.of(text)).or_default() += 1;
        }
        self.counted = self.variables.len();
    }

    fn is_in_scope(&self, name: &[u8], text: &[u8]) -> bool {
        // The last ones may not be counted.
        self.variables
            .iter()
            .skip(self.counted)
            .any(|variable| variable.of(text) == name)
            || self.in_scope.get(name).is_some_and(|count| *count > 0)
    }
}

/// A block that is being read.
struct Block<'t> {
    kind: BlockKind<'t>,
    /// Where the nodes of the list being read begin in [`Parser::pending`].
    first: usize,
    /// Where the list begins.
    list_start: u32,
}

enum BlockKind<'t> {
    File,
    /// `{{ define }}`, with the name and what to return to.
    Define {
        name: Vec<u8>,
        outer: TreeState<'t>,
    },
    /// `{{ block }}`: a definition, and a template action in its place.
    Block {
        name: Vec<u8>,
        name_token: Token,
        pipe: NodeId,
        outer: TreeState<'t>,
    },
    Control {
        control: Control,
        pipe: NodeId,
        /// The list before `else`, once that is read.
        list: Option<NodeId>,
        /// Number of variables to keep afterwards.
        variables: usize,
        /// `{{ else if }}`: the `{{ end }}` also ends the block outside of it.
        chained: bool,
        start: u32,
    },
}

/// What an action turns out to be.
enum Event {
    Node(NodeId),
    /// A block was opened; its nodes follow.
    Opened,
    End(Span),
    Else(Span),
}

struct Parser<'t> {
    lexer: Lexer<'t>,
    functions: &'t dyn FunctionNames,
    text: &'t [u8],
    ast: Ast,
    tree: TreeState<'t>,
    /// Tokens handed back, the next one last.
    held: Vec<Token>,
    /// The pipelines around the one being read, within one action.
    outer: Vec<pipeline::Open>,
    /// Nodes whose parents are being read: lists, pipelines and commands in one another, the innermost last.
    pending: Vec<NodeId>,
    blocks: Vec<Block<'t>>,
    definitions: Vec<Definition>,
    /// Places of the first `indexed` of them by name, where there are many.
    by_name: ByName<Arc<[u8]>, usize>,
    indexed: usize,
}

impl<'t> Parser<'t> {
    fn parse_file(&mut self) -> Result<(), Failure> {
        let start = self.peek().span.start;
        self.blocks.push(Block {
            kind: BlockKind::File,
            first: 0,
            list_start: start,
        });
        loop {
            let at_file = self.blocks.len() == 1;
            let token = self.peek_non_space();
            if token.kind == TokenKind::Eof {
                if at_file {
                    break;
                }
                return Err(b"unexpected EOF".to_vec());
            }
            if at_file && token.kind == TokenKind::LeftDelimiter {
                self.next_non_space();
                let first = self.next_non_space();
                if first.kind == TokenKind::Define {
                    self.open_definition()?;
                    continue;
                }
                self.back(first);
                self.back(token);
            }
            match self.text_or_action()? {
                Event::Node(node) => self.pending.push(node),
                Event::Opened => {}
                Event::End(span) => self.close_block(span)?,
                Event::Else(span) => self.open_else(span)?,
            }
        }
        let root = self.finish_list();
        self.blocks.pop();
        let name = self.ast.source().name().into();
        self.define(name, root)
    }

    /// Makes a node of the nodes read since the block or its `else` began.
    fn finish_list(&mut self) -> NodeId {
        let block = self.blocks.last();
        let (first, start) = block.map_or((0, 0), |block| (block.first, block.list_start));
        let nodes = self.pending.get(first..).unwrap_or_default();
        let end = nodes
            .last()
            .map_or(start, |last| self.ast.node(*last).span.end);
        let nodes = self.ast.add_children(nodes);
        self.pending.truncate(first);
        let span = Span::new(start, end);
        self.ast.add(NodeKind::List(nodes), span, start)
    }

    /// Enters a definition unless a better one of its name is there. Two with content are an error.
    fn define(&mut self, name: Arc<[u8]>, root: NodeId) -> Result<(), Failure> {
        let is_empty = self.ast.is_empty(root);
        let later = self.definitions.get(self.indexed..).unwrap_or_default();
        let place = match later.iter().position(|known| known.name == name) {
            Some(place) => Some(self.indexed + place),
            None => self.by_name.get(&name).copied(),
        };
        let known = place.and_then(|place| self.definitions.get_mut(place));
        let Some(known) = known else {
            if self.definitions.len() >= self.indexed + FEW {
                self.index_definitions();
            }
            self.definitions.push(Definition {
                name,
                root,
                is_empty,
            });
            return Ok(());
        };
        if known.is_empty {
            *known = Definition {
                name,
                root,
                is_empty,
            };
        } else if !is_empty {
            return Err(
                format!("template: multiple definition of template {}", quote(&name)).into_bytes(),
            );
        }
        Ok(())
    }

    fn index_definitions(&mut self) {
        for (place, definition) in self.definitions.iter().enumerate().skip(self.indexed) {
            self.by_name.insert(definition.name.clone(), place);
        }
        self.indexed = self.definitions.len();
    }

    fn text_or_action(&mut self) -> Result<Event, Failure> {
        let token = self.next_non_space();
        match token.kind {
            TokenKind::Text => Ok(Event::Node(self.ast.add(
                NodeKind::Text,
                token.span,
                token.span.start,
            ))),
            TokenKind::LeftDelimiter => {
                self.tree.action = Some(token.span.start);
                let event = self.action(token.span.start)?;
                if !matches!(event, Event::Opened) {
                    self.tree.action = None;
                }
                Ok(event)
            }
            _ => Err(self.unexpected(token, "input")),
        }
    }

    fn action(&mut self, start: u32) -> Result<Event, Failure> {
        let token = self.next_non_space();
        match token.kind {
            TokenKind::Block => self.open_block(),
            TokenKind::Break => self.leave_range(token, NodeKind::Break, "{{break}}"),
            TokenKind::Continue => self.leave_range(token, NodeKind::Continue, "{{continue}}"),
            TokenKind::Else => {
                let next = self.peek_non_space();
                if matches!(next.kind, TokenKind::If | TokenKind::With) {
                    return Ok(Event::Else(next.span));
                }
                let end = self.expect(TokenKind::RightDelimiter, "else")?;
                Ok(Event::Else(Span::new(start, end.span.end)))
            }
            TokenKind::End => {
                let end = self.expect(TokenKind::RightDelimiter, "end")?;
                Ok(Event::End(Span::new(start, end.span.end)))
            }
            TokenKind::If => self.open_control(Control::If, false, start),
            TokenKind::Range => self.open_control(Control::Range, false, start),
            TokenKind::With => self.open_control(Control::With, false, start),
            TokenKind::Template => self.template_action(start),
            _ => {
                self.back(token);
                let pipe = self.pipeline("command", TokenKind::RightDelimiter)?;
                let span = Span::new(start, self.tree.last.end);
                Ok(Event::Node(self.ast.add(
                    NodeKind::Action { pipe },
                    span,
                    token.span.start,
                )))
            }
        }
    }

    fn leave_range(&mut self, token: Token, kind: NodeKind, shown: &str) -> Result<Event, Failure> {
        let next = self.next_non_space();
        if next.kind != TokenKind::RightDelimiter {
            return Err(self.unexpected(next, shown));
        }
        if self.tree.range_depth == 0 {
            return Err(format!("{shown} outside {{{{range}}}}").into_bytes());
        }
        Ok(Event::Node(self.ast.add(
            kind,
            token.span,
            token.span.start,
        )))
    }

    fn template_name(&mut self, token: Token, context: &str) -> Result<Vec<u8>, Failure> {
        if !matches!(token.kind, TokenKind::String | TokenKind::RawString) {
            return Err(self.unexpected(token, context));
        }
        unquote(self.value(token)).map_err(|_| b"invalid syntax".to_vec())
    }

    fn template_action(&mut self, start: u32) -> Result<Event, Failure> {
        const CONTEXT: &str = "template clause";
        let token = self.next_non_space();
        let name = self.template_name(token, CONTEXT)?;
        let name = self.ast.add_bytes(&name);
        let next = self.next_non_space();
        let pipe = if next.kind == TokenKind::RightDelimiter {
            None
        } else {
            self.back(next);
            Some(self.pipeline(CONTEXT, TokenKind::RightDelimiter)?)
        };
        let span = Span::new(start, self.tree.last.end);
        Ok(Event::Node(self.ast.add(
            NodeKind::Template { name, pipe },
            span,
            token.span.start,
        )))
    }

    fn open_definition(&mut self) -> Result<(), Failure> {
        const CONTEXT: &str = "define clause";
        let outer = std::mem::take(&mut self.tree);
        self.tree.last = outer.last;
        let token = self.next_non_space();
        let name = self.template_name(token, CONTEXT)?;
        self.expect(TokenKind::RightDelimiter, CONTEXT)?;
        self.open(BlockKind::Define { name, outer });
        Ok(())
    }

    fn open_block(&mut self) -> Result<Event, Failure> {
        const CONTEXT: &str = "block clause";
        let name_token = self.next_non_space();
        let name = self.template_name(name_token, CONTEXT)?;
        let pipe = self.pipeline(CONTEXT, TokenKind::RightDelimiter)?;
        let outer = std::mem::take(&mut self.tree);
        self.tree.last = outer.last;
        self.open(BlockKind::Block {
            name,
            name_token,
            pipe,
            outer,
        });
        Ok(Event::Opened)
    }

    fn open_control(
        &mut self,
        control: Control,
        chained: bool,
        start: u32,
    ) -> Result<Event, Failure> {
        let variables = self.tree.variables.len();
        let pipe = self.pipeline(control.keyword(), TokenKind::RightDelimiter)?;
        if control == Control::Range {
            self.tree.range_depth += 1;
        }
        self.open(BlockKind::Control {
            control,
            pipe,
            list: None,
            variables,
            chained,
            start,
        });
        Ok(Event::Opened)
    }

    fn open(&mut self, kind: BlockKind<'t>) {
        let list_start = self.peek_non_space().span.start;
        self.blocks.push(Block {
            kind,
            first: self.pending.len(),
            list_start,
        });
    }

    fn open_else(&mut self, span: Span) -> Result<(), Failure> {
        let control = match self.blocks.last().map(|block| &block.kind) {
            Some(BlockKind::Control {
                control,
                list: None,
                ..
            }) => *control,
            Some(BlockKind::Control { .. }) => return Err(b"expected end; found {{else}}".to_vec()),
            _ => return Err(self.misplaced("{{else}}")),
        };
        if control == Control::Range {
            self.tree.range_depth -= 1;
        }
        let finished = self.finish_list();
        if let Some(Block {
            kind: BlockKind::Control { list, .. },
            ..
        }) = self.blocks.last_mut()
        {
            *list = Some(finished);
        }
        let next = self.peek();
        let chained = matches!(
            (control, next.kind),
            (Control::If, TokenKind::If) | (Control::With, TokenKind::With)
        );
        if chained {
            self.next();
            if let Some(block) = self.blocks.last_mut() {
                block.list_start = span.start;
            }
            self.open_control(control, true, span.start)?;
        } else {
            let list_start = self.peek_non_space().span.start;
            if let Some(block) = self.blocks.last_mut() {
                block.list_start = list_start;
            }
        }
        Ok(())
    }

    /// The message for an `{{ end }}` or `{{ else }}` that closes nothing. As in Go, the line is that of the
    /// clause which opened the block, for a block.
    fn misplaced(&mut self, shown: &str) -> Failure {
        match self.blocks.pop().map(|block| block.kind) {
            Some(BlockKind::Define { .. }) => {
                format!("unexpected {shown} in define clause").into_bytes()
            }
            Some(BlockKind::Block { outer, .. }) => {
                self.tree = outer;
                format!("unexpected {shown} in block clause").into_bytes()
            }
            _ => format!("unexpected {shown}").into_bytes(),
        }
    }

    fn close_block(&mut self, end: Span) -> Result<(), Failure> {
        loop {
            if self.blocks.len() == 1 {
                return Err(self.misplaced("{{end}}"));
            }
            let list = self.finish_list();
            let Some(block) = self.blocks.pop() else {
                return Ok(());
            };
            match block.kind {
                BlockKind::File => return Ok(()),
                BlockKind::Define { name, outer } => {
                    self.define(name.into(), list)?;
                    self.restore(outer);
                    return Ok(());
                }
                BlockKind::Block {
                    name,
                    name_token,
                    pipe,
                    outer,
                } => {
                    self.define(name.as_slice().into(), list)?;
                    self.restore(outer);
                    let kind = NodeKind::Template {
                        name: self.ast.add_bytes(&name),
                        pipe: Some(pipe),
                    };
                    let node = self
                        .ast
                        .add(kind, name_token.span.to(end), name_token.span.start);
                    self.pending.push(node);
                    self.tree.action = None;
                    return Ok(());
                }
                BlockKind::Control {
                    control,
                    pipe,
                    list: first,
                    variables,
                    chained,
                    start,
                } => {
                    if control == Control::Range && first.is_none() {
                        self.tree.range_depth -= 1;
                    }
                    self.leave_scope(variables);
                    let (list, else_list) = match first {
                        Some(first) => (first, Some(list)),
                        None => (list, None),
                    };
                    let at = self.ast.node(pipe).at;
                    let kind = NodeKind::Control {
                        control,
                        pipe,
                        list,
                        else_list,
                    };
                    let node = self.ast.add(kind, Span::new(start, end.end), at);
                    self.pending.push(node);
                    if !chained {
                        return Ok(());
                    }
                }
            }
        }
    }

    fn declare(&mut self, variable: Span) {
        self.tree.variables.push(variable);
        if self.tree.variables.len() > FEW {
            self.tree.count_names(self.text);
        }
    }

    /// Forgets all but the first `keep` variables.
    fn leave_scope(&mut self, keep: usize) {
        let tree = &mut self.tree;
        for variable in tree.variables.get(keep..tree.counted).unwrap_or_default() {
            if let Some(count) = tree.in_scope.get_mut(variable.of(self.text)) {
                *count -= 1;
            }
        }
        tree.counted = tree.counted.min(keep);
        tree.variables.truncate(keep);
    }

    /// Returns to the definition outside of the one just read. Go keeps a token of its own there, so errors
    /// before the next token name the line of that one.
    fn restore(&mut self, outer: TreeState<'t>) {
        self.tree = outer;
    }
}
