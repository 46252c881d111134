//! Renders, checks and packages Helm charts exactly as helm does, without helm, a cluster or a network.
#![forbid(unsafe_code)]

pub mod capabilities;
pub mod chart;
pub mod codec;
pub mod dependency;
pub mod diag;
pub mod funcs;
pub mod gostd;
pub mod host;
pub mod manifest;
pub mod source;
pub mod storage;
pub mod template;
pub mod value;
pub mod values;
pub mod version;
