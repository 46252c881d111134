//! Charts of which two parts multiply: each is of ordinary size, and all of one is looked at for each piece of the other.

use super::attacks::{Attack, Expected, chart};
use std::fmt::Write as _;

/// How many pieces there are of each part.
const MANY: usize = 12_000;

fn joined(piece: impl Fn(usize) -> String) -> String {
    (0..MANY).map(piece).collect::<Vec<_>>().join(", ")
}

/// A schema, and values of one member `l`, which `l` applies to.
fn schema(name: &'static str, l: &str, definitions: &str, values: &str) -> Attack {
    let schema = format!("{{\"$defs\": {{{definitions}}}, \"properties\": {{\"l\": {l}}}}}");
    let mut attack = chart(name, Expected::MuchWork);
    attack.files.extend([
        ("c/values.schema.json".to_owned(), schema.into()),
        ("c/values.yaml".to_owned(), format!("l: {values}\n").into()),
    ]);
    attack.arguments.extend(["--limit-time", "2s"]);
    attack
}

/// Each piece of `allOf` is the same.
fn all_of(part: &str) -> String {
    format!("{{\"allOf\": [{}]}}", joined(|_| part.to_owned()))
}

/// What applies to each item.
fn items(part: &str) -> String {
    format!("{{\"items\": {{{part}}}}}")
}

pub(super) fn all() -> Vec<Attack> {
    let text = "é".repeat(30 * MANY);
    let list = format!("[{}]", joined(|i| i.to_string()));
    let objects = format!("[{}]", joined(|_| "{a: 1}".to_owned()));
    let names = joined(|i| format!("\"x{i}\""));
    let members = |member: fn(usize) -> String| format!("{{{}}}", joined(member));
    let is_that = format!("\"d\": {{\"const\": \"{text}\"}}");
    let referred = "{\"$ref\": \"#/$defs/d\"}";
    let mut attacks = vec![
        schema("lengths", &all_of("{\"minLength\": 1}"), "", &text),
        schema("formats", &all_of("{\"format\": \"ipv4\"}"), "", &text),
        schema("patterns", &all_of("{\"pattern\": \"b$\"}"), "", &text),
        schema("constants", &all_of(referred), &is_that, &text),
        schema(
            "other constants",
            &all_of(referred),
            &is_that,
            &format!("{text}b"),
        ),
        schema(
            "lists with no item twice",
            &all_of("{\"uniqueItems\": true}"),
            "",
            &list,
        ),
        schema(
            "values that are one of many",
            &items(&format!("\"enum\": [{names}]")),
            "",
            &format!("[{}]", joined(|_| "y".to_owned())),
        ),
        schema(
            "objects that must have many members",
            &items(&format!("\"required\": [{names}]")),
            "",
            &objects,
        ),
        schema(
            "members that need many others",
            &items(&format!("\"dependentRequired\": {{\"a\": [{names}]}}")),
            "",
            &objects,
        ),
        schema(
            "names of members by patterns",
            &format!(
                "{{\"patternProperties\": {}}}",
                members(|i| format!("\"^k{i}x\": {{}}"))
            ),
            "",
            &members(|i| format!("k{i}: 1")),
        ),
        schema(
            "members that nobody has looked at",
            &format!(
                "{{\"allOf\": [{}], \"unevaluatedProperties\": false}}",
                joined(|i| format!("{{\"properties\": {{\"k{i}\": {{}}}}}}"))
            ),
            "",
            &members(|i| format!("k{i}: 1")),
        ),
    ];
    let mut imports = "dependencies:\n- name: d\n  version: 1.x\n  import-values:\n".to_owned();
    let mut exports = "exports:\n".to_owned();
    for i in 0..5 * MANY {
        let _ = writeln!(imports, "  - x{i}");
        let _ = writeln!(exports, "  x{i}: {{k{i}: 1}}");
    }
    // What lint did not come to is no chart without faults.
    let failed = Expected::Error("1 chart(s) linted, 1 chart(s) failed");
    for (command, expected) in [("template", Expected::MuchWork), ("lint", failed)] {
        let mut attack = chart("values that are imported", expected);
        attack.files[0].1.extend_from_slice(imports.as_bytes());
        attack.files.extend([
            (
                "c/charts/d/Chart.yaml".to_owned(),
                "apiVersion: v2\nname: d\nversion: 1.0.0\n".into(),
            ),
            (
                "c/charts/d/values.yaml".to_owned(),
                exports.clone().into_bytes(),
            ),
            ("c/templates/a.yaml".to_owned(), "a: 1\n".into()),
        ]);
        attack.arguments = vec![command, "c", "--limit-time", "2s"];
        attacks.push(attack);
    }
    let handles: String = (0..10 * MANY)
        .map(|i| format!("%TAG !e{i}! tag:x,2000:\n"))
        .collect();
    // What stands before the mark is a text of its own, as in helm.
    let mut attack = chart(
        "handles of tags",
        Expected::Error("did not find expected <document start>"),
    );
    let values = format!("{handles}---\na: 1\n");
    attack
        .files
        .push(("c/values.yaml".to_owned(), values.into()));
    attacks.push(attack);
    attacks
}
