//! What is done beside the reading of a large chart and the joining of its values: compiling templates, and a first
//! look at schemas.
//!
//! Compiling takes a third of a short render, more of a large one, and needs nothing but texts. So it begins before it
//! is known which templates are wanted: values decide that, by switching subcharts off or giving them other names;
//! nearly always it is all of them. Texts come in batches. Two threads take file after file, one from each end, and
//! one of them looks at the schemas as soon as there are values. Neither waits for work that nobody has begun: without
//! a second thread the first does it all.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

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
#[derive(Default)]
pub(super) struct Beside {
    files: Mutex<Files>,
    /// That there are more, or that there will be none.
    news: Condvar,
    stopped: AtomicBool,
    /// What is held against its schemas; nothing if there is nothing to check.
    to_check: OnceLock<Option<Prepared>>,
    is_looked_at: AtomicBool,
    fits: OnceLock<bool>,
}

#[derive(Default)]
struct Files {
    batches: Vec<Arc<[File]>>,
    /// Whether no more will come.
    are_all: bool,
}

/// A template file.
struct File {
    text: TemplateText,
    is_taken: AtomicBool,
    /// What it was compiled to; nothing where that did not come to its end.
    outcome: OnceLock<Option<Outcome>>,
}

impl Beside {
    /// Adds files to compile.
    pub(super) fn add(&self, texts: Vec<TemplateText>) {
        let files = texts.into_iter().map(|text| File {
            text,
            is_taken: AtomicBool::new(false),
            outcome: OnceLock::new(),
        });
        let batch = files.collect();
        self.files().batches.push(batch);
        self.news.notify_all();
    }

    /// Says that no more files will come.
    pub(super) fn complete(&self) {
        self.files().are_all = true;
        self.news.notify_all();
    }

    fn files(&self) -> MutexGuard<'_, Files> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The part of the second thread: all there is to do, in any order.
    pub(super) fn help(&self) {
        let mut number = 0;
        while let Some(batch) = self.batch(number) {
            for file in &*batch {
                if let Some(Some(prepared)) = self.to_check.get() {
                    self.look(prepared);
                }
                if self.stopped.load(Ordering::Relaxed) {
                    break;
                }
                file.compile();
            }
            number += 1;
        }
        if let Some(prepared) = self.to_check.wait() {
            self.look(prepared);
        }
    }

    /// Waits for a batch; there is none after the last.
    fn batch(&self, number: usize) -> Option<Arc<[File]>> {
        let mut files = self.files();
        loop {
            if let Some(batch) = files.batches.get(number) {
                return Some(batch.clone());
            }
            if files.are_all {
                return None;
            }
            files = self
                .news
                .wait(files)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Says what is to be checked, or that nothing is. The second thread waits for this.
    pub(super) fn check(&self, prepared: Option<Prepared>) {
        // Only the first word counts.
        let _ = self.to_check.set(prepared);
    }

    /// Lets the second thread go: nothing it does is wanted any more.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        self.complete();
        self.check(None);
    }

    /// Compiles those of the texts that are wanted and not yet taken, from the last one on. What is not wanted, the
    /// second thread need not begin any more.
    pub(super) fn want(&self, wanted: Vec<TemplateText>) -> Wanted {
        let found = self.find(&wanted);
        found.iter().rev().flatten().for_each(Found::compile);
        self.stopped.store(true, Ordering::Relaxed);
        Wanted {
            texts: wanted,
            found,
        }
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

    /// Finds the files of these texts.
    fn find(&self, wanted: &[TemplateText]) -> Vec<Option<Found>> {
        let batches = self.files().batches.clone();
        if let [batch] = &batches[..]
            && batch.len() == wanted.len()
            && batch
                .iter()
                .zip(wanted)
                .all(|(file, text)| file.text == *text)
        {
            let places = 0..batch.len();
            let found = places.map(|place| Some(Found(batch.clone(), place)));
            return found.collect();
        }
        // No two files have one path.
        let mut by_path = HashMap::new();
        for batch in &batches {
            let files = batch.iter().zip(0..);
            by_path.extend(files.map(|(file, place)| (&*file.text.path, (batch, place))));
        }
        let found = wanted.iter().map(|text| {
            let (batch, place) = *by_path.get(&*text.path)?;
            let found = Found(batch.clone(), place);
            (found.file().text == *text).then_some(found)
        });
        found.collect()
    }
}

/// The texts that are wanted, and where they are compiled.
pub(super) struct Wanted {
    pub texts: Vec<TemplateText>,
    found: Vec<Option<Found>>,
}

impl Wanted {
    /// Returns what the texts were compiled to, in their order; what is missing is compiled now.
    pub(super) fn outcomes(&self) -> impl Iterator<Item = Outcome> {
        self.texts.iter().zip(&self.found).map(|(text, found)| {
            let found = found.as_ref();
            let known = found.and_then(|found| found.file().outcome.wait().clone());
            known.unwrap_or_else(|| text.compile())
        })
    }
}

/// A file, by its batch and its place there.
struct Found(Arc<[File]>, usize);

impl Found {
    fn file(&self) -> &File {
        &self.0[self.1]
    }

    fn compile(&self) {
        self.file().compile();
    }
}

impl File {
    fn compile(&self) {
        if !self.is_taken.swap(true, Ordering::Relaxed) {
            let told = Told(&self.outcome, Some(None));
            told.tell(Some(self.text.compile()));
        }
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
