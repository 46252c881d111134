//! `dependency list|build|update`: arguments to [`DependencyOptions`].

use std::path::Path;

use super::location::keyring;
use super::{Action, CommandSpec, Count};
use crate::PackageOptions;
use crate::cli::flag::{Flag, FlagKind};
use crate::cli::flags;
use crate::cli::output::Outcome;
use crate::cli::parse::Parsed;
use crate::cli::remote::remote;
use crate::cli::settings::{Settings, env_text};
use crate::command::dependency::{self, DependencyOptions, Signature, list};
use crate::command::package::parse_source_date_epoch;
use crate::command::verify::check_fetched;
use crate::diag::{Error, Sink};
use crate::gostd::path as gopath;
use crate::host::{Host, SystemHost};

pub(super) static SPEC: CommandSpec = CommandSpec {
    name: "dependency",
    aliases: &["dep", "dependencies"],
    arguments: "",
    count: Count::Any,
    about: "See to the charts that a chart asks for",
    groups: &[&flags::GLOBAL],
    action: Action::Group(&[&BUILD, &LIST, &UPDATE]),
};

static BUILD: CommandSpec = CommandSpec {
    name: "build",
    aliases: &[],
    arguments: "CHART",
    count: Count::AtMost(1),
    about: "Bring charts/ in line with Chart.lock",
    groups: &[&FLAGS, &flags::CONNECTION, &flags::GLOBAL],
    action: Action::Run(run_build),
};

static LIST: CommandSpec = CommandSpec {
    name: "list",
    aliases: &["ls"],
    arguments: "CHART",
    count: Count::AtMost(1),
    about: "List what a chart asks for, and what there is of it",
    groups: &[&LIST_FLAGS, &flags::GLOBAL],
    action: Action::Run(run_list),
};

static UPDATE: CommandSpec = CommandSpec {
    name: "update",
    aliases: &["up"],
    arguments: "CHART",
    count: Count::AtMost(1),
    about: "Bring charts/ and Chart.lock in line with Chart.yaml",
    groups: &[&FLAGS, &flags::CONNECTION, &flags::GLOBAL],
    action: Action::Run(run_update),
};

static FLAGS: [Flag; 4] = [
    Flag::new("verify", FlagKind::Bool, "Verify the signatures of charts"),
    Flag::new(
        "keyring",
        FlagKind::Text,
        "File with public keys for --verify",
    ),
    Flag::new(
        "skip-refresh",
        FlagKind::Bool,
        "Use the indexes as they were fetched last",
    ),
    flags::ALLOW_MISMATCH,
];

static LIST_FLAGS: [Flag; 1] = [Flag::new(
    "max-col-width",
    FlagKind::Uint,
    "Cells are at most that wide; 0 is no limit (default 80)",
)];

/// Returns the path of the chart as helm cleans it.
fn chart(parsed: &Parsed) -> String {
    match parsed.arguments.first() {
        Some(path) => String::from_utf8_lossy(&gopath::clean(path)).into_owned(),
        None => ".".to_owned(),
    }
}

fn run_list(parsed: Parsed, _: &Settings) -> Outcome {
    let sink = Sink::new();
    let mut stdout = Vec::new();
    let width = parsed.uint("max-col-width").unwrap_or(80);
    let result = list::run(&chart(&parsed), width, &mut stdout, &sink);
    Outcome::with(stdout, result, &sink)
}

fn run_build(parsed: Parsed, settings: &Settings) -> Outcome {
    run(&parsed, settings, true)
}

fn run_update(parsed: Parsed, settings: &Settings) -> Outcome {
    run(&parsed, settings, false)
}

fn run(parsed: &Parsed, settings: &Settings, is_build: bool) -> Outcome {
    let sink = Sink::new();
    let mut stdout = Vec::new();
    let result = bring_in_line(parsed, settings, is_build, &mut stdout, &sink);
    Outcome::with(stdout, result, &sink)
}

fn bring_in_line(
    parsed: &Parsed,
    settings: &Settings,
    is_build: bool,
    stdout: &mut Vec<u8>,
    sink: &Sink,
) -> Result<(), Error> {
    let epoch = parse_source_date_epoch(env_text("SOURCE_DATE_EPOCH").as_bytes())?;
    let remote = remote(parsed, settings.debug);
    remote.check()?;
    let chart = chart(parsed);
    let directory = Path::new(&chart);
    let (keyring, now) = (keyring(parsed), SystemHost.now().0);
    let check = |path: &Path, archive: &[u8], provenance: &[u8]| {
        check_fetched(&keyring, now, path, archive, provenance)
    };
    let options = DependencyOptions {
        remote: &remote,
        package: PackageOptions {
            source_date_epoch: epoch,
            now: SystemHost.now().0,
            ..PackageOptions::default()
        },
        skip_refresh: parsed.is_on("skip-refresh"),
        keyring: &keyring,
        signature: match (parsed.is_on("verify"), is_build) {
            (false, _) => Signature::Ignore,
            (true, true) => Signature::CheckIfThere(&check),
            (true, false) => Signature::Check(&check),
        },
    };
    if is_build {
        dependency::build(directory, &options, stdout, sink)
    } else {
        dependency::update(directory, &options, stdout, sink)
    }
}
