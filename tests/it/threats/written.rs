//! What is written: whole or not at all, and nowhere else.

use super::stage::{Stage, directory_readers};
use crate::support::folder::files_below;
use crate::support::{PROGRAM, say};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

/// A chart with much to pack, many documents, and a dependency beside it.
fn busy() -> Stage {
    let stage = Stage::new();
    // Text that does not shrink to nothing.
    let mut seed = 1_u64;
    let mut noise = String::new();
    for _ in 0..40_000 {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        noise.push_str(&format!("{:016x}\n", seed));
    }
    stage.put("c/noise.txt", &noise);
    for number in 0..60 {
        stage.put(
            &format!("c/templates/t{number}.yaml"),
            format!(
                "kind: T\nmetadata: {{name: t{number}}}\nspec: {}\n",
                "x".repeat(2000)
            ),
        );
    }
    stage.put("d/Chart.yaml", "apiVersion: v2\nname: d\nversion: 1.0.0\n");
    stage.put("d/noise.txt", &noise);
    stage.put("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n");
    stage.put("p/Chart.yaml", "apiVersion: v2\nname: p\nversion: 0.1.0\ndependencies:\n- {name: d, version: 1.x, repository: 'file://../d'}\n");
    stage
}

/// The files of the working directory that a line may write.
fn written(stage: &Stage) -> BTreeMap<String, Vec<u8>> {
    let is_output = |name: &String| {
        let outputs = [
            "out/",
            "c-0.1.0.tgz",
            "p/Chart.lock",
            "p/charts/",
            "index.yaml",
        ];
        outputs.iter().any(|output| name.starts_with(output)) && !is_remnant(name)
    };
    let names = files_below(&stage.path("work"))
        .into_iter()
        .filter(is_output);
    names
        .map(|name| {
            (
                name.clone(),
                fs::read(stage.path("work").join(&name)).expect("it can be read"),
            )
        })
        .collect()
}

fn is_remnant(name: &str) -> bool {
    let name = name.rsplit('/').next().unwrap_or_default();
    name.starts_with(".verta-render-") && name.ends_with(".tmp")
}

/// Seen in helm 4.3.1: `package` killed while it writes leaves a cut archive.
#[test]
fn a_killed_run_leaves_old_or_new_files() {
    let lines = [
        "package c",
        "template r c --output-dir out",
        "dependency update p",
        "repo index .",
    ];
    for line in lines {
        let stage = busy();
        // Without the epoch a lock and an index name the time.
        let words: Vec<&str> = line.split(' ').collect();
        let command = || {
            let mut command = Command::new(PROGRAM);
            command
                .args(&words)
                .current_dir(stage.path("work"))
                .env_clear()
                .env("HOME", stage.text("home"));
            command
                .env("SOURCE_DATE_EPOCH", "1704164700")
                .stdout(Stdio::null())
                .stderr(Stdio::null());
            command
        };
        if line == "repo index ." {
            stage.fine("package c");
        }
        let began = Instant::now();
        assert!(
            command().status().expect("the program starts").success(),
            "{line}"
        );
        let whole = began.elapsed();
        let new = written(&stage);
        assert!(!new.is_empty(), "{line} writes something");
        for name in new.keys() {
            // A lock or a subchart that makes no sense would stop the run.
            let is_kept = name.starts_with("p/") || line == "repo index ." && name != "index.yaml";
            if !is_kept {
                fs::write(stage.path("work").join(name), "old").expect("the place is ours");
            }
        }
        let old = written(&stage);
        for kill in 0..30_u32 {
            let mut child = command().spawn().expect("the program starts");
            // The last part of a run is when it writes.
            let at = whole * (40 + 2 * kill) / 100;
            std::thread::sleep(at);
            child.kill().expect("a child of ours can be killed");
            child.wait().expect("a child of ours can be waited for");
            for (name, text) in written(&stage) {
                let is_old = old.get(&name) == Some(&text);
                // What names the time is whole if it ends as it should.
                let is_new = match name.ends_with(".lock") || name.ends_with("index.yaml") {
                    true => {
                        text.ends_with(b"\n")
                            && find(&text, b"generated: ")
                            && text.len().abs_diff(new.get(&name).map_or(0, Vec::len)) < 16
                    }
                    false => new.get(&name) == Some(&text),
                };
                assert!(
                    is_old || is_new,
                    "{line}, kill {kill}: {name} is cut ({} bytes)",
                    text.len()
                );
            }
        }
        // What was left behind goes with the next run, once it is old enough to be nobody's.
        let remnants = |stage: &Stage| {
            let names = files_below(&stage.path("work")).into_iter();
            names.filter(|name| is_remnant(name)).collect::<Vec<_>>()
        };
        for name in remnants(&stage) {
            let file = File::options()
                .append(true)
                .open(stage.path("work").join(&name))
                .expect("it is there");
            let long_ago = SystemTime::now() - Duration::from_secs(60);
            file.set_modified(long_ago).expect("it is ours");
        }
        assert!(
            command().status().expect("the program starts").success(),
            "{line}"
        );
        assert_eq!(remnants(&stage), Vec::<String>::new(), "{line}");
        if !line.starts_with("dependency") && !line.starts_with("repo") {
            assert!(written(&stage) == new, "{line}: the last run is whole");
        }
    }
}

fn find(text: &[u8], part: &[u8]) -> bool {
    crate::support::text::find_bytes(text, part).is_some()
}

/// Seen in helm 4.3.1: what stands on a full disk is lost without a word.
#[test]
fn a_full_disk_leaves_the_old_files() {
    let stage = busy();
    fs::create_dir_all(stage.path("work/disk")).expect("the place is ours");
    let script = "mount -t tmpfs -o size=256k none work/disk || exit 77\n\
        cd work/disk && echo old > c-0.1.0.tgz && mkdir -p out/c/templates && echo old > out/c/templates/t0.yaml\n\
        dd if=/dev/zero of=fill bs=1k count=300 2>/dev/null\n\
        for line in 'package ../c' 'template r ../c --output-dir out' 'repo index .' 'create x'; do\n\
        \"$0\" $line >/dev/null 2>../../told; echo \"$line: $?\"; cat ../../told; done\n\
        cat c-0.1.0.tgz out/c/templates/t0.yaml; find . | grep verta; ls index.yaml x; true";
    let output = Command::new("unshare")
        .args(["-rm", "sh", "-c", script, PROGRAM])
        .current_dir(stage.path(""))
        .env("HOME", stage.text("home"))
        .output();
    let Ok(output) = output.map(|output| {
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
        )
    }) else {
        return say("a full disk: NOT RUN, there is no unshare");
    };
    let (Some(0), told) = output else {
        return say("a full disk: NOT RUN, this system does not let us mount one");
    };
    for line in ["package ../c: 1", "template r ../c --output-dir out: 1"] {
        assert!(told.contains(line), "{told}");
    }
    assert!(told.contains("no space left on device"), "{told}");
    assert!(told.contains("old\nold\n"), "{told}");
    assert!(
        !told.contains(".verta-render-") && !told.contains("panicked"),
        "{told}"
    );
}

/// CVE-2025-53547, and seen in helm 4.3.1: a link that stands at the name of a file to be written.
#[test]
fn nothing_is_written_through_links() {
    let bashrc = |stage: &Stage| stage.path("home/.bashrc");
    for name in ["Chart.lock", "requirements.lock"] {
        let stage = busy();
        stage.link(bashrc(&stage), &format!("p/{name}"));
        if name == "requirements.lock" {
            stage.put("p/Chart.yaml", "apiVersion: v1\nname: p\nversion: 0.1.0\n");
            stage.put(
                "p/requirements.yaml",
                "dependencies:\n- {name: d, version: 1.x, repository: 'file://../d'}\n",
            );
        }
        for line in [
            "dependency update p",
            "dependency build p",
            "package p -u -d out",
            "template r p --dependency-update",
        ] {
            stage.run(line);
            stage.run(&format!("{line} --untrusted"));
        }
        stage.refused("dependency update p", &[]);
    }
    let stage = busy();
    stage.link(bashrc(&stage), "c-0.1.0.tgz");
    stage.link(bashrc(&stage), "index.yaml");
    stage.link(bashrc(&stage), "out/c/templates/t0.yaml");
    stage.link(bashrc(&stage), "new/Chart.yaml");
    for line in [
        "package c",
        "repo index .",
        "template r c --output-dir out",
        "dependency update p",
        "create new",
    ] {
        stage.run(line);
        stage.run(&format!("{line} --untrusted"));
    }
    let is_file = |name: &str| {
        stage
            .path("work")
            .join(name)
            .symlink_metadata()
            .is_ok_and(|about| about.is_file())
    };
    for name in [
        "c-0.1.0.tgz",
        "out/c/templates/t0.yaml",
        "p/charts/d-1.0.0.tgz",
    ] {
        assert!(is_file(name), "{name}");
    }
}

/// `--output-dir`: links below it that lead out of it, in place of each directory.
#[test]
fn output_stays_in_its_directory() {
    for name in ["out/c", "out/c/templates", "out/r", "out/r/c/templates"] {
        for target in ["../home", "../../home", "../../../home", "../../../../home"] {
            let stage = busy();
            stage.link(target, name);
            for line in [
                "template r c --output-dir out",
                "template r c --output-dir out --release-name",
                "template r c --output-dir ./out/../out/ --untrusted",
            ] {
                stage.run(line);
            }
        }
        let stage = busy();
        stage.link(stage.path("home"), name);
        let flags = if name.starts_with("out/r") {
            " --release-name"
        } else {
            ""
        };
        stage.refused(
            &format!("template r c --output-dir out{flags}"),
            &["is a link that leads out of out"],
        );
    }
    // The directory itself may be a link: it was named.
    let stage = busy();
    stage.put("real/keep", "");
    stage.link("real", "out");
    stage.fine("template r c --output-dir out");
    assert!(stage.path("work/real/c/templates/t0.yaml").is_file());
}

/// A chart that nobody may write to, or read: the message names it, and nothing is lost.
#[test]
fn what_cannot_be_written_is_named() {
    let stage = busy();
    stage.put("file", "x");
    for line in [
        "package c -d file",
        "template r c --output-dir file",
        "create file/x",
        "package c -d /proc/none",
    ] {
        stage.refused(line, &[]);
    }
    assert_eq!(
        fs::read(stage.path("work/file")).expect("it is there"),
        b"x"
    );
    for line in directory_readers("file") {
        stage.refused(&line, &[]);
    }
}
