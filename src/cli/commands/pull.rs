//! `pull`: arguments to [`PullArguments`].

use std::path::Path;

use super::location::{keyring, wanted_version};
use super::{Action, CommandSpec, Count};
use crate::cli::flag::{Flag, FlagKind};
use crate::cli::flags;
use crate::cli::output::Outcome;
use crate::cli::parse::Parsed;
use crate::cli::remote::remote;
use crate::cli::settings::Settings;
use crate::command::dependency::Signature;
use crate::command::pull::{self, PullArguments};
use crate::command::verify::check_fetched;
use crate::diag::Sink;
use crate::host::{Host, SystemHost};

use FlagKind::{Bool, Text};

pub(super) static SPEC: CommandSpec = CommandSpec {
    name: "pull",
    aliases: &["fetch"],
    arguments: "[chart URL | repo/chartname] [...]",
    count: Count::AtLeast(1),
    about: "Fetch charts from repositories and registries",
    groups: &[&FLAGS, &flags::CHART_LOCATION, &flags::GLOBAL],
    action: Action::Run(run),
};

#[rustfmt::skip]
static FLAGS: [Flag; 4] = [
    Flag::new("destination", Text, "Directory to write to").short('d'),
    Flag::new("untar", Bool, "Unpack the chart instead of keeping the archive"),
    Flag::new("untardir", Text, "Where to unpack, from the destination on"),
    Flag::new("prov", Bool, "Fetch the signature too, without checking it"),
];

fn run(parsed: Parsed, settings: &Settings) -> Outcome {
    let sink = Sink::new();
    let mut stdout = Vec::new();
    let path = |flag| parsed.string(flag).unwrap_or_else(|| ".".to_owned());
    let charts = parsed.arguments.iter();
    let keyring = keyring(&parsed);
    let arguments = PullArguments {
        charts: charts
            .map(|c| String::from_utf8_lossy(c).into_owned())
            .collect(),
        repository: parsed.string("repo").unwrap_or_default(),
        version: wanted_version(&parsed),
        destination: path("destination"),
        untar: parsed.is_on("untar"),
        untar_directory: path("untardir"),
        keyring: keyring.clone(),
    };
    let now = SystemHost.now().0;
    let check = |path: &Path, archive: &[u8], provenance: &[u8]| {
        check_fetched(&keyring, now, path, archive, provenance)
    };
    let signature = if parsed.is_on("verify") {
        Signature::Check(&check)
    } else if parsed.is_on("prov") {
        Signature::Fetch
    } else {
        Signature::Ignore
    };
    let remote = remote(&parsed, settings.debug);
    let result = pull::run(&arguments, &remote, signature, &mut stdout, &sink);
    Outcome::with(stdout, result, &sink)
}
