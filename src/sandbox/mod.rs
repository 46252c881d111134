//! What the process may still do once it looks at a chart that somebody else wrote.
//!
//! A command has read its arguments and the files they name; then it says in [`Needs`] what
//! is left to read and to write, and calls [`enter`]. From then on the system itself refuses
//! other files, the network and other programs, to all threads, until the process ends: what
//! our own checks should let through by mistake ends here. A command that fetches the chart first
//! calls [`enter_for_now`] before, with all that it needs until it is done. It is done for `--untrusted`,
//! by the program alone: a library does not lock up the process it is used in.
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

/// Whether this process is the program's own, and may still be confined for good.
static IS_OURS: AtomicBool = AtomicBool::new(false);

/// Whether it is confined for now.
static IS_WAITING: AtomicBool = AtomicBool::new(false);

/// Makes it possible to confine this process. It has one thread yet: those that come later are
/// confined as the one that starts them.
pub fn claim() {
    IS_OURS.store(true, Ordering::Relaxed);
}

/// Gives up all that is not needed any more, if the chart of the operation under way is not
/// trusted and this is the program; notes what is active.
pub fn enter(needs: &Needs, sink: &Sink) {
    // It happens once.
    if limits::trust() == Trust::Untrusted && IS_OURS.swap(false, Ordering::Relaxed) {
        lock_up(needs, Hold::ForGood).note("confined for an untrusted chart", sink);
    }
}

/// As [`enter`], which can follow once and give up more: what it leaves must be among these needs.
pub fn enter_for_now(needs: &Needs, sink: &Sink) {
    let may_enter = limits::trust() == Trust::Untrusted && IS_OURS.load(Ordering::Relaxed);
    if may_enter && !IS_WAITING.swap(true, Ordering::Relaxed) {
        lock_up(needs, Hold::ForNow).note("confined for fetching", sink);
    }
}

/// Whether what is given up is all that will be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hold {
    /// More can be given up.
    ForNow,
    ForGood,
}

/// What holds, in words.
struct Active {
    /// For files and connections.
    files: String,
    /// For system calls.
    calls: String,
}

impl Active {
    fn note(self, text: &str, sink: &Sink) {
        sink.push(
            Diagnostic::log(Level::Debug, text)
                .with("files", self.files)
                .with("calls", self.calls),
        );
    }
}

#[cfg(all(feature = "cli", linux_64))]
fn lock_up(needs: &Needs, hold: Hold) -> Active {
    Active {
        files: linux::restrict_files(needs),
        calls: linux::restrict_calls(needs, hold),
    }
}

#[cfg(not(all(feature = "cli", linux_64)))]
fn lock_up(_: &Needs, _: Hold) -> Active {
    let none = || "not on this system".to_owned();
    Active {
        files: none(),
        calls: none(),
    }
}

#[cfg(all(test, feature = "cli", linux_64))]
mod tests;
