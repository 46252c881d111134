//! The rules, each with a `check` that looks at the subject and adds messages.
//!
//! helm: pkg/chart/v2/lint/rules.

pub(super) mod chartfile;
pub(super) mod crds;
pub(super) mod dependencies;
mod deprecated_kinds;
mod deprecations;
mod object;
mod object_name;
pub(super) mod template;
pub(super) mod values;
mod web_address;
