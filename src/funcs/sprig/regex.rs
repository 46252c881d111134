//! Regular expressions. Compiled ones are kept, since charts match in loops.
//!
//! Go: package `regexp`; sprig: `regex.go`.

use std::ops::Range;
use std::rc::Rc;

use crate::funcs::entry::{Entry, Group, func, text};
use crate::gostd::regexp::{Regexp, append_quoted_meta, compile_failure};
use crate::limits::{self, Limit};
use crate::template::func::{Args, FuncError, FuncResult};
use crate::value::ParamType::{Int, String as Text};
use crate::value::{List, ListType, Value};

pub(in crate::funcs) const GROUP: Group = Group {
    title: "Regular expressions",
    entries: FUNCTIONS,
};

/// What the tables of the library and a bound on memory change.
const CLASSES: &str = "characters new in Unicode 17 belong to few classes `\\p{...}`, and a few \
    patterns of very large classes repeated very often are refused.";

const FUNCTIONS: &[Entry] = &[
    func("regexMatch", &[Text, Text], |_, a| {
        let regexp = Regexp::cached(a.str(0));
        Ok(regexp.is_ok_and(|r| r.is_match(a.str(1))).into())
    })
    .differs(CLASSES)
    .doc(
        "regexMatch PATTERN TEXT",
        "Reports whether the pattern matches somewhere; a broken one never does.",
        r#"{{ regexMatch "^a.c$" "abc" }}"#,
        "true",
    ),
    func("mustRegexMatch", &[Text, Text], |_, a| {
        Ok(compile(a)?.is_match(a.str(1)).into())
    })
    .differs(CLASSES)
    .doc(
        "mustRegexMatch PATTERN TEXT",
        "Reports whether the pattern matches somewhere.",
        r#"{{ mustRegexMatch "^a.c$" "abc" }}"#,
        "true",
    ),
    func("regexFind", &[Text, Text], |_, a| {
        find(&*must_compile(a)?, a)
    })
    .differs(CLASSES)
    .doc(
        "regexFind PATTERN TEXT",
        "Returns the first match, an empty text if there is none.",
        r#"{{ regexFind "[0-9]+" "a12b345" }}"#,
        "12",
    ),
    func("mustRegexFind", &[Text, Text], |_, a| {
        find(&*compile(a)?, a)
    })
    .differs(CLASSES)
    .doc(
        "mustRegexFind PATTERN TEXT",
        "Returns the first match, an empty text if there is none.",
        r#"{{ mustRegexFind "[0-9]+" "a12b345" }}"#,
        "12",
    ),
    func("regexFindAll", &[Text, Text, Int], |_, a| {
        find_all(&*must_compile(a)?, a)
    })
    .differs(CLASSES)
    .doc(
        "regexFindAll PATTERN TEXT COUNT",
        "Returns the first COUNT matches, all if it is negative.",
        r#"{{ regexFindAll "[0-9]+" "a12b345" -1 | toJson }}"#,
        r#"["12","345"]"#,
    ),
    func("mustRegexFindAll", &[Text, Text, Int], |_, a| {
        find_all(&*compile(a)?, a)
    })
    .differs(CLASSES)
    .doc(
        "mustRegexFindAll PATTERN TEXT COUNT",
        "Returns the first COUNT matches, all if it is negative.",
        r#"{{ mustRegexFindAll "[0-9]+" "a12b345" -1 | toJson }}"#,
        r#"["12","345"]"#,
    ),
    func("regexReplaceAll", &[Text, Text, Text], |_, a| {
        text(must_compile(a)?.replace_all(a.str(1), a.str(2)))
    })
    .differs(CLASSES)
    .doc(
        "regexReplaceAll PATTERN TEXT TEMPLATE",
        "Replaces all matches by the template, in which $1 or ${name} stand for groups.",
        r#"{{ regexReplaceAll "a(x*)b" "-ab-axxb-" "${1}W" }}"#,
        "-W-xxW-",
    ),
    func("mustRegexReplaceAll", &[Text, Text, Text], |_, a| {
        text(compile(a)?.replace_all(a.str(1), a.str(2)))
    })
    .differs(CLASSES)
    .doc(
        "mustRegexReplaceAll PATTERN TEXT TEMPLATE",
        "Replaces all matches by the template, in which $1 or ${name} stand for groups.",
        r#"{{ mustRegexReplaceAll "a(x*)b" "-ab-axxb-" "${1}W" }}"#,
        "-W-xxW-",
    ),
    func("regexReplaceAllLiteral", &[Text, Text, Text], |_, a| {
        text(must_compile(a)?.replace_all_literal(a.str(1), a.str(2)))
    })
    .differs(CLASSES)
    .doc(
        "regexReplaceAllLiteral PATTERN TEXT REPLACEMENT",
        "Replaces all matches by a text as it stands.",
        r#"{{ regexReplaceAllLiteral "a(x*)b" "-ab-axxb-" "${1}" }}"#,
        "-${1}-${1}-",
    ),
    func("mustRegexReplaceAllLiteral", &[Text, Text, Text], |_, a| {
        text(compile(a)?.replace_all_literal(a.str(1), a.str(2)))
    })
    .differs(CLASSES)
    .doc(
        "mustRegexReplaceAllLiteral PATTERN TEXT REPLACEMENT",
        "Replaces all matches by a text as it stands.",
        r#"{{ mustRegexReplaceAllLiteral "a(x*)b" "-ab-axxb-" "${1}" }}"#,
        "-${1}-${1}-",
    ),
    func("regexSplit", &[Text, Text, Int], |_, a| {
        split(&*must_compile(a)?, a)
    })
    .differs(CLASSES)
    .doc(
        "regexSplit PATTERN TEXT COUNT",
        "Splits the text at the matches into at most COUNT parts, all if it is negative.",
        r#"{{ regexSplit "z+" "pizza" -1 | toJson }}"#,
        r#"["pi","a"]"#,
    ),
    func("mustRegexSplit", &[Text, Text, Int], |_, a| {
        split(&*compile(a)?, a)
    })
    .differs(CLASSES)
    .doc(
        "mustRegexSplit PATTERN TEXT COUNT",
        "Splits the text at the matches into at most COUNT parts, all if it is negative.",
        r#"{{ mustRegexSplit "z+" "pizza" -1 | toJson }}"#,
        r#"["pi","a"]"#,
    ),
    func("regexQuoteMeta", &[Text], |_, a| {
        let mut out = Vec::new();
        append_quoted_meta(&mut out, a.str(0));
        text(out)
    })
    .doc(
        "regexQuoteMeta TEXT",
        "Returns a pattern that matches the text itself.",
        r#"{{ regexQuoteMeta "1.2.3" }}"#,
        r"1\.2\.3",
    ),
];

/// Compiles the pattern in argument 0.
fn compile(a: Args<'_>) -> Result<Rc<Regexp>, FuncError> {
    Regexp::cached(a.str(0)).map_err(|e| complain(a.str(0), e))
}

/// Compiles the pattern; the complaint is that of Go's panic.
fn must_compile(a: Args<'_>) -> Result<Rc<Regexp>, FuncError> {
    let pattern = a.str(0);
    Regexp::cached(pattern).map_err(|e| complain(pattern, compile_failure(pattern, &e)))
}

/// Broken UTF-8 is quoted as it stands in the pattern, which no `String` can hold.
fn complain(pattern: &[u8], message: String) -> FuncError {
    const BROKEN: &str = "invalid UTF-8: `";
    match (std::str::from_utf8(pattern), message.find(BROKEN)) {
        (Err(e), Some(at)) => {
            let (before, _) = message.split_at(at + BROKEN.len());
            let broken = pattern.get(e.valid_up_to()..).unwrap_or_default();
            FuncError::new([before.as_bytes(), broken, b"`"].concat())
        }
        _ => FuncError::new(message),
    }
}

fn matched(whole: &[u8], range: Range<usize>) -> &[u8] {
    whole.get(range).unwrap_or_default()
}

fn find(regexp: &Regexp, a: Args<'_>) -> FuncResult {
    let found = regexp.find(a.str(1));
    text(found.map_or(&[][..], |range| matched(a.str(1), range)))
}

fn find_all(regexp: &Regexp, a: Args<'_>) -> FuncResult {
    let limit = usize::try_from(a.int(2)).unwrap_or(usize::MAX);
    let most = usize::try_from(limits::of(Limit::List)).unwrap_or(usize::MAX);
    let found = regexp.find_all(a.str(1), Some(limit.min(most.saturating_add(1))));
    limits::charge(Limit::List, found.len() as u64)?;
    if found.is_empty() {
        return Ok(List::nil(&ListType::STRING).into());
    }
    let texts = found.into_iter().map(|range| matched(a.str(1), range));
    Ok(Value::string_list(texts))
}

fn split(regexp: &Regexp, a: Args<'_>) -> FuncResult {
    Ok(match regexp.split(a.str(1), a.int(2)) {
        Some(parts) => Value::string_list(parts),
        None => List::nil(&ListType::STRING).into(),
    })
}
