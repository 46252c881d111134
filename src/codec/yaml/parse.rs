//! Tokens to nodes: the grammar, and the flat [`Tape`] of one document.
//!
//! What is being read lies on a stack of states, so nesting costs no stack of the
//! thread. Go: `parserc.go` of `go.yaml.in/yaml/v2`, and its node builder.

use std::borrow::Cow;
use std::collections::HashMap;

use super::YamlError;
use super::compose::compose;
use super::quick;
use super::scan::Scanner;
use super::shape::Shape;
use super::source::Source;
pub(super) use super::token::Mark;
use super::token::{Kind, Token};
use crate::codec::size;
use crate::value::Value;
#[cfg(debug_assertions)]
use crate::{limits, value::deep_equal};

/// One node of a document, or the end of a collection.
#[derive(Debug, PartialEq)]
pub(super) struct Node<'a> {
    pub kind: NodeKind<'a>,
    pub mark: Mark,
}

/// What a node is.
#[derive(Debug, PartialEq)]
pub(super) enum NodeKind<'a> {
    Scalar {
        value: Cow<'a, [u8]>,
        /// The tag in its long form.
        tag: Option<Box<[u8]>>,
        /// Written without quotes, so that its type follows from its text.
        plain: bool,
    },
    /// A second use of the node at `target`.
    Alias {
        name: Box<[u8]>,
        target: usize,
    },
    /// A list; `end` is the place of its `End`.
    List {
        end: usize,
    },
    /// A mapping; `end` is the place of its `End`. Keys and values take turns.
    Map {
        end: usize,
    },
    End,
}

/// The nodes of a document in the order of the text; empty for an empty stream.
pub(super) type Tape<'a> = Vec<Node<'a>>;

/// Reads the first document of a text. What follows it is not looked at.
pub(super) fn parse<'a>(source: &'a Source<'_>) -> Result<Tape<'a>, YamlError> {
    check_size(source)?;
    if source.fault.is_none()
        && !source.has_odd_breaks
        && let Some(tape) = quick::read(source.text())
    {
        debug_assert_eq!(Ok(&tape), parse_any(source).as_ref());
        return Ok(tape);
    }
    parse_any(source)
}

/// Reads the first document of a text as far as `shape` wants it. What follows it is not looked at.
pub(super) fn read(text: &[u8], shape: &'static Shape) -> Result<Value, YamlError> {
    let source = Source::new(text);
    check_size(&source)?;
    if source.fault.is_none()
        && !source.has_odd_breaks
        && let Some(value) = quick::compose(source.text(), shape)
    {
        #[cfg(debug_assertions)]
        {
            let other = parse_any(&source).and_then(|tape| compose(&tape, shape));
            let is_same = match &other {
                Ok(other) => deep_equal(other, &value),
                // Time may be over in between.
                Err(_) => limits::check().is_err(),
            };
            assert!(is_same, "{value:?} {other:?}");
        }
        return Ok(value);
    }
    compose(&parse_any(&source)?, shape)
}

fn check_size(source: &Source<'_>) -> Result<(), YamlError> {
    size::check(source.text()).map_err(|exceeded| YamlError::decode(&exceeded.to_string()))
}

/// Reads the first document of any text.
fn parse_any<'a>(source: &'a Source<'_>) -> Result<Tape<'a>, YamlError> {
    let text = source.text();
    let mut parser = Parser {
        scanner: Scanner::new(text),
        states: Vec::new(),
        tape: Tape::with_capacity(text.len() / 24),
        open: Vec::new(),
        anchors: HashMap::new(),
        tags: HashMap::new(),
    };
    let result = parser.document();
    if let Some(problem) = source.fault
        // It is met only by a scanner that looks so far: four characters ahead where a token may begin, two in a scalar.
        && parser.scanner.looked_to.max(parser.scanner.at + 1) > text.len()
    {
        return Err(YamlError::decode(problem));
    }
    result.map(|()| parser.tape)
}

/// What is to be read next.
#[derive(Clone, Copy)]
enum State {
    BlockSequence,
    /// A list under a key, as deep as the key.
    IndentlessSequence,
    BlockMapping,
    BlockMappingValue,
    FlowSequence {
        first: bool,
    },
    /// `[a: b]`: a mapping of one pair within a list.
    FlowPairKey,
    FlowPairValue,
    FlowPairEnd,
    FlowMapping {
        first: bool,
    },
    FlowMappingValue,
    /// `{a}`: a key without a value.
    FlowMappingNoValue,
}

struct Parser<'a> {
    scanner: Scanner<'a>,
    states: Vec<State>,
    tape: Tape<'a>,
    /// The places of the collections that are open.
    open: Vec<usize>,
    anchors: HashMap<Cow<'a, [u8]>, usize>,
    /// `%TAG` lines: handles and what they stand for.
    tags: HashMap<Cow<'a, [u8]>, Cow<'a, [u8]>>,
}

impl<'a> Parser<'a> {
    fn document(&mut self) -> Result<(), YamlError> {
        if !self.document_start()? {
            return Ok(());
        }
        while let Some(state) = self.states.pop() {
            match state {
                State::BlockSequence => self.block_sequence()?,
                State::IndentlessSequence => self.indentless_sequence()?,
                State::BlockMapping => self.block_mapping()?,
                State::BlockMappingValue => self.block_mapping_value()?,
                State::FlowSequence { first } => self.flow_sequence(first)?,
                State::FlowPairKey => self.flow_pair_key()?,
                State::FlowPairValue => self.flow_pair_value()?,
                State::FlowPairEnd => {
                    self.states.push(State::FlowSequence { first: false });
                    self.scanner.peek()?;
                    self.end();
                }
                State::FlowMapping { first } => self.flow_mapping(first)?,
                State::FlowMappingValue => self.flow_mapping_value()?,
                State::FlowMappingNoValue => {
                    self.states.push(State::FlowMapping { first: false });
                    self.empty_here()?;
                }
            }
        }
        // The document ends where the next token is none of its own.
        self.scanner.peek()?;
        Ok(())
    }

    /// Reads directives, `---` and the first node; false at the end of the stream.
    fn document_start(&mut self) -> Result<bool, YamlError> {
        let (kind, _) = self.scanner.peek()?;
        match kind {
            Kind::StreamEnd => return Ok(false),
            Kind::VersionDirective | Kind::TagDirective | Kind::DocumentStart => {}
            _ => {
                self.node(true, false)?;
                return Ok(true);
            }
        }
        self.directives()?;
        let (kind, mark) = self.scanner.peek()?;
        if kind != Kind::DocumentStart {
            return fail(mark, "did not find expected <document start>");
        }
        self.scanner.take();
        match self.scanner.peek()?.0 {
            Kind::VersionDirective
            | Kind::TagDirective
            | Kind::DocumentStart
            | Kind::DocumentEnd
            | Kind::StreamEnd => self.empty_here()?,
            _ => self.node(true, false)?,
        }
        Ok(true)
    }

    fn directives(&mut self) -> Result<(), YamlError> {
        let mut version_seen = false;
        loop {
            let (kind, mark) = self.scanner.peek()?;
            match kind {
                Kind::VersionDirective if version_seen => {
                    return fail(mark, "found duplicate %YAML directive");
                }
                Kind::VersionDirective => {
                    version_seen = true;
                    let version = self.scanner.take().map(|t| t.text).unwrap_or_default();
                    let mut numbers = version.split(|b| *b == b'.');
                    let is_one = |n: Option<&[u8]>| n.is_some_and(|n| n == b"1" || n == b"01");
                    if !(is_one(numbers.next()) && is_one(numbers.next())) {
                        return fail(mark, "found incompatible YAML document");
                    }
                }
                Kind::TagDirective => {
                    let Some(token) = self.scanner.take() else {
                        return Ok(());
                    };
                    if self.tags.insert(token.text, token.suffix).is_some() {
                        return fail(mark, "found duplicate %TAG directive");
                    }
                }
                _ => return Ok(()),
            }
        }
    }

    // --- nodes --------------------------------------------------------------

    fn push(&mut self, kind: NodeKind<'a>, mark: Mark) {
        self.tape.push(Node { kind, mark });
    }

    fn empty(&mut self, mark: Mark) {
        let kind = NodeKind::Scalar {
            value: Cow::Borrowed(b""),
            tag: None,
            plain: true,
        };
        self.push(kind, mark);
    }

    fn empty_here(&mut self) -> Result<(), YamlError> {
        let (_, mark) = self.scanner.peek()?;
        self.empty(mark);
        Ok(())
    }

    fn open(&mut self, kind: NodeKind<'a>, mark: Mark, state: State) {
        self.open.push(self.tape.len());
        self.push(kind, mark);
        self.states.push(state);
    }

    fn end(&mut self) {
        let at = self.tape.len();
        if let Some(start) = self.open.pop()
            && let Some(Node {
                kind: NodeKind::List { end } | NodeKind::Map { end },
                ..
            }) = self.tape.get_mut(start)
        {
            *end = at;
        }
        self.push(NodeKind::End, Mark::default());
    }

    /// Reads a node up to its first scalar or bracket.
    fn node(&mut self, block: bool, indentless: bool) -> Result<(), YamlError> {
        let (mut kind, mut token_mark) = self.scanner.peek()?;
        let mark = token_mark;
        if kind == Kind::Alias {
            return self.alias(mark);
        }
        let mut anchor = None;
        let mut tag = None;
        loop {
            match kind {
                Kind::Anchor if anchor.is_none() => {
                    anchor = self.scanner.take().map(|t| t.text);
                }
                Kind::Tag if tag.is_none() => tag = self.scanner.take(),
                _ => break,
            }
            (kind, token_mark) = self.scanner.peek()?;
        }
        let tag = match tag {
            Some(token) => Some(self.long_tag(token)?),
            None => None,
        };
        let named = anchor.is_some();
        if let Some(name) = anchor {
            self.anchors.insert(name, self.tape.len());
        }
        match kind {
            Kind::BlockEntry if indentless => {
                self.open(NodeKind::List { end: 0 }, mark, State::IndentlessSequence);
            }
            Kind::PlainScalar | Kind::QuotedScalar => {
                let value = self.scanner.take().map(|t| t.text).unwrap_or_default();
                let plain = match &tag {
                    None => kind == Kind::PlainScalar,
                    Some(tag) => **tag == *b"!",
                };
                self.push(NodeKind::Scalar { value, tag, plain }, mark);
            }
            Kind::FlowSequenceStart => {
                self.scanner.take();
                let state = State::FlowSequence { first: true };
                self.open(NodeKind::List { end: 0 }, mark, state);
            }
            Kind::FlowMappingStart => {
                self.scanner.take();
                let state = State::FlowMapping { first: true };
                self.open(NodeKind::Map { end: 0 }, mark, state);
            }
            Kind::BlockSequenceStart if block => {
                self.scanner.take();
                self.open(NodeKind::List { end: 0 }, mark, State::BlockSequence);
            }
            Kind::BlockMappingStart if block => {
                self.scanner.take();
                self.open(NodeKind::Map { end: 0 }, mark, State::BlockMapping);
            }
            _ if named || tag.is_some() => {
                let plain = tag.is_none();
                let value = Cow::Borrowed(&b""[..]);
                self.push(NodeKind::Scalar { value, tag, plain }, mark);
            }
            _ => return fail(token_mark, "did not find expected node content"),
        }
        Ok(())
    }

    fn alias(&mut self, mark: Mark) -> Result<(), YamlError> {
        let name = self.scanner.take().map(|t| t.text).unwrap_or_default();
        let Some(&target) = self.anchors.get(&name) else {
            let name = String::from_utf8_lossy(&name);
            return Err(YamlError::decode(&format!(
                "unknown anchor '{name}' referenced"
            )));
        };
        let name = (*name).into();
        self.push(NodeKind::Alias { name, target }, mark);
        Ok(())
    }

    fn long_tag(&self, token: Token<'a>) -> Result<Box<[u8]>, YamlError> {
        if token.text.is_empty() {
            return Ok((*token.suffix).into());
        }
        let prefix: &[u8] = match (self.tags.get(&*token.text), &*token.text) {
            (Some(prefix), _) => prefix,
            (None, b"!") => b"!",
            (None, b"!!") => b"tag:yaml.org,2002:",
            (None, _) => return fail(token.mark, "found undefined tag handle"),
        };
        Ok([prefix, &token.suffix].concat().into())
    }

    // --- collections --------------------------------------------------------

    fn block_sequence(&mut self) -> Result<(), YamlError> {
        let (kind, mark) = self.scanner.peek()?;
        match kind {
            Kind::BlockEntry => {
                self.scanner.take();
                self.states.push(State::BlockSequence);
                match self.scanner.peek()?.0 {
                    Kind::BlockEntry | Kind::BlockEnd => self.empty(mark),
                    _ => self.node(true, false)?,
                }
            }
            Kind::BlockEnd => {
                self.scanner.take();
                self.end();
            }
            _ => return fail(mark, "did not find expected '-' indicator"),
        }
        Ok(())
    }

    fn indentless_sequence(&mut self) -> Result<(), YamlError> {
        let (kind, mark) = self.scanner.peek()?;
        if kind != Kind::BlockEntry {
            self.end();
            return Ok(());
        }
        self.scanner.take();
        self.states.push(State::IndentlessSequence);
        match self.scanner.peek()?.0 {
            Kind::BlockEntry | Kind::Key | Kind::Value | Kind::BlockEnd => self.empty(mark),
            _ => self.node(true, false)?,
        }
        Ok(())
    }

    fn block_mapping(&mut self) -> Result<(), YamlError> {
        let (kind, mark) = self.scanner.peek()?;
        match kind {
            Kind::Key => {
                self.scanner.take();
                self.states.push(State::BlockMappingValue);
                self.block_part(mark)
            }
            Kind::BlockEnd => {
                self.scanner.take();
                self.end();
                Ok(())
            }
            _ => fail(mark, "did not find expected key"),
        }
    }

    fn block_mapping_value(&mut self) -> Result<(), YamlError> {
        let (kind, mark) = self.scanner.peek()?;
        self.states.push(State::BlockMapping);
        if kind != Kind::Value {
            self.empty(mark);
            return Ok(());
        }
        self.scanner.take();
        self.block_part(mark)
    }

    /// Reads a key or a value of a block mapping, which may be absent.
    fn block_part(&mut self, mark: Mark) -> Result<(), YamlError> {
        match self.scanner.peek()?.0 {
            Kind::Key | Kind::Value | Kind::BlockEnd => {
                self.empty(mark);
                Ok(())
            }
            _ => self.node(true, true),
        }
    }

    fn flow_sequence(&mut self, first: bool) -> Result<(), YamlError> {
        let (mut kind, mut mark) = self.scanner.peek()?;
        if kind != Kind::FlowSequenceEnd && !first {
            if kind != Kind::FlowEntry {
                return fail(mark, "did not find expected ',' or ']'");
            }
            self.scanner.take();
            (kind, mark) = self.scanner.peek()?;
        }
        match kind {
            Kind::FlowSequenceEnd => {
                self.scanner.take();
                self.end();
            }
            Kind::Key => {
                self.scanner.take();
                self.open(NodeKind::Map { end: 0 }, mark, State::FlowPairKey);
            }
            _ => {
                self.states.push(State::FlowSequence { first: false });
                self.node(false, false)?;
            }
        }
        Ok(())
    }

    fn flow_pair_key(&mut self) -> Result<(), YamlError> {
        let (kind, mark) = self.scanner.peek()?;
        self.states.push(State::FlowPairValue);
        match kind {
            Kind::Value | Kind::FlowEntry | Kind::FlowSequenceEnd => {
                // A quirk of libyaml: what ends the empty key is lost.
                self.scanner.take();
                self.empty(mark);
                Ok(())
            }
            _ => self.node(false, false),
        }
    }

    fn flow_pair_value(&mut self) -> Result<(), YamlError> {
        let (kind, _) = self.scanner.peek()?;
        self.states.push(State::FlowPairEnd);
        if kind == Kind::Value {
            self.scanner.take();
            let (kind, _) = self.scanner.peek()?;
            if !matches!(kind, Kind::FlowEntry | Kind::FlowSequenceEnd) {
                return self.node(false, false);
            }
        }
        self.empty_here()
    }

    fn flow_mapping(&mut self, first: bool) -> Result<(), YamlError> {
        let (mut kind, mark) = self.scanner.peek()?;
        if kind != Kind::FlowMappingEnd && !first {
            if kind != Kind::FlowEntry {
                return fail(mark, "did not find expected ',' or '}'");
            }
            self.scanner.take();
            kind = self.scanner.peek()?.0;
        }
        match kind {
            Kind::FlowMappingEnd => {
                self.scanner.take();
                self.end();
                Ok(())
            }
            Kind::Key => {
                self.scanner.take();
                self.states.push(State::FlowMappingValue);
                self.flow_part()
            }
            _ => {
                self.states.push(State::FlowMappingNoValue);
                self.node(false, false)
            }
        }
    }

    fn flow_mapping_value(&mut self) -> Result<(), YamlError> {
        let (kind, mark) = self.scanner.peek()?;
        self.states.push(State::FlowMapping { first: false });
        if kind != Kind::Value {
            self.empty(mark);
            return Ok(());
        }
        self.scanner.take();
        match self.scanner.peek()?.0 {
            Kind::FlowEntry | Kind::FlowMappingEnd => self.empty_here(),
            _ => self.node(false, false),
        }
    }

    /// Reads a key of a flow mapping, which may be absent.
    fn flow_part(&mut self) -> Result<(), YamlError> {
        match self.scanner.peek()?.0 {
            Kind::Value | Kind::FlowEntry | Kind::FlowMappingEnd => self.empty_here(),
            _ => self.node(false, false),
        }
    }
}

/// An error of the grammar: go-yaml tells its line counted from 0, and none for the
/// first.
fn fail<T>(mark: Mark, problem: &str) -> Result<T, YamlError> {
    let line = (mark.line != 0).then_some(mark.line);
    Err(YamlError::syntax(line, problem))
}
