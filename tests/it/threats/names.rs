//! Names of charts, aliases, versions and labels that become paths or parts of messages.

use super::stage::{Stage, directory_readers, main_readers, tgz};
use crate::support::folder::files_below;

fn description(name: &str, version: &str) -> String {
    // JSON is YAML, and takes any character.
    let quoted = |text: &str| {
        let mut out = String::from("\"");
        for c in text.chars() {
            match c {
                '"' | '\\' => out.extend(['\\', c]),
                c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
                c => out.push(c),
            }
        }
        out + "\""
    };
    format!(
        "{{apiVersion: v2, name: {}, version: {}}}\n",
        quoted(name),
        quoted(version)
    )
}

/// Names that lead elsewhere if they become paths.
const PATHS: [&str; 12] = [
    "../x",
    "../../home/x",
    "/x",
    "a/../../x",
    "a/b",
    "./x",
    "..",
    ".",
    "x/..",
    "../secret",
    "//x",
    "x/",
];

/// CVE-2024-25620, CVE-2026-35206: a chart's name leads out of the directory that something is written to.
#[test]
fn names_are_no_paths() {
    for name in PATHS {
        let stage = Stage::new();
        stage.put("c/Chart.yaml", description(name, "0.1.0"));
        let member = description(name, "0.1.0");
        stage.put(
            "given/c.tgz",
            tgz(&[
                ("c/Chart.yaml", b'0', member.as_bytes()),
                ("c/x", b'0', b"x"),
            ]),
        );
        stage.put("p/Chart.yaml", "apiVersion: v2\nname: p\nversion: 0.1.0\ndependencies:\n- {name: c, version: 0.1.0, repository: 'file://../c'}\n");
        for line in directory_readers("c") {
            stage.refused(&line, &[]);
            stage.refused(&format!("{line} --untrusted"), &[]);
        }
        for line in [
            "template r given/c.tgz",
            "template r c --output-dir out",
            "package c -d out",
            "dependency update p",
        ] {
            let done = stage.refused(line, &[]);
            assert!(done.all().contains("name"), "{line}: {}", done.all());
        }
        for line in [
            "template r given/c.tgz",
            "lint given/c.tgz",
            "show all given/c.tgz",
        ] {
            stage.refused(&format!("{line} --untrusted"), &[]);
        }
        let made = files_below(&stage.path("work"));
        let made: Vec<_> = made
            .iter()
            .filter(|file| {
                !file.starts_with("c/") && !file.starts_with("given/") && !file.starts_with("p/")
            })
            .collect();
        assert!(made.is_empty(), "{name}: {made:?}");
        assert!(!stage.path("x").exists());
    }
}

/// CVE-2020-15186, CVE-2021-21303: names and versions with characters that do something to a terminal, a shell or a file system.
#[test]
fn names_and_versions_are_plain() {
    for name in [
        "a\u{1b}[31mb",
        "a\nb",
        "a\u{7}",
        "a\\..\\x",
        "a b",
        "a;b",
        "$(a)",
        "\u{202e}a",
        "c:x",
        "CON/",
        "a\u{0}b",
    ] {
        let stage = Stage::new();
        stage.put("c/Chart.yaml", description(name, "0.1.0"));
        for line in directory_readers("c") {
            let done = stage.run(&format!("{line} --untrusted"));
            // Characters that do not print are taken out before; what is left has to be plain.
            let is_refused = name.contains(['\n', '\\', ' ', ';', '$', ':', '/', '[']);
            assert_eq!(done.exit == 1, is_refused, "{line}: {:?}", done.all());
            assert!(
                !is_refused || done.all().contains("is invalid"),
                "{:?}",
                done.all()
            );
            assert!(
                !done.all().contains('\u{1b}') && !done.all().contains('\u{7}'),
                "{:?}",
                done.all()
            );
        }
    }
    for version in [
        "../1",
        "1.0.0/../x",
        "1.0.0\u{1b}[31m",
        "1.0.0+a/b",
        "1.0.0-\n",
        "",
        "x",
        "1.0.0 ; rm",
        "1.0.0\\x",
    ] {
        let stage = Stage::new();
        stage.put("c/Chart.yaml", description("c", version));
        for line in main_readers("c") {
            for mode in ["", " --untrusted"] {
                stage.run(&format!("{line}{mode}"));
            }
        }
        // Characters that do not print are taken out before; what is left has to be a version.
        let is_version = version.contains('\u{1b}') || version.contains('\n');
        if !is_version {
            stage.refused("template r c", &["version"]);
            stage.refused("package c -d out", &["version"]);
        }
        for file in files_below(&stage.path("work")) {
            assert!(!file.contains(['\u{1b}', '\\', '\n']), "{file:?}");
        }
    }
}

/// CVE-2020-15184: an alias that holds a path, or a line of its own.
#[test]
fn aliases_are_plain() {
    for alias in [
        "../x",
        "a/b",
        "a\\nkind: Secret",
        "a.b",
        "a b",
        "\\u001b[31m",
        "..",
        "a:b",
        "\\u00e9",
    ] {
        let stage = Stage::new();
        stage.put(
            "c/charts/d/Chart.yaml",
            "apiVersion: v2\nname: d\nversion: 0.1.0\n",
        );
        stage.put("c/charts/d/templates/d.yaml", "kind: D\n");
        stage.put(
            "c/Chart.yaml",
            format!("apiVersion: v2\nname: c\nversion: 0.1.0\ndependencies:\n- name: d\n  version: 0.1.0\n  alias: \"{alias}\"\n"),
        );
        for line in main_readers("c") {
            for mode in ["", " --untrusted"] {
                let done = stage.refused(
                    &format!("{line}{mode}"),
                    &["dependency \"d\" has disallowed characters in the alias"],
                );
                assert!(!done.all().contains('\u{1b}'));
            }
        }
    }
}

/// Names of dependencies are searched for in charts/, and become parts of addresses.
#[test]
fn names_of_dependencies_are_plain() {
    for name in ["../../secret", "/etc", "..", "a/b", "*", "a\\u0000b"] {
        let stage = Stage::new();
        stage.put(
            "c/Chart.yaml",
            format!("apiVersion: v2\nname: c\nversion: 0.1.0\ndependencies:\n- name: \"{name}\"\n  version: '*'\n"),
        );
        for line in main_readers("c") {
            stage.run(&line);
            stage.run(&format!("{line} --untrusted"));
        }
        if !name.contains("u0000") {
            stage.refused(
                "template r c --untrusted",
                &["name of dependency", "is invalid"],
            );
            stage.refused(
                "dependency update c --untrusted",
                &["name of dependency", "is invalid"],
            );
        }
    }
}

/// The name of a release, and where documents go.
#[test]
fn names_of_releases_lead_nowhere() {
    let stage = Stage::new();
    for name in ["../x", "..", "/x", "a/b", "A", "a\u{1b}"] {
        let done = stage.run_words(&[
            "template",
            name,
            "c",
            "--output-dir",
            "out",
            "--release-name",
        ]);
        assert_eq!(done.exit, 1, "{name}");
        assert!(files_below(&stage.path("work/out")).is_empty());
    }
    for path in ["../x", "/x", "..", ""] {
        let done = stage.run_words(&["create", &format!("made/{path}/\u{1b}[31m")]);
        assert_eq!(done.exit, 1, "{path}");
    }
}
