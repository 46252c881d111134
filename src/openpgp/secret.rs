//! Secret keys: unlocking them with a passphrase, and signing.
//!
//! Go: openpgp/packet `PrivateKey`, openpgp/s2k.

use aes::cipher::{Array, BlockCipherEncrypt, BlockSizeUser, KeyInit};
use dsa::signature::hazmat::PrehashSigner;
use ed25519_dalek::Signer;
use rsa::{BoxedUint, RsaPrivateKey};
use sha1::{Digest, Sha1};

use super::algorithm::{Material, dsa_key, fixed, rsa_scheme, sized};
use super::clearsign;
use super::digest::{Hasher, SHA512};
use super::error::PgpError;
use super::key::PublicKey;
use super::keyring::Key;
use super::packet::{self, low_byte, number, push_number, take, u8};
use super::signature::{feed_trailer, kind};

/// A key that can sign.
pub struct UnlockedKey<'a> {
    key: &'a PublicKey,
    /// The secret numbers.
    secret: Vec<u8>,
}

impl Key {
    /// Reports whether the keyring has the secret part of the key.
    pub fn has_secret(&self) -> bool {
        self.primary.secret.is_some()
    }

    /// Reports whether a passphrase is needed to use the secret part.
    pub fn is_locked(&self) -> bool {
        let secret = self.primary.secret.as_ref();
        secret.is_some_and(|secret| secret.first().is_some_and(|usage| *usage != 0))
    }

    /// Returns the key ready to sign. The passphrase is not looked at if none is needed.
    ///
    /// # Errors
    ///
    /// Fails if there is no secret part, it is locked in a way that is not known here, or the passphrase is wrong.
    pub fn unlock(&self, passphrase: &[u8]) -> Result<UnlockedKey<'_>, PgpError> {
        let Some(secret) = &self.primary.secret else {
            return Err(PgpError::structural("no secret key"));
        };
        Ok(UnlockedKey {
            key: &self.primary,
            secret: unlock(secret, passphrase)?,
        })
    }
}

fn wrong() -> PgpError {
    PgpError::structural("private key checksum failure")
}

fn unlock(mut secret: &[u8], passphrase: &[u8]) -> Result<Vec<u8>, PgpError> {
    let data = &mut secret;
    let usage = u8(data)?;
    if usage == 0 {
        return without_sum(data);
    }
    if !matches!(usage, 254 | 255) {
        let text = format!("secret key protection {usage}");
        return Err(PgpError::Unsupported(text));
    }
    let cipher = u8(data)?;
    let length = match cipher {
        7 => 16,
        8 => 24,
        9 => 32,
        _ => return Err(PgpError::Unsupported(format!("cipher {cipher}"))),
    };
    let key = stretched(data, passphrase, length)?;
    let iv = take(data, 16)?;
    let plain = match cipher {
        7 => decrypt::<aes::Aes128>(&key, iv, data),
        8 => decrypt::<aes::Aes192>(&key, iv, data),
        _ => decrypt::<aes::Aes256>(&key, iv, data),
    }
    .ok_or_else(wrong)?;
    if usage == 255 {
        return without_sum(&plain);
    }
    let split = plain.len().checked_sub(20).ok_or_else(wrong)?;
    let (numbers, sum) = plain.split_at(split);
    if Sha1::digest(numbers).as_slice() != sum {
        return Err(wrong());
    }
    Ok(numbers.to_vec())
}

/// Checks the sum at the end, and returns what comes before it.
fn without_sum(data: &[u8]) -> Result<Vec<u8>, PgpError> {
    let split = data.len().checked_sub(2).ok_or_else(wrong)?;
    let (numbers, sum) = data.split_at(split);
    let expected = numbers
        .iter()
        .fold(0u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
    if expected.to_be_bytes() != sum {
        return Err(wrong());
    }
    Ok(numbers.to_vec())
}

/// Makes a key out of a passphrase, in the way the data says.
fn stretched(data: &mut &[u8], passphrase: &[u8], length: usize) -> Result<Vec<u8>, PgpError> {
    let mode = u8(data)?;
    if !matches!(mode, 0 | 1 | 3) {
        return Err(PgpError::Unsupported(format!("S2K mode {mode}")));
    }
    let function = u8(data)?;
    let salt = if mode == 0 { &[][..] } else { take(data, 8)? };
    let count = if mode == 3 {
        let coded = u8(data)?;
        (16 + usize::from(coded & 15)) << (u32::from(coded >> 4) + 6)
    } else {
        0
    };
    let text = [salt, passphrase].concat();
    let mut key = Vec::with_capacity(length);
    for round in 0.. {
        if key.len() >= length {
            break;
        }
        let mut hasher = Hasher::new(function)?;
        hasher.update(&vec![0; round]);
        let mut left = count.max(text.len());
        while left > 0 {
            let part = &text[..left.min(text.len())];
            hasher.update(part);
            left -= part.len();
        }
        key.extend_from_slice(&hasher.finish());
    }
    key.truncate(length);
    Ok(key)
}

/// Decrypts in the mode in which each block is added to the next one.
fn decrypt<C: BlockCipherEncrypt + KeyInit + BlockSizeUser>(
    key: &[u8],
    iv: &[u8],
    data: &[u8],
) -> Option<Vec<u8>> {
    let cipher = C::new_from_slice(key).ok()?;
    let mut block = Array::<u8, C::BlockSize>::try_from(iv).ok()?;
    let mut plain = Vec::with_capacity(data.len());
    for chunk in data.chunks(iv.len()) {
        cipher.encrypt_block(&mut block);
        plain.extend(chunk.iter().zip(block.iter()).map(|(a, b)| a ^ b));
        block.iter_mut().zip(chunk).for_each(|(b, c)| *b = *c);
    }
    Some(plain)
}

impl UnlockedKey<'_> {
    /// Returns a text with a signature below it.
    ///
    /// # Errors
    ///
    /// Fails if the key is one that cannot sign, or its numbers do not belong together.
    pub fn sign(&self, text: &[u8], now: i64) -> Result<Vec<u8>, PgpError> {
        let created = u32::try_from(now).unwrap_or(u32::MAX);
        let mut about = Vec::new();
        push_part(&mut about, 2, &created.to_be_bytes());
        push_part(&mut about, 33, &[&[4][..], &self.key.fingerprint].concat());
        push_part(&mut about, 16, &self.key.id());
        let mut body = vec![4, kind::TEXT, self.key.algorithm, SHA512];
        body.extend_from_slice(&[0, low_byte(about.len())]);
        body.extend_from_slice(&about);
        let mut hasher = Hasher::new(SHA512)?;
        hasher.update(&clearsign::canonical(text));
        feed_trailer(&body, &mut hasher);
        let hash = hasher.finish();
        body.extend_from_slice(&[0, 0]);
        body.extend_from_slice(&hash[..2]);
        self.sign_hash(&hash, &mut body)?;
        let mut signature = Vec::new();
        packet::push(&mut signature, packet::SIGNATURE, &body);
        Ok(clearsign::encode(text, &signature))
    }

    /// Appends the numbers that only this key can make of a hash.
    fn sign_hash(&self, hash: &[u8], out: &mut Vec<u8>) -> Result<(), PgpError> {
        let failure = || PgpError::structural("private key does not belong to the public key");
        let mut secret = self.secret.as_slice();
        let secret = &mut secret;
        match &self.key.material {
            Material::Rsa { n, e } => {
                let parts = [number(secret)?, number(secret)?, number(secret)?];
                let [d, p, q] = parts.map(BoxedUint::from_be_slice_vartime);
                let [n, e] = [n, e].map(|bytes| BoxedUint::from_be_slice_vartime(bytes));
                let key = RsaPrivateKey::from_components(n, e, d, vec![p, q]);
                let key = key.map_err(|_| failure())?;
                let signature = key.sign(rsa_scheme(SHA512)?, hash).map_err(|_| failure())?;
                push_number(out, &signature);
            }
            Material::Dsa { p, q, g, y } => {
                let x = sized(number(secret)?, q.len()).ok_or_else(failure)?;
                let key = dsa_key([p, q, g, y]).ok_or_else(failure)?;
                let key = dsa::SigningKey::from_components(key, x).map_err(|_| failure())?;
                let hash = hash.get(..q.len()).unwrap_or(hash);
                let signature: dsa::Signature = key.sign_prehash(hash).map_err(|_| failure())?;
                push_number(out, &signature.r().to_be_bytes());
                push_number(out, &signature.s().to_be_bytes());
            }
            Material::P256(_) => {
                let scalar = fixed(number(secret)?).ok_or_else(failure)?;
                let key = p256::ecdsa::SigningKey::from_slice(&scalar).map_err(|_| failure())?;
                let signature: p256::ecdsa::Signature =
                    key.sign_prehash(hash).map_err(|_| failure())?;
                let bytes = signature.to_bytes();
                let (r, s) = bytes.split_at(32);
                push_number(out, r);
                push_number(out, s);
            }
            Material::Ed25519 { is_old, .. } => {
                let seed = if *is_old {
                    fixed(number(secret)?)
                } else {
                    fixed(take(secret, 32)?)
                };
                let key = ed25519_dalek::SigningKey::from_bytes(&seed.ok_or_else(failure)?);
                let bytes = key.sign(hash).to_bytes();
                if *is_old {
                    let (r, s) = bytes.split_at(32);
                    push_number(out, r);
                    push_number(out, s);
                } else {
                    out.extend_from_slice(&bytes);
                }
            }
            Material::Other { .. } => {
                return Err(PgpError::unsupported("public key algorithm"));
            }
        }
        Ok(())
    }
}

fn push_part(out: &mut Vec<u8>, tag: u8, data: &[u8]) {
    out.push(low_byte(data.len() + 1));
    out.push(tag);
    out.extend_from_slice(data);
}
