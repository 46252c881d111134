//! Certificates: written and signed, and what is needed of one that was read.
//!
//! Go: `crypto/x509`.

use std::net::IpAddr;

use sha2::{Digest, Sha256};

use super::der::{self, tag};
use super::key::PrivateKey;
use super::random::Generator;
use crate::gostd::strconv::quote;
use crate::gostd::time::{Duration, Location, Time};

/// What a certificate is to say.
pub(super) struct Request {
    /// The name of its owner.
    pub common_name: Vec<u8>,
    pub addresses: Vec<IpAddr>,
    pub dns_names: Vec<Vec<u8>>,
    pub not_before: Time,
    pub days: i64,
    /// Whether it may sign others.
    pub is_authority: bool,
}

/// Who signs.
pub(super) struct Issuer<'a> {
    pub key: &'a PrivateKey,
    /// The issuer's own certificate; `None` if the certificate is signed by its owner.
    pub certificate: Option<&'a Certificate>,
}

/// The parts of a certificate that matter to what it signs.
pub(super) struct Certificate {
    subject: Vec<u8>,
    public_key: Vec<u8>,
    subject_key_id: Vec<u8>,
}

const COMMON_NAME: &[u8] = &[tag::OID, 3, 0x55, 4, 3];
const KEY_USAGE: &[u8] = &[tag::OID, 3, 0x55, 0x1D, 15];
const EXTENDED_KEY_USAGE: &[u8] = &[tag::OID, 3, 0x55, 0x1D, 37];
const BASIC_CONSTRAINTS: &[u8] = &[tag::OID, 3, 0x55, 0x1D, 19];
const SUBJECT_KEY_ID: &[u8] = &[tag::OID, 3, 0x55, 0x1D, 14];
const AUTHORITY_KEY_ID: &[u8] = &[tag::OID, 3, 0x55, 0x1D, 35];
const SUBJECT_NAMES: &[u8] = &[tag::OID, 3, 0x55, 0x1D, 17];
const SERVER_AUTH: &[u8] = &[tag::OID, 8, 0x2B, 6, 1, 5, 5, 7, 3, 1];
const CLIENT_AUTH: &[u8] = &[tag::OID, 8, 0x2B, 6, 1, 5, 5, 7, 3, 2];
const TRUE: &[u8] = &[tag::BOOLEAN, 1, 0xFF];

impl Certificate {
    /// Takes a certificate apart.
    pub fn parse(text: &[u8]) -> Option<Certificate> {
        let mut rest = text;
        let mut certificate = der::take_tagged(&mut rest, tag::SEQUENCE)?;
        if !rest.is_empty() {
            return None;
        }
        let mut body = der::take_tagged(&mut certificate, tag::SEQUENCE)?;
        let _version = der::take_tagged(&mut body, tag::CONTEXT);
        let _serial = der::take_tagged(&mut body, tag::INTEGER)?;
        let _algorithm = der::take_tagged(&mut body, tag::SEQUENCE)?;
        let _issuer = der::take_tagged(&mut body, tag::SEQUENCE)?;
        let _validity = der::take_tagged(&mut body, tag::SEQUENCE)?;
        let subject = der::take(&mut body).filter(|e| e.tag == tag::SEQUENCE)?;
        let public_key = der::take(&mut body).filter(|e| e.tag == tag::SEQUENCE)?;
        let mut subject_key_id = Vec::new();
        while let Some(element) = der::take(&mut body) {
            if element.tag == tag::CONTEXT | 3 {
                let mut list = element.content;
                let mut extensions = der::take_tagged(&mut list, tag::SEQUENCE)?;
                while let Some(mut extension) = der::take_tagged(&mut extensions, tag::SEQUENCE) {
                    let name = der::take(&mut extension)?;
                    let _critical = der::take_tagged(&mut extension, tag::BOOLEAN);
                    let mut content = der::take_tagged(&mut extension, tag::OCTET_STRING)?;
                    if name.whole == SUBJECT_KEY_ID {
                        subject_key_id =
                            der::take_tagged(&mut content, tag::OCTET_STRING)?.to_vec();
                    }
                }
            }
        }
        Some(Certificate {
            subject: subject.whole.to_vec(),
            public_key: public_key.whole.to_vec(),
            subject_key_id,
        })
    }
}

/// Makes and signs a certificate for the owner of `key`; returns its DER form.
///
/// # Errors
///
/// In Go's words, if a name cannot be written or the keys do not fit.
pub(super) fn create(
    request: &Request,
    key: &PrivateKey,
    issuer: &Issuer<'_>,
    generator: &mut Generator,
) -> Result<Vec<u8>, String> {
    const NO_SIGNER: &str = "x509: certificate private key does not implement crypto.Signer";
    let (signer_info, _) = issuer.key.public().ok_or(NO_SIGNER)?;
    let Some((key_info, key_bits)) = key.public() else {
        return Err("x509: unsupported public key type: *dsa.PublicKey".to_owned());
    };
    let subject = name(&request.common_name)?;
    let mut authority_key_id: &[u8] = &[];
    let mut issuer_name = subject.as_slice();
    if let Some(parent) = issuer.certificate {
        if parent.public_key != signer_info {
            return Err("x509: provided PrivateKey doesn't match parent's PublicKey".to_owned());
        }
        issuer_name = &parent.subject;
        if issuer_name != subject {
            authority_key_id = &parent.subject_key_id;
        }
    }
    let key_id = request.is_authority.then(|| Sha256::digest(&key_bits));
    let key_id = key_id.as_ref().and_then(|hash| hash.get(..20));
    let extensions = extensions(request, key_id, authority_key_id, &subject)?;

    let lifetime = Duration(request.days.wrapping_mul(24 * 3_600_000_000_000));
    let algorithm = issuer.key.signature_algorithm();
    let body = der::sequence(&[
        &der::value(tag::CONTEXT, &der::unsigned(&[2])),
        &der::unsigned(&generator.bytes::<16>()),
        &algorithm,
        issuer_name,
        &der::sequence(&[
            &moment(&request.not_before),
            &moment(&request.not_before.add(lifetime)),
        ]),
        &subject,
        &key_info,
        &der::value(tag::CONTEXT | 3, &der::sequence(&[&extensions])),
    ]);
    let signature = issuer.key.sign(&body)?;
    Ok(der::sequence(&[
        &body,
        &algorithm,
        &der::bit_string(&signature),
    ]))
}

/// A distinguished name of a common name alone.
fn name(common_name: &[u8]) -> Result<Vec<u8>, String> {
    if common_name.is_empty() {
        return Ok(der::sequence(&[]));
    }
    if std::str::from_utf8(common_name).is_err() {
        return Err("asn1: structure error: invalid UTF-8 string".to_owned());
    }
    let printable = |b: &u8| {
        b.is_ascii_alphanumeric()
            || matches!(b, b'\''..=b')' | b'+'..=b'/' | b' ' | b':' | b'=' | b'?')
    };
    let kind = if common_name.iter().all(printable) {
        tag::PRINTABLE_STRING
    } else {
        tag::UTF8_STRING
    };
    let attribute = der::sequence(&[COMMON_NAME, &der::value(kind, common_name)]);
    Ok(der::sequence(&[&der::value(tag::SET, &attribute)]))
}

/// A time with two digits of the year where they suffice.
fn moment(time: &Time) -> Vec<u8> {
    let time = time.clone().in_location(&Location::UTC);
    match time.civil().year {
        1950..2050 => der::value(tag::UTC_TIME, &time.format(b"060102150405Z")),
        _ => der::value(tag::GENERALIZED_TIME, &time.format(b"20060102150405Z")),
    }
}

fn extension(name: &[u8], critical: bool, content: &[u8]) -> Vec<u8> {
    let critical = if critical { TRUE } else { &[] };
    der::sequence(&[name, critical, &der::value(tag::OCTET_STRING, content)])
}

fn extensions(
    request: &Request,
    key_id: Option<&[u8]>,
    authority_key_id: &[u8],
    subject: &[u8],
) -> Result<Vec<u8>, String> {
    // Digital signature and key encipherment, for authorities also the signing of certificates.
    let usage: &[u8] = if request.is_authority {
        &[2, 0xA4]
    } else {
        &[5, 0xA0]
    };
    let constraints = if request.is_authority { TRUE } else { &[] };
    let mut out = [
        extension(KEY_USAGE, true, &der::value(tag::BIT_STRING, usage)),
        extension(
            EXTENDED_KEY_USAGE,
            false,
            &der::sequence(&[SERVER_AUTH, CLIENT_AUTH]),
        ),
        extension(BASIC_CONSTRAINTS, true, &der::sequence(&[constraints])),
    ]
    .concat();
    if let Some(id) = key_id {
        out.extend(extension(
            SUBJECT_KEY_ID,
            false,
            &der::value(tag::OCTET_STRING, id),
        ));
    }
    if !authority_key_id.is_empty() {
        let id = der::value(tag::CONTEXT_PRIMITIVE, authority_key_id);
        out.extend(extension(AUTHORITY_KEY_ID, false, &der::sequence(&[&id])));
    }
    let mut names = Vec::new();
    for dns in &request.dns_names {
        if !dns.is_ascii() {
            return Err(format!(
                "x509: {} cannot be encoded as an IA5String",
                quote(dns)
            ));
        }
        names.extend(der::value(tag::CONTEXT_PRIMITIVE | 2, dns));
    }
    for address in &request.addresses {
        let bytes = match address.to_canonical() {
            IpAddr::V4(v4) => v4.octets().to_vec(),
            IpAddr::V6(v6) => v6.octets().to_vec(),
        };
        names.extend(der::value(tag::CONTEXT_PRIMITIVE | 7, &bytes));
    }
    if !names.is_empty() {
        // Without a subject these are all the names there are.
        let critical = *subject == der::sequence(&[]);
        out.extend(extension(
            SUBJECT_NAMES,
            critical,
            &der::sequence(&[&names]),
        ));
    }
    Ok(out)
}
