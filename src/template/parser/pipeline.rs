//! Pipelines: variables, commands, operands, and pipelines in parentheses within them.

use super::{Failure, Parser};
use crate::gostd::strconv::{quote, unquote};
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
struct Open {
    context: &'static str,
    end: TokenKind,
    start: u32,
    variables: Vec<NodeId>,
    assigns: bool,
    commands: Vec<NodeId>,
    /// The command being read: where it begins, and its operands.
    command: Option<(u32, Vec<NodeId>)>,
}

impl Parser<'_> {
    /// Reads a pipeline and the token that ends it.
    pub(super) fn pipeline(
        &mut self,
        context: &'static str,
        end: TokenKind,
    ) -> Result<NodeId, Failure> {
        // Everything outside of the innermost pipeline.
        let mut outer: Vec<Open> = Vec::new();
        let mut open = self.open_pipeline(context, end)?;
        loop {
            let Some((_, operands)) = &mut open.command else {
                let token = self.next_non_space();
                if token.kind == open.end {
                    let pipe = self.finish_pipeline(open, token)?;
                    let Some(parent) = outer.pop() else {
                        return Ok(pipe);
                    };
                    open = parent;
                    self.operand(&mut open, pipe)?;
                } else if token.kind.begins_operand() {
                    self.back(token);
                    open.command = Some((token.span.start, Vec::new()));
                } else {
                    return Err(self.unexpected(token, open.context));
                }
                continue;
            };
            let operand_expected = operands.len();
            let token = self.next_non_space();
            if token.kind == TokenKind::LeftParen {
                if outer.len() >= MAX_DEPTH {
                    return Err(b"max expression depth exceeded".to_vec());
                }
                let inner = self.open_pipeline(PARENTHESIZED, TokenKind::RightParen)?;
                outer.push(std::mem::replace(&mut open, inner));
                continue;
            }
            match self.term(token)? {
                Some(term) => self.operand(&mut open, term)?,
                None => {
                    self.back(token);
                    self.after_operand(&mut open, operand_expected == 0)?;
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
            variables: Vec::new(),
            assigns: false,
            commands: Vec::new(),
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
            let node = self.ast.add(
                NodeKind::Variable(vec![variable.span]),
                variable.span,
                variable.span.start,
            );
            open.variables.push(node);
            self.declare(variable.span);
            if is_set {
                open.assigns = next.kind == TokenKind::Assign;
                break;
            }
            if context != "range" || open.variables.len() >= 2 {
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
        if open.commands.is_empty() {
            return Err(format!("missing value for {}", open.context).into_bytes());
        }
        for (index, command) in open.commands.iter().enumerate().skip(1) {
            let NodeKind::Command(operands) = &self.ast.node(*command).kind else {
                continue;
            };
            let first = operands.first().map(|first| &self.ast.node(*first).kind);
            if matches!(
                first,
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
        let Open {
            start,
            variables,
            assigns,
            commands,
            ..
        } = open;
        let span = Span::new(start, end.span.start.max(start));
        Ok(self.ast.add(
            NodeKind::Pipe {
                variables,
                assigns,
                commands,
            },
            span,
            start,
        ))
    }

    /// Adds an operand, with the fields that follow it, to the command and reads what separates it.
    fn operand(&mut self, open: &mut Open, term: NodeId) -> Result<(), Failure> {
        let operand = if self.peek().kind == TokenKind::Field {
            self.with_fields(term)?
        } else {
            term
        };
        if let Some((_, operands)) = &mut open.command {
            operands.push(operand);
        }
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
        if let Some((start, operands)) = open.command.take() {
            let end = operands
                .last()
                .map_or(start, |last| self.ast.node(*last).span.end);
            let command = self
                .ast
                .add(NodeKind::Command(operands), Span::new(start, end), start);
            open.commands.push(command);
        }
        if open.commands.len() > MAX_COMMANDS {
            return Err(b"pipeline too long".to_vec());
        }
        Ok(())
    }

    /// Reads the `.x.y` after an operand. Fields and variables take them up; other operands become a chain.
    fn with_fields(&mut self, term: NodeId) -> Result<NodeId, Failure> {
        let at = self.peek().span.start;
        let mut fields = Vec::new();
        let mut end = at;
        while self.peek().kind == TokenKind::Field {
            let field = self.next();
            fields.push(without_dot(field.span));
            end = field.span.end;
        }
        let node = self.ast.node(term);
        let span = Span::new(node.span.start, end);
        let kind = match &node.kind {
            NodeKind::Field(names) => NodeKind::Field([names.as_slice(), &fields].concat()),
            NodeKind::Variable(names) => NodeKind::Variable([names.as_slice(), &fields].concat()),
            NodeKind::Bool(_)
            | NodeKind::String(_)
            | NodeKind::Number(_)
            | NodeKind::Nil
            | NodeKind::Dot => {
                let mut shown = Vec::new();
                print(&self.ast, term, &mut shown);
                return Err(format!("unexpected . after term {}", quote(&shown)).into_bytes());
            }
            _ => NodeKind::Chain {
                operand: term,
                fields,
            },
        };
        Ok(self.ast.add(kind, span, at))
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
                let is_known = self
                    .tree
                    .in_scope
                    .get(value)
                    .is_some_and(|count| *count > 0);
                if value != b"$" && !is_known {
                    return Err(format!("undefined variable {}", quote(value)).into_bytes());
                }
                NodeKind::Variable(vec![token.span])
            }
            TokenKind::Field => NodeKind::Field(vec![without_dot(token.span)]),
            TokenKind::Bool => NodeKind::Bool(value == b"true"),
            TokenKind::CharConstant | TokenKind::Complex | TokenKind::Number => {
                NodeKind::Number(Box::new(Number::parse(value, token.kind)?))
            }
            TokenKind::String | TokenKind::RawString => NodeKind::String(
                unquote(value)
                    .map_err(|_| b"invalid syntax".to_vec())?
                    .into(),
            ),
            _ => return Ok(None),
        };
        Ok(Some(self.ast.add(kind, token.span, token.span.start)))
    }
}

fn without_dot(span: Span) -> Span {
    Span::new(span.start + 1, span.end)
}
