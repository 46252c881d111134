//! Bounds of a render that Go and helm have as constants.

/// How deep `{{ template }}` may nest in Go.
pub(super) const TEMPLATE_DEPTH: u32 = 100_000;
/// How often helm lets `include` of one name nest, less one.
pub(super) const INCLUDE_DEPTH: u32 = 1000;
