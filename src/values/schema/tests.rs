//! Schemas and values, with what helm says of them.

use super::*;
use crate::codec::yaml;
use crate::limits::Bounds;

/// Returns what is wrong with values, `""` if nothing is.
fn problems(schema: &str, values: &str) -> String {
    let values = yaml::decode_map(values.as_bytes()).expect("values are YAML");
    validate_one(
        schema.as_bytes(),
        &values,
        &References::default(),
        &Sink::new(),
    )
    .err()
    .unwrap_or_default()
}

#[test]
fn violations_print_as_a_tree() {
    let schema = r##"{
        "required": ["b", "c"],
        "properties": {
            "a": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"minimum": 5}}]},
            "x/y": {"$ref": "#/$defs/d"}
        },
        "additionalProperties": false,
        "$defs": {"d": {"minimum": 2000, "multipleOf": 0.1}}
    }"##;
    assert_eq!(
        problems(schema, "{a: [1, 5], x/y: 0.25, z: 1}"),
        "- at '': missing properties 'b', 'c'\n\
         - at '/a': 'anyOf' failed\n  \
           - at '/a': got array, want string\n  \
           - at '/a/0': minimum: got 1, want 5\n\
         - at '/x~1y': validation failed\n  \
           - at '/x~1y': minimum: got 0.25, want 2,000\n  \
           - at '/x~1y': multipleOf: got 0.25, want 0.1\n\
         - at '': additional properties 'z' not allowed\n"
    );
    assert_eq!(
        problems(schema, "{a: x, b: 1, c: 1}"),
        "- at '': additional properties 'b', 'c' not allowed\n"
    );
}

#[test]
fn schemas_are_checked_themselves() {
    let newest = "https://json-schema.org/draft/2020-12/schema#";
    assert_eq!(
        problems(r#"{"properties": {"a": {"type": 5}}}"#, ""),
        format!(
            "\"file:///values.schema.json#\" is not valid against metaschema: \
             jsonschema validation failed with '{newest}'\n\
             - at '': 'allOf' failed\n  \
               - at '/properties/a': 'allOf' failed\n    \
                 - at '/properties/a/type': 'anyOf' failed\n      \
                   - at '/properties/a/type': value must be one of 'array', 'boolean', \
             'integer', 'null', 'number', 'object', 'string'\n      \
                   - at '/properties/a/type': got number, want array"
        )
    );
    for draft in ["draft-04", "draft-06", "draft-07"] {
        let schema =
            format!(r#"{{"$schema": "http://json-schema.org/{draft}/schema#", "minLength": -1}}"#);
        let report = problems(&schema, "");
        assert!(report.ends_with("'allOf' failed\n  - at '/minLength': minimum: got -1, want 0"));
    }
}

#[test]
fn the_schemas_of_the_drafts_are_valid_by_themselves() {
    for draft in [
        draft::Draft::V4,
        draft::Draft::V6,
        draft::Draft::V7,
        draft::Draft::V2019,
        draft::Draft::V2020,
    ] {
        let text = metaschema::text(draft.url()).expect("every draft has a schema");
        let document = Document::parse(text.as_bytes()).expect("it is JSON");
        let (schemas, index) = compile::compile_draft(draft, &Sink::new()).expect("it compiles");
        let result = run::validate(&schemas, index, &document.root().to_value());
        assert!(
            result.is_ok(),
            "{draft:?}: {}",
            result.err().map(|e| e.to_string()).unwrap_or_default()
        );
    }
}

#[test]
fn references_lead_somewhere() {
    let anchor = r##"{"$defs": {"f": {"$anchor": "foo", "type": "string"}}, "properties": {"a": {"$ref": "#foo"}}}"##;
    assert_eq!(
        problems(anchor, "a: 1"),
        "- at '/a': got number, want string\n"
    );
    // Where no value is, too.
    let nowhere = r##"{"properties": {"b": {"$dynamicRef": "#foo"}}}"##;
    assert_eq!(
        problems(nowhere, "a: 1"),
        "anchor in \"file:///values.schema.json#foo\" not found in schema \"file:///values.schema.json\""
    );
    let id = r#"{"$defs": {"f": {"$id": "x.json", "type": "string"}}, "properties": {"a": {"$ref": "x.json"}}}"#;
    assert_eq!(problems(id, "a: 1"), "- at '/a': got number, want string\n");
    assert_eq!(
        problems(r##"{"$ref": "#/nope"}"##, ""),
        "json-pointer in \"file:///values.schema.json#/nope\" not found"
    );
    assert_eq!(
        problems(r##"{"$ref": "#"}"##, ""),
        "- at '': both /$ref and  resolve to \"file:///values.schema.json#\" causing reference cycle\n"
    );
    assert_eq!(
        problems(r#"{"$ref": "ftp://x/y"}"#, ""),
        "failing loading \"ftp://x/y\": no URLLoader registered for \"ftp://x/y\""
    );
}

#[test]
fn an_unknown_urn_allows_everything() {
    let sink = Sink::new();
    let references = References::default();
    let result = validate_one(br#"{"$ref": "urn:x:y"}"#, &Map::new(), &references, &sink);
    assert_eq!(result, Ok(()));
    assert_eq!(
        sink.take()[0].line(),
        "level=WARN msg=\"unresolved URN reference ignored; using permissive schema\" urn=urn:x:y"
    );
}

#[test]
fn recursion_through_values_ends() {
    let schema = r##"{"properties": {"a": {"$ref": "#"}}, "additionalProperties": false}"##;
    assert_eq!(problems(schema, "a: {a: {a: {}}}"), "");
    assert_eq!(
        problems(schema, "a: {a: {b: 1}}"),
        "- at '/a/a': additional properties 'b' not allowed\n"
    );
}

#[test]
fn places_of_bad_names_are_stale_as_in_the_library() {
    let schema = r#"{"properties": {"a": {"items": {"propertyNames": {"maxLength": 1}}}}}"#;
    assert_eq!(
        problems(schema, "a: [{bc: 1}, 2]"),
        "- at '/a/1': invalid propertyName 'bc'\n  - at '': maxLength: got 2, want 1\n"
    );
}

/// What is wrong with `{}` under a schema that may reach so far.
fn reached(schema: &str, references: &References) -> String {
    let values = Map::new();
    validate_one(schema.as_bytes(), &values, references, &Sink::new())
        .err()
        .unwrap_or_default()
}

#[test]
fn references_stay_within_the_chart() {
    let canary = std::env::temp_dir().join(format!("verta-schema-{}.json", std::process::id()));
    std::fs::write(&canary, r#"{"const": "canary"}"#).unwrap();
    let path = canary.to_str().unwrap();
    for reference in [
        format!("file://{path}"),
        format!("FILE://{path}#"),
        format!("file:{path}"),
        format!("file://localhost{path}"),
        path.to_owned(),
        format!("../../..{path}"),
        format!("a/b/../..{path}"),
        format!("file://{}", path.replace('v', "%76")),
    ] {
        for keyword in ["$ref", "$dynamicRef", "$schema"] {
            if keyword == "$schema" && !reference.starts_with("file:/") {
                continue;
            }
            let schema = format!(r#"{{"{keyword}": "{reference}"}}"#);
            let sealed = || {
                let told = reached(&schema, &References::Anywhere(None));
                assert_eq!(told, reached(&schema, &References::Inside));
                told
            };
            for told in [
                reached(&schema, &References::Inside),
                Bounds::untrusted().within(sealed),
            ] {
                assert!(told.contains("outside the chart"), "{schema}: {told}");
                assert!(!told.contains("canary\""), "{schema}: {told}");
            }
            let told = reached(&schema, &References::Anywhere(None));
            let wanted = match keyword {
                "$schema" => "",
                _ => "- at '': value must be 'canary'\n",
            };
            assert_eq!(told, wanted, "{schema}");
        }
    }
    std::fs::remove_file(&canary).unwrap();
    let gone = format!(r#"{{"$ref": "file://{path}"}}"#);
    assert_eq!(
        reached(&gone, &References::Inside),
        format!("failing loading \"file://{path}\": open {path}: no such file or directory")
    );
    let told = Bounds::untrusted().within(|| reached(&gone, &References::Inside));
    assert!(told.contains("outside the chart"), "{told}");
    assert!(
        reached(r#"{"$ref": "http://127.0.0.1:9/x"}"#, &References::Inside)
            .contains("refers to another host, which is not asked")
    );
}

#[test]
fn endless_documents_are_not_begun() {
    if cfg!(not(unix)) {
        return;
    }
    let open = References::Anywhere(None);
    let told = reached(r#"{"$ref": "file:///dev/zero"}"#, &open);
    assert!(
        told.contains("open /dev/zero: not a regular file"),
        "{told}"
    );
}

/// A web of documents, each of which refers to the next.
struct Endless;

impl Fetch for Endless {
    fn fetch(&self, url: &str) -> Result<Vec<u8>, String> {
        let number: usize = url.rsplit('/').next().unwrap().parse().unwrap();
        Ok(format!(
            r#"{{"$schema": "http://x/{0}", "$ref": "http://x/{0}"}}"#,
            number + 1
        )
        .into())
    }
}

#[test]
fn chains_of_documents_end() {
    let open = References::Anywhere(Some(std::sync::Arc::new(Endless)));
    for keyword in ["$ref", "$schema"] {
        let told = reached(&format!(r#"{{"{keyword}": "http://x/1"}}"#), &open);
        assert!(told.contains("more than 100 documents"), "{told}");
    }
}
