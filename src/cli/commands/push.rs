//! `push`: arguments to a call.

use super::{Action, CommandSpec, Count};
use crate::cli::flags;
use crate::cli::output::Outcome;
use crate::cli::parse::Parsed;
use crate::cli::remote::remote;
use crate::cli::settings::Settings;
use crate::command::push;
use crate::diag::Sink;
use crate::host::SystemHost;

pub(super) static SPEC: CommandSpec = CommandSpec {
    name: "push",
    aliases: &[],
    arguments: "[chart] [remote]",
    count: Count::AtLeast(2),
    about: "Put a chart into a registry",
    groups: &[&flags::CONNECTION, &flags::GLOBAL],
    action: Action::Run(run),
};

fn run(parsed: Parsed, settings: &Settings) -> Outcome {
    let sink = Sink::new();
    let mut stdout = Vec::new();
    let (chart, target) = (parsed.argument(0), parsed.argument(1));
    let remote = remote(&parsed, settings.debug);
    let result = push::run(&chart, &target, &remote, &SystemHost, &mut stdout, &sink);
    Outcome::with(stdout, result, &sink)
}
