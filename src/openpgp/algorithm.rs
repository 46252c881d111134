//! Public keys and what can be checked with them.

use dsa::signature::hazmat::PrehashVerifier;
use ed25519_dalek::Verifier;
use rsa::{BoxedUint, Pkcs1v15Sign, RsaPublicKey};
use sha1::Sha1;
use sha2::{Sha224, Sha256, Sha384, Sha512};

use super::error::PgpError;
use super::packet::{number, take, u8};

/// The largest RSA modulus and DSA prime, in bits.
const MAX_BITS: usize = 16_384;

/// The curves, as keys name them.
const ED25519: &[u8] = &[0x2b, 6, 1, 4, 1, 0xda, 0x47, 15, 1];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];

/// The numbers of a public key.
#[derive(Clone, Debug)]
pub(super) enum Material {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    Dsa {
        p: Vec<u8>,
        q: Vec<u8>,
        g: Vec<u8>,
        y: Vec<u8>,
    },
    P256(Vec<u8>),
    /// Of the older form, in which signatures are two numbers, or the newer one.
    Ed25519 {
        point: [u8; 32],
        is_old: bool,
    },
    /// A key that encrypts, or one of a curve that is not known here.
    Other {
        can_sign: bool,
    },
}

impl Material {
    /// Takes the numbers of a key off the data.
    pub fn read(algorithm: u8, data: &mut &[u8]) -> Result<Material, PgpError> {
        Ok(match algorithm {
            1..=3 => {
                let (n, e) = (number(data)?.to_vec(), number(data)?.to_vec());
                if algorithm == 2 {
                    return Ok(Material::Other { can_sign: false });
                }
                Material::Rsa { n, e }
            }
            16 => {
                for _ in 0..3 {
                    number(data)?;
                }
                Material::Other { can_sign: false }
            }
            17 => Material::Dsa {
                p: number(data)?.to_vec(),
                q: number(data)?.to_vec(),
                g: number(data)?.to_vec(),
                y: number(data)?.to_vec(),
            },
            18 => {
                curve(data)?;
                number(data)?;
                let length = usize::from(u8(data)?);
                take(data, length)?;
                Material::Other { can_sign: false }
            }
            19 => {
                let is_known = curve(data)? == P256;
                let point = number(data)?.to_vec();
                if is_known {
                    Material::P256(point)
                } else {
                    Material::Other { can_sign: true }
                }
            }
            22 => {
                let is_known = curve(data)? == ED25519;
                let point = number(data)?;
                match point.strip_prefix(&[0x40]).map(<[u8; 32]>::try_from) {
                    Some(Ok(point)) if is_known => Material::Ed25519 {
                        point,
                        is_old: true,
                    },
                    _ => Material::Other { can_sign: true },
                }
            }
            25 => {
                take(data, 32)?;
                Material::Other { can_sign: false }
            }
            26 => {
                take(data, 56)?;
                Material::Other { can_sign: false }
            }
            27 => {
                let bytes = take(data, 32)?;
                let point = <[u8; 32]>::try_from(bytes).map_err(|_| PgpError::UnexpectedEnd)?;
                Material::Ed25519 {
                    point,
                    is_old: false,
                }
            }
            28 => {
                take(data, 57)?;
                Material::Other { can_sign: true }
            }
            _ => {
                let text = format!("public key type: {algorithm}");
                return Err(PgpError::Unsupported(text));
            }
        })
    }

    pub fn can_sign(&self) -> bool {
        !matches!(self, Material::Other { can_sign: false })
    }

    /// Checks a signature of a hash; `function` is the number of the hash function.
    pub fn verify(&self, function: u8, hash: &[u8], mut numbers: &[u8]) -> Result<(), PgpError> {
        let data = &mut numbers;
        let failure = |name: &str| PgpError::Signature(format!("{name} verification failure"));
        match self {
            Material::Rsa { n, e } => {
                let signature = number(data)?;
                let failure = || failure("RSA");
                let key = rsa_key(n, e).ok_or_else(failure)?;
                // Leading zeros are not written, but belong to it.
                let mut padded = vec![0; n.len().saturating_sub(signature.len())];
                padded.extend_from_slice(signature);
                key.verify(rsa_scheme(function)?, hash, &padded)
                    .map_err(|_| failure())
            }
            Material::Dsa { p, q, g, y } => {
                let (r, s) = (number(data)?, number(data)?);
                let failure = || failure("DSA");
                let key = dsa_key([p, q, g, y]).ok_or_else(failure)?;
                let signature = dsa::Signature::from_components(
                    sized(r, q.len()).ok_or_else(failure)?,
                    sized(s, q.len()).ok_or_else(failure)?,
                );
                let signature = signature.ok_or_else(failure)?;
                key.verify_prehash(hash, &signature).map_err(|_| failure())
            }
            Material::P256(point) => {
                let (r, s) = (number(data)?, number(data)?);
                let failure = || failure("ECDSA");
                let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point);
                let key = key.map_err(|_| failure())?;
                let parts = [fixed(r), fixed(s)];
                let [Some(r), Some(s)] = parts else {
                    return Err(failure());
                };
                let signature = p256::ecdsa::Signature::from_scalars(r, s);
                let signature = signature.map_err(|_| failure())?;
                key.verify_prehash(hash, &signature).map_err(|_| failure())
            }
            Material::Ed25519 { point, is_old } => {
                let failure = || failure(if *is_old { "EdDSA" } else { "Ed25519" });
                let parts = if *is_old {
                    [fixed(number(data)?), fixed(number(data)?)]
                } else {
                    [fixed(take(data, 32)?), fixed(take(data, 32)?)]
                };
                let [Some(r), Some(s)] = parts else {
                    return Err(failure());
                };
                let key = ed25519_dalek::VerifyingKey::from_bytes(point);
                let key = key.map_err(|_| failure())?;
                let signature = ed25519_dalek::Signature::from_components(r, s);
                key.verify(hash, &signature).map_err(|_| failure())
            }
            Material::Other { .. } => Err(PgpError::unsupported("public key algorithm")),
        }
    }
}

fn curve<'a>(data: &mut &'a [u8]) -> Result<&'a [u8], PgpError> {
    let length = usize::from(u8(data)?);
    take(data, length)
}

pub(super) fn rsa_key(n: &[u8], e: &[u8]) -> Option<RsaPublicKey> {
    if n.len() * 8 > MAX_BITS {
        return None;
    }
    let number = BoxedUint::from_be_slice_vartime;
    RsaPublicKey::new_with_size_limits(number(n), number(e), 1024..=MAX_BITS).ok()
}

pub(super) fn dsa_key([p, q, g, y]: [&[u8]; 4]) -> Option<dsa::VerifyingKey> {
    let is_odd = |bytes: &[u8]| bytes.last().is_some_and(|b| b & 1 == 1);
    // Primes are odd; the arithmetic counts on it.
    if p.len() * 8 > MAX_BITS || q.len() > 64 || !is_odd(p) || !is_odd(q) || q.len() > p.len() {
        return None;
    }
    let components = dsa::Components::from_components(
        sized(p, p.len())?,
        sized(q, q.len())?,
        sized(g, p.len())?,
    );
    dsa::VerifyingKey::from_components(components.ok()?, sized(y, p.len())?).ok()
}

/// Returns a number with room for that many bytes.
pub(super) fn sized(bytes: &[u8], length: usize) -> Option<BoxedUint> {
    let bits = u32::try_from(length * 8).ok()?;
    BoxedUint::from_be_slice(bytes, bits).ok()
}

/// Returns a number of at most 32 bytes with its leading zeros.
pub(super) fn fixed(bytes: &[u8]) -> Option<[u8; 32]> {
    let mut padded = [0; 32];
    let start = 32_usize.checked_sub(bytes.len())?;
    padded[start..].copy_from_slice(bytes);
    Some(padded)
}

pub(super) fn rsa_scheme(function: u8) -> Result<Pkcs1v15Sign, PgpError> {
    Ok(match function {
        2 => Pkcs1v15Sign::new::<Sha1>(),
        8 => Pkcs1v15Sign::new::<Sha256>(),
        9 => Pkcs1v15Sign::new::<Sha384>(),
        10 => Pkcs1v15Sign::new::<Sha512>(),
        11 => Pkcs1v15Sign::new::<Sha224>(),
        _ => {
            let text = format!("hash function {function}");
            return Err(PgpError::Unsupported(text));
        }
    })
}
