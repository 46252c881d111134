//! Types and kinds of values.
//!
//! Go: sprig: `reflect.go`.

use crate::funcs::entry::{Entry, Group, func, text};
use crate::value::ParamType::{Any, String as Text};
use crate::value::deep_equal;

pub(in crate::funcs) const GROUP: Group = Group {
    title: "Types",
    entries: FUNCTIONS,
};

const FUNCTIONS: &[Entry] = &[
    func("typeOf", &[Any], |_, a| text(a.any(0).go_type())).doc(
        "typeOf VALUE",
        "Returns Go's name of the value's type.",
        "{{ typeOf (list) }}",
        "[]interface {}",
    ),
    func("kindOf", &[Any], |_, a| text(a.any(0).kind().name())).doc(
        "kindOf VALUE",
        "Returns Go's name of the value's kind.",
        "{{ kindOf (list) }}",
        "slice",
    ),
    func("typeIs", &[Text, Any], |_, a| {
        Ok((a.any(1).go_type().as_bytes() == a.str(0)).into())
    })
    .doc(
        "typeIs TYPE VALUE",
        "Reports whether the value has this type.",
        r#"{{ typeIs "int" 1 }}"#,
        "true",
    ),
    func("typeIsLike", &[Text, Any], |_, a| {
        let name = a.any(1).go_type().as_bytes();
        let target = name.strip_prefix(b"*").unwrap_or(name);
        Ok((a.str(0) == name || a.str(0) == target).into())
    })
    .doc(
        "typeIsLike TYPE VALUE",
        "Reports whether the value has this type or is a pointer to it.",
        r#"{{ typeIsLike "semver.Version" (semver "1.0.0") }}"#,
        "true",
    ),
    func("kindIs", &[Text, Any], |_, a| {
        Ok((a.any(1).kind().name().as_bytes() == a.str(0)).into())
    })
    .doc(
        "kindIs KIND VALUE",
        "Reports whether the value has this kind.",
        r#"{{ kindIs "map" (dict) }}"#,
        "true",
    ),
    func("deepEqual", &[Any, Any], |_, a| {
        Ok(deep_equal(a.any(0), a.any(1)).into())
    })
    .doc(
        "deepEqual A B",
        "Reports whether both are equal in type and content.",
        "{{ deepEqual (list 1 2) (list 1 2) }}",
        "true",
    ),
];
