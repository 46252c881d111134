//! `template`: arguments to [`TemplateArguments`].

use std::sync::Arc;

use super::location::chart_location;
use super::values::{schema_references, user_inputs};
use super::{Action, CommandSpec, Count};
use crate::RenderOptions;
use crate::cli::flags;
use crate::cli::homes::{self, Home};
use crate::cli::output::Outcome;
use crate::cli::parse::Parsed;
use crate::cli::settings::{self, Settings};
use crate::command::post_render::PostRenderer;
use crate::command::template::{self, TemplateArguments};
use crate::diag::{Diagnostic, Error, ErrorKind, Level, Sink};
use crate::gostd::strconv::{parse_bool, quote};
use crate::host::SystemHost;
use crate::{Capabilities, KubeVersion};

pub(super) static SPEC: CommandSpec = CommandSpec {
    name: "template",
    aliases: &[],
    arguments: "[NAME] [CHART]",
    count: Count::AtLeast(1),
    about: "Render the templates of a chart and print the result",
    groups: &[
        &flags::TEMPLATE,
        &flags::VALUES,
        &flags::CHART_LOCATION,
        &flags::GLOBAL,
    ],
    action: Action::Run(run),
};

fn run(parsed: Parsed, settings: &Settings) -> Outcome {
    let sink = Sink::new();
    match arguments(&parsed, settings, &sink, check_dry_run) {
        Ok(arguments) => {
            let outcome = template::run(arguments, &sink);
            Outcome {
                stdout: outcome.stdout,
                diagnostics: sink.take(),
                error: outcome.error,
                failed: false,
                kept: outcome.kept,
            }
        }
        Err(error) => Outcome {
            diagnostics: sink.take(),
            ..Outcome::error(error)
        },
    }
}

/// Returns what the flags say, for all commands that render.
pub(super) fn arguments(
    parsed: &Parsed,
    settings: &Settings,
    sink: &Sink,
    check_dry_run: fn(&Parsed, &Sink) -> Result<(), Error>,
) -> Result<TemplateArguments, Error> {
    let post_renderer = post_renderer(parsed)?;
    parsed.check_exclusive(&[
        &["force", "force-conflicts"],
        &["force-replace", "force-conflicts"],
        &["validate", "dry-run"],
    ])?;
    let mut capabilities = Capabilities::default();
    if let Some(version) = parsed.string("kube-version").filter(|v| !v.is_empty()) {
        capabilities.set_kube_version(KubeVersion::parse(&version)?);
    }
    for version in parsed.list("api-versions") {
        capabilities.add_api_version(version);
    }
    check_dry_run(parsed, sink)?;
    let text = |flag| parsed.string(flag).unwrap_or_default();
    let positional = parsed.arguments.iter();
    let positional = positional.map(|argument| String::from_utf8_lossy(argument).into_owned());
    Ok(TemplateArguments {
        positional: positional.collect(),
        generate_name: parsed.is_on("generate-name"),
        name_template: text("name-template"),
        location: chart_location(parsed, sink),
        inputs: user_inputs(parsed),
        options: RenderOptions {
            namespace: settings.namespace(),
            is_upgrade: parsed.is_on("is-upgrade"),
            capabilities,
            skip_schema_validation: parsed.is_on("skip-schema-validation"),
            schema_references: schema_references(parsed),
            enable_dns: parsed.is_on("enable-dns"),
            host: Arc::new(SystemHost),
            ..RenderOptions::default()
        },
        dependency_update: parsed.is_on("dependency-update"),
        source_date_epoch: settings::env_text("SOURCE_DATE_EPOCH"),
        post_renderer,
        labels: parsed.keys("labels"),
        include_crds: parsed.is_on("include-crds"),
        no_hooks: parsed.is_on("no-hooks"),
        skip_tests: parsed.is_on("skip-tests"),
        show_only: parsed.texts("show-only"),
        output_dir: text("output-dir"),
        release_name_dir: parsed.is_on("release-name"),
        debug: settings.debug,
    })
}

/// Finds the plugin that is asked for.
fn post_renderer(parsed: &Parsed) -> Result<Option<PostRenderer>, Error> {
    let Some(name) = parsed.string("post-renderer").filter(|n| !n.is_empty()) else {
        return Ok(None);
    };
    let directories = Some(settings::env_text("HELM_PLUGINS")).filter(|d| !d.is_empty());
    let directories = directories.unwrap_or_else(|| homes::path(Home::Data, &["plugins"]));
    let directories: Vec<_> = std::env::split_paths(&directories).collect();
    let arguments = parsed.texts("post-renderer-args").into_iter();
    let arguments = arguments.map(|a| String::from_utf8_lossy(&a).into_owned());
    match PostRenderer::find(&name, &directories, arguments.collect()) {
        Some(found) => Ok(Some(found)),
        None => Err(Error::new(
            ErrorKind::Usage,
            format!(
                "invalid argument {} for \"--post-renderer\" flag: plugin: {{Name:{name} Type:postrenderer/v1}} not found",
                quote(name.as_bytes())
            ),
        )),
    }
}

/// Only a dry run without a cluster is to be had, which is what `template` is anyway.
fn check_dry_run(parsed: &Parsed, sink: &Sink) -> Result<(), Error> {
    let usage = |text: String| Err(Error::new(ErrorKind::Usage, text));
    let needs_cluster = |flag: &str| {
        let text = format!("{flag} needs a cluster, which verta-render never contacts");
        Err(Error::new(ErrorKind::Unavailable, text))
    };
    let mode = parsed.text("dry-run").unwrap_or_else(|| b"client".to_vec());
    match mode.as_slice() {
        b"client" => {}
        b"unset" => sink.push(Diagnostic::log(
            Level::Warn,
            "--dry-run is deprecated and should be replaced with '--dry-run=client'",
        )),
        b"server" => return needs_cluster("--dry-run=server"),
        mode => match parse_bool(mode) {
            Ok(true) => {
                let mode = String::from_utf8_lossy(mode);
                sink.push(Diagnostic::log(
                    Level::Warn,
                    format!(
                        "boolean '--dry-run={mode}' flag is deprecated and must be replaced with '--dry-run=client'"
                    ),
                ));
            }
            Err(_) if mode != b"none" => {
                let mode = quote(mode);
                return usage(format!(
                    "invalid dry-run value ({mode}). Must be \"none\", \"server\", or \"client\""
                ));
            }
            _ => {
                let mode = quote(mode);
                return usage(format!(
                    "invalid dry-run value ({mode}). Must be \"server\" or \"client\""
                ));
            }
        },
    }
    if parsed.is_on("validate") {
        return needs_cluster("--validate");
    }
    Ok(())
}
