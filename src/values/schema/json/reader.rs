//! From the text of a schema to the entries of its [`Document`](super::Document), in one go over the bytes.

use super::{Entry, Node, Text};
use crate::codec::{bytes_before, json};

/// A reader that stops at whatever is not JSON, and leaves the reasons to others.
pub(super) struct Reader<'t> {
    text: &'t [u8],
    /// The text, where all of it is UTF-8.
    pub(super) valid: Option<&'t str>,
    at: usize,
    pub(super) decoded: String,
    pub(super) entries: Vec<Entry>,
    /// What was read of the objects and arrays that are open: each puts its own among the entries when it closes.
    open: Vec<Entry>,
}

impl<'t> Reader<'t> {
    /// Reads a text that is one value, no deeper than `depth`: the value, and the reader with all that lies in it.
    pub(super) fn read(text: &'t [u8], depth: usize) -> Option<(Node, Reader<'t>)> {
        let mut reader = Reader {
            text,
            valid: std::str::from_utf8(text).ok(),
            at: 0,
            decoded: String::new(),
            entries: Vec::with_capacity(text.len() / 20),
            open: Vec::new(),
        };
        let node = reader.value(depth)?;
        reader.peek().is_none().then_some((node, reader))
    }

    /// Reads a value with at most `depth` others around those within it.
    fn value(&mut self, depth: usize) -> Option<Node> {
        match self.peek()? {
            b'{' => {
                let first = self.open.len();
                self.at += 1;
                while self.peek()? != b'}' || self.open.len() > first {
                    let name = self.string()?;
                    self.take(b':')?;
                    let node = self.value(depth.checked_sub(1)?)?;
                    self.open.push(Entry { name, node });
                    if self.peek()? == b'}' {
                        break;
                    }
                    self.take(b',')?;
                }
                self.at += 1;
                let (first, end) = self.close_object(first);
                Some(Node::Object(first, end))
            }
            b'[' => {
                let first = self.open.len();
                self.at += 1;
                while self.peek()? != b']' || self.open.len() > first {
                    let node = self.value(depth.checked_sub(1)?)?;
                    let name = Text::new(0, 0);
                    self.open.push(Entry { name, node });
                    if self.peek()? == b']' {
                        break;
                    }
                    self.take(b',')?;
                }
                self.at += 1;
                let start = self.entries.len() as u32;
                self.entries.extend(self.open.drain(first..));
                Some(Node::Array(start, self.entries.len() as u32))
            }
            b'"' => self.string().map(Node::String),
            b'-' | b'0'..=b'9' => self.number(),
            byte => {
                let (word, value): (&[u8], _) = match byte {
                    b't' => (b"true", Node::Bool(true)),
                    b'f' => (b"false", Node::Bool(false)),
                    _ => (b"null", Node::Null),
                };
                if !self.text.get(self.at..)?.starts_with(word) {
                    return None;
                }
                self.at += word.len();
                Some(value)
            }
        }
    }

    /// Puts members in order; of equal names the last one counts.
    fn close_object(&mut self, first: usize) -> (u32, u32) {
        let (source, decoded) = (self.valid.unwrap_or_default(), &*self.decoded);
        let name = |entry: &Entry| {
            let (from, place) = entry.name.place(source, decoded);
            from.as_bytes().get(place).unwrap_or_default()
        };
        let members = &mut self.open[first..];
        if !members.is_sorted_by(|a, b| name(a) < name(b)) {
            // The sort is stable: the last of equal names is the last of its run.
            members.sort_by(|a, b| name(a).cmp(name(b)));
        }
        let start = self.entries.len();
        for member in self.open.drain(first..) {
            if self.entries.len() > start
                && let Some(last) = self.entries.last_mut()
                && name(last) == name(&member)
            {
                *last = member;
            } else {
                self.entries.push(member);
            }
        }
        (start as u32, self.entries.len() as u32)
    }

    /// Returns the next byte that is no blank.
    fn peek(&mut self) -> Option<u8> {
        loop {
            let byte = *self.text.get(self.at)?;
            if !matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                return Some(byte);
            }
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn string(&mut self) -> Option<Text> {
        if self.peek()? != b'"' {
            return None;
        }
        let start = self.at;
        let mut end = start + 1;
        let mut is_plain = true;
        loop {
            end += bytes_before(self.text.get(end..)?, b' ', [b'"', b'\\']);
            match self.text.get(end)? {
                b'"' => break,
                b'\\' => {
                    is_plain = false;
                    end += 2;
                }
                _ => return None,
            }
        }
        self.at = end + 1;
        if is_plain && self.valid.is_some() {
            return Some(Text::new(start + 1, end));
        }
        let value = json::decode(self.text.get(start..=end)?).ok()?;
        let start = self.decoded.len();
        self.decoded.push_str(&value.as_str()?.to_lossy());
        Some(Text::new(start, self.decoded.len()).as_decoded())
    }

    fn number(&mut self) -> Option<Node> {
        let is_part = |b: &u8| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.' | b'e' | b'E');
        let rest = self.text.get(self.at..)?;
        let length = rest.iter().take_while(|b| is_part(b)).count();
        let text = std::str::from_utf8(&rest[..length]).ok()?;
        let start = self.at;
        self.at += length;
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, _) = digits.split_once(['.', 'e', 'E']).unwrap_or((digits, ""));
        let is_whole = !whole.is_empty() && (whole == "0" || !whole.starts_with('0'));
        let ends_well = text.ends_with(|c: char| c.is_ascii_digit());
        let has_bare_dot = [".e", ".E"].iter().any(|bare| text.contains(bare));
        if !is_whole || !ends_well || has_bare_dot {
            return None;
        }
        let _: f64 = text.parse().ok()?;
        if self.valid.is_some() {
            return Some(Node::Number(Text::new(start, self.at)));
        }
        let start = self.decoded.len();
        self.decoded.push_str(text);
        let text = Text::new(start, self.decoded.len());
        Some(Node::Number(text.as_decoded()))
    }
}
