//! What the tests share: running programs, folders, reading test data, ratchets. No test of behaviour lives here.

pub mod archive;
pub mod folder;
pub mod json;
pub mod memory;
pub mod normal;
pub mod oracle;
pub mod process;
pub mod ratchet;
pub mod select;
pub mod shell;
pub mod text;
pub mod web;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_verta-render");

/// The top folder of the project.
pub fn project() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A path below `testdata/`.
pub fn testdata(path: &str) -> PathBuf {
    project().join("testdata").join(path)
}

/// Writes a line to the real standard error, past the capture of the test runner: counts must be seen even when all is well.
pub fn say(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Applies `work` to every item on as many threads as there are cores; results keep the order of the items.
pub fn on_all_cores<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let mut results: Vec<(usize, R)> = std::thread::scope(|scope| {
        let worker = || {
            let mut done = Vec::new();
            while let Some((index, item)) =
                Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|i| Some((i, items.get(i)?)))
            {
                done.push((index, work(item)));
            }
            done
        };
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        handles
            .into_iter()
            .flat_map(|handle| {
                handle
                    .join()
                    .expect("a case panicked; its message is above")
            })
            .collect()
    });
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}
