//! What Go's standard library does, by package, as far as helm's output depends on it.
//!
//! Knows nothing of values, templates or charts: bytes and numbers come in and go out.
