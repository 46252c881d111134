//! What holds from one render to the next, and between the charts of a tree.

use super::{RenderOptions, Renderer, read_values};

const CHART: (&str, &str) = ("Chart.yaml", "apiVersion: v2\nname: top\nversion: 1.0.0\n");
const KID: (&str, &str) = (
    "charts/kid/Chart.yaml",
    "apiVersion: v2\nname: kid\nversion: 1.0.0\n",
);

fn renderer(files: &[(&str, &str)]) -> Renderer {
    let is_given = files.iter().any(|(name, _)| *name == CHART.0);
    let chart = (!is_given).then_some(CHART);
    Renderer::from_memory(chart.into_iter().chain(files.iter().copied())).unwrap()
}

fn render(renderer: &Renderer, values: &str) -> String {
    let values = read_values(values.as_bytes()).unwrap();
    let rendered = renderer.render(&values, &RenderOptions::named("rel"));
    let text = rendered.map_or_else(|e| e.to_string().into_bytes(), |r| r.to_text());
    String::from_utf8(text).unwrap()
}

#[test]
fn a_render_leaves_no_trace_in_the_next() {
    let renderer = renderer(&[
        ("values.yaml", "a: {i: 0}\nl: [{m: 0}]\n"),
        (
            "templates/a.yaml",
            "# {{ toJson .Values }}{{ .Chart.Name }}{{ .Release.Name }}\n\
             {{- $_ := set .Values.a \"i\" 1 }}{{ $_ := set .Values \"b\" 2 }}\
             {{ $_ := set (first .Values.l) \"m\" 3 }}{{ $_ := set .Chart \"Name\" \"x\" }}\
             {{ $_ := set .Release \"Name\" \"y\" }}{{ $_ := set $ \"Z\" 1 }}",
        ),
    ]);
    let first = render(&renderer, "given: {x: 1}");
    assert!(
        first.contains(r##"# {"a":{"i":0},"given":{"x":1},"l":[{"m":0}]}toprel"##),
        "{first}"
    );
    assert_eq!(render(&renderer, "given: {x: 1}"), first);
}

#[test]
fn values_that_are_given_stay_as_they_were() {
    let renderer = renderer(&[(
        "templates/a.yaml",
        "a: {{ $_ := set .Values.a \"i\" 1 }}{{ .Values.a.i }}",
    )]);
    let values = read_values(b"a: {}").unwrap();
    let options = RenderOptions::default();
    renderer.render(&values, &options).unwrap();
    let a = values.get(b"a").unwrap();
    assert!(a.as_map().unwrap().is_empty());
}

#[test]
fn a_subchart_and_its_parent_see_one_map() {
    let renderer = renderer(&[
        KID,
        (
            "charts/kid/templates/k.yaml",
            "kid: {{ $_ := set .Values \"x\" 1 }}{{ .Template.Name }}",
        ),
        (
            "templates/a.yaml",
            "top: {{ .Values.kid.x }}{{ .Subcharts.kid.Values.x }} {{ .Subcharts.kid.Chart.IsRoot }}",
        ),
    ]);
    let text = render(&renderer, "");
    assert!(
        text.contains("kid: top/charts/kid/templates/k.yaml"),
        "{text}"
    );
    assert!(text.contains("top: 11 false"), "{text}");
}

#[test]
fn files_of_a_chart_share_its_context() {
    let renderer = renderer(&[
        // Files are executed from the end of the alphabet on.
        ("templates/z.yaml", "z: {{ $_ := set . \"Seen\" \"yes\" }}1"),
        ("templates/a.yaml", "a: {{ .Seen }} {{ .Template.Name }}"),
    ]);
    let text = render(&renderer, "");
    assert!(text.contains("a: yes top/templates/a.yaml"), "{text}");
}

#[test]
fn values_decide_which_templates_there_are() {
    let renderer = renderer(&[
        (
            "Chart.yaml",
            "apiVersion: v2\nname: top\nversion: 1.0.0\n\
             dependencies: [{name: kid, version: \"*\", condition: kid.enabled}]\n",
        ),
        KID,
        (
            "charts/kid/templates/_h.tpl",
            "{{ define \"h\" }}kid{{ end }}",
        ),
        (
            "templates/_h.tpl",
            "{{ define \"h2\" }}{{ include \"h\" . }}{{ end }}",
        ),
        ("templates/a.yaml", "a: {{ include \"h2\" . }}"),
    ]);
    for _ in 0..2 {
        assert!(render(&renderer, "kid: {enabled: true}").contains("a: kid"));
        let text = render(&renderer, "kid: {enabled: false}");
        assert!(text.contains("no template \"h\""), "{text}");
    }
}

#[test]
fn threads_do_not_disturb_each_other() {
    let renderer = renderer(&[(
        "templates/a.yaml",
        "{{ range until 50 }}{{ $_ := set $.Values \"sum\" (add $.Values.sum 1) }}{{ end }}\
         sum: {{ .Values.sum }} {{ tpl \"{{ .Values.sum }}\" . }}",
    )]);
    std::thread::scope(|scope| {
        for n in 0..8 {
            let renderer = &renderer;
            scope.spawn(move || {
                let text = render(renderer, &format!("sum: {n}"));
                let sum = n + 50;
                assert!(text.contains(&format!("sum: {sum} {sum}")), "{text}");
            });
        }
    });
}

#[test]
fn notes_are_kept_apart() {
    let renderer = renderer(&[
        ("templates/NOTES.txt", "Hello {{ .Release.Name }}"),
        ("templates/a.yaml", "a: 1"),
    ]);
    let values = read_values(b"").unwrap();
    let rendered = renderer
        .render(&values, &RenderOptions::named("rel"))
        .unwrap();
    assert_eq!(rendered.notes.as_deref(), Some(&b"Hello rel"[..]));
    assert_eq!(rendered.manifests.len(), 1);
}

/// Does something on a thread with the stack that threads have by themselves.
fn on_a_small_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    thread.spawn(work).unwrap().join().unwrap()
}

#[test]
fn the_deepest_values_pass_on_a_small_stack() {
    // As deep as the limit allows: in a values file, and made by a template.
    let deep = |depth: usize| format!("a: {}{}", "[".repeat(depth), "]".repeat(depth));
    let template = "{{ $l := dict }}{{ range until 390 }}{{ $l = dict \"a\" $l }}{{ end }}\
        {{ $c := deepCopy $l }}{{ eq (toJson $c) (toJson $l) }}{{ deepEqual $c $l }}\
        {{ $_ := mergeOverwrite $c $l }}{{ $_ := toYaml $c }}{{ $_ := toToml $c }}\
        {{ $_ := printf \"%v\" $c }}{{ $_ := print $c .Values.a }}";
    let template = format!("# {template}");
    let render = move |values: String, template: String| {
        on_a_small_stack(move || {
            let files = [
                ("Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n".to_owned()),
                ("values.yaml", values),
                ("values.schema.json", "{\"type\": \"object\", \"$defs\": {\"a\": {\"items\": {\"$ref\": \"#/$defs/a\"}}}, \"properties\": {\"a\": {\"$ref\": \"#/$defs/a\"}}}".to_owned()),
                ("templates/a.yaml", template),
            ];
            let renderer = Renderer::from_memory(files).map_err(|error| error.to_string())?;
            let values = read_values(b"").map_err(|error| error.to_string())?;
            let rendered = renderer.render(&values, &RenderOptions::named("rel"));
            rendered.map(drop).map_err(|error| error.to_string())
        })
    };
    render(deep(390), template).unwrap();
    let error = render(deep(1100), String::new()).unwrap_err();
    assert!(error.contains("more than 400 levels"), "{error}");
    let nested =
        "{{ $l := dict }}{{ range until 1100 }}{{ $l = dict \"a\" $l }}{{ end }}{{ toYaml $l }}";
    let error = render(String::new(), nested.to_owned()).unwrap_err();
    assert!(error.contains("limit values-depth"), "{error}");
}
