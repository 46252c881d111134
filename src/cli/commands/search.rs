//! `search repo`: arguments to [`SearchArguments`].

use super::{Action, CommandSpec, Count};
use crate::cli::flag::{Flag, FlagKind};
use crate::cli::flags;
use crate::cli::output::Outcome;
use crate::cli::parse::Parsed;
use crate::cli::remote::remote;
use crate::cli::settings::Settings;
use crate::command::search::{self, SearchArguments};
use crate::diag::Sink;

use FlagKind::{Bool, Text, Uint};

pub(super) static SPEC: CommandSpec = CommandSpec {
    name: "search",
    aliases: &[],
    arguments: "",
    count: Count::Any,
    about: "Look for charts",
    groups: &[&flags::GLOBAL],
    action: Action::Group(&[&HUB, &REPO]),
};

static HUB: CommandSpec = CommandSpec {
    name: "hub",
    aliases: &[],
    arguments: "",
    count: Count::Any,
    about: "Look for charts in the Artifact Hub",
    groups: &[],
    action: Action::Absent("asks the Artifact Hub, which verta-render never does"),
};

static REPO: CommandSpec = CommandSpec {
    name: "repo",
    aliases: &[],
    arguments: "[keyword]",
    count: Count::Any,
    about: "Look for charts in the repositories that have names",
    groups: &[&FLAGS, &flags::OUTPUT, &flags::GLOBAL],
    action: Action::Run(run),
};

#[rustfmt::skip]
static FLAGS: [Flag; 6] = [
    Flag::new("regexp", Bool, "The words are a regular expression").short('r'),
    Flag::new("versions", Bool, "List every version").short('l'),
    Flag::new("devel", Bool, "Accept pre-releases: same as --version '>0.0.0-0'"),
    Flag::new("version", Text, "Version or range of versions to look for"),
    Flag::new("max-col-width", Uint, "Cells are at most that wide; 0 is no limit (default 50)"),
    Flag::new("fail-on-no-result", Bool, "Fail if nothing is found"),
];

fn run(parsed: Parsed, settings: &Settings) -> Outcome {
    let sink = Sink::new();
    let mut stdout = Vec::new();
    let words = parsed.arguments.iter();
    let arguments = SearchArguments {
        words: words
            .map(|w| String::from_utf8_lossy(w).into_owned())
            .collect(),
        regexp: parsed.is_on("regexp"),
        versions: parsed.is_on("versions"),
        devel: parsed.is_on("devel"),
        version: parsed.string("version").unwrap_or_default(),
        max_width: parsed.uint("max-col-width").unwrap_or(50),
        must_find: parsed.is_on("fail-on-no-result"),
        format: parsed.format(),
    };
    let remote = remote(&parsed, settings.debug);
    let result = search::run(&arguments, &remote, &mut stdout, &sink);
    Outcome::with(stdout, result, &sink)
}
