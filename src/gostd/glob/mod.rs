//! The patterns of `.Files.Glob`: `Go: gobwas/glob` 0.2.3 with the separator `/`.
//!
//! `*` and `?` stay within a path element, `**` does not; `{a,b}` are alternatives, `[a-z]`,
//! `[abc]` and `[!a]` classes, `\` escapes. A pattern is parsed ([`parse`]), planned as a tree of
//! matchers ([`plan`]) and run ([`matcher`]). The plan is part of the behaviour: which piece is
//! searched first decides what happens to names with characters of several bytes and to pieces
//! that overlap, so it is chosen as the reference chooses it.

mod matcher;
mod parse;
mod plan;

use matcher::{Matcher, Memory};

/// A compiled pattern.
#[derive(Clone, Debug)]
pub struct Glob {
    matcher: Matcher,
}

impl Glob {
    /// Compiles a pattern; `None` if it is malformed.
    pub fn new(pattern: &[u8]) -> Option<Self> {
        let nodes = parse::parse(pattern)?;
        Some(Self {
            matcher: plan::plan(&nodes),
        })
    }

    /// Whether the whole of `name` matches.
    ///
    /// # Errors
    ///
    /// For some patterns with an empty alternative, such as `a{*,}`, the reference reads past the
    /// end of the name and the call fails.
    pub fn matches(&self, name: &[u8]) -> Result<bool, OutOfBounds> {
        self.matcher.matches(name, &Memory::default())
    }
}

/// Matching read past the end of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfBounds {
    end: usize,
    len: usize,
}

impl std::fmt::Display for OutOfBounds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { end, len } = self;
        write!(
            f,
            "runtime error: slice bounds out of range [:{end}] with length {len}"
        )
    }
}

impl std::error::Error for OutOfBounds {}

#[cfg(test)]
mod tests;
