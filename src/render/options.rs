//! What a render depends on, apart from chart and values.

use std::fmt;
use std::sync::Arc;

use super::context::Release;
use crate::capabilities::Capabilities;
use crate::diag::{Diagnostic, Error, ErrorKind, Level, Sink};
use crate::host::{Host, SystemHost};
use crate::limits::{self, Bounds};
use crate::values::schema::References;

/// The longest name a release may have.
const MAX_NAME: usize = 53;

/// What names of releases look like.
const NAME_PATTERN: &str = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

/// What a render depends on, apart from chart and values.
///
/// # Examples
///
/// ```
/// use verta_render::RenderOptions;
///
/// let options = RenderOptions {
///     namespace: "shop".into(),
///     ..RenderOptions::named("web")
/// };
/// assert_eq!(options.release_name, "web");
/// ```
#[derive(Clone)]
pub struct RenderOptions {
    /// The name of the release.
    pub release_name: String,
    /// The namespace of the release.
    pub namespace: String,
    /// Whether to render as for an upgrade rather than an installation.
    pub is_upgrade: bool,
    /// What the cluster is said to offer.
    pub capabilities: Capabilities,
    /// Whether values.schema.json is left aside.
    pub skip_schema_validation: bool,
    /// How far values.schema.json may reach.
    pub schema_references: References,
    /// Whether templates may ask for addresses.
    pub enable_dns: bool,
    /// Whether the notes of subcharts are kept beside those of the chart.
    pub subchart_notes: bool,
    /// Whether to render as for linting: `fail` and `required` let it go on, any
    /// version of Kubernetes will do, and the release is neither installed nor
    /// upgraded.
    pub lint: bool,
    /// What a render may use and do, and what stops it.
    pub bounds: Bounds,
    /// Clock, randomness and names.
    pub host: Arc<dyn Host>,
}

impl RenderOptions {
    /// Returns the options of a plain installation of a release with this name, within the bounds of the operation
    /// under way, if there is one.
    pub fn named(release_name: impl Into<String>) -> RenderOptions {
        RenderOptions {
            release_name: release_name.into(),
            namespace: "default".into(),
            is_upgrade: false,
            capabilities: Capabilities::default(),
            skip_schema_validation: false,
            schema_references: References::default(),
            enable_dns: false,
            subchart_notes: false,
            lint: false,
            bounds: limits::bounds(),
            host: Arc::new(SystemHost),
        }
    }

    pub(super) fn release(&self) -> Release {
        Release {
            name: self.release_name.clone(),
            namespace: self.namespace.clone(),
            // For lint, nothing is done with the release.
            is_install: !self.is_upgrade && !self.lint,
            is_upgrade: self.is_upgrade,
            revision: i64::from(!self.lint),
        }
    }

    /// Checks the name of the release.
    pub(super) fn check_name(&self, sink: &Sink) -> Result<(), Error> {
        let name = &self.release_name;
        let reason = if name.is_empty() {
            "no name provided".to_owned()
        } else if is_release_name(name) {
            return Ok(());
        } else {
            format!(
                "invalid release name, must match regex {NAME_PATTERN} and the length must not be longer than {MAX_NAME}"
            )
        };
        let name = crate::gostd::strconv::quote(name.as_bytes());
        let reason = format!("release name {name}: {reason}");
        sink.push(
            Diagnostic::log(Level::Error, "release name check failed").with("error", &*reason),
        );
        let text = format!("release name check failed: {reason}");
        Err(Error::new(ErrorKind::Usage, text))
    }
}

impl Default for RenderOptions {
    fn default() -> RenderOptions {
        RenderOptions::named("release-name")
    }
}

impl fmt::Debug for RenderOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RenderOptions")
            .field("release_name", &self.release_name)
            .field("namespace", &self.namespace)
            .field("is_upgrade", &self.is_upgrade)
            .field("capabilities", &self.capabilities)
            .finish_non_exhaustive()
    }
}

/// Reports whether a name is of lower case letters, digits and dashes, in parts
/// between dots that neither begin nor end with a dash.
fn is_release_name(name: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('-')
            && !part.ends_with('-')
            && part
                .bytes()
                .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'))
    };
    name.len() <= MAX_NAME && name.split('.').all(is_part)
}

#[cfg(test)]
mod tests {
    use super::is_release_name;

    #[test]
    fn names_are_dns_labels_with_dots() {
        for good in ["web", "1web", "my.web", "a-b", &"a".repeat(53)] {
            assert!(is_release_name(good), "{good}");
        }
        for bad in [
            "",
            "Web",
            "my_web",
            "-a",
            "a-",
            "a..b",
            "a.",
            &"a".repeat(54),
        ] {
            assert!(!is_release_name(bad), "{bad}");
        }
    }
}
