//! Who reaches what: policies, Ingresses, Services, addresses.

use super::documents::{Document, items, labels, selects, text};
use super::{renderings, with_values};
use serde_json::json;
use std::collections::BTreeSet;

#[test]
fn closed_networks_leave_no_pod_open() {
    let mut seen = 0;
    for rendering in renderings()
        .iter()
        .filter(|rendering| rendering.of_kind("NetworkPolicy").next().is_some())
    {
        for workload in rendering
            .documents
            .iter()
            .filter(|document| !document.annotation("helm.sh/hook").starts_with('p'))
        {
            let Some(pod) = workload.pod().filter(|pod| !pod.ports().is_empty()) else {
                continue;
            };
            seen += 1;
            let policies: Vec<_> = rendering
                .of_kind("NetworkPolicy")
                .filter(|policy| {
                    selects(&policy.spec()["podSelector"]["matchLabels"], &pod.labels())
                })
                .collect();
            assert_eq!(policies.len(), 1, "{}: {}", rendering.id, workload.name());
            assert_eq!(policies[0].spec()["policyTypes"], json!(["Ingress"]));
        }
    }
    assert!(seen > 0);
}

/// Who a policy lets in: components of the release, and how many peers from elsewhere.
fn peers(policy: &Document) -> (BTreeSet<String>, usize) {
    let rules = items(&policy.spec()["ingress"]).flat_map(|rule| items(&rule["from"]));
    let (mut components, mut others) = (BTreeSet::new(), 0);
    for peer in rules {
        let labels = labels(&peer["podSelector"]["matchLabels"]);
        match labels.get("app.kubernetes.io/component") {
            Some(component) if peer.get("namespaceSelector").is_none() => {
                assert!(
                    labels.contains_key("app.kubernetes.io/instance"),
                    "of this release"
                );
                components.insert(component.clone());
            }
            _ => others += 1,
        }
    }
    (components, others)
}

#[test]
fn only_those_come_in_who_have_business() {
    let all = "{networkPolicy: {enabled: true}, ingress: {enabled: true}, serviceMonitor: {enabled: true}, tests: {enabled: false}}";
    let rendering = with_values(all);
    let who = |name| peers(rendering.one("NetworkPolicy", name));
    let set = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<BTreeSet<_>>()
    };
    // From elsewhere: the ingress controller, Prometheus.
    assert_eq!(who("-backend"), (set(&["frontend"]), 2));
    assert_eq!(who("-frontend"), (set(&[]), 1));
    assert_eq!(who("-ml"), (set(&["backend"]), 1));
    assert_eq!(who("-redis"), (set(&["backend"]), 0));
    let inside = with_values("{networkPolicy: {enabled: true}, tests: {enabled: false}}");
    for policy in inside.of_kind("NetworkPolicy") {
        assert_eq!(
            peers(policy).1,
            0,
            "{} is closed to other namespaces",
            policy.name()
        );
    }
}

#[test]
fn only_pages_and_api_are_published() {
    let mut seen = 0;
    for rendering in renderings() {
        for service in rendering.of_kind("Service") {
            assert_eq!(
                service.spec()["type"],
                "ClusterIP",
                "{}: {}",
                rendering.id,
                service.name()
            );
        }
        for ingress in rendering.of_kind("Ingress") {
            let is_admin = ingress.name().ends_with("-admin");
            for path in
                items(&ingress.spec()["rules"]).flat_map(|rule| items(&rule["http"]["paths"]))
            {
                seen += 1;
                let service = text(&path["backend"]["service"]["name"]);
                let allowed: &[(&str, &str)] = if is_admin {
                    &[("/api/admin", "-backend"), ("/admin", "-frontend")]
                } else {
                    &[("/api", "-backend"), ("/", "-frontend")]
                };
                let here = text(&path["path"]);
                let is_allowed = allowed
                    .iter()
                    .any(|(path, part)| *path == here && service.ends_with(part));
                assert!(is_allowed, "{}: {here} to {service}", rendering.id);
            }
            if is_admin {
                let ranges = ingress.json["metadata"]["annotations"]
                    .as_object()
                    .into_iter()
                    .flatten();
                let mut ranges = ranges.filter(|(name, _)| {
                    name.contains("source-range") || name.contains("allow-list")
                });
                let (_, range) = ranges
                    .next()
                    .expect("the administration is limited to some addresses");
                assert!(text(range).contains('/'), "{}: {range}", rendering.id);
            }
        }
    }
    assert!(seen > 0);
}

#[test]
fn frontend_and_ml_service_listen_on_either_kind_of_address() {
    for (more, want) in [("{}", "0.0.0.0"), ("{listenAddress: \"::\"}", "::")] {
        let rendering = with_values(more);
        for (component, name) in [("-frontend", "HOSTNAME"), ("-ml", "ML_SERVICE_HOST")] {
            let pod = rendering
                .one("Deployment", component)
                .pod()
                .expect("it has pods");
            let container = pod.containers().next().expect("one container");
            let variable = items(&container["env"]).find(|variable| variable["name"] == name);
            assert_eq!(variable.expect("it is set")["value"], want, "{component}");
        }
    }
}
