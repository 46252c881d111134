//! The common form of YAML, line by line, without tokens.
//!
//! Most texts are block mappings and sequences whose scalars stand on one line, or in literal blocks. These are put
//! on the tape in one pass. At anything else the reader gives up, and the text is read the long way, which alone
//! knows errors: `None` means nothing but "not here". Debug builds read every text both ways and compare the tapes.

use std::borrow::Cow;

use super::parse::{Mark, Node, NodeKind, Tape};

/// How deep collections may nest here.
const MAX_DEPTH: usize = 100;

/// How long a key may be here, in bytes. Go's limit is 1024 characters.
const MAX_KEY: usize = 500;

/// What a byte means where a scalar without quotes is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Text,
    /// It may end the scalar: line break, `:`, `#`, tab.
    Stop,
}

static IN_PLAIN: [Class; 256] = {
    let mut table = [Class::Text; 256];
    let stops = b"\n:#\t";
    let mut place = 0;
    while place < stops.len() {
        table[stops[place] as usize] = Class::Stop;
        place += 1;
    }
    table
};

/// The bytes that begin nothing but a scalar without quotes.
static BEGINS_PLAIN: [bool; 256] = {
    let mut table = [true; 256];
    let others = b"\n\t #&*!|>'\"%@`,[]{}?:";
    let mut place = 0;
    while place < others.len() {
        table[others[place] as usize] = false;
        place += 1;
    }
    table
};

/// The bytes a scalar without quotes may have in a flow collection here.
static IN_FLOW: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_usize;
    while byte < 256 {
        table[byte] = (byte as u8).is_ascii_alphanumeric() || byte >= 0x80;
        byte += 1;
    }
    let others = b"_-./ $@+*=()<>~%^;!\\&|";
    let mut place = 0;
    while place < others.len() {
        table[others[place] as usize] = true;
        place += 1;
    }
    table
};

/// A collection that is being read.
struct Open {
    /// The column of its keys or dashes.
    indent: usize,
    /// Its place on the tape.
    place: usize,
    is_map: bool,
    /// Whether it is a list that stands no deeper than the key it belongs to.
    indentless: bool,
    /// The place of the `:` or `-` whose value has not come yet.
    waiting: Option<Mark>,
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    line: u32,
    line_start: usize,
    tape: Tape<'a>,
    open: Vec<Open>,
}

/// Puts a text of the common form on a tape. It has no line breaks but line feeds.
pub(super) fn read(text: &[u8]) -> Option<Tape<'_>> {
    let mut reader = Reader {
        text,
        at: 0,
        line: 0,
        line_start: 0,
        tape: Tape::with_capacity(text.len() / 20),
        open: Vec::new(),
    };
    reader.document()?;
    Some(reader.tape)
}

impl<'a> Reader<'a> {
    fn document(&mut self) -> Option<()> {
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
        Some(())
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

    fn push(&mut self, kind: NodeKind<'a>, mark: Mark) {
        self.tape.push(Node { kind, mark });
    }

    fn scalar(&mut self, value: Cow<'a, [u8]>, plain: bool, mark: Mark) {
        let tag = None;
        self.push(NodeKind::Scalar { value, tag, plain }, mark);
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
        let is_dash = self.is_dash();
        while let Some(top) = self.open.last()
            && (top.indent > column || top.indent == column && top.indentless && !is_dash)
        {
            self.close();
        }
        let begun = !self.tape.is_empty();
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
            place: self.tape.len(),
            is_map,
            indentless,
            waiting: None,
        });
        let mark = self.mark();
        let kind = if is_map {
            NodeKind::Map { end: 0 }
        } else {
            NodeKind::List { end: 0 }
        };
        self.push(kind, mark);
        Some(())
    }

    /// Ends the innermost collection.
    fn close(&mut self) -> Option<()> {
        let top = self.open.pop()?;
        if let Some(mark) = top.waiting {
            self.scalar(Cow::Borrowed(b""), true, mark);
        }
        self.end(top.place);
        Some(())
    }

    fn end(&mut self, place: usize) {
        let here = self.tape.len();
        if let NodeKind::List { end } | NodeKind::Map { end } = &mut self.tape[place].kind {
            *end = here;
        }
        self.push(NodeKind::End, Mark::default());
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

    // --- scalars ------------------------------------------------------------

    /// Reads a scalar of one line, up to the `:` after it, to a blank, or the end of the line; with whether it has no quotes.
    fn text_here(&mut self) -> Option<(Cow<'a, [u8]>, bool)> {
        match self.byte(self.at) {
            b'"' => Some((self.double_quoted()?, false)),
            b'\'' => Some((self.single_quoted()?, false)),
            byte if BEGINS_PLAIN[usize::from(byte)] && !self.is_dash() => {
                Some((Cow::Borrowed(self.plain()?), true))
            }
            _ => None,
        }
    }

    /// Reads a scalar without quotes. A `:` that ends it must touch it.
    fn plain(&mut self) -> Option<&'a [u8]> {
        let start = self.at;
        let mut at = start;
        loop {
            let rest = self.text.get(at..)?;
            at += match rest
                .iter()
                .position(|byte| IN_PLAIN[usize::from(*byte)] == Class::Stop)
            {
                Some(length) => length,
                None => rest.len(),
            };
            match self.byte(at) {
                b'\n' => break,
                b':' if matches!(self.byte(at + 1), b' ' | b'\n') => {
                    if self.text[at - 1] == b' ' {
                        return None;
                    }
                    break;
                }
                b'#' if self.text[at - 1] == b' ' => break,
                b'\t' => return None,
                _ => at += 1,
            }
        }
        while self.text[at - 1] == b' ' {
            at -= 1;
        }
        self.at = at;
        Some(&self.text[start..at])
    }

    fn double_quoted(&mut self) -> Option<Cow<'a, [u8]>> {
        let start = self.at + 1;
        let rest = self.text.get(start..)?;
        let length = memchr::memchr3(b'"', b'\\', b'\n', rest)?;
        match rest[length] {
            b'"' => {
                self.at = start + length + 1;
                self.after_quote()?;
                Some(Cow::Borrowed(&rest[..length]))
            }
            b'\\' => self.escaped(start, length),
            _ => None,
        }
    }

    /// Reads a text in double quotes that has an escape after `length` bytes.
    fn escaped(&mut self, start: usize, length: usize) -> Option<Cow<'a, [u8]>> {
        let mut out = self.text[start..start + length].to_vec();
        let mut at = start + length;
        loop {
            match self.byte(at) {
                b'"' => break,
                b'\n' => return None,
                b'\\' => {
                    out.push(match self.byte(at + 1) {
                        b'n' => b'\n',
                        b't' => b'\t',
                        byte @ (b'"' | b'\\' | b' ') => byte,
                        _ => return None,
                    });
                    at += 2;
                }
                byte => {
                    out.push(byte);
                    at += 1;
                }
            }
        }
        self.at = at + 1;
        self.after_quote()?;
        Some(Cow::Owned(out))
    }

    fn single_quoted(&mut self) -> Option<Cow<'a, [u8]>> {
        let start = self.at + 1;
        let rest = self.text.get(start..)?;
        let length = memchr::memchr2(b'\'', b'\n', rest)?;
        if rest[length] != b'\'' || rest.get(length + 1) == Some(&b'\'') {
            return None;
        }
        self.at = start + length + 1;
        self.after_quote()?;
        Some(Cow::Borrowed(&rest[..length]))
    }

    /// Refuses what may not follow a quote here.
    fn after_quote(&self) -> Option<()> {
        match self.byte(self.at) {
            b'\n' | b' ' | b',' | b']' | b'}' => Some(()),
            b':' if matches!(self.byte(self.at + 1), b' ' | b'\n') => Some(()),
            _ => None,
        }
    }

    /// Reads `|`, `|-` or `|+` and the lines that belong to it.
    fn literal(&mut self) -> Option<()> {
        let mark = self.mark();
        let around = self.open.last()?.indent;
        self.at += 1;
        let chomping = self.byte(self.at);
        if matches!(chomping, b'-' | b'+') {
            self.at += 1;
        }
        self.end_line()?;
        let mut out = Vec::new();
        // Line breaks that are written only if another line follows.
        let mut breaks = 0;
        while self.text.get(self.at) == Some(&b'\n') {
            breaks += 1;
            self.next_line();
        }
        self.skip_spaces();
        let indent = self.at - self.line_start;
        if indent <= around || matches!(self.text.get(self.at), None | Some(b'\n' | b'\t')) {
            return None;
        }
        loop {
            // At the text of a line.
            out.resize(out.len() + breaks, b'\n');
            let rest = &self.text[self.at..];
            let Some(length) = memchr::memchr(b'\n', rest) else {
                out.extend_from_slice(rest);
                self.at = self.text.len();
                self.line_start = self.at;
                breaks = 0;
                break;
            };
            out.extend_from_slice(&rest[..length]);
            self.at += length;
            self.next_line();
            breaks = 1;
            if !self.next_of_literal(indent, &mut breaks)? {
                break;
            }
        }
        match chomping {
            b'-' => {}
            b'+' => out.resize(out.len() + breaks, b'\n'),
            _ => out.resize(out.len() + breaks.min(1), b'\n'),
        }
        // What follows is a line like any other.
        self.at = self.line_start;
        self.scalar(Cow::Owned(out), false, mark);
        Some(())
    }

    /// Goes to the text of the next line of a literal, past empty lines, which are counted; false if there is none.
    fn next_of_literal(&mut self, indent: usize, breaks: &mut usize) -> Option<bool> {
        loop {
            let room = self.text.len().min(self.line_start + indent);
            while self.at < room && self.text[self.at] == b' ' {
                self.at += 1;
            }
            match self.text.get(self.at) {
                Some(b'\n') => {
                    *breaks += 1;
                    self.next_line();
                }
                Some(b'\t') if self.at < room => return None,
                // Blanks that end the text.
                None if self.at > self.line_start => return None,
                None => return Some(false),
                Some(_) => return Some(self.at == room),
            }
        }
    }

    // --- flow collections ---------------------------------------------------

    /// Reads a flow collection that is a value and ends its line.
    fn flow_value(&mut self) -> Option<()> {
        self.flow(0)?;
        // Columns count characters.
        if !self.text[self.line_start..self.at].is_ascii() {
            return None;
        }
        self.end_line()
    }

    fn flow(&mut self, depth: usize) -> Option<()> {
        if depth >= MAX_DEPTH {
            return None;
        }
        let place = self.tape.len();
        let mark = self.mark();
        let is_map = self.byte(self.at) == b'{';
        let close = if is_map { b'}' } else { b']' };
        let kind = if is_map {
            NodeKind::Map { end: 0 }
        } else {
            NodeKind::List { end: 0 }
        };
        self.push(kind, mark);
        self.at += 1;
        self.skip_spaces();
        let mut empty = true;
        while !(empty && self.byte(self.at) == close) {
            empty = false;
            if is_map {
                self.flow_scalar()?;
                if self.byte(self.at) != b':' || self.byte(self.at + 1) != b' ' {
                    return None;
                }
                self.at += 1;
                self.skip_spaces();
            }
            match self.byte(self.at) {
                b'[' | b'{' => self.flow(depth + 1)?,
                _ => self.flow_scalar()?,
            }
            self.skip_spaces();
            match self.byte(self.at) {
                b',' => {
                    self.at += 1;
                    self.skip_spaces();
                }
                byte if byte == close => break,
                _ => return None,
            }
        }
        self.at += 1;
        self.end(place);
        Some(())
    }

    fn flow_scalar(&mut self) -> Option<()> {
        let mark = self.mark();
        let start = self.at;
        match self.byte(start) {
            b'"' => {
                let value = self.double_quoted()?;
                self.scalar(value, false, mark);
            }
            b'\'' => {
                let value = self.single_quoted()?;
                self.scalar(value, false, mark);
            }
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | b'/' | b'.' | b'$' => {
                let rest = &self.text[start..];
                let length = rest.iter().position(|byte| !IN_FLOW[usize::from(*byte)])?;
                let mut end = start + length;
                if self.byte(end) == b':' && self.text[end - 1] == b' ' {
                    return None;
                }
                while self.text[end - 1] == b' ' {
                    end -= 1;
                }
                if end - start > MAX_KEY {
                    return None;
                }
                self.at = end;
                self.scalar(Cow::Borrowed(&self.text[start..end]), true, mark);
            }
            _ => return None,
        }
        Some(())
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

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::super::source::Source;
    use super::*;

    /// What a text of the common form is made of, and what borders on it.
    const PARTS: &[&str] = &[
        "\n",
        "\n",
        "\n",
        "\n  ",
        "\n    ",
        "\n  ",
        " ",
        "  ",
        "a: ",
        "b:",
        "a:",
        "key: ",
        "- ",
        "- ",
        "-",
        "-1",
        "x",
        "x y",
        "é",
        "\"q\"",
        "\"a\\n\"",
        "'s'",
        "''",
        "|",
        "|-\n",
        "|+\n",
        "|\n  ",
        "[",
        "]",
        "[]",
        "{}",
        "{",
        "}",
        ",",
        "[a, b]",
        "{a: b, c: [d]}",
        "# c",
        " # c",
        "#",
        ":",
        "---",
        "---\n",
        "...",
        "?",
        "&a ",
        "*a",
        "!!str ",
        "%",
        "\t",
        "~",
        "<<: ",
        "\r\n",
        "\u{85}",
        "\u{feff}",
        "\\",
        "1",
        "null",
        ">",
        "> \n  t",
    ];

    /// Reads texts by the thousand; `parse` compares both ways wherever this one takes a text.
    fn compare(seed: u64, count: usize) -> usize {
        let mut state = seed;
        let mut next = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 20) as usize % below
        };
        let mut taken = 0;
        for _ in 0..count {
            let mut text = String::new();
            for _ in 0..1 + next(16) {
                text.push_str(PARTS[next(PARTS.len())]);
            }
            taken += usize::from(read(text.as_bytes()).is_some() && text.contains(':'));
            let source = Source::new(text.as_bytes());
            let both = std::panic::catch_unwind(|| drop(parse(&source)));
            assert!(both.is_ok(), "{text:?}");
        }
        taken
    }

    #[test]
    fn both_ways_agree() {
        // Enough of them are taken for the comparison to mean something.
        assert!(compare(88_172_645_463_325_252, 40_000) > 300);
    }

    #[test]
    fn the_common_form_is_taken() {
        for text in [
            "a: 1\nb:\n- x\n- y: z\n  w: |\n    text\n\n    more\nc: [a, \"b\", {d: e}] # f\n",
            "---\nkey with blanks: 'v'\nurl: http://x:80/#y\nempty:\nlast: \"a\\tb\"",
            "- - a\n  - b\n-\n- c: d\n",
            "# nothing\n",
        ] {
            assert!(read(text.as_bytes()).is_some(), "{text}");
            let source = Source::new(text.as_bytes());
            assert!(parse(&source).is_ok(), "{text}");
        }
    }

    #[test]
    fn anything_else_is_not() {
        for text in [
            "a: *b",
            "a: &b c",
            "a: !!str b",
            "? a",
            "a: >\n  b",
            "a: b\n  c",
            "plain",
            "a:\tb",
            "---",
            "a: 1\n--- b",
            "a: \"b\n c\"",
            "a: |2\n  b",
        ] {
            assert!(read(text.as_bytes()).is_none(), "{text}");
        }
    }
}
