//! What the program was called as.

use std::ffi::OsString;
use std::path::Path;

/// The name in the first argument of the process.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Program {
    /// `helm`: by a link or a copy, for programs that ask which helm they run.
    Helm,
    /// Anything else.
    VertaRender,
}

impl Program {
    /// Tells the program from the path it was started by.
    pub fn called(path: OsString) -> Program {
        let name = Path::new(&path).file_name().unwrap_or_default();
        let name = name.to_string_lossy();
        let is_helm = if cfg!(windows) {
            name.eq_ignore_ascii_case("helm") || name.eq_ignore_ascii_case("helm.exe")
        } else {
            name == "helm"
        };
        if is_helm {
            Program::Helm
        } else {
            Program::VertaRender
        }
    }

    /// Returns the name that hints and help use.
    pub fn name(self) -> &'static str {
        match self {
            Program::Helm => "helm",
            Program::VertaRender => "verta-render",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Program;

    #[test]
    fn the_file_name_counts() {
        assert_eq!(Program::called("/opt/bin/helm".into()), Program::Helm);
        assert_eq!(Program::called("helm".into()), Program::Helm);
        assert_eq!(Program::called("helm3".into()), Program::VertaRender);
        assert_eq!(Program::called("".into()), Program::VertaRender);
    }
}
