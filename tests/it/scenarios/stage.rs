//! Performs a scenario in a fresh folder: [`Scenario`] and a program in, [`Performance`] out.

use super::server::Server;
use super::stored::{Entry, Scenario};
use crate::support::archive::{describe, make_tgz, sha256};
use crate::support::folder::{Folder, put};
use crate::support::json::Json;
use crate::support::normal::{MAX_TEXT, Rule, normal, normal_bytes, rule};
use crate::support::process::Run;
use crate::support::shell::words;
use crate::support::text::readable;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, FileTimes, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The time of every input file: 2024-01-02T03:04:05Z.
const FIXED_TIME: u64 = 1_704_164_645;
const LIMIT: Duration = Duration::from_secs(60);

/// What one run printed, normalised.
pub struct Printed {
    pub exit: i32,
    pub stdout: String,
    pub stderr: String,
}

/// What a scenario did.
pub struct Performance {
    pub runs: Vec<Printed>,
    /// What the runs added, changed and removed.
    pub files: Json,
    /// The texts of written files, by path.
    pub texts: BTreeMap<String, Vec<u8>>,
}

/// Writes the inputs of a scenario below `top`: `work/` and `helm/`.
pub fn furnish(scenario: &Scenario, top: &Path) -> io::Result<()> {
    for folder in [
        "work",
        "tmp",
        "home",
        "helm/config",
        "helm/cache",
        "helm/data",
    ] {
        fs::create_dir_all(top.join(folder))?;
    }
    for (from, to) in [("in/", "work"), ("helmhome/", "helm")] {
        for (path, entry) in scenario.below(from) {
            let path = top.join(to).join(path);
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            match entry {
                Entry::File { bytes, executable } => {
                    put(&path, bytes);
                    let mode = if *executable { 0o755 } else { 0o644 };
                    fs::set_permissions(&path, Permissions::from_mode(mode))?;
                }
                Entry::Link { target } => std::os::unix::fs::symlink(target, &path)?,
                Entry::Fifo => make_fifo(&path)?,
            }
        }
    }
    stamp(&top.join("work"))
}

/// Runs all lines of a scenario.
pub fn perform(scenario: &Scenario, program: &Path) -> Result<Performance, String> {
    let folder = Folder::new();
    let top = folder.path();
    furnish(scenario, top).map_err(|error| format!("cannot write the inputs: {error}"))?;
    let work = top.join("work");
    let shown = |path: &Path| {
        path.to_str()
            .map(str::to_owned)
            .ok_or_else(|| "a path is not UTF-8".to_owned())
    };
    let env = environment(top)?;
    let paths = [
        (shown(&work)?, "${WORK}"),
        (shown(&top.join("helm"))?, "${HELMHOME}"),
        (shown(&top.join("home"))?, "${HOME}"),
        (shown(&top.join("tmp"))?, "${TMPDIR}"),
        (shown(top)?, "${TOP}"),
    ];
    let mut extra: Vec<Rule> = scenario
        .normalise
        .iter()
        .map(|(pattern, text)| rule(pattern, text))
        .collect::<Result<_, _>>()?;
    // The program names itself where helm names itself.
    extra.push(rule(r"\bverta-render\b", "helm")?);

    let (early, lines) = scenario.lines.split_at(
        scenario
            .lines
            .iter()
            .take_while(|line| line.starts_with('!'))
            .count(),
    );
    for line in early {
        step(line, &work)?;
    }
    let before = snapshot(&work).map_err(|error| format!("cannot read the inputs: {error}"))?;
    let began = now() - 2;
    let server = scenario
        .serve
        .as_ref()
        .map(|served| Server::start(work.join(served)))
        .transpose()?;
    let mut epochs = BTreeSet::new();
    let mut runs = Vec::new();
    for line in lines {
        if line.starts_with('!') {
            step(line, &work)?;
            continue;
        }
        let call = Call::parse(line, &work)?;
        epochs.extend(
            call.env
                .iter()
                .filter(|(name, _)| name == "SOURCE_DATE_EPOCH")
                .filter_map(|(_, value)| value.parse::<u64>().ok()),
        );
        let stdin = call
            .stdin
            .map(fs::read)
            .transpose()
            .map_err(|error| format!("{line}: {error}"))?
            .unwrap_or_default();
        let env: Vec<_> = env.iter().chain(&call.env).cloned().collect();
        let done = Run {
            program,
            args: &call.args,
            env: &env,
            cwd: &call.cwd,
            stdin,
            limit: LIMIT,
        }
        .outcome();
        let clean = |bytes: &[u8]| normal(&readable(bytes), &paths, &extra);
        runs.push(Printed {
            exit: done.exit,
            stdout: clean(&done.stdout),
            stderr: clean(&done.stderr),
        });
    }
    drop(server);
    let ended = now() + 2;
    let policy = |time: u64| match time {
        FIXED_TIME => Json::String("source".to_owned()),
        time if epochs.contains(&time) => Json::String("epoch".to_owned()),
        time if (began..=ended).contains(&time) => Json::String("now".to_owned()),
        time => Json::Number(time.to_string()),
    };
    let after = snapshot(&work).map_err(|error| format!("cannot read the results: {error}"))?;
    let (files, texts) = changes(scenario, &work, &before, &after, policy, &paths, &extra)
        .map_err(|error| format!("cannot read the results: {error}"))?;
    Ok(Performance { runs, files, texts })
}

fn environment(top: &Path) -> Result<Vec<(String, String)>, String> {
    let top = top
        .to_str()
        .ok_or("the folder for temporary files is not UTF-8")?;
    let list = [
        ("PATH", "/usr/local/bin:/usr/bin:/bin".to_owned()),
        ("HOME", format!("{top}/home")),
        ("TZ", "UTC".to_owned()),
        ("LANG", "C.UTF-8".to_owned()),
        ("TMPDIR", format!("{top}/tmp")),
        ("KUBECONFIG", format!("{top}/no-kubeconfig")),
        ("HELM_CACHE_HOME", format!("{top}/helm/cache")),
        ("HELM_CONFIG_HOME", format!("{top}/helm/config")),
        ("HELM_DATA_HOME", format!("{top}/helm/data")),
    ];
    Ok(list.map(|(name, value)| (name.to_owned(), value)).into())
}

/// One line: `[cd DIR &&] [VAR=value ...] ARGS... [< FILE]`.
struct Call {
    cwd: PathBuf,
    env: Vec<(String, String)>,
    args: Vec<String>,
    stdin: Option<PathBuf>,
}

impl Call {
    fn parse(line: &str, work: &Path) -> Result<Call, String> {
        let mut args = words(&line.replace("${WORK}", &work.to_string_lossy()))?;
        let mut cwd = work.to_owned();
        if args.len() >= 3 && args[0] == "cd" && args[2] == "&&" {
            cwd = work.join(&args[1]);
            args.drain(..3);
        }
        let is_name = |name: &str| {
            name.starts_with(|c: char| c.is_ascii_uppercase())
                && name
                    .chars()
                    .all(|c| matches!(c, 'A'..='Z' | '0'..='9' | '_'))
        };
        let mut env = Vec::new();
        while let Some((name, value)) = args
            .first()
            .and_then(|word| word.split_once('='))
            .filter(|(name, _)| is_name(name))
        {
            env.push((name.to_owned(), value.to_owned()));
            args.remove(0);
        }
        let mut stdin = None;
        if let [.., sign, file] = args.as_slice()
            && sign == "<"
        {
            stdin = Some(work.join(file));
            args.truncate(args.len() - 2);
        }
        Ok(Call {
            cwd,
            env,
            args,
            stdin,
        })
    }
}

/// Does what a line `!STEP ARGS...` says.
fn step(line: &str, work: &Path) -> Result<(), String> {
    let words = words(line)?;
    let (name, args) = words.split_first().ok_or("an empty step")?;
    let path = |index: usize| {
        args.get(index)
            .map(|arg| work.join(arg))
            .ok_or_else(|| format!("{line}: too few arguments"))
    };
    let done = match name.as_str() {
        "!rm" => args.iter().try_for_each(|arg| remove(&work.join(arg))),
        "!cp" => copy(&path(0)?, &path(1)?),
        "!mv" => fs::rename(path(0)?, path(1)?),
        "!mkdir" => args.iter().try_for_each(|arg| {
            fs::create_dir_all(work.join(arg)).and_then(|()| set_time(&work.join(arg)))
        }),
        "!write" => {
            let text: String = args
                .iter()
                .skip(1)
                .map(|line| format!("{line}\n"))
                .collect();
            fs::write(path(0)?, text).and_then(|()| set_time(&path(0).unwrap_or_default()))
        }
        "!link" => std::os::unix::fs::symlink(&args[0], path(1)?),
        "!fifo" => make_fifo(&path(0)?),
        "!fill" => {
            let size: usize = args
                .get(1)
                .and_then(|size| size.parse().ok())
                .ok_or_else(|| format!("{line}: no size"))?;
            let text = b"abcdefghijklmnopqrstuvwxyz0123456789\n";
            let mut bytes = text.repeat(size / text.len() + 1);
            bytes.truncate(size);
            fs::write(path(0)?, bytes).and_then(|()| set_time(&path(0).unwrap_or_default()))
        }
        "!tgz" => {
            let bytes =
                make_tgz(&path(1)?, FIXED_TIME).map_err(|error| format!("{line}: {error}"))?;
            fs::write(path(0)?, bytes).and_then(|()| set_time(&path(0).unwrap_or_default()))
        }
        _ => return Err(format!("unknown step: {line}")),
    };
    done.map_err(|error| format!("{line}: {error}"))
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_secs())
}

fn make_fifo(path: &Path) -> io::Result<()> {
    let status = Command::new("mkfifo").arg(path).status()?;
    if status.success() {
        Ok(())
    } else {
        Err(io::Error::other("mkfifo failed"))
    }
}

fn set_time(path: &Path) -> io::Result<()> {
    let time = UNIX_EPOCH + Duration::from_secs(FIXED_TIME);
    File::open(path)?.set_times(FileTimes::new().set_accessed(time).set_modified(time))
}

/// Gives everything below a folder, and the folder, the time of inputs.
fn stamp(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            stamp(&entry.path())?;
        } else if kind.is_file() {
            set_time(&entry.path())?;
        }
    }
    set_time(folder)
}

fn remove(path: &Path) -> io::Result<()> {
    if path.symlink_metadata()?.is_dir() {
        fs::remove_dir_all(path)
    } else {
        fs::remove_file(path)
    }
}

/// Copies a file or a folder, with modes and times.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if from.is_dir() {
        fs::create_dir(to)?;
        for entry in fs::read_dir(from)? {
            let name = entry?.file_name();
            copy(&from.join(&name), &to.join(&name))?;
        }
    } else {
        fs::copy(from, to)?;
    }
    File::open(to)?.set_times(FileTimes::new().set_modified(from.metadata()?.modified()?))
}

/// What lies at a path.
#[derive(PartialEq)]
enum Seen {
    Link(PathBuf),
    Folder(u32),
    File { mode: u32, content: String },
    Other,
}

/// A larger file counts by its size and time: no scenario writes one.
const LARGE: u64 = 4 << 20;

fn snapshot(top: &Path) -> io::Result<BTreeMap<String, Seen>> {
    fn walk(folder: &Path, prefix: &str, found: &mut BTreeMap<String, Seen>) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let metadata = entry.metadata()?;
            let mode = metadata.permissions().mode() & 0o7777;
            let seen = if metadata.is_symlink() {
                Seen::Link(fs::read_link(entry.path())?)
            } else if metadata.is_dir() {
                walk(&entry.path(), &format!("{path}/"), found)?;
                Seen::Folder(mode)
            } else if metadata.is_file() {
                let large = metadata.len() >= LARGE;
                let content = if large {
                    format!("{} {:?}", metadata.len(), metadata.modified()?)
                } else {
                    sha256(&fs::read(entry.path())?)
                };
                Seen::File { mode, content }
            } else {
                Seen::Other
            };
            found.insert(path, seen);
        }
        Ok(())
    }
    let mut found = BTreeMap::new();
    walk(top, "", &mut found)?;
    Ok(found)
}

type Snapshot = BTreeMap<String, Seen>;

/// The rows of `files.json`, and the texts of written files.
fn changes(
    scenario: &Scenario,
    work: &Path,
    before: &Snapshot,
    after: &Snapshot,
    policy: impl Fn(u64) -> Json,
    paths: &[(String, &str)],
    extra: &[Rule],
) -> io::Result<(Json, BTreeMap<String, Vec<u8>>)> {
    let text = |text: &str| Json::String(text.to_owned());
    let mut rows = Vec::new();
    let mut texts = BTreeMap::new();
    for path in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        if before.get(path) == after.get(path) {
            continue;
        }
        let mut row = vec![("path", text(path))];
        let Some(seen) = after.get(path) else {
            row.push(("change", text("removed")));
            rows.push(row);
            continue;
        };
        row.push((
            "change",
            text(if before.contains_key(path) {
                "modified"
            } else {
                "added"
            }),
        ));
        match seen {
            Seen::Link(target) => row.extend([
                ("type", text("link")),
                ("target", text(&target.to_string_lossy())),
            ]),
            Seen::Folder(mode) => row.extend([
                ("type", text("dir")),
                ("mode", text(&format!("{mode:04o}"))),
            ]),
            Seen::Other => row.push(("type", text("other"))),
            Seen::File { mode, .. } => {
                row.extend([
                    ("type", text("file")),
                    ("mode", text(&format!("{mode:04o}"))),
                ]);
                let bytes = fs::read(work.join(path))?;
                let archive = bytes.starts_with(b"\x1f\x8b").then(|| {
                    describe(&bytes, &policy, scenario.tar_unordered, scenario.names_only)
                });
                if let Some(archive) = archive.flatten() {
                    row.push(("tgz", archive));
                } else if !scenario.names_only {
                    let bytes = normal_bytes(&bytes, paths, extra);
                    row.extend([
                        ("size", Json::Number(bytes.len().to_string())),
                        ("sha256", text(&sha256(&bytes))),
                    ]);
                    if bytes.len() <= MAX_TEXT && !bytes.contains(&0) {
                        texts.insert(path.clone(), bytes);
                    }
                }
            }
        }
        rows.push(row);
    }
    let object = |row: Vec<(&str, Json)>| {
        Json::Object(
            row.into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect(),
        )
    };
    Ok((Json::Array(rows.into_iter().map(object).collect()), texts))
}
