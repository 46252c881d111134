//! sprig's functions, one file for each group of its documentation.

pub(super) mod certificate;
pub(super) mod crypto;
pub(in crate::funcs) mod date;
mod decimal;
pub(super) mod defaults;
pub(super) mod dicts;
pub(super) mod duration;
pub(super) mod encoding;
mod hash;
pub(super) mod lists;
pub(super) mod math;
pub(super) mod mathf;
mod merge;
pub(super) mod network;
pub(super) mod password;
pub(super) mod paths;
pub(super) mod random;
pub(super) mod reflection;
pub(super) mod regex;
pub(super) mod semver;
pub(super) mod string_slice;
pub(super) mod strings;
mod time_object;
pub(super) mod url;
mod words;
