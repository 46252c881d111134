//! `values.schema.json` refuses what the templates would not understand, and says where it is.

use super::{PLAIN, chart, nothing_wrong, options, renderer};
use verta_render::{Map, Value, read_values};

/// Objects whose keys the user makes up: labels, annotations and the like, by the end of their path.
const FREE: &[&str] = &[
    "/annotations",
    "/commonAnnotations",
    "/commonLabels",
    "/labels",
    "/nodeSelector",
    "/podAnnotations",
    "/podLabels",
    "/matchLabels",
];

/// The text with which values are refused.
pub fn refusal(values: &str) -> String {
    let map = read_values(values.as_bytes()).expect("values are YAML");
    match renderer().render(&map, &options("verta", &PLAIN)) {
        Ok(_) => panic!("{values} is accepted"),
        Err(error) => error.to_string(),
    }
}

/// Whether these values are refused with this path; what is said otherwise.
fn refused(at: &str, values: &str) -> Result<(), String> {
    let map = read_values(values.as_bytes()).expect("values are YAML");
    match renderer().render(&map, &options("verta", &PLAIN)) {
        Ok(_) => Err(format!("{values} is accepted")),
        Err(error) if error.to_string().contains(&format!("at '{at}'")) => Ok(()),
        Err(error) => Err(format!("{values} is refused without {at}: {error}")),
    }
}

/// Values with one member at the end of a path.
fn nested(path: &str, inner: &str) -> String {
    let keys = path
        .trim_start_matches('/')
        .rsplit('/')
        .filter(|key| !key.is_empty());
    keys.fold(inner.to_owned(), |inner, key| format!("{{{key}: {inner}}}"))
}

/// A documented value: the section of the chart whose schema judges it, the path in there, what it is.
struct Documented {
    section: &'static str,
    path: String,
    value: Value,
}

fn collect(section: &'static str, map: &Map, prefix: &str, found: &mut Vec<Documented>) {
    for (key, value) in map.snapshot().iter() {
        let path = format!("{prefix}/{}", key.to_lossy());
        if let Some(inner) = value.as_dict() {
            collect(section, inner, &path, found);
        }
        let value = value.clone();
        found.push(Documented {
            section,
            path,
            value,
        });
    }
}

/// Every documented value.
fn documented() -> Vec<Documented> {
    let mut all = Vec::new();
    for (section, file) in [("", "values.yaml"), ("/redis", "charts/redis/values.yaml")] {
        let text = std::fs::read(chart().join(file)).expect("the chart has values");
        let values = read_values(&text).expect("values are YAML");
        collect(section, &values, "", &mut all);
    }
    // Of the subchart's section the parent's schema knows a part, so that Bitnami's chart may take the place of ours;
    // globals are those of the parent.
    all.retain(|found| match found.section {
        "" => !found.path.starts_with("/redis/"),
        _ => !found.path.starts_with("/global"),
    });
    assert!(all.len() > 300, "values were found: {}", all.len());
    all
}

#[test]
fn a_misspelt_key_is_refused_wherever_it_stands() {
    let mut wrong = vec![
        refused("", "{misspelt: 1}").err(),
        refused("", "{redis: {misspelt: 1}}").err(),
        // Objects are sections of other charts.
        refused("/global/misspelt", "{global: {misspelt: text}}").err(),
        refused("/global/misspelt", "{global: {misspelt: [text]}}").err(),
    ];
    for found in documented() {
        let is_free = FREE.iter().any(|end| found.path.ends_with(end));
        let is_left = ["/global", "/redis"].contains(&&*found.path);
        if found.value.as_dict().is_some() && !is_free && !is_left {
            let values = nested(&format!("{}{}", found.section, found.path), "{misspelt: 1}");
            wrong.push(refused(&found.path, &values).err());
        }
    }
    assert!(wrong.len() > 80, "objects were found: {}", wrong.len());
    nothing_wrong(&wrong.into_iter().flatten().collect::<Vec<_>>());
}

#[test]
fn a_misspelt_key_in_a_list_is_refused() {
    let mut wrong = Vec::new();
    for (path, item) in [
        ("/backend/extraEnv", "{name: A, valeu: x}"),
        ("/backend/extraEnvFrom", "{configMapReff: {name: a}}"),
        ("/frontend/extraVolumes", "{name: a, emptydir: {}}"),
        (
            "/frontend/extraVolumeMounts",
            "{name: a, mountPath: /a, readonly: true}",
        ),
        ("/ml/tolerations", "{key: a, operater: Exists}"),
        (
            "/ml/autoscaling/behavior/scaleDown/policies",
            "{type: Pods, value: 1, periodSeconds: 1, perod: 1}",
        ),
        ("/networkPolicy/ingressFrom", "{namespaceSelecter: {}}"),
        (
            "/networkPolicy/monitoringFrom",
            "{podSelector: {matchlabels: {}}}",
        ),
    ] {
        let refusal = refusal(&nested(path, &format!("[{item}]")));
        if !refusal.contains(&format!("at '{path}/0")) {
            wrong.push(format!("{path}: {refusal}"));
        }
    }
    nothing_wrong(&wrong);
}

#[test]
fn a_value_of_another_type_is_refused() {
    let mut wrong = Vec::new();
    for found in documented() {
        // helm joins the values of a subchart before it looks at the schema.
        if found.path == "/redis" {
            continue;
        }
        // A number is no switch, a list no text, a text no list.
        let other = if found.value.as_list().is_some() || found.value.as_dict().is_some() {
            "text"
        } else {
            "[1]"
        };
        let values = nested(&format!("{}{}", found.section, found.path), other);
        wrong.extend(refused(&found.path, &values).err());
    }
    nothing_wrong(&wrong);
}

#[test]
fn values_that_do_not_fit_together_are_refused() {
    for (values, place) in [
        ("{redis: {enabled: false}}", "/externalRedis/host"),
        ("{backend: {enabled: false}}", "/frontend/backendUrl"),
        (
            "{ingress: {admin: {enabled: true}}}",
            "/ingress/admin/allowedSourceRanges",
        ),
        (
            "{backend: {autoscaling: {enabled: true, targetCPUUtilizationPercentage: 0, targetMemoryUtilizationPercentage: 0}}}",
            "/backend/autoscaling",
        ),
        (
            "{backend: {podDisruptionBudget: {maxUnavailable: 0}}}",
            "/backend/podDisruptionBudget/maxUnavailable",
        ),
        (
            "{backend: {podDisruptionBudget: {maxUnavailable: 0%}}}",
            "/backend/podDisruptionBudget/maxUnavailable",
        ),
        (
            "{frontend: {podSecurityContext: {runAsUser: 0}}}",
            "/frontend/podSecurityContext/runAsUser",
        ),
        (
            "{ml: {extraVolumes: [{name: a, hostPath: {path: /}}]}}",
            "/ml/extraVolumes/0",
        ),
        (
            "{backend: {podLabels: {app.kubernetes.io/name: x}}}",
            "/backend/podLabels",
        ),
        (
            "{secrets: {databaseUrl: \"postgres://a\"}}",
            "/secrets/databaseUrl",
        ),
        (
            "{config: {questions: {confidenceThreshold: 2}}}",
            "/config/questions/confidenceThreshold",
        ),
        (
            "{redis: {architecture: replication}}",
            "/redis/architecture",
        ),
        ("{ingress: {hosts: []}}", "/ingress/hosts"),
    ] {
        let refusal = refusal(values);
        assert!(
            refusal.contains(&format!("at '{place}")),
            "{values}: {refusal}"
        );
    }
}

#[test]
fn what_null_takes_away_is_missed_or_not_needed() {
    // Each documented value alone: either the schema wants it back, or the chart renders without it.
    let mut wrong = Vec::new();
    for found in documented() {
        let values = nested(&format!("{}{}", found.section, found.path), "null");
        let map = read_values(values.as_bytes()).expect("values are YAML");
        if let Err(error) = renderer().render(&map, &options("verta", &PLAIN)) {
            let text = error.to_string();
            if !text.contains("values don't meet the specifications of the schema") {
                wrong.push(format!(
                    "{values}: {}",
                    text.lines().last().unwrap_or_default()
                ));
            }
        }
    }
    nothing_wrong(&wrong);
}
