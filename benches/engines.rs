//! Our template engine beside others, on one template with equal output.
//!
//! The template uses only what all of them know: fields, `range`, `if`, `printf`, a named template. For
//! minijinja it is written in its own language. Outputs are compared before anything is timed.
//!
//! `cargo bench --bench engines`

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::hint::black_box;
use verta_render::funcs::catalog::CATALOG;
use verta_render::host::SystemHost;
use verta_render::template::{Environment, TemplateSet};

const GO: &str = include_str!("templates/deployment.gotmpl");
const JINJA: &str = include_str!("templates/deployment.jinja");

/// Returns what the template is given, with this many containers.
fn data(containers: usize) -> Json {
    let container = |i: usize| {
        let env = |e: usize| json!({"name": format!("E{e}"), "kind": if e.is_multiple_of(2) { "number" } else { "text" }, "value": format!("v{e}")});
        json!({
            "name": format!("c{i}"),
            "image": "ghcr.io/verta/app",
            "tag": "1.2.3",
            "ports": if i.is_multiple_of(2) { json!([8080, 9090]) } else { json!([]) },
            "env": (0..i % 4).map(env).collect::<Vec<_>>(),
        })
    };
    json!({
        "name": "backend",
        "release": "verta",
        "replicas": 3,
        "containers": (0..containers).map(container).collect::<Vec<_>>(),
        // A macro of minijinja does not see the variables around it.
        "root": {"name": "backend", "release": "verta"},
    })
}

fn for_us(json: &Json) -> verta_render::Value {
    use verta_render::{Map, Value};
    match json {
        Json::Null => Value::NIL,
        Json::Bool(b) => Value::bool(*b),
        Json::Number(n) => Value::int64(n.as_i64().expect("whole numbers only")),
        Json::String(s) => Value::string(s.as_str()),
        Json::Array(items) => Value::list(items.iter().map(for_us).collect()),
        Json::Object(map) => map
            .iter()
            .map(|(k, v)| (k.as_str(), for_us(v)))
            .collect::<Map>()
            .into(),
    }
}

fn for_gtmpl(json: &Json) -> gtmpl::Value {
    use gtmpl::Value;
    match json {
        Json::Null => Value::Nil,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => Value::from(n.as_i64().expect("whole numbers only")),
        Json::String(s) => Value::String(s.clone()),
        Json::Array(items) => Value::Array(items.iter().map(for_gtmpl).collect()),
        Json::Object(map) => {
            Value::Map(map.iter().map(|(k, v)| (k.clone(), for_gtmpl(v))).collect())
        }
    }
}

fn for_gotmpl(json: &Json) -> gotmpl::Value {
    use gotmpl::Value;
    match json {
        Json::Null => Value::Nil,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => Value::Int(n.as_i64().expect("whole numbers only")),
        Json::String(s) => Value::from(s.as_str()),
        Json::Array(items) => Value::from(items.iter().map(for_gotmpl).collect::<Vec<_>>()),
        Json::Object(map) => Value::from(
            map.iter()
                .map(|(k, v)| (k.clone(), for_gotmpl(v)))
                .collect::<BTreeMap<_, _>>(),
        ),
    }
}

fn our_set() -> TemplateSet {
    let mut set = TemplateSet::new(&CATALOG);
    set.parse(b"deployment", GO.as_bytes().to_vec())
        .expect("it parses");
    set
}

fn parse(c: &mut Criterion) {
    let mut group = c.benchmark_group("parse");
    group.bench_function("verta-render", |b| b.iter(|| black_box(our_set())));
    group.bench_function("gotmpl", |b| {
        b.iter(|| {
            black_box(
                gotmpl::Template::new("deployment")
                    .parse(GO)
                    .expect("it parses"),
            )
        })
    });
    group.bench_function("gtmpl", |b| {
        b.iter(|| {
            let mut template = gtmpl::Template::default();
            template.parse(GO).expect("it parses");
            black_box(template)
        })
    });
    group.bench_function("minijinja", |b| {
        b.iter(|| {
            let mut environment = minijinja::Environment::new();
            environment
                .add_template("deployment", JINJA)
                .expect("it parses");
            black_box(environment)
        })
    });
    group.finish();
}

fn render(c: &mut Criterion) {
    let mut group = c.benchmark_group("render");
    for containers in [5, 500] {
        let json = data(containers);

        let set = our_set();
        let ours = for_us(&json);
        let environment = Environment::new(&SystemHost);
        let run_ours = || {
            set.execute(b"deployment", &ours, &environment)
                .expect("it is there")
                .expect("it renders")
        };

        let go = gotmpl::Template::new("deployment")
            .parse(GO)
            .expect("it parses");
        let go_data = for_gotmpl(&json);
        let run_go = || go.execute_to_string(&go_data).expect("it renders");

        let mut old = gtmpl::Template::default();
        old.parse(GO).expect("it parses");
        let old_data = gtmpl::Context::from(for_gtmpl(&json));
        let run_old = || old.render(&old_data).expect("it renders");

        let mut jinja = minijinja::Environment::new();
        jinja.add_template("deployment", JINJA).expect("it parses");
        let jinja = jinja.get_template("deployment").expect("it is there");
        let jinja_data = minijinja::Value::from_serialize(&json);
        let run_jinja = || jinja.render(&jinja_data).expect("it renders");

        let text = String::from_utf8(run_ours()).expect("it is text");
        assert_eq!(text, run_go());
        assert_eq!(text, run_old());
        // minijinja drops the last line end.
        assert_eq!(text.trim_end(), run_jinja());

        group.bench_with_input(
            BenchmarkId::new("verta-render", containers),
            &(),
            |b, ()| b.iter(run_ours),
        );
        group.bench_with_input(BenchmarkId::new("gotmpl", containers), &(), |b, ()| {
            b.iter(run_go)
        });
        group.bench_with_input(BenchmarkId::new("gtmpl", containers), &(), |b, ()| {
            b.iter(run_old)
        });
        group.bench_with_input(BenchmarkId::new("minijinja", containers), &(), |b, ()| {
            b.iter(run_jinja)
        });
    }
    group.finish();
}

criterion_group!(benches, parse, render);
criterion_main!(benches);
