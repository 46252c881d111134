//! The ratchet: what is known to fail, in `testdata/ratchet/NAME.txt`, one line and one reason each.
//!
//! A line is `id<TAB>reason`, or `command:NAME<TAB>reason` for all cases of a command that is not there yet. The file may only shrink: a
//! failure that is not listed fails the test, and so does a listed case that passes. `RATCHET=update` rewrites the file
//! without what passes; with `RATCHET_REASON=TEXT` it also takes in what fails.

use super::folder::put;
use super::select::Selection;
use super::{say, testdata};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// What became of one case.
pub struct Verdict {
    pub id: String,
    /// The command the case is about, where cases are grouped so.
    pub command: Option<String>,
    /// The difference, if it failed.
    pub failure: Option<String>,
}

/// The known failures of one file.
struct Ratchet {
    lines: BTreeMap<String, String>,
}

impl Ratchet {
    fn load(name: &str) -> Ratchet {
        let path = testdata(&format!("ratchet/{name}.txt"));
        let text =
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let lines = text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'));
        let lines = lines.map(|line| {
            let (id, reason) = line
                .split_once('\t')
                .unwrap_or_else(|| panic!("{name}.txt: no tab in {line:?}"));
            assert!(!reason.trim().is_empty(), "{name}.txt: {id} has no reason");
            (id.to_owned(), reason.to_owned())
        });
        Ratchet {
            lines: lines.collect(),
        }
    }

    fn save(&self, name: &str) {
        let mut text =
            String::from("# Known failures, one line and one reason each; see docs/testing.md.\n");
        for (id, reason) in &self.lines {
            text.push_str(&format!("{id}\t{reason}\n"));
        }
        fs::write(testdata(&format!("ratchet/{name}.txt")), text)
            .expect("the ratchet can be written");
    }
}

/// Returns what the ratchet of this name lists: ids, and `command:NAME`, with the reasons.
pub fn listed(name: &str) -> BTreeMap<String, String> {
    Ratchet::load(name).lines
}

/// Judges the verdicts of a whole run by the ratchet of this name; of a choice of cases, shows what failed. Panics if anything is wrong.
pub fn report(name: &str, verdicts: &[Verdict], selection: &Selection) {
    if selection.whole {
        return judge(name, verdicts, selection.show);
    }
    if verdicts.is_empty() {
        return;
    }
    let failed: Vec<&Verdict> = verdicts
        .iter()
        .filter(|verdict| verdict.failure.is_some())
        .collect();
    for verdict in failed.iter().take(selection.show) {
        let group = verdict.command.as_deref().unwrap_or(name);
        say(&format!(
            "FAIL {group}/{}\n{}",
            verdict.id,
            verdict.failure.as_deref().unwrap_or_default()
        ));
    }
    if failed.len() > selection.show {
        let ids: Vec<&str> = failed
            .iter()
            .skip(selection.show)
            .map(|verdict| verdict.id.as_str())
            .collect();
        say(&format!(
            "... and {} more, not shown: {}",
            ids.len(),
            ids.join(" ")
        ));
    }
    say(&format!(
        "{name}: {}/{} of the selected cases",
        verdicts.len() - failed.len(),
        verdicts.len()
    ));
    assert!(
        failed.is_empty(),
        "{name}: {} of {} selected cases fail",
        failed.len(),
        verdicts.len()
    );
}

/// Compares the verdicts with the ratchet of this name, prints the count, and panics if they disagree.
fn judge(name: &str, verdicts: &[Verdict], show: usize) {
    let ratchet = Ratchet::load(name);
    let pattern_of = |v: &Verdict| {
        v.command
            .as_ref()
            .map(|command| format!("command:{command}"))
            .filter(|p| ratchet.lines.contains_key(p))
    };
    let passed = verdicts.iter().filter(|v| v.failure.is_none()).count();
    say(&format!("{name}: {passed}/{}", verdicts.len()));
    let mut commands: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for verdict in verdicts {
        if let Some(command) = &verdict.command {
            let (passed, all) = commands.entry(command).or_default();
            *passed += usize::from(verdict.failure.is_none());
            *all += 1;
        }
    }
    for (command, (passed, all)) in commands {
        say(&format!("  {command}: {passed}/{all}"));
    }

    // Commands listed as a whole are counted, not judged one by one.
    let mut whole: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for verdict in verdicts {
        if let Some(pattern) = pattern_of(verdict) {
            let (passed, all) = whole.entry(pattern).or_default();
            *passed += usize::from(verdict.failure.is_none());
            *all += 1;
        }
    }
    let mut wrong = Vec::new();
    for (pattern, (passed, all)) in &whole {
        say(&format!(
            "  {pattern}: {passed}/{all}, {}",
            ratchet.lines[pattern]
        ));
        if passed == all {
            wrong.push(format!("{pattern} is listed, but all its cases pass"));
        }
    }

    let mut failures = Vec::new();
    for verdict in verdicts.iter().filter(|v| pattern_of(v).is_none()) {
        match (&verdict.failure, ratchet.lines.contains_key(&verdict.id)) {
            (Some(failure), false) => failures.push((&verdict.id, failure)),
            (None, true) => wrong.push(format!("{} is listed, but passes", verdict.id)),
            _ => {}
        }
    }
    let known = |id: &String| whole.contains_key(id) || verdicts.iter().any(|v| v.id == *id);
    wrong.extend(
        ratchet
            .lines
            .keys()
            .filter(|id| !known(id))
            .map(|id| format!("{id} is listed, but there is no such case")),
    );

    if std::env::var("RATCHET").as_deref() == Ok("update") {
        return update(name, ratchet, verdicts, &wrong, &failures);
    }
    for (id, failure) in failures.iter().take(show) {
        println!("FAIL {name}/{id}\n{failure}");
    }
    if failures.len() > show {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.failed"));
        let text: String = failures
            .iter()
            .map(|(id, failure)| format!("FAIL {name}/{id}\n{failure}\n"))
            .collect();
        put(&path, text.as_bytes());
        println!(
            "... and {} more; all are in {}",
            failures.len() - show,
            path.display()
        );
    }
    for line in &wrong {
        println!("ratchet: {line}");
    }
    assert!(
        failures.is_empty() && wrong.is_empty(),
        "{name}: {} failures are not in the ratchet, {} of its lines are out of date (`cargo xtask ratchet` removes those)",
        failures.len(),
        wrong.len()
    );
}

fn update(
    name: &str,
    mut ratchet: Ratchet,
    verdicts: &[Verdict],
    wrong: &[String],
    failures: &[(&String, &String)],
) {
    let before = ratchet.lines.len();
    // Every complaint begins with the id of the line it is about.
    let stale: Vec<&str> = wrong
        .iter()
        .filter_map(|line| line.split(' ').next())
        .collect();
    ratchet.lines.retain(|id, _| !stale.contains(&id.as_str()));
    let removed = before - ratchet.lines.len();
    let reason = std::env::var("RATCHET_REASON").ok();
    for (id, _) in failures {
        if let Some(reason) = &reason {
            ratchet.lines.insert((*id).clone(), reason.clone());
        }
    }
    ratchet.save(name);
    let added = if reason.is_some() { failures.len() } else { 0 };
    say(&format!(
        "  ratchet {name}: {removed} removed, {added} added, {} lines for {} cases",
        ratchet.lines.len(),
        verdicts.len()
    ));
    assert!(
        failures.is_empty() || reason.is_some(),
        "{} failures of {name} are not in the ratchet, and are not taken in without a reason",
        failures.len()
    );
}
