//! `lint`: arguments to [`LintArguments`].

use std::sync::Arc;

use super::values::{schema_references, user_inputs};
use super::{Action, CommandSpec, Count};
use crate::cli::flags;
use crate::cli::message;
use crate::cli::output::Outcome;
use crate::cli::parse::Parsed;
use crate::cli::remote::remote;
use crate::cli::settings::Settings;
use crate::command::lint::{self, LintArguments};
use crate::diag::{Error, Sink};
use crate::host::SystemHost;
use crate::{KubeVersion, LintOptions};

pub(super) static SPEC: CommandSpec = CommandSpec {
    name: "lint",
    aliases: &[],
    arguments: "PATH",
    count: Count::AtLeast(1),
    about: "Check charts for likely mistakes",
    groups: &[&flags::LINT, &flags::VALUES, &flags::GLOBAL],
    action: Action::Run(run),
};

fn run(parsed: Parsed, settings: &Settings) -> Outcome {
    let sink = Sink::new();
    let mut stdout = Vec::new();
    let result =
        arguments(&parsed, settings).and_then(|arguments| lint::run(arguments, &mut stdout, &sink));
    Outcome {
        diagnostics: sink.take(),
        error: result.err(),
        // What it finds are messages, which quote the chart.
        ..Outcome::text(message::escaped(&stdout))
    }
}

fn arguments(parsed: &Parsed, settings: &Settings) -> Result<LintArguments, Error> {
    let mut options = LintOptions {
        namespace: settings.namespace(),
        skip_schema_validation: parsed.is_on("skip-schema-validation"),
        schema_references: schema_references(parsed),
        host: Arc::new(SystemHost),
        ..LintOptions::default()
    };
    if let Some(version) = parsed.string("kube-version").filter(|v| !v.is_empty()) {
        options.kube_version = KubeVersion::parse(&version)?;
    }
    let charts = parsed.arguments.iter();
    let charts = charts.map(|chart| String::from_utf8_lossy(chart).into_owned());
    Ok(LintArguments {
        charts: charts.collect(),
        inputs: user_inputs(parsed),
        remote: remote(parsed, false),
        options,
        strict: parsed.is_on("strict"),
        quiet: parsed.is_on("quiet"),
        with_subcharts: parsed.is_on("with-subcharts"),
    })
}
