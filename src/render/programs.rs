//! The templates of a chart, compiled once for many renders.

use memchr::memmem;
use std::sync::{Arc, Mutex, PoisonError};

use super::beside::{Outcome, Wanted};
use super::context::{TemplateFile, TemplateText};
use super::failure::parse_failure;
use crate::diag::Error;
use crate::funcs::catalog::CATALOG;
use crate::limits::{self, Limit};
use crate::template::parser::ParseError;
use crate::template::{ACTION, TemplateSet};

/// How many combinations of files are kept: values may switch subcharts on and off.
const KEPT: usize = 8;

/// Compiled sets of templates by the files they were made of.
#[derive(Default)]
pub(super) struct Programs {
    /// The set used last comes first.
    kept: Mutex<Vec<Arc<Compiled>>>,
}

struct Compiled {
    files: Vec<TemplateText>,
    set: Arc<TemplateSet>,
}

impl Programs {
    /// Returns the set made of these files, in their order.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if a file does not parse.
    pub fn compile(&self, files: &[TemplateFile]) -> Result<Arc<TemplateSet>, Error> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = kept.iter().position(|compiled| compiled.is_made_of(files)) {
            kept[..=place].rotate_right(1);
            return Ok(kept[0].set.clone());
        }
        // Nobody waits for the lock while a set is made: two at once is waste, not harm.
        drop(kept);
        let texts: Vec<_> = files.iter().map(TemplateFile::to_text).collect();
        check_room(&texts)?;
        let outcomes = texts.iter().map(TemplateText::compile);
        let set = assemble(outcomes).map_err(|error| parse_failure(&error))?;
        Ok(self.keep(texts, set))
    }

    /// Reports whether nothing has been compiled yet.
    pub fn is_empty(&self) -> bool {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.is_empty()
    }

    /// Keeps what was compiled, unless something did not parse: that is told when it is asked for.
    pub fn keep_compiled(&self, wanted: Wanted) {
        if let Ok(set) = assemble(wanted.outcomes()) {
            self.keep(wanted.texts, set);
        }
    }

    fn keep(&self, files: Vec<TemplateText>, set: TemplateSet) -> Arc<TemplateSet> {
        let set = Arc::new(set);
        let compiled = Arc::new(Compiled {
            files,
            set: set.clone(),
        });
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.truncate(KEPT - 1);
        kept.insert(0, compiled);
        set
    }
}

/// Makes a set of what texts were compiled to, in their order.
fn assemble(outcomes: impl Iterator<Item = Outcome>) -> Result<TemplateSet, ParseError> {
    let mut set = TemplateSet::new(&CATALOG);
    for outcome in outcomes {
        set.add(outcome?);
    }
    Ok(set)
}

/// From here on the actions of a chart's templates are counted before they are parsed.
const MANY: usize = 4 << 20;

/// Checks that there is memory for all templates once they are compiled.
pub(super) fn check_room(files: &[TemplateText]) -> Result<(), Error> {
    let bytes: usize = files.iter().map(|file| file.text.len()).sum();
    if bytes > MANY {
        let actions = |file: &TemplateText| memmem::find_iter(&file.text, b"{{").count();
        let actions: usize = files.iter().map(actions).sum();
        limits::charge(Limit::Memory, actions.saturating_mul(ACTION) as u64)?;
    }
    Ok(())
}

impl Compiled {
    fn is_made_of(&self, files: &[TemplateFile]) -> bool {
        self.files.len() == files.len()
            && self.files.iter().zip(files).all(|(text, file)| {
                text.path == file.path && (text.text.ptr_eq(&file.text) || text.text == file.text)
            })
    }
}
