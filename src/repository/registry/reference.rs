//! What a chart in a registry is called: `HOST/REPOSITORY:TAG` or `...@DIGEST`.
//!
//! helm: pkg/registry `newReference`; Go: oras.land/oras-go `registry.Reference`.

use std::fmt;

use crate::diag::{Error, ErrorKind};
use crate::gostd::strconv::quote;
use crate::gostd::url::Url;

/// A place in a registry.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Reference {
    /// Host and port.
    pub registry: String,
    /// The path, which ends in the chart's name.
    pub repository: String,
    /// The tag, with `_` for `+`; empty for none.
    pub tag: String,
    /// The digest, empty for none.
    pub digest: String,
}

impl Reference {
    /// Reads a reference, with or without `oci://`.
    ///
    /// # Errors
    ///
    /// Fails with helm's text: `invalid reference: invalid repository "X"`.
    pub fn parse(text: &str) -> Result<Reference, Error> {
        let mut rest = text.strip_prefix("oci://").unwrap_or(text);
        let mut digest = "";
        let host = rest.split('/').next().unwrap_or_default();
        if host.contains('@') && host.len() < rest.len() {
            let host = quote(host.as_bytes());
            return Err(invalid(&format!("invalid registry {host}")));
        }
        if let Some((before, after)) = rest.rsplit_once('@') {
            (rest, digest) = (before, after);
        }
        let Some((registry, path)) = rest.split_once('/') else {
            return Err(invalid("missing registry or repository"));
        };
        let (repository, tag) = match path.split_once(':') {
            Some((repository, tag)) => (repository, tag.replace('+', "_")),
            None => (path, String::new()),
        };
        let is_host = Url::parse(format!("dummy://{registry}").as_bytes())
            .is_ok_and(|url| url.host == registry.as_bytes() && !registry.is_empty());
        let quoted = |text: &str| quote(text.as_bytes());
        if !is_host {
            return Err(invalid(&format!("invalid registry {}", quoted(registry))));
        }
        if !is_repository(repository) {
            let repository = quoted(repository);
            return Err(invalid(&format!("invalid repository {repository}")));
        }
        if !tag.is_empty() && !is_tag(&tag) {
            return Err(invalid(&format!("invalid tag {}", quoted(&tag))));
        }
        if !digest.is_empty() && !is_digest(digest) {
            let reason = digest_problem(digest);
            return Err(invalid(&format!(
                "invalid digest {}: {reason}",
                quoted(digest)
            )));
        }
        Ok(Reference {
            registry: registry.to_owned(),
            repository: repository.to_owned(),
            tag,
            digest: digest.to_owned(),
        })
    }

    /// Returns the chart's name: the last part of the path.
    pub fn name(&self) -> &str {
        self.repository.rsplit('/').next().unwrap_or_default()
    }

    /// Returns what a manifest is asked for by: the digest, or else the tag.
    pub fn target(&self) -> &str {
        if self.digest.is_empty() {
            &self.tag
        } else {
            &self.digest
        }
    }

    /// Returns the host to connect to. Docker's name for its own is not where it is.
    pub fn host(&self) -> &str {
        match self.registry.as_str() {
            "docker.io" => "registry-1.docker.io",
            registry => registry,
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.registry, self.repository)?;
        if !self.tag.is_empty() {
            write!(f, ":{}", self.tag)
        } else if !self.digest.is_empty() {
            write!(f, "@{}", self.digest)
        } else {
            Ok(())
        }
    }
}

fn invalid(reason: &str) -> Error {
    Error::new(ErrorKind::Usage, format!("invalid reference: {reason}"))
}

/// Parts of small letters and digits, with single separators inside.
fn is_repository(text: &str) -> bool {
    text.split('/').all(|part| {
        let is_word = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let bytes = part.as_bytes();
        let ends_well = bytes.first().is_some_and(is_word) && bytes.last().is_some_and(is_word);
        let mut gaps = part.split(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
        let is_gap = |gap: &str| {
            matches!(gap, "" | "." | "_" | "__") || gap.bytes().all(|byte| byte == b'-')
        };
        ends_well && gaps.all(is_gap)
    })
}

fn is_tag(text: &str) -> bool {
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    text.len() <= 128
        && text.bytes().next().is_some_and(is_word)
        && text.bytes().all(|b| is_word(b) || matches!(b, b'.' | b'-'))
}

/// Reports whether a text is a SHA-256 digest as registries write it.
pub fn is_digest(text: &str) -> bool {
    let hex = text.strip_prefix("sha256:");
    let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    hex.is_some_and(|hex| hex.len() == 64 && hex.bytes().all(is_hex))
}

/// Returns why a text is no digest.
fn digest_problem(text: &str) -> &'static str {
    const FORMAT: &str = "invalid checksum digest format";
    let Some((algorithm, hex)) = text
        .split_once(':')
        .filter(|(a, h)| !a.is_empty() && !h.is_empty())
    else {
        return FORMAT;
    };
    let length = match algorithm {
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => {
            let is_word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
            let mut words = algorithm.split(['+', '.', '_', '-']);
            let is_name = words.all(|word| !word.is_empty() && word.bytes().all(is_word));
            let is_content = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'=' | b'_' | b'-');
            return match is_name && hex.bytes().all(is_content) {
                true => "unsupported digest algorithm",
                false => FORMAT,
            };
        }
    };
    match hex.len() == length {
        // DIFFERS(helm): only SHA-256 is read, which is what registries use.
        true if algorithm != "sha256" => "unsupported digest algorithm",
        true => FORMAT,
        false => "invalid checksum digest length",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_taken_apart() {
        let reference = Reference::parse("oci://r:5000/a/b:1.2.3+x").unwrap();
        assert_eq!(reference.to_string(), "r:5000/a/b:1.2.3_x");
        assert_eq!((reference.name(), reference.target()), ("b", "1.2.3_x"));
        let digest = format!("sha256:{}", "0a".repeat(32));
        let reference = Reference::parse(&format!("r/b@{digest}")).unwrap();
        assert_eq!(reference.target(), digest);
        assert_eq!(reference.to_string(), format!("r/b@{digest}"));
    }

    #[test]
    fn what_is_wrong_is_told_in_helms_words() {
        let failure = |text: &str| Reference::parse(text).unwrap_err().to_string();
        assert_eq!(
            failure("oci://r"),
            "invalid reference: missing registry or repository"
        );
        assert_eq!(failure("r/"), "invalid reference: invalid repository \"\"");
        assert_eq!(
            failure("r/A/b:1"),
            "invalid reference: invalid repository \"A/b\""
        );
        assert_eq!(failure("r/b:x!"), "invalid reference: invalid tag \"x!\"");
        assert_eq!(
            failure("r/a--.b"),
            "invalid reference: invalid repository \"a--.b\""
        );
    }
}
