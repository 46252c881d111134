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

use crate::limits::Exceeded;

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
    /// end of the name and the call fails. Others take long for long names, which counts as work
    /// ([`Limit::Work`](crate::limits::Limit::Work)) and ends with it or with the time.
    pub fn matches(&self, name: &[u8]) -> Result<bool, MatchError> {
        let memory = Memory::default();
        let is_match = self.matcher.matches(name, &memory)?;
        memory.count()?;
        Ok(is_match)
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchError {
    /// Matching read past the end of a name.
    OutOfBounds {
        /// Where it read up to.
        end: usize,
        /// The end of the name.
        len: usize,
    },
    /// A limit was reached.
    Exceeded(Exceeded),
}

impl From<Exceeded> for MatchError {
    fn from(exceeded: Exceeded) -> Self {
        Self::Exceeded(exceeded)
    }
}

impl std::fmt::Display for MatchError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::OutOfBounds { end, len } => write!(
                f,
                "runtime error: slice bounds out of range [:{end}] with length {len}"
            ),
            Self::Exceeded(exceeded) => exceeded.fmt(f),
        }
    }
}

impl std::error::Error for MatchError {}

#[cfg(test)]
mod tests;
