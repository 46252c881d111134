//! Our engine, with the functions Helm's users have.

use crate::{HELPERS, Template};
use serde_json::Value as Json;
use verta_render::funcs::catalog::CATALOG;
use verta_render::host::SystemHost;
use verta_render::template::{Environment, TemplateSet};
use verta_render::{Map, Value};

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::NIL,
        Json::Bool(b) => Value::bool(*b),
        Json::Number(n) => Value::int64(n.as_i64().expect("whole numbers only")),
        Json::String(s) => Value::string(s.as_str()),
        Json::Array(items) => Value::list(items.iter().map(value).collect()),
        Json::Object(map) => {
            let entries = map.iter().map(|(k, v)| (k.as_str(), value(v)));
            entries.collect::<Map>().into()
        }
    }
}

/// Returns what [`parse`] adds to.
pub fn empty() -> TemplateSet {
    TemplateSet::new(&CATALOG)
}

/// Parses and compiles a text.
pub fn parse(mut set: TemplateSet, text: &str) -> TemplateSet {
    set.parse(b"main", text.as_bytes()).expect("it parses");
    set
}

/// Returns a run of a template that is ready.
pub fn renderer(template: &Template, data: &Json) -> impl Fn() -> Vec<u8> {
    let mut set = empty();
    set.parse(b"helpers", HELPERS.go.as_bytes())
        .expect("they parse");
    let set = parse(set, template.go);
    let data = value(data);
    move || {
        set.execute(b"main", &data, &Environment::new(&SystemHost))
            .expect("it is there")
            .expect("it renders")
    }
}
