//! `minijinja`: the same in its own language. Named templates are macros that are imported; pipes are filters.

use crate::text::{self, Node, Shape};
use crate::{HELPERS, Template};
use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Template as Parsed};
use serde_json::Value as Json;
use std::borrow::Cow;

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::from(()),
        Json::Bool(b) => Value::from(*b),
        Json::Number(n) => Value::from(n.as_i64().expect("whole numbers only")),
        Json::String(s) => Value::from(s.as_str()),
        Json::Array(items) => Value::from(items.iter().map(value).collect::<Vec<_>>()),
        Json::Object(map) => Value::from_pairs(map.iter().map(|(k, v)| (k.as_str(), value(v)))),
    }
}

impl Node for Value {
    fn shape(&self) -> Shape<'_, Self> {
        match self.kind() {
            ValueKind::String => Shape::Text(self.as_str().unwrap_or_default()),
            ValueKind::Seq => Shape::List(self.try_iter().into_iter().flatten().collect()),
            ValueKind::Map => {
                let pairs = self.as_object().and_then(|map| map.try_iter_pairs());
                let pairs = pairs.into_iter().flatten();
                Shape::Map(pairs.map(|(k, v)| (Cow::Owned(k.to_string()), v)).collect())
            }
            ValueKind::None => Shape::Plain("null".into()),
            _ => Shape::Plain(printed(self)),
        }
    }
}

/// Returns what Go prints for a value that is no text; Jinja would print `True`.
fn printed(value: &Value) -> Cow<'static, str> {
    match value.kind() {
        ValueKind::Bool if value.is_true() => "true".into(),
        ValueKind::Bool => "false".into(),
        _ => value.to_string().into(),
    }
}

/// Returns an environment with the filters and the helpers.
pub fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.add_filter("to_yaml", |value: Value| text::to_yaml(&value));
    environment.add_filter("nindent", |text: &str, count: usize| {
        text::nindent(count, text)
    });
    environment.add_filter("quote", |value: Value| match value.as_str() {
        Some(text) => text::quote(text),
        None => text::quote(&printed(&value)),
    });
    environment.add_filter("trim_suffix", |value: Value, suffix: &str| {
        match value.as_str().and_then(|text| text.strip_suffix(suffix)) {
            Some(trimmed) => Value::from(trimmed),
            None => value,
        }
    });
    environment
        .add_template("helpers", HELPERS.jinja)
        .expect("they parse");
    environment
}

/// Parses and compiles a text.
pub fn parse<'e>(environment: &'e Environment<'static>, text: &'static str) -> Parsed<'e, 'e> {
    environment.template_from_str(text).expect("it parses")
}

/// Returns a run of a template that is ready.
pub fn renderer(template: &Template, data: &Json) -> impl Fn() -> String {
    let mut environment = environment();
    environment
        .add_template("main", template.jinja)
        .expect("it parses");
    let data = Value::from_pairs([("top", value(data))]);
    move || {
        let template = environment.get_template("main").expect("it is there");
        template.render(&data).expect("it renders")
    }
}
