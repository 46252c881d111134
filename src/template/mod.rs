//! The template engine: Go's text/template as Helm runs it. Knows nothing of charts.
//!
//! Text → tokens → tree → program → output.

pub mod error;
pub mod func;
