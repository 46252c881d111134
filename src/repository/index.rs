//! The index of a repository: which charts it has, in which versions, and where.
//!
//! Bytes of index.yaml come in, YAML or JSON; an [`Index`] goes out, without what makes
//! no sense and with the highest version of each chart first.
//!
//! helm: pkg/repo `IndexFile`, `ChartVersion`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::chart::draft::{CHART_VERSION, MetadataDraft};
use crate::chart::{Metadata, Timestamp, read_time};
use crate::codec::json::{ObjectWriter, array, indent};
use crate::codec::yaml::{Shape, Struct};
use crate::codec::{json, yaml};
use crate::diag::{Diagnostic, Error, ErrorKind, Level, Sink};
use crate::gostd::os;
use crate::limits::{self, Trust};
use crate::value::{Map, Value};
use crate::version::{Constraints, Version};

/// A repository's charts.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// When the index was made.
    pub generated: Timestamp,
    /// The versions of each chart, the highest first.
    pub entries: BTreeMap<String, Vec<ChartVersion>>,
}

/// One version of a chart.
#[derive(Clone, Debug, Default)]
pub struct ChartVersion {
    /// What its Chart.yaml says.
    pub metadata: Metadata,
    /// Where the archive is, absolute or relative to the repository; `None` where the
    /// index has no list at all.
    pub urls: Option<Vec<String>>,
    /// When it was put into the index.
    pub created: Timestamp,
    /// Whether it has been taken back.
    pub removed: bool,
    /// SHA-256 of the archive in hexadecimal.
    pub digest: String,
    /// Fields without meaning that are kept: checksum, engine, tillerVersion, url.
    pub obsolete: [String; 4],
}

/// The names of [`ChartVersion::obsolete`].
const OBSOLETE: [&str; 4] = ["checksum", "engine", "tillerVersion", "url"];

static INDEX: Shape = Shape::Struct(&Struct {
    name: "repo.IndexFile",
    fields: &[
        (
            "serverInfo",
            Shape::Map("map[string]interface {}", &Shape::Any),
        ),
        ("apiVersion", Shape::String),
        ("generated", Shape::Any),
        (
            "entries",
            Shape::Map(
                "map[string]repo.ChartVersions",
                &Shape::List("repo.ChartVersions", &Shape::Struct(&CHART_VERSION)),
            ),
        ),
        ("publicKeys", Shape::List("[]string", &Shape::String)),
        (
            "annotations",
            Shape::Map("map[string]string", &Shape::String),
        ),
    ],
});

/// What helm complains of in a repeated dependency, which is no reason to leave a chart
/// out: some servers lose aliases.
const REPEATED: &str = "validation: more than one dependency with name or alias";

impl Index {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// Returns helm's text if it cannot be read, or is no index.
    pub fn load(path: &Path, sink: &Sink) -> Result<Index, Error> {
        let name = path.to_string_lossy();
        let data = fs::read(path)
            .map_err(|error| Error::new(ErrorKind::Io, os::path_error("open", &name, &error)))?;
        Index::decode(&data, &name, sink)
            .map_err(|error| error.prefixed(format!("error loading {name}: ")))
    }

    /// Reads index.yaml; `source` names it in what is told about single charts.
    ///
    /// # Errors
    ///
    /// Returns helm's text if it is empty, has a field of the wrong type or, unless it
    /// is JSON, one that nobody knows.
    pub fn decode(data: &[u8], source: &str, sink: &Sink) -> Result<Index, Error> {
        let failed = |text: String| Error::new(ErrorKind::Dependency, text);
        if data.is_empty() {
            return Err(failed("empty index.yaml file".into()));
        }
        let (document, is_json) = match json::decode(data) {
            Ok(_) => {
                let document = json::decode_as(data, &INDEX, "IndexFile");
                (document.map_err(|e| failed(e.to_string()))?, true)
            }
            Err(_) => {
                let document = yaml::decode_strict_as(data, &INDEX);
                (document.map_err(|e| failed(e.to_string()))?, false)
            }
        };
        let bad_time = |text: String| {
            failed(if is_json {
                text
            } else {
                format!("error unmarshaling JSON: while decoding JSON: {text}")
            })
        };
        let empty = Map::new();
        let members = document.as_map().unwrap_or(&empty);
        let mut index = Index {
            generated: read_time(&members.index(b"generated")).map_err(bad_time)?,
            entries: BTreeMap::new(),
        };
        if let Some(entries) = members.index(b"entries").as_map() {
            for (name, list) in entries.snapshot().iter() {
                let name = name.to_lossy().into_owned();
                let list = list.as_list();
                let list = list.map(|list| list.items()).unwrap_or_default();
                let versions = read_versions(&name, list, source, sink).map_err(bad_time)?;
                check_no_duplicates(&name, &versions)?;
                index.entries.insert(name, versions);
            }
        }
        index.sort();
        match members.index(b"apiVersion").as_str() {
            Some(version) if !version.is_empty() => Ok(index),
            _ => Err(failed("no API version specified".into())),
        }
    }

    /// Puts the highest version of each chart first.
    pub fn sort(&mut self) {
        for versions in self.entries.values_mut() {
            // What is no version goes to the end.
            versions.sort_by_cached_key(|entry| {
                let version = Version::parse(entry.metadata.version.as_bytes()).ok();
                std::cmp::Reverse(version.map(Ordered))
            });
        }
    }

    /// Returns the version of a chart that is meant by a version or a range: the same
    /// text if there is one, else the highest that fits. An empty range is `*`.
    ///
    /// # Errors
    ///
    /// Returns helm's text if there is no such chart or none fits.
    pub fn get(&self, name: &str, range: &str, sink: &Sink) -> Result<&ChartVersion, Error> {
        let failed = |text: String| Error::new(ErrorKind::Dependency, text);
        let Some(versions) = self.entries.get(name) else {
            return Err(failed("no chart name found".into()));
        };
        if versions.is_empty() {
            return Err(failed("no chart version found".into()));
        }
        let wanted = if range.is_empty() { "*" } else { range };
        let constraints =
            Constraints::parse(wanted.as_bytes()).map_err(|e| failed(e.to_string()))?;
        let same = |entry: &&ChartVersion| !range.is_empty() && entry.metadata.version == range;
        if let Some(entry) = versions.iter().find(same) {
            return Ok(entry);
        }
        let fits = |entry: &&ChartVersion| {
            let version = Version::parse(entry.metadata.version.as_bytes());
            version.is_ok_and(|version| constraints.check(&version))
        };
        let Some(entry) = versions.iter().find(fits) else {
            return Err(failed(format!("no chart version found for {name}-{range}")));
        };
        if !range.is_empty() && !is_range(range) {
            let text =
                "unable to find exact version requested; falling back to closest available version";
            sink.push(
                Diagnostic::log(Level::Warn, text)
                    .with("chart", name)
                    .with("requested", range)
                    .with("selected", entry.metadata.version.as_str()),
            );
        }
        Ok(entry)
    }

    /// Takes over what another index has besides.
    pub fn merge(&mut self, other: Index) {
        let sink = Sink::new();
        for entry in other.entries.into_values().flatten() {
            let Metadata { name, version, .. } = &entry.metadata;
            if self.get(name, version, &sink).is_err() {
                self.entries.entry(name.clone()).or_default().push(entry);
            }
        }
    }

    /// Returns the index as index.yaml has it.
    ///
    /// # Errors
    ///
    /// Returns the encoder's text.
    pub fn to_yaml(&self) -> Result<Vec<u8>, String> {
        let entries: Map = self
            .entries
            .iter()
            .map(|(name, versions)| {
                let versions = versions.iter().map(ChartVersion::to_value).collect();
                (name.as_str(), Value::list(versions))
            })
            .collect();
        let map = Map::new();
        map.insert("apiVersion", "v1".into());
        map.insert("entries", entries.into());
        map.insert("generated", self.generated.to_string().into());
        yaml::encode(&map.into())
    }

    /// Returns the index in JSON.
    ///
    /// # Errors
    ///
    /// Returns the encoder's text.
    pub fn to_json(&self) -> Result<Vec<u8>, String> {
        let mut entries = ObjectWriter::default();
        for (name, versions) in &self.entries {
            let versions = versions.iter().map(ChartVersion::to_json);
            let versions = array(&versions.collect::<Result<Vec<_>, _>>()?);
            entries.raw(name, &versions);
        }
        let mut object = ObjectWriter::default();
        object.text("apiVersion", "v1")?;
        object.text("generated", &self.generated.to_string())?;
        object.raw("entries", &entries.finish());
        Ok(indent(&object.finish()))
    }
}

/// Versions by rank.
#[derive(PartialEq, Eq)]
struct Ordered(Version);

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Ordered) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Ordered) -> std::cmp::Ordering {
        self.0.compare(&other.0)
    }
}

/// Reports whether a text means more than one version.
fn is_range(text: &str) -> bool {
    let has_operator = text.contains(['^', '~', '<', '>', '=', '!', '*']);
    let core = text.split(['-', '+']).next().unwrap_or_default();
    has_operator || text.contains("||") || text.contains(" - ") || core.contains(['x', 'X'])
}

/// Checks that no version of a chart is there twice: either may be the wrong one.
fn check_no_duplicates(name: &str, versions: &[ChartVersion]) -> Result<(), Error> {
    // DIFFERS(helm): only with --untrusted; else the first one counts, as in helm.
    if limits::trust() == Trust::Trusted {
        return Ok(());
    }
    let mut seen = BTreeSet::new();
    let texts = versions.iter().map(|entry| entry.metadata.version.as_str());
    for version in texts {
        if !seen.insert(version) {
            let text = format!("index lists version {version} of chart {name} more than once");
            return Err(Error::new(ErrorKind::Dependency, text));
        }
    }
    Ok(())
}

/// Reads the versions of a chart, without those that make no sense.
fn read_versions(
    name: &str,
    list: &[Value],
    source: &str,
    sink: &Sink,
) -> Result<Vec<ChartVersion>, String> {
    let mut versions = Vec::with_capacity(list.len());
    let mut notes = Vec::new();
    for item in list {
        let Some(members) = item.as_map() else {
            let text = "skipping loading invalid entry for chart: empty entry";
            notes.push(
                Diagnostic::log(Level::Warn, text)
                    .with("name", name)
                    .with("source", source),
            );
            continue;
        };
        let (version, problem) = ChartVersion::read(members)?;
        match problem {
            None => versions.push(version),
            Some(problem) => notes.push(
                Diagnostic::log(Level::Warn, "skipping loading invalid entry for chart")
                    .with("name", name)
                    .with("version", version.metadata.version)
                    .with("source", source)
                    .with("error", problem.to_string()),
            ),
        }
    }
    // helm looks at them from the last to the first.
    notes.into_iter().rev().for_each(|note| sink.push(note));
    Ok(versions)
}

impl ChartVersion {
    /// Returns the first address of the archive.
    pub fn url(&self) -> Option<&str> {
        self.urls.as_ref()?.first().map(String::as_str)
    }

    /// Reads an entry; also returns why it makes no sense.
    fn read(members: &Map) -> Result<(ChartVersion, Option<Error>), String> {
        let text = |name: &str| {
            let text = members.index(name.as_bytes());
            text.as_str()
                .map(|t| t.to_lossy().into_owned())
                .unwrap_or_default()
        };
        let mut draft = MetadataDraft::default();
        draft.read_members(members);
        if draft.fields.api_version.is_empty() {
            draft.fields.api_version = "v1".into();
        }
        let urls = members.index(b"urls");
        let urls = urls.as_list().map(|list| {
            let texts = list.items().iter().filter_map(Value::as_str);
            texts.map(|t| t.to_lossy().into_owned()).collect()
        });
        let mut entry = ChartVersion {
            urls,
            created: read_time(&members.index(b"created"))?,
            removed: members.index(b"removed").as_bool() == Some(true),
            digest: text("digest"),
            obsolete: OBSOLETE.map(text),
            ..ChartVersion::default()
        };
        let problem = match draft.clone().validate() {
            Ok(metadata) => {
                entry.metadata = metadata;
                None
            }
            Err(problem) if problem.text().starts_with(REPEATED.as_bytes()) => {
                let repeated = draft.dependencies.take();
                // Without them it is valid.
                entry.metadata = draft.validate().unwrap_or_default();
                let repeated = repeated.map(|list| list.into_iter().flatten().collect());
                entry.metadata.dependencies = repeated;
                None
            }
            Err(problem) => {
                entry.metadata.version = draft.fields.version;
                Some(problem)
            }
        };
        Ok((entry, problem))
    }

    fn to_json(&self) -> Result<Vec<u8>, String> {
        let mut object = ObjectWriter::default();
        self.metadata.write_json(&mut object)?;
        match &self.urls {
            Some(urls) if urls.is_empty() => object.raw("urls", b"[]"),
            Some(urls) => object.texts_if_any("urls", urls)?,
            None => object.raw("urls", b"null"),
        }
        object.text("created", &self.created.to_string())?;
        if self.removed {
            object.raw("removed", b"true");
        }
        object.text_if_any("digest", &self.digest)?;
        for (name, text) in OBSOLETE.iter().zip(&self.obsolete) {
            object.text_if_any(name, text)?;
        }
        Ok(object.finish())
    }

    /// Returns the entry as index.yaml has it.
    fn to_value(&self) -> Value {
        let value = self.metadata.to_value();
        let Some(map) = value.as_map() else {
            return value;
        };
        let urls = match &self.urls {
            Some(urls) => Value::list(urls.iter().map(|url| url.as_str().into()).collect()),
            None => Value::NIL,
        };
        map.insert("urls", urls);
        map.insert("created", self.created.to_string().into());
        if self.removed {
            map.insert("removed", true.into());
        }
        let others = OBSOLETE.iter().copied().zip(&self.obsolete);
        for (name, text) in others.chain([("digest", &self.digest)]) {
            if !text.is_empty() {
                map.insert(name, text.as_str().into());
            }
        }
        value
    }
}
