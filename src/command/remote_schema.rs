//! `--allow-remote-schema`: what schemas refer to, fetched over HTTP.
//!
//! helm: pkg/chart/common/util `HTTPURLLoader`.

use std::sync::Arc;
use std::time::Duration;

use crate::net::{self, Request, Tls, Transport};
use crate::values::schema::{self, References};

/// How long one document may take.
const TIMEOUT: Duration = Duration::from_secs(15);

/// What a server may answer with before it is too much, with room to tell.
const MAX_BODY: u64 = schema::MAX_DOCUMENT + 1;

/// Fetches documents.
struct Fetch {
    transport: Arc<dyn Transport>,
}

/// Returns references that lead anywhere, as in helm. Nothing is opened before the first.
pub fn allowed(transport: Arc<dyn Transport>) -> References {
    References::Anywhere(Some(Arc::new(Fetch { transport })))
}

/// Returns references that lead anywhere, over the system's network.
pub fn allowed_by_system() -> References {
    allowed(net::system())
}

impl schema::Fetch for Fetch {
    fn fetch(&self, url: &str) -> Result<Vec<u8>, String> {
        let tls = Tls::default();
        let request = Request {
            timeout: Some(TIMEOUT),
            max_body: MAX_BODY,
            ..Request::get(url, &tls)
        };
        let answer = net::follow(&*self.transport, &request)
            .map_err(|reason| format!("HTTP request failed for {url}: {reason}"))?;
        if answer.status != 200 {
            let status = answer.status;
            let reason = meaning(status).unwrap_or(&answer.reason);
            return Err(format!(
                "HTTP request to {url} returned status {status} ({reason})"
            ));
        }
        schema::check_size(&answer.body)?;
        Ok(answer.body)
    }
}

/// Returns what the usual status codes mean, whatever the server says. Go: net/http
/// `StatusText`.
fn meaning(status: u16) -> Option<&'static str> {
    Some(match status {
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        410 => "Gone",
        418 => "I'm a teapot",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::net::Response;
    use crate::values::schema::Fetch as _;

    /// A server with one document, which keeps what it was asked.
    struct Server {
        document: Vec<u8>,
        asked: Mutex<Vec<String>>,
    }

    impl Transport for Server {
        fn send(&self, request: &Request<'_>) -> Result<Response, String> {
            if let Ok(mut asked) = self.asked.lock() {
                asked.push(request.url.clone());
            }
            let found = request.url.ends_with("/a.json");
            Ok(Response {
                status: if found { 200 } else { 404 },
                reason: if found { "OK" } else { "gone fishing" }.into(),
                body: self.document.clone(),
                ..Response::default()
            })
        }
    }

    fn fetch(size: usize, url: &str) -> Result<usize, String> {
        let transport = Arc::new(Server {
            document: vec![b' '; size],
            asked: Mutex::default(),
        });
        let fetch = Fetch {
            transport: transport.clone(),
        };
        let fetched = fetch.fetch(url).map(|document| document.len());
        assert_eq!(*transport.asked.lock().unwrap(), [url]);
        fetched
    }

    #[test]
    fn documents_are_fetched_and_bounded() {
        assert_eq!(fetch(3, "http://x/a.json"), Ok(3));
        assert_eq!(
            fetch(3, "http://x/b.json").unwrap_err(),
            "HTTP request to http://x/b.json returned status 404 (Not Found)"
        );
        let text = fetch(usize::try_from(MAX_BODY).unwrap(), "http://x/a.json").unwrap_err();
        assert!(text.contains("larger than 16777216 bytes"), "{text}");
    }
}
