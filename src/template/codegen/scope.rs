//! Which variable a name stands for.
//!
//! Go searches a stack of names when it executes. Here each declaration gets a number when the text is compiled.
//! The two differ only for declarations in arguments that `and` and `or` may skip: such a variable may be unset,
//! and then an outer one of its name is meant.

use crate::source::Span;
use crate::template::program::Candidate;
use std::collections::HashMap;

/// The variables declared at a point of a template, `$` first.
#[derive(Default)]
pub(super) struct Scope {
    declared: Vec<Declared>,
    /// Places of the first `indexed` of them by name, where there are many.
    by_name: HashMap<Box<[u8]>, Vec<usize>>,
    indexed: usize,
}

/// So many variables are looked through one by one.
const FEW: usize = 16;

struct Declared {
    /// The name; `None` for the `$` every template begins with.
    name: Option<Span>,
    /// The chain of variables that begins with this one, if it may be unset.
    chain: Option<u32>,
}

impl Declared {
    fn name<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        self.name.map_or(b"$", |name| name.of(text))
    }
}

/// What a name stands for.
pub(super) enum Resolved {
    /// Nothing was declared.
    Nothing,
    /// This variable.
    One(u32),
    /// The first of this chain that is set.
    FirstOf(u32),
}

impl Scope {
    /// Begins a template, in which only `$` is known.
    pub(super) fn begin(&mut self) {
        self.by_name.clear();
        self.indexed = 0;
        self.declared.clear();
        self.declared.push(Declared {
            name: None,
            chain: None,
        });
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
        if self.indexed > keep {
            for gone in self.declared.drain(keep..self.indexed) {
                if let Some(places) = self.by_name.get_mut(gone.name(text)) {
                    places.pop();
                }
            }
            self.indexed = keep;
        }
        self.declared.truncate(keep);
    }

    /// Returns the last variable of a name.
    fn last(&self, name: &[u8], text: &[u8]) -> Option<usize> {
        let later = self.declared.get(self.indexed..).unwrap_or_default();
        let place = later
            .iter()
            .rposition(|variable| variable.name(text) == name);
        match place {
            Some(place) => Some(self.indexed + place),
            None => self.by_name.get(name)?.last().copied(),
        }
    }

    fn index(&mut self, text: &[u8]) {
        for (place, variable) in self.declared.iter().enumerate().skip(self.indexed) {
            let places = self.by_name.entry(variable.name(text).into());
            places.or_default().push(place);
        }
        self.indexed = self.declared.len();
    }

    /// Adds a variable and returns its number. One that may be unset goes before those of its name in a chain.
    pub(super) fn declare(
        &mut self,
        name: Span,
        text: &[u8],
        conditional: Option<&mut Vec<Candidate>>,
    ) -> u32 {
        let slot = self.declared.len();
        let outer = match conditional {
            Some(_) => self.last(name.of(text), text),
            None => None,
        };
        let chain = conditional.map(|candidates| {
            let mut add = |slot: usize, next| {
                candidates.push(Candidate {
                    slot: slot as u32,
                    next,
                });
                candidates.len() as u32 - 1
            };
            let outer = outer.map(|place| {
                let chain = self.declared.get(place).and_then(|outer| outer.chain);
                chain.unwrap_or_else(|| add(place, None))
            });
            add(slot, outer)
        });
        self.declared.push(Declared {
            name: Some(name),
            chain,
        });
        if slot >= self.indexed + FEW {
            self.index(text);
        }
        slot as u32
    }

    /// Says what a name stands for now.
    pub(super) fn resolve(&self, name: &[u8], text: &[u8]) -> Resolved {
        let Some(last) = self.last(name, text) else {
            return Resolved::Nothing;
        };
        match self.declared.get(last).and_then(|variable| variable.chain) {
            Some(chain) => Resolved::FirstOf(chain),
            None => Resolved::One(last as u32),
        }
    }
}
