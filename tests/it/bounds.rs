//! Charts that want all memory, or all time: each meets a limit, whose name and flag the error tells.
//!
//! Every attack is run as a process of its own, with `--untrusted` and without it; exit status, text, time and peak memory are
//! looked at. Where the default limits are such that an unoptimised program would take minutes to reach them, the run
//! without `--untrusted` has a smaller one.

mod attacks;
mod products;

use crate::support::folder::Folder;
use crate::support::memory::most_memory;
use crate::support::text::readable;
use crate::support::{PROGRAM, on_all_cores};
use attacks::{Attack, Expected};
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// An unoptimised build on a busy machine gets this long.
const LIMIT: Duration = Duration::from_secs(60);

/// The most memory that an untrusted chart may take, in MiB.
const UNTRUSTED_PEAK: u64 = 512;

/// The same by default.
const DEFAULT_PEAK: u64 = 1600;

/// What a process did.
struct Ended {
    /// `None` if a signal or the test ended it.
    exit: Option<i32>,
    stderr: String,
    time: Duration,
    /// The most memory it had at once, in MiB.
    peak: u64,
}

/// Runs the program and watches its memory.
fn run(arguments: &[String], folder: &Folder) -> Ended {
    let begun = Instant::now();
    let mut child = Command::new(PROGRAM)
        .args(arguments)
        .current_dir(folder.path())
        .env_clear()
        .env("HOME", folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program can be started");
    let mut pipe = child.stderr.take().expect("stderr is piped");
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        bytes
    });
    let mut peak = 0;
    let status = loop {
        peak = peak.max(most_memory(child.id()));
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            break status;
        }
        if begun.elapsed() > LIMIT {
            child.kill().expect("a child can be killed");
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    let stderr = reader.join().expect("the reader does not panic");
    Ended {
        exit: status.code(),
        stderr: String::from_utf8_lossy(&stderr).into_owned(),
        time: begun.elapsed(),
        peak: peak / 1024,
    }
}

/// Returns what is wrong with how an attack ended.
fn complaint(attack: &Attack, untrusted: bool) -> Option<String> {
    let folder = Folder::new();
    for (path, bytes) in &attack.files {
        folder.put(path, bytes);
    }
    let mut arguments: Vec<String> = attack.arguments.iter().map(|&a| a.to_owned()).collect();
    if untrusted {
        arguments.push("--untrusted".to_owned());
    } else {
        arguments.extend(attack.by_default.iter().map(|&a| a.to_owned()));
    }
    let ended = run(&arguments, &folder);
    let most = if untrusted {
        UNTRUSTED_PEAK
    } else {
        DEFAULT_PEAK
    };
    let shown: String = readable(ended.stderr.as_bytes())
        .chars()
        .take(1500)
        .collect();
    let mut wrong = Vec::new();
    match (&attack.expected, ended.exit) {
        (_, None) => wrong.push("it was ended by a signal or its time was up".to_owned()),
        (Expected::Limit(name), Some(1)) => {
            let named = format!("(limit {name}, --limit-{name})");
            if !ended.stderr.contains(&named) {
                wrong.push(format!("the error does not say {named:?}"));
            }
        }
        (Expected::MuchWork, Some(1)) => {
            let limits = ["time", "work", "memory"];
            let is_named = |limit: &&str| {
                ended
                    .stderr
                    .contains(&format!("(limit {limit}, --limit-{limit})"))
            };
            if !limits.iter().any(is_named) {
                wrong.push("no such limit is named".to_owned());
            }
        }
        (Expected::Error(text), Some(1)) => {
            if !ended.stderr.contains(text) {
                wrong.push(format!("the error does not say {text:?}"));
            }
        }
        (Expected::Nothing, Some(0)) => {}
        (_, Some(exit)) => wrong.push(format!("exit status {exit}")),
    }
    if attack.in_template && !ended.stderr.contains("c/templates/") {
        wrong.push("the error names no place".to_owned());
    }
    if ended.stderr.contains("panicked") {
        wrong.push("it panicked".to_owned());
    }
    if ended.peak > most {
        wrong.push(format!("{} MiB of memory", ended.peak));
    }
    if wrong.is_empty() {
        return None;
    }
    let mode = if untrusted { "untrusted" } else { "default" };
    let (name, wrong) = (attack.name, wrong.join("; "));
    let (time, peak) = (ended.time.as_secs_f32(), ended.peak);
    Some(format!(
        "{name} ({mode}, {time:.1} s, {peak} MiB): {wrong}\n{shown}\n"
    ))
}

#[test]
fn every_attack_meets_a_limit() {
    let mut attacks = attacks::all();
    attacks.extend(products::all());
    assert!(attacks.len() >= 60, "{}", attacks.len());
    let cases: Vec<(&Attack, bool)> = attacks
        .iter()
        .flat_map(|attack| [(attack, true), (attack, false)])
        .collect();
    let complaints = on_all_cores(&cases, |(attack, untrusted)| complaint(attack, *untrusted));
    let complaints: Vec<String> = complaints.into_iter().flatten().collect();
    assert!(
        complaints.is_empty(),
        "{} wrong\n{}",
        complaints.len(),
        complaints.join("\n")
    );
}

#[test]
fn limits_are_all_attacked() {
    use verta_render::limits::Limit;
    let attacks = attacks::all();
    for limit in Limit::ALL {
        let name = limit.spec().name;
        let is_met = |attack: &Attack| match attack.expected {
            Expected::Limit(met) => met == name,
            _ => attack.covers.contains(&name),
        };
        assert!(attacks.iter().any(is_met), "no attack on {name}");
    }
}
