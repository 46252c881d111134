//! From the JSON of a schema to something that can be run.
//!
//! A document is loaded under its address, its parts that have addresses of their
//! own are found, and every schema that can be reached becomes a [`Schema`], once.
//! References may lead to other documents, as far as [`References`] lets them.
//!
//! Go: santhosh-tekuri/jsonschema v6, whose texts the errors have.

mod fill;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use super::draft::{Draft, for_each_subschema, is_schema_place};
use super::format::{self, Format};
use super::json::{Document, Fragment, Json, View};
use super::members::Members;
use super::pattern::Pattern;
use super::reference::{MAX_DOCUMENTS, References};
use super::sound::{Findings, is_sound};
use super::url::{self, encode, escape};
use super::{metaschema, run};
use crate::diag::{Diagnostic, Level, Sink};
use crate::gostd::strconv;
use fill::Filler;

/// The place of a schema in [`Schemas`].
pub(super) type Index = usize;

/// All compiled schemas.
#[derive(Default)]
pub(super) struct Schemas {
    #[expect(
        clippy::vec_box,
        reason = "a schema is a kilobyte, and a growing list moves what it holds"
    )]
    list: Vec<Box<Schema>>,
    /// The places by where in memory the JSON is, which the roots keep where it is.
    places: HashMap<usize, Index>,
}

impl Schemas {
    pub(super) fn get(&self, index: Index) -> &Schema {
        &self.list[index]
    }

    /// Returns the place for a schema, and whether it is a new one.
    fn place(&mut self, schema: Json<'_>) -> (Index, bool) {
        let next = self.list.len();
        let index = *self.places.entry(schema.address()).or_insert(next);
        let is_new = index == next;
        if is_new {
            self.list.push(Box::default());
        }
        (index, is_new)
    }
}

/// A compiled schema: what each keyword says.
#[derive(Default)]
pub(super) struct Schema {
    pub(super) draft: Option<Draft>,
    pub(super) location: Location,
    /// The schema with an address of its own that it lies in.
    pub(super) resource: Index,
    /// The names that `$dynamicRef` finds in this resource.
    pub(super) dynamic_anchors: BTreeMap<String, Index>,
    pub(super) constant: Option<bool>,

    pub(super) reference: Option<Index>,
    pub(super) recursive_reference: Option<Index>,
    pub(super) recursive_anchor: bool,
    pub(super) dynamic_reference: Option<(Index, Option<String>)>,
    pub(super) dynamic_anchor: Option<String>,

    pub(super) types: Option<Types>,
    pub(super) const_value: Option<Fragment>,
    pub(super) enum_values: Option<Vec<Fragment>>,
    pub(super) format: Option<(&'static str, Format)>,
    pub(super) not: Option<Index>,
    pub(super) all_of: Vec<Index>,
    pub(super) any_of: Vec<Index>,
    pub(super) one_of: Vec<Index>,
    pub(super) if_schema: Option<Index>,
    pub(super) then_schema: Option<Index>,
    pub(super) else_schema: Option<Index>,

    pub(super) min_properties: Option<usize>,
    pub(super) max_properties: Option<usize>,
    pub(super) required: Vec<String>,
    pub(super) properties: BTreeMap<String, Index>,
    pub(super) pattern_properties: Vec<(Pattern, Index)>,
    pub(super) additional_properties: Option<Additional>,
    pub(super) property_names: Option<Index>,
    pub(super) dependencies: BTreeMap<String, Dependency>,
    pub(super) dependent_schemas: BTreeMap<String, Index>,
    pub(super) dependent_required: BTreeMap<String, Vec<String>>,
    pub(super) unevaluated_properties: Option<Index>,

    pub(super) min_items: Option<usize>,
    pub(super) max_items: Option<usize>,
    pub(super) unique_items: bool,
    /// The schemas of the first items.
    pub(super) first_items: Vec<Index>,
    /// What holds for the items behind the first ones.
    pub(super) other_items: Option<Additional>,
    pub(super) contains: Option<Index>,
    pub(super) min_contains: Option<usize>,
    pub(super) max_contains: Option<usize>,
    pub(super) unevaluated_items: Option<Index>,

    pub(super) min_length: Option<usize>,
    pub(super) max_length: Option<usize>,
    pub(super) pattern: Option<Pattern>,

    pub(super) minimum: Option<f64>,
    pub(super) maximum: Option<f64>,
    pub(super) exclusive_minimum: Option<f64>,
    pub(super) exclusive_maximum: Option<f64>,
    pub(super) multiple_of: Option<f64>,
}

/// The address of a schema: its document, and a JSON pointer.
#[derive(Clone, Default)]
pub(super) struct Location {
    url: Rc<str>,
    pointer: Box<str>,
}

impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}#{}", self.url, encode(&self.pointer))
    }
}

/// What holds for members or items that no other keyword speaks of.
#[derive(Clone, Copy)]
pub(super) enum Additional {
    Allowed(bool),
    Schema(Index),
}

/// What must hold where a certain member exists.
pub(super) enum Dependency {
    Required(Vec<String>),
    Schema(Index),
}

/// A set of types.
#[derive(Clone, Copy, Default)]
pub(super) struct Types(u8);

/// The types in the order in which messages name them.
pub(super) const TYPES: [&str; 7] = [
    "null", "boolean", "number", "integer", "string", "array", "object",
];

impl Types {
    fn new(value: Json<'_>) -> Types {
        let bit = |name: Json<'_>| {
            let place = TYPES.iter().position(|t| Some(*t) == name.as_str());
            place.map_or(0, |bit| 1 << bit)
        };
        match value.as_array() {
            Some(names) => Types(names.fold(0, |bits, name| bits | bit(name))),
            None => Types(bit(value)),
        }
    }

    pub(super) fn contains(self, name: &str) -> bool {
        self.names().any(|n| n == name)
    }

    pub(super) fn names(self) -> impl Iterator<Item = &'static str> {
        let is_set = move |(bit, _): &(usize, &str)| self.0 & 1 << bit != 0;
        TYPES
            .into_iter()
            .enumerate()
            .filter(is_set)
            .map(|(_, name)| name)
    }
}

/// A document with the addresses in it.
struct Root {
    url: Rc<str>,
    document: Rc<Document<'static>>,
    /// The parts that have an address of their own, by their JSON pointers.
    resources: BTreeMap<String, Resource>,
    /// The pointers of all schemas that were looked at; `None` if nothing in the
    /// document has a name, so that nobody had to look.
    seen: Option<BTreeSet<String>>,
}

#[derive(Clone)]
struct Resource {
    /// Its address.
    id: String,
    draft: Draft,
    anchors: BTreeMap<String, String>,
    dynamic_anchors: BTreeSet<String>,
}

/// Makes schemas out of documents.
pub(super) struct Compiler<'s> {
    roots: BTreeMap<String, Rc<Root>>,
    schemas: Schemas,
    /// The places in [`Schemas`] that are still empty: where the schemas are.
    waiting: Vec<(Index, Rc<Root>, String)>,
    /// Whether formats are checked whatever the draft says, and documents are not:
    /// for the schemas of the drafts themselves.
    is_meta: bool,
    references: &'s References,
    /// How many documents were loaded besides the first.
    loaded: Cell<usize>,
    sink: &'s Sink,
}

/// Compiles the document under `url`.
///
/// # Errors
///
/// The library's text if the document is no schema or a reference leads nowhere.
pub(super) fn compile(
    url: &str,
    document: Document<'static>,
    references: &References,
    sink: &Sink,
) -> Result<(Schemas, Index), String> {
    let mut compiler = Compiler::new(references, sink, false);
    compiler.add_root(url, document)?;
    compiler.run(url)
}

/// Compiles the schema of a draft.
pub(super) fn compile_draft(draft: Draft, sink: &Sink) -> Result<(Schemas, Index), String> {
    Compiler::new(&References::Inside, sink, true).run(draft.url())
}

impl<'s> Compiler<'s> {
    fn new(references: &'s References, sink: &'s Sink, is_meta: bool) -> Compiler<'s> {
        Compiler {
            roots: BTreeMap::new(),
            schemas: Schemas::default(),
            waiting: Vec::new(),
            is_meta,
            references,
            loaded: Cell::new(0),
            sink,
        }
    }

    fn run(mut self, url: &str) -> Result<(Schemas, Index), String> {
        let root = self.root(url)?;
        let first = self.target(&root, "")?;
        while let Some((index, root, mut pointer)) = self.waiting.pop() {
            let root = self.root_with(root, &pointer)?;
            let schema = lookup(&root, &pointer)?;
            self.compile_at(index, &root, schema, &mut pointer)?;
        }
        Ok((self.schemas, first))
    }

    /// Returns the place of the schema at a pointer; it is compiled later.
    fn target(&mut self, root: &Rc<Root>, pointer: &str) -> Result<Index, String> {
        let (index, is_new) = self.schemas.place(lookup(root, pointer)?);
        if is_new {
            self.waiting.push((index, root.clone(), pointer.to_owned()));
        }
        Ok(index)
    }

    fn root(&mut self, url: &str) -> Result<Rc<Root>, String> {
        if let Some(root) = self.roots.get(url) {
            return Ok(root.clone());
        }
        let document = self
            .load(url)
            .map_err(|error| format!("failing loading {}: {error}", quoted(url)))?;
        self.add_root(url, document)
    }

    fn load(&self, url: &str) -> Result<Document<'static>, String> {
        if let Some(text) = metaschema::text(url) {
            return Document::parse_owned(text.as_bytes());
        }
        if url.starts_with("urn:") {
            let message = "unresolved URN reference ignored; using permissive schema";
            self.sink
                .push(Diagnostic::log(Level::Warn, message).with("urn", url));
            return Document::parse_owned(b"true");
        }
        self.loaded.set(self.loaded.get() + 1);
        if self.loaded.get() > MAX_DOCUMENTS {
            // DIFFERS(helm): a server can name the next document for ever.
            return Err(format!(
                "a schema leads to more than {MAX_DOCUMENTS} documents"
            ));
        }
        Document::parse_owned(&self.references.load(url)?)
    }

    fn add_root(&mut self, url: &str, document: Document<'static>) -> Result<Rc<Root>, String> {
        let mut root = Root {
            url: url.into(),
            document: Rc::new(document),
            resources: BTreeMap::new(),
            seen: None,
        };
        let document = root.document.clone();
        let draft = match document.root().as_object() {
            Some(members) => self.draft_of(members, Draft::LATEST, &mut BTreeSet::new())?,
            None => Draft::LATEST,
        };
        let mut findings = Findings::default();
        let is_right = self.is_meta || is_sound(document.root(), draft, true, &mut findings);
        if is_right && !findings.has_names && !self.is_meta {
            root.resources
                .insert(String::new(), Resource::new(url, draft));
        } else {
            self.collect(&mut root, document.root(), url, "", Draft::LATEST)?;
        }
        if !is_right {
            self.check_against_draft(url, "", document.root(), draft)?;
        }
        let root = Rc::new(root);
        self.roots.insert(url.to_owned(), root.clone());
        Ok(root)
    }

    /// Returns the document, with the schema at `pointer` looked at even if it lies
    /// where no keyword expects one.
    fn root_with(&mut self, root: Rc<Root>, pointer: &str) -> Result<Rc<Root>, String> {
        let (_, resource) = root.resource(pointer);
        let draft = resource.map_or(Draft::LATEST, |r| r.draft);
        let is_known = match &root.seen {
            Some(seen) => seen.contains(pointer),
            None => is_schema_place(draft, root.document.root(), pointer),
        };
        if is_known {
            return Ok(root);
        }
        let schema = lookup(&root, pointer)?;
        let mut findings = Findings::default();
        let is_right = self.is_meta || is_sound(schema, draft, false, &mut findings);
        if !is_right {
            self.check_against_draft(&root.url, pointer, schema, draft)?;
        }
        if is_right && !findings.has_names && root.seen.is_none() {
            return Ok(root);
        }
        let base = resource.map_or(&*root.url, |r| &r.id).to_owned();
        let mut extended = Root {
            url: root.url.clone(),
            document: root.document.clone(),
            resources: root.resources.clone(),
            seen: root.seen.clone(),
        };
        if extended.seen.is_none() {
            extended.resources.clear();
            self.collect(
                &mut extended,
                root.document.root(),
                &root.url,
                "",
                Draft::LATEST,
            )?;
        }
        self.collect(&mut extended, schema, &base, pointer, draft)?;
        let extended = Rc::new(extended);
        self.roots.insert(root.url.to_string(), extended.clone());
        Ok(extended)
    }

    fn check_against_draft(
        &self,
        url: &str,
        pointer: &str,
        schema: Json<'_>,
        draft: Draft,
    ) -> Result<(), String> {
        let (schemas, index) = compile_draft(draft, self.sink)?;
        run::validate(&schemas, index, &schema.to_value()).map_err(|error| {
            let location = quoted(&format!("{url}#{}", encode(pointer)));
            format!("{location} is not valid against metaschema: {error}")
        })
    }

    /// Finds the addresses in a schema and in all schemas in it.
    fn collect(
        &mut self,
        root: &mut Root,
        schema: Json<'_>,
        base: &str,
        pointer: &str,
        fallback: Draft,
    ) -> Result<(), String> {
        let seen = root.seen.get_or_insert_default();
        if !seen.insert(pointer.to_owned()) {
            return Ok(());
        }
        let is_root = pointer.is_empty();
        let Some(members) = schema.as_object() else {
            if is_root {
                root.resources
                    .insert(String::new(), Resource::new(base, fallback));
            }
            return Ok(());
        };
        let mut draft = self.draft_of(members, fallback, &mut BTreeSet::new())?;
        if !is_root && draft.id(members).is_none() {
            draft = fallback;
        }
        let mut base = base.to_owned();
        let id = draft.id(members);
        if let Some(id) = id {
            base = url::join(&base, id)
                .map_err(|_| format!("error in parsing id at {}", quoted(&base)))?
                .0;
        }
        if id.is_some() || is_root {
            let same = root.resources.iter().find(|(_, r)| r.id == base);
            match same {
                Some((other, _)) if *other != pointer => {
                    return Err(format!(
                        "duplicate id {} in {} at {} and {}",
                        quoted(&base),
                        quoted(&root.url),
                        quoted(pointer),
                        quoted(other)
                    ));
                }
                Some(_) => {}
                None => {
                    root.resources
                        .insert(pointer.to_owned(), Resource::new(&base, draft));
                }
            }
        }
        root.collect_anchors(members, pointer, draft)?;
        for_each_subschema(draft, members, |path, subschema| {
            let mut pointer = pointer.to_owned();
            for part in path {
                pointer.push('/');
                pointer.push_str(&escape(part));
            }
            self.collect(root, subschema, &base, &pointer, draft)
        })
    }

    /// Returns the draft that `$schema` names, at once or by way of other documents.
    fn draft_of(
        &mut self,
        members: Members<'_>,
        fallback: Draft,
        visited: &mut BTreeSet<String>,
    ) -> Result<Draft, String> {
        let Some(name) = members.get("$schema").and_then(Json::as_str) else {
            return Ok(fallback);
        };
        if let Some(draft) = Draft::from_url(name) {
            return Ok(draft);
        }
        let url = name.split('#').next().unwrap_or_default().to_owned();
        if !visited.insert(url.clone()) {
            return Err(format!("cycle in resolving $schema in {}", quoted(&url)));
        }
        let document = self
            .load(&url)
            .map_err(|error| format!("failing loading {}: {error}", quoted(&url)))?;
        match document.root().as_object() {
            Some(members) => self.draft_of(members, fallback, visited),
            None => Ok(fallback),
        }
    }

    /// Fills the place of a schema, and those of all schemas in it.
    ///
    /// The recursion is as deep as the JSON, which has a limit.
    fn compile_at(
        &mut self,
        index: Index,
        root: &Rc<Root>,
        json: Json<'_>,
        pointer: &mut String,
    ) -> Result<(), String> {
        let (resource_pointer, resource) = root.resource(pointer);
        let Some(resource) = resource else {
            return Err(not_found(root, pointer));
        };
        let is_resource = resource_pointer == pointer.as_str();
        let mut schema = Schema {
            draft: Some(resource.draft),
            location: Location {
                url: root.url.clone(),
                pointer: pointer.as_str().into(),
            },
            resource: match is_resource {
                true => index,
                false => self.target(root, resource_pointer)?,
            },
            ..Schema::default()
        };
        if is_resource && resource.draft >= Draft::V2020 {
            for name in &resource.dynamic_anchors {
                if let Some(target) = resource.anchors.get(name) {
                    let target = self.target(root, target)?;
                    schema.dynamic_anchors.insert(name.clone(), target);
                }
            }
        }
        match json.kind() {
            View::Bool(constant) => schema.constant = Some(constant),
            View::Object(members) => {
                let mut filler = Filler {
                    compiler: self,
                    root,
                    pointer,
                    resource,
                    members,
                };
                filler.fill(&mut schema)?;
            }
            _ => {}
        }
        if let Some(place) = self.schemas.list.get_mut(index) {
            **place = schema;
        }
        Ok(())
    }
}

impl Resource {
    fn new(id: &str, draft: Draft) -> Resource {
        Resource {
            id: id.to_owned(),
            draft,
            anchors: BTreeMap::new(),
            dynamic_anchors: BTreeSet::new(),
        }
    }
}

impl Root {
    /// Returns the innermost resource around a pointer, and where it is.
    fn resource<'r, 'p>(&'r self, pointer: &'p str) -> (&'p str, Option<&'r Resource>) {
        let mut pointer = pointer;
        loop {
            if let Some(resource) = self.resources.get(pointer) {
                return (pointer, Some(resource));
            }
            match pointer.rfind('/') {
                Some(slash) => pointer = &pointer[..slash],
                None => return ("", None),
            }
        }
    }

    fn collect_anchors(
        &mut self,
        members: Members<'_>,
        pointer: &str,
        draft: Draft,
    ) -> Result<(), String> {
        let place = self.resource(pointer).0.to_owned();
        let url = self.url.clone();
        let Some(resource) = self.resources.get_mut(&place) else {
            return Ok(());
        };
        let mut add = |name: &str| {
            let old = resource.anchors.insert(name.to_owned(), pointer.to_owned());
            match old {
                Some(old) if old != pointer => Err(format!(
                    "duplicate anchor {} in {} at {} and {}",
                    quoted(name),
                    quoted(&url),
                    quoted(&old),
                    quoted(pointer)
                )),
                _ => Ok(()),
            }
        };
        let text = |name: &str| members.get(name).and_then(Json::as_str);
        if draft < Draft::V2019 {
            let id = text(if draft == Draft::V4 { "id" } else { "$id" });
            let is_void = members.contains_key("$ref");
            if let Some((_, anchor)) = id.and_then(|id| id.split_once('#'))
                && !anchor.is_empty()
                && !is_void
            {
                add(anchor)?;
            }
            return Ok(());
        }
        if let Some(name) = text("$anchor") {
            add(name)?;
        }
        if draft >= Draft::V2020
            && let Some(name) = text("$dynamicAnchor")
        {
            add(name)?;
            resource.dynamic_anchors.insert(name.to_owned());
        }
        Ok(())
    }

    /// Returns the pointer that a fragment stands for within a resource.
    fn resolve(&self, resource_pointer: &str, fragment: &str) -> Result<String, String> {
        if fragment.is_empty() || fragment.starts_with('/') {
            return Ok(format!("{resource_pointer}{fragment}"));
        }
        let resource = self.resources.get(resource_pointer);
        resource
            .and_then(|resource| resource.anchors.get(fragment))
            .cloned()
            .ok_or_else(|| {
                let id = resource.map_or(&*self.url, |r| &r.id);
                format!(
                    "anchor in {} not found in schema {}",
                    quoted(&format!("{id}#{}", encode(fragment))),
                    quoted(&self.url)
                )
            })
    }
}

fn texts(value: Json<'_>) -> Vec<String> {
    let items = value.as_array().unwrap_or_default();
    items.filter_map(Json::as_str).map(str::to_owned).collect()
}

fn location(root: &Root, pointer: &str) -> String {
    format!("{}#{}", root.url, encode(pointer))
}

fn not_found(root: &Root, pointer: &str) -> String {
    format!(
        "json-pointer in {} not found",
        quoted(&location(root, pointer))
    )
}

fn quoted(text: &str) -> String {
    strconv::quote(text.as_bytes())
}

/// Returns what a JSON pointer leads to.
fn lookup<'r>(root: &'r Root, pointer: &str) -> Result<Json<'r>, String> {
    let mut found = root.document.root();
    for part in pointer.split('/').skip(1) {
        let valid = part.split('~').skip(1).all(|s| s.starts_with(['0', '1']));
        if !valid {
            let location = quoted(&location(root, pointer));
            return Err(format!("invalid json-pointer {location}"));
        }
        let name = part.replace("~1", "/").replace("~0", "~");
        let next = match found.kind() {
            View::Object(members) => members.get(&name),
            View::Array(items) => name.parse().ok().and_then(|i: usize| items.get(i)),
            _ => None,
        };
        found = next.ok_or_else(|| not_found(root, pointer))?;
    }
    Ok(found)
}
