//! Packets: a tag, a length, a body. And what bodies are made of.
//!
//! Go: openpgp/packet `Reader`.

use std::borrow::Cow;

use super::error::PgpError;

pub(super) const SIGNATURE: u8 = 2;
pub(super) const SECRET_KEY: u8 = 5;
pub(super) const PUBLIC_KEY: u8 = 6;
pub(super) const SECRET_SUBKEY: u8 = 7;
pub(super) const USER_ID: u8 = 13;
pub(super) const PUBLIC_SUBKEY: u8 = 14;

/// One packet.
#[derive(Clone, Debug)]
pub(super) struct Packet<'a> {
    pub tag: u8,
    pub body: Cow<'a, [u8]>,
}

/// Takes the next packet off the data, `None` at its end.
pub(super) fn next<'a>(data: &mut &'a [u8]) -> Result<Option<Packet<'a>>, PgpError> {
    if data.is_empty() {
        return Ok(None);
    }
    let first = take(data, 1)?[0];
    if first & 0x80 == 0 {
        return Err(PgpError::structural("tag byte does not have MSB set"));
    }
    if first & 0x40 == 0 {
        let tag = (first & 0x3c) >> 2;
        let length = match first & 3 {
            0 => usize::from(take(data, 1)?[0]),
            1 => usize::from(u16(data)?),
            2 => length_of(u32(data)?),
            // The packet is all there is.
            _ => data.len(),
        };
        let body = Cow::Borrowed(take(data, length)?);
        return Ok(Some(Packet { tag, body }));
    }
    let tag = first & 0x3f;
    let mut pieces: Vec<&[u8]> = Vec::new();
    loop {
        let (length, is_last) = match take(data, 1)?[0] {
            one @ 0..=191 => (usize::from(one), true),
            one @ 192..=223 => {
                let two = usize::from(take(data, 1)?[0]);
                ((usize::from(one) - 192) * 256 + two + 192, true)
            }
            one @ 224..=254 => (1 << (one & 0x1f), false),
            255 => (length_of(u32(data)?), true),
        };
        pieces.push(take(data, length)?);
        if is_last {
            break;
        }
    }
    let body = match pieces.as_slice() {
        [one] => Cow::Borrowed(*one),
        _ => Cow::Owned(pieces.concat()),
    };
    Ok(Some(Packet { tag, body }))
}

/// Appends a packet.
pub(super) fn push(out: &mut Vec<u8>, tag: u8, body: &[u8]) {
    out.push(0xc0 | tag);
    match body.len() {
        length @ 0..=191 => out.push(low_byte(length)),
        length @ 192..=8383 => {
            let rest = length - 192;
            out.push(low_byte(rest >> 8) + 192);
            out.push(low_byte(rest));
        }
        length => {
            out.push(255);
            let length = u32::try_from(length).unwrap_or(u32::MAX);
            out.extend_from_slice(&length.to_be_bytes());
        }
    }
    out.extend_from_slice(body);
}

/// Returns the lowest eight bits.
pub(super) fn low_byte(number: usize) -> u8 {
    number.to_le_bytes()[0]
}

fn length_of(length: u32) -> usize {
    usize::try_from(length).unwrap_or(usize::MAX)
}

/// Takes that many bytes off the data.
pub(super) fn take<'a>(data: &mut &'a [u8], length: usize) -> Result<&'a [u8], PgpError> {
    let (taken, rest) = data
        .split_at_checked(length)
        .ok_or(PgpError::UnexpectedEnd)?;
    *data = rest;
    Ok(taken)
}

pub(super) fn u8(data: &mut &[u8]) -> Result<u8, PgpError> {
    Ok(take(data, 1)?[0])
}

pub(super) fn u16(data: &mut &[u8]) -> Result<u16, PgpError> {
    let bytes = take(data, 2)?;
    Ok(u16::from_be_bytes([bytes[0], bytes[1]]))
}

pub(super) fn u32(data: &mut &[u8]) -> Result<u32, PgpError> {
    let bytes = take(data, 4)?;
    Ok(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
}

/// Takes a large number off the data, without leading zeros.
pub(super) fn number<'a>(data: &mut &'a [u8]) -> Result<&'a [u8], PgpError> {
    let bits = usize::from(u16(data)?);
    take(data, bits.div_ceil(8))
}

/// Appends a large number.
pub(super) fn push_number(out: &mut Vec<u8>, bytes: &[u8]) {
    let zeros = bytes.iter().take_while(|b| **b == 0).count();
    let bytes = &bytes[zeros..];
    let first = bytes.first().map_or(8, |b| b.leading_zeros());
    let bits = (bytes.len() * 8).saturating_sub(first as usize);
    // No key is as long as 65,536 bits.
    out.extend_from_slice(&u16::try_from(bits).unwrap_or(u16::MAX).to_be_bytes());
    out.extend_from_slice(bytes);
}
