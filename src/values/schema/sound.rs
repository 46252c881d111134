//! A quick look at a schema: is it surely right in itself?
//!
//! helm checks every schema against the schema of its draft. This tells in one walk
//! that the check would pass; where it cannot tell, the check is made, and says what
//! is wrong.

use super::members::Members;

use super::draft::{Draft, Holds};
use super::json::Json;

/// Reports whether a schema is surely valid, and in `has_names` whether something in
/// it has a name or an address of its own. Patterns are not looked into.
pub(super) fn is_sound(schema: &Json, draft: Draft, is_root: bool, has_names: &mut bool) -> bool {
    match schema {
        Json::Object(members) => members.iter().all(|(name, value)| {
            match name.as_str() {
                "$schema" => is_root && value.as_str().and_then(Draft::from_url) == Some(draft),
                "$vocabulary" => false,
                "$id" | "id" | "$anchor" | "$dynamicAnchor" if draft.keyword(name).is_some() => {
                    *has_names = true;
                    // The form of a name is left to the draft's schema.
                    match name.as_str() {
                        "$id" | "id" => value.as_str().is_some_and(|id| {
                            !id.trim_end_matches('#').contains('#') && is_plain_reference(id)
                        }),
                        _ => fits(value, Holds::Anchor, draft, has_names),
                    }
                }
                _ => draft.keyword(name).is_none_or(|holds| {
                    let fits = fits(value, holds, draft, has_names);
                    // In draft 4 a limit can only be exclusive where there is one.
                    fits && (draft != Draft::V4 || has_limit(members, name))
                }),
            }
        }),
        Json::Bool(_) => draft >= Draft::V6,
        _ => false,
    }
}

fn has_limit(members: &Members, name: &str) -> bool {
    match name {
        "exclusiveMinimum" => members.contains_key("minimum"),
        "exclusiveMaximum" => members.contains_key("maximum"),
        _ => true,
    }
}

fn fits(value: &Json, holds: Holds, draft: Draft, has_names: &mut bool) -> bool {
    let mut schema = |value: &Json| is_sound(value, draft, false, has_names);
    let items = value.as_array().unwrap_or_default();
    let members = value.as_object();
    match holds {
        Holds::Schema => schema(value),
        Holds::SchemaOrFlag => value.as_bool().is_some() || schema(value),
        Holds::SchemaOrSchemas if draft >= Draft::V2020 || items.is_empty() => schema(value),
        Holds::SchemaOrSchemas | Holds::Schemas => !items.is_empty() && items.iter().all(schema),
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
        Holds::Types => match value {
            Json::String(name) => is_type(name),
            _ => {
                are_different_texts(value, 1)
                    && value
                        .as_array()
                        .unwrap_or_default()
                        .iter()
                        .all(|name| name.as_str().is_some_and(is_type))
            }
        },
        Holds::Enum => match value {
            // Repetitions are looked for only where they are forbidden.
            Json::Array(items) => {
                draft >= Draft::V2019
                    || !items.is_empty() && (items.len() == 1 || are_different_texts(value, 1))
            }
            _ => false,
        },
        Holds::List => value.as_array().is_some(),
        Holds::Anything => true,
    }
}

fn are_different_texts(value: &Json, min: usize) -> bool {
    let Some(items) = value.as_array() else {
        return false;
    };
    let texts: Option<std::collections::BTreeSet<&str>> = items.iter().map(Json::as_str).collect();
    items.len() >= min && texts.is_some_and(|texts| texts.len() == items.len())
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
