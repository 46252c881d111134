//! The drafts of JSON Schema: their addresses and their keywords.

use super::members::Members;

use super::json::{Json, View};

/// A draft, oldest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Draft {
    V4,
    V6,
    V7,
    V2019,
    V2020,
}

impl Draft {
    /// The draft of a schema that names none.
    pub(super) const LATEST: Draft = Draft::V2020;

    /// Returns the draft with that address, whatever its scheme and fragment.
    pub(super) fn from_url(url: &str) -> Option<Draft> {
        let url = url.split('#').next().unwrap_or_default();
        let url = url
            .strip_prefix("http://")
            .or_else(|| url.strip_prefix("https://"))?;
        match url.strip_prefix("json-schema.org/")? {
            "schema" => Some(Draft::LATEST),
            "draft/2020-12/schema" => Some(Draft::V2020),
            "draft/2019-09/schema" => Some(Draft::V2019),
            "draft-07/schema" => Some(Draft::V7),
            "draft-06/schema" => Some(Draft::V6),
            "draft-04/schema" => Some(Draft::V4),
            _ => None,
        }
    }

    /// Returns the address of the draft's own schema.
    pub(super) fn url(self) -> &'static str {
        match self {
            Draft::V4 => "http://json-schema.org/draft-04/schema",
            Draft::V6 => "http://json-schema.org/draft-06/schema",
            Draft::V7 => "http://json-schema.org/draft-07/schema",
            Draft::V2019 => "https://json-schema.org/draft/2019-09/schema",
            Draft::V2020 => "https://json-schema.org/draft/2020-12/schema",
        }
    }

    /// Returns the `$id` (in draft 4, `id`) of a schema, without its fragment.
    pub(super) fn id<'m>(self, schema: Members<'m>) -> Option<&'m str> {
        // In old drafts a reference makes everything beside it void.
        if self < Draft::V2019 && schema.contains_key("$ref") {
            return None;
        }
        let name = if self == Draft::V4 { "id" } else { "$id" };
        let id = schema.get(name)?.as_str()?.split('#').next()?;
        (!id.is_empty()).then_some(id)
    }

    /// Returns what a keyword holds, if the draft knows it.
    pub(super) fn keyword(self, name: &str) -> Option<Holds> {
        let mut place = place_of(name.as_bytes());
        let (first, last, holds) = loop {
            // An empty place leads nowhere.
            let (known, first, last, holds) = *KEYWORDS.get(usize::from(PLACES[place]))?;
            if known == name {
                break (first, last, holds);
            }
            place = (place + 1) % PLACES.len();
        };
        (first <= self && self <= last).then_some(holds)
    }
}

/// What a keyword of a schema holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Holds {
    /// A schema.
    Schema,
    /// A schema, or a flag also in draft 4.
    SchemaOrFlag,
    /// One schema or a list of them.
    SchemaOrSchemas,
    /// A list of at least one schema.
    Schemas,
    /// Schemas by name.
    SchemaMap,
    /// Schemas or lists of texts, by name.
    Dependencies,
    /// Lists of different texts, by name.
    TextsMap,
    Text,
    /// An address, whole or relative.
    Reference,
    /// A name that others refer to.
    Anchor,
    Flag,
    Number,
    /// A number above 0.
    Positive,
    /// A whole number not below 0.
    Count,
    /// A flag in draft 4, a number since.
    Limit,
    /// Different texts, at least one in draft 4.
    Required,
    /// A type, or a list of at least one.
    Types,
    /// A list, not empty and without repetition before 2019.
    Enum,
    List,
    Anything,
}

/// Where the search for a keyword begins (FNV-1a).
const fn place_of(name: &[u8]) -> usize {
    let mut hash: u32 = 0x811c_9dc5;
    let mut i = 0;
    while i < name.len() {
        hash = (hash ^ name[i] as u32).wrapping_mul(0x0100_0193);
        i += 1;
    }
    (hash ^ (hash >> 16)) as usize % 256
}

/// The places of the keywords in [`KEYWORDS`] by [`place_of`], or the next free one: a schema asks for one with each
/// of its members, several times.
static PLACES: [u8; 256] = {
    let mut places = [u8::MAX; 256];
    let mut at = 0;
    while at < KEYWORDS.len() {
        let mut place = place_of(KEYWORDS[at].0.as_bytes());
        while places[place] != u8::MAX {
            place = (place + 1) % places.len();
        }
        places[place] = at as u8;
        at += 1;
    }
    places
};

/// The keywords by name, the drafts that know them, and what they hold. Keywords
/// that later drafts dropped stay known as far as their schemas name them.
const KEYWORDS: &[(&str, Draft, Draft, Holds)] = &[
    ("$anchor", Draft::V2019, Draft::V2020, Holds::Anchor),
    ("$comment", Draft::V7, Draft::V2020, Holds::Text),
    ("$defs", Draft::V2019, Draft::V2020, Holds::SchemaMap),
    ("$dynamicAnchor", Draft::V2020, Draft::V2020, Holds::Anchor),
    ("$dynamicRef", Draft::V2020, Draft::V2020, Holds::Reference),
    ("$id", Draft::V6, Draft::V2020, Holds::Reference),
    ("$recursiveAnchor", Draft::V2019, Draft::V2019, Holds::Flag),
    (
        "$recursiveRef",
        Draft::V2019,
        Draft::V2019,
        Holds::Reference,
    ),
    ("$ref", Draft::V4, Draft::V2020, Holds::Reference),
    (
        "additionalItems",
        Draft::V4,
        Draft::V2019,
        Holds::SchemaOrFlag,
    ),
    (
        "additionalProperties",
        Draft::V4,
        Draft::V2020,
        Holds::SchemaOrFlag,
    ),
    ("allOf", Draft::V4, Draft::V2020, Holds::Schemas),
    ("anyOf", Draft::V4, Draft::V2020, Holds::Schemas),
    ("const", Draft::V6, Draft::V2020, Holds::Anything),
    ("contains", Draft::V6, Draft::V2020, Holds::Schema),
    ("contentEncoding", Draft::V7, Draft::V2020, Holds::Text),
    ("contentMediaType", Draft::V7, Draft::V2020, Holds::Text),
    ("contentSchema", Draft::V2019, Draft::V2020, Holds::Schema),
    ("default", Draft::V4, Draft::V2020, Holds::Anything),
    ("definitions", Draft::V4, Draft::V2020, Holds::SchemaMap),
    ("dependencies", Draft::V4, Draft::V2020, Holds::Dependencies),
    (
        "dependentRequired",
        Draft::V2019,
        Draft::V2020,
        Holds::TextsMap,
    ),
    (
        "dependentSchemas",
        Draft::V2019,
        Draft::V2020,
        Holds::SchemaMap,
    ),
    ("deprecated", Draft::V2019, Draft::V2020, Holds::Flag),
    ("description", Draft::V4, Draft::V2020, Holds::Text),
    ("else", Draft::V7, Draft::V2020, Holds::Schema),
    ("enum", Draft::V4, Draft::V2020, Holds::Enum),
    ("examples", Draft::V6, Draft::V2020, Holds::List),
    ("exclusiveMaximum", Draft::V4, Draft::V2020, Holds::Limit),
    ("exclusiveMinimum", Draft::V4, Draft::V2020, Holds::Limit),
    ("format", Draft::V4, Draft::V2020, Holds::Text),
    ("id", Draft::V4, Draft::V4, Holds::Reference),
    ("if", Draft::V7, Draft::V2020, Holds::Schema),
    ("items", Draft::V4, Draft::V2020, Holds::SchemaOrSchemas),
    ("maxContains", Draft::V2019, Draft::V2020, Holds::Count),
    ("maxItems", Draft::V4, Draft::V2020, Holds::Count),
    ("maxLength", Draft::V4, Draft::V2020, Holds::Count),
    ("maxProperties", Draft::V4, Draft::V2020, Holds::Count),
    ("maximum", Draft::V4, Draft::V2020, Holds::Number),
    ("minContains", Draft::V2019, Draft::V2020, Holds::Count),
    ("minItems", Draft::V4, Draft::V2020, Holds::Count),
    ("minLength", Draft::V4, Draft::V2020, Holds::Count),
    ("minProperties", Draft::V4, Draft::V2020, Holds::Count),
    ("minimum", Draft::V4, Draft::V2020, Holds::Number),
    ("multipleOf", Draft::V4, Draft::V2020, Holds::Positive),
    ("not", Draft::V4, Draft::V2020, Holds::Schema),
    ("oneOf", Draft::V4, Draft::V2020, Holds::Schemas),
    ("pattern", Draft::V4, Draft::V2020, Holds::Text),
    (
        "patternProperties",
        Draft::V4,
        Draft::V2020,
        Holds::SchemaMap,
    ),
    ("prefixItems", Draft::V2020, Draft::V2020, Holds::Schemas),
    ("properties", Draft::V4, Draft::V2020, Holds::SchemaMap),
    ("propertyNames", Draft::V6, Draft::V2020, Holds::Schema),
    ("readOnly", Draft::V7, Draft::V2020, Holds::Flag),
    ("required", Draft::V4, Draft::V2020, Holds::Required),
    ("then", Draft::V7, Draft::V2020, Holds::Schema),
    ("title", Draft::V4, Draft::V2020, Holds::Text),
    ("type", Draft::V4, Draft::V2020, Holds::Types),
    (
        "unevaluatedItems",
        Draft::V2019,
        Draft::V2020,
        Holds::Schema,
    ),
    (
        "unevaluatedProperties",
        Draft::V2019,
        Draft::V2020,
        Holds::Schema,
    ),
    ("uniqueItems", Draft::V4, Draft::V2020, Holds::Flag),
    ("writeOnly", Draft::V7, Draft::V2020, Holds::Flag),
];

/// Calls `visit` for every schema that lies directly in this one, with the way there.
pub(super) fn for_each_subschema<'j, E>(
    draft: Draft,
    schema: Members<'j>,
    mut visit: impl FnMut(&[&str], Json<'j>) -> Result<(), E>,
) -> Result<(), E> {
    for (name, value) in schema {
        match (draft.keyword(name), value.kind()) {
            (Some(Holds::SchemaMap | Holds::Dependencies), View::Object(members)) => {
                for (key, member) in members {
                    visit(&[name, key], member)?;
                }
            }
            (Some(Holds::Schemas | Holds::SchemaOrSchemas), View::Array(items)) => {
                for (i, item) in items.enumerate() {
                    visit(&[name, &i.to_string()], item)?;
                }
            }
            (Some(Holds::Schema | Holds::SchemaOrFlag | Holds::SchemaOrSchemas), _) => {
                visit(&[name], value)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Reports whether keywords lead to a schema at the pointer.
pub(super) fn is_schema_place(draft: Draft, document: Json<'_>, pointer: &str) -> bool {
    let mut schema = document;
    let mut parts = pointer.split('/').skip(1);
    while let Some(name) = parts.next() {
        let holds = draft.keyword(name);
        let value = schema.as_object().and_then(|members| members.get(name));
        let next = match (holds, value.map(Json::kind)) {
            (Some(Holds::SchemaMap | Holds::Dependencies), Some(View::Object(members))) => parts
                .next()
                .and_then(|key| members.get(&key.replace("~1", "/").replace("~0", "~"))),
            (Some(Holds::Schemas | Holds::SchemaOrSchemas), Some(View::Array(items))) => {
                let index = parts.next().and_then(|index| index.parse().ok());
                index.and_then(|index: usize| items.get(index))
            }
            (Some(Holds::Schema | Holds::SchemaOrFlag | Holds::SchemaOrSchemas), _) => value,
            _ => None,
        };
        match next {
            Some(next) => schema = next,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_sorted_for_the_search() {
        assert!(KEYWORDS.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn drafts_are_known_by_their_address() {
        assert_eq!(
            Draft::from_url("http://json-schema.org/draft-07/schema#"),
            Some(Draft::V7)
        );
        assert_eq!(
            Draft::from_url("https://json-schema.org/draft-04/schema"),
            Some(Draft::V4)
        );
        assert_eq!(
            Draft::from_url("http://json-schema.org/schema#"),
            Some(Draft::V2020)
        );
        assert_eq!(
            Draft::from_url("http://json-schema.org/draft-03/schema#"),
            None
        );
    }
}
