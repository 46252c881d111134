//! What an operator counts on: nodes drain, rollouts leave nobody out, slow starts are waited for, load brings more pods.

use super::documents::{Document, items, text};
use super::{
    CLUSTER, OLDEST, PLAIN, Rendering, nothing_wrong, renderings, values_file, with_values,
};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// The default of Kubernetes for a member that is a number.
pub fn number_or(json: &Json, default: u64) -> u64 {
    json.as_u64().unwrap_or(default)
}

/// The number of pods that a Deployment runs at the least.
fn at_least(rendering: &Rendering, deployment: &Document) -> u64 {
    let scaler = rendering.find("HorizontalPodAutoscaler", deployment.name());
    match scaler {
        Some(scaler) => number_or(&scaler.spec()["minReplicas"], 1),
        None => number_or(&deployment.spec()["replicas"], 1),
    }
}

// Drains.

#[test]
fn budgets_never_hold_up_a_drain() {
    let mut seen = 0;
    for rendering in renderings() {
        for budget in rendering.of_kind("PodDisruptionBudget") {
            seen += 1;
            let spec = budget.spec();
            let allowed = &spec["maxUnavailable"];
            let is_some = allowed.as_u64().is_some_and(|pods| pods > 0)
                || text(allowed)
                    .strip_suffix('%')
                    .is_some_and(|share| share != "0");
            assert!(
                is_some && spec.get("minAvailable").is_none(),
                "{}: {allowed}",
                rendering.id
            );
            let deployment = rendering
                .find("Deployment", budget.name())
                .expect("it guards a Deployment");
            assert!(
                at_least(rendering, deployment) > 1,
                "{}: one pod is guarded",
                rendering.id
            );
        }
        // Redis is one pod, which must be free to move.
        assert!(
            rendering
                .find("PodDisruptionBudget", "verta-redis-master")
                .is_none()
        );
    }
    assert!(seen > 0);
}

#[test]
fn pods_that_do_not_work_do_not_hold_up_a_drain() {
    let policy = |flags| {
        let rendering = Rendering::of(values_file("values-prod.yaml"), "", "verta", flags);
        let budget = rendering.one("PodDisruptionBudget", "-backend");
        budget.spec().get("unhealthyPodEvictionPolicy").cloned()
    };
    assert_eq!(policy(&CLUSTER), Some(json!("AlwaysAllow")));
    // 1.25 refuses the field, and so may the cluster that a render without one is applied to.
    assert_eq!(policy(&OLDEST), None);
    assert_eq!(policy(&PLAIN), None);
}

#[test]
fn production_has_a_budget_for_every_service() {
    let rendering = Rendering::of(values_file("values-prod.yaml"), "", "verta", &PLAIN);
    for deployment in rendering.of_kind("Deployment") {
        assert!(
            at_least(&rendering, deployment) > 1,
            "{}",
            deployment.name()
        );
        assert!(
            rendering
                .find("PodDisruptionBudget", deployment.name())
                .is_some()
        );
        let pod = deployment.pod().expect("it has pods").spec;
        assert!(
            pod["affinity"]["podAntiAffinity"].is_object(),
            "{} keeps apart",
            deployment.name()
        );
        assert!(
            items(&pod["topologySpreadConstraints"]).next().is_some(),
            "{} spreads",
            deployment.name()
        );
    }
    assert_eq!(rendering.of_kind("Deployment").count(), 3);
    assert!(rendering.of_kind("NetworkPolicy").count() >= 4);
    assert_eq!(
        rendering.of_kind("Secret").count(),
        0,
        "secrets are not part of the release"
    );
}

// Rollouts.

#[test]
fn rollouts_leave_nobody_out() {
    let (mut wrong, mut alone) = (Vec::new(), 0);
    for rendering in renderings() {
        for deployment in rendering.of_kind("Deployment") {
            let strategy = &deployment.spec()["strategy"];
            let rolls = json!({"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}});
            let pod = deployment.pod().expect("it has pods");
            let mut claims = pod
                .volumes()
                .map(|volume| text(&volume["persistentVolumeClaim"]["claimName"]));
            let single = claims.find(|claim| {
                let made = rendering.find("PersistentVolumeClaim", claim);
                // The only claim that is not made here is said to be for one pod at a time.
                *claim == "models"
                    || made
                        .is_some_and(|made| made.spec()["accessModes"] != json!(["ReadWriteMany"]))
            });
            let want = match single {
                Some(_) => json!({"type": "Recreate"}),
                None => rolls,
            };
            alone += u64::from(single.is_some());
            if *strategy != want {
                wrong.push(format!(
                    "{}: {}: {strategy}",
                    rendering.id,
                    deployment.name()
                ));
            }
        }
    }
    assert!(alone > 0, "a claim for one pod was seen");
    nothing_wrong(&wrong);
}

#[test]
fn a_claim_for_one_pod_is_made_so_and_refuses_a_second() {
    let claim = "modelCache: {type: claim, accessMode: ReadWriteOncePod}";
    let rendering = with_values(&format!("{{ml: {{{claim}}}}}"));
    let modes = &rendering.one("PersistentVolumeClaim", "-models").spec()["accessModes"];
    assert_eq!(*modes, json!(["ReadWriteOncePod"]));
    assert_eq!(
        rendering.one("Deployment", "-ml").spec()["strategy"]["type"],
        "Recreate"
    );
    for (more, place) in [
        ("replicaCount: 2", "/ml/replicaCount"),
        ("autoscaling: {enabled: true}", "/ml/autoscaling/enabled"),
    ] {
        let refused = super::schema::refusal(&format!("{{ml: {{{claim}, {more}}}}}"));
        assert!(refused.contains(place), "{refused}");
    }
}

#[test]
fn pods_stop_after_they_are_forgotten() {
    let mut wrong = Vec::new();
    for rendering in renderings() {
        for deployment in rendering.of_kind("Deployment") {
            let pod = deployment.pod().expect("it has pods");
            let grace = number_or(&pod.spec["terminationGracePeriodSeconds"], 30);
            for container in pod.containers() {
                let command = &container["lifecycle"]["preStop"]["exec"]["command"];
                let pause: u64 = text(&command[1]).parse().unwrap_or(0);
                // SIGTERM comes after the pause, SIGKILL at the end of the whole.
                if pause == 0 || pause + 10 > grace {
                    wrong.push(format!(
                        "{}: {}: {pause} of {grace} s",
                        rendering.id,
                        deployment.name()
                    ));
                }
            }
        }
    }
    nothing_wrong(&wrong);
}

/// Seconds until a probe gives up.
pub fn patience(probe: &Json) -> u64 {
    number_or(&probe["initialDelaySeconds"], 0)
        + number_or(&probe["periodSeconds"], 10) * number_or(&probe["failureThreshold"], 3)
}

#[test]
fn slow_starts_are_waited_for() {
    let mut wrong = Vec::new();
    for rendering in renderings() {
        for deployment in rendering.of_kind("Deployment") {
            let pod = deployment.pod().expect("it has pods");
            for container in pod.containers() {
                let place = format!("{}: {}", rendering.id, deployment.name());
                let [startup, readiness, liveness] =
                    ["startupProbe", "readinessProbe", "livenessProbe"]
                        .map(|probe| &container[probe]);
                if [startup, readiness, liveness]
                    .iter()
                    .any(|probe| !probe.is_object())
                {
                    wrong.push(format!("{place}: a probe is missing"));
                }
                // Loading models takes minutes; a restart would begin anew, for ever.
                let needed = if deployment.name().ends_with("-ml") {
                    600
                } else {
                    60
                };
                if patience(startup) < needed {
                    wrong.push(format!("{place}: {} s to start", patience(startup)));
                }
                if patience(liveness) < 60 || patience(liveness) <= patience(readiness) {
                    wrong.push(format!("{place}: killed before it is taken out of service"));
                }
                let deadline = number_or(&deployment.spec()["progressDeadlineSeconds"], 600);
                if deadline <= patience(startup) {
                    wrong.push(format!("{place}: the rollout fails after {deadline} s, while the start is waited for"));
                }
            }
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn health_is_asked_where_the_services_answer() {
    let rendering = with_values("{}");
    for (component, path, port) in [
        ("-backend", "/health", 25000),
        ("-frontend", "/", 3000),
        ("-ml", "/health", 8000),
    ] {
        let deployment = rendering.one("Deployment", component);
        let container = deployment
            .pod()
            .expect("it has pods")
            .containers()
            .next()
            .expect("one container");
        assert_eq!(container["ports"][0]["containerPort"], port);
        for probe in ["startupProbe", "readinessProbe"] {
            assert_eq!(
                container[probe]["httpGet"]["path"], path,
                "{component} {probe}"
            );
            assert_eq!(container[probe]["httpGet"]["port"], "http");
        }
    }
}

// Scaling.

#[test]
fn autoscalers_are_sound_and_gentle() {
    let mut seen = BTreeSet::new();
    for rendering in renderings() {
        for scaler in rendering.of_kind("HorizontalPodAutoscaler") {
            let spec = scaler.spec();
            seen.insert(
                scaler
                    .name()
                    .rsplit('-')
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
            );
            let (least, most) = (
                number_or(&spec["minReplicas"], 1),
                number_or(&spec["maxReplicas"], 0),
            );
            assert!(least <= most, "{}: {least} to {most}", rendering.id);
            assert!(
                items(&spec["metrics"]).next().is_some(),
                "{}: nothing is measured",
                rendering.id
            );
            let window = &spec["behavior"]["scaleDown"]["stabilizationWindowSeconds"];
            // ci/minimal-values.yaml takes it away on purpose.
            let is_gentle =
                number_or(window, 0) >= 300 || rendering.file == "ci/minimal-values.yaml";
            assert!(is_gentle, "{}: {window}", rendering.id);
        }
    }
    let expected: BTreeSet<String> = ["backend", "frontend", "ml"].map(str::to_owned).into();
    assert_eq!(seen, expected);
    let scaler = with_values("{backend: {autoscaling: {enabled: true}}}");
    let spec = scaler.one("HorizontalPodAutoscaler", "-backend").spec();
    assert_eq!(
        (&spec["minReplicas"], &spec["maxReplicas"]),
        (&json!(1), &json!(10))
    );
    let measures: Vec<_> = items(&spec["metrics"])
        .map(|metric| {
            (
                text(&metric["resource"]["name"]),
                metric["resource"]["target"]["averageUtilization"].clone(),
            )
        })
        .collect();
    assert_eq!(measures, [("cpu", json!(70)), ("memory", json!(80))]);
}

#[test]
fn spread_counts_one_version_where_that_is_known() {
    let spread = |flags| {
        let rendering = Rendering::of(values_file("values-prod.yaml"), "", "verta", flags);
        let deployment = rendering.one("Deployment", "-backend");
        deployment.pod().expect("it has pods").spec["topologySpreadConstraints"][0]["matchLabelKeys"].clone()
    };
    assert_eq!(spread(&PLAIN), json!(["pod-template-hash"]));
    assert_eq!(spread(&OLDEST), Json::Null);
}

// Configuration and tests.

#[test]
fn configuration_is_texts_as_they_are_meant() {
    let rendering = with_values(
        "{config: {databasePoolSize: 10000000, questions: {similarityThreshold: 0.0000001}}}",
    );
    let data = &rendering.one("ConfigMap", "verta").json["data"];
    for (name, value) in data.as_object().expect("it has data") {
        assert!(value.is_string(), "{name} is a text");
    }
    for (name, value) in [
        ("DATABASE_POOL_SIZE", "10000000"),
        ("QUESTION_CONFIDENCE_THRESHOLD", "0.6"),
        ("CONTEXT_WINDOW_MESSAGES", "5"),
        ("CONTEXT_WINDOW_MINUTES", "5"),
        ("BATCH_SIZE", "100"),
        ("VECTOR_DIMENSION", "1024"),
        ("MAX_SIMILAR_RESULTS", "10"),
        ("ML_SERVICE_TIMEOUT", "30000"),
        ("ML_SERVICE_MAX_RETRIES", "3"),
        ("ML_SERVICE_RETRY_DELAY", "1000"),
        ("REDIS_HOST", "verta-redis-master"),
        ("REDIS_PORT", "6379"),
        ("ML_SERVICE_URL", "http://verta-ml:8000"),
    ] {
        assert_eq!(text(&data[name]), value, "{name}");
    }
    let threshold =
        &with_values("{}").one("ConfigMap", "verta").json["data"]["CLUSTER_SIMILARITY_THRESHOLD"]
            .clone();
    assert_eq!(*threshold, "0.85");
}

#[test]
fn logs_of_tests_stay_to_be_read() {
    let rendering = with_values("{}");
    let tests: Vec<_> = rendering.of_kind("Pod").collect();
    assert_eq!(tests.len(), 2);
    for pod in tests {
        assert_eq!(pod.annotation("helm.sh/hook"), "test");
        // `helm test --logs` of older versions fails if the pods are gone by then.
        assert_eq!(
            pod.annotation("helm.sh/hook-delete-policy"),
            "before-hook-creation"
        );
        assert!(pod.spec()["activeDeadlineSeconds"].is_u64());
    }
}
