//! What an operator counts on: nodes drain, upgrades lose nothing, migrations come first, slow starts are waited for, networks
//! are closed where that is asked for.

use super::documents::{Document, items, labels, selects, text};
use super::{
    CLUSTER, OLDEST, PLAIN, Rendering, nothing_wrong, renderings, values_file, with_values,
};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

/// The default of Kubernetes for a member that is a number.
fn number_or(json: &Json, default: u64) -> u64 {
    json.as_u64().unwrap_or(default)
}

/// A text as `redis.conf` and Kubernetes write amounts of memory, in bytes.
fn bytes(amount: &str) -> u64 {
    let digits = amount.trim_end_matches(|c: char| !c.is_ascii_digit());
    let number: u64 = digits
        .parse()
        .unwrap_or_else(|_| panic!("{amount} is an amount"));
    number
        << match &amount[digits.len()..] {
            "mb" | "Mi" => 20,
            "gb" | "Gi" => 30,
            unit => panic!("unit {unit}"),
        }
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
fn patience(probe: &Json) -> u64 {
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

// Migrations.

#[test]
fn the_database_is_migrated_first() {
    for mode in ["init", "job", "none"] {
        let secrets = "secrets: {databaseUrl: \"mysql://a@b/c\", adminApiKey: x}";
        let rendering = with_values(&format!("{{migrations: {{mode: {mode}}}, {secrets}}}"));
        let backend = rendering
            .one("Deployment", "-backend")
            .pod()
            .expect("it has pods");
        let first = &backend.spec["initContainers"][0];
        assert_eq!(first.is_object(), mode == "init");
        let jobs: Vec<_> = rendering.of_kind("Job").collect();
        assert_eq!(jobs.len(), usize::from(mode == "job"));
        let mut migrating: Vec<&Json> = jobs
            .iter()
            .filter_map(|job| job.pod()?.containers().next())
            .collect();
        migrating.extend(Some(first).filter(|container| container.is_object()));
        for container in migrating {
            assert_eq!(
                container["command"],
                json!(["npm", "run", "migrate:latest"])
            );
            assert_eq!(container["image"], backend.spec["containers"][0]["image"]);
            let url = items(&container["env"]).find(|variable| variable["name"] == "DATABASE_URL");
            assert_eq!(
                url.expect("it gets the URL")["valueFrom"]["secretKeyRef"]["key"],
                "database-url"
            );
        }
    }
}

#[test]
fn the_migration_job_has_what_it_needs_before_the_release_is_there() {
    let rendering = Rendering::of(
        values_file("ci/job-migrations-values.yaml"),
        "",
        "verta",
        &PLAIN,
    );
    let job = rendering.one("Job", "-migrations");
    let weight = |document: &Document| {
        document
            .annotation("helm.sh/hook-weight")
            .parse::<i64>()
            .expect("a weight")
    };
    for document in &rendering.documents {
        if document.is_early_hook() {
            assert_eq!(
                document.annotation("helm.sh/hook"),
                "pre-install,pre-upgrade",
                "{}",
                document.name()
            );
            // A second upgrade finds the resources of the first one.
            assert!(
                document
                    .annotation("helm.sh/hook-delete-policy")
                    .contains("before-hook-creation")
            );
            assert!(
                document.name() == job.name() && document.kind() == "Job"
                    || weight(document) < weight(job)
            );
        }
    }
    // helm itself stops waiting after five minutes.
    assert!(number_or(&job.spec()["activeDeadlineSeconds"], 0) < 300);
    assert_eq!(
        job.pod().expect("it has pods").spec["restartPolicy"],
        "Never"
    );
    assert!(!job.pod().expect("it has pods").spec["priorityClassName"].is_null());
}

// Redis.

#[test]
fn queues_are_kept() {
    let mut limits = 0;
    for rendering in renderings() {
        for server in rendering.of_kind("StatefulSet") {
            assert_eq!(
                server.spec()["replicas"],
                1,
                "two servers on one volume destroy its log"
            );
            let map = rendering
                .of_kind("ConfigMap")
                .find(|map| map.json["data"].get("redis.conf").is_some());
            let map = map.expect("Redis has a configuration");
            let settings = text(&map.json["data"]["redis.conf"]);
            // ci/minimal-values.yaml takes the settings away on purpose.
            if rendering.file != "ci/minimal-values.yaml" {
                for setting in ["appendonly yes", "maxmemory-policy noeviction"] {
                    assert!(
                        settings.lines().any(|line| line == setting),
                        "{}: {setting}",
                        rendering.id
                    );
                }
            }
            let container = server
                .pod()
                .expect("it has pods")
                .containers()
                .next()
                .expect("one container");
            let most = settings
                .lines()
                .find_map(|line| line.strip_prefix("maxmemory "));
            if let (Some(most), Some(limit)) =
                (most, container["resources"]["limits"]["memory"].as_str())
            {
                limits += 1;
                // While the log is rewritten, pages that change are there twice.
                assert!(
                    bytes(most) * 10 <= bytes(limit) * 6,
                    "{}: {most} of {limit}",
                    rendering.id
                );
            }
        }
    }
    assert!(limits > 0);
    for file in ["values.yaml", "values-prod.yaml"] {
        let rendering = Rendering::of(values_file(file), "", "verta", &PLAIN);
        let claim = rendering.one("PersistentVolumeClaim", "redis-data-verta-redis-master-0");
        assert_eq!(
            claim.annotation("helm.sh/resource-policy"),
            "keep",
            "the data outlive the release"
        );
    }
}

#[test]
fn a_server_that_answers_is_not_killed() {
    // "LOADING", "MISCONF" and "max number of clients reached" are answers.
    let rendering = with_values("{}");
    let server = rendering
        .one("StatefulSet", "-redis-master")
        .pod()
        .expect("it has pods");
    let container = server.containers().next().expect("one container");
    for probe in ["startupProbe", "livenessProbe"] {
        let command = text(&container[probe]["exec"]["command"][2]);
        assert_eq!(command, "redis-cli -p \"$REDIS_PORT\" ping", "{probe}");
    }
    let command = text(&container["readinessProbe"]["exec"]["command"][2]);
    assert!(command.contains("= PONG"), "ready is who takes commands");
    assert!(
        patience(&container["startupProbe"]) >= 300,
        "a long log is read at the start"
    );
}

#[test]
fn redis_is_found_by_the_names_it_gets() {
    let host = |rendering: &Rendering| {
        text(&rendering.one("ConfigMap", "verta").json["data"]["REDIS_HOST"]).to_owned()
    };
    for more in [
        "{}",
        "{redis: {nameOverride: queue}}",
        "{redis: {nameOverride: ert}}",
        "{redis: {fullnameOverride: queues.internal}}",
        "{redis: {master: {service: {ports: {redis: 6390}}}}}",
    ] {
        let rendering = with_values(more);
        let service = rendering.find("Service", &host(&rendering));
        let service = service.unwrap_or_else(|| panic!("{more}: no Service {}", host(&rendering)));
        let port = text(&rendering.one("ConfigMap", "verta").json["data"]["REDIS_PORT"]).to_owned();
        assert_eq!(
            service.spec()["ports"][0]["port"].to_string(),
            port,
            "{more}"
        );
    }
    let outside =
        with_values("{redis: {enabled: false}, externalRedis: {host: r.example.com, port: 6390}}");
    assert_eq!(host(&outside), "r.example.com");
    assert_eq!(outside.of_kind("StatefulSet").count(), 0);
}

// Networks.

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
