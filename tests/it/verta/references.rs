//! Whatever a manifest refers to is there: Secrets and keys, ConfigMaps, claims, accounts, Services, ports, targets.
//!
//! What a values file says exists already is listed in [`OUTSIDE`]; everything else must be part of the same render.

use super::documents::{Document, items, labels, selects, text};
use super::{Rendering, nothing_wrong, renderings};
use serde_json::Value as Json;
use std::collections::BTreeSet;

/// What exists before the release, by the values that say so.
const OUTSIDE: &[(&str, &str, &str)] = &[
    // secrets.existingSecret
    ("values-prod.yaml", "Secret", "verta-secrets"),
    (
        "ci/existing-secret-values.yaml",
        "Secret",
        "verta-credentials",
    ),
    (
        "ci/job-migrations-account-values.yaml",
        "Secret",
        "verta-credentials",
    ),
    // redis.auth.existingSecret, redis.master.persistence.existingClaim
    (
        "ci/redis-existing-values.yaml",
        "Secret",
        "redis-credentials",
    ),
    (
        "ci/redis-existing-values.yaml",
        "PersistentVolumeClaim",
        "redis-data",
    ),
    // ml.modelCache.existingClaim
    (
        "ci/models-existing-claim-values.yaml",
        "PersistentVolumeClaim",
        "models",
    ),
    // serviceAccount.name, or the account of every namespace
    (
        "ci/existing-secret-values.yaml",
        "ServiceAccount",
        "verta-workload",
    ),
    (
        "ci/job-migrations-account-values.yaml",
        "ServiceAccount",
        "default",
    ),
    ("ci/redis-existing-values.yaml", "ServiceAccount", "default"),
];

/// Keys of the Secret that pods wait for, with the values that notes ask for while they are missing.
const AWAITED: &[(&str, &str)] = &[
    ("admin-api-key", "secrets.adminApiKey"),
    ("database-url", "secrets.databaseUrl"),
];

/// A resource that a pod cannot do without.
struct Reference {
    kind: &'static str,
    name: String,
    /// The key of a Secret or ConfigMap, if only one is used.
    key: String,
}

/// A reference by the member `name_member` of an object, unless it is absent or optional.
fn reference(kind: &'static str, from: &Json, name_member: &str) -> Option<Reference> {
    let is_needed = from.is_object() && from["optional"] != true;
    is_needed.then(|| Reference {
        kind,
        name: text(&from[name_member]).to_owned(),
        key: text(&from["key"]).to_owned(),
    })
}

/// What the pods of a document refer to.
fn references(document: &Document) -> Vec<Reference> {
    let Some(pod) = document.pod() else {
        return Vec::new();
    };
    let mut found = vec![reference("ServiceAccount", pod.spec, "serviceAccountName")];
    for volume in pod.volumes() {
        found.push(reference("ConfigMap", &volume["configMap"], "name"));
        found.push(reference("Secret", &volume["secret"], "secretName"));
        let claim = &volume["persistentVolumeClaim"];
        found.push(reference("PersistentVolumeClaim", claim, "claimName"));
    }
    for container in pod.all_containers() {
        for source in items(&container["env"]).map(|variable| &variable["valueFrom"]) {
            found.push(reference("Secret", &source["secretKeyRef"], "name"));
            found.push(reference("ConfigMap", &source["configMapKeyRef"], "name"));
        }
        for source in items(&container["envFrom"]) {
            found.push(reference("ConfigMap", &source["configMapRef"], "name"));
            found.push(reference("Secret", &source["secretRef"], "name"));
        }
    }
    found.into_iter().flatten().collect()
}

/// Why a reference leads nowhere, if it does.
fn lost(rendering: &Rendering, from: &Document, to: &Reference) -> Option<String> {
    let (kind, name, key) = (to.kind, &*to.name, &*to.key);
    let Some(target) = rendering.find(kind, name) else {
        let exists = OUTSIDE.contains(&(rendering.file, kind, name));
        return (!exists).then(|| format!("{kind} {name} is not there"));
    };
    if from.is_early_hook() && !target.is_early_hook() {
        return Some(format!("{kind} {name} is made after this hook"));
    }
    if key.is_empty() || target.json["data"].get(key).is_some() {
        return None;
    }
    let is_awaited = AWAITED
        .iter()
        .any(|(awaited, value)| *awaited == key && rendering.notes.contains(value));
    (!is_awaited)
        .then(|| format!("{kind} {name} has no key {key}, and the notes do not ask for it"))
}

#[test]
fn pods_refer_to_what_is_there() {
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for rendering in renderings() {
        for document in &rendering.documents {
            for to in references(document) {
                seen += 1;
                wrong.extend(lost(rendering, document, &to).map(|what| {
                    format!(
                        "{}: {} {}: {what}",
                        rendering.id,
                        document.kind(),
                        document.name()
                    )
                }));
            }
        }
    }
    assert!(seen > 1_000, "references were found: {seen}");
    nothing_wrong(&wrong);
}

#[test]
fn what_is_said_to_exist_is_used() {
    let used: BTreeSet<_> = renderings()
        .iter()
        .flat_map(|rendering| {
            let documents = rendering.documents.iter().flat_map(references);
            documents.map(|to| (rendering.file, to.kind, to.name))
        })
        .collect();
    for (file, kind, name) in OUTSIDE {
        assert!(
            used.contains(&(file, kind, (*name).to_owned())),
            "{file} uses {kind} {name}"
        );
    }
}

/// The documents whose pods carry these labels.
fn workloads<'r>(rendering: &'r Rendering, selector: &Json) -> Vec<&'r Document> {
    let documents = rendering.documents.iter();
    documents
        .filter(|document| {
            document
                .pod()
                .is_some_and(|pod| selects(selector, &pod.labels()))
        })
        .collect()
}

/// Applies `check`, which tells what is wrong, to all documents of a kind.
fn every(kind: &str, check: impl Fn(&Rendering, &Document) -> Vec<String>) {
    let (mut wrong, mut seen) = (Vec::new(), 0);
    for rendering in renderings() {
        for document in rendering.of_kind(kind) {
            seen += 1;
            let found = check(rendering, document).into_iter();
            wrong.extend(
                found.map(|what| format!("{}: {kind} {}: {what}", rendering.id, document.name())),
            );
        }
    }
    assert!(seen > 0, "there is a {kind}");
    nothing_wrong(&wrong);
}

/// The only workload a selector picks, or why it is not the only one.
fn only<'r>(rendering: &'r Rendering, selector: &Json) -> Result<&'r Document, Vec<String>> {
    match &workloads(rendering, selector)[..] {
        [one] => Ok(one),
        several => {
            let names: Vec<_> = several.iter().map(|found| found.name()).collect();
            Err(vec![format!("selects {names:?} instead of one")])
        }
    }
}

#[test]
fn services_select_one_workload_and_its_ports() {
    every("Service", |rendering, service| {
        let workload = match only(rendering, &service.spec()["selector"]) {
            Ok(workload) => workload,
            Err(wrong) => return wrong,
        };
        let ports = workload.pod().expect("it has pods").ports();
        items(&service.spec()["ports"])
            .map(|port| text(&port["targetPort"]))
            .filter(|port| !ports.contains(port))
            .map(|port| format!("no port {port} in {}", workload.name()))
            .collect()
    });
}

#[test]
fn budgets_select_one_workload() {
    every("PodDisruptionBudget", |rendering, budget| {
        only(rendering, &budget.spec()["selector"]["matchLabels"])
            .err()
            .unwrap_or_default()
    });
}

#[test]
fn network_policies_select_one_workload_and_its_ports() {
    every("NetworkPolicy", |rendering, policy| {
        let workload = match only(rendering, &policy.spec()["podSelector"]["matchLabels"]) {
            Ok(workload) => workload,
            Err(wrong) => return wrong,
        };
        let ports = workload.pod().expect("it has pods").ports();
        let mut wrong = Vec::new();
        for rule in items(&policy.spec()["ingress"]) {
            // A rule without peers would let everybody in.
            if items(&rule["from"]).next().is_none() {
                wrong.push("a rule without peers".to_owned());
            }
            let open = items(&rule["ports"]).map(|port| text(&port["port"]));
            let strange: Vec<_> = open.filter(|port| !ports.contains(port)).collect();
            if !strange.is_empty() || items(&rule["ports"]).next().is_none() {
                wrong.push(format!("ports {strange:?}"));
            }
        }
        wrong
    });
}

#[test]
fn autoscalers_have_a_target_that_leaves_the_number_to_them() {
    every("HorizontalPodAutoscaler", |rendering, scaler| {
        let target = &scaler.spec()["scaleTargetRef"];
        match rendering.find(text(&target["kind"]), text(&target["name"])) {
            None => vec![format!("no {target}")],
            Some(workload) if workload.spec().get("replicas").is_some() => {
                vec!["the Deployment sets replicas too".to_owned()]
            }
            Some(workload) => {
                let pod = workload.pod().expect("it has pods");
                let missing = items(&scaler.spec()["metrics"])
                    .map(|metric| text(&metric["resource"]["name"]));
                let unmeasured = missing.filter(|resource| {
                    pod.containers()
                        .any(|container| container["resources"]["requests"].get(resource).is_none())
                });
                // ci/minimal-values.yaml takes the requests away on purpose.
                let unmeasured = unmeasured.filter(|_| rendering.file != "ci/minimal-values.yaml");
                unmeasured
                    .map(|resource| format!("{resource} is not requested"))
                    .collect()
            }
        }
    });
}

#[test]
fn ingresses_lead_to_ports_of_services() {
    every("Ingress", |rendering, ingress| {
        let rules = items(&ingress.spec()["rules"]);
        let paths: Vec<_> = rules
            .flat_map(|rule| items(&rule["http"]["paths"]))
            .collect();
        if paths.is_empty() {
            return vec!["no paths".to_owned()];
        }
        let backends = paths.into_iter().map(|path| &path["backend"]["service"]);
        backends
            .filter(|backend| {
                let service = rendering.find("Service", text(&backend["name"]));
                !service.is_some_and(|service| {
                    items(&service.spec()["ports"])
                        .any(|port| port["name"] == backend["port"]["name"])
                })
            })
            .map(|backend| format!("no {backend}"))
            .collect()
    });
}

#[test]
fn monitors_select_the_services_of_their_components() {
    every("ServiceMonitor", |rendering, monitor| {
        let selector = &monitor.spec()["selector"];
        let expression = &selector["matchExpressions"][0];
        let wanted: BTreeSet<&str> = items(&expression["values"]).map(text).collect();
        let found: BTreeSet<String> = rendering
            .of_kind("Service")
            .map(Document::labels)
            .filter(|labels| selects(&selector["matchLabels"], labels))
            .filter_map(|labels| labels.get(text(&expression["key"])).cloned())
            .filter(|component| wanted.contains(&**component))
            .collect();
        if found.len() == wanted.len() {
            Vec::new()
        } else {
            vec![format!("{wanted:?} asked, {found:?} there")]
        }
    });
}

#[test]
fn labels_hold_selectors() {
    // Otherwise the API server refuses the workload.
    for kind in ["Deployment", "StatefulSet"] {
        every(kind, |_, workload| {
            let selector = &workload.spec()["selector"]["matchLabels"];
            let pod = workload.pod().expect("it has pods");
            if selects(selector, &pod.labels()) {
                Vec::new()
            } else {
                vec![format!(
                    "selects {:?}, labels {:?}",
                    labels(selector),
                    pod.labels()
                )]
            }
        });
    }
}
