//! Which cases to run, against which program, and how much to show: read from the environment.
//!
//! `PREFIX` is `VECTORS` or `SCENARIOS`: `PREFIX=REGEX` keeps cases whose `file/id` matches, `PREFIX_BIN=PATH` tests another program,
//! `PREFIX_SHOW=N` shows the first N failures, `PREFIX_WRITE=DIR` writes the inputs of the kept cases there.

use regex_automata::meta::Regex;
use std::path::PathBuf;

/// A choice of cases.
pub struct Selection {
    pub pattern: Option<Regex>,
    pub program: PathBuf,
    pub show: usize,
    pub write: Option<PathBuf>,
    /// Whether this is the full run against our own program, which the ratchet judges.
    pub whole: bool,
}

impl Selection {
    /// Reads the variables that begin with `prefix`.
    pub fn from_env(prefix: &str) -> Selection {
        let var = |suffix: &str| {
            std::env::var(format!("{prefix}{suffix}"))
                .ok()
                .filter(|text| !text.is_empty())
        };
        let pattern = var("")
            .map(|text| Regex::new(&text).unwrap_or_else(|error| panic!("{prefix}: {error}")));
        let program = var("_BIN").map(|path| {
            PathBuf::from(path)
                .canonicalize()
                .expect("the program of _BIN exists")
        });
        Selection {
            whole: pattern.is_none() && program.is_none(),
            pattern,
            program: program.unwrap_or_else(|| PathBuf::from(super::PROGRAM)),
            show: var("_SHOW").map_or(10, |text| text.parse().expect("_SHOW is a number")),
            write: var("_WRITE").map(PathBuf::from),
        }
    }

    /// Whether a case of this file and name is to be run.
    pub fn keeps(&self, file: &str, id: &str) -> bool {
        self.pattern
            .as_ref()
            .is_none_or(|pattern| pattern.is_match(format!("{file}/{id}").as_bytes()))
    }
}
