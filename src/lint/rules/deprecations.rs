//! Whether a version of Kubernetes has deprecated a kind.
//!
//! helm: pkg/chart/v2/lint/rules `validateNoDeprecations`; Kubernetes:
//! apiserver pkg/endpoints/deprecation.

use super::deprecated_kinds::DEPRECATED;
use crate::capabilities::KubeVersion;
use crate::gostd::strconv::parse_int_clamped;

/// Returns what there is to say about a kind, if anything.
pub(super) fn deprecation(
    api_version: &[u8],
    kind: &[u8],
    version: &KubeVersion,
) -> Option<String> {
    // The group of the oldest kinds is empty, and its slash may be written.
    let api_version = match api_version.strip_prefix(b"/") {
        Some(rest) if !rest.contains(&b'/') => rest,
        _ => api_version,
    };
    if api_version.is_empty() || kind.is_empty() {
        return None;
    }
    let wanted = (api_version, kind);
    let place = DEPRECATED
        .binary_search_by(|row| (row.api_version.as_bytes(), row.kind.as_bytes()).cmp(&wanted))
        .ok()?;
    let row = DEPRECATED.get(place)?;
    // DIFFERS(helm): a number beyond 64 bits is the largest there is, and no error.
    let number = |text: &str| parse_int_clamped(text.as_bytes(), 10, 64);
    let (major, minor) = (number(version.major()), number(version.minor()));
    // Version 0.0 is none at all, and warned against is then everything.
    if (major, minor) != (0, 0) && (major, minor) < (1, i64::from(row.since)) {
        return None;
    }
    let mut text = format!(
        "{} {} is deprecated in v1.{}+",
        row.api_version, row.kind, row.since
    );
    if let Some(until) = row.until {
        text.push_str(&format!(", unavailable in v1.{until}+"));
    }
    if let Some(successor) = row.successor {
        text.push_str(&format!("; use {successor}"));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn says(api_version: &str, kind: &str, version: &str) -> Option<String> {
        let version = KubeVersion::parse(version).expect("a version");
        deprecation(api_version.as_bytes(), kind.as_bytes(), &version)
    }

    #[test]
    fn the_table_is_sorted() {
        let keys: Vec<_> = DEPRECATED.iter().map(|r| (r.api_version, r.kind)).collect();
        assert!(keys.is_sorted(), "a search needs an order");
    }

    #[test]
    fn the_version_decides() {
        assert_eq!(says("batch/v1beta1", "CronJob", "1.20"), None);
        let text = "batch/v1beta1 CronJob is deprecated in v1.21+, unavailable in v1.25+; use batch/v1 CronJob";
        assert_eq!(
            says("batch/v1beta1", "CronJob", "1.21").as_deref(),
            Some(text)
        );
        assert_eq!(says("batch/v1", "CronJob", "1.30"), None);
        assert!(says("v1", "Endpoints", "2.0").is_some());
        assert!(says("/v1", "Endpoints", "0.0").is_some());
        assert_eq!(says("//v1", "Endpoints", "1.37"), None);
    }
}
