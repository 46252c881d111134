//! Why there is no answer, in Go's words.
//!
//! Go: errors of net/http, crypto/tls and crypto/x509.

use rustls::{AlertDescription, CertificateError, InvalidMessage};

use super::wire::Worded;
use crate::gostd::os;
use crate::gostd::url::Url;

/// Returns what Go would say after the address.
pub(super) fn reason(error: &ureq::Error, url: &Url) -> String {
    match error {
        ureq::Error::Other(other) => match other.downcast_ref::<Worded>() {
            Some(worded) => worded.0.clone(),
            None => other.to_string(),
        },
        ureq::Error::Rustls(error) => tls_reason(error, url),
        ureq::Error::Io(error) => io_reason(error, url),
        ureq::Error::Timeout(_) => {
            "context deadline exceeded (Client.Timeout exceeded while awaiting headers)".into()
        }
        ureq::Error::HostNotFound => {
            let host = String::from_utf8_lossy(url.hostname());
            format!("dial tcp: lookup {host}: no such host")
        }
        ureq::Error::ConnectProxyFailed(reason) => reason.clone(),
        ureq::Error::BodyExceedsLimit(limit) => {
            format!("the answer is larger than {limit} bytes")
        }
        other => other.to_string(),
    }
}

/// Reports whether the two ends did not come to terms about encryption.
pub(super) fn is_of_tls(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::Rustls(_) => true,
        ureq::Error::Io(error) => inside(error).is_some(),
        _ => false,
    }
}

/// Returns the error of rustls that an error of the system carries.
fn inside(error: &std::io::Error) -> Option<&rustls::Error> {
    error.get_ref()?.downcast_ref()
}

fn io_reason(error: &std::io::Error, url: &Url) -> String {
    if let Some(error) = inside(error) {
        return tls_reason(error, url);
    }
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => "EOF".into(),
        _ => os::errno_text(error),
    }
}

fn tls_reason(error: &rustls::Error, url: &Url) -> String {
    let rustls::Error::InvalidCertificate(problem) = error else {
        return match error {
            rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
                "http: server gave HTTP response to HTTPS client".into()
            }
            rustls::Error::AlertReceived(alert) => {
                format!("remote error: tls: {}", alert_text(*alert))
            }
            other => format!("tls: {other}"),
        };
    };
    let detail = match problem {
        CertificateError::UnknownIssuer => "certificate signed by unknown authority".into(),
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => {
            "certificate has expired or is not yet valid".into()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            let host = String::from_utf8_lossy(url.hostname());
            let names = match problem {
                CertificateError::NotValidForNameContext { presented, .. } => names(presented),
                _ => Vec::new(),
            };
            if host.parse::<std::net::IpAddr>().is_ok() {
                format!(
                    "cannot validate certificate for {host} because it doesn't contain any IP SANs"
                )
            } else if names.is_empty() {
                format!("certificate is not valid for any names, but wanted to match {host}")
            } else {
                format!("certificate is valid for {}, not {host}", names.join(", "))
            }
        }
        other => other.to_string(),
    };
    format!("tls: failed to verify certificate: x509: {detail}")
}

/// Returns the names of a certificate without what rustls puts around them.
fn names(presented: &[String]) -> Vec<&str> {
    let plain = |name: &'_ String| -> Option<(usize, usize)> {
        let start = name.find('"')? + 1;
        Some((start, name.rfind('"').filter(|end| *end >= start)?))
    };
    let names = presented.iter();
    names
        .map(|name| match plain(name) {
            Some((start, end)) => &name[start..end],
            None => name.as_str(),
        })
        .collect()
}

/// Returns what Go calls an alert: mostly its name in plain words.
fn alert_text(alert: AlertDescription) -> String {
    let text = match alert {
        AlertDescription::BadRecordMac => "bad record MAC",
        AlertDescription::CertificateRevoked => "revoked certificate",
        AlertDescription::CertificateExpired => "expired certificate",
        AlertDescription::CertificateUnknown => "unknown certificate",
        AlertDescription::UnknownCA => "unknown certificate authority",
        AlertDescription::DecodeError => "error decoding message",
        AlertDescription::DecryptError => "error decrypting message",
        AlertDescription::ProtocolVersion => "protocol version not supported",
        AlertDescription::InsufficientSecurity => "insufficient security level",
        AlertDescription::UnrecognisedName => "unrecognized name",
        AlertDescription::UnknownPSKIdentity => "unknown PSK identity",
        AlertDescription::Unknown(number) => return format!("alert({number})"),
        other => return spaced(&format!("{other:?}")),
    };
    text.to_owned()
}

/// Turns `BadCertificate` into `bad certificate`.
fn spaced(name: &str) -> String {
    let mut text = String::new();
    for (i, letter) in name.chars().enumerate() {
        if letter.is_uppercase() && i > 0 {
            text.push(' ');
        }
        text.extend(letter.to_lowercase());
    }
    text
}
