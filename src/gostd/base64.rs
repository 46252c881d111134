//! Base64 and base32 with padding, and the place Go names where a text is neither:
//! `Go: encoding/base64, encoding/base32`.

use data_encoding::{BASE32, BASE64};

/// The place of the byte at which a text stops being what it should be. Shown without the name
/// of the encoding, which the callers add.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CorruptInput(pub usize);

/// Returns the base64 form.
pub fn encode(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// Returns the base32 form.
pub fn encode_base32(bytes: &[u8]) -> String {
    BASE32.encode(bytes)
}

/// Reads base64. Line breaks are passed over, and what the last character says beyond the last
/// byte is not looked at.
///
/// # Errors
///
/// The place of a foreign character, of missing or misplaced padding, or of text behind it.
pub fn decode(text: &[u8]) -> Result<Vec<u8>, CorruptInput> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let mut bits = 0u32;
    let mut count = 0;
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        at += 1;
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'\n' | b'\r' => continue,
            b'=' if count >= 2 => return finish(text, at, bits, count, out),
            _ => return Err(CorruptInput(at - 1)),
        };
        bits = bits << 6 | u32::from(six);
        count += 1;
        if count == 4 {
            out.extend_from_slice(bits.to_be_bytes().get(1..).unwrap_or_default());
            (bits, count) = (0, 0);
        }
    }
    if count != 0 {
        return Err(CorruptInput(text.len() - count));
    }
    Ok(out)
}

/// Reads what follows the first `=`, which stands before `at`, after `count` characters.
fn finish(
    text: &[u8],
    mut at: usize,
    bits: u32,
    count: usize,
    mut out: Vec<u8>,
) -> Result<Vec<u8>, CorruptInput> {
    let skip_breaks = |mut at: usize| {
        while matches!(text.get(at), Some(b'\n' | b'\r')) {
            at += 1;
        }
        at
    };
    if count == 2 {
        at = skip_breaks(at);
        match text.get(at) {
            None => return Err(CorruptInput(text.len())),
            Some(b'=') => at += 1,
            Some(_) => return Err(CorruptInput(at - 1)),
        }
    }
    at = skip_breaks(at);
    if at < text.len() {
        return Err(CorruptInput(at));
    }
    let bytes = (bits << (6 * (4 - count))).to_be_bytes();
    out.extend_from_slice(bytes.get(1..count).unwrap_or_default());
    Ok(out)
}

/// Reads base32. Line breaks are removed first; places count without them.
///
/// # Errors
///
/// As [`decode`], but text behind the padding is not looked at.
pub fn decode_base32(text: &[u8]) -> Result<Vec<u8>, CorruptInput> {
    let text: Vec<u8> = text
        .iter()
        .copied()
        .filter(|b| !matches!(b, b'\n' | b'\r'))
        .collect();
    let mut out = Vec::with_capacity(text.len() / 8 * 5);
    let (mut bits, mut count) = (0u64, 0);
    for (at, byte) in text.iter().enumerate() {
        let rest = text.get(at + 1..).unwrap_or_default();
        let five = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'2'..=b'7' => byte - b'2' + 26,
            b'=' if count >= 2 && rest.len() < 8 => {
                let missing = 7 - count;
                if rest.len() < missing {
                    return Err(CorruptInput(text.len()));
                }
                if let Some(k) = rest.iter().take(missing).position(|b| *b != b'=') {
                    return Err(CorruptInput(at + k));
                }
                // So many characters cannot say whole bytes.
                if matches!(count, 3 | 6) {
                    return Err(CorruptInput(at));
                }
                let bytes = (bits << (5 * (8 - count) + 24)).to_be_bytes();
                out.extend_from_slice(bytes.get(..count * 5 / 8).unwrap_or_default());
                return Ok(out);
            }
            _ => return Err(CorruptInput(at)),
        };
        bits = bits << 5 | u64::from(five);
        count += 1;
        if count == 8 {
            out.extend_from_slice(bits.to_be_bytes().get(3..).unwrap_or_default());
            (bits, count) = (0, 0);
        }
    }
    if count != 0 {
        return Err(CorruptInput(text.len() - count));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64() {
        for text in ["", "f", "fo", "foo", "foob", "fooba", "foobar"] {
            assert_eq!(decode(encode(text.as_bytes()).as_bytes()), Ok(text.into()));
        }
        assert_eq!(decode(b"Zm9v\nYg=\r=\n"), Ok(b"foob".to_vec()));
        for (text, place) in [
            ("not base64!", 3),
            ("Zg", 0),
            ("Zm9vZ", 4),
            ("Zg=", 3),
            ("Zg=a", 2),
            ("Zg==a", 4),
            ("Z===", 1),
            ("====", 0),
            ("Zm8=Zm8=", 4),
        ] {
            assert_eq!(decode(text.as_bytes()), Err(CorruptInput(place)), "{text}");
        }
    }

    #[test]
    fn base32() {
        for text in ["", "f", "fo", "foo", "foob", "fooba", "foobar"] {
            let encoded = encode_base32(text.as_bytes());
            assert_eq!(decode_base32(encoded.as_bytes()), Ok(text.into()));
        }
        for (text, place) in [
            ("a", 0),
            ("MZXW6", 0),
            ("MZXW6=", 6),
            ("MZXW6==A", 6),
            ("MZX=====", 3),
            ("MZXW6YTB1", 8),
        ] {
            let decoded = decode_base32(text.as_bytes());
            assert_eq!(decoded, Err(CorruptInput(place)), "{text}");
        }
    }
}
