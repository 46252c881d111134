//! Times whole runs of the program against helm and against the least a program can do, and prints a table.
//!
//! Runs alternate, so that a machine that slows down slows down all; outputs must be equal before anything is timed.

mod cases;
mod growth;
mod instructions;

pub use growth::growth;
pub use instructions::instructions;

use crate::{absolute, cargo, oracle, project, run, target};
use cases::{Case, Floor};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// One case is run as often as wanted, but not for longer than this.
const PATIENCE: Duration = Duration::from_secs(25);

/// What was measured of one program on one case.
struct Measured {
    time: Duration,
    /// Peak of resident memory in KiB, where it can be told.
    memory: Option<u64>,
}

/// `bench-helm [--runs N] [--bin PATH] [--only TEXT] [--write yes]`.
pub fn against_helm(args: &[String]) -> Result<(), String> {
    let (mut runs, mut program, mut only, mut writes) = (20_usize, None, String::new(), false);
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
            "--only" => only.clone_from(value),
            "--write" => writes = value == "yes",
            _ => return Err(format!("unknown option {arg}")),
        }
    }
    let helm = oracle::locate()?;
    let ours = match program {
        Some(path) => path,
        None => release_build()?,
    };
    let floor = floor_build()?;
    let mut lines = vec![
        format!("Medians of at most {runs} whole runs each, in alternation; output compared equal first.\n"),
        "| case | helm ms | verta-render ms | times faster | floor ms | of the floor | helm MiB | verta-render MiB | wanted |"
            .to_owned(),
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |".to_owned(),
    ];
    lines.iter().for_each(|line| println!("{line}"));
    for case in cases::all()? {
        if case.name.contains(&only) {
            let line = compare(&case, &helm, &ours, &floor, runs)?;
            println!("{line}");
            lines.push(line);
        }
    }
    lines.push(format!("\n{}", machine()));
    if writes {
        write_between("bench-helm", &lines.join("\n"))?;
    }
    Ok(())
}

/// Runs one case and returns its line of the table.
fn compare(
    case: &Case,
    helm: &Path,
    ours: &Path,
    floor: &Path,
    runs: usize,
) -> Result<String, String> {
    let output = |program: &Path| {
        let output = command(program, &case.arguments).output();
        output.map_err(|error| format!("{}: {error}", case.name))
    };
    let (theirs, own) = (output(helm)?, output(ours)?);
    if !theirs.status.success() || theirs.stdout != own.stdout || theirs.status != own.status {
        return Err(format!(
            "{}: the outputs differ, so nothing is timed",
            case.name
        ));
    }
    let written = target().join("bench/written");
    fs::create_dir_all(target().join("bench"))
        .and_then(|()| fs::write(&written, &own.stdout))
        .map_err(|error| format!("{}: {error}", written.display()))?;
    let mut programs: Vec<(PathBuf, Vec<String>)> = vec![
        (helm.to_owned(), case.arguments.clone()),
        (ours.to_owned(), case.arguments.clone()),
    ];
    if let Some(of_case) = &case.floor {
        programs.push((floor.to_owned(), floor_arguments(of_case, &written)));
    }
    let measured = measure(&programs, runs)?;
    let millis = |measured: &Measured| measured.time.as_secs_f64() * 1000.0;
    let memory = |measured: &Measured| {
        let kib = measured.memory.map(|kib| kib as f64 / 1024.0);
        kib.map_or_else(|| "?".to_owned(), |mib| format!("{mib:.1}"))
    };
    let (theirs, own) = (&measured[0], &measured[1]);
    let times = millis(theirs) / millis(own);
    let (least, of_least) = match measured.get(2) {
        Some(least) => (
            format!("{:.2}", millis(least)),
            format!("{:.1}", millis(own) / millis(least)),
        ),
        None => (String::new(), String::new()),
    };
    let mut wanted = Vec::new();
    let mut want =
        |holds: bool, what: String| wanted.push(if holds { what } else { format!("**{what}**") });
    if case.wanted > 0.0 {
        want(times >= case.wanted, format!("≥ {}", case.wanted));
    }
    if let (Some(within), Some(least)) = (case.within, measured.get(2)) {
        let holds = millis(own) <= within * millis(least);
        want(holds, format!("≤ {within} floors"));
    }
    Ok(format!(
        "| {} | {:.1} | {:.2} | {times:.1} | {least} | {of_least} | {} | {} | {} |",
        case.name,
        millis(theirs),
        millis(own),
        memory(theirs),
        memory(own),
        wanted.join(", ")
    ))
}

fn floor_arguments(floor: &Floor, written: &Path) -> Vec<String> {
    let mut arguments = vec![floor.chart.clone(), written.to_owned()];
    if floor.reads_values {
        arguments.push(floor.chart.join("values.yaml"));
    }
    if floor.reads_output {
        arguments.push(written.to_owned());
    }
    let words = arguments.iter().map(|path| path.to_string_lossy());
    words.map(|word| word.into_owned()).collect()
}

/// Builds the program as it is released.
fn release_build() -> Result<PathBuf, String> {
    run(cargo().args(["build", "--quiet", "--release", "--bin", "verta-render"]))?;
    Ok(target().join("release/verta-render"))
}

/// Builds `benches/floor.rs`.
fn floor_build() -> Result<PathBuf, String> {
    let build = cargo()
        .args(["build", "--profile", "bench", "--bench", "floor"])
        .args(["--message-format", "json"])
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cargo: {error}"))?;
    let text = String::from_utf8_lossy(&build.stdout);
    let executables = text.lines().filter_map(|line| {
        let (_, path) = line.split_once("\"executable\":\"")?;
        Some(PathBuf::from(path.split('"').next()?))
    });
    let mut floors = executables.filter(|path| path.to_string_lossy().contains("floor"));
    floors.next_back().ok_or("cargo built no floor".to_owned())
}

fn command(program: &Path, arguments: &[String]) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(project())
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// Runs programs in turn and returns the median of each.
fn measure(programs: &[(PathBuf, Vec<String>)], runs: usize) -> Result<Vec<Measured>, String> {
    let mut times = vec![Vec::new(); programs.len()];
    let begin = Instant::now();
    for round in 0..=runs {
        for ((program, arguments), times) in programs.iter().zip(&mut times) {
            let mut command = command(program, arguments);
            command.stdout(Stdio::null());
            let begin = Instant::now();
            run(&mut command)?;
            // The first round fills the caches of the system.
            if round > 0 {
                times.push(begin.elapsed());
            }
        }
        if round > 0 && begin.elapsed() > PATIENCE {
            break;
        }
    }
    let summary = |((program, arguments), mut times): (&(PathBuf, Vec<String>), Vec<Duration>)| {
        times.sort();
        Measured {
            time: times[times.len() / 2],
            memory: peak_memory(program, arguments),
        }
    };
    Ok(programs.iter().zip(times).map(summary).collect())
}

/// The peak of resident memory of one run, as `/usr/bin/time` tells it.
///
/// Without that program nothing is told: a run started from a larger process inherits the peak of that process.
fn peak_memory(program: &Path, arguments: &[String]) -> Option<u64> {
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

/// Says what it was measured on.
fn machine() -> String {
    let first_line = |program: &str, argument: &str| {
        let output = Command::new(program).arg(argument).output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Some(text.lines().next().unwrap_or_default().to_owned())
    };
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processors
        .lines()
        .find_map(|line| line.strip_prefix("model name\t: "));
    let count = std::thread::available_parallelism().map_or(0, |count| count.get());
    format!(
        "Machine: {count} cores, {}; {}; helm 4.3.1.",
        model.unwrap_or("of an unknown kind"),
        first_line("rustc", "--version").unwrap_or_default()
    )
}

/// Puts text between the marks of a name in `docs/performance.md`.
fn write_between(name: &str, text: &str) -> Result<(), String> {
    let path = project().join("docs/performance.md");
    let page = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let (begin, end) = (
        format!("<!-- {name} -->"),
        format!("<!-- end of {name} -->"),
    );
    let (before, rest) = page
        .split_once(&begin)
        .ok_or_else(|| format!("docs/performance.md has no {begin}"))?;
    let (_, after) = rest
        .split_once(&end)
        .ok_or_else(|| format!("docs/performance.md has no {end}"))?;
    fs::write(&path, format!("{before}{begin}\n\n{text}\n\n{end}{after}"))
        .map_err(|error| format!("{}: {error}", path.display()))
}
