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

#[cfg(all(
    feature = "cli",
    target_os = "linux",
    any(
        target_arch = "x86_64",
        target_arch = "aarch64",
        target_arch = "riscv64"
    )
))]
mod linux;

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use crate::diag::{Diagnostic, Level, Sink};
use crate::limits::{self, Trust};

/// What a command still needs.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct Needs {
    /// Files and directories to read.
    pub read: Vec<PathBuf>,
    /// Directories to write to, which must be there.
    pub write: Vec<PathBuf>,
}

/// What the first thread is told.
enum Order {
    /// To run something: work beside the command, or to lock itself up, which no other thread can.
    Run(Box<dyn FnOnce() + Send>),
    /// That there is nothing more to come.
    Leave,
}

/// The way to the first thread, once it is listening.
static ORDERS: OnceLock<Sender<Order>> = OnceLock::new();

/// The first thread of the program, which waits for the one that works.
pub struct Attendant(Receiver<Order>);

impl Attendant {
    /// Makes it possible to confine this process.
    #[expect(
        clippy::new_without_default,
        reason = "it is made once, by who runs the program"
    )]
    pub fn new() -> Attendant {
        let (sender, receiver) = channel();
        // A second one would wait for ever, were it not told to leave.
        if let Err(sender) = ORDERS.set(sender) {
            let _ = sender.send(Order::Leave);
        }
        Attendant(receiver)
    }

    /// Does as it is told, until the other thread ends.
    pub fn attend<T>(self, worker: JoinHandle<T>) -> thread::Result<T> {
        while let Ok(Order::Run(order)) = self.0.recv() {
            order();
        }
        worker.join()
    }
}

/// Lets the attendant go when the working thread ends, however that comes about.
pub struct AtWork;

impl Drop for AtWork {
    fn drop(&mut self) {
        if let Some(orders) = ORDERS.get() {
            // Nobody waits any more if it cannot be sent.
            let _ = orders.send(Order::Leave);
        }
    }
}

/// Gives the first thread something to do. Without that thread, or after its time, it is not done.
pub fn lend(work: Box<dyn FnOnce() + Send>) {
    if let Some(orders) = ORDERS.get() {
        // Nobody relies on it.
        let _ = orders.send(Order::Run(work));
    }
}

/// Gives up all that is not needed any more, if the chart of the operation under way is not
/// trusted and this is the program; notes what is active.
pub fn enter(needs: &Needs, sink: &Sink) {
    static ENTERED: AtomicBool = AtomicBool::new(false);
    let Some(orders) = ORDERS.get() else { return };
    if limits::trust() == Trust::Trusted || ENTERED.swap(true, Ordering::Relaxed) {
        return;
    }
    let active = lock_up(needs, orders);
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

#[cfg(all(
    feature = "cli",
    target_os = "linux",
    any(
        target_arch = "x86_64",
        target_arch = "aarch64",
        target_arch = "riscv64"
    )
))]
fn lock_up(needs: &Needs, orders: &Sender<Order>) -> Active {
    let (told, answer) = channel();
    let for_attendant = needs.clone();
    let order = Order::Run(Box::new(move || {
        // The other end waits for it.
        let _ = told.send(linux::restrict_files(&for_attendant));
    }));
    let elsewhere = match orders.send(order) {
        Ok(()) => answer.recv().ok(),
        Err(_) => None,
    };
    let files = linux::restrict_files(needs);
    Active {
        files: match elsewhere {
            Some(first) if first == files => files,
            _ => format!("{files}, on this thread"),
        },
        calls: linux::restrict_calls(),
    }
}

#[cfg(not(all(
    feature = "cli",
    target_os = "linux",
    any(
        target_arch = "x86_64",
        target_arch = "aarch64",
        target_arch = "riscv64"
    )
)))]
fn lock_up(_: &Needs, _: &Sender<Order>) -> Active {
    let none = || "not on this system".to_owned();
    Active {
        files: none(),
        calls: none(),
    }
}

#[cfg(all(
    test,
    feature = "cli",
    target_os = "linux",
    any(
        target_arch = "x86_64",
        target_arch = "aarch64",
        target_arch = "riscv64"
    )
))]
mod tests;
