//! Lists. Every list type is taken, `[]interface {}` is returned; a list is never changed.
//!
//! Go: sprig: `list.go`.

use std::borrow::Cow;
use std::collections::HashMap;

use super::defaults::is_empty;
use super::hash::shallow_hash;
use crate::funcs::cast::to_int;
use crate::funcs::entry::{Entry, Group, func};
use crate::limits::{self, Limit};
use crate::template::func::{Args, CallContext, FuncError, FuncResult};
use crate::value::ParamType::{Any, Int};
use crate::value::{List, ListType, Repr, UintType, Value, deep_equal};

pub(in crate::funcs) const GROUP: Group = Group {
    title: "Lists",
    entries: FUNCTIONS,
};

const FUNCTIONS: &[Entry] = &[
    LIST,
    LIST.alias("tuple"),
    FIRST,
    FIRST.alias("mustFirst"),
    LAST,
    LAST.alias("mustLast"),
    REST,
    REST.alias("mustRest"),
    INITIAL,
    INITIAL.alias("mustInitial"),
    APPEND,
    APPEND.alias("mustAppend"),
    APPEND.alias("push"),
    APPEND.alias("mustPush"),
    PREPEND,
    PREPEND.alias("mustPrepend"),
    func("concat", &[Any], concat)
        .variadic()
        .returning_any()
        .doc(
            "concat LIST...",
            "Joins lists.",
            "{{ concat (list 1 2) (list 3) | toJson }}",
            "[1,2,3]",
        ),
    REVERSE,
    REVERSE.alias("mustReverse"),
    UNIQ,
    UNIQ.alias("mustUniq"),
    COMPACT,
    COMPACT.alias("mustCompact"),
    WITHOUT,
    WITHOUT.alias("mustWithout"),
    HAS,
    HAS.alias("mustHas"),
    SLICE,
    SLICE.alias("mustSlice"),
    CHUNK,
    CHUNK.alias("mustChunk"),
];

const LIST: Entry = func("list", &[Any], |_, a| Ok(Value::list(a.rest(0).to_vec())))
    .variadic()
    .doc(
        "list VALUE...",
        "Makes a list.",
        "{{ list 1 2 | toJson }}",
        "[1,2]",
    );

const FIRST: Entry = func("first", &[Any], |_, a| {
    let items = items(a.any(0), "Cannot find first on type")?;
    Ok(items.first().cloned().unwrap_or_default())
})
.returning_any()
.doc(
    "first LIST",
    "Returns the first element, nil if there is none.",
    "{{ first (list 1 2) }}",
    "1",
);

const LAST: Entry = func("last", &[Any], |_, a| {
    let items = items(a.any(0), "Cannot find last on type")?;
    Ok(items.last().cloned().unwrap_or_default())
})
.returning_any()
.doc(
    "last LIST",
    "Returns the last element, nil if there is none.",
    "{{ last (list 1 2) }}",
    "2",
);

const REST: Entry = func("rest", &[Any], |_, a| {
    let items = items(a.any(0), "Cannot find rest on type")?;
    Ok(or_nil(items.get(1..)))
})
.doc(
    "rest LIST",
    "Returns all elements but the first.",
    "{{ rest (list 1 2 3) | toJson }}",
    "[2,3]",
);

const INITIAL: Entry = func("initial", &[Any], |_, a| {
    let items = items(a.any(0), "Cannot find initial on type")?;
    Ok(or_nil(items.split_last().map(|(_, front)| front)))
})
.doc(
    "initial LIST",
    "Returns all elements but the last.",
    "{{ initial (list 1 2 3) | toJson }}",
    "[1,2]",
);

const APPEND: Entry = func("append", &[Any, Any], |ctx, a| {
    let items = items(a.any(0), "Cannot push on type")?;
    joined(ctx, &[&items, a.rest(1)])
})
.doc(
    "append LIST VALUE",
    "Returns the list with the value behind it.",
    "{{ append (list 1 2) 3 | toJson }}",
    "[1,2,3]",
);

const PREPEND: Entry = func("prepend", &[Any, Any], |ctx, a| {
    let items = items(a.any(0), "Cannot prepend on type")?;
    joined(ctx, &[a.rest(1), &items])
})
.doc(
    "prepend LIST VALUE",
    "Returns the list with the value before it.",
    "{{ prepend (list 1 2) 0 | toJson }}",
    "[0,1,2]",
);

const REVERSE: Entry = func("reverse", &[Any], |_, a| {
    let items = items(a.any(0), "Cannot find reverse on type")?;
    Ok(Value::list(items.iter().rev().cloned().collect()))
})
.doc(
    "reverse LIST",
    "Returns the elements in reverse order.",
    "{{ reverse (list 1 2 3) | toJson }}",
    "[3,2,1]",
);

const UNIQ: Entry = func("uniq", &[Any], |_, a| {
    let items = items(a.any(0), "Cannot find uniq on type")?;
    Ok(Value::list(unique(&items)))
})
.doc(
    "uniq LIST",
    "Returns the elements without those that occurred before; 1 and 1.0 differ.",
    "{{ uniq (list 1 2 1) | toJson }}",
    "[1,2]",
);

const COMPACT: Entry = func("compact", &[Any], |_, a| {
    let items = items(a.any(0), "Cannot compact on type")?;
    Ok(filtered(&items, |item| !is_empty(item)))
})
.doc(
    "compact LIST",
    "Returns the elements that are not empty.",
    r#"{{ compact (list 0 1 "" "a") | toJson }}"#,
    r#"[1,"a"]"#,
);

const WITHOUT: Entry = func("without", &[Any, Any], |_, a| {
    let items = items(a.any(0), "Cannot find without on type")?;
    let unwanted = a.rest(1);
    Ok(filtered(&items, |item| {
        !unwanted.iter().any(|other| deep_equal(other, item))
    }))
})
.variadic()
.doc(
    "without LIST VALUE...",
    "Returns the elements that are none of the values.",
    "{{ without (list 1 2 3) 2 | toJson }}",
    "[1,3]",
);

const HAS: Entry = func("has", &[Any, Any], |_, a| {
    if a.any(1).is_nil() {
        return Ok(false.into());
    }
    let items = items(a.any(1), "Cannot find has on type")?;
    Ok(items.iter().any(|item| deep_equal(a.any(0), item)).into())
})
.doc(
    "has VALUE LIST",
    "Reports whether the list has such an element.",
    "{{ has 2 (list 1 2) }}",
    "true",
);

const SLICE: Entry = func("slice", &[Any, Any], |_, a| slice(a))
    .variadic()
    .returning_any()
    .doc(
        "slice LIST [START [END]]",
        "Returns the elements from START up to END, END not included.",
        "{{ slice (list 1 2 3) 1 3 | toJson }}",
        "[2,3]",
    );

const CHUNK: Entry = func("chunk", &[Int, Any], chunk).doc(
    "chunk SIZE LIST",
    "Splits the list into lists of at most SIZE elements.",
    "{{ chunk 2 (list 1 2 3) | toJson }}",
    "[[1,2],[3]]",
);

/// Returns the elements of a list, or the complaint that the value is none.
fn items<'a>(value: &'a Value, complaint: &str) -> Result<Cow<'a, [Value]>, FuncError> {
    match &value.0 {
        Repr::List(list) => Ok(Cow::Borrowed(list.items())),
        Repr::Bytes(bytes) => {
            limits::charge(Limit::List, bytes.len() as u64)?;
            let numbers = bytes.iter().map(|byte| u64::from(*byte));
            let numbers = numbers.map(|n| Value::unsigned(UintType::Uint8, n));
            Ok(Cow::Owned(numbers.collect()))
        }
        Repr::Nil => Err(FuncError::new(
            "runtime error: invalid memory address or nil pointer dereference",
        )),
        _ => Err(FuncError::new(format!("{complaint} {}", value.kind()))),
    }
}

/// A list, or the nil slice that Go returns where there is nothing to take from.
fn or_nil(items: Option<&[Value]>) -> Value {
    match items {
        Some(items) => Value::list(items.to_vec()),
        None => List::nil(&ListType::ANY).into(),
    }
}

fn joined(ctx: &mut dyn CallContext, parts: &[&[Value]]) -> FuncResult {
    let count: usize = parts.iter().map(|part| part.len()).sum();
    ctx.check(Limit::List, count)?;
    Ok(Value::list(parts.concat()))
}

fn filtered(items: &[Value], keep: impl Fn(&Value) -> bool) -> Value {
    Value::list(items.iter().filter(|item| keep(item)).cloned().collect())
}

fn concat(ctx: &mut dyn CallContext, a: Args<'_>) -> FuncResult {
    let mut all = Vec::new();
    for list in a.rest(0) {
        let complain = |_| match list.kind() {
            crate::value::Kind::Invalid => {
                FuncError::new("runtime error: invalid memory address or nil pointer dereference")
            }
            kind => FuncError::new(format!("Cannot concat type {kind} as list")),
        };
        let items = items(list, "").map_err(complain)?;
        ctx.check(Limit::List, all.len() + items.len())?;
        all.extend_from_slice(&items);
    }
    if all.is_empty() {
        return Ok(List::nil(&ListType::ANY).into());
    }
    Ok(Value::list(all))
}

/// Returns the elements without repetitions. Only those with equal hashes are compared.
fn unique(items: &[Value]) -> Vec<Value> {
    let mut kept: Vec<Value> = Vec::new();
    let mut seen: HashMap<u64, Vec<usize>> = HashMap::new();
    for item in items {
        let alike = seen.entry(shallow_hash(item)).or_default();
        let is_known = alike
            .iter()
            .filter_map(|at| kept.get(*at))
            .any(|known| deep_equal(known, item));
        if !is_known {
            alike.push(kept.len());
            kept.push(item.clone());
        }
    }
    kept
}

fn slice(a: Args<'_>) -> FuncResult {
    let items = items(a.any(0), "list should be type of slice or array but")?;
    if items.is_empty() {
        return Ok(Value::NIL);
    }
    let start = a.rest(1).first().map_or(0, to_int);
    let end = a.rest(2).first().map_or(items.len() as i64, to_int);
    let bounds = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    let bounds = bounds.filter(|(start, end)| start <= end && *end <= items.len());
    let Some((start, end)) = bounds else {
        return Err(FuncError::new(
            "reflect.Value.Slice: slice index out of bounds",
        ));
    };
    Ok(match &a.any(0).0 {
        Repr::Bytes(bytes) => Value::bytes(bytes.get(start..end).unwrap_or_default()),
        Repr::List(list) => {
            let part = items.get(start..end).unwrap_or_default();
            List::new(list.ty(), part.to_vec()).into()
        }
        _ => Value::NIL,
    })
}

fn chunk(ctx: &mut dyn CallContext, a: Args<'_>) -> FuncResult {
    let items = items(a.any(1), "Cannot chunk type")?;
    let size = a.int(0);
    let width = usize::try_from(size.unsigned_abs()).unwrap_or(usize::MAX);
    // Go computes the number of chunks with floats and a negative size as it is.
    let chunks: Vec<Value> = match items.len() {
        _ if size > 0 => items
            .chunks(width)
            .map(|part| Value::list(part.to_vec()))
            .collect(),
        1 if size < -1 => vec![Value::list(items.to_vec())],
        2.. if items.len() - 1 <= width => Vec::new(),
        _ => return Err(FuncError::new("runtime error: makeslice: len out of range")),
    };
    ctx.charge(items.len().saturating_mul(size_of::<Value>()))?;
    Ok(List::new(&ListType::LIST, chunks).into())
}
