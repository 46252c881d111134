//! Patterns as Go reads them, to the syntax tree of the matching library.
//!
//! The parser keeps a stack of open groups, so patterns may nest as deep as Go allows without
//! recursion.

use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange, Hir, Look};

use super::class;
use super::error::{Error, ErrorKind};
use super::escape::{check_utf8, next_rune, take_escape, take_escaped_rune, until};
use super::node::{Node, Repeat};

/// Greatest count of a single repetition.
const MAX_COUNT: i64 = 1000;

/// A parsed pattern.
pub(super) struct Parsed {
    pub hir: Hir,
    /// Names of the groups, the first one being the whole match.
    pub names: Vec<Option<Box<str>>>,
    /// How deep groups and operators stand in one another.
    pub height: u32,
    /// Instructions in Go's machine.
    pub size: u64,
}

#[derive(Clone, Copy)]
struct Flags {
    /// `i`
    ignore_case: bool,
    /// `m`
    multi_line: bool,
    /// `s`
    dot_all: bool,
    /// `U`
    lazy: bool,
}

/// An open group.
struct Group {
    /// The group's number, if it captures.
    index: Option<u32>,
    /// What held outside.
    flags: Flags,
    alternatives: Vec<Node>,
    sequence: Vec<Node>,
}

struct Parser<'p> {
    pattern: &'p [u8],
    flags: Flags,
    groups: Vec<Group>,
    names: Vec<Option<Box<str>>>,
}

/// Parses a whole pattern.
pub(super) fn parse(pattern: &[u8]) -> Result<Parsed, Error> {
    let flags = Flags {
        ignore_case: false,
        multi_line: false,
        dot_all: false,
        lazy: false,
    };
    let mut parser = Parser {
        pattern,
        flags,
        groups: Vec::new(),
        names: vec![None],
    };
    parser.open_group(None);
    let mut rest = pattern;
    // The rest of the pattern from the operator just read on, if it was a repetition.
    let mut last_repeat = None;
    while !rest.is_empty() {
        let before = rest;
        rest = parser.step(rest, last_repeat)?;
        let is_repeat = match before[0] {
            b'*' | b'+' | b'?' => true,
            // A brace that begins no count is a literal.
            b'{' => take_counts(before).is_some(),
            _ => false,
        };
        last_repeat = is_repeat.then_some(before);
    }
    let root = parser.close_group()?;
    match parser.groups.is_empty() {
        true => Ok(Parsed {
            height: root.1.height(),
            size: root.1.size(),
            hir: root.1.hir,
            names: parser.names,
        }),
        false => Err(Error::new(ErrorKind::MissingParen, pattern)),
    }
}

impl<'p> Parser<'p> {
    /// Reads one item and returns what follows.
    fn step(&mut self, rest: &'p [u8], last_repeat: Option<&'p [u8]>) -> Result<&'p [u8], Error> {
        let after = &rest[1..];
        match rest[0] {
            b'(' if after.first() == Some(&b'?') => return self.read_perl_group(rest),
            b'(' => {
                self.names.push(None);
                self.open_group(Some(self.names.len() as u32 - 1));
            }
            b'|' => {
                let group = self.top();
                let sequence = Node::concat(std::mem::take(&mut group.sequence));
                group.alternatives.push(sequence);
                self.check_last_alternative()?;
            }
            b')' => {
                let (group, node) = self.close_group()?;
                if self.groups.is_empty() {
                    return Err(Error::new(ErrorKind::UnexpectedParen, self.pattern));
                }
                self.flags = group.flags;
                self.push(match group.index {
                    Some(index) => Node::capture(index, node),
                    None => node,
                })?;
            }
            b'^' => {
                let look = if self.flags.multi_line {
                    Look::StartLF
                } else {
                    Look::Start
                };
                self.push(Node::look(look))?;
            }
            b'$' => {
                let look = if self.flags.multi_line {
                    Look::EndLF
                } else {
                    Look::End
                };
                self.push(Node::look(look))?;
            }
            b'.' => {
                let all = if self.flags.dot_all {
                    class::of(&[('\0', char::MAX)])
                } else {
                    class::of(&[('\0', '\t'), ('\x0b', char::MAX)])
                };
                self.push(Node::class(all))?;
            }
            b'[' => return self.read_class(rest),
            b'*' => return self.read_repeat(0, None, false, rest, after, last_repeat),
            b'+' => return self.read_repeat(1, None, false, rest, after, last_repeat),
            b'?' => return self.read_repeat(0, Some(1), false, rest, after, last_repeat),
            b'{' => match take_counts(rest) {
                Some((counts, after)) => {
                    let bad = || Error::new(ErrorKind::RepeatSize, until(rest, after));
                    let (min, max) = counts.ok_or_else(bad)?;
                    return self.read_repeat(min, max, true, rest, after, last_repeat);
                }
                None => self.push_rune('{')?,
            },
            b'\\' => return self.read_escape(rest),
            _ => {
                let (rune, after) = next_rune(rest)?;
                self.push_rune(rune)?;
                return Ok(after);
            }
        }
        Ok(after)
    }

    fn top(&mut self) -> &mut Group {
        self.groups
            .last_mut()
            .expect("the outermost group is closed last")
    }

    fn open_group(&mut self, index: Option<u32>) {
        let flags = self.flags;
        self.groups.push(Group {
            index,
            flags,
            alternatives: Vec::new(),
            sequence: Vec::new(),
        });
    }

    /// Takes the innermost group off the stack, with what it matches.
    fn close_group(&mut self) -> Result<(Group, Node), Error> {
        let mut group = self
            .groups
            .pop()
            .expect("the outermost group is closed last");
        let sequence = Node::concat(std::mem::take(&mut group.sequence));
        let mut alternatives = std::mem::take(&mut group.alternatives);
        alternatives.push(sequence);
        let node = Node::alternation(alternatives);
        self.check(&node)?;
        Ok((group, node))
    }

    fn push(&mut self, node: Node) -> Result<(), Error> {
        self.check(&node)?;
        self.top().sequence.push(node);
        Ok(())
    }

    fn check(&self, node: &Node) -> Result<(), Error> {
        if node.is_too_large() {
            return Err(Error::new(ErrorKind::Large, self.pattern));
        }
        if node.is_too_deep() {
            return Err(Error::new(ErrorKind::NestingDepth, self.pattern));
        }
        Ok(())
    }

    fn check_last_alternative(&self) -> Result<(), Error> {
        let last = self
            .groups
            .last()
            .and_then(|group| group.alternatives.last());
        last.map_or(Ok(()), |node| self.check(node))
    }

    fn push_rune(&mut self, rune: char) -> Result<(), Error> {
        self.push(Node::rune(rune, self.flags.ignore_case))
    }

    /// Puts the last item under a repetition; `before` begins with the operator, `after` follows
    /// it, but for a question mark.
    fn read_repeat(
        &mut self,
        min: u32,
        max: Option<u32>,
        counted: bool,
        before: &'p [u8],
        after: &'p [u8],
        last_repeat: Option<&'p [u8]>,
    ) -> Result<&'p [u8], Error> {
        let mut greedy = !self.flags.lazy;
        let mut after = after;
        if let [b'?', rest @ ..] = after {
            greedy = !greedy;
            after = rest;
        }
        if let Some(last_repeat) = last_repeat {
            return Err(Error::new(
                ErrorKind::RepeatOperator,
                until(last_repeat, after),
            ));
        }
        let missing = || Error::new(ErrorKind::MissingRepeatArgument, until(before, after));
        let sub = self.top().sequence.pop().ok_or_else(missing)?;
        let node = Node::repeat(
            sub,
            &Repeat {
                min,
                max,
                greedy,
                counted,
            },
        );
        self.check(&node)?;
        if (min >= 2 || max.is_some_and(|max| max >= 2)) && node.has_too_many_copies() {
            return Err(Error::new(ErrorKind::RepeatSize, until(before, after)));
        }
        self.push(node)?;
        Ok(after)
    }

    /// Reads `(?flags)`, or opens `(?flags:…`, `(?P<name>…` or `(?<name>…`.
    fn read_perl_group(&mut self, whole: &'p [u8]) -> Result<&'p [u8], Error> {
        let name_start = match whole {
            [_, _, b'P', b'<', _, ..] => Some(4),
            [_, _, b'<', _, ..] => Some(3),
            _ => None,
        };
        if let Some(start) = name_start {
            return self.read_named_group(whole, start);
        }
        let mut flags = self.flags;
        let (mut negated, mut saw_flag) = (false, false);
        let mut rest = &whole[2..];
        while !rest.is_empty() {
            let (rune, after) = next_rune(rest)?;
            rest = after;
            let flag = match rune {
                'i' => &mut flags.ignore_case,
                'm' => &mut flags.multi_line,
                's' => &mut flags.dot_all,
                'U' => &mut flags.lazy,
                '-' if !negated => {
                    (negated, saw_flag) = (true, false);
                    continue;
                }
                ':' | ')' if !negated || saw_flag => {
                    if rune == ':' {
                        self.open_group(None);
                    }
                    self.flags = flags;
                    return Ok(rest);
                }
                _ => break,
            };
            *flag = !negated;
            saw_flag = true;
        }
        Err(Error::new(ErrorKind::PerlOperator, until(whole, rest)))
    }

    fn read_named_group(&mut self, whole: &'p [u8], start: usize) -> Result<&'p [u8], Error> {
        let Some(end) = whole.iter().position(|&byte| byte == b'>') else {
            check_utf8(whole)?;
            return Err(Error::new(ErrorKind::NamedCapture, whole));
        };
        let name = whole.get(start..end).unwrap_or_default();
        check_utf8(name)?;
        let valid = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        if name.is_empty() || !name.iter().all(valid) {
            return Err(Error::new(ErrorKind::NamedCapture, &whole[..=end]));
        }
        self.names.push(Some(String::from_utf8_lossy(name).into()));
        self.open_group(Some(self.names.len() as u32 - 1));
        Ok(&whole[end + 1..])
    }

    /// Reads what a backslash begins.
    fn read_escape(&mut self, whole: &'p [u8]) -> Result<&'p [u8], Error> {
        let after = whole.get(2..).unwrap_or_default();
        let look = match whole.get(1) {
            Some(b'A') => Look::Start,
            Some(b'z') => Look::End,
            Some(b'b') => Look::WordAscii,
            Some(b'B') => Look::WordAsciiNegate,
            Some(b'C') => return Err(Error::new(ErrorKind::Escape, &whole[..2])),
            Some(b'Q') => return self.read_quoted(after),
            _ => {
                if let Some((class, after)) = self.take_named_class(whole)? {
                    self.push(Node::class(class))?;
                    return Ok(after);
                }
                return match take_escaped_rune(whole)? {
                    (Some(rune), after) => self.push_rune(rune).map(|()| after),
                    // A surrogate, which no text holds.
                    (None, after) => self
                        .push(Node::class(ClassUnicode::empty()))
                        .map(|()| after),
                };
            }
        };
        self.push(Node::look(look))?;
        Ok(after)
    }

    /// Reads literal text up to `\E` or the end.
    fn read_quoted(&mut self, text: &'p [u8]) -> Result<&'p [u8], Error> {
        let end = text.windows(2).position(|window| window == b"\\E");
        let (mut literal, rest) = match end {
            Some(end) => (&text[..end], &text[end + 2..]),
            None => (text, &b""[..]),
        };
        while !literal.is_empty() {
            let (rune, after) = next_rune(literal)?;
            self.push_rune(rune)?;
            literal = after;
        }
        Ok(rest)
    }

    /// Reads `\d` or `\pL` or `\p{Greek}` and the like, if it stands there.
    fn take_named_class(&self, text: &'p [u8]) -> Result<Option<(ClassUnicode, &'p [u8])>, Error> {
        let [b'\\', letter, after @ ..] = text else {
            return Ok(None);
        };
        if !matches!(letter, b'p' | b'P') {
            let class = class::perl(*letter, self.flags.ignore_case);
            return Ok(class.map(|class| (class, after)));
        }
        let (rune, mut rest) = next_rune(after)?;
        let mut name = until(after, rest);
        if rune == '{' {
            let Some(end) = text.iter().position(|&byte| byte == b'}') else {
                check_utf8(text)?;
                return Err(Error::new(ErrorKind::CharRange, text));
            };
            (name, rest) = (&text[3..end], &text[end + 1..]);
            check_utf8(name)?;
        }
        let mut negated = *letter == b'P';
        if let [b'^', bare @ ..] = name {
            negated = !negated;
            name = bare;
        }
        let unknown = || Error::new(ErrorKind::CharRange, until(text, rest));
        let mut class = class::unicode(name).ok_or_else(unknown)?;
        if self.flags.ignore_case {
            class::fold(&mut class);
        }
        if negated {
            class.negate();
        }
        Ok(Some((class, rest)))
    }

    /// Reads `[…]`.
    fn read_class(&mut self, whole: &'p [u8]) -> Result<&'p [u8], Error> {
        let mut rest = &whole[1..];
        let mut negated = false;
        if let [b'^', after @ ..] = rest {
            negated = true;
            rest = after;
        }
        let mut class = ClassUnicode::empty();
        // Single ranges are gathered and added at once.
        let mut ranges = Vec::new();
        let mut first = true;
        // Whether `:]` may still stand somewhere behind.
        let mut may_close = true;
        loop {
            match rest {
                [b']', after @ ..] if !first => {
                    rest = after;
                    break;
                }
                [b'[', b':', name @ ..] if may_close => {
                    if let Some(end) = name.windows(2).position(|window| window == b":]") {
                        let named = class::posix(&name[..end], self.flags.ignore_case);
                        let unknown = || Error::new(ErrorKind::CharRange, &rest[..end + 4]);
                        class.union(&named.ok_or_else(unknown)?);
                        rest = &name[end + 2..];
                        first = false;
                        continue;
                    }
                    may_close = false;
                }
                _ => {}
            }
            first = false;
            if let Some((named, after)) = self.take_named_class(rest)? {
                class.union(&named);
                rest = after;
                continue;
            }
            let before = rest;
            let (low, after) = take_class_rune(rest, whole)?;
            rest = after;
            let mut high = low;
            // A dash at the end stands for itself.
            if let [b'-', after @ ..] = rest
                && after.first().is_some_and(|&byte| byte != b']')
            {
                (high, rest) = take_class_rune(after, whole)?;
                if high < low {
                    return Err(Error::new(ErrorKind::CharRange, until(before, rest)));
                }
            }
            push_range(&mut ranges, low, high);
        }
        let mut single = ClassUnicode::new(ranges);
        if self.flags.ignore_case {
            class::fold(&mut single);
        }
        class.union(&single);
        if negated {
            class.negate();
        }
        self.push(Node::class(class))?;
        Ok(rest)
    }
}

/// Reads a rune or an escape within brackets; `whole` begins with the bracket.
fn take_class_rune<'p>(text: &'p [u8], whole: &[u8]) -> Result<(u32, &'p [u8]), Error> {
    match text.first() {
        None => Err(Error::new(ErrorKind::MissingBracket, whole)),
        Some(b'\\') => take_escape(text),
        Some(_) => next_rune(text).map(|(rune, rest)| (u32::from(rune), rest)),
    }
}

/// Adds a range of code points, leaving out the surrogates, which no text holds.
fn push_range(ranges: &mut Vec<ClassUnicodeRange>, low: u32, high: u32) {
    for (low, high) in [(low, high.min(0xD7FF)), (low.max(0xE000), high)] {
        if low <= high
            && let (Some(low), Some(high)) = (char::from_u32(low), char::from_u32(high))
        {
            ranges.push(ClassUnicodeRange::new(low, high));
        }
    }
}

/// The bounds of a repetition; `None` if a number is too large or they are the wrong way round.
type Counts = Option<(u32, Option<u32>)>;

/// Reads `{2}`, `{2,}` or `{2,3}`; `None` if the brace is a literal.
fn take_counts(text: &[u8]) -> Option<(Counts, &[u8])> {
    let (min, rest) = take_count(text.get(1..)?)?;
    let (max, rest) = match rest {
        [b',', b'}', ..] => (None, &rest[1..]),
        [b',', rest @ ..] => {
            let (max, rest) = take_count(rest)?;
            (Some(max), rest)
        }
        rest => (Some(min), rest),
    };
    let rest = rest.strip_prefix(b"}")?;
    let in_range = min <= MAX_COUNT && max.is_none_or(|max| min <= max && max <= MAX_COUNT);
    let counts = in_range.then_some((min as u32, max.map(|max| max as u32)));
    Some((counts, rest))
}

/// Reads a number without leading zeros.
fn take_count(text: &[u8]) -> Option<(i64, &[u8])> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = text.split_at(digits);
    if number.is_empty() || (number.len() > 1 && number[0] == b'0') {
        return None;
    }
    let add = |value: i64, digit: &u8| (value * 10 + i64::from(digit - b'0')).min(MAX_COUNT + 1);
    Some((number.iter().fold(0, add), rest))
}
