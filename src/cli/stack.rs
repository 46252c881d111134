//! A stack for the deepest recursion there may be.
//!
//! Where it can be had, it is one more stack for the first thread, not another thread: that would have to be
//! started, woken and ended, and to have a heap of its own, which is a tenth of the time of a short run.

use std::io;

/// Runs `work` to its end, or to its panic, on a stack of `size` bytes. Pages are only used once they are touched.
///
/// # Errors
///
/// Fails with the system's error, and nothing is run, if there is no room for such a stack.
pub(super) fn on_stack(size: usize, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    run(size, work)
}

#[cfg(linux_64)]
fn run(size: usize, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    use corosensei::{Coroutine, Yielder, stack::DefaultStack};

    let stack = DefaultStack::new(size)?;
    let mut coroutine = Coroutine::with_stack(stack, |_: &Yielder<(), ()>, ()| work());
    // It does not yield, so that this is all of it. A panic has been printed where it began.
    let run = std::panic::AssertUnwindSafe(|| {
        coroutine.resume(());
    });
    let _ = std::panic::catch_unwind(run);
    Ok(())
}

#[cfg(not(linux_64))]
fn run(size: usize, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let thread = std::thread::Builder::new().stack_size(size).spawn(work)?;
    // A panic has been printed where it began.
    let _ = thread.join();
    Ok(())
}
