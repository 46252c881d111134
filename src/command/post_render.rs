//! `--post-renderer`: a program on this machine, installed as a plugin of helm, edits what was rendered.
//!
//! Nothing that comes out of a chart is ever run: the program is named by the user, and lies in the user's directory
//! of plugins.
//!
//! helm: internal/plugin, pkg/postrenderer.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::codec::yaml;
use crate::diag::{Error, ErrorKind};
use crate::gostd::unicode::trim_space;
use crate::manifest::{join_for_post_renderer, split_post_rendered};
use crate::render::Executed;
use crate::value::{Map, Value};

/// A plugin that edits documents.
#[derive(Clone, Debug)]
pub struct PostRenderer {
    name: String,
    directory: PathBuf,
    /// The command and its arguments, as plugin.yaml has them.
    words: Vec<String>,
    /// What is added to them.
    arguments: Vec<String>,
}

impl PostRenderer {
    /// Finds a plugin by its name in the directories of plugins.
    pub fn find(
        name: &str,
        directories: &[PathBuf],
        arguments: Vec<String>,
    ) -> Option<PostRenderer> {
        for directory in directories {
            let Ok(entries) = std::fs::read_dir(directory) else {
                continue;
            };
            let mut places: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
            places.sort();
            for place in places {
                if let Some(words) = described(&place, name) {
                    return Some(PostRenderer {
                        name: name.to_owned(),
                        directory: place,
                        words,
                        arguments,
                    });
                }
            }
        }
        None
    }

    /// Lets the plugin edit what was rendered.
    ///
    /// # Errors
    ///
    /// Fails with helm's text if the plugin cannot be run, fails, or prints no documents.
    pub fn edit(&self, executed: &mut Executed) -> Result<(), Error> {
        executed.edit(|files| {
            let input = join_for_post_renderer(files)?;
            let failed = "error while running post render on files: ";
            let output = self.run(input).map_err(|error| error.prefixed(failed))?;
            split_post_rendered(&output)
        })
    }

    fn run(&self, input: Vec<u8>) -> Result<Vec<u8>, Error> {
        let name = &self.name;
        let failed = |reason: String| {
            let text = format!("failed to invoke post-renderer plugin {name:?}: {reason}");
            Error::new(ErrorKind::Unavailable, text)
        };
        let mut variables: BTreeMap<String, String> = BTreeMap::new();
        for (variable, value) in std::env::vars_os() {
            let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
            variables.insert(text(variable), text(value));
        }
        let directory = self.directory.to_string_lossy().into_owned();
        variables.insert("HELM_PLUGIN_NAME".into(), name.clone());
        variables.insert("HELM_PLUGIN_DIR".into(), directory.clone());
        let mut words = self.words.iter().map(|word| expanded(word, &variables));
        let Some(program) = words.next().filter(|program| !program.is_empty()) else {
            let text = "failed to prepare plugin command: no plugin command is applicable";
            return Err(failed(text.into()));
        };
        let child = Command::new(program)
            .args(words)
            .args(&self.arguments)
            .env("HELM_PLUGIN_NAME", name)
            .env("HELM_PLUGIN_DIR", &directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut child =
            child.map_err(|error| failed(format!("failed to execute plugin {name:?}: {error}")))?;
        let stdin = child.stdin.take();
        // What it does not read is not its fault.
        let writer = std::thread::spawn(move || stdin.map(|mut stdin| stdin.write_all(&input)));
        let output = child
            .wait_with_output()
            .map_err(|e| failed(e.to_string()))?;
        drop(writer.join());
        if !output.status.success() {
            return Err(failed(format!("plugin {name:?} exited with error")));
        }
        if trim_space(&output.stdout).is_empty() {
            let text = format!("post-renderer {name:?} produced empty output");
            return Err(Error::new(ErrorKind::Unavailable, text));
        }
        Ok(output.stdout)
    }
}

/// Returns the command of the plugin in a directory, if it is the one that is looked for.
fn described(directory: &Path, name: &str) -> Option<Vec<String>> {
    let text = std::fs::read(directory.join("plugin.yaml")).ok()?;
    let plugin = yaml::decode_map(&text).ok()?;
    let is = |key: &str, wanted: &str| text_of(&plugin, key) == wanted;
    if !is("name", name)
        || !is("type", "postrenderer/v1")
        || !is("apiVersion", "v1")
        || !is("runtime", "subprocess")
    {
        return None;
    }
    let config = plugin.get(b"runtimeConfig")?;
    let commands = config.as_map()?.get(b"platformCommand")?;
    let commands = commands.as_list()?;
    let mut best: Option<(u8, &Map)> = None;
    for command in commands.items().iter().filter_map(Value::as_map) {
        if let Some(rank) = fitness(command)
            && best.is_none_or(|(found, _)| rank > found)
        {
            best = Some((rank, command));
        }
    }
    let (_, command) = best?;
    let line = text_of(command, "command");
    let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
    if let Some(more) = command.get(b"args").as_ref().and_then(Value::as_list) {
        let text = |value: &Value| value.as_str().map(|text| text.to_lossy().into_owned());
        words.extend(more.items().iter().filter_map(text));
    }
    Some(words)
}

/// Tells how well a command fits this system; `None` if it is for another one.
fn fitness(command: &Map) -> Option<u8> {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let machine = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let (os, arch) = (text_of(command, "os"), text_of(command, "arch"));
    let is_here = os.eq_ignore_ascii_case(system);
    match (is_here, arch.is_empty(), os.is_empty()) {
        (true, false, _) if arch.eq_ignore_ascii_case(machine) => Some(3),
        (true, true, _) => Some(2),
        (_, true, true) => Some(1),
        _ => None,
    }
}

fn text_of(map: &Map, key: &str) -> String {
    let value = map.get(key.as_bytes());
    let text = value.as_ref().and_then(Value::as_str);
    text.map_or_else(String::new, |text| text.to_lossy().into_owned())
}

/// Replaces `$NAME` and `${NAME}` by what the variables hold.
fn expanded(text: &str, variables: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let (name, behind) = match after
            .strip_prefix('{')
            .and_then(|inner| inner.split_once('}'))
        {
            Some(braced) => braced,
            None => {
                let is_part = |c: char| c == '_' || c.is_ascii_alphanumeric();
                let end = after.find(|c| !is_part(c)).unwrap_or(after.len());
                after.split_at(end)
            }
        };
        out.push_str(variables.get(name).map_or("", String::as_str));
        rest = behind;
    }
    out.push_str(rest);
    out
}
