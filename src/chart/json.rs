//! Descriptions of charts as JSON, with the fields in the order of helm's structs.
//!
//! The digest of a lock, the JSON form of an index and the configuration of a chart in
//! a registry are made of this text, so every byte counts.
//!
//! Go: `json.Marshal` of `chart.Metadata` and `chart.Dependency`.

use super::metadata::{Dependency, Maintainer, Metadata};
use crate::codec::json::{ObjectWriter, array};
use crate::value::{Map, Value};

impl Metadata {
    /// Writes the fields that are not empty.
    ///
    /// # Errors
    ///
    /// Returns the encoder's text for a value that JSON cannot hold.
    pub fn write_json(&self, object: &mut ObjectWriter) -> Result<(), String> {
        object.text_if_any("name", &self.name)?;
        object.text_if_any("home", &self.home)?;
        object.texts_if_any("sources", &self.sources)?;
        object.text_if_any("version", &self.version)?;
        object.text_if_any("description", &self.description)?;
        object.texts_if_any("keywords", &self.keywords)?;
        if !self.maintainers.is_empty() {
            let maintainers = self.maintainers.iter().map(Maintainer::to_json);
            object.raw(
                "maintainers",
                &array(&maintainers.collect::<Result<Vec<_>, _>>()?),
            );
        }
        object.text_if_any("icon", &self.icon)?;
        object.text_if_any("apiVersion", &self.api_version)?;
        object.text_if_any("condition", &self.condition)?;
        object.text_if_any("tags", &self.tags)?;
        object.text_if_any("appVersion", &self.app_version)?;
        if self.deprecated {
            object.raw("deprecated", b"true");
        }
        if let Some(annotations) = self.annotations.as_ref().filter(|a| !a.is_empty()) {
            let annotations = annotations.iter();
            let annotations: Map = annotations
                .map(|(k, v)| (k.as_str(), v.as_str().into()))
                .collect();
            object.member("annotations", &annotations.into())?;
        }
        object.text_if_any("kubeVersion", &self.kube_version)?;
        if !self.dependencies().is_empty() {
            let dependencies = self.dependencies().iter().map(Dependency::to_json);
            object.raw(
                "dependencies",
                &array(&dependencies.collect::<Result<Vec<_>, _>>()?),
            );
        }
        object.text_if_any("type", &self.chart_type)
    }
}

impl Maintainer {
    fn to_json(&self) -> Result<Vec<u8>, String> {
        let mut object = ObjectWriter::default();
        object.text_if_any("name", &self.name)?;
        object.text_if_any("email", &self.email)?;
        object.text_if_any("url", &self.url)?;
        Ok(object.finish())
    }
}

impl Dependency {
    /// Returns the dependency as Go writes it.
    ///
    /// # Errors
    ///
    /// Returns the encoder's text for a value that JSON cannot hold.
    pub fn to_json(&self) -> Result<Vec<u8>, String> {
        let mut object = ObjectWriter::default();
        object.text("name", &self.name)?;
        object.text_if_any("version", &self.version)?;
        object.text("repository", &self.repository)?;
        object.text_if_any("condition", &self.condition)?;
        object.texts_if_any("tags", &self.tags)?;
        if self.enabled {
            object.raw("enabled", b"true");
        }
        if !self.import_values.is_empty() {
            object.member("import-values", &Value::list(self.import_values.clone()))?;
        }
        object.text_if_any("alias", &self.alias)?;
        Ok(object.finish())
    }
}
