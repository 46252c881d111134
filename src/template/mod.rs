//! The template engine: Go's text/template as Helm runs it. Knows nothing of charts.
//!
//! Text → tokens ([`lexer`]) → tree ([`parser`], [`ast`]) → program → output.

pub mod ast;
pub mod builtin;
pub mod error;
pub mod func;
pub mod lexer;
pub mod number;
pub mod parser;
pub mod print;
pub mod token;
