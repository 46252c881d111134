//! A confined process, which tries what it may not do.
//!
//! It is this test program again, started for the one test that locks itself up.

use std::fs;
use std::io::Write;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use super::*;
use crate::limits::Bounds;

/// Names the folder of the test, for the process that is confined.
const FOLDER: &str = "VERTA_RENDER_TEST_SANDBOX";

/// Tells that process what it is confined for: `work`, to `fetch`, or to fetch and work `later`.
const KIND: &str = "VERTA_RENDER_TEST_SANDBOX_KIND";

/// What a thread can do, in words; an empty list is what is wanted of it.
fn liberties(folder: &Path) -> Vec<&'static str> {
    let outside = folder.join("outside");
    let tries: [(&'static str, bool); 12] = [
        ("read", fs::read(outside.join("canary")).is_ok()),
        (
            "list",
            fs::read_dir(&outside).is_ok_and(|mut names| names.next().is_some()),
        ),
        ("write", fs::write(outside.join("new"), "x").is_ok()),
        (
            "append",
            fs::OpenOptions::new()
                .append(true)
                .open(outside.join("canary"))
                .is_ok(),
        ),
        ("remove", fs::remove_file(outside.join("canary")).is_ok()),
        (
            "rename",
            fs::rename(outside.join("other"), folder.join("out/x")).is_ok(),
        ),
        (
            "write to the chart",
            fs::write(folder.join("chart/new"), "x").is_ok(),
        ),
        (
            "link",
            std::os::unix::fs::symlink("a", folder.join("out/link")).is_ok(),
        ),
        (
            "connect",
            TcpStream::connect("127.0.0.1:9")
                .is_err_and(|e| e.raw_os_error() == Some(libc::ECONNREFUSED)),
        ),
        ("listen", TcpListener::bind("127.0.0.1:0").is_ok()),
        ("send", UdpSocket::bind("127.0.0.1:0").is_ok()),
        ("run", Command::new("/bin/true").spawn().is_ok()),
    ];
    let done = tries.into_iter().filter(|(_, worked)| *worked);
    done.map(|(name, _)| name).collect()
}

/// What a thread must still be able to do, if it cannot.
fn losses(folder: &Path) -> Vec<&'static str> {
    let place = folder.join("out/sub");
    let tries = [
        ("read", fs::read(folder.join("chart/Chart.yaml")).is_ok()),
        ("list", fs::read_dir(folder.join("chart")).is_ok()),
        ("make", fs::create_dir_all(&place).is_ok()),
        (
            "write",
            crate::storage::write_file(&place.join("a"), b"a").is_ok(),
        ),
        (
            "replace",
            crate::storage::write_file(&place.join("a"), b"b").is_ok(),
        ),
        ("start", thread::spawn(|| 1).join().is_ok()),
    ];
    let failed = tries.into_iter().filter(|(_, worked)| !*worked);
    failed.map(|(name, _)| name).collect()
}

/// Locks this process up, where the other test has started it for that.
#[test]
fn the_confined_process() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        return;
    };
    claim();
    let at = folder.clone();
    let worker = thread::spawn(move || {
        let before = liberties(&at.join("before")).len();
        let sink = Sink::new();
        let kind = std::env::var(KIND).expect("the other test says it");
        // A pipe, which shells hand over by such a name, has no place among the files.
        let (end, _other) = std::io::pipe().expect("the system has pipes");
        let pipe = PathBuf::from(format!("/dev/fd/{}", end.as_raw_fd()));
        let mut needs = Needs {
            read: vec![at.join("chart"), pipe],
            write: vec![at.join("out")],
            connect: kind == "fetch",
        };
        // One's own charts are no reason to lock anything.
        enter(&needs, &sink);
        let free = fs::read(at.join("outside/canary")).is_ok();
        let mut first = String::new();
        if kind == "later" {
            let needs = Needs {
                read: vec![at.join("chart"), at.join("outside")],
                write: vec![at.join("out"), at.join("before")],
                connect: true,
            };
            Bounds::untrusted().within(|| enter_for_now(&needs, &sink));
            first = format!("first {:?} ", liberties(&at));
        }
        Bounds::untrusted().within(|| enter(&needs, &sink));
        // That was the last time.
        needs.read.push(at.join("outside"));
        Bounds::untrusted().within(|| enter_for_now(&needs, &sink));
        let told: Vec<String> = sink.take().iter().map(Diagnostic::line).collect();
        let later = at.clone();
        let late = thread::spawn(move || liberties(&later)).join();
        let report = format!(
            "before {before} free {free} {first}told {told:?} here {:?} later {late:?} losses {:?}",
            liberties(&at),
            losses(&at)
        );
        report
    });
    let report = worker.join();
    println!("REPORT {report:?}");
    let _ = std::io::stdout().flush();
}

#[test]
fn a_confined_process_can_do_nothing_but_its_work() {
    check("work", "[]");
}

#[test]
fn a_process_that_fetches_can_connect_besides() {
    check("fetch", r#"["connect", "send"]"#);
}

#[test]
fn a_process_that_has_fetched_gives_up_the_rest() {
    let report = check("later", "[]");
    let first = r#"first ["read", "list", "connect", "send"]"#;
    assert!(report.is_none_or(|r| r.contains(first)));
}

/// Confines a process for a kind of work; `liberties` are all that it has in the end. Returns what it reports, if the kernel can
/// do that.
fn check(kind: &str, liberties: &str) -> Option<String> {
    let folder = format!("verta-sandbox-{kind}-{}", std::process::id());
    let folder = std::env::temp_dir().join(folder);
    for name in [
        "chart",
        "out",
        "outside",
        "before/outside",
        "before/out",
        "before/chart",
    ] {
        fs::create_dir_all(folder.join(name)).expect("the folder is ours");
    }
    fs::write(folder.join("chart/Chart.yaml"), "").expect("the folder is ours");
    fs::write(folder.join("outside/canary"), "canary").expect("the folder is ours");
    for name in [
        "outside/other",
        "before/outside/canary",
        "before/outside/other",
    ] {
        fs::write(folder.join(name), "").expect("the folder is ours");
    }
    let program = std::env::current_exe().expect("the system knows");
    let child = Command::new(program)
        .args([
            "--exact",
            "sandbox::tests::the_confined_process",
            "--nocapture",
        ])
        .env(FOLDER, &folder)
        .env(KIND, kind)
        .output()
        .expect("this program can be started again");
    let text = String::from_utf8_lossy(&child.stdout).into_owned();
    let canary = fs::read(folder.join("outside/canary"));
    let written = fs::read(folder.join("out/sub/a"));
    let chart = fs::read_dir(folder.join("chart")).map(Iterator::count);
    fs::remove_dir_all(&folder).expect("the folder is ours");
    let errors = String::from_utf8_lossy(&child.stderr);
    let report = text.split_once("REPORT ").map(|(_, report)| report);
    let report = report.unwrap_or_else(|| panic!("no report: {text}{errors}"));
    // All twelve things can be done as long as nobody forbids them.
    assert!(report.contains("before 12 free true"), "{report}");
    assert!(report.contains("losses []"), "{report}");
    assert!(report.contains("seccomp, on all threads"), "{report}");
    if report.contains("no landlock") {
        eprintln!("NOT RUN: this kernel has no landlock");
        return None;
    }
    // Within the report the marks are escaped.
    let report = report.replace('\\', "");
    assert!(report.contains("landlock, "), "{report}");
    assert!(!report.contains(" failed: "), "{report}");
    let here = format!("here {liberties} later Ok({liberties})");
    assert!(report.contains(&here), "{report}");
    assert_eq!(canary.expect("it was not removed"), b"canary");
    assert_eq!(written.expect("it was written"), b"b");
    assert_eq!(chart.expect("it is there"), 1);
    Some(report)
}
