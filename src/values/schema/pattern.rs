//! Regular expressions of schemas.
//!
//! Go: regexp, as santhosh-tekuri/jsonschema v6 uses it.

use std::sync::OnceLock;

use crate::gostd::regexp::Regexp;

/// An expression with its text. It is compiled when it is first held against
/// something: most of a schema is never asked.
pub(super) struct Pattern {
    text: String,
    regexp: OnceLock<Option<Regexp>>,
}

impl Pattern {
    /// Reads an expression. The error is Go's text.
    pub(super) fn new(text: &str) -> Result<Pattern, String> {
        Regexp::check(text.as_bytes())?;
        Ok(Pattern {
            text: text.to_owned(),
            regexp: OnceLock::new(),
        })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Reports whether the expression matches somewhere in the text.
    pub(super) fn is_match(&self, text: &[u8]) -> bool {
        let compile = || Regexp::for_few_texts(self.text.as_bytes()).ok();
        // One that is too large for this machine matches nothing.
        let regexp = self.regexp.get_or_init(compile).as_ref();
        regexp.is_some_and(|regexp| regexp.is_match(text))
    }
}
