//! `env`: the settings, as a shell would set them.
//!
//! helm: pkg/cli `EnvSettings.EnvVars`.

use super::{Action, CommandSpec, Count};
use crate::cli::flags;
use crate::cli::output::Outcome;
use crate::cli::parse::Parsed;
use crate::cli::settings::Settings;

pub(super) static SPEC: CommandSpec = CommandSpec {
    name: "env",
    aliases: &[],
    arguments: "",
    count: Count::AtMost(1),
    about: "Print the settings, or one of them",
    groups: &[&flags::GLOBAL],
    action: Action::Run(run),
};

fn run(parsed: Parsed, settings: &Settings) -> Outcome {
    let variables = settings.variables(&parsed);
    let text = if parsed.arguments.is_empty() {
        let lines = variables
            .iter()
            .map(|(name, value)| format!("{name}=\"{value}\"\n"));
        lines.collect()
    } else {
        // One that is not known is empty.
        let name = parsed.argument(0);
        let value = variables.into_iter().find(|(known, _)| *known == name);
        format!("{}\n", value.map_or_else(String::new, |(_, value)| value))
    };
    Outcome::text(text.into_bytes())
}
