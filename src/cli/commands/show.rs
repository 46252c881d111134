//! `show`: arguments to [`ShowArguments`].

use super::location::chart_location;
use super::{Action, CommandSpec, Count};
use crate::cli::flag::{Flag, FlagKind};
use crate::cli::flags;
use crate::cli::output::Outcome;
use crate::cli::parse::Parsed;
use crate::cli::settings::Settings;
use crate::command::show::{self, Part, ShowArguments};
use crate::diag::Sink;

pub(super) static SPEC: CommandSpec = CommandSpec {
    name: "show",
    aliases: &["inspect"],
    arguments: "",
    count: Count::Any,
    about: "Show a chart, or one part of it",
    groups: &[&flags::GLOBAL],
    action: Action::Group(&[&ALL, &CHART, &CRDS, &README, &VALUES]),
};

static ALL: CommandSpec = part("all", "Show everything about a chart", run_all);
static CHART: CommandSpec = part("chart", "Show Chart.yaml", run_chart);
static CRDS: CommandSpec = part("crds", "Show the custom resource definitions", run_crds);
static README: CommandSpec = part("readme", "Show the README", run_readme);
static VALUES: CommandSpec = CommandSpec {
    groups: &[&JSONPATH, &flags::CHART_LOCATION, &flags::GLOBAL],
    ..part("values", "Show the default values", run_values)
};

/// The flags of all parts but the values.
static GROUPS: [&[Flag]; 2] = [&flags::CHART_LOCATION, &flags::GLOBAL];

static JSONPATH: [Flag; 1] = [Flag::new(
    "jsonpath",
    FlagKind::Text,
    "Expression that picks from the values, such as {.image.tag}",
)];

const fn part(
    name: &'static str,
    about: &'static str,
    run: fn(Parsed, &Settings) -> Outcome,
) -> CommandSpec {
    CommandSpec {
        name,
        aliases: &[],
        arguments: "[CHART]",
        count: Count::Exactly(1),
        about,
        groups: &GROUPS,
        action: Action::Run(run),
    }
}

fn run_all(parsed: Parsed, _: &Settings) -> Outcome {
    run(Part::All, &parsed)
}

fn run_chart(parsed: Parsed, _: &Settings) -> Outcome {
    run(Part::Chart, &parsed)
}

fn run_crds(parsed: Parsed, _: &Settings) -> Outcome {
    run(Part::Crds, &parsed)
}

fn run_readme(parsed: Parsed, _: &Settings) -> Outcome {
    run(Part::Readme, &parsed)
}

fn run_values(parsed: Parsed, _: &Settings) -> Outcome {
    run(Part::Values, &parsed)
}

fn run(part: Part, parsed: &Parsed) -> Outcome {
    let sink = Sink::new();
    let mut location = chart_location(parsed, &sink);
    location.reference = parsed.argument(0);
    let arguments = ShowArguments {
        part,
        location,
        json_path: parsed.string("jsonpath").unwrap_or_default(),
    };
    Outcome::finish(show::run(&arguments, &sink), &sink)
}
