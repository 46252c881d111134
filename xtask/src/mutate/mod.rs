//! `cargo xtask mutate`: charts and archives, damaged at random, must not break the program.
//!
//! Every chart of the project is a seed. Case N depends on the seed number and N alone: it takes a chart, damages it a few
//! times ([`damage`]), as files or packed ([`packed`]), and runs the program on it, each command with `--untrusted` and
//! without ([`watch`]). A panic, a signal, more than ten seconds, or more memory than allowed is a finding: the case
//! is left in `target/mutate/finding-N`, and the task fails.

mod damage;
mod packed;
mod watch;

use crate::fuzz_helm::rng::Rng;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use watch::Ended;

/// Files of a chart by their paths from its top folder on.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// The commands each case is given to, beside `template`.
const OTHERS: [&[&str]; 4] = [
    &["lint"],
    &["package", "-d", "out"],
    &["show", "all"],
    &["dependency", "list"],
];

struct Options {
    cases: u64,
    from: u64,
    seed: u64,
    program: PathBuf,
}

/// Runs the task.
pub(crate) fn mutate(args: &[String]) -> Result<(), String> {
    let options = Options::read(args)?;
    let seeds = seeds()?;
    let next = AtomicU64::new(options.from);
    let end = options.from + options.cases;
    let findings = Mutex::new(Vec::new());
    let runs = AtomicU64::new(0);
    let failure = Mutex::new(None);
    let slowest = Mutex::new((0, 0, 0));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let case = next.fetch_add(1, Ordering::Relaxed);
                    if case >= end {
                        return;
                    }
                    match run_case(&options, &seeds, case) {
                        Ok(outcome) => {
                            runs.fetch_add(outcome.runs, Ordering::Relaxed);
                            let mut slowest = lock(&slowest);
                            slowest.0 = slowest.0.max(outcome.milliseconds);
                            slowest.1 = slowest.1.max(outcome.peak);
                            slowest.2 += outcome.failed;
                            lock(&findings).extend(outcome.findings);
                        }
                        Err(error) => *lock(&failure) = Some(error),
                    }
                    if (case + 1).is_multiple_of(1000) {
                        println!("case {} done", case + 1);
                    }
                }
            });
        }
    });
    if let Some(error) = lock(&failure).take() {
        return Err(error);
    }
    let findings = findings.into_inner().unwrap_or_default();
    let (longest, peak, failed) = *lock(&slowest);
    println!(
        "{} cases (seed {}, {} to {}) of {} charts, {} runs, {failed} of them refused: {} findings; at most {longest} ms and {peak} MiB",
        options.cases,
        options.seed,
        options.from,
        end - 1,
        seeds.len(),
        runs.into_inner(),
        findings.len(),
    );
    for finding in &findings {
        println!("{finding}");
    }
    match findings.is_empty() {
        true => Ok(()),
        false => Err(format!("{} findings", findings.len())),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Options {
    fn read(args: &[String]) -> Result<Options, String> {
        let mut options = Options {
            cases: 1000,
            from: 0,
            seed: 1,
            program: crate::target().join("release/verta-render"),
        };
        let mut args = args.iter();
        while let Some(flag) = args.next() {
            let value = args.next().ok_or(format!("{flag} needs a value"))?;
            let number = || value.parse().map_err(|e| format!("{flag} {value}: {e}"));
            match flag.as_str() {
                "--cases" => options.cases = number()?,
                "--from" => options.from = number()?,
                "--seed" => options.seed = number()?,
                "--bin" => options.program = crate::absolute(value)?,
                _ => return Err(format!("no option {flag:?}; see `cargo xtask help`")),
            }
        }
        if !options.program.is_file() {
            let program = options.program.display();
            return Err(format!("there is no {program}: cargo build --release"));
        }
        Ok(options)
    }
}

/// All charts of the project.
fn seeds() -> Result<Vec<Files>, String> {
    let project = crate::project();
    let mut folders = vec![project.join("charts/verta")];
    for parent in ["testdata/charts", "testdata/charts/failing"] {
        let entries = fs::read_dir(project.join(parent)).map_err(|e| format!("{parent}: {e}"))?;
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        folders.extend(paths.filter(|path| path.join("Chart.yaml").is_file()));
    }
    folders.sort();
    let mut seeds = Vec::new();
    for folder in folders {
        let mut files = Files::new();
        read_folder(&folder, "", &mut files)?;
        seeds.push(files);
    }
    Ok(seeds)
}

fn read_folder(folder: &Path, prefix: &str, files: &mut Files) -> Result<(), String> {
    let shown = |e: std::io::Error| format!("{}: {e}", folder.display());
    for entry in fs::read_dir(folder).map_err(shown)? {
        let entry = entry.map_err(shown)?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            read_folder(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.insert(name, fs::read(entry.path()).map_err(shown)?);
        }
    }
    Ok(())
}

/// What came of one case.
struct Outcome {
    runs: u64,
    failed: u64,
    findings: Vec<String>,
    milliseconds: u64,
    peak: u64,
}

fn run_case(options: &Options, seeds: &[Files], case: u64) -> Result<Outcome, String> {
    let mut rng = Rng::new(options.seed, "mutate", case);
    let folder = crate::target().join(format!("mutate/case-{case}"));
    let shown = |e: std::io::Error| format!("{}: {e}", folder.display());
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("out")).map_err(shown)?;
    let mut files = seeds[rng.below(seeds.len())].clone();
    let is_packed = rng.below(3) == 0;
    for _ in 0..=rng.below(3) {
        damage::damage(&mut files, seeds, &mut rng);
    }
    let chart = if is_packed {
        let bytes = packed::pack(&files, &mut rng);
        fs::write(folder.join("chart.tgz"), bytes).map_err(shown)?;
        "chart.tgz"
    } else {
        for (name, bytes) in &files {
            let path = folder.join("chart").join(name);
            let parent = path.parent().unwrap_or(&folder);
            // A damaged name may be one the file system does not take, or a file where a folder was.
            if fs::create_dir_all(parent).is_ok() {
                let _ = fs::write(&path, bytes);
            }
        }
        "chart"
    };
    let mut outcome = Outcome {
        runs: 0,
        failed: 0,
        findings: Vec::new(),
        milliseconds: 0,
        peak: 0,
    };
    let other = OTHERS[rng.below(OTHERS.len())];
    for command in [&["template"][..], other] {
        for untrusted in [false, true] {
            let mut arguments: Vec<&str> = command.to_vec();
            arguments.push(chart);
            if untrusted {
                arguments.push("--untrusted");
            }
            let ended = watch::run(&options.program, &arguments, &folder, untrusted)?;
            outcome.runs += 1;
            outcome.failed += u64::from(ended.exit != Some(0));
            outcome.milliseconds = outcome.milliseconds.max(ended.milliseconds);
            outcome.peak = outcome.peak.max(ended.peak);
            if let Some(complaint) = complaint(&ended) {
                let line = arguments.join(" ");
                let found = format!("case {case}: {line}: {complaint}");
                outcome.findings.push(found);
            }
        }
    }
    if outcome.findings.is_empty() {
        fs::remove_dir_all(&folder).map_err(shown)?;
    } else {
        let kept = crate::target().join(format!("mutate/finding-{case}"));
        let _ = fs::remove_dir_all(&kept);
        fs::rename(&folder, kept).map_err(shown)?;
    }
    Ok(outcome)
}

fn complaint(ended: &Ended) -> Option<String> {
    let error: String = ended.stderr.chars().take(300).collect();
    match ended.exit {
        Some(0 | 1) if !ended.stderr.contains("panicked at") => {}
        Some(exit) => return Some(format!("exit status {exit}: {error}")),
        None => return Some(format!("ended by a signal: {error}")),
    }
    if ended.milliseconds > watch::LONGEST {
        return Some(format!("{} ms", ended.milliseconds));
    }
    (ended.peak > watch::most(ended.untrusted)).then(|| format!("{} MiB", ended.peak))
}
