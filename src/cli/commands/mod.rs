//! The commands: arguments to a call, the result to text.

mod lint;
mod package;
mod template;
mod values;

use super::flag::Flag;
use super::flags;
use super::output::Outcome;
use super::parse::Parsed;
use super::settings::Settings;

/// A command and its flags.
pub(super) struct CommandSpec {
    pub name: &'static str,
    /// How it is called, without flags.
    pub usage: &'static str,
    pub about: &'static str,
    /// Its flags, the global ones last.
    pub groups: &'static [&'static [Flag]],
    pub run: fn(Parsed, &Settings) -> Outcome,
}

/// Every command that is there.
pub(super) static COMMANDS: [CommandSpec; 3] = [
    CommandSpec {
        name: "lint",
        usage: "lint PATH [...]",
        about: "Check charts for likely mistakes",
        groups: &[&flags::LINT, &flags::VALUES, &flags::GLOBAL],
        run: lint::run,
    },
    CommandSpec {
        name: "package",
        usage: "package [CHART_PATH] [...]",
        about: "Pack a chart directory into an archive",
        groups: &[&flags::PACKAGE, &flags::GLOBAL],
        run: package::run,
    },
    CommandSpec {
        name: "template",
        usage: "template [NAME] [CHART]",
        about: "Render the templates of a chart and print the result",
        groups: &[
            &flags::TEMPLATE,
            &flags::VALUES,
            &flags::CHART_LOCATION,
            &flags::GLOBAL,
        ],
        run: template::run,
    },
];

/// helm's commands that do their work in a cluster.
const NEEDS_CLUSTER: [&str; 11] = [
    "get",
    "history",
    "install",
    "list",
    "plugin",
    "rollback",
    "status",
    "test",
    "uninstall",
    "upgrade",
    "ls",
];

/// helm's other commands.
const NOT_BUILT: [&str; 13] = [
    "completion",
    "create",
    "dependency",
    "env",
    "pull",
    "push",
    "registry",
    "repo",
    "search",
    "show",
    "verify",
    "version",
    "dep",
];

/// Finds a command by its name.
pub(super) fn find(name: &[u8]) -> Option<&'static CommandSpec> {
    COMMANDS.iter().find(|spec| spec.name.as_bytes() == name)
}

/// Returns why a command of helm is not there, if it is one of helm's.
pub(super) fn why_missing(name: &str) -> Option<String> {
    if NEEDS_CLUSTER.contains(&name) {
        return Some(format!(
            "the command {name:?} needs a cluster, which verta-render never contacts"
        ));
    }
    NOT_BUILT
        .contains(&name)
        .then(|| format!("the command {name:?} is not part of this version of verta-render"))
}
