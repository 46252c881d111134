//! Keyrings: keys with the names of their owners, as gpg exports them.
//!
//! Go: openpgp `ReadKeyRing`, `CheckDetachedSignature`.

use super::clearsign::ClearSigned;
use super::digest::Hasher;
use super::error::PgpError;
use super::key::PublicKey;
use super::packet::{self, Packet};
use super::signature::{Signature, kind};

/// The flag of a key that may sign texts.
const MAY_SIGN: u8 = 2;

/// The keys of a file.
#[derive(Clone, Debug, Default)]
pub struct Keyring {
    keys: Vec<Key>,
}

/// A key with its names and subkeys.
#[derive(Clone, Debug)]
pub struct Key {
    pub(super) primary: PublicKey,
    /// The names, as they are written, each with the newest signature by which the key says that it is its own.
    names: Vec<(Vec<u8>, Option<Signature>)>,
    subkeys: Vec<(PublicKey, Signature)>,
    is_revoked: bool,
}

impl Keyring {
    /// Reads a keyring. Keys that are of no use are left out, unless there is no other.
    ///
    /// # Errors
    ///
    /// Fails if the data is no keyring, or no key in it can be used.
    pub fn read(data: &[u8]) -> Result<Keyring, PgpError> {
        let mut keys = Vec::new();
        let mut useless = None;
        let mut rest = data;
        loop {
            match Key::read(&mut rest) {
                Ok(Some(key)) => keys.push(key),
                Ok(None) => break,
                Err(error @ (PgpError::Structural(_) | PgpError::Unsupported(_))) => {
                    useless = Some(error);
                    skip_to_key(&mut rest)?;
                }
                Err(error) => return Err(error),
            }
        }
        match useless {
            Some(error) if keys.is_empty() => Err(error),
            _ => Ok(Keyring { keys }),
        }
    }

    /// Returns the keys.
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// Returns the key that signed a text.
    ///
    /// # Errors
    ///
    /// Fails if the keyring has no such key, or the signature or the key does not hold at `now`, which is in
    /// seconds since 1970.
    pub fn verify(&self, signed: &ClearSigned, now: i64) -> Result<&Key, PgpError> {
        let mut rest = signed.signature.as_slice();
        while let Some(packet) = packet::next(&mut rest)? {
            if packet.tag != packet::SIGNATURE {
                return Err(PgpError::structural("non signature packet found"));
            }
            let signature = Signature::read(&packet.body)?;
            let Some(issuer) = signature.issuer else {
                return Err(PgpError::structural("signature doesn't have an issuer"));
            };
            let signers: Vec<(&Key, &PublicKey, &Signature)> = self
                .keys
                .iter()
                .filter_map(|key| key.signer(issuer))
                .collect();
            if signers.is_empty() {
                continue;
            }
            if !matches!(signature.kind, kind::BINARY | kind::TEXT) {
                let text = format!("signature type {}", signature.kind);
                return Err(PgpError::Unsupported(text));
            }
            let mut failure = PgpError::UnknownIssuer;
            for (key, signer, about) in signers {
                let mut hasher = Hasher::new(signature.function)?;
                hasher.update(&signed.canonical);
                match signer.verify(&signature, hasher) {
                    Ok(()) => return key.check(signer, about, &signature, now).map(|()| key),
                    Err(error) => failure = error,
                }
            }
            return Err(failure);
        }
        Err(PgpError::UnknownIssuer)
    }
}

impl Key {
    /// Returns the names of the key: `Jane Doe <jane@example.com>`.
    pub fn names(&self) -> impl Iterator<Item = &[u8]> {
        self.names.iter().map(|(name, _)| name.as_slice())
    }

    /// Returns the fingerprint of the primary key.
    pub fn fingerprint(&self) -> &[u8; 20] {
        &self.primary.fingerprint
    }

    /// Takes a key off the data with all that belongs to it, `None` at the end.
    fn read(data: &mut &[u8]) -> Result<Option<Key>, PgpError> {
        let Some(first) = packet::next(data)? else {
            return Ok(None);
        };
        if !matches!(first.tag, packet::PUBLIC_KEY | packet::SECRET_KEY) {
            let text = "first packet was not a public/private key";
            return Err(PgpError::structural(text));
        }
        let primary = PublicKey::read(&first.body, first.tag == packet::SECRET_KEY)?;
        if !primary.material.can_sign() {
            let text = "primary key cannot be used for signatures";
            return Err(PgpError::structural(text));
        }
        let mut key = Key {
            primary,
            names: Vec::new(),
            subkeys: Vec::new(),
            is_revoked: false,
        };
        // What signatures that come now are about.
        let mut about = About::Key;
        loop {
            let mut ahead = *data;
            let Some(packet) = packet::next(&mut ahead)? else {
                break;
            };
            if matches!(packet.tag, packet::PUBLIC_KEY | packet::SECRET_KEY) {
                break;
            }
            *data = ahead;
            key.take(&packet, &mut about)?;
        }
        if key.names.is_empty() {
            return Err(PgpError::structural("v4 entity without any identities"));
        }
        Ok(Some(key))
    }

    fn take(&mut self, packet: &Packet<'_>, about: &mut About) -> Result<(), PgpError> {
        match packet.tag {
            packet::USER_ID => {
                self.names.push((packet.body.to_vec(), None));
                *about = About::Name;
            }
            packet::PUBLIC_SUBKEY | packet::SECRET_SUBKEY => {
                let is_secret = packet.tag == packet::SECRET_SUBKEY;
                // A subkey that is not known here takes nothing away from the others.
                *about = match PublicKey::read(&packet.body, is_secret) {
                    Ok(subkey) => About::Subkey(Box::new(subkey)),
                    Err(_) => About::Nothing,
                };
            }
            packet::SIGNATURE => {
                let signature = match Signature::read(&packet.body) {
                    Err(PgpError::Unsupported(_)) => return Ok(()),
                    signature => signature?,
                };
                self.take_signature(signature, about)?;
            }
            // Pictures and the like, with signatures of their own.
            17 => *about = About::Nothing,
            _ => {}
        }
        Ok(())
    }

    fn take_signature(&mut self, signature: Signature, about: &About) -> Result<(), PgpError> {
        let is_own = signature.issuer == Some(self.primary.id());
        match about {
            About::Key if is_own && signature.kind == kind::KEY_REVOCATION => {
                self.is_revoked |= self.primary.verify_itself(&signature).is_ok();
            }
            About::Name if is_own => {
                let Some((name, newest)) = self.names.last_mut() else {
                    return Ok(());
                };
                self.primary
                    .verify_name(&signature, name)
                    .map_err(|error| {
                        PgpError::Structural(format!("user ID self-signature invalid: {error}"))
                    })?;
                let is_newer = newest
                    .as_ref()
                    .is_none_or(|old| signature.created > old.created);
                if signature.kind != kind::NAME_REVOCATION && is_newer {
                    *newest = Some(signature);
                }
            }
            About::Subkey(subkey) => match signature.kind {
                kind::SUBKEY_BINDING if self.binds(subkey, &signature) => {
                    self.subkeys.push((PublicKey::clone(subkey), signature));
                }
                kind::SUBKEY_REVOCATION => {
                    let primary = &self.primary;
                    if primary.verify_subkey(&signature, subkey, primary).is_ok() {
                        let fingerprint = subkey.fingerprint;
                        self.subkeys
                            .retain(|(key, _)| key.fingerprint != fingerprint);
                    }
                }
                _ => {}
            },
            _ => {}
        }
        Ok(())
    }

    /// Reports whether a signature makes a subkey one that may sign for this key: both must have agreed.
    fn binds(&self, subkey: &PublicKey, signature: &Signature) -> bool {
        let primary = &self.primary;
        let is_agreed = signature.embedded.as_ref().is_some_and(|back| {
            back.kind == kind::PRIMARY_KEY_BINDING
                && primary.verify_subkey(back, subkey, subkey).is_ok()
        });
        is_agreed && primary.verify_subkey(signature, subkey, primary).is_ok()
    }

    /// Returns the part of this key that has a number and may sign, with the signature that says so.
    fn signer(&self, id: [u8; 8]) -> Option<(&Key, &PublicKey, &Signature)> {
        let own = self.own_signature().map(|own| (&self.primary, own));
        let subkeys = self.subkeys.iter().map(|(key, about)| (key, about));
        let mut keys = own.into_iter().chain(subkeys);
        let found = keys.find(|(key, about)| {
            key.id() == id && about.flags.is_some_and(|flags| flags & MAY_SIGN != 0)
        });
        found.map(|(key, about)| (self, key, about))
    }

    /// Returns the signature in which the key speaks about itself.
    fn own_signature(&self) -> Option<&Signature> {
        let signatures = self.names.iter().filter_map(|(_, own)| own.as_ref());
        signatures.max_by_key(|own| (own.is_primary_name, own.created))
    }

    fn check(
        &self,
        signer: &PublicKey,
        about: &Signature,
        signature: &Signature,
        now: i64,
    ) -> Result<(), PgpError> {
        if self.is_revoked {
            return Err(PgpError::KeyRevoked);
        }
        let has_expired = |key: &PublicKey, about: &Signature| {
            let created = i64::from(key.created);
            let ends = about
                .key_lifetime
                .map(|seconds| created + i64::from(seconds));
            created > now || ends.is_some_and(|end| now > end)
        };
        let own_has_expired = self
            .own_signature()
            .is_some_and(|own| has_expired(&self.primary, own));
        if own_has_expired || has_expired(signer, about) {
            return Err(PgpError::KeyExpired);
        }
        if !signature.holds_at(now) {
            return Err(PgpError::SignatureExpired);
        }
        Ok(())
    }
}

/// What a signature in a keyring is about.
enum About {
    Key,
    Name,
    Subkey(Box<PublicKey>),
    Nothing,
}

/// Leaves the data at the next key, or at its end.
fn skip_to_key(data: &mut &[u8]) -> Result<(), PgpError> {
    loop {
        let mut ahead = *data;
        match packet::next(&mut ahead)? {
            Some(packet) if !matches!(packet.tag, packet::PUBLIC_KEY | packet::SECRET_KEY) => {
                *data = ahead;
            }
            _ => return Ok(()),
        }
    }
}
