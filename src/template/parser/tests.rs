//! Trees and their printed form, and the errors of the parser.

use super::{FunctionNames, ParseError, Parsed, parse};
use crate::source::Source;
use crate::template::ast::NodeKind;
use crate::template::print::print;
use std::sync::Arc;

struct Known;

impl FunctionNames for Known {
    fn is_function(&self, name: &[u8]) -> bool {
        matches!(name, b"print" | b"eq")
    }
}

fn parse_text(text: &str) -> Result<Parsed, ParseError> {
    parse(
        Arc::new(Source::new(&b"t.yaml"[..], text.as_bytes()).expect("short")),
        &Known,
    )
}

fn message(text: &str) -> String {
    let error = parse_text(text)
        .err()
        .unwrap_or_else(|| panic!("{text:?} was parsed"));
    String::from_utf8(error.text()).expect("ASCII")
}

/// The first action of a text, printed afresh.
fn printed(text: &str) -> String {
    let parsed = parse_text(text).unwrap_or_else(|error| panic!("{text:?}: {error:?}"));
    let NodeKind::List(nodes) = parsed.ast.node(parsed.definitions[0].root).kind else {
        panic!("no list")
    };
    let mut out = Vec::new();
    print(&parsed.ast, parsed.ast.children(nodes)[0], &mut out);
    String::from_utf8(out).expect("ASCII")
}

#[test]
fn the_line_is_that_of_the_token_read_last() {
    for (text, expected) in [
        (
            "a\n{{ if true }}\n\n{{/* x",
            "4: unclosed comment in action started at t.yaml:2",
        ),
        (
            "{{ if\n true }}\n{{ \"abc\n",
            "3: unterminated quoted string",
        ),
        (
            "{{ block \"b\" . }}\n\n{{ else }}{{ end }}",
            "1: unexpected {{else}} in block clause",
        ),
        (
            "{{ define \"b\" }}\n\n{{ else }}{{ end }}",
            "3: unexpected {{else}} in define clause",
        ),
        (
            "{{ range $i,\n $e = .x }}{{ else if }}",
            "2: unexpected <if> in input",
        ),
        (
            "{{ (((((((\n1 }}",
            "2: unclosed left paren in action started at t.yaml:1",
        ),
        ("a\n{{ .x\n", "3: unclosed action started at t.yaml:2"),
        (
            "{{-\n1\n-}}\n {{ nofunc }}",
            "4: function \"nofunc\" not defined",
        ),
    ] {
        assert_eq!(
            message(text),
            format!("template: t.yaml:{expected}"),
            "{text:?}"
        );
    }
}

#[test]
fn a_block_has_variables_and_ranges_of_its_own() {
    assert_eq!(
        message("{{ $x := 1 }}{{ block \"q\" . }}{{ $x }}{{ end }}"),
        "template: t.yaml:1: undefined variable \"$x\""
    );
    let text = "{{ range . }}{{ block \"q\" . }}{{ break }}{{ end }}{{ end }}";
    assert_eq!(
        message(text),
        "template: t.yaml:1: {{break}} outside {{range}}"
    );
}

#[test]
fn nodes_are_printed_afresh() {
    for (text, expected) in [
        (
            "{{$x  :=  (  .a.b  |  print  `q`  0x1F ).c.d}}",
            "{{$x := (.a.b | print `q` 0x1F).c.d}}",
        ),
        (
            "{{template  \"x\\ty\"  $.z  }}",
            "{{template \"x\\ty\" $.z}}",
        ),
        ("{{ print.a.b nil true . }}", "{{print.a.b nil true .}}"),
    ] {
        assert_eq!(printed(text), expected);
    }
}

#[test]
fn a_void_definition_replaces_nothing() {
    let kept = |text: &str| {
        let parsed = parse_text(text).expect("no two definitions with content");
        let found = parsed
            .definitions
            .iter()
            .find(|found| &*found.name == b"x")
            .expect("defined")
            .clone();
        (found.is_empty, parsed.definitions.len())
    };
    assert_eq!(
        kept("{{ define \"x\" }}a{{ end }}{{ define \"x\" }} {{/* c */}} {{ end }}"),
        (false, 2)
    );
    assert_eq!(
        kept("{{ define \"x\" }}{{ end }}{{ block \"x\" . }}b{{ end }}"),
        (false, 2)
    );
    assert_eq!(
        message("\n{{ define \"x\" }}a{{ end }}\n{{ define \"x\" }}b{{ end }}"),
        "template: t.yaml:3: template: multiple definition of template \"x\""
    );
}

#[test]
fn nesting_costs_no_stack() {
    let nested = |depth: usize| format!("{{{{ {}1{} }}}}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(
        printed(&nested(1200)),
        nested(1200).replace("{{ ", "{{").replace(" }}", "}}")
    );
    assert!(parse_text(&nested(10_000)).is_ok());
    assert_eq!(
        message(&nested(10_001)),
        "template: t.yaml:1: max expression depth exceeded"
    );
    let depth = 100_000;
    let ifs = format!("{}x{}", "{{if 1}}".repeat(depth), "{{end}}".repeat(depth));
    assert!(parse_text(&ifs).is_ok());
    let elses = format!("{{{{if 1}}}}{}{{{{end}}}}", "{{else if 2}}y".repeat(depth));
    assert!(parse_text(&elses).is_ok());
}
