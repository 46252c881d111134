//! Versions of Kubernetes, as `--kube-version` gives them.
//!
//! Kubernetes: apimachinery util/version `ParseGeneric`; helm: pkg/chart/common
//! `ParseKubeVersion`.

use crate::diag::{Error, ErrorKind};
use crate::gostd::strconv;

/// A version of Kubernetes.
///
/// # Examples
///
/// ```
/// use verta_render::capabilities::KubeVersion;
///
/// let version = KubeVersion::parse("1.30.2-eks-1").unwrap();
/// assert_eq!(version.full(), "v1.30.2-eks-1");
/// assert_eq!(version.normalized(), "v1.30.2");
/// assert_eq!((version.major(), version.minor()), ("1", "30"));
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KubeVersion {
    full: String,
    normalized: String,
    major: String,
    minor: String,
}

impl KubeVersion {
    /// Reads a version: an optional `v`, at least two numbers, and whatever follows
    /// them.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if there are no two numbers at the start.
    pub fn parse(text: &str) -> Result<KubeVersion, Error> {
        let numbers = components(text).map_err(|reason| {
            let text = format!("invalid kube version '{text}': {reason}");
            Error::new(ErrorKind::Usage, text)
        })?;
        let full = if text.starts_with('v') {
            text.to_owned()
        } else {
            format!("v{text}")
        };
        // As many numbers as were given: `1.30` and `1.2.3.4` keep their length.
        let shown: Vec<String> = numbers.iter().map(u64::to_string).collect();
        Ok(KubeVersion {
            full,
            normalized: format!("v{}", shown.join(".")),
            major: shown.first().cloned().unwrap_or_default(),
            minor: shown.get(1).cloned().unwrap_or_default(),
        })
    }

    /// Returns the version as it was given, with `v` in front.
    pub fn full(&self) -> &str {
        &self.full
    }

    /// Returns the numbers alone, with `v` in front: what a chart's kubeVersion is
    /// checked against.
    pub fn normalized(&self) -> &str {
        &self.normalized
    }

    /// Returns the first number.
    pub fn major(&self) -> &str {
        &self.major
    }

    /// Returns the second number.
    pub fn minor(&self) -> &str {
        &self.minor
    }
}

impl Default for KubeVersion {
    /// The version helm 4.3.1 assumes without a cluster.
    fn default() -> KubeVersion {
        KubeVersion {
            full: "v1.37.0".into(),
            normalized: "v1.37.0".into(),
            major: "1".into(),
            minor: "37".into(),
        }
    }
}

/// Splits off the leading numbers: `^\s*v?([0-9]+(?:\.[0-9]+)*)(.*)*$` in
/// Kubernetes' own words.
fn components(text: &str) -> Result<Vec<u64>, String> {
    let quoted = || strconv::quote(text.as_bytes());
    let rest = text.trim_start_matches(['\t', '\n', '\x0C', '\r', ' ']);
    let rest = rest.strip_prefix('v').unwrap_or(rest);
    let mut end = 0;
    loop {
        let digits = rest[end..].bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            // A dot that no digit follows belongs to what comes after the numbers.
            end = end.saturating_sub(1);
            break;
        }
        end += digits;
        if !rest[end..].starts_with('.') {
            break;
        }
        end += 1;
    }
    let (numbers, tail) = rest.split_at(end);
    // The pattern's `.` does not match a line end.
    if numbers.is_empty() || tail.contains('\n') {
        return Err(format!("could not parse {} as version", quoted()));
    }
    let numbers: Vec<&str> = numbers.split('.').collect();
    if numbers.len() < 2 {
        return Err(format!("illegal version string {}", quoted()));
    }
    numbers
        .iter()
        .enumerate()
        .map(|(i, n)| {
            if i == 0 && n.len() > 1 && n.starts_with('0') {
                return Err(format!(
                    "illegal zero-prefixed version component \"{n}\" in {}",
                    quoted()
                ));
            }
            n.parse().map_err(|_| {
                format!(
                    "illegal non-numeric version component \"{n}\" in {}: strconv.ParseUint: parsing \"{n}\": value out of range",
                    quoted()
                )
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_the_numbers_is_kept_but_not_compared() {
        let version = KubeVersion::parse("1.30.2.-x").unwrap();
        assert_eq!(version.full(), "v1.30.2.-x");
        assert_eq!(version.normalized(), "v1.30.2");
    }

    #[test]
    fn one_number_is_not_enough() {
        let error = KubeVersion::parse("1").unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid kube version '1': illegal version string \"1\""
        );
        let error = KubeVersion::parse("latest").unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid kube version 'latest': could not parse \"latest\" as version"
        );
    }
}
