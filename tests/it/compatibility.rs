//! The counts of `COMPATIBILITY.md`: how many recorded cases there are, and how many of them pass.
//!
//! A case passes unless `testdata/ratchet` lists it, which `vectors` and `scenarios` prove in the same run of the tests.
//! `cargo xtask docs` writes the counts anew.

use crate::support::folder::put;
use crate::support::ratchet::listed;
use crate::support::{project, testdata};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const BEGIN: &str = "<!-- counts, written by `cargo xtask docs` -->\n";
const END: &str = "<!-- end of counts -->\n";

/// The files of a folder with this ending, in order of their names.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let folder = testdata(folder);
    let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let paths = entries.flatten().map(|entry| entry.path());
    let mut paths: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .collect();
    paths.sort();
    paths
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn stem(path: &Path) -> String {
    let name = path.file_stem().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// The table of counts.
fn counts() -> String {
    let mut table = "\n| recorded | pass |\n| --- | --- |\n".to_owned();
    let mut all = 0;
    for path in files("conformance", "jsonl") {
        let (name, cases) = (stem(&path), read(&path).lines().count());
        let failing = listed(&name).len();
        all += cases;
        let passing = cases - failing;
        table.push_str(&format!("| templates: {name} | {passing} of {cases} |\n"));
    }
    let failing = listed("cli");
    let mut commands: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for path in files("conformance/cli", "txt") {
        let text = read(&path);
        let command = text
            .lines()
            .find_map(|line| line.strip_prefix("command: "))
            .unwrap_or_else(|| panic!("{}: no command", path.display()))
            .trim_matches('"');
        let (passing, cases) = commands.entry(command.to_owned()).or_default();
        *cases += 1;
        *passing += usize::from(!failing.contains_key(&stem(&path)));
    }
    for (command, (passing, cases)) in commands {
        all += cases;
        let passing = if failing.contains_key(&format!("command:{command}")) {
            "not there yet:".to_owned()
        } else {
            format!("{passing} of")
        };
        table.push_str(&format!(
            "| command lines: {command} | {passing} {cases} |\n"
        ));
    }
    table.push_str(&format!("\nThese are {all} recorded cases.\n"));
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, reason) in failing.iter().filter(|(id, _)| !id.starts_with("command:")) {
        *reasons.entry(reason).or_default() += 1;
    }
    if !reasons.is_empty() {
        table.push_str("Of the commands that are there, these fail:\n\n");
    }
    for (reason, cases) in reasons {
        table.push_str(&format!("- {cases}: {reason}\n"));
    }
    table.push('\n');
    table
}

#[test]
fn the_counts_are_up_to_date() {
    let path = project().join("COMPATIBILITY.md");
    let text = read(&path).replace('\r', "");
    let (before, rest) = text.split_once(BEGIN).expect("the page has counts");
    let (found, after) = rest.split_once(END).expect("the counts have an end");
    let wanted = counts();
    if std::env::var("DOCS").as_deref() == Ok("update") {
        let page = [before, BEGIN, &wanted, END, after].concat();
        return put(&path, page.as_bytes());
    }
    assert!(
        found == wanted,
        "COMPATIBILITY.md is out of date, run `cargo xtask docs`; it should say:\n{wanted}"
    );
}
