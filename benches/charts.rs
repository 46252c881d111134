//! Whole charts and YAML inside the process: Verta, and a large chart made here.
//!
//! `cargo bench --bench charts`

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::fmt::Write;
use std::hint::black_box;
use verta_render::codec::yaml;
use verta_render::{Map, RenderOptions, Renderer};

const VERTA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/charts/verta");

/// Returns values of about a megabyte: lists and maps of short texts and numbers.
fn large_values() -> String {
    let mut text = String::from("items:\n");
    for i in 0..10_000 {
        writeln!(
            text,
            "  - name: item-{i}\n    port: {}\n    labels: {{tier: \"t{}\", zone: z{}}}\n    note: some words that say what it is for",
            1024 + i % 60_000,
            i % 7,
            i % 3
        )
        .expect("a String takes all");
    }
    text
}

/// Returns a chart of this many templates, each with helpers, loops and `toYaml`.
fn large_chart(templates: usize) -> Vec<(String, String)> {
    let mut files = vec![
        ("Chart.yaml".to_owned(), "apiVersion: v2\nname: large\nversion: 1.0.0\n".to_owned()),
        (
            "values.yaml".to_owned(),
            "replicas: 2\nresources: {limits: {cpu: 100m, memory: 64Mi}, requests: {cpu: 10m, memory: 32Mi}}\nenv:\n  A: one\n  B: two\n  C: three\n".to_owned(),
        ),
        (
            "templates/_helpers.tpl".to_owned(),
            "{{- define \"large.labels\" -}}\napp.kubernetes.io/name: {{ .Chart.Name }}\napp.kubernetes.io/instance: {{ .Release.Name }}\n{{- end -}}\n".to_owned(),
        ),
    ];
    for i in 0..templates {
        files.push((
            format!("templates/app-{i:04}.yaml"),
            format!(
                "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{{{ printf \"%s-{i}\" .Release.Name | trunc 63 }}}}\n  labels:\n    {{{{- include \"large.labels\" . | nindent 4 }}}}\nspec:\n  replicas: {{{{ .Values.replicas }}}}\n  env:\n  {{{{- range $k, $v := .Values.env }}}}\n  - name: {{{{ $k }}}}\n    value: {{{{ $v | quote }}}}\n  {{{{- end }}}}\n  resources: {{{{- toYaml .Values.resources | nindent 4 }}}}\n"
            ),
        ));
    }
    files
}

fn charts(c: &mut Criterion) {
    let mut group = c.benchmark_group("chart");
    let options = RenderOptions::named("verta");
    group.bench_function("verta/load", |b| {
        b.iter(|| black_box(Renderer::from_path(VERTA).expect("it loads")))
    });
    let verta = Renderer::from_path(VERTA).expect("it loads");
    group.bench_function("verta/render", |b| {
        b.iter(|| black_box(verta.render(&Map::new(), &options).expect("it renders")))
    });
    let large = Renderer::from_memory(large_chart(1_000)).expect("it loads");
    group.sample_size(20);
    group.bench_function("1000 templates/load and render", |b| {
        let files = large_chart(1_000);
        b.iter(|| {
            let renderer = Renderer::from_memory(files.clone()).expect("it loads");
            black_box(renderer.render(&Map::new(), &options).expect("it renders"))
        })
    });
    group.bench_function("1000 templates/render again", |b| {
        b.iter(|| black_box(large.render(&Map::new(), &options).expect("it renders")))
    });
    group.finish();
}

fn yaml_in_and_out(c: &mut Criterion) {
    let verta = std::fs::read(format!("{VERTA}/values.yaml")).expect("it is there");
    let large = large_values().into_bytes();
    let mut group = c.benchmark_group("yaml");
    for (name, text) in [("verta values", &verta), ("large values", &large)] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(format!("read {name}"), |b| {
            b.iter(|| black_box(yaml::decode(text).expect("it is YAML")))
        });
        let value = yaml::decode(text).expect("it is YAML");
        group.bench_function(format!("write {name}"), |b| {
            b.iter(|| black_box(yaml::encode(&value).expect("it can be written")))
        });
    }
    group.finish();
}

criterion_group!(benches, charts, yaml_in_and_out);
criterion_main!(benches);
