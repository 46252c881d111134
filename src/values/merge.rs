//! What the user gives: values files and set expressions, joined into one map.
//!
//! [`UserInputs`] come in as the command line has them; files are read by a function
//! the caller supplies. One map goes out. Later kinds of input win over earlier
//! ones, whatever their order on the command line: files, `--set-json`, `--set`,
//! `--set-string`, `--set-file`, `--set-literal`.
//!
//! helm: pkg/cli/values `Options.MergeValues`.

use super::set::{self, Form, ReadFile};
use super::tree;
use crate::codec::{json, yaml};
use crate::diag::{Error, ErrorKind};
use crate::gostd::{os, unicode, url::Url};
use crate::value::{Map, Value};

/// The values files and set expressions a user gives.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct UserInputs {
    /// `-f`: names of YAML files; `-` is the standard input.
    pub files: Vec<String>,
    /// `--set-json`: `key=JSON` or a whole JSON object.
    pub set_json: Vec<Vec<u8>>,
    /// `--set`.
    pub set: Vec<Vec<u8>>,
    /// `--set-string`.
    pub set_string: Vec<Vec<u8>>,
    /// `--set-file`: `key=FILE`.
    pub set_file: Vec<Vec<u8>>,
    /// `--set-literal`.
    pub set_literal: Vec<Vec<u8>>,
}

impl UserInputs {
    fn has_expressions(&self) -> bool {
        [
            &self.set_json,
            &self.set,
            &self.set_string,
            &self.set_file,
            &self.set_literal,
        ]
        .iter()
        .any(|list| !list.is_empty())
    }
}

/// Joins all inputs into one map, over the values in `base`, which stay as they are.
///
/// # Errors
///
/// Returns helm's text for the first file that cannot be read or expression that
/// cannot be applied: `failed parsing --set data: key "a" has no value`.
///
/// # Examples
///
/// ```
/// use verta_render::value::Map;
/// use verta_render::values::merge::{UserInputs, merge};
///
/// let inputs = UserInputs {
///     files: vec!["prod.yaml".into()],
///     set: vec![b"replicas=3".to_vec()],
///     ..UserInputs::default()
/// };
/// let values = merge(&inputs, &Map::new(), &mut |_| Ok(b"replicas: 2\n".to_vec()))?;
/// assert_eq!(values.get(b"replicas").unwrap().as_signed(), Some(3));
/// # Ok::<(), verta_render::diag::Error>(())
/// ```
pub fn merge(inputs: &UserInputs, base: &Map, read: &mut ReadFile<'_>) -> Result<Map, Error> {
    let mut values = base.deep_copy();
    for name in &inputs.files {
        let data = read(name)?;
        let map = yaml::decode_values(&data).map_err(|error| {
            Error::new(
                ErrorKind::Values,
                format!("failed to parse {name}: {error}"),
            )
        })?;
        if values.is_empty() {
            values = map;
        } else {
            merge_maps(&values, &map);
        }
    }
    if !inputs.has_expressions() {
        return Ok(values);
    }
    for expression in &inputs.set_json {
        values = apply_json(expression, values)?;
    }
    let mut members = tree::open(&values);
    let kinds = [
        ("set", &inputs.set),
        ("set-string", &inputs.set_string),
        ("set-file", &inputs.set_file),
        ("set-literal", &inputs.set_literal),
    ];
    for (flag, expressions) in kinds {
        for expression in expressions {
            let form = match flag {
                "set" => Form::Typed,
                "set-string" => Form::Text,
                "set-file" => Form::File(&mut *read),
                _ => Form::Literal,
            };
            set::apply_to(expression, form, &mut members)
                .map_err(|error| error.prefixed(format!("failed parsing --{flag} data: ")))?;
        }
    }
    Ok(tree::close(members))
}

/// Applies one `--set-json`. helm does not tell why one fails.
fn apply_json(expression: &[u8], values: Map) -> Result<Map, Error> {
    let failed = |what: &[u8]| {
        let text = [b"failed parsing --set-json data ", what, expression].concat();
        Error::new(ErrorKind::Values, text)
    };
    let trimmed = unicode::trim_space(expression);
    if !trimmed.starts_with(b"{") {
        return set::apply(expression, Form::Json, &values).map_err(|_| failed(b""));
    }
    let object = json::decode(trimmed).map_err(|_| failed(b"JSON: "))?;
    if let Some(map) = object.as_map() {
        merge_maps(&values, map);
    }
    Ok(values)
}

/// Puts the entries of `above` over those of `below`, map into map; null is a value
/// like any other.
pub fn merge_maps(below: &Map, above: &Map) {
    for (key, value) in above.snapshot().iter() {
        if let Some(upper) = value.as_map()
            && let Some(lower) = below.get(key).as_ref().and_then(Value::as_map)
        {
            merge_maps(lower, upper);
        } else {
            below.insert(key, value.clone());
        }
    }
}

/// Reads a values file from disk, or from the standard input where the name is `-`.
///
/// # Errors
///
/// Returns helm's text if it cannot be read, and refuses addresses.
pub fn read_local(name: &str) -> Result<Vec<u8>, Error> {
    if name.trim() == "-" {
        let mut data = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut data)
            .map_err(|error| Error::new(ErrorKind::Io, os::errno_text(&error)))?;
        return Ok(data);
    }
    // Every name is an address to helm; one without a scheme is a file.
    let address =
        Url::parse(name.as_bytes()).map_err(|error| Error::new(ErrorKind::Values, error))?;
    if matches!(&*address.scheme, b"http" | b"https" | b"oci") {
        let text = format!("values from the network are not read here: {name}");
        return Err(Error::new(ErrorKind::Unavailable, text));
    }
    let io_error = |operation: &str, error: &std::io::Error| {
        Error::new(ErrorKind::Io, os::path_error(operation, name, error))
    };
    let mut file = std::fs::File::open(name).map_err(|error| io_error("open", &error))?;
    let mut data = Vec::new();
    std::io::Read::read_to_end(&mut file, &mut data).map_err(|error| io_error("read", &error))?;
    Ok(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_kinds_win_and_null_is_kept() {
        let inputs = UserInputs {
            files: vec!["a".into(), "b".into()],
            set: vec![b"x=set".to_vec()],
            set_json: vec![br#"{"x": 1, "j": {"k": null}}"#.to_vec(), b"j.l=2".to_vec()],
            ..UserInputs::default()
        };
        let mut read = |name: &str| -> Result<Vec<u8>, Error> {
            Ok(match name {
                "a" => b"{m: {p: 1, q: 2}, j: {i: 0}}".to_vec(),
                _ => b"{m: {p: null}}".to_vec(),
            })
        };
        let values = merge(&inputs, &Map::new(), &mut read).unwrap();
        let text = crate::value::print::to_text(&values.into());
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "map[j:map[i:0 k:<nil> l:2] m:map[p:<nil> q:2] x:set]"
        );
    }

    #[test]
    fn failures_name_the_flag() {
        let failure = |inputs: UserInputs| {
            merge(&inputs, &Map::new(), &mut |_| Ok(b"a: [".to_vec()))
                .err()
                .map(|error| error.to_string())
                .expect("the input is wrong")
        };
        assert_eq!(
            failure(UserInputs {
                set_literal: vec![b"a".to_vec()],
                ..UserInputs::default()
            }),
            "failed parsing --set-literal data: key \"a\" has no value"
        );
        assert_eq!(
            failure(UserInputs {
                set_json: vec![b"a=x".to_vec()],
                ..UserInputs::default()
            }),
            "failed parsing --set-json data a=x"
        );
        assert!(
            failure(UserInputs {
                files: vec!["v.yaml".into()],
                ..UserInputs::default()
            })
            .starts_with("failed to parse v.yaml: cannot unmarshal yaml document: ")
        );
    }
}
