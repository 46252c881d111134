//! `docs/limits.md` is made of the table of limits: the test fails when it is out of date, and `cargo xtask docs` writes it.

use crate::support::folder::put;
use crate::support::project;
use std::fmt::Write as _;
use verta_render::limits::Limit;

const HEAD: &str = "\
<!-- Made by `cargo xtask docs` out of src/limits. -->

# Limits

How much a render, the loading of a chart, or a command may use. No chart meets the defaults that was written to be rendered;
`--untrusted` (or `VERTA_RENDER_UNTRUSTED=1`, or `Bounds::untrusted()` in the library) sets the values of the last column, for charts of
others. Each limit has a flag, `--limit-NAME VALUE`, which wins over both; in the library it is a field of `Limits`.

Whoever reaches a limit is told its name, the place in the template, and the flag:

    Error: web/templates/a.yaml:3:5
      executing \"web/templates/a.yaml\" at <repeat 400000000 \"a\">:
        more than 134217728 bytes in one text (limit string, --limit-string)

Sizes are bytes, `64KiB`, `10MiB` or `1GiB`; times are `500ms`, `10s` or `2m`. Limits are counted, not measured, so a chart meets the
same one on every machine; only `time` depends on how fast it is. `memory` counts values and texts that are alive in a render, in a
rough estimate; the program itself, what it has loaded and its output come on top.

A render in the library can also be stopped from another thread: give it a `CancelToken` in `RenderOptions::bounds`. Values may nest
400 deep on a thread of the library, for whose stack of 2 MiB that is enough; `limits::set_stack_levels` says that there is more.

| Limit | Default | Untrusted | What it bounds |
| --- | --- | --- | --- |
";

fn document() -> String {
    let mut out = HEAD.to_owned();
    for limit in Limit::ALL {
        let spec = limit.spec();
        let usual = limit.show(spec.default);
        let tight = limit.show(spec.untrusted);
        let _ = writeln!(
            out,
            "| `{}` | {usual} | {tight} | {} |",
            spec.name, spec.about
        );
    }
    out
}

#[test]
fn limits_up_to_date() {
    let path = project().join("docs/limits.md");
    let document = document();
    if std::env::var_os("DOCS").is_some_and(|value| value == "update") {
        return put(&path, document.as_bytes());
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stored == document,
        "docs/limits.md is out of date: cargo xtask docs"
    );
}
