//! How much of a document may come from aliases, so that a few lines cannot grow
//! into gigabytes.
//!
//! Go: `decode.go` of `go.yaml.in/yaml/v2`.

use super::YamlError;
use crate::limits::{self, Limit};

/// What go-yaml allows aliases to cost: it counts decoded nodes, and those reached
/// through aliases must not be more than a share of all.
pub(super) struct AliasBudget {
    decoded: u64,
    aliased: u64,
    /// How many aliases are being followed.
    depth: usize,
    /// How many nodes there may be.
    most: u64,
}

impl Default for AliasBudget {
    fn default() -> AliasBudget {
        AliasBudget {
            decoded: 0,
            aliased: 0,
            depth: 0,
            most: limits::of(Limit::YamlNodes),
        }
    }
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
    #[inline]
    pub(super) fn spend(&mut self) -> Result<(), YamlError> {
        self.decoded += 1;
        if self.decoded & 0xFFFF == 0 {
            self.look()?;
        }
        if self.depth == 0 {
            return Ok(());
        }
        self.spend_aliased()
    }

    #[cold]
    fn spend_aliased(&mut self) -> Result<(), YamlError> {
        self.aliased += 1;
        if self.aliased > 100
            && self.decoded > 1000
            && self.aliased as f64 / self.decoded as f64 > self.allowed_share()
        {
            return Err(YamlError::decode("document contains excessive aliasing"));
        }
        Ok(())
    }

    #[cold]
    fn look(&self) -> Result<(), YamlError> {
        let fine = limits::check().and_then(|()| match self.decoded > self.most {
            true => limits::charge(Limit::YamlNodes, self.decoded),
            false => Ok(()),
        });
        fine.map_err(|exceeded| YamlError::decode(&exceeded.to_string()))
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
