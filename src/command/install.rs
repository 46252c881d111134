//! `install --dry-run=client`: what an installation would do, as far as it can be told without a cluster.
//!
//! helm: pkg/cmd `install` and `status`, pkg/action `Install`.

use super::release::Release;
use super::rows::OutputFormat;
use super::template::{TemplateArguments, load};
use crate::codec::yaml;
use crate::diag::{Error, ErrorKind, Sink};
use crate::gostd::path;
use crate::gostd::time::{Location, Time};
use crate::gostd::unicode::trim_space;
use crate::manifest::{Document, HookEvent, emit};
use crate::render::Rendered;
use crate::value::{Map, Value};

/// What is shown in place of a Secret that is not to be shown.
const HIDDEN: &[u8] = b"# HIDDEN: The Secret output has been suppressed";

/// What `install` is asked to do.
#[derive(Clone, Debug)]
pub struct InstallArguments {
    /// Chart, values and everything that rendering depends on.
    pub template: TemplateArguments,
    /// Whether the contents of secrets are left out.
    pub hide_secret: bool,
    /// Whether the chart's notes are left out.
    pub hide_notes: bool,
    /// How the release is shown.
    pub output: OutputFormat,
    /// Whether the cluster would be asked to join what is there with what is new.
    pub server_side: bool,
}

/// Appends to `stdout` what an installation would do.
///
/// # Errors
///
/// Fails with helm's text if there is no such chart, or it cannot be rendered.
pub fn run(arguments: InstallArguments, stdout: &mut Vec<u8>, sink: &Sink) -> Result<(), Error> {
    let InstallArguments {
        mut template,
        hide_secret,
        hide_notes,
        output,
        server_side,
    } = arguments;
    name_release(&mut template)?;
    let (template, renderer, values) = load(template, stdout, sink)?;
    template.check_labels()?;
    let options = &template.options;
    let prepared = renderer.prepare(&values, options, sink)?;
    let computed = prepared.values().clone();
    let mut executed = renderer.execute(&prepared, options, sink)?;
    if let Some(post_renderer) = &template.post_renderer {
        post_renderer.edit(&mut executed)?;
    }
    let rendered = executed.sort(sink)?;
    let notes = rendered.notes.as_deref().unwrap_or_default();
    let (seconds, nanoseconds) = options.host.now();
    let zone = Location::from_tz_variable(options.host.local_zone().as_bytes());
    if output != OutputFormat::Table {
        let release = Release {
            name: &options.release_name,
            namespace: &options.namespace,
            time: (seconds, nanoseconds),
            zone: &zone,
            notes,
            chart: prepared.chart(),
            config: &values,
            manifest: manifest(&rendered, hide_secret),
            hooks: &rendered.hooks,
            server_side,
        };
        stdout.extend_from_slice(&release.encode(output)?);
        return Ok(());
    }
    let time = Time::from_unix(seconds, i64::from(nanoseconds), &zone);
    let values_text = match template.debug {
        true => values_text(&values, &computed)?,
        false => Vec::new(),
    };
    push_head(&template, &rendered, &time, stdout);
    stdout.extend_from_slice(&values_text);
    stdout.extend_from_slice(b"HOOKS:\n");
    for hook in &rendered.hooks {
        emit(stdout, hook.document.path(), hook.document.text());
    }
    stdout.extend_from_slice(b"MANIFEST:\n");
    stdout.append(&mut manifest(&rendered, hide_secret));
    stdout.push(b'\n');
    if !hide_notes && !notes.is_empty() {
        stdout.extend_from_slice(b"NOTES:\n");
        stdout.extend_from_slice(trim_space(notes));
        stdout.push(b'\n');
    }
    Ok(())
}

/// Returns what would be installed, as one text.
fn manifest(rendered: &Rendered, hide_secret: bool) -> Vec<u8> {
    let mut text = Vec::new();
    for document in &rendered.manifests {
        let shown = if hide_secret && is_secret(document) {
            HIDDEN
        } else {
            document.text()
        };
        emit(&mut text, document.path(), shown);
    }
    text
}

fn is_secret(document: &Document) -> bool {
    let head = document.head();
    *head.kind == *b"Secret" && *head.api_version == *b"v1"
}

/// Makes up a name if that was asked for; there is no name that fits every release.
fn name_release(template: &mut TemplateArguments) -> Result<(), Error> {
    let [chart] = template.positional.as_slice() else {
        return Ok(());
    };
    if !template.name_template.is_empty() {
        return Ok(());
    }
    if !template.generate_name {
        let text = "must either provide a name or specify --generate-name";
        return Err(Error::new(ErrorKind::Usage, text));
    }
    let base = String::from_utf8_lossy(path::base(chart.as_bytes()));
    let base = if base == "." { "chart" } else { &base };
    let base = base.split('.').next().unwrap_or_default();
    let (seconds, _) = template.options.host.now();
    template.positional = vec![format!("{base}-{seconds}"), chart.clone()];
    template.generate_name = false;
    Ok(())
}

fn push_head(template: &TemplateArguments, rendered: &Rendered, time: &Time, out: &mut Vec<u8>) {
    let options = &template.options;
    let time = time.format(b"Mon Jan _2 15:04:05 2006");
    let text = format!(
        "NAME: {}\nLAST DEPLOYED: {}\nNAMESPACE: {}\nSTATUS: pending-install\nREVISION: 1\n\
         DESCRIPTION: Dry run complete\n",
        options.release_name,
        String::from_utf8_lossy(&time),
        options.namespace,
    );
    out.extend_from_slice(text.as_bytes());
    let mut hooks = rendered.hooks.iter();
    if !hooks.any(|hook| hook.events.contains(&HookEvent::Test)) {
        out.extend_from_slice(b"TEST SUITE: None\n");
    }
}

fn values_text(values: &Map, computed: &Map) -> Result<Vec<u8>, Error> {
    let mut out = Vec::new();
    for (title, values) in [("USER-SUPPLIED", values), ("COMPUTED", computed)] {
        let text = yaml::encode(&Value::from(values.clone()))
            .map_err(|text| Error::new(ErrorKind::Values, text))?;
        out.extend_from_slice(format!("{title} VALUES:\n").as_bytes());
        out.extend_from_slice(&text);
        out.push(b'\n');
    }
    Ok(out)
}
