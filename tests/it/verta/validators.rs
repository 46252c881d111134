//! What other programs say: the schemas of Kubernetes of the manifests, the schemas of GitHub of the workflows.
//!
//! `cargo xtask validators` installs them under `target/validators`.

use super::{CLUSTER, Flags, MONITORED, PLAIN, Rendering, nothing_wrong, renderings, values_files};
use crate::support::folder::files_below;
use crate::support::process::{Outcome, Run};
use crate::support::text::readable;
use crate::support::{on_all_cores, project, say};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Kinds that Kubernetes itself does not know.
const CUSTOM: &[&str] = &["monitoring.coreos.com/v1/ServiceMonitor"];

/// The versions that are asked; the newest is the one the validator knows.
const VERSIONS: &[&str] = &["1.25", "1.30", "newest"];

/// A path below the folder of the validators, or nothing after saying so; `VALIDATORS=required` makes its absence a failure.
fn validator(what: &str, path: &str) -> Option<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| project().join("target"), PathBuf::from);
    let found = target.join("validators").join(path);
    if found.exists() {
        return Some(found);
    }
    let required = std::env::var("VALIDATORS").as_deref() == Ok("required");
    assert!(!required, "{what}: there is no {}", found.display());
    let found = found.display();
    say(&format!(
        "{what}: NOT RUN, there is no {found} (`cargo xtask validators` installs it)"
    ));
    None
}

fn run(program: &Path, args: &[String], stdin: Vec<u8>) -> Outcome {
    let path = std::env::var("PATH").unwrap_or_default();
    Run {
        program,
        args,
        env: &[("PATH".to_owned(), path)],
        cwd: &project(),
        stdin,
        limit: Duration::from_secs(600),
    }
    .outcome()
}

/// Renders for a version of Kubernetes, in a live cluster of that version.
fn at_version(version: &'static str) -> Vec<Rendering> {
    let flags = match version {
        "newest" => CLUSTER,
        "1.30" => Flags {
            kube_version: Some("1.30.0"),
            ..CLUSTER
        },
        _ => Flags {
            kube_version: Some("1.25.0"),
            ..CLUSTER
        },
    };
    let files: Vec<_> = values_files().iter().collect();
    on_all_cores(&files, |file| Rendering::of(file, "", "verta", &flags))
}

#[test]
fn kubernetes_accepts_every_document() {
    let Some(python) = validator("kubernetes-validate", "venv/bin/python") else {
        return;
    };
    let mut asked = BTreeSet::new();
    for version in VERSIONS {
        for rendering in at_version(version) {
            asked.extend(
                rendering
                    .documents
                    .into_iter()
                    .map(|document| (*version, document.text)),
            );
        }
    }
    // What is rendered without a cluster may be applied to any.
    let free = [PLAIN.name, MONITORED.name];
    for rendering in renderings().iter().filter(|rendering| {
        free.iter()
            .any(|name| rendering.id.contains(&format!("| {name} |")))
    }) {
        for document in &rendering.documents {
            asked.extend(
                VERSIONS
                    .iter()
                    .map(|version| (*version, document.text.clone())),
            );
        }
    }
    assert!(asked.len() > 300, "documents were found: {}", asked.len());
    let items: Vec<_> = asked
        .iter()
        .map(|(version, document)| json!({"version": version, "document": document}))
        .collect();
    let script = project().join("tests/it/verta/validate-manifests.py");
    let script = script.to_string_lossy().into_owned();
    let outcome = run(&python, &[script], json!(items).to_string().into_bytes());
    assert_eq!(outcome.exit, 0, "{}", readable(&outcome.stderr));
    let output = readable(&outcome.stdout);
    let mut unknown = BTreeSet::new();
    let mut wrong = Vec::new();
    for line in output.lines() {
        match line.split_once("no schema: ") {
            Some((_, kind)) => {
                unknown.insert(kind.to_owned());
            }
            None => wrong.push(line.to_owned()),
        }
    }
    nothing_wrong(&wrong);
    let expected: BTreeSet<String> = CUSTOM.iter().map(|kind| (*kind).to_owned()).collect();
    assert_eq!(unknown, expected, "kinds without a schema");
}

#[test]
fn the_validator_of_manifests_finds_mistakes() {
    let Some(python) = validator("kubernetes-validate", "venv/bin/python") else {
        return;
    };
    let documents = [
        "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {prots: []}\n",
        "apiVersion: v1\nkind: Service\nmetadata: {name: b}\nspec: {ports: [{port: text}]}\n",
        "apiVersion: v1\nkind: Service\nmetadata: {name: c, name: d}\n",
        "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: e}\n",
    ];
    let items: Vec<_> = documents
        .iter()
        .map(|document| json!({"version": "1.30", "document": document}))
        .collect();
    let script = project().join("tests/it/verta/validate-manifests.py");
    let script = script.to_string_lossy().into_owned();
    let outcome = run(&python, &[script], json!(items).to_string().into_bytes());
    let output = readable(&outcome.stdout);
    let lines: Vec<&str> = output.lines().collect();
    assert_eq!(lines.len(), 4, "{output}{}", readable(&outcome.stderr));
    assert!(lines[0].contains("'prots' was unexpected"), "{output}");
    assert!(lines[1].contains("/spec/ports/0/port"), "{output}");
    assert!(lines[2].contains("two members 'name'"), "{output}");
    assert!(
        lines[3].contains("no schema: example.com/v1/Widget"),
        "{output}"
    );
}

/// The workflows of the project, as texts by name.
fn workflows() -> Vec<(String, String)> {
    let folder = project().join(".github/workflows");
    let read = |name: String| {
        let text = std::fs::read_to_string(folder.join(&name)).expect("it is a text");
        (name, text)
    };
    files_below(&folder).into_iter().map(read).collect()
}

#[test]
fn workflows_are_valid() {
    let Some(program) = validator("action-validator", "node_modules/.bin/action-validator") else {
        return;
    };
    let names: Vec<String> = workflows()
        .into_iter()
        .map(|(name, _)| format!(".github/workflows/{name}"))
        .collect();
    assert!(names.len() >= 2, "workflows were found");
    for name in names {
        let outcome = run(&program, std::slice::from_ref(&name), Vec::new());
        assert_eq!(
            outcome.exit,
            0,
            "{name}: {}{}",
            readable(&outcome.stdout),
            readable(&outcome.stderr)
        );
    }
}

#[test]
fn the_release_of_the_chart_is_made_by_this_program() {
    let workflows = workflows();
    let (_, text) = workflows
        .iter()
        .find(|(name, _)| name == "helm-release.yml")
        .expect("there is a workflow for the chart");
    for step in [
        "scripts/helm-test.sh",
        "verta-render package ",
        "verta-render push ",
        "verta-render registry login ",
        "verta-render repo index ",
    ] {
        assert!(text.contains(step), "{step}");
    }
}
