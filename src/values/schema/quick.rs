//! A quick look at schema and values: do they plainly fit?
//!
//! Nearly all renders meet a schema that is right and values that suit it. This walks the JSON of the schema
//! along the values and compiles nothing. Where the outcome is not plain (a rare keyword, an address, a
//! violation) it does not say so, and the long way is gone, which has the words for what is wrong.
//!
//! Go: santhosh-tekuri/jsonschema v6, as far as it accepts.

use std::cell::Cell;
use std::rc::Rc;

use super::cost;
use super::draft::{Draft, is_schema_place};
use super::format;
use super::json::{Json, View};
use super::members::Members;
use super::number;
use super::run::{duplicates, type_name};
use super::sound::{Findings, is_sound};
use crate::gostd::regexp::Regexp;
use crate::gostd::unicode;
use crate::limits;
use crate::value::{Entries, Value};

/// How many schemas may be applied within each other.
const MAX_DEPTH: usize = 100;

/// Reports whether the schema can surely be compiled and the value surely meets it.
pub(super) fn surely_fits(document: Json<'_>, value: &Value) -> bool {
    let draft = match document.as_object().map(|members| members.get("$schema")) {
        None => return false,
        Some(None) => Draft::LATEST,
        Some(Some(name)) => match name.as_str().and_then(Draft::from_url) {
            Some(draft) => draft,
            None => return false,
        },
    };
    let mut findings = Findings::default();
    let mut quick = Quick {
        document,
        draft,
        targets: Vec::new(),
        patterns: Vec::new(),
        left: Cell::new(WORK),
    };
    is_sound(document, draft, true, &mut findings)
        && !findings.has_names
        && quick.compile(findings.patterns)
        && quick.resolve(findings.references)
        && quick.fits(document, value, 0) == Some(true)
}

/// How much is looked at, what is referred to again each time: references can double at every level.
const WORK: u64 = 5_000_000 * cost::SCHEMA;

/// After so much the clock is looked at, too.
const LOOK: u64 = 10_000 * cost::SCHEMA;

struct Quick<'j> {
    document: Json<'j>,
    draft: Draft,
    /// The references in the order of their texts, and what they lead to.
    targets: Vec<(&'j str, Json<'j>)>,
    /// The regular expressions in the order of their texts.
    patterns: Vec<(&'j str, Rc<Regexp>)>,
    /// How much work may still be done.
    left: Cell<u64>,
}

/// Says whether something holds; `None` where that is not plain.
type Answer = Option<bool>;

/// One schema and the value it is applied to.
struct Place<'p> {
    schema: Members<'p>,
    value: &'p Value,
    /// The members of the value if it is an object.
    map: Option<&'p Entries>,
    /// How many schemas are around, with this one.
    depth: usize,
}

impl<'j> Quick<'j> {
    /// Looks up all references; false if one leads nowhere.
    fn resolve(&mut self, mut references: Vec<&'j str>) -> bool {
        references.sort_unstable();
        references.dedup();
        let lookup = |text: &'j str| Some((text, self.lookup(text)?));
        let targets: Option<_> = references.into_iter().map(lookup).collect();
        let Some(targets) = targets else {
            return false;
        };
        self.targets = targets;
        true
    }

    /// Reads all regular expressions; false if one is none.
    fn compile(&mut self, mut patterns: Vec<&'j str>) -> bool {
        patterns.sort_unstable();
        patterns.dedup();
        let compile = |text: &'j str| {
            self.take(cost::PATTERN * 16)?;
            Some((text, Regexp::cached(text.as_bytes()).ok()?))
        };
        let compiled: Option<_> = patterns.into_iter().map(compile).collect();
        let Some(compiled) = compiled else {
            return false;
        };
        self.patterns = compiled;
        true
    }

    /// Says whether a regular expression matches somewhere in a text.
    fn is_match(&self, pattern: &str, text: &[u8]) -> Answer {
        self.take(cost::PATTERN)?;
        let place = self
            .patterns
            .binary_search_by(|(known, _)| (*known).cmp(pattern));
        let (_, regexp) = self.patterns.get(place.ok()?)?;
        Some(regexp.is_match(text))
    }

    /// Notes some work; nothing is plain any more if it is too much, or time is over.
    fn take(&self, cost: u64) -> Option<()> {
        let before = self.left.replace(0);
        let left = before.checked_sub(cost)?;
        if before / LOOK != left / LOOK {
            limits::check().ok()?;
        }
        self.left.set(left);
        Some(())
    }

    /// Says whether a value is one of those.
    fn is_among<'v>(&self, wanted: impl IntoIterator<Item = Json<'v>>, value: &Value) -> Answer {
        let mut compared = 0;
        let mut wanted = wanted.into_iter();
        let is_among = wanted.any(|wanted| wanted.equals(value, &mut compared));
        self.take(compared)?;
        Some(is_among)
    }

    /// Returns what a reference leads to.
    fn target(&self, reference: &str) -> Option<Json<'j>> {
        let place = self
            .targets
            .binary_search_by(|(text, _)| (*text).cmp(reference));
        Some(self.targets.get(place.ok()?)?.1)
    }

    /// Returns what a reference leads to, if that is a place for schemas in this document.
    fn lookup(&self, reference: &str) -> Option<Json<'j>> {
        let pointer = reference.strip_prefix('#')?;
        if !pointer.is_empty() && !pointer.starts_with('/')
            || pointer.contains(['~', '%'])
            || !is_schema_place(self.draft, self.document, pointer)
        {
            return None;
        }
        let mut names = pointer.split('/').skip(1);
        names.try_fold(self.document, |found, name| match found.kind() {
            View::Object(members) => members.get(name),
            View::Array(items) => items.get(name.parse::<usize>().ok()?),
            _ => None,
        })
    }

    fn fits(&self, schema: Json<'_>, value: &Value, depth: usize) -> Answer {
        self.take(cost::SCHEMA + cost::of_text(value))?;
        let schema = match schema.kind() {
            View::Bool(constant) => return Some(constant),
            View::Object(members) if depth < MAX_DEPTH => members,
            _ => return None,
        };
        let depth = depth + 1;
        if self.draft < Draft::V2019
            && let Some(reference) = schema.get("$ref")
        {
            // What stands beside a reference is void, but for `const`.
            return match schema.get("const") {
                None => self.fits(self.target(reference.as_str()?)?, value, depth),
                Some(_) => None,
            };
        }
        let map = value.as_map().map(|map| map.snapshot());
        let place = Place {
            schema,
            value,
            map: map.as_deref(),
            depth,
        };
        let mut members = schema;
        let known = members
            .by_ref()
            .filter(|(name, _)| self.draft.keyword(name).is_some());
        let keywords = all(known.map(|(name, wanted)| self.keyword(&place, name, wanted)));
        match place.map {
            Some(map) if keywords != Some(false) => all([keywords, self.members(&place, map)]),
            _ => keywords,
        }
    }

    /// Says whether the value meets one keyword, but for those about members, which belong together.
    fn keyword(&self, place: &Place<'_>, name: &str, wanted: Json<'_>) -> Answer {
        let value = place.value;
        let fits = |schema: Json<'_>| self.fits(schema, value, place.depth);
        let parts = || wanted.as_array().unwrap_or_default().map(fits);
        match name {
            "type" => Some(is_of_type(value, wanted)),
            "enum" => self.is_among(wanted.as_array()?, value),
            "const" => self.is_among([wanted], value),
            "$ref" => fits(self.target(wanted.as_str()?)?),
            "allOf" => all(parts()),
            "anyOf" => not(all(parts().map(not))),
            "oneOf" => {
                let answers: Option<Vec<bool>> = parts().collect();
                Some(answers?.into_iter().filter(|fits| *fits).count() == 1)
            }
            "not" => not(fits(wanted)),
            "if" => {
                let branch = if fits(wanted)? { "then" } else { "else" };
                place.schema.get(branch).map_or(Some(true), fits)
            }
            "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
                number::of(value).map_or(Some(true), |number| {
                    has_right_worth(number, name, wanted, place.schema)
                })
            }
            "minLength" | "maxLength" => value.as_str().map_or(Some(true), |text| {
                has_right_count(unicode::rune_count(text), name, wanted)
            }),
            "minItems" | "maxItems" => value
                .as_list()
                .map_or(Some(true), |list| has_right_count(list.len(), name, wanted)),
            "minProperties" | "maxProperties" => place
                .map
                .map_or(Some(true), |map| has_right_count(map.len(), name, wanted)),
            "pattern" => value
                .as_str()
                .map_or(Some(true), |text| self.is_match(wanted.as_str()?, text)),
            "format" => match (value.as_str(), wanted.as_str().and_then(format::find)) {
                (Some(text), Some((_, check))) if self.draft < Draft::V2019 => {
                    Some(check(&text.to_lossy()).is_ok())
                }
                _ => Some(true),
            },
            "required" => place.map.map_or(Some(true), |map| {
                let names = wanted.as_array()?;
                self.take(cost::NAME * names.len() as u64)?;
                let mut names = names.filter_map(Json::as_str);
                Some(names.all(|name| map.contains_key(name.as_bytes())))
            }),
            "propertyNames" => place.map.map_or(Some(true), |map| {
                let names = map.keys().map(|name| Value::string(name.clone()));
                all(names.map(|name| self.fits(wanted, &name, place.depth)))
            }),
            "items" => value.as_list().map_or(Some(true), |list| {
                if wanted.as_array().is_some() || place.schema.contains_key("prefixItems") {
                    return None;
                }
                let items = list.items().iter();
                all(items.map(|item| self.fits(wanted, item, place.depth)))
            }),
            "uniqueItems" => value.as_list().map_or(Some(true), |list| {
                if list
                    .items()
                    .iter()
                    .any(|item| item.as_map().is_some() || item.as_list().is_some())
                {
                    return None;
                }
                if wanted.as_bool() != Some(true) {
                    return Some(true);
                }
                let spend = |cost| self.take(cost).ok_or(());
                Some(duplicates(list.items(), spend).ok()?.is_none())
            }),
            // The first three are looked at by `members`, the next two by `if`; the others say nothing.
            "properties"
            | "patternProperties"
            | "additionalProperties"
            | "then"
            | "else"
            | "title"
            | "description"
            | "default"
            | "examples"
            | "$comment"
            | "definitions"
            | "$defs"
            | "readOnly"
            | "writeOnly"
            | "deprecated"
            | "contentEncoding"
            | "contentMediaType" => Some(true),
            _ => None,
        }
    }

    /// Says whether the members of the value are what the keywords about them ask.
    fn members(&self, place: &Place<'_>, map: &Entries) -> Answer {
        let named = place.schema.get("properties").and_then(Json::as_object);
        let matched = place
            .schema
            .get("patternProperties")
            .and_then(Json::as_object);
        let additional = place.schema.get("additionalProperties");
        if named.is_none() && matched.is_none() && additional.is_none() {
            return Some(true);
        }
        all(map.iter().map(|(name, value)| {
            self.take(cost::NAME)?;
            let name = std::str::from_utf8(name).ok()?;
            let fits = |schema: Json<'_>| self.fits(schema, value, place.depth);
            let own = named.and_then(|named| named.get(name));
            let mut is_spoken_of = own.is_some();
            let mut answer = own.map_or(Some(true), fits);
            for (pattern, schema) in matched.into_iter().flatten() {
                if self.is_match(pattern, name.as_bytes())? {
                    is_spoken_of = true;
                    answer = all([answer, fits(schema)]);
                }
            }
            match additional {
                Some(schema) if !is_spoken_of => fits(schema),
                _ => answer,
            }
        }))
    }
}

/// Says whether all hold: one that does not settles it, whatever is not plain.
fn all(answers: impl IntoIterator<Item = Answer>) -> Answer {
    let mut all = Some(true);
    for answer in answers {
        match answer {
            Some(true) => {}
            Some(false) => return answer,
            None => all = None,
        }
    }
    all
}

fn not(answer: Answer) -> Answer {
    answer.map(|holds| !holds)
}

fn is_of_type(value: &Value, wanted: Json<'_>) -> bool {
    let found = type_name(value);
    let is_found = |name: &str| {
        name == found || name == "integer" && number::of(value).is_some_and(|n| n.fract() == 0.0)
    };
    match wanted.as_array() {
        Some(mut names) => names.any(|name| name.as_str().is_some_and(is_found)),
        None => wanted.as_str().is_some_and(is_found),
    }
}

fn has_right_count(count: usize, keyword: &str, wanted: Json<'_>) -> Answer {
    let wanted = wanted.as_number()?.value;
    let count = count as f64;
    Some(if keyword.starts_with("min") {
        count >= wanted
    } else {
        count <= wanted
    })
}

fn has_right_worth(number: f64, keyword: &str, wanted: Json<'_>, schema: Members<'_>) -> Answer {
    // In draft 4 the limit is made exclusive by a flag beside it.
    let is_exclusive = |flag| schema.get(flag).and_then(Json::as_bool) == Some(true);
    if wanted.as_bool().is_some() {
        return Some(true);
    }
    let wanted = wanted.as_number()?.value;
    Some(match keyword {
        "minimum" if is_exclusive("exclusiveMinimum") => number > wanted,
        "minimum" => number >= wanted,
        "maximum" if is_exclusive("exclusiveMaximum") => number < wanted,
        "maximum" => number <= wanted,
        "exclusiveMinimum" => number > wanted,
        "exclusiveMaximum" => number < wanted,
        _ => number::is_multiple(number, wanted),
    })
}
