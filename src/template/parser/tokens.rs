//! How the parser reads tokens, and what it says of one that does not fit.

use super::{Failure, Parser};
use crate::template::token::{Token, TokenKind};

impl Parser<'_> {
    pub(super) fn next(&mut self) -> Token {
        if let Some(token) = self.held.pop() {
            return token;
        }
        let token = self.lexer.next_token();
        self.tree.last = token.span;
        token
    }

    pub(super) fn back(&mut self, token: Token) {
        self.held.push(token);
    }

    pub(super) fn peek(&mut self) -> Token {
        if let Some(token) = self.held.last() {
            return *token;
        }
        let token = self.next();
        self.back(token);
        token
    }

    pub(super) fn next_non_space(&mut self) -> Token {
        loop {
            let token = self.next();
            if token.kind != TokenKind::Space {
                return token;
            }
        }
    }

    pub(super) fn peek_non_space(&mut self) -> Token {
        if let Some(token) = self.held.last()
            && token.kind != TokenKind::Space
        {
            return *token;
        }
        let token = self.next_non_space();
        self.back(token);
        token
    }

    pub(super) fn value(&self, token: Token) -> &[u8] {
        token.span.of(self.text)
    }

    pub(super) fn expect(&mut self, kind: TokenKind, context: &str) -> Result<Token, Failure> {
        let token = self.next_non_space();
        if token.kind == kind {
            Ok(token)
        } else {
            Err(self.unexpected(token, context))
        }
    }

    pub(super) fn unexpected(&self, token: Token, context: &str) -> Failure {
        if token.kind == TokenKind::Error {
            return self.lexer_error(token);
        }
        let mut message = b"unexpected ".to_vec();
        token.describe(self.text, &mut message);
        message.extend_from_slice(b" in ");
        message.extend_from_slice(context.as_bytes());
        message
    }

    /// The lexer's message; if the action began on an earlier line, that is said too.
    pub(super) fn lexer_error(&self, token: Token) -> Failure {
        let mut message = self.lexer.error().to_vec();
        let source = self.ast.source();
        if let Some(start) = self.tree.action {
            let line = source.position(start).line;
            if line != source.position(token.span.start).line {
                // "unclosed action started at", not "unclosed action in action started at".
                let link: &[u8] = if message.ends_with(b" action") {
                    b" started at "
                } else {
                    b" in action started at "
                };
                message.extend_from_slice(link);
                message.extend_from_slice(source.name());
                message.extend_from_slice(format!(":{line}").as_bytes());
            }
        }
        message
    }
}
