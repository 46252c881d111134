//! Compiling templates before it is known which of them are wanted.
//!
//! Compiling takes a third of a short render and needs nothing but texts, so it begins beside all that comes before:
//! two threads take file after file, one from each end, until all that are wanted are done. Which ones are, values
//! decide, by switching subcharts off or giving them other names; nearly always it is all of them.

use std::collections::HashMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::context::TemplateText;
use crate::funcs::catalog::CATALOG;
use crate::template::TemplateSet;
use crate::template::parser::ParseError;
use crate::template::program::Template;

/// What one text was compiled to.
pub(super) type Outcome = Result<Vec<Template>, ParseError>;

/// Texts that are being compiled.
pub(super) struct Ahead {
    texts: Vec<TemplateText>,
    outcomes: Vec<OnceLock<Outcome>>,
    taken: Vec<AtomicBool>,
    stopped: AtomicBool,
}

impl Ahead {
    pub(super) fn new(texts: Vec<TemplateText>) -> Ahead {
        Ahead {
            outcomes: texts.iter().map(|_| OnceLock::new()).collect(),
            taken: texts.iter().map(|_| AtomicBool::new(false)).collect(),
            stopped: AtomicBool::new(false),
            texts,
        }
    }

    /// Returns the bytes of all texts.
    pub(super) fn size(&self) -> usize {
        self.texts.iter().map(|text| text.text.len()).sum()
    }

    /// Compiles one text after the other until there is none left or somebody stops it; calls `between` before each.
    pub(super) fn run(&self, mut between: impl FnMut()) {
        for place in 0..self.texts.len() {
            between();
            if self.stopped.load(Ordering::Relaxed) {
                return;
            }
            self.compile(place);
        }
    }

    /// Ends [`Ahead::run`] after the text it is at.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Compiles those of the texts that are wanted and not yet taken, from the last one on.
    pub(super) fn want(&self, wanted: &[TemplateText]) {
        if self.texts == wanted {
            (0..self.texts.len())
                .rev()
                .for_each(|place| self.compile(place));
            return;
        }
        let places = self.places();
        for text in wanted.iter().rev() {
            if let Some(place) = places.get(&*text.path)
                && self.texts[*place] == *text
            {
                self.compile(*place);
            }
        }
    }

    fn compile(&self, place: usize) {
        if !self.taken[place].swap(true, Ordering::Relaxed) {
            let outcome = self.texts[place].compile();
            // Nobody else has taken it.
            let _ = self.outcomes[place].set(outcome);
        }
    }

    /// No two texts have one path.
    fn places(&self) -> HashMap<&[u8], usize> {
        let paths = self.texts.iter().map(|text| &*text.path);
        paths.zip(0..).collect()
    }

    /// Returns what the texts that are wanted were compiled to, in their order; what is missing is compiled now.
    pub(super) fn finish(mut self, wanted: &[TemplateText]) -> impl Iterator<Item = Outcome> {
        let places: Vec<Option<usize>> = if self.texts == wanted {
            (0..wanted.len()).map(Some).collect()
        } else {
            let places = self.places();
            let place = |text: &TemplateText| {
                let place = *places.get(&*text.path)?;
                (self.texts[place] == *text).then_some(place)
            };
            wanted.iter().map(place).collect()
        };
        wanted.iter().zip(places).map(move |(text, place)| {
            let known = place.and_then(|place| self.outcomes[place].take());
            known.unwrap_or_else(|| text.compile())
        })
    }
}

impl TemplateText {
    /// Compiles the text to the templates it makes.
    pub(super) fn compile(&self) -> Outcome {
        TemplateSet::compile(&CATALOG, &self.path, self.text.clone().into())
    }
}
