//! The program as a whole, where no recorded answer says what is right: the chart it carries, what it leaves on disk, closed pipes.

use crate::support::folder::{Folder, files_below};
use crate::support::process::{Outcome, Run};
use crate::support::text::readable;
use crate::support::{PROGRAM, project};
use pretty_assertions::assert_eq;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

fn run_in(cwd: &Path, arguments: &[&str]) -> Outcome {
    let args: Vec<String> = arguments.iter().map(|arg| (*arg).to_owned()).collect();
    let env = [
        ("HOME", "/nonexistent"),
        ("SOURCE_DATE_EPOCH", "1704164700"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    Run {
        program: Path::new(PROGRAM),
        args: &args,
        env: &env,
        cwd,
        stdin: Vec::new(),
        limit: Duration::from_secs(60),
    }
    .outcome()
}

/// Standard output of a run that must go well.
fn output_in(cwd: &Path, arguments: &[&str]) -> String {
    let outcome = run_in(cwd, arguments);
    assert_eq!(
        outcome.exit,
        0,
        "{arguments:?}: {}",
        readable(&outcome.stderr)
    );
    readable(&outcome.stdout)
}

const CHART: &[u8] = b"apiVersion: v2\nname: c\nversion: 0.1.0\n";

#[test]
fn the_program_carries_the_verta_chart() {
    let empty = Folder::new();
    let carried = output_in(empty.path(), &["template", "verta"]);
    assert_eq!(
        carried,
        output_in(&project(), &["template", "verta", "charts/verta"])
    );
    assert!(
        carried.contains("kind: Deployment"),
        "the chart deploys something"
    );
}

#[test]
fn a_path_wins_over_the_carried_chart() {
    let folder = Folder::new();
    folder.put("verta/Chart.yaml", CHART);
    folder.put("verta/templates/a.yaml", b"a: mine\n");
    assert_eq!(
        output_in(folder.path(), &["template", "verta"]),
        "---\n# Source: c/templates/a.yaml\na: mine\n"
    );
}

#[test]
fn packages_are_the_same_every_time() {
    let folder = Folder::new();
    let bytes = ["one", "two"].map(|name| {
        let to = folder.path().join(name);
        output_in(
            &project(),
            &[
                "package",
                "charts/verta",
                "-d",
                to.to_str().expect("the path is UTF-8"),
            ],
        );
        let files = files_below(&to);
        assert_eq!(files.len(), 1, "only the package is left behind: {files:?}");
        std::fs::read(to.join(&files[0])).expect("the package can be read")
    });
    assert!(bytes[0] == bytes[1], "two packages of one chart differ");
}

#[test]
fn a_failed_render_writes_nothing() {
    let folder = Folder::new();
    folder.put("c/Chart.yaml", CHART);
    folder.put("c/templates/a.yaml", b"a: 1\n");
    folder.put("c/templates/b.yaml", b"{{ fail \"no\" }}\n");
    let outcome = run_in(
        folder.path(),
        &["template", "r", "c", "--output-dir", "out"],
    );
    assert_eq!(outcome.exit, 1);
    assert_eq!(
        files_below(&folder.path().join("out")),
        Vec::<String>::new()
    );
}

#[test]
fn a_reader_that_leaves_early_causes_no_panic() {
    let folder = Folder::new();
    folder.put("c/Chart.yaml", CHART);
    folder.put("c/templates/a.yaml", b"a: {{ repeat 1000000 \"x\" }}\n");
    let mut child = Command::new(PROGRAM)
        .args(["template", "r", "c"])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    drop(child.stdout.take());
    let outcome = child.wait_with_output().expect("the program ends");
    let stderr = readable(&outcome.stderr);
    assert!(!stderr.contains("panicked"), "{stderr}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_reported() {
    let folder = Folder::new();
    folder.put("c/Chart.yaml", CHART);
    folder.put("c/templates/a.yaml", b"a: 1\n");
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .expect("Linux has /dev/full");
    let done = Command::new(PROGRAM)
        .args(["template", "r", "c"])
        .current_dir(folder.path())
        .stdout(full)
        .stderr(Stdio::piped())
        .output();
    let done = done.expect("the program starts");
    assert_eq!(
        done.status.code(),
        Some(1),
        "the output is lost, so the run failed"
    );
    assert!(!done.stderr.is_empty(), "and says so");
}
