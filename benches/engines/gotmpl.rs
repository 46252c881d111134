//! `gotmpl`: Go templates with Go's own functions; Helm's are added. `include` is a function that holds the template.

use crate::text::{self, Node, Shape};
use crate::{HELPERS, Template};
use gotmpl::{FuncMap, Value, ValueFunc};
use serde_json::Value as Json;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

type Parsed = gotmpl::Template;

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Nil,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => Value::Int(n.as_i64().expect("whole numbers only")),
        Json::String(s) => Value::from(s.as_str()),
        Json::Array(items) => Value::from(items.iter().map(value).collect::<Vec<_>>()),
        Json::Object(map) => {
            let entries = map.iter().map(|(k, v)| (k.clone(), value(v)));
            Value::from(entries.collect::<BTreeMap<_, _>>())
        }
    }
}

impl Node for &Value {
    fn shape(&self) -> Shape<'_, Self> {
        match self {
            Value::String(text) => Shape::Text(text),
            Value::List(items) => Shape::List(items.iter().collect()),
            Value::Map(map) => {
                Shape::Map(map.iter().map(|(k, v)| (Cow::Borrowed(&**k), v)).collect())
            }
            Value::Nil => Shape::Plain("null".into()),
            other => Shape::Plain(other.to_string().into()),
        }
    }
}

fn text(args: &[Value], index: usize) -> &str {
    args.get(index).and_then(Value::as_str).unwrap_or_default()
}

fn count(args: &[Value]) -> usize {
    args.first().and_then(Value::as_int).unwrap_or_default() as usize
}

fn arg(args: &[Value], index: usize) -> Value {
    args.get(index).cloned().unwrap_or(Value::Nil)
}

fn functions(template: Weak<Parsed>) -> FuncMap {
    let mut map = FuncMap::new();
    let mut add = |name: &str, function: ValueFunc| map.insert(name.to_owned(), function);
    add(
        "include",
        Arc::new(move |args| {
            let template = template.upgrade().expect("it is being executed");
            let output = template.execute_template_to_string(text(args, 0), &arg(args, 1))?;
            Ok(Value::from(output))
        }),
    );
    add(
        "toYaml",
        Arc::new(|args| {
            Ok(Value::from(text::to_yaml(
                &args.first().unwrap_or(&Value::Nil),
            )))
        }),
    );
    add(
        "nindent",
        Arc::new(|args| Ok(Value::from(text::nindent(count(args), text(args, 1))))),
    );
    add(
        "quote",
        Arc::new(|args| {
            Ok(Value::from(match args.first() {
                Some(Value::String(s)) => text::quote(s),
                other => other.map_or(String::new(), |value| text::quote(&value.to_string())),
            }))
        }),
    );
    add(
        "default",
        Arc::new(|args| {
            let given = args.get(1).is_some_and(Value::is_truthy);
            Ok(arg(args, usize::from(given)))
        }),
    );
    add(
        "ternary",
        Arc::new(|args| {
            let first = matches!(args.get(2), Some(Value::Bool(true)));
            Ok(arg(args, usize::from(!first)))
        }),
    );
    add(
        "dict",
        Arc::new(|args| {
            let entries = args.chunks_exact(2).filter_map(|pair| match pair {
                [Value::String(key), value] => Some((key.clone(), value.clone())),
                _ => None,
            });
            Ok(Value::from(entries.collect::<BTreeMap<Arc<str>, _>>()))
        }),
    );
    add(
        "contains",
        Arc::new(|args| Ok(Value::Bool(text(args, 1).contains(text(args, 0))))),
    );
    add(
        "replace",
        Arc::new(|args| {
            let replaced = text(args, 2).replace(text(args, 0), text(args, 1));
            Ok(Value::from(replaced))
        }),
    );
    add(
        "trunc",
        Arc::new(|args| {
            let whole = text(args, 1);
            let cut = text::trunc(count(args), whole);
            Ok(if cut.len() == whole.len() {
                arg(args, 1)
            } else {
                Value::from(cut)
            })
        }),
    );
    add(
        "trimSuffix",
        Arc::new(|args| {
            Ok(match text(args, 1).strip_suffix(text(args, 0)) {
                Some(trimmed) => Value::from(trimmed),
                None => arg(args, 1),
            })
        }),
    );
    map
}

/// Returns what [`parse`] adds to.
pub fn empty() -> Parsed {
    with_functions(Weak::new())
}

fn with_functions(template: Weak<Parsed>) -> Parsed {
    Parsed::new("main").funcs(functions(template))
}

/// Parses a text; this engine executes the tree.
pub fn parse(template: Parsed, text: &str) -> Parsed {
    template.parse(text).expect("it parses")
}

/// Returns a run of a template that is ready.
pub fn renderer(template: &Template, data: &Json) -> impl Fn() -> String {
    let ready = Arc::new_cyclic(|weak| {
        let helpers = parse(with_functions(weak.clone()), HELPERS.go);
        parse(helpers, template.go)
    });
    let data = value(data);
    move || ready.execute_to_string(&data).expect("it renders")
}
