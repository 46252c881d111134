//! Dictionaries: maps of the type `map[string]interface {}`, or `common.Values`.
//!
//! `set`, `unset` and the merging functions change the map they are given.
//!
//! Go: sprig: `dict.go`.

use std::cell::Cell;

use super::merge;
use crate::funcs::entry::{Entry, Group, func};
use crate::funcs::text::to_string;
use crate::template::func::{Args, CallContext, FuncError, FuncResult};
use crate::value::ParamType::{Any, Dict, String as Text};
use crate::value::{Entries, MAP_ENTRY, Map, MapType, Repr, Value};

pub(in crate::funcs) const GROUP: Group = Group {
    title: "Dictionaries",
    entries: FUNCTIONS,
};

const FUNCTIONS: &[Entry] = &[
    func("dict", &[Any], |_, a| Ok(dict(a.rest(0))))
        .variadic()
        .doc(
            "dict KEY VALUE...",
            "Makes a dictionary of keys and values.",
            r#"{{ dict "a" 1 "b" 2 | toJson }}"#,
            r#"{"a":1,"b":2}"#,
        ),
    func("get", &[Dict, Text], |_, a| {
        let found = a.dict(0).and_then(|dict| dict.get(a.str(1)));
        Ok(found.unwrap_or_else(|| Value::string("")))
    })
    .returning_any()
    .doc(
        "get DICT KEY",
        "Returns the value of the key, an empty text if there is none.",
        r#"{{ get (dict "a" 1) "a" }}"#,
        "1",
    ),
    func("set", &[Dict, Text, Any], |ctx, a| {
        ctx.charge(MAP_ENTRY)?;
        match a.dict(0).filter(|dict| !dict.is_nil()) {
            Some(dict) => dict.insert(a.string(1), a.any(2).clone()),
            None => return Err(FuncError::new("assignment to entry in nil map")),
        }
        Ok(this(a))
    })
    .doc(
        "set DICT KEY VALUE",
        "Stores the value in the dictionary itself and returns it.",
        r#"{{ set (dict "a" 1) "b" 2 | toJson }}"#,
        r#"{"a":1,"b":2}"#,
    ),
    func("unset", &[Dict, Text], |_, a| {
        a.dict(0).and_then(|dict| dict.remove(a.str(1)));
        Ok(this(a))
    })
    .doc(
        "unset DICT KEY",
        "Removes the key from the dictionary itself and returns it.",
        r#"{{ unset (dict "a" 1 "b" 2) "b" | toJson }}"#,
        r#"{"a":1}"#,
    ),
    func("hasKey", &[Dict, Text], |_, a| {
        Ok(a.dict(0)
            .is_some_and(|dict| dict.contains_key(a.str(1)))
            .into())
    })
    .doc(
        "hasKey DICT KEY",
        "Reports whether there is such a key.",
        r#"{{ hasKey (dict "a" nil) "a" }}"#,
        "true",
    ),
    func("pluck", &[Text, Dict], |_, a| {
        let dicts = a.rest(1).iter().filter_map(Value::as_dict);
        Ok(Value::list(
            dicts.filter_map(|dict| dict.get(a.str(0))).collect(),
        ))
    })
    .variadic()
    .doc(
        "pluck KEY DICT...",
        "Returns the values of the key in all dictionaries that have it.",
        r#"{{ pluck "a" (dict "a" 1) (dict "b" 2) (dict "a" 3) | toJson }}"#,
        "[1,3]",
    ),
    // DIFFERS(helm): there keys and values come in a random order, here in that of the keys.
    func("keys", &[Dict], |_, a| {
        let dicts = a
            .rest(0)
            .iter()
            .filter_map(Value::as_dict)
            .map(Map::snapshot);
        let keys = dicts.flat_map(|entries| entries.keys().cloned().collect::<Vec<_>>());
        Ok(Value::string_list(keys))
    })
    .variadic()
    .differs("helm returns them in a random order, here it is that of the keys.")
    .doc(
        "keys DICT...",
        "Returns the keys of all dictionaries.",
        r#"{{ keys (dict "b" 1 "a" 2) | sortAlpha | toJson }}"#,
        r#"["a","b"]"#,
    ),
    func("values", &[Dict], |_, a| {
        let entries = a.dict(0).map(Map::snapshot).unwrap_or_default();
        Ok(Value::list(entries.values().cloned().collect()))
    })
    .differs("helm returns them in a random order, here it is that of the keys.")
    .doc(
        "values DICT",
        "Returns the values of the dictionary.",
        r#"{{ values (dict "a" 1) | toJson }}"#,
        "[1]",
    ),
    func("pick", &[Dict, Text], |_, a| {
        let value = |key: &Value| {
            let key = key.as_str()?;
            Some((key.clone(), a.dict(0)?.get(key)?))
        };
        Ok(a.rest(1).iter().filter_map(value).collect::<Map>().into())
    })
    .variadic()
    .doc(
        "pick DICT KEY...",
        "Returns a new dictionary with these keys only.",
        r#"{{ pick (dict "a" 1 "b" 2) "a" | toJson }}"#,
        r#"{"a":1}"#,
    ),
    func("omit", &[Dict, Text], |_, a| {
        let entries = a.dict(0).map(Map::snapshot).unwrap_or_default();
        let mut entries = Entries::clone(&entries);
        for key in a.rest(1).iter().filter_map(Value::as_str) {
            entries.remove(key);
        }
        Ok(Map::with_entries(&MapType::ANY, entries).into())
    })
    .variadic()
    .doc(
        "omit DICT KEY...",
        "Returns a new dictionary without these keys.",
        r#"{{ omit (dict "a" 1 "b" 2) "a" | toJson }}"#,
        r#"{"b":2}"#,
    ),
    MERGE,
    MERGE.alias("mustMerge"),
    MERGE_OVERWRITE,
    MERGE_OVERWRITE.alias("mustMergeOverwrite"),
    func("dig", &[Any], |_, a| dig(a.rest(0)))
        .variadic()
        .returning_any()
        .doc(
            "dig KEY... DEFAULT DICT",
            "Returns the value at the path of keys, DEFAULT if there is none.",
            r#"{{ dig "a" "b" "none" (dict "a" (dict "b" 1)) }}"#,
            "1",
        ),
    DEEP_COPY,
    DEEP_COPY.alias("mustDeepCopy"),
];

const MERGE: Entry = func("merge", &[Dict, Dict], |ctx, a| {
    merge_into(ctx, a, merge::Rule::Fill)
})
.variadic()
.returning_any()
.differs("helm dies of a map that holds itself; here it is joined once.")
.doc(
    "merge DICT SOURCE...",
    "Adds what the dictionary lacks or has empty, from the sources in order; returns it.",
    r#"{{ merge (dict "a" 1) (dict "a" 2 "b" 3) | toJson }}"#,
    r#"{"a":1,"b":3}"#,
);

const MERGE_OVERWRITE: Entry = func("mergeOverwrite", &[Dict, Dict], |ctx, a| {
    merge_into(ctx, a, merge::Rule::Overwrite)
})
.variadic()
.returning_any()
.differs("helm dies of a map that holds itself; here it is joined once.")
.doc(
    "mergeOverwrite DICT SOURCE...",
    "Stores everything from the sources in the dictionary, the last one winning; returns it.",
    r#"{{ mergeOverwrite (dict "a" 1) (dict "a" 2 "b" 3) | toJson }}"#,
    r#"{"a":2,"b":3}"#,
);

const DEEP_COPY: Entry = func("deepCopy", &[Any], |ctx, a| match a.any(0) {
    value if value.is_nil() => Err(FuncError::new(
        "reflect: call of reflect.Value.Type on zero Value",
    )),
    value => {
        let leaves = Cell::new(0_usize);
        let copy = value.deep_copy_with(&|leaf| {
            leaves.set(leaves.get() + 1);
            let copy = leaf.as_object().and_then(|object| object.reflected_copy());
            copy.unwrap_or_else(|| leaf.clone())
        });
        ctx.charge(leaves.get().saturating_mul(MAP_ENTRY))?;
        Ok(copy)
    }
})
.returning_any()
.doc(
    "deepCopy VALUE",
    "Returns a copy that shares nothing with the value.",
    r#"{{ $a := dict "x" 1 }}{{ $b := deepCopy $a }}{{ $_ := set $b "x" 2 }}{{ $a.x }}"#,
    "1",
);

/// Returns the first argument, as the plain map that Go's function sees.
fn this(a: Args<'_>) -> Value {
    match a.dict(0) {
        Some(dict) => dict.retyped(&MapType::ANY).into(),
        None => Map::nil(&MapType::ANY).into(),
    }
}

fn dict(values: &[Value]) -> Value {
    let pair = |pair: &[Value]| {
        let key = to_string(pair.first().unwrap_or(&Value::NIL));
        let value = pair.get(1).cloned();
        (key, value.unwrap_or_else(|| Value::string("")))
    };
    values.chunks(2).map(pair).collect::<Map>().into()
}

fn merge_into(ctx: &mut dyn CallContext, a: Args<'_>, rule: merge::Rule) -> FuncResult {
    let sources: Vec<&Map> = a.rest(1).iter().filter_map(Value::as_dict).collect();
    let target = match a.dict(0).filter(|dict| !dict.is_nil()) {
        Some(dict) => dict.retyped(&MapType::ANY),
        None if sources.iter().all(|source| source.is_nil()) => return Ok(this(a)),
        // A nil dictionary is replaced by a new one.
        None => Map::new(),
    };
    for source in sources {
        let added = merge::merge(&target, source, rule)?;
        ctx.charge(added.saturating_mul(MAP_ENTRY))?;
    }
    Ok(target.into())
}

fn dig(values: &[Value]) -> FuncResult {
    let Some(([keys @ .., default], root)) = values.split_last().map(|(root, front)| (front, root))
    else {
        return Err(too_few());
    };
    if keys.is_empty() {
        return Err(too_few());
    }
    let mut current = root.clone();
    as_plain_dict(&current)?;
    for key in keys {
        if key.as_str().is_none() {
            return Err(no_conversion(key, "string"));
        }
    }
    for key in keys.iter().filter_map(Value::as_str) {
        match as_plain_dict(&current)?.get(key) {
            Some(value) => current = value,
            None => return Ok(default.clone()),
        }
    }
    Ok(current)
}

fn too_few() -> FuncError {
    FuncError::new("dig needs at least three arguments")
}

/// Go's type assertion: `common.Values` is another type.
fn as_plain_dict(value: &Value) -> Result<&Map, FuncError> {
    match &value.0 {
        Repr::Map(map) if map.ty().name == MapType::ANY.name => Ok(map),
        _ => Err(no_conversion(value, MapType::ANY.name)),
    }
}

fn no_conversion(value: &Value, wanted: &str) -> FuncError {
    let found = if value.is_nil() {
        "nil"
    } else {
        value.go_type()
    };
    FuncError::new(format!(
        "interface conversion: interface {{}} is {found}, not {wanted}"
    ))
}
