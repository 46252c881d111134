//! The functions themselves. Those with and without a given key share their body: the key is
//! the argument behind the others, if it is there.

use std::net::IpAddr;

use super::key::PrivateKey;
use super::object::{CertificateObject, certificate_of};
use super::pem;
use super::random::Generator;
use super::x509::{self, Certificate, Issuer, Request};
use crate::funcs::entry::text;
use crate::funcs::sprig::date::now;
use crate::gostd::base64;
use crate::template::func::{Args, CallContext, FuncError, FuncResult};
use crate::value::print::to_text;
use crate::value::{List, Value};

/// Bits of the keys that are made for certificates.
const BITS: usize = 2048;

fn fail<T>(message: impl Into<Vec<u8>>) -> Result<T, FuncError> {
    Err(FuncError::new(message))
}

pub(super) fn gen_private_key(ctx: &mut dyn CallContext, a: Args<'_>) -> FuncResult {
    match PrivateKey::generate(a.str(0), &mut Generator::new(ctx)?) {
        Ok(Some(key)) => text(key.to_pem()),
        Ok(None) => text([b"Unknown type ", a.str(0)].concat()),
        Err(e) => text(format!("failed to generate private key: {e}")),
    }
}

pub(super) fn gen_ca(ctx: &mut dyn CallContext, a: Args<'_>) -> FuncResult {
    let mut generator = Generator::new(ctx)?;
    let key = key(a, 2, &mut generator)?;
    let mut request = request(ctx, a, None, 1)?;
    request.is_authority = true;
    create(&request, &key, None, &mut generator)
}

pub(super) fn gen_self_signed(ctx: &mut dyn CallContext, a: Args<'_>) -> FuncResult {
    let mut generator = Generator::new(ctx)?;
    let key = key(a, 4, &mut generator)?;
    let request = request(ctx, a, Some((1, 2)), 3)?;
    create(&request, &key, None, &mut generator)
}

pub(super) fn gen_signed(ctx: &mut dyn CallContext, a: Args<'_>) -> FuncResult {
    let mut generator = Generator::new(ctx)?;
    let key = key(a, 5, &mut generator)?;
    let authority = certificate_of(a.any(4));
    let (cert, signer) = authority.map_or((&b""[..], &b""[..]), |c| (&*c.cert, &*c.key));
    let Some(block) = pem::decode(cert) else {
        return fail("unable to decode certificate");
    };
    let Some(parent) = Certificate::parse(&block.bytes) else {
        return fail(
            "error parsing certificate: decodedSignerCert.Bytes: x509: malformed certificate",
        );
    };
    let signer = PrivateKey::from_pem(signer);
    let signer = signer.or_else(|e| fail(format!("error parsing private key: {e}")))?;
    let request = request(ctx, a, Some((1, 2)), 3)?;
    create(&request, &key, Some((&signer, &parent)), &mut generator)
}

pub(super) fn build_custom(_: &mut dyn CallContext, a: Args<'_>) -> FuncResult {
    let Ok(cert) = base64::decode(a.str(0)) else {
        return fail("unable to decode base64 certificate");
    };
    let Ok(key) = base64::decode(a.str(1)) else {
        return fail("unable to decode base64 private key");
    };
    let Some(block) = pem::decode(&cert) else {
        return fail("unable to decode certificate");
    };
    if Certificate::parse(&block.bytes).is_none() {
        return fail("error parsing certificate: decodedCert.Bytes: x509: malformed certificate");
    }
    if let Err(e) = PrivateKey::from_pem(&key) {
        return fail(format!("error parsing private key: {e}"));
    }
    let (cert, key) = (cert.into(), key.into());
    Ok(Value::object(CertificateObject { cert, key }))
}

/// Returns the key in argument `i`, or a new one if there is no such argument.
fn key(a: Args<'_>, i: usize, generator: &mut Generator) -> Result<PrivateKey, FuncError> {
    let (key, action) = if a.len() > i {
        (PrivateKey::from_pem(a.str(i)), "parsing private key")
    } else {
        (PrivateKey::rsa(BITS, generator), "error generating rsa key")
    };
    key.or_else(|e| fail(format!("{action}: {e}")))
}

/// Collects what the certificate says: the name in argument 0, addresses and DNS names in the
/// two arguments of `lists`, the lifetime in argument `days`.
fn request(
    ctx: &dyn CallContext,
    a: Args<'_>,
    lists: Option<(usize, usize)>,
    days: usize,
) -> Result<Request, FuncError> {
    let items = |i: usize| a.list(i).map_or(&[][..], List::items);
    let (addresses, names) = lists.map_or((&[][..], &[][..]), |(i, j)| (items(i), items(j)));
    let address = |item: &Value| {
        let Some(written) = item.as_str() else {
            let shown = to_text(item);
            return fail([b"error parsing ip: ", shown.as_slice(), b" is not a string"].concat());
        };
        let parsed = std::str::from_utf8(written)
            .ok()
            .and_then(|s| s.parse().ok());
        parsed.map_or_else(|| fail([b"error parsing ip: ", &**written].concat()), Ok)
    };
    let addresses: Vec<IpAddr> = addresses.iter().map(address).collect::<Result<_, _>>()?;
    let dns_name = |item: &Value| match item.as_str() {
        Some(name) => Ok(name.to_vec()),
        None => fail(
            [
                b"error processing alternate dns name: ",
                to_text(item).as_slice(),
                b" is not a string",
            ]
            .concat(),
        ),
    };
    let dns_names = names.iter().map(dns_name).collect::<Result<_, _>>()?;
    Ok(Request {
        common_name: a.str(0).to_vec(),
        addresses,
        dns_names,
        not_before: now(ctx),
        days: a.int(days),
        is_authority: false,
    })
}

/// Makes the certificate, signed by the key itself or by an authority.
fn create(
    request: &Request,
    key: &PrivateKey,
    authority: Option<(&PrivateKey, &Certificate)>,
    generator: &mut Generator,
) -> FuncResult {
    let issuer = Issuer {
        key: authority.map_or(key, |(key, _)| key),
        certificate: authority.map(|(_, certificate)| certificate),
    };
    let der = x509::create(request, key, &issuer, generator)
        .or_else(|e| fail(format!("error creating certificate: {e}")))?;
    Ok(Value::object(CertificateObject {
        cert: pem::encode("CERTIFICATE", &der).into(),
        key: key.to_pem().into(),
    }))
}
