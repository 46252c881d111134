//! A running count within one piece of work.

use super::{Exceeded, Limit, charge, is_tripped, work};

/// How much may be counted before time and work are looked at.
const LOOK: u64 = 1 << 16;

/// Counts towards a limit while one value is walked, copied or written, and looks at the clock on the way.
///
/// # Examples
///
/// ```
/// use verta_render::limits::{Bounds, Limit, Limits, Meter};
///
/// let limits = Limits { memory: 1000, ..Limits::default() };
/// Bounds { limits, ..Bounds::default() }.within(|| {
///     let mut meter = Meter::new(Limit::Memory);
///     assert!(meter.add(999).is_ok());
///     assert!(meter.add(2).is_err());
/// });
/// ```
#[derive(Debug)]
pub struct Meter {
    limit: Limit,
    used: u64,
    next_look: u64,
    most: u64,
}

impl Meter {
    /// Returns a meter that stands at nothing.
    pub fn new(limit: Limit) -> Meter {
        let most = super::of(limit);
        Meter {
            limit,
            used: 0,
            next_look: LOOK.min(most.saturating_add(1)),
            most,
        }
    }

    /// Counts an amount.
    ///
    /// # Errors
    ///
    /// Fails if it is too much, and from then on, whatever is added.
    #[inline]
    pub fn add(&mut self, amount: u64) -> Result<(), Exceeded> {
        self.used = self.used.saturating_add(amount);
        if self.used >= self.next_look || is_tripped() {
            return self.look();
        }
        Ok(())
    }

    #[cold]
    fn look(&mut self) -> Result<(), Exceeded> {
        if let Some(exceeded) = super::exceeded() {
            return Err(exceeded);
        }
        if self.used > self.most {
            return charge(self.limit, self.used);
        }
        let since = self.used - self.next_look.saturating_sub(LOOK).min(self.used);
        self.next_look = self
            .used
            .saturating_add(LOOK)
            .min(self.most.saturating_add(1));
        work(since)
    }
}
