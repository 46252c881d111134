//! A keyring and a signed text: two bytes tell how long the keyring is. Without a keyring, one of gpg takes its place.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verta_render::openpgp::{ClearSigned, Keyring};

const RING: &[u8] = include_bytes!("../../src/openpgp/testdata/ed25519.gpg");
const SIGNED: &[u8] = include_bytes!("../../src/openpgp/testdata/ed25519.asc");
const NOW: i64 = 4_000_000_000;

fuzz_target!(|data: &[u8]| {
    let Some((length, data)) = data.split_first_chunk::<2>() else {
        return;
    };
    let (keys, text) = data.split_at(usize::from(u16::from_be_bytes(*length)).min(data.len()));
    let genuine = ClearSigned::decode(SIGNED).expect("gpg made it");
    let signed = ClearSigned::decode(text);
    if keys.is_empty() {
        let ring = Keyring::read(RING).expect("gpg made it");
        // Only what the key signed is believed.
        if let Some(signed) = &signed
            && ring.verify(signed, NOW).is_ok()
        {
            let bare = |text: &[u8]| -> Vec<u8> {
                text.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect()
            };
            assert_eq!(bare(&signed.text), bare(&genuine.text));
        }
        return;
    }
    let Ok(ring) = Keyring::read(keys) else {
        return;
    };
    for signed in signed.iter().chain([&genuine]) {
        let _ = ring.verify(signed, NOW);
    }
    let Some(key) = ring.keys().first() else {
        return;
    };
    let _ = (key.names().count(), key.fingerprint());
    // Opening a locked key takes as long as its maker wanted: up to 65 MB of hashing.
    if !key.is_locked()
        && let Ok(unlocked) = key.unlock(b"")
        && let Ok(made) = unlocked.sign(b"text", NOW)
    {
        assert!(ClearSigned::decode(&made).is_some());
    }
});
