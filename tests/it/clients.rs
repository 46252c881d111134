//! Programs of others that run helm, run with ours in its place: kubectl's kustomize, and pyhelm3 and chartpress of PyPI. What they
//! make must be what they make with helm.
//!
//! They lie where `cargo xtask test` puts them: kubectl beside helm, the others in `target/clients`.

use crate::support::folder::Folder;
use crate::support::oracle;
use crate::support::text::{first_difference, readable};
use crate::support::{PROGRAM, project, say};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder in which one of two programs is called helm, and a chart made by `create`.
struct Stage {
    folder: Folder,
    chart: PathBuf,
}

impl Stage {
    fn new() -> Stage {
        let folder = Folder::new();
        let made = Command::new(PROGRAM)
            .args(["create", "web"])
            .current_dir(folder.path())
            .output()
            .expect("the program can be run");
        assert!(made.status.success(), "{}", readable(&made.stderr));
        folder.put("web/README.md", b"# web\n\nA chart.\n");
        folder.put(
            "web/crds/one.yaml",
            b"apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: ones.example.com}\n",
        );
        let chart = folder.path().join("web");
        Stage { folder, chart }
    }

    /// Returns a folder in which `helm` is the given program.
    fn named_helm(&self, program: &Path, name: &str) -> PathBuf {
        let folder = self.folder.path().join(name);
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        let link = folder.join("helm");
        #[cfg(unix)]
        std::os::unix::fs::symlink(program, &link).expect("a link can be made");
        #[cfg(not(unix))]
        std::fs::copy(program, &link).expect("a program can be copied");
        link
    }

    /// Runs a client with each of the two and compares what it prints.
    fn compare(&self, what: &str, helm: &Path, run: impl Fn(&Path, &Path) -> Command) {
        let mut printed = Vec::new();
        for (program, name) in [(helm, "real"), (Path::new(PROGRAM), "ours")] {
            let work = self.folder.path().join(format!("work-{name}"));
            std::fs::create_dir_all(&work).expect("a folder can be made");
            let helm = self.named_helm(program, name);
            let mut command = run(&helm, &work);
            for home in ["CACHE", "CONFIG", "DATA"] {
                command.env(format!("HELM_{home}_HOME"), work.join(home));
            }
            command
                .env("SOURCE_DATE_EPOCH", "1704164700")
                .env_remove("HELM")
                .current_dir(&work);
            let output = command.output().expect("the client can be run");
            assert!(
                output.status.success(),
                "{what} with {name}: {}",
                readable(&output.stderr)
            );
            printed.push(readable(&output.stdout));
        }
        assert!(
            printed[0] == printed[1],
            "{what}: {}",
            first_difference(&printed[0], &printed[1])
        );
        assert!(printed[0].len() > 100, "{what} printed {:?}", printed[0]);
        say(&format!("{what}: the same with both"));
    }
}

/// Returns the python of the clients, or nothing after saying so.
fn python(what: &str) -> Option<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| project().join("target"), PathBuf::from);
    let python = target.join("clients/bin/python");
    if python.exists() {
        return Some(python);
    }
    let required = std::env::var("ORACLE").as_deref() == Ok("required");
    assert!(!required, "{what}: there is no {}", python.display());
    say(&format!(
        "{what}: NOT RUN, there is no {} (`cargo xtask test` installs it)",
        python.display()
    ));
    None
}

fn path_with(folder: &Path) -> OsString {
    let old = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&old));
    std::env::join_paths(folders).expect("folders of PATH have no separators in them")
}

#[test]
fn kustomize() {
    let Some(helm) = oracle::helm("kustomize") else {
        return;
    };
    let kubectl = helm.with_file_name("kubectl");
    if !kubectl.exists() {
        say(&format!(
            "kustomize: NOT RUN, there is no {}",
            kubectl.display()
        ));
        return;
    }
    let stage = Stage::new();
    stage.folder.put(
        "kustomization.yaml",
        b"helmGlobals: {chartHome: .}\nhelmCharts:\n- name: web\n  releaseName: shop\n  namespace: prod\n  includeCRDs: true\n  \
          valuesInline: {replicaCount: 3, ingress: {enabled: true}}\nlabels: [{pairs: {team: a}}]\n",
    );
    stage.compare("kustomize", &helm, |helm, _| {
        let mut command = Command::new(&kubectl);
        command
            .args(["kustomize", "--enable-helm", "--helm-command"])
            .arg(helm)
            .arg(stage.folder.path());
        command
    });
}

#[test]
fn pyhelm3() {
    let (Some(helm), Some(python)) = (oracle::helm("pyhelm3"), python("pyhelm3")) else {
        return;
    };
    let stage = Stage::new();
    let pages = stage.folder.path().join("pages");
    let is_done = |command: &mut Command| {
        let done = command.env("SOURCE_DATE_EPOCH", "1704164700").output();
        assert!(
            done.expect("helm can be run").status.success(),
            "helm packs and indexes"
        );
    };
    is_done(
        Command::new(&helm)
            .arg("package")
            .arg(&stage.chart)
            .arg("-d")
            .arg(&pages),
    );
    is_done(Command::new(&helm).args(["repo", "index"]).arg(&pages));
    let script = project().join("tests/it/clients/with_pyhelm.py");
    stage.compare("pyhelm3", &helm, |helm, _| {
        let mut command = Command::new(&python);
        command.arg(&script).arg(helm).arg(&stage.chart).arg(&pages);
        command
    });
}

#[test]
fn chartpress() {
    let (Some(helm), Some(python)) = (oracle::helm("chartpress"), python("chartpress")) else {
        return;
    };
    let stage = Stage::new();
    let script = project().join("tests/it/clients/with_chartpress.py");
    stage.compare("chartpress", &helm, |helm, work| {
        let mut command = Command::new(&python);
        let folder = helm.parent().expect("a program lies in a folder");
        command
            .env("PATH", path_with(folder))
            .arg(&script)
            .arg(&stage.chart)
            .arg(work);
        command
    });
}
