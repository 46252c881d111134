//! The project's own tasks: `cargo xtask TASK`, listed by `cargo xtask help`.
//!
//! It needs the library, whose catalogue of functions the fuzzer reads; what needs a registry or an archive is left to python3.

mod bench;
mod bench_batch;
mod clients;
mod fuzz_helm;
mod mutate;
mod oracle;
mod registry;
mod suite;
mod validators;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const HELP: &str = "\
cargo xtask TASK

Everything:
  test [ARGS]        install helm and the validators if they are missing, then run all tests, the live comparison
                     with helm among them, and differential fuzzing for a minute
  validators         install kubernetes-validate and action-validator under target/validators
  oracle             install helm and kubectl under target/oracle and print the path of helm; HELM=PATH is used instead

While developing; REGEX is matched against file/id:
  vectors [REGEX] [OPTIONS]        recorded templates, e.g. `functions/fn-add`
  scenarios [REGEX] [OPTIONS]      recorded command lines, e.g. `template/template-hook`
  differential [REGEX] [OPTIONS]   live comparison with helm, e.g. 'charts/verta.*kube-version'
      --show N       show the first N failures (10)
      --bin PATH     test another program: helm itself, or a release build
      --write DIR    leave the inputs and the recorded answers there (not for differential)

Known failures (testdata/ratchet):
  ratchet                      strike out what passes
  ratchet --add-reason TEXT    also take in what fails, for this reason

Recording:
  record FILE --into NAME      ask helm about the cases of FILE (one a line, without results) and append them
                               to testdata/conformance/NAME.jsonl
  import-scenarios DIR         store scenario folders as testdata/conformance/cli/NAME.txt

Differential fuzzing:
  fuzz-helm [OPTIONS]          render random charts with helm and with the program, and show what differs
      --cases N      how many for each generator (1000)
      --seed S       another seed, other cases (1)
      --generator G  template, values, set or yaml alone
      --resume       go on where the last run with this seed ended
      --from N       begin with case N
      --show N       make the first N differences small and print them (5)
      --print        print the cases, run nothing
      --bin PATH     compare another program; --helm PATH: with another helm

Damaged charts:
  mutate [OPTIONS]             damage charts and archives at random and see that the program survives them
      --cases N      how many (1000), --from N: beginning with case N
      --seed S       another seed, other cases (1)
      --bin PATH     another program than target/release/verta-render

Other:
  bench-batch [--jobs N] [--sample N] [--bin PATH]
                                       time many jobs at once against helm called for each of them
  bench-helm [OPTIONS]                 time whole runs against helm and the floor; prints a table
      --runs N       how many of each (20)
      --only TEXT    the cases whose names hold this
      --write yes    put the table into docs/performance.md
      --bin PATH     time another program
  growth [--bin PATH] [--write yes]    time charts over three decades of size
  instructions [--record yes] [--bin PATH]   count instructions and compare them with benches/instructions.txt
  docs                                 write docs/functions.md, docs/commands.md, docs/man and the counts of COMPATIBILITY.md
  fuzz-native [--minutes M] [TARGET...]   run the fuzz targets (fuzz/README.md)
  help                                 print this
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (task, rest) = args
        .split_first()
        .map_or(("help", &args[..]), |(task, rest)| (task.as_str(), rest));
    let done = match task {
        "test" => suite::test(rest),
        "validators" => validators::install(),
        "oracle" => oracle::locate().map(|path| println!("{}", path.display())),
        "vectors" => suite::replay("vectors", "VECTORS", rest),
        "scenarios" => suite::replay("scenarios", "SCENARIOS", rest),
        "differential" => suite::replay("differential", "DIFFERENTIAL", rest),
        "ratchet" => suite::ratchet(rest),
        "record" => suite::record(rest),
        "fuzz-helm" => fuzz_helm::fuzz(rest),
        "mutate" => mutate::mutate(rest),
        "bench-helm" => bench::against_helm(rest),
        "bench-batch" => bench_batch::against_helm(rest),
        "growth" => bench::growth(rest),
        "instructions" => bench::instructions(rest),
        "import-scenarios" => import_scenarios(rest),
        "docs" => suite::docs(),
        "fuzz-native" => run(Command::new("python3")
            .arg(project().join("fuzz/run.py"))
            .args(rest)),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        _ => Err(format!("no task {task:?}; see `cargo xtask help`")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

fn import_scenarios(args: &[String]) -> Result<(), String> {
    let [source] = args else {
        return Err("import-scenarios needs the folder of the scenarios".to_owned());
    };
    let target = project().join("testdata/conformance/cli");
    run(Command::new("python3")
        .arg(project().join("xtask/import-scenarios.py"))
        .arg(source)
        .arg(target))
}

/// The top folder of the project.
fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map_or_else(PathBuf::new, Path::to_owned)
}

/// Where Cargo builds.
fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| project().join("target"), PathBuf::from)
}

/// The Cargo that runs this task.
fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(project());
    cargo
}

/// The path seen from the folder the task was started in: tests run in another one.
fn absolute(path: &str) -> Result<PathBuf, String> {
    std::path::absolute(path).map_err(|error| format!("{path}: {error}"))
}

/// Runs a command; its failure is ours.
fn run(command: &mut Command) -> Result<(), String> {
    let status = command
        .status()
        .map_err(|error| format!("{command:?}: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{:?} failed: {status}", command.get_program()))
    }
}
