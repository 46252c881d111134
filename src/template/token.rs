//! Kinds of tokens, and how a token is named in "unexpected ..." messages.
//!
//! Go: `text/template/parse`, the items of the lexer.

use crate::gostd::strconv::quote;
use crate::source::Span;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// The text cannot be read further; the lexer keeps the message.
    Error,
    /// `true`, `false`.
    Bool,
    /// A printable ASCII character with no meaning of its own, such as the comma between two variables.
    Char,
    /// `'a'`.
    CharConstant,
    /// `1+2i`.
    Complex,
    /// `=`.
    Assign,
    /// `:=`.
    Declare,
    /// End of the text.
    Eof,
    /// `.name`.
    Field,
    /// A word that is no keyword: the name of a function.
    Identifier,
    /// `{{`.
    LeftDelimiter,
    /// `(`.
    LeftParen,
    /// `12`, `0x1p-2`, `3i`.
    Number,
    /// `|`.
    Pipe,
    /// A string in backquotes.
    RawString,
    /// `}}`.
    RightDelimiter,
    /// `)`.
    RightParen,
    /// White space between operands.
    Space,
    /// A string in double quotes.
    String,
    /// What lies outside of actions.
    Text,
    /// `$`, `$name`.
    Variable,
    /// `.`; like all that follow, a keyword.
    Dot,
    /// `block`.
    Block,
    /// `break`.
    Break,
    /// `continue`.
    Continue,
    /// `define`.
    Define,
    /// `else`.
    Else,
    /// `end`.
    End,
    /// `if`.
    If,
    /// `nil`.
    Nil,
    /// `range`.
    Range,
    /// `template`.
    Template,
    /// `with`.
    With,
}

impl TokenKind {
    /// Returns the kind of a keyword made of letters.
    pub fn keyword(word: &[u8]) -> Option<Self> {
        Some(match word {
            b"block" => Self::Block,
            b"break" => Self::Break,
            b"continue" => Self::Continue,
            b"define" => Self::Define,
            b"else" => Self::Else,
            b"end" => Self::End,
            b"if" => Self::If,
            b"nil" => Self::Nil,
            b"range" => Self::Range,
            b"template" => Self::Template,
            b"with" => Self::With,
            _ => return None,
        })
    }

    fn is_keyword(self) -> bool {
        matches!(
            self,
            Self::Dot
                | Self::Block
                | Self::Break
                | Self::Continue
                | Self::Define
                | Self::Else
                | Self::End
                | Self::If
                | Self::Nil
                | Self::Range
                | Self::Template
                | Self::With
        )
    }

    /// Says whether a command can begin with this token.
    pub fn begins_operand(self) -> bool {
        matches!(
            self,
            Self::Bool
                | Self::CharConstant
                | Self::Complex
                | Self::Dot
                | Self::Field
                | Self::Identifier
                | Self::Number
                | Self::Nil
                | Self::RawString
                | Self::String
                | Self::Variable
                | Self::LeftParen
        )
    }
}

/// A piece of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it is.
    pub span: Span,
}

impl Token {
    /// Appends the token's name in messages: keywords in angle brackets, all else quoted and cut after ten
    /// characters.
    pub fn describe(self, text: &[u8], out: &mut Vec<u8>) {
        let value = self.span.of(text);
        if self.kind == TokenKind::Eof {
            out.extend_from_slice(b"EOF");
        } else if self.kind.is_keyword() {
            out.push(b'<');
            out.extend_from_slice(value);
            out.push(b'>');
        } else if value.len() > 10 {
            out.extend_from_slice(quote(first_characters(value, 10)).as_bytes());
            out.extend_from_slice(b"...");
        } else {
            out.extend_from_slice(quote(value).as_bytes());
        }
    }
}

/// Returns the first `count` characters; a byte that is no UTF-8 counts as one.
fn first_characters(text: &[u8], count: usize) -> &[u8] {
    let mut seen = 0;
    let mut end = 0;
    for chunk in text.utf8_chunks() {
        for character in chunk.valid().chars() {
            if seen == count {
                return text.get(..end).unwrap_or(text);
            }
            seen += 1;
            end += character.len_utf8();
        }
        for _ in chunk.invalid() {
            if seen == count {
                return text.get(..end).unwrap_or(text);
            }
            seen += 1;
            end += 1;
        }
    }
    text
}
