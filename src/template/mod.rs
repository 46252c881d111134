//! The template engine: Go's text/template as Helm runs it. Knows nothing of charts.
//!
//! Text → tokens ([`lexer`]) → tree ([`parser`], [`ast`]) → program ([`codegen`]) → output ([`vm`]).
//! Callers begin with [`TemplateSet`].

pub mod ast;
pub mod builtin;
mod by_name;
mod codegen;
pub mod coverage;
pub mod error;
pub mod func;
pub mod lexer;
mod no_value;
pub mod number;
pub mod parser;
pub mod print;
pub mod program;
mod set;
pub mod token;
mod vm;

pub use no_value::without_no_value;
pub use set::{Environment, TemplateSet};

/// About how many bytes an action takes once compiled.
pub(crate) const ACTION: usize = 256;

pub use vm::{Observer, Place, Unobserved};
