//! The chart in which all templates of the generator are rendered: the same for all, so that they can share it.

use crate::fuzz_helm::case::{Case, Template};

const CHART: &str = "\
apiVersion: v2
name: t
version: 0.1.0
appVersion: \"1.16.0\"
description: words
keywords: [k1, k2]
home: https://example.com
sources: [https://example.com/src]
maintainers: [{name: m, email: m@example.com}]
annotations: {x: y}
";

const VALUES: &str = r#"s: hello
sp: "  a b  c "
e: ""
n: 42
neg: -7
f: 1.5
big: 1234567
z: 0
t: true
fa: false
l: [1, 2, 3]
ls: [b, a, "", c]
lm: [{name: x, v: 1}, {name: y, v: null}]
le: []
ln: [null, 1]
m: {a: 1, b: two, c: {d: deep, e: [x]}}
me: {}
ver: v1.2.3-rc.1
when: "2024-01-02T03:04:05Z"
tpl: "{{ .Release.Name }}-{{ include \"h.name\" . }}"
yaml: "a: 1\nb: [1, 2]\n"
json: '{"a":[1,"x",null]}'
u: "grüße ☃ 😀"
"#;

const HELPERS: &str = r#"{{- define "h.name" -}}{{ .Chart.Name }}-{{ .Release.Name }}{{- end -}}
{{- define "h.dot" }}<{{ . }}>{{ end -}}
{{- define "h.fail" }}{{ fail "on purpose" }}{{ end -}}
{{- define "h.bad" }}{{ .missing.deep.deeper }}{{ end -}}
{{- define "h.range" -}}
{{ range $i, $e := . }}{{ $i }}={{ $e }};{{ end }}
{{- end -}}
{{- define "h.nested" }}[{{ include "h.dot" . }}]{{ end -}}
{{- define "h.yaml" }}a: {{ . | quote }}
b: [1]{{ end -}}
"#;

/// A case in the world.
pub fn case(text: Vec<u8>) -> Case {
    let mut case = Case::of_template(Template::Plain(text));
    case.values = Some(VALUES.into());
    case.helpers = Some(HELPERS.into());
    case.files = vec![
        ("Chart.yaml".to_owned(), CHART.into()),
        ("config.txt".to_owned(), b"one\ntwo\r\nthree".to_vec()),
        ("dir/a.yaml".to_owned(), b"k: v\n".to_vec()),
        ("dir/b.bin".to_owned(), vec![0, 0xff, b'x', 0xc3]),
    ];
    case.args = [
        "--set",
        "i=5,ii=-3,nested.k=v,si.x[1]=q",
        "--set-string",
        "str=5",
    ]
    .map(str::to_owned)
    .to_vec();
    case
}

/// Fields of the context by the type they have.
pub fn fields(kind: u8) -> &'static [&'static str] {
    match kind {
        b's' => &[
            ".Values.s",
            ".Values.sp",
            ".Values.e",
            ".Values.ver",
            ".Values.when",
            ".Values.u",
            ".Values.str",
            ".Values.m.b",
            ".Release.Name",
            ".Release.Namespace",
            ".Release.Service",
            ".Chart.Name",
            ".Chart.Version",
            ".Chart.AppVersion",
            ".Chart.Annotations.x",
            ".Template.Name",
            ".Template.BasePath",
            ".Capabilities.KubeVersion.Version",
            ".Capabilities.KubeVersion.Major",
            "(.Files.Get \"config.txt\")",
            ".Values.m.c.d",
            ".Capabilities.HelmVersion.Version",
            "(.Files.Get \"nope\")",
            "(.Files.Glob \"dir/*\").AsConfig",
            "(.Files.Glob \"**.txt\").AsSecrets",
            "(.Values.m | toString)",
            ".Values.nested.k",
        ],
        b'i' => &[
            ".Values.i",
            ".Values.ii",
            ".Release.Revision",
            "(len .Values.l)",
            "(int .Values.n)",
        ],
        b'n' => &[
            ".Values.n",
            ".Values.neg",
            ".Values.f",
            ".Values.big",
            ".Values.z",
            ".Values.i",
            ".Values.ii",
            ".Values.str",
        ],
        b'f' => &[".Values.f", ".Values.n", ".Values.big"],
        b'b' => &[
            ".Values.t",
            ".Values.fa",
            ".Release.IsInstall",
            ".Release.IsUpgrade",
            ".Chart.IsRoot",
            "(.Capabilities.APIVersions.Has \"v1\")",
        ],
        b'l' => &[
            ".Values.l",
            ".Values.ls",
            ".Values.lm",
            ".Values.le",
            ".Values.ln",
            ".Chart.Keywords",
            ".Chart.Maintainers",
            ".Values.m.c.e",
            ".Values.si.x",
            "(.Files.Lines \"config.txt\")",
            ".Chart.Dependencies",
        ],
        b'd' => &[
            ".Values.m",
            ".Values.me",
            ".Values.m.c",
            ".Values.nested",
            ".Values",
            ".Release",
            ".Chart",
            ".Chart.Annotations",
            ".Files",
            ".Template",
            "(index .Values.lm 0)",
            ".Subcharts",
            ".Values.AsMap",
        ],
        b'v' => &["(semver .Values.ver)", "(semver \"1.2.3\")"],
        b't' => &[
            "(toDate \"2006-01-02\" \"2024-02-29\")",
            "(toDate \"2006-01-02T15:04:05Z07:00\" .Values.when)",
            "(toDate \"2006\" \"x\")",
            "(toDate \"2006-01-02 15:04:05.000 -0700\" \"1999-12-31 23:59:59.250 +0130\")",
        ],
        _ => &[
            ".Values.missing",
            ".Values.s",
            ".Values.n",
            ".Values.l",
            ".Values.m",
            ".Values.t",
            ".Values.le",
            ".Values.i",
            ".Capabilities.KubeVersion",
            ".Values.missing.x",
            "(.Values.missing).x",
            ".Values.s.x",
            ".Release.Nope",
            ".Files.nope",
            ".Chart.Type",
            ".Values.m.a.b",
            "(index .Values.lm 1).v",
            "(.Files.GetBytes \"dir/b.bin\")",
            ".Values.lm.name",
            "(.Values.PathValue \"m.b\")",
            "(.Values.Table \"m.c\")",
            "(.Values.PathValue \"no.pe\")",
            ".Values.YAML",
            ".Capabilities.Nope",
            "(index .Files \"config.txt\")",
            ".Chart.Home",
        ],
    }
}
