//! `batch`: what each job renders is what `template` prints for it, in order, whatever fails beside it.

use crate::support::folder::{Folder, files_below};
use crate::support::json::Json;
use crate::support::process::{Outcome, Run};
use crate::support::text::readable;
use crate::support::{PROGRAM, project};
use std::path::Path;
use std::time::Duration;

fn run(folder: &Path, args: &[&str], stdin: &str) -> Outcome {
    let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
    Run {
        program: Path::new(PROGRAM),
        args: &args,
        env: &[("HOME".to_owned(), folder.to_string_lossy().into_owned())],
        cwd: folder,
        stdin: stdin.as_bytes().to_vec(),
        limit: Duration::from_secs(120),
    }
    .outcome()
}

/// A job, and the arguments that `template` has for the same.
fn jobs() -> Vec<(String, Vec<String>)> {
    let mut jobs = Vec::new();
    let mut add = |job: &str, args: &str| {
        let args = args.split_whitespace().map(str::to_owned).collect();
        jobs.push((format!("{{{job}}}"), args));
    };
    for round in 0..4 {
        for values in ["values-dev.yaml", "values-prod.yaml"] {
            add(
                &format!(
                    r#""chart": "charts/verta", "name": "v{round}", "namespace": "n{round}", "output": "{round}/{values}",
                       "values": ["charts/verta/{values}", {{"backend": {{"replicaCount": {round}}}}}]"#
                )
                .replace('\n', " "),
                &format!("v{round} charts/verta -n n{round} -f charts/verta/{values} --set-json backend.replicaCount={round}"),
            );
        }
        for chart in ["starter", "umbrella", "library-user", "hooks-crds"] {
            add(
                &format!(
                    r#""chart": "testdata/charts/{chart}", "name": "r{round}", "output": "{chart}-{round}", "set": ["r={round}"],
                       "include-crds": true, "skip-tests": true, "is-upgrade": true, "kube-version": "1.3{round}",
                       "api-versions": ["a/v{round}"]"#
                )
                .replace('\n', " "),
                &format!(
                    "r{round} testdata/charts/{chart} --set r={round} --include-crds --skip-tests --is-upgrade \
                     --kube-version 1.3{round} --api-versions a/v{round}"
                ),
            );
        }
    }
    add(
        r#""chart": "testdata/charts/nowhere""#,
        "testdata/charts/nowhere",
    );
    add(
        r#""chart": "charts/verta", "set": "nobody=asked", "output": "schema""#,
        "charts/verta --set nobody=asked",
    );
    add(
        r#""chart": "charts/verta", "values": "none.yaml", "output": "values""#,
        "charts/verta -f none.yaml",
    );
    add(
        r#""chart": "testdata/charts/starter", "set-file": ["a=charts/verta/.helmignore,b=Cargo.toml"], "output": "file""#,
        "testdata/charts/starter --set-file a=charts/verta/.helmignore,b=Cargo.toml",
    );
    add(
        r#""chart": "charts/verta", "name": "No", "output": "name""#,
        "No charts/verta",
    );
    add(
        r#""chart": "testdata/charts/starter", "name": "last", "show-only": ["templates/service.yaml"], "no-hooks": true"#,
        "last testdata/charts/starter -s templates/service.yaml --no-hooks",
    );
    jobs
}

fn text(result: &Json, key: &str) -> Option<String> {
    let Json::Object(members) = result else {
        panic!("a result is an object: {result:?}");
    };
    members
        .iter()
        .find(|(name, _)| name == key)
        .map(|(_, value)| match value {
            Json::String(text) => text.clone(),
            Json::Number(text) => text.clone(),
            other => panic!("{key}: {other:?}"),
        })
}

#[test]
fn every_job_renders_what_template_prints() {
    let jobs = jobs();
    let lines: String = jobs.iter().map(|(job, _)| format!("{job}\n")).collect();
    let target = Folder::new();
    let top = target.path().to_string_lossy().into_owned();
    let streamed = run(&project(), &["batch", "-", "--threads", "3"], &lines);
    let written = run(&project(), &["batch", "-", "--output-dir", &top], &lines);
    let confined = run(&project(), &["batch", "-", "--untrusted"], &lines);
    assert_eq!(readable(&confined.stdout), readable(&streamed.stdout));
    let mut failed = 0;
    let (one, two) = (readable(&streamed.stdout), readable(&written.stdout));
    assert_eq!(one.lines().count(), jobs.len());
    assert_eq!(two.lines().count(), jobs.len());
    for (number, ((_, args), (one, two))) in
        (1..).zip(jobs.iter().zip(one.lines().zip(two.lines())))
    {
        let args: Vec<&str> = ["template"]
            .into_iter()
            .chain(args.iter().map(String::as_str))
            .collect();
        let single = run(&project(), &args, "");
        let [one, two] = [one, two].map(|line| Json::parse(line).expect("a line is JSON"));
        for result in [&one, &two] {
            assert_eq!(text(result, "line"), Some(number.to_string()));
        }
        if single.exit == 0 {
            let wanted = readable(&single.stdout);
            assert_eq!(text(&one, "output").as_ref(), Some(&wanted), "{args:?}");
            let file = text(&two, "file").expect("it was written");
            let found = std::fs::read(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
            assert_eq!(readable(&found), wanted, "{args:?}");
        } else {
            failed += 1;
            let told = readable(&single.stderr);
            let wanted = told
                .split_once("Error: ")
                .map(|(_, error)| error.to_owned());
            for result in [&one, &two] {
                let error = text(result, "error").map(|error| format!("{error}\n"));
                assert_eq!(error, wanted, "{args:?}");
            }
        }
    }
    assert_eq!(failed, 4);
    for outcome in [&streamed, &written] {
        assert_eq!(outcome.exit, 1);
        let wanted = format!("Error: 4 of {} jobs failed\n", jobs.len());
        assert_eq!(readable(&outcome.stderr), wanted);
    }
    assert_eq!(files_below(target.path()).len(), jobs.len() - failed);
}

#[test]
fn nothing_is_written_unless_every_line_makes_sense() {
    let folder = Folder::new();
    folder.put("c/Chart.yaml", b"apiVersion: v2\nname: c\nversion: 1.0.0\n");
    folder.put("c/templates/a.yaml", b"a: {{ .Release.Name }}\n");
    let good = r#"{"chart": "c", "output": "a"}"#;
    for (bad, complaint) in [
        (r#"{"chart": "c""#, "line 2: "),
        (
            r#"{"chart": "c", "output": "./a"}"#,
            "line 2: the output \"a\" is the one of line 1 as well",
        ),
        (
            r#"{"chart": "c", "output": "a/b"}"#,
            "line 2: the output of line 1, \"a\", would have to be a directory",
        ),
        (
            r#"{"chart": "c", "output": "../b"}"#,
            "line 2: the output \"../b\" is no name of a file below a directory",
        ),
        (
            r#"{"chart": "c", "outptu": "b"}"#,
            "line 2: unknown key \"outptu\"; known are ",
        ),
        (
            r#"{"chart": "c", "values": "-"}"#,
            "line 2: values from standard input are not for one job among many",
        ),
        (r#"{"name": "c"}"#, "line 2: \"chart\" is missing"),
        (r#"["c"]"#, "line 2: a job is a JSON object"),
    ] {
        let lines = format!("{good}\n{bad}\n");
        let outcome = run(
            folder.path(),
            &["batch", "-", "--output-dir", "out"],
            &lines,
        );
        assert_eq!(outcome.exit, 1, "{bad}");
        let told = readable(&outcome.stderr);
        assert!(
            told.starts_with(&format!("Error: {complaint}")),
            "{bad}: {told}"
        );
        assert!(outcome.stdout.is_empty());
        assert!(!folder.path().join("out").exists(), "{bad}");
    }
    // Only files need names of their own.
    let twice = format!("{good}\n{good}\n");
    assert_eq!(run(folder.path(), &["batch", "-"], &twice).exit, 0);
}

#[test]
fn files_are_written_below_the_directory_and_nowhere_else() {
    let folder = Folder::new();
    folder.put("c/Chart.yaml", b"apiVersion: v2\nname: c\nversion: 1.0.0\n");
    folder.put("c/templates/a.yaml", b"a: {{ .Release.Name }}\n");
    folder.put("out/kept", b"before\n");
    folder.put("jobs", b"{\"chart\":\"c\",\"output\":\"d/e/f\"}\n{\"chart\":\"c\",\"output\":\"kept/g\"}\n{\"chart\":\"c\",\"output\":\"h\"}\n");
    let outcome = run(folder.path(), &["batch", "jobs", "--output-dir", "out"], "");
    // One file stands where a directory would have to be: that job fails, alone.
    assert_eq!(outcome.exit, 1);
    assert_eq!(readable(&outcome.stderr), "Error: 1 of 3 jobs failed\n");
    assert_eq!(
        files_below(&folder.path().join("out")),
        ["d/e/f", "h", "kept"]
    );
    let kept = std::fs::read(folder.path().join("out/kept"));
    assert_eq!(kept.ok(), Some(b"before\n".to_vec()));
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out_of_the_directory() {
    let folder = Folder::new();
    folder.put("c/Chart.yaml", b"apiVersion: v2\nname: c\nversion: 1.0.0\n");
    folder.put("c/templates/a.yaml", b"a: 1\n");
    folder.put("elsewhere/kept", b"before\n");
    folder.put("out/x", b"");
    let link = folder.path().join("out/link");
    std::os::unix::fs::symlink(folder.path().join("elsewhere"), link).expect("it is ours");
    let lines =
        "{\"chart\":\"c\",\"output\":\"link/kept\"}\n{\"chart\":\"c\",\"output\":\"link/new\"}\n";
    let outcome = run(folder.path(), &["batch", "-", "--output-dir", "out"], lines);
    assert_eq!(readable(&outcome.stderr), "Error: 2 of 2 jobs failed\n");
    assert_eq!(files_below(&folder.path().join("elsewhere")), ["kept"]);
}

/// What a chart says when it is loaded is told for every job, though it is loaded once.
#[test]
fn every_job_is_told_what_its_chart_says() {
    let folder = Folder::new();
    folder.put(
        "c/Chart.yaml",
        b"apiVersion: v2\nname: c\nversion: 1.0.0\ndeprecated: true\n",
    );
    folder.put("c/templates/a.yaml", b"a: 1\n");
    let lines = "{\"chart\":\"c\"}\n".repeat(20);
    let outcome = run(folder.path(), &["batch", "-"], &lines);
    let told = readable(&outcome.stdout);
    let count = told.matches("this chart is deprecated").count();
    assert_eq!((outcome.exit, count), (0, 20), "{told}");
}

/// Limits hold for each job alone: what one uses up is there for the next.
#[test]
fn limits_are_those_of_a_job() {
    let folder = Folder::new();
    folder.put("c/Chart.yaml", b"apiVersion: v2\nname: c\nversion: 1.0.0\n");
    folder.put(
        "c/templates/a.yaml",
        b"a: {{ repeat (int .Values.n) \"x\" }}\n",
    );
    let line = |n: usize| format!("{{\"chart\":\"c\",\"values\":{{\"n\":{n}}}}}\n");
    let lines = line(6000) + &line(60000) + &line(6000) + &line(6000);
    let outcome = run(
        folder.path(),
        &["batch", "-", "--limit-output", "10KiB"],
        &lines,
    );
    assert_eq!(readable(&outcome.stderr), "Error: 1 of 4 jobs failed\n");
    let told = readable(&outcome.stdout);
    let failed: Vec<bool> = told
        .lines()
        .map(|line| line.contains("\"failed\""))
        .collect();
    assert_eq!(failed, [false, true, false, false]);
}

/// Nothing is left to do when nobody reads on.
#[test]
fn a_closed_pipe_ends_it() {
    let folder = Folder::new();
    folder.put("c/Chart.yaml", b"apiVersion: v2\nname: c\nversion: 1.0.0\n");
    folder.put("c/templates/a.yaml", b"a: {{ repeat 5000 \"x\" }}\n");
    folder.put("jobs", "{\"chart\":\"c\"}\n".repeat(400).as_bytes());
    // Files are written all the same.
    for (more, count) in [(&[][..], 0), (&["--output-dir", "out"][..], 400)] {
        let mut child = std::process::Command::new(PROGRAM)
            .args(["batch", "jobs"])
            .args(more)
            .current_dir(folder.path())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("the program is there");
        drop(child.stdout.take());
        let outcome = child.wait_with_output().expect("it ends");
        assert!(outcome.status.success());
        assert!(outcome.stderr.is_empty());
        let files = std::fs::read_dir(folder.path().join("out"));
        assert_eq!(files.map_or(0, Iterator::count), count);
    }
}
