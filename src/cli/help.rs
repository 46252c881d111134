//! `--help`, drawn by clap from the tables of flags.
//!
//! clap's command is built here and nowhere else: the way of a render does not pass
//! through it.

use clap::{Arg, ArgAction, Command};

use super::commands::{Action, COMMANDS, CommandSpec};
use super::flag::{Flag, FlagKind};
use super::program::Program;
use crate::limits::Limit;

/// Returns the help of a command, which is called by the words of `path`.
pub(super) fn command_help(program: Program, path: &str, spec: &CommandSpec) -> Vec<u8> {
    let usage = match spec.action {
        Action::Group(_) => "COMMAND",
        _ => spec.arguments,
    };
    let usage = format!("{} {path} {usage}", program.name());
    let mut command = bare(spec.name)
        .about(spec.about)
        .override_usage(format!("{} [FLAGS]", usage.trim_end()));
    let mut notes = Vec::new();
    if !spec.aliases.is_empty() {
        notes.push(format!("Also called: {}", spec.aliases.join(", ")));
    }
    if program == Program::VertaRender && matches!(spec.action, Action::Run(_)) {
        notes.push(limits_help());
    }
    if !notes.is_empty() {
        command = command.after_help(notes.join("\n\n"));
    }
    command = command.subcommands(listed(spec.subcommands()));
    let last = spec.groups.len().saturating_sub(1);
    for (i, group) in spec.groups.iter().enumerate() {
        // The global flags stand at the end under their own heading.
        let heading = if i == last { "Global flags" } else { "Flags" };
        // Limits are many; they have a paragraph at the end.
        let flags = group.iter().filter(|flag| limit_of(flag).is_none());
        command = command.args(flags.map(|flag| argument(flag, heading)));
    }
    command.render_help().to_string().into_bytes()
}

/// Returns the help of the program.
pub(super) fn program_help(program: Program) -> Vec<u8> {
    let name = program.name();
    bare(name)
        .about(env!("CARGO_PKG_DESCRIPTION"))
        .override_usage(format!("{name} COMMAND [FLAGS]"))
        .subcommands(listed(COMMANDS))
        .after_help(format!(
            "Run {name} COMMAND --help for the flags of a command.\n\
             Commands of helm that need a cluster are not there: get, history, list, ..."
        ))
        .render_help()
        .to_string()
        .into_bytes()
}

/// Returns a command to which clap adds nothing of its own.
fn bare(name: &'static str) -> Command {
    Command::new(name)
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
}

/// Returns the commands that are there, as lines of a help text.
fn listed(specs: &'static [&'static CommandSpec]) -> impl Iterator<Item = Command> {
    let listed = specs.iter().filter(|spec| spec.is_listed());
    listed.map(|spec| Command::new(spec.name).about(spec.about))
}

/// The limit that a flag sets.
fn limit_of(flag: &Flag) -> Option<Limit> {
    match flag.kind {
        FlagKind::Limit(limit) => Some(limit),
        _ => None,
    }
}

/// Returns the paragraph on limits: name, default, value with `--untrusted`.
fn limits_help() -> String {
    let mut text = "Limits, set by --limit-NAME VALUE (default; with --untrusted):".to_owned();
    for limit in Limit::ALL {
        let spec = limit.spec();
        let (usual, tight) = (limit.show(spec.default), limit.show(spec.untrusted));
        text.push_str(&format!(
            "\n  {:15} {usual:>9} {tight:>9}  {}",
            spec.name, spec.about
        ));
    }
    text
}

fn argument(flag: &'static Flag, heading: &'static str) -> Arg {
    let mut argument = Arg::new(flag.name)
        .long(flag.name)
        .help(flag.help)
        .hide(flag.hidden)
        .help_heading(heading);
    if let Some(letter) = flag.short {
        argument = argument.short(letter);
    }
    match flag.kind {
        FlagKind::Bool | FlagKind::LogBool => argument.action(ArgAction::SetTrue),
        kind => argument.action(ArgAction::Set).value_name(match kind {
            FlagKind::Int | FlagKind::Uint | FlagKind::LogInt | FlagKind::Float => "NUMBER",
            FlagKind::Duration => "TIME",
            FlagKind::Limit(_) => "LIMIT",
            FlagKind::List => "TEXT,...",
            FlagKind::Pairs => "KEY=TEXT,...",
            _ => "TEXT",
        }),
    }
}
