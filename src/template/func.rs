//! Functions callable from templates: how one is declared, what it is given.
//!
//! The function library implements these types; the engine calls through them. A
//! function sees its arguments (checked against its signature before) and, through
//! [`CallContext`], the running engine.
//!
//! Go: text/template `FuncMap` and the calls exec makes.

use std::fmt;

use crate::diag::Diagnostic;
use crate::host::Host;
use crate::limits::{Exceeded, Limit};
use crate::value::{CallError, List, MAP_ENTRY, Map, ParamType, Signature, Str, Value};

/// The result of a function.
pub type FuncResult = Result<Value, FuncError>;

/// A function templates can call.
#[derive(Clone, Copy)]
pub struct FuncDef {
    /// The name as templates write it.
    pub name: &'static str,
    /// What it takes.
    pub signature: Signature,
    /// Whether Go declares the result as `interface {}` rather than as a concrete type.
    pub returns_any: bool,
    /// Computes the result.
    pub call: fn(&mut dyn CallContext, Args<'_>) -> FuncResult,
    /// Set for functions that the engine executes itself; `call` is not used then.
    pub intrinsic: Option<Intrinsic>,
}

/// A function that needs more of the engine than its arguments: it stops early, tells a nil element from
/// plain nil, or executes templates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intrinsic {
    /// `and`.
    And,
    /// `or`.
    Or,
    /// `not`.
    Not,
    /// `len`.
    Len,
    /// `index`.
    Index,
    /// `call`.
    Call,
    /// `eq`, `ne`, `lt`, `le`, `gt`, `ge`.
    Compare(Comparison),
    /// `include`.
    Include,
    /// `tpl`.
    Tpl,
}

/// The comparisons of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `eq`.
    Equal,
    /// `ne`.
    NotEqual,
    /// `lt`.
    Less,
    /// `le`.
    LessOrEqual,
    /// `gt`.
    Greater,
    /// `ge`.
    GreaterOrEqual,
}

impl FuncDef {
    /// Returns a function with a fixed number of parameters and a result of a
    /// concrete Go type.
    pub const fn new(
        name: &'static str,
        params: &'static [ParamType],
        call: fn(&mut dyn CallContext, Args<'_>) -> FuncResult,
    ) -> FuncDef {
        FuncDef {
            name,
            signature: Signature::fixed(params),
            returns_any: false,
            call,
            intrinsic: None,
        }
    }

    /// Returns a function that the engine executes itself.
    pub(super) const fn intrinsic(
        name: &'static str,
        params: &'static [ParamType],
        intrinsic: Intrinsic,
    ) -> FuncDef {
        FuncDef {
            name,
            signature: Signature::fixed(params),
            returns_any: false,
            call: |_, _| Ok(Value::NIL),
            intrinsic: Some(intrinsic),
        }
    }

    /// Makes the last parameter repeat.
    pub const fn variadic(mut self) -> FuncDef {
        self.signature.variadic = true;
        self
    }

    /// Says that Go declares the result as `interface {}`.
    pub const fn returning_any(mut self) -> FuncDef {
        self.returns_any = true;
        self
    }
}

impl fmt::Debug for FuncDef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FuncDef")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// The functions a template set knows.
pub trait FuncMap: Send + Sync {
    /// Returns the function called `name`.
    fn get(&self, name: &[u8]) -> Option<&'static FuncDef>;
}

impl<T: FuncMap + ?Sized> FuncMap for &T {
    fn get(&self, name: &[u8]) -> Option<&'static FuncDef> {
        (**self).get(name)
    }
}

/// The running engine, as a function sees it.
pub trait CallContext {
    /// Returns the outside world.
    fn host(&self) -> &dyn Host;

    /// Reports whether templates run for `lint`, where `fail` and `required` do not stop.
    fn is_lint(&self) -> bool;

    /// Reports whether templates may ask for addresses (`--enable-dns`).
    fn dns_allowed(&self) -> bool;

    /// Notes what helm would log, such as the warning of `required` in `lint`.
    fn log(&mut self, message: Diagnostic);

    /// Announces that values of `bytes` bytes are about to be made.
    ///
    /// # Errors
    ///
    /// Fails if that would go over a limit of the render.
    fn charge(&mut self, bytes: usize) -> Result<(), FuncError>;

    /// Checks that a size is within a limit.
    ///
    /// # Errors
    ///
    /// Fails if it is not.
    fn check(&self, limit: Limit, size: usize) -> Result<(), FuncError>;

    /// Announces that a text of `bytes` bytes is about to be made.
    ///
    /// # Errors
    ///
    /// Fails if that would go over a limit of the render.
    fn charge_text(&mut self, bytes: usize) -> Result<(), FuncError> {
        self.check(Limit::String, bytes)
    }

    /// Announces that a list of `count` elements is about to be made.
    ///
    /// # Errors
    ///
    /// Fails if that would go over a limit of the render.
    fn charge_list(&mut self, count: usize) -> Result<(), FuncError> {
        self.check(Limit::List, count)?;
        self.charge(count.saturating_mul(size_of::<Value>()))
    }

    /// Announces that a dict of `count` entries is about to be made.
    ///
    /// # Errors
    ///
    /// Fails if that would go over a limit of the render.
    fn charge_dict(&mut self, count: usize) -> Result<(), FuncError> {
        self.check(Limit::List, count)?;
        self.charge(count.saturating_mul(MAP_ENTRY))
    }
}

/// Why a function did not return a value.
#[derive(Debug)]
pub enum FuncError {
    /// The error it returned, or the text of its panic: `error calling NAME: TEXT`.
    Message(Vec<u8>),
    /// `fail` and `required`: the author's message, which helm shows in a form of its own.
    Fail(Vec<u8>),
    /// A limit was reached.
    Limit(Exceeded),
}

impl FuncError {
    /// Returns an error with this text.
    pub fn new(message: impl Into<Vec<u8>>) -> FuncError {
        FuncError::Message(message.into())
    }
}

impl From<Exceeded> for FuncError {
    fn from(exceeded: Exceeded) -> FuncError {
        FuncError::Limit(exceeded)
    }
}

impl From<CallError> for FuncError {
    fn from(e: CallError) -> FuncError {
        FuncError::Message(e.message)
    }
}

/// The arguments of one call.
///
/// The engine has checked them against the signature, so the typed accessors
/// cannot miss; asked for a type the signature does not promise they return that
/// type's zero value.
#[derive(Clone, Copy, Debug)]
pub struct Args<'a>(pub &'a [Value]);

impl<'a> Args<'a> {
    /// Returns the number of arguments.
    pub fn len(self) -> usize {
        self.0.len()
    }

    /// Reports whether there are no arguments.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Returns argument `i` as it is, nil where there is none.
    pub fn any(self, i: usize) -> &'a Value {
        static NIL: Value = Value::NIL;
        self.0.get(i).unwrap_or(&NIL)
    }

    /// Returns the bytes of a string argument.
    pub fn str(self, i: usize) -> &'a [u8] {
        self.0
            .get(i)
            .and_then(Value::as_str)
            .map_or(&[], |s| s.as_bytes())
    }

    /// Returns a string argument, to be kept.
    pub fn string(self, i: usize) -> Str {
        self.0
            .get(i)
            .and_then(Value::as_str)
            .cloned()
            .unwrap_or_default()
    }

    /// Returns a signed integer argument.
    pub fn int(self, i: usize) -> i64 {
        self.0.get(i).and_then(Value::as_signed).unwrap_or_default()
    }

    /// Returns an unsigned integer argument.
    pub fn uint(self, i: usize) -> u64 {
        self.0
            .get(i)
            .and_then(Value::as_unsigned)
            .unwrap_or_default()
    }

    /// Returns a float argument.
    pub fn float(self, i: usize) -> f64 {
        self.0.get(i).and_then(Value::as_float).unwrap_or_default()
    }

    /// Returns a bool argument.
    pub fn bool(self, i: usize) -> bool {
        self.0.get(i).and_then(Value::as_bool).unwrap_or_default()
    }

    /// Returns a dict argument, `None` for nil.
    pub fn dict(self, i: usize) -> Option<&'a Map> {
        self.0.get(i).and_then(Value::as_dict)
    }

    /// Returns a list argument, `None` for nil.
    pub fn list(self, i: usize) -> Option<&'a List> {
        self.0.get(i).and_then(Value::as_list)
    }

    /// Returns the arguments from `i` on: those of a variadic parameter.
    pub fn rest(self, i: usize) -> &'a [Value] {
        self.0.get(i..).unwrap_or(&[])
    }
}
