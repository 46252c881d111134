//! The deliberate differences from helm, each a recorded case in `testdata/differences`: what helm says, what we say, and why.
//!
//! Our part is replayed always, helm's where helm is found. `DIFFERENCES_RECORD=1` writes both anew, for a reader to look at.

use crate::support::archive::make_tgz;
use crate::support::folder::{Folder, put};
use crate::support::process::Run;
use crate::support::text::{first_difference, readable};
use crate::support::web::Web;
use crate::support::{PROGRAM, oracle, project, testdata};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A case: the lines at its beginning, then its blocks, each with the rest of its first line and its text.
struct Case {
    name: String,
    path: PathBuf,
    head: Vec<(String, String)>,
    blocks: Vec<(String, String)>,
}

impl Case {
    fn read(path: &Path) -> Case {
        let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut parts = text.split("=== ");
        let head = parts.next().unwrap_or_default().lines();
        let head = head.filter_map(|line| line.split_once(": "));
        let block = |part: &str| {
            let (first, text) = part.split_once('\n').unwrap_or((part, ""));
            (first.to_owned(), text.to_owned())
        };
        Case {
            name: path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            path: path.to_owned(),
            head: head
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .collect(),
            blocks: parts.map(block).collect(),
        }
    }

    fn head(&self, key: &str) -> Option<&str> {
        let mut lines = self.head.iter();
        lines
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.as_str())
    }

    fn block(&self, name: &str) -> Option<&str> {
        let mut blocks = self.blocks.iter();
        blocks
            .find(|(first, _)| first == name)
            .map(|(_, text)| text.as_str())
    }

    /// Lays the files out, runs the lines, and tells what came of it.
    fn play(&self, program: &Path, more: &str) -> String {
        let folder = Folder::new();
        let top = folder.path().to_string_lossy().into_owned();
        let web = self.web();
        let url = web.url();
        let filled = |text: &str| {
            let text = text.replace("${WORK}", &top).replace("${URL}", &url);
            // `<<9*1000>>` stands for a thousand nines.
            let mut out = String::new();
            let mut rest = text.as_str();
            while let Some((before, after)) = rest.split_once("<<") {
                let (inner, behind) = after.split_once(">>").expect("it is closed");
                let (what, count) = inner.rsplit_once('*').expect("a repetition");
                out.push_str(before);
                out.push_str(&what.repeat(count.parse().expect("a number")));
                rest = behind;
            }
            out + rest
        };
        for (first, text) in &self.blocks {
            if let Some(name) = first.strip_prefix("file ") {
                folder.put(name, filled(text).as_bytes());
            } else if let Some((name, chart)) = first
                .strip_prefix("archive ")
                .and_then(|line| line.split_once(' '))
            {
                folder.put(name, &archive_of(chart));
            } else if let Some((name, target)) = first
                .strip_prefix("link ")
                .and_then(|l| l.split_once(" -> "))
            {
                let path = folder.path().join(name);
                fs::create_dir_all(path.parent().expect("it has one")).expect("the folder is ours");
                std::os::unix::fs::symlink(filled(target), path).expect("the folder is ours");
            }
        }
        let mut told = String::new();
        for (first, _) in &self.blocks {
            if let Some(line) = first.strip_prefix("run ") {
                // The flag that makes us helm is none of `repo add`.
                let more = if line.starts_with("repo ") { "" } else { more };
                let args: Vec<String> = filled(line)
                    .split(' ')
                    .map(str::to_owned)
                    .chain(more.split_whitespace().map(str::to_owned))
                    .collect();
                let env = [
                    ("HOME", top.as_str()),
                    ("SOURCE_DATE_EPOCH", "1704164700"),
                    ("NO_PROXY", "*"),
                ];
                let outcome = Run {
                    program,
                    args: &args,
                    env: &env.map(|(name, value)| (name.to_owned(), value.to_owned())),
                    cwd: folder.path(),
                    stdin: Vec::new(),
                    limit: Duration::from_secs(60),
                }
                .outcome();
                told.push_str(&format!("exit {}\n", outcome.exit));
                for (name, text) in [("stdout", outcome.stdout), ("stderr", outcome.stderr)] {
                    if !text.is_empty() {
                        let text = readable(&text)
                            .replace(&top, "${WORK}")
                            .replace(&url, "${URL}");
                        told.push_str(&format!("--- {name}\n{}\n", text.trim_end_matches('\n')));
                    }
                }
            } else if let Some(name) = first.strip_prefix("then ") {
                told.push_str(&format!(
                    "--- {name}: {}\n",
                    describe(&folder.path().join(name))
                ));
            }
        }
        // helm names a folder after its process.
        let mut parts = told.split("tmpcharts-");
        let mut same = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            same.push_str("tmpcharts-N");
            same.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
        }
        let told = same;
        // What a terminal would act on is not for files either.
        told.replace('\u{1b}', "<ESC>").replace('\u{7}', "<BEL>")
    }

    /// Serves what the blocks say: texts, or the archive of a chart of some name.
    fn web(&self) -> Web {
        let served: Vec<(String, Vec<u8>)> = self
            .blocks
            .iter()
            .filter_map(|(first, text)| {
                let (path, chart) = first.strip_prefix("serve ")?.split_once(' ').map_or_else(
                    || (first["serve ".len()..].to_owned(), None),
                    |(path, chart)| (path.to_owned(), Some(chart.to_owned())),
                );
                let body = match chart {
                    Some(name) => archive_of(&name),
                    None => text.clone().into_bytes(),
                };
                Some((path, body))
            })
            .collect();
        Web::start(move |asked| {
            let target = asked.line.split(' ').nth(1).unwrap_or_default();
            match served.iter().find(|(path, _)| path == target) {
                Some((_, body)) => ("200 OK", Vec::new(), body.clone()),
                None => ("404 Not Found", Vec::new(), Vec::new()),
            }
        })
    }
}

/// The archive of a chart of some name.
fn archive_of(name: &str) -> Vec<u8> {
    let folder = Folder::new();
    let description = format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n");
    folder.put(&format!("{name}/Chart.yaml"), description.as_bytes());
    folder.put(&format!("{name}/templates/a.yaml"), b"kind: Served\n");
    make_tgz(&folder.path().join(name), 1_700_000_000).expect("memory can be written")
}

/// What lies at a path: what it is, and its text if it is short.
fn describe(path: &Path) -> String {
    match fs::symlink_metadata(path) {
        Err(_) => "nothing".to_owned(),
        Ok(about) if about.is_symlink() => "a link".to_owned(),
        Ok(about) if about.is_dir() => "a directory".to_owned(),
        Ok(_) => match String::from_utf8(fs::read(path).unwrap_or_default()) {
            Ok(text) if text.len() < 200 => format!("a file, {text:?}"),
            _ => "a file".to_owned(),
        },
    }
}

fn cases() -> Vec<Case> {
    let folder = testdata("differences");
    let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "txt"));
    paths.sort();
    assert!(!paths.is_empty());
    paths.iter().map(|path| Case::read(path)).collect()
}

fn compare(case: &Case, block: &str, told: &str) -> Option<String> {
    let want = case.block(block).unwrap_or_default();
    (want != told).then(|| format!("{}, {block}: {}", case.name, first_difference(want, told)))
}

/// Writes what was told into the case.
fn record(case: &Case, told: &[(&str, String)]) {
    let text = fs::read_to_string(&case.path).expect("it was read before");
    let mut parts: Vec<String> = text
        .split("=== ")
        .filter(|part| {
            !told
                .iter()
                .any(|(block, _)| part.starts_with(&format!("{block}\n")))
        })
        .map(str::to_owned)
        .collect();
    parts.extend(told.iter().map(|(block, text)| format!("{block}\n{text}")));
    put(&case.path, parts.join("=== ").as_bytes());
}

#[test]
fn differences_are_as_recorded() {
    let helm = oracle::helm("differences");
    let mut complaints = Vec::new();
    for case in cases() {
        let mut told = vec![("here", case.play(Path::new(PROGRAM), ""))];
        if let Some(helm) = &helm {
            told.push(("helm", case.play(helm, "")));
        }
        if std::env::var_os("DIFFERENCES_RECORD").is_some() {
            assert!(told.len() == 2, "helm is needed to record");
            record(&case, &told);
            continue;
        }
        complaints.extend(
            told.iter()
                .filter_map(|(block, told)| compare(&case, block, told)),
        );
        // With the flag we are as helm.
        if let Some(flag) = case.head("opt-out") {
            let told = case.play(Path::new(PROGRAM), flag);
            complaints.extend(compare(&case, "helm", &told).map(|c| format!("with {flag}: {c}")));
        }
        let (here, helm) = (case.block("here"), case.block("helm"));
        assert!(
            here.is_some() && here != helm,
            "{}: no difference",
            case.name
        );
        for key in ["about", "reason"] {
            assert!(case.head(key).is_some(), "{}: no {key}", case.name);
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn every_difference_with_a_case_is_linked() {
    let text = fs::read_to_string(project().join("COMPATIBILITY.md")).expect("it is there");
    let linked: BTreeSet<String> = text
        .split("](testdata/differences/")
        .skip(1)
        .filter_map(|rest| rest.split_once(".txt)"))
        .map(|(name, _)| name.to_owned())
        .collect();
    let there: BTreeSet<String> = cases().into_iter().map(|case| case.name).collect();
    assert_eq!(linked, there);
}
