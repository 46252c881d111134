//! What can go wrong between YAML text and a value, in the words of `sigs.k8s.io/yaml`.

use std::fmt;

/// The reason a YAML text could not be decoded.
///
/// [`Display`](fmt::Display) gives everything from `error converting YAML to JSON: ` or
/// `error unmarshaling JSON: ` on; helm puts what it was doing before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlError {
    stage: Stage,
    line: Option<u32>,
    reason: Box<str>,
}

/// The step at which decoding failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The text is no YAML, or holds what JSON cannot.
    Convert,
    /// The value is not of the wanted type.
    Unmarshal,
    /// The text could not be cut into documents.
    Read,
}

impl YamlError {
    /// An error of the scanner or parser; `line` as go-yaml counts.
    pub(super) fn syntax(line: Option<u32>, problem: &str) -> YamlError {
        let reason = match line {
            Some(line) => format!("yaml: line {line}: {problem}"),
            None => format!("yaml: {problem}"),
        };
        YamlError {
            stage: Stage::Convert,
            line,
            reason: reason.into(),
        }
    }

    /// An error of go-yaml's decoder: `cannot decode !!str ...`.
    pub(super) fn decode(problem: &str) -> YamlError {
        YamlError::syntax(None, problem)
    }

    /// A value that JSON cannot hold: a null key, NaN.
    pub(super) fn convert(reason: String) -> YamlError {
        YamlError {
            stage: Stage::Convert,
            line: None,
            reason: reason.into(),
        }
    }

    /// A value that is not of the wanted Go type.
    pub(super) fn unmarshal(reason: String) -> YamlError {
        YamlError {
            stage: Stage::Unmarshal,
            line: None,
            reason: reason.into(),
        }
    }

    /// A wrong document separator.
    pub(super) fn read(reason: String) -> YamlError {
        YamlError {
            stage: Stage::Read,
            line: None,
            reason: reason.into(),
        }
    }

    /// Returns the line in the text, where the error tells one.
    pub fn line(&self) -> Option<u32> {
        self.line
    }

    /// Returns the innermost text: `yaml: line 2: ...`, `json: cannot unmarshal ...`.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Reports whether the text could not be cut into documents at all, so that helm
    /// does not say it could not unmarshal one.
    pub fn is_separator(&self) -> bool {
        self.stage == Stage::Read
    }
}

impl fmt::Display for YamlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.stage {
            Stage::Convert => "error converting YAML to JSON: ",
            Stage::Unmarshal => "error unmarshaling JSON: while decoding JSON: ",
            Stage::Read => "error reading yaml document: ",
        })?;
        f.write_str(&self.reason)
    }
}

impl std::error::Error for YamlError {}
