//! Every pod keeps the Pod Security standard "restricted" and goes beyond it; every container is complete.

use super::documents::{Document, Pod, items, text};
use super::{Rendering, nothing_wrong, renderings};
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// Kinds of volumes that the standard allows.
const VOLUMES: &[&str] = &[
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

/// Applies `check`, which tells what is wrong, to all pods.
fn every_pod(check: impl Fn(&Rendering, &Document, Pod<'_>) -> Vec<String>) {
    let (mut wrong, mut seen) = (Vec::new(), BTreeSet::new());
    for rendering in renderings() {
        for document in &rendering.documents {
            if let Some(pod) = document.pod() {
                seen.insert(document.name());
                let found = check(rendering, document, pod).into_iter();
                let name = format!("{}: {} {}", rendering.id, document.kind(), document.name());
                wrong.extend(found.map(|what| format!("{name}: {what}")));
            }
        }
    }
    for part in [
        "backend",
        "frontend",
        "ml",
        "migrations",
        "redis-master",
        "test-redis",
        "test-services",
    ] {
        assert!(
            seen.iter().any(|name| name.ends_with(part)),
            "{part} was seen"
        );
    }
    nothing_wrong(&wrong);
}

/// The wrongs among these: what was found out, and its name.
fn failed<'w>(checks: impl IntoIterator<Item = (bool, &'w str)>) -> Vec<String> {
    let failed = checks.into_iter().filter(|(holds, _)| !holds);
    failed.map(|(_, what)| what.to_owned()).collect()
}

#[test]
fn pod_security_restricted() {
    every_pod(|_, _, pod| {
        let context = &pod.spec["securityContext"];
        let mut wrong = failed([
            (pod.spec.get("hostNetwork").is_none(), "hostNetwork"),
            (pod.spec.get("hostPID").is_none(), "hostPID"),
            (pod.spec.get("hostIPC").is_none(), "hostIPC"),
            (context.get("sysctls").is_none(), "sysctls"),
        ]);
        for volume in pod.volumes() {
            let kinds = volume.as_object().expect("a volume is an object").keys();
            let strange = kinds.filter(|kind| *kind != "name" && !VOLUMES.contains(&&***kind));
            wrong.extend(strange.map(|kind| format!("volume of kind {kind}")));
        }
        for container in pod.all_containers() {
            let own = &container["securityContext"];
            // What the container does not say, the pod says for it.
            let either = |name: &str| own.get(name).unwrap_or(&context[name]).clone();
            let name = text(&container["name"]);
            let here = failed([
                (
                    own["allowPrivilegeEscalation"] == false,
                    "allowPrivilegeEscalation",
                ),
                (own["privileged"] != true, "privileged"),
                (
                    own["capabilities"]["drop"] == serde_json::json!(["ALL"]),
                    "capabilities are not dropped",
                ),
                (
                    own["capabilities"].get("add").is_none(),
                    "capabilities are added",
                ),
                (either("runAsNonRoot") == true, "runAsNonRoot"),
                (either("runAsUser") != 0, "runAsUser is 0"),
                (
                    either("seccompProfile")["type"] == "RuntimeDefault",
                    "seccompProfile",
                ),
                (own.get("procMount").is_none(), "procMount"),
                (
                    items(&container["ports"]).all(|port| port.get("hostPort").is_none()),
                    "hostPort",
                ),
            ]);
            wrong.extend(
                here.into_iter()
                    .map(|what| format!("container {name}: {what}")),
            );
        }
        wrong
    });
}

#[test]
fn more_than_the_standard_asks() {
    every_pod(|rendering, _, pod| {
        let mut wrong = failed([
            // Nobody talks to the Kubernetes API.
            (
                pod.spec["automountServiceAccountToken"] == false,
                "a token is mounted",
            ),
            // REDIS_PORT=tcp://... of a Service would take the place of the application's own.
            (
                pod.spec["enableServiceLinks"] == false,
                "variables of Services",
            ),
        ]);
        let user = &pod.spec["securityContext"]["runAsUser"];
        for container in pod.all_containers() {
            let name = text(&container["name"]);
            let own = &container["securityContext"];
            // ci/redis-existing-values.yaml leaves the users to the cluster.
            let has_user = user.is_u64()
                || own["runAsUser"].is_u64()
                || rendering.file == "ci/redis-existing-values.yaml";
            let here = failed([
                (
                    own["readOnlyRootFilesystem"] == true,
                    "a root file system that can be written",
                ),
                (has_user, "no numeric user"),
            ]);
            wrong.extend(
                here.into_iter()
                    .map(|what| format!("container {name}: {what}")),
            );
        }
        wrong
    });
}

#[test]
fn volumes_and_mounts_belong_together() {
    every_pod(|_, _, pod| {
        let volumes: Vec<&str> = pod.volumes().map(|volume| text(&volume["name"])).collect();
        let names: BTreeSet<&str> = volumes.iter().copied().collect();
        let mut wrong = Vec::new();
        if names.len() < volumes.len() {
            wrong.push(format!("two volumes of one name: {volumes:?}"));
        }
        let mut mounted = BTreeSet::new();
        for container in pod.all_containers() {
            let paths: Vec<&Json> = items(&container["volumeMounts"])
                .map(|mount| &mount["mountPath"])
                .collect();
            let distinct: BTreeSet<&str> = paths.iter().map(|path| text(path)).collect();
            if distinct.len() < paths.len() {
                wrong.push(format!("two volumes at one path: {paths:?}"));
            }
            mounted.extend(items(&container["volumeMounts"]).map(|mount| text(&mount["name"])));
        }
        let strange = mounted
            .difference(&names)
            .map(|name| format!("{name} is mounted and not there"));
        wrong.extend(strange);
        wrong.extend(
            names
                .difference(&mounted)
                .map(|name| format!("{name} is not mounted")),
        );
        wrong
    });
}

#[test]
fn what_the_pods_write_has_a_bound() {
    // An emptyDir without a limit can fill the disk of the node, and takes its neighbours with it.
    every_pod(|_, _, pod| {
        let own = |volume: &&Json| !["assets", "scratch"].contains(&text(&volume["name"]));
        pod.volumes()
            .filter(own)
            .filter(|volume| {
                volume["emptyDir"].is_object() && volume["emptyDir"].get("sizeLimit").is_none()
            })
            .map(|volume| format!("emptyDir {} has no sizeLimit", volume["name"]))
            .collect()
    });
}

#[test]
fn variables_are_set_once() {
    every_pod(|_, _, pod| {
        let mut wrong = Vec::new();
        for container in pod.all_containers() {
            let names: Vec<&str> = items(&container["env"])
                .map(|variable| text(&variable["name"]))
                .collect();
            let distinct: BTreeSet<&str> = names.iter().copied().collect();
            if distinct.len() < names.len() {
                wrong.push(format!("a variable is set twice: {names:?}"));
            }
        }
        wrong
    });
}

#[test]
fn containers_say_what_they_need() {
    // A quota on requests or on the limit of memory refuses pods that do not.
    every_pod(|rendering, _, pod| {
        let mut wrong = Vec::new();
        for container in pod.all_containers() {
            let (requests, limits) = (
                &container["resources"]["requests"],
                &container["resources"]["limits"],
            );
            // Files that take resources away on purpose, or give limits alone, which are requests then.
            let is_odd = [
                "ci/minimal-values.yaml",
                "ci/job-migrations-account-values.yaml",
                "ci/redis-existing-values.yaml",
                "ci/models-in-image-values.yaml",
            ]
            .contains(&rendering.file);
            let here = failed([
                (requests.get("cpu").is_some(), "no request of cpu"),
                (requests.get("memory").is_some(), "no request of memory"),
                (limits.get("memory").is_some(), "no limit of memory"),
            ]);
            if !is_odd {
                let name = text(&container["name"]);
                wrong.extend(
                    here.into_iter()
                        .map(|what| format!("container {name}: {what}")),
                );
            }
        }
        wrong
    });
}

#[test]
fn images_are_named_in_full() {
    every_pod(|_, _, pod| {
        let images = pod
            .all_containers()
            .map(|container| text(&container["image"]));
        images
            .filter(|image| {
                let (name, version) = match image.split_once('@') {
                    Some((name, digest)) => (name, digest.starts_with("sha256:")),
                    None => image
                        .rsplit_once(':')
                        .map_or((*image, false), |(name, tag)| (name, !tag.is_empty())),
                };
                let registry = name.split('/').next().unwrap_or_default();
                !version || !registry.contains('.')
            })
            .map(|image| format!("image {image}"))
            .collect()
    });
}
