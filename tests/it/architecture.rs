//! The shape of the source: which module may use which, what every file begins with, what no file holds.
//!
//! The table of [`MAY_USE`] is the architecture; a change of it is a decision. `docs/architecture.md` says why it is as it is.

use crate::support::folder::files_below;
use crate::support::project;
use std::fmt::Write as _;

/// Each module of the library with the modules it may use, from the bottom up.
const MAY_USE: &[(&str, &[&str])] = &[
    // Text, messages, Go's library, the world outside.
    ("limits", &[]),
    ("source", &[]),
    ("diag", &["source"]),
    ("gostd", &["diag"]),
    ("host", &["diag", "gostd"]),
    ("openpgp", &["diag", "gostd"]),
    // Values and versions.
    ("version", BASE),
    ("value", BASE),
    // Bytes to values and back.
    (
        "codec",
        &["source", "diag", "gostd", "host", "version", "value"],
    ),
    ("jsonpath", DATA),
    // The template engine knows neither YAML nor functions nor charts.
    (
        "template",
        &["source", "diag", "gostd", "host", "version", "value"],
    ),
    (
        "funcs",
        &[
            "source", "diag", "gostd", "host", "version", "value", "codec", "template",
        ],
    ),
    // Charts and manifests know nothing of templates.
    ("capabilities", DATA),
    ("manifest", DATA),
    (
        "chart",
        &[
            "source",
            "diag",
            "gostd",
            "host",
            "version",
            "value",
            "codec",
            "capabilities",
        ],
    ),
    (
        "values",
        &[
            "source", "diag", "gostd", "host", "version", "value", "codec", "chart",
        ],
    ),
    (
        "dependency",
        &[
            "source", "diag", "gostd", "host", "version", "value", "codec", "chart", "values",
        ],
    ),
    // The only meeting point of templates and charts.
    ("render", ENGINE),
    // What else can be done with a chart.
    ("storage", &["diag", "gostd", "host"]),
    ("sandbox", &["diag", "gostd", "host"]),
    ("net", &["diag", "gostd", "host", "storage"]),
    (
        "package",
        &[
            "diag",
            "gostd",
            "host",
            "openpgp",
            "version",
            "value",
            "codec",
            "chart",
            "values",
            "dependency",
            "storage",
        ],
    ),
    (
        "repository",
        &[
            "diag", "gostd", "host", "version", "value", "codec", "chart", "net", "storage",
            "package",
        ],
    ),
    (
        "lint",
        &[
            "source",
            "diag",
            "gostd",
            "host",
            "version",
            "value",
            "codec",
            "template",
            "funcs",
            "capabilities",
            "manifest",
            "chart",
            "values",
            "dependency",
            "render",
        ],
    ),
    // One operation each; no terminal.
    ("command", OPERATIONS),
    // Arguments in, printing out.
    ("cli", &["command", "sandbox", "diag", "gostd", "host"]),
];

const BASE: &[&str] = &["source", "diag", "gostd", "host"];
const DATA: &[&str] = &[
    "source", "diag", "gostd", "host", "version", "value", "codec",
];
const ENGINE: &[&str] = &[
    "source",
    "diag",
    "gostd",
    "host",
    "version",
    "value",
    "codec",
    "template",
    "funcs",
    "capabilities",
    "manifest",
    "chart",
    "values",
    "dependency",
];
const OPERATIONS: &[&str] = &[
    "source",
    "diag",
    "gostd",
    "host",
    "openpgp",
    "version",
    "value",
    "codec",
    "jsonpath",
    "template",
    "funcs",
    "capabilities",
    "manifest",
    "chart",
    "values",
    "dependency",
    "render",
    "storage",
    "sandbox",
    "net",
    "package",
    "repository",
    "lint",
];

/// Names that say nothing about what is in a file.
const VAGUE: &[&str] = &[
    "util", "utils", "helper", "helpers", "common", "misc", "manager", "stuff",
];

/// The longest a file may be without a line `//! Length: why it is one file`.
const LONGEST: usize = 700;

/// One source file: its path from the top of the project, and its text.
struct Source {
    path: String,
    text: String,
}

fn sources(folders: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    for folder in folders {
        for file in files_below(&project().join(folder)) {
            let path = format!("{folder}/{file}");
            if path.ends_with(".rs") && !path.contains("/target/") {
                let text = std::fs::read_to_string(project().join(&path))
                    .unwrap_or_else(|error| panic!("{path}: {error}"));
                found.push(Source { path, text });
            }
        }
    }
    assert!(!found.is_empty(), "no sources in {folders:?}");
    found
}

const RUST: &[&str] = &[
    "src",
    "tests",
    "xtask",
    "benches",
    "examples",
    "fuzz/targets",
];

/// The lines that are part of the program: without comments, and without the tests at the end of a file.
fn program_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines: Vec<&str> = text.lines().collect();
    let opens_tests = |pair: &[&str]| {
        pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod ") && pair[1].ends_with('{')
    };
    let end = lines
        .windows(2)
        .position(opens_tests)
        .unwrap_or(lines.len());
    let numbered = lines
        .into_iter()
        .take(end)
        .enumerate()
        .map(|(index, line)| (index + 1, line));
    numbered.filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// The module a file of the library belongs to; none for `lib.rs` and `main.rs`.
fn module_of(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("src/")?;
    let name = inside.split('/').next()?.trim_end_matches(".rs");
    (!matches!(name, "lib" | "main")).then_some(name)
}

/// The modules named after `crate::` in the lines of a program.
fn used_modules(text: &str) -> Vec<(usize, String)> {
    let mut used = Vec::new();
    let mut lines = program_lines(text);
    while let Some((number, line)) = lines.next() {
        let mut rest = line;
        while let Some(at) = rest.find("crate::") {
            // `$crate::` and `some_crate::` are other words.
            let before = rest[..at].chars().next_back();
            rest = &rest[at + "crate::".len()..];
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                continue;
            }
            if let Some(list) = rest.strip_prefix('{') {
                let mut whole = list.to_owned();
                while whole.matches('}').count() <= whole.matches('{').count() {
                    let Some((_, more)) = lines.next() else { break };
                    whole.push_str(more);
                }
                used.extend(
                    names_in_braces(&whole)
                        .into_iter()
                        .map(|name| (number, name)),
                );
                break;
            }
            used.push((
                number,
                rest.chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect(),
            ));
        }
    }
    used
}

/// The first names of a list `a::b, c::{d, e}}`.
fn names_in_braces(list: &str) -> Vec<String> {
    let mut depth = 0_i32;
    let mut names = vec![String::new()];
    for c in list.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(String::new()),
            c if depth == 0 => names.last_mut().expect("the list is never empty").push(c),
            _ => {}
        }
    }
    let first = |name: String| {
        name.split("::")
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    names
        .into_iter()
        .map(first)
        .filter(|name| !name.is_empty())
        .collect()
}

/// Panics with all complaints, if there are any.
fn settle(complaints: String) {
    assert!(complaints.is_empty(), "\n{complaints}");
}

#[test]
fn modules_use_only_what_lies_below_them() {
    let mut complaints = String::new();
    for source in sources(&["src"]) {
        let Some(module) = module_of(&source.path) else {
            continue;
        };
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == module) else {
            let _ = writeln!(
                complaints,
                "{}: module {module} has no place in the table of tests/it/architecture.rs",
                source.path
            );
            continue;
        };
        if source.path.ends_with("/tests.rs") {
            continue;
        }
        for (line, used) in used_modules(&source.text) {
            let known = MAY_USE.iter().any(|(name, _)| *name == used);
            // Bounds concern everything.
            let allowed_everywhere = used == "limits";
            if known && used != module && !allowed_everywhere && !allowed.contains(&used.as_str()) {
                let _ = writeln!(
                    complaints,
                    "{}:{line}: {module} may not use {used}",
                    source.path
                );
            }
        }
    }
    settle(complaints);
}

#[test]
fn the_table_has_no_cycles() {
    for (index, (module, allowed)) in MAY_USE.iter().enumerate() {
        for used in *allowed {
            let below = MAY_USE[..index].iter().any(|(name, _)| name == used);
            assert!(
                below,
                "{module} may use {used}, which does not stand above it in the table"
            );
        }
    }
}

#[test]
fn used_modules_are_found() {
    let text = "use crate::{a::{b, c}, d};\n// crate::no\nlet x = crate::e::f(my_crate::g);\nuse crate::{\n    h::I,\n    j,\n};\n#[cfg(test)]\nmod tests {\nuse crate::k;\n}\n";
    let names: Vec<String> = used_modules(text)
        .into_iter()
        .map(|(_, name)| name)
        .collect();
    assert_eq!(names, ["a", "d", "e", "h", "j"]);
}

#[test]
fn every_file_says_what_it_is_for() {
    let mut complaints = String::new();
    for source in sources(RUST) {
        let first = source
            .text
            .lines()
            .find(|line| !line.is_empty() && !line.starts_with("#!["));
        if !first.is_some_and(|line| line.starts_with("//! ")) {
            let _ = writeln!(
                complaints,
                "{}: does not begin with a `//!` head",
                source.path
            );
        }
        let lines = source.text.lines().count();
        if lines > LONGEST
            && !source
                .text
                .lines()
                .any(|line| line.starts_with("//! Length: "))
        {
            let _ = writeln!(
                complaints,
                "{}: {lines} lines, and no line `//! Length: why it is one file`",
                source.path
            );
        }
        let name = source
            .path
            .trim_end_matches("/mod.rs")
            .trim_end_matches(".rs");
        if name.split('/').any(|part| VAGUE.contains(&part)) {
            let _ = writeln!(complaints, "{}: the name says nothing", source.path);
        }
    }
    settle(complaints);
}

#[test]
fn no_file_holds_unfinished_or_silenced_code() {
    let mut complaints = String::new();
    for source in sources(RUST) {
        let lines: Vec<&str> = source.text.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            let code = line.trim_start();
            // Spelled apart, since this file is searched too.
            for word in [
                concat!("todo", "!("),
                concat!("unimplemented", "!("),
                concat!("#[ig", "nore"),
            ] {
                if code.contains(word) {
                    let _ = writeln!(complaints, "{}:{}: {word}", source.path, index + 1);
                }
            }
            // A lint is silenced only with a reason: in the attribute, or in a comment on or above it.
            let silenced = code.starts_with(concat!("#[al", "low("))
                || code.starts_with(concat!("#![al", "low("));
            let block = lines[index..]
                .iter()
                .take(6)
                .take_while(|line| !line.trim_end().ends_with(']'))
                .count();
            let attribute = lines[index..(index + block + 1).min(lines.len())].join(" ");
            let commented = code.contains("//")
                || index
                    .checked_sub(1)
                    .is_some_and(|above| lines[above].trim_start().starts_with("//"));
            if silenced && !attribute.contains("reason =") && !commented {
                let _ = writeln!(
                    complaints,
                    "{}:{}: a lint is silenced without a reason",
                    source.path,
                    index + 1
                );
            }
        }
        if source.path.starts_with("src/") && !source.path.ends_with("/tests.rs") {
            for (line, text) in program_lines(&source.text) {
                if text.contains(".unwrap()") {
                    let _ = writeln!(
                        complaints,
                        "{}:{line}: unwrap; say why it holds with `expect`, or return an error",
                        source.path
                    );
                }
            }
        }
    }
    settle(complaints);
}
