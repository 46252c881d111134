//! Charts that reach for what is outside by words: addresses in schemas, names of files in templates, hosts, clusters, programs.

use super::stage::{CANARY, Stage, directory_readers, readers};
use crate::support::folder::files_below;

/// Schemas that refer to a file outside, spelled in every way that leads there.
fn references_to_files() -> Vec<String> {
    let addresses = [
        "file://$TOP/secret/canary.json",
        "file:$TOP/secret/canary.json",
        "FILE://$TOP/secret/canary.json#",
        "file://localhost$TOP/secret/canary.json",
        "file://elsewhere$TOP/secret/canary.json",
        "$TOP/secret/canary.json",
        "//$TOP/secret/canary.json",
        "../../../..$TOP/secret/canary.json#/const",
        "./a/../../..$TOP/secret/canary.json",
        "file://$TOP/secret/%63anary.json",
        "file://$TOP/work/../secret/canary.json",
        "file:///proc/self/environ",
        "file:///dev/stdin",
        "file:///etc/passwd",
        "/etc/passwd",
    ];
    let mut schemas: Vec<String> = addresses
        .iter()
        .map(|address| format!(r#"{{"$ref": "{address}"}}"#))
        .collect();
    let canary = "file://$TOP/secret/canary.json";
    for schema in [
        r#"{"$dynamicRef": "@"}"#,
        r#"{"$schema": "@"}"#,
        r#"{"$schema": "https://json-schema.org/draft/2019-09/schema", "$recursiveRef": "@"}"#,
        r#"{"$schema": "http://json-schema.org/draft-04/schema#", "id": "@", "properties": {"a": {"$ref": "canary.json"}}}"#,
        r##"{"$id": "@", "properties": {"a": {"$ref": "canary.txt"}}}"##,
        r##"{"$id": "@", "$ref": "#/const"}"##,
        r##"{"properties": {"a": {"$ref": "#/definitions/b"}}, "definitions": {"b": {"$ref": "@"}}}"##,
        r#"{"if": {"$ref": "@"}, "then": false}"#,
        r#"{"not": {"$ref": "@"}}"#,
        r#"{"properties": {"a": {"type": "string"}}, "allOf": [{"$ref": "@#/const"}]}"#,
    ] {
        schemas.push(schema.replace('@', canary));
    }
    schemas
}

/// CVE-2025-55199, and seen in helm 4.3.1: `$ref` in values.schema.json reads any file, whose content shows in the error.
#[test]
fn schemas_read_no_file_outside() {
    for schema in references_to_files() {
        let stage = Stage::new();
        stage.put("c/values.schema.json", &schema);
        for mode in ["", " --untrusted"] {
            for command in ["template r c", "install r c --dry-run=client", "lint c"] {
                let line = format!("{command}{mode}");
                let done = stage.run(&line);
                // Some of them are no addresses, or refer to the schema itself: all that matters is that none is read.
                let is_address_of_itself = schema.contains(r#"id": "file"#);
                assert!(
                    done.exit == 1 || is_address_of_itself,
                    "{line}, {schema}: {}",
                    done.all()
                );
            }
        }
        // It is packed without being looked at.
        stage.run("package c -d out --untrusted");
    }
    let stage = Stage::new();
    stage.put(
        "c/values.schema.json",
        r#"{"$ref": "file://$TOP/secret/canary.json"}"#,
    );
    let address = format!("\"file://{}\"", stage.text("secret/canary.json"));
    let words = [
        &address,
        "values.schema.json refers to a file outside the chart",
        "--allow-remote-schema",
    ];
    stage.refused("template r c", &words);
    stage.refused("lint c", &words);
    let words = [&*address, "untrusted charts may not"];
    stage.refused("template r c --untrusted --allow-remote-schema", &words);
    stage.refused("lint c --untrusted --allow-remote-schema", &words);
    // Who wants it as helm has it gets it; the content is then no secret.
    let done = stage.run_free(&["template", "r", "c", "--allow-remote-schema"]);
    assert!(
        done.stderr.contains(&format!("value must be '{CANARY}'")),
        "{}",
        done.stderr
    );
}

/// CVE-2025-55199: documents without an end, and pipes that nobody writes to.
#[test]
fn schemas_wait_for_no_document() {
    for document in [
        "/dev/zero",
        "/dev/urandom",
        "/dev/full",
        "/dev/tty",
        "/proc/self/mem",
    ] {
        let stage = Stage::new();
        stage.put(
            "c/values.schema.json",
            format!(r#"{{"$ref": "file://{document}"}}"#),
        );
        for line in [
            "template r c",
            "template r c --untrusted",
            "template r c --allow-remote-schema",
        ] {
            let done = stage.run(line);
            assert_eq!(done.exit, 1, "{line} {document}");
            assert!(done.memory < 100 << 20, "{document} took {}", done.memory);
        }
    }
}

/// Seen in helm 4.3.1: `$ref` to a host is asked for, in `template` and in `lint`.
#[test]
fn schemas_call_no_host() {
    for address in [
        "http://127.0.0.1:$PORT/x.json",
        "http://localhost:$PORT/x.json",
        "HTTP://127.0.0.1:$PORT/x.json",
        "https://127.0.0.1:$PORT/x.json",
        "http://user:pass@127.0.0.1:$PORT/x.json",
        "http://[::ffff:127.0.0.1]:$PORT/x.json",
        "ftp://127.0.0.1:$PORT/x.json",
        "ws://127.0.0.1:$PORT/",
        "oci://127.0.0.1:$PORT/x",
    ] {
        for schema in [
            format!(r#"{{"$ref": "{address}"}}"#),
            format!(r#"{{"$schema": "{address}"}}"#),
            format!(r#"{{"$id": "{address}", "properties": {{"a": {{"$ref": "y.json"}}}}}}"#),
        ] {
            let stage = Stage::new();
            stage.put("c/values.schema.json", &schema);
            stage.put(
                "c/charts/sub/Chart.yaml",
                "apiVersion: v2\nname: sub\nversion: 0.1.0\n",
            );
            stage.put("c/charts/sub/values.schema.json", &schema);
            stage.refused("template r c --set sub.x=1", &["failing loading"]);
            stage.refused("lint c", &["failing loading"]);
            stage.refused(
                "template r c --untrusted --allow-remote-schema",
                &["failing loading"],
            );
        }
    }
}

/// CVE-2022-24348 and CVE-2023-40026 (Argo CD): names of files in a chart's own texts lead nowhere.
#[test]
fn templates_read_no_file_outside() {
    let stage = Stage::new();
    let canary = stage.text("secret/canary.txt");
    stage.put("c/values-production.yaml", "a: found\n");
    let expressions = [
        format!(r#".Files.Get "{canary}""#),
        r#".Files.Get "../../secret/canary.txt""#.to_owned(),
        r#".Files.Get "templates/../../../secret/canary.txt""#.to_owned(),
        r#".Files.Get "/etc/passwd""#.to_owned(),
        r#".Files.Get "Chart.yaml""#.to_owned(),
        r#".Files.Lines "../../secret/canary.txt" | toJson"#.to_owned(),
        format!(r#"(.Files.Glob "{canary}").AsConfig"#),
        r#"(.Files.Glob "../**").AsConfig"#.to_owned(),
        r#"(.Files.Glob "/**").AsSecrets"#.to_owned(),
        r#".Values.a"#.to_owned(),
    ];
    for expression in expressions {
        stage.put(
            "c/templates/a.yaml",
            format!("a: {{{{ {expression} | quote }}}}\n"),
        );
        for mode in ["", " --untrusted"] {
            let done = stage.fine(&format!("template r c{mode}"));
            assert!(
                !done.stdout.contains("root:") && !done.stdout.contains("found"),
                "{}",
                done.stdout
            );
        }
    }
    for function in [
        "env \"HOME\"",
        "expandenv \"$HOME\"",
        "readFile \"/etc/passwd\"",
        "include \"/etc/passwd\" .",
        "tpl (.Files.Get \"../x\" | default \"{{ readDir \\\".\\\" }}\") .",
        "osBase \"a\" | exec",
        "getHostByNameX \"a\"",
    ] {
        stage.put("c/templates/a.yaml", format!("a: {{{{ {function} }}}}\n"));
        for line in readers("c").iter().filter(|line| !line.starts_with("show")) {
            stage.run(line);
        }
        stage.refused("template r c", &["c/templates/a.yaml"]);
    }
}

/// CVE-2020-11013: a chart asks the cluster. There is none, and nobody is called.
#[test]
fn templates_ask_no_cluster() {
    let stage = Stage::new();
    stage.put(
        "c/templates/a.yaml",
        "a: {{ lookup \"v1\" \"Secret\" \"\" \"\" | toJson }}\nb: {{ lookup \"v1\" \"Node\" \"\" \"n\" | toJson }}\n",
    );
    stage.put(
        "kubeconfig",
        "apiVersion: v1\nkind: Config\ncurrent-context: x\nclusters:\n- {name: x, cluster: {server: 'http://127.0.0.1:$PORT'}}\n\
         contexts:\n- {name: x, context: {cluster: x, user: x, namespace: n}}\nusers:\n- {name: x, user: {exec: {command: /bin/sh}}}\n",
    );
    for mode in ["", " --untrusted"] {
        for line in [
            "template r c",
            "template r c --kubeconfig kubeconfig",
            "install r c --dry-run=client --kubeconfig kubeconfig",
        ] {
            let done = stage.fine(&format!("{line}{mode}"));
            assert!(done.stdout.contains("a: {}\nb: {}\n"), "{}", done.stdout);
        }
    }
    stage.refused(
        "template r c --dry-run=server --kubeconfig kubeconfig",
        &["needs a cluster"],
    );
}

/// CVE-2023-25165: `getHostByName` tells values to a name server.
#[test]
fn templates_look_up_no_host() {
    let stage = Stage::new();
    stage.put(
        "c/templates/a.yaml",
        "a: {{ getHostByName \"localhost\" | quote }}\n",
    );
    for line in [
        "template r c",
        "template r c --untrusted",
        "lint c",
        "install r c --dry-run=client",
    ] {
        let done = stage.fine(line);
        assert!(
            !done.all().contains("127.0.0.1") && !done.all().contains("::1"),
            "{}",
            done.all()
        );
    }
    // The one way out is closed where nobody trusts the chart.
    assert!(
        stage
            .fine("template r c --enable-dns")
            .stdout
            .contains("127.0.0.1")
    );
    stage.refused(
        "template r c --enable-dns --untrusted",
        &["--enable-dns is not available for untrusted charts"],
    );
}

/// CVE-2020-4053, CVE-2026-35204: no chart brings code, whatever it is called.
#[test]
fn charts_run_no_program() {
    let stage = Stage::new();
    let script = "#!/bin/sh\necho ran >> $TOP/work/ran\n";
    for name in ["plugin.yaml", "c/plugin.yaml", "c/plugins/p/plugin.yaml"] {
        stage.put(name, "name: p\nversion: 1.0.0\ntype: postrenderer/v1\nruntime: subprocess\nhooks: {install: ./run}\nplatformCommand:\n- command: $TOP/work/c/run\n");
    }
    for name in [
        "c/run",
        "c/hooks/pre-install",
        "c/templates/_run.sh",
        "c/ci/run.sh",
        "c/git",
        "c/sh",
    ] {
        stage.put(name, script);
    }
    stage.put(
        "c/Chart.yaml",
        "apiVersion: v2\nname: c\nversion: 0.1.0\nhome: '$(touch ran)'\nannotations: {run: '`touch ran`'}\n\
         dependencies:\n- {name: d, version: 1.0.0, repository: 'git+ssh://127.0.0.1:$PORT/x'}\n",
    );
    stage.put(
        "c/charts/d/Chart.yaml",
        "apiVersion: v2\nname: d\nversion: 1.0.0\n",
    );
    for line in directory_readers("c") {
        stage.run(&line);
        stage.run(&format!("{line} --untrusted"));
    }
    let names = files_below(&stage.path("work"));
    assert!(!names.iter().any(|name| name.ends_with("ran")), "{names:?}");
    let plugins = stage.text("home/.local/share/helm/plugins");
    stage.refused("template r c --post-renderer p", &["not found"]);
    assert!(!std::path::Path::new(&plugins).exists());
}

/// CVE-2019-25210: values that are secret are not told by messages.
#[test]
fn messages_tell_no_values() {
    let stage = Stage::new();
    for template in [
        "{{ fail \"no\" }}",
        "a: {{ .Values.password.x.y }}",
        "a: {{ required \"nothing here\" .Values.none }}",
        "a: {{ index .Values.password 1000000 }}",
    ] {
        stage.put("c/templates/a.yaml", template);
        for line in [
            "template r c --debug --set password=@",
            "lint c --debug --set password=@",
        ] {
            let line = line.replace('@', CANARY);
            stage.run(&line);
        }
    }
    stage.put(
        "c/templates/a.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {p: \"{{ .Values.password }}\"}\n",
    );
    let line = format!("install r c --dry-run=client --hide-secret --set password={CANARY}");
    assert!(
        stage.fine(&line).stdout.contains("HIDDEN"),
        "the secret is left out"
    );
}
