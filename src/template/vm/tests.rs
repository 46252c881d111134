//! What a black box cannot show: nesting, sharing, limits, observers. The language itself is tested by the
//! recorded cases.

use crate::host::FixedHost;
use crate::limits::Limits;
use crate::template::func::{FuncDef, FuncError, FuncMap};
use crate::template::program::Template;
use crate::template::{Environment, Observer, Place, TemplateSet};
use crate::value::{Map, ParamType, Value};
use std::ops::Range;

struct Functions;

static UPPER: FuncDef = FuncDef::new("upper", &[ParamType::String], |_, args| {
    Ok(args.str(0).to_ascii_uppercase().into())
});
static FAIL: FuncDef = FuncDef::new("fail", &[ParamType::String], |_, args| {
    Err(FuncError::Fail(args.str(0).to_vec()))
});

impl FuncMap for Functions {
    fn get(&self, name: &[u8]) -> Option<&'static FuncDef> {
        let own = [&UPPER, &FAIL]
            .into_iter()
            .find(|def| def.name.as_bytes() == name);
        let builtin = crate::template::builtin::FUNCTIONS.iter();
        own.or_else(|| builtin.into_iter().find(|def| def.name.as_bytes() == name))
    }
}

const HOST: FixedHost = FixedHost {
    now: (0, 0),
    seed: 0,
};

fn set_of(text: &str) -> TemplateSet {
    let mut set = TemplateSet::new(Functions);
    if let Err(error) = set.parse(b"m", text.as_bytes()) {
        panic!("{text:?}: {error:?}");
    }
    set
}

fn data() -> Value {
    [
        (
            "t",
            Value::string("{{ define \"own\" }}o{{ end }}{{ include \"calls\" . }}"),
        ),
        ("self", Value::string("{{ tpl .self . }}")),
        ("l", Value::list(vec![Value::int(1), Value::int(2)])),
        ("m", Map::from_iter([("k", Value::int(5))]).into()),
    ]
    .into_iter()
    .collect::<Map>()
    .into()
}

/// The output, or helm's text of the error.
fn render(text: &str) -> String {
    render_within(text, Limits::default())
}

fn render_within(text: &str, limits: Limits) -> String {
    let environment = Environment {
        limits,
        ..Environment::new(&HOST)
    };
    let result = set_of(text)
        .execute(b"m", &data(), &environment)
        .expect("m was parsed");
    let bytes = result.unwrap_or_else(|error| error.helm_text());
    String::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn a_set_can_be_shared_between_threads() {
    fn check<T: Send + Sync>() {}
    check::<TemplateSet>();
    check::<Template>();
}

#[test]
fn templates_nest_as_deep_as_in_go() {
    let text = render("{{ define \"a\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}");
    assert_eq!(
        text,
        "m:1:28\n  executing \"a\" at <{{template \"a\" .}}>:\n    exceeded maximum template depth (100000)"
    );
}

#[test]
fn include_of_one_name_nests_a_thousand_times() {
    let text = render("{{ define \"a\" }}{{ include \"a\" . }}{{ end }}{{ include \"a\" . }}");
    let end = "error calling include: rendering template has a nested reference name: a: unable to execute template";
    assert!(text.ends_with(end), "{text:.200}");
    assert_eq!(text.matches("executing").count(), 1002);
}

#[test]
fn what_helm_lets_run_away_is_stopped() {
    let text = render("{{ tpl .self . }}");
    assert!(
        text.ends_with(
            "more than 300000 templates within templates (limit frames, --limit-frames)"
        ),
        "{text:.200}"
    );
    assert!(text.len() < 10_000);
    let few = Limits {
        steps: 1000,
        ..Limits::default()
    };
    let text = render_within("{{ range 100 }}{{ range 100 }}{{ end }}{{ end }}", few);
    assert!(
        text.ends_with("more than 1000 steps (limit steps, --limit-steps)"),
        "{text}"
    );
    let little = Limits {
        output: 100,
        ..Limits::default()
    };
    let text = render_within("{{ range 100 }}{{ \"abcdef\" }}{{ end }}", little);
    assert!(
        text.ends_with("more than 100 bytes of output (limit output, --limit-output)"),
        "{text}"
    );
}

#[test]
fn definitions_of_a_tpl_text_are_seen_by_what_it_calls_and_gone_after() {
    let defined =
        "{{ define \"own\" }}-{{ end }}{{ define \"calls\" }}[{{ template \"own\" . }}]{{ end }}";
    let text = format!("{defined}{{{{ tpl .t . }}}}{{{{ include \"calls\" . }}}}");
    assert_eq!(render(&text), "[o][-]");
}

#[test]
fn an_argument_that_is_skipped_declares_nothing() {
    assert_eq!(
        render("{{ $x := 1 }}{{ or 5 ($x := 2) }}{{ $x }}{{ or 0 ($x := 3) }}{{ $x }}"),
        "5133"
    );
    let never = render("{{ and 0 ($y := 2) }}{{ $y }}");
    assert_eq!(
        never,
        "m:1:24\n  executing \"m\" at <$y>:\n    undefined variable: $y"
    );
}

#[test]
fn the_node_visited_last_depends_on_where_and_stopped() {
    let text = |condition: &str| render(&format!("{{{{ upper (and {condition} 7 .l) }}}}"));
    assert!(
        text("0").starts_with("m:1:14\n  executing \"m\" at <0>:"),
        "{}",
        text("0")
    );
    assert!(
        text("1").starts_with("m:1:18\n  executing \"m\" at <.l>:"),
        "{}",
        text("1")
    );
}

#[test]
fn nested_parentheses_take_no_stack() {
    let depth = 9_999;
    let text = format!(
        "{{{{ {}\"a\"{} }}}}",
        "(upper ".repeat(depth),
        ")".repeat(depth)
    );
    assert_eq!(render(&text), "A");
    let depth = 100_000;
    let text = format!("{}x{}", "{{if 1}}".repeat(depth), "{{end}}".repeat(depth));
    assert_eq!(render(&text), "x");
}

#[derive(Default)]
struct Notes {
    events: Vec<String>,
}

impl Observer for &mut Notes {
    fn read(&mut self, receiver: &Value, name: &[u8]) {
        let name = String::from_utf8_lossy(name);
        self.events
            .push(format!("read {} {name}", receiver.go_type()));
    }

    fn wrote(&mut self, place: Place<'_>, bytes: Range<usize>) {
        let text = String::from_utf8_lossy(place.span().of(place.source().text())).into_owned();
        self.events.push(format!("wrote {bytes:?} {text}"));
    }

    fn entered(&mut self, template: &[u8], place: Place<'_>) {
        let position = place.position();
        let name = String::from_utf8_lossy(template);
        self.events.push(format!(
            "entered {name} from {}:{}",
            position.line, position.column
        ));
    }

    fn left(&mut self) {
        self.events.push("left".to_owned());
    }
}

#[test]
fn an_observer_sees_who_wrote_what() {
    let set = set_of("{{ define \"a\" }}<{{ .k }}>{{ end }}x{{ include \"a\" .m }}");
    let mut notes = Notes::default();
    let environment = Environment::new(&HOST);
    let output = set
        .execute_observed(b"m", &data(), &environment, &mut notes)
        .expect("parsed")
        .expect("no error");
    assert_eq!(output, b"x<5>");
    assert_eq!(
        notes.events,
        [
            "wrote 0..1 x",
            "read map[string]interface {} m",
            "entered a from 1:39",
            "wrote 0..1 <",
            "read map[string]interface {} k",
            "wrote 1..2 {{ .k }}",
            "wrote 2..3 >",
            "left",
            "wrote 1..4 {{ include \"a\" .m }}",
        ]
    );
}
