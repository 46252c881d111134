//! `install --dry-run=client`: arguments to [`InstallArguments`].

use super::template;
use super::{Action, CommandSpec, Count};
use crate::cli::flag::{Flag, FlagKind};
use crate::cli::flags::{self, idle};
use crate::cli::output::Outcome;
use crate::cli::parse::Parsed;
use crate::cli::settings::Settings;
use crate::command::install::{self, InstallArguments};
use crate::command::{OutputFormat, PullNotes};
use crate::diag::{Diagnostic, Error, ErrorKind, Level, Sink};
use crate::gostd::strconv::{parse_bool, quote};

use FlagKind::{Bool, Duration, Pairs, Text, Texts, Wait};

pub(super) static SPEC: CommandSpec = CommandSpec {
    name: "install",
    aliases: &[],
    arguments: "[NAME] [CHART]",
    count: Count::AtLeast(1),
    about: "With --dry-run=client: show what an installation would do",
    groups: &[
        &FLAGS,
        &flags::VALUES,
        &flags::CHART_LOCATION,
        &flags::GLOBAL,
    ],
    action: Action::Run(run),
};

#[rustfmt::skip]
static FLAGS: [Flag; 31] = [
    Flag::new("dry-run", Text, "Must be client: without it an installation needs a cluster").alone("unset"),
    Flag::new("generate-name", Bool, "Make up the release's name").short('g'),
    Flag::new("name-template", Text, "Template that gives the release's name"),
    Flag::new("output", Text, "How to print: table, json or yaml").short('o'),
    Flag::new("hide-notes", Bool, "Leave out the chart's notes"),
    Flag::new("hide-secret", Bool, "Leave out what secrets hold"),
    Flag::new("render-subchart-notes", Bool, "Show the notes of subcharts too"),
    Flag::new("server-side", Bool, "Which method of installing the record names"),
    Flag::new("skip-schema-validation", Bool, "Do not check values against values.schema.json"),
    Flag::new("allow-remote-schema", Bool, "Let values.schema.json refer to any file, and to the web"),
    Flag::new("enable-dns", Bool, "Let templates look up addresses"),
    Flag::new("dependency-update", Bool, "Update dependencies first if some are missing"),
    Flag::new("post-renderer", Text, "Plugin that edits the rendered documents"),
    Flag::new("post-renderer-args", Texts, "An argument for the plugin"),
    Flag::new("labels", Pairs, "Labels of the release, which are only checked").short('l'),
    Flag::new("force", Bool, "").deprecated("use --force-replace instead"),
    Flag::new("atomic", Bool, "").deprecated("use --rollback-on-failure instead"),
    idle("create-namespace", Bool),
    idle("description", Text),
    idle("disable-openapi-validation", Bool),
    idle("force-conflicts", Bool),
    idle("force-replace", Bool),
    idle("no-hooks", Bool),
    idle("replace", Bool),
    idle("rollback-on-failure", Bool),
    idle("skip-crds", Bool),
    idle("take-ownership", Bool),
    idle("timeout", Duration),
    idle("wait", Wait),
    idle("wait-for-jobs", Bool),
    idle("validate", Bool),
];

fn run(parsed: Parsed, settings: &Settings) -> Outcome {
    let sink = Sink::new();
    let mut stdout = Vec::new();
    let arguments = template::arguments(&parsed, settings, &sink, check_dry_run)
        .and_then(|template| output_format(&parsed).map(|output| (template, output)));
    let result = match arguments {
        Err(error) => Err(error),
        Ok((mut template, output)) => {
            template.location.remote.pull_notes = PullNotes::Output;
            template.options.subchart_notes = parsed.is_on("render-subchart-notes");
            let arguments = InstallArguments {
                template,
                hide_secret: parsed.is_on("hide-secret"),
                hide_notes: parsed.is_on("hide-notes"),
                output,
                server_side: parsed
                    .string("server-side")
                    .is_none_or(|_| parsed.is_on("server-side")),
            };
            install::run(arguments, &mut stdout, &sink)
                .map_err(|error| error.prefixed("INSTALLATION FAILED: "))
        }
    };
    Outcome {
        diagnostics: sink.take(),
        error: result.err(),
        ..Outcome::text(stdout)
    }
}

fn output_format(parsed: &Parsed) -> Result<OutputFormat, Error> {
    match parsed.text("output").as_deref() {
        None | Some(b"table") => Ok(OutputFormat::Table),
        Some(b"json") => Ok(OutputFormat::Json),
        Some(b"yaml") => Ok(OutputFormat::Yaml),
        Some(other) => {
            let other = quote(other);
            let text =
                format!("invalid argument {other} for \"-o, --output\" flag: invalid format type");
            Err(Error::new(ErrorKind::Usage, text))
        }
    }
}

/// Everything but a dry run without a cluster is out of reach.
fn check_dry_run(parsed: &Parsed, sink: &Sink) -> Result<(), Error> {
    let warn = |text: String| sink.push(Diagnostic::log(Level::Warn, text));
    let needs_cluster = || {
        let text = "install needs a cluster, which verta-render never contacts: \
                    --dry-run=client shows what it would do";
        Err(Error::new(ErrorKind::Unavailable, text))
    };
    let mode = parsed.text("dry-run").unwrap_or_else(|| b"none".to_vec());
    let shown = String::from_utf8_lossy(&mode).into_owned();
    let replaced = |with: &str| {
        format!(
            "boolean '--dry-run={shown}' flag is deprecated and must be replaced with '--dry-run={with}'"
        )
    };
    match mode.as_slice() {
        b"client" => Ok(()),
        b"unset" => {
            warn("--dry-run is deprecated and should be replaced with '--dry-run=client'".into());
            Ok(())
        }
        b"server" | b"none" => needs_cluster(),
        mode => match parse_bool(mode) {
            Ok(true) => {
                warn(replaced("client"));
                Ok(())
            }
            Ok(false) => {
                warn(replaced("none"));
                needs_cluster()
            }
            Err(_) => {
                let mode = quote(mode);
                let text = format!(
                    "invalid dry-run value ({mode}). Must be \"none\", \"server\", or \"client\""
                );
                Err(Error::new(ErrorKind::Usage, text))
            }
        },
    }
}
