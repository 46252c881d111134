//! Regular expressions of schemas.
//!
//! Go: regexp, as santhosh-tekuri/jsonschema v6 uses it.

use std::sync::OnceLock;

use crate::gostd::regexp::Regexp;

/// An expression with its text. It is compiled when it is first held against
/// something: most of a schema is never asked.
pub(super) struct Pattern {
    text: String,
    /// For texts of ASCII, which nearly all names and values are.
    ascii: OnceLock<Option<Regexp>>,
    any: OnceLock<Option<Regexp>>,
}

impl Pattern {
    /// Reads an expression. The error is Go's text.
    pub(super) fn new(text: &str) -> Result<Pattern, String> {
        Regexp::check(text.as_bytes())?;
        Ok(Pattern {
            text: text.to_owned(),
            ascii: OnceLock::new(),
            any: OnceLock::new(),
        })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Reports whether the expression matches somewhere in the text.
    pub(super) fn is_match(&self, text: &[u8]) -> bool {
        let pattern = self.text.as_bytes();
        // One that is too large for this machine matches nothing.
        let regexp = if text.is_ascii() {
            self.ascii
                .get_or_init(|| Regexp::for_few_ascii_texts(pattern).ok())
        } else {
            self.any.get_or_init(|| Regexp::for_few_texts(pattern).ok())
        };
        let regexp = regexp.as_ref();
        regexp.is_some_and(|regexp| regexp.is_match(text))
    }
}
