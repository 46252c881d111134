//! Manifests as data: rendered texts enter, [`Document`]s with the parts that checks ask for leave.

use serde_json::Value as Json;
use std::collections::BTreeMap;
use verta_render::Rendered;
use verta_render::codec::{json, yaml};

/// One resource.
pub struct Document {
    pub json: Json,
    /// The text it was read from.
    pub text: String,
}

/// The manifests and hooks of a render.
pub fn read(rendered: &Rendered) -> Vec<Document> {
    let manifests = rendered.manifests.iter();
    let hooks = rendered.hooks.iter().map(|hook| &hook.document);
    let texts = manifests.chain(hooks).map(|document| document.text());
    texts.map(Document::parse).collect()
}

impl Document {
    fn parse(text: &[u8]) -> Document {
        let value = yaml::decode(text)
            .expect("helm's YAML reader takes it, or it would not have been sorted");
        let bytes = json::encode(&value).expect("YAML holds nothing that JSON cannot");
        Document {
            json: serde_json::from_slice(&bytes).expect("it is JSON"),
            text: String::from_utf8(text.to_vec()).expect("manifests are UTF-8"),
        }
    }

    pub fn kind(&self) -> &str {
        text(&self.json["kind"])
    }

    pub fn name(&self) -> &str {
        text(&self.json["metadata"]["name"])
    }

    pub fn spec(&self) -> &Json {
        &self.json["spec"]
    }

    pub fn labels(&self) -> Labels {
        labels(&self.json["metadata"]["labels"])
    }

    pub fn annotation(&self, name: &str) -> &str {
        text(&self.json["metadata"]["annotations"][name])
    }

    /// Whether it is a hook that runs before the resources of the release are made.
    pub fn is_early_hook(&self) -> bool {
        self.annotation("helm.sh/hook").starts_with("pre-")
    }

    /// The pods it makes: labels, annotations and spec.
    pub fn pod(&self) -> Option<Pod<'_>> {
        let whole = match self.kind() {
            "Pod" => &self.json,
            "Deployment" | "StatefulSet" | "Job" => &self.spec()["template"],
            _ => return None,
        };
        Some(Pod {
            metadata: &whole["metadata"],
            spec: &whole["spec"],
        })
    }
}

/// Labels by key.
pub type Labels = BTreeMap<String, String>;

/// An object of texts.
pub fn labels(json: &Json) -> Labels {
    let members = json.as_object().into_iter().flatten();
    members
        .map(|(key, value)| (key.clone(), text(value).to_owned()))
        .collect()
}

/// Whether a selector of `matchLabels` picks these labels.
pub fn selects(selector: &Json, labels: &Labels) -> bool {
    let wanted = self::labels(selector);
    !wanted.is_empty()
        && wanted
            .iter()
            .all(|(key, value)| labels.get(key) == Some(value))
}

/// A pod, or the template of one.
#[derive(Clone, Copy)]
pub struct Pod<'d> {
    pub metadata: &'d Json,
    pub spec: &'d Json,
}

impl<'d> Pod<'d> {
    pub fn labels(self) -> Labels {
        labels(&self.metadata["labels"])
    }

    /// Init containers and containers.
    pub fn all_containers(self) -> impl Iterator<Item = &'d Json> {
        items(&self.spec["initContainers"]).chain(self.containers())
    }

    pub fn containers(self) -> impl Iterator<Item = &'d Json> {
        items(&self.spec["containers"])
    }

    pub fn volumes(self) -> impl Iterator<Item = &'d Json> {
        items(&self.spec["volumes"])
    }

    /// Names of the ports of its containers.
    pub fn ports(self) -> Vec<&'d str> {
        self.containers()
            .flat_map(|container| items(&container["ports"]))
            .map(|port| text(&port["name"]))
            .collect()
    }
}

/// The items of an array; none for anything else.
pub fn items(json: &Json) -> impl Iterator<Item = &Json> {
    json.as_array().into_iter().flatten()
}

/// A text; empty for anything else.
pub fn text(json: &Json) -> &str {
    json.as_str().unwrap_or_default()
}
