//! What a cluster is said to offer: its version, its APIs, and the client's version.
//!
//! There is no cluster: the defaults are those helm 4.3.1 has without one, and
//! `--kube-version` and `--api-versions` change them. [`Capabilities::to_value`]
//! makes the object templates see as `.Capabilities`.
//!
//! helm: pkg/chart/common `Capabilities`.

mod default_api_versions;
mod kube_version;
mod objects;

pub use objects::{build_info, helm_version};

use crate::value::{Str, Value};

pub use kube_version::KubeVersion;

/// What a cluster is said to offer.
///
/// # Examples
///
/// ```
/// use verta_render::capabilities::Capabilities;
///
/// let mut capabilities = Capabilities::default();
/// assert!(capabilities.has("apps/v1"));
/// capabilities.add_api_version("example.com/v1/Widget");
/// assert!(capabilities.has("example.com/v1/Widget"));
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Capabilities {
    kube_version: KubeVersion,
    extra_api_versions: Vec<Str>,
}

impl Capabilities {
    /// Returns the version of Kubernetes.
    pub fn kube_version(&self) -> &KubeVersion {
        &self.kube_version
    }

    /// Sets the version of Kubernetes (`--kube-version`).
    pub fn set_kube_version(&mut self, version: KubeVersion) {
        self.kube_version = version;
    }

    /// Adds an API version (`--api-versions`), even if it is there already.
    pub fn add_api_version(&mut self, version: impl Into<Str>) {
        self.extra_api_versions.push(version.into());
    }

    /// Reports whether an API version is offered, by its exact text.
    pub fn has(&self, version: &str) -> bool {
        default_api_versions::DEFAULT_API_VERSIONS.contains(&version)
            || self.extra_api_versions.iter().any(|v| *v == version)
    }

    /// Returns all API versions, the added ones last.
    pub fn api_versions(&self) -> impl Iterator<Item = &[u8]> {
        default_api_versions::DEFAULT_API_VERSIONS
            .iter()
            .map(|v| v.as_bytes())
            .chain(self.extra_api_versions.iter().map(Str::as_bytes))
    }

    /// Returns the object templates see as `.Capabilities`.
    pub fn to_value(&self) -> Value {
        Value::object(objects::CapabilitiesObject::new(self.clone()))
    }
}

impl Default for Capabilities {
    /// What helm 4.3.1 assumes without a cluster.
    fn default() -> Capabilities {
        Capabilities {
            kube_version: KubeVersion::default(),
            extra_api_versions: Vec::new(),
        }
    }
}
