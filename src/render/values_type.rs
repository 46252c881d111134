//! `common.Values`: the type of the context and of `.Values`, with its methods.
//!
//! helm: pkg/chart/common `Values`.

use crate::codec::yaml;
use crate::value::{CallError, ElemType, Map, MapType, Method, ParamType, Signature, Value};

/// `common.Values`. It stands wherever a `map[string]interface {}` is wanted.
pub static VALUES: MapType = MapType {
    name: "common.Values",
    elem: ElemType::Any,
    is_dict: true,
    methods: &[
        Method::getter("AsMap", as_map),
        Method::new("Encode", Signature::fixed(&[WRITER]), encode),
        Method::new(
            "PathValue",
            Signature::fixed(&[ParamType::String]),
            path_value,
        ),
        Method::new("Table", Signature::fixed(&[ParamType::String]), table),
        Method::getter("YAML", to_yaml),
    ],
};

/// Nothing a template can get hold of is a writer.
const WRITER: ParamType = ParamType::Object("io.Writer");

fn receiver_map(receiver: &Value) -> Result<&Map, CallError> {
    receiver
        .as_map()
        .ok_or_else(|| CallError::new("receiver is no map"))
}

fn as_map(receiver: &Value, _: &[Value]) -> Result<Value, CallError> {
    let map = receiver_map(receiver)?;
    if map.is_empty() {
        return Ok(Map::new().into());
    }
    Ok(map.retyped(&MapType::ANY).into())
}

fn to_yaml(receiver: &Value, _: &[Value]) -> Result<Value, CallError> {
    let text = yaml::encode(receiver).map_err(CallError::new)?;
    Ok(text.into())
}

fn encode(_: &Value, _: &[Value]) -> Result<Value, CallError> {
    // No value is a writer, so the argument is nil.
    Err(CallError::new(
        "runtime error: invalid memory address or nil pointer dereference",
    ))
}

fn table(receiver: &Value, args: &[Value]) -> Result<Value, CallError> {
    let path = args.first().and_then(Value::as_str);
    let path = path.map(|p| p.as_bytes()).unwrap_or_default();
    let table = find_table(receiver_map(receiver)?, path.split(|b| *b == b'.'))?;
    Ok(table.into())
}

fn path_value(receiver: &Value, args: &[Value]) -> Result<Value, CallError> {
    let path = args.first().and_then(Value::as_str);
    let path = path.map(|p| p.as_bytes()).unwrap_or_default();
    if path.is_empty() {
        return Err(CallError::new("YAML path cannot be empty"));
    }
    let (tables, key) = match path.iter().rposition(|b| *b == b'.') {
        Some(dot) => (Some(&path[..dot]), &path[dot + 1..]),
        None => (None, path),
    };
    let no_value = || no_such(key, "value");
    let map = receiver_map(receiver)?;
    let map = match tables {
        Some(tables) => find_table(map, tables.split(|b| *b == b'.')).map_err(|_| no_value())?,
        None => map.clone(),
    };
    let value = map.get(key).ok_or_else(no_value)?;
    // A table is no value; one under the named type slips through, as in Go.
    match value.as_map() {
        Some(table) if table.ty().name == MapType::ANY.name => Err(no_value()),
        _ => Ok(value),
    }
}

/// Walks down a chain of tables; the result is a `common.Values`.
///
/// # Errors
///
/// Fails at the first key that is missing or holds something else.
pub(super) fn find_table<'a>(
    map: &Map,
    keys: impl Iterator<Item = &'a [u8]>,
) -> Result<Map, CallError> {
    let mut table = map.clone();
    for key in keys {
        let next = table.get(key).and_then(|v| v.as_dict().cloned());
        table = next.ok_or_else(|| no_such(key, "table"))?;
    }
    Ok(table.retyped(&VALUES))
}

fn no_such(key: &[u8], what: &str) -> CallError {
    let mut text = crate::gostd::strconv::quote(key).into_bytes();
    text.extend_from_slice(b" is not a ");
    text.extend_from_slice(what.as_bytes());
    CallError::new(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Value {
        let inner: Map = [("b", Value::int64(1))].into_iter().collect();
        let outer: Map = [("a", inner.into())].into_iter().collect();
        outer.retyped(&VALUES).into()
    }

    #[test]
    fn a_table_is_the_same_map() {
        let values = values();
        let a = table(&values, &["a".into()]).unwrap();
        a.as_map().unwrap().insert("c", Value::NIL);
        assert_eq!(a.go_type(), "common.Values");
        let again = values.as_map().unwrap().get(b"a").unwrap();
        assert_eq!(again.as_map().unwrap().len(), 2);
    }

    #[test]
    fn what_is_missing_is_named() {
        let error = |path: &str| table(&values(), &[path.into()]).unwrap_err().to_string();
        assert_eq!(error("a.b"), "\"b\" is not a table");
        assert_eq!(error(""), "\"\" is not a table");
        let error = |path: &str| {
            path_value(&values(), &[path.into()])
                .unwrap_err()
                .to_string()
        };
        assert_eq!(error("a"), "\"a\" is not a value");
        assert_eq!(error("a.zz"), "\"zz\" is not a value");
        assert_eq!(error(""), "YAML path cannot be empty");
    }
}
