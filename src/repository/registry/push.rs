//! Charts into a registry: contents first, then the manifest under its tag.
//!
//! helm: pkg/registry `Client.Push`, `generateOCIAnnotations`.

use std::collections::BTreeMap;

use super::reference::Reference;
use super::session::{Call, Session, refusal};
use super::{
    CHART_LAYER, CONFIG, Descriptor, IMAGE_MANIFEST, PROVENANCE_LAYER, UNDERSCORE, digest_of,
};
use crate::chart::Metadata;
use crate::chart::loader::{Formats, load_archive};
use crate::codec::json::{ObjectWriter, array};
use crate::diag::{Error, ErrorKind, Sink};
use crate::net::{Method, Response};
use crate::repository::Remote;
use crate::value::Map;

/// What is put into a registry.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// The archive.
    pub archive: Vec<u8>,
    /// The signature on it.
    pub provenance: Option<Vec<u8>>,
    /// When the archive was made, in RFC 3339.
    pub created: String,
}

impl Remote {
    /// Puts a chart into a registry, below the folder `remote`; returns what helm prints.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if it is no chart or the registry does not take it.
    pub fn push(&self, package: &Package, remote: &str) -> Result<Vec<u8>, Error> {
        let chart = load_archive(&package.archive, Formats::Any, &Sink::new())?;
        let metadata = chart.metadata();
        let folder = remote.strip_prefix("oci://").unwrap_or(remote);
        let name = crate::gostd::path::join([folder.as_bytes(), metadata.name.as_bytes()]);
        let name = String::from_utf8_lossy(&name);
        let reference = Reference::parse(&format!("{name}:{}", metadata.version))?;
        let unwritable = |text: String| Error::new(ErrorKind::Chart, text);
        let mut config = ObjectWriter::default();
        metadata.write_json(&mut config).map_err(unwritable)?;
        let config = config.finish();
        let mut layers = vec![(CHART_LAYER, package.archive.as_slice())];
        if let Some(provenance) = &package.provenance {
            layers.push((PROVENANCE_LAYER, provenance));
        }
        let mut layers: Vec<(Descriptor, &[u8])> = layers
            .into_iter()
            .map(|(kind, data)| (Descriptor::of(kind, data), data))
            .collect();
        layers.sort_by(|a, b| a.0.digest.cmp(&b.0.digest));
        let manifest = manifest(&Descriptor::of(CONFIG, &config), &layers, metadata, package)
            .map_err(unwritable)?;
        let digest = digest_of(&manifest);
        let upload = Upload {
            session: Session::new(self, None),
            reference: &reference,
        };
        if !upload.manifest_is_there(&digest)? {
            for (descriptor, data) in &layers {
                upload.blob(&descriptor.digest, data)?;
            }
            upload.blob(&digest_of(&config), &config)?;
            upload.manifest(&manifest, &digest, "Push")?;
        }
        upload.manifest(&manifest, &reference.tag, "Tag")?;
        let mut text = format!("Pushed: {reference}\nDigest: {digest}\n");
        if reference.tag.contains('_') {
            text.push_str(&format!(
                "{reference} contains an underscore.\n{UNDERSCORE}"
            ));
        }
        Ok(text.into_bytes())
    }
}

fn manifest(
    config: &Descriptor,
    layers: &[(Descriptor, &[u8])],
    metadata: &Metadata,
    package: &Package,
) -> Result<Vec<u8>, String> {
    let layers = layers.iter().map(|(layer, _)| layer.to_json());
    let layers = array(&layers.collect::<Result<Vec<_>, _>>()?);
    let annotations: Map = annotations(metadata, &package.created)
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str().into()))
        .collect();
    let mut object = ObjectWriter::default();
    object.raw("schemaVersion", b"2");
    object.raw("config", &config.to_json()?);
    object.raw("layers", &layers);
    object.member("annotations", &annotations.into())?;
    Ok(object.finish())
}

impl Descriptor {
    fn to_json(&self) -> Result<Vec<u8>, String> {
        let mut object = ObjectWriter::default();
        object.text("mediaType", &self.media_type)?;
        object.text("digest", &self.digest)?;
        object.raw("size", self.size.to_string().as_bytes());
        Ok(object.finish())
    }
}

/// Returns what a registry is told about a chart: what Chart.yaml says, and its own
/// annotations but for name and version.
fn annotations(metadata: &Metadata, created: &str) -> BTreeMap<String, String> {
    const PREFIX: &str = "org.opencontainers.image.";
    let mut all = BTreeMap::new();
    let mut put = |name: &str, text: &str| {
        if !text.trim().is_empty() {
            all.insert(format!("{PREFIX}{name}"), text.to_owned());
        }
    };
    put("description", &metadata.description);
    put("title", &metadata.name);
    put("version", &metadata.version);
    put("url", &metadata.home);
    put("created", created);
    if let Some(source) = metadata.sources.first() {
        put("source", source);
    }
    let authors = metadata
        .maintainers
        .iter()
        .map(|maintainer| match maintainer.email.as_str() {
            "" => maintainer.name.clone(),
            email => format!("{} ({email})", maintainer.name),
        });
    put("authors", &authors.collect::<Vec<_>>().join(", "));
    for (name, text) in metadata.annotations.iter().flatten() {
        let fixed = ["version", "title"].map(|fixed| format!("{PREFIX}{fixed}"));
        if !fixed.contains(name) {
            all.insert(name.clone(), text.clone());
        }
    }
    all
}

struct Upload<'a> {
    session: Session<'a>,
    reference: &'a Reference,
}

impl Upload<'_> {
    fn call<'a>(&'a self, method: Method, path: String, body: Option<&'a [u8]>) -> Call<'a> {
        Call {
            method,
            registry: self.reference.host(),
            scope: format!("repository:{}:pull,push", self.reference.repository),
            path,
            headers: Vec::new(),
            body,
        }
    }

    fn refused(&self, call: &Call<'_>, response: &Response) -> Error {
        let url = self.session.address(self.reference.host(), &call.path);
        refusal(call.method, &url, response)
    }

    /// Asks for the manifest first, as helm does: its errors are told in these words.
    fn manifest_is_there(&self, digest: &str) -> Result<bool, Error> {
        let path = format!("/v2/{}/manifests/{digest}", self.reference.repository);
        let mut call = self.call(Method::Head, path, None);
        call.headers.push(("Accept", IMAGE_MANIFEST.to_owned()));
        let prefix = "failed to perform \"Exists\" on destination: ";
        let response = self.session.send(&call);
        let response = response.map_err(|error| error.prefixed(prefix))?;
        match response.status {
            200 => Ok(true),
            404 => Ok(false),
            _ => Err(self.refused(&call, &response).prefixed(prefix)),
        }
    }

    /// Puts a content there, unless the registry has it.
    fn blob(&self, digest: &str, data: &[u8]) -> Result<(), Error> {
        let repository = &self.reference.repository;
        let path = format!("/v2/{repository}/blobs/{digest}");
        let exists = "failed to perform \"Exists\" on destination: ";
        let push = "failed to perform \"Push\" on destination: ";
        let call = self.call(Method::Head, path, None);
        let response = self.session.send(&call);
        let response = response.map_err(|error| error.prefixed(exists))?;
        if response.status == 200 {
            return Ok(());
        }
        let path = format!("/v2/{repository}/blobs/uploads/");
        let call = self.call(Method::Post, path, None);
        let response = self.session.send(&call);
        let response = response.map_err(|error| error.prefixed(push))?;
        if response.status != 202 {
            return Err(self.refused(&call, &response).prefixed(push));
        }
        let Some(place) = response.header("location") else {
            let text = "the registry does not tell where to put a content";
            return Err(Error::new(ErrorKind::Unavailable, text));
        };
        let separator = if place.contains('?') { '&' } else { '?' };
        let path = format!("{place}{separator}digest={}", digest.replace(':', "%3A"));
        let path = match place.starts_with('/') || place.contains("://") {
            true => path,
            false => format!("/{path}"),
        };
        self.check_place(&path)?;
        let mut call = self.call(Method::Put, path, Some(data));
        call.headers
            .push(("Content-Type", "application/octet-stream".to_owned()));
        let response = self.session.send(&call);
        let response = response.map_err(|error| error.prefixed(push))?;
        match response.status {
            201 => Ok(()),
            _ => Err(self.refused(&call, &response).prefixed(push)),
        }
    }

    /// What is known of a registry is not told to another host.
    fn check_place(&self, path: &str) -> Result<(), Error> {
        let own = self.session.address(self.reference.host(), "/");
        if !path.contains("://") || crate::repository::client::same_host(&own, path) {
            return Ok(());
        }
        let text = format!(
            "{}: the registry points to another host for uploads",
            self.reference
        );
        Err(Error::new(ErrorKind::Unavailable, text))
    }

    /// Puts the manifest there, under its digest or a tag.
    fn manifest(&self, manifest: &[u8], target: &str, step: &str) -> Result<(), Error> {
        let repository = &self.reference.repository;
        let path = format!("/v2/{repository}/manifests/{target}");
        let mut call = self.call(Method::Put, path, Some(manifest));
        call.headers
            .push(("Content-Type", IMAGE_MANIFEST.to_owned()));
        let prefix = format!("failed to perform {step:?} on destination: ");
        let response = self.session.send(&call);
        let response = response.map_err(|error| error.prefixed(&prefix))?;
        match response.status {
            201 => Ok(()),
            _ => Err(self.refused(&call, &response).prefixed(&prefix)),
        }
    }
}
