//! Compares the program with helm, run live on the same charts: `charts/*`, `testdata/charts/*`, `testdata/charts/failing/*`.
//!
//! Every chart is rendered with each of its values files (`values*.yaml` and `ci/*.yaml`, found by pattern, so that a new one is
//! covered by itself) and each line of `testdata/differential/common.args`; with all but those of `ci/` also each line of
//! `CHART.args` there; and once with each line of `once.args` and each template alone. Standard output, exit status and the error
//! must be equal byte for byte, and the files of `--output-dir` too. Packages must hold equal archives, and helm must accept ours.
//! Every chart is checked with `lint` by both.

use crate::support::archive::{describe, gunzip};
use crate::support::folder::{Folder, files_below};
use crate::support::json::Json;
use crate::support::normal::{counted, normal};
use crate::support::oracle::helm;
use crate::support::process::{Outcome, Run};
use crate::support::ratchet::{Verdict, report};
use crate::support::select::Selection;
use crate::support::shell::words;
use crate::support::text::{error_block, readable};
use crate::support::{on_all_cores, project, testdata};
use pretty_assertions::StrComparison;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(60);

/// One call of both programs; `OUT` among the arguments stands for a fresh folder.
struct Case {
    id: String,
    args: Vec<String>,
}

/// What a program printed and wrote.
struct Result {
    outcome: Outcome,
    written: Vec<(String, Vec<u8>)>,
}

/// Runs a program at the top of the project.
fn run(program: &Path, args: &[String]) -> Result {
    let folder = Folder::new();
    let top = folder.path().to_string_lossy().into_owned();
    let out = format!("{top}/out");
    let args: Vec<String> = args
        .iter()
        .map(|arg| {
            if arg == "OUT" {
                out.clone()
            } else {
                arg.clone()
            }
        })
        .collect();
    let env = [
        ("PATH", "/usr/local/bin:/usr/bin:/bin".to_owned()),
        ("HOME", format!("{top}/home")),
        ("TMPDIR", top.clone()),
        ("KUBECONFIG", format!("{top}/no-kubeconfig")),
        ("HELM_CACHE_HOME", format!("{top}/cache")),
        ("HELM_CONFIG_HOME", format!("{top}/config")),
        ("HELM_DATA_HOME", format!("{top}/data")),
        ("SOURCE_DATE_EPOCH", "1704164700".to_owned()),
        ("TZ", "UTC".to_owned()),
        ("LANG", "C.UTF-8".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value));
    let mut outcome = Run {
        program,
        args: &args,
        env: &env,
        cwd: &project(),
        stdin: Vec::new(),
        limit: LIMIT,
    }
    .outcome();
    for stream in [&mut outcome.stdout, &mut outcome.stderr] {
        *stream = crate::support::text::replace_bytes(stream, top.as_bytes(), b"$TOP");
    }
    let read = |path: String| {
        let bytes = fs::read(Path::new(&out).join(&path)).unwrap_or_default();
        (path, bytes)
    };
    Result {
        outcome,
        written: files_below(Path::new(&out)).into_iter().map(read).collect(),
    }
}

/// Both texts near their first difference, as a coloured comparison.
fn compare(what: &str, want: &[u8], got: &[u8]) -> Option<String> {
    if want == got {
        return None;
    }
    let (want, got) = (readable(want), readable(got));
    let same = want
        .split('\n')
        .zip(got.split('\n'))
        .take_while(|(a, b)| a == b)
        .count();
    let near = |text: &str| {
        text.split('\n')
            .skip(same.saturating_sub(4))
            .take(14)
            .collect::<Vec<_>>()
            .join("\n")
    };
    Some(format!(
        "  {what}, line {} (left: helm, right: this program)\n{}",
        same + 1,
        StrComparison::new(&near(&want), &near(&got))
    ))
}

/// What a schema says of the members of an object, sorted: helm goes through them at random.
fn in_one_order(error: &str) -> String {
    let mut lines: Vec<&str> = error.split('\n').collect();
    for messages in lines.chunk_by_mut(|a, b| a.starts_with("- at '") && b.starts_with("- at '")) {
        messages.sort_unstable();
    }
    lines.join("\n")
}

/// What differs between two runs, if anything.
fn difference(want: &Result, got: &Result) -> Option<String> {
    let (helm, ours) = (&want.outcome, &got.outcome);
    if helm.exit != ours.exit {
        let text = readable(error_block(if helm.exit == 0 {
            &ours.stderr
        } else {
            &helm.stderr
        }));
        return Some(format!(
            "  exit: helm {}, this program {}\n{text}",
            helm.exit, ours.exit
        ));
    }
    let clean = |stderr: &[u8]| normal(&readable(stderr), &[], &[]);
    let errors = || {
        let block = |stderr: &[u8]| {
            if helm.exit == 0 {
                String::new()
            } else {
                in_one_order(&clean(error_block(stderr)))
            }
        };
        compare(
            "stderr",
            block(&helm.stderr).as_bytes(),
            block(&ours.stderr).as_bytes(),
        )
    };
    let warnings = || {
        compare(
            "warnings",
            counted(&clean(&helm.stderr), true).as_bytes(),
            counted(&clean(&ours.stderr), true).as_bytes(),
        )
    };
    let written = || {
        let names = |result: &Result| {
            result
                .written
                .iter()
                .map(|(name, _)| format!("{name}\n"))
                .collect::<String>()
        };
        compare(
            "names of written files",
            names(want).as_bytes(),
            names(got).as_bytes(),
        )
        .or_else(|| {
            want.written
                .iter()
                .zip(&got.written)
                .find_map(|(a, b)| compare(&format!("written {}", a.0), &a.1, &b.1))
        })
    };
    compare("stdout", &helm.stdout, &ours.stdout)
        .or_else(errors)
        .or_else(warnings)
        .or_else(written)
}

/// Folders with a `Chart.yaml` in `folder`, as paths from the top of the project.
fn charts_in(folder: &str) -> Vec<String> {
    let entries = fs::read_dir(project().join(folder))
        .into_iter()
        .flatten()
        .flatten();
    let charts = entries.filter(|entry| entry.path().join("Chart.yaml").is_file());
    let mut paths: Vec<String> = charts
        .map(|entry| format!("{folder}/{}", entry.file_name().to_string_lossy()))
        .collect();
    paths.sort();
    paths
}

/// The values files that belong to a chart.
fn values_files(chart: &str) -> Vec<String> {
    let is_yaml = |name: &str| name.ends_with(".yaml") || name.ends_with(".yml");
    let wanted = |name: &String| {
        let (folder, name) = name.rsplit_once('/').unwrap_or(("", name));
        is_yaml(name)
            && (folder == "ci"
                || (folder.is_empty() && name.starts_with("values") && name != "values.yaml"))
    };
    let files = files_below(&project().join(chart))
        .into_iter()
        .filter(wanted);
    files.map(|name| format!("{chart}/{name}")).collect()
}

/// The lines of an argument file; none if there is no such file.
fn argument_lines(path: PathBuf) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.trim().to_owned())
        .collect()
}

fn render_cases() -> Vec<Case> {
    let lines_of = |name: &str| argument_lines(testdata(&format!("differential/{name}.args")));
    let (common, once) = (lines_of("common"), lines_of("once"));
    assert!(
        !common.is_empty() && !once.is_empty(),
        "testdata/differential holds no arguments"
    );
    let mut cases = Vec::new();
    let mut add = |chart: &str, values: Option<&String>, line: &str| {
        let args = words(line).unwrap_or_else(|error| panic!("{error}"));
        let (named, rest) = match args.split_first() {
            Some((first, rest)) if first == "=" => (true, rest.to_vec()),
            _ => (false, args),
        };
        let mut all = vec!["template".to_owned()];
        if !named {
            all.extend(["rel".to_owned(), chart.to_owned()]);
        }
        all.extend(rest.into_iter().map(|arg| {
            if arg == "CHART" {
                chart.to_owned()
            } else {
                arg.replace("CHART/", &format!("{chart}/"))
            }
        }));
        all.extend(
            values
                .into_iter()
                .flat_map(|file| ["-f".to_owned(), file.clone()]),
        );
        cases.push(Case {
            id: all[1..].join(" "),
            args: all,
        });
    };
    for chart in charts_in("charts")
        .into_iter()
        .chain(charts_in("testdata/charts"))
    {
        let name = chart.rsplit('/').next().unwrap_or_default();
        let own = lines_of(name);
        let mut values: Vec<Option<String>> = vec![None];
        values.extend(values_files(&chart).into_iter().map(Some));
        for file in &values {
            let own = if file.as_ref().is_some_and(|file| file.contains("/ci/")) {
                &[][..]
            } else {
                &own
            };
            common
                .iter()
                .chain(own)
                .for_each(|line| add(&chart, file.as_ref(), line));
        }
        once.iter().for_each(|line| add(&chart, None, line));
        // Each template by itself.
        for template in files_below(&project().join(&chart))
            .iter()
            .filter(|path| path.starts_with("templates/"))
        {
            add(&chart, None, &format!("--show-only '{template}'"));
        }
    }
    for chart in charts_in("testdata/charts/failing") {
        let name = chart.rsplit('/').next().unwrap_or_default();
        add(&chart, None, "");
        add(&chart, None, "--debug");
        lines_of(name)
            .iter()
            .for_each(|line| add(&chart, None, line));
    }
    cases
}

#[test]
fn differential_template() {
    let Some(helm) = helm("differential") else {
        return;
    };
    let selection = Selection::from_env("DIFFERENTIAL");
    let cases: Vec<Case> = render_cases()
        .into_iter()
        .filter(|case| selection.keeps("differential", &case.id))
        .collect();
    let verdicts = on_all_cores(&cases, |case| {
        let (want, got) = (run(&helm, &case.args), run(&selection.program, &case.args));
        Verdict {
            id: case.id.clone(),
            command: None,
            failure: difference(&want, &got),
        }
    });
    report("differential", &verdicts, &selection);
}

/// Packages a chart with both programs; compares the archives, and what helm makes of ours.
fn package_difference(
    helm: &Path,
    program: &Path,
    chart: &str,
    options: &[&str],
) -> Option<String> {
    let args: Vec<String> = ["package", chart, "-d", "OUT"]
        .iter()
        .chain(options)
        .map(|arg| (*arg).to_owned())
        .collect();
    let (want, got) = (run(helm, &args), run(program, &args));
    // helm does not order sibling subcharts; then the members are compared as a set, without the compressed bytes.
    let siblings = fs::read_dir(project().join(chart).join("charts")).map_or(0, Iterator::count);
    let unordered = siblings > 1;
    let plain = |result: &Result| Result {
        outcome: result.outcome.clone(),
        written: Vec::new(),
    };
    if let Some(difference) = difference(&plain(&want), &plain(&got)) {
        return Some(difference);
    }
    let names = |result: &Result| {
        result
            .written
            .iter()
            .map(|(name, _)| name.clone())
            .collect::<Vec<_>>()
    };
    if names(&want) != names(&got) {
        return Some(format!(
            "  written: helm {:?}, this program {:?}",
            names(&want),
            names(&got)
        ));
    }
    let time = |time: u64| Json::Number(time.to_string());
    for ((name, theirs), (_, ours)) in want.written.iter().zip(&got.written) {
        let described = |bytes: &[u8]| {
            describe(bytes, time, unordered, false)
                .map(|json| json.pretty())
                .unwrap_or_default()
        };
        if let Some(difference) = compare(
            name,
            described(theirs).as_bytes(),
            described(ours).as_bytes(),
        ) {
            return Some(difference);
        }
        if !unordered && gunzip(theirs) != gunzip(ours) {
            return Some(format!("  {name}: the tar streams differ"));
        }
        let folder = Folder::new();
        folder.put("theirs.tgz", theirs);
        folder.put("ours.tgz", ours);
        for command in [&["show", "all"][..], &["lint"], &["template", "rel"]] {
            let call = |file: &str| {
                let path = folder.path().join(file).to_string_lossy().into_owned();
                let args: Vec<String> = command
                    .iter()
                    .map(|arg| (*arg).to_owned())
                    .chain([path])
                    .collect();
                let mut result = run(helm, &args);
                // helm unpacks an archive in a folder with a random name.
                for stream in [&mut result.outcome.stdout, &mut result.outcome.stderr] {
                    *stream =
                        normal(&readable(stream).replace(file, "c.tgz"), &[], &[]).into_bytes();
                }
                result
            };
            let (accepted, ours) = (call("theirs.tgz"), call("ours.tgz"));
            if let Some(difference) = self::difference(&accepted, &ours) {
                return Some(format!(
                    "  helm {} of our package\n{difference}",
                    command.join(" ")
                ));
            }
        }
    }
    None
}

#[test]
fn differential_package() {
    let Some(helm) = helm("differential package") else {
        return;
    };
    let selection = Selection::from_env("DIFFERENTIAL");
    let options: [&[&str]; 3] = [
        &[],
        &["--version", "9.8.7-rc.1", "--app-version", "v2"],
        &["--version", "no version"],
    ];
    let charts: Vec<String> = ["charts", "testdata/charts", "testdata/charts/failing"]
        .into_iter()
        .flat_map(charts_in)
        .collect();
    let pairs = charts
        .iter()
        .flat_map(|chart| options.iter().map(move |options| (chart, *options)));
    let named = pairs.map(|(chart, options)| {
        (
            format!("package {chart} {}", options.join(" "))
                .trim()
                .to_owned(),
            chart,
            options,
        )
    });
    let cases: Vec<_> = named
        .filter(|(id, _, _)| selection.keeps("differential-package", id))
        .collect();
    let verdicts = on_all_cores(&cases, |(id, chart, options)| Verdict {
        id: id.clone(),
        command: None,
        failure: package_difference(&helm, &selection.program, chart, options),
    });
    report("differential-package", &verdicts, &selection);
}

/// Every chart checked as it is, strictly with its subcharts, for an old version of Kubernetes, and with each values file.
fn lint_cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for chart in ["charts", "testdata/charts", "testdata/charts/failing"]
        .into_iter()
        .flat_map(charts_in)
    {
        let lines = [
            "",
            "--strict --with-subcharts",
            "--quiet --skip-schema-validation --kube-version 1.19",
        ];
        let with_values = values_files(&chart)
            .into_iter()
            .map(|file| format!("--strict -f {file}"));
        for line in lines.map(str::to_owned).into_iter().chain(with_values) {
            let args: Vec<String> = ["lint", &chart]
                .into_iter()
                .chain(line.split_whitespace())
                .map(str::to_owned)
                .collect();
            cases.push(Case {
                id: args.join(" "),
                args,
            });
        }
    }
    cases
}

#[test]
fn differential_lint() {
    let Some(helm) = helm("differential lint") else {
        return;
    };
    let selection = Selection::from_env("DIFFERENTIAL");
    let cases: Vec<Case> = lint_cases()
        .into_iter()
        .filter(|case| selection.keeps("differential-lint", &case.id))
        .collect();
    let verdicts = on_all_cores(&cases, |case| {
        let (want, got) = (run(&helm, &case.args), run(&selection.program, &case.args));
        Verdict {
            id: case.id.clone(),
            command: None,
            failure: difference(&want, &got),
        }
    });
    report("differential-lint", &verdicts, &selection);
}
