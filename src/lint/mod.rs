//! Checking charts: rules look at the files of a chart and tell what they find.
//!
//! A [`ChartFolder`](crate::chart::folder::ChartFolder) and values come in, a list of
//! [`Message`]s goes out. Nothing is an error here: a chart that cannot even be
//! loaded is what lint is for. Begin with the runner, which has the rules in order;
//! each rule is a file of its own.
//!
//! helm: pkg/chart/v2/lint.

mod message;
mod rules;
mod runner;

pub use message::{Message, Severity};
pub(crate) use runner::lint_in_turn;
pub use runner::{LintOptions, lint, lint_archive, lint_directory, lint_memory};
