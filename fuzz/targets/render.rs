//! Values, a zero byte, a template: rendered as a chart, with a loop around what may go on for long.
//!
//! The limits are small, so that a slow run is one that no limit stops: a bug.
#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use verta_render::host::FixedHost;
use verta_render::limits::{Bounds, Limits};
use verta_render::{RenderOptions, Renderer, read_values};

const CHART: &[u8] = b"apiVersion: v2\nname: fuzz\nversion: 0.1.0\n";
const HELPERS: &[u8] = b"{{ define \"twice\" }}{{ . }}{{ . }}{{ end }}\
    {{ define \"again\" }}{{ tpl . $ }}{{ end }}";

fuzz_target!(|data: &[u8]| {
    let mut parts = data.splitn(2, |byte| *byte == 0);
    let values = parts.next().unwrap_or_default();
    let template = parts.next().unwrap_or(values);
    let options = RenderOptions {
        bounds: Bounds {
            limits: Limits {
                steps: 20_000,
                frames: 1_000,
                output: 1 << 20,
                work: 1 << 24,
                ..Limits::untrusted()
            },
            ..Bounds::default()
        },
        host: Arc::new(FixedHost {
            now: (1_600_000_000, 0),
            seed: 1,
        }),
        ..RenderOptions::named("fuzz")
    };
    let chart = Renderer::from_memory([
        ("Chart.yaml", CHART),
        (
            "values.yaml",
            b"list: [1, two, 3.5, null]\nmap: {a: {b: c}, d: true}\n",
        ),
        ("templates/_helpers.tpl", HELPERS),
        ("templates/fuzz.yaml", template),
        ("files/a.txt", b"one\ntwo\n"),
    ]);
    let chart = chart.expect("a chart whose metadata are sound can be loaded");
    let Ok(values) = read_values(values) else {
        return;
    };
    match chart.render(&values, &options) {
        Ok(rendered) => {
            let again = chart.render(&values, &options);
            let again = again.expect("what was rendered once can be rendered again");
            let texts = |rendered: &verta_render::Rendered| -> Vec<Vec<u8>> {
                let manifests = rendered.manifests.iter();
                manifests.map(|manifest| manifest.text().to_vec()).collect()
            };
            assert_eq!(texts(&rendered), texts(&again), "one input, two outputs");
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
