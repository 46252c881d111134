//! Holding values against a compiled schema.
//!
//! A value comes in; what is wrong with it goes out as a tree of violations, which
//! prints as helm prints it. Members are visited in the order of their names, so
//! that a report is the same every time.
//!
//! DIFFERS(helm): the order of violations of sibling members is random in helm.
//!
//! Go: santhosh-tekuri/jsonschema v6 `Schema.Validate`.

mod keywords;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::compile::{Additional, Dependency, Index, Schema, Schemas};
use super::cost::{self, Account};
use super::draft::Draft;
use super::json::{Fragment, View};
use super::number;
use super::url::escape;
use crate::codec::json;
use crate::gostd::{strconv, unicode};
use crate::value::{Entries, Kind, List, Str, Value};

/// How many schemas may be applied within each other. Values nest at most 10,000
/// deep; a schema that refers to itself follows them.
const MAX_DEPTH: usize = 12_000;

/// What is wrong with a value.
pub(super) struct Violation {
    /// Where the value is: a JSON pointer.
    at: String,
    /// For a bad name of a member, how long the way to the object is: see [`Run::trail`].
    stale_length: Option<usize>,
    kind: Kinds,
    causes: Vec<Violation>,
}

enum Kinds {
    /// The value does not meet the schema as a whole.
    Schema(String),
    /// Several things are wrong; each is a cause.
    Group,
    /// A schema that is referred to is not met.
    Reference,
    /// Something is wrong that a sentence tells.
    Text(String),
}

/// Holds a value against a schema.
pub(super) fn validate(schemas: &Schemas, schema: Index, value: &Value) -> Result<(), Violation> {
    let mut run = Run {
        schemas,
        place: Vec::new(),
        trail: Vec::new(),
        depth: 0,
        account: Account::new(),
    };
    run.whole(schema, value)
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, 0)
    }
}

impl Violation {
    fn write(&self, f: &mut fmt::Formatter<'_>, indent: usize) -> fmt::Result {
        let is_left_out = matches!(self.kind, Kinds::Reference) && self.causes.len() == 1;
        if is_left_out {
            for cause in &self.causes {
                cause.write(f, indent)?;
            }
            return Ok(());
        }
        if indent > 0 {
            write!(f, "\n{:1$}- ", "", (indent - 1) * 2)?;
        }
        match &self.kind {
            Kinds::Schema(location) => {
                write!(f, "jsonschema validation failed with {}", quoted(location))?;
            }
            Kinds::Group | Kinds::Reference => {
                write!(f, "at {}: validation failed", quoted(&self.at))?;
            }
            Kinds::Text(text) => write!(f, "at {}: {text}", quoted(&self.at))?,
        }
        self.causes
            .iter()
            .try_for_each(|cause| cause.write(f, indent + 1))
    }

    /// Returns the causes if there is nothing else to it, or else the violation itself.
    fn ungrouped(self) -> Vec<Violation> {
        match self.kind {
            Kinds::Group => self.causes,
            _ => vec![self],
        }
    }
}

/// What no keyword has looked at yet.
#[derive(Default)]
struct Unevaluated {
    members: BTreeSet<Str>,
    items: BTreeSet<usize>,
}

impl Unevaluated {
    fn of(value: &Value, schema: &Schema, is_needed: bool) -> Unevaluated {
        let mut left = Unevaluated::default();
        if let Some(map) = value.as_map() {
            let is_needed = is_needed || schema.unevaluated_properties.is_some();
            if is_needed && schema.additional_properties.is_none() {
                left.members = map.snapshot().keys().cloned().collect();
            }
        } else if let Some(list) = value.as_list() {
            let is_needed = is_needed || schema.unevaluated_items.is_some();
            if is_needed && schema.other_items.is_none() {
                left.items = (schema.first_items.len()..list.len()).collect();
            }
        }
        left
    }

    fn len(&self) -> usize {
        self.members.len() + self.items.len()
    }

    fn is_empty(&self) -> bool {
        self.members.is_empty() && self.items.is_empty()
    }

    /// Keeps what neither has looked at.
    fn merge(&mut self, other: &Unevaluated) {
        self.members.retain(|name| other.members.contains(name));
        self.items.retain(|index| other.items.contains(index));
    }
}

/// A schema being applied, and those around it.
struct Scope<'a> {
    schema: Index,
    /// The keyword of the reference that led here.
    reference: Option<&'static str>,
    /// How deep the value lies: equal for schemas applied to the same value.
    level: usize,
    around: Option<&'a Scope<'a>>,
}

struct Run<'r> {
    schemas: &'r Schemas,
    /// The way to the value, a part each.
    place: Vec<Part>,
    /// The parts that were the last ones at their depth.
    ///
    /// The library does not copy the way to an object with a bad name for a member,
    /// but shows what stands there in the end: the way to what was visited last.
    trail: Vec<Part>,
    depth: usize,
    /// Schemas that refer to others twice, or ask much of many values, can take ages.
    account: Account,
}

/// How long the way may be that the library keeps in one piece of memory.
const TRAIL_LENGTH: usize = 8;

#[derive(Clone)]
enum Part {
    Name(Str),
    Index(usize),
}

/// One schema applied to one value.
struct Check<'r, 'a> {
    schema: &'r Schema,
    value: &'a Value,
    scope: &'a Scope<'a>,
    /// Whether only the outcome matters and no report.
    is_quiet: bool,
    left: Unevaluated,
    wrong: Vec<Violation>,
}

type Outcome = Result<Unevaluated, Violation>;

impl<'r> Run<'r> {
    /// Applies a schema to a value as if the value were all there is.
    fn whole(&mut self, schema: Index, value: &Value) -> Result<(), Violation> {
        let scope = Scope {
            schema,
            reference: None,
            level: 0,
            around: None,
        };
        let outcome = self.apply(&scope, value, false, false);
        outcome.map(|_| ()).map_err(|violation| {
            let mut causes = violation.ungrouped();
            self.set_stale_places(&mut causes);
            Violation {
                at: String::new(),
                stale_length: None,
                kind: Kinds::Schema(self.schemas.get(schema).location.to_string()),
                causes,
            }
        })
    }

    fn set_stale_places(&self, violations: &mut [Violation]) {
        for violation in violations {
            if let Some(parts) = violation.stale_length.and_then(|n| self.trail.get(..n)) {
                violation.at = pointer(parts);
            }
            self.set_stale_places(&mut violation.causes);
        }
    }

    fn violation(&self, is_quiet: bool, kind: Kinds) -> Violation {
        let mut at = String::new();
        if !is_quiet {
            at = pointer(&self.place);
            let text = match &kind {
                Kinds::Schema(text) | Kinds::Text(text) => text.len(),
                Kinds::Group | Kinds::Reference => 0,
            };
            self.account.tell(size_of::<Violation>() + at.len() + text);
        }
        Violation {
            at,
            stale_length: None,
            kind,
            causes: Vec::new(),
        }
    }

    /// Notes some work.
    fn spend(&self, is_quiet: bool, cost: u64) -> Result<(), Violation> {
        let spent = self.account.work(cost);
        spent.map_err(|exceeded| self.violation(is_quiet, Kinds::Text(exceeded.to_string())))
    }

    fn apply(
        &mut self,
        scope: &Scope<'_>,
        value: &Value,
        is_quiet: bool,
        is_left_needed: bool,
    ) -> Outcome {
        self.depth += 1;
        // Those around are looked at for a cycle.
        let cost = cost::SCHEMA + cost::of_text(value) + self.depth as u64;
        let outcome = if let Err(violation) = self.spend(is_quiet, cost) {
            Err(violation)
        } else if self.depth > MAX_DEPTH {
            let text = "schemas are nested too deep".to_owned();
            Err(self.violation(is_quiet, Kinds::Text(text)))
        } else {
            self.apply_schema(scope, value, is_quiet, is_left_needed)
        };
        self.depth -= 1;
        outcome
    }

    fn apply_schema(
        &mut self,
        scope: &Scope<'_>,
        value: &Value,
        is_quiet: bool,
        is_left_needed: bool,
    ) -> Outcome {
        let schemas = self.schemas;
        let schema = schemas.get(scope.schema);
        let text = |text: String| Err(self.violation(is_quiet, Kinds::Text(text)));
        match schema.constant {
            Some(true) => return Ok(Unevaluated::of(value, schema, is_left_needed)),
            Some(false) => return text("false schema".to_owned()),
            None => {}
        }
        if let Some(earlier) = scope.find_cycle() {
            return text(format!(
                "both {} and {} resolve to {} causing reference cycle",
                scope.path(schemas),
                earlier.path(schemas),
                strconv::quote(schema.location.to_string().as_bytes())
            ));
        }
        if let Some(types) = schema.types {
            let found = type_name(value);
            let fits = types.contains(found)
                || types.contains("integer") && number::of(value).is_some_and(|n| n.fract() == 0.0);
            if !fits && types.names().next().is_some() {
                let wanted: Vec<_> = types.names().collect();
                return text(format!("got {found}, want {}", wanted.join(" or ")));
            }
        }
        let mut compared = 0;
        let mut equals = |wanted: &Fragment| wanted.json().equals(value, &mut compared);
        let is_other = schema.const_value.as_ref().is_some_and(|v| !equals(v));
        let values = schema.enum_values.as_ref();
        let is_none = !is_other && values.is_some_and(|values| !values.iter().any(equals));
        self.spend(is_quiet, compared)?;
        if is_other && let Some(wanted) = &schema.const_value {
            return text(match display(wanted) {
                Some(wanted) => format!("value must be {wanted}"),
                None => "'const' failed".to_owned(),
            });
        }
        if is_none && let Some(wanted) = values {
            return text(enum_text(wanted));
        }
        if let Some((name, format)) = schema.format
            && let Some(found) = value.as_str()
            && let Err(error) = format(&found.to_lossy())
        {
            let found = quoted(&found.to_lossy());
            return text(format!("{found} is not valid {name}: {error}"));
        }
        let mut check = Check {
            schema,
            value,
            scope,
            is_quiet,
            left: Unevaluated::of(value, schema, is_left_needed),
            wrong: Vec::new(),
        };
        self.spend(is_quiet, cost::LEFT * check.left.len() as u64)?;
        let draft = schema.draft.unwrap_or(Draft::LATEST);
        if let Some(target) = schema.reference {
            let result = self.follow(&mut check, target, "$ref");
            if draft < Draft::V2019 {
                return result.map(|()| check.left);
            }
            check.wrong.extend(result.err());
        }
        if let Some(map) = value.as_map() {
            self.check_object(&mut check, &map.snapshot(), draft);
        } else if let Some(list) = value.as_list() {
            self.check_array(&mut check, list, draft);
        } else if let Some(text) = value.as_str() {
            self.check_text(&mut check, text);
        } else if let Some(number) = number::of(value) {
            self.check_number(&mut check, number);
        }
        if check.wrong.is_empty() || !is_quiet {
            if draft >= Draft::V2019 {
                self.check_references(&mut check);
            }
            self.check_combinations(&mut check);
            if draft >= Draft::V2019 {
                self.check_unevaluated(&mut check);
            }
        }
        match check.wrong.len() {
            0 => Ok(check.left),
            1 => Err(check.wrong.remove(0)),
            _ => {
                let mut group = self.violation(is_quiet, Kinds::Group);
                group.causes = check.wrong;
                Err(group)
            }
        }
    }

    /// Notes something wrong with the value itself.
    fn note(&self, check: &mut Check<'r, '_>, text: impl FnOnce() -> String) {
        self.note_with(check, text, Vec::new());
    }

    fn note_with(
        &self,
        check: &mut Check<'r, '_>,
        text: impl FnOnce() -> String,
        causes: Vec<Violation>,
    ) {
        let text = if check.is_quiet {
            String::new()
        } else {
            text()
        };
        let mut violation = self.violation(check.is_quiet, Kinds::Text(text));
        violation.causes = causes;
        check.wrong.push(violation);
    }

    /// Applies a schema to a part of the value.
    fn part(
        &mut self,
        check: &Check<'r, '_>,
        schema: Index,
        value: &Value,
        part: Part,
    ) -> Result<(), Violation> {
        let depth = self.place.len();
        if depth < TRAIL_LENGTH {
            match self.trail.get_mut(depth) {
                Some(last) => *last = part.clone(),
                None => self.trail.push(part.clone()),
            }
        }
        self.place.push(part);
        let scope = Scope {
            schema,
            reference: None,
            level: check.scope.level + 1,
            around: Some(check.scope),
        };
        let outcome = self.apply(&scope, value, check.is_quiet, false);
        self.place.pop();
        outcome.map(|_| ())
    }

    /// Applies another schema to the same value.
    fn same(
        &mut self,
        check: &mut Check<'r, '_>,
        schema: Index,
        reference: Option<&'static str>,
        is_quiet: bool,
    ) -> Result<(), Violation> {
        let scope = Scope {
            schema,
            reference,
            level: check.scope.level,
            around: Some(check.scope),
        };
        let is_quiet = check.is_quiet || is_quiet;
        let left = self.apply(&scope, check.value, is_quiet, !check.left.is_empty())?;
        self.spend(is_quiet, cost::LEFT * check.left.len() as u64)?;
        check.left.merge(&left);
        Ok(())
    }

    fn follow(
        &mut self,
        check: &mut Check<'r, '_>,
        target: Index,
        keyword: &'static str,
    ) -> Result<(), Violation> {
        self.same(check, target, Some(keyword), false)
            .map_err(|violation| {
                let mut reference = self.violation(check.is_quiet, Kinds::Reference);
                reference.causes = violation.ungrouped();
                reference
            })
    }
}

impl Scope<'_> {
    /// Returns the scope in which the same schema is being applied to the same value.
    fn find_cycle(&self) -> Option<&Scope<'_>> {
        let mut scope = self.around;
        while let Some(earlier) = scope.filter(|earlier| earlier.level == self.level) {
            if earlier.schema == self.schema {
                return Some(earlier);
            }
            scope = earlier.around;
        }
        None
    }

    /// Returns what the outermost scope has for which `find` finds something.
    fn outermost(
        &self,
        fallback: Index,
        find: impl Fn(&Scope<'_>, &Schema) -> Option<Index>,
        schemas: &Schemas,
    ) -> Index {
        let mut found = fallback;
        let mut scope = Some(self);
        while let Some(current) = scope {
            let resource = schemas.get(schemas.get(current.schema).resource);
            found = find(current, resource).unwrap_or(found);
            scope = current.around;
        }
        found
    }

    /// Returns the keywords that led here.
    fn path(&self, schemas: &Schemas) -> String {
        let mut parts = Vec::new();
        let mut scope = self;
        while let Some(around) = scope.around {
            parts.push(match scope.reference {
                Some(keyword) => format!("/{keyword}"),
                None => {
                    let location = schemas.get(scope.schema).location.to_string();
                    let start = schemas.get(around.schema).location.to_string().len();
                    location.get(start..).unwrap_or_default().to_owned()
                }
            });
            scope = around;
        }
        parts.reverse();
        parts.concat()
    }
}

/// Returns the JSON pointer along the parts.
fn pointer(parts: &[Part]) -> String {
    let mut pointer = String::new();
    for part in parts {
        pointer.push('/');
        match part {
            Part::Name(name) => pointer.push_str(&escape(&name.to_lossy())),
            Part::Index(index) => pointer.push_str(&index.to_string()),
        }
    }
    pointer
}

/// Returns the type of a value in JSON.
pub(super) fn type_name(value: &Value) -> &'static str {
    match value.kind() {
        Kind::Invalid => "null",
        Kind::Bool => "boolean",
        Kind::String => "string",
        Kind::Map => "object",
        Kind::Slice => "array",
        _ => "number",
    }
}

fn limit(keyword: &str, found: usize, wanted: usize) -> String {
    let (found, wanted) = (number::count(found), number::count(wanted));
    format!("{keyword}: got {found}, want {wanted}")
}

fn missing(members: &Entries, names: &[String]) -> Vec<String> {
    let missing = |name: &&String| !members.contains_key(name.as_bytes());
    names.iter().filter(missing).cloned().collect()
}

/// Returns the places of the first two items that are equal; what looking at one costs goes to `spend`, which breaks it off.
pub(super) fn duplicates<E>(
    items: &[Value],
    mut spend: impl FnMut(u64) -> Result<(), E>,
) -> Result<Option<(usize, usize)>, E> {
    let mut seen = BTreeMap::new();
    for (i, item) in items.iter().enumerate() {
        // Equal values have equal JSON: numbers are written by their worth, members
        // in the order of their names.
        let key = json::encode(item).unwrap_or_default();
        spend(cost::ITEM + cost::BYTE * key.len() as u64)?;
        if let Some(first) = seen.insert(key, i) {
            return Ok(Some((first, i)));
        }
    }
    Ok(None)
}

fn enum_text(wanted: &[Fragment]) -> String {
    let texts: Option<Vec<String>> = wanted.iter().map(display).collect();
    match texts.as_deref() {
        None => "'enum' failed".to_owned(),
        Some([one]) => format!("value must be {one}"),
        Some(several) => format!("value must be one of {}", several.join(", ")),
    }
}

/// Returns the text of a scalar of a schema.
fn display(value: &Fragment) -> Option<String> {
    match value.json().kind() {
        View::Null => Some("<nil>".to_owned()),
        View::Bool(flag) => Some(flag.to_string()),
        View::Number(number) => Some(number.text.to_owned()),
        View::String(text) => Some(quoted(text)),
        View::Array(_) | View::Object(_) => None,
    }
}

/// Quotes a text with single quotes.
fn quoted(text: &str) -> String {
    // Replacing goes over the closing quote too: of a backslash at the end one half
    // is lost, in helm as here.
    let text = strconv::quote(text.as_bytes()).replace("\\\"", "\"");
    let text = text.replace('\'', "\\'");
    let inner = text.get(1..text.len().saturating_sub(1));
    format!("'{}'", inner.unwrap_or_default())
}

fn all_quoted(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    names.join(", ")
}
