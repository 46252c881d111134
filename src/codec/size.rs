//! What is asked of a text before it is read: whether what it becomes can be held in memory.

use crate::limits::{self, Exceeded, Limit};

/// Texts up to this length are read without being looked through first.
const SHORT: usize = 256 << 10;

/// Checks the length of a text and how many values it may become.
pub(crate) fn check(text: &[u8]) -> Result<(), Exceeded> {
    if text.len() <= SHORT {
        return Ok(());
    }
    limits::charge(Limit::YamlSize, text.len() as u64)?;
    limits::work(text.len() as u64)?;
    let most = limits::of(Limit::YamlNodes);
    if text.len() as u64 > most {
        // Between two values stands one of these. Within texts they count for nothing, but then for little.
        let ends = memchr::memchr3_iter(b',', b'\n', b'\r', text).count() as u64;
        limits::charge(Limit::YamlNodes, ends)?;
    }
    Ok(())
}

/// Returns how deep what is read may nest.
pub(super) fn depth(go: usize) -> usize {
    let most = limits::of(Limit::YamlDepth).min(limits::levels());
    go.min(usize::try_from(most).unwrap_or(usize::MAX))
}

/// Says that a text nests deeper than [`depth`] allows.
pub(super) fn too_deep() -> Exceeded {
    match limits::charge(Limit::YamlDepth, limits::levels()) {
        Err(exceeded) => exceeded,
        Ok(()) => limits::too_deep(),
    }
}
