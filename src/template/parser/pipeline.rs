//! Pipelines: variables, commands, operands, and pipelines in parentheses within them.

use super::{Failure, Parser};
use crate::gostd::strconv::{quote, unquote, unquote_plain};
use crate::source::Span;
use crate::template::ast::{NodeId, NodeKind};
use crate::template::number::Number;
use crate::template::print::print;
use crate::template::token::{Token, TokenKind};

/// Go's bound for parentheses within parentheses.
const MAX_DEPTH: usize = 10_000;
/// Go's bound for the commands of one pipeline.
const MAX_COMMANDS: usize = 100_000;
const PARENTHESIZED: &str = "parenthesized pipeline";

/// A pipeline that is being read.
pub(super) struct Open {
    context: &'static str,
    end: TokenKind,
    start: u32,
    /// Where its variables and then its commands begin among the pending nodes.
    first: usize,
    variables: usize,
    assigns: bool,
    /// The command being read: where it begins in the text, and its operands among the pending nodes.
    command: Option<(u32, usize)>,
}

impl Open {
    /// Where its commands begin among the pending nodes.
    fn commands(&self) -> usize {
        self.first + self.variables
    }
}

impl Parser<'_> {
    /// Reads a pipeline and the token that ends it.
    pub(super) fn pipeline(
        &mut self,
        context: &'static str,
        end: TokenKind,
    ) -> Result<NodeId, Failure> {
        let mut open = self.open_pipeline(context, end)?;
        loop {
            let Some((_, operands)) = open.command else {
                let token = self.next_non_space();
                if token.kind == open.end {
                    let pipe = self.finish_pipeline(open, token)?;
                    let Some(parent) = self.outer.pop() else {
                        return Ok(pipe);
                    };
                    open = parent;
                    self.operand(&mut open, pipe)?;
                } else if token.kind.begins_operand() {
                    self.back(token);
                    open.command = Some((token.span.start, self.pending.len()));
                } else {
                    return Err(self.unexpected(token, open.context));
                }
                continue;
            };
            let is_empty = self.pending.len() == operands;
            let token = self.next_non_space();
            if token.kind == TokenKind::LeftParen {
                if self.outer.len() >= MAX_DEPTH {
                    return Err(b"max expression depth exceeded".to_vec());
                }
                let inner = self.open_pipeline(PARENTHESIZED, TokenKind::RightParen)?;
                self.outer.push(std::mem::replace(&mut open, inner));
                continue;
            }
            match self.term(token)? {
                Some(term) => self.operand(&mut open, term)?,
                None => {
                    self.back(token);
                    self.after_operand(&mut open, is_empty)?;
                }
            }
        }
    }

    fn open_pipeline(&mut self, context: &'static str, end: TokenKind) -> Result<Open, Failure> {
        let start = self.peek_non_space().span.start;
        let mut open = Open {
            context,
            end,
            start,
            first: self.pending.len(),
            variables: 0,
            assigns: false,
            command: None,
        };
        while self.peek_non_space().kind == TokenKind::Variable {
            let variable = self.next_non_space();
            let after = self.next();
            let next = if after.kind == TokenKind::Space {
                self.next_non_space()
            } else {
                after
            };
            let is_comma = next.kind == TokenKind::Char && self.value(next) == b",";
            let is_set = matches!(next.kind, TokenKind::Assign | TokenKind::Declare);
            if !is_comma && !is_set {
                // An operand. The space after it counts: `$x 1` are two operands, `$x"a"` is an error.
                self.back(next);
                if after.kind == TokenKind::Space {
                    self.back(after);
                }
                self.back(variable);
                break;
            }
            let name = self.ast.add_name(variable.span);
            let kind = NodeKind::Variable(name);
            let node = self.ast.add(kind, variable.span, variable.span.start);
            self.pending.push(node);
            open.variables += 1;
            self.declare(variable.span);
            if is_set {
                open.assigns = next.kind == TokenKind::Assign;
                break;
            }
            if context != "range" || open.variables >= 2 {
                return Err(format!("too many declarations in {context}").into_bytes());
            }
            let next = self.peek_non_space().kind;
            if !matches!(
                next,
                TokenKind::Variable | TokenKind::RightDelimiter | TokenKind::RightParen
            ) {
                return Err(b"range can only initialize variables".to_vec());
            }
        }
        Ok(open)
    }

    fn finish_pipeline(&mut self, open: Open, end: Token) -> Result<NodeId, Failure> {
        let commands = self.pending.get(open.commands()..).unwrap_or_default();
        if commands.is_empty() {
            return Err(format!("missing value for {}", open.context).into_bytes());
        }
        for (index, command) in commands.iter().enumerate().skip(1) {
            let NodeKind::Command(operands) = self.ast.node(*command).kind else {
                continue;
            };
            let first = self.ast.children(operands).first();
            if matches!(
                first.map(|first| self.ast.node(*first).kind),
                Some(
                    NodeKind::Bool(_)
                        | NodeKind::Dot
                        | NodeKind::Nil
                        | NodeKind::Number(_)
                        | NodeKind::String(_)
                )
            ) {
                return Err(
                    format!("non executable command in pipeline stage {}", index + 1).into_bytes(),
                );
            }
        }
        if open.variables > 0 && open.end == TokenKind::RightParen {
            self.ast.note_argument_declares();
        }
        let parts = self.pending.get(open.first..).unwrap_or_default();
        let (variables, commands) = self.ast.add_children(parts).split_at(open.variables);
        self.pending.truncate(open.first);
        let span = Span::new(open.start, end.span.start.max(open.start));
        let kind = NodeKind::Pipe {
            variables,
            assigns: open.assigns,
            commands,
        };
        Ok(self.ast.add(kind, span, open.start))
    }

    /// Adds an operand, with the fields that follow it, to the command and reads what separates it.
    fn operand(&mut self, open: &mut Open, term: NodeId) -> Result<(), Failure> {
        if self.peek().kind == TokenKind::Field {
            self.with_fields(term)?;
        }
        self.pending.push(term);
        self.after_operand(open, false)
    }

    fn after_operand(&mut self, open: &mut Open, is_empty: bool) -> Result<(), Failure> {
        let token = self.next();
        match token.kind {
            TokenKind::Space => return Ok(()),
            TokenKind::RightDelimiter | TokenKind::RightParen => self.back(token),
            TokenKind::Pipe => {}
            _ => return Err(self.unexpected(token, "operand")),
        }
        if is_empty {
            return Err(b"empty command".to_vec());
        }
        if let Some((start, first)) = open.command.take() {
            let operands = self.pending.get(first..).unwrap_or_default();
            let end = operands
                .last()
                .map_or(start, |last| self.ast.node(*last).span.end);
            let operands = self.ast.add_children(operands);
            self.pending.truncate(first);
            let span = Span::new(start, end);
            let command = self.ast.add(NodeKind::Command(operands), span, start);
            self.pending.push(command);
        }
        if self.pending.len() - open.commands() > MAX_COMMANDS {
            return Err(b"pipeline too long".to_vec());
        }
        Ok(())
    }

    /// Reads the `.x.y` after an operand. Fields and variables take them up; other operands become a chain.
    fn with_fields(&mut self, term: NodeId) -> Result<(), Failure> {
        let at = self.peek().span.start;
        let node = *self.ast.node(term);
        let mut names = match node.kind {
            NodeKind::Field(names) | NodeKind::Variable(names) => Some(names),
            _ => None,
        };
        let mut end = at;
        while self.peek().kind == TokenKind::Field {
            let field = self.next().span;
            let name = without_dot(field);
            names = Some(match names {
                Some(names) => self.ast.join_name(names, name),
                None => self.ast.add_name(name),
            });
            end = field.end;
        }
        let Some(names) = names else {
            return Ok(());
        };
        let kind = match node.kind {
            NodeKind::Field(_) => NodeKind::Field(names),
            NodeKind::Variable(_) => NodeKind::Variable(names),
            NodeKind::Bool(_)
            | NodeKind::String(_)
            | NodeKind::Number(_)
            | NodeKind::Nil
            | NodeKind::Dot => {
                let mut shown = Vec::new();
                print(&self.ast, term, &mut shown);
                return Err(format!("unexpected . after term {}", quote(&shown)).into_bytes());
            }
            _ => {
                // The operand moves, so that the chain stands where it stood.
                let operand = self.ast.add(node.kind, node.span, node.at);
                NodeKind::Chain {
                    operand,
                    fields: names,
                }
            }
        };
        let span = Span::new(node.span.start, end);
        self.ast.replace(term, kind, span, at);
        Ok(())
    }

    /// Makes a node of a token that is an operand by itself.
    fn term(&mut self, token: Token) -> Result<Option<NodeId>, Failure> {
        let value = token.span.of(self.text);
        let kind = match token.kind {
            TokenKind::Identifier => {
                if !self.functions.is_function(value) {
                    return Err(format!("function {} not defined", quote(value)).into_bytes());
                }
                NodeKind::Identifier
            }
            TokenKind::Dot => NodeKind::Dot,
            TokenKind::Nil => NodeKind::Nil,
            TokenKind::Variable => {
                if value != b"$" && !self.tree.is_in_scope(value, self.text) {
                    return Err(format!("undefined variable {}", quote(value)).into_bytes());
                }
                NodeKind::Variable(self.ast.add_name(token.span))
            }
            TokenKind::Field => NodeKind::Field(self.ast.add_name(without_dot(token.span))),
            TokenKind::Bool => NodeKind::Bool(value == b"true"),
            TokenKind::CharConstant | TokenKind::Complex | TokenKind::Number => {
                self.ast.add_number(Number::parse(value, token.kind)?)
            }
            TokenKind::String | TokenKind::RawString => {
                NodeKind::String(match unquote_plain(value) {
                    Some(text) => self.ast.add_bytes(text),
                    None => {
                        let text = unquote(value).map_err(|_| b"invalid syntax".to_vec())?;
                        self.ast.add_bytes(&text)
                    }
                })
            }
            _ => return Ok(None),
        };
        Ok(Some(self.ast.add(kind, token.span, token.span.start)))
    }
}

fn without_dot(span: Span) -> Span {
    Span::new(span.start + 1, span.end)
}
