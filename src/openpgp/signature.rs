//! Signatures and what they say about themselves.
//!
//! Go: openpgp/packet `Signature`.

use super::digest::Hasher;
use super::error::PgpError;
use super::packet::{take, u8, u16, u32};

/// What a signature is for.
pub(super) mod kind {
    pub const BINARY: u8 = 0x00;
    pub const TEXT: u8 = 0x01;
    pub const SUBKEY_BINDING: u8 = 0x18;
    pub const PRIMARY_KEY_BINDING: u8 = 0x19;
    pub const KEY_REVOCATION: u8 = 0x20;
    pub const SUBKEY_REVOCATION: u8 = 0x28;
    pub const NAME_REVOCATION: u8 = 0x30;
}

/// A signature of version 4.
#[derive(Clone, Debug, Default)]
pub(super) struct Signature {
    pub kind: u8,
    pub algorithm: u8,
    /// The number of the hash function.
    pub function: u8,
    /// The numbers the key made.
    pub numbers: Vec<u8>,
    pub created: Option<u32>,
    /// Seconds for which it holds.
    pub lifetime: Option<u32>,
    /// Seconds for which the key it is about holds.
    pub key_lifetime: Option<u32>,
    pub issuer: Option<[u8; 8]>,
    /// What the key it is about may do.
    pub flags: Option<u8>,
    pub is_primary_name: bool,
    /// The signature of a subkey over its primary key.
    pub embedded: Option<Box<Signature>>,
    /// What is hashed of it.
    hashed: Vec<u8>,
}

impl Signature {
    /// Reads the body of a packet.
    pub fn read(body: &[u8]) -> Result<Signature, PgpError> {
        Signature::read_at(body, false)
    }

    fn read_at(body: &[u8], is_embedded: bool) -> Result<Signature, PgpError> {
        let mut rest = body;
        let version = u8(&mut rest)?;
        if version != 4 {
            let text = format!("signature packet version {version}");
            return Err(PgpError::Unsupported(text));
        }
        let mut signature = Signature {
            kind: u8(&mut rest)?,
            algorithm: u8(&mut rest)?,
            function: u8(&mut rest)?,
            ..Signature::default()
        };
        let length = usize::from(u16(&mut rest)?);
        let hashed = take(&mut rest, length)?;
        signature.hashed = body[..6 + length].to_vec();
        signature.read_parts(hashed, true, is_embedded)?;
        let length = usize::from(u16(&mut rest)?);
        let unhashed = take(&mut rest, length)?;
        signature.read_parts(unhashed, false, is_embedded)?;
        // The beginning of the hash, by which some find out early that it is wrong.
        take(&mut rest, 2)?;
        signature.numbers = rest.to_vec();
        if signature.created.is_none() {
            return Err(PgpError::structural("no creation time in signature"));
        }
        Ok(signature)
    }

    fn read_parts(
        &mut self,
        mut data: &[u8],
        is_hashed: bool,
        is_embedded: bool,
    ) -> Result<(), PgpError> {
        let data = &mut data;
        while !data.is_empty() {
            let length = match u8(data)? {
                one @ 0..=191 => usize::from(one),
                255 => usize::try_from(u32(data)?).unwrap_or(usize::MAX),
                one => (usize::from(one) - 192) * 256 + usize::from(u8(data)?) + 192,
            };
            let mut part = take(data, length)
                .map_err(|_| PgpError::structural("signature subpacket truncated"))?;
            let part = &mut part;
            let Ok(tag) = u8(part) else {
                return Err(PgpError::structural("zero length signature subpacket"));
            };
            let is_critical = tag & 0x80 != 0;
            match (tag & 0x7f, is_hashed) {
                (2, true) => self.created = Some(u32(part)?),
                (3, true) => self.lifetime = Some(u32(part)?).filter(|s| *s > 0),
                (9, true) => self.key_lifetime = Some(u32(part)?).filter(|s| *s > 0),
                (16, _) => self.issuer = take(part, 8)?.try_into().ok(),
                (25, true) => self.is_primary_name = u8(part)? > 0,
                (27, true) => self.flags = Some(part.first().copied().unwrap_or(0)),
                // It proves itself, so that it need not be hashed.
                (32, _) if !is_embedded => {
                    let embedded = Signature::read_at(part, true)?;
                    self.embedded = Some(Box::new(embedded));
                }
                // The end of the fingerprint is the key's number.
                (33, _) if part.len() == 21 => self.issuer = part[13..].try_into().ok(),
                (2 | 3 | 9 | 11 | 20..=34 | 39, _) => {}
                (tag, true) if is_critical => {
                    let text = format!("unknown critical signature subpacket type {tag}");
                    return Err(PgpError::Unsupported(text));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Adds to a hash what the signature says about itself.
    pub fn feed_trailer(&self, hasher: &mut Hasher) {
        feed_trailer(&self.hashed, hasher);
    }

    /// Reports whether the signature holds at a time, in seconds since 1970.
    pub fn holds_at(&self, now: i64) -> bool {
        let created = i64::from(self.created.unwrap_or(0));
        let ends = self.lifetime.map(|seconds| created + i64::from(seconds));
        created <= now && ends.is_none_or(|end| now <= end)
    }
}

/// Adds the hashed part of a signature to a hash, and its length.
pub(super) fn feed_trailer(hashed: &[u8], hasher: &mut Hasher) {
    hasher.update(hashed);
    hasher.update(&[4, 0xff]);
    let length = u32::try_from(hashed.len()).unwrap_or(u32::MAX);
    hasher.update(&length.to_be_bytes());
}
