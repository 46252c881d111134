//! Tables by names that a chart gives: of templates, and of texts given to `tpl`.

use std::collections::HashMap;

/// A table by names. Names are looked up at each `include`, and hashing them as the standard library does took a
/// twelfth of a render that mostly includes. This hash is seeded too, so that no chart knows which names collide.
pub(super) type ByName<K, V> = HashMap<K, V, foldhash::fast::RandomState>;
