//! What is said when a limit is reached.

use std::fmt;

use super::{Limit, Unit};

/// A limit was reached, or the operation was cancelled.
///
/// Displays which limit it was and the flag that raises it.
///
/// # Examples
///
/// ```
/// use verta_render::limits::{Exceeded, Limit};
///
/// let error = Exceeded::new(Limit::Steps, 1000);
/// assert_eq!(error.to_string(), "more than 1000 steps (limit steps, --limit-steps)");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Exceeded {
    /// None if the operation was cancelled.
    limit: Option<(Limit, u64)>,
}

impl Exceeded {
    /// What is said of a limit whose value is `value`.
    pub const fn new(limit: Limit, value: u64) -> Exceeded {
        Exceeded {
            limit: Some((limit, value)),
        }
    }

    /// What is said when the operation was cancelled.
    pub const CANCELLED: Exceeded = Exceeded { limit: None };

    /// Returns the limit, none if the operation was cancelled.
    pub fn limit(&self) -> Option<Limit> {
        self.limit.map(|(limit, _)| limit)
    }
}

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((limit, value)) = self.limit else {
            return f.write_str("cancelled");
        };
        let spec = limit.spec();
        match spec.unit {
            Unit::Time => write!(f, "more than {} {}", limit.show(value), spec.counts)?,
            Unit::Bytes | Unit::Count => write!(f, "more than {value} {}", spec.counts)?,
        }
        write!(f, " (limit {}, --{})", spec.name, spec.flag)
    }
}

impl std::error::Error for Exceeded {}
