//! Text out of any value: what `toString` gives, and the lists of texts that `join` and others
//! work on.

use crate::limits::{self, Exceeded, Limit};
use crate::value::print::print_value;
use crate::value::{List, ListType, Repr, Str, Value};

/// Returns the text of a value: strings and bytes as they are, else what `%v` prints.
pub(super) fn to_string(value: &Value) -> Str {
    match &value.0 {
        Repr::Str(s) | Repr::Bytes(s) => s.clone(),
        _ => {
            let mut out = Vec::new();
            print_value(value, &mut out);
            out.into()
        }
    }
}

/// Appends what [`to_string`] returns.
pub(super) fn append_string(value: &Value, out: &mut Vec<u8>) {
    match &value.0 {
        Repr::Str(s) | Repr::Bytes(s) => out.extend_from_slice(s),
        _ => print_value(value, out),
    }
}

/// Returns the value as a `[]string`: the texts of a list without its nil elements, or the text
/// of a single value. A `[]string` is returned as itself.
pub(super) fn to_strings(value: &Value) -> List {
    let texts = match &value.0 {
        Repr::List(list) if std::ptr::eq(list.ty(), &ListType::STRING) => return list.clone(),
        Repr::List(list) => list
            .items()
            .iter()
            .filter(|item| !item.is_nil())
            .map(|item| Value::string(to_string(item)))
            .collect(),
        Repr::Bytes(bytes) => {
            // That there are too many is noted; the caller has no way to say it.
            let most = limits::charge(Limit::List, bytes.len() as u64).map(|()| bytes.len());
            let bytes = bytes.iter().take(most.unwrap_or(0));
            bytes.map(|byte| Value::string(byte.to_string())).collect()
        }
        Repr::Nil => Vec::new(),
        _ => vec![Value::string(to_string(value))],
    };
    List::new(&ListType::STRING, texts)
}

/// Texts up to this length are escaped without being looked through first.
const SHORT: usize = 1 << 20;

/// How many bytes an escape may add to the character it stands for.
const ESCAPE: usize = 5;

/// Checks that a text fits when it is escaped, behind so many bytes.
pub(super) fn check_escaped(before: usize, text: &[u8]) -> Result<(), Exceeded> {
    let mut length = before.saturating_add(text.len());
    if text.len() > SHORT {
        let is_special = |byte: &&u8| !byte.is_ascii_alphanumeric() && **byte != b' ';
        length = length.saturating_add(text.iter().filter(is_special).count() * ESCAPE);
    }
    if length > SHORT {
        limits::charge(Limit::String, length as u64)?;
    }
    Ok(())
}
