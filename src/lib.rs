//! Renders, checks and packages Helm charts exactly as helm does, without helm, a cluster or a network.
#![forbid(unsafe_code)]

pub mod gostd;
pub mod version;
