//! The templates of a chart by name, and how texts add to them.
//!
//! Texts enter one after the other with [`TemplateSet::parse`]; a later definition replaces an earlier one unless
//! it is void. A set is immutable while it is executed, so many threads can share one.
//!
//! A text given to `tpl` sees the set, and what it defines is seen by all it calls; that is an [`Overlay`], which
//! is gone with the call.
//!
//! Go: `text/template`, `Template.Parse` and `Clone`; helm: `pkg/engine`.

use super::by_name::ByName;
use super::codegen::compile;
use super::error::ExecError;
use super::func::FuncMap;
use super::parser::{FunctionNames, ParseError, parse};
use super::program::Template;
use super::vm::{Observer, Unobserved, Vm};
use crate::diag::Sink;
use crate::host::Host;
use crate::limits::{self, Bounds, Limits};
use crate::source::Source;
use crate::value::{Str, Value};
use std::collections::HashSet;
use std::hash::BuildHasher;
use std::rc::Rc;
use std::sync::{Arc, PoisonError, RwLock};

/// The name under which helm parses texts given to `tpl`.
const TPL_NAME: &[u8] = b"gotpl";
/// About how many bytes texts given to `tpl` may take that are kept with their programs.
const TPL_CACHE: usize = 32 << 20;
/// How many texts are remembered that came once.
const TPL_SEEN: usize = 1 << 18;
/// About how many bytes an instruction takes, with the nodes it was made of.
const INSTRUCTION: usize = 64;

/// What a render may see and use, apart from templates and data.
#[derive(Clone, Copy)]
pub struct Environment<'e> {
    /// The outside world.
    pub host: &'e dyn Host,
    /// Whether a missing key is an error.
    pub strict: bool,
    /// Whether templates run for `lint`, where `fail` and `required` do not stop.
    pub lint: bool,
    /// Whether templates may ask for addresses.
    pub dns: bool,
    /// Bounds.
    pub limits: Limits,
    /// Gets what helm would log.
    pub sink: Option<&'e Sink>,
}

impl<'e> Environment<'e> {
    /// Returns the environment of a plain `helm template`.
    pub fn new(host: &'e dyn Host) -> Self {
        Self {
            host,
            strict: false,
            lint: false,
            dns: false,
            limits: Limits::default(),
            sink: None,
        }
    }
}

/// Named templates that can call each other.
///
/// # Examples
///
/// ```
/// use verta_render::funcs::catalog::CATALOG;
/// use verta_render::host::SystemHost;
/// use verta_render::template::{Environment, TemplateSet};
/// use verta_render::value::{Map, Value};
///
/// let mut set = TemplateSet::new(&CATALOG);
/// set.parse(b"greeting", b"Hello, {{ .name | upper }}!".as_slice())?;
/// let data: Map = [("name", Value::from("verta"))].into_iter().collect();
/// let output = set.execute(b"greeting", &data.into(), &Environment::new(&SystemHost));
/// assert_eq!(output.expect("it was parsed").expect("it does not fail"), b"Hello, VERTA!");
/// # Ok::<(), verta_render::template::parser::ParseError>(())
/// ```
pub struct TemplateSet {
    functions: Box<dyn FuncMap>,
    templates: Vec<Template>,
    by_name: ByName<Arc<[u8]>, u32>,
    tpl_cache: RwLock<TplCache>,
}

#[derive(Default)]
struct TplCache {
    texts: ByName<Str, Arc<TplText>>,
    bytes: usize,
    /// Hashes of texts that came once. Most do not come again: what they were compiled to is given back, so that
    /// the next one finds memory that was used before. Two texts of one hash are no harm.
    seen: HashSet<u64, foldhash::fast::RandomState>,
}

/// A compiled text given to `tpl`.
pub(super) struct TplText {
    /// The text itself.
    root: Arc<Template>,
    /// Its definitions.
    definitions: Vec<Arc<Template>>,
}

impl FunctionNames for dyn FuncMap + '_ {
    fn is_function(&self, name: &[u8]) -> bool {
        self.get(name).is_some()
    }
}

/// The names of functions, which is all that parsing asks of them.
pub(super) struct Names<'f>(pub &'f dyn FuncMap);

impl FunctionNames for Names<'_> {
    fn is_function(&self, name: &[u8]) -> bool {
        self.0.get(name).is_some()
    }
}

impl TemplateSet {
    /// Returns an empty set whose templates can call these functions.
    pub fn new(functions: impl FuncMap + 'static) -> Self {
        Self {
            functions: Box::new(functions),
            templates: Vec::new(),
            by_name: ByName::default(),
            tpl_cache: RwLock::default(),
        }
    }

    /// Adds the template a text makes, under `name`, and those it defines.
    ///
    /// # Errors
    ///
    /// The first mistake in the text; the set is as before then.
    pub fn parse(&mut self, name: &[u8], text: impl Into<Arc<[u8]>>) -> Result<(), ParseError> {
        let templates = Self::compile(&*self.functions, name, text.into())?;
        self.add(templates);
        Ok(())
    }

    /// Adds templates that one text was compiled to, with the functions of this set.
    pub(crate) fn add(&mut self, templates: Vec<Template>) {
        for template in templates {
            match self.by_name.get(&template.name) {
                // A void definition replaces nothing.
                Some(_) if template.is_empty => {}
                Some(number) => {
                    if let Some(place) = self.templates.get_mut(*number as usize) {
                        *place = template;
                    }
                }
                None => {
                    self.by_name
                        .insert(template.name.clone(), self.templates.len() as u32);
                    self.templates.push(template);
                }
            }
        }
    }

    /// Returns the template a text makes, under `name`, and those it defines.
    pub(crate) fn compile(
        functions: &dyn FuncMap,
        name: &[u8],
        text: Arc<[u8]>,
    ) -> Result<Vec<Template>, ParseError> {
        let source = Source::new(name, text).map_err(|_| ParseError {
            name: name.into(),
            line: 1,
            message: b"the text is too long".to_vec(),
            span: crate::source::Span::default(),
        })?;
        let parsed = parse(Arc::new(source), &Names(functions))?;
        Ok(compile(parsed, functions))
    }

    /// Returns the template of this name.
    pub fn get(&self, name: &[u8]) -> Option<&Template> {
        self.number(name).map(|number| self.template(number))
    }

    /// Returns all templates, in the order in which their names were first defined.
    pub fn templates(&self) -> &[Template] {
        &self.templates
    }

    /// Executes the template of this name with `data` as dot. `None` if there is no such template.
    ///
    /// # Errors
    ///
    /// What a template did wrong, and where.
    pub fn execute(
        &self,
        name: &[u8],
        data: &Value,
        environment: &Environment<'_>,
    ) -> Option<Result<Vec<u8>, ExecError>> {
        self.execute_observed(name, data, environment, Unobserved)
    }

    /// As [`TemplateSet::execute`], telling an observer what happens.
    ///
    /// # Errors
    ///
    /// What a template did wrong, and where.
    pub fn execute_observed(
        &self,
        name: &[u8],
        data: &Value,
        environment: &Environment<'_>,
        observer: impl Observer,
    ) -> Option<Result<Vec<u8>, ExecError>> {
        let template = self.number(name)?;
        let run = || Vm::new(self, environment, observer).execute(template, data);
        if limits::is_bounded() {
            return Some(run());
        }
        let bounds = Bounds {
            limits: environment.limits,
            ..Bounds::default()
        };
        Some(bounds.within(run))
    }

    pub(super) fn number(&self, name: &[u8]) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    /// Returns the template of a number that [`TemplateSet::number`] returned.
    pub(super) fn template(&self, number: u32) -> &Template {
        &self.templates[number as usize]
    }

    /// Compiles a text given to `tpl`, or finds it compiled.
    pub(super) fn tpl(&self, text: &Str) -> Result<Arc<TplText>, ParseError> {
        let cache = self
            .tpl_cache
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = cache.texts.get(text) {
            return Ok(known.clone());
        }
        drop(cache);
        let templates = Self::compile(&*self.functions, TPL_NAME, text.clone().into())?;
        let mut templates = templates.into_iter().map(Arc::new);
        let is_root = |template: &Arc<Template>| &*template.name == TPL_NAME;
        let mut definitions: Vec<_> = templates.by_ref().collect();
        let place = definitions.iter().position(is_root).unwrap_or_default();
        let root = definitions.remove(place);
        let compiled = Arc::new(TplText { root, definitions });
        let mut cache = self
            .tpl_cache
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let hash = cache.texts.hasher().hash_one(text);
        if cache.seen.len() >= TPL_SEEN {
            cache.seen.clear();
        }
        if cache.seen.insert(hash) {
            return Ok(compiled);
        }
        let codes = compiled.definitions.iter().chain([&compiled.root]);
        let instructions: usize = codes.map(|template| template.program.code.len()).sum();
        let weight = text
            .len()
            .saturating_add(instructions.saturating_mul(INSTRUCTION));
        if cache.bytes.saturating_add(weight) > TPL_CACHE {
            (cache.texts, cache.bytes) = (ByName::default(), 0);
        }
        cache.bytes = cache.bytes.saturating_add(weight);
        cache.texts.insert(text.clone(), compiled.clone());
        Ok(compiled)
    }
}

impl std::fmt::Debug for TemplateSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(
                self.templates
                    .iter()
                    .map(|template| String::from_utf8_lossy(&template.name)),
            )
            .finish()
    }
}

/// What a text given to `tpl` adds to the set while it is executed.
pub(super) struct Overlay {
    /// The text itself, which goes by [`TPL_NAME`].
    root: Arc<Template>,
    definitions: Option<Rc<Definitions>>,
}

struct Definitions {
    by_name: ByName<Arc<[u8]>, Arc<Template>>,
    /// Those of the `tpl` around.
    outer: Option<Rc<Definitions>>,
}

impl Overlay {
    /// Lays a text over what is there. A void definition does not hide what `is_known`.
    pub(super) fn new(
        text: &TplText,
        outer: Option<&Rc<Overlay>>,
        is_known: impl Fn(&[u8]) -> bool,
    ) -> (Self, Arc<Template>) {
        let mut definitions = outer.and_then(|outer| outer.definitions.clone());
        let seen = text
            .definitions
            .iter()
            .filter(|template| !(template.is_empty && is_known(&template.name)));
        let by_name: ByName<_, _> = seen
            .map(|template| (template.name.clone(), template.clone()))
            .collect();
        if !by_name.is_empty() {
            definitions = Some(Rc::new(Definitions {
                by_name,
                outer: definitions,
            }));
        }
        (
            Self {
                root: text.root.clone(),
                definitions,
            },
            text.root.clone(),
        )
    }

    pub(super) fn lookup(&self, name: &[u8]) -> Option<Arc<Template>> {
        if name == TPL_NAME {
            return Some(self.root.clone());
        }
        let mut definitions = self.definitions.as_deref();
        while let Some(layer) = definitions {
            if let Some(template) = layer.by_name.get(name) {
                return Some(template.clone());
            }
            definitions = layer.outer.as_deref();
        }
        None
    }
}
