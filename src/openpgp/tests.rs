//! Keys made by gpg, texts signed by it and by us, and both damaged in every place.
//!
//! Each key in `testdata/NAME.gpg` has signed the same text in `NAME.asc`; the passphrase of `locked` is `secret`.

use super::{ClearSigned, Keyring, PgpError};

/// A moment when all keys are there and none has expired.
const NOW: i64 = 4_000_000_000;

const TEXT: &[u8] =
    b"name: web\n- a line with a dash\ntrailing\n\n...\nfiles:\n  web-1.0.0.tgz: sha256:00\n";

struct Sample {
    name: &'static str,
    ring: &'static [u8],
    signed: &'static [u8],
}

macro_rules! samples {
    ($($name:literal),*) => {
        [$(Sample {
            name: $name,
            ring: include_bytes!(concat!("testdata/", $name, ".gpg")),
            signed: include_bytes!(concat!("testdata/", $name, ".asc")),
        }),*]
    };
}

const SAMPLES: [Sample; 5] = samples!["ed25519", "rsa", "p256", "dsa", "locked"];

fn ring(sample: &Sample) -> Keyring {
    Keyring::read(sample.ring).unwrap_or_else(|error| panic!("{}: {error}", sample.name))
}

fn decode(data: &[u8]) -> ClearSigned {
    ClearSigned::decode(data).expect("it is a signed text")
}

#[test]
fn texts_that_gpg_signed_are_verified() {
    for sample in &SAMPLES {
        let ring = ring(sample);
        let signed = decode(sample.signed);
        assert_eq!(signed.text, TEXT, "{}", sample.name);
        let key = ring.verify(&signed, NOW);
        let key = key.unwrap_or_else(|error| panic!("{}: {error}", sample.name));
        let names: Vec<_> = key.names().map(String::from_utf8_lossy).collect();
        let wanted = format!("{0} <{0}@example.com>", sample.name);
        assert_eq!(names, [wanted.as_str()]);
        assert!(key.has_secret());
        assert_eq!(key.is_locked(), sample.name == "locked");
    }
}

#[test]
fn the_right_key_is_found_among_many() {
    let all: Vec<u8> = SAMPLES.iter().flat_map(|s| s.ring).copied().collect();
    let all = Keyring::read(&all).expect("keyrings can be joined");
    assert_eq!(all.keys().len(), SAMPLES.len());
    for sample in &SAMPLES {
        let key = all
            .verify(&decode(sample.signed), NOW)
            .expect("it is there");
        assert_eq!(key.fingerprint(), ring(sample).keys()[0].fingerprint());
    }
}

#[test]
fn another_key_has_not_signed() {
    for (one, other) in SAMPLES.iter().zip(SAMPLES.iter().skip(1)) {
        let found = ring(one).verify(&decode(other.signed), NOW).err();
        assert_eq!(found, Some(PgpError::UnknownIssuer), "{}", one.name);
    }
    let none = Keyring::default();
    let found = none.verify(&decode(SAMPLES[0].signed), NOW).err();
    assert_eq!(found, Some(PgpError::UnknownIssuer));
}

#[test]
fn a_signature_does_not_hold_before_it_was_made() {
    for sample in &SAMPLES {
        assert!(ring(sample).verify(&decode(sample.signed), 0).is_err());
    }
}

#[test]
fn a_changed_text_is_another_text() {
    for sample in &SAMPLES {
        let ring = ring(sample);
        for (from, to) in [
            ("web-1.0.0", "web-1.0.1"),
            ("name: ", "name:  "),
            ("\n\n...", "\n..."),
        ] {
            let text = String::from_utf8_lossy(sample.signed);
            // The first empty line ends the head.
            let (head, body) = text.split_once("\n\n").expect("there is a head");
            let changed = format!("{head}\n\n{}", body.replacen(from, to, 1));
            assert_ne!(changed, text);
            let found = ring.verify(&decode(changed.as_bytes()), NOW);
            assert!(
                matches!(found, Err(PgpError::Signature(_))),
                "{} {from}",
                sample.name
            );
        }
        // White space at the ends of lines is not signed.
        let spaced =
            String::from_utf8_lossy(sample.signed).replace("name: web\n", "name: web \t\r\n");
        assert!(ring.verify(&decode(spaced.as_bytes()), NOW).is_ok());
    }
}

#[test]
fn what_is_signed_here_is_verified_here() {
    for sample in &SAMPLES {
        let ring = ring(sample);
        let key = &ring.keys()[0];
        let unlocked = key.unlock(b"secret").expect("it is the passphrase");
        for text in [
            TEXT,
            b"",
            b"-",
            b"\n\n",
            b"- x\n-----BEGIN PGP SIGNATURE-----\n",
            b"\xff \r\n",
        ] {
            let signed = unlocked.sign(text, NOW).expect("the key is there");
            let decoded = decode(&signed);
            let found = ring.verify(&decoded, NOW);
            assert!(found.is_ok(), "{} {:?}: {found:?}", sample.name, text);
        }
    }
}

#[test]
fn a_wrong_passphrase_opens_nothing() {
    let ring = ring(&SAMPLES[4]);
    for wrong in [&b""[..], b"Secret", b"secret ", &[b'x'; 5000]] {
        assert!(ring.keys()[0].unlock(wrong).is_err());
    }
}

#[test]
fn every_part_of_a_keyring_is_refused_or_read() {
    for sample in &SAMPLES {
        let signed = decode(sample.signed);
        let step = if sample.name == "ed25519" { 1 } else { 37 };
        for length in (0..sample.ring.len()).step_by(step) {
            if let Ok(ring) = Keyring::read(&sample.ring[..length]) {
                use_all(&ring, &signed);
            }
        }
    }
}

#[test]
fn keyrings_with_any_byte_changed_are_refused_or_read() {
    for sample in &SAMPLES {
        let signed = decode(sample.signed);
        // Reading checks what a key says of itself, which takes its time for the larger ones.
        let step = if sample.name == "ed25519" { 1 } else { 41 };
        for place in (0..sample.ring.len()).step_by(step) {
            let mut damaged = sample.ring.to_vec();
            damaged[place] ^= 1 << (place % 8);
            if let Ok(ring) = Keyring::read(&damaged) {
                use_all(&ring, &signed);
            }
        }
    }
}

/// What is left of a signed text, or made of it, never says anything else with the signature intact.
#[test]
fn damaged_texts_are_refused_or_say_the_same() {
    for sample in &SAMPLES {
        let ring = ring(sample);
        let original = decode(sample.signed);
        let mut damaged: Vec<Vec<u8>> = (0..sample.signed.len())
            .map(|length| sample.signed[..length].to_vec())
            .collect();
        let step = if sample.name == "ed25519" { 1 } else { 23 };
        for place in (0..sample.signed.len()).step_by(step) {
            let mut text = sample.signed.to_vec();
            text[place] ^= 1 << (place % 8);
            damaged.push(text);
        }
        for data in damaged {
            if let Some(signed) = ClearSigned::decode(&data)
                && ring.verify(&signed, NOW).is_ok()
            {
                assert_eq!(signed.canonical, original.canonical, "{}", sample.name);
            }
        }
    }
}

/// Lengths that promise more than there is, and packets within packets.
#[test]
fn lengths_that_lie_cost_nothing() {
    for data in [
        &b"\x99\xff\xff\x04"[..],
        b"\xc6\xff\xff\xff\xff\xff\x04",
        b"\xc6\xfe\x04",
        b"\x9a\xff\xff\xff\xff",
        b"\x9b",
        b"\xc6\xe0\x04\xe0\x04\xe0\x04",
        b"\xc2\x05\x04\x10\x01\x08\xff",
        &[0xe0; 4096],
        &[0xc6; 4096],
    ] {
        assert!(Keyring::read(data).is_err(), "{data:?}");
    }
    assert!(Keyring::read(b"").is_ok_and(|ring| ring.keys().is_empty()));
}

fn use_all(ring: &Keyring, signed: &ClearSigned) {
    for key in ring.keys() {
        let _ = (key.names().count(), key.has_secret(), key.is_locked());
        if let Ok(unlocked) = key.unlock(b"") {
            let _ = unlocked.sign(b"text", NOW);
        }
    }
    let _ = ring.verify(signed, NOW);
}
