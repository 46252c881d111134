//! Semantic versions and constraints, as charts and `semverCompare` use them.
