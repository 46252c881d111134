//! Rendering: the one place where templates and charts meet.
//!
//! A [`Renderer`] holds a chart and the programs made of its templates. For each
//! render, values are prepared (dependencies switched, defaults joined, the schema
//! checked), a context is made for every chart of the tree, every file is executed,
//! and the texts are sorted into a [`Rendered`].
//!
//! helm: pkg/engine, pkg/action `renderResources`.

mod ahead;
mod batch;
mod beside;
mod context;
mod failure;
mod files;
mod options;
mod programs;
mod read_values;
mod rendered;
mod renderer;
#[cfg(test)]
mod tests;
mod values_type;

pub(crate) use ahead::Ahead;
pub use batch::{Batch, Finished, RenderJob};
pub use options::RenderOptions;
pub use read_values::read_values;
pub use rendered::Rendered;
pub use renderer::{Executed, Prepared, Renderer};
pub use values_type::VALUES;
