//! What can be wrong with keys and signatures, in the words of Go's library.

use std::fmt;

/// Why a key cannot be used, or a signature does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PgpError {
    /// The data is not what it should be.
    Structural(String),
    /// The data may be right, but is of a kind that is not known here.
    Unsupported(String),
    /// The signature does not belong to the text.
    Signature(String),
    /// The keyring has no key that could have signed.
    UnknownIssuer,
    /// The signature holds no longer.
    SignatureExpired,
    /// The key is too old, or not yet valid.
    KeyExpired,
    /// The key was withdrawn by its owner.
    KeyRevoked,
    /// The data ends too early.
    UnexpectedEnd,
}

impl PgpError {
    pub(super) fn structural(text: impl Into<String>) -> PgpError {
        PgpError::Structural(text.into())
    }

    pub(super) fn unsupported(text: impl Into<String>) -> PgpError {
        PgpError::Unsupported(text.into())
    }
}

impl fmt::Display for PgpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PgpError::Structural(text) => write!(f, "openpgp: invalid data: {text}"),
            PgpError::Unsupported(text) => write!(f, "openpgp: unsupported feature: {text}"),
            PgpError::Signature(text) => write!(f, "openpgp: invalid signature: {text}"),
            PgpError::UnknownIssuer => f.write_str("openpgp: signature made by unknown entity"),
            PgpError::SignatureExpired => f.write_str("openpgp: signature expired"),
            PgpError::KeyExpired => f.write_str("openpgp: key expired"),
            PgpError::KeyRevoked => f.write_str("openpgp: signature made by revoked key"),
            PgpError::UnexpectedEnd => f.write_str("unexpected EOF"),
        }
    }
}

impl std::error::Error for PgpError {}
