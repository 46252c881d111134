//! The attacks: charts and arguments, and which limit each must meet.

use flate2::Compression;
use flate2::write::GzEncoder;

/// How the program must end.
pub(super) enum Expected {
    /// With an error that names this limit and its flag.
    Limit(&'static str),
    /// With an error of the limits of time or of work, whichever comes first, or of what may be kept on the way.
    MuchWork,
    /// With an error that says this.
    Error(&'static str),
    /// Well, and soon.
    Nothing,
}

/// A chart made to take all memory or all time.
pub(super) struct Attack {
    pub name: &'static str,
    /// The files of the folder it is run in.
    pub files: Vec<(String, Vec<u8>)>,
    pub arguments: Vec<&'static str>,
    /// Arguments of the run without `--untrusted`.
    pub by_default: &'static [&'static str],
    pub expected: Expected,
    /// Whether the error must name a template.
    pub in_template: bool,
    /// Limits it is about, though the error is helm's.
    pub covers: &'static [&'static str],
}

impl Attack {
    fn by_default(mut self, arguments: &'static [&'static str]) -> Attack {
        self.by_default = arguments;
        self
    }

    fn file(mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Attack {
        self.files.push((path.to_owned(), bytes.into()));
        self
    }

    fn arguments(mut self, arguments: &[&'static str]) -> Attack {
        self.arguments = arguments.to_vec();
        self
    }

    fn about(mut self, limits: &'static [&'static str]) -> Attack {
        self.covers = limits;
        self
    }
}

const CHART: &str = "apiVersion: v2\nname: c\nversion: 0.1.0\n";

pub(super) fn chart(name: &'static str, expected: Expected) -> Attack {
    Attack {
        name,
        files: vec![("c/Chart.yaml".to_owned(), CHART.into())],
        arguments: vec!["template", "c"],
        by_default: &[],
        expected,
        in_template: false,
        covers: &[],
    }
}

/// A template that must meet a limit.
fn template(name: &'static str, limit: &'static str, text: &str) -> Attack {
    let mut attack = chart(name, Expected::Limit(limit)).file("c/templates/a.yaml", text);
    attack.in_template = true;
    attack
}

/// What a template begins with to have a text of a mebibyte and one of many lines.
const MEGABYTE: &str = "{{ $m := repeat 1048576 \"a\" }}";
/// What doubles a value sixty times.
const DOUBLED: &str =
    "{{ $d := dict \"a\" 1 }}{{ range until 60 }}{{ $d = dict \"a\" $d \"b\" $d }}{{ end }}";
const LISTED: &str = "{{ $d := list 1 }}{{ range until 60 }}{{ $d = list $d $d }}{{ end }}";

/// Functions that make texts.
fn texts() -> Vec<Attack> {
    let long = |body: &str| format!("{MEGABYTE}{body}");
    vec![
        template("repeat", "string", "{{ repeat 400000000 \"a\" }}"),
        template(
            "repeat of a repeat",
            "string",
            &long("{{ repeat 1000000 $m | len }}"),
        ),
        template("indent", "string", "{{ indent 2000000000 \"a\" }}"),
        template(
            "nindent",
            "string",
            &long("{{ nindent 100000 (replace \"a\" \"a\\n\" $m) }}"),
        ),
        template("replace", "string", &long("{{ replace \"a\" $m $m }}")),
        template(
            "replace of nothing",
            "string",
            &long("{{ replace \"\" $m $m }}"),
        ),
        template("join", "string", &long("{{ join $m (until 1000) }}")),
        template(
            "join of long elements",
            "string",
            &long(
                "{{ $l := list $m $m $m $m }}{{ range until 3 }}{{ $l = concat $l $l $l $l }}{{ end }}{{ join \"\" $l }}",
            ),
        ),
        template("wrapWith", "string", &long("{{ wrapWith 1 $m $m }}")),
        template(
            "cat in a loop",
            "string",
            "{{ $s := \"abcdefgh\" }}{{ range until 60 }}{{ $s = print (list $s $s) }}{{ end }}",
        )
            .by_default(&["--limit-string", "8MiB"]),
        template(
            "printf with a long argument",
            "string",
            &long("{{ printf (repeat 1000 \"%[1]s\") $m }}"),
        ),
        template(
            "printf with widths",
            "string",
            "{{ printf (repeat 1000 \"%1000000[1]d\") 1 }}",
        ),
        template(
            "regexReplaceAll",
            "string",
            &long("{{ regexReplaceAll \"(a)\" $m (repeat 1000 \"${1}\") }}"),
        )
            .by_default(&["--limit-string", "8MiB"]),
        template(
            "regexReplaceAllLiteral",
            "string",
            &long("{{ regexReplaceAllLiteral \"a\" $m $m }}"),
        ),
        template(
            "b64enc in a loop",
            "string",
            &long("{{ range until 100 }}{{ $m = b64enc $m }}{{ end }}"),
        )
            .by_default(&["--limit-string", "8MiB"]),
        template(
            "quote in a loop",
            "string",
            &long("{{ range until 100 }}{{ $m = quote $m $m }}{{ end }}"),
        )
            .by_default(&["--limit-string", "8MiB"]),
        template(
            "html in a loop",
            "string",
            "{{ $s := repeat 100000 \"<\" }}{{ range until 100 }}{{ $s = html (print $s $s) }}{{ end }}",
        )
            .by_default(&["--limit-string", "8MiB"]),
        template(
            "printing shared maps",
            "string",
            &format!("{DOUBLED}{{{{ $d }}}}"),
        )
            .by_default(&["--limit-string", "8MiB"]),
        template(
            "printf of shared maps",
            "string",
            &format!("{DOUBLED}{{{{ printf \"%v\" $d }}}}"),
        )
            .by_default(&["--limit-string", "8MiB"]),
        template(
            "toString of shared lists",
            "string",
            &format!("{LISTED}{{{{ toString $d }}}}"),
        )
            .by_default(&["--limit-string", "8MiB"]),
        template(
            "toYaml of shared maps",
            "string",
            &format!("{DOUBLED}{{{{ toYaml $d }}}}"),
        )
            .by_default(&["--limit-string", "8MiB"]),
        template(
            "toJson of shared maps",
            "string",
            &format!("{DOUBLED}{{{{ toJson $d }}}}"),
        )
            .by_default(&["--limit-string", "8MiB"]),
        template(
            "toPrettyJson of shared lists",
            "string",
            &format!("{LISTED}{{{{ toPrettyJson $d }}}}"),
        )
            .by_default(&["--limit-string", "8MiB"]),
        template(
            "toToml of shared maps",
            "string",
            &format!("{DOUBLED}{{{{ toToml $d }}}}"),
        )
            .by_default(&["--limit-string", "8MiB"]),
        template(
            "toYamlPretty of shared maps",
            "string",
            &format!("{DOUBLED}{{{{ toYamlPretty $d }}}}"),
        )
            .by_default(&["--limit-string", "8MiB"]),
        template("randAlphaNum", "random", "{{ randAlphaNum 2000000000 }}"),
        template("randBytes", "random", "{{ randBytes 2000000000 }}"),
    ]
}

/// Functions that make lists and dicts.
fn collections() -> Vec<Attack> {
    let long = |body: &str| format!("{MEGABYTE}{{{{ $t := repeat 8 $m }}}}{body}");
    vec![
        template("until", "list", "{{ until 2000000000 }}"),
        template("untilStep", "list", "{{ untilStep 0 9000000000000000000 1 }}"),
        template("seq", "list", "{{ seq 1 2000000000 }}"),
        template("splitList", "list", &long("{{ splitList \"a\" $t | len }}"))
            .by_default(&["--limit-list", "1000000"]),
        template("split", "list", &long("{{ split \"a\" $t | len }}"))
            .by_default(&["--limit-list", "1000000"]),
        template("regexSplit", "list", &long("{{ regexSplit \"a\" $t -1 | len }}"))
            .by_default(&["--limit-list", "1000000"]),
        template("regexFindAll", "list", &long("{{ regexFindAll \"a\" $t -1 | len }}"))
            .by_default(&["--limit-list", "1000000"]),
        template("concat in a loop", "list", "{{ $l := until 1000 }}{{ range until 60 }}{{ $l = concat $l $l }}{{ end }}"),
        template("list kept in lists", "memory", "{{ $l := list }}{{ range until 100000 }}{{ $l = append $l (until 10000) }}{{ end }}")
            .arguments(&["template", "c", "--limit-memory", "64MiB"]),
        template("texts kept in a list", "memory", "{{ $l := list }}{{ range until 1000000 }}{{ $l = append $l (repeat 1000000 (toString .)) }}{{ end }}")
            .by_default(&["--limit-memory", "256MiB"]),
        template("texts kept in a dict", "memory", "{{ $d := dict }}{{ range until 1000000 }}{{ $_ := set $d (toString .) (repeat 1000000 \"a\") }}{{ end }}")
            .by_default(&["--limit-memory", "256MiB"]),
        template("copies kept", "memory", "{{ $d := dict \"l\" (until 1000) }}{{ $l := list }}{{ range until 1000000 }}{{ $l = append $l (deepCopy $d) }}{{ end }}")
            .arguments(&["template", "c", "--limit-memory", "64MiB"]),
        template("texts read and kept", "memory", "{{ $y := toYaml (until 2000) }}{{ $l := list }}{{ range until 1000000 }}{{ $l = append $l (fromYamlArray $y) }}{{ end }}")
            .arguments(&["template", "c", "--limit-memory", "64MiB"]),
        template("deepCopy of shared maps", "memory", &format!("{DOUBLED}{{{{ $_ := deepCopy $d }}}}")),
        template("merge of shared maps", "work", &format!("{DOUBLED}{{{{ $_ := merge (deepCopy (dict \"a\" 1)) $d $d }}}}{{{{ $_ := mergeOverwrite $d (dict \"a\" $d \"b\" $d) }}}}"))
            .arguments(&["template", "c", "--limit-work", "64MiB"]),
        template("deepEqual of shared maps", "work", &format!("{DOUBLED}{}{{{{ deepEqual $d $e }}}}", DOUBLED.replace("$d", "$e")))
            .arguments(&["template", "c", "--limit-work", "64MiB"]),
        template("stars of .Files.Glob", "work", "{{ .Files.Glob \"***{t***t}{\" | len }}")
            .file(&format!("c/{}", "xt".repeat(120)), "")
            .arguments(&["template", "c", "--limit-work", "1MiB"]),
        template("alternatives of .Files.Glob", "work", "{{ .Files.Glob \"*{a*,b*,**}*{a,*b}*\" | len }}")
            .file(&format!("c/{}", "xt".repeat(120)), "")
            .arguments(&["template", "c", "--limit-work", "1MiB"]),
        template("append in a loop", "work", "{{ $l := until 100000 }}{{ range until 1000000 }}{{ $l = append $l . }}{{ end }}")
            .arguments(&["template", "c", "--limit-work", "64MiB"]),
    ]
}

/// Templates that do not end, or nest.
fn runs() -> Vec<Attack> {
    vec![
        template(
            "range over a large number",
            "steps",
            "{{ range 9000000000000000000 }}{{ end }}",
        )
        .by_default(&["--limit-steps", "1000000"]),
        template(
            "range in range",
            "steps",
            "{{ range until 100000 }}{{ range until 100000 }}{{ end }}{{ end }}",
        )
        .by_default(&["--limit-steps", "1000000"]),
        template(
            "steps of all files",
            "steps",
            "{{ range 9000000 }}{{ end }}",
        )
        .file("c/templates/b.yaml", "{{ range 9000000 }}{{ end }}")
        .by_default(&["--limit-steps", "10000000"]),
        template(
            "sums of a long text",
            "work",
            &format!(
                "{MEGABYTE}{{{{ range until 1000000 }}}}{{{{ $_ := adler32sum $m }}}}{{{{ end }}}}"
            ),
        )
        .arguments(&["template", "c", "--limit-work", "64MiB"]),
        template(
            "time",
            "time",
            "{{ range 9000000000000000000 }}{{ $_ := sha256sum \"a\" }}{{ end }}",
        )
        .arguments(&[
            "template",
            "c",
            "--limit-time",
            "500ms",
            "--limit-steps",
            "1000000000",
        ]),
        template(
            "time in one file after the other",
            "time",
            "{{ range 100000 }}{{ $_ := sha512sum \"a\" }}{{ end }}",
        )
        .file(
            "c/templates/b.yaml",
            "{{ range 10000000 }}{{ $_ := sha512sum \"a\" }}{{ end }}",
        )
        .arguments(&["template", "c", "--limit-time", "500ms"]),
        template(
            "output",
            "output",
            &format!("{MEGABYTE}{{{{ range until 1000000 }}}}{{{{ $m }}}}{{{{ end }}}}"),
        ),
        template(
            "output as plain text",
            "output",
            &format!(
                "{{{{ range 10000000 }}}}{}{{{{ end }}}}",
                "plain text ".repeat(1000)
            ),
        ),
        template(
            "output of all files",
            "output",
            &format!("{MEGABYTE}{{{{ range until 20 }}}}{{{{ $m }}}}{{{{ end }}}}"),
        )
        .file(
            "c/templates/b.yaml",
            format!("{MEGABYTE}{{{{ range until 20 }}}}{{{{ $m }}}}{{{{ end }}}}"),
        )
        .by_default(&["--limit-output", "32MiB"]),
        template(
            "tpl within tpl",
            "frames",
            "{{ $t := \"{{ tpl . . }}\" }}{{ tpl $t $t }}",
        ),
        template(
            "include",
            "include-depth",
            "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}",
        )
        .by_default(&["--limit-include-depth", "100"]),
        template(
            "template",
            "template-depth",
            "{{ define \"a\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}",
        )
        .by_default(&["--limit-template-depth", "1000"]),
        template(
            "tpl of a text with many actions",
            "memory",
            "{{ tpl (repeat 3000000 \"{{.}}\") 1 }}",
        )
        .by_default(&["--limit-memory", "512MiB"]),
        template(
            "keys",
            "keys",
            "{{ range 100000 }}{{ $_ := genPrivateKey \"ed25519\" }}{{ end }}",
        )
        .by_default(&["--limit-keys", "50"]),
        template(
            "password hashes",
            "keys",
            "{{ range 100000 }}{{ $_ := bcrypt \"a\" }}{{ end }}",
        )
        .arguments(&["template", "c", "--limit-keys", "5"]),
        template(
            "derived passwords",
            "keys",
            "{{ range 100000 }}{{ $_ := derivePassword 1 \"long\" \"p\" \"u\" \"s\" }}{{ end }}",
        )
        .arguments(&["template", "c", "--limit-keys", "2"]),
        template(
            "a large regular expression",
            "regex-size",
            "{{ mustRegexMatch \"((\\\\pL{30}){30})\" \"a\" }}",
        )
        .arguments(&["template", "c", "--limit-regex-size", "10KiB"]),
        template(
            "values that nest",
            "values-depth",
            "{{ $l := list 1 }}{{ range until 100000 }}{{ $l = list $l }}{{ end }}{{ toJson $l }}",
        ),
        template(
            "printing values that nest",
            "values-depth",
            "{{ $l := dict }}{{ range until 100000 }}{{ $l = dict \"a\" $l }}{{ end }}{{ $l }}",
        ),
        template(
            "copying values that nest",
            "values-depth",
            "{{ $l := dict }}{{ range until 100000 }}{{ $l = dict \"a\" $l }}{{ end }}{{ $_ := deepCopy $l }}",
        ),
        chart("dropping values that nest", Expected::Nothing).file(
            "c/templates/a.yaml",
            "{{ $l := dict }}{{ range until 1000000 }}{{ $l = list $l }}{{ end }}{{ $l = 1 }}",
        ),
    ]
}

/// Files that become large when they are read.
fn files() -> Vec<Attack> {
    let values = |name, limit, text: Vec<u8>| {
        let expected = Expected::Limit(limit);
        let attack = chart(name, expected).file("c/values.yaml", text);
        attack.file("c/templates/a.yaml", "a: 1\n")
    };
    let nested =
        |open: &str, close: &str, depth| [open.repeat(depth), close.repeat(depth)].concat();
    let aliases = {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..10 {
            let before = vec![format!("*a{}", level - 1); 9].join(", ");
            text.push_str(&format!("a{level}: &a{level} [{before}]\n"));
        }
        text
    };
    vec![
        values("a long values file", "yaml-size", vec![b'#'; 9 << 20])
            .by_default(&["--limit-yaml-size", "8MiB"]),
        values(
            "many values",
            "yaml-nodes",
            format!("a: [{}1]", "1,".repeat(3_000_000)).into(),
        )
        .by_default(&["--limit-yaml-nodes", "1000000"]),
        values(
            "deep values",
            "yaml-depth",
            format!("a: {}", nested("[", "]", 5000)).into(),
        )
        .by_default(&["--limit-yaml-depth", "1000"]),
        chart("an alias bomb", Expected::Error("excessive aliasing"))
            .file("c/values.yaml", aliases),
        template(
            "fromJson of depth",
            "yaml-depth",
            "{{ fromJsonArray (print (repeat 9000 \"[\") (repeat 9000 \"]\")) | len }}",
        )
        .by_default(&["--limit-yaml-depth", "1000"]),
        template(
            "fromYaml of a long text",
            "yaml-size",
            "{{ fromYaml (repeat 10000000 \"#\") }}",
        )
        .by_default(&["--limit-yaml-size", "8MiB"]),
        template(
            "lines of a file",
            "list",
            "{{ .Files.Lines \"lines\" | len }}",
        )
        .file("c/lines", vec![b'\n'; 6 << 20]),
        template(
            "a file over and over",
            "work",
            "{{ range until 1000000 }}{{ $_ := .Files.Get \"f\" | upper }}{{ end }}"
                .replace(".Files", "$.Files")
                .as_str(),
        )
        .file("c/f", vec![b'a'; 1 << 20])
        .arguments(&["template", "c", "--limit-work", "64MiB"]),
        chart("a large file", Expected::Limit("file-size"))
            .file("c/f", vec![b'a'; 17 << 20])
            .by_default(&["--limit-file-size", "16MiB"]),
        chart("many large files", Expected::Limit("archive-size"))
            .file("c/f1", vec![b'a'; 12 << 20])
            .file("c/f2", vec![b'a'; 12 << 20])
            .file("c/f3", vec![b'a'; 12 << 20])
            .by_default(&["--limit-archive-size", "32MiB"]),
        chart("a packed bomb", Expected::Limit("archive-ratio"))
            .file(
                "c.tgz",
                archive(&[
                    ("c/Chart.yaml", CHART.as_bytes()),
                    ("c/f", &vec![0; 8 << 20]),
                    ("c/g", &vec![0; 8 << 20]),
                ]),
            )
            .arguments(&["template", "c.tgz"])
            .by_default(&["--limit-archive-ratio", "100"]),
        chart(
            "a packed bomb beyond all bounds",
            Expected::Error("unable to load chart archive"),
        )
        .file(
            "c.tgz",
            archive(&[
                ("c/Chart.yaml", CHART.as_bytes()),
                ("c/f", &vec![0; 120 << 20]),
            ]),
        )
        .arguments(&["template", "c.tgz", "--untrusted=false"])
        .about(&["archive-size"]),
        chart("many entries", Expected::Limit("entries"))
            .file("c.tgz", many_entries(25_000))
            .arguments(&["show", "chart", "c.tgz"])
            .by_default(&["--limit-entries", "20000"]),
        chart("bombs within a chart", Expected::Limit("chart-size"))
            .file("c.tgz", bombs(10))
            .arguments(&[
                "show",
                "chart",
                "c.tgz",
                "--limit-archive-ratio",
                "100000",
                "--limit-chart-size",
                "4MiB",
            ]),
    ]
}

/// What is given on the command line, and what is printed.
fn arguments() -> Vec<Attack> {
    let set = |name, text, value: &'static str| {
        chart(name, Expected::Error(text)).arguments(&["template", "c", "--set", value])
    };
    vec![
        set(
            "a large index",
            "index of 999999999 is greater than maximum supported index of 65536",
            "a[999999999]=1",
        )
        .about(&["set-index"]),
        set(
            "deep names",
            "greater than maximum supported nested level of 30",
            "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a=1",
        )
        .about(&["set-depth"]),
        chart(
            "an index beyond a smaller limit",
            Expected::Limit("set-index"),
        )
        .arguments(&[
            "template",
            "c",
            "--set",
            "a[20]=1",
            "--limit-set-index",
            "10",
        ]),
        chart("a long message", Expected::Limit("message"))
            .file("c/templates/a.yaml", "{{ fail (repeat 3000000 \"a\") }}"),
        chart("control characters", Expected::Error("a\\x1b[31mb"))
            .file("c/templates/a.yaml", "{{ fail \"a\\x1b[31mb\" }}"),
        chart("a password", Expected::Error("https://u:***@h/"))
            .file("c/templates/a.yaml", "{{ fail \"https://u:p@h/\" }}"),
        chart("many rules of .helmignore", Expected::Limit("work"))
            .file("c/.helmignore", "*a*b*a*b*a*b*a*c*\n".repeat(10_000))
            .file(&format!("c/{}", "ab".repeat(60)), "")
            .arguments(&["template", "c", "--limit-work", "1MiB"]),
        chart("large rules of .helmignore", Expected::Limit("memory"))
            .file("c/.helmignore", ("a".repeat(60_000) + "\n").repeat(10))
            .arguments(&["template", "c", "--limit-memory", "4MiB"]),
        chart("a schema of many values", Expected::Limit("yaml-nodes"))
            .file(
                "c/values.schema.json",
                format!("{{\"enum\": [{}1]}}", "0,".repeat(2 << 20)),
            )
            .by_default(&["--limit-yaml-nodes", "1000000"]),
        chart("schemas that double", Expected::Limit("work"))
            .file("c/values.schema.json", doubling_schema())
            .file("c/values.yaml", "a: 1\n")
            .arguments(&["template", "c", "--limit-work", "8MiB"]),
    ]
}

/// A schema whose definitions each refer to the next one twice.
fn doubling_schema() -> String {
    let mut definitions = Vec::new();
    for level in 0..60 {
        let next = format!("{{\"$ref\": \"#/$defs/d{}\"}}", level + 1);
        definitions.push(format!("\"d{level}\": {{\"anyOf\": [{next}, {next}]}}"));
    }
    definitions.push("\"d60\": {\"required\": [\"none\"]}".to_owned());
    let definitions = definitions.join(", ");
    format!("{{\"$ref\": \"#/$defs/d0\", \"$defs\": {{{definitions}}}}}")
}

fn header(name: &str, size: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_path(name).expect("the name is short");
    header.set_size(size);
    header.set_mode(0o644);
    header.set_cksum();
    header
}

/// Packs files.
fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::best()));
    for (name, bytes) in files {
        let header = header(name, bytes.len() as u64);
        builder
            .append(&header, *bytes)
            .expect("memory can be written");
    }
    let encoder = builder.into_inner().expect("memory can be written");
    encoder.finish().expect("memory can be written")
}

fn many_entries(count: usize) -> Vec<u8> {
    let names: Vec<String> = (0..count).map(|n| format!("c/f{n}")).collect();
    let mut files: Vec<(&str, &[u8])> = vec![("c/Chart.yaml", CHART.as_bytes())];
    files.extend(names.iter().map(|name| (name.as_str(), &b""[..])));
    archive(&files)
}

/// A chart of subcharts, each of a mebibyte that packs well.
fn bombs(count: usize) -> Vec<u8> {
    let sub = archive(&[
        ("s/Chart.yaml", b"apiVersion: v2\nname: s\nversion: 0.1.0\n"),
        ("s/f", &vec![0; 1 << 20]),
    ]);
    let names: Vec<String> = (0..count).map(|n| format!("c/charts/s{n}.tgz")).collect();
    let mut files: Vec<(&str, &[u8])> = vec![("c/Chart.yaml", CHART.as_bytes())];
    files.extend(names.iter().map(|name| (name.as_str(), sub.as_slice())));
    archive(&files)
}

/// All attacks.
pub(super) fn all() -> Vec<Attack> {
    let groups = [texts(), collections(), runs(), files(), arguments()];
    groups.into_iter().flatten().collect()
}
