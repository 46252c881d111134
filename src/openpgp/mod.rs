//! As much of OpenPGP as signed charts need: reading keyrings, making and checking clear-signed texts.
//!
//! A keyring's bytes become a [`Keyring`]; [`Keyring::verify`] tells who signed a text that [`ClearSigned::decode`]
//! has taken apart; a [`Key`] with its secret part unlocked signs with [`UnlockedKey::sign`]. Keys and signatures are
//! of version 4, of RSA, Ed25519, ECDSA on P-256, or DSA: what gpg makes unless it is told otherwise.
//!
//! Go: ProtonMail/go-crypto openpgp, openpgp/clearsign, openpgp/armor.

mod algorithm;
mod armor;
mod clearsign;
mod digest;
mod error;
mod key;
mod keyring;
mod packet;
mod secret;
mod signature;
#[cfg(test)]
mod tests;

pub use clearsign::ClearSigned;
pub use error::PgpError;
pub use keyring::{Key, Keyring};
pub use secret::UnlockedKey;
