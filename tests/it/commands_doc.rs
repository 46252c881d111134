//! `docs/commands.md` and `docs/man/verta-render.1` are made of the program's own tables and of the flags recorded from helm: the
//! test fails when they are out of date, and `cargo xtask docs` writes them.

use crate::support::folder::put;
use crate::support::{project, testdata};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use verta_render::cli::table::{CommandRow, FlagRow, commands, global_flags};

const HEAD: &str = "\
<!-- Made by `cargo xtask docs` out of src/cli and testdata/commands/helm-flags.tsv. -->

# Commands and flags

Every command of helm 4.3.1 and of verta-render, with every flag: *same* as in helm; *extension*, helm has none; *not applicable*, it
matters only in a cluster: such a flag is read and checked as helm does, and has no effect; *missing*, an error says so.
Hidden and deprecated flags of helm that are there are marked so.
";

/// A flag of helm by its name: its letter.
type HelmFlags = BTreeMap<String, String>;

/// What is recorded of helm: flags by the words of commands.
fn recorded() -> BTreeMap<String, HelmFlags> {
    let path = testdata("commands/helm-flags.tsv");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut found: BTreeMap<String, HelmFlags> = BTreeMap::new();
    for line in text.lines() {
        let mut fields = line.split('\t').map(str::to_owned);
        let mut field = || fields.next().unwrap_or_default();
        let (words, short, name) = (field(), field(), field());
        let flags = found.entry(words).or_default();
        if !name.is_empty() {
            flags.insert(name, short);
        }
    }
    found
}

/// The rows of a table of flags, by name.
fn flag_rows(ours: &[FlagRow], helms: &HelmFlags, is_known: bool) -> BTreeMap<String, String> {
    let mut rows = BTreeMap::new();
    for (name, short) in helms {
        let state = match ours.iter().find(|flag| flag.name == name) {
            None => "missing",
            Some(flag) => {
                let ours = flag.short.map(String::from).unwrap_or_default();
                assert_eq!(&ours, short, "the letter of --{name}");
                if flag.has_effect {
                    "same"
                } else {
                    "not applicable"
                }
            }
        };
        rows.insert(name.clone(), line(name, short, state));
    }
    for flag in ours.iter().filter(|flag| !helms.contains_key(flag.name)) {
        let state = match (is_known, flag.is_shown) {
            (_, true) | (false, _) => "extension",
            (true, false) if flag.has_effect => "same (hidden)",
            (true, false) => "not applicable (hidden)",
        };
        let short = flag.short.map(String::from).unwrap_or_default();
        rows.insert(flag.name.to_owned(), line(flag.name, &short, state));
    }
    rows
}

fn line(name: &str, short: &str, state: &str) -> String {
    let short = match short {
        "" => String::new(),
        letter => format!("`-{letter}`, "),
    };
    format!("| {short}`--{name}` | {state} |\n")
}

fn page() -> String {
    let helm = recorded();
    let ours = commands();
    let none = HelmFlags::new();
    let mut out = HEAD.to_owned();
    let _ = writeln!(out, "\n| command | |\n| --- | --- |");
    // What is the first word of others is no command of its own.
    let is_group = |words: &str| {
        let prefix = format!("{words} ");
        words.is_empty() || helm.keys().any(|other| other.starts_with(&prefix))
    };
    let is_ours = |words: &str| ours.iter().find(|row| row.words == words);
    let outer = |words: &str| {
        let first = words.split(' ').next().unwrap_or_default();
        is_ours(words).or_else(|| is_ours(first))
    };
    for words in helm.keys().filter(|words| !is_group(words)) {
        let state = match outer(words).map(|row| row.absent) {
            Some(None) => "same".to_owned(),
            Some(Some(reason)) => format!("not applicable: it {reason}"),
            None => "missing".to_owned(),
        };
        let _ = writeln!(out, "| `{words}` | {state} |");
    }
    let is_extension = |row: &&CommandRow| {
        let first = row.words.split(' ').next().unwrap_or_default();
        !helm.contains_key(&row.words) && !helm.contains_key(first)
    };
    for row in ours.iter().filter(is_extension) {
        let _ = writeln!(out, "| `{}` | extension: {} |", row.words, row.about);
    }
    let _ = writeln!(
        out,
        "\n## Flags of every command\n\n| flag | |\n| --- | --- |"
    );
    let global = global_flags();
    flag_rows(&global, &helm[""], true)
        .values()
        .for_each(|row| out.push_str(row));
    for row in ours
        .iter()
        .filter(|row| row.absent.is_none() && !row.flags.is_empty())
    {
        let _ = writeln!(out, "\n## {}\n\n| flag | |\n| --- | --- |", row.words);
        let helms = helm.get(&row.words);
        flag_rows(&row.flags, helms.unwrap_or(&none), helms.is_some())
            .values()
            .for_each(|row| out.push_str(row));
    }
    out
}

/// The manual page, in the language of man.
fn manual() -> String {
    let mut out = format!(
        ".\\\" Made by `cargo xtask docs` out of src/cli.\n.TH VERTA\\-RENDER 1 \"\" \"verta\\-render {}\"\n\
         .SH NAME\nverta\\-render \\- {}\n.SH SYNOPSIS\n.B verta\\-render\nCOMMAND [FLAGS]\n.SH COMMANDS\n",
        env!("CARGO_PKG_VERSION"),
        roff(env!("CARGO_PKG_DESCRIPTION"))
    );
    for row in commands().iter().filter(|row| row.absent.is_none()) {
        let call = format!("{} {}", row.words, row.arguments);
        let _ = writeln!(out, ".SS {}\n{}.", roff(call.trim_end()), roff(row.about));
        push_flags(&mut out, &row.flags);
    }
    out.push_str(".SH FLAGS OF EVERY COMMAND\n");
    push_flags(&mut out, &global_flags());
    out.push_str(
        ".SH ENVIRONMENT\nAs for helm: HELM_NAMESPACE, HELM_DEBUG, HELM_CACHE_HOME, HELM_CONFIG_HOME, HELM_DATA_HOME,\n\
         HELM_PLUGINS, GNUPGHOME, SOURCE_DATE_EPOCH, and what\n.B verta\\-render env\nprints.\n.SH EXIT STATUS\n\
         0 if all went well, 1 otherwise.\n",
    );
    out
}

fn push_flags(out: &mut String, flags: &[FlagRow]) {
    for flag in flags.iter().filter(|flag| flag.is_shown) {
        let short = flag
            .short
            .map(|letter| format!("-{letter}, "))
            .unwrap_or_default();
        let value = if flag.takes_value { " VALUE" } else { "" };
        let call = format!("{short}--{}{value}", flag.name);
        let _ = writeln!(out, ".TP\n.B {}\n{}.", roff(&call), roff(flag.about));
    }
}

/// Escapes what man would take for its own.
fn roff(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    match text.chars().next() {
        Some('.' | '\'') => format!("\\&{text}"),
        _ => text,
    }
}

fn settle(path: &str, wanted: &str) {
    let full = project().join(path);
    if std::env::var("DOCS").as_deref() == Ok("update") {
        return put(&full, wanted.as_bytes());
    }
    let found = std::fs::read_to_string(&full).unwrap_or_default();
    let is_current = found.replace('\r', "") == wanted;
    assert!(is_current, "{path} is out of date, run `cargo xtask docs`");
}

#[test]
fn commands_up_to_date() {
    settle("docs/commands.md", &page());
}

#[test]
fn manual_up_to_date() {
    settle("docs/man/verta-render.1", &manual());
}

#[test]
fn every_flag_of_helm_is_there() {
    let helm = recorded();
    let mut missing = String::new();
    for row in commands().iter().filter(|row| row.absent.is_none()) {
        let Some(flags) = helm.get(&row.words) else {
            continue;
        };
        for name in flags.keys() {
            if !row.flags.iter().any(|flag| flag.name == name) {
                let _ = writeln!(missing, "{} --{name}", row.words);
            }
        }
    }
    assert!(
        missing.is_empty(),
        "flags of helm that are not known:\n{missing}"
    );
}
