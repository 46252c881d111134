//! Inputs made to break the program: whatever they are, it ends by itself, soon, with an exit status of its own and without a panic.
//!
//! What it answers is tested elsewhere; here only that it lives. Some of these inputs end helm by a stack overflow.

use crate::support::folder::Folder;
use crate::support::process::{Outcome, Run, TIMED_OUT};
use crate::support::text::{find_bytes, readable};
use crate::support::{PROGRAM, on_all_cores};
use std::path::Path;
use std::time::Duration;

/// An unoptimised build on a busy machine gets this long.
const LIMIT: Duration = Duration::from_secs(60);

/// A chart of one file beside its `Chart.yaml`, or of another `Chart.yaml`.
struct Attack {
    name: &'static str,
    path: &'static str,
    text: Vec<u8>,
}

fn attack(name: &'static str, path: &'static str, text: impl Into<Vec<u8>>) -> Attack {
    Attack {
        name,
        path,
        text: text.into(),
    }
}

fn template(name: &'static str, text: impl Into<Vec<u8>>) -> Attack {
    attack(name, "templates/a.yaml", text)
}

fn values(name: &'static str, text: impl Into<Vec<u8>>) -> Attack {
    attack(name, "values.yaml", text)
}

/// Templates that are deep, endless or broken.
fn templates() -> Vec<Attack> {
    let nested = |open: &str, inner: &str, close: &str, depth: usize| {
        [open.repeat(depth), inner.to_owned(), close.repeat(depth)].concat()
    };
    let cyclic = |use_of_it: &str| {
        format!(
            "{{{{ $d := dict \"l\" (list 1) }}}}{{{{ $_ := set $d \"a\" $d }}}}{{{{ {use_of_it} }}}}"
        )
    };
    vec![
        template(
            "parentheses",
            format!("{{{{ {}1{} }}}}", "(".repeat(50_000), ")".repeat(50_000)),
        ),
        template(
            "if in if",
            nested("{{ if true }}", "x", "{{ end }}", 20_000),
        ),
        template(
            "range in range",
            nested("{{ range (list 1) }}", "x", "{{ end }}", 5_000),
        ),
        template(
            "else if chain",
            format!(
                "{{{{ if false }}}}{}{{{{ end }}}}",
                "{{ else if false }}".repeat(20_000)
            ),
        ),
        template(
            "characters to trim",
            "a: {{ trimAll (cat (repeat 300000 \"a\") \"z\") (repeat 300000 \"z\") }}",
        ),
        template(
            "define in define",
            nested("{{ define \"a\" }}", "x", "{{ end }}", 1_000),
        ),
        template(
            "template calls itself",
            "{{ define \"a\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}",
        ),
        template(
            "include calls itself",
            "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}",
        ),
        template(
            "two includes in turn",
            "{{ define \"a\" }}{{ include \"b\" . }}{{ end }}{{ define \"b\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}",
        ),
        template(
            "tpl calls itself",
            "{{ define \"a\" }}{{ tpl \"{{ include \\\"a\\\" . }}\" . }}{{ end }}{{ include \"a\" . }}",
        ),
        template("open action", "a: {{ \"x\" "),
        template("open comment", "a: {{/* x"),
        template("open string", "a: {{ \"x }}"),
        template("many open actions", "{{".repeat(100_000)),
        template("many actions", "{{1}}".repeat(50_000)),
        template(
            "a long word",
            format!("{{{{ {} }}}}", "a".repeat(1_000_000)),
        ),
        template(
            "a long chain of fields",
            format!("{{{{ .Values{} }}}}", ".a".repeat(100_000)),
        ),
        template(
            "a long pipeline",
            format!("{{{{ 1{} }}}}", " | print".repeat(20_000)),
        ),
        template("no text at all", &b"\0\x01\xff\xfe{{ . }}\0"[..]),
        template("every byte", (0_u8..=255).collect::<Vec<_>>()),
        template(
            "control words out of place",
            "{{ end }}{{ else }}{{ break }}{{ continue }}",
        ),
        template("printing a cycle", cyclic("$d")),
        template("toYaml of a cycle", cyclic("toYaml $d")),
        template("toJson of a cycle", cyclic("toJson $d")),
        template("toToml of a cycle", cyclic("toToml $d")),
        template(
            "printf of a cycle",
            cyclic("printf \"%v %#v %s %q %d\" $d $d $d $d $d"),
        ),
        template("deepCopy of a cycle", cyclic("deepCopy $d | len")),
        template("deepEqual of a cycle", cyclic("deepEqual $d $d")),
        template("merge of a cycle", cyclic("merge (dict) $d | len")),
        template(
            "a list in itself",
            "{{ $l := list 1 2 }}{{ $d := dict \"l\" $l }}{{ $_ := set $d \"m\" (append $l $d) }}{{ $d }}",
        ),
        template(
            "a regular expression",
            "{{ regexMatch \"(a*)*(a|aa)+$\" (repeat 5000 \"a\" | printf \"%sb\") }}",
        ),
        template(
            "a large regular expression",
            "{{ regexMatch \"((a{100}){100}){100}\" \"a\" }}",
        ),
        template(
            "a wide number",
            "{{ printf \"%999999999d\" 1 | len }}{{ printf \"%.999999999f\" 1.5 | len }}",
        ),
        template(
            "large numbers",
            "{{ add 9223372036854775807 1 }} {{ mul 9223372036854775807 3 }} {{ div -9223372036854775808 -1 }} {{ mod 1 0 }}",
        ),
        template("indices", "{{ index (list 1) 9223372036854775807 }}"),
        template(
            "slices",
            "{{ slice \"abc\" 3 1 }}{{ substr 5 1 \"abc\" }}{{ trunc -9223372036854775808 \"abc\" }}",
        ),
        template(
            "negative counts",
            "{{ repeat -1 \"a\" }}{{ until -5 }}{{ untilStep 0 5 0 }}{{ seq 1 0 }}{{ indent -1 \"a\" }}",
        ),
        template(
            "fromJson, deep",
            "{{ fromJson (printf \"%s1%s\" (repeat 100000 \"[\") (repeat 100000 \"]\")) }}",
        ),
        template(
            "fromYaml, deep",
            "{{ fromYaml (printf \"a: %s1%s\" (repeat 20000 \"[\") (repeat 20000 \"]\")) }}",
        ),
        template(
            "fromToml, deep",
            "{{ fromToml (printf \"a = %s1%s\" (repeat 20000 \"[\") (repeat 20000 \"]\")) }}",
        ),
        template(
            "a manifest, deep",
            [&b"a: "[..], &b"[".repeat(20_000)].concat(),
        ),
        template("many documents", "---\na: 1\n".repeat(5_000)),
    ]
}

/// Values, charts and schemas that are deep, endless or broken.
fn charts() -> Vec<Attack> {
    let bomb = (1..20).fold("a0: &a0 [x, x]\n".to_owned(), |text, level| {
        format!(
            "{text}a{level}: &a{level} [*a{0}, *a{0}, *a{0}, *a{0}]\n",
            level - 1
        )
    });
    let deep_flow =
        |open: &str, close: &str| format!("a: {}{}", open.repeat(20_000), close.repeat(20_000));
    let deep_block = (0..2_000)
        .map(|depth| format!("{}a:\n", " ".repeat(depth)))
        .collect::<String>();
    vec![
        values("aliases", bomb),
        values("an alias of itself", "a: &a [*a]"),
        values("a merge key of itself", "a: &a\n  <<: *a\n"),
        values("lists, deep", deep_flow("[", "]")),
        values("maps, deep", deep_flow("{a: ", "}")),
        values("blocks, deep", deep_block),
        values("dashes, deep", "- ".repeat(20_000)),
        values("an open list", "[".repeat(50_000)),
        values("a list", "- a\n- b\n"),
        values("a text", "text"),
        values("no text", &b"\xff\xfe\0a"[..]),
        values("two documents", "a: 1\n---\nb: 2\n"),
        values("a large number", format!("a: {}", "9".repeat(100_000))),
        values("a long key", format!("? {}\n: 1\n", "k".repeat(100_000))),
        values(
            "a tag",
            "a: !!binary x\nb: !<tag:yaml.org,2002:int> x\nc: !!float []\n",
        ),
        attack("no Chart.yaml text", "Chart.yaml", ""),
        attack("Chart.yaml, a list", "Chart.yaml", "- 1\n"),
        attack(
            "Chart.yaml, wrong types",
            "Chart.yaml",
            "apiVersion: v2\nname: [1]\nversion: {}\nmaintainers: [null]\ndependencies: [null, 1]\n",
        ),
        attack(
            "Chart.yaml, a path as name",
            "Chart.yaml",
            "apiVersion: v2\nname: ../../x\nversion: 1.0.0\n",
        ),
        attack(
            "a schema of itself",
            "values.schema.json",
            r##"{"$ref": "#"}"##,
        ),
        attack(
            "a schema in a circle",
            "values.schema.json",
            r##"{"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}"##,
        ),
        attack(
            "a schema, deep",
            "values.schema.json",
            [
                r#"{"not":"#.repeat(5_000),
                "{}".to_owned(),
                "}".repeat(5_000),
            ]
            .concat(),
        ),
        attack(
            "a broken schema",
            "values.schema.json",
            r#"{"type": 5, "pattern": "("}"#,
        ),
        attack(
            "a subchart that is none",
            "charts/a.tgz",
            &b"\x1f\x8b\x08\0junk"[..],
        ),
        attack("a subchart of zeros", "charts/a.tgz", zeros()),
        attack(
            "a subchart outside",
            "charts/a.tgz",
            archive(&["../../etc/x", "/etc/x", "a/../../x", "a\\..\\x"]),
        ),
        attack(".helmignore", ".helmignore", "[\n***\n!!\n/\n\\\n"),
    ]
}

/// A compressed archive whose one file expands to more than helm accepts.
fn zeros() -> Vec<u8> {
    let size = 110 << 20;
    let mut builder = tar::Builder::new(flate2::write::GzEncoder::new(
        Vec::new(),
        flate2::Compression::fast(),
    ));
    let mut header = tar::Header::new_ustar();
    header.set_size(size);
    header.set_mode(0o644);
    let appended = builder.append_data(
        &mut header,
        "a/Chart.yaml",
        std::io::Read::take(std::io::repeat(0), size),
    );
    appended
        .and_then(|()| builder.into_inner())
        .and_then(flate2::write::GzEncoder::finish)
        .expect("memory can be written")
}

/// A compressed archive with members of these names.
fn archive(names: &[&str]) -> Vec<u8> {
    let mut builder = tar::Builder::new(flate2::write::GzEncoder::new(
        Vec::new(),
        flate2::Compression::fast(),
    ));
    for name in names {
        let text = b"name: x\n";
        let mut header = tar::Header::new_old();
        // `set_path` would refuse such names.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder
            .append(&header, &text[..])
            .expect("memory can be written");
    }
    builder
        .into_inner()
        .and_then(flate2::write::GzEncoder::finish)
        .expect("memory can be written")
}

fn run(folder: &Path, arguments: &[&str]) -> Outcome {
    let args: Vec<String> = arguments.iter().map(|arg| (*arg).to_owned()).collect();
    let env = [("HOME".to_owned(), folder.to_string_lossy().into_owned())];
    Run {
        program: Path::new(PROGRAM),
        args: &args,
        env: &env,
        cwd: folder,
        stdin: Vec::new(),
        limit: LIMIT,
    }
    .outcome()
}

/// What is wrong with the end of a run, if anything.
fn complaint(outcome: &Outcome) -> Option<String> {
    let stderr = &outcome.stderr[..outcome.stderr.len().min(2_000)];
    let told = match outcome.exit {
        TIMED_OUT => "did not end in time".to_owned(),
        0 | 1 if find_bytes(&outcome.stderr, b"panicked at").is_none() => return None,
        exit => format!("ended with {exit}"),
    };
    Some(format!("{told}: {}", readable(stderr)))
}

fn survives(attacks: &[Attack]) {
    // A program that does nothing survives everything.
    let folder = Folder::new();
    folder.put("c/Chart.yaml", b"apiVersion: v2\nname: c\nversion: 0.1.0\n");
    folder.put("c/templates/a.yaml", b"a: {{ 1 }}\n");
    assert_eq!(
        readable(&run(folder.path(), &["template", "r", "c"]).stdout),
        "---\n# Source: c/templates/a.yaml\na: 1\n"
    );
    let complaints = on_all_cores(attacks, |attack| {
        let folder = Folder::new();
        folder.put("c/Chart.yaml", b"apiVersion: v2\nname: c\nversion: 0.1.0\n");
        folder.put(&format!("c/{}", attack.path), &attack.text);
        ["template", "package"].iter().find_map(|command| {
            let arguments: &[&str] = if *command == "template" {
                &["template", "r", "c"]
            } else {
                &["package", "c", "-d", "out"]
            };
            complaint(&run(folder.path(), arguments))
                .map(|told| format!("{command}, {}: {told}", attack.name))
        })
    });
    let complaints: Vec<String> = complaints.into_iter().flatten().collect();
    assert!(
        complaints.is_empty(),
        "{} of {} inputs\n{}",
        complaints.len(),
        attacks.len(),
        complaints.join("\n")
    );
}

#[test]
fn hostile_templates_are_survived() {
    survives(&templates());
}

#[test]
fn hostile_charts_are_survived() {
    survives(&charts());
}

#[test]
fn hostile_arguments_are_survived() {
    let index = "a".to_owned() + &"[0]".repeat(10_000) + "=1";
    let nested = "a.".repeat(10_000) + "b=1";
    let list = format!("a={}", "{".repeat(10_000));
    let json = format!("a={}", "[".repeat(100_000));
    let sets: [(&str, &str); 10] = [
        ("--set", &index),
        ("--set", &nested),
        ("--set", &list),
        ("--set", "a[999999999]=1"),
        ("--set", "a[-1]=1"),
        ("--set", "a[99999999999999999999]=1"),
        ("--set", "=,=,[,]{,}\\"),
        ("--set-json", &json),
        ("--set-file", "a=c"),
        ("--kube-version", "99999999999999999999.1"),
    ];
    let complaints = on_all_cores(&sets, |(flag, value)| {
        let folder = Folder::new();
        folder.put("c/Chart.yaml", b"apiVersion: v2\nname: c\nversion: 0.1.0\n");
        folder.put("c/templates/a.yaml", b"a: {{ toJson .Values }}\n");
        complaint(&run(folder.path(), &["template", "r", "c", flag, value]))
            .map(|told| format!("{flag} {:.60}: {told}", value))
    });
    let complaints: Vec<String> = complaints.into_iter().flatten().collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
