//! The hash functions that signatures and passphrases use, by their numbers.

use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use super::error::PgpError;

/// A hash function at work.
#[derive(Clone)]
pub(super) enum Hasher {
    Sha1(Sha1),
    Sha224(Sha224),
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
}

/// The function that signatures are made with here.
pub(super) const SHA512: u8 = 10;

impl Hasher {
    /// Returns the function of a number.
    pub fn new(number: u8) -> Result<Hasher, PgpError> {
        Ok(match number {
            2 => Hasher::Sha1(Sha1::new()),
            8 => Hasher::Sha256(Sha256::new()),
            9 => Hasher::Sha384(Sha384::new()),
            10 => Hasher::Sha512(Sha512::new()),
            11 => Hasher::Sha224(Sha224::new()),
            _ => {
                let text = format!("hash function {number}");
                return Err(PgpError::Unsupported(text));
            }
        })
    }

    pub fn update(&mut self, data: &[u8]) {
        match self {
            Hasher::Sha1(hasher) => hasher.update(data),
            Hasher::Sha224(hasher) => hasher.update(data),
            Hasher::Sha256(hasher) => hasher.update(data),
            Hasher::Sha384(hasher) => hasher.update(data),
            Hasher::Sha512(hasher) => hasher.update(data),
        }
    }

    pub fn finish(self) -> Vec<u8> {
        match self {
            Hasher::Sha1(hasher) => hasher.finalize().to_vec(),
            Hasher::Sha224(hasher) => hasher.finalize().to_vec(),
            Hasher::Sha256(hasher) => hasher.finalize().to_vec(),
            Hasher::Sha384(hasher) => hasher.finalize().to_vec(),
            Hasher::Sha512(hasher) => hasher.finalize().to_vec(),
        }
    }
}
