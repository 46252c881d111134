//! Nodes to values: aliases, merge keys, key texts, and what JSON makes of it all.
//!
//! A [`Tape`] goes in, a [`Value`] comes out, without anything between: helm's way
//! over JSON text changes nothing but what is done here (keys become strings,
//! numbers float64, NaN an error). Collections in work lie on a stack of our own,
//! so depth costs memory and not the thread's stack.
//!
//! Go: `decode.go` of `go.yaml.in/yaml/v2`, then `sigs.k8s.io/yaml`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::YamlError;
use super::budget::AliasBudget;
use super::gosyntax;
use super::harmless::harmless;
use super::parse::{Mark, Node, NodeKind};
use super::resolve::{Scalar, resolve};
use super::shape::Shape;
use crate::codec::size;
use crate::gostd::strconv::{append_float, append_int, append_uint};
use crate::value::{Str, Value};

/// How deep values may nest. Go: encoding/json.
pub(super) const MAX_DEPTH: usize = 10_000;

/// The place in the text of a value and of all it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The line, the first is 1.
    pub line: u32,
    /// The column in characters, the first is 1.
    pub column: u32,
    /// The places of what the value holds.
    pub children: Children,
}

/// The places of the parts of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Children {
    /// The value is a scalar.
    None,
    /// One place for each element.
    List(Vec<Origin>),
    /// One place for each key: where its value begins.
    Map(BTreeMap<Str, Origin>),
}

/// Composes the document on a tape. `shape` tells what the caller wants of it.
pub(super) fn compose(tape: &[Node<'_>], shape: &'static Shape) -> Result<Value, YamlError> {
    Ok(Composer::new(tape, false).run(shape)?.0)
}

/// Composes the document on a tape and the places of all its values.
pub(super) fn compose_with_origins(tape: &[Node<'_>]) -> Result<(Value, Origin), YamlError> {
    let (value, origin) = Composer::new(tape, true).run(&Shape::Any)?;
    let nowhere = Origin {
        line: 1,
        column: 1,
        children: Children::None,
    };
    Ok((value, origin.map_or(nowhere, |o| *o)))
}

/// A value, and its place if places are wanted.
type Composed = (Value, Option<Box<Origin>>);

struct Composer<'t, 'a> {
    tape: &'t [Node<'a>],
    stack: Vec<Frame>,
    budget: AliasBudget,
    with_origins: bool,
    /// Whether something was met that JSON cannot hold. It is looked into only if
    /// the YAML itself is right to its end.
    refused: Option<&'static str>,
    /// Whether values nest too deep.
    too_deep: bool,
    /// How deep they may.
    depth: usize,
}

/// A collection whose end has not been reached.
struct Frame {
    items: Items,
    /// The place of the next node to look at.
    cursor: usize,
    shape: &'static Shape,
    /// Whether it is reached through an alias.
    aliased: bool,
    /// The mapping on the stack that takes the entries, for a `<<` value.
    merge_into: Option<usize>,
    mark: Mark,
}

enum Items {
    List {
        values: Vec<Value>,
        origins: Vec<Origin>,
    },
    Map {
        entries: Vec<(Str, Value)>,
        origins: BTreeMap<Str, Origin>,
        key: Option<Str>,
    },
}

impl<'t, 'a> Composer<'t, 'a> {
    fn new(tape: &'t [Node<'a>], with_origins: bool) -> Self {
        Composer {
            tape,
            stack: Vec::new(),
            budget: AliasBudget::default(),
            with_origins,
            refused: None,
            too_deep: false,
            depth: size::depth(MAX_DEPTH),
        }
    }

    fn run(mut self, shape: &'static Shape) -> Result<Composed, YamlError> {
        let mut done = match self.tape.first() {
            None => Some((Value::NIL, None)),
            Some(_) => self.enter(0, shape)?,
        };
        loop {
            if let Some((value, origin)) = done.take() {
                let Some(frame) = self.stack.last_mut() else {
                    return self.finish(value, origin);
                };
                frame.items.push(value, origin);
            }
            done = self.step()?;
        }
    }

    /// Looks at the next node of the innermost collection; returns a value that
    /// is complete with it.
    fn step(&mut self) -> Result<Option<Composed>, YamlError> {
        let tape = self.tape;
        let Some(frame) = self.stack.last_mut() else {
            return Ok(Some((Value::NIL, None)));
        };
        let at = frame.cursor;
        let Some(node) = tape.get(at) else {
            return Ok(self.leave());
        };
        if let NodeKind::End = node.kind {
            return Ok(self.leave());
        }
        frame.cursor = after(tape, at);
        match &mut frame.items {
            Items::List { .. } => {
                let shape = frame.shape.element();
                self.enter(at, shape)
            }
            Items::Map { key: Some(key), .. } => {
                let shape = frame.shape.member(key);
                self.enter(at, shape)
            }
            Items::Map { key: None, .. } => {
                if is_merge(node) {
                    let value = frame.cursor;
                    frame.cursor = after(tape, value);
                    self.merge(value)?;
                } else {
                    let text = self.key(at)?;
                    if let Some(frame) = self.stack.last_mut()
                        && let Items::Map { key, .. } = &mut frame.items
                    {
                        *key = Some(text);
                    }
                }
                Ok(None)
            }
        }
    }

    /// Begins the node at `at`; returns its value if it is complete at once.
    fn enter(&mut self, at: usize, shape: &'static Shape) -> Result<Option<Composed>, YamlError> {
        self.budget.spend()?;
        let Some(node) = self.tape.get(at) else {
            return Ok(Some((Value::NIL, None)));
        };
        let (start, node, aliased) = match &node.kind {
            NodeKind::Alias { target, .. } => {
                let node = self.follow(at)?;
                (*target, node, true)
            }
            _ => (at, node, false),
        };
        if shape.is_skipped() && !aliased && self.pass_over(at) {
            return Ok(Some((Value::NIL, None)));
        }
        match &node.kind {
            NodeKind::Scalar { value, tag, plain } => {
                if aliased {
                    self.unfollow();
                }
                let scalar = scalar(value, tag.as_deref(), *plain)?;
                let origin = self.with_origins.then(|| {
                    Box::new(Origin {
                        line: node.mark.line + 1,
                        column: node.mark.column + 1,
                        children: Children::None,
                    })
                });
                Ok(Some((self.value_of(scalar, shape), origin)))
            }
            NodeKind::List { .. } => {
                self.open(start, aliased, None, shape, Items::list());
                Ok(None)
            }
            NodeKind::Map { .. } => {
                self.open(start, aliased, None, shape, Items::map());
                Ok(None)
            }
            NodeKind::Alias { .. } | NodeKind::End => Ok(Some((Value::NIL, None))),
        }
    }

    /// Passes over a node nobody wants; false if something in it must be looked at.
    fn pass_over(&mut self, at: usize) -> bool {
        let nodes = self.tape.get(at..after(self.tape, at)).unwrap_or_default();
        match harmless(nodes, self.depth.saturating_sub(self.stack.len())) {
            Some(count) => {
                // The first one is counted already.
                self.budget.spend_plain(count.saturating_sub(1));
                true
            }
            None => false,
        }
    }

    fn open(
        &mut self,
        start: usize,
        aliased: bool,
        merge_into: Option<usize>,
        shape: &'static Shape,
        items: Items,
    ) {
        let mut cursor = start + 1;
        if self.stack.len() >= self.depth {
            // What lies deeper is not built: the whole is refused in the end.
            self.too_deep = true;
            if let Some(Node {
                kind: NodeKind::List { end } | NodeKind::Map { end },
                ..
            }) = self.tape.get(start)
            {
                cursor = *end;
            }
        }
        self.stack.push(Frame {
            items,
            cursor,
            shape,
            aliased,
            merge_into,
            mark: self.tape.get(start).map(|n| n.mark).unwrap_or_default(),
        });
    }

    /// Ends the innermost collection; returns its value unless it is merged.
    fn leave(&mut self) -> Option<Composed> {
        let frame = self.stack.pop()?;
        if frame.aliased {
            self.unfollow();
        }
        if let Some(target) = frame.merge_into {
            if let Items::Map {
                entries, origins, ..
            } = frame.items
                && let Some(Frame {
                    items:
                        Items::Map {
                            entries: all,
                            origins: all_origins,
                            ..
                        },
                    ..
                }) = self.stack.get_mut(target)
            {
                all.extend(entries);
                all_origins.extend(origins);
            }
            return None;
        }
        let (value, children) = match frame.items {
            Items::List { values, origins } => (Value::list(values), Children::List(origins)),
            Items::Map {
                entries, origins, ..
            } => (
                // The last of equal keys stays.
                Value::from(entries.into_iter().collect::<crate::value::Map>()),
                Children::Map(origins),
            ),
        };
        let origin = self.with_origins.then(|| {
            Box::new(Origin {
                line: frame.mark.line + 1,
                column: frame.mark.column + 1,
                children,
            })
        });
        Some((value, origin))
    }

    /// Goes to the node that the alias at `at` names.
    fn follow(&mut self, at: usize) -> Result<&'t Node<'a>, YamlError> {
        let Some(NodeKind::Alias { name, target }) = self.tape.get(at).map(|n| &n.kind) else {
            return Err(YamlError::decode("unknown problem parsing YAML content"));
        };
        // Only an alias within the node it names can lead to itself.
        if after(self.tape, *target) > at {
            let name = String::from_utf8_lossy(name);
            return Err(YamlError::decode(&format!(
                "anchor '{name}' value contains itself"
            )));
        }
        self.budget.follow();
        self.budget.spend()?;
        self.tape
            .get(*target)
            .ok_or_else(|| YamlError::decode("unknown problem parsing YAML content"))
    }

    fn unfollow(&mut self) {
        self.budget.unfollow();
    }

    /// Begins the value at `at` of a `<<` key: its entries join those of the
    /// innermost mapping, at this place of the document's order.
    fn merge(&mut self, at: usize) -> Result<(), YamlError> {
        let tape = self.tape;
        let target = self.stack.len() - 1;
        let is_map = |at: usize| match tape.get(at).map(|n| &n.kind) {
            Some(NodeKind::Map { .. }) => true,
            Some(NodeKind::Alias { target, .. }) => {
                matches!(tape[*target].kind, NodeKind::Map { .. })
            }
            _ => false,
        };
        let mut sources = Vec::new();
        if let Some(NodeKind::List { end }) = tape.get(at).map(|n| &n.kind) {
            let mut next = at + 1;
            while next < *end {
                sources.push(next);
                next = after(tape, next);
            }
        } else {
            sources.push(at);
        }
        // What is put on the stack last is merged first; earlier maps win.
        for source in sources {
            if !is_map(source) {
                return Err(not_a_map());
            }
            self.budget.spend()?;
            let shape = self.stack[target].shape;
            let (start, aliased) = match &tape[source].kind {
                NodeKind::Alias { target, .. } => {
                    self.follow(source)?;
                    (*target, true)
                }
                _ => (source, false),
            };
            self.open(start, aliased, Some(target), shape, Items::map());
        }
        Ok(())
    }

    /// Returns the text of the key at `at`.
    fn key(&mut self, at: usize) -> Result<Str, YamlError> {
        self.budget.spend()?;
        let mut node = &self.tape[at];
        if let NodeKind::Alias { .. } = node.kind {
            node = self.follow(at)?;
            self.unfollow();
        }
        let NodeKind::Scalar { value, tag, plain } = &node.kind else {
            let key = gosyntax::text(self.tape, at)?;
            return Err(YamlError::decode(&format!("invalid map key: {key}")));
        };
        if !*plain && tag.is_none() {
            return Ok(Str::from(&**value));
        }
        match key_of(scalar(value, tag.as_deref(), *plain)?) {
            Ok(text) => Ok(text),
            Err(why) => {
                self.refuse(why);
                Ok(Str::default())
            }
        }
    }

    /// Returns what JSON makes of a scalar.
    fn value_of(&mut self, scalar: Scalar<'_>, shape: &'static Shape) -> Value {
        value_of(scalar, shape).unwrap_or_else(|why| {
            self.refuse(why);
            Value::NIL
        })
    }

    /// Notes that JSON may not hold this document.
    fn refuse(&mut self, why: &'static str) {
        self.refused.get_or_insert(why);
    }

    /// Ends the document.
    fn finish(self, value: Value, origin: Option<Box<Origin>>) -> Result<Composed, YamlError> {
        if let Some(why) = self.refused {
            match gosyntax::refused_by_json(self.tape) {
                Some(verdict) => verdict?,
                None => return Err(YamlError::convert(why.into())),
            }
        }
        if self.too_deep && self.depth < MAX_DEPTH {
            return Err(YamlError::decode(&size::too_deep().to_string()));
        }
        if self.too_deep {
            return Err(YamlError::unmarshal("exceeded max depth".into()));
        }
        Ok((value, origin))
    }
}

impl Items {
    fn list() -> Items {
        Items::List {
            values: Vec::new(),
            origins: Vec::new(),
        }
    }

    fn map() -> Items {
        Items::Map {
            entries: Vec::new(),
            origins: BTreeMap::new(),
            key: None,
        }
    }

    fn push(&mut self, value: Value, origin: Option<Box<Origin>>) {
        match self {
            Items::List { values, origins } => {
                values.push(value);
                origins.extend(origin.map(|o| *o));
            }
            Items::Map {
                entries,
                origins,
                key,
            } => {
                if let Some(key) = key.take() {
                    if let Some(origin) = origin {
                        origins.insert(key.clone(), *origin);
                    }
                    entries.push((key, value));
                }
            }
        }
    }
}

/// Returns the place after the node at `at` and all it holds.
pub(super) fn after(tape: &[Node<'_>], at: usize) -> usize {
    match tape.get(at).map(|n| &n.kind) {
        Some(NodeKind::List { end } | NodeKind::Map { end }) => end + 1,
        _ => at + 1,
    }
}

/// The error about a `<<` key with another value.
pub(super) fn not_a_map() -> YamlError {
    YamlError::decode("map merge requires map or sequence of maps as the value")
}

/// Returns the text of a key, or why JSON has no such keys.
pub(super) fn key_of(key: Scalar<'_>) -> Result<Str, &'static str> {
    let mut text = Vec::new();
    match key {
        Scalar::Str(s) | Scalar::Timestamp(s) => return Ok(json_text(s)),
        Scalar::Bool(b) => return Ok(if b { "true" } else { "false" }.into()),
        Scalar::Int(n) => append_int(&mut text, n),
        Scalar::Float(f) if f.is_nan() => return Ok(".nan".into()),
        Scalar::Float(f64::INFINITY) => return Ok(".inf".into()),
        Scalar::Float(f64::NEG_INFINITY) => return Ok("-.inf".into()),
        Scalar::Float(f) => append_float(&mut text, f, b'g', -1, 32),
        Scalar::Null | Scalar::Uint(_) => return Err("unsupported map key"),
    }
    Ok(text.into())
}

/// Returns what JSON makes of a scalar, or why it cannot.
pub(super) fn value_of(scalar: Scalar<'_>, shape: &'static Shape) -> Result<Value, &'static str> {
    if shape.is_string() {
        // Numbers and bools are taken as texts where a Go string is wanted.
        let mut text = Vec::new();
        match scalar {
            Scalar::Int(n) => append_int(&mut text, n),
            Scalar::Uint(n) => append_uint(&mut text, n),
            Scalar::Float(f) => append_float(&mut text, f, b'g', -1, 64),
            Scalar::Bool(b) => text.extend_from_slice(if b { b"true" } else { b"false" }),
            _ => {}
        }
        if !text.is_empty() {
            return Ok(Value::string(text));
        }
    }
    Ok(match scalar {
        Scalar::Null => Value::NIL,
        Scalar::Bool(b) => Value::bool(b),
        Scalar::Int(n) => Value::float(n as f64),
        Scalar::Uint(n) => Value::float(n as f64),
        Scalar::Float(f) if f.is_finite() => Value::float(f),
        Scalar::Float(_) => return Err("json: unsupported value"),
        Scalar::Str(_) | Scalar::Timestamp(_) if shape.is_skipped() => Value::NIL,
        Scalar::Str(s) | Scalar::Timestamp(s) => Value::string(json_text(s)),
    })
}

/// Returns the value of a scalar node.
pub(super) fn scalar<'a>(
    value: &Cow<'a, [u8]>,
    tag: Option<&[u8]>,
    plain: bool,
) -> Result<Scalar<'a>, YamlError> {
    if !plain && tag.is_none() {
        return Ok(Scalar::Str(value.clone()));
    }
    resolve(tag, value)
}

/// Reports whether a key is the merge key.
pub(super) fn is_merge(node: &Node<'_>) -> bool {
    matches!(&node.kind, NodeKind::Scalar { value, tag, plain }
        if **value == *b"<<" && (*plain || tag.as_deref() == Some(b"tag:yaml.org,2002:merge")))
}

/// Returns a text as JSON carries it: what is not UTF-8 (only `!!binary` can hold
/// such) becomes U+FFFD, one for each byte.
fn json_text(text: Cow<'_, [u8]>) -> Str {
    // What is still part of the source has been checked there.
    if matches!(text, Cow::Borrowed(_)) || std::str::from_utf8(&text).is_ok() {
        return Str::from(&*text);
    }
    let mut valid = Vec::with_capacity(text.len());
    for (_, rune, _) in crate::gostd::unicode::runes(&text) {
        crate::gostd::unicode::append_rune(&mut valid, rune);
    }
    valid.into()
}
