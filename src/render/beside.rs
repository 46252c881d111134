//! What is done beside the joining of values: compiling templates, and a first look at schemas.
//!
//! Compiling takes a third of a short render and needs nothing but texts, so it begins before it is known which
//! templates are wanted. Values decide that, by switching subcharts off or giving them other names; nearly always it
//! is all of them. Two threads take file after file, one from each end, and one of them looks at the schemas as soon
//! as there are values. Neither waits for work that nobody has begun: without a second thread the first does it all.

use std::collections::HashMap;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::context::TemplateText;
use super::renderer::Prepared;
use crate::funcs::catalog::CATALOG;
use crate::template::TemplateSet;
use crate::template::parser::ParseError;
use crate::template::program::Template;
use crate::values::schema;

/// What one text was compiled to.
pub(super) type Outcome = Result<Vec<Template>, ParseError>;

/// Work that two threads share.
pub(super) struct Beside {
    texts: Vec<TemplateText>,
    /// What they were compiled to; nothing where that did not come to its end.
    outcomes: Vec<OnceLock<Option<Outcome>>>,
    taken: Vec<AtomicBool>,
    stopped: AtomicBool,
    /// What is held against its schemas; nothing if there is nothing to check.
    to_check: OnceLock<Option<Prepared>>,
    is_looked_at: AtomicBool,
    fits: OnceLock<bool>,
}

impl Beside {
    pub(super) fn new(texts: Vec<TemplateText>) -> Beside {
        Beside {
            outcomes: texts.iter().map(|_| OnceLock::new()).collect(),
            taken: texts.iter().map(|_| AtomicBool::new(false)).collect(),
            stopped: AtomicBool::new(false),
            to_check: OnceLock::new(),
            is_looked_at: AtomicBool::new(false),
            fits: OnceLock::new(),
            texts,
        }
    }

    /// Returns the bytes of all texts.
    pub(super) fn size(&self) -> usize {
        self.texts.iter().map(|text| text.text.len()).sum()
    }

    /// The part of the second thread: all there is to do, in any order.
    pub(super) fn help(&self) {
        for place in 0..self.texts.len() {
            if let Some(Some(prepared)) = self.to_check.get() {
                self.look(prepared);
            }
            if self.stopped.load(Ordering::Relaxed) {
                break;
            }
            self.compile(place);
        }
        if let Some(prepared) = self.to_check.wait() {
            self.look(prepared);
        }
    }

    /// Says what is to be checked, or that nothing is. The second thread waits for this.
    pub(super) fn check(&self, prepared: Option<Prepared>) {
        // Only the first word counts.
        let _ = self.to_check.set(prepared);
    }

    /// Compiles those of the texts that are wanted and not yet taken, from the last one on. What is not wanted, the
    /// second thread need not begin any more.
    pub(super) fn want(&self, wanted: &[TemplateText]) {
        if self.texts == wanted {
            let places = (0..self.texts.len()).rev();
            places.for_each(|place| self.compile(place));
        } else {
            let places = self.places();
            for text in wanted.iter().rev() {
                if let Some(place) = places.get(&*text.path)
                    && self.texts[*place] == *text
                {
                    self.compile(*place);
                }
            }
        }
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Reports whether `prepared`, which was given to [`Beside::check`], plainly fits its schemas.
    pub(super) fn fits(&self, prepared: &Prepared) -> bool {
        self.look(prepared);
        *self.fits.wait()
    }

    fn look(&self, prepared: &Prepared) {
        if !self.is_looked_at.swap(true, Ordering::Relaxed) {
            let told = Told(&self.fits, Some(false));
            told.tell(schema::surely_valid(prepared.chart(), prepared.values()));
        }
    }

    fn compile(&self, place: usize) {
        if !self.taken[place].swap(true, Ordering::Relaxed) {
            let told = Told(&self.outcomes[place], Some(None));
            told.tell(Some(self.texts[place].compile()));
        }
    }

    /// No two texts have one path.
    fn places(&self) -> HashMap<&[u8], usize> {
        let paths = self.texts.iter().map(|text| &*text.path);
        paths.zip(0..).collect()
    }

    /// Returns what the texts that are wanted were compiled to, in their order; what is missing is compiled now.
    pub(super) fn outcomes(&self, wanted: &[TemplateText]) -> impl Iterator<Item = Outcome> {
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
        wanted.iter().zip(places).map(|(text, place)| {
            let known = place.and_then(|place| self.outcomes[place].wait().clone());
            known.unwrap_or_else(|| text.compile())
        })
    }
}

/// A word somebody may be waiting for: if this goes away without having told it, another is told instead.
struct Told<'a, T>(&'a OnceLock<T>, Option<T>);

impl<T> Told<'_, T> {
    fn tell(mut self, word: T) {
        self.1 = Some(word);
    }
}

impl<T> Drop for Told<'_, T> {
    fn drop(&mut self) {
        if let Some(word) = self.1.take() {
            let _ = self.0.set(word);
        }
    }
}

impl TemplateText {
    /// Compiles the text to the templates it makes.
    pub(super) fn compile(&self) -> Outcome {
        TemplateSet::compile(&CATALOG, &self.path, self.text.clone().into())
    }
}
