//! Runs a program and collects what it did: [`Run`] in, [`Outcome`] out, never longer than its time limit.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Status of a program ended because its time was up.
pub const TIMED_OUT: i32 = -1000;

/// What a program run left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub exit: i32,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

/// One run of a program, with nothing inherited from the environment of the test.
pub struct Run<'a> {
    pub program: &'a Path,
    pub args: &'a [String],
    pub env: &'a [(String, String)],
    pub cwd: &'a Path,
    pub stdin: Vec<u8>,
    pub limit: Duration,
}

impl Run<'_> {
    /// Runs the program to its end, or to the end of its time.
    pub fn outcome(self) -> Outcome {
        let spawned = Command::new(self.program)
            .args(self.args)
            .env_clear()
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .current_dir(self.cwd)
            .stdin(if self.stdin.is_empty() {
                Stdio::null()
            } else {
                Stdio::piped()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        match spawned {
            Ok(child) => collect(child, self.stdin, self.limit),
            Err(error) => Outcome {
                exit: 127,
                stdout: Vec::new(),
                stderr: format!("cannot run {}: {error}\n", self.program.display()).into_bytes(),
            },
        }
    }
}

fn collect(mut child: Child, input: Vec<u8>, limit: Duration) -> Outcome {
    let deadline = Instant::now() + limit;
    let mut stdin = child.stdin.take();
    let mut stdout = child.stdout.take().expect("stdout is piped");
    let mut stderr = child.stderr.take().expect("stderr is piped");
    let child = Arc::new(Mutex::new(child));
    let (finished, watched) = channel::<()>();
    let guarded = Arc::clone(&child);
    let watchdog = std::thread::spawn(move || match watched.recv_timeout(limit) {
        Err(RecvTimeoutError::Timeout) => {
            let mut child = guarded.lock().expect("no thread panics with this lock");
            child.kill().expect("a child of ours can be killed");
            true
        }
        _ => false,
    });
    let writer = std::thread::spawn(move || {
        // A program may leave without reading its input; that is its own business.
        stdin.as_mut().map(|pipe| pipe.write_all(&input))
    });
    let errors = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = stderr.read_to_end(&mut bytes);
        bytes
    });
    let mut out = Vec::new();
    let _ = stdout.read_to_end(&mut out);
    let err = errors.join().expect("the reader of stderr does not panic");
    // A program may close its output and go on; waiting must leave the lock to the watchdog.
    let status = loop {
        let status = child
            .lock()
            .expect("no thread panics with this lock")
            .try_wait();
        match status.expect("a child of ours can be waited for") {
            Some(status) => break status,
            None if Instant::now() > deadline + Duration::from_secs(5) => {
                panic!("a killed program does not end")
            }
            None => std::thread::sleep(Duration::from_micros(200)),
        }
    };
    drop(finished);
    let _ = writer.join();
    if watchdog.join().expect("the watchdog does not panic") {
        return Outcome {
            exit: TIMED_OUT,
            stdout: out,
            stderr: b"Error: (test) timed out\n".to_vec(),
        };
    }
    Outcome {
        exit: exit_code(status),
        stdout: out,
        stderr: err,
    }
}

/// The exit status, or minus the number of the signal that ended the program.
fn exit_code(status: std::process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status
        .code()
        .unwrap_or_else(|| -status.signal().unwrap_or(999))
}
