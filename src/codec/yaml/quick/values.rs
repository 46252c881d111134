//! Values straight from the common form, without a tape between.
//!
//! What a [`Reader`](super::Reader) tells of the nodes goes in, a [`Value`] comes out; the rules are those of
//! [`compose`](mod@crate::codec::yaml::compose), which is left to do whatever may be refused. The parts of all open
//! collections lie on two stacks, so that each collection is made once, of just its size. Short texts that come
//! again and again, as keys do, are one text in memory.

use std::borrow::Cow;

use super::{Mark, Output};
use crate::codec::size;
use crate::codec::yaml::budget::AliasBudget;
use crate::codec::yaml::compose::{MAX_DEPTH, key_of, scalar, value_of};
use crate::codec::yaml::harmless::is_harmless;
use crate::codec::yaml::resolve::{Scalar, resolve};
use crate::codec::yaml::shape::Shape;
use crate::value::{Entries, Map, MapType, Str, Value};

/// A collection whose end has not come yet.
struct Frame {
    shape: &'static Shape,
    is_map: bool,
    /// Where its parts begin among those of its kind.
    start: usize,
    /// The key whose value comes next.
    key: Option<Str>,
    /// Of a mapping nobody wants: whether a key comes next.
    key_next: bool,
}

/// A document that becomes a value.
pub(super) struct Building {
    shape: &'static Shape,
    frames: Vec<Frame>,
    /// The parts of open lists, those of the innermost last.
    items: Vec<Value>,
    /// The parts of open mappings, those of the innermost last.
    entries: Vec<(Str, Value)>,
    budget: AliasBudget,
    /// How deep values may nest.
    depth: usize,
    keys: Names,
    plain: Names,
    quoted: Names,
    has_begun: bool,
    given_up: bool,
    done: Option<Value>,
}

impl Building {
    pub(super) fn new(shape: &'static Shape) -> Building {
        Building {
            shape,
            frames: Vec::new(),
            items: Vec::new(),
            entries: Vec::new(),
            budget: AliasBudget::default(),
            depth: size::depth(MAX_DEPTH),
            keys: Names::default(),
            plain: Names::default(),
            quoted: Names::default(),
            has_begun: false,
            given_up: false,
            done: None,
        }
    }

    /// Returns the value; of a text without a document, nil.
    pub(super) fn finish(self) -> Option<Value> {
        (!self.given_up).then_some(self.done.unwrap_or(Value::NIL))
    }

    /// Counts a node, as composing does.
    fn count(&mut self, is_skipped: bool) {
        if is_skipped {
            self.budget.spend_plain(1);
        } else if self.budget.spend().is_err() {
            // The long way meets the same limit, and tells of it.
            self.given_up = true;
        }
    }

    /// Returns the shape of the value that comes next.
    fn next_shape(&mut self) -> &'static Shape {
        match self.frames.last_mut() {
            None => self.shape,
            Some(frame) if !frame.is_map => frame.shape.element(),
            Some(frame) => {
                frame.key_next = true;
                frame.shape.member(frame.key.as_deref().unwrap_or_default())
            }
        }
    }

    fn key(&mut self, value: &[u8], plain: bool, shape: &'static Shape) -> Option<Str> {
        if !plain {
            return Some(Str::from(value));
        }
        let is_repeated = matches!(shape, Shape::Any);
        if is_repeated && let Some(known) = self.keys.find(value) {
            return Some(known);
        }
        if value == b"<<" {
            return None;
        }
        let key = resolve(None, &Cow::Borrowed(value)).ok()?;
        let is_text = matches!(key, Scalar::Str(_));
        let key = key_of(key).ok()?;
        if is_repeated && is_text {
            self.keys.keep(&key);
        }
        Some(key)
    }

    fn value(&mut self, value: &[u8], plain: bool, shape: &'static Shape) -> Option<Value> {
        if shape.is_skipped() {
            return is_harmless(value, plain, false).then_some(Value::NIL);
        }
        let names = if plain {
            &mut self.plain
        } else {
            &mut self.quoted
        };
        if let Some(known) = names.find(value) {
            return Some(known.into());
        }
        let resolved = scalar(&Cow::Borrowed(value), None, plain).ok()?;
        let is_text = matches!(resolved, Scalar::Str(_));
        let value = value_of(resolved, shape).ok()?;
        if is_text
            && matches!(shape, Shape::Any)
            && let Some(text) = value.as_str()
        {
            names.keep(text);
        }
        Some(value)
    }

    /// Puts a value where it belongs.
    fn place(&mut self, value: Value) {
        match self.frames.last_mut() {
            None => self.done = Some(value),
            Some(frame) if frame.shape.is_skipped() => {}
            Some(Frame { is_map: false, .. }) => self.items.push(value),
            Some(frame) => {
                if let Some(key) = frame.key.take() {
                    self.entries.push((key, value));
                }
            }
        }
    }
}

impl<'a> Output<'a> for Building {
    fn scalar(&mut self, value: Cow<'a, [u8]>, plain: bool, _: Mark) {
        let done = match self.frames.last_mut() {
            Some(frame) if frame.shape.is_skipped() => {
                let is_key = frame.is_map && frame.key_next;
                frame.key_next = !frame.key_next;
                self.count(true);
                is_harmless(&value, plain, is_key).then_some(())
            }
            Some(frame) if frame.is_map && frame.key.is_none() => {
                let shape = frame.shape;
                self.count(false);
                let key = self.key(&value, plain, shape);
                let done = key.is_some().then_some(());
                if let Some(frame) = self.frames.last_mut() {
                    frame.key = key;
                }
                done
            }
            _ => {
                let shape = self.next_shape();
                self.count(false);
                let value = self.value(&value, plain, shape);
                value.map(|value| self.place(value))
            }
        };
        self.given_up |= done.is_none();
    }

    fn begin(&mut self, is_map: bool, _: Mark) {
        self.has_begun = true;
        let within = self.frames.last().is_some_and(|f| f.shape.is_skipped());
        let shape = self.next_shape();
        self.count(within);
        self.given_up |= self.frames.len() >= self.depth;
        let start = match is_map {
            true => self.entries.len(),
            false => self.items.len(),
        };
        self.frames.push(Frame {
            shape,
            is_map,
            start,
            key: None,
            key_next: true,
        });
    }

    fn end(&mut self) {
        let Some(frame) = self.frames.pop() else {
            return;
        };
        let value = if frame.shape.is_skipped() {
            Value::NIL
        } else if frame.is_map {
            let entries: Vec<_> = self.entries.drain(frame.start..).collect();
            Map::with_entries(&MapType::ANY, Entries::of(entries)).into()
        } else {
            Value::list(self.items.drain(frame.start..).collect())
        };
        self.place(value);
    }

    fn is_empty(&self) -> bool {
        !self.has_begun
    }

    fn gives_up(&self) -> bool {
        self.given_up
    }
}

/// The last short texts that came, each at a place that follows from its bytes.
#[derive(Default)]
struct Names(Vec<Option<Str>>);

impl Names {
    /// How many are known; a power of two.
    const PLACES: usize = 64;

    /// How long they may be.
    const LONGEST: usize = 24;

    fn place(text: &[u8]) -> usize {
        let word = |at: usize| match text.get(at..at + 4) {
            Some(&[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]),
            _ => 0,
        };
        let (head, tail) = match text {
            [] => (0, 0),
            [a] => (u32::from(*a), 0),
            [a, b] => (u32::from(*a), u32::from(*b)),
            [a, b, c] => (u32::from(*a), u32::from(*b) << 8 | u32::from(*c)),
            _ => (word(0), word(text.len() - 4)),
        };
        let mixed = (u64::from(head) << 32 | u64::from(tail)) ^ text.len() as u64;
        (mixed.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 58) as usize % Names::PLACES
    }

    fn find(&self, text: &[u8]) -> Option<Str> {
        if self.0.is_empty() || text.len() > Names::LONGEST {
            return None;
        }
        let known = self.0[Names::place(text)].as_ref()?;
        (**known == *text).then(|| known.clone())
    }

    fn keep(&mut self, text: &Str) {
        if text.len() <= Names::LONGEST {
            if self.0.is_empty() {
                self.0.resize(Names::PLACES, None);
            }
            self.0[Names::place(text)] = Some(text.clone());
        }
    }
}
