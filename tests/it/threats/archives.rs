//! Archives whose members are not what they should be.

use super::stage::{Member, Stage, chart_tgz, tgz};
use crate::support::folder::files_below;
use crate::support::web::Web;

/// A member that must not get anywhere, and whether helm refuses the archive for it too.
struct Trick {
    member: Member<'static>,
    refused: bool,
}

const fn trick(name: &'static str, kind: u8, content: &'static [u8], refused: bool) -> Trick {
    Trick {
        member: (name, kind, content),
        refused,
    }
}

const TRICKS: &[Trick] = &[
    trick("../../x", b'0', b"x", true),
    trick("c/../../x", b'0', b"x", true),
    trick("c/templates/../../../x", b'0', b"x", true),
    trick("c/..", b'0', b"x", true),
    trick("c/.", b'0', b"x", true),
    trick("c/..x", b'0', b"x", true),
    trick("c//etc/x", b'0', b"x", true),
    trick("c/c:/x", b'0', b"x", true),
    trick("c\\..\\..\\x", b'0', b"x", true),
    trick("\\\\host\\share\\x", b'0', b"x", true),
    trick("c/charts/../../x", b'0', b"x", true),
    // What stands before the first slash is cut off, so these stay inside.
    trick("/etc/x", b'0', b"x", false),
    trick("../x", b'0', b"x", false),
    trick("c:/x", b'0', b"x", false),
    trick("c/c:x", b'0', b"x", false),
    trick("c\\x", b'0', b"x", false),
    trick("../../x/", b'5', b"", false),
    // Empty files for helm.
    trick("c/passwd", b'2', b"/etc/passwd", false),
    trick(
        "c/templates/b.yaml",
        b'2',
        b"../../secret/canary.yaml",
        false,
    ),
    trick("c/link.json", b'1', b"../secret/canary.json", false),
    trick("c/disk", b'3', b"", false),
    trick("c/disk", b'4', b"", false),
    trick("c/pipe", b'6', b"", false),
    trick("c/odd", b'Z', b"", false),
    trick("c/values.yaml", b'0', b"a: 1\n", false),
    trick("c/VALUES.yaml", b'0', b"a: 2\n", false),
    trick("c/a\x1b[31mb", b'0', b"x", false),
];

/// Archives with one trick each; the last two take a second member.
fn archives() -> Vec<(Vec<u8>, &'static Trick)> {
    let archive = |trick: &'static Trick| {
        let members: &[Member<'_>] = match trick.member.0 {
            "c/VALUES.yaml" | "c/values.yaml" => {
                &[("c/values.yaml", b'0', b"a: 0\n"), trick.member]
            }
            _ => &[trick.member],
        };
        (chart_tgz(members), trick)
    };
    TRICKS.iter().map(archive).collect()
}

/// Nothing but the chart and what commands make of it may be there.
fn check_nothing_escaped(stage: &Stage, line: &str) {
    for name in [
        "x", "etc", "etc/x", "secret/x", "work/x", "work/etc", "home/x", "passwd",
    ] {
        let path = stage.path(name);
        assert!(path.symlink_metadata().is_err(), "{line} made {name}");
    }
    assert!(!std::path::Path::new("/etc/x").exists());
}

/// CVE-2019-1000008, CVE-2019-18658: traversal, links, devices in an archive.
#[test]
fn members_that_escape_are_refused() {
    for (archive, trick) in archives() {
        let stage = Stage::new();
        stage.put("given/c.tgz", &archive);
        stage.put("p/Chart.yaml", "apiVersion: v2\nname: p\nversion: 0.1.0\n");
        stage.put("p/charts/c-0.1.0.tgz", &archive);
        let name = trick.member.0;
        for line in [
            "template r given/c.tgz",
            "lint given/c.tgz",
            "show all given/c.tgz",
            "dependency list given/c.tgz",
            "template r p",
        ] {
            let done = stage.run(line);
            assert_eq!(
                done.exit == 1,
                trick.refused,
                "{line} {name}: {}",
                done.all()
            );
            let line = format!("{line} --untrusted");
            let done = stage.refused(&line, &[]);
            let shown = name.escape_debug().to_string().replace("\\u{1b}", "\\x1b");
            assert!(
                done.all().contains(shown.trim_end_matches('/')),
                "{line} {name}: {}",
                done.all()
            );
            check_nothing_escaped(&stage, &line);
        }
    }
}

/// The same where archives come from a repository, and are unpacked or put into charts/.
#[test]
fn downloads_that_escape_are_refused() {
    for (archive, trick) in archives() {
        let stage = Stage::new();
        let served = archive.clone();
        let web = Web::start(move |asked| {
            match asked.line.ends_with(".tgz") {
            true => ("200 OK", Vec::new(), served.clone()),
            false => (
                "200 OK",
                Vec::new(),
                b"apiVersion: v1\nentries:\n  c:\n  - {name: c, version: 0.1.0, urls: [c-0.1.0.tgz]}\n".to_vec(),
            ),
        }
        });
        stage.put(
            "p/Chart.yaml",
            format!(
                "apiVersion: v2\nname: p\nversion: 0.1.0\ndependencies:\n- {{name: c, version: 0.1.0, repository: '{}'}}\n",
                web.url()
            ),
        );
        let name = trick.member.0;
        let cache =
            "--repository-cache cache --content-cache content --repository-config none.yaml";
        for mode in ["", " --untrusted"] {
            let is_refused = trick.refused || !mode.is_empty();
            let line = format!(
                "pull {}/c-0.1.0.tgz --untar --untardir un{} {cache}{mode}",
                web.url(),
                mode.len()
            );
            let done = stage.run(&line);
            assert_eq!(done.exit == 1, is_refused, "{line} {name}: {}", done.all());
            let line = format!("dependency update p {cache}{mode}");
            stage.run(&line);
            let stored = files_below(&stage.path("work/p/charts"));
            assert_eq!(stored.is_empty(), is_refused, "{line} {name}: {stored:?}");
            check_nothing_escaped(&stage, &line);
            let _ = std::fs::remove_dir_all(stage.path("work/p/charts"));
            let _ = std::fs::remove_file(stage.path("work/p/Chart.lock"));
        }
        // What is unpacked are files, whatever they claim to be.
        for file in walk(&stage.path("work")) {
            let about = file.symlink_metadata().expect("it is there");
            assert!(
                about.is_file() || about.is_dir(),
                "{name}: {}",
                file.display()
            );
        }
    }
}

fn walk(top: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(top).into_iter().flatten().flatten();
    let paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    let below = paths
        .iter()
        .filter(|path| path.symlink_metadata().is_ok_and(|about| about.is_dir()));
    let below: Vec<_> = below.flat_map(|path| walk(path)).collect();
    paths.into_iter().chain(below).collect()
}

/// A chart archive with one member of zeros that shrink a thousandfold.
fn bomb(size: u64) -> Vec<u8> {
    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut builder = tar::Builder::new(gzip);
    let chart = b"apiVersion: v2\nname: c\nversion: 0.1.0\n";
    let zeros = std::io::Read::take(std::io::repeat(0), size);
    let mut add = |name: &str, size: u64, data: &mut dyn std::io::Read| {
        let mut header = tar::Header::new_ustar();
        header.set_size(size);
        header.set_mode(0o644);
        builder
            .append_data(&mut header, name, data)
            .expect("memory can be written");
    };
    add("c/Chart.yaml", chart.len() as u64, &mut &chart[..]);
    add("c/zeros", size, &mut { zeros });
    builder
        .into_inner()
        .and_then(flate2::write::GzEncoder::finish)
        .expect("memory can be written")
}

/// Members that are empty, a great many of them.
fn crowd(count: usize) -> Vec<u8> {
    let names: Vec<String> = (0..count).map(|number| format!("c/{number}")).collect();
    let members: Vec<Member<'_>> = names
        .iter()
        .map(|name| (name.as_str(), b'0', &b""[..]))
        .collect();
    chart_tgz(&members)
}

/// CVE-2025-32386, CVE-2023-40584 (Argo CD): an archive that grows without end, in size or in number.
#[test]
fn archives_that_grow_are_stopped() {
    let stage = Stage::new();
    let large = bomb(110 << 20);
    assert!(large.len() < 4 << 20, "it is small");
    stage.put("given/c.tgz", &large);
    stage.put("p/Chart.yaml", "apiVersion: v2\nname: p\nversion: 0.1.0\n");
    stage.put("p/charts/c-0.1.0.tgz", &large);
    // Gzip within gzip: nothing is decompressed twice.
    stage.put(
        "given/twice.tgz",
        tgz(&[
            ("c/charts/c.tgz", b'0', &large),
            (
                "c/Chart.yaml",
                b'0',
                b"apiVersion: v2\nname: c\nversion: 0.1.0\n",
            ),
        ]),
    );
    stage.put("given/crowd.tgz", crowd(30_000));
    for line in [
        "template r given/c.tgz",
        "template r given/c.tgz --untrusted",
        "template r given/twice.tgz --untrusted",
        "show all p --untrusted",
        "lint given/c.tgz --untrusted",
    ] {
        let done = stage.refused(line, &[]);
        assert!(done.memory < 400 << 20, "{line} took {}", done.memory);
    }
    stage.run("template r given/crowd.tgz");
    stage.run("template r given/crowd.tgz --untrusted");
    let web = Web::start(move |_| ("200 OK", Vec::new(), large.clone()));
    stage.refused(
        &format!(
            "pull {}/c-0.1.0.tgz --untar --content-cache content",
            web.url()
        ),
        &["larger than the maximum size"],
    );
    assert!(
        !files_below(&stage.path("work"))
            .iter()
            .any(|name| name.ends_with("zeros"))
    );
}
