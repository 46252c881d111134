//! The common form of YAML, line by line, without tokens.
//!
//! Most texts are block mappings and sequences whose scalars stand on one line, or in literal blocks. These are put
//! on the tape in one pass, or become values at once ([`values`]). At anything else the reader gives up, and the text
//! is read the long way, which alone knows errors: `None` means nothing but "not here". Debug builds read every text
//! both ways and compare.

mod flow;
mod scalar;
#[cfg(test)]
mod tests;
mod values;

use std::borrow::Cow;

use super::parse::{Mark, Node, NodeKind, Tape};
use super::shape::Shape;
use crate::value::Value;

/// How deep collections may nest here.
const MAX_DEPTH: usize = 100;

/// How long a key may be here, in bytes. Go's limit is 1024 characters.
const MAX_KEY: usize = 500;

/// A collection that is being read.
struct Open {
    /// The column of its keys or dashes.
    indent: usize,
    is_map: bool,
    /// Whether it is a list that stands no deeper than the key it belongs to.
    indentless: bool,
    /// The place of the `:` or `-` whose value has not come yet.
    waiting: Option<Mark>,
}

struct Reader<'a, O> {
    text: &'a [u8],
    at: usize,
    line: u32,
    line_start: usize,
    open: Vec<Open>,
    output: O,
}

/// What is told of the nodes of a document, in the order of the text.
trait Output<'a> {
    fn scalar(&mut self, value: Cow<'a, [u8]>, plain: bool, mark: Mark);

    /// The begin of a mapping or a list.
    fn begin(&mut self, is_map: bool, mark: Mark);

    /// The end of the innermost of those that have begun.
    fn end(&mut self);

    /// Reports whether nothing was told yet.
    fn is_empty(&self) -> bool;

    /// Reports whether no more of the document is wanted: it is to be read the long way.
    fn gives_up(&self) -> bool;
}

/// A tape, and the places of the collections that have no end on it yet.
struct Taping<'a> {
    tape: Tape<'a>,
    open: Vec<usize>,
}

impl<'a> Output<'a> for Taping<'a> {
    fn scalar(&mut self, value: Cow<'a, [u8]>, plain: bool, mark: Mark) {
        let tag = None;
        let kind = NodeKind::Scalar { value, tag, plain };
        self.tape.push(Node { kind, mark });
    }

    fn begin(&mut self, is_map: bool, mark: Mark) {
        self.open.push(self.tape.len());
        let kind = if is_map {
            NodeKind::Map { end: 0 }
        } else {
            NodeKind::List { end: 0 }
        };
        self.tape.push(Node { kind, mark });
    }

    fn end(&mut self) {
        let here = self.tape.len();
        if let Some(place) = self.open.pop()
            && let NodeKind::List { end } | NodeKind::Map { end } = &mut self.tape[place].kind
        {
            *end = here;
        }
        let (kind, mark) = (NodeKind::End, Mark::default());
        self.tape.push(Node { kind, mark });
    }

    fn is_empty(&self) -> bool {
        self.tape.is_empty()
    }

    fn gives_up(&self) -> bool {
        false
    }
}

/// Puts a text of the common form on a tape. It has no line breaks but line feeds.
pub(super) fn read(text: &[u8]) -> Option<Tape<'_>> {
    let taping = Taping {
        tape: Tape::with_capacity(text.len() / 20),
        open: Vec::new(),
    };
    Some(Reader::over(text, taping).document()?.tape)
}

/// Returns the value of a text of the common form, as far as `shape` wants it. It has no line breaks but line feeds.
pub(super) fn compose(text: &[u8], shape: &'static Shape) -> Option<Value> {
    Reader::over(text, values::Building::new(shape))
        .document()?
        .finish()
}

impl<'a, O: Output<'a>> Reader<'a, O> {
    fn over(text: &'a [u8], output: O) -> Reader<'a, O> {
        Reader {
            text,
            at: 0,
            line: 0,
            line_start: 0,
            open: Vec::new(),
            output,
        }
    }

    fn document(mut self) -> Option<O> {
        let mut content = self.seek()?;
        if content && self.text[self.at..].starts_with(b"---") && self.at == self.line_start {
            self.at += 3;
            self.end_line()?;
            // What follows must be there: nothing at all is something else after this mark.
            content = self.seek()?.then_some(true)?;
        }
        while content {
            self.line()?;
            content = self.seek()?;
        }
        while self.close().is_some() {}
        (!self.output.gives_up()).then_some(self.output)
    }

    fn byte(&self, at: usize) -> u8 {
        // The end is like the end of a line.
        self.text.get(at).copied().unwrap_or(b'\n')
    }

    fn mark(&self) -> Mark {
        Mark {
            line: self.line,
            column: (self.at - self.line_start) as u32,
        }
    }

    fn scalar(&mut self, value: Cow<'a, [u8]>, plain: bool, mark: Mark) {
        self.output.scalar(value, plain, mark);
    }

    // --- lines --------------------------------------------------------------

    /// Goes to the next line with something on it, and to that; false at the end of the text.
    fn seek(&mut self) -> Option<bool> {
        loop {
            while self.text.get(self.at) == Some(&b' ') {
                self.at += 1;
            }
            match self.text.get(self.at) {
                None => return Some(false),
                Some(b'\n') => self.next_line(),
                Some(b'#') => self.skip_line(),
                Some(b'\t') => return None,
                Some(_) => return Some(true),
            }
        }
    }

    /// Goes past the line feed here.
    fn next_line(&mut self) {
        self.at += 1;
        self.line += 1;
        self.line_start = self.at;
    }

    /// Goes to the next line, or to the end.
    fn skip_line(&mut self) {
        match memchr::memchr(b'\n', &self.text[self.at..]) {
            Some(length) => {
                self.at += length;
                self.next_line();
            }
            None => self.at = self.text.len(),
        }
    }

    /// Goes past the rest of a line that has nothing but blanks and a comment left.
    fn end_line(&mut self) -> Option<()> {
        let before = self.at;
        self.skip_spaces();
        match self.text.get(self.at) {
            None => Some(()),
            Some(b'\n') => {
                self.next_line();
                Some(())
            }
            Some(b'#') if self.at > before => {
                self.skip_line();
                Some(())
            }
            Some(_) => None,
        }
    }

    fn skip_spaces(&mut self) {
        while self.text.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
    }

    fn is_dash(&self) -> bool {
        self.byte(self.at) == b'-' && matches!(self.byte(self.at + 1), b' ' | b'\n')
    }

    /// Reads a line from its first character that is no blank.
    fn line(&mut self) -> Option<()> {
        let column = self.at - self.line_start;
        let rest = &self.text[self.at..];
        if column == 0 && (rest.starts_with(b"---") || rest.starts_with(b"...")) {
            return None;
        }
        if self.output.gives_up() {
            return None;
        }
        let is_dash = self.is_dash();
        while let Some(top) = self.open.last()
            && (top.indent > column || top.indent == column && top.indentless && !is_dash)
        {
            self.close();
        }
        let begun = !self.output.is_empty();
        let place = match self.open.last_mut() {
            None if begun => return None,
            None => Place::New,
            Some(top) if top.indent < column => {
                top.waiting.take()?;
                Place::New
            }
            Some(top) if top.is_map && is_dash => {
                top.waiting.take()?;
                Place::Indentless
            }
            Some(top) if top.is_map == is_dash => return None,
            Some(top) => match top.waiting.take() {
                Some(mark) => Place::After(mark),
                None => Place::Next,
            },
        };
        match place {
            Place::New => self.enter(column, !is_dash, false)?,
            Place::Indentless => self.enter(column, false, true)?,
            Place::After(mark) => self.scalar(Cow::Borrowed(b""), true, mark),
            Place::Next => {}
        }
        if is_dash { self.entry() } else { self.pair() }
    }

    fn enter(&mut self, indent: usize, is_map: bool, indentless: bool) -> Option<()> {
        if self.open.len() >= MAX_DEPTH {
            return None;
        }
        self.open.push(Open {
            indent,
            is_map,
            indentless,
            waiting: None,
        });
        let mark = self.mark();
        self.output.begin(is_map, mark);
        Some(())
    }

    /// Ends the innermost collection.
    fn close(&mut self) -> Option<()> {
        let top = self.open.pop()?;
        if let Some(mark) = top.waiting {
            self.scalar(Cow::Borrowed(b""), true, mark);
        }
        self.output.end();
        Some(())
    }

    /// Reads the dashes here and what follows them on their line.
    fn entry(&mut self) -> Option<()> {
        loop {
            let mark = self.mark();
            self.at += 1;
            if self.waits(mark)? {
                return Some(());
            }
            let column = self.at - self.line_start;
            if !self.is_dash() {
                break;
            }
            self.enter(column, false, false)?;
        }
        match self.byte(self.at) {
            b'|' => return self.literal(),
            b'[' | b'{' => return self.flow_value(),
            _ => {}
        }
        let column = self.at - self.line_start;
        let mark = self.mark();
        let (value, plain) = self.text_here()?;
        if self.byte(self.at) != b':' {
            self.scalar(value, plain, mark);
            return self.end_line();
        }
        // It is the first key of a mapping.
        let end = self.at;
        self.at = self.line_start + column;
        self.enter(column, true, false)?;
        self.at = end;
        self.scalar(value, plain, mark);
        self.value(column)
    }

    /// Reads a key and what follows it on its line.
    fn pair(&mut self) -> Option<()> {
        let column = self.at - self.line_start;
        let mark = self.mark();
        let (key, plain) = self.text_here()?;
        if self.byte(self.at) != b':' {
            return None;
        }
        self.scalar(key, plain, mark);
        self.value(column)
    }

    /// Goes on from the `:` after a key that began at a column.
    fn value(&mut self, column: usize) -> Option<()> {
        let key = self.text.get(self.line_start + column..self.at)?;
        if key.len() > MAX_KEY || !key.is_ascii() {
            return None;
        }
        let mark = self.mark();
        self.at += 1;
        if self.waits(mark)? {
            return Some(());
        }
        match self.byte(self.at) {
            b'|' => return self.literal(),
            b'[' | b'{' => return self.flow_value(),
            _ if self.is_dash() => return None,
            _ => {}
        }
        let mark = self.mark();
        let (value, plain) = self.text_here()?;
        self.scalar(value, plain, mark);
        self.end_line()
    }

    /// Goes past the blanks after a `:` or `-`. Where nothing else stands on the line, its value is waited for.
    fn waits(&mut self, mark: Mark) -> Option<bool> {
        self.skip_spaces();
        if !matches!(self.byte(self.at), b'\n' | b'#') {
            return Some(false);
        }
        self.end_line_at_comment();
        self.open.last_mut()?.waiting = Some(mark);
        Some(true)
    }

    fn end_line_at_comment(&mut self) {
        match self.text.get(self.at) {
            Some(b'\n') => self.next_line(),
            _ => self.skip_line(),
        }
    }
}

/// Where a line stands among the collections that are open.
enum Place {
    /// It begins a collection.
    New,
    /// It begins a list that is as deep as its key.
    Indentless,
    /// It goes on, and the part before it has no value.
    After(Mark),
    Next,
}
