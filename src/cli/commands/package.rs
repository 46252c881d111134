//! `package`: arguments to [`PackageArguments`].

use super::location::keyring;
use super::{Action, CommandSpec, Count};
use crate::PackageOptions;
use crate::cli::flags;
use crate::cli::output::Outcome;
use crate::cli::parse::Parsed;
use crate::cli::remote::remote;
use crate::cli::settings::{self, Settings};
use crate::command::package::{self, PackageArguments, parse_source_date_epoch};
use crate::command::signing::SigningOptions;
use crate::diag::{Error, Sink};
use crate::host::{Host, SystemHost};

pub(super) static SPEC: CommandSpec = CommandSpec {
    name: "package",
    aliases: &[],
    arguments: "[CHART_PATH] [...]",
    count: Count::Any,
    about: "Pack a chart directory into an archive",
    groups: &[&flags::PACKAGE, &flags::GLOBAL],
    action: Action::Run(run),
};

fn run(parsed: Parsed, _: &Settings) -> Outcome {
    let sink = Sink::new();
    let mut stdout = Vec::new();
    let result =
        arguments(&parsed).and_then(|arguments| package::run(&arguments, &mut stdout, &sink));
    Outcome {
        diagnostics: sink.take(),
        error: result.err(),
        ..Outcome::text(stdout)
    }
}

fn arguments(parsed: &Parsed) -> Result<PackageArguments, Error> {
    let text = |flag| parsed.string(flag).unwrap_or_default();
    let charts = parsed.arguments.iter();
    let charts = charts.map(|chart| String::from_utf8_lossy(chart).into_owned());
    let epoch = if parsed.arguments.is_empty() {
        // That there is no chart is told first.
        None
    } else {
        parse_source_date_epoch(settings::env_text("SOURCE_DATE_EPOCH").as_bytes())?
    };
    Ok(PackageArguments {
        charts: charts.collect(),
        options: PackageOptions {
            version: parsed.string("version"),
            app_version: parsed.string("app-version"),
            source_date_epoch: epoch,
            now: SystemHost.now().0,
        },
        destination: parsed
            .string("destination")
            .unwrap_or_else(|| ".".to_owned()),
        dependency_update: parsed.is_on("dependency-update"),
        signing: parsed.is_on("sign").then(|| SigningOptions {
            key: text("key"),
            keyring: keyring(parsed),
            passphrase_file: text("passphrase-file"),
        }),
        remote: remote(parsed, false),
    })
}
