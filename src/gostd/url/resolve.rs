//! References against a base: `Go: URL.ResolveReference`.

use super::escape::{Part, unescape};
use super::{Url, escaped};

impl Url {
    /// Returns the URL that `reference` means where this one is the base.
    pub fn resolve(&self, reference: &Url) -> Url {
        let mut url = reference.clone();
        let is_absolute = !url.scheme.is_empty();
        if !is_absolute {
            url.scheme.clone_from(&self.scheme);
        }
        if is_absolute || !url.host.is_empty() || url.user.is_some() {
            url.set_path(resolve_path(&reference.escaped_path(), b""));
            return url;
        }
        if !url.opaque.is_empty() {
            url.path.clear();
            return url;
        }
        let is_empty = url.path.is_empty();
        if is_empty && !url.force_query && url.raw_query.is_empty() {
            url.raw_query.clone_from(&self.raw_query);
            if url.fragment.is_empty() {
                url.fragment.clone_from(&self.fragment);
                url.raw_fragment.clone_from(&self.raw_fragment);
            }
        }
        if is_empty && !self.opaque.is_empty() {
            url.opaque.clone_from(&self.opaque);
            return url;
        }
        url.host.clone_from(&self.host);
        url.user.clone_from(&self.user);
        url.set_path(resolve_path(
            &self.escaped_path(),
            &reference.escaped_path(),
        ));
        url
    }

    /// Sets the path from its encoded form.
    fn set_path(&mut self, path: Vec<u8>) {
        match unescape(&path, Part::Path) {
            Ok(plain) => {
                self.path = plain.into_owned();
                self.raw_path = if escaped(&self.path, Part::Path) == path {
                    Vec::new()
                } else {
                    path
                };
            }
            Err(_) => self.path = path,
        }
    }
}

/// Appends a relative path to the directory of another, and takes out `.` and `..`.
fn resolve_path(base: &[u8], reference: &[u8]) -> Vec<u8> {
    let whole = match reference {
        [] => base.to_vec(),
        [b'/', ..] => reference.to_vec(),
        _ => {
            let directory = base.iter().rposition(|&b| b == b'/').map_or(0, |at| at + 1);
            [&base[..directory], reference].concat()
        }
    };
    if whole.is_empty() {
        return whole;
    }
    let mut kept: Vec<&[u8]> = Vec::new();
    let mut ends_in_directory = false;
    for (i, part) in whole.split(|&b| b == b'/').enumerate() {
        ends_in_directory = matches!(part, b"." | b"..");
        match part {
            b"." => {}
            b".." => {
                kept.pop();
            }
            // What is before the first slash of an absolute path.
            b"" if i == 0 => {}
            part => kept.push(part),
        }
    }
    if ends_in_directory {
        kept.push(b"");
    }
    [b"/", &kept.join(&b'/')[..]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_find_their_place() {
        let resolve = |base: &str, reference: &str| {
            let base = Url::parse(base.as_bytes()).unwrap();
            let mut out = Vec::new();
            let reference = Url::parse(reference.as_bytes()).unwrap();
            base.resolve(&reference).append_to(&mut out);
            String::from_utf8(out).unwrap()
        };
        for (reference, wanted) in [
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g"),
            ("?y", "http://a/b/c/d;p?y"),
            ("g?y#s", "http://a/b/c/g?y#s"),
            ("", "http://a/b/c/d;p?q"),
            (".", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../../../g", "http://a/g"),
            ("g/../h", "http://a/b/c/h"),
            ("x%2Fy", "http://a/b/c/x%2Fy"),
            ("https://h/./x/../y", "https://h/y"),
        ] {
            assert_eq!(
                resolve("http://a/b/c/d;p?q", reference),
                wanted,
                "{reference}"
            );
        }
        assert_eq!(
            resolve("http://a/charts/", "index.yaml"),
            "http://a/charts/index.yaml"
        );
        assert_eq!(resolve("mailto:x", ""), "mailto:x");
    }
}
