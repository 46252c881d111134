//! What helm adds to the library, and the functions it replaces.
//!
//! `include` and `tpl` are no functions of this library: the engine executes them.
//!
//! Go: helm: `pkg/engine/engine.go`, `funcs.go`.

use super::entry::{Entry, Group, func, text};
use crate::diag::{Diagnostic, Level};
use crate::template::func::{Args, CallContext, FuncError, FuncResult};
use crate::value::ParamType::{Any, String as Text};
use crate::value::{Map, Repr, Value};

pub(super) const GROUP: Group = Group {
    title: "Helm",
    entries: FUNCTIONS,
};

const FUNCTIONS: &[Entry] = &[
    func("required", &[Text, Any], required)
        .returning_any()
        .doc(
            "required MESSAGE VALUE",
            "Returns the value; stops with the message if it is nil or an empty text.",
            r#"{{ required "a name is needed" "web" }}"#,
            "web",
        ),
    func("fail", &[Text], |ctx, a| {
        if ctx.is_lint() {
            let message = a.string(0).to_lossy().into_owned();
            ctx.log(Diagnostic::log(Level::Info, "funcMap fail").with("message", message));
            return text("");
        }
        Err(FuncError::Fail(a.str(0).to_vec()))
    })
    .doc(
        "fail MESSAGE",
        "Stops with the message.",
        r#"{{ if false }}{{ fail "no" }}{{ end }}"#,
        "",
    ),
    func("lookup", &[Text, Text, Text, Text], |_, _| {
        Ok(Map::new().into())
    })
    .doc(
        "lookup API_VERSION KIND NAMESPACE NAME",
        "Returns an empty dictionary: there is no cluster to look into.",
        r#"{{ lookup "v1" "Secret" "ns" "name" | toJson }}"#,
        "{}",
    ),
];

fn required(ctx: &mut dyn CallContext, a: Args<'_>) -> FuncResult {
    // The words of the two differ by a letter.
    let complaint = match &a.any(1).0 {
        Repr::Nil => "missing required value",
        Repr::Str(s) if s.is_empty() => "missing required values",
        _ => return Ok(a.any(1).clone()),
    };
    if ctx.is_lint() {
        let message = a.string(0).to_lossy().into_owned();
        ctx.log(Diagnostic::log(Level::Warn, complaint).with("message", message));
        return Ok(Value::string(""));
    }
    Err(FuncError::Fail(a.str(0).to_vec()))
}
