//! Whether Chart.yaml says what it should.
//!
//! helm: pkg/chart/v2/lint/rules `Chartfile`; the order of the checks is helm's.

use super::web_address::{is_email, is_request_url, is_url};
use crate::chart::MetadataDraft;
use crate::chart::folder::Entry;
use crate::codec::yaml;
use crate::gostd::path;
use crate::gostd::strconv::quote;
use crate::lint::message::{Messages, Severity};
use crate::lint::runner::Subject;
use crate::value::Map;
use crate::version::Version;

const FILE: &str = "Chart.yaml";

/// Looks at Chart.yaml.
pub(in crate::lint) fn check(subject: &Subject<'_>, messages: &mut Messages) {
    let mut say = |severity, text: String| messages.say(severity, FILE, text);
    if subject.folder.entry(FILE) == Entry::Directory {
        say(
            Severity::Error,
            "should be a file, not a directory".to_owned(),
        );
    }
    let read = subject.folder.read(FILE);
    let decoded = read.and_then(|data| {
        let draft = MetadataDraft::decode(&data).map_err(|error| error.to_string())?;
        Ok((data, draft))
    });
    let (data, draft) = match decoded {
        Ok(decoded) => decoded,
        Err(reason) => return say(Severity::Error, format!("unable to parse YAML\n\t{reason}")),
    };
    if let Err(reason) = MetadataDraft::check_strictly(&data) {
        let text = format!("failed to strictly parse chart metadata file\n\t{reason}");
        say(Severity::Warning, text);
    }
    let written = yaml::decode_map(&data).unwrap_or_default();
    let errors = [
        name_fault(&draft),
        api_version_fault(&draft),
        type_fault(&written, "version"),
        version_fault(&draft.fields.version),
        type_fault(&written, "appVersion"),
        maintainer_fault(&draft),
        source_fault(&draft),
    ];
    for text in errors.into_iter().flatten() {
        say(Severity::Error, text);
    }
    let icon = &draft.fields.icon;
    if icon.is_empty() {
        say(Severity::Info, "icon is recommended".to_owned());
    } else if !is_request_url(icon) {
        say(Severity::Error, format!("invalid icon URL '{icon}'"));
    }
    for text in format_faults(&draft) {
        say(Severity::Error, text);
    }
    let version = &draft.fields.version;
    if Version::parse_strict(version.as_bytes()).is_err() {
        let text = format!("version '{version}' is not a valid SemVerV2");
        say(Severity::Warning, text);
    }
}

fn name_fault(draft: &MetadataDraft) -> Option<String> {
    let name = draft.fields.name.as_bytes();
    if name.is_empty() {
        return Some("name is required".to_owned());
    }
    let is_base = path::base(name) == name;
    (!is_base).then(|| format!("chart name {} is invalid", quote(name)))
}

fn api_version_fault(draft: &MetadataDraft) -> Option<String> {
    const CHOICE: &str = "The value must be either \"v1\" or \"v2\"";
    match draft.fields.api_version.as_str() {
        "v1" | "v2" => None,
        "" => Some(format!("apiVersion is required. {CHOICE}")),
        other => Some(format!("apiVersion '{other}' is not valid. {CHOICE}")),
    }
}

/// A number is taken for a text, though its end may be lost: `1.10` is `1.1`.
fn type_fault(written: &Map, key: &str) -> Option<String> {
    let value = written.get(key.as_bytes())?;
    match value.go_type() {
        "string" => None,
        found => Some(format!(
            "{key} should be of type string but it's of type {found}"
        )),
    }
}

fn version_fault(version: &str) -> Option<String> {
    if version.is_empty() {
        return Some("version is required".to_owned());
    }
    let (Ok(parsed), Ok(least)) = (
        Version::parse(version.as_bytes()),
        Version::parse(b"0.0.0-0"),
    ) else {
        return Some(format!("version '{version}' is not a valid SemVer"));
    };
    parsed.compare(&least).is_le().then(|| {
        let shown = quote(parsed.to_string().as_bytes());
        format!("version {shown} is less than or equal to \"0.0.0-0\"")
    })
}

fn maintainer_fault(draft: &MetadataDraft) -> Option<String> {
    draft.maintainers.iter().find_map(|maintainer| {
        let Some(maintainer) = maintainer else {
            return Some("a maintainer entry is empty".to_owned());
        };
        let (name, email, url) = (&maintainer.name, &maintainer.email, &maintainer.url);
        if name.is_empty() {
            Some("each maintainer requires a name".to_owned())
        } else if !email.is_empty() && !is_email(email) {
            Some(format!("invalid email '{email}' for maintainer '{name}'"))
        } else if !url.is_empty() && !is_url(url) {
            Some(format!("invalid url '{url}' for maintainer '{name}'"))
        } else {
            None
        }
    })
}

fn source_fault(draft: &MetadataDraft) -> Option<String> {
    let mut sources = draft.fields.sources.iter();
    let source = sources.find(|source| !is_request_url(source))?;
    Some(format!("invalid source URL '{source}'"))
}

/// Returns what only a newer format may have.
fn format_faults(draft: &MetadataDraft) -> Vec<String> {
    let version = &draft.fields.api_version;
    let mut faults = Vec::new();
    if version == "v2" {
        return faults;
    }
    if !draft.fields.chart_type.is_empty() {
        faults.push(format!(
            "chart type is not valid in apiVersion '{version}'. It is valid in apiVersion 'v2'"
        ));
    }
    if draft.dependencies.as_ref().is_some_and(|d| !d.is_empty()) {
        faults.push(format!(
            "dependencies are not valid in the Chart file with apiVersion '{version}'. They are valid in apiVersion 'v2'"
        ));
    }
    faults
}
