//! Documents that lie: of wrong types, empty, with keys or entries twice, endless, or in place of something else.

use super::stage::{Stage, chart_tgz, directory_readers, main_readers, readers, tgz};
use crate::support::folder::files_below;
use crate::support::web::Web;

/// CVE-2025-55198, CVE-2022-23525, CVE-2022-23526: values of a type that nobody expected.
#[test]
fn wrong_types_are_errors() {
    for (name, text) in [
        ("Chart.yaml", "apiVersion: v2\nname: [c]\nversion: {}\n"),
        (
            "Chart.yaml",
            "apiVersion: v2\nname: c\nversion: 0.1.0\nmaintainers: [null, 1, {}]\n",
        ),
        (
            "Chart.yaml",
            "apiVersion: v2\nname: c\nversion: 0.1.0\ndependencies: [null]\n",
        ),
        (
            "Chart.yaml",
            "apiVersion: v2\nname: c\nversion: 0.1.0\ndependencies:\n- name: d\n  import-values: [1, {child: [], parent: {}}, null]\n  tags: {}\n",
        ),
        ("Chart.yaml", "- 1\n"),
        ("Chart.yaml", "null\n"),
        ("Chart.yaml", ""),
        ("Chart.lock", "dependencies: [null, 1]\ngenerated: []\n"),
        ("Chart.lock", "[]"),
        ("values.yaml", "[]"),
        ("values.schema.json", "{\"properties\": [null]}"),
        (
            "values.schema.json",
            "{\"$ref\": 5, \"items\": [[]], \"pattern\": {}}",
        ),
        (
            "values.schema.json",
            "{\"type\": [[]], \"$schema\": [], \"$id\": {}}",
        ),
        ("values.schema.json", "[null]"),
        ("values.schema.json", ""),
        (
            "templates/crd.yaml",
            "kind: [1]\napiVersion: {}\nmetadata: []\n",
        ),
    ] {
        let stage = Stage::new();
        stage.put(&format!("c/{name}"), text);
        for line in main_readers("c") {
            stage.run(&line);
            stage.run(&format!("{line} --untrusted"));
        }
    }
}

/// CVE-2024-26147, CVE-2022-23525: an index that is empty, of wrong types, or has void entries.
#[test]
fn indexes_are_not_believed() {
    for (index, is_error) in [
        ("", true),
        ("null", true),
        ("[]", true),
        ("apiVersion: v1\nentries: null\n", false),
        ("apiVersion: v1\nentries: {c: null}\n", false),
        ("apiVersion: v1\nentries: {c: [null]}\n", false),
        ("apiVersion: v1\nentries: {c: [{}]}\n", false),
        (
            "apiVersion: v1\nentries: {c: [{name: c, version: 1.0.0, urls: null}]}\n",
            false,
        ),
        (
            "apiVersion: v1\nentries: {c: [{name: c, version: 1.0.0, urls: ['../../../x', 'file:///etc/passwd']}]}\n",
            false,
        ),
        ("apiVersion: v1\nentries: {c: 5}\n", true),
        ("entries: {}\n", true),
    ] {
        let stage = Stage::new();
        let web = Web::start(move |asked| match asked.line.contains("index.yaml") {
            true => ("200 OK", Vec::new(), index.as_bytes().to_vec()),
            false => ("404 Not Found", Vec::new(), Vec::new()),
        });
        let url = web.url();
        stage.put("p/Chart.yaml", format!("apiVersion: v2\nname: p\nversion: 0.1.0\ndependencies:\n- {{name: c, version: '*', repository: '{url}'}}\n"));
        let places = "--repository-config r.yaml --repository-cache cache --content-cache content";
        for mode in ["", " --untrusted"] {
            let done = stage.run(&format!("repo add r{} {url} {places}{mode}", mode.len()));
            assert_eq!(done.exit == 1, is_error, "{index}: {}", done.all());
            for line in [
                "search repo c -l",
                "pull r0/c",
                "template x r0/c",
                "show chart r0/c",
                "dependency update p",
                "repo update",
            ] {
                stage.run(&format!("{line} {places}{mode}"));
            }
        }
    }
}

/// CVE-2020-15185, CVE-2020-15187: of two entries the wrong one may count.
#[test]
fn what_is_there_twice_is_found() {
    let stage = Stage::new();
    stage.put(
        "c/Chart.yaml",
        "apiVersion: v2\nname: c\nversion: 0.1.0\nversion: 0.2.0\n",
    );
    stage.fine("template r c");
    assert!(
        stage
            .fine("lint c")
            .stdout
            .contains("key \"version\" already set in map")
    );
    for line in directory_readers("c") {
        stage.refused(
            &format!("{line} --untrusted"),
            &["key \"version\" already set in map"],
        );
    }
    let stage = Stage::new();
    stage.put("c/values.yaml", "a: {b: 1, b: 2}\n");
    let told = |mode: &str| stage.fine(&format!("lint c{mode}")).stdout;
    assert!(!told("").contains("already set"));
    assert!(
        told(" --untrusted").contains("[WARNING] values.yaml")
            && told(" --untrusted").contains("key \"b\" already set in map")
    );
    let index = "apiVersion: v1\nentries:\n  c:\n  - {name: c, version: 1.0.0, urls: [a.tgz]}\n  - {name: c, version: 1.0.0, urls: [b.tgz]}\n";
    let web = Web::start(move |_| ("200 OK", Vec::new(), index.as_bytes().to_vec()));
    let line = format!(
        "repo add r {} --repository-config r.yaml --repository-cache cache",
        web.url()
    );
    stage.refused(
        &format!("{line} --untrusted"),
        &["lists version 1.0.0 of chart c more than once"],
    );
    stage.fine(&line);
}

/// Seen in helm 4.3.1: a subchart in charts/ that has another version than Chart.yaml and Chart.lock say, without a word.
#[test]
fn other_versions_of_subcharts_are_found() {
    let stage = Stage::new();
    stage.put("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\ndependencies:\n- {name: d, version: ~1.0.0, repository: 'https://example.com'}\n");
    stage.put("c/Chart.lock", "dependencies:\n- {name: d, version: 1.0.3, repository: 'https://example.com'}\ndigest: x\n");
    stage.put(
        "c/charts/d/Chart.yaml",
        "apiVersion: v2\nname: d\nversion: 9.9.9\n",
    );
    assert!(!stage.fine("lint c").stdout.contains("9.9.9"));
    let told = stage.fine("lint c --untrusted").stdout;
    assert!(told.contains("[WARNING] Chart.yaml: dependency d is there in version 9.9.9, which is not what is asked for: ~1.0.0"), "{told}");
    assert!(
        told.contains(
            "[WARNING] Chart.lock: dependency d is there in version 9.9.9, while 1.0.3 was locked"
        ),
        "{told}"
    );
    assert!(
        stage
            .fine("dependency list c")
            .stdout
            .contains("wrong version")
    );
    stage.refused("lint c --untrusted --strict", &[]);
}

/// CVE-2025-32387: references without end in a schema, and schemas as deep as they get.
#[test]
fn endless_schemas_end() {
    let chain: String = (0..3000)
        .map(|n| format!(r##""d{n}": {{"$ref": "#/$defs/d{}"}}, "##, n + 1))
        .collect();
    for schema in [
        r##"{"$ref": "#"}"##.to_owned(),
        r##"{"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}"##.to_owned(),
        r##"{"$dynamicRef": "#a", "$dynamicAnchor": "a"}"##.to_owned(),
        r##"{"allOf": [{"$ref": "#"}, {"$ref": "#"}]}"##.to_owned(),
        format!(r##"{{"$ref": "#/$defs/d0", "$defs": {{{chain} "d3000": {{}}}}}}"##),
        ["{\"not\": ".repeat(900), "{}".to_owned(), "}".repeat(900)].concat(),
        ["{\"not\": ".repeat(90_000), "{}".to_owned(), "}".repeat(90_000)].concat(),
        ["[".repeat(500_000), "]".repeat(500_000)].concat(),
        format!(r#"{{"enum": [{}1]}}"#, "1, ".repeat(300_000)),
        r#"{"pattern": "((a{100}){100}){100}", "properties": {"a": {"pattern": "(a*)*$"}}}"#.to_owned(),
    ] {
        let stage = Stage::new();
        stage.put("c/values.schema.json", &schema);
        for line in ["template r c", "lint c", "package c -d out"] {
            for mode in ["", " --untrusted"] {
                stage.run(&format!("{line}{mode}"));
            }
        }
    }
}

/// CVE-2022-36055, CVE-2022-23524: a small argument that makes large lists or deep maps.
#[test]
fn set_expressions_are_bounded() {
    let stage = Stage::new();
    stage.put("c/templates/a.yaml", "a: {{ toJson .Values | len }}\n");
    let deep = format!("{}=1", ["a"; 40].join("."));
    let nested = format!("a{}=1", "[0]".repeat(5000));
    for (expression, word) in [
        ("a[65537]=1", "65536"),
        ("a[999999999]=1", "65536"),
        ("a[99999999999999999999]=1", "error parsing index"),
        ("a[-1]=1", "negative"),
        (
            &deep,
            "value name nested level is greater than maximum supported nested level of 30",
        ),
        (&nested, ""),
    ] {
        for flag in [
            "--set",
            "--set-string",
            "--set-file",
            "--set-literal",
            "--set-json",
        ] {
            let done = stage.run(&format!("template r c {flag} {expression}"));
            assert!(
                done.memory < 300 << 20,
                "{flag} {expression:.40} took {}",
                done.memory
            );
        }
        stage.refused(&format!("template r c --set {expression}"), &[word]);
        stage.refused(&format!("template r c --set {expression} --untrusted"), &[]);
    }
}

/// Seen in helm 4.3.1: memory and time without bound, from one line of a template.
#[test]
fn templates_use_no_more_than_they_may() {
    for template in [
        "{{ repeat 400000000 \"a\" | len }}",
        "{{ until 400000000 | len }}",
        "{{ range $i := until 100000000 }}{{ $i }}{{ end }}",
        "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}",
        "{{ define \"a\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}",
        "{{ $x := \"aaaaaaaa\" }}{{ range until 40 }}{{ $x = printf \"%s%s\" $x $x }}{{ end }}",
        "{{ $l := list 1 }}{{ range until 40 }}{{ $l = concat $l $l }}{{ end }}{{ len $l }}",
        "{{ range until 1000000000000 }}{{ end }}",
        "{{ regexReplaceAll \"a\" (repeat 100000 \"a\") (repeat 100000 \"b\") | len }}",
        "{{ indent 100000000 \"a\\nb\" | len }}",
        "{{ randBytes 1000000000 | len }}",
    ] {
        let stage = Stage::new();
        stage.put("c/templates/a.yaml", template);
        for line in [
            "template r c --untrusted",
            "lint c --untrusted",
            "install r c --dry-run=client --untrusted",
        ] {
            let done = stage.run(line);
            assert!(
                done.memory < 400 << 20,
                "{line} {template} took {}",
                done.memory
            );
        }
        stage.refused("template r c --untrusted", &["c/templates/a.yaml"]);
    }
}

/// Seen in helm 4.3.1: whatever a server answers is put into charts/.
#[test]
fn downloads_are_looked_at_before_they_replace_anything() {
    let other = tgz(&[(
        "x/Chart.yaml",
        b'0',
        b"apiVersion: v2\nname: x\nversion: 1.1.0\n",
    )]);
    let older = tgz(&[(
        "d/Chart.yaml",
        b'0',
        b"apiVersion: v2\nname: d\nversion: 0.5.0\n",
    )]);
    let good = tgz(&[(
        "d/Chart.yaml",
        b'0',
        b"apiVersion: v2\nname: d\nversion: 1.1.0\n",
    )]);
    let cases: [(&str, Vec<u8>, &str, bool); 6] = [
        ("a page", b"<html>Please log in</html>".to_vec(), "", true),
        ("nothing", Vec::new(), "", true),
        (
            "a traversal",
            chart_tgz(&[("c/../../x", b'0', b"x")]),
            "",
            true,
        ),
        ("another chart", other, "", false),
        ("another version", older, "", false),
        (
            "another digest",
            good,
            "digest: '0000000000000000000000000000000000000000000000000000000000000000', ",
            false,
        ),
    ];
    for (name, body, digest, always) in cases {
        let stage = Stage::new();
        let index = format!(
            "apiVersion: v1\nentries:\n  d:\n  - {{name: d, version: 1.1.0, {digest}urls: [d-1.1.0.tgz]}}\n"
        );
        let web = Web::start(move |asked| {
            let body = if asked.line.ends_with(".tgz") {
                body.clone()
            } else {
                index.clone().into_bytes()
            };
            ("200 OK", Vec::new(), body)
        });
        stage.put("d/Chart.yaml", "apiVersion: v2\nname: d\nversion: 1.0.0\n");
        stage.put("p/Chart.yaml", format!("apiVersion: v2\nname: p\nversion: 0.1.0\ndependencies:\n- {{name: d, version: 1.x, repository: '{}'}}\n", web.url()));
        stage.fine("package d -d p/charts");
        let before = files_below(&stage.path("work/p"));
        let places = "--repository-config r.yaml --repository-cache cache --content-cache content";
        for (line, mode) in [
            ("dependency update p", ""),
            ("dependency build p", ""),
            ("dependency update p", " --untrusted --allow-mismatch"),
            ("dependency update p", " --allow-mismatch"),
        ] {
            let done = stage.run(&format!("{line} {places}{mode}"));
            let is_refused = always || mode != " --allow-mismatch";
            assert_eq!(
                done.exit == 1,
                is_refused,
                "{name}, {line}{mode}: {}",
                done.all()
            );
            if is_refused {
                assert_eq!(
                    files_below(&stage.path("work/p")),
                    before,
                    "{name}, {line}{mode}"
                );
            }
        }
    }
    let stage = Stage::new();
    let web = Web::start(|asked| match asked.line.ends_with(".prov") {
        true => ("404 Not Found", Vec::new(), Vec::new()),
        false => ("200 OK", Vec::new(), chart_tgz(&[])),
    });
    // CVE-2026-35205: without a signature there is nothing to verify, which is not the same as verified.
    stage.put("keys.gpg", "");
    let line = format!(
        "pull {}/c-0.1.0.tgz --verify --keyring keys.gpg --content-cache content --repository-config r.yaml",
        web.url()
    );
    stage.refused(
        &format!("{line} --untar --untardir u"),
        &["failed to fetch provenance"],
    );
    assert!(files_below(&stage.path("work/u")).is_empty());
    for line in readers("c") {
        stage.run(&format!("{line} --untrusted"));
    }
}
