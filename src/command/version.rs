//! `version`: what there is to say about the program.
//!
//! helm: pkg/cmd `version`, internal/version.

use crate::capabilities::helm_version;
use crate::diag::{Error, ErrorKind};
use crate::funcs::catalog::CATALOG;
use crate::host::SystemHost;
use crate::template::func::{FuncDef, FuncMap};
use crate::template::{Environment, TemplateSet};
use crate::value::Value;

/// Which program is asked about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BuildInfo {
    /// The helm whose behaviour this is.
    Helm,
    /// This program.
    VertaRender,
}

/// What Go's templates can call without any library.
const BUILTINS: [&str; 19] = [
    "and", "call", "eq", "ge", "gt", "html", "index", "js", "le", "len", "lt", "ne", "not", "or",
    "print", "printf", "println", "slice", "urlquery",
];

struct Builtins;

impl FuncMap for Builtins {
    fn get(&self, name: &[u8]) -> Option<&'static FuncDef> {
        let is_builtin = BUILTINS.iter().any(|known| known.as_bytes() == name);
        if is_builtin { CATALOG.get(name) } else { None }
    }
}

const OWN: &str = env!("CARGO_PKG_VERSION");

/// Returns the line that says everything.
pub fn long(build: BuildInfo) -> String {
    let fields = helm_version();
    let helm = fields.first().map_or("", |(_, value)| *value);
    if build == BuildInfo::VertaRender {
        return format!("verta-render v{OWN}, equal to helm {helm}\n");
    }
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}:{value:?}"))
        .collect();
    format!("version.BuildInfo{{{}}}\n", fields.join(", "))
}

/// Returns the number, with the first digits of the commit.
pub fn short(build: BuildInfo) -> String {
    let fields = helm_version();
    let field = |name: &str| fields.iter().find(|(field, _)| *field == name);
    match (build, field("Version"), field("GitCommit")) {
        (BuildInfo::Helm, Some((_, version)), Some((_, commit))) => {
            format!("{version}+g{}\n", commit.get(..7).unwrap_or(commit))
        }
        _ => format!("v{OWN}\n"),
    }
}

/// Executes a template that sees the fields.
///
/// # Errors
///
/// Fails with Go's text if it does not parse, or asks for a field there is not.
pub fn formatted(build: BuildInfo, template: &[u8]) -> Result<Vec<u8>, Error> {
    const NAME: &[u8] = b"_";
    let mut set = TemplateSet::new(Builtins);
    set.parse(NAME, template)
        .map_err(|error| Error::new(ErrorKind::TemplateParse, error.text()))?;
    let version = match build {
        BuildInfo::Helm => None,
        BuildInfo::VertaRender => Some(concat!("v", env!("CARGO_PKG_VERSION"))),
    };
    let fields: Value = crate::capabilities::build_info(version);
    match set.execute(NAME, &fields, &Environment::new(&SystemHost)) {
        Some(Ok(text)) => Ok(text),
        Some(Err(error)) => Err(Error::new(ErrorKind::TemplateExec, error.go_text())),
        None => Ok(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_wrappers_of_helm_read() {
        assert_eq!(short(BuildInfo::Helm), "v4.3.1+gc0d08d0\n");
        assert!(
            long(BuildInfo::Helm)
                .starts_with("version.BuildInfo{Version:\"v4.3.1\", GitCommit:\"c0d")
        );
        assert_eq!(
            formatted(BuildInfo::Helm, b"{{.Version}}").unwrap(),
            b"v4.3.1"
        );
        assert_eq!(
            formatted(BuildInfo::Helm, b"{{.Version|upper}}")
                .unwrap_err()
                .to_string(),
            "template: _:1: function \"upper\" not defined"
        );
    }
}
