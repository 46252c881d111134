//! ASN.1 in DER: values written, and taken apart again.
//!
//! Go: `encoding/asn1`.

/// Tags as they stand in the first byte.
pub(super) mod tag {
    pub const BOOLEAN: u8 = 0x01;
    pub const INTEGER: u8 = 0x02;
    pub const BIT_STRING: u8 = 0x03;
    pub const OCTET_STRING: u8 = 0x04;
    pub const NULL: u8 = 0x05;
    pub const OID: u8 = 0x06;
    pub const UTF8_STRING: u8 = 0x0C;
    pub const PRINTABLE_STRING: u8 = 0x13;
    pub const UTC_TIME: u8 = 0x17;
    pub const GENERALIZED_TIME: u8 = 0x18;
    pub const SEQUENCE: u8 = 0x30;
    pub const SET: u8 = 0x31;
    /// Constructed and context-specific.
    pub const CONTEXT: u8 = 0xA0;
    /// Primitive and context-specific.
    pub const CONTEXT_PRIMITIVE: u8 = 0x80;
}

/// Returns one value: tag, length, content.
pub(super) fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() + 6);
    out.push(tag);
    let length = content.len().to_be_bytes();
    let significant = length.iter().skip_while(|b| **b == 0).count();
    if content.len() < 0x80 {
        out.push(content.len() as u8);
    } else {
        out.push(0x80 | significant as u8);
        out.extend(length.iter().skip(length.len() - significant));
    }
    out.extend_from_slice(content);
    out
}

/// Returns a sequence of values.
pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    value(tag::SEQUENCE, &parts.concat())
}

/// Returns an integer that is not negative, given in big-endian bytes.
pub(super) fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|b| **b == 0).count();
    let digits = bytes.get(zeros..).unwrap_or_default();
    match digits.first() {
        None => value(tag::INTEGER, &[0]),
        // The first bit is the sign.
        Some(0x80..) => value(tag::INTEGER, &[&[0], digits].concat()),
        Some(_) => value(tag::INTEGER, digits),
    }
}

/// Returns whole bytes as a string of bits.
pub(super) fn bit_string(bytes: &[u8]) -> Vec<u8> {
    value(tag::BIT_STRING, &[&[0], bytes].concat())
}

/// One value that was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'a> {
    pub tag: u8,
    pub content: &'a [u8],
    /// The value with its tag and length.
    pub whole: &'a [u8],
}

/// Takes the value that `rest` begins with.
pub(super) fn take<'a>(rest: &mut &'a [u8]) -> Option<Element<'a>> {
    let header = Header::read(rest)?;
    let end = header.size.checked_add(header.length)?;
    let whole = rest.get(..end)?;
    let element = Element {
        tag: *rest.first()?,
        content: whole.get(header.size..)?,
        whole,
    };
    *rest = rest.get(end..)?;
    Some(element)
}

/// Takes a value of the given tag.
pub(super) fn take_tagged<'a>(rest: &mut &'a [u8], tag: u8) -> Option<&'a [u8]> {
    let mut after = *rest;
    let element = take(&mut after).filter(|element| element.tag == tag)?;
    *rest = after;
    Some(element.content)
}

/// Takes an integer that is not negative; returns its big-endian bytes without zeros in front.
pub(super) fn take_unsigned<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let bytes = take_tagged(rest, tag::INTEGER)?;
    if *bytes.first()? & 0x80 != 0 {
        return None;
    }
    let zeros = bytes.iter().take_while(|b| **b == 0).count();
    bytes.get(zeros..)
}

struct Header {
    class: u8,
    is_compound: bool,
    number: u8,
    length: usize,
    /// How many bytes tag and length take.
    size: usize,
}

impl Header {
    fn read(text: &[u8]) -> Option<Header> {
        let (first, short) = (*text.first()?, *text.get(1)?);
        let number = first & 0x1F;
        // Tags of several bytes occur in nothing that is read here.
        if number == 0x1F {
            return None;
        }
        let (length, size) = if short < 0x80 {
            (usize::from(short), 2)
        } else {
            let count = usize::from(short & 0x7F);
            let bytes = text
                .get(2..2 + count)
                .filter(|_| (1..=4).contains(&count))?;
            let length = bytes.iter().fold(0, |n, b| n << 8 | usize::from(*b));
            (length, 2 + count)
        };
        Some(Header {
            class: first >> 6,
            is_compound: first & 0x20 != 0,
            number,
            length,
            size,
        })
    }
}

/// Says what Go says about a text that should be the sequence it calls `type_name`.
pub(super) fn complaint(text: &[u8], type_name: &str) -> String {
    if text.is_empty() {
        return "asn1: syntax error: sequence truncated".to_owned();
    }
    let Some(header) = Header::read(text) else {
        return "asn1: syntax error: truncated tag or length".to_owned();
    };
    let Header {
        class,
        is_compound,
        number,
        length,
        size,
    } = header;
    if (class, is_compound, number) != (0, true, 16) {
        return format!(
            "asn1: structure error: tags don't match (16 vs {{class:{class} tag:{number} \
             length:{length} isCompound:{is_compound}}}) {{optional:false explicit:false \
             application:false private:false defaultValue:<nil> tag:<nil> stringType:0 \
             timeType:0 set:false omitEmpty:false}} {type_name} @{size}"
        );
    }
    if size.saturating_add(length) > text.len() {
        return "asn1: syntax error: data truncated".to_owned();
    }
    "asn1: structure error: length too large".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        assert_eq!(value(4, b"ab"), [4, 2, b'a', b'b']);
        assert_eq!(value(4, &[7; 200])[..4], [4, 0x81, 200, 7]);
        assert_eq!(value(4, &[7; 300])[..5], [4, 0x82, 1, 44, 7]);
    }

    #[test]
    fn what_was_written_is_read() {
        let text = sequence(&[&unsigned(&[0, 0x80]), &unsigned(&[]), &value(4, &[1; 500])]);
        let mut rest = text.as_slice();
        let mut inner = take_tagged(&mut rest, tag::SEQUENCE).unwrap();
        assert!(rest.is_empty());
        assert_eq!(take_unsigned(&mut inner).unwrap(), [0x80]);
        assert!(take_tagged(&mut inner, tag::SEQUENCE).is_none());
        assert!(take_unsigned(&mut inner).unwrap().is_empty());
        assert_eq!(take(&mut inner).unwrap().content.len(), 500);
        assert!(take(&mut inner).is_none());
    }

    #[test]
    fn complaints() {
        assert_eq!(
            complaint(b"", "pkcs8"),
            "asn1: syntax error: sequence truncated"
        );
        assert_eq!(
            complaint(&[0x30, 5, 1], "x"),
            "asn1: syntax error: data truncated"
        );
        assert!(complaint(b"abc", "pkcs8").starts_with(
            "asn1: structure error: tags don't match (16 vs {class:1 tag:1 length:98 isCompound:true})"
        ));
    }
}
