//! The templates of a chart, compiled once for many renders.

use std::sync::{Arc, Mutex, PoisonError};

use super::context::TemplateFile;
use super::failure::parse_failure;
use crate::diag::Error;
use crate::funcs::catalog::CATALOG;
use crate::template::TemplateSet;
use crate::value::Str;

/// How many combinations of files are kept: values may switch subcharts on and off.
const KEPT: usize = 8;

/// Compiled sets of templates by the files they were made of.
#[derive(Default)]
pub(super) struct Programs {
    /// The set used last comes first.
    kept: Mutex<Vec<Arc<Compiled>>>,
}

struct Compiled {
    files: Vec<(Str, Str)>,
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
        let mut set = TemplateSet::new(&CATALOG);
        for file in files {
            set.parse(&file.path, file.text.clone())
                .map_err(|error| parse_failure(&error))?;
        }
        let compiled = Arc::new(Compiled {
            files: files
                .iter()
                .map(|f| (f.path.clone(), f.text.clone()))
                .collect(),
            set: Arc::new(set),
        });
        let set = compiled.set.clone();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.truncate(KEPT - 1);
        kept.insert(0, compiled);
        Ok(set)
    }
}

impl Compiled {
    fn is_made_of(&self, files: &[TemplateFile]) -> bool {
        self.files.len() == files.len()
            && self.files.iter().zip(files).all(|((path, text), file)| {
                *path == file.path && (text.ptr_eq(&file.text) || *text == file.text)
            })
    }
}
