//! The Verta chart: what its manifests promise to an operator, checked on everything it can render.
//!
//! Every values file (`values.yaml`, `values-*.yaml`, `ci/*.yaml`, found by pattern) is rendered with each line of
//! [`FLAGS`]; what comes out is looked at as data ([`documents`]). That helm renders the same is the business of
//! `differential`, which finds the same files.

mod coverage;
mod documents;
mod networks;
mod operations;
mod packaging;
mod pods;
mod redis_choice;
mod references;
mod schema;
mod script;
mod secrets;
mod state;
mod table;
mod upgrades;
mod validators;

use crate::support::project;
use documents::Document;
use std::path::PathBuf;
use std::sync::OnceLock;
use verta_render::values::merge::merge_maps;
use verta_render::{KubeVersion, Map, RenderOptions, Rendered, Renderer, read_values};

/// What a cluster may say of itself, and an upgrade in place of an install.
pub struct Flags {
    pub name: &'static str,
    pub api_versions: &'static [&'static str],
    pub kube_version: Option<&'static str>,
    pub is_upgrade: bool,
}

const PLAIN: Flags = Flags {
    name: "plain",
    api_versions: &[],
    kube_version: None,
    is_upgrade: false,
};

/// The Prometheus operator is there.
const MONITORED: Flags = Flags {
    name: "-a monitoring.coreos.com/v1",
    api_versions: &["monitoring.coreos.com/v1"],
    ..PLAIN
};

/// A live cluster: its API server serves the registration of APIs, which `template` alone never assumes.
const CLUSTER: Flags = Flags {
    name: "-a apiregistration.k8s.io/v1",
    api_versions: &["apiregistration.k8s.io/v1"],
    ..PLAIN
};

/// The oldest version that the chart promises.
const OLDEST: Flags = Flags {
    name: "-a apiregistration.k8s.io/v1 --kube-version 1.25.0",
    kube_version: Some("1.25.0"),
    ..CLUSTER
};

/// The flags that each values file is rendered with: together they run every branch.
pub const FLAGS: &[Flags] = &[
    PLAIN,
    MONITORED,
    Flags {
        name: "--is-upgrade",
        is_upgrade: true,
        ..PLAIN
    },
    CLUSTER,
    OLDEST,
];

/// The folder of the chart.
pub fn chart() -> PathBuf {
    project().join("charts/verta")
}

/// The chart, compiled once for all tests.
pub fn renderer() -> &'static Renderer {
    static RENDERER: OnceLock<Renderer> = OnceLock::new();
    RENDERER.get_or_init(|| Renderer::from_path(chart()).expect("the chart loads"))
}

/// A values file of the chart.
pub struct ValuesFile {
    /// Its path in the chart.
    pub name: String,
    text: Vec<u8>,
}

impl ValuesFile {
    pub fn read(name: impl Into<String>) -> ValuesFile {
        let name = name.into();
        let text =
            std::fs::read(chart().join(&name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        ValuesFile { name, text }
    }

    /// Its values, in a map of their own.
    pub fn values(&self) -> Map {
        read_values(&self.text).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }
}

/// All values files, the defaults first.
pub fn values_files() -> &'static [ValuesFile] {
    static FILES: OnceLock<Vec<ValuesFile>> = OnceLock::new();
    FILES.get_or_init(|| {
        let all = crate::support::folder::files_below(&chart());
        let is_values = |name: &String| {
            name.ends_with(".yaml")
                && (name.starts_with("ci/") || name.starts_with("values-"))
                && name.matches('/').count() <= 1
        };
        let others = all.into_iter().filter(is_values);
        let files: Vec<ValuesFile> = std::iter::once("values.yaml".to_owned())
            .chain(others)
            .map(ValuesFile::read)
            .collect();
        assert!(files.len() > 15, "the values files were found");
        files
    })
}

/// A release of this name with these flags.
pub fn options(release: &str, flags: &Flags) -> RenderOptions {
    let mut options = RenderOptions::named(release);
    options.namespace = "apps".to_owned();
    options.is_upgrade = flags.is_upgrade;
    for version in flags.api_versions {
        options.capabilities.add_api_version(*version);
    }
    if let Some(version) = flags.kube_version {
        let version = KubeVersion::parse(version).expect("a version");
        options.capabilities.set_kube_version(version);
    }
    options
}

/// What one values file renders to with one line of flags.
pub struct Rendering {
    /// Says which it is, in failures.
    pub id: String,
    pub file: &'static str,
    pub documents: Vec<Document>,
    pub notes: String,
}

impl Rendering {
    /// Renders a values file with more values, written as YAML, over it.
    pub fn of(file: &'static ValuesFile, more: &str, release: &str, flags: &Flags) -> Rendering {
        let id = [&file.name, more, flags.name, release].join(" | ");
        let values = file.values();
        let over = read_values(more.as_bytes()).expect("values are YAML");
        merge_maps(&values, &over);
        let rendered = renderer()
            .render(&values, &options(release, flags))
            .unwrap_or_else(|error| panic!("{id}: {error}"));
        Rendering {
            documents: documents::read(&rendered),
            notes: notes(&rendered),
            file: &file.name,
            id,
        }
    }

    pub fn find(&self, kind: &str, name: &str) -> Option<&Document> {
        self.documents
            .iter()
            .find(|document| document.kind() == kind && document.name() == name)
    }

    pub fn of_kind<'k>(&self, kind: &'k str) -> impl Iterator<Item = &Document> + use<'_, 'k> {
        self.documents
            .iter()
            .filter(move |document| document.kind() == kind)
    }

    /// The only document of a kind whose name ends so.
    pub fn one(&self, kind: &str, ending: &str) -> &Document {
        let mut found = self
            .of_kind(kind)
            .filter(|document| document.name().ends_with(ending));
        let first = found
            .next()
            .unwrap_or_else(|| panic!("{}: no {kind} *{ending}", self.id));
        assert!(found.next().is_none(), "{}: one {kind} *{ending}", self.id);
        first
    }
}

fn notes(rendered: &Rendered) -> String {
    String::from_utf8(rendered.notes.clone().unwrap_or_default()).expect("notes are text")
}

/// The values file of this name.
pub fn values_file(name: &str) -> &'static ValuesFile {
    values_files()
        .iter()
        .find(|file| file.name == name)
        .unwrap_or_else(|| panic!("there is no {name}"))
}

/// The defaults of the chart with these values over them.
pub fn with_values(more: &str) -> Rendering {
    Rendering::of(values_file("values.yaml"), more, "verta", &PLAIN)
}

/// Everything the chart can render: each values file with each line of flags; and once for a release whose name does not hold
/// the chart's, which is part of all names then.
pub fn renderings() -> &'static [Rendering] {
    static ALL: OnceLock<Vec<Rendering>> = OnceLock::new();
    ALL.get_or_init(|| {
        let files = values_files().iter();
        let with_flags = files
            .clone()
            .flat_map(|file| FLAGS.iter().map(move |flags| (file, flags, "verta")));
        let cases: Vec<_> = with_flags
            .chain(files.map(|file| (file, &MONITORED, "prod")))
            .collect();
        crate::support::on_all_cores(&cases, |(file, flags, release)| {
            Rendering::of(file, "", release, flags)
        })
    })
}

/// Fails with all that was found wrong, a line each.
pub fn nothing_wrong(found: &[String]) {
    let mut found = found.to_vec();
    found.sort();
    found.dedup();
    let shown = &found[..found.len().min(30)];
    assert!(
        found.is_empty(),
        "{} wrong:\n{}",
        found.len(),
        shown.join("\n")
    );
}
