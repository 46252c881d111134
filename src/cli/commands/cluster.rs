//! helm's commands that do their work in a cluster: known, explained, and not there.

use super::{Action, CommandSpec, Count};

pub(super) static GET: CommandSpec = spec("get", &[], "Get information about a release");
pub(super) static HISTORY: CommandSpec =
    spec("history", &["hist"], "Get the revisions of a release");
pub(super) static LIST: CommandSpec = spec("list", &["ls"], "List releases");
pub(super) static PLUGIN: CommandSpec = CommandSpec {
    action: Action::Absent("works on helm itself, whose plugins verta-render does not manage"),
    ..spec("plugin", &[], "Install, list and remove plugins of helm")
};
pub(super) static ROLLBACK: CommandSpec =
    spec("rollback", &[], "Return a release to an earlier revision");
pub(super) static STATUS: CommandSpec = spec("status", &[], "Get the state of a release");
pub(super) static TEST: CommandSpec = spec("test", &[], "Run the tests of a release");
pub(super) static UNINSTALL: CommandSpec = spec(
    "uninstall",
    &["del", "delete", "un"],
    "Take a release out of the cluster",
);
pub(super) static UPGRADE: CommandSpec = spec("upgrade", &[], "Upgrade a release");

const fn spec(
    name: &'static str,
    aliases: &'static [&'static str],
    about: &'static str,
) -> CommandSpec {
    CommandSpec {
        name,
        aliases,
        arguments: "",
        count: Count::Any,
        about,
        groups: &[],
        action: Action::Absent("needs a cluster, which verta-render never contacts"),
    }
}
