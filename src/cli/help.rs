//! `--help`, drawn by clap from the tables of flags.
//!
//! clap's command is built here and nowhere else: the way of a render does not pass
//! through it.

use clap::{Arg, ArgAction, Command};

use super::commands::CommandSpec;
use super::flag::{Flag, FlagKind};

const USAGE_ROOT: &str = "verta-render COMMAND [FLAGS]";

/// Returns the help of a command.
pub(super) fn command_help(spec: &CommandSpec) -> Vec<u8> {
    let mut command = Command::new(spec.name)
        .about(spec.about)
        .override_usage(format!("verta-render {} [FLAGS]", spec.usage))
        .disable_help_flag(true)
        .disable_version_flag(true);
    let last = spec.groups.len().saturating_sub(1);
    for (i, group) in spec.groups.iter().enumerate() {
        // The global flags stand at the end under their own heading.
        let heading = if i == last { "Global flags" } else { "Flags" };
        command = command.args(group.iter().map(|flag| argument(flag, heading)));
    }
    command.render_help().to_string().into_bytes()
}

/// Returns the help of the program.
pub(super) fn program_help<'a>(specs: impl Iterator<Item = &'a CommandSpec>) -> Vec<u8> {
    Command::new("verta-render")
        .about(env!("CARGO_PKG_DESCRIPTION"))
        .override_usage(USAGE_ROOT)
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .subcommands(specs.map(|spec| Command::new(spec.name).about(spec.about)))
        .after_help("Run verta-render COMMAND --help for the flags of a command.")
        .render_help()
        .to_string()
        .into_bytes()
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
            FlagKind::Int | FlagKind::LogInt | FlagKind::Float => "NUMBER",
            FlagKind::Duration => "TIME",
            FlagKind::List => "TEXT,...",
            FlagKind::Pairs => "KEY=TEXT,...",
            _ => "TEXT",
        }),
    }
}
