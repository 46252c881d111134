//! An upgrade from any values file to any other changes nothing that Kubernetes refuses to change.

use super::documents::Document;
use super::{nothing_wrong, renderings};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// The parts of a document that cannot change, by the kinds that have some.
fn fixed(document: &Document) -> Option<Json> {
    let spec = document.spec();
    Some(match document.kind() {
        "Deployment" => json!([spec["selector"]]),
        // All but replicas, template, strategy and a few others.
        "StatefulSet" => json!([
            spec["selector"],
            spec["serviceName"],
            spec["volumeClaimTemplates"],
            spec["podManagementPolicy"],
            spec["revisionHistoryLimit"],
        ]),
        // The size may grow; class and modes stay.
        "PersistentVolumeClaim" => json!([
            spec["accessModes"],
            spec["storageClassName"],
            spec["volumeMode"]
        ]),
        // None is a Service without an address of its own, forever.
        "Service" => json!([spec["clusterIP"]]),
        "Secret" => json!([document.json["type"]]),
        _ => return None,
    })
}

/// Whether a values file is a choice that is made before the first install: other names, classes of storage.
fn is_made_once(file: &str, document: &Document) -> bool {
    match file {
        // redis.nameOverride is part of labels, as in Bitnami's chart.
        "ci/redis-options-values.yaml" => document.kind() != "Deployment",
        // global.storageClass, redis.master.persistence.storageClass.
        "ci/ml-autoscaling-values.yaml" | "ci/models-existing-claim-values.yaml" => {
            document.kind() == "PersistentVolumeClaim"
        }
        _ => false,
    }
}

#[test]
fn immutable_fields_are_the_same_in_all_values_files() {
    let mut first: BTreeMap<(&str, &str, &str), (Json, &str)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for rendering in renderings() {
        let release = rendering
            .id
            .rsplit(" | ")
            .next()
            .expect("it ends in the release");
        for document in &rendering.documents {
            let Some(fields) = fixed(document).filter(|_| !is_made_once(rendering.file, document))
            else {
                continue;
            };
            let key = (release, document.kind(), document.name());
            let (known, file) = first
                .entry(key)
                .or_insert_with(|| (fields.clone(), rendering.file));
            if *known != fields {
                wrong.push(format!(
                    "{key:?}: {file} {known}, {} {fields}",
                    rendering.file
                ));
            }
        }
    }
    for (kind, name) in [
        ("Deployment", "verta-backend"),
        ("StatefulSet", "verta-redis-master"),
    ] {
        assert!(
            first.contains_key(&("verta", kind, name)),
            "{name} was seen"
        );
    }
    nothing_wrong(&wrong);
}

#[test]
fn selectors_hold_nothing_that_changes_with_a_version() {
    for rendering in renderings() {
        for document in &rendering.documents {
            let selector = &document.spec()["selector"]["matchLabels"];
            for (label, _) in selector.as_object().into_iter().flatten() {
                let stable = [
                    "app.kubernetes.io/name",
                    "app.kubernetes.io/instance",
                    "app.kubernetes.io/component",
                ];
                assert!(
                    stable.contains(&&**label),
                    "{}: {}: {label}",
                    rendering.id,
                    document.name()
                );
            }
        }
    }
}

#[test]
fn documents_have_names_of_their_own() {
    let mut wrong = Vec::new();
    for rendering in renderings() {
        let mut names = BTreeMap::new();
        for document in &rendering.documents {
            let (kind, name) = (document.kind(), document.name());
            if names.insert((kind, name), ()).is_some() {
                wrong.push(format!("{}: two of {kind} {name}", rendering.id));
            }
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn names_fit_for_the_longest_release_name() {
    let long = "a-release-name-of-exactly-53-characters-as-helm-allow";
    assert_eq!(long.len(), 53);
    let rendering = super::Rendering::of(
        super::values_file("values-prod.yaml"),
        "",
        long,
        &super::MONITORED,
    );
    for document in &rendering.documents {
        let name = document.name();
        let room = match document.kind() {
            // The label of a revision is the name with a hash of ten characters.
            "StatefulSet" => 52,
            // No label is made of it.
            "PersistentVolumeClaim" => 253,
            _ => 63,
        };
        assert!(
            name.len() <= room && !name.ends_with('-'),
            "{} {name}",
            document.kind()
        );
    }
}
