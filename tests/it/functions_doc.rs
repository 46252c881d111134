//! `docs/functions.md` is made of the catalogue: the test fails when it is out of date, and `cargo xtask docs` writes it.
//!
//! That the examples print what they say is tested beside the catalogue.

use crate::support::folder::put;
use crate::support::process::Run;
use crate::support::{PROGRAM, project};
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;
use verta_render::command::functions;
use verta_render::funcs::Entry;
use verta_render::funcs::catalog::CATALOG;

const HEAD: &str = "\
<!-- Made by `cargo xtask docs` out of src/funcs. -->

# Functions

What templates can call. `verta-render functions NAME` prints one of them.

Below a name stand how it is called and what types it takes; then an example, and what it prints.
";

fn document() -> String {
    let mut out = HEAD.to_owned();
    out.push('\n');
    for group in CATALOG.groups() {
        let anchor: String = group
            .title
            .to_lowercase()
            .chars()
            .filter_map(|c| match c {
                ' ' => Some('-'),
                c => (c.is_alphanumeric() || c == '-').then_some(c),
            })
            .collect();
        let names: Vec<String> = group
            .entries
            .iter()
            .map(|entry| format!("`{}`", entry.func.name))
            .collect();
        let _ = writeln!(out, "- [{}](#{anchor}): {}", group.title, names.join(" "));
    }
    for group in CATALOG.groups() {
        let _ = writeln!(out, "\n## {}", group.title);
        for entry in group.entries.iter().filter(|e| e.alias_of.is_none()) {
            describe(entry, &mut out);
        }
    }
    out
}

fn describe(entry: &Entry, out: &mut String) {
    let name = entry.func.name;
    let parameters = match &*entry.parameters() {
        "" => String::new(),
        parameters => format!(" ({parameters})"),
    };
    let _ = writeln!(out, "\n### {name}\n\n`{}`{parameters}\n", entry.usage);
    let _ = writeln!(out, "{}", entry.summary);
    let others: Vec<String> = CATALOG
        .other_names(name)
        .map(|other| format!("`{other}`"))
        .collect();
    if !others.is_empty() {
        let _ = writeln!(out, "Also called {}.", others.join(", "));
    }
    if !entry.difference.is_empty() {
        let _ = writeln!(out, "\n*Difference*: {}", entry.difference);
    }
    let output = entry.output.trim_end_matches('\n');
    let output = if output.is_empty() {
        "(nothing)"
    } else {
        output
    };
    let _ = writeln!(out, "\n```\n{}\n{output}\n```", entry.example);
}

#[test]
fn the_page_of_functions_is_up_to_date() {
    let (path, wanted) = (project().join("docs/functions.md"), document());
    if std::env::var("DOCS").as_deref() == Ok("update") {
        return put(&path, wanted.as_bytes());
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = found.lines().zip(wanted.lines()).find(|(a, b)| a != b);
    assert!(
        found.replace('\r', "") == wanted,
        "docs/functions.md is out of date, run `cargo xtask docs`: {differs:?}"
    );
}

fn run(args: &[&str]) -> (i32, String, String) {
    let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
    let outcome = Run {
        program: Path::new(PROGRAM),
        args: &args,
        env: &[],
        cwd: &project(),
        stdin: Vec::new(),
        limit: Duration::from_secs(60),
    }
    .outcome();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("all of it is UTF-8");
    (outcome.exit, text(outcome.stdout), text(outcome.stderr))
}

#[test]
fn the_command_lists_every_function() {
    let (exit, list, errors) = run(&["functions"]);
    assert_eq!((exit, &*errors), (0, ""));
    for name in functions::names() {
        let line = format!("  {name} ");
        assert!(list.lines().any(|l| l.starts_with(&line)), "{name}");
    }
    let (exit, one, _) = run(&["functions", "mustFirst"]);
    assert_eq!(exit, 0);
    assert!(one.starts_with("first LIST\n\n"), "{one}");
    assert!(one.contains("\nAlso:      mustFirst\n"), "{one}");
}

#[test]
fn an_unknown_function_is_an_error_that_names_the_nearest() {
    let (exit, printed, errors) = run(&["functions", "trimsufix"]);
    assert_eq!((exit, &*printed), (1, ""));
    assert_eq!(
        errors,
        "Error: no function is called \"trimsufix\"; is it \"trimSuffix\"?\n\
         Run 'verta-render functions' for all of them.\n"
    );
    let (exit, _, errors) = run(&["functions", "entirely-else"]);
    assert_eq!(exit, 1);
    assert!(!errors.contains("is it"), "{errors}");
}
