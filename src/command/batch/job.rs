//! The lines of a batch: JSON to [`Job`]s.

use std::collections::BTreeMap;

use crate::UserInputs;
use crate::codec::json;
use crate::diag::{Error, ErrorKind};
use crate::gostd::path as gopath;
use crate::gostd::strconv::quote;
use crate::value::{Kind, Map, Value};

/// What a line says.
#[derive(Clone, Debug, Default)]
pub(super) struct Job {
    /// Where the line stands, from 1 on.
    pub line: usize,
    pub chart: String,
    pub repo: String,
    pub version: String,
    pub name: Option<String>,
    pub namespace: Option<String>,
    /// Values files and set expressions; a file may be one of `inline`.
    pub inputs: UserInputs,
    /// Values that stand in the line itself, by the name they have among the files.
    pub inline: BTreeMap<String, Vec<u8>>,
    pub kube_version: String,
    pub api_versions: Vec<String>,
    pub show_only: Vec<String>,
    pub include_crds: bool,
    pub is_upgrade: bool,
    pub no_hooks: bool,
    pub skip_tests: bool,
    pub skip_schema_validation: bool,
    /// The name of the file to write, below the directory.
    pub output: String,
}

/// Every key of a line.
const KEYS: [&str; 20] = [
    "api-versions",
    "chart",
    "include-crds",
    "is-upgrade",
    "kube-version",
    "name",
    "namespace",
    "no-hooks",
    "output",
    "repo",
    "set",
    "set-file",
    "set-json",
    "set-literal",
    "set-string",
    "show-only",
    "skip-schema-validation",
    "skip-tests",
    "values",
    "version",
];

/// Returns the lines that are not void, each with its number, from 1 on.
pub(super) fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let lines = (1..).zip(text.split(|byte| *byte == b'\n'));
    lines.filter(|(_, line)| !line.trim_ascii().is_empty())
}

/// The files that jobs write, each with the line that wants it.
#[derive(Debug, Default)]
pub(super) struct Outputs(BTreeMap<String, usize>);

impl Outputs {
    /// Takes the name of a job.
    ///
    /// # Errors
    ///
    /// Says which line has it already.
    pub fn take(&mut self, job: &Job) -> Result<(), Error> {
        match self.0.insert(job.output.clone(), job.line) {
            None => Ok(()),
            Some(before) => {
                let name = quote(job.output.as_bytes());
                let text = format!("the output {name} is the one of line {before} as well");
                Err(refused(job.line, &text))
            }
        }
    }

    /// Checks that no file would have to be a directory for another one.
    ///
    /// # Errors
    ///
    /// Says which lines do not go together.
    pub fn check(&self) -> Result<(), Error> {
        for (output, line) in &self.0 {
            let parents = output.match_indices('/').map(|(at, _)| &output[..at]);
            for parent in parents {
                if let Some(other) = self.0.get(parent) {
                    let name = quote(parent.as_bytes());
                    let text =
                        format!("the output of line {other}, {name}, would have to be a directory");
                    return Err(refused(*line, &text));
                }
            }
        }
        Ok(())
    }
}

fn refused(line: usize, text: &str) -> Error {
    Error::new(ErrorKind::Usage, format!("line {line}: {text}"))
}

impl Job {
    /// Reads a line.
    ///
    /// # Errors
    ///
    /// Says why it is no job.
    pub fn read(number: usize, line: &[u8]) -> Result<Job, Error> {
        Job::decode(number, line).map_err(|text| refused(number, &text))
    }

    fn decode(number: usize, line: &[u8]) -> Result<Job, String> {
        let value = json::decode(line).map_err(|error| error.to_string())?;
        let Some(members) = value.as_map() else {
            return Err("a job is a JSON object".into());
        };
        let mut job = Job {
            line: number,
            ..Job::default()
        };
        for (key, value) in members.snapshot().iter() {
            let key = key.to_lossy();
            job.set(&key, value)?;
        }
        if job.chart.is_empty() {
            return Err("\"chart\" is missing".into());
        }
        if job.output.is_empty() {
            job.output = match &job.name {
                Some(name) => format!("{name}.yaml"),
                None => format!("{number}.yaml"),
            };
        }
        job.output = output_name(&job.output)?;
        Ok(job)
    }

    fn set(&mut self, key: &str, value: &Value) -> Result<(), String> {
        match key {
            "chart" => self.chart = text(key, value)?,
            "repo" => self.repo = text(key, value)?,
            "version" => self.version = text(key, value)?,
            "name" => self.name = Some(text(key, value)?),
            "namespace" => self.namespace = Some(text(key, value)?),
            "values" => self.set_values(value)?,
            "set" => self.inputs.set = bytes(key, value)?,
            "set-file" => self.inputs.set_file = bytes(key, value)?,
            "set-json" => self.inputs.set_json = bytes(key, value)?,
            "set-literal" => self.inputs.set_literal = bytes(key, value)?,
            "set-string" => self.inputs.set_string = bytes(key, value)?,
            "kube-version" => self.kube_version = text(key, value)?,
            "api-versions" => self.api_versions = texts(key, value)?,
            "show-only" => self.show_only = texts(key, value)?,
            "include-crds" => self.include_crds = switch(key, value)?,
            "is-upgrade" => self.is_upgrade = switch(key, value)?,
            "no-hooks" => self.no_hooks = switch(key, value)?,
            "skip-tests" => self.skip_tests = switch(key, value)?,
            "skip-schema-validation" => self.skip_schema_validation = switch(key, value)?,
            "output" => self.output = text(key, value)?,
            other => {
                let key = quote(other.as_bytes());
                return Err(format!("unknown key {key}; known are {}", KEYS.join(", ")));
            }
        }
        Ok(())
    }

    /// Takes files by their names, and values as they stand there, one or a list of them.
    fn set_values(&mut self, value: &Value) -> Result<(), String> {
        let items: Vec<Value> = match value.as_list() {
            Some(list) => list.items().to_vec(),
            None => vec![value.clone()],
        };
        for item in items {
            if let Some(map) = item.as_map() {
                let name = format!("values {} of line {}", self.inline.len() + 1, self.line);
                let text = json::encode(&Value::from(Map::clone(map)))?;
                self.inputs.files.push(name.clone());
                self.inline.insert(name, text);
            } else if let Some(name) = item.as_str() {
                let name = name.to_lossy();
                if name == "-" {
                    return Err("values from standard input are not for one job among many".into());
                }
                self.inputs.files.push(name.into_owned());
            } else {
                return Err(mismatch(
                    "values",
                    "names of files, objects, or a list of them",
                    &item,
                ));
            }
        }
        Ok(())
    }
}

/// Returns the name of a file below the directory, without what says nothing.
fn output_name(name: &str) -> Result<String, String> {
    let cleaned = String::from_utf8_lossy(&gopath::clean(name.as_bytes())).into_owned();
    let leads_out = cleaned.starts_with('/') || cleaned == ".." || cleaned.starts_with("../");
    if leads_out || cleaned == "." || name.ends_with('/') || name.contains(['\\', '\0', ':']) {
        let name = quote(name.as_bytes());
        return Err(format!(
            "the output {name} is no name of a file below a directory"
        ));
    }
    Ok(cleaned)
}

fn text(key: &str, value: &Value) -> Result<String, String> {
    let text = value.as_str().map(|text| text.to_lossy().into_owned());
    text.ok_or_else(|| mismatch(key, "a text", value))
}

fn texts(key: &str, value: &Value) -> Result<Vec<String>, String> {
    if value.as_str().is_some() {
        return Ok(vec![text(key, value)?]);
    }
    let list = value.as_list();
    let list = list.ok_or_else(|| mismatch(key, "a text or a list of texts", value))?;
    list.items().iter().map(|item| text(key, item)).collect()
}

fn bytes(key: &str, value: &Value) -> Result<Vec<Vec<u8>>, String> {
    Ok(texts(key, value)?
        .into_iter()
        .map(String::into_bytes)
        .collect())
}

fn switch(key: &str, value: &Value) -> Result<bool, String> {
    value
        .as_bool()
        .ok_or_else(|| mismatch(key, "true or false", value))
}

fn mismatch(key: &str, wanted: &str, found: &Value) -> String {
    let found = match found.kind() {
        Kind::Invalid => "null",
        Kind::Bool => "true or false",
        Kind::String => "a text",
        Kind::Map => "an object",
        Kind::Slice => "a list",
        _ => "a number",
    };
    format!("{key:?} wants {wanted}, not {found}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &[u8]) -> Result<Vec<Job>, Error> {
        lines(text)
            .map(|(number, line)| Job::read(number, line))
            .collect()
    }

    fn complaint(text: &str) -> String {
        read(text.as_bytes()).expect_err(text).to_string()
    }

    #[test]
    fn every_key_is_known() {
        for key in KEYS {
            let known = Job::default().set(key, &Value::NIL);
            assert!(
                !known.is_err_and(|text| text.starts_with("unknown")),
                "{key}"
            );
        }
    }

    #[test]
    fn lines_become_jobs() {
        let jobs = read(
            b"{\"chart\":\"a\"}\n\n  \r\n{\"chart\":\"b\",\"name\":\"web\",\"values\":[\"v.yaml\",{\"a\":1}],\"set\":\"x=1\"}",
        )
        .unwrap();
        assert_eq!((jobs[0].line, jobs[1].line), (1, 4));
        assert_eq!(jobs[0].output, "1.yaml");
        assert_eq!(jobs[1].output, "web.yaml");
        assert_eq!(jobs[1].inputs.files, ["v.yaml", "values 1 of line 4"]);
        assert_eq!(jobs[1].inline["values 1 of line 4"], b"{\"a\":1}");
        assert_eq!(jobs[1].inputs.set, [b"x=1"]);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        assert!(complaint("{\"chart\":\"a\"}\n{").starts_with("line 2: "));
        assert_eq!(complaint("[]"), "line 1: a job is a JSON object");
        assert_eq!(complaint("{}"), "line 1: \"chart\" is missing");
        assert!(
            complaint("{\"chart\":\"a\",\"valeus\":[]}")
                .contains("unknown key \"valeus\"; known are api-versions")
        );
        assert_eq!(
            complaint("{\"chart\":\"a\",\"set\":[1]}"),
            "line 1: \"set\" wants a text, not a number"
        );
        assert_eq!(
            complaint("{\"chart\":\"a\",\"no-hooks\":\"yes\"}"),
            "line 1: \"no-hooks\" wants true or false, not a text"
        );
        for output in ["../x", "/x", "a/../../b", ".", "a/", "a\\\\b", "c:x"] {
            let line = format!("{{\"chart\":\"a\",\"output\":\"{output}\"}}");
            assert!(
                complaint(&line).contains("is no name of a file"),
                "{output}"
            );
        }
    }

    #[test]
    fn one_file_has_one_job() {
        let check = |outputs: &[&str]| {
            let lines = outputs
                .iter()
                .map(|o| format!("{{\"chart\":\"a\",\"output\":\"{o}\"}}\n"));
            let jobs = read(lines.collect::<String>().as_bytes()).unwrap();
            let mut names = Outputs::default();
            let taken = jobs.iter().try_for_each(|job| names.take(job));
            let checked = taken.and_then(|()| names.check());
            checked.map_err(|error| error.to_string())
        };
        assert_eq!(check(&["a", "b/a", "b/c/a"]), Ok(()));
        assert!(check(&["a/./b", "c", "a//b"]).is_err_and(|e| e.starts_with("line 3: ")));
        assert!(check(&["a/b/c", "a/b"]).is_err_and(|e| e.starts_with("line 1: ")));
    }
}
