//! Strings. Lengths and positions are bytes, unless said otherwise.
//!
//! Go: package `strings`, Masterminds/goutils; sprig: `strings.go`.

use super::words::{self, camel_case, lower_case_words};
use crate::funcs::entry::{Entry, Group, func, part, text};
use crate::funcs::text::{check_escaped, to_string, to_strings};
use crate::gostd::strconv::append_quote;
use crate::gostd::unicode::{
    append_rune, is_digit, is_letter, is_space, lower_text, runes, to_lower, to_title, to_upper,
    trim_space, upper_text,
};
use crate::limits::{self, Limit};
use crate::template::func::{Args, CallContext, FuncError, FuncResult};
use crate::value::ParamType::{Any, Int, String as Text};
use crate::value::Value;
use crate::value::print::print_value;

pub(in crate::funcs) const GROUP: Group = Group {
    title: "Strings",
    entries: FUNCTIONS,
};

const FUNCTIONS: &[Entry] = &[
    func("trim", &[Text], |_, a| part(a, 0, trim_space(a.str(0)))).doc(
        "trim TEXT",
        "Removes white space at both ends.",
        r#"{{ trim " a b " }}"#,
        "a b",
    ),
    TRIM_ALL,
    TRIM_ALL.alias("trimall"),
    func("trimPrefix", &[Text, Text], |_, a| {
        part(a, 1, a.str(1).strip_prefix(a.str(0)).unwrap_or(a.str(1)))
    })
    .doc(
        "trimPrefix PREFIX TEXT",
        "Removes the prefix once, if it is there.",
        r#"{{ trimPrefix "-" "-a" }}"#,
        "a",
    ),
    func("trimSuffix", &[Text, Text], |_, a| {
        part(a, 1, a.str(1).strip_suffix(a.str(0)).unwrap_or(a.str(1)))
    })
    .doc(
        "trimSuffix SUFFIX TEXT",
        "Removes the suffix once, if it is there.",
        r#"{{ trimSuffix "-" "a-" }}"#,
        "a",
    ),
    func("upper", &[Text], |_, a| text(upper_text(a.str(0)))).doc(
        "upper TEXT",
        "Returns the text in capitals, letter by letter.",
        r#"{{ upper "hello" }}"#,
        "HELLO",
    ),
    func("lower", &[Text], |_, a| text(lower_text(a.str(0)))).doc(
        "lower TEXT",
        "Returns the text in small letters.",
        r#"{{ lower "HELLO" }}"#,
        "hello",
    ),
    func("title", &[Text], |_, a| text(title(a.str(0)))).doc(
        "title TEXT",
        "Begins every word with a capital and leaves the rest.",
        r#"{{ title "hello big world" }}"#,
        "Hello Big World",
    ),
    func("untitle", &[Text], |_, a| text(untitle(a.str(0)))).doc(
        "untitle TEXT",
        "Begins every word with a small letter.",
        r#"{{ untitle "Hello World" }}"#,
        "hello world",
    ),
    func("repeat", &[Int, Text], repeat).doc(
        "repeat COUNT TEXT",
        "Repeats the text.",
        r#"{{ repeat 3 "ab" }}"#,
        "ababab",
    ),
    func("substr", &[Int, Int, Text], substr).doc(
        "substr START END TEXT",
        "Returns the bytes from START up to END; a negative END means to the end.",
        r#"{{ substr 0 5 "hello world" }}"#,
        "hello",
    ),
    func("nospace", &[Text], |_, a| nospace(a)).doc(
        "nospace TEXT",
        "Removes all white space.",
        r#"{{ nospace "h e l l o" }}"#,
        "hello",
    ),
    func("trunc", &[Int, Text], |_, a| {
        part(a, 1, trunc(a.int(0), a.str(1)))
    })
    .doc(
        "trunc LENGTH TEXT",
        "Cuts the text to its first LENGTH bytes, or to its last if LENGTH is negative.",
        r#"{{ trunc 5 "hello world" }} {{ trunc -5 "hello world" }}"#,
        "hello world",
    ),
    func("abbrev", &[Int, Text], |_, a| {
        let (width, whole) = (a.int(0), a.str(1));
        if width < 4 {
            return part(a, 1, whole);
        }
        text(abbreviate(whole, 0, width))
    })
    .doc(
        "abbrev WIDTH TEXT",
        "Shortens the text to WIDTH bytes, ending in an ellipsis.",
        r#"{{ abbrev 5 "hello world" }}"#,
        "he...",
    ),
    func("abbrevboth", &[Int, Int, Text], |_, a| {
        let (left, width, whole) = (a.int(0), a.int(1), a.str(2));
        if width < 4 || left > 0 && width < 7 {
            return part(a, 2, whole);
        }
        text(abbreviate(whole, left, width))
    })
    .doc(
        "abbrevboth LEFT WIDTH TEXT",
        "Shortens the text at both ends so that it begins near LEFT.",
        r#"{{ abbrevboth 5 10 "1234 5678 9123" }}"#,
        "...5678...",
    ),
    func("initials", &[Text], |_, a| text(initials(a.str(0)))).doc(
        "initials TEXT",
        "Returns the first byte of every word.",
        r#"{{ initials "First Try" }}"#,
        "FT",
    ),
    func("wrap", &[Int, Text], |_, a| {
        text(words::wrap(a.str(1), a.int(0), b"\n", false))
    })
    .doc(
        "wrap WIDTH TEXT",
        "Breaks the text at spaces into lines of at most WIDTH bytes.",
        r#"{{ wrap 5 "one two three" }}"#,
        "one\ntwo\nthree",
    ),
    func("wrapWith", &[Int, Text, Text], |_, a| wrap_with(a)).doc(
        "wrapWith WIDTH NEWLINE TEXT",
        "Breaks the text, long words too, and puts NEWLINE between the lines.",
        r#"{{ wrapWith 4 "|" "one seventeen" }}"#,
        "one|seve|ntee|n",
    ),
    func("contains", &[Text, Text], |_, a| {
        Ok(contains(a.str(1), a.str(0)).into())
    })
    .doc(
        "contains PART TEXT",
        "Reports whether PART occurs in TEXT.",
        r#"{{ contains "cat" "catch" }}"#,
        "true",
    ),
    func("hasPrefix", &[Text, Text], |_, a| {
        Ok(a.str(1).starts_with(a.str(0)).into())
    })
    .doc(
        "hasPrefix PREFIX TEXT",
        "Reports whether TEXT begins with PREFIX.",
        r#"{{ hasPrefix "cat" "catch" }}"#,
        "true",
    ),
    func("hasSuffix", &[Text, Text], |_, a| {
        Ok(a.str(1).ends_with(a.str(0)).into())
    })
    .doc(
        "hasSuffix SUFFIX TEXT",
        "Reports whether TEXT ends with SUFFIX.",
        r#"{{ hasSuffix "tch" "catch" }}"#,
        "true",
    ),
    func("quote", &[Any], |_, a| text(quote(a.rest(0))?))
        .variadic()
        .doc(
            "quote VALUE...",
            "Puts the text of every value that is not nil into double quotes, with Go's escapes.",
            r#"{{ quote "a" 1 nil }}"#,
            r#""a" "1""#,
        ),
    func("squote", &[Any], |_, a| text(squote(a.rest(0))))
        .variadic()
        .doc(
            "squote VALUE...",
            "Puts every value that is not nil into single quotes, without escapes.",
            r#"{{ squote "a" 1 }}"#,
            "'a' '1'",
        ),
    func("cat", &[Any], |_, a| text(cat(a.rest(0))))
        .variadic()
        .doc(
            "cat VALUE...",
            "Joins the values that are not nil with spaces.",
            r#"{{ cat "a" 1 true }}"#,
            "a 1 true",
        ),
    func("indent", &[Int, Text], |ctx, a| indent(ctx, a, "")).doc(
        "indent WIDTH TEXT",
        "Puts WIDTH spaces before every line.",
        r#"{{ indent 2 "a\nb" }}"#,
        "  a\n  b",
    ),
    func("nindent", &[Int, Text], |ctx, a| indent(ctx, a, "\n")).doc(
        "nindent WIDTH TEXT",
        "Begins a new line and indents the text.",
        r#"a:{{ nindent 2 "b" }}"#,
        "a:\n  b",
    ),
    func("replace", &[Text, Text, Text], replace).doc(
        "replace OLD NEW TEXT",
        "Replaces every OLD in the text.",
        r#"{{ replace " " "-" "a b c" }}"#,
        "a-b-c",
    ),
    func("plural", &[Text, Text, Int], |_, a| {
        Ok(a.any(usize::from(a.int(2) != 1)).clone())
    })
    .doc(
        "plural ONE MANY COUNT",
        "Returns ONE if COUNT is 1, else MANY.",
        r#"{{ plural "pod" "pods" 2 }}"#,
        "pods",
    ),
    func("snakecase", &[Text], |_, a| {
        text(lower_case_words(a.str(0), b'_'))
    })
    .doc(
        "snakecase TEXT",
        "Turns CamelCase into words joined by underscores.",
        r#"{{ snakecase "FirstName" }}"#,
        "first_name",
    ),
    func("kebabcase", &[Text], |_, a| {
        text(lower_case_words(a.str(0), b'-'))
    })
    .doc(
        "kebabcase TEXT",
        "Turns CamelCase into words joined by hyphens.",
        r#"{{ kebabcase "FirstName" }}"#,
        "first-name",
    ),
    func("camelcase", &[Text], |_, a| text(camel_case(a.str(0)))).doc(
        "camelcase TEXT",
        "Turns words joined by underscores, hyphens or spaces into CamelCase.",
        r#"{{ camelcase "http_server" }}"#,
        "HttpServer",
    ),
    func("swapcase", &[Text], |_, a| text(swap_case(a.str(0)))).doc(
        "swapcase TEXT",
        "Exchanges small letters and capitals.",
        r#"{{ swapcase "This Is A.Test" }}"#,
        "tHIS iS a.tEST",
    ),
    func("hello", &[], |_, _| text("Hello!")).doc(
        "hello",
        "Returns a greeting.",
        "{{ hello }}",
        "Hello!",
    ),
    func("toString", &[Any], |_, a| text(to_string(a.any(0)))).doc(
        "toString VALUE",
        "Returns the text of any value.",
        "{{ toString 1.5 | quote }}",
        r#""1.5""#,
    ),
    func("toStrings", &[Any], |_, a| Ok(to_strings(a.any(0)).into())).doc(
        "toStrings LIST",
        "Returns the texts of the elements that are not nil.",
        "{{ list 1 nil true | toStrings | toJson }}",
        r#"["1","true"]"#,
    ),
];

const TRIM_ALL: Entry = func("trimAll", &[Text, Text], |_, a| {
    part(a, 1, trim_set(a.str(1), a.str(0)))
})
.doc(
    "trimAll CHARACTERS TEXT",
    "Removes all of the given characters at both ends.",
    r#"{{ trimAll "$" "$5.00$" }}"#,
    "5.00",
);

/// Cuts the characters of `set` at both ends. A broken byte matches U+FFFD.
fn trim_set<'a>(whole: &'a [u8], set: &[u8]) -> &'a [u8] {
    let mut set: Vec<char> = runes(set).map(|(_, rune, _)| rune).collect();
    // Both texts may be long.
    set.sort_unstable();
    let mut kept = runes(whole).filter(|(_, rune, _)| set.binary_search(rune).is_err());
    let Some((start, _, width)) = kept.next() else {
        return &[];
    };
    let end = kept.last().map_or(start + width, |(at, _, w)| at + w);
    whole.get(start..end).unwrap_or(whole)
}

fn title(whole: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(whole.len());
    let mut before = ' ';
    for (_, rune, _) in runes(whole) {
        append_rune(
            &mut out,
            if separates(before) {
                to_title(rune)
            } else {
                rune
            },
        );
        before = rune;
    }
    out
}

/// The text between lines may be long.
fn wrap_with(a: Args<'_>) -> FuncResult {
    let (width, newline, whole) = (a.int(0), a.str(1), a.str(2));
    let lines = whole.len() as u64 / u64::try_from(width).unwrap_or(0).max(1);
    let added = lines.saturating_mul(newline.len() as u64);
    // A line may also end early, at a space.
    if added > 1 << 20 || newline.len() > 64 {
        let ends = memchr::memchr_iter(b' ', whole).count() as u64;
        let added = (lines + ends).saturating_mul(newline.len() as u64);
        limits::charge(Limit::String, added.saturating_add(whole.len() as u64))?;
    }
    text(words::wrap(whole, width, newline, true))
}

/// Whether a word begins behind this character: in ASCII behind all but letters, digits and the
/// underscore, beyond it behind white space only.
fn separates(rune: char) -> bool {
    if rune.is_ascii() {
        return !rune.is_ascii_alphanumeric() && rune != '_';
    }
    !is_letter(rune) && !is_digit(rune) && is_space(rune)
}

fn untitle(whole: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(whole.len());
    let mut begins = true;
    for (_, rune, _) in runes(whole) {
        let is_space = is_space(rune);
        append_rune(
            &mut out,
            if begins && !is_space {
                to_lower(rune)
            } else {
                rune
            },
        );
        begins = is_space;
    }
    out
}

fn repeat(ctx: &mut dyn CallContext, a: Args<'_>) -> FuncResult {
    let unit = a.str(1);
    let Ok(count) = usize::try_from(a.int(0)) else {
        return Err(FuncError::new("strings: negative Repeat count"));
    };
    if unit.is_empty() || count == 0 {
        return text("");
    }
    let size = unit.len().checked_mul(count);
    let Some(size) = size.filter(|size| i64::try_from(*size).is_ok()) else {
        return Err(FuncError::new("strings: Repeat output length overflow"));
    };
    ctx.charge_text(size)?;
    text(unit.repeat(count))
}

/// The panic of a slice expression on a string.
fn out_of_range(shape: std::fmt::Arguments<'_>) -> FuncResult {
    Err(FuncError::new(format!(
        "runtime error: slice bounds out of range {shape}"
    )))
}

fn substr(_: &mut dyn CallContext, a: Args<'_>) -> FuncResult {
    let (start, end, whole) = (a.int(0), a.int(1), a.str(2));
    let length = whole.len();
    let size = length as i64;
    if start < 0 {
        return match usize::try_from(end).ok().and_then(|end| whole.get(..end)) {
            Some(front) => part(a, 2, front),
            None if end < 0 => out_of_range(format_args!("[:{end}]")),
            None => out_of_range(format_args!("[:{end}] with length {length}")),
        };
    }
    let start_at = usize::try_from(start).unwrap_or(usize::MAX);
    if end < 0 || end > size {
        return match whole.get(start_at..) {
            Some(rest) => part(a, 2, rest),
            None => out_of_range(format_args!("[{start}:{length}]")),
        };
    }
    match whole.get(start_at..usize::try_from(end).unwrap_or(length)) {
        Some(inner) => part(a, 2, inner),
        None => out_of_range(format_args!("[{start}:{end}]")),
    }
}

/// Removes white space. Go's function reads bytes as characters: where it removes anything, all
/// that is not ASCII comes out as if it had been Latin-1 (vector: fn-nospace).
fn nospace(a: Args<'_>) -> FuncResult {
    let whole = a.str(0);
    let is_space = |byte: u8| matches!(byte, 9..=13 | b' ' | 0x85 | 0xA0);
    if !whole.iter().any(|byte| is_space(*byte)) {
        return part(a, 0, whole);
    }
    let mut out = Vec::with_capacity(whole.len());
    for byte in whole.iter().filter(|byte| !is_space(**byte)) {
        append_rune(&mut out, char::from(*byte));
    }
    text(out)
}

fn trunc(length: i64, whole: &[u8]) -> &[u8] {
    let size = whole.len() as i64;
    let range = match length {
        0.. => 0..length.min(size),
        _ => (size.saturating_add(length)).max(0)..size,
    };
    whole
        .get(range.start as usize..range.end as usize)
        .unwrap_or(whole)
}

/// Shortens `whole` to at most `width` bytes, beginning near `offset`; `width` is at least 4.
fn abbreviate(whole: &[u8], offset: i64, width: i64) -> Vec<u8> {
    let size = whole.len() as i64;
    if size <= width {
        return whole.to_vec();
    }
    let kept = width - 3;
    let slice = |from: i64, to: i64| whole.get(from as usize..to as usize).unwrap_or(whole);
    let offset = offset.min(size);
    let offset = if size - offset < kept {
        size - kept
    } else {
        offset
    };
    if offset <= 4 {
        return [slice(0, kept), b"..."].concat();
    }
    // Only a negative or small offset comes with a width below 7, and it is gone by now.
    if offset + kept < size {
        let rest = slice(offset, size);
        return [b"...", abbreviate(rest, 0, kept).as_slice()].concat();
    }
    [b"...", slice(size - kept, size)].concat()
}

/// The first byte of every word, each read as a Latin-1 character.
fn initials(whole: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut begins = true;
    for byte in whole {
        let is_space = is_space(char::from(*byte));
        if begins && !is_space {
            append_rune(&mut out, char::from(*byte));
        }
        begins = is_space;
    }
    out
}

/// Reports whether `part` occurs in `whole`.
pub(super) fn contains(whole: &[u8], part: &[u8]) -> bool {
    part.is_empty() || find(whole, part).is_some()
}

/// Returns where `part`, which is not empty, first occurs in `whole`.
pub(super) fn find(whole: &[u8], part: &[u8]) -> Option<usize> {
    memchr::memmem::find(whole, part)
}

fn quote(values: &[Value]) -> Result<Vec<u8>, FuncError> {
    let mut out = Vec::new();
    for value in values.iter().filter(|value| !value.is_nil()) {
        if !out.is_empty() {
            out.push(b' ');
        }
        let value = to_string(value);
        check_escaped(out.len(), &value)?;
        append_quote(&mut out, &value);
    }
    Ok(out)
}

fn squote(values: &[Value]) -> Vec<u8> {
    let mut out = Vec::new();
    for value in values.iter().filter(|value| !value.is_nil()) {
        if !out.is_empty() {
            out.push(b' ');
        }
        out.push(b'\'');
        print_value(value, &mut out);
        out.push(b'\'');
    }
    out
}

fn cat(values: &[Value]) -> Vec<u8> {
    let mut out = Vec::new();
    let present = values.iter().filter(|value| !value.is_nil());
    for (i, value) in present.enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        print_value(value, &mut out);
    }
    out
}

fn indent(ctx: &mut dyn CallContext, a: Args<'_>, before: &str) -> FuncResult {
    let whole = a.str(1);
    let Ok(width) = usize::try_from(a.int(0)) else {
        return Err(FuncError::new("strings: negative Repeat count"));
    };
    let lines = memchr::memchr_iter(b'\n', whole).count() + 1;
    let size = width.saturating_mul(lines).saturating_add(whole.len());
    ctx.charge_text(size)?;
    let mut out = Vec::with_capacity(size + before.len());
    out.extend_from_slice(before.as_bytes());
    let mut start = 0;
    for end in memchr::memchr_iter(b'\n', whole) {
        out.resize(out.len() + width, b' ');
        out.extend_from_slice(whole.get(start..=end).unwrap_or_default());
        start = end + 1;
    }
    out.resize(out.len() + width, b' ');
    out.extend_from_slice(whole.get(start..).unwrap_or_default());
    text(out)
}

fn replace(ctx: &mut dyn CallContext, a: Args<'_>) -> FuncResult {
    let (old, new, whole) = (a.str(0), a.str(1), a.str(2));
    // Each place costs eight bytes besides what the text grows by.
    let most = usize::try_from(limits::of(Limit::List)).unwrap_or(usize::MAX);
    if whole.len() > most {
        let places = match old {
            [] => whole.len(),
            old => memchr::memmem::find_iter(whole, old).count(),
        };
        let grown = new.len().saturating_sub(old.len()).saturating_mul(places);
        ctx.charge_text(whole.len().saturating_add(grown))?;
        ctx.charge(places.saturating_mul(8))?;
    }
    let places: Vec<usize> = if old.is_empty() {
        // Before every character and at the end.
        let ends = std::iter::once(whole.len());
        runes(whole).map(|(at, _, _)| at).chain(ends).collect()
    } else {
        memchr::memmem::find_iter(whole, old).collect()
    };
    if places.is_empty() {
        return part(a, 2, whole);
    }
    let added = new.len().saturating_mul(places.len());
    ctx.charge_text(whole.len().saturating_add(added))?;
    let mut out = Vec::with_capacity(whole.len() + added);
    let mut start = 0;
    for at in places {
        out.extend_from_slice(whole.get(start..at).unwrap_or_default());
        out.extend_from_slice(new);
        start = at + old.len();
    }
    out.extend_from_slice(whole.get(start..).unwrap_or_default());
    text(out)
}

fn swap_case(whole: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(whole.len());
    let mut begins = true;
    for (_, rune, _) in runes(whole) {
        let swapped = if words::is_upper_or_title(rune) {
            to_lower(rune)
        } else if crate::gostd::unicode::is_lower(rune) {
            if begins {
                to_title(rune)
            } else {
                to_upper(rune)
            }
        } else {
            begins = is_space(rune);
            append_rune(&mut out, rune);
            continue;
        };
        begins = false;
        append_rune(&mut out, swapped);
    }
    out
}
