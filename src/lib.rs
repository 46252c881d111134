//! Renders, checks and packages Helm charts exactly as helm does, without helm, a cluster or a network.
#![forbid(unsafe_code)]

pub mod capabilities;
pub mod chart;
#[cfg(feature = "cli")]
pub mod cli;
pub mod codec;
pub mod command;
pub mod dependency;
pub mod diag;
pub mod funcs;
pub mod gostd;
pub mod host;
pub mod manifest;
pub mod package;
pub mod render;
pub mod source;
pub mod storage;
pub mod template;
pub mod value;
pub mod values;
pub mod version;

pub use capabilities::{Capabilities, KubeVersion};
pub use chart::Chart;
pub use diag::{Error, ErrorKind};
pub use package::{PackageOptions, archive};
pub use render::{RenderOptions, Rendered, Renderer};
pub use value::Value;
pub use values::merge::UserInputs;
