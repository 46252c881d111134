//! Random values for random charts: defaults, subcharts, files and flags, printed by a template of each chart.

mod chart;
mod tree;

use super::case::{Case, Template};
use super::rng::Rng;
use chart::Chart;
use tree::Tree;

const PRINTED: &[&str] = &[
    "vals: {{ toJson .Values }}\n",
    "vals: {{ toJson .Values }}\nsubs: {{ range $k, $v := .Subcharts }}{{ $k }}={{ toJson $v.Values }};{{ end }}\n",
    "vals:\n  {{- toYaml .Values | nindent 2 }}\n",
    "vals: {{ toJson .Values }}\ntypes: {{ range $k, $v := .Values }}{{ $k }}.{{ typeOf $v }};{{ end }}\n",
    "vals: {{ toJson .Values }}\nchart: {{ .Chart.Name }} {{ .Template.Name }} {{ toJson .Chart.Dependencies }}\n",
    "vals: {{ printf \"%v\" .Values | quote }}\n",
    "vals: {{ toPrettyJson .Values | nindent 2 }}\nroot: {{ .Chart.IsRoot }}\n",
];

/// A case: a chart with subcharts, values files beside it, and flags.
pub fn case(rng: &mut Rng) -> Case {
    let chart = Chart::random(rng, "t", 0);
    let mut case = Case::of_template(Template::Plain(printed(rng).into()));
    case.chart_mode = true;
    case.values = chart
        .values
        .as_ref()
        .map(|values| values.to_yaml(rng).into());
    chart.add_files(rng, "", &mut case.files);
    // Sometimes with one flag only, so that the warnings of chart defaults are seen alone.
    for number in 1..=rng.below(4) {
        let name = format!("v{number}.yaml");
        case.work
            .push((name.clone(), user_values(rng, &chart).to_yaml(rng).into()));
        case.args.extend(["-f".to_owned(), name]);
    }
    for _ in 0..rng.below(5).saturating_sub(2) {
        let (option, text) = flag(rng, &chart);
        case.args.extend([option.to_owned(), text]);
    }
    case
}

fn printed(rng: &mut Rng) -> &'static str {
    rng.pick(PRINTED)
}

/// Values as a user would give them: some of the keys the charts know, by their names there.
fn user_values(rng: &mut Rng, chart: &Chart) -> Tree {
    let mut tree = Tree::map(rng, 2);
    for (name, child) in chart.keys() {
        if rng.chance(60) {
            let below = if rng.chance(85) {
                user_values(rng, child)
            } else {
                Tree::random(rng, 1)
            };
            tree.put(&name, below);
        }
    }
    chart::add_switches(rng, chart, &mut tree);
    tree
}

fn flag(rng: &mut Rng, chart: &Chart) -> (&'static str, String) {
    let mut path = Vec::new();
    let mut at = chart;
    loop {
        let keys = at.keys();
        if keys.is_empty() || rng.chance(40) {
            break;
        }
        let (name, child) = &keys[rng.below(keys.len())];
        path.push(name.clone());
        at = child;
    }
    for _ in 0..rng.between(1, 2) {
        path.push(
            rng.pick(&["a", "b", "c", "global", "enabled", "tags", "exports"])
                .to_owned(),
        );
    }
    let path = path.join(".");
    match rng.below(3) {
        0 => (
            "--set",
            format!(
                "{path}={}",
                rng.pick(&["1", "x", "null", "true", "false", "", "{p,q}", "1.5"])
            ),
        ),
        1 => (
            "--set-json",
            format!("{path}={}", Tree::random(rng, 1).to_json()),
        ),
        _ => (
            "--set-string",
            format!("{path}={}", rng.pick(&["1", "null", "x"])),
        ),
    }
}
