//! Why a pattern is malformed: `Go: regexp/syntax.Error`.

/// A kind of mistake and the part of the pattern that has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Error {
    pub kind: ErrorKind,
    pub part: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ErrorKind {
    /// `[z-a]`, `\p{Foo}`
    CharRange,
    /// `\q`
    Escape,
    /// `(?P<a-b>x)`
    NamedCapture,
    /// `(?=x)`
    PerlOperator,
    /// `a**`
    RepeatOperator,
    /// `a{1001}`
    RepeatSize,
    /// A byte that is no UTF-8
    Utf8,
    /// `[a`
    MissingBracket,
    /// `(a`
    MissingParen,
    /// `*a`
    MissingRepeatArgument,
    /// `a\`
    TrailingBackslash,
    /// `a)`
    UnexpectedParen,
    /// A thousand groups in one another
    NestingDepth,
    /// More than fits into memory set apart for it
    Large,
}

impl Error {
    pub(super) fn new(kind: ErrorKind, part: &[u8]) -> Self {
        Self {
            kind,
            part: part.to_vec(),
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match self.kind {
            ErrorKind::CharRange => "invalid character class range",
            ErrorKind::Escape => "invalid escape sequence",
            ErrorKind::NamedCapture => "invalid named capture",
            ErrorKind::PerlOperator => "invalid or unsupported Perl syntax",
            ErrorKind::RepeatOperator => "invalid nested repetition operator",
            ErrorKind::RepeatSize => "invalid repeat count",
            ErrorKind::Utf8 => "invalid UTF-8",
            ErrorKind::MissingBracket => "missing closing ]",
            ErrorKind::MissingParen => "missing closing )",
            ErrorKind::MissingRepeatArgument => "missing argument to repetition operator",
            ErrorKind::TrailingBackslash => "trailing backslash at end of expression",
            ErrorKind::UnexpectedParen => "unexpected )",
            ErrorKind::NestingDepth => "expression nests too deeply",
            ErrorKind::Large => "expression too large",
        };
        let part = String::from_utf8_lossy(&self.part);
        write!(f, "error parsing regexp: {kind}: `{part}`")
    }
}
