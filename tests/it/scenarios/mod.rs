//! Replays the recorded command line scenarios in `testdata/conformance/cli/*.txt`, without helm.
//!
//! A scenario is a working folder and some runs of the program in it. Compared are, of each run, the exit status, standard
//! output, and of standard error the first `Error:` line and the set of warnings and log lines; and, after the last run,
//! what was written, archives member by member.

pub mod server;
mod stage;
mod stored;

use crate::support::folder::put;
use crate::support::json::Json;
use crate::support::normal::counted;
use crate::support::ratchet::{Verdict, report};
use crate::support::select::Selection;
use crate::support::text::{block, first_difference, readable};
use crate::support::{on_all_cores, testdata};
use stage::{Performance, furnish, perform};
use std::path::Path;
use stored::Scenario;

/// What differs from the recorded results, if anything.
fn difference(scenario: &Scenario, got: &Performance) -> Result<Option<String>, String> {
    for (run, number) in got.runs.iter().zip(1..) {
        let exit = scenario
            .recorded(&format!("{number}.exit"))?
            .trim()
            .parse::<i32>()
            .map_err(|error| error.to_string())?;
        if exit != run.exit {
            return Ok(Some(format!(
                "  run {number}, exit\n    want {exit}\n    got  {}\n  stderr\n{}",
                run.exit,
                block(&run.stderr, 12)
            )));
        }
        if scenario.exit_only.contains(&number) {
            continue;
        }
        let sorted = |text: &str| {
            let mut lines: Vec<&str> = text.split('\n').collect();
            lines.sort_unstable();
            lines.join("\n")
        };
        let mut sides = [
            scenario.recorded(&format!("{number}.stdout"))?.to_owned(),
            run.stdout.clone(),
        ];
        if scenario.sort_stdout {
            sides = sides.map(|text| sorted(&text));
        }
        let [want, have] = sides;
        if want != have {
            return Ok(Some(format!(
                "  run {number}, stdout, {}",
                first_difference(&want, &have)
            )));
        }
        let logs = !scenario.ignore_logs;
        let (want, have) = (
            counted(scenario.recorded(&format!("{number}.stderr"))?, logs),
            counted(&run.stderr, logs),
        );
        if want != have {
            return Ok(Some(format!(
                "  run {number}, stderr, {}",
                first_difference(&want, &have)
            )));
        }
    }
    let want = Json::parse(scenario.recorded("files.json")?)?;
    if want == got.files {
        return Ok(None);
    }
    // The text of a file says more than its digest.
    for (path, text) in &got.texts {
        if let Ok(recorded) = scenario.recorded(&format!("files/{path}")) {
            let have = readable(text);
            if recorded != have {
                return Ok(Some(format!(
                    "  written {path}, {}",
                    first_difference(recorded, &have)
                )));
            }
        }
    }
    Ok(Some(format!(
        "  files.json, {}",
        first_difference(&want.pretty(), &got.files.pretty())
    )))
}

fn describe(scenario: &Scenario) -> String {
    format!(
        "  {}\n{}",
        scenario.about,
        block(&scenario.lines.join("\n"), 12)
    )
}

/// Writes the inputs and the recorded results below `folder`, to be looked at and run by hand.
fn write_below(scenario: &Scenario, folder: &Path) {
    let top = folder.join(&scenario.name);
    furnish(scenario, &top).unwrap_or_else(|error| panic!("{}: {error}", top.display()));
    put(
        &top.join("cmd"),
        format!("{}\n", scenario.lines.join("\n")).as_bytes(),
    );
    for (path, entry) in scenario.below("out/") {
        if let stored::Entry::File { bytes, .. } = entry {
            put(&top.join("want").join(path), bytes);
        }
    }
}

fn load(selection: &Selection) -> Vec<Scenario> {
    let folder = testdata("conformance/cli");
    let entries =
        std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "txt"))
        .collect();
    paths.sort();
    let parse = |path: &std::path::PathBuf| {
        let name = path
            .file_stem()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let text = std::fs::read_to_string(path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Scenario::parse(&name, &text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    paths
        .iter()
        .map(parse)
        .filter(|scenario| selection.keeps(&scenario.command, &scenario.name))
        .collect()
}

#[test]
fn scenarios() {
    let selection = Selection::from_env("SCENARIOS");
    let scenarios = load(&selection);
    if let Some(folder) = &selection.write {
        scenarios
            .iter()
            .for_each(|scenario| write_below(scenario, folder));
    }
    let verdicts = on_all_cores(&scenarios, |scenario| {
        let outcome =
            perform(scenario, &selection.program).and_then(|got| difference(scenario, &got));
        let failure = outcome.unwrap_or_else(|error| Some(format!("  cannot perform: {error}")));
        let failure = failure.map(|difference| describe(scenario) + &difference);
        Verdict {
            id: scenario.name.clone(),
            command: Some(scenario.command.clone()),
            failure,
        }
    });
    report("cli", &verdicts, &selection);
}
