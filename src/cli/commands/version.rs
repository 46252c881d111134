//! `version`: which program this is.
//!
//! Called as `helm` it answers as helm 4.3.1 does: programs that run helm ask for its version first.

use super::{Action, CommandSpec, Count};
use crate::cli::flag::{Flag, FlagKind};
use crate::cli::flags;
use crate::cli::output::Outcome;
use crate::cli::parse::Parsed;
use crate::cli::program::Program;
use crate::cli::settings::Settings;
use crate::command::version::{self, BuildInfo};
use crate::diag::Sink;

pub(super) static SPEC: CommandSpec = CommandSpec {
    name: "version",
    aliases: &[],
    arguments: "",
    count: Count::Exactly(0),
    about: "Print the version",
    groups: &[&FLAGS, &flags::GLOBAL],
    action: Action::Run(run),
};

#[rustfmt::skip]
static FLAGS: [Flag; 2] = [
    Flag::new("short", FlagKind::Bool, "Print the number only"),
    Flag::new("template", FlagKind::Text, "Template that is given Version, GitCommit, GitTreeState, GoVersion and KubeClientVersion"),
];

fn run(parsed: Parsed, settings: &Settings) -> Outcome {
    let build = match settings.program {
        Program::Helm => BuildInfo::Helm,
        Program::VertaRender => BuildInfo::VertaRender,
    };
    let template = parsed.text("template").filter(|text| !text.is_empty());
    let result = match template {
        Some(template) => version::formatted(build, &template),
        None if parsed.is_on("short") => Ok(version::short(build).into_bytes()),
        None => Ok(version::long(build).into_bytes()),
    };
    Outcome::finish(result, &Sink::new())
}
