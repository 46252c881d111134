//! The real transport: ureq over TCP, with rustls where the address says https.
//!
//! Clients are made when they are first needed and kept, one for each way to meet a
//! server; certificates of the system are read with the first of them.
//!
//! Go: net/http `Transport`.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject;
use rustls::sign::CertifiedKey;
use ureq::config::{AutoHeaderValue, Config};
use ureq::http::{self, Uri};
use ureq::tls::{Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Proxy};

use super::proxy::Proxies;
use super::reason::reason;
use super::redirect::basic;
use super::tls::Material;
use super::wire::{Dial, ForwardProxy, Lookup, take_reason};
use super::{Method, Request, Response, Tls, Transport, USER_AGENT};
use crate::gostd::url::Url;

/// How long to wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a server may stay silent in the middle of an answer.
const SILENCE: Duration = Duration::from_secs(120);

/// Clients by what they know of certificates and by proxy.
type Agents = HashMap<(Tls, Option<String>), Agent>;

/// The system's network.
#[derive(Default)]
pub(super) struct Http {
    agents: Mutex<Agents>,
    proxies: OnceLock<Proxies>,
}

impl Transport for Http {
    fn send(&self, request: &Request<'_>) -> Result<Response, String> {
        let url = Url::parse(request.url.as_bytes())?;
        let proxies = self.proxies.get_or_init(Proxies::from_env);
        let proxy = proxies.for_url(&url);
        let agent = self.agent(request.tls, proxy, &url.scheme)?;
        // A pooled connection may tell of the answer before.
        take_reason();
        let answer = send(&agent, request);
        let mut answer = answer.map_err(|error| reason(&error, &url))?;
        let status = answer.status();
        let said = take_reason();
        let headers = answer.headers().iter();
        let headers = headers.map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        });
        let headers = headers.collect();
        let body = if request.method == Method::Head {
            Vec::new()
        } else {
            let body = answer.body_mut().with_config().limit(request.max_body);
            match body.read_to_vec() {
                Ok(body) => body,
                // What a refusal says beyond its status is welcome, but not needed.
                Err(_) if status.as_u16() >= 400 => Vec::new(),
                Err(error) => return Err(reason(&error, &url)),
            }
        };
        Ok(Response {
            status: status.as_u16(),
            reason: said
                .unwrap_or_else(|| status.canonical_reason().unwrap_or_default().to_owned()),
            headers,
            body,
        })
    }
}

impl Http {
    /// Returns the client for servers of that kind.
    fn agent(&self, tls: &Tls, proxy: Option<String>, scheme: &[u8]) -> Result<Agent, String> {
        // Certificates play no part where nothing is encrypted.
        let is_plain = scheme == b"http" && proxy.is_none();
        let key = if is_plain && !tls.is_custom() {
            (Tls::default(), None)
        } else {
            (
                tls.clone(),
                proxy.map(|proxy| format!("{} {proxy}", String::from_utf8_lossy(scheme))),
            )
        };
        let mut agents = self.agents.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(agent) = agents.get(&key) {
            return Ok(agent.clone());
        }
        let proxy = key.1.as_ref().and_then(|text| text.split_once(' '));
        let agent = make_agent(tls, proxy.map(|(_, proxy)| proxy), scheme == b"https")?;
        agents.insert(key, agent.clone());
        Ok(agent)
    }
}

fn make_agent(tls: &Tls, proxy: Option<&str>, is_https: bool) -> Result<Agent, String> {
    let material = tls.read()?;
    let mut config = Config::builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .proxy(None)
        .accept(AutoHeaderValue::None)
        .accept_encoding(AutoHeaderValue::None)
        .user_agent(USER_AGENT)
        .timeout_connect(Some(CONNECT_TIMEOUT))
        .timeout_per_read(Some(SILENCE))
        .timeout_per_write(Some(SILENCE));
    // Certificates of the system are only read where one is to be checked.
    if is_https || tls.is_custom() || proxy.is_some_and(|p| p.starts_with("https:")) {
        config = config.tls_config(tls_config(tls, &material)?);
    }
    let mut forward = None;
    if let Some(proxy) = proxy {
        let invalid = |_| "invalid proxy address".to_owned();
        let parsed = Proxy::new(proxy).map_err(invalid)?;
        if is_https || !proxy.starts_with("http:") {
            config = config.proxy(Some(parsed));
        } else {
            let user = parsed.username().map(|user| {
                let password = parsed.password().unwrap_or_default();
                basic(user.as_bytes(), password.as_bytes())
            });
            forward = Some(ForwardProxy {
                host: format!("{}:{}", parsed.host(), parsed.port()),
                authorization: user,
            });
        }
    }
    let connector = Dial {
        forward: forward.clone(),
        plain: DefaultConnector::default(),
    };
    let resolver = Lookup {
        forward,
        plain: DefaultResolver::default(),
    };
    Ok(Agent::with_parts(config.build(), connector, resolver))
}

fn tls_config(tls: &Tls, material: &Material) -> Result<TlsConfig, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = TlsConfig::builder().unversioned_rustls_crypto_provider(provider);
    if let Some((certificate, key)) = &material.identity {
        config = config.client_cert(Some(identity(certificate, key)?));
    }
    let roots = if tls.insecure {
        Vec::new()
    } else if let Some(authorities) = &material.authorities {
        let roots = certificates(authorities);
        if roots.is_empty() {
            return Err(
                "can't create TLS config for client: failed to append certificates from pem block"
                    .into(),
            );
        }
        roots
    } else {
        let system = rustls_native_certs::load_native_certs().certs;
        let owned = |der: &[u8]| Certificate::from_der(der).to_owned();
        system.iter().map(|der| owned(der)).collect()
    };
    Ok(config
        .root_certs(RootCerts::Specific(Arc::new(roots)))
        .disable_verification(tls.insecure)
        .build())
}

fn identity(certificate: &[u8], key: &[u8]) -> Result<ClientCert, String> {
    let unusable = |what: String| format!("{UNUSABLE}tls: {what}");
    let chain = certificates(certificate);
    if chain.is_empty() {
        return Err(unusable(match pem_types(certificate).as_slice() {
            [] => "failed to find any PEM data in certificate input".to_owned(),
            [one] if one.ends_with("PRIVATE KEY") => {
                "failed to find certificate PEM data in certificate input, but did find a private key; \
                 PEM inputs may have been switched"
                    .to_owned()
            }
            types => format!(
                "failed to find \"CERTIFICATE\" PEM block in certificate input after skipping \
                 PEM blocks of the following types: [{}]",
                types.join(" ")
            ),
        }));
    }
    let parsed = PrivateKey::from_pem(key).map_err(|_| {
        unusable(match pem_types(key).as_slice() {
            [] => "failed to find any PEM data in key input".to_owned(),
            [one] if one == "CERTIFICATE" => {
                "found a certificate rather than a key in the PEM for the private key".to_owned()
            }
            types if types.iter().any(|one| is_key(one)) => {
                "failed to parse private key".to_owned()
            }
            types => format!(
                "failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after \
                 skipping PEM blocks of the following types: [{}]",
                types.join(" ")
            ),
        })
    })?;
    // ureq counts on a pair that fits.
    check_pair(&chain, key)?;
    Ok(ClientCert::new_with_certs(&chain, parsed))
}

fn is_key(pem_type: &str) -> bool {
    pem_type == "PRIVATE KEY" || pem_type.ends_with(" PRIVATE KEY")
}

/// Returns what the blocks of a PEM text say they are.
fn pem_types(pem: &[u8]) -> Vec<String> {
    let lines = pem.split(|byte| *byte == b'\n');
    let types = lines.filter_map(|line| {
        let name = line.trim_ascii_end().strip_prefix(b"-----BEGIN ")?;
        name.strip_suffix(b"-----")
    });
    types
        .map(|name| String::from_utf8_lossy(name).into_owned())
        .collect()
}

/// Checks that rustls takes a certificate and its key.
fn check_pair(chain: &[Certificate<'static>], key: &[u8]) -> Result<(), String> {
    let unusable = |reason: String| format!("{UNUSABLE}tls: {reason}");
    let chain = chain.iter().map(|c| c.der().to_vec().into()).collect();
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|error| unusable(error.to_string()))?;
    let provider = rustls::crypto::ring::default_provider();
    let pair = CertifiedKey::from_der(chain, key, &provider);
    match pair {
        Ok(_) => Ok(()),
        Err(rustls::Error::InconsistentKeys(_)) => {
            Err(unusable("private key does not match public key".into()))
        }
        // DIFFERS(helm): certificates of the first version of the format are not taken.
        Err(error) => Err(unusable(error.to_string())),
    }
}

/// What is told before the reason a pair is not taken.
const UNUSABLE: &str = "can't create TLS config for client: unable to load cert from key pair: ";

/// Checks the files that flags name, before anything is asked for.
pub(super) fn check(tls: &Tls) -> Result<(), String> {
    let material = tls.read()?;
    tls_config(tls, &material).map(drop)
}

fn certificates(pem: &[u8]) -> Vec<Certificate<'static>> {
    let items = ureq::tls::parse_pem(pem).filter_map(Result::ok);
    let certificates = items.filter_map(|item| match item {
        PemItem::Certificate(certificate) => Some(certificate),
        _ => None,
    });
    certificates.collect()
}

fn send(agent: &Agent, request: &Request<'_>) -> Result<http::Response<ureq::Body>, ureq::Error> {
    let uri: Uri = request
        .url
        .parse()
        .map_err(|error: http::uri::InvalidUri| ureq::Error::BadUri(error.to_string()))?;
    let mut builder = http::Request::builder()
        .method(request.method.name())
        .uri(uri);
    for (name, value) in &request.headers {
        builder = builder.header(*name, value.as_bytes());
    }
    match request.body {
        Some(body) => {
            let request_ = builder.body(body)?;
            run(agent, request_, request.timeout)
        }
        // An empty body has a length, which some registries insist on.
        None if matches!(request.method, Method::Post | Method::Put) => {
            let request_ = builder.body(&b""[..])?;
            run(agent, request_, request.timeout)
        }
        None => run(agent, builder.body(())?, request.timeout),
    }
}

fn run(
    agent: &Agent,
    request: http::Request<impl ureq::AsSendBody>,
    timeout: Option<Duration>,
) -> Result<http::Response<ureq::Body>, ureq::Error> {
    match timeout {
        None => agent.run(request),
        Some(_) => {
            let request = agent.configure_request(request).timeout_global(timeout);
            agent.run(request.build())
        }
    }
}
