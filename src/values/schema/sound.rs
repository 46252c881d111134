//! A quick look at a schema: is it surely right in itself?
//!
//! helm checks every schema against the schema of its draft. This tells in one walk
//! that the check would pass; where it cannot tell, the check is made, and says what
//! is wrong.

use super::members::Members;

use super::draft::{Draft, Holds};
use super::json::{Json, View};

/// How many texts are compared with each other.
const MANY: usize = 64;

/// What was met in a schema on the way.
#[derive(Default)]
pub(super) struct Findings<'j> {
    /// Something has a name or an address of its own.
    pub(super) has_names: bool,
    /// The regular expressions, which are not looked into.
    pub(super) patterns: Vec<&'j str>,
    /// The texts of `$ref`.
    pub(super) references: Vec<&'j str>,
}

/// Reports whether a schema is surely valid.
pub(super) fn is_sound<'j>(
    schema: Json<'j>,
    draft: Draft,
    is_root: bool,
    findings: &mut Findings<'j>,
) -> bool {
    match schema.kind() {
        View::Object(mut all) => {
            let members = all;
            all.all(|(name, value)| {
                let Some(holds) = draft.keyword(name) else {
                    return match name {
                        "$schema" => {
                            is_root && value.as_str().and_then(Draft::from_url) == Some(draft)
                        }
                        name => name != "$vocabulary",
                    };
                };
                match name {
                    "$id" | "id" => {
                        findings.has_names = true;
                        // The form of a name is left to the draft's schema.
                        return value.as_str().is_some_and(|id| {
                            !id.trim_end_matches('#').contains('#') && is_plain_reference(id)
                        });
                    }
                    "$anchor" | "$dynamicAnchor" => findings.has_names = true,
                    "pattern" => findings.patterns.extend(value.as_str()),
                    "patternProperties" => {
                        let members = value.as_object().into_iter().flatten();
                        findings
                            .patterns
                            .extend(members.map(|(pattern, _)| pattern));
                    }
                    // It may be one that leads nowhere, which is wrong wherever it stands.
                    "$dynamicRef" | "$recursiveRef" => findings.has_names = true,
                    "$ref" => findings.references.extend(value.as_str()),
                    _ => {}
                }
                // In draft 4 a limit can only be exclusive where there is one.
                fits(value, holds, draft, findings)
                    && (draft != Draft::V4 || has_limit(members, name))
            })
        }
        View::Bool(_) => draft >= Draft::V6,
        _ => false,
    }
}

fn has_limit(members: Members<'_>, name: &str) -> bool {
    match name {
        "exclusiveMinimum" => members.contains_key("minimum"),
        "exclusiveMaximum" => members.contains_key("maximum"),
        _ => true,
    }
}

fn fits<'j>(value: Json<'j>, holds: Holds, draft: Draft, findings: &mut Findings<'j>) -> bool {
    let mut schema = |value| is_sound(value, draft, false, findings);
    let mut items = value.as_array().unwrap_or_default();
    let members = value.as_object();
    match holds {
        Holds::Schema => schema(value),
        Holds::SchemaOrFlag => value.as_bool().is_some() || schema(value),
        Holds::SchemaOrSchemas if draft >= Draft::V2020 || items.is_empty() => schema(value),
        Holds::SchemaOrSchemas | Holds::Schemas => !items.is_empty() && items.all(schema),
        Holds::SchemaMap => members.is_some_and(|members| members.values().all(schema)),
        Holds::Dependencies => members.is_some_and(|members| {
            let min = usize::from(draft == Draft::V4);
            members
                .values()
                .all(|value| schema(value) || are_different_texts(value, min))
        }),
        Holds::TextsMap => members
            .is_some_and(|members| members.values().all(|value| are_different_texts(value, 0))),
        Holds::Text => value.as_str().is_some(),
        Holds::Reference => value.as_str().is_some_and(is_plain_reference),
        Holds::Anchor => value.as_str().is_some_and(|text| {
            text.starts_with(|c: char| c.is_ascii_alphabetic())
                && text
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        }),
        Holds::Flag => value.as_bool().is_some(),
        Holds::Number => value.as_number().is_some(),
        Holds::Positive => value.as_number().is_some_and(|n| n.value > 0.0),
        Holds::Count => value
            .as_number()
            .is_some_and(|n| n.value >= 0.0 && n.value.fract() == 0.0),
        Holds::Limit if draft == Draft::V4 => value.as_bool().is_some(),
        Holds::Limit => value.as_number().is_some(),
        Holds::Required => are_different_texts(value, usize::from(draft == Draft::V4)),
        Holds::Types => match value.kind() {
            View::String(name) => is_type(name),
            _ => {
                are_different_texts(value, 1)
                    && value
                        .as_array()
                        .unwrap_or_default()
                        .all(|name| name.as_str().is_some_and(is_type))
            }
        },
        Holds::Enum => match value.kind() {
            // Repetitions are looked for only where they are forbidden.
            View::Array(items) => {
                draft >= Draft::V2019
                    || !items.is_empty() && (items.len() == 1 || are_different_texts(value, 1))
            }
            _ => false,
        },
        Holds::List => value.as_array().is_some(),
        Holds::Anything => true,
    }
}

fn are_different_texts(value: Json<'_>, min: usize) -> bool {
    let Some(items) = value.as_array() else {
        return false;
    };
    let is_new = |(i, item): (usize, Json<'_>)| {
        let mut earlier = items.take(i);
        item.as_str()
            .is_some_and(|text| earlier.all(|other| other.as_str() != Some(text)))
    };
    // Comparing all with all is quick for the few there are; for more the draft's schema is asked.
    (min..=MANY).contains(&items.len()) && items.enumerate().all(is_new)
}

fn is_type(name: &str) -> bool {
    matches!(
        name,
        "array" | "boolean" | "integer" | "null" | "number" | "object" | "string"
    )
}

/// Reports whether an address has nothing in it that could be wrong.
fn is_plain_reference(text: &str) -> bool {
    let inner = text.strip_suffix('#').unwrap_or(text);
    let (path, fragment) = inner.split_once('#').unwrap_or((inner, ""));
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/._-$~".contains(&b);
    let path = path
        .strip_prefix("https://")
        .or_else(|| path.strip_prefix("http://"))
        .or_else(|| path.strip_prefix("file://"))
        .unwrap_or(path);
    path.bytes().all(plain) && fragment.bytes().all(plain) && !text.ends_with("##")
}
