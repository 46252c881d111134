//! What is known about certificates before a server is asked for its own.
//!
//! Names of files come in from flags and from repositories.yaml; they are read when a
//! request needs them.
//!
//! helm: internal/tlsutil `NewTLSConfig`.

use std::fs;

use crate::gostd::os;
use crate::gostd::strconv::quote;

/// Which certificates to show and to trust.
#[derive(Clone, Default, PartialEq, Eq, Hash, Debug)]
pub struct Tls {
    /// `--cert-file`: the certificate to identify with, empty for none.
    pub cert_file: String,
    /// `--key-file`: its key.
    pub key_file: String,
    /// `--ca-file`: who may certify the server, instead of those the system trusts.
    pub ca_file: String,
    /// `--insecure-skip-tls-verify`: take any certificate.
    pub insecure: bool,
}

/// The files' contents.
#[derive(Clone, Default, Debug)]
pub struct Material {
    /// The certificate and its key.
    pub identity: Option<(Vec<u8>, Vec<u8>)>,
    /// Certificates of the authorities.
    pub authorities: Option<Vec<u8>>,
}

impl Tls {
    /// Reports whether anything differs from the ordinary.
    pub fn is_custom(&self) -> bool {
        let has_identity = !self.cert_file.is_empty() && !self.key_file.is_empty();
        has_identity || !self.ca_file.is_empty() || self.insecure
    }

    /// Reads the files.
    ///
    /// # Errors
    ///
    /// Returns helm's text, a line for each file that cannot be read.
    pub fn read(&self) -> Result<Material, String> {
        if !self.is_custom() {
            return Ok(Material::default());
        }
        let read = |what: &str, path: &str| {
            fs::read(path).map_err(|error| {
                let reason = os::path_error("open", path, &error);
                format!("{what}: {}: {reason}", quote(path.as_bytes()))
            })
        };
        let mut problems = Vec::new();
        let mut material = Material::default();
        if !self.cert_file.is_empty() || !self.key_file.is_empty() {
            let certificate = read("unable to read cert file", &self.cert_file);
            let pair = certificate.and_then(|certificate| {
                let key = read("unable to read key file", &self.key_file)?;
                Ok((certificate, key))
            });
            match pair {
                Ok(pair) => material.identity = Some(pair),
                Err(problem) => problems.push(problem),
            }
        }
        if !self.ca_file.is_empty() {
            match read("can't read CA file", &self.ca_file) {
                Ok(authorities) => material.authorities = Some(authorities),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() {
            Ok(material)
        } else {
            Err(format!(
                "can't create TLS config for client: {}",
                problems.join("\n")
            ))
        }
    }
}
