//! Going after redirects.
//!
//! Go: net/http `Client.do`, `shouldCopyHeaderOnRedirect`.

use super::{Method, Request, Response, Transport};
use crate::gostd::strconv::quote;
use crate::gostd::url::Url;

/// How many redirects are gone after.
const MAX_REDIRECTS: usize = 10;

/// Fields that a host must not see which they were not meant for.
const PRIVATE: [&str; 4] = ["authorization", "www-authenticate", "cookie", "cookie2"];

/// Sends a request, and again to wherever the server points.
///
/// # Errors
///
/// Returns Go's text, with the address that was asked last:
/// `Get "http://127.0.0.1/": dial tcp 127.0.0.1:80: connect: connection refused`.
pub fn follow(transport: &dyn Transport, request: &Request<'_>) -> Result<Response, String> {
    let mut request = request.clone();
    let mut url = Url::parse(request.url.as_bytes())?;
    let first_host = url.hostname().to_vec();
    let mut count = 0;
    loop {
        let failed = |request: &Request<'_>, url: &Url, reason: String| {
            let shown = quote(&shown(url));
            format!("{} {shown}: {reason}", request.method.title())
        };
        check_scheme(&url).map_err(|reason| failed(&request, &url, reason))?;
        let response = transport
            .send(&prepared(&request, &url))
            .map_err(|reason| failed(&request, &url, reason))?;
        let (is_redirect, keeps_method) = match response.status {
            301..=303 => (true, matches!(request.method, Method::Get | Method::Head)),
            307 | 308 => (true, true),
            _ => (false, true),
        };
        let Some(target) = response.header("location").filter(|_| is_redirect) else {
            return Ok(response);
        };
        let next = Url::parse(target.as_bytes()).map(|target| url.resolve(&target));
        let next = next.map_err(|reason| {
            let target = quote(target.as_bytes());
            let reason = format!("failed to parse Location header {target}: {reason}");
            failed(&request, &url, reason)
        })?;
        count += 1;
        if count >= MAX_REDIRECTS {
            let reason = format!("stopped after {MAX_REDIRECTS} redirects");
            return Err(failed(&request, &next, reason));
        }
        if !keeps_method {
            request.method = Method::Get;
            request.body = None;
            let is_about_body = |name: &str| name.to_ascii_lowercase().starts_with("content-");
            request.headers.retain(|(name, _)| !is_about_body(name));
        }
        // DIFFERS(helm): what was asked under encryption is not told in the clear, even
        // to the same host.
        let is_laid_open = url.scheme == b"https" && next.scheme == b"http";
        if is_laid_open || !is_within(next.hostname(), &first_host) {
            let is_private = |name: &str| PRIVATE.contains(&&*name.to_ascii_lowercase());
            request.headers.retain(|(name, _)| !is_private(name));
        }
        url = next;
    }
}

fn check_scheme(url: &Url) -> Result<(), String> {
    match url.scheme.as_slice() {
        b"http" | b"https" if url.host.is_empty() => Err("http: no Host in request URL".into()),
        b"http" | b"https" => Ok(()),
        scheme => {
            let scheme = quote(scheme);
            Err(format!("unsupported protocol scheme {scheme}"))
        }
    }
}

/// Puts the address into its sent form: user and password become a field, the fragment
/// stays here.
fn prepared<'a>(request: &Request<'a>, url: &Url) -> Request<'a> {
    let mut request = request.clone();
    let mut plain = url.clone();
    plain.fragment.clear();
    let is_set = |name: &str| name.eq_ignore_ascii_case("authorization");
    if let Some(user) = plain.user.take()
        && !request.headers.iter().any(|(name, _)| is_set(name))
    {
        let password = user.password.unwrap_or_default();
        request
            .headers
            .push(("Authorization", basic(&user.user, &password)));
    }
    if plain.path.is_empty() {
        plain.path = b"/".to_vec();
    }
    let mut text = Vec::new();
    plain.append_to(&mut text);
    request.url = String::from_utf8_lossy(&text).into_owned();
    request
}

/// Returns the field that says who asks, by name and password.
pub(crate) fn basic(user: &[u8], password: &[u8]) -> String {
    let pair = [user, b":", password].concat();
    format!("Basic {}", data_encoding::BASE64.encode(&pair))
}

/// Returns an address to be shown, without its password.
fn shown(url: &Url) -> Vec<u8> {
    let mut shown = Vec::new();
    let mut url = url.clone();
    let Some(password) = url.user.as_mut().and_then(|user| user.password.as_mut()) else {
        url.append_to(&mut shown);
        return shown;
    };
    password.clear();
    url.append_to(&mut shown);
    // Now nothing is between the colon and the sign.
    if let Some(at) = shown.windows(2).position(|pair| pair == b":@") {
        shown.splice(at + 1..at + 1, *b"***");
    }
    shown
}

/// Reports whether a host is another or a part of it.
fn is_within(host: &[u8], parent: &[u8]) -> bool {
    let (host, parent) = (host.to_ascii_lowercase(), parent.to_ascii_lowercase());
    if host == parent {
        return true;
    }
    // An address has no parts.
    if host.contains(&b':') || host.contains(&b'%') {
        return false;
    }
    let rest = host.strip_suffix(parent.as_slice());
    rest.is_some_and(|rest| rest.ends_with(b"."))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::net::Tls;

    /// Answers from a list, and keeps what was asked.
    struct Script {
        answers: Vec<(u16, &'static str)>,
        asked: Mutex<Vec<Asked>>,
    }

    /// The method, the address, and whether the secret was sent.
    type Asked = (Method, String, bool);

    impl Transport for Script {
        fn send(&self, request: &Request<'_>) -> Result<Response, String> {
            let mut asked = self.asked.lock().unwrap();
            let has_secret = request.headers.iter().any(|(n, _)| *n == "Authorization");
            asked.push((request.method, request.url.clone(), has_secret));
            let (status, location) = self.answers[(asked.len() - 1) % self.answers.len()];
            let headers = vec![("location".to_owned(), location.to_owned())];
            Ok(Response {
                status,
                headers,
                ..Response::default()
            })
        }
    }

    fn run(
        method: Method,
        answers: &[(u16, &'static str)],
    ) -> (Result<Response, String>, Vec<Asked>) {
        let script = Script {
            answers: answers.to_vec(),
            asked: Mutex::default(),
        };
        let tls = Tls::default();
        let request =
            Request::new(method, "https://a.example/x/y", &tls).with("Authorization", "s");
        let result = follow(&script, &request);
        (result, script.asked.into_inner().unwrap())
    }

    #[test]
    fn a_secret_stays_with_its_host() {
        let answers = [
            (302, "../z?q"),
            (307, "https://sub.a.example/"),
            (301, "https://b.example/"),
            (302, "https://a.example/"),
            (200, ""),
        ];
        let (result, asked) = run(Method::Get, &answers);
        assert_eq!(result.unwrap().status, 200);
        let asked: Vec<_> = asked.iter().map(|(_, url, s)| (url.as_str(), *s)).collect();
        assert_eq!(
            asked,
            [
                ("https://a.example/x/y", true),
                ("https://a.example/z?q", true),
                ("https://sub.a.example/", true),
                ("https://b.example/", false),
                ("https://a.example/", false),
            ]
        );
    }

    #[test]
    fn a_post_becomes_a_get_and_circles_end() {
        let (_, asked) = run(Method::Post, &[(303, "/r"), (200, "")]);
        assert_eq!(asked[1].0, Method::Get);
        let (result, asked) = run(Method::Get, &[(302, "/x/y")]);
        assert_eq!(asked.len(), 10);
        assert_eq!(
            result.unwrap_err(),
            "Get \"https://a.example/x/y\": stopped after 10 redirects"
        );
        let (result, _) = run(Method::Get, &[(302, "file:///etc/passwd")]);
        assert_eq!(
            result.unwrap_err(),
            "Get \"file:///etc/passwd\": unsupported protocol scheme \"file\""
        );
    }

    #[test]
    fn user_and_password_of_an_address_are_sent_and_not_shown() {
        let url = Url::parse(b"http://me:secret@a.example").unwrap();
        let tls = Tls::default();
        let sent = prepared(&Request::get("", &tls), &url);
        assert_eq!(sent.url, "http://a.example/");
        assert_eq!(sent.headers, [("Authorization", basic(b"me", b"secret"))]);
        assert_eq!(shown(&url), b"http://me:***@a.example");
    }
}
