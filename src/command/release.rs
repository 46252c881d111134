//! The record of a release that was never made, as `--output json` and `yaml` show it.
//!
//! [`Release`] is put together from what rendering left; out goes the text. The members of the JSON form keep the order
//! of helm's structs, those of the YAML form are sorted.
//!
//! helm: pkg/release/v1 `Release`, `Info`, `Hook`; pkg/chart/v2 `Chart`.

use super::rows::OutputFormat;
use crate::chart::{Chart, Dependency, File, Lock, Metadata, ModTime};
use crate::codec::json::{self, ObjectWriter, array};
use crate::codec::yaml;
use crate::diag::{Error, ErrorKind};
use crate::gostd::strconv::atoi;
use crate::gostd::time::{Location, RFC3339_NANO, Time};
use crate::manifest::Hook;
use crate::value::{Map, Str, Value};

/// The record of a release.
pub(super) struct Release<'a> {
    pub name: &'a str,
    pub namespace: &'a str,
    /// When it would have been installed: seconds since 1970, and nanoseconds.
    pub time: (i64, u32),
    /// The zone in which times are written.
    pub zone: &'a Location,
    pub notes: &'a [u8],
    /// The chart with the subcharts that are switched on.
    pub chart: &'a Chart,
    /// What the user gave.
    pub config: &'a Map,
    pub manifest: Vec<u8>,
    pub hooks: &'a [Hook],
    pub server_side: bool,
}

impl Release<'_> {
    /// Returns the record as text.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if it holds what JSON cannot.
    pub fn encode(&self, format: OutputFormat) -> Result<Vec<u8>, Error> {
        let failed = |form: &str, text: String| {
            Error::new(
                ErrorKind::Values,
                format!("unable to write {form} output: {text}"),
            )
        };
        match format {
            OutputFormat::Yaml => yaml::encode(&self.record().to_value())
                .map_err(|text| failed("YAML", format!("error marshaling into JSON: {text}"))),
            _ => {
                let mut text = self
                    .record()
                    .to_json()
                    .map_err(|text| failed("JSON", text))?;
                text.push(b'\n');
                Ok(text)
            }
        }
    }

    fn record(&self) -> Node {
        let (seconds, nanoseconds) = self.time;
        let now = self.moment(seconds, nanoseconds);
        let mut info = Members::default();
        info.add("first_deployed", now.clone().into());
        info.add("last_deployed", now.into());
        info.add("description", Value::from("Dry run complete").into());
        info.add("status", Value::from("pending-install").into());
        info.add_text_if_any("notes", self.notes);
        let mut record = Members::default();
        record.add_text_if_any("name", self.name.as_bytes());
        record.add("info", info.into());
        record.add("chart", self.chart());
        if !self.config.is_empty() {
            record.add("config", Value::from(self.config.clone()).into());
        }
        record.add_text_if_any("manifest", &self.manifest);
        if !self.hooks.is_empty() {
            let hooks = self.hooks.iter().map(hook);
            record.add("hooks", Node::List(hooks.collect()));
        }
        record.add("version", Value::int(1).into());
        record.add_text_if_any("namespace", self.namespace.as_bytes());
        let method = if self.server_side { "ssa" } else { "csa" };
        record.add("apply_method", Value::from(method).into());
        record.into()
    }

    fn chart(&self) -> Node {
        let chart = self.chart;
        let mut members = Members::default();
        members.add(
            "metadata",
            Node::Metadata(Box::new(chart.metadata().clone())),
        );
        members.add("lock", chart.lock().map_or_else(null, lock));
        members.add("templates", self.files(chart.templates()));
        let values = chart.values().cloned().map_or(Value::NIL, Value::from);
        members.add("values", values.into());
        let schema = chart.schema();
        members.add("schema", schema.map_or_else(null, |file| bytes(&file.data)));
        let changed = match schema {
            Some(file) => self.moment(file.modified.seconds, file.modified.nanos),
            None => Value::from("0001-01-01T00:00:00Z"),
        };
        members.add("schemamodtime", changed.into());
        members.add("files", self.files(chart.files()));
        self.add_time(&mut members, chart.modified());
        members.into()
    }

    fn files(&self, files: &[File]) -> Node {
        if files.is_empty() {
            return null();
        }
        let file = |file: &File| {
            let mut members = Members::default();
            members.add("name", Value::string(file.name.clone()).into());
            members.add("data", bytes(&file.data));
            self.add_time(&mut members, file.modified);
            members.into()
        };
        Node::List(files.iter().map(file).collect())
    }

    fn add_time(&self, members: &mut Members, time: ModTime) {
        members.add("modtime", self.moment(time.seconds, time.nanos).into());
    }

    fn moment(&self, seconds: i64, nanoseconds: u32) -> Value {
        let time = Time::from_unix(seconds, nanoseconds.into(), self.zone);
        Value::string(time.format(RFC3339_NANO))
    }
}

fn null() -> Node {
    Value::NIL.into()
}

/// Bytes are written in base64.
fn bytes(data: &Str) -> Node {
    Value::from(data_encoding::BASE64.encode(data)).into()
}

fn lock(lock: &Lock) -> Node {
    let mut members = Members::default();
    members.add("generated", Value::from(lock.generated.to_string()).into());
    members.add("digest", Value::from(lock.digest.as_str()).into());
    let dependencies = lock.dependencies.as_ref().map_or_else(null, |list| {
        Node::List(
            list.iter()
                .cloned()
                .map(Box::new)
                .map(Node::Dependency)
                .collect(),
        )
    });
    members.add("dependencies", dependencies);
    members.into()
}

fn hook(hook: &Hook) -> Node {
    let document = &hook.document;
    let head = document.head();
    let annotation = |name: &str| head.annotations.get(name.as_bytes());
    let mut members = Members::default();
    members.add_text_if_any("name", &head.name);
    members.add_text_if_any("kind", &head.kind);
    members.add_text_if_any("path", document.path());
    members.add_text_if_any("manifest", document.text());
    let events = hook.events.iter().map(|event| event.name());
    members.add("events", Value::string_list(events).into());
    let mut last_run = Members::default();
    last_run.add("phase", Value::from("").into());
    members.add("last_run", last_run.into());
    let weight = annotation("helm.sh/hook-weight").and_then(|text| atoi(text).ok());
    if let Some(weight) = weight.filter(|weight| *weight != 0) {
        members.add("weight", Value::int(weight).into());
    }
    for (member, name) in [
        ("delete_policies", "helm.sh/hook-delete-policy"),
        ("output_log_policies", "helm.sh/hook-output-log-policy"),
    ] {
        if let Some(words) = annotation(name) {
            let words = words.to_lossy().into_owned();
            let words = words.split(',').map(|word| word.trim().to_lowercase());
            members.add(member, Value::string_list(words).into());
        }
    }
    members.into()
}

/// A part of the record, whose members have helm's order.
enum Node {
    Value(Value),
    Object(Vec<(&'static str, Node)>),
    List(Vec<Node>),
    Metadata(Box<Metadata>),
    Dependency(Box<Dependency>),
}

impl From<Value> for Node {
    fn from(value: Value) -> Node {
        Node::Value(value)
    }
}

impl From<Members> for Node {
    fn from(members: Members) -> Node {
        Node::Object(members.0)
    }
}

#[derive(Default)]
struct Members(Vec<(&'static str, Node)>);

impl Members {
    fn add(&mut self, name: &'static str, node: Node) {
        self.0.push((name, node));
    }

    fn add_text_if_any(&mut self, name: &'static str, text: &[u8]) {
        if !text.is_empty() {
            self.add(name, Value::string(text).into());
        }
    }
}

impl Node {
    fn to_json(&self) -> Result<Vec<u8>, String> {
        match self {
            Node::Value(value) => json::encode(value),
            Node::Object(members) => {
                let mut object = ObjectWriter::default();
                for (name, node) in members {
                    object.raw(name, &node.to_json()?);
                }
                Ok(object.finish())
            }
            Node::List(nodes) => {
                let items: Result<Vec<_>, _> = nodes.iter().map(Node::to_json).collect();
                Ok(array(&items?))
            }
            Node::Metadata(metadata) => {
                let mut object = ObjectWriter::default();
                metadata.write_json(&mut object)?;
                Ok(object.finish())
            }
            Node::Dependency(dependency) => dependency.to_json(),
        }
    }

    fn to_value(&self) -> Value {
        match self {
            Node::Value(value) => value.clone(),
            Node::Object(members) => {
                let members = members.iter();
                let map: Map = members
                    .map(|(name, node)| (*name, node.to_value()))
                    .collect();
                map.into()
            }
            Node::List(nodes) => Value::list(nodes.iter().map(Node::to_value).collect()),
            Node::Metadata(metadata) => metadata.to_value(),
            Node::Dependency(dependency) => dependency.to_value(),
        }
    }
}
