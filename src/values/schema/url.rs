//! The addresses that schemas refer to each other by.
//!
//! Go: net/url `ResolveReference`, and how the schema library splits fragments.

use crate::gostd::{strconv, url::Url};

/// An address without its fragment, and the fragment, decoded.
pub(super) type Split = (String, String);

/// Splits an address at `#`.
///
/// # Errors
///
/// The library's text if the fragment is not encoded properly.
pub(super) fn split(text: &str) -> Result<Split, String> {
    let (url, fragment) = text.split_once('#').unwrap_or((text, ""));
    let fragment = decode(fragment).map_err(|bad| {
        format!(
            "error in parsing {}: invalid URL escape {}",
            quoted(text),
            quoted(&bad)
        )
    })?;
    Ok((url.to_owned(), fragment))
}

/// Resolves an address in a document at `base`.
///
/// # Errors
///
/// The library's text if it is no address.
pub(super) fn join(base: &str, reference: &str) -> Result<Split, String> {
    let (url, fragment) = split(reference)?;
    if let Err(error) = Url::parse(url.as_bytes()) {
        return Err(format!("error in parsing {}: {error}", quoted(&url)));
    }
    Ok((resolve(base, &url), fragment))
}

fn quoted(text: &str) -> String {
    strconv::quote(text.as_bytes())
}

fn resolve(base: &str, url: &str) -> String {
    if url.is_empty() {
        return base.to_owned();
    }
    if has_scheme(url) {
        return url.to_owned();
    }
    let scheme_end = base.find(':').map_or(0, |colon| colon + 1);
    if url.starts_with("//") {
        return format!("{}{url}", &base[..scheme_end]);
    }
    let Some(rest) = base[scheme_end..].strip_prefix("//") else {
        // urn:x has no path that something could be relative to.
        return base.to_owned();
    };
    let path_start = base.len() - rest.len() + rest.find('/').unwrap_or(rest.len());
    let (authority, path) = base.split_at(path_start);
    let path = if url.starts_with('/') {
        url.to_owned()
    } else {
        let directory = path.rfind('/').map_or("/", |slash| &path[..=slash]);
        format!("{directory}{url}")
    };
    format!("{authority}{}", without_dots(&path))
}

fn has_scheme(url: &str) -> bool {
    url.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
    })
}

fn without_dots(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').skip(1) {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

/// Decodes `%41`; the error is what cannot be decoded.
fn decode(text: &str) -> Result<String, String> {
    if !text.contains('%') {
        return Ok(text.to_owned());
    }
    let mut decoded = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte != b'%' {
            decoded.push(byte);
            continue;
        }
        let digits = tail.get(..2).and_then(|d| std::str::from_utf8(d).ok());
        match digits.and_then(|d| u8::from_str_radix(d, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                rest = &tail[2..];
            }
            None => {
                let bad = &tail[..tail.len().min(2)];
                return Err(format!("%{}", String::from_utf8_lossy(bad)));
            }
        }
    }
    Ok(String::from_utf8_lossy(&decoded).into_owned())
}

/// Encodes a JSON pointer for an address.
pub(super) fn encode(pointer: &str) -> String {
    let mut encoded = String::new();
    for byte in pointer.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/$&+:=@".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// Escapes a name for a JSON pointer.
pub(super) fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_resolved() {
        let joined = |base, url| join(base, url).unwrap();
        let base = "file:///values.schema.json";
        assert_eq!(
            joined(base, "#/a%20b"),
            (base.to_owned(), "/a b".to_owned())
        );
        assert_eq!(joined(base, "other.json").0, "file:///other.json");
        assert_eq!(joined("http://x/a/b", "../c/./d#e").0, "http://x/c/d");
        assert_eq!(joined("http://x/a", "/b").0, "http://x/b");
        assert_eq!(joined(base, "urn:x:y").0, "urn:x:y");
        assert!(join(base, "#%zz").is_err());
    }
}
