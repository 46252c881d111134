//! The functions of the language itself that only make text. The others need the engine and
//! live there.
//!
//! Go: text/template's builtin functions.

use super::entry::{Entry, Group, func, text};
use crate::gostd::html::{append_html_escaped, append_js_escaped};
use crate::gostd::url::append_query_escaped;
use crate::template::func::{Args, FuncResult};
use crate::value::ParamType::{Any, String as Text};
use crate::value::print::{print, print_shown, println};
use crate::value::printf::sprintf;

pub(super) const GROUP: Group = Group {
    title: "Text of the language",
    entries: FUNCTIONS,
};

const FUNCTIONS: &[Entry] = &[
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

fn escaped(a: Args<'_>, append: fn(&mut Vec<u8>, &[u8])) -> FuncResult {
    let mut plain = Vec::new();
    print_shown(a.rest(0), &mut plain);
    let mut out = Vec::with_capacity(plain.len() + 8);
    append(&mut out, &plain);
    text(out)
}
