//! What functions see of the machine.

use crate::diag::Diagnostic;
use crate::host::Host;
use crate::template::func::{CallContext, FuncError};
use crate::template::set::Environment;

/// The environment of a render and what is left of its bounds.
pub(super) struct Context<'s> {
    pub environment: &'s Environment<'s>,
    /// Bytes that may still be made.
    pub budget: u64,
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
        match self.budget.checked_sub(bytes as u64) {
            Some(left) => {
                self.budget = left;
                Ok(())
            }
            None => Err(FuncError::new(
                &b"render limit reached: bytes made by functions"[..],
            )),
        }
    }
}
