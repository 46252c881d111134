//! One public key, with its secret part if the keyring has it.
//!
//! Go: openpgp/packet `PublicKey`.

use sha1::{Digest, Sha1};

use super::algorithm::Material;
use super::digest::Hasher;
use super::error::PgpError;
use super::packet::{u8, u32};
use super::signature::Signature;

/// A public key of version 4.
#[derive(Clone, Debug)]
pub(super) struct PublicKey {
    pub created: u32,
    pub algorithm: u8,
    pub material: Material,
    pub fingerprint: [u8; 20],
    /// The body of its packet, which signatures of keys are made over.
    body: Vec<u8>,
    /// What follows in the packet of a secret key.
    pub secret: Option<Vec<u8>>,
}

impl PublicKey {
    /// Reads the body of a packet.
    pub fn read(body: &[u8], is_secret: bool) -> Result<PublicKey, PgpError> {
        let mut rest = body;
        let version = u8(&mut rest)?;
        if version != 4 {
            return Err(PgpError::Unsupported(format!(
                "public key version {version}"
            )));
        }
        let created = u32(&mut rest)?;
        let algorithm = u8(&mut rest)?;
        let material = Material::read(algorithm, &mut rest)?;
        let public = &body[..body.len() - rest.len()];
        let mut key = PublicKey {
            created,
            algorithm,
            material,
            fingerprint: [0; 20],
            body: public.to_vec(),
            secret: is_secret.then(|| rest.to_vec()),
        };
        let mut hasher = Sha1::new();
        key.feed(&mut |data| hasher.update(data));
        key.fingerprint = hasher.finalize().into();
        Ok(key)
    }

    /// Returns the number by which signatures name the key.
    pub fn id(&self) -> [u8; 8] {
        let mut id = [0; 8];
        id.copy_from_slice(&self.fingerprint[12..]);
        id
    }

    /// Gives the key as signatures see it.
    fn feed(&self, take: &mut dyn FnMut(&[u8])) {
        // A packet whose length does not fit is longer than any key that is read.
        let length = u16::try_from(self.body.len()).unwrap_or(u16::MAX);
        take(&[0x99]);
        take(&length.to_be_bytes());
        take(&self.body);
    }

    /// Checks a signature over some data.
    pub fn verify(&self, signature: &Signature, mut hasher: Hasher) -> Result<(), PgpError> {
        if !self.material.can_sign() {
            let text = "public key cannot generate signatures";
            return Err(PgpError::Signature(text.into()));
        }
        if signature.algorithm != self.algorithm {
            let text = "public key and signature use different algorithms";
            return Err(PgpError::Signature(text.into()));
        }
        signature.feed_trailer(&mut hasher);
        let hash = hasher.finish();
        self.material
            .verify(signature.function, &hash, &signature.numbers)
    }

    /// Checks a signature over this key and a name.
    pub fn verify_name(&self, signature: &Signature, name: &[u8]) -> Result<(), PgpError> {
        let mut hasher = Hasher::new(signature.function)?;
        self.feed(&mut |data| hasher.update(data));
        let length = u32::try_from(name.len()).unwrap_or(u32::MAX);
        hasher.update(&[0xb4]);
        hasher.update(&length.to_be_bytes());
        hasher.update(name);
        self.verify(signature, hasher)
    }

    /// Checks a signature over this key alone.
    pub fn verify_itself(&self, signature: &Signature) -> Result<(), PgpError> {
        let mut hasher = Hasher::new(signature.function)?;
        self.feed(&mut |data| hasher.update(data));
        self.verify(signature, hasher)
    }

    /// Checks a signature by `signer` that binds a subkey to this key.
    pub fn verify_subkey(
        &self,
        signature: &Signature,
        subkey: &PublicKey,
        signer: &PublicKey,
    ) -> Result<(), PgpError> {
        let mut hasher = Hasher::new(signature.function)?;
        self.feed(&mut |data| hasher.update(data));
        subkey.feed(&mut |data| hasher.update(data));
        signer.verify(signature, hasher)
    }
}
