//! The function library: what templates can call beyond the language itself.
//!
//! A name enters through [`catalog::CATALOG`], the one table of all functions; the engine then
//! calls what it found with checked arguments. Each file below holds one group, named as the
//! groups in sprig's documentation: its functions, each beside what a template author needs to
//! know about it. Begin with `catalog.rs`.
//!
//! Go: sprig v3.3.0 and helm's `pkg/engine` functions.

mod cast;
pub mod catalog;
mod entry;
mod helm;
mod helm_data;
mod language;
mod sprig;
mod text;

pub use entry::{Entry, Group};
