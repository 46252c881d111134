//! What the process may still do once it looks at a chart that somebody else wrote.
//!
//! A command has read its arguments and the files they name; then it says in [`Needs`] what
//! is left to read and to write, and calls [`enter`]. From then on the system itself refuses
//! other files, the network and other programs, to all threads, until the process ends: what
//! our own checks should let through by mistake ends here. It is done for `--untrusted`, by
//! the program alone: a library does not lock up the process it is used in.
//!
//! Linux: Landlock for files and connections, seccomp for system calls. Elsewhere, and on
//! kernels without them, all else holds; `--debug` tells what is active.

#[cfg(all(feature = "cli", linux_64))]
mod linux;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::diag::{Diagnostic, Level, Sink};
use crate::limits::{self, Trust};

/// What a command still needs.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Needs {
    /// Files and directories to read.
    pub read: Vec<PathBuf>,
    /// Directories to write to, which must be there.
    pub write: Vec<PathBuf>,
    /// Whether it talks to servers.
    pub connect: bool,
}

/// Whether this process is the program's own.
static IS_OURS: AtomicBool = AtomicBool::new(false);

/// Makes it possible to confine this process. It has one thread yet: those that come later are
/// confined as the one that starts them.
pub fn claim() {
    IS_OURS.store(true, Ordering::Relaxed);
}

/// Gives up all that is not needed any more, if the chart of the operation under way is not
/// trusted and this is the program; notes what is active.
pub fn enter(needs: &Needs, sink: &Sink) {
    // It happens once.
    if limits::trust() == Trust::Trusted || !IS_OURS.swap(false, Ordering::Relaxed) {
        return;
    }
    let active = lock_up(needs);
    sink.push(
        Diagnostic::log(Level::Debug, "confined for an untrusted chart")
            .with("files", active.files)
            .with("calls", active.calls),
    );
}

/// What holds, in words.
struct Active {
    /// For files and connections.
    files: String,
    /// For system calls.
    calls: String,
}

#[cfg(all(feature = "cli", linux_64))]
fn lock_up(needs: &Needs) -> Active {
    Active {
        files: linux::restrict_files(needs),
        calls: linux::restrict_calls(needs),
    }
}

#[cfg(not(all(feature = "cli", linux_64)))]
fn lock_up(_: &Needs) -> Active {
    let none = || "not on this system".to_owned();
    Active {
        files: none(),
        calls: none(),
    }
}

#[cfg(all(test, feature = "cli", linux_64))]
mod tests;
