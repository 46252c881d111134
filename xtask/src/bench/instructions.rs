//! Instructions of a few runs, counted by valgrind, against those on record: a guard that does not depend on how fast
//! the machine is today.

use super::cases::{self, Files, Made};
use super::{command, release_build};
use crate::{project, target};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What more than this share of the count on record is a failure.
const SLACK: f64 = 0.05;

/// Where the counts lie: a line with the compiler and the way of linking, and one for each case.
const RECORD: &str = "benches/instructions.txt";

/// `instructions [--record yes] [--bin PATH]`: counts, and compares or records.
pub fn instructions(args: &[String]) -> Result<(), String> {
    let (mut records, mut program) = (false, None);
    for pair in args.chunks(2) {
        match pair {
            [flag, value] if flag == "--record" => records = value == "yes",
            [flag, value] if flag == "--bin" => program = Some(crate::absolute(value)?),
            _ => return Err(format!("unknown option {}", pair.join(" "))),
        }
    }
    if Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        println!("instructions: there is no valgrind, so nothing is counted");
        return Ok(());
    }
    let program = match program {
        Some(program) => program,
        None => release_build()?,
    };
    let compiler = format!("{}, {}", compiler()?, linking(&program)?);
    let path = project().join(RECORD);
    let record = fs::read_to_string(&path).unwrap_or_default();
    let known = Record::read(&record);
    let mut text = format!("{compiler}\n");
    let mut failures = Vec::new();
    for (name, arguments) in runs()? {
        let count = count(&program, &arguments)?;
        let _ = writeln!(text, "{count} {name}");
        match known.count(&name) {
            Some(before) => {
                let change = count as f64 / before as f64 - 1.0;
                println!("{name}: {count} instructions, {:+.1} %", change * 100.0);
                if change > SLACK {
                    failures.push(format!("{name}: {count} instead of {before}"));
                }
            }
            None => println!("{name}: {count} instructions"),
        }
    }
    if records {
        return fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()));
    }
    if known.compiler != compiler {
        println!(
            "the counts on record are of {}: they are no measure for {compiler}",
            known.compiler
        );
        return Ok(());
    }
    if failures.is_empty() {
        return Ok(());
    }
    Err(format!(
        "more instructions than on record ({RECORD}); a commit that records others says why:\n{}",
        failures.join("\n")
    ))
}

/// Says how the C library comes into a program. Where the system finds it at the start, that is counted too.
fn linking(program: &Path) -> Result<&'static str, String> {
    let bytes = fs::read(program).map_err(|error| format!("{}: {error}", program.display()))?;
    // The name of the program that finds libraries stands right behind the headers.
    let head = &bytes[..bytes.len().min(4096)];
    let finds = head.windows(9).any(|name| name == b"/ld-linux");
    Ok(if finds {
        "C library shared"
    } else {
        "C library linked in"
    })
}

/// The counts on record.
struct Record<'t> {
    compiler: &'t str,
    counts: Vec<(&'t str, u64)>,
}

impl<'t> Record<'t> {
    fn read(text: &'t str) -> Record<'t> {
        let mut lines = text.lines();
        let compiler = lines.next().unwrap_or("nobody");
        let count = |line: &'t str| {
            let (count, name) = line.split_once(' ')?;
            Some((name, count.parse().ok()?))
        };
        Record {
            compiler,
            counts: lines.filter_map(count).collect(),
        }
    }

    fn count(&self, name: &str) -> Option<u64> {
        let found = self.counts.iter().find(|(known, _)| *known == name);
        found.map(|(_, count)| *count)
    }
}

/// The command lines that are counted.
fn runs() -> Result<Vec<(String, Vec<String>)>, String> {
    let made = Made {
        folder: target().join("bench"),
    };
    let chart = |name: &str, files: &Files| made.chart(name, files);
    let charts: [(&str, PathBuf); 5] = [
        ("Verta", "charts/verta".into()),
        ("starter", "testdata/charts/starter".into()),
        (
            "200 templates",
            chart("counted-templates", &cases::many_templates(200))?,
        ),
        (
            "500 tpl",
            chart("counted-tpl", &cases::tpl_heavy(500, 150))?,
        ),
        (
            "200 KB of values",
            chart("counted-values", &cases::large_values(200 << 10))?,
        ),
    ];
    let arguments = |chart: &Path| {
        let chart = chart.strip_prefix(project()).unwrap_or(chart);
        let words = ["template", "rel", &chart.to_string_lossy()];
        words.map(str::to_owned).to_vec()
    };
    Ok(charts
        .iter()
        .map(|(name, chart)| ((*name).to_owned(), arguments(chart)))
        .collect())
}

fn count(program: &Path, arguments: &[String]) -> Result<u64, String> {
    let mut words = vec![
        "--tool=callgrind".to_owned(),
        "--callgrind-out-file=/dev/null".to_owned(),
        program.to_string_lossy().into_owned(),
    ];
    words.extend(arguments.iter().cloned());
    let mut valgrind = command(Path::new("valgrind"), &words);
    let output = valgrind
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output()
        .map_err(|error| format!("valgrind: {error}"))?;
    let told = String::from_utf8_lossy(&output.stderr);
    let count = told
        .lines()
        .find_map(|line| line.split_once("Collected : "))
        .and_then(|(_, count)| count.trim().parse().ok());
    count.ok_or_else(|| format!("valgrind told no count:\n{told}"))
}

fn compiler() -> Result<String, String> {
    let output = Command::new("rustc")
        .arg("--version")
        .output()
        .map_err(|error| format!("rustc: {error}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
