//! Chart.yaml as it is written, before anybody asked whether it makes sense.
//!
//! The bytes of Chart.yaml (and of requirements.yaml, for old charts) come in; a
//! [`MetadataDraft`] goes out, which [`MetadataDraft::validate`] turns into a
//! [`Metadata`]. Lint looks at the draft.
//!
//! helm: what `yaml.Unmarshal` into `chart.Metadata` leaves.

use super::confine;
use super::metadata::{Dependency, Maintainer, Metadata};
use crate::codec::yaml::{self, Shape, Struct};
use crate::diag::{Error, ErrorKind};
use crate::value::{Map, Value};

/// The fields of Chart.yaml as they are written.
#[derive(Clone, Debug, Default)]
pub struct MetadataDraft {
    /// All fields but the two lists below, neither checked nor cleaned.
    pub fields: Metadata,
    /// The maintainers; null elements are `None`.
    pub maintainers: Vec<Option<Maintainer>>,
    /// The dependencies; null elements are `None`, an absent or null list too.
    pub dependencies: Option<Vec<Option<Dependency>>>,
}

const TEXTS: Shape = Shape::List("[]string", &Shape::String);

/// The fields of Chart.yaml, and others beside them.
macro_rules! metadata_fields {
    ($($more:expr),* $(,)?) => {
        &[
            ("name", Shape::String),
            ("home", Shape::String),
            ("sources", TEXTS),
            ("version", Shape::String),
            ("description", Shape::String),
            ("keywords", TEXTS),
            (
                "maintainers",
                Shape::List("[]*v2.Maintainer", &Shape::Struct(&MAINTAINER)),
            ),
            ("icon", Shape::String),
            ("apiVersion", Shape::String),
            ("condition", Shape::String),
            ("tags", Shape::String),
            ("appVersion", Shape::String),
            ("deprecated", Shape::Bool),
            (
                "annotations",
                Shape::Map("map[string]string", &Shape::String),
            ),
            ("kubeVersion", Shape::String),
            ("dependencies", DEPENDENCIES),
            ("type", Shape::String),
            $($more),*
        ]
    };
}

static METADATA: Shape = Shape::Struct(&Struct {
    name: "v2.Metadata",
    fields: metadata_fields!(),
});

/// A version of a chart in the index of a repository: all of Chart.yaml, and where the
/// archive is.
pub(crate) static CHART_VERSION: Struct = Struct {
    name: "repo.ChartVersion",
    fields: metadata_fields!(
        ("urls", TEXTS),
        ("created", Shape::Any),
        ("removed", Shape::Bool),
        ("digest", Shape::String),
        ("checksum", Shape::String),
        ("engine", Shape::String),
        ("tillerVersion", Shape::String),
        ("url", Shape::String),
    ),
};

static MAINTAINER: Struct = Struct {
    name: "v2.Maintainer",
    fields: &[
        ("name", Shape::String),
        ("email", Shape::String),
        ("url", Shape::String),
    ],
};

/// The list of dependencies in Chart.yaml and in Chart.lock.
pub(super) const DEPENDENCIES: Shape = Shape::List("[]*v2.Dependency", &Shape::Struct(&DEPENDENCY));

static DEPENDENCY: Struct = Struct {
    name: "v2.Dependency",
    fields: &[
        ("name", Shape::String),
        ("version", Shape::String),
        ("repository", Shape::String),
        ("condition", Shape::String),
        ("tags", TEXTS),
        ("enabled", Shape::Bool),
        ("import-values", Shape::List("[]interface {}", &Shape::Any)),
        ("alias", Shape::String),
    ],
};

/// What helm looks at before it decides how to read a chart.
static API_VERSION: Shape = Shape::Struct(&Struct {
    name: "loader.chartBase",
    fields: &[("apiVersion", Shape::String)],
});

impl MetadataDraft {
    /// Reads Chart.yaml.
    ///
    /// # Errors
    ///
    /// Returns helm's text, without a prefix, if it is not YAML or a field has the
    /// wrong shape.
    pub fn decode(data: &[u8]) -> Result<MetadataDraft, Error> {
        let mut draft = MetadataDraft::default();
        draft.read_more(data)?;
        Ok(draft)
    }

    /// Reports whether Chart.yaml has only fields that are known, and each but once.
    ///
    /// # Errors
    ///
    /// Returns helm's text for what is repeated, else for the first unknown field:
    /// `error unmarshaling JSON: while decoding JSON: json: unknown field "x"`.
    pub fn check_strictly(data: &[u8]) -> Result<(), Error> {
        match yaml::decode_strict_as(data, &METADATA) {
            Ok(_) => Ok(()),
            Err(error) => Err(Error::new(ErrorKind::Chart, error.to_string())),
        }
    }

    /// Reads a further document into the fields: requirements.yaml of old charts.
    ///
    /// # Errors
    ///
    /// As [`MetadataDraft::decode`].
    pub fn read_more(&mut self, data: &[u8]) -> Result<(), Error> {
        if let Some(members) = decode_members(data, &METADATA)? {
            self.read_members(&members);
        }
        Ok(())
    }

    /// Takes over the members of a document that has been decoded.
    pub(crate) fn read_members(&mut self, members: &Map) {
        let fields = &mut self.fields;
        for (name, field) in [
            ("name", &mut fields.name),
            ("home", &mut fields.home),
            ("version", &mut fields.version),
            ("description", &mut fields.description),
            ("icon", &mut fields.icon),
            ("apiVersion", &mut fields.api_version),
            ("condition", &mut fields.condition),
            ("tags", &mut fields.tags),
            ("appVersion", &mut fields.app_version),
            ("kubeVersion", &mut fields.kube_version),
            ("type", &mut fields.chart_type),
        ] {
            take_text(members, name, field);
        }
        take_texts(members, "sources", &mut fields.sources);
        take_texts(members, "keywords", &mut fields.keywords);
        take_flag(members, "deprecated", &mut fields.deprecated);
        if let Some(map) = member(members, "annotations").as_map() {
            let annotations = fields.annotations.get_or_insert_default();
            for (key, value) in map.snapshot().iter() {
                annotations.insert(key.to_lossy().into_owned(), text_of(value));
            }
        }
        if let Some(list) = member(members, "maintainers").as_list() {
            let maintainers = list.items().iter().map(Value::as_map);
            self.maintainers = maintainers.map(|m| m.map(read_maintainer)).collect();
        }
        let dependencies = member(members, "dependencies");
        if !dependencies.is_nil() {
            self.dependencies = read_dependencies(&dependencies);
        }
    }
}

/// Reads only `apiVersion`, which helm looks at before anything else.
///
/// # Errors
///
/// As [`MetadataDraft::decode`], with another Go type in the text.
pub(super) fn decode_api_version(data: &[u8]) -> Result<String, Error> {
    let mut api_version = String::new();
    if let Some(members) = decode_members(data, &API_VERSION)? {
        take_text(&members, "apiVersion", &mut api_version);
    }
    Ok(api_version)
}

/// Decodes a document that is an object; null is none.
pub(super) fn decode_members(data: &[u8], shape: &'static Shape) -> Result<Option<Map>, Error> {
    let failed = |error: yaml::YamlError| Error::new(ErrorKind::Chart, error.to_string());
    let document = yaml::decode_as(data, shape).map_err(failed)?;
    // DIFFERS(helm): only with --untrusted; else the last one counts, as in helm.
    if confine::is_confined() {
        yaml::check_no_duplicates(data).map_err(failed)?;
    }
    Ok(document.as_map().cloned())
}

/// Reads a list of dependencies, of Chart.yaml or of Chart.lock.
pub(super) fn read_dependencies(list: &Value) -> Option<Vec<Option<Dependency>>> {
    let items = list.as_list()?.items().iter();
    Some(items.map(|d| d.as_map().map(read_dependency)).collect())
}

fn read_maintainer(members: &Map) -> Maintainer {
    let mut maintainer = Maintainer::default();
    take_text(members, "name", &mut maintainer.name);
    take_text(members, "email", &mut maintainer.email);
    take_text(members, "url", &mut maintainer.url);
    maintainer
}

fn read_dependency(members: &Map) -> Dependency {
    let mut dependency = Dependency::default();
    take_text(members, "name", &mut dependency.name);
    take_text(members, "version", &mut dependency.version);
    take_text(members, "repository", &mut dependency.repository);
    take_text(members, "condition", &mut dependency.condition);
    take_texts(members, "tags", &mut dependency.tags);
    take_flag(members, "enabled", &mut dependency.enabled);
    if let Some(list) = member(members, "import-values").as_list() {
        dependency.import_values = list.items().to_vec();
    }
    take_text(members, "alias", &mut dependency.alias);
    dependency
}

pub(super) fn member(members: &Map, name: &str) -> Value {
    members.index(name.as_bytes())
}

/// Puts the text of a member into a field; without one the field stays as it is.
pub(super) fn take_text(members: &Map, name: &str, field: &mut String) {
    if let Some(text) = member(members, name).as_str() {
        *field = text.to_lossy().into_owned();
    }
}

fn take_flag(members: &Map, name: &str, field: &mut bool) {
    if let Some(flag) = member(members, name).as_bool() {
        *field = flag;
    }
}

fn take_texts(members: &Map, name: &str, field: &mut Vec<String>) {
    if let Some(list) = member(members, name).as_list() {
        *field = list.items().iter().map(text_of).collect();
    }
}

fn text_of(value: &Value) -> String {
    value
        .as_str()
        .map(|text| text.to_lossy().into_owned())
        .unwrap_or_default()
}
