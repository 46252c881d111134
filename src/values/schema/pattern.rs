//! Regular expressions of schemas.
//!
//! Go: regexp, as santhosh-tekuri/jsonschema v6 uses it.

use std::rc::Rc;

use crate::gostd::regexp::Regexp;

/// An expression with its text.
pub(super) struct Pattern {
    text: String,
    regexp: Rc<Regexp>,
}

impl Pattern {
    /// Reads an expression. The error is Go's text.
    pub(super) fn new(text: &str) -> Result<Pattern, String> {
        Ok(Pattern {
            text: text.to_owned(),
            regexp: Regexp::cached(text.as_bytes())?,
        })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Reports whether the expression matches somewhere in the text.
    pub(super) fn is_match(&self, text: &[u8]) -> bool {
        self.regexp.is_match(text)
    }
}
