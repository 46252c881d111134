//! Another Redis in the place of ours: the steps of the chart's README, with a stand-in for Bitnami's chart.
//!
//! `testdata/verta/redis-stand-in` has the names and the values of Bitnami's chart and texts of our own. It is served from a
//! repository on this machine; what the README says to write into `Chart.yaml` is taken from the README, but for the address.

use super::documents::{self, selects, text};
use super::{MONITORED, PLAIN, chart, options, renderer, values_files};
use crate::scenarios::server::{PORT, Server};
use crate::support::archive::sha256;
use crate::support::folder::{Folder, files_below, put};
use crate::support::oracle::helm;
use crate::support::process::{Outcome, Run};
use crate::support::text::readable;
use crate::support::{PROGRAM, testdata};
use pretty_assertions::assert_eq;
use std::path::Path;
use std::time::Duration;
use verta_render::{PackageOptions, Renderer, archive};

const BITNAMI: &str = "https://charts.bitnami.com/bitnami";

fn copy(from: &Path, to: &Path) {
    for name in files_below(from) {
        put(
            &to.join(&name),
            &std::fs::read(from.join(&name)).expect("it can be read"),
        );
    }
}

/// A repository that offers the stand-in, beside versions that do not fit.
fn repository() -> Folder {
    let folder = Folder::new();
    let mut index = "apiVersion: v1\nentries:\n  redis:\n".to_owned();
    for version in ["18.0.0", "17.15.6", "17.0.1", "16.9.9"] {
        let stand_in =
            Renderer::from_path(testdata("verta/redis-stand-in")).expect("the stand-in loads");
        let options = PackageOptions {
            version: Some(version.to_owned()),
            ..PackageOptions::default()
        };
        let package = archive(stand_in.chart(), &options).expect("it can be packed");
        folder.put(&package.file_name, &package.data);
        let (name, digest) = (&package.file_name, sha256(&package.data));
        index += &format!(
            "  - apiVersion: v2\n    name: redis\n    version: {version}\n    urls: [{name}]\n    digest: {digest}\n"
        );
    }
    folder.put("index.yaml", index.as_bytes());
    folder
}

/// The block of the README that is to take the place of `dependencies:` in `Chart.yaml`.
fn documented_dependencies() -> String {
    let readme =
        std::fs::read_to_string(chart().join("README.md")).expect("the chart has a README");
    let at = readme
        .find(BITNAMI)
        .expect("the README names Bitnami's repository");
    let begin = readme[..at]
        .rfind("```yaml\n")
        .expect("it stands in a block")
        + "```yaml\n".len();
    let end = at + readme[at..].find("```").expect("the block ends");
    let lines: Vec<&str> = readme[begin..end].trim_end().lines().collect();
    // The block is part of a numbered list.
    let indent = lines[0].len() - lines[0].trim_start().len();
    lines
        .iter()
        .map(|line| format!("{}\n", line.get(indent..).unwrap_or_default()))
        .collect()
}

/// The chart after the first two steps: ours is gone, and Chart.yaml asks for another.
fn prepared(dependencies: &str) -> Folder {
    let folder = Folder::new();
    let top = folder.path().join("verta");
    copy(&chart(), &top);
    std::fs::remove_dir_all(top.join("charts/redis")).expect("ours was there");
    std::fs::remove_file(top.join("Chart.lock")).expect("it was locked");
    let metadata = std::fs::read_to_string(top.join("Chart.yaml")).expect("it can be read");
    let begin = metadata
        .find("dependencies:\n")
        .expect("there are dependencies");
    let end = begin
        + metadata[begin..]
            .find("annotations:\n")
            .expect("annotations follow them");
    let metadata = format!("{}{dependencies}{}", &metadata[..begin], &metadata[end..]);
    put(&top.join("Chart.yaml"), metadata.as_bytes());
    folder
}

fn run(program: &Path, folder: &Folder, arguments: &[&str]) -> Outcome {
    let top = folder.path().to_string_lossy().into_owned();
    let env = [
        ("PATH", "/usr/bin:/bin".to_owned()),
        ("HOME", format!("{top}/home")),
        ("TMPDIR", top.clone()),
        ("HELM_CACHE_HOME", format!("{top}/cache")),
        ("HELM_CONFIG_HOME", format!("{top}/config")),
        ("HELM_DATA_HOME", format!("{top}/data")),
    ]
    .map(|(name, value)| (name.to_owned(), value));
    let args: Vec<String> = arguments
        .iter()
        .map(|argument| (*argument).to_owned())
        .collect();
    Run {
        program,
        args: &args,
        env: &env,
        cwd: folder.path(),
        stdin: Vec::new(),
        limit: Duration::from_secs(120),
    }
    .outcome()
}

/// All values files render with the other chart, and Verta finds its Redis.
fn assert_works(top: &Path) {
    let other = Renderer::from_path(top).expect("the chart loads");
    assert_eq!(
        other.chart().dependencies()[0].metadata().version,
        "17.15.6"
    );
    let mut servers = 0;
    for file in values_files() {
        let rendered = other.render(&file.values(), &options("verta", &MONITORED));
        let rendered = rendered.unwrap_or_else(|error| panic!("{}: {error}", file.name));
        let all = documents::read(&rendered);
        let map = all
            .iter()
            .find(|document| document.json["data"].get("REDIS_HOST").is_some());
        let data = &map.expect("the backend has a configuration").json["data"];
        let server = all.iter().find(|document| document.kind() == "StatefulSet");
        let Some(pod) = server.and_then(|server| server.pod()) else {
            continue;
        };
        servers += 1;
        let service = all.iter().find(|document| {
            document.kind() == "Service" && document.name() == text(&data["REDIS_HOST"])
        });
        let service =
            service.unwrap_or_else(|| panic!("{}: no Service {}", file.name, data["REDIS_HOST"]));
        let port = service.spec()["ports"][0]["port"].to_string();
        assert_eq!(text(&data["REDIS_PORT"]), port, "{}", file.name);
        assert!(
            selects(&service.spec()["selector"], &pod.labels()),
            "{}",
            file.name
        );
        let policies = all
            .iter()
            .filter(|document| document.kind() == "NetworkPolicy");
        let mut guards = policies
            .filter(|policy| selects(&policy.spec()["podSelector"]["matchLabels"], &pod.labels()));
        if all
            .iter()
            .any(|document| document.kind() == "NetworkPolicy")
        {
            let policy = guards
                .next()
                .unwrap_or_else(|| panic!("{}: Redis is open", file.name));
            let port = text(&policy.spec()["ingress"][0]["ports"][0]["port"]);
            assert!(pod.ports().contains(&port), "{}: {port}", file.name);
        }
    }
    assert!(servers > 10, "Redis was rendered");
}

#[test]
fn the_documented_dependency_is_bitnamis() {
    let block = documented_dependencies();
    let other = format!(
        "  - name: redis\n    version: 17.x.x\n    repository: {BITNAMI}\n    condition: redis.enabled\n"
    );
    assert_eq!(block, format!("dependencies:\n{other}"));
}

#[test]
fn the_stand_in_works_from_the_charts_folder() {
    let folder = prepared(&documented_dependencies());
    let package = archive(
        Renderer::from_path(testdata("verta/redis-stand-in"))
            .expect("it loads")
            .chart(),
        &PackageOptions::default(),
    );
    let package = package.expect("it can be packed");
    put(
        &folder.path().join("verta/charts").join(&package.file_name),
        &package.data,
    );
    assert_works(&folder.path().join("verta"));
}

/// The third step with a program, and what it leaves.
fn update_with(program: &Path) {
    let repository = repository();
    let server = Server::start(repository.path().to_owned()).expect("the repository is served");
    let address = format!("http://127.0.0.1:{PORT}");
    let folder = prepared(&documented_dependencies().replace(BITNAMI, &address));
    let outcome = run(program, &folder, &["dependency", "update", "verta"]);
    assert_eq!(
        outcome.exit,
        0,
        "{}{}",
        readable(&outcome.stdout),
        readable(&outcome.stderr)
    );
    let top = folder.path().join("verta");
    assert_eq!(files_below(&top.join("charts")), ["redis-17.15.6.tgz"]);
    let lock = std::fs::read_to_string(top.join("Chart.lock")).expect("it is locked");
    assert!(
        lock.contains("version: 17.15.6") && lock.contains(&address),
        "{lock}"
    );
    assert_works(&top);
    // From the lock, as a colleague does it, who has to name the repository first.
    std::fs::remove_dir_all(top.join("charts")).expect("it was there");
    let outcome = run(program, &folder, &["repo", "add", "bitnami", &address]);
    assert_eq!(outcome.exit, 0, "{}", readable(&outcome.stderr));
    let outcome = run(program, &folder, &["dependency", "build", "verta"]);
    assert_eq!(outcome.exit, 0, "{}", readable(&outcome.stderr));
    assert_eq!(files_below(&top.join("charts")), ["redis-17.15.6.tgz"]);
    drop(server);
}

#[test]
fn helm_fetches_the_other_chart() {
    if let Some(helm) = helm("dependency update of the Verta chart with helm") {
        update_with(&helm);
    }
}

#[test]
fn the_verta_templates_are_the_same_with_either() {
    // Nothing but the subchart and what it is called changes.
    let folder = prepared(&documented_dependencies());
    let stand_in = testdata("verta/redis-stand-in");
    copy(&stand_in, &folder.path().join("verta/charts/redis"));
    let other = Renderer::from_path(folder.path().join("verta")).expect("the chart loads");
    for file in values_files() {
        let own = |renderer: &Renderer| {
            let rendered = renderer
                .render(&file.values(), &options("verta", &PLAIN))
                .expect("it renders");
            let own = rendered
                .manifests
                .iter()
                .filter(|document| document.path().starts_with(b"verta/templates/"));
            own.map(|document| readable(document.text()))
                .collect::<Vec<_>>()
        };
        assert_eq!(own(&other), own(renderer()), "{}", file.name);
    }
}

#[test]
fn this_program_fetches_the_other_chart() {
    update_with(Path::new(PROGRAM));
}
