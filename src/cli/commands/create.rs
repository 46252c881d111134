//! `create`: arguments to [`CreateArguments`].

use super::{Action, CommandSpec, Count};
use crate::cli::flag::{Flag, FlagKind};
use crate::cli::flags;
use crate::cli::homes::{self, Home};
use crate::cli::output::Outcome;
use crate::cli::parse::Parsed;
use crate::cli::settings::{Settings, env_text};
use crate::command::create::{self, CreateArguments};
use crate::diag::Sink;
use crate::host::{Host, SystemHost};

pub(super) static SPEC: CommandSpec = CommandSpec {
    name: "create",
    aliases: &[],
    arguments: "NAME",
    count: Count::Exactly(1),
    about: "Make a chart to begin with",
    groups: &[&FLAGS, &flags::GLOBAL],
    action: Action::Run(run),
};

#[rustfmt::skip]
static FLAGS: [Flag; 2] = [
    Flag::new("starter", FlagKind::Text, "Chart to copy: a name below starters/ of helm's data directory, or an absolute path").short('p'),
    Flag::new("chart-api-version", FlagKind::Text, "Format of the chart").hidden(),
];

fn run(parsed: Parsed, _: &Settings) -> Outcome {
    let sink = Sink::new();
    let starter = parsed.string("starter").filter(|s| !s.is_empty());
    let arguments = CreateArguments {
        path: parsed.argument(0),
        starter: starter.map(|starter| {
            if std::path::Path::new(&starter).is_absolute() {
                starter
            } else {
                homes::path(Home::Data, &["starters", &starter])
            }
        }),
        api_version: parsed
            .string("chart-api-version")
            .unwrap_or_else(|| "v2".to_owned()),
        experimental_v3: !env_text("HELM_EXPERIMENTAL_CHART_V3").is_empty(),
        now: SystemHost.now().0,
    };
    let mut stdout = Vec::new();
    let result = create::run(&arguments, &mut stdout, &sink);
    Outcome {
        diagnostics: sink.take(),
        error: result.err(),
        ..Outcome::text(stdout)
    }
}
