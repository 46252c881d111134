//! What functions and methods take: parameter types, arity, their errors.

use std::fmt;

use super::Value;

/// The type of one parameter, as Go's reflection checks it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ParamType {
    /// `interface {}`.
    Any,
    /// `string`.
    String,
    /// `bool`.
    Bool,
    /// `int`.
    Int,
    /// `int64`.
    Int64,
    /// `uint32`.
    Uint32,
    /// `uint64`.
    Uint64,
    /// `float64`.
    Float64,
    /// `map[string]interface {}`; nil is allowed.
    Dict,
    /// `[]interface {}`; nil is allowed.
    List,
    /// `[]string`.
    StringList,
    /// `time.Time`.
    Time,
    /// `time.Duration`.
    Duration,
    /// A struct or pointer type by its printed name.
    Object(&'static str),
    /// Go's `reflect.Value`: the template builtins, which see everything as it is.
    Reflect,
}

impl ParamType {
    /// Returns the type's name as error texts print it.
    pub const fn name(self) -> &'static str {
        match self {
            ParamType::Any => "interface {}",
            ParamType::String => "string",
            ParamType::Bool => "bool",
            ParamType::Int => "int",
            ParamType::Int64 => "int64",
            ParamType::Uint32 => "uint32",
            ParamType::Uint64 => "uint64",
            ParamType::Float64 => "float64",
            ParamType::Dict => "map[string]interface {}",
            ParamType::List => "[]interface {}",
            ParamType::StringList => "[]string",
            ParamType::Time => "time.Time",
            ParamType::Duration => "time.Duration",
            ParamType::Object(name) => name,
            ParamType::Reflect => "reflect.Value",
        }
    }
}

/// The parameters of a function or method.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Signature {
    /// The parameters in order; the repeated one of a variadic function is the last.
    pub params: &'static [ParamType],
    /// Whether the last parameter takes any number of arguments, none included.
    pub variadic: bool,
}

impl Signature {
    /// Returns a signature with a fixed number of parameters.
    pub const fn fixed(params: &'static [ParamType]) -> Signature {
        Signature {
            params,
            variadic: false,
        }
    }

    /// Returns a signature whose last parameter repeats.
    pub const fn variadic(params: &'static [ParamType]) -> Signature {
        Signature {
            params,
            variadic: true,
        }
    }

    /// Returns the type wanted for argument `index`.
    pub fn param(&self, index: usize) -> Option<ParamType> {
        match self.params.get(index) {
            Some(p) => Some(*p),
            None if self.variadic => self.params.last().copied(),
            None => None,
        }
    }
}

/// A method that templates can call on an object, or on a list or map of a named type.
#[derive(Clone, Copy)]
pub struct Method {
    /// The name as templates write it.
    pub name: &'static str,
    /// What it takes, without the receiver.
    pub signature: Signature,
    /// Computes the result; the arguments have been checked against the signature.
    pub call: fn(receiver: &Value, args: &[Value]) -> Result<Value, CallError>,
    /// Why Go's templates refuse to call it (such as a second result that is no
    /// error), in Go's words.
    pub refused: Option<&'static str>,
}

impl Method {
    /// Returns a method that takes no arguments.
    pub const fn getter(
        name: &'static str,
        call: fn(&Value, &[Value]) -> Result<Value, CallError>,
    ) -> Method {
        Method::new(name, Signature::fixed(&[]), call)
    }

    /// Returns a method with the given signature.
    pub const fn new(
        name: &'static str,
        signature: Signature,
        call: fn(&Value, &[Value]) -> Result<Value, CallError>,
    ) -> Method {
        Method {
            name,
            signature,
            call,
            refused: None,
        }
    }
}

impl fmt::Debug for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Method")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// The error a function or method returned, or the text of its panic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallError {
    /// The text that follows `error calling NAME: `.
    pub message: Vec<u8>,
}

impl CallError {
    /// Returns an error with this text.
    pub fn new(message: impl Into<Vec<u8>>) -> CallError {
        CallError {
            message: message.into(),
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.message))
    }
}
