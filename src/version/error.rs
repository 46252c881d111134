//! Why a text is no version or no constraint.

use std::fmt;

use crate::gostd::strconv::quote;

/// The reason, which prints as the sentence helm shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// `""`, where a strict version is wanted
    Empty,
    /// `"1.x"`: no version at all
    Invalid,
    /// `"1.a.3"`, where a strict version is wanted
    InvalidCharacters,
    /// `"1.2.3-01"`
    LeadingZero,
    /// `"1.2.3-a..b"`, where a strict version is wanted
    InvalidPrerelease,
    /// `"1.2.3+a..b"`, where a strict version is wanted
    InvalidMetadata,
    /// `"99999999999999999999.0.0"`; holds the whole sentence
    Number(String),
    /// More than 256 bytes
    VersionTooLong,
    /// The next version of the largest number; says which
    Overflow(&'static str),
    /// `">> 1"`; holds the part between `||` that is wrong
    ImproperConstraint(Vec<u8>),
    /// `"1x"`: a constraint in form, but its version is none
    ConstraintVersion,
    /// More than 512 bytes
    ConstraintTooLong,
    /// More than 32 parts between `||`
    TooManyGroups,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "version string empty",
            Self::Invalid => "invalid semantic version",
            Self::InvalidCharacters => "invalid characters in version",
            Self::LeadingZero => "version segment starts with 0",
            Self::InvalidPrerelease => "invalid prerelease string",
            Self::InvalidMetadata => "invalid metadata string",
            Self::Number(sentence) => sentence,
            Self::VersionTooLong => "version string is too long (max 256 bytes)",
            Self::Overflow(part) => {
                return write!(f, "{part} version increment would overflow uint64");
            }
            Self::ImproperConstraint(part) => {
                return write!(f, "improper constraint: {}", quote(part));
            }
            Self::ConstraintVersion => "constraint parser error",
            Self::ConstraintTooLong => "constraint string is too long (max 512 bytes)",
            Self::TooManyGroups => "too many constraint groups (max 32)",
        })
    }
}

impl std::error::Error for Error {}
