//! Cuts the text of a template into tokens: bytes enter, one [`Token`] at a time leaves.
//!
//! Trimming of white space beside `{{-` and `-}}` happens here; the parser sees only the shortened texts.
//!
//! Go: `text/template/parse`, the lexer. Delimiters are always `{{` and `}}`, since Helm never changes them.

use super::token::{Token, TokenKind};
use crate::gostd::{strconv::quote, unicode};
use crate::source::Span;

const LEFT: &[u8; 2] = b"{{";
const RIGHT: &[u8; 2] = b"}}";
const LEFT_COMMENT: &[u8; 2] = b"/*";
const RIGHT_COMMENT: &[u8; 2] = b"*/";
/// Length of `"- "` and of `" -"`.
const MARKER: usize = 2;

/// A word may hold the byte; letters beyond ASCII are looked at as characters.
const WORD: u8 = 1;
/// White space.
const SPACE: u8 = 2;
/// The byte may stand right after a word.
const TERMINATOR: u8 = 4;

/// An operand or `|` may begin with the byte, but no right delimiter.
const OPERAND: u8 = 8;

/// What each byte is.
static CLASSES: [u8; 256] = {
    let mut table = [0; 256];
    let mut place = 0_usize;
    while place < 128 {
        let byte = place as u8;
        if byte.is_ascii_alphanumeric() || byte == b'_' {
            table[place] = WORD | OPERAND;
        }
        if matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
            table[place] = SPACE | TERMINATOR;
        }
        if matches!(byte, b'.' | b',' | b'|' | b':' | b')' | b'(') {
            table[place] = TERMINATOR;
        }
        if matches!(byte, b'.' | b'$' | b'"' | b'(' | b'|') {
            table[place] |= OPERAND;
        }
        place += 1;
    }
    table
};

fn is(byte: u8, class: u8) -> bool {
    CLASSES[usize::from(byte)] & class != 0
}

/// Returns how many bytes at the start of a text are of a class.
fn count(text: &[u8], class: u8) -> usize {
    let other = text.iter().position(|byte| !is(*byte, class));
    other.unwrap_or(text.len())
}

/// Reads tokens from the front of a text.
pub struct Lexer<'t> {
    text: &'t [u8],
    /// Where the token being read begins.
    start: usize,
    /// The next byte to look at.
    position: usize,
    inside_action: bool,
    open_parens: u32,
    /// Message of the [`TokenKind::Error`] token.
    error: Vec<u8>,
    break_is_keyword: bool,
    continue_is_keyword: bool,
}

impl<'t> Lexer<'t> {
    /// Begins at the start of `text`. `break` and `continue` are keywords unless functions have these names.
    pub fn new(text: &'t [u8], break_is_keyword: bool, continue_is_keyword: bool) -> Self {
        Self {
            text,
            start: 0,
            position: 0,
            inside_action: false,
            open_parens: 0,
            error: Vec::new(),
            break_is_keyword,
            continue_is_keyword,
        }
    }

    /// Returns the message of the error token.
    pub fn error(&self) -> &[u8] {
        &self.error
    }

    /// Returns the next token; after the end, or after an error, the same again and again.
    #[inline]
    pub fn next_token(&mut self) -> Token {
        // Every third token is a blank before an operand.
        if self.inside_action
            && let Some([b' ', next, ..]) = self.text.get(self.position..)
            && is(*next, OPERAND)
        {
            self.position += 1;
            return self.emit(TokenKind::Space);
        }
        self.lex()
    }

    fn lex(&mut self) -> Token {
        if !self.error.is_empty() {
            return self.token_here(TokenKind::Error);
        }
        if self.inside_action {
            return self.lex_action();
        }
        loop {
            if let Some(token) = self.lex_text() {
                return token;
            }
        }
    }

    fn rest(&self) -> &'t [u8] {
        self.text.get(self.position..).unwrap_or_default()
    }

    fn peek_byte(&self) -> Option<u8> {
        self.text.get(self.position).copied()
    }

    /// The character at the position and its length; bytes that are no UTF-8 count as U+FFFD of length 1.
    fn peek_char(&self) -> Option<(char, usize)> {
        match self.peek_byte()? {
            byte if byte.is_ascii() => Some((char::from(byte), 1)),
            _ => Some(unicode::decode_rune(self.rest())),
        }
    }

    fn token_here(&self, kind: TokenKind) -> Token {
        // The text was checked to be shorter than 4 GiB when its `Source` was made.
        Token {
            kind,
            span: Span::new(self.start as u32, self.position as u32),
        }
    }

    fn emit(&mut self, kind: TokenKind) -> Token {
        let token = self.token_here(kind);
        self.start = self.position;
        token
    }

    fn skip(&mut self) {
        self.start = self.position;
    }

    fn fail(&mut self, message: impl Into<Vec<u8>>) -> Token {
        self.error = message.into();
        self.inside_action = false;
        self.position = self.start;
        self.token_here(TokenKind::Error)
    }

    /// Reads text up to the next action or over a comment; `None` if there was neither.
    fn lex_text(&mut self) -> Option<Token> {
        let rest = self.rest();
        let Some(length) = find(rest, LEFT) else {
            self.position = self.text.len();
            let kind = if self.position > self.start {
                TokenKind::Text
            } else {
                TokenKind::Eof
            };
            return Some(self.emit(kind));
        };
        if length > 0 {
            let after = rest.get(length + LEFT.len()..).unwrap_or_default();
            let text = rest.get(..length).unwrap_or_default();
            let kept = if has_left_trim_marker(after) {
                trim_end(text).len()
            } else {
                length
            };
            self.position += kept;
            let token = self.emit(TokenKind::Text);
            self.position += length - kept;
            self.skip();
            if kept > 0 {
                return Some(token);
            }
        }
        self.lex_left_delimiter()
    }

    fn lex_left_delimiter(&mut self) -> Option<Token> {
        self.position += LEFT.len();
        let after_marker = if has_left_trim_marker(self.rest()) {
            MARKER
        } else {
            0
        };
        if self
            .rest()
            .get(after_marker..)
            .is_some_and(|rest| rest.starts_with(LEFT_COMMENT))
        {
            self.position += after_marker;
            self.skip();
            return self.lex_comment();
        }
        let token = self.emit(TokenKind::LeftDelimiter);
        self.inside_action = true;
        self.open_parens = 0;
        self.position += after_marker;
        self.skip();
        Some(token)
    }

    fn lex_comment(&mut self) -> Option<Token> {
        self.position += LEFT_COMMENT.len();
        let Some(length) = find(self.rest(), RIGHT_COMMENT) else {
            return Some(self.fail("unclosed comment"));
        };
        self.position += length + RIGHT_COMMENT.len();
        let Some(trim) = self.at_right_delimiter() else {
            return Some(self.fail("comment ends before closing delimiter"));
        };
        self.pass_right_delimiter(trim);
        self.skip();
        None
    }

    /// At a right delimiter: whether it has a trim marker.
    fn at_right_delimiter(&self) -> Option<bool> {
        match self.rest() {
            [b'}', b'}', ..] => Some(false),
            rest if closes_with_trim(rest) => Some(true),
            _ => None,
        }
    }

    fn pass_right_delimiter(&mut self, trim: bool) {
        if trim {
            self.position += MARKER;
        }
        self.position += RIGHT.len();
        if trim {
            self.position += count(self.rest(), SPACE);
        }
    }

    fn lex_right_delimiter(&mut self, trim: bool) -> Token {
        if trim {
            self.position += MARKER;
            self.skip();
        }
        self.position += RIGHT.len();
        let token = self.emit(TokenKind::RightDelimiter);
        if trim {
            self.position += count(self.rest(), SPACE);
            self.skip();
        }
        self.inside_action = false;
        token
    }

    fn lex_action(&mut self) -> Token {
        // Words, fields and blanks are nearly everything.
        match self.peek_byte() {
            Some(b'a'..=b'z' | b'A'..=b'Z' | b'_') => return self.lex_word(),
            Some(b'.')
                if self
                    .text
                    .get(self.position + 1)
                    .is_some_and(|byte| !byte.is_ascii_digit()) =>
            {
                self.position += 1;
                return self.lex_field_or_variable(TokenKind::Field);
            }
            Some(b' ' | b'\t' | b'\r' | b'\n' | b'}') => {
                if let Some(trim) = self.at_right_delimiter() {
                    if self.open_parens == 0 {
                        return self.lex_right_delimiter(trim);
                    }
                    return self.fail("unclosed left paren");
                }
                if self.peek_byte() != Some(b'}') {
                    return self.lex_space();
                }
            }
            _ => {}
        }
        let Some((character, length)) = self.peek_char() else {
            return self.fail("unclosed action");
        };
        self.position += length;
        match character {
            '=' => self.emit(TokenKind::Assign),
            ':' => {
                if self.peek_byte() != Some(b'=') {
                    return self.fail("expected :=");
                }
                self.position += 1;
                self.emit(TokenKind::Declare)
            }
            '|' => self.emit(TokenKind::Pipe),
            '"' => self.lex_quoted(b'"', TokenKind::String, "unterminated quoted string"),
            '`' => self.lex_raw_string(),
            '\'' => self.lex_quoted(
                b'\'',
                TokenKind::CharConstant,
                "unterminated character constant",
            ),
            '$' => self.lex_field_or_variable(TokenKind::Variable),
            '.' | '+' | '-' | '0'..='9' => {
                self.position -= length;
                self.lex_number()
            }
            '(' => {
                self.open_parens += 1;
                self.emit(TokenKind::LeftParen)
            }
            ')' => match self.open_parens.checked_sub(1) {
                Some(open) => {
                    self.open_parens = open;
                    self.emit(TokenKind::RightParen)
                }
                None => self.fail("unexpected right paren"),
            },
            _ if is_alphanumeric(character) => self.lex_word(),
            ' '..='~' => self.emit(TokenKind::Char),
            _ => {
                let message = format!(
                    "unrecognized character in action: {}",
                    code_point(character)
                );
                self.fail(message)
            }
        }
    }

    fn lex_space(&mut self) -> Token {
        // Most often it is one.
        self.position += 1;
        if self.peek_byte().is_some_and(is_space) {
            self.position += count(self.rest(), SPACE);
        }
        // The last space may belong to a trim marker.
        if self.peek_byte() == Some(b'-') {
            let from_last = self.text.get(self.position - 1..).unwrap_or_default();
            if closes_with_trim(from_last) {
                self.position -= 1;
            }
        }
        self.emit(TokenKind::Space)
    }

    /// Passes letters, digits and underscores; the character that follows them, if any.
    fn pass_alphanumerics(&mut self) -> Option<char> {
        loop {
            self.position += count(self.rest(), WORD);
            let byte = self.peek_byte()?;
            if byte.is_ascii() {
                return Some(char::from(byte));
            }
            let (character, length) = unicode::decode_rune(self.rest());
            if !is_alphanumeric(character) {
                return Some(character);
            }
            self.position += length;
        }
    }

    /// Passes the rest of a word; an error token if something else follows it at once.
    #[inline]
    fn pass_word(&mut self) -> Option<Token> {
        self.position += count(self.rest(), WORD);
        match self.peek_byte() {
            Some(byte) if is(byte, TERMINATOR) => None,
            _ => self.pass_unusual_word(),
        }
    }

    /// The same where a delimiter, the end of the text, a letter beyond ASCII or a mistake follows.
    fn pass_unusual_word(&mut self) -> Option<Token> {
        let after = self.pass_alphanumerics();
        if self.at_terminator() {
            return None;
        }
        after.map(|character| self.fail(format!("bad character {}", code_point(character))))
    }

    fn lex_word(&mut self) -> Token {
        if let Some(failure) = self.pass_word() {
            return failure;
        }
        let word = self.text.get(self.start..self.position).unwrap_or_default();
        let kind = match TokenKind::keyword(word) {
            Some(TokenKind::Break) if !self.break_is_keyword => TokenKind::Identifier,
            Some(TokenKind::Continue) if !self.continue_is_keyword => TokenKind::Identifier,
            Some(keyword) => keyword,
            None if word == b"true" || word == b"false" => TokenKind::Bool,
            None => TokenKind::Identifier,
        };
        self.emit(kind)
    }

    /// Reads what follows `.` or `$`.
    fn lex_field_or_variable(&mut self, kind: TokenKind) -> Token {
        if self.at_terminator() {
            return self.emit(if kind == TokenKind::Field {
                TokenKind::Dot
            } else {
                kind
            });
        }
        if let Some(failure) = self.pass_word() {
            return failure;
        }
        self.emit(kind)
    }

    /// Says whether what follows may stand right after a word.
    fn at_terminator(&self) -> bool {
        match self.peek_byte() {
            None => true,
            Some(byte) => {
                is(byte, TERMINATOR) || (byte == b'}' && matches!(self.rest(), [b'}', b'}', ..]))
            }
        }
    }

    /// Reads to the closing quote; escapes are checked by the parser.
    fn lex_quoted(&mut self, quote: u8, kind: TokenKind, unterminated: &str) -> Token {
        loop {
            let Some(byte) = self.peek_byte() else {
                return self.fail(unterminated);
            };
            self.position += 1;
            match byte {
                b'\\' => match self.peek_byte() {
                    Some(escaped) if escaped != b'\n' => self.position += 1,
                    _ => return self.fail(unterminated),
                },
                b'\n' => return self.fail(unterminated),
                _ if byte == quote => return self.emit(kind),
                _ => {}
            }
        }
    }

    fn lex_raw_string(&mut self) -> Token {
        match self.rest().iter().position(|byte| *byte == b'`') {
            Some(length) => {
                self.position += length + 1;
                self.emit(TokenKind::RawString)
            }
            None => self.fail("unterminated raw quoted string"),
        }
    }

    fn lex_number(&mut self) -> Token {
        if !self.pass_number() {
            return self.fail_number();
        }
        if !matches!(self.peek_byte(), Some(b'+' | b'-')) {
            return self.emit(TokenKind::Number);
        }
        if !self.pass_number()
            || self
                .position
                .checked_sub(1)
                .and_then(|last| self.text.get(last))
                != Some(&b'i')
        {
            return self.fail_number();
        }
        self.emit(TokenKind::Complex)
    }

    fn fail_number(&mut self) -> Token {
        let number = self.text.get(self.start..self.position).unwrap_or_default();
        let message = format!("bad number syntax: {}", quote(number));
        self.fail(message)
    }

    fn accept(&mut self, set: &[u8]) -> bool {
        let found = self.peek_byte().is_some_and(|byte| set.contains(&byte));
        self.position += usize::from(found);
        found
    }

    fn accept_run(&mut self, set: &[u8]) {
        while self.accept(set) {}
    }

    /// Passes something shaped like a number, not necessarily a right one; false if a letter follows.
    fn pass_number(&mut self) -> bool {
        const DECIMAL: &[u8] = b"0123456789_";
        const HEXADECIMAL: &[u8] = b"0123456789abcdefABCDEF_";
        self.accept(b"+-");
        let mut digits = DECIMAL;
        if self.accept(b"0") {
            if self.accept(b"xX") {
                digits = HEXADECIMAL;
            } else if self.accept(b"oO") {
                digits = b"01234567_";
            } else if self.accept(b"bB") {
                digits = b"01_";
            }
        }
        self.accept_run(digits);
        if self.accept(b".") {
            self.accept_run(digits);
        }
        if (digits == DECIMAL && self.accept(b"eE"))
            || (digits == HEXADECIMAL && self.accept(b"pP"))
        {
            self.accept(b"+-");
            self.accept_run(DECIMAL);
        }
        self.accept(b"i");
        match self.peek_char() {
            Some((character, length)) if is_alphanumeric(character) => {
                self.position += length;
                false
            }
            _ => true,
        }
    }
}

/// Returns the place of `needle` in `haystack`.
fn find(haystack: &[u8], needle: &[u8; 2]) -> Option<usize> {
    let [first, second] = *needle;
    let mut from = 0;
    loop {
        let rest = haystack.get(from..)?;
        let place = from + memchr::memchr(first, rest)?;
        if haystack.get(place + 1) == Some(&second) {
            return Some(place);
        }
        from = place + 1;
    }
}

fn is_space(byte: u8) -> bool {
    is(byte, SPACE)
}

fn trim_end(text: &[u8]) -> &[u8] {
    let last = text.iter().rposition(|byte| !is_space(*byte));
    let length = last.map_or(0, |last| last + 1);
    text.get(..length).unwrap_or(text)
}

fn has_left_trim_marker(text: &[u8]) -> bool {
    matches!(text, [b'-', space, ..] if is_space(*space))
}

/// Says whether a right delimiter with a trim marker stands at the start.
fn closes_with_trim(text: &[u8]) -> bool {
    matches!(text, [space, b'-', b'}', b'}', ..] if is_space(*space))
}

fn is_alphanumeric(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphanumeric() || character == '_';
    }
    unicode::is_letter(character) || unicode::is_digit(character)
}

/// Go: the verb `%#U`.
fn code_point(character: char) -> String {
    let number = u32::from(character);
    if unicode::is_print(character) {
        format!("U+{number:04X} '{character}'")
    } else {
        format!("U+{number:04X}")
    }
}
