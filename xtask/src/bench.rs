//! Times whole runs of the program against helm on the same charts, and prints a table.
//!
//! Runs alternate, so that a machine that slows down slows down both; outputs must be equal before anything is timed.

use crate::{absolute, cargo, oracle, project, run, target};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A chart and further arguments.
const CASES: &[(&str, &[&str])] = &[
    ("charts/verta", &[]),
    ("charts/verta", &["-f", "charts/verta/values-dev.yaml"]),
    ("charts/verta", &["-f", "charts/verta/values-prod.yaml"]),
    ("testdata/charts/starter", &[]),
    ("testdata/charts/umbrella", &[]),
    ("testdata/charts/library-user", &[]),
];

/// What was measured of one program on one case.
struct Measured {
    time: Duration,
    /// Peak of resident memory in KiB, where it can be told.
    memory: Option<u64>,
}

/// `bench-helm [--runs N] [--bin PATH]`.
pub fn against_helm(args: &[String]) -> Result<(), String> {
    let (mut runs, mut program) = (20_usize, None);
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let value = args.next().ok_or_else(|| format!("{arg} needs a value"))?;
        match arg.as_str() {
            "--runs" => {
                runs = value
                    .parse()
                    .ok()
                    .filter(|runs| *runs > 0)
                    .ok_or("--runs needs a number")?
            }
            "--bin" => program = Some(absolute(value)?),
            _ => return Err(format!("unknown option {arg}")),
        }
    }
    let helm = oracle::locate()?;
    let ours = match program {
        Some(path) => path,
        None => {
            run(cargo().args(["build", "--quiet", "--release", "--bin", "verta-render"]))?;
            target().join("release/verta-render")
        }
    };
    println!("Medians of {runs} whole runs each, in alternation; output compared equal first.\n");
    println!(
        "| `template rel CHART` | helm ms | verta-render ms | times faster | helm MiB | verta-render MiB |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    for (chart, more) in CASES {
        if !project().join(chart).join("Chart.yaml").is_file() {
            return Err(format!("there is no chart {chart}"));
        }
        let arguments: Vec<&str> = ["template", "rel", chart]
            .iter()
            .chain(more.iter())
            .copied()
            .collect();
        let outputs = [&helm, &ours].map(|program| command(program, &arguments).output());
        let [theirs, our_own] =
            outputs.map(|output| output.map_err(|error| format!("{chart}: {error}")));
        let (theirs, our_own) = (theirs?, our_own?);
        if !theirs.status.success()
            || theirs.stdout != our_own.stdout
            || theirs.status != our_own.status
        {
            return Err(format!(
                "{}: the outputs differ, so nothing is timed",
                arguments.join(" ")
            ));
        }
        let (helm, ours) = measure(&helm, &ours, &arguments, runs)?;
        let ratio = helm.time.as_secs_f64() / ours.time.as_secs_f64();
        let millis = |measured: &Measured| measured.time.as_secs_f64() * 1000.0;
        let memory = |measured: &Measured| {
            measured.memory.map_or_else(
                || "?".to_owned(),
                |kib| format!("{:.1}", kib as f64 / 1024.0),
            )
        };
        let name = arguments[2..].join(" ");
        println!(
            "| {name} | {:.1} | {:.2} | {ratio:.1} | {} | {} |",
            millis(&helm),
            millis(&ours),
            memory(&helm),
            memory(&ours)
        );
    }
    Ok(())
}

fn command(program: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(project())
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    command
}

fn measure(
    helm: &PathBuf,
    ours: &PathBuf,
    arguments: &[&str],
    runs: usize,
) -> Result<(Measured, Measured), String> {
    let once = |program: &PathBuf| {
        let mut command = command(program, arguments);
        command.stdout(Stdio::null());
        let begin = Instant::now();
        run(&mut command)?;
        Ok::<Duration, String>(begin.elapsed())
    };
    let (mut theirs, mut our_own) = (Vec::new(), Vec::new());
    for round in 0..=runs {
        let pair = (once(helm)?, once(ours)?);
        // The first round fills the caches of the system.
        if round > 0 {
            theirs.push(pair.0);
            our_own.push(pair.1);
        }
    }
    let summary = |mut times: Vec<Duration>, program| {
        times.sort();
        Measured {
            time: times[times.len() / 2],
            memory: peak_memory(program, arguments),
        }
    };
    Ok((summary(theirs, helm), summary(our_own, ours)))
}

/// The peak of resident memory of one run, as `/usr/bin/time` tells it.
///
/// Without that program nothing is told: a run started from a larger process inherits the peak of that process.
fn peak_memory(program: &Path, arguments: &[&str]) -> Option<u64> {
    let mut time = Command::new("/usr/bin/time");
    time.args(["-f", "%M"])
        .arg(program)
        .args(arguments)
        .current_dir(project());
    let done = time
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output()
        .ok()?;
    String::from_utf8_lossy(&done.stderr)
        .lines()
        .last()?
        .trim()
        .parse()
        .ok()
}
