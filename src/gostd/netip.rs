//! Tells whether a text is an IP address, and if not, why: `Go: net/netip.ParseAddr`.

use super::strconv::quote;

/// The version of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// `192.0.2.1`
    V4,
    /// `2001:db8::1`, with or without `%zone`
    V6,
}

/// Checks an address.
///
/// # Errors
///
/// Go's whole sentence: `ParseAddr("…"): reason (at "rest")`.
pub fn parse_addr(text: &[u8]) -> Result<Version, String> {
    let result = match text.iter().find(|byte| b".:%".contains(byte)) {
        Some(b'.') => check_v4(text).map(|()| Version::V4),
        Some(b':') => check_v6(text).map(|()| Version::V6),
        Some(_) => Err(Fault::new("missing IPv6 address")),
        None => Err(Fault::new("unable to parse IP")),
    };
    result.map_err(|fault| {
        let mut sentence = format!("ParseAddr({}): {}", quote(text), fault.reason);
        if !fault.at.is_empty() {
            sentence.push_str(&format!(" (at {})", quote(fault.at)));
        }
        sentence
    })
}

/// A reason and the rest of the text it was found at.
struct Fault<'a> {
    reason: &'static str,
    at: &'a [u8],
}

impl<'a> Fault<'a> {
    fn new(reason: &'static str) -> Self {
        Self { reason, at: b"" }
    }

    fn at(reason: &'static str, at: &'a [u8]) -> Self {
        Self { reason, at }
    }
}

/// Four decimal numbers up to 255, without leading zeros.
fn check_v4(text: &[u8]) -> Result<(), Fault<'_>> {
    let (mut value, mut digits, mut dots) = (0u32, 0usize, 0usize);
    for (at, &byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' => {
                if digits == 1 && value == 0 {
                    return Err(Fault::new("IPv4 field has octet with leading zero"));
                }
                value = value * 10 + u32::from(byte - b'0');
                digits += 1;
                if value > 255 {
                    return Err(Fault::new("IPv4 field has value >255"));
                }
            }
            b'.' => {
                if digits == 0 || at == text.len() - 1 {
                    return Err(Fault::at(
                        "IPv4 field must have at least one digit",
                        &text[at..],
                    ));
                }
                if dots == 3 {
                    return Err(Fault::new("IPv4 address too long"));
                }
                dots += 1;
                (value, digits) = (0, 0);
            }
            _ => return Err(Fault::at("unexpected character", &text[at..])),
        }
    }
    if dots < 3 {
        return Err(Fault::new("IPv4 address too short"));
    }
    Ok(())
}

/// Eight groups of hexadecimal digits, of which `::` may stand for some and four decimal numbers
/// for the last two, and an optional zone.
fn check_v6(text: &[u8]) -> Result<(), Fault<'_>> {
    let mut rest = text;
    if let Some(percent) = text.iter().position(|&byte| byte == b'%') {
        if percent + 1 == text.len() {
            return Err(Fault::new("zone must be a non-empty string"));
        }
        rest = &text[..percent];
    }
    let mut groups = 0;
    let mut ellipsis = false;
    if let [b':', b':', tail @ ..] = rest {
        ellipsis = true;
        rest = tail;
        if rest.is_empty() {
            return Ok(());
        }
    }
    // Groups in front of `::` and behind it; sixteen bytes in all are eight groups.
    let mut ellipsis_at = if ellipsis { 0 } else { usize::MAX };
    while groups < 8 {
        let digits = rest
            .iter()
            .take_while(|byte| byte.is_ascii_hexdigit())
            .count();
        if digits > 4 {
            return Err(Fault::at("each group must have 4 or less digits", rest));
        }
        if digits == 0 {
            let reason = "each colon-separated field must have at least one digit";
            return Err(Fault::at(reason, rest));
        }
        if rest.get(digits) == Some(&b'.') {
            if !ellipsis && groups != 6 {
                let reason = "embedded IPv4 address must replace the final 2 fields of the address";
                return Err(Fault::at(reason, rest));
            }
            if groups > 6 {
                let reason =
                    "too many hex fields to fit an embedded IPv4 at the end of the address";
                return Err(Fault::at(reason, rest));
            }
            check_v4(rest)?;
            groups += 2;
            rest = b"";
            break;
        }
        groups += 1;
        rest = &rest[digits..];
        match rest {
            [] => break,
            [b':'] => return Err(Fault::at("colon must be followed by more characters", rest)),
            [b':', tail @ ..] => rest = tail,
            _ => return Err(Fault::at("unexpected character, want colon", rest)),
        }
        if let [b':', tail @ ..] = rest {
            if ellipsis {
                return Err(Fault::at("multiple :: in address", rest));
            }
            ellipsis = true;
            ellipsis_at = groups;
            rest = tail;
            if rest.is_empty() {
                break;
            }
        }
    }
    if !rest.is_empty() {
        return Err(Fault::at("trailing garbage after address", rest));
    }
    if groups < 8 && !ellipsis {
        return Err(Fault::new("address string too short"));
    }
    if groups == 8 && ellipsis_at != usize::MAX {
        return Err(Fault::new(
            "the :: must expand to at least one field of zeros",
        ));
    }
    Ok(())
}
