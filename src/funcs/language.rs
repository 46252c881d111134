//! The functions of the language itself. The engine executes most of them; those that only make
//! text are here.
//!
//! Go: text/template's builtin functions; helm: `include`, `tpl`.

use super::entry::{Entry, Group, func, text};
use super::text::check_escaped;
use crate::gostd::html::{append_html_escaped, append_js_escaped};
use crate::gostd::url::append_query_escaped;
use crate::template::builtin;
use crate::template::func::{Args, FuncResult};
use crate::value::ParamType::{Any, String as Text};
use crate::value::print::{print, print_shown, println};
use crate::value::printf::sprintf;

pub(super) const GROUP: Group = Group {
    title: "The language",
    entries: FUNCTIONS,
};

const FUNCTIONS: &[Entry] = &[
    engine("include").doc(
        "include NAME DATA",
        "Returns what the template of this name makes of the data.",
        r#"{{ define "greeting" }}Hello {{ . }}{{ end }}{{ include "greeting" "you" | upper }}"#,
        "HELLO YOU",
    ),
    engine("tpl").doc(
        "tpl TEXT DATA",
        "Takes the text for a template and returns what it makes of the data.",
        r#"{{ tpl "{{ . }}!" "Hello" }}"#,
        "Hello!",
    ),
    engine("and").doc(
        "and VALUE...",
        "Returns the first empty value, or the last; those behind it are not computed.",
        "{{ and 1 0 2 }}",
        "0",
    ),
    engine("or").doc(
        "or VALUE...",
        "Returns the first value that is not empty, or the last.",
        "{{ or 0 1 2 }}",
        "1",
    ),
    engine("not").doc(
        "not VALUE",
        "Reports whether the value is empty.",
        "{{ not 0 }}",
        "true",
    ),
    engine("eq").doc(
        "eq A B...",
        "Reports whether A equals any of the others.",
        r#"{{ eq "a" "b" "a" }}"#,
        "true",
    ),
    engine("ne").doc(
        "ne A B",
        "Reports whether they differ.",
        "{{ ne 1 2 }}",
        "true",
    ),
    engine("lt").doc(
        "lt A B",
        "Reports whether A is less.",
        "{{ lt 1 2 }}",
        "true",
    ),
    engine("le").doc(
        "le A B",
        "Reports whether A is less or equal.",
        "{{ le 2 2 }}",
        "true",
    ),
    engine("gt").doc(
        "gt A B",
        "Reports whether A is greater.",
        "{{ gt 2 1 }}",
        "true",
    ),
    engine("ge").doc(
        "ge A B",
        "Reports whether A is greater or equal.",
        "{{ ge 2 2 }}",
        "true",
    ),
    engine("len").doc(
        "len VALUE",
        "Returns how many bytes a text, or elements a list or map has.",
        r#"{{ len "abc" }}"#,
        "3",
    ),
    engine("index").doc(
        "index VALUE KEY...",
        "Returns the element at the path of keys and positions.",
        r#"{{ index (dict "a" (list 1 2)) "a" 1 }}"#,
        "2",
    ),
    engine("call").doc(
        "call FUNCTION VALUE...",
        "Calls a function that is a value; charts have none.",
        r#"{{ if false }}{{ call "f" }}{{ end }}"#,
        "",
    ),
    func("print", &[Any], |_, a| {
        let mut out = Vec::new();
        print(a.rest(0), &mut out);
        text(out)
    })
    .variadic()
    .doc(
        "print VALUE...",
        "Returns the values as text, with a space between two that are no strings.",
        r#"{{ print 1 2 "a" }}"#,
        "1 2a",
    ),
    func("printf", &[Text, Any], |_, a| {
        text(sprintf(a.str(0), a.rest(1)))
    })
    .variadic()
    .doc(
        "printf FORMAT VALUE...",
        "Returns the values as the verbs of the format show them.",
        r#"{{ printf "%s-%03d" "web" 7 }}"#,
        "web-007",
    ),
    func("println", &[Any], |_, a| {
        let mut out = Vec::new();
        println(a.rest(0), &mut out);
        text(out)
    })
    .variadic()
    .doc(
        "println VALUE...",
        "Returns the values as text with spaces between all, and a line break.",
        r#"{{ println "a" 1 }}"#,
        "a 1\n",
    ),
    func("html", &[Any], |_, a| escaped(a, append_html_escaped))
        .variadic()
        .doc(
            "html VALUE...",
            "Returns the values as text in HTML.",
            r#"{{ html "a<b" }}"#,
            "a&lt;b",
        ),
    func("js", &[Any], |_, a| escaped(a, append_js_escaped))
        .variadic()
        .doc(
            "js VALUE...",
            "Returns the values as text in JavaScript.",
            r#"{{ js "it's" }}"#,
            r"it\'s",
        ),
    func("urlquery", &[Any], |_, a| escaped(a, append_query_escaped))
        .variadic()
        .doc(
            "urlquery VALUE...",
            "Returns the values as text in the query of a URL.",
            r#"{{ urlquery "a b" }}"#,
            "a+b",
        ),
];

/// Begins the entry of a function that the engine executes. A name it does not have stops the
/// compiler.
const fn engine(name: &str) -> Entry {
    let mut i = 0;
    while i < builtin::FUNCTIONS.len() {
        let found = builtin::FUNCTIONS[i];
        if is_same(found.name.as_bytes(), name.as_bytes()) {
            return Entry {
                func: found,
                usage: "",
                summary: "",
                example: "",
                output: "",
                difference: "",
                alias_of: None,
            };
        }
        i += 1;
    }
    panic!("the engine has no function of this name")
}

const fn is_same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

fn escaped(a: Args<'_>, append: fn(&mut Vec<u8>, &[u8])) -> FuncResult {
    let mut plain = Vec::new();
    print_shown(a.rest(0), &mut plain);
    check_escaped(0, &plain)?;
    let mut out = Vec::with_capacity(plain.len() + 8);
    append(&mut out, &plain);
    text(out)
}
