//! Registries, which keep charts as OCI artifacts.
//!
//! An artifact is a manifest that names, by digest, a description of the chart, the
//! archive, and the signature on it if there is one. Begin with [`mod@reference`] (what an
//! artifact is called) and [`session`] (how a registry is spoken to).
//!
//! helm: pkg/registry.

pub mod credentials;
mod login;
mod pull;
pub mod push;
pub mod reference;
mod retry;
mod session;

use sha2::{Digest, Sha256};

use crate::value::Value;

/// The kind of a chart's description.
const CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";

/// The kind of an archive.
const CHART_LAYER: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

/// The kind archives once had.
const OLD_CHART_LAYER: &str = "application/tar+gzip";

/// The kind of a signature.
const PROVENANCE_LAYER: &str = "application/vnd.cncf.helm.chart.provenance.v1.prov";

const IMAGE_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

const IMAGE_INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// What is told about a tag with an underscore.
const UNDERSCORE: &str = "
OCI artifact references (e.g. tags) do not support the plus sign (+). To support
storing semantic versions, Helm adopts the convention of changing plus (+) to
an underscore (_) in chart version tags when pushing to a registry and back to
a plus (+) when pulling from a registry.
";

/// What a manifest says about a content.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
struct Descriptor {
    media_type: String,
    digest: String,
    size: u64,
}

impl Descriptor {
    fn of(media_type: &str, data: &[u8]) -> Descriptor {
        Descriptor {
            media_type: media_type.to_owned(),
            digest: digest_of(data),
            size: data.len() as u64,
        }
    }

    fn read(value: &Value) -> Option<Descriptor> {
        let members = value.as_map()?;
        let text = |name: &str| {
            let text = members.index(name.as_bytes());
            text.as_str().map(|t| t.to_lossy().into_owned())
        };
        let size = members.index(b"size").as_float()?;
        Some(Descriptor {
            media_type: text("mediaType")?,
            digest: text("digest")?,
            // No content is so large that its size would not be exact.
            size: size as u64,
        })
    }
}

fn digest_of(data: &[u8]) -> String {
    let hash = Sha256::digest(data);
    format!("sha256:{}", data_encoding::HEXLOWER.encode(&hash))
}

fn pull_scope(repository: &str) -> String {
    format!("repository:{repository}:pull")
}
