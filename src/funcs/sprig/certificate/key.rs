//! Private keys: made, written as PEM, read back, signed with.
//!
//! Go: `crypto/rsa`, `dsa`, `ecdsa`, `ed25519`; the forms of `crypto/x509`.

use ed25519_dalek::Signer;
use p256::ecdsa::DerSignature;
use rsa::pkcs1v15;
use rsa::signature::SignatureEncoding;
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{BoxedUint, RsaPrivateKey};
use sha2::Sha256;

use super::der::{self, tag};
use super::pem;
use super::random::Generator;

/// A private key.
pub(super) enum PrivateKey {
    Rsa(Box<RsaPrivateKey>),
    /// On the curve P-256.
    Ecdsa(p256::SecretKey),
    Ed25519(Box<ed25519_dalek::SigningKey>),
    /// Its encoding; such a key cannot sign certificates.
    Dsa(Vec<u8>),
}

const OID_RSA: &[u8] = &[0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 1];
const OID_EC: &[u8] = &[0x06, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1];
const OID_P256: &[u8] = &[0x06, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7];
const OID_ED25519: &[u8] = &[0x06, 3, 0x2B, 0x65, 0x70];
const OID_SHA256_RSA: &[u8] = &[0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 1, 11];
const OID_SHA256_ECDSA: &[u8] = &[0x06, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 4, 3, 2];
const NULL: &[u8] = &[tag::NULL, 0];

/// What Go says of curves other than P-256 that it does not know; it knows three more.
// DIFFERS(helm): keys on the curves P-224, P-384 and P-521 are read there.
const UNKNOWN_CURVE: &str = "x509: unknown elliptic curve";

impl PrivateKey {
    /// Makes a key of the type; `None` if there is no such type.
    ///
    /// # Errors
    ///
    /// Says why no key could be made.
    pub fn generate(kind: &[u8], generator: &mut Generator) -> Result<Option<PrivateKey>, String> {
        Ok(Some(match kind {
            b"" | b"rsa" => PrivateKey::rsa(4096, generator)?,
            b"dsa" => PrivateKey::Dsa(generate_dsa(generator)?),
            b"ecdsa" => loop {
                // Hardly ever is a number outside of the curve's order.
                if let Ok(key) = p256::SecretKey::from_slice(&generator.bytes::<32>()) {
                    break PrivateKey::Ecdsa(key);
                }
            },
            b"ed25519" => PrivateKey::ed25519(generator.bytes()),
            _ => return Ok(None),
        }))
    }

    /// Makes an RSA key.
    ///
    /// # Errors
    ///
    /// Says why no key could be made.
    pub fn rsa(bits: usize, generator: &mut Generator) -> Result<PrivateKey, String> {
        let key = RsaPrivateKey::new(generator, bits).map_err(|e| e.to_string())?;
        Ok(PrivateKey::Rsa(Box::new(key)))
    }

    fn ed25519(seed: [u8; 32]) -> PrivateKey {
        PrivateKey::Ed25519(Box::new(ed25519_dalek::SigningKey::from_bytes(&seed)))
    }

    /// Returns the key as PEM.
    pub fn to_pem(&self) -> Vec<u8> {
        match self {
            PrivateKey::Rsa(key) => pem::encode("RSA PRIVATE KEY", &rsa_to_der(key)),
            PrivateKey::Ecdsa(key) => {
                let curve = der::value(tag::CONTEXT, OID_P256);
                let public = der::bit_string(&ecdsa_point(key));
                let parts = der::sequence(&[
                    &der::unsigned(&[1]),
                    &der::value(tag::OCTET_STRING, &key.to_bytes()),
                    &curve,
                    &der::value(tag::CONTEXT | 1, &public),
                ]);
                pem::encode("EC PRIVATE KEY", &parts)
            }
            PrivateKey::Ed25519(key) => {
                let seed = der::value(tag::OCTET_STRING, key.as_bytes());
                let parts = der::sequence(&[
                    &der::unsigned(&[]),
                    &der::sequence(&[OID_ED25519]),
                    &der::value(tag::OCTET_STRING, &seed),
                ]);
                pem::encode("PRIVATE KEY", &parts)
            }
            PrivateKey::Dsa(encoded) => pem::encode("DSA PRIVATE KEY", encoded),
        }
    }

    /// Reads a key from PEM.
    ///
    /// # Errors
    ///
    /// In sprig's words.
    pub fn from_pem(text: &[u8]) -> Result<PrivateKey, String> {
        let Some(block) = pem::decode(text) else {
            return Err("no PEM data in input".to_owned());
        };
        let kind = String::from_utf8_lossy(&block.kind);
        if kind == "PRIVATE KEY" {
            return from_pkcs8(&block.bytes).map_err(|e| format!("decoding PEM as PKCS#8: {e}"));
        }
        let Some(algorithm) = kind.strip_suffix(" PRIVATE KEY") else {
            return Err(format!("no private key data in PEM block of type {kind}"));
        };
        let key = match algorithm {
            "RSA" => rsa_from_der(&block.bytes),
            "EC" => ecdsa_from_der(&block.bytes, None),
            "DSA" => dsa_from_der(&block.bytes),
            _ => return Err(format!("invalid private key type {kind}")),
        };
        key.map_err(|e| format!("parsing {algorithm} private key from PEM: {e}"))
    }

    /// Returns the public key as certificates hold it, and the bits in it that say the key itself;
    /// `None` for a key that certificates cannot hold.
    pub fn public(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let (algorithm, bits) = match self {
            PrivateKey::Rsa(key) => {
                let bits = der::sequence(&[
                    &der::unsigned(&key.n_bytes()),
                    &der::unsigned(&key.e_bytes()),
                ]);
                (der::sequence(&[OID_RSA, NULL]), bits)
            }
            PrivateKey::Ecdsa(key) => (der::sequence(&[OID_EC, OID_P256]), ecdsa_point(key)),
            PrivateKey::Ed25519(key) => {
                let bits = key.verifying_key().to_bytes().to_vec();
                (der::sequence(&[OID_ED25519]), bits)
            }
            PrivateKey::Dsa(_) => return None,
        };
        let info = der::sequence(&[&algorithm, &der::bit_string(&bits)]);
        Some((info, bits))
    }

    /// Returns the name of the algorithm that [`PrivateKey::sign`] uses, as certificates say it.
    pub fn signature_algorithm(&self) -> Vec<u8> {
        match self {
            PrivateKey::Rsa(_) => der::sequence(&[OID_SHA256_RSA, NULL]),
            PrivateKey::Ecdsa(_) => der::sequence(&[OID_SHA256_ECDSA]),
            PrivateKey::Ed25519(_) | PrivateKey::Dsa(_) => der::sequence(&[OID_ED25519]),
        }
    }

    /// Signs a text.
    ///
    /// # Errors
    ///
    /// If the key cannot sign.
    pub fn sign(&self, text: &[u8]) -> Result<Vec<u8>, String> {
        match self {
            PrivateKey::Rsa(key) => {
                let key = pkcs1v15::SigningKey::<Sha256>::new(RsaPrivateKey::clone(key));
                let signature = key.try_sign(text).map_err(|e| e.to_string())?;
                Ok(signature.to_vec())
            }
            PrivateKey::Ecdsa(key) => {
                let key = p256::ecdsa::SigningKey::from(key);
                let signature: DerSignature = key.try_sign(text).map_err(|e| e.to_string())?;
                Ok(signature.as_bytes().to_vec())
            }
            PrivateKey::Ed25519(key) => Ok(key.sign(text).to_bytes().to_vec()),
            PrivateKey::Dsa(_) => {
                Err("x509: certificate private key does not implement crypto.Signer".to_owned())
            }
        }
    }
}

fn rsa_to_der(key: &RsaPrivateKey) -> Vec<u8> {
    let number =
        |n: Option<&BoxedUint>| der::unsigned(&n.map_or_else(Box::default, |n| n.to_be_bytes()));
    let prime = |i: usize| {
        der::unsigned(
            &key.primes()
                .get(i)
                .map_or_else(Box::default, |p| p.to_be_bytes()),
        )
    };
    let inverse = key.qinv().map(|form| form.retrieve());
    der::sequence(&[
        &der::unsigned(&[]),
        &der::unsigned(&key.n_bytes()),
        &der::unsigned(&key.e_bytes()),
        &number(Some(key.d())),
        &prime(0),
        &prime(1),
        &number(key.dp()),
        &number(key.dq()),
        &number(inverse.as_ref()),
    ])
}

fn rsa_from_der(text: &[u8]) -> Result<PrivateKey, String> {
    let complain = || der::complaint(text, "pkcs1PrivateKey");
    let mut rest = text;
    let mut inner = der::take_tagged(&mut rest, tag::SEQUENCE).ok_or_else(complain)?;
    let mut number = || der::take_unsigned(&mut inner).map(BoxedUint::from_be_slice_vartime);
    let _version = number().ok_or_else(complain)?;
    let parts = (number(), number(), number(), number(), number());
    let (Some(n), Some(e), Some(d), Some(p), Some(q)) = parts else {
        return Err(complain());
    };
    let key = RsaPrivateKey::from_components(n, e, d, vec![p, q]);
    match key {
        Ok(key) => Ok(PrivateKey::Rsa(Box::new(key))),
        Err(e) => Err(e.to_string()),
    }
}

/// The point of the public key, uncompressed.
fn ecdsa_point(key: &p256::SecretKey) -> Vec<u8> {
    key.public_key().to_sec1_bytes().to_vec()
}

/// Reads an EC key; `curve` is what the text around it says.
fn ecdsa_from_der(text: &[u8], curve: Option<&[u8]>) -> Result<PrivateKey, String> {
    let complain = || {
        let reason = der::complaint(text, "ecPrivateKey");
        format!("x509: failed to parse EC private key: {reason}")
    };
    let mut rest = text;
    let mut inner = der::take_tagged(&mut rest, tag::SEQUENCE).ok_or_else(complain)?;
    let version = der::take_unsigned(&mut inner).ok_or_else(complain)?;
    if version != [1] {
        let version = version.iter().fold(0u64, |n, b| n << 8 | u64::from(*b));
        return Err(format!("x509: unknown EC private key version {version}"));
    }
    let scalar = der::take_tagged(&mut inner, tag::OCTET_STRING).ok_or_else(complain)?;
    let named = der::take_tagged(&mut inner, tag::CONTEXT);
    if curve.or(named) != Some(OID_P256) {
        return Err(UNKNOWN_CURVE.to_owned());
    }
    let zeros = scalar.len().saturating_sub(32);
    let digits = scalar.get(zeros..).unwrap_or(scalar);
    let mut bytes = [0; 32];
    for (to, from) in bytes.iter_mut().rev().zip(digits.iter().rev()) {
        *to = *from;
    }
    match p256::SecretKey::from_slice(&bytes) {
        Ok(key) if scalar.iter().take(zeros).all(|b| *b == 0) => Ok(PrivateKey::Ecdsa(key)),
        _ => Err("x509: invalid elliptic curve private key value".to_owned()),
    }
}

fn from_pkcs8(text: &[u8]) -> Result<PrivateKey, String> {
    let complain = || der::complaint(text, "pkcs8");
    let mut rest = text;
    let mut inner = der::take_tagged(&mut rest, tag::SEQUENCE).ok_or_else(complain)?;
    der::take_unsigned(&mut inner).ok_or_else(complain)?;
    let mut algorithm = der::take_tagged(&mut inner, tag::SEQUENCE).ok_or_else(complain)?;
    let key = der::take_tagged(&mut inner, tag::OCTET_STRING).ok_or_else(complain)?;
    let name = der::take(&mut algorithm).ok_or_else(complain)?;
    match name.whole {
        OID_RSA => rsa_from_der(key)
            .map_err(|e| format!("x509: failed to parse RSA private key embedded in PKCS#8: {e}")),
        OID_EC => ecdsa_from_der(key, Some(algorithm))
            .map_err(|e| format!("x509: failed to parse EC private key embedded in PKCS#8: {e}")),
        OID_ED25519 => {
            let mut inner = key;
            let seed = der::take_tagged(&mut inner, tag::OCTET_STRING).ok_or_else(|| {
                format!(
                    "x509: invalid Ed25519 private key: {}",
                    der::complaint(key, "[]uint8")
                )
            })?;
            match seed.try_into() {
                Ok(seed) => Ok(PrivateKey::ed25519(seed)),
                Err(_) => Err(format!(
                    "x509: invalid Ed25519 private key length: {}",
                    seed.len()
                )),
            }
        }
        _ => Err("x509: PKCS#8 wrapping contained private key with unknown algorithm".to_owned()),
    }
}

fn dsa_from_der(text: &[u8]) -> Result<PrivateKey, String> {
    let complain = || der::complaint(text, "DSAKeyFormat");
    let mut rest = text;
    let mut inner = der::take_tagged(&mut rest, tag::SEQUENCE).ok_or_else(complain)?;
    let numbers: Vec<Vec<u8>> = std::iter::from_fn(|| der::take_unsigned(&mut inner))
        .take(6)
        .map(der::unsigned)
        .collect();
    if numbers.len() < 6 {
        return Err(complain());
    }
    Ok(PrivateKey::Dsa(der::value(
        tag::SEQUENCE,
        &numbers.concat(),
    )))
}

fn generate_dsa(generator: &mut Generator) -> Result<Vec<u8>, String> {
    let size = dsa::KeySize::DSA_2048_256;
    let components = dsa::Components::try_generate_from_rng_with_key_size(generator, size)
        .map_err(|e| e.to_string())?;
    let key = dsa::SigningKey::try_generate_from_rng_with_components(generator, components)
        .map_err(|e| e.to_string())?;
    let public = key.verifying_key();
    let components = public.components();
    Ok(der::sequence(&[
        &der::unsigned(&[]),
        &der::unsigned(&components.p().to_be_bytes()),
        &der::unsigned(&components.q().to_be_bytes()),
        &der::unsigned(&components.g().to_be_bytes()),
        &der::unsigned(&public.y().to_be_bytes()),
        &der::unsigned(&key.x().to_be_bytes()),
    ]))
}
