//! How much of a document may come from aliases, so that a few lines cannot grow
//! into gigabytes.
//!
//! Go: `decode.go` of `go.yaml.in/yaml/v2`.

use super::YamlError;

/// What go-yaml allows aliases to cost: it counts decoded nodes, and those reached
/// through aliases must not be more than a share of all.
#[derive(Default)]
pub(super) struct AliasBudget {
    decoded: u64,
    aliased: u64,
    /// How many aliases are being followed.
    depth: usize,
}

impl AliasBudget {
    /// Counts nodes outside of all aliases.
    pub(super) fn spend_plain(&mut self, nodes: u64) {
        self.decoded += nodes;
    }

    /// What is counted from here on is reached through an alias.
    pub(super) fn follow(&mut self) {
        self.depth += 1;
    }

    /// The end of an alias.
    pub(super) fn unfollow(&mut self) {
        self.depth -= 1;
    }

    /// Counts a node.
    pub(super) fn spend(&mut self) -> Result<(), YamlError> {
        self.decoded += 1;
        if self.depth == 0 {
            return Ok(());
        }
        self.aliased += 1;
        if self.aliased > 100
            && self.decoded > 1000
            && self.aliased as f64 / self.decoded as f64 > self.allowed_share()
        {
            return Err(YamlError::decode("document contains excessive aliasing"));
        }
        Ok(())
    }

    /// 99% up to 400,000 nodes, falling to 10% at 4,000,000.
    fn allowed_share(&self) -> f64 {
        const LOW: u64 = 400_000;
        const HIGH: u64 = 4_000_000;
        match self.decoded {
            n if n <= LOW => 0.99,
            n if n >= HIGH => 0.10,
            n => 0.99 - 0.89 * ((n - LOW) as f64 / (HIGH - LOW) as f64),
        }
    }
}
