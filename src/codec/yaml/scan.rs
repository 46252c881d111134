//! Characters to tokens.
//!
//! What makes YAML hard to cut up: a key is known for one only by the `:` after it,
//! so tokens wait in a queue until no token before them can still turn out to be
//! needed; and indentation opens and closes collections.
//!
//! Go: `scannerc.go` of `go.yaml.in/yaml/v2`, whose errors and laxness are kept.

use std::borrow::Cow;
use std::collections::VecDeque;

use super::YamlError;
use super::token::{Kind, Mark, Token};

/// How deep flow collections may nest, and how many indents may be open.
const MAX_DEPTH: usize = 10_000;

/// How much go-yaml reads at first, without the byte order mark.
const FIRST_PIECE: usize = 509;

/// How many characters a key without `?` may have.
const MAX_KEY: usize = 1024;

/// Reads tokens from a text.
pub(super) struct Scanner<'a> {
    pub(super) text: &'a [u8],
    pub(super) at: usize,
    pub(super) line: u32,
    /// Where the line begins.
    line_start: usize,
    /// Bytes that are no characters of their own: on this line, and in all.
    line_extra: usize,
    extra: usize,
    /// How far go-yaml has looked ahead.
    pub(super) looked_to: usize,
    queue: VecDeque<Token<'a>>,
    /// How many tokens have left the queue.
    taken: usize,
    ended: bool,
    /// Whether the first token in the queue is known to be the next.
    ready: bool,
    pub(super) indent: i64,
    indents: Vec<i64>,
    /// What may still turn out to be a key: one for the block, one for each open
    /// flow collection.
    keys: Vec<PossibleKey>,
    /// Whether a key may begin here.
    pub(super) key_allowed: bool,
}

/// A place where a key may have begun.
#[derive(Clone, Copy, Default)]
struct PossibleKey {
    possible: bool,
    /// Nothing but a key can stand there.
    required: bool,
    /// Whether the tokens after it wait for it.
    awaited: bool,
    /// The number of its first token.
    token: usize,
    /// How many characters come before it.
    index: usize,
    mark: Mark,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a [u8]) -> Scanner<'a> {
        Scanner {
            text,
            at: 0,
            line: 0,
            line_start: 0,
            line_extra: 0,
            extra: 0,
            looked_to: 0,
            queue: VecDeque::new(),
            taken: 0,
            ended: false,
            ready: false,
            indent: -1,
            indents: Vec::new(),
            keys: vec![PossibleKey::default()],
            key_allowed: true,
        }
    }

    /// Returns the kind and place of the next token.
    pub(super) fn peek(&mut self) -> Result<(Kind, Mark), YamlError> {
        if !self.ready {
            self.fill()?;
            self.ready = true;
        }
        Ok(match self.queue.front() {
            Some(token) => (token.kind, token.mark),
            None => (Kind::StreamEnd, self.mark()),
        })
    }

    /// Takes the next token, which has been looked at.
    pub(super) fn take(&mut self) -> Option<Token<'a>> {
        let token = self.queue.pop_front()?;
        self.taken += 1;
        self.ready = false;
        Some(token)
    }

    /// Scans until the first token in the queue cannot be preceded by a key.
    fn fill(&mut self) -> Result<(), YamlError> {
        loop {
            if !self.queue.is_empty() && !self.first_may_be_key()? || self.ended {
                return Ok(());
            }
            self.scan_token()?;
        }
    }

    fn first_may_be_key(&mut self) -> Result<bool, YamlError> {
        // Keys lie on the stack in the order of their tokens.
        let place = self.keys.partition_point(|key| key.token < self.taken);
        for place in place..self.keys.len() {
            let key = self.keys[place];
            if key.token != self.taken {
                break;
            }
            if key.awaited {
                return self.key_is_possible(place);
            }
        }
        Ok(false)
    }

    // --- places -------------------------------------------------------------

    /// Returns a byte of the text, 0 at its end.
    pub(super) fn byte(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(0)
    }

    pub(super) fn column(&self) -> i64 {
        (self.at - self.line_start - self.line_extra) as i64
    }

    fn index(&self) -> usize {
        self.at - self.extra
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            line: self.line,
            column: self.column() as u32,
        }
    }

    /// Goes to a place further on this line.
    pub(super) fn go_to(&mut self, end: usize) {
        let passed = self.text.get(self.at..end).unwrap_or_default();
        if !passed.is_ascii() {
            let extra = passed.iter().filter(|b| **b & 0xC0 == 0x80).count();
            self.line_extra += extra;
            self.extra += extra;
        }
        self.at = end;
    }

    /// Goes past one ASCII character.
    pub(super) fn skip(&mut self) {
        self.at += 1;
    }

    /// Goes past a line break of this width.
    pub(super) fn skip_break(&mut self, width: usize) {
        // Carriage return and line feed are two characters.
        if self.byte(self.at) >= 0x80 {
            self.extra += width - 1;
        }
        self.at += width;
        self.line += 1;
        self.line_start = self.at;
        self.line_extra = 0;
    }

    /// Returns the width of the line break at a place, 0 if there is none.
    pub(super) fn break_width(&self, at: usize) -> usize {
        match self.byte(at) {
            b'\n' => 1,
            b'\r' if self.byte(at + 1) == b'\n' => 2,
            b'\r' => 1,
            0xC2 if self.byte(at + 1) == 0x85 => 2,
            0xE2 if self.byte(at + 1) == 0x80 && matches!(self.byte(at + 2), 0xA8 | 0xA9) => 3,
            _ => 0,
        }
    }

    /// Reports whether a blank, a line break or the end stands at a place.
    pub(super) fn is_blank_or_end(&self, at: usize) -> bool {
        matches!(self.byte(at), b' ' | b'\t' | 0) || self.break_width(at) > 0
    }

    /// Reports whether `---` or `...` stands here on its own.
    pub(super) fn is_document_indicator(&self) -> bool {
        let rest = self.text.get(self.at..).unwrap_or_default();
        (rest.starts_with(b"---") || rest.starts_with(b"..."))
            && self.column() == 0
            && self.is_blank_or_end(self.at + 3)
    }

    /// An error at this place.
    pub(super) fn fail<T>(&self, problem: &str) -> Result<T, YamlError> {
        let line = (self.line != 0).then_some(self.line + 1);
        Err(YamlError::syntax(line, problem))
    }

    // --- tokens -------------------------------------------------------------

    fn push(&mut self, kind: Kind, mark: Mark) {
        self.queue.push_back(Token::new(kind, mark));
    }

    fn push_text(&mut self, kind: Kind, mark: Mark, text: Cow<'a, [u8]>) {
        self.queue.push_back(Token::with_text(kind, mark, text));
    }

    /// Puts a token before the one with a number. One that has left the queue
    /// already is not waited for: the token then comes last.
    fn insert(&mut self, number: usize, kind: Kind, mark: Mark) {
        let token = Token::new(kind, mark);
        match number.checked_sub(self.taken) {
            Some(place) if place <= self.queue.len() => self.queue.insert(place, token),
            _ => self.queue.push_back(token),
        }
    }

    /// Puts the next token into the queue, and all that its place implies.
    fn scan_token(&mut self) -> Result<(), YamlError> {
        self.skip_to_token();
        self.looked_to = self.at + 4;
        self.close_indents(self.column());
        let mark = self.mark();
        let byte = self.byte(self.at);
        let in_flow = self.keys.len() > 1;
        let before_blank = |s: &Self| s.is_blank_or_end(s.at + 1);
        if self.at >= self.text.len() {
            return self.end_stream();
        }
        if mark.column == 0 {
            if byte == b'%' {
                self.close_indents(-1);
                self.forget_key()?;
                self.key_allowed = false;
                let token = self.directive(mark)?;
                self.queue.push_back(token);
                return Ok(());
            }
            if self.is_document_indicator() {
                self.close_indents(-1);
                self.forget_key()?;
                self.key_allowed = false;
                self.at += 3;
                let kind = if byte == b'-' {
                    Kind::DocumentStart
                } else {
                    Kind::DocumentEnd
                };
                self.push(kind, mark);
                return Ok(());
            }
        }
        match byte {
            b'[' => self.open_flow(Kind::FlowSequenceStart, mark)?,
            b'{' => self.open_flow(Kind::FlowMappingStart, mark)?,
            b']' => self.close_flow(Kind::FlowSequenceEnd, mark)?,
            b'}' => self.close_flow(Kind::FlowMappingEnd, mark)?,
            b',' => {
                self.forget_key()?;
                self.key_allowed = true;
                self.skip();
                self.push(Kind::FlowEntry, mark);
            }
            b'-' if before_blank(self) => {
                if !in_flow {
                    if !self.key_allowed {
                        return self.fail("block sequence entries are not allowed in this context");
                    }
                    self.open_indent(mark, None, Kind::BlockSequenceStart)?;
                }
                self.forget_key()?;
                self.key_allowed = true;
                self.skip();
                self.push(Kind::BlockEntry, mark);
            }
            b'?' if in_flow || before_blank(self) => {
                if !in_flow {
                    if !self.key_allowed {
                        return self.fail("mapping keys are not allowed in this context");
                    }
                    self.open_indent(mark, None, Kind::BlockMappingStart)?;
                }
                self.forget_key()?;
                self.key_allowed = !in_flow;
                self.skip();
                self.push(Kind::Key, mark);
            }
            b':' if in_flow || before_blank(self) => self.value(mark, in_flow)?,
            b'*' | b'&' => {
                self.note_key()?;
                self.key_allowed = false;
                let name = self.anchor_name()?;
                let kind = if byte == b'*' {
                    Kind::Alias
                } else {
                    Kind::Anchor
                };
                self.push_text(kind, mark, name);
            }
            b'!' => {
                self.note_key()?;
                self.key_allowed = false;
                let token = self.tag(mark)?;
                self.queue.push_back(token);
            }
            b'|' | b'>' if !in_flow => {
                self.forget_key()?;
                self.key_allowed = true;
                let text = self.block_scalar(byte == b'|')?;
                self.looked_to = self.looked_to.max(self.at + 2);
                self.push_text(Kind::QuotedScalar, mark, text);
            }
            b'\'' | b'"' => {
                self.note_key()?;
                self.key_allowed = false;
                let text = self.quoted_scalar(byte)?;
                self.looked_to = self.looked_to.max(self.at + 2);
                self.push_text(Kind::QuotedScalar, mark, text);
            }
            _ if self.begins_plain(byte, in_flow) => {
                self.note_key()?;
                self.key_allowed = false;
                let text = self.plain_scalar(in_flow)?;
                self.looked_to = self.looked_to.max(self.at + 2);
                self.push_text(Kind::PlainScalar, mark, text);
            }
            _ => return self.fail("found character that cannot start any token"),
        }
        Ok(())
    }

    fn begins_plain(&self, byte: u8, in_flow: bool) -> bool {
        match byte {
            b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@' | b'`' | b','
            | b'[' | b']' | b'{' | b'}' => false,
            b'-' => !matches!(self.byte(self.at + 1), b' ' | b'\t'),
            b'?' | b':' => !in_flow && !self.is_blank_or_end(self.at + 1),
            _ => !self.is_blank_or_end(self.at),
        }
    }

    /// Goes past blanks, comments and line breaks.
    /// Goes past a second byte order mark.
    ///
    /// go-yaml looks for a mark at the beginning of each line, but always finds the one at the beginning of what it
    /// has read: with one there, the first character of every line is lost (`found/two-marks-column`),
    /// until it looks so far ahead that it must read more.
    fn skip_mark(&mut self) {
        let end = self.text.len().min(FIRST_PIECE);
        if self.column() == 0
            && self.at < end
            && self.looked_to <= end
            && self.text.starts_with(b"\xEF\xBB\xBF")
        {
            let rest = &self.text[self.at + 1..];
            let more = rest.iter().take_while(|byte| **byte & 0xC0 == 0x80).count();
            self.go_to(self.at + 1 + more);
        }
    }

    fn skip_to_token(&mut self) {
        loop {
            self.skip_mark();
            let in_flow = self.keys.len() > 1;
            while match self.byte(self.at) {
                b' ' => true,
                // Tabs are no indentation.
                b'\t' => in_flow || !self.key_allowed,
                _ => false,
            } {
                self.skip();
            }
            if self.byte(self.at) == b'#' {
                let end = self.line_end(self.at);
                self.go_to(end);
            }
            let width = self.break_width(self.at);
            if width == 0 {
                return;
            }
            self.skip_break(width);
            if !in_flow {
                self.key_allowed = true;
            }
        }
    }

    /// Returns the place of the next line break, or the end.
    pub(super) fn line_end(&self, from: usize) -> usize {
        let mut at = from;
        while at < self.text.len() {
            match self.byte(at) {
                b'\n' | b'\r' => return at,
                0xC2 | 0xE2 if self.break_width(at) > 0 => return at,
                _ => at += 1,
            }
        }
        at
    }

    fn end_stream(&mut self) -> Result<(), YamlError> {
        if self.column() != 0 {
            self.line += 1;
            self.line_start = self.at;
            self.line_extra = 0;
        }
        self.close_indents(-1);
        self.forget_key()?;
        self.key_allowed = false;
        self.push(Kind::StreamEnd, self.mark());
        self.ended = true;
        Ok(())
    }

    // --- indentation and keys -----------------------------------------------

    /// Opens a block collection if this column lies deeper than the one around.
    fn open_indent(
        &mut self,
        mark: Mark,
        before: Option<usize>,
        kind: Kind,
    ) -> Result<(), YamlError> {
        let column = i64::from(mark.column);
        if self.keys.len() > 1 || self.indent >= column {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column;
        if self.indents.len() > MAX_DEPTH {
            return self.fail("exceeded max depth of 10000");
        }
        match before {
            Some(number) => self.insert(number, kind, mark),
            None => self.push(kind, mark),
        }
        Ok(())
    }

    /// Closes the block collections that lie deeper than a column.
    fn close_indents(&mut self, column: i64) {
        if self.keys.len() > 1 {
            return;
        }
        while self.indent > column {
            self.push(Kind::BlockEnd, self.mark());
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    /// Reports whether what began at a place can still be a key: it must be on this
    /// line, and not too long.
    fn key_is_possible(&mut self, place: usize) -> Result<bool, YamlError> {
        let key = self.keys[place];
        if !key.possible {
            return Ok(false);
        }
        if key.mark.line < self.line || key.index + MAX_KEY < self.index() {
            if key.required {
                return self.fail("could not find expected ':'");
            }
            self.keys[place].possible = false;
            return Ok(false);
        }
        Ok(true)
    }

    /// Notes that a key may begin with the next token.
    fn note_key(&mut self) -> Result<(), YamlError> {
        if !self.key_allowed {
            return Ok(());
        }
        let required = self.keys.len() == 1 && self.indent == self.column();
        self.forget_key()?;
        let key = PossibleKey {
            possible: true,
            required,
            awaited: true,
            token: self.taken + self.queue.len(),
            index: self.index(),
            mark: self.mark(),
        };
        if let Some(last) = self.keys.last_mut() {
            *last = key;
        }
        Ok(())
    }

    /// Notes that what may have been a key on this level is none.
    fn forget_key(&mut self) -> Result<(), YamlError> {
        if let Some(key) = self.keys.last_mut()
            && key.possible
        {
            if key.required {
                return self.fail("could not find expected ':'");
            }
            key.possible = false;
            key.awaited = false;
        }
        Ok(())
    }

    fn open_flow(&mut self, kind: Kind, mark: Mark) -> Result<(), YamlError> {
        self.note_key()?;
        self.keys.push(PossibleKey {
            token: self.taken + self.queue.len(),
            mark,
            ..PossibleKey::default()
        });
        if self.keys.len() > MAX_DEPTH + 1 {
            return self.fail("exceeded max depth of 10000");
        }
        self.key_allowed = true;
        self.skip();
        self.push(kind, mark);
        Ok(())
    }

    fn close_flow(&mut self, kind: Kind, mark: Mark) -> Result<(), YamlError> {
        self.forget_key()?;
        if self.keys.len() > 1
            && let Some(inner) = self.keys.pop()
            && let Some(outer) = self.keys.last_mut()
            && outer.token == inner.token
        {
            // A quirk of go-yaml: an empty collection that begins a line is not
            // waited for, so `{}: x` ends after the braces.
            outer.awaited = false;
        }
        self.key_allowed = false;
        self.skip();
        self.push(kind, mark);
        Ok(())
    }

    /// A `:`: what came before it may be a key.
    fn value(&mut self, mark: Mark, in_flow: bool) -> Result<(), YamlError> {
        let last = self.keys.len() - 1;
        if self.key_is_possible(last)? {
            let key = self.keys[last];
            self.insert(key.token, Kind::Key, key.mark);
            self.open_indent(key.mark, Some(key.token), Kind::BlockMappingStart)?;
            self.keys[last].possible = false;
            self.keys[last].awaited = false;
            self.key_allowed = false;
        } else {
            if !in_flow {
                if !self.key_allowed {
                    return self.fail("mapping values are not allowed in this context");
                }
                self.open_indent(mark, None, Kind::BlockMappingStart)?;
            }
            self.key_allowed = !in_flow;
        }
        self.skip();
        self.push(Kind::Value, mark);
        Ok(())
    }
}
