//! File paths with `/`. The names that begin with `os` are for the paths of the machine, which
//! are the same on Linux.
//!
//! Go: packages `path`, `path/filepath`.

use crate::funcs::entry::{Entry, Group, func, part, text};
use crate::gostd::path;
use crate::value::ParamType::String as Text;

pub(in crate::funcs) const GROUP: Group = Group {
    title: "Paths",
    entries: FUNCTIONS,
};

const FUNCTIONS: &[Entry] = &[
    BASE,
    BASE.alias("osBase"),
    DIR,
    DIR.alias("osDir"),
    EXT,
    EXT.alias("osExt"),
    CLEAN,
    CLEAN.alias("osClean"),
    IS_ABS,
    IS_ABS.alias("osIsAbs"),
];

const BASE: Entry = func("base", &[Text], |_, a| text(path::base(a.str(0)))).doc(
    "base PATH",
    "Returns the last element of the path.",
    r#"{{ base "foo/bar/baz" }}"#,
    "baz",
);

const DIR: Entry = func("dir", &[Text], |_, a| text(path::dir(a.str(0)))).doc(
    "dir PATH",
    "Returns the path without its last element.",
    r#"{{ dir "foo/bar/baz" }}"#,
    "foo/bar",
);

const EXT: Entry = func("ext", &[Text], |_, a| part(a, 0, path::ext(a.str(0)))).doc(
    "ext PATH",
    "Returns the last element from its last dot on.",
    r#"{{ ext "foo.tar.gz" }}"#,
    ".gz",
);

const CLEAN: Entry = func("clean", &[Text], |_, a| text(path::clean(a.str(0)))).doc(
    "clean PATH",
    "Returns the shortest form of the path.",
    r#"{{ clean "foo/bar/../baz" }}"#,
    "foo/baz",
);

const IS_ABS: Entry = func("isAbs", &[Text], |_, a| Ok(path::is_abs(a.str(0)).into())).doc(
    "isAbs PATH",
    "Reports whether the path begins at the root.",
    r#"{{ isAbs "/foo" }}"#,
    "true",
);
