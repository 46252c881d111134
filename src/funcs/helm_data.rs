//! Values to YAML, JSON and TOML, and back.
//!
//! What cannot be read becomes a value that holds the complaint; the functions whose names begin
//! with `must` fail.
//!
//! Go: helm: `pkg/engine/funcs.go`.

use super::entry::{Entry, Group, func, text};
use super::sprig::date;
use crate::codec::{json, toml, yaml};
use crate::limits::Limit;
use crate::template::func::{Args, CallContext, FuncError, FuncResult};
use crate::value::ParamType::{Any, String as Text};
use crate::value::{Map, Str, Value};

pub(super) const GROUP: Group = Group {
    title: "YAML, JSON and TOML",
    entries: FUNCTIONS,
};

const FUNCTIONS: &[Entry] = &[
    func("toYaml", &[Any], |_, a| {
        without_newline(yaml::encode(a.any(0)).unwrap_or_default())
    })
    .doc(
        "toYaml VALUE",
        "Returns the value as YAML, nothing if that cannot be.",
        r#"{{ toYaml (dict "a" (list 1 "b")) }}"#,
        "a:\n- 1\n- b",
    ),
    func("mustToYaml", &[Any], |_, a| {
        without_newline(yaml::encode(a.any(0)).map_err(FuncError::new)?)
    })
    .doc(
        "mustToYaml VALUE",
        "Returns the value as YAML.",
        r#"{{ mustToYaml (dict "a" 1) }}"#,
        "a: 1",
    ),
    func("toYamlPretty", &[Any], |_, a| {
        match yaml::encode_pretty(a.any(0)) {
            Ok(text) => without_newline(text),
            // A type go-yaml does not know at all is no error there but a panic.
            Err(error) if error.starts_with("cannot marshal type") => Err(FuncError::new(error)),
            Err(_) => text(Vec::new()),
        }
    })
    .differs("helm dies of a map that holds itself; here nothing is written.")
    .doc(
        "toYamlPretty VALUE",
        "Returns the value as YAML with the lists in maps indented.",
        r#"{{ toYamlPretty (dict "a" (list 1 "b")) }}"#,
        "a:\n  - 1\n  - b",
    ),
    func("fromYaml", &[Text], |ctx, a| {
        charge_read(ctx, a)?;
        let map = yaml::decode_map(a.str(0)).unwrap_or_else(|e| complaint(e.to_string()));
        Ok(map.into())
    })
    .doc(
        "fromYaml TEXT",
        "Reads a YAML mapping; a complaint is returned under the key Error.",
        r#"{{ (fromYaml "a: 1").a }}"#,
        "1",
    ),
    func("fromYamlArray", &[Text], |ctx, a| {
        charge_read(ctx, a)?;
        Ok(match yaml::decode_list(a.str(0)) {
            // Unlike `fromJsonArray`, it leaves the empty list it begins with.
            Ok(list) if list.is_nil() => Value::list(Vec::new()),
            Ok(list) => list,
            Err(e) => Value::list(vec![Value::string(e.to_string())]),
        })
    })
    .doc(
        "fromYamlArray TEXT",
        "Reads a YAML sequence; a complaint is returned as its only element.",
        r#"{{ fromYamlArray "- 1\n- 2" | toJson }}"#,
        "[1,2]",
    ),
    func("toJson", &[Any], |_, a| {
        text(json::encode(a.any(0)).unwrap_or_default())
    })
    .doc(
        "toJson VALUE",
        "Returns the value as JSON, nothing if that cannot be.",
        r#"{{ dict "a" 1 | toJson }}"#,
        r#"{"a":1}"#,
    ),
    func("mustToJson", &[Any], |_, a| {
        text(json::encode(a.any(0)).map_err(FuncError::new)?)
    })
    .doc(
        "mustToJson VALUE",
        "Returns the value as JSON.",
        r#"{{ dict "a" 1 | mustToJson }}"#,
        r#"{"a":1}"#,
    ),
    func("fromJson", &[Text], |ctx, a| {
        charge_read(ctx, a)?;
        let (map, error) = json::decode_map(a.str(0));
        if let Some(error) = error {
            map.insert("Error", Value::string(error.to_string()));
        }
        Ok(map.into())
    })
    .doc(
        "fromJson TEXT",
        "Reads a JSON object; a complaint is returned under the key Error.",
        r#"{{ (fromJson "{\"a\":1}").a }}"#,
        "1",
    ),
    func("fromJsonArray", &[Text], |ctx, a| {
        charge_read(ctx, a)?;
        Ok(match json::decode_list(a.str(0)) {
            Ok(list) => list.into(),
            Err(e) => Value::list(vec![Value::string(e.to_string())]),
        })
    })
    .doc(
        "fromJsonArray TEXT",
        "Reads a JSON array; a complaint is returned as its only element.",
        r#"{{ index (fromJsonArray "[1,2]") 1 }}"#,
        "2",
    ),
    // The message is the result.
    func("toToml", &[Any], |_, a| {
        toml::encode(not_nil(a.any(0))?).map_or_else(text, text)
    })
    .differs("helm dies of a map that holds itself; here the text is that of an error.")
    .doc(
        "toToml VALUE",
        "Returns the value as TOML; a complaint is returned as text.",
        r#"{{ toToml (dict "a" 1) }}"#,
        "a = 1\n",
    ),
    func("mustToToml", &[Any], |_, a| {
        text(toml::encode(not_nil(a.any(0))?).map_err(FuncError::new)?)
    })
    .differs("helm dies of a map that holds itself; here it is an error.")
    .doc(
        "mustToToml VALUE",
        "Returns the value as TOML.",
        r#"{{ mustToToml (dict "a" 1) }}"#,
        "a = 1\n",
    ),
    func("fromToml", &[Text], |ctx, a| {
        charge_read(ctx, a)?;
        let local = date::local(ctx);
        let map = toml::decode(a.str(0), &|time| date::of_toml(time, &local));
        Ok(map.unwrap_or_else(|e| complaint(e.to_bytes())).into())
    })
    .doc(
        "fromToml TEXT",
        "Reads TOML; a complaint is returned under the key Error.",
        r#"{{ (fromToml "a = 1").a }}"#,
        "1",
    ),
];

/// Values take about so many times the bytes of the text they are read from, at most.
const GROWTH: usize = 20;

/// Announces the values that a text may become.
fn charge_read(ctx: &mut dyn CallContext, a: Args<'_>) -> Result<(), FuncError> {
    let length = a.str(0).len();
    ctx.check(Limit::YamlSize, length)?;
    match length {
        ..4096 => Ok(()),
        _ => ctx.charge(length.saturating_mul(GROWTH)),
    }
}

/// Go's encoder of TOML panics where there is no value at all.
fn not_nil(value: &Value) -> Result<&Value, FuncError> {
    if value.is_nil() {
        return Err(FuncError::new(
            "reflect: call of reflect.Value.Type on zero Value",
        ));
    }
    Ok(value)
}

fn without_newline(mut out: Vec<u8>) -> FuncResult {
    if out.last() == Some(&b'\n') {
        out.pop();
    }
    text(out)
}

fn complaint(message: impl Into<Str>) -> Map {
    [("Error", Value::string(message))].into_iter().collect()
}
