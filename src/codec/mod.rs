//! Bytes to [`Value`](crate::value::Value) and back: YAML, JSON and TOML as helm reads and prints them.
//!
//! Each format is a folder or file with `decode` and `encode`; none knows of charts.

pub mod json;
pub(crate) mod size;
mod span;
pub mod stream;
pub mod toml;
pub mod yaml;

pub(crate) use span::bytes_before;
