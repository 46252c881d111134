//! Defaults and conditions.
//!
//! Go: sprig: `defaults.go`.

use crate::funcs::entry::{Entry, Group, func};
use crate::value::ParamType::{Any, Bool};
use crate::value::Value;

pub(in crate::funcs) const GROUP: Group = Group {
    title: "Defaults and conditions",
    entries: FUNCTIONS,
};

const FUNCTIONS: &[Entry] = &[
    func("default", &[Any, Any], |_, a| {
        let given = a.rest(1).first().filter(|v| !is_empty(v));
        Ok(given.unwrap_or(a.any(0)).clone())
    })
    .variadic()
    .returning_any()
    .doc(
        "default DEFAULT VALUE",
        "Returns VALUE, or DEFAULT if it is empty: nil, false, 0, or without content.",
        r#"{{ "" | default "foo" }}"#,
        "foo",
    ),
    func("empty", &[Any], |_, a| Ok(is_empty(a.any(0)).into())).doc(
        "empty VALUE",
        "Reports whether the value is nil, false, 0, or has no content.",
        "{{ empty (list) }}",
        "true",
    ),
    func("coalesce", &[Any], |_, a| {
        Ok(first_that(a.rest(0), |v| !is_empty(v))
            .cloned()
            .unwrap_or_default())
    })
    .variadic()
    .returning_any()
    .doc(
        "coalesce VALUE...",
        "Returns the first value that is not empty.",
        "{{ coalesce 0 1 2 }}",
        "1",
    ),
    func("all", &[Any], |_, a| {
        Ok(first_that(a.rest(0), is_empty).is_none().into())
    })
    .variadic()
    .doc(
        "all VALUE...",
        "Reports whether no value is empty.",
        "{{ all 0 1 2 }}",
        "false",
    ),
    func("any", &[Any], |_, a| {
        Ok(first_that(a.rest(0), |v| !is_empty(v)).is_some().into())
    })
    .variadic()
    .doc(
        "any VALUE...",
        "Reports whether some value is not empty.",
        "{{ any 0 1 2 }}",
        "true",
    ),
    func("ternary", &[Any, Any, Bool], |_, a| {
        Ok(a.any(usize::from(!a.bool(2))).clone())
    })
    .returning_any()
    .doc(
        "ternary YES NO CONDITION",
        "Returns YES if the condition is true, else NO.",
        r#"{{ true | ternary "foo" "bar" }}"#,
        "foo",
    ),
];

/// Reports whether sprig takes the value for absent.
pub(super) fn is_empty(value: &Value) -> bool {
    !value.is_true()
}

fn first_that(values: &[Value], condition: fn(&Value) -> bool) -> Option<&Value> {
    values.iter().find(|value| condition(value))
}
