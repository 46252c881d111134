//! Requests to one registry, with whatever it wants to know of who asks.
//!
//! A request is first sent as it is; where the registry wants a name, what is known of
//! it is sent along, or changed for a token. Both are remembered as long as the session
//! lasts, and go to that registry only.
//!
//! Go: oras.land/oras-go `auth.Client`.

use std::cell::RefCell;
use std::collections::HashMap;

use super::credentials::{Credential, Credentials};
use super::retry;
use crate::codec::json;
use crate::diag::{Error, ErrorKind};
use crate::gostd::strconv::quote;
use crate::gostd::url::append_query_escaped;
use crate::net::{self, Method, Request, Response};
use crate::repository::Remote;
use crate::value::Value;
use crate::value::print::to_text;

/// The program's name where a token is asked for.
const CLIENT: &str = "verta-render";

/// Requests to registries.
pub struct Session<'a> {
    remote: &'a Remote,
    credential: Option<Credential>,
    /// The field to send, by registry and what is asked for.
    known: RefCell<HashMap<(String, String), String>>,
}

/// A request to a registry.
pub struct Call<'a> {
    /// What is to be done.
    pub method: Method,
    /// Host and port.
    pub registry: &'a str,
    /// What is to be done there, as tokens name it: `repository:NAME:pull`.
    pub scope: String,
    /// The address from the host on, or a whole one.
    pub path: String,
    /// Fields of the head.
    pub headers: Vec<(&'static str, String)>,
    /// What is sent along.
    pub body: Option<&'a [u8]>,
}

impl<'a> Session<'a> {
    /// Returns a session; `credential` takes the place of what files know.
    pub fn new(remote: &'a Remote, credential: Option<Credential>) -> Session<'a> {
        let access = &remote.access;
        let given = !access.username.is_empty() && !access.password.is_empty();
        let given = given.then(|| Credential {
            username: access.username.clone(),
            password: access.password.clone(),
            ..Credential::default()
        });
        Session {
            remote,
            credential: credential.or(given),
            known: RefCell::default(),
        }
    }

    /// Returns the whole address.
    pub fn address(&self, registry: &str, path: &str) -> String {
        if path.contains("://") {
            return path.to_owned();
        }
        let scheme = match self.remote.access.plain_http {
            true => "http",
            false => "https",
        };
        format!("{scheme}://{registry}{path}")
    }

    /// Sends a request.
    ///
    /// # Errors
    ///
    /// Fails with Go's text if there is no answer, or nothing is known to answer the
    /// registry's question with.
    pub fn send(&self, call: &Call<'_>) -> Result<Response, Error> {
        let key = (call.registry.to_owned(), call.scope.clone());
        let known = self.known.borrow().get(&key).cloned();
        let response = self.try_send(call, known.as_deref())?;
        if response.status != 401 {
            return Ok(response);
        }
        let Some(question) = response.header("www-authenticate").map(Challenge::parse) else {
            return Ok(response);
        };
        let Some(field) = self.answer(call, &question)? else {
            return Ok(response);
        };
        if known.as_deref() == Some(&field) {
            return Ok(response);
        }
        self.known.borrow_mut().insert(key, field.clone());
        self.try_send(call, Some(&field))
    }

    fn try_send(&self, call: &Call<'_>, authorization: Option<&str>) -> Result<Response, Error> {
        let url = self.address(call.registry, &call.path);
        let mut request = Request::new(call.method, url, &self.remote.access.tls);
        request.headers.clone_from(&call.headers);
        request.body = call.body;
        if let Some(field) = authorization {
            request = request.with("Authorization", field);
        }
        retry::send(&*self.remote.transport, &request)
            .map_err(|text| Error::new(ErrorKind::Unavailable, text))
    }

    /// Returns what answers the question who asks.
    fn answer(&self, call: &Call<'_>, question: &Challenge) -> Result<Option<String>, Error> {
        let credential = match &self.credential {
            Some(credential) => credential.clone(),
            None => Credentials::new(&self.remote.places.registry_config).get(call.registry)?,
        };
        let url = self.address(call.registry, &call.path);
        let shown = || format!("{} {}: ", call.method.name(), quote(url.as_bytes()));
        match question.scheme.as_str() {
            "basic" => {
                let Credential {
                    username, password, ..
                } = &credential;
                if username.is_empty() || password.is_empty() {
                    let text = format!("{}basic credential not found", shown());
                    return Err(Error::new(ErrorKind::Unavailable, text));
                }
                let field = net::basic(username.as_bytes(), password.as_bytes());
                Ok(Some(field))
            }
            "bearer" => {
                if !credential.access_token.is_empty() {
                    return Ok(Some(format!("Bearer {}", credential.access_token)));
                }
                let token = self.fetch_token(question, &call.scope, &credential);
                let token = token.map_err(|error| error.prefixed(shown()))?;
                Ok(Some(format!("Bearer {token}")))
            }
            _ => Ok(None),
        }
    }

    /// Changes what is known for a token.
    fn fetch_token(
        &self,
        question: &Challenge,
        scope: &str,
        credential: &Credential,
    ) -> Result<String, Error> {
        let parameter = |name: &str| question.parameters.get(name).cloned().unwrap_or_default();
        let (realm, service) = (parameter("realm"), parameter("service"));
        // What the registry names itself may be more than was thought of.
        let asked = parameter("scope");
        let scope = if asked.is_empty() { scope } else { &asked };
        let query = |pairs: &[(&str, &str)]| {
            let mut text = Vec::new();
            for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
                if !text.is_empty() {
                    text.push(b'&');
                }
                text.extend_from_slice(name.as_bytes());
                text.push(b'=');
                append_query_escaped(&mut text, value.as_bytes());
            }
            text
        };
        let tls = &self.remote.access.tls;
        let (request, body);
        if credential.refresh_token.is_empty() {
            let pairs = query(&[("scope", scope), ("service", &service)]);
            let separator = if realm.contains('?') { '&' } else { '?' };
            let url = format!("{realm}{separator}{}", String::from_utf8_lossy(&pairs));
            let mut plain = Request::get(url, tls);
            if !credential.username.is_empty() || !credential.password.is_empty() {
                let Credential {
                    username, password, ..
                } = credential;
                let field = net::basic(username.as_bytes(), password.as_bytes());
                plain = plain.with("Authorization", field);
            }
            request = plain;
        } else {
            body = query(&[
                ("client_id", CLIENT),
                ("grant_type", "refresh_token"),
                ("refresh_token", &credential.refresh_token),
                ("scope", scope),
                ("service", &service),
            ]);
            let mut form = Request::new(Method::Post, realm, tls);
            form = form.with("Content-Type", "application/x-www-form-urlencoded");
            form.body = Some(&body);
            request = form;
        }
        let failed = |text: String| Error::new(ErrorKind::Unavailable, text);
        let url = request.url.clone();
        let method = request.method;
        let response = retry::send(&*self.remote.transport, &request)
            .map_err(|text| failed(format!("failed to fetch oauth token: {text}")))?;
        if response.status != 200 {
            return Err(refusal(method, &url, &response));
        }
        let answer = json::decode(&response.body).unwrap_or_default();
        let text = |name: &str| {
            let members = answer.as_map()?;
            let text = members.index(name.as_bytes());
            let text = text.as_str()?.to_lossy().into_owned();
            Some(text).filter(|text| !text.is_empty())
        };
        text("access_token")
            .or_else(|| text("token"))
            .ok_or_else(|| {
                let url = quote(url.as_bytes());
                failed(format!("{} {url}: empty token returned", method.name()))
            })
    }
}

/// What a registry asks for.
struct Challenge {
    /// `basic` or `bearer`.
    scheme: String,
    parameters: HashMap<String, String>,
}

impl Challenge {
    fn parse(text: &str) -> Challenge {
        let (scheme, mut rest) = text.trim().split_once(' ').unwrap_or((text, ""));
        let mut parameters = HashMap::new();
        while let Some((name, after)) = rest.split_once('=') {
            let name = name.trim_matches([' ', ',']).to_lowercase();
            let value;
            match after.strip_prefix('"') {
                Some(quoted) => (value, rest) = quoted.split_once('"').unwrap_or((quoted, "")),
                None => (value, rest) = after.split_once(',').unwrap_or((after, "")),
            }
            parameters.insert(name, value.to_owned());
        }
        Challenge {
            scheme: scheme.to_lowercase(),
            parameters,
        }
    }
}

/// Returns why a registry does not do what it was asked, in its own words.
pub fn refusal(method: Method, url: &str, response: &Response) -> Error {
    let answer = json::decode(&response.body).unwrap_or_default();
    let errors = answer.as_map().map(|map| map.index(b"errors"));
    let errors = errors.as_ref().and_then(Value::as_list);
    let mut reasons = Vec::new();
    for error in errors.map(|list| list.items()).unwrap_or_default() {
        let Some(members) = error.as_map() else {
            continue;
        };
        let text = |name: &str| {
            let text = members.index(name.as_bytes());
            text.as_str()
                .map(|t| t.to_lossy().into_owned())
                .unwrap_or_default()
        };
        let mut reason = text("code").replace('_', " ").to_lowercase();
        let message = text("message");
        if !message.is_empty() {
            reason = format!("{reason}: {message}");
        }
        let detail = members.index(b"detail");
        if !detail.is_nil() {
            let detail = to_text(&detail);
            reason = format!("{reason}: {}", String::from_utf8_lossy(&detail));
        }
        reasons.push(reason);
    }
    let reason = match reasons.is_empty() {
        true => net::status_words(response.status).to_owned(),
        false => reasons.join("; "),
    };
    let url = quote(url.as_bytes());
    let text = format!(
        "{} {url}: response status code {}: {reason}",
        method.name(),
        response.status
    );
    Error::new(ErrorKind::Unavailable, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_are_read() {
        let question = Challenge::parse(
            "Bearer realm=\"https://a/token\",service=\"r\", scope=\"repository:x:pull,push\"",
        );
        assert_eq!(question.scheme, "bearer");
        assert_eq!(question.parameters["realm"], "https://a/token");
        assert_eq!(question.parameters["scope"], "repository:x:pull,push");
        assert_eq!(Challenge::parse("Basic realm=x").parameters["realm"], "x");
    }
}
