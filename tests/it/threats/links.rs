//! Links and special files in chart directories.

use super::stage::{Stage, directory_readers, readers, tgz};
use crate::support::web::Web;
use std::process::Command;

/// Where links may stand in a chart, and what outside they lead to.
const LINKS: [(&str, &str); 15] = [
    ("Chart.yaml", "secret/canary.yaml"),
    ("Chart.lock", "secret/canary.yaml"),
    ("values.yaml", "secret/canary.yaml"),
    ("values.schema.json", "secret/canary.json"),
    (".helmignore", "secret/canary.txt"),
    ("README.md", "secret/canary.txt"),
    ("templates/b.yaml", "secret/canary.yaml"),
    ("templates/_b.tpl", "secret/canary.txt"),
    ("templates/NOTES.txt", "secret/canary.txt"),
    ("templates/all", "secret"),
    ("crds/b.yaml", "secret/canary.yaml"),
    ("files", "secret"),
    ("charts", "secret"),
    ("charts/sub", "secret"),
    ("charts/sub-1.0.0.tgz", "secret/canary.txt"),
];

/// CVE-2019-18658, and seen in helm 4.3.1: a link in the chart directory leads out of it, is followed, and packed.
#[test]
fn links_out_of_an_untrusted_chart_are_refused_by_name() {
    for (number, (name, target)) in LINKS.into_iter().enumerate() {
        let target = match number % 2 {
            0 => format!("../../../../../..$TOP/{target}"),
            _ => format!("$TOP/{target}"),
        };
        let stage = Stage::new();
        let target = target.replace("$TOP", stage.text("").trim_end_matches('/'));
        let _ = std::fs::remove_file(stage.path("work/c").join(name));
        stage.link(target, &format!("c/{name}"));
        stage.put(
            "c/templates/files.yaml",
            "a: {{ (.Files.Glob \"**\").AsConfig | quote }}\n",
        );
        stage.put("jobs", "{\"chart\": \"c\"}\n");
        let mut lines = directory_readers("c");
        lines.push("batch jobs".to_owned());
        for line in lines {
            let line = format!("{line} --untrusted");
            let done = stage.refused(&line, &[]);
            let told = done.all();
            let is_named =
                told.contains(&format!("c/{name} is a link that leads out of the chart"));
            assert!(is_named, "{line}, {name}: {told}");
        }
    }
}

/// A link to a link, a link by way of a directory that is one, and a link of the chart's own.
#[test]
fn roundabout_links_are_seen_through() {
    let stage = Stage::new();
    stage.put("c/real/deep/f.txt", "fine");
    stage.link("real/deep", "c/short");
    stage.link("short/f.txt", "c/inside.txt");
    for line in directory_readers("c") {
        stage.fine(&format!("{line} --untrusted"));
    }
    for (name, target) in [
        ("c/hop", "short/../../../secret/canary.txt"),
        ("c/hop", "real/deep/../../../c/../../secret"),
        ("c/hop", "/proc/self/cwd/../secret/canary.txt"),
    ] {
        let stage = Stage::new();
        stage.put("c/real/deep/f.txt", "fine");
        stage.link("real/deep", "c/short");
        stage.link(target, name);
        let words: &[&str] = match target.starts_with("short") {
            // It leads elsewhere than it looks: `..` is that of the real directory.
            true => &["c/hop"],
            false => &["c/hop is a link that leads out of the chart"],
        };
        stage.refused("template r c --untrusted", words);
        stage.refused("package c --untrusted -d out", words);
    }
    // The chart itself may be named by a link: that is the caller's word.
    stage.link("c", "alias");
    stage.fine("template r alias --untrusted");
}

/// By default links are followed, and helm's message names them.
#[test]
fn links_of_trusted_charts_are_told() {
    let stage = Stage::new();
    stage.put("shared.yaml", "kind: Shared\n");
    stage.link("../../shared.yaml", "c/templates/b.yaml");
    let done = stage.fine("template r c");
    assert!(done.stdout.contains("kind: Shared"));
    assert!(
        done.stderr
            .contains("found symbolic link in path. Contents of linked file included and used")
    );
    assert!(done.stderr.contains(&stage.text("work/shared.yaml")));
    // helm says the same to whom packs it.
    assert!(
        stage
            .fine("package c")
            .stderr
            .contains("found symbolic link in path")
    );
    // It is told as often as helm loads the chart: twice to check it, what lies in charts/ once more to list it.
    let list =
        "apiVersion: v2\nname: c\nversion: 1.0.0\ndependencies:\n- {name: kid, version: 1.0.0}\n";
    stage.put("c/Chart.yaml", list);
    stage.put(
        "c/charts/kid/Chart.yaml",
        "apiVersion: v2\nname: kid\nversion: 1.0.0\n",
    );
    stage.link("../../../shared.yaml", "c/charts/kid/shared.yaml");
    for (line, times) in [("template r c", 2), ("lint c", 4), ("dependency list c", 3)] {
        let done = stage.run(line);
        let told = done.stderr.matches("found symbolic link in path").count();
        assert_eq!(told, times, "{line}: {}", done.stderr);
    }
}

/// Links in circles, and directories that hold themselves.
#[test]
fn links_in_circles_end() {
    let stage = Stage::new();
    stage.link(".", "c/self");
    stage.link("..", "c/templates/up");
    for line in readers("c") {
        // Ninety links deep the system stops; two of them in one directory are bounded by the number of entries.
        stage.run(&format!("{line} --limit-entries 20000"));
        stage.run(&format!("{line} --untrusted"));
    }
    let stage = Stage::new();
    stage.link("b", "c/a");
    stage.link("a", "c/b");
    for line in readers("c") {
        stage.refused(&line, &[]);
        stage.refused(&format!("{line} --untrusted"), &[]);
    }
}

/// Pipes, sockets and devices: nothing is waited for.
#[test]
fn special_files_are_not_waited_for() {
    for name in [
        "c/pipe",
        "c/Chart.lock",
        "c/values.schema.json",
        "c/.helmignore",
        "c/templates/x.yaml",
        "c/charts/x.tgz",
        "c/values.yaml",
        "c/Chart.yaml",
    ] {
        let stage = Stage::new();
        let path = stage.path("work").join(name);
        let _ = std::fs::remove_file(&path);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("the place is ours");
        let made = Command::new("mkfifo")
            .arg(&path)
            .status()
            .expect("mkfifo is there");
        assert!(made.success());
        for line in directory_readers("c") {
            stage.refused(&line, &[]);
            stage.refused(&format!("{line} --untrusted"), &[]);
        }
    }
    let stage = Stage::new();
    let _socket = std::os::unix::net::UnixListener::bind(stage.path("work/c/socket"))
        .expect("the place is ours");
    stage.link("/dev/zero", "c2/values.yaml");
    stage.put(
        "c2/Chart.yaml",
        "apiVersion: v2\nname: c2\nversion: 0.1.0\n",
    );
    for chart in ["c", "c2"] {
        for line in readers(chart) {
            stage.refused(&line, &[]);
            stage.refused(&format!("{line} --untrusted"), &[]);
        }
    }
}

/// The same while something is fetched, and all that is needed for it can be had.
#[test]
fn the_process_is_confined_while_it_fetches() {
    let archive = tgz(&[(
        "d/Chart.yaml",
        b'0',
        b"apiVersion: v2\nname: d\nversion: 1.1.0\n",
    )]);
    let index =
        "apiVersion: v1\nentries:\n  d:\n  - {name: d, version: 1.1.0, urls: [d-1.1.0.tgz]}\n";
    let web = Web::start(move |asked| match asked.line.contains(".tgz") {
        true => ("200 OK", Vec::new(), archive.clone()),
        false => ("200 OK", Vec::new(), index.as_bytes().to_vec()),
    });
    // By its name, which takes more files than its number.
    let url = web.url().replace("127.0.0.1", "localhost");
    let host = format!("localhost:{}", web.port);
    let stage = Stage::new();
    stage.put(
        "beside/Chart.yaml",
        "apiVersion: v2\nname: beside\nversion: 1.0.0\n",
    );
    stage.put("p/Chart.yaml", format!(
        "apiVersion: v2\nname: p\nversion: 0.1.0\ndependencies:\n- {{name: d, version: 1.x, repository: '{url}'}}\n\
         - {{name: beside, version: 1.0.0, repository: 'file://../beside'}}\n"
    ));
    let places = "--repository-config config/r.yaml --registry-config config/g.json --repository-cache cache/r --content-cache cache/c";
    for line in [
        format!("repo add r {url}"),
        "repo update".to_owned(),
        "pull r/d".to_owned(),
        format!("pull d --repo {url} --untar --untardir u"),
        "dependency update p".to_owned(),
        "dependency build p".to_owned(),
        "repo index p/charts".to_owned(),
        "search repo d".to_owned(),
        format!("push d-1.1.0.tgz oci://{host}/x --plain-http"),
        format!("registry login {host} -u u -p p --plain-http"),
        format!("registry logout {host}"),
    ] {
        let done = stage.run(&format!("{line} {places} --untrusted --debug"));
        let told = &done.stderr;
        assert!(
            told.contains("confined for an untrusted chart"),
            "{line}: {told}"
        );
        // This server is no registry.
        assert!(done.exit == 0 || line.starts_with("push"), "{line}: {told}");
    }
    // What reads the chart afterwards cannot connect any more then.
    stage.put("values.yaml", "v: 1\n");
    stage.put(
        "jobs",
        "{\"chart\": \"r/d\", \"values\": \"values.yaml\", \"output\": \"a\"}\n{\"chart\": \"c\", \"output\": \"b\"}\n",
    );
    let out = "--output-dir out";
    for line in [
        format!("template r/d -f values.yaml --set-file a=values.yaml {out}"),
        format!("template r c -f {url}/values.yaml {out}"),
        format!("install x d --repo {url} --dry-run=client"),
        "show all r/d".to_owned(),
        format!("lint c -f {url}/values.yaml"),
        format!("batch jobs {out}"),
    ] {
        let done = stage.fine(&format!("{line} {places} --untrusted --debug"));
        let told = done.stderr.split_once("confined for fetching");
        let told = told.unwrap_or_else(|| panic!("{line}: {}", done.stderr));
        assert!(
            told.1.contains("confined for an untrusted chart") && !told.1.contains("failed"),
            "{line}: {told:?}"
        );
    }
    for file in [
        "d-1.1.0.tgz",
        "u/d/Chart.yaml",
        "p/charts/d-1.1.0.tgz",
        "p/charts/beside-1.0.0.tgz",
        "p/Chart.lock",
    ] {
        assert!(stage.path("work").join(file).exists(), "{file}");
    }
}

/// Where the kernel helps, the process itself can do no more, and says so.
#[test]
fn the_process_is_confined_for_untrusted_charts() {
    let stage = Stage::new();
    stage.put("jobs", "{\"chart\": \"c\", \"values\": \"c/values.yaml\"}\n{\"chart\": \"c\", \"output\": \"d/e\"}\n");
    for line in [
        "template r c",
        "lint c",
        "package c -d out",
        "show all c",
        "dependency list c",
        "template r c --output-dir o",
        "batch jobs",
        "batch jobs --output-dir b",
    ] {
        let done = stage.fine(&format!("{line} --untrusted --debug"));
        assert!(
            done.stderr.contains("confined for an untrusted chart"),
            "{line}: {}",
            done.stderr
        );
        let done = stage.fine(&format!("{line} --debug"));
        assert!(!done.stderr.contains("confined"), "{line}: {}", done.stderr);
    }
}
