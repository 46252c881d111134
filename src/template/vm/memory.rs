//! How much of what a render made is still alive.
//!
//! What functions make is added up as they announce it; when that is a good part of the limit, all that can still be
//! reached is counted, each shared part once, and adding up begins anew. So the limit is kept without a note of
//! every value that goes away, and a chart meets it at the same place everywhere.

use std::collections::HashSet;

use super::iteration::Items;
use super::{Fault, Observer, Vm};
use crate::value::{MAP_BYTES, MAP_ENTRY, Repr, Str, Value};

/// About how many bytes a list takes besides its elements.
const LIST_BYTES: usize = 96;

/// A walk over values.
#[derive(Default)]
struct Count {
    bytes: u64,
    /// Addresses of lists, maps and texts that were counted.
    seen: HashSet<usize>,
    /// What is still to be looked into.
    waiting: Vec<Value>,
}

impl Count {
    fn text(&mut self, text: &Str) {
        if self.seen.insert(text.as_ptr() as usize) {
            self.bytes += text.len() as u64 + 16;
        }
    }

    fn add(&mut self, value: &Value) {
        match &value.0 {
            Repr::Str(text) | Repr::Bytes(text) => self.text(text),
            Repr::List(list) if self.seen.insert(list.identity()) => {
                self.waiting.push(value.clone());
            }
            Repr::Map(map) if self.seen.insert(map.identity()) => self.waiting.push(value.clone()),
            _ => {}
        }
    }

    fn finish(mut self) -> u64 {
        while let Some(value) = self.waiting.pop() {
            match &value.0 {
                Repr::List(list) => {
                    self.bytes += (LIST_BYTES + list.len() * size_of::<Value>()) as u64;
                    list.items().iter().for_each(|item| self.add(item));
                }
                Repr::Map(map) => {
                    let entries = map.snapshot();
                    self.bytes += (MAP_BYTES + entries.len() * MAP_ENTRY) as u64;
                    for (key, value) in entries.iter() {
                        self.text(key);
                        self.add(value);
                    }
                }
                _ => {}
            }
        }
        self.bytes
    }
}

impl<O: Observer> Vm<'_, O> {
    /// Counts what is alive.
    #[cold]
    pub(super) fn count_alive(&mut self) -> Result<(), Fault> {
        let mut count = Count::default();
        self.stack.iter().for_each(|value| count.add(value));
        let variables = self.variables.iter();
        variables.for_each(|variable| count.add(&variable.value));
        self.dots.iter().for_each(|dot| count.add(&dot.value));
        self.calls.iter().for_each(|call| count.add(&call.receiver));
        for entered in &self.loops {
            match &entered.items {
                Items::List(list, _) => count.add(&list.clone().into()),
                Items::Bytes(bytes, _) => count.text(bytes),
                Items::Map { entries, .. } => {
                    for (key, value) in entries.as_slice() {
                        count.text(key);
                        count.add(value);
                    }
                }
                Items::Signed { .. } | Items::Unsigned { .. } => {}
            }
        }
        let alive = count.finish();
        Ok(self.context.counted(alive)?)
    }

    /// Counts the text on top, which was made without a call of a function.
    pub(super) fn made_on_top(&mut self) -> Result<(), Fault> {
        let bytes = self.top().fresh_bytes();
        self.context.made(bytes);
        if self.context.note(bytes) {
            self.account()?;
        }
        Ok(())
    }

    /// Looks how things stand: time, work, memory.
    #[cold]
    pub(super) fn account(&mut self) -> Result<(), Fault> {
        self.context.look()?;
        if self.context.is_count_due() {
            self.count_alive()?;
        }
        Ok(())
    }
}
