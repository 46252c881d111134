//! Random YAML texts: as a string for `fromYaml`, as a values file, as a manifest.

mod scalar;
mod text;

use super::case::{Case, Template};
use super::rng::Rng;

/// A case: one text in one of its places.
pub fn case(rng: &mut Rng) -> Case {
    let text = text::random(rng);
    match rng.below(20) {
        0..=13 => {
            let after = rng.pick(&[
                " }}{{ fromYaml $y | toJson }}\n{{ fromYaml $y | toYaml }}",
                " }}{{ fromYamlArray $y | toJson }}\n{{ fromYamlArray $y | toYaml }}",
                " }}{{ fromYaml $y | toYamlPretty }}",
                " }}{{ range $k, $v := fromYaml $y }}{{ $k }}.{{ typeOf $v }}:{{ $v }};{{ end }}",
                " }}{{ toYaml $y }}\n{{ toYamlPretty $y }}\n{{ toYaml (list $y (dict $y $y)) }}\n{{ toYamlPretty (dict $y (list $y)) }}",
                " }}{{ toYaml $y | printf \"a: %s\" | fromYaml | toJson }}{{ dict \"k\" $y | toYaml | fromYaml | toRawJson }}",
            ]);
            Case::of_template(Template::Quoting("{{ $y := ", text, after))
        }
        14..=16 => {
            let mut case = Case::of_template(Template::Plain(
                b"{{ toJson .Values }}\n{{ toYaml .Values }}\n{{ toYamlPretty .Values }}".to_vec(),
            ));
            if rng.chance(50) {
                case.values = Some(text);
            } else {
                case.work = vec![("v.yaml".to_owned(), text)];
                case.args = ["-f", "v.yaml"].map(str::to_owned).to_vec();
            }
            case
        }
        _ => {
            let mut case = Case::of_template(Template::Quoting("{{ ", text, " }}\n"));
            case.chart_mode = true;
            case
        }
    }
}
