//! Charts and values at scale: many charts in three levels, thousands of templates, megabytes of values, a library that
//! works by `tpl`.
//!
//! Each kind of chart is made in any size. A small one must print what helm prints, where helm is at hand; a large one must
//! render to what it was made for; and four times the size may cost little more than four times the time.

use crate::support::folder::Folder;
use crate::support::oracle::helm;
use crate::support::process::Run;
use crate::support::text::{first_difference, readable};
use crate::support::{PROGRAM, say};
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};
use verta_render::{RenderOptions, Rendered, Renderer, read_values};

/// The files of a chart: names and texts.
type Files = Vec<(String, String)>;

/// A kind of chart: its name, and how one of a size is made.
type Kind = (&'static str, fn(usize) -> Files);

/// All kinds, with a size at which even helm is quick.
const KINDS: [(Kind, usize); 4] = [
    (("levels", levels), 3),
    (("templates", templates), 60),
    (("values", values), 300),
    (("library", library), 60),
];

fn chart_yaml(name: &str, more: &str) -> String {
    format!("apiVersion: v2\nname: {name}\nversion: 1.2.3\n{more}")
}

/// A chart with `width` subcharts, each of which has as many, and so have these: conditions, tags, aliases, globals,
/// values imported in both forms, and values deleted by null, at every level.
fn levels(width: usize) -> Files {
    let mut files = Files::new();
    level(&mut files, "", "top", 0, width);
    files
}

fn level(files: &mut Files, folder: &str, name: &str, depth: usize, width: usize) {
    let mut dependencies = String::new();
    let mut values = format!(
        "depth: {depth}\ngone: {{a: 1, b: 2}}\nexports: {{out: {{from{depth}: {name}}}}}\n\
         inner: {{list: [{depth}, x], text: {name}}}\nglobal: {{origin: {name}, at{depth}: {depth}}}\n"
    );
    for i in (0..width).filter(|_| depth < 3) {
        let child = format!("c{i}");
        let alias = if i == 1 { "  alias: renamed\n" } else { "" };
        let called = if i == 1 { "renamed" } else { &child };
        let _ = write!(
            dependencies,
            "- name: {child}\n  version: 1.x\n{alias}  condition: {called}.enabled\n  tags: [t{i}]\n  import-values:\n  \
             - out\n  - {{child: inner, parent: taken{i}}}\n"
        );
        // The third child is switched off by its condition in every second chart.
        let on = !(i == 2 && name == "c0");
        let _ = writeln!(
            values,
            "{called}: {{enabled: {on}, gone: {{a: null}}, told: {name}}}"
        );
        level(
            files,
            &format!("{folder}charts/{child}/"),
            &child,
            depth + 1,
            width,
        );
    }
    if !dependencies.is_empty() {
        dependencies.insert_str(0, "dependencies:\n");
    }
    files.push((
        format!("{folder}Chart.yaml"),
        chart_yaml(name, &dependencies),
    ));
    files.push((format!("{folder}values.yaml"), values));
    files.push((
        format!("{folder}templates/seen.yaml"),
        "kind: Seen\nmetadata: {name: {{ .Chart.Name }}}\nvalues: {{ toJson .Values }}\n\
         charts: {{ keys .Subcharts | sortAlpha | join \" \" }}\n"
            .to_owned(),
    ));
}

/// A chart with this many templates, of which each includes a definition of its own and one of another file.
fn templates(count: usize) -> Files {
    let mut files = vec![
        ("Chart.yaml".to_owned(), chart_yaml("many", "")),
        (
            "values.yaml".to_owned(),
            "image: {name: web, tag: 1.2.3}\nports: [80, 443]\n".to_owned(),
        ),
    ];
    for i in 0..count {
        let other = (i * 7 + 1) % count;
        files.push((
            format!("templates/t{i}.yaml"),
            format!(
                "{{{{- define \"many.name{i}\" }}}}{{{{ .Release.Name }}}}-{i}{{{{ end -}}}}\nkind: Part\nmetadata:\n  \
                 name: {{{{ include \"many.name{i}\" . }}}}\n  labels: {{other: {{{{ include \"many.name{other}\" . | quote }}}}}}\n\
                 spec:\n  image: {{{{ printf \"%s:%s\" .Values.image.name .Values.image.tag }}}}\n  ports:\n  \
                 {{{{- range $n, $port := .Values.ports }}}}\n  - {{{{ add $n $port }}}}\n  {{{{- end }}}}\n"
            ),
        ));
    }
    files
}

/// A chart with this many entries in its values, about a hundred bytes each, printed in three ways.
fn values(count: usize) -> Files {
    let mut text = "entries:\n".to_owned();
    for i in 0..count {
        let _ = write!(
            text,
            "  key{i}:\n    name: \"entry {i}\"\n    size: {i}\n    flag: {}\n    list: [a, {i}, {{b: c}}]\n    note: >-\n      some words\n      more\n",
            i % 2 == 0
        );
    }
    let template = "kind: Values\nall: {{ toYaml .Values.entries | nindent 2 }}\nsum: {{ $sum := 0 }}\
         {{ range .Values.entries }}{{ $sum = add $sum .size }}{{ end }}{{ $sum }}\n\
         digest: {{ toJson .Values | fromJson | toJson | sha256sum }}\n";
    vec![
        ("Chart.yaml".to_owned(), chart_yaml("wide", "")),
        ("values.yaml".to_owned(), text),
        ("templates/all.yaml".to_owned(), template.to_owned()),
    ]
}

/// A chart whose objects are all made by a library that merges defaults, and takes names, labels and texts through `tpl`.
fn library(count: usize) -> Files {
    let helpers = r#"{{- define "lib.render" }}{{ if kindIs "string" .value }}{{ tpl .value .context }}{{ else }}{{ tpl (.value | toYaml) .context }}{{ end }}{{ end -}}
{{- define "lib.name" }}{{ printf "%s-%s" .context.Release.Name (include "lib.render" (dict "value" .item.name "context" .context)) | trunc 63 | trimSuffix "-" }}{{ end -}}
{{- define "lib.object" }}
{{- $item := mergeOverwrite (deepCopy .context.Values.defaults) .item }}
kind: {{ $item.kind }}
metadata:
  name: {{ include "lib.name" (dict "item" $item "context" .context) }}
  labels: {{- include "lib.render" (dict "value" $item.labels "context" .context) | nindent 4 }}
data: {{ include "lib.render" (dict "value" $item.data "context" .context) | fromYaml | toJson }}
{{- end -}}
"#;
    let mut values = "app: shop\ndefaults:\n  kind: Item\n  labels: {app: \"{{ .Values.app }}\", chart: \"{{ .Chart.Name }}\"}\n  data: {}\nitems:\n".to_owned();
    for i in 0..count {
        let _ = write!(
            values,
            "- name: \"{{{{ .Values.app }}}}-{i}\"\n  data: {{a: \"{{{{ .Release.Namespace }}}}/{i}\", b: \"{{{{ include \\\"lib.render\\\" (dict \\\"value\\\" \\\"{{{{ .Values.app }}}}\\\" \\\"context\\\" $) }}}}\"}}\n"
        );
    }
    vec![
        (
            "Chart.yaml".to_owned(),
            chart_yaml("user", "dependencies: [{name: lib, version: 1.x}]\n"),
        ),
        ("values.yaml".to_owned(), values),
        (
            "templates/items.yaml".to_owned(),
            "{{ range .Values.items }}{{ include \"lib.object\" (dict \"item\" . \"context\" $) }}\n---\n{{ end }}"
                .to_owned(),
        ),
        (
            "charts/lib/Chart.yaml".to_owned(),
            chart_yaml("lib", "type: library\n"),
        ),
        ("charts/lib/templates/_lib.tpl".to_owned(), helpers.to_owned()),
    ]
}

fn render(files: &Files) -> Rendered {
    let renderer = Renderer::from_memory(files.iter().map(|(name, text)| (name, text)));
    let renderer = renderer.unwrap_or_else(|error| panic!("{error}"));
    let none = read_values(b"").expect("no values are values");
    let rendered = renderer.render(&none, &RenderOptions::named("rel"));
    rendered.unwrap_or_else(|error| panic!("{error}"))
}

fn text(rendered: &Rendered, at: usize) -> String {
    String::from_utf8_lossy(rendered.manifests[at].text()).into_owned()
}

#[test]
fn small_ones_print_what_helm_prints() {
    let Some(helm) = helm("scale") else { return };
    for ((name, make), size) in KINDS {
        let folder = Folder::new();
        for (path, text) in make(size) {
            folder.put(&format!("c/{path}"), text.as_bytes());
        }
        let print = |program: &Path| {
            let args = ["template", "rel", "c", "-n", "ns"].map(str::to_owned);
            let home = folder.path().to_string_lossy().into_owned();
            let run = Run {
                program,
                args: &args,
                env: &[("HOME".to_owned(), home)],
                cwd: folder.path(),
                stdin: Vec::new(),
                limit: Duration::from_secs(120),
            };
            let outcome = run.outcome();
            assert_eq!(outcome.exit, 0, "{name}: {}", readable(&outcome.stderr));
            outcome.stdout
        };
        let (want, got) = (print(&helm), print(Path::new(PROGRAM)));
        let difference = || first_difference(&readable(&want), &readable(&got));
        assert!(want == got, "{name}: {}", difference());
    }
}

#[test]
fn hundreds_of_charts_in_three_levels() {
    let rendered = render(&levels(6));
    // All 1 + 6 + 36 + 216 charts, without those that a chart `c0` has as third child and what lies below them.
    assert_eq!(rendered.manifests.len(), 246);
    let deepest = rendered
        .manifests
        .iter()
        .find(|m| m.path() == b"top/charts/c3/charts/c4/charts/c5/templates/seen.yaml");
    let deepest = String::from_utf8_lossy(deepest.expect("it is rendered").text()).into_owned();
    assert!(deepest.contains(r#""told":"c4""#), "{deepest}");
    assert!(deepest.contains(r#""gone":{"b":2}"#), "{deepest}");
    assert!(deepest.contains(r#""origin":"top""#), "{deepest}");
}

#[test]
fn two_thousand_templates() {
    let rendered = render(&templates(2_000));
    assert_eq!(rendered.manifests.len(), 2_000);
    let names = rendered.manifests.iter().map(|m| m.head().name.clone());
    let names: std::collections::BTreeSet<_> = names.collect();
    assert_eq!(names.len(), 2_000);
}

#[test]
fn two_megabytes_of_values() {
    let files = values(20_000);
    assert!(files[1].1.len() > 2_000_000, "{}", files[1].1.len());
    let rendered = render(&files);
    let sum = (0..20_000).sum::<usize>();
    assert!(text(&rendered, 0).contains(&format!("\nsum: {sum}\n")));
}

#[test]
fn a_library_that_works_by_tpl() {
    let rendered = render(&library(1_000));
    assert_eq!(rendered.manifests.len(), 1_000);
    let item = text(&rendered, 7);
    assert!(
        item.contains("data: {\"a\":\"default/7\",\"b\":\"shop\"}"),
        "{item}"
    );
    assert!(
        item.contains("    app: 'shop'\n    chart: 'user'\n"),
        "{item}"
    );
}

/// The least time of three renders.
fn time(files: &Files) -> Duration {
    let once = || {
        let start = Instant::now();
        drop(render(files));
        start.elapsed()
    };
    (0..3).map(|_| once()).min().unwrap_or_default()
}

#[test]
fn time_grows_with_size_and_no_faster() {
    // What is quadratic takes sixteen times as long; a busy machine gets several chances.
    for ((name, make), small) in [
        (("levels", levels as fn(usize) -> Files), 3),
        (("templates", templates), 200),
        (("values", values), 1_000),
        (("library", library), 100),
    ] {
        // Three levels of subcharts: half as many again on each are three times as many charts.
        let large = if name == "levels" { 5 } else { 4 * small };
        let (small, large) = (make(small), make(large));
        let bytes = |files: &Files| files.iter().map(|(_, text)| text.len()).sum::<usize>();
        let more = bytes(&large) as f64 / bytes(&small) as f64;
        let ratios = (0..5).map(|_| time(&large).as_secs_f64() / time(&small).as_secs_f64() / more);
        let linear = ratios.into_iter().any(|ratio| {
            say(&format!(
                "scale {name}: {more:.1} times the size, {ratio:.2} times the time for each"
            ));
            ratio < 2.0
        });
        assert!(linear, "{name}: time grows faster than size");
    }
}
