//! Charts out of a registry: tags, manifests, contents.
//!
//! Every content is held against its digest before it is looked at.
//!
//! helm: pkg/registry `Client.Pull`, `Tags`, `ValidateReference`.

use std::path::Path;

use super::reference::{Reference, is_digest};
use super::session::{Call, Session, refusal};
use super::{
    CHART_LAYER, CONFIG, Descriptor, IMAGE_INDEX, IMAGE_MANIFEST, OLD_CHART_LAYER,
    PROVENANCE_LAYER, UNDERSCORE, digest_of, pull_scope,
};
use crate::codec::json;
use crate::diag::{Error, ErrorKind};
use crate::net::Method;
use crate::repository::Remote;
use crate::repository::download::{Download, Signature};
use crate::version::{Constraints, Version};

/// The kinds of manifests that are looked at.
const ACCEPT: &str = "application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, application/vnd.oci.artifact.manifest.v1+json";

/// How many pages of tags are read.
const MAX_PAGES: usize = 1_000;

/// How many manifests an index may lead to.
const MAX_MANIFESTS: usize = 64;

/// What is wanted of an artifact.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layer {
    Chart,
    Provenance,
}

impl Remote {
    /// Returns the versions a repository has tags of, the highest first.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if the registry does not tell.
    pub fn tags(&self, reference: &str) -> Result<Vec<String>, Error> {
        let reference = Reference::parse(reference)?;
        tags(&Session::new(self, None), &reference)
    }

    /// Fetches a chart, and its signature as far as that is wanted; what helm prints of
    /// it is appended to `log`. Nothing is written.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if it cannot be had.
    pub fn pull_chart(
        &self,
        reference: &str,
        version: &str,
        directory: &Path,
        signature: Signature<'_>,
        log: &mut Vec<u8>,
    ) -> Result<Download, Error> {
        let session = Session::new(self, None);
        let found = choose(&session, reference, version)?;
        let path = match found.digest.is_empty() {
            true => format!("{}:{}", found.name(), found.tag),
            false => format!("{}@{}", found.name(), found.digest),
        };
        // What stands behind the last colon becomes the version in the name.
        let (name, last) = path.rsplit_once(':').unwrap_or((&path, ""));
        // The underscore of a tag is the plus of a version.
        let last = if found.digest.is_empty() {
            version_of(version, last)
        } else {
            last.into()
        };
        let mut download = Download {
            file_name: format!("{name}-{last}.tgz"),
            archive: pull(&session, &found, Layer::Chart, log)?,
            ..Download::default()
        };
        if matches!(signature, Signature::Ignore) {
            return Ok(download);
        }
        match pull(&session, &found, Layer::Provenance, log) {
            Ok(provenance) => {
                if let Signature::CheckIfThere(check) | Signature::Check(check) = signature {
                    let path = directory.join(&download.file_name);
                    match check(&path, &download.archive, &provenance) {
                        Ok(found) => download.verified = found,
                        Err(problem) => download.problem = Some(problem),
                    }
                }
                download.provenance = Some(provenance);
            }
            Err(_) if matches!(signature, Signature::Check(_)) => {
                let file = match found.digest.is_empty() {
                    true => format!("{name}:{last}"),
                    false => path.clone(),
                };
                let text = format!(
                    "failed to fetch provenance \"oci://{}/{}.prov\"",
                    found.registry,
                    whole_path(&found, &file)
                );
                download.problem = Some(Error::new(ErrorKind::Unavailable, text));
            }
            Err(error) => {
                let line = format!("WARNING: Verification not found for {reference}: {error}\n");
                download.notes.extend_from_slice(line.as_bytes());
            }
        }
        Ok(download)
    }

    /// Fetches what an index entry points to; tells nothing of it.
    ///
    /// # Errors
    ///
    /// As [`Remote::pull_chart`].
    pub fn pull_listed(&self, url: &str) -> Result<Vec<u8>, Error> {
        let reference = Reference::parse(url)?;
        pull(
            &Session::new(self, None),
            &reference,
            Layer::Chart,
            &mut Vec::new(),
        )
    }

    /// Fetches what an address of a file in a registry means to helm: the archive of a chart.
    ///
    /// # Errors
    ///
    /// As [`Remote::pull_chart`]; also if the address has no tag and no digest.
    pub fn fetch_layer(&self, url: &str) -> Result<Vec<u8>, Error> {
        if Reference::parse(url)?.target().is_empty() {
            let text = "failed to perform \"FetchReference\" on source: invalid reference";
            return Err(Error::new(ErrorKind::Dependency, text));
        }
        self.pull_listed(url)
    }

    /// Fetches the signature on what an index entry points to.
    ///
    /// # Errors
    ///
    /// As [`Remote::pull_chart`].
    pub fn pull_listed_provenance(&self, url: &str) -> Result<Vec<u8>, Error> {
        let reference = Reference::parse(url)?;
        let session = Session::new(self, None);
        pull(&session, &reference, Layer::Provenance, &mut Vec::new())
    }
}

/// Returns the version as it was asked for, where it is the one of the tag.
fn version_of(version: &str, tag: &str) -> String {
    match version.replace('+', "_") == tag {
        true => version.to_owned(),
        false => tag.replace('_', "+"),
    }
}

/// Puts the folders of a repository before its last part.
fn whole_path(reference: &Reference, last: &str) -> String {
    match reference.repository.rsplit_once('/') {
        Some((folders, _)) => format!("{folders}/{last}"),
        None => last.to_owned(),
    }
}

fn tags(session: &Session<'_>, reference: &Reference) -> Result<Vec<String>, Error> {
    let mut path = format!("/v2/{}/tags/list", reference.repository);
    let mut versions = Vec::new();
    for _ in 0..MAX_PAGES {
        let response = session.send(&Call {
            method: Method::Get,
            registry: reference.host(),
            scope: pull_scope(&reference.repository),
            path: path.clone(),
            headers: Vec::new(),
            body: None,
        })?;
        if response.status != 200 {
            let url = session.address(reference.host(), &path);
            return Err(refusal(Method::Get, &url, &response));
        }
        let answer = json::decode(&response.body)
            .map_err(|error| Error::new(ErrorKind::Unavailable, error.to_string()))?;
        let list = answer.as_map().map(|map| map.index(b"tags"));
        let list = list.as_ref().and_then(|list| list.as_list());
        for tag in list.map(|list| list.items()).unwrap_or_default() {
            let tag = tag.as_str().map(|tag| tag.to_lossy().replace('_', "+"));
            if let Some(Ok(version)) = tag.map(|tag| Version::parse_strict(tag.as_bytes())) {
                versions.push(version);
            }
        }
        // A long list comes in pages: `</v2/x/tags/list?last=y>; rel="next"`.
        let next = response.header("link").and_then(|link| {
            let (target, about) = link.strip_prefix('<')?.split_once('>')?;
            let is_next = about.contains("rel=\"next\"") || about.contains("rel=next");
            (is_next && target.starts_with('/')).then(|| target.to_owned())
        });
        match next {
            Some(next) => path = next,
            None => break,
        }
    }
    versions.sort_by(|a, b| b.compare(a));
    Ok(versions.iter().map(ToString::to_string).collect())
}

/// Finds out which artifact is meant.
fn choose(session: &Session<'_>, text: &str, version: &str) -> Result<Reference, Error> {
    let failed = |text: String| Error::new(ErrorKind::Dependency, text);
    let mut reference = Reference::parse(text)?;
    let version = match (version, reference.tag.as_str()) {
        ("", tag) => tag.to_owned(),
        (version, tag) if !tag.is_empty() && tag != version => {
            return Err(failed(format!(
                "chart reference and version mismatch: {version} is not {tag}"
            )));
        }
        (version, _) => version.to_owned(),
    };
    if !reference.digest.is_empty() {
        if !version.is_empty() {
            let tagged = Reference {
                tag: version.replace('+', "_"),
                digest: String::new(),
                ..reference.clone()
            };
            // An artifact that has a digest need not have a tag.
            if let Ok(found) = resolve(session, &tagged)
                && found != reference.digest
            {
                return Err(failed(format!(
                    "chart reference digest mismatch: {found} is not {}",
                    reference.digest
                )));
            }
        }
        reference.tag.clear();
        return Ok(reference);
    }
    if Version::parse(version.as_bytes()).is_ok() {
        reference.tag = version.replace('+', "_");
        return Ok(reference);
    }
    // helm asks for the tags of the whole text, tag and all.
    let tags = tags(session, &reference)?;
    if tags.is_empty() {
        return Err(failed(format!(
            "unable to locate any tags in provided repository: {text}"
        )));
    }
    let range = if version.is_empty() { "*" } else { &version };
    let constraints = Constraints::parse(range.as_bytes()).map_err(|e| failed(e.to_string()))?;
    let fits = |tag: &&String| {
        let parsed = Version::parse(tag.as_bytes());
        parsed.is_ok_and(|parsed| constraints.check(&parsed))
    };
    let Some(tag) = tags.iter().find(fits) else {
        return Err(failed(format!(
            "could not locate a version matching provided version string {version}"
        )));
    };
    reference.tag = tag.replace('+', "_");
    Ok(reference)
}

/// Returns the digest of what has a tag.
fn resolve(session: &Session<'_>, reference: &Reference) -> Result<String, Error> {
    let (_, digest, _) = manifest(session, reference, reference.target())?;
    Ok(digest)
}

/// Fetches a manifest; returns its kind, its digest and its text.
fn manifest(
    session: &Session<'_>,
    reference: &Reference,
    target: &str,
) -> Result<(String, String, Vec<u8>), Error> {
    let path = format!("/v2/{}/manifests/{target}", reference.repository);
    let response = session.send(&Call {
        method: Method::Get,
        registry: reference.host(),
        scope: pull_scope(&reference.repository),
        path: path.clone(),
        headers: vec![("Accept", ACCEPT.to_owned())],
        body: None,
    })?;
    match response.status {
        200 => {}
        404 => {
            let text = format!("{reference}: not found");
            return Err(Error::new(ErrorKind::Dependency, text));
        }
        _ => {
            let url = session.address(reference.host(), &path);
            return Err(refusal(Method::Get, &url, &response));
        }
    }
    let digest = digest_of(&response.body);
    let promised = response.header("docker-content-digest").unwrap_or(&digest);
    let wanted = if is_digest(target) { target } else { promised };
    if digest != wanted {
        return Err(mismatch(wanted, &digest));
    }
    let kind = response.header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_owned();
    Ok((kind, digest, response.body))
}

fn mismatch(wanted: &str, found: &str) -> Error {
    let text = format!("mismatch digest: what came has {found} instead of {wanted}");
    Error::new(ErrorKind::Dependency, text)
}

/// Fetches one layer of an artifact.
fn pull(
    session: &Session<'_>,
    reference: &Reference,
    wanted: Layer,
    log: &mut Vec<u8>,
) -> Result<Vec<u8>, Error> {
    let failed = |text: String| Error::new(ErrorKind::Dependency, text);
    let (kind, digest, text) = manifest(session, reference, reference.target())
        .map_err(|error| error.prefixed("failed to perform \"FetchReference\" on source: "))?;
    let mut found = Found::default();
    let mut pending = vec![(kind, text)];
    for _ in 0..MAX_MANIFESTS {
        let Some((kind, text)) = pending.pop() else {
            break;
        };
        for target in found.read(&kind, &text, wanted) {
            let (kind, _, text) = manifest(session, reference, &target)?;
            pending.push((kind, text));
        }
    }
    if found.count < 2 {
        let count = found.count;
        return Err(failed(format!(
            "manifest does not contain minimum number of descriptors (2), descriptors found: {count}"
        )));
    }
    if found.is_old {
        let line = format!("Warning: chart media type {OLD_CHART_LAYER} is deprecated\n");
        log.extend_from_slice(line.as_bytes());
    }
    let Some(config) = &found.config else {
        return Err(failed(format!(
            "could not load config with mediatype {CONFIG}"
        )));
    };
    let (layer, media_type) = match wanted {
        Layer::Chart => (&found.chart, CHART_LAYER),
        Layer::Provenance => (&found.provenance, PROVENANCE_LAYER),
    };
    let Some(layer) = layer else {
        return Err(failed(format!(
            "manifest does not contain a layer with mediatype {media_type}"
        )));
    };
    let about = blob(session, reference, config)?;
    json::decode(&about).map_err(|error| failed(error.to_string()))?;
    let content = blob(session, reference, layer)?;
    log.extend_from_slice(format!("Pulled: {reference}\nDigest: {digest}\n").as_bytes());
    if reference.to_string().contains('_') {
        log.extend_from_slice(
            format!("{reference} contains an underscore.\n{UNDERSCORE}").as_bytes(),
        );
    }
    Ok(content)
}

/// The parts of a chart's artifact.
#[derive(Default)]
struct Found {
    config: Option<Descriptor>,
    chart: Option<Descriptor>,
    provenance: Option<Descriptor>,
    is_old: bool,
    count: usize,
}

impl Found {
    /// Takes the parts out of a manifest; returns the digests of further ones.
    fn read(&mut self, kind: &str, text: &[u8], wanted: Layer) -> Vec<String> {
        if !matches!(kind, IMAGE_INDEX | IMAGE_MANIFEST) {
            return Vec::new();
        }
        self.count += 1;
        let Ok(value) = json::decode(text) else {
            return Vec::new();
        };
        let Some(members) = value.as_map() else {
            return Vec::new();
        };
        let descriptors = |name: &str| {
            let list = members.index(name.as_bytes());
            let list = list.as_list().map(|list| list.items().to_vec());
            let list = list.unwrap_or_default().into_iter();
            list.filter_map(|value| Descriptor::read(&value))
                .collect::<Vec<_>>()
        };
        if kind == IMAGE_INDEX {
            let manifests = descriptors("manifests").into_iter();
            return manifests.map(|manifest| manifest.digest).collect();
        }
        let config = Descriptor::read(&members.index(b"config"));
        for descriptor in config.into_iter().chain(descriptors("layers")) {
            let place = match descriptor.media_type.as_str() {
                CONFIG => &mut self.config,
                CHART_LAYER if wanted == Layer::Chart => &mut self.chart,
                OLD_CHART_LAYER if wanted == Layer::Chart => {
                    self.is_old = true;
                    &mut self.chart
                }
                PROVENANCE_LAYER if wanted == Layer::Provenance => &mut self.provenance,
                _ => continue,
            };
            self.count += 1;
            *place = Some(descriptor);
        }
        Vec::new()
    }
}

/// Fetches a content, and looks whether it is the one that was asked for.
fn blob(
    session: &Session<'_>,
    reference: &Reference,
    descriptor: &Descriptor,
) -> Result<Vec<u8>, Error> {
    let digest = &descriptor.digest;
    if !is_digest(digest) {
        let text = format!("invalid digest in the manifest of {reference}");
        return Err(Error::new(ErrorKind::Dependency, text));
    }
    let path = format!("/v2/{}/blobs/{digest}", reference.repository);
    let response = session.send(&Call {
        method: Method::Get,
        registry: reference.host(),
        scope: pull_scope(&reference.repository),
        path: path.clone(),
        headers: Vec::new(),
        body: None,
    })?;
    match response.status {
        200 => {}
        404 => {
            let text = format!("failed to perform \"Fetch\" on source: {digest}: not found");
            return Err(Error::new(ErrorKind::Dependency, text));
        }
        _ => {
            let url = session.address(reference.host(), &path);
            let refused = refusal(Method::Get, &url, &response);
            return Err(refused.prefixed("failed to perform \"Fetch\" on source: "));
        }
    }
    let found = digest_of(&response.body);
    if found != *digest || response.body.len() as u64 != descriptor.size {
        return Err(mismatch(digest, &found));
    }
    Ok(response.body)
}
