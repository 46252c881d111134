//! The commands and flags as data, for pages that list them.

use super::commands::{Action, COMMANDS, CommandSpec};
use super::flag::{Flag, FlagKind};
use super::flags::{GLOBAL, NO_EFFECT};

/// A command.
#[derive(Clone, Debug)]
pub struct CommandRow {
    /// Its words: `show chart`.
    pub words: String,
    /// Its other names.
    pub aliases: &'static [&'static str],
    /// What stands behind the words: `[NAME] [CHART]`.
    pub arguments: &'static str,
    /// What it does.
    pub about: &'static str,
    /// Why it is not there, if it is not.
    pub absent: Option<&'static str>,
    /// Its own flags.
    pub flags: Vec<FlagRow>,
}

/// A flag.
#[derive(Clone, Copy, Debug)]
pub struct FlagRow {
    /// The name, without dashes.
    pub name: &'static str,
    /// The letter.
    pub short: Option<char>,
    /// Whether it takes a value.
    pub takes_value: bool,
    /// What it does.
    pub about: &'static str,
    /// Whether it does something: flags for clusters are read and have no effect.
    pub has_effect: bool,
    /// Whether `--help` shows it.
    pub is_shown: bool,
}

/// Returns every command that is not a group of others.
pub fn commands() -> Vec<CommandRow> {
    let mut rows = Vec::new();
    for spec in COMMANDS {
        collect(spec, "", &mut rows);
    }
    rows
}

/// Returns the flags of every command.
pub fn global_flags() -> Vec<FlagRow> {
    GLOBAL.iter().map(row).collect()
}

fn collect(spec: &'static CommandSpec, before: &str, rows: &mut Vec<CommandRow>) {
    let words = format!("{before}{}", spec.name);
    if spec.name.starts_with("__") {
        return;
    }
    let inner = spec.subcommands();
    if !inner.is_empty() {
        let before = format!("{words} ");
        return inner.iter().for_each(|spec| collect(spec, &before, rows));
    }
    let own = spec.groups.split_last().map_or(&[][..], |(_, own)| own);
    rows.push(CommandRow {
        words,
        aliases: spec.aliases,
        arguments: spec.arguments,
        about: spec.about,
        absent: match spec.action {
            Action::Absent(reason) => Some(reason),
            _ => None,
        },
        flags: own.iter().flat_map(|group| group.iter()).map(row).collect(),
    });
}

fn row(flag: &Flag) -> FlagRow {
    FlagRow {
        name: flag.name,
        short: flag.short,
        takes_value: !matches!(flag.kind, FlagKind::Bool | FlagKind::LogBool),
        about: flag.help,
        has_effect: flag.help != NO_EFFECT,
        is_shown: !flag.hidden,
    }
}
