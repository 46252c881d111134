//! What templates can call: the catalogue as text for the terminal.
//!
//! A name comes in, or none; lines go out.

use crate::funcs::catalog::CATALOG;
use crate::funcs::{Entry, Group};

/// Returns the names of all functions.
pub fn names() -> impl Iterator<Item = &'static str> {
    let entries = CATALOG.groups().iter().flat_map(|group| group.entries);
    entries.map(|entry| entry.func.name)
}

/// Returns the list of all functions: a line for each, below the heading of its group.
pub fn list() -> Vec<u8> {
    let width = names().map(str::len).max().unwrap_or_default();
    let mut out = String::new();
    for group in CATALOG.groups() {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(group.title);
        out.push('\n');
        for entry in group.entries {
            let name = entry.func.name;
            let summary = match entry.alias_of {
                Some(other) => format!("The same as {other}."),
                None => entry.summary.to_owned(),
            };
            out.push_str(&format!("  {name:width$}  {summary}\n"));
        }
    }
    out.into_bytes()
}

/// Returns what there is to know about a function; `None` if there is none of this name.
///
/// # Examples
///
/// ```
/// let text = verta_render::command::functions::describe(b"trunc").unwrap();
/// assert!(text.starts_with(b"trunc LENGTH TEXT\n"));
/// ```
pub fn describe(name: &[u8]) -> Option<Vec<u8>> {
    let called = CATALOG.entry(name)?;
    let name = called.alias_of.unwrap_or(called.func.name);
    let entry = CATALOG.entry(name.as_bytes())?;
    let mut out = format!("{}\n\n{}\n\n", entry.usage, entry.summary);
    let mut line = |label: &str, text: &str| {
        // What is on further lines stands below the first.
        let text = text.trim_end_matches('\n').replace('\n', "\n           ");
        if !text.is_empty() {
            out.push_str(&format!("{:11}{text}\n", format!("{label}:")));
        }
    };
    line("Takes", &entry.parameters());
    line("Example", entry.example);
    line("Prints", entry.output);
    line(
        "Also",
        &CATALOG.other_names(name).collect::<Vec<_>>().join(", "),
    );
    line("Group", group_of(entry).map_or("", |group| group.title));
    line("Differs", entry.difference);
    Some(out.into_bytes())
}

fn group_of(entry: &Entry) -> Option<&'static Group> {
    let holds = |group: &&Group| group.entries.iter().any(|e| e.func.name == entry.func.name);
    CATALOG.groups().iter().find(holds)
}
