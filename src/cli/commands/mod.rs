//! The commands: arguments to a call, the result to text.
//!
//! Each command's file holds its [`CommandSpec`]; [`COMMANDS`] has a line for each.

mod batch;
mod cluster;
mod completion;
mod create;
mod dependency;
mod env;
mod functions;
mod install;
mod lint;
mod location;
mod package;
mod pull;
mod push;
mod registry;
mod repo;
mod search;
mod show;
mod template;
mod values;
mod verify;
mod version;

use super::flag::Flag;
use super::output::Outcome;
use super::parse::Parsed;
use super::settings::Settings;

/// A command and its flags.
pub(super) struct CommandSpec {
    pub name: &'static str,
    pub aliases: &'static [&'static str],
    /// What stands behind the name when it is called, flags left out: `[NAME] [CHART]`.
    pub arguments: &'static str,
    /// How many of these there must be.
    pub count: Count,
    pub about: &'static str,
    /// Its flags, the global ones last.
    pub groups: &'static [&'static [Flag]],
    pub action: Action,
}

/// How many arguments a command takes.
#[derive(Clone, Copy)]
pub(super) enum Count {
    /// Any number: the command says itself what is wrong.
    Any,
    Exactly(usize),
    AtLeast(usize),
    AtMost(usize),
}

/// What a command does.
#[derive(Clone, Copy)]
pub(super) enum Action {
    /// It does something by itself.
    Run(fn(Parsed, &Settings) -> Outcome),
    /// It does something with the words behind it, whatever they are.
    Raw(fn(Vec<Vec<u8>>) -> Outcome),
    /// It is the first word of other commands.
    Group(&'static [&'static CommandSpec]),
    /// It is known by name only, for this reason.
    Absent(&'static str),
}

/// Every command of helm, by name, and our own.
pub(super) static COMMANDS: &[&CommandSpec] = &[
    &batch::SPEC,
    &completion::ANSWERS,
    &completion::SPEC,
    &create::SPEC,
    &env::SPEC,
    &functions::SPEC,
    &dependency::SPEC,
    &cluster::GET,
    &cluster::HISTORY,
    &install::SPEC,
    &lint::SPEC,
    &cluster::LIST,
    &package::SPEC,
    &cluster::PLUGIN,
    &pull::SPEC,
    &push::SPEC,
    &registry::SPEC,
    &repo::SPEC,
    &cluster::ROLLBACK,
    &search::SPEC,
    &show::SPEC,
    &cluster::STATUS,
    &template::SPEC,
    &cluster::TEST,
    &cluster::UNINSTALL,
    &cluster::UPGRADE,
    &verify::SPEC,
    &version::SPEC,
];

impl CommandSpec {
    /// Returns the commands whose first word this is.
    pub fn subcommands(&self) -> &'static [&'static CommandSpec] {
        match self.action {
            Action::Group(specs) => specs,
            _ => &[],
        }
    }

    /// Reports whether the command is one that people are told about.
    pub fn is_listed(&self) -> bool {
        self.is_offline() && !self.name.starts_with("__")
    }

    /// Reports whether the command is there.
    pub fn is_offline(&self) -> bool {
        !matches!(self.action, Action::Absent(_))
    }
}

/// Finds a command by its name or one of its other names.
pub(super) fn find(
    specs: &'static [&'static CommandSpec],
    name: &[u8],
) -> Option<&'static CommandSpec> {
    let is_called = |spec: &CommandSpec| {
        let mut names = spec.aliases.iter();
        spec.name.as_bytes() == name || names.any(|alias| alias.as_bytes() == name)
    };
    specs.iter().copied().find(|spec| is_called(spec))
}
