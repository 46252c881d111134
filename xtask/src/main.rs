//! The project's own tasks: `cargo xtask TASK`, listed by `cargo xtask help`.
//!
//! It has no dependencies, so that a clean clone can run it at once.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const HELP: &str = "\
cargo xtask TASK

  vectors [REGEX] [--bin PATH] [--show N] [--write DIR]
             replay the recorded cases whose file/id matches, e.g. `functions/fn-add`; show what differs;
             --bin tests another program (helm, or a release build), --write leaves the inputs in DIR
  scenarios [REGEX] [the same options]
             replay the recorded command lines whose command/name matches, e.g. `template/template-hook`
  import-scenarios DIR
             store scenario folders as testdata/conformance/cli/NAME.txt
  help       print this
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match args.first().map(String::as_str) {
        Some("vectors") => replay("vectors", "VECTORS", &args[1..]),
        Some("scenarios") => replay("scenarios", "SCENARIOS", &args[1..]),
        Some("import-scenarios") => import_scenarios(&args[1..]),
        None | Some("help" | "--help" | "-h") => {
            print!("{HELP}");
            Ok(())
        }
        Some(task) => Err(format!("no task {task:?}; see `cargo xtask help`")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the tests of one module with a choice of cases.
fn replay(module: &str, prefix: &str, args: &[String]) -> Result<(), String> {
    let mut cargo = Command::new(env!("CARGO"));
    // A failed case is described; where its assertion stands says nothing more.
    cargo
        .args(["test", "--quiet", "--test", "it", &format!("{module}::")])
        .env("RUST_BACKTRACE", "0");
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let variable = match arg.as_str() {
            "--bin" => "_BIN",
            "--show" => "_SHOW",
            "--write" => "_WRITE",
            option if option.starts_with('-') => return Err(format!("unknown option {option}")),
            pattern => {
                cargo.env(prefix, pattern);
                continue;
            }
        };
        let value = args.next().ok_or_else(|| format!("{arg} needs a value"))?;
        let value = if variable == "_SHOW" {
            value.clone()
        } else {
            absolute(value)?
        };
        cargo.env(format!("{prefix}{variable}"), value);
    }
    run(&mut cargo)
}

fn import_scenarios(args: &[String]) -> Result<(), String> {
    let [source] = args else {
        return Err("import-scenarios needs the folder of the scenarios".to_owned());
    };
    run(Command::new("python3")
        .arg(project().join("xtask/import-scenarios.py"))
        .arg(source)
        .arg(project().join("testdata/conformance/cli")))
}

/// The top folder of the project.
fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map_or_else(PathBuf::new, Path::to_owned)
}

/// The path seen from the folder the task was started in: tests run in another one.
fn absolute(path: &str) -> Result<String, String> {
    let path = std::path::absolute(path).map_err(|error| format!("{path}: {error}"))?;
    path.into_os_string()
        .into_string()
        .map_err(|path| format!("{path:?} is not UTF-8"))
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
