//! The host of the program: the system's, and the first thread for work beside a command.
//!
//! A command runs on a thread with a large stack. The first thread of the process has nothing else to do, and need
//! not be started.

use crate::host::{Host, SystemHost};
use crate::sandbox;

/// The system, and the thread that waits.
#[derive(Clone, Copy, Debug)]
pub(super) struct ProgramHost;

impl Host for ProgramHost {
    fn now(&self) -> (i64, u32) {
        SystemHost.now()
    }

    fn random(&self, buffer: &mut [u8]) -> Result<(), String> {
        SystemHost.random(buffer)
    }

    fn resolve(&self, name: &str) -> Option<String> {
        SystemHost.resolve(name)
    }

    fn local_zone(&self) -> String {
        SystemHost.local_zone()
    }

    fn beside(&self, work: Box<dyn FnOnce() + Send>) {
        sandbox::lend(work);
    }

    fn zone_file(&self, path: &str) -> Option<Vec<u8>> {
        SystemHost.zone_file(path)
    }
}
