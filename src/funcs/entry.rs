//! How a function is entered in the catalog: the function and what is said about it.

use crate::template::func::{Args, CallContext, FuncDef, FuncResult};
use crate::value::{ParamType, Str, Value};

/// Functions that belong together.
#[derive(Clone, Copy, Debug)]
pub struct Group {
    /// The group's heading.
    pub title: &'static str,
    /// Its functions, in the order in which they are presented.
    pub entries: &'static [Entry],
}

/// One function of the library with its documentation.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The function.
    pub func: FuncDef,
    /// How it is called: `trunc LENGTH TEXT`.
    pub usage: &'static str,
    /// What it gives, in a sentence.
    pub summary: &'static str,
    /// A template that calls it.
    pub example: &'static str,
    /// What the example prints.
    pub output: &'static str,
    /// What is otherwise in helm, and stays so: half a sentence. Mostly empty.
    pub difference: &'static str,
    /// The name under which it is documented, if this is another name for it.
    pub alias_of: Option<&'static str>,
}

impl Entry {
    /// Returns the Go types of the parameters: `int, string...`.
    pub fn parameters(&self) -> String {
        let signature = self.func.signature;
        let names = signature.params.iter().map(|param| match param.name() {
            "interface {}" | "reflect.Value" => "any",
            name => name,
        });
        let mut list = names.collect::<Vec<_>>().join(", ");
        if signature.variadic {
            list.push_str("...");
        }
        list
    }
}

/// The body of a function.
pub(super) type Body = fn(&mut dyn CallContext, Args<'_>) -> FuncResult;

/// Begins the entry of a function with a fixed number of parameters.
pub(super) const fn func(name: &'static str, params: &'static [ParamType], body: Body) -> Entry {
    Entry {
        func: FuncDef::new(name, params, body),
        usage: "",
        summary: "",
        example: "",
        output: "",
        difference: "",
        alias_of: None,
    }
}

impl Entry {
    /// Makes the last parameter repeat.
    pub(super) const fn variadic(mut self) -> Entry {
        self.func = self.func.variadic();
        self
    }

    /// Says that Go declares the result as `interface {}`.
    pub(super) const fn returning_any(mut self) -> Entry {
        self.func = self.func.returning_any();
        self
    }

    /// Adds the documentation: how it is called, what it gives, an example and its output.
    pub(super) const fn doc(
        mut self,
        usage: &'static str,
        summary: &'static str,
        example: &'static str,
        output: &'static str,
    ) -> Entry {
        self.usage = usage;
        self.summary = summary;
        self.example = example;
        self.output = output;
        self
    }

    /// Says what is otherwise in helm.
    pub(super) const fn differs(mut self, difference: &'static str) -> Entry {
        self.difference = difference;
        self
    }

    /// Returns the same function under another name.
    pub(super) const fn alias(mut self, name: &'static str) -> Entry {
        self.alias_of = Some(self.func.name);
        self.func.name = name;
        self
    }
}

/// Returns text as a result.
pub(super) fn text(text: impl Into<Str>) -> FuncResult {
    Ok(Value::string(text))
}

/// Returns a part of argument `i`; the whole of it is not copied.
pub(super) fn part(args: Args<'_>, i: usize, part: &[u8]) -> FuncResult {
    if part.len() == args.str(i).len() {
        return Ok(args.any(i).clone());
    }
    text(part)
}
