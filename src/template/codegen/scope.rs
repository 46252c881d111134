//! Which variable a name stands for.
//!
//! Go searches a stack of names when it executes. Here each declaration gets a number when the text is compiled.
//! The two differ only for declarations in arguments that `and` and `or` may skip: such a variable may be unset,
//! and then an outer one of its name is meant.

use crate::source::Span;
use std::collections::HashMap;

/// The variables declared at a point of a template, `$` first.
#[derive(Default)]
pub(super) struct Scope {
    declared: Vec<Declared>,
    /// Places in `declared`, by name.
    by_name: HashMap<Box<[u8]>, Vec<usize>>,
}

struct Declared {
    /// The name; `None` for the `$` every template begins with.
    name: Option<Span>,
    conditional: bool,
}

/// What a name stands for.
pub(super) enum Resolved {
    /// Nothing was declared.
    Nothing,
    /// This variable.
    One(u32),
    /// The first of these that is set.
    FirstOf(Box<[u32]>),
}

impl Scope {
    /// Begins a template, in which only `$` is known.
    pub(super) fn begin(&mut self) {
        self.by_name.clear();
        self.declared.clear();
        self.declared.push(Declared {
            name: None,
            conditional: false,
        });
        self.by_name.insert(Box::from(&b"$"[..]), vec![0]);
    }

    /// Returns how many variables there are, for [`Scope::leave`].
    pub(super) fn mark(&self) -> usize {
        self.declared.len()
    }

    /// Returns the number the next variable gets.
    pub(super) fn slots(&self) -> u32 {
        self.declared.len() as u32
    }

    /// Forgets all but the first `keep` variables.
    pub(super) fn leave(&mut self, keep: usize, text: &[u8]) {
        for gone in self.declared.drain(keep..) {
            let name = gone.name.map_or(&b"$"[..], |name| name.of(text));
            if let Some(places) = self.by_name.get_mut(name) {
                places.pop();
            }
        }
    }

    /// Adds a variable and returns its number.
    pub(super) fn declare(&mut self, name: Span, text: &[u8], conditional: bool) -> u32 {
        let slot = self.declared.len();
        self.declared.push(Declared {
            name: Some(name),
            conditional,
        });
        self.by_name
            .entry(name.of(text).into())
            .or_default()
            .push(slot);
        slot as u32
    }

    /// Says what a name stands for now.
    pub(super) fn resolve(&self, name: &[u8]) -> Resolved {
        let places = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        let is_conditional = |place: &usize| {
            self.declared
                .get(*place)
                .is_some_and(|variable| variable.conditional)
        };
        match places.last() {
            None => Resolved::Nothing,
            Some(last) if !is_conditional(last) => Resolved::One(*last as u32),
            Some(_) => {
                let from = places
                    .iter()
                    .rposition(|place| !is_conditional(place))
                    .unwrap_or(0);
                let candidates = places.get(from..).unwrap_or(places).iter().rev();
                Resolved::FirstOf(candidates.map(|place| *place as u32).collect())
            }
        }
    }
}
