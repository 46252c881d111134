//! Looking values up by a path with dots: `redis.master.enabled`.
//!
//! helm: pkg/chart/common `Values.Table`, `Values.PathValue`.

use crate::gostd::strconv;
use crate::value::{Map, Value};

/// Returns the map at the path.
///
/// # Errors
///
/// Returns helm's text, `"x" is not a table`, for the first part that is none.
pub fn table(values: &Map, path: &[u8]) -> Result<Map, String> {
    let mut table = values.clone();
    for part in path.split(|&byte| byte == b'.') {
        let found = table.get(part);
        table = match found.as_ref().and_then(Value::as_dict) {
            Some(inner) => inner.clone(),
            None => return Err(format!("{} is not a table", strconv::quote(part))),
        };
    }
    Ok(table)
}

/// Returns the value at the path, which must not be a map.
///
/// # Errors
///
/// Returns helm's text, `"x" is not a value`, if there is none or it is a map.
pub fn value(values: &Map, path: &[u8]) -> Result<Value, String> {
    if path.is_empty() {
        return Err("YAML path cannot be empty".to_owned());
    }
    let dot = path.iter().rposition(|&byte| byte == b'.');
    let (found, key) = match dot {
        None => (values.get(path), path),
        Some(dot) => {
            let key = &path[dot + 1..];
            let around = table(values, &path[..dot]).ok();
            (around.and_then(|table| table.get(key)), key)
        }
    };
    match found {
        Some(value) if value.as_dict().is_none() => Ok(value),
        _ => Err(format!("{} is not a value", strconv::quote(key))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::yaml;

    #[test]
    fn tables_and_values_are_told_apart() {
        let values = yaml::decode_map(b"{a: {b: {c: 1, z: null}}, x: 2}").unwrap();
        assert_eq!(table(&values, b"a.b").unwrap().len(), 2);
        assert_eq!(
            table(&values, b"a.x.y").err().unwrap(),
            "\"x\" is not a table"
        );
        assert_eq!(value(&values, b"a.b.c").unwrap().as_float(), Some(1.0));
        assert_eq!(value(&values, b"x").unwrap().as_float(), Some(2.0));
        assert!(value(&values, b"a.b.z").unwrap().is_nil());
        assert_eq!(value(&values, b"a.b").unwrap_err(), "\"b\" is not a value");
        assert_eq!(value(&values, b"q.b").unwrap_err(), "\"b\" is not a value");
        assert_eq!(
            value(&values, b"").unwrap_err(),
            "YAML path cannot be empty"
        );
    }
}
