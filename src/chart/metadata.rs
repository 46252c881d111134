//! What Chart.yaml says: the description of a chart and the charts it asks for.
//!
//! helm: pkg/chart/v2 `Metadata`, `Maintainer`, `Dependency`.

use std::collections::BTreeMap;

use crate::value::{Map, Value};

/// The description of a chart, valid and cleaned.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// The name of the chart; of a dependency with an alias, the alias.
    pub name: String,
    /// A page about the project.
    pub home: String,
    /// Where the sources are.
    pub sources: Vec<String>,
    /// The version of the chart, a loose semantic version, as written.
    pub version: String,
    /// One sentence about the chart.
    pub description: String,
    /// Words to find it by.
    pub keywords: Vec<String>,
    /// Who looks after it.
    pub maintainers: Vec<Maintainer>,
    /// The address of a picture.
    pub icon: String,
    /// The chart format: `v1` or `v2`.
    pub api_version: String,
    /// A condition, as dependencies have one.
    pub condition: String,
    /// Tags, as dependencies have them.
    pub tags: String,
    /// The version of what the chart installs.
    pub app_version: String,
    /// Whether its author advises against using it.
    pub deprecated: bool,
    /// Free facts for other programs.
    pub annotations: Option<BTreeMap<String, String>>,
    /// A constraint on the version of Kubernetes.
    pub kube_version: String,
    /// The charts it asks for; `None` where the list is absent or null.
    pub dependencies: Option<Vec<Dependency>>,
    /// `application`, `library`, or empty for an application.
    pub chart_type: String,
}

/// Somebody who looks after a chart.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Maintainer {
    /// The name of a person or an organisation.
    pub name: String,
    /// An address for mail.
    pub email: String,
    /// The address of a page.
    pub url: String,
}

/// A chart that another chart asks for.
#[derive(Clone, Debug, Default)]
pub struct Dependency {
    /// The name; once the alias has been applied, the alias.
    pub name: String,
    /// A version or a range of versions.
    pub version: String,
    /// Where to find it.
    pub repository: String,
    /// Paths in the values, separated by commas, of which one may switch it.
    pub condition: String,
    /// Names under `tags` in the values that may switch it.
    pub tags: Vec<String>,
    /// Whether it is switched on.
    pub enabled: bool,
    /// Which of its values the parent takes over: names, or maps of `child` and `parent`.
    pub import_values: Vec<Value>,
    /// The name it goes by in the parent.
    pub alias: String,
}

impl Metadata {
    /// Returns the charts it asks for.
    pub fn dependencies(&self) -> &[Dependency] {
        self.dependencies.as_deref().unwrap_or_default()
    }

    /// Reports whether this is a library chart, which has nothing to install.
    pub fn is_library(&self) -> bool {
        self.chart_type == "library"
    }

    /// Returns the fields as `helm package` and `helm show chart` write them: empty
    /// ones dropped.
    pub fn to_value(&self) -> Value {
        let map = Map::new();
        if let Some(annotations) = self.annotations.as_ref().filter(|a| !a.is_empty()) {
            let annotations: Map = annotations
                .iter()
                .map(|(k, v)| (k.as_str(), v.as_str().into()))
                .collect();
            map.insert("annotations", annotations.into());
        }
        put(&map, "apiVersion", &self.api_version);
        put(&map, "appVersion", &self.app_version);
        put(&map, "condition", &self.condition);
        let dependencies = self.dependencies();
        if !dependencies.is_empty() {
            let dependencies = dependencies.iter().map(Dependency::to_value).collect();
            map.insert("dependencies", Value::list(dependencies));
        }
        if self.deprecated {
            map.insert("deprecated", Value::bool(true));
        }
        put(&map, "description", &self.description);
        put(&map, "home", &self.home);
        put(&map, "icon", &self.icon);
        put_list(&map, "keywords", &self.keywords);
        put(&map, "kubeVersion", &self.kube_version);
        if !self.maintainers.is_empty() {
            let maintainers = self.maintainers.iter().map(Maintainer::to_value).collect();
            map.insert("maintainers", Value::list(maintainers));
        }
        put(&map, "name", &self.name);
        put_list(&map, "sources", &self.sources);
        put(&map, "tags", &self.tags);
        put(&map, "type", &self.chart_type);
        put(&map, "version", &self.version);
        map.into()
    }
}

impl Maintainer {
    fn to_value(&self) -> Value {
        let map = Map::new();
        put(&map, "email", &self.email);
        put(&map, "name", &self.name);
        put(&map, "url", &self.url);
        map.into()
    }
}

impl Dependency {
    /// Returns the name it goes by in the parent: the alias, or else the name.
    pub fn local_name(&self) -> &str {
        if self.alias.is_empty() {
            &self.name
        } else {
            &self.alias
        }
    }

    /// Returns the fields as they are written to Chart.yaml and Chart.lock.
    pub(crate) fn to_value(&self) -> Value {
        let map = Map::new();
        put(&map, "alias", &self.alias);
        put(&map, "condition", &self.condition);
        if self.enabled {
            map.insert("enabled", Value::bool(true));
        }
        if !self.import_values.is_empty() {
            map.insert("import-values", Value::list(self.import_values.clone()));
        }
        map.insert("name", self.name.as_str().into());
        map.insert("repository", self.repository.as_str().into());
        put_list(&map, "tags", &self.tags);
        put(&map, "version", &self.version);
        map.into()
    }
}

/// Stores a text unless it is empty.
fn put(map: &Map, name: &str, text: &str) {
    if !text.is_empty() {
        map.insert(name, text.into());
    }
}

/// Stores a list of texts unless it is empty.
fn put_list(map: &Map, name: &str, texts: &[String]) {
    if !texts.is_empty() {
        let items = texts.iter().map(|text| text.as_str().into()).collect();
        map.insert(name, Value::list(items));
    }
}
