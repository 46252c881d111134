//! One run of the program, with its time and memory.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Milliseconds after which a run hangs.
pub(super) const LONGEST: u64 = 10_000;

/// What a run did.
pub(super) struct Ended {
    /// None if a signal ended it.
    pub exit: Option<i32>,
    pub stderr: String,
    pub milliseconds: u64,
    /// The most memory it was seen with, in MiB.
    pub peak: u64,
    pub untrusted: bool,
}

/// How much memory a run may take, in MiB.
pub(super) fn most(untrusted: bool) -> u64 {
    if untrusted { 400 } else { 1500 }
}

/// Runs the program. It is killed when it hangs, and fails when it asks for far more memory than it may take.
pub(super) fn run(
    program: &Path,
    arguments: &[&str],
    folder: &Path,
    untrusted: bool,
) -> Result<Ended, String> {
    let begun = Instant::now();
    // The stack of its thread is part of the addresses, and heaps of threads reserve more than they use.
    let addresses = (most(untrusted) + 1024) * 1024;
    let script = format!("ulimit -c 0; ulimit -v {addresses}; exec \"$0\" \"$@\"");
    let mut child = Command::new("sh")
        .args(["-c", &script])
        .arg(program)
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    let mut pipe = child.stderr.take().ok_or("no standard error")?;
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        bytes
    });
    let mut peak = 0;
    let status = loop {
        peak = peak.max(resident(child.id()));
        if let Some(status) = child.try_wait().map_err(|e| e.to_string())? {
            break status;
        }
        if begun.elapsed() > Duration::from_millis(2 * LONGEST) {
            child.kill().map_err(|e| e.to_string())?;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    let stderr = reader.join().unwrap_or_default();
    Ok(Ended {
        exit: status.code(),
        stderr: String::from_utf8_lossy(&stderr).into_owned(),
        milliseconds: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        peak: peak / 1024,
        untrusted,
    })
}

/// The most memory a process has had so far, in KiB; 0 where the system does not tell.
fn resident(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or_default()
}
