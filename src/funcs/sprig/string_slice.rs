//! Lists of strings: splitting and joining.
//!
//! Go: sprig: `strings.go`, `list.go`.

use super::strings::find;
use crate::funcs::entry::{Entry, Group, func, text};
use crate::funcs::text::{append_string, to_string, to_strings};
use crate::gostd::unicode::runes;
use crate::limits::{self, Limit};
use crate::template::func::{Args, CallContext, FuncError, FuncResult};
use crate::value::ParamType::{Any, Int, String as Text};
use crate::value::{Entries, Map, MapType, Repr, Str, Value};

pub(in crate::funcs) const GROUP: Group = Group {
    title: "String lists",
    entries: FUNCTIONS,
};

const FUNCTIONS: &[Entry] = &[
    func("join", &[Text, Any], join).doc(
        "join SEPARATOR LIST",
        "Joins the texts of the elements that are not nil.",
        r#"{{ list 1 nil "a" | join "-" }}"#,
        "1-a",
    ),
    func("split", &[Text, Text], |_, a| {
        Ok(numbered(split(a.str(1), a.str(0), -1)?))
    })
    .doc(
        "split SEPARATOR TEXT",
        "Splits the text into a map with the keys _0, _1 and so on.",
        r#"{{ (split "/" "a/b")._1 }}"#,
        "b",
    ),
    func("splitn", &[Text, Int, Text], |_, a| {
        Ok(numbered(split(a.str(2), a.str(0), a.int(1))?))
    })
    .doc(
        "splitn SEPARATOR COUNT TEXT",
        "Splits the text into a map of at most COUNT parts.",
        r#"{{ (splitn "/" 2 "a/b/c")._1 }}"#,
        "b/c",
    ),
    func("splitList", &[Text, Text], |_, a| {
        Ok(Value::string_list(split(a.str(1), a.str(0), -1)?))
    })
    .doc(
        "splitList SEPARATOR TEXT",
        "Splits the text into a list.",
        r#"{{ splitList "/" "a/b" | toJson }}"#,
        r#"["a","b"]"#,
    ),
    func("sortAlpha", &[Any], |_, a| Ok(sort_alpha(a.any(0)))).doc(
        "sortAlpha LIST",
        "Sorts the texts of the elements by their bytes; a list of strings is sorted in place.",
        r#"{{ list "b" "a" | sortAlpha | join "" }}"#,
        "ab",
    ),
];

fn join(ctx: &mut dyn CallContext, a: Args<'_>) -> FuncResult {
    let separator = a.str(0);
    let Some(list) = a.list(1) else {
        return match &a.any(1).0 {
            Repr::Nil => text(""),
            Repr::Bytes(_) => {
                let texts = to_strings(a.any(1));
                text(join_items(texts.items(), separator)?)
            }
            _ => text(to_string(a.any(1))),
        };
    };
    ctx.charge_text(separator.len().saturating_mul(list.len()))?;
    text(join_items(list.items(), separator)?)
}

fn join_items(items: &[Value], separator: &[u8]) -> Result<Vec<u8>, FuncError> {
    let mut out = Vec::new();
    let most = limits::of(Limit::String);
    let present = items.iter().filter(|item| !item.is_nil());
    for (i, item) in present.enumerate() {
        if i > 0 {
            out.extend_from_slice(separator);
        }
        append_string(item, &mut out);
        if out.len() as u64 > most {
            limits::charge(Limit::String, out.len() as u64)?;
        }
    }
    Ok(out)
}

/// Splits at a separator into at most `limit` parts, or all if it is negative. An empty
/// separator splits after every character.
fn split<'a>(whole: &'a [u8], separator: &[u8], limit: i64) -> Result<Vec<&'a [u8]>, FuncError> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let most = usize::try_from(limits::of(Limit::List)).unwrap_or(usize::MAX);
    let mut parts = Vec::new();
    if limit == 0 {
        return Ok(parts);
    }
    let mut rest = whole;
    while parts.len() + 1 < limit {
        let (end, next) = if separator.is_empty() {
            match runes(rest).next() {
                Some((_, _, width)) if width < rest.len() => (width, width),
                _ => break,
            }
        } else {
            match find(rest, separator) {
                Some(at) => (at, at + separator.len()),
                None => break,
            }
        };
        if parts.len() >= most {
            limits::charge(Limit::List, parts.len() as u64 + 1)?;
        }
        parts.push(rest.get(..end).unwrap_or(rest));
        rest = rest.get(next..).unwrap_or_default();
    }
    if !(separator.is_empty() && whole.is_empty()) {
        parts.push(rest);
    }
    Ok(parts)
}

fn numbered(parts: Vec<&[u8]>) -> Value {
    let entries: Entries = parts
        .into_iter()
        .enumerate()
        .map(|(i, part)| (Str::from(format!("_{i}")), Value::string(part)))
        .collect();
    Map::with_entries(&MapType::STRING, entries).into()
}

fn sort_alpha(value: &Value) -> Value {
    if !matches!(value.0, Repr::List(_) | Repr::Bytes(_)) {
        return Value::string_list([to_string(value)]);
    }
    let texts = to_strings(value);
    texts.sort_in_place();
    texts.into()
}
