//! The pieces a YAML text is made of.

use std::borrow::Cow;

/// A place in the text, counted from 0, columns in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    pub line: u32,
    pub column: u32,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    StreamEnd,
    /// `%YAML 1.1`: the version is in the text.
    VersionDirective,
    /// `%TAG`: the handle is in the text, the prefix in the suffix.
    TagDirective,
    /// `---`
    DocumentStart,
    /// `...`
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    /// The end of either.
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    /// `-`
    BlockEntry,
    /// `,`
    FlowEntry,
    /// `?`, or where a key without it begins.
    Key,
    /// `:`
    Value,
    /// `*name`
    Alias,
    /// `&name`
    Anchor,
    /// `!handle!suffix`
    Tag,
    PlainScalar,
    /// In quotes, or a block.
    QuotedScalar,
}

/// One token.
#[derive(Debug)]
pub(super) struct Token<'a> {
    pub kind: Kind,
    /// Where it begins.
    pub mark: Mark,
    pub text: Cow<'a, [u8]>,
    pub suffix: Cow<'a, [u8]>,
}

impl<'a> Token<'a> {
    /// A token that says all by its kind.
    pub(super) fn new(kind: Kind, mark: Mark) -> Token<'a> {
        Token::with_text(kind, mark, Cow::Borrowed(b""))
    }

    pub(super) fn with_text(kind: Kind, mark: Mark, text: Cow<'a, [u8]>) -> Token<'a> {
        Token {
            kind,
            mark,
            text,
            suffix: Cow::Borrowed(b""),
        }
    }
}
