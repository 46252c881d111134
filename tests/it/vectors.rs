//! Replays the recorded answers of helm in `testdata/conformance/*.jsonl`, without helm.
//!
//! A vector is a template with values, and what helm made of it. In text mode a driver template prints `include` of the
//! template as base64, so that the very bytes are compared; a case that fails is run with the template as an ordinary
//! file, so that names and positions in its message are those of an ordinary file. In chart mode the whole output counts.
//! Of a failure, the exit status and all of standard error from `Error:` on are compared.

use crate::support::folder::{Folder, put};
use crate::support::json::{Json, quote};
use crate::support::process::{Outcome, Run};
use crate::support::ratchet::{Verdict, report};
use crate::support::select::Selection;
use crate::support::text::{
    block, error_block, find_bytes, first_difference, readable, replace_bytes,
};
use crate::support::{on_all_cores, say, testdata};
use data_encoding::BASE64;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

const CHART_YAML: &[u8] = b"apiVersion: v2\nname: t\nversion: 0.1.0\n";
const DRIVER: &[u8] = b"c0000: \"{{ include \"t/templates/_main.tpl\" . | b64enc }}\"\n";
const LIMIT: Duration = Duration::from_secs(30);

/// One recorded case.
#[derive(Default)]
pub struct Vector {
    id: String,
    note: String,
    chart_mode: bool,
    template: Vec<u8>,
    values: Option<Vec<u8>>,
    helpers: Option<Vec<u8>>,
    files: Vec<(String, Vec<u8>)>,
    work: Vec<(String, Vec<u8>)>,
    args: Vec<String>,
    argv: Option<Vec<String>>,
    stdin: Vec<u8>,
    exit: i32,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
    compare_stderr: bool,
}

impl Vector {
    fn parse(line: &str) -> Result<Vector, String> {
        let mut vector = Vector {
            values: None,
            ..Vector::default()
        };
        for (key, value, range) in Json::parse_members(line)? {
            match key.as_str() {
                "id" => vector.id = value.as_str().ok_or("id is no text")?.to_owned(),
                "note" => vector.note = value.as_str().unwrap_or_default().to_owned(),
                "mode" => vector.chart_mode = value.as_str() == Some("chart"),
                "template" => vector.template = bytes(&value)?,
                // A mapping is given to the program as it is written here.
                "values" => {
                    vector.values = Some(
                        bytes(&value)
                            .unwrap_or_else(|_| format!("{}\n", &line[range]).into_bytes()),
                    )
                }
                "helpers" => vector.helpers = Some(bytes(&value)?),
                "files" => vector.files = files(&value)?,
                "work" => vector.work = files(&value)?,
                "args" => vector.args = words(&value)?,
                "argv" => vector.argv = Some(words(&value)?),
                "stdin" => vector.stdin = bytes(&value)?,
                "exit" => {
                    vector.exit = value
                        .as_i64()
                        .and_then(|n| n.try_into().ok())
                        .ok_or("exit is no number")?
                }
                "stdout" => vector.stdout = bytes(&value)?,
                "stderr" => vector.stderr = bytes(&value)?,
                "compare_stderr" => vector.compare_stderr = value.is_true(),
                // The first line of stderr, for readers.
                "error" => {}
                _ => return Err(format!("unknown key {key}")),
            }
        }
        Ok(vector)
    }

    /// The texts that are templates.
    pub fn templates(&self) -> impl Iterator<Item = &[u8]> {
        let is_template = |path: &str| path.starts_with("templates/");
        let files = self.files.iter().filter(move |(path, _)| is_template(path));
        let files = files.map(|(_, text)| text.as_slice());
        files
            .chain(self.helpers.as_deref())
            .chain([&*self.template])
    }

    /// The chart and what lies beside it: path and bytes.
    fn inputs(&self, wrapped: bool) -> Vec<(String, &[u8])> {
        let mut all: Vec<(String, &[u8])> = vec![("t/Chart.yaml".to_owned(), CHART_YAML)];
        all.extend(
            self.values
                .as_ref()
                .map(|text| ("t/values.yaml".to_owned(), text.as_slice())),
        );
        all.extend(
            self.helpers
                .as_ref()
                .map(|text| ("t/templates/_helpers.tpl".to_owned(), text.as_slice())),
        );
        if wrapped {
            all.push(("t/templates/_main.tpl".to_owned(), &self.template));
            all.push(("t/templates/main.yaml".to_owned(), DRIVER));
        } else {
            all.push(("t/templates/main.yaml".to_owned(), &self.template));
        }
        all.extend(
            self.files
                .iter()
                .map(|(path, text)| (format!("t/{path}"), text.as_slice())),
        );
        all.extend(
            self.work
                .iter()
                .map(|(path, text)| (path.clone(), text.as_slice())),
        );
        all
    }

    fn arguments(&self) -> Vec<String> {
        if let Some(argv) = &self.argv {
            return argv.clone();
        }
        let fixed = ["template", "rel", "t", "-n", "ns", "--debug=false"].map(str::to_owned);
        fixed.into_iter().chain(self.args.iter().cloned()).collect()
    }

    /// Runs the program once; paths of this run read `$ROOT` in what it printed.
    fn execute(&self, program: &Path, wrapped: bool) -> Outcome {
        let folder = Folder::new();
        for (path, text) in self.inputs(wrapped) {
            folder.put(&path, text);
        }
        let root = folder
            .path()
            .to_str()
            .expect("the folder for temporary files is UTF-8")
            .to_owned();
        for name in [".h", ".t"] {
            std::fs::create_dir(folder.path().join(name)).expect("a fresh folder can be filled");
        }
        let env = [
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("HOME", format!("{root}/.h")),
            ("TMPDIR", format!("{root}/.t")),
            ("XDG_CACHE_HOME", format!("{root}/.h/c")),
            ("XDG_CONFIG_HOME", format!("{root}/.h/f")),
            ("XDG_DATA_HOME", format!("{root}/.h/d")),
            ("LANG", "C.UTF-8".to_owned()),
            ("TZ", "UTC".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value));
        let (args, stdin) = (self.arguments(), self.stdin.clone());
        let mut outcome = Run {
            program,
            args: &args,
            env: &env,
            cwd: folder.path(),
            stdin,
            limit: LIMIT,
        }
        .outcome();
        outcome.stdout = replace_bytes(&outcome.stdout, root.as_bytes(), b"$ROOT");
        outcome.stderr = replace_bytes(&outcome.stderr, root.as_bytes(), b"$ROOT");
        outcome
    }

    /// Runs the case in the way described at the head of this module.
    fn outcome(&self, program: &Path) -> Outcome {
        let wrapped = || {
            let mut outcome = self.execute(program, true);
            if outcome.exit != 0 {
                return (outcome, false);
            }
            let text = included_text(&outcome.stdout);
            let understood = text.is_some();
            outcome.stdout = text.unwrap_or(outcome.stdout);
            (outcome, understood)
        };
        if self.chart_mode {
            return self.execute(program, false);
        }
        if self.exit == 0 {
            let (outcome, understood) = wrapped();
            if understood {
                return outcome;
            }
        }
        let direct = self.execute(program, false);
        let not_yaml = find_bytes(
            &direct.stderr,
            b"Error: YAML parse error on t/templates/main.yaml",
        )
        .is_some();
        if direct.exit != 0 && !not_yaml {
            return direct;
        }
        // The template itself renders; only as a file of its own it may not be YAML.
        let (mut outcome, understood) = wrapped();
        if outcome.exit == 0 && !understood {
            outcome.exit = -1001;
            outcome
                .stderr
                .extend_from_slice(b"Error: (test) driver output not understood\n");
        }
        outcome
    }

    /// What differs from the recorded result, if anything.
    fn difference(&self, got: &Outcome) -> Option<String> {
        let differs = |what: &str, want: &[u8], got: &[u8]| {
            (want != got).then(|| {
                format!(
                    "  {what}, {}",
                    first_difference(&readable(want), &readable(got))
                )
            })
        };
        if self.exit != got.exit {
            let want = if self.exit == 0 {
                readable(&self.stdout)
            } else {
                readable(error_block(&self.stderr))
            };
            let have = if got.exit == 0 {
                readable(&got.stdout)
            } else {
                readable(error_block(&got.stderr))
            };
            return Some(format!(
                "  exit\n    want {} {want:?}\n    got  {} {have:?}",
                self.exit, got.exit
            ));
        }
        differs("stdout", &self.stdout, &got.stdout).or_else(|| {
            if self.exit != 0 {
                differs(
                    "stderr",
                    error_block(&self.stderr),
                    error_block(&got.stderr),
                )
            } else if self.compare_stderr {
                differs("stderr", &self.stderr, &got.stderr)
            } else {
                None
            }
        })
    }

    /// The case for a reader, above its difference.
    fn describe(&self) -> String {
        let mut out = String::new();
        let mut part = |name: &str, text: &[u8]| {
            out.push_str(&format!("  {name}:\n{}", block(&readable(text), 12)))
        };
        part("template", &self.template);
        for (name, text) in [("values", &self.values), ("_helpers.tpl", &self.helpers)] {
            if let Some(text) = text {
                part(name, text);
            }
        }
        for (path, text) in self.files.iter().chain(&self.work) {
            part(path, text);
        }
        if !self.args.is_empty() || self.argv.is_some() {
            out.push_str(&format!(
                "  arguments: {:?}\n",
                self.argv.as_ref().unwrap_or(&self.args)
            ));
        }
        if !self.note.is_empty() {
            out.push_str(&format!("  note: {}\n", self.note));
        }
        out
    }

    /// Writes the chart, the recorded answer and a script to run it below `folder`.
    fn write_below(&self, folder: &Path) {
        let top = folder.join(&self.id);
        let wrapped = !self.chart_mode && self.exit == 0;
        for (path, text) in self.inputs(wrapped) {
            put(&top.join(path), text);
        }
        let quoted: Vec<String> = self
            .arguments()
            .iter()
            .map(|word| format!("'{}'", word.replace('\'', r"'\''")))
            .collect();
        let decode = if wrapped {
            " | sed -n 's/^c0000: \"\\(.*\\)\"$/\\1/p' | base64 -d"
        } else {
            ""
        };
        let script = format!(
            "cd \"$(dirname \"$0\")\" && \"${{1:-helm}}\" {}{decode}\n",
            quoted.join(" ")
        );
        put(&top.join("run.sh"), script.as_bytes());
        put(
            &top.join("want"),
            if self.exit == 0 {
                &self.stdout
            } else {
                &self.stderr
            },
        );
        if !self.stdin.is_empty() {
            put(&top.join("stdin"), &self.stdin);
        }
    }
}

/// A text: a string, or `{"b64": "..."}` for bytes that are no UTF-8.
fn bytes(value: &Json) -> Result<Vec<u8>, String> {
    match value {
        Json::String(text) => Ok(text.clone().into_bytes()),
        Json::Object(members) if members.len() == 1 && members[0].0 == "b64" => {
            let text = members[0].1.as_str().ok_or("b64 is no text")?;
            BASE64
                .decode(text.as_bytes())
                .map_err(|error| error.to_string())
        }
        _ => Err("neither a string nor base64".to_owned()),
    }
}

fn files(value: &Json) -> Result<Vec<(String, Vec<u8>)>, String> {
    value
        .entries()
        .iter()
        .map(|(path, text)| Ok((path.clone(), bytes(text)?)))
        .collect()
}

fn words(value: &Json) -> Result<Vec<String>, String> {
    value
        .items()
        .iter()
        .map(|word| Ok(word.as_str().ok_or("an argument is no text")?.to_owned()))
        .collect()
}

/// What the driver template printed.
fn included_text(stdout: &[u8]) -> Option<Vec<u8>> {
    let line = stdout
        .split(|byte| *byte == b'\n')
        .find_map(|line| line.strip_prefix(b"c0000: \""))?;
    BASE64.decode(line.strip_suffix(b"\"")?).ok()
}

/// Asks the program about the cases of `new` and appends them with its answers to the vectors of `file`.
///
/// Each case is asked twice; one whose answer changes is left out, and named.
fn record(file: &str, new: &Path, program: &Path) {
    let path = testdata(&format!("conformance/{file}.jsonl"));
    let mut stored = read(&path);
    let mut ids: BTreeSet<String> = vectors_of(&path)
        .into_iter()
        .map(|vector| vector.id)
        .collect();
    for (line, vector) in read(new).lines().zip(vectors_of(new)) {
        assert!(
            !vector.id.is_empty() && ids.insert(vector.id.clone()),
            "{}: no id, or one that is there",
            vector.id
        );
        let got = vector.outcome(program);
        if got != vector.outcome(program) {
            say(&format!("left out, the answer changes: {}", vector.id));
            continue;
        }
        let object = line.trim_end();
        let mut recorded = object.strip_suffix('}').unwrap_or(object).to_owned();
        let mut add = |key: &str, text: &[u8]| {
            recorded.push_str(&format!(", \"{key}\": "));
            match std::str::from_utf8(text) {
                Ok(text) => quote(&mut recorded, text),
                Err(_) => recorded.push_str(&format!("{{\"b64\": \"{}\"}}", BASE64.encode(text))),
            }
        };
        if got.exit == 0 || !got.stdout.is_empty() {
            add("stdout", &got.stdout);
        }
        if got.exit != 0 {
            add(
                "error",
                error_block(&got.stderr)
                    .split(|byte| *byte == b'\n')
                    .next()
                    .unwrap_or_default(),
            );
        }
        if !got.stderr.is_empty() {
            add("stderr", &got.stderr);
        }
        stored.push_str(&format!("{recorded}, \"exit\": {}}}\n", got.exit));
        say(&format!("recorded {}: exit {}", vector.id, got.exit));
    }
    put(&path, stored.as_bytes());
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Reads the cases of a file.
pub fn vectors_of(path: &Path) -> Vec<Vector> {
    let parse = |(number, line): (usize, &str)| {
        Vector::parse(line)
            .unwrap_or_else(|error| panic!("{} line {}: {error}", path.display(), number + 1))
    };
    read(path).lines().enumerate().map(parse).collect()
}

fn replay(file: &str) {
    let selection = Selection::from_env("VECTORS");
    if let Some(new) = std::env::var_os("VECTORS_RECORD") {
        if std::env::var("VECTORS_INTO").as_deref() == Ok(file) {
            record(file, Path::new(&new), &selection.program);
        }
        return;
    }
    let all = vectors_of(&testdata(&format!("conformance/{file}.jsonl")));
    let vectors: Vec<Vector> = all
        .into_iter()
        .filter(|vector| selection.keeps(file, &vector.id))
        .collect();
    if vectors.is_empty() {
        return;
    }
    if let Some(folder) = &selection.write {
        vectors.iter().for_each(|vector| vector.write_below(folder));
    }
    let verdicts = on_all_cores(&vectors, |vector| {
        let difference = vector.difference(&vector.outcome(&selection.program));
        let failure = difference.map(|difference| vector.describe() + &difference);
        Verdict {
            id: vector.id.clone(),
            command: None,
            failure,
        }
    });
    report(file, &verdicts, &selection);
}

#[test]
fn vectors_language() {
    replay("language");
}

#[test]
fn vectors_functions() {
    replay("functions");
}

#[test]
fn vectors_data() {
    replay("data");
}

/// What no other file has enough of: `catalogue.rs` tells what is missing.
#[test]
fn vectors_more() {
    replay("more");
}

/// What differential fuzzing has found.
#[test]
fn vectors_found() {
    replay("found");
}
