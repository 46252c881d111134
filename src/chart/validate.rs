//! Whether a description of a chart makes sense, and cleaning its texts.
//!
//! helm: pkg/chart/v2 `Metadata.Validate`; the order of the checks is helm's.

use std::collections::BTreeSet;

use super::confine::{self, is_plain_name};
use super::draft::MetadataDraft;
use super::metadata::{Dependency, Maintainer, Metadata};
use crate::diag::{Error, ErrorKind};
use crate::gostd::{strconv, unicode};
use crate::version::Version;

impl MetadataDraft {
    /// Returns the metadata if it is valid, with white space turned into blanks and
    /// unprintable characters removed.
    ///
    /// # Errors
    ///
    /// Returns helm's text (`validation: chart.metadata.name is required`) for the
    /// first thing wrong.
    pub fn validate(self) -> Result<Metadata, Error> {
        let MetadataDraft {
            fields: mut metadata,
            maintainers,
            dependencies,
        } = self;
        for text in [
            &mut metadata.name,
            &mut metadata.description,
            &mut metadata.home,
            &mut metadata.icon,
            &mut metadata.condition,
            &mut metadata.tags,
            &mut metadata.app_version,
            &mut metadata.kube_version,
        ] {
            clean(text);
        }
        metadata.sources.iter_mut().for_each(clean);
        metadata.keywords.iter_mut().for_each(clean);
        check_fields(&metadata)?;
        for maintainer in maintainers {
            let Some(maintainer) = maintainer else {
                return Err(invalid("maintainers must not contain empty or null nodes"));
            };
            metadata.maintainers.push(clean_maintainer(maintainer));
        }
        if let Some(dependencies) = dependencies {
            metadata.dependencies = Some(check_dependencies(dependencies)?);
        }
        Ok(metadata)
    }
}

fn check_fields(metadata: &Metadata) -> Result<(), Error> {
    let quoted = |text: &str| strconv::quote(text.as_bytes());
    let name = &metadata.name;
    if metadata.api_version.is_empty() {
        return Err(invalid("chart.metadata.apiVersion is required"));
    }
    if name.is_empty() {
        return Err(invalid("chart.metadata.name is required"));
    }
    if name == "." || name == ".." {
        let text = format!("chart.metadata.name {} is not allowed", quoted(name));
        return Err(invalid(text));
    }
    // A name of slashes only is its own last part.
    if name.contains('/') && name != "/" {
        return Err(invalid(format!(
            "chart.metadata.name {} is invalid",
            quoted(name)
        )));
    }
    check_name("chart.metadata.name", name)?;
    if metadata.version.is_empty() {
        return Err(invalid("chart.metadata.version is required"));
    }
    if Version::parse(metadata.version.as_bytes()).is_err() {
        let text = format!(
            "chart.metadata.version {} is invalid",
            quoted(&metadata.version)
        );
        return Err(invalid(text));
    }
    if !matches!(metadata.chart_type.as_str(), "" | "application" | "library") {
        return Err(invalid(
            "chart.metadata.type must be application or library",
        ));
    }
    Ok(())
}

/// Checks that a name can be part of any path, where the chart is not trusted.
fn check_name(field: &str, name: &str) -> Result<(), Error> {
    // DIFFERS(helm): only with --untrusted, and for backslashes on Windows, where they separate.
    let leads_elsewhere = cfg!(windows) && name.contains(['\\', ':']);
    if leads_elsewhere || confine::is_confined() && !is_plain_name(name) {
        let name = strconv::quote(name.as_bytes());
        return Err(invalid(format!("{field} {name} is invalid")));
    }
    Ok(())
}

fn clean_maintainer(mut maintainer: Maintainer) -> Maintainer {
    clean(&mut maintainer.name);
    clean(&mut maintainer.email);
    clean(&mut maintainer.url);
    maintainer
}

fn check_dependencies(dependencies: Vec<Option<Dependency>>) -> Result<Vec<Dependency>, Error> {
    let mut names = BTreeSet::new();
    let mut checked = Vec::with_capacity(dependencies.len());
    for dependency in dependencies {
        let Some(mut dependency) = dependency else {
            return Err(invalid("dependencies must not contain empty or null nodes"));
        };
        clean(&mut dependency.name);
        clean(&mut dependency.version);
        clean(&mut dependency.repository);
        clean(&mut dependency.condition);
        dependency.tags.iter_mut().for_each(clean);
        let is_alias = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
        if !dependency.alias.bytes().all(is_alias) {
            let name = strconv::quote(dependency.name.as_bytes());
            let text = format!("dependency {name} has disallowed characters in the alias");
            return Err(invalid(text));
        }
        check_name("name of dependency", &dependency.name)?;
        let name = dependency.local_name();
        if !names.insert(name.to_owned()) {
            let name = strconv::quote(name.as_bytes());
            let text = format!("more than one dependency with name or alias {name}");
            return Err(invalid(text));
        }
        checked.push(dependency);
    }
    Ok(checked)
}

fn invalid(text: impl AsRef<str>) -> Error {
    Error::new(ErrorKind::Chart, format!("validation: {}", text.as_ref()))
}

/// Turns white space into blanks and removes what does not print.
fn clean(text: &mut String) {
    let keep = |c: char| c == ' ' || c.is_ascii_graphic();
    if text.chars().all(keep) {
        return;
    }
    *text = text
        .chars()
        .filter_map(|c| {
            if unicode::is_space(c) {
                Some(' ')
            } else {
                unicode::is_print(c).then_some(c)
            }
        })
        .collect();
}
