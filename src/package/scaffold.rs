//! The chart that `create` begins with: our own, small, ready to be changed.
//!
//! helm: pkg/chart/v2/util `Create`.

use crate::codec::yaml;
use crate::value::Value;

/// Stands in the texts of starters where the name of the chart belongs.
pub const PLACEHOLDER: &str = "<CHARTNAME>";

/// The files, in the order in which they are written.
static FILES: [(&str, &str); 12] = [
    ("Chart.yaml", include_str!("scaffold/Chart.yaml")),
    ("values.yaml", include_str!("scaffold/values.yaml")),
    (".helmignore", include_str!("scaffold/helmignore")),
    (
        "templates/ingress.yaml",
        include_str!("scaffold/templates/ingress.yaml"),
    ),
    (
        "templates/httproute.yaml",
        include_str!("scaffold/templates/httproute.yaml"),
    ),
    (
        "templates/deployment.yaml",
        include_str!("scaffold/templates/deployment.yaml"),
    ),
    (
        "templates/service.yaml",
        include_str!("scaffold/templates/service.yaml"),
    ),
    (
        "templates/serviceaccount.yaml",
        include_str!("scaffold/templates/serviceaccount.yaml"),
    ),
    (
        "templates/hpa.yaml",
        include_str!("scaffold/templates/hpa.yaml"),
    ),
    (
        "templates/NOTES.txt",
        include_str!("scaffold/templates/NOTES.txt"),
    ),
    (
        "templates/_helpers.tpl",
        include_str!("scaffold/templates/_helpers.tpl"),
    ),
    (
        "templates/tests/test-connection.yaml",
        include_str!("scaffold/templates/tests/test-connection.yaml"),
    ),
];

/// Returns the files of a chart of that name: their paths in it, and their texts.
///
/// # Examples
///
/// ```
/// use verta_render::package::scaffold;
///
/// let (path, text) = &scaffold::files("web")[0];
/// assert_eq!(*path, "Chart.yaml");
/// assert!(text.contains("\nname: web\n"));
/// ```
pub fn files(name: &str) -> Vec<(&'static str, String)> {
    let text = |path: &str, text: &str| match path {
        // What would be a number otherwise is put in quotes.
        "Chart.yaml" => text.replace(PLACEHOLDER, &scalar(name)),
        _ => text.replace(PLACEHOLDER, name),
    };
    let files = FILES.iter();
    files
        .map(|(path, content)| (*path, text(path, content)))
        .collect()
}

/// Returns a text as YAML writes it.
fn scalar(text: &str) -> String {
    let encoded = yaml::encode(&Value::from(text)).unwrap_or_default();
    String::from_utf8_lossy(&encoded).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::files;
    use crate::lint::{LintOptions, Severity};
    use crate::{RenderOptions, Renderer, lint_memory, read_values};

    const EVERYTHING: &[u8] = b"autoscaling: {enabled: true, memory: 70}
ingress: {enabled: true, className: nginx, annotations: {a: b}, tls: [{secretName: s, hosts: [app.example.com]}]}
httpRoute: {enabled: true, annotations: {a: b}}
image: {tag: '', pullSecrets: [regcred]}
serviceAccount: {annotations: {a: b}}
service: {annotations: {a: b}}
pod: {labels: {a: b}, annotations: {a: b}, security: {fsGroup: 1}, volumes: [{name: v, emptyDir: {}}], nodeSelector: {a: b}, tolerations: [{key: k}], affinity: {nodeAffinity: {}}}
container: {env: {A: 1}, security: {runAsUser: 1}, volumeMounts: [{name: v, mountPath: /v}], resources: {limits: {cpu: 1}}}
";

    #[test]
    fn charts_of_any_name_are_clean() {
        let longest = "x".repeat(250);
        for name in [
            "web", "1st", "007", "my.chart", "My_Chart", "true", "a--b.", &longest,
        ] {
            let files = files(name);
            for values in [&b""[..], EVERYTHING] {
                let values = read_values(values).unwrap();
                let files = files.iter().map(|(path, text)| (*path, text.as_str()));
                let messages = lint_memory(files.clone(), &values, &LintOptions::default());
                let worse = messages.iter().filter(|m| m.severity() != Severity::Info);
                let worse: Vec<String> = worse.map(ToString::to_string).collect();
                assert!(worse.is_empty(), "{name}: {worse:?}");
                let renderer = Renderer::from_memory(files).unwrap();
                let rendered = renderer
                    .render(&values, &RenderOptions::named("shop"))
                    .unwrap();
                assert!(rendered.manifests.len() >= 3 && rendered.hooks.len() == 1);
                let notes = rendered.notes.unwrap();
                assert!(String::from_utf8(notes).unwrap().contains("shop"), "{name}");
            }
        }
    }
}
