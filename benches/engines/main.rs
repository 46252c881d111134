//! Our template engine beside others, on three templates of a chart with equal output.
//!
//! A deployment, an ingress and the helpers of `charts/verta`, made to do without what only Helm has; helpers are
//! rendered by a ConfigMap that includes them. Go templates for us and `gotmpl`, Jinja for `minijinja`, which has
//! macros where Go has named templates and filters where Go has pipes.
//!
//! How it is kept fair:
//!
//! - Nothing is timed before all outputs are equal, byte for byte but the last line end, which Jinja drops; `cargo test --benches` looks at that too.
//! - We render with the functions Helm's users have, in their Go meaning. The others get what they lack
//!   ([`text`]) as Rust functions of their own values, bound as their documentation tells; these do what the
//!   templates need and no more, where ours keep to Helm in every corner, so theirs have less to do.
//! - What an engine has itself is used: Go's functions in `gotmpl`; in Jinja `or`, `~`, `in`, slices, `replace`
//!   and conditional expressions instead of calls.
//! - Parsing is timed without making an environment or registering functions. For `gotmpl`, which executes its
//!   tree, that is parsing alone; for the others it includes making instructions.
//! - Rendering begins with values in the engine's own types and ends with the output as one text. Helpers are
//!   parsed before; that Jinja imports them at each render is how it finds them.
//! - All run with their default features; no escaping for HTML takes place.
//!
//! `gtmpl`, an older engine for Go templates, takes no part: its functions are plain function pointers, so that an
//! `include` would need the templates in a place of its own.
//!
//! `cargo bench --bench engines`

mod data;
mod gotmpl;
mod jinja;
mod ours;
mod text;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use std::hint::black_box;

/// A template in both languages.
pub struct Template {
    name: &'static str,
    go: &'static str,
    jinja: &'static str,
}

macro_rules! template {
    ($name:literal) => {
        Template {
            name: $name,
            go: include_str!(concat!("templates/", $name, ".gotmpl")),
            jinja: include_str!(concat!("templates/", $name, ".jinja")),
        }
    };
}

const HELPERS: Template = template!("helpers");
const CONFIGMAP: Template = template!("configmap");
const INGRESS: Template = template!("ingress");
const DEPLOYMENT: Template = template!("deployment");

/// What is parsed in one go while its results are kept: few enough to stay in the cache.
const BATCH: BatchSize = BatchSize::NumIterations(16);

fn parse(c: &mut Criterion) {
    let environment = jinja::environment();
    for template in [DEPLOYMENT, INGRESS, HELPERS] {
        let mut group = c.benchmark_group(format!("parse/{}", template.name));
        group.bench_function("verta-render", |b| {
            b.iter_batched(ours::empty, |set| ours::parse(set, template.go), BATCH)
        });
        group.bench_function("gotmpl", |b| {
            b.iter_batched(gotmpl::empty, |it| gotmpl::parse(it, template.go), BATCH)
        });
        group.bench_function("minijinja", |b| {
            b.iter_batched(
                || (),
                |()| black_box(jinja::parse(&environment, template.jinja)),
                BATCH,
            )
        });
        group.finish();
    }
}

fn render(c: &mut Criterion) {
    let data = data::top();
    for (name, template) in [
        ("deployment", DEPLOYMENT),
        ("ingress", INGRESS),
        ("helpers", CONFIGMAP),
    ] {
        let ours = ours::renderer(&template, &data);
        let gotmpl = gotmpl::renderer(&template, &data);
        let jinja = jinja::renderer(&template, &data);
        let output = String::from_utf8(ours()).expect("it is text");
        assert!(output.len() > 500, "{name} renders to nothing");
        assert_eq!(output, gotmpl(), "{name}: gotmpl");
        // Jinja drops the last line end of a file.
        let trimmed = output.strip_suffix('\n').unwrap_or(&output);
        assert_eq!(trimmed, jinja(), "{name}: minijinja");

        let mut group = c.benchmark_group(format!("render/{name}"));
        group.bench_function("verta-render", |b| b.iter(&ours));
        group.bench_function("gotmpl", |b| b.iter(&gotmpl));
        group.bench_function("minijinja", |b| b.iter(&jinja));
        group.finish();
    }
}

criterion_group!(benches, parse, render);
criterion_main!(benches);
