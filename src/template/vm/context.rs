//! What functions see of the machine, and what they have used of its bounds.

use crate::diag::Diagnostic;
use crate::host::Host;
use crate::limits::{self, Exceeded, Limit};
use crate::template::func::{CallContext, FuncError};
use crate::template::set::Environment;

/// How many bytes may be read and made before the clock is looked at.
const LOOK: u64 = 1 << 20;

/// The environment of a render and what is left of its bounds.
pub(super) struct Context<'s> {
    pub environment: &'s Environment<'s>,
    /// Bytes that may still be read and made.
    left: u64,
    /// How many there may be left when the clock is looked at next.
    next_look: u64,
    /// Bytes of values made since those alive were counted.
    made: u64,
    /// Bytes of values that were alive then.
    alive: u64,
}

impl<'s> Context<'s> {
    pub fn new(environment: &'s Environment<'s>) -> Self {
        let left = environment
            .limits
            .work
            .saturating_sub(limits::spent(Limit::Work));
        Context {
            environment,
            left,
            next_look: left.saturating_sub(LOOK),
            made: 0,
            alive: 0,
        }
    }

    /// Counts bytes that a function read or wrote; true if it is time to look how things stand.
    #[inline]
    pub fn note(&mut self, bytes: usize) -> bool {
        self.left = self.left.saturating_sub(bytes as u64);
        self.left <= self.next_look || limits::is_tripped()
    }

    /// Looks at the clock and what has been used.
    #[cold]
    pub fn look(&mut self) -> Result<(), Exceeded> {
        let most = self.environment.limits.work;
        if self.left == 0 {
            return Err(Exceeded::new(Limit::Work, most));
        }
        let spent = limits::spent(Limit::Work);
        let used = most.saturating_sub(self.left).saturating_sub(spent);
        self.next_look = self.left.saturating_sub(LOOK);
        limits::spend(Limit::Work, used)?;
        limits::check()
    }

    /// Counts a text that was made.
    #[inline]
    pub fn made(&mut self, bytes: usize) {
        self.made += bytes as u64;
    }

    /// Reports whether so much was made that what is alive should be counted.
    pub fn is_count_due(&self) -> bool {
        self.made > self.environment.limits.memory / 4
    }

    /// Takes note of how much is alive.
    pub fn counted(&mut self, alive: u64) -> Result<(), Exceeded> {
        self.alive = alive;
        self.made = 0;
        let most = self.environment.limits.memory;
        if alive > most {
            return Err(Exceeded::new(Limit::Memory, most));
        }
        Ok(())
    }

    fn check_room(&self) -> Result<(), Exceeded> {
        let most = self.environment.limits.memory;
        if self.alive + self.made > most.saturating_add(most / 2) {
            return Err(Exceeded::new(Limit::Memory, most));
        }
        Ok(())
    }
}

impl Drop for Context<'_> {
    fn drop(&mut self) {
        // What is over is told by whoever uses more.
        let most = self.environment.limits.work;
        let spent = limits::spent(Limit::Work);
        let used = most.saturating_sub(self.left).saturating_sub(spent);
        let _ = limits::spend(Limit::Work, used);
    }
}

impl CallContext for Context<'_> {
    fn host(&self) -> &dyn Host {
        self.environment.host
    }

    fn is_lint(&self) -> bool {
        self.environment.lint
    }

    fn dns_allowed(&self) -> bool {
        self.environment.dns
    }

    fn log(&mut self, message: Diagnostic) {
        if let Some(sink) = self.environment.sink {
            sink.push(message);
        }
    }

    fn charge(&mut self, bytes: usize) -> Result<(), FuncError> {
        self.made = self.made.saturating_add(bytes as u64);
        self.check_room()?;
        // The machine looks how things stand when the function is done.
        self.note(bytes);
        Ok(())
    }

    fn check(&self, limit: Limit, size: usize) -> Result<(), FuncError> {
        let most = self.environment.limits.get(limit);
        if size as u64 > most {
            return Err(Exceeded::new(limit, most).into());
        }
        Ok(())
    }
}
