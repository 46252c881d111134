//! A scenario as it is stored: `testdata/conformance/cli/NAME.txt` in, [`Scenario`] out. The format is described in `testdata/README.md`.

use crate::support::json::Json;
use data_encoding::BASE64;
use std::collections::BTreeMap;

/// One stored file.
#[derive(Debug, PartialEq)]
pub enum Entry {
    File { bytes: Vec<u8>, executable: bool },
    Link { target: String },
    Fifo,
}

/// One scenario: what lies there, what is run, what helm made of it.
#[derive(Debug, Default)]
pub struct Scenario {
    pub name: String,
    pub about: String,
    pub command: String,
    /// The folder served over HTTP while the runs last.
    pub serve: Option<String>,
    /// Numbers of the runs of which only the exit status counts.
    pub exit_only: Vec<i64>,
    pub sort_stdout: bool,
    /// Of written files only names and modes count.
    pub names_only: bool,
    /// The order of the members of written archives is random in helm.
    pub tar_unordered: bool,
    pub ignore_logs: bool,
    /// Further replacements: regular expression, text.
    pub normalise: Vec<(String, String)>,
    /// Lines of `cmd`, without comments.
    pub lines: Vec<String>,
    /// Everything stored, by path: `in/...`, `helmhome/...`, `out/...`.
    pub entries: BTreeMap<String, Entry>,
}

impl Scenario {
    /// Reads the text of a stored scenario.
    pub fn parse(name: &str, text: &str) -> Result<Scenario, String> {
        let mut scenario = Scenario {
            name: name.to_owned(),
            ..Scenario::default()
        };
        let mut lines = text.split_inclusive('\n').peekable();
        while let Some(line) = lines.next_if(|line| !line.starts_with("=== ")) {
            let (key, value) = line
                .split_once(": ")
                .ok_or_else(|| format!("no switch: {line:?}"))?;
            scenario.switch(key, Json::parse(value)?)?;
        }
        while let Some(head) = lines.next() {
            let mut body = String::new();
            while let Some(line) = lines.next_if(|line| !line.starts_with("=== ")) {
                let escaped =
                    line.starts_with('\\') && line.trim_start_matches('\\').starts_with("=== ");
                body.push_str(if escaped { &line[1..] } else { line });
            }
            let (path, entry) = entry(head.trim_end_matches('\n'), body)?;
            match (path.as_str(), &entry) {
                ("cmd", Entry::File { bytes, .. }) => {
                    let text = String::from_utf8_lossy(bytes);
                    let kept = text
                        .lines()
                        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
                    scenario.lines = kept.map(str::to_owned).collect();
                }
                _ => {
                    scenario.entries.insert(path, entry);
                }
            }
        }
        Ok(scenario)
    }

    fn switch(&mut self, key: &str, value: Json) -> Result<(), String> {
        let text = || {
            value
                .as_str()
                .map(str::to_owned)
                .ok_or_else(|| format!("{key} is no text"))
        };
        match key {
            "about" => self.about = text()?,
            "command" => self.command = text()?,
            "serve" => self.serve = Some(text()?),
            "exit_only" => self.exit_only = value.items().iter().filter_map(Json::as_i64).collect(),
            "sort_stdout" => self.sort_stdout = value.is_true(),
            "names_only" => self.names_only = value.is_true(),
            "tar_unordered" => self.tar_unordered = value.is_true(),
            "ignore_logs" => self.ignore_logs = value.is_true(),
            "normalise" => {
                for pair in value.items() {
                    let [Json::String(pattern), Json::String(replacement)] = pair.items() else {
                        return Err("normalise: not a pair of texts".to_owned());
                    };
                    self.normalise.push((pattern.clone(), replacement.clone()));
                }
            }
            _ => return Err(format!("unknown switch {key}")),
        }
        Ok(())
    }

    /// A recorded text, such as `1.stdout`.
    pub fn recorded(&self, name: &str) -> Result<&str, String> {
        match self.entries.get(&format!("out/{name}")) {
            Some(Entry::File { bytes, .. }) => {
                std::str::from_utf8(bytes).map_err(|error| error.to_string())
            }
            _ => Err(format!("out/{name} is not recorded")),
        }
    }

    /// The stored files below a folder, by the path inside it.
    pub fn below<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a Entry)> {
        self.entries
            .iter()
            .filter_map(move |(path, entry)| Some((path.strip_prefix(prefix)?, entry)))
    }
}

/// One section: its line `=== PATH [ATTRIBUTES]`, and its text.
fn entry(head: &str, mut body: String) -> Result<(String, Entry), String> {
    let rest = head
        .strip_prefix("=== ")
        .ok_or_else(|| format!("no section: {head:?}"))?;
    // A path with white space in it is quoted.
    let (path, attributes) = if rest.starts_with('"') {
        let end = rest.rfind('"').unwrap_or(0);
        let path = Json::parse(&rest[..=end])?;
        (
            path.as_str().unwrap_or_default().to_owned(),
            &rest[end + 1..],
        )
    } else {
        let end = rest.find(' ').unwrap_or(rest.len());
        (rest[..end].to_owned(), &rest[end..])
    };
    let mut executable = false;
    let mut base64 = false;
    for attribute in attributes.split_whitespace() {
        match attribute {
            "executable" => executable = true,
            "base64" => base64 = true,
            "unterminated" => {
                body.pop();
            }
            "link" => {
                return Ok((
                    path,
                    Entry::Link {
                        target: body.trim_end_matches('\n').to_owned(),
                    },
                ));
            }
            "fifo" => return Ok((path, Entry::Fifo)),
            _ => return Err(format!("unknown attribute {attribute:?} of {path}")),
        }
    }
    let bytes = if base64 {
        body.retain(|c| c != '\n');
        BASE64
            .decode(body.as_bytes())
            .map_err(|error| format!("{path}: {error}"))?
    } else {
        body.into_bytes()
    };
    Ok((path, Entry::File { bytes, executable }))
}

#[test]
fn a_stored_scenario_is_read_back() {
    let text = "about: \"a \\\"b\\\"\"\ncommand: \"template\"\nexit_only: [2]\n=== cmd\n# why\ntemplate c\n\n=== in/a executable unterminated\n\
                \\=== x\n\\\\=== y\n=== \"in/b c\" base64\n/w==\n=== in/l link\n../x\n=== in/empty\n=== out/1.exit\n0\n";
    let scenario = Scenario::parse("n", text).expect("the text is well formed");
    assert_eq!(
        (scenario.about.as_str(), &scenario.exit_only[..]),
        ("a \"b\"", &[2][..])
    );
    assert_eq!(scenario.lines, ["template c"]);
    let file = |bytes: &[u8], executable| Entry::File {
        bytes: bytes.to_vec(),
        executable,
    };
    assert_eq!(scenario.entries["in/a"], file(b"=== x\n\\=== y", true));
    assert_eq!(scenario.entries["in/b c"], file(b"\xff", false));
    assert_eq!(scenario.entries["in/empty"], file(b"", false));
    assert_eq!(
        scenario.entries["in/l"],
        Entry::Link {
            target: "../x".to_owned()
        }
    );
    assert_eq!(scenario.recorded("1.exit"), Ok("0\n"));
}
