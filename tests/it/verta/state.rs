//! What must not be lost: the schema of the database is there before the pods that need it, and the queues outlive their server.

use super::documents::{Document, items, text};
use super::operations::{number_or, patience};
use super::{PLAIN, Rendering, renderings, values_file, with_values};
use serde_json::{Value as Json, json};

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
