//! What rules read of an object of Kubernetes.
//!
//! helm: pkg/chart/v2/lint/rules `k8sYamlStruct`.

use crate::codec::yaml::{Shape, Struct};
use crate::value::{Str, Value};

/// What is read of a document.
pub(super) static OBJECT: Shape = Shape::Struct(&Struct {
    name: "rules.k8sYamlStruct",
    fields: &[
        ("apiVersion", Shape::String),
        ("kind", Shape::String),
        (
            "metadata",
            Shape::Struct(&Struct {
                name: "rules.k8sYamlMetadata",
                fields: &[("namespace", Shape::String), ("name", Shape::String)],
            }),
        ),
    ],
});

/// The head of an object; what is missing is empty.
#[derive(Debug, Default)]
pub(super) struct Object {
    pub api_version: Str,
    pub kind: Str,
    pub name: Str,
}

impl Object {
    /// Reads a document decoded as [`OBJECT`]; null is none.
    pub fn read(document: &Value) -> Option<Object> {
        let members = document.as_map()?;
        let text = |value: Value| value.as_str().cloned().unwrap_or_default();
        let metadata = members.index(b"metadata");
        Some(Object {
            api_version: text(members.index(b"apiVersion")),
            kind: text(members.index(b"kind")),
            name: match metadata.as_map() {
                Some(metadata) => text(metadata.index(b"name")),
                None => Str::default(),
            },
        })
    }
}
