//! What is timed: charts of the project, and larger ones made here.

use crate::{project, target};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// One command line, run from the project's folder.
pub struct Case {
    /// What the table calls it.
    pub name: String,
    pub arguments: Vec<String>,
    /// What the floor reads: a chart, and texts to look at as YAML. Nothing where there is no floor.
    pub floor: Option<Floor>,
    /// How many times faster than helm it is to be; 0 where no target is set.
    pub wanted: f64,
    /// How many times as long as the floor it may take.
    pub within: Option<f64>,
}

/// The least that must be read.
pub struct Floor {
    pub chart: PathBuf,
    /// Whether the values, and whether the output, are YAML that must be read.
    pub reads_values: bool,
    pub reads_output: bool,
}

/// Makes the charts that are missing and returns all cases.
pub fn all() -> Result<Vec<Case>, String> {
    let made = Made {
        folder: target().join("bench"),
    };
    let verta = project().join("charts/verta");
    let starter = project().join("testdata/charts/starter");
    let mut cases = vec![
        template("Verta", &verta, &[], 30.0).within(2.0),
        template(
            "Verta, dev",
            &verta,
            &["-f", "charts/verta/values-dev.yaml"],
            30.0,
        )
        .within(2.0),
        template(
            "Verta, prod",
            &verta,
            &["-f", "charts/verta/values-prod.yaml"],
            30.0,
        )
        .within(2.0),
        template("starter", &starter, &[], 30.0).within(2.0),
        template(
            "library user",
            &project().join("testdata/charts/library-user"),
            &[],
            0.0,
        ),
    ];
    for count in [10, 50, 200, 1000] {
        let chart = made.umbrella(&format!("umbrella-{count}"), count, &one_template)?;
        let case = template(
            &format!("umbrella of {count} charts of one template"),
            &chart,
            &[],
            0.0,
        );
        cases.push(if count == 200 { case.within(3.0) } else { case });
    }
    let own = files_of(&starter)?;
    for count in [10, 50, 200, 1000] {
        let part = |name: &str| renamed(&own, name);
        let chart = made.umbrella(&format!("starters-{count}"), count, &part)?;
        let case = template(&format!("umbrella of {count} starters"), &chart, &[], 0.0);
        cases.push(if count == 200 { case.within(3.0) } else { case });
    }
    let packed = made.packed("starters-200")?;
    cases.push(template(
        "umbrella of 200 starters, each an archive",
        &packed,
        &[],
        0.0,
    ));
    cases.push(template(
        "2,000 templates",
        &made.chart("templates-2000", &many_templates(2000))?,
        &[],
        0.0,
    ));
    cases.push(template(
        "5,000 tpl, 1,500 definitions",
        &made.chart("tpl-heavy", &tpl_heavy(5000, 1500))?,
        &[],
        100.0,
    ));
    let values = made.chart("values-5mb", &large_values(5 << 20))?;
    cases.push(template("5 MB of values", &values, &[], 8.0).reading(true, false));
    let output = made.chart("output-50mb", &large_output(50 << 20))?;
    cases.push(template("50 MB of output", &output, &[], 8.0).reading(false, true));

    let copy = made.chart("verta", &files_of(&verta)?)?;
    let out = target().join("bench/out");
    fs::create_dir_all(&out).map_err(|error| format!("{}: {error}", out.display()))?;
    let out = out.to_string_lossy();
    cases.push(command("lint Verta", &["lint"], &copy, &[]));
    cases.push(command("package Verta", &["package"], &copy, &["-d", &out]));
    cases.push(command("show all Verta", &["show", "all"], &copy, &[]));
    cases.push(command(
        "dependency build Verta",
        &["dependency", "build"],
        &copy,
        &[],
    ));
    Ok(cases)
}

fn template(name: &str, chart: &Path, more: &[&str], wanted: f64) -> Case {
    let chart = chart.strip_prefix(project()).unwrap_or(chart).to_owned();
    let mut arguments = vec![
        "template".to_owned(),
        "rel".to_owned(),
        chart.to_string_lossy().into_owned(),
    ];
    arguments.extend(more.iter().map(|&word| word.to_owned()));
    Case {
        name: name.to_owned(),
        arguments,
        floor: Some(Floor {
            chart,
            reads_values: false,
            reads_output: false,
        }),
        wanted,
        within: None,
    }
}

fn command(name: &str, words: &[&str], chart: &Path, more: &[&str]) -> Case {
    let chart = chart.to_string_lossy();
    let chart = [&*chart];
    let words = words.iter().chain(&chart).chain(more);
    Case {
        name: name.to_owned(),
        arguments: words.map(|&word| word.to_owned()).collect(),
        floor: None,
        wanted: 20.0,
        within: None,
    }
}

impl Case {
    fn within(mut self, times: f64) -> Case {
        self.within = Some(times);
        self
    }

    fn reading(mut self, values: bool, output: bool) -> Case {
        if let Some(floor) = &mut self.floor {
            (floor.reads_values, floor.reads_output) = (values, output);
        }
        self
    }
}

/// Files by their paths within a chart.
pub type Files = Vec<(String, Vec<u8>)>;

/// Where charts are made, once.
pub struct Made {
    pub folder: PathBuf,
}

impl Made {
    /// Returns a chart of these files, which is written if it is not there.
    pub fn chart(&self, name: &str, files: &Files) -> Result<PathBuf, String> {
        let chart = self.folder.join(name);
        // Written under another name first: half a chart is none.
        let draft = self.folder.join(format!("{name}.draft"));
        if !chart.is_dir() {
            let failed = |error: std::io::Error| format!("{}: {error}", draft.display());
            if draft.is_dir() {
                fs::remove_dir_all(&draft).map_err(failed)?;
            }
            for (path, content) in files {
                let path = draft.join(path);
                let parent = path.parent().unwrap_or(&draft);
                fs::create_dir_all(parent).map_err(failed)?;
                fs::write(&path, content).map_err(failed)?;
            }
            fs::rename(&draft, &chart).map_err(failed)?;
        }
        Ok(chart)
    }

    /// Returns a chart of so many subcharts, made by `part` of their names.
    fn umbrella(
        &self,
        name: &str,
        count: usize,
        part: &dyn Fn(&str) -> Files,
    ) -> Result<PathBuf, String> {
        let mut files = vec![metadata(name)];
        for number in 0..count {
            let own = format!("part-{number:04}");
            let below = part(&own).into_iter();
            files.extend(below.map(|(path, content)| (format!("charts/{own}/{path}"), content)));
        }
        self.chart(name, &files)
    }

    /// Returns the same umbrella with an archive for each of its subcharts.
    fn packed(&self, name: &str) -> Result<PathBuf, String> {
        let packed = self.folder.join(format!("{name}-packed"));
        if !packed.is_dir() {
            let open = self.folder.join(name).join("charts");
            let draft = self.chart(&format!("{name}-packing"), &vec![metadata(name)])?;
            let parts =
                fs::read_dir(&open).map_err(|error| format!("{}: {error}", open.display()))?;
            for part in parts.flatten() {
                let archive = verta_render::Renderer::from_path(part.path())
                    .map_err(|error| error.to_string())?;
                let options = verta_render::PackageOptions::default();
                let archive = verta_render::archive(archive.chart(), &options)
                    .map_err(|error| error.to_string())?;
                let to = draft
                    .join("charts")
                    .join(part.file_name())
                    .with_extension("tgz");
                fs::create_dir_all(draft.join("charts")).map_err(|error| error.to_string())?;
                fs::write(&to, archive.data)
                    .map_err(|error| format!("{}: {error}", to.display()))?;
            }
            fs::rename(&draft, &packed)
                .map_err(|error| format!("{}: {error}", packed.display()))?;
        }
        Ok(packed)
    }
}

fn metadata(name: &str) -> (String, Vec<u8>) {
    (
        "Chart.yaml".to_owned(),
        format!("apiVersion: v2\nname: {name}\nversion: 1.0.0\n").into_bytes(),
    )
}

/// A chart of one config map.
pub fn one_template(name: &str) -> Files {
    vec![
        metadata(name),
        ("values.yaml".to_owned(), b"size: 3\nlabels:\n  tier: back\ntext: some words\n".to_vec()),
        (
            "templates/map.yaml".to_owned(),
            b"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-{{ .Chart.Name }}\n  labels:\n    {{- toYaml .Values.labels | nindent 4 }}\ndata:\n  size: {{ .Values.size | quote }}\n  text: {{ .Values.text | upper }}\n".to_vec(),
        ),
    ]
}

/// The files of a chart under another name, in its templates too.
fn renamed(files: &Files, name: &str) -> Files {
    let renamed = files.iter().map(|(path, content)| {
        let text = String::from_utf8_lossy(content).replace("starter", name);
        (path.clone(), text.into_bytes())
    });
    renamed.collect()
}

fn files_of(chart: &Path) -> Result<Files, String> {
    let mut files = Vec::new();
    let mut open = vec![chart.to_owned()];
    while let Some(folder) = open.pop() {
        let entries =
            fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for entry in entries.flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let content =
                fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
            let name = path.strip_prefix(chart).unwrap_or(&path);
            files.push((name.to_string_lossy().into_owned(), content));
        }
    }
    Ok(files)
}

/// A chart of this many templates with helpers, loops and `toYaml`.
pub fn many_templates(count: usize) -> Files {
    let mut files = vec![
        metadata("templates"),
        ("values.yaml".to_owned(), b"replicas: 2\nresources: {limits: {cpu: 100m, memory: 64Mi}}\nenv:\n  A: one\n  B: two\n  C: three\n".to_vec()),
        (
            "templates/_helpers.tpl".to_owned(),
            b"{{- define \"labels\" -}}\napp.kubernetes.io/name: {{ .Chart.Name }}\napp.kubernetes.io/instance: {{ .Release.Name }}\n{{- end -}}\n".to_vec(),
        ),
    ];
    for number in 0..count {
        let text = format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{{{ printf \"%s-{number}\" .Release.Name | trunc 63 }}}}\n  labels:\n    {{{{- include \"labels\" . | nindent 4 }}}}\nspec:\n  replicas: {{{{ .Values.replicas }}}}\n  env:\n  {{{{- range $k, $v := .Values.env }}}}\n  - name: {{{{ $k }}}}\n    value: {{{{ $v | quote }}}}\n  {{{{- end }}}}\n  resources: {{{{- toYaml .Values.resources | nindent 4 }}}}\n"
        );
        files.push((format!("templates/app-{number:05}.yaml"), text.into_bytes()));
    }
    files
}

/// A chart whose values are templates, with many definitions for them to call.
pub fn tpl_heavy(calls: usize, definitions: usize) -> Files {
    let mut helpers = String::new();
    for number in 0..definitions {
        let body = match number {
            0 => "{{ .Release.Name }}".to_owned(),
            _ => format!("{{{{ include \"part.{}\" . }}}}-{number}", number / 4),
        };
        let _ = writeln!(
            helpers,
            "{{{{- define \"part.{number}\" -}}}}{body}{{{{- end -}}}}"
        );
    }
    let mut values = String::from("texts:\n");
    for number in 0..calls {
        let _ = writeln!(
            values,
            "- '{{{{ include \"part.{}\" . }}}} {number}'",
            number % definitions.max(1)
        );
    }
    vec![
        metadata("tpl"),
        ("values.yaml".to_owned(), values.into_bytes()),
        ("templates/_parts.tpl".to_owned(), helpers.into_bytes()),
        (
            "templates/map.yaml".to_owned(),
            b"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: texts\ndata:\n{{- range $i, $text := .Values.texts }}\n  t{{ $i }}: {{ tpl $text $ | quote }}\n{{- end }}\n".to_vec(),
        ),
    ]
}

/// A chart with about this many bytes of values, of which it prints a few.
pub fn large_values(bytes: usize) -> Files {
    let mut values = String::from("items:\n");
    let mut number = 0;
    while values.len() < bytes {
        let (port, tier, zone) = (1024 + number % 60_000, number % 7, number % 3);
        let _ = writeln!(
            values,
            "  - name: item-{number}\n    port: {port}\n    labels: {{tier: \"t{tier}\", zone: z{zone}}}\n    note: some words that say what it is for"
        );
        number += 1;
    }
    vec![
        metadata("values"),
        ("values.yaml".to_owned(), values.into_bytes()),
        (
            "templates/map.yaml".to_owned(),
            b"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ (first .Values.items).name }}\ndata:\n  count: {{ len .Values.items | quote }}\n".to_vec(),
        ),
    ]
}

/// A chart that prints about this many bytes, in documents of a kilobyte.
pub fn large_output(bytes: usize) -> Files {
    let words = "some words that say what it is for, again and again; ".repeat(4);
    let entries: String = (0..4).fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "  text-{number}: {words}");
        text
    });
    let template = format!(
        "{{{{- range $i := until {} }}}}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: map-{{{{ $i }}}}\ndata:\n  number: {{{{ $i | quote }}}}\n{entries}{{{{- end }}}}\n",
        bytes / (entries.len() + 100)
    );
    vec![
        metadata("output"),
        ("values.yaml".to_owned(), Vec::new()),
        ("templates/maps.yaml".to_owned(), template.into_bytes()),
    ]
}
