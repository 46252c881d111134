//! URLs taken apart and put together: `Go: net/url`.
//!
//! Nothing is normalised but the case of the scheme; the path and the fragment are decoded, the
//! query is left as it stands.

mod escape;
mod resolve;

use self::escape::{Part, append_escaped, must_escape, unescape};
use super::netip;
use super::strconv::quote;

/// Appends `text` as part of a query: `%XX`, and `+` for the space. `Go: url.QueryEscape`.
pub fn append_query_escaped(out: &mut Vec<u8>, text: &[u8]) {
    append_escaped(out, text, Part::QueryComponent);
}

/// The user and the password in front of a host, decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserInfo {
    /// The user's name, possibly empty.
    pub user: Vec<u8>,
    /// The password, if there was a colon.
    pub password: Option<Vec<u8>>,
}

impl UserInfo {
    /// Appends `user[:password]`, encoded.
    pub fn append_to(&self, out: &mut Vec<u8>) {
        append_escaped(out, &self.user, Part::UserPassword);
        if let Some(password) = &self.password {
            out.push(b':');
            append_escaped(out, password, Part::UserPassword);
        }
    }
}

/// A URL in its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    /// In lower case, without the colon.
    pub scheme: Vec<u8>,
    /// What follows the scheme if it does not begin with a slash.
    pub opaque: Vec<u8>,
    /// What stands before `@`.
    pub user: Option<UserInfo>,
    /// The host with its port, decoded.
    pub host: Vec<u8>,
    /// The path, decoded.
    pub path: Vec<u8>,
    /// The path as written, where encoding [`Self::path`] would give something else.
    pub raw_path: Vec<u8>,
    /// A question mark stood there with nothing behind it.
    pub force_query: bool,
    /// What follows the question mark, encoded.
    pub raw_query: Vec<u8>,
    /// What follows `#`, decoded.
    pub fragment: Vec<u8>,
    /// The fragment as written, where encoding [`Self::fragment`] would give something else.
    pub raw_fragment: Vec<u8>,
}

impl Url {
    /// Parses an absolute or relative URL. `Go: url.Parse`.
    ///
    /// # Errors
    ///
    /// The whole text of Go's error: `parse "…": reason`.
    pub fn parse(text: &[u8]) -> Result<Self, String> {
        let (before, fragment) = cut(text, b'#');
        let mut url = Self::parse_without_fragment(before, false)
            .map_err(|reason| format!("parse {}: {reason}", quote(before)))?;
        if let Some(fragment) = fragment.filter(|fragment| !fragment.is_empty()) {
            url.fragment = unescape(fragment, Part::Fragment)
                .map_err(|reason| format!("parse {}: {reason}", quote(text)))?
                .into_owned();
            if fragment != escaped(&url.fragment, Part::Fragment) {
                url.raw_fragment = fragment.to_vec();
            }
        }
        Ok(url)
    }

    /// Parses a URL as it stands in a request: absolute, or a path from the root on. A `#` is a
    /// character like any other. `Go: url.ParseRequestURI`.
    ///
    /// # Errors
    ///
    /// As for [`Self::parse`].
    pub fn parse_request(text: &[u8]) -> Result<Self, String> {
        let parsed = if text.is_empty() {
            Err("empty url".into())
        } else {
            Self::parse_without_fragment(text, true)
        };
        parsed.map_err(|reason| format!("parse {}: {reason}", quote(text)))
    }

    fn parse_without_fragment(text: &[u8], via_request: bool) -> Result<Self, String> {
        if text.iter().any(u8::is_ascii_control) {
            return Err("net/url: invalid control character in URL".into());
        }
        let mut url = Self::default();
        if text == b"*" {
            url.path = text.to_vec();
            return Ok(url);
        }
        let (scheme, rest) = split_scheme(text)?;
        url.scheme = scheme.to_ascii_lowercase();
        let (mut rest, query) = cut(rest, b'?');
        if let Some(query) = query {
            url.force_query = query.is_empty();
            url.raw_query = query.to_vec();
        }
        if rest.first() != Some(&b'/') {
            if !scheme.is_empty() {
                url.opaque = rest.to_vec();
                return Ok(url);
            }
            if via_request {
                return Err("invalid URI for request".into());
            }
            if cut(rest, b'/').0.contains(&b':') {
                return Err("first path segment in URL cannot contain colon".into());
            }
        }
        let may_have_host = !scheme.is_empty() || !via_request && !rest.starts_with(b"///");
        if may_have_host && rest.starts_with(b"//") {
            let authority = cut(&rest[2..], b'/').0;
            rest = &rest[2 + authority.len()..];
            url.parse_authority(authority)?;
        }
        url.path = unescape(rest, Part::Path)?.into_owned();
        if rest != escaped(&url.path, Part::Path) {
            url.raw_path = rest.to_vec();
        }
        Ok(url)
    }

    /// Reads `[user[:password]@]host[:port]`; the host is judged first.
    fn parse_authority(&mut self, authority: &[u8]) -> Result<(), String> {
        let at = authority.iter().rposition(|&byte| byte == b'@');
        self.host = self.parse_host(at.map_or(authority, |at| &authority[at + 1..]))?;
        let Some(user_info) = at.map(|at| &authority[..at]) else {
            return Ok(());
        };
        let valid =
            |&byte: &u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte);
        if !user_info.iter().all(valid) {
            return Err("net/url: invalid userinfo".into());
        }
        let (user, password) = cut(user_info, b':');
        let user = unescape(user, Part::UserPassword)?.into_owned();
        let password = password
            .map(|text| unescape(text, Part::UserPassword))
            .transpose()?;
        self.user = Some(UserInfo {
            user,
            password: password.map(Into::into),
        });
        Ok(())
    }

    fn parse_host(&self, host: &[u8]) -> Result<Vec<u8>, String> {
        let bracket = host.iter().rposition(|&byte| byte == b'[');
        match bracket {
            Some(0) => return parse_bracketed_host(host),
            Some(_) => return Err("invalid IP-literal".into()),
            None => {}
        }
        // Only for the web does the first colon begin the port; others may list several hosts.
        let colon = if matches!(self.scheme.as_slice(), b"http" | b"https") {
            host.iter().position(|&byte| byte == b':')
        } else {
            host.iter().rposition(|&byte| byte == b':')
        };
        if let Some(colon) = colon {
            check_port(&host[colon..])?;
        }
        Ok(unescape(host, Part::Host)?.into_owned())
    }

    /// Returns the host without port and brackets. `Go: URL.Hostname`.
    pub fn hostname(&self) -> &[u8] {
        let mut host = self.host.as_slice();
        if let Some(colon) = host.iter().rposition(|&byte| byte == b':')
            && check_port(&host[colon..]).is_ok()
        {
            host = &host[..colon];
        }
        if let [b'[', inner @ .., b']'] = host {
            host = inner;
        }
        host
    }

    /// Returns the port, if it is a number.
    pub fn port(&self) -> &[u8] {
        match self.host.iter().rposition(|&byte| byte == b':') {
            Some(colon) if check_port(&self.host[colon..]).is_ok() => &self.host[colon + 1..],
            _ => b"",
        }
    }

    /// Returns the path encoded, as it was written if that still says the same.
    pub fn escaped_path(&self) -> Vec<u8> {
        match self.path.as_slice() {
            path if says_the_same(&self.raw_path, path, Part::Path) => self.raw_path.clone(),
            b"*" => b"*".to_vec(),
            path => escaped(path, Part::Path),
        }
    }

    /// Appends the whole URL as text. `Go: URL.String`.
    pub fn append_to(&self, out: &mut Vec<u8>) {
        let start = out.len();
        if !self.scheme.is_empty() {
            out.extend_from_slice(&self.scheme);
            out.push(b':');
        }
        if self.opaque.is_empty() {
            self.append_hierarchy(out, start);
        } else {
            out.extend_from_slice(&self.opaque);
        }
        if self.force_query || !self.raw_query.is_empty() {
            out.push(b'?');
            out.extend_from_slice(&self.raw_query);
        }
        if !self.fragment.is_empty() {
            out.push(b'#');
            if says_the_same(&self.raw_fragment, &self.fragment, Part::Fragment) {
                out.extend_from_slice(&self.raw_fragment);
            } else {
                append_escaped(out, &self.fragment, Part::Fragment);
            }
        }
    }

    /// `//user@host/path`, as far as there is any of it.
    fn append_hierarchy(&self, out: &mut Vec<u8>, start: usize) {
        let has_authority = !self.host.is_empty() || self.user.is_some();
        if has_authority || (!self.scheme.is_empty() && !self.path.is_empty()) {
            out.extend_from_slice(b"//");
            if let Some(user) = &self.user {
                user.append_to(out);
                out.push(b'@');
            }
            append_escaped(out, &self.host, Part::Host);
        }
        let path = self.escaped_path();
        if !self.host.is_empty() && path.first().is_some_and(|&byte| byte != b'/') {
            out.push(b'/');
        }
        // At the very beginning `a:b` would read as a scheme.
        if out.len() == start && cut(&path, b'/').0.contains(&b':') {
            out.extend_from_slice(b"./");
        }
        out.extend_from_slice(&path);
    }
}

/// `[v6 address]` with an optional port; a zone follows `%25`.
fn parse_bracketed_host(host: &[u8]) -> Result<Vec<u8>, String> {
    let close = host.iter().rposition(|&byte| byte == b']');
    let close = close.ok_or_else(|| "missing ']' in host".to_owned())?;
    check_port(&host[close + 1..])?;
    let zone = host[..close].windows(3).position(|window| window == b"%25");
    let zone = zone.unwrap_or(close);
    let mut out = unescape(&host[..zone], Part::Host)?.into_owned();
    out.extend_from_slice(&unescape(&host[zone..close], Part::Zone)?);
    let inner_end = out.len();
    out.extend_from_slice(&unescape(&host[close..], Part::Host)?);
    match netip::parse_addr(&out[1..inner_end]) {
        Err(error) => Err(format!("invalid host: {error}")),
        Ok(netip::Version::V4) => Err("invalid IP-literal".into()),
        Ok(netip::Version::V6) => Ok(out),
    }
}

/// Whether `raw` is a sound encoding of `text`.
fn says_the_same(raw: &[u8], text: &[u8], part: Part) -> bool {
    let sound = |&byte: &u8| b"!$&'()*+,;=:@[]%".contains(&byte) || !must_escape(byte, part);
    !raw.is_empty()
        && raw.iter().all(sound)
        && unescape(raw, part).is_ok_and(|decoded| *decoded == *text)
}

fn escaped(text: &[u8], part: Part) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    append_escaped(&mut out, text, part);
    out
}

/// Splits at the first `separator`, which neither side keeps.
fn cut(text: &[u8], separator: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|&byte| byte == separator) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}

/// Splits `scheme:rest`; without a scheme all is rest.
fn split_scheme(text: &[u8]) -> Result<(&[u8], &[u8]), String> {
    for (at, &byte) in text.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err("missing protocol scheme".into()),
            b':' => return Ok((&text[..at], &text[at + 1..])),
            _ => break,
        }
    }
    Ok((b"", text))
}

/// Demands nothing, or a colon and digits.
fn check_port(text: &[u8]) -> Result<(), String> {
    match text {
        [] => Ok(()),
        [b':', digits @ ..] if digits.iter().all(u8::is_ascii_digit) => Ok(()),
        _ => Err(format!("invalid port {} after host", quote(text))),
    }
}

#[cfg(test)]
mod tests;
