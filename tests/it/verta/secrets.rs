//! Secrets are where secrets belong: nowhere but in Secrets and in references to their keys.

use super::documents::{items, text};
use super::{PLAIN, Rendering, with_values};
use std::collections::BTreeMap;
use verta_render::codec::yaml;

/// Every value that is secret, with the text it is given.
const SECRETS: &[(&str, &str)] = &[
    ("secrets.adminApiKey", "marked-admin-key"),
    (
        "secrets.databaseUrl",
        "mysql://marked:marked-password@db.example.com/verta",
    ),
    ("secrets.discordBotToken", "marked-bot-token"),
    ("secrets.discordClientId", "marked-client"),
    ("secrets.openrouterApiKey", "marked-openrouter"),
    ("secrets.geminiApiKey", "marked-gemini"),
    ("secrets.sentryDsn", "https://marked@sentry.example.com/1"),
    ("redis.auth.password", "marked-redis"),
];

/// `a.b: text` as YAML, one line each.
fn values(pairs: &[(&str, &str)], more: &str) -> String {
    let line = |(path, value): &(&str, &str)| {
        let open: String = path.split('.').map(|key| format!("{{{key}: ")).collect();
        let close = "}".repeat(path.split('.').count());
        format!("{open}{value:?}{close}")
    };
    // Each pair is a document of its own, merged one after the other.
    pairs
        .iter()
        .map(line)
        .chain([more.to_owned()])
        .collect::<Vec<_>>()
        .join("\n---\n")
}

fn render(pairs: &[(&str, &str)], more: &str) -> Rendering {
    let merged = verta_render::Map::new();
    for text in values(pairs, more).split("\n---\n") {
        let part = verta_render::read_values(text.as_bytes()).expect("values are YAML");
        verta_render::values::merge::merge_maps(&merged, &part);
    }
    let json = verta_render::codec::json::encode(&merged.into()).expect("values are JSON");
    with_values(&String::from_utf8(json).expect("JSON is UTF-8"))
}

fn base64(text: &str) -> String {
    data_encoding::BASE64.encode(text.as_bytes())
}

#[test]
fn secret_values_are_in_secrets_alone() {
    for mode in ["init", "job"] {
        let more = format!("{{migrations: {{mode: {mode}}}, redis: {{auth: {{enabled: true}}}}}}");
        let rendering = render(SECRETS, &more);
        let mut found = BTreeMap::new();
        for document in &rendering.documents {
            for (value, secret) in SECRETS {
                if document.text.contains(secret) || document.text.contains("marked-password") {
                    panic!(
                        "{value} is readable in {} {}",
                        document.kind(),
                        document.name()
                    );
                }
                if document.text.contains(&base64(secret)) {
                    assert_eq!(
                        document.kind(),
                        "Secret",
                        "{value} is in {}",
                        document.name()
                    );
                    *found.entry(*value).or_insert(0) += 1;
                }
            }
        }
        assert!(!rendering.notes.contains("marked"), "notes tell no secret");
        for (value, _) in SECRETS {
            assert!(found.contains_key(value), "{value} reaches a Secret");
        }
        // The hook Job runs before the Secret of the release is made, and gets the one key it needs.
        assert_eq!(
            found["secrets.databaseUrl"],
            if mode == "job" { 2 } else { 1 }
        );
        assert_eq!(found["secrets.adminApiKey"], 1);
    }
}

#[test]
fn with_an_existing_secret_nothing_secret_is_rendered() {
    let more = "{secrets: {existingSecret: own}, redis: {auth: {enabled: true, existingSecret: own-redis}}}";
    let rendering = render(SECRETS, more);
    assert_eq!(rendering.of_kind("Secret").count(), 0);
    for document in &rendering.documents {
        assert!(!document.text.contains("marked"), "{}", document.name());
        for (value, secret) in SECRETS {
            assert!(
                !document.text.contains(&base64(secret)),
                "{value} in {}",
                document.name()
            );
        }
    }
}

#[test]
fn configuration_maps_hold_no_secret_keys() {
    for rendering in super::renderings() {
        for map in rendering.of_kind("ConfigMap") {
            for (key, _) in map.json["data"].as_object().into_iter().flatten() {
                let odd = ["KEY", "TOKEN", "SECRET", "PASSWORD", "DATABASE_URL", "DSN"]
                    .iter()
                    .find(|word| key.contains(**word));
                assert_eq!(odd, None, "{}: {key}", rendering.id);
            }
        }
    }
}

#[test]
fn variables_with_secret_names_come_from_secrets() {
    for rendering in super::renderings() {
        for pod in rendering.documents.iter().filter_map(super::Document::pod) {
            for variable in pod
                .all_containers()
                .flat_map(|container| items(&container["env"]))
            {
                let name = text(&variable["name"]);
                let is_secret = ["_KEY", "_TOKEN", "_DSN", "DATABASE_URL", "_CLIENT_ID"]
                    .iter()
                    .any(|ending| name.ends_with(ending));
                assert!(
                    !is_secret || variable["valueFrom"]["secretKeyRef"].is_object(),
                    "{}: {name}",
                    rendering.id
                );
            }
        }
    }
}

/// The annotation of a component's pods.
fn annotation(rendering: &Rendering, component: &str, name: &str) -> String {
    let deployment = rendering.one("Deployment", component);
    let pod = deployment.pod().expect("a Deployment has pods");
    text(&pod.metadata["annotations"][name]).to_owned()
}

#[test]
fn pods_restart_when_what_they_read_changes() {
    let base = render(SECRETS, "{}");
    let changes = [
        ("checksum/secret", "{secrets: {adminApiKey: other}}"),
        ("checksum/secret", "{secrets: {sentryDsn: \"\"}}"),
        ("checksum/config", "{config: {logLevel: debug}}"),
        ("checksum/config", "{redis: {fullnameOverride: other}}"),
    ];
    for (name, more) in changes {
        let after = render(SECRETS, more);
        for component in ["-backend", "-frontend", "-ml"] {
            let (before, after) = (
                annotation(&base, component, name),
                annotation(&after, component, name),
            );
            assert_eq!(before.len(), 64, "{name} is a digest");
            assert_ne!(before, after, "{more} restarts {component}");
        }
    }
    // Rotation of a Secret that the chart does not make.
    let [one, two] = ["1", "2"].map(|revision| {
        let more =
            format!("{{secrets: {{existingSecret: own, existingSecretRevision: \"{revision}\"}}}}");
        annotation(&with_values(&more), "-backend", "checksum/secret")
    });
    assert_ne!(one, two);
    // A password of Redis restarts Redis, and only Redis.
    let [one, two] = ["first", "second"].map(|password| {
        let rendering = with_values(&format!(
            "{{redis: {{auth: {{enabled: true, password: {password}}}}}}}"
        ));
        let redis = rendering
            .one("StatefulSet", "-redis-master")
            .pod()
            .expect("it has pods");
        let redis = text(&redis.metadata["annotations"]["checksum/password"]).to_owned();
        (redis, annotation(&rendering, "-backend", "checksum/secret"))
    });
    assert_ne!(one.0, two.0);
    assert_eq!(one.1, two.1);
}

#[test]
fn a_new_version_of_the_chart_restarts_nothing_by_itself() {
    let text =
        std::fs::read_to_string(super::chart().join("Chart.yaml")).expect("Chart.yaml is there");
    let version = yaml::decode_map(text.as_bytes())
        .expect("it is YAML")
        .index(b"version");
    let version = version
        .as_str()
        .expect("it is a text")
        .to_lossy()
        .into_owned();
    for file in ["values.yaml", "values-prod.yaml"] {
        let rendering = Rendering::of(super::values_file(file), "", "verta", &PLAIN);
        for document in rendering
            .documents
            .iter()
            .filter(|document| document.kind() != "Pod")
        {
            if let Some(pod) = document.pod() {
                let labels = pod.labels();
                assert!(
                    !labels.values().any(|value| value.contains(&version)),
                    "{}: {labels:?}",
                    document.name()
                );
            }
        }
    }
}

#[test]
fn notes_name_the_secrets_that_are_missing() {
    let notes = with_values("{secrets: {adminApiKey: x}}").notes;
    assert!(notes.contains(
        "Not set yet: secrets.databaseUrl, secrets.discordBotToken, secrets.discordClientId."
    ));
    assert!(
        render(SECRETS, "{}")
            .notes
            .contains("All that are needed are set.")
    );
    let notes = with_values("{secrets: {existingSecret: own}}").notes;
    assert!(notes.contains("The pods read the Secret own"));
}
