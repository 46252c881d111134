//! `scripts/helm-test.sh` on a machine that has only this program, and on one that has only helm.

use crate::support::folder::{Folder, files_below};
use crate::support::oracle::helm;
use crate::support::process::{Outcome, Run};
use crate::support::text::readable;
use crate::support::{PROGRAM, project};
use std::path::Path;
use std::time::Duration;

/// A clone of what the script needs, without anything that was built, and programs by the names they are found by.
fn clone_with(programs: &[(&str, &Path)]) -> Folder {
    let folder = Folder::new();
    for part in ["scripts", "charts/verta"] {
        let top = project().join(part);
        for name in files_below(&top) {
            let (from, to) = (top.join(&name), folder.path().join(part).join(&name));
            std::fs::create_dir_all(to.parent().expect("it lies in a folder"))
                .expect("a folder can be made");
            std::fs::copy(from, to).expect("a file can be copied");
        }
    }
    std::fs::create_dir(folder.path().join("bin")).expect("a folder can be made");
    for (name, program) in programs {
        let link = folder.path().join("bin").join(name);
        std::os::unix::fs::symlink(program, link).expect("a link can be made");
    }
    folder
}

fn run_script(folder: &Folder) -> Outcome {
    let top = folder.path().to_string_lossy();
    let env = [
        ("PATH", format!("{top}/bin:/usr/bin:/bin")),
        ("HOME", format!("{top}/home")),
        ("TMPDIR", top.to_string()),
    ]
    .map(|(name, value)| (name.to_owned(), value));
    Run {
        program: Path::new("/bin/sh"),
        args: &["scripts/helm-test.sh".to_owned()],
        env: &env,
        cwd: folder.path(),
        stdin: Vec::new(),
        limit: Duration::from_secs(600),
    }
    .outcome()
}

fn assert_good(outcome: &Outcome, program: &str) {
    let (out, err) = (readable(&outcome.stdout), readable(&outcome.stderr));
    assert_eq!(outcome.exit, 0, "{out}{err}");
    assert!(out.contains(&format!("/bin/{program} (")), "{out}");
    assert!(!out.contains("compared with"), "one program alone: {out}");
    assert!(out.contains("all good: "), "{out}");
}

#[test]
fn the_script_passes_with_this_program_alone() {
    let folder = clone_with(&[("verta-render", Path::new(PROGRAM))]);
    assert_good(&run_script(&folder), "verta-render");
}

#[test]
fn the_script_passes_with_helm_alone() {
    let Some(helm) = helm("scripts/helm-test.sh with helm") else {
        return;
    };
    let folder = clone_with(&[("helm", &helm)]);
    assert_good(&run_script(&folder), "helm");
}

#[test]
fn the_script_tells_what_is_wrong() {
    let folder = clone_with(&[("verta-render", Path::new(PROGRAM))]);
    let values = folder.path().join("charts/verta/ci/minimal-values.yaml");
    std::fs::write(values, "backend: {replicas: 2}\n").expect("it can be written");
    // A file that belongs to one environment, and no rule that leaves it out.
    std::fs::write(folder.path().join("charts/verta/.helmignore"), "").expect("it can be written");
    let outcome = run_script(&folder);
    let err = readable(&outcome.stderr);
    assert_eq!(outcome.exit, 1, "{err}");
    assert!(
        err.contains("FAIL template -f minimal-values.yaml"),
        "{err}"
    );
    assert!(err.contains("'replicas'"), "{err}");
    assert!(
        err.contains("FAIL files that do not belong into the package"),
        "{err}"
    );
}

#[test]
fn the_script_says_that_nothing_is_there() {
    let outcome = run_script(&clone_with(&[]));
    assert_eq!(outcome.exit, 1);
    assert!(readable(&outcome.stderr).contains("neither verta-render nor helm found"));
}
