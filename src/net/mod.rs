//! Requests over HTTP: what is asked, what comes back, and the one door between.
//!
//! A [`Request`] goes into a [`Transport`], a [`Response`] comes out. [`system`] is the
//! real one (feature `net`); tests and programs bring their own. [`follow`] goes after
//! redirects, and keeps credentials from hosts they are not meant for. Nothing is
//! opened, read or allocated before the first request.
//!
//! helm: pkg/getter `HTTPGetter`; Go: net/http `Client`.

#[cfg(feature = "net")]
mod http;
#[cfg(feature = "net")]
mod proxy;
#[cfg(feature = "net")]
mod reason;
mod redirect;
pub mod tls;
#[cfg(feature = "net")]
mod wire;

use std::sync::Arc;
use std::time::Duration;

pub(crate) use redirect::basic;
pub use redirect::follow;
pub use tls::Tls;

/// How much a server may send in answer to one request.
pub const MAX_BODY: u64 = 1 << 30;

/// Says who is asking.
pub const USER_AGENT: &str = concat!("verta-render/", env!("CARGO_PKG_VERSION"));

/// What is to be done with what is at the address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Method {
    /// Fetch it.
    Get,
    /// Fetch all but the content.
    Head,
    /// Add to it.
    Post,
    /// Replace it.
    Put,
}

impl Method {
    /// Returns the name as it stands in a request.
    pub const fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Post => "POST",
            Method::Put => "PUT",
        }
    }

    /// Returns the name as Go's errors have it.
    pub const fn title(self) -> &'static str {
        match self {
            Method::Get => "Get",
            Method::Head => "Head",
            Method::Post => "Post",
            Method::Put => "Put",
        }
    }
}

/// One request.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// What is to be done.
    pub method: Method,
    /// The address, with scheme and host.
    pub url: String,
    /// The fields of the head, but those that every request has.
    pub headers: Vec<(&'static str, String)>,
    /// What is sent along.
    pub body: Option<&'a [u8]>,
    /// How to meet a server that has a certificate.
    pub tls: &'a Tls,
    /// How long all of it may take.
    pub timeout: Option<Duration>,
    /// How many bytes the content of the answer may have.
    pub max_body: u64,
}

impl<'a> Request<'a> {
    /// Returns a request for what is at an address.
    pub fn get(url: impl Into<String>, tls: &'a Tls) -> Request<'a> {
        Request::new(Method::Get, url, tls)
    }

    /// Returns a request without content.
    pub fn new(method: Method, url: impl Into<String>, tls: &'a Tls) -> Request<'a> {
        Request {
            method,
            url: url.into(),
            headers: Vec::new(),
            body: None,
            tls,
            timeout: None,
            max_body: MAX_BODY,
        }
    }

    /// Adds a field to the head.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Request<'a> {
        self.headers.push((name, value.into()));
        self
    }
}

/// What a server answers.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Response {
    /// `200`, `404`.
    pub status: u16,
    /// The status in words, as the server has them.
    pub reason: String,
    /// The fields of the head; names in lower case.
    pub headers: Vec<(String, String)>,
    /// The content.
    pub body: Vec<u8>,
}

impl Response {
    /// Returns the first field of that name, which is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Returns status and reason as Go shows them: `404 Not Found`.
    pub fn status_text(&self) -> String {
        format!("{} {}", self.status, self.reason)
    }
}

/// Returns what a status means, whatever words the server has for it; nothing for unknown ones.
pub fn status_words(status: u16) -> &'static str {
    match status {
        300 => "Multiple Choices",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        305 => "Use Proxy",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        407 => "Proxy Authentication Required",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        411 => "Length Required",
        412 => "Precondition Failed",
        413 => "Request Entity Too Large",
        414 => "Request URI Too Long",
        415 => "Unsupported Media Type",
        416 => "Requested Range Not Satisfiable",
        417 => "Expectation Failed",
        418 => "I'm a teapot",
        421 => "Misdirected Request",
        422 => "Unprocessable Entity",
        423 => "Locked",
        424 => "Failed Dependency",
        425 => "Too Early",
        426 => "Upgrade Required",
        428 => "Precondition Required",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        451 => "Unavailable For Legal Reasons",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "HTTP Version Not Supported",
        506 => "Variant Also Negotiates",
        507 => "Insufficient Storage",
        508 => "Loop Detected",
        510 => "Not Extended",
        511 => "Network Authentication Required",
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        203 => "Non-Authoritative Information",
        204 => "No Content",
        205 => "Reset Content",
        206 => "Partial Content",
        _ => "",
    }
}

/// Sends requests.
pub trait Transport: Send + Sync {
    /// Sends one request and waits for the answer; goes after no redirect.
    ///
    /// # Errors
    ///
    /// Returns Go's text if there is no answer, without the address:
    /// `dial tcp 127.0.0.1:80: connect: connection refused`.
    fn send(&self, request: &Request<'_>) -> Result<Response, String>;
}

/// Returns the transport of this system. Without the feature `net` it answers nothing.
pub fn system() -> Arc<dyn Transport> {
    #[cfg(feature = "net")]
    {
        Arc::new(http::Http::default())
    }
    #[cfg(not(feature = "net"))]
    {
        Arc::new(Missing)
    }
}

/// Checks the files that flags name, before anything is asked for.
///
/// # Errors
///
/// Returns helm's text for the first one that is missing or makes no sense.
pub fn check_tls(tls: &Tls) -> Result<(), String> {
    if !tls.is_custom() {
        return Ok(());
    }
    #[cfg(feature = "net")]
    {
        http::check(tls)
    }
    #[cfg(not(feature = "net"))]
    {
        tls.read().map(drop)
    }
}

/// What there is without the feature `net`.
#[cfg(not(feature = "net"))]
struct Missing;

#[cfg(not(feature = "net"))]
impl Transport for Missing {
    fn send(&self, _: &Request<'_>) -> Result<Response, String> {
        Err("this verta-render was built without the feature \"net\", which repositories and registries need".into())
    }
}
