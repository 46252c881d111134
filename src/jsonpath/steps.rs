//! Single steps: from a value to its entries, elements and everything in it.

use super::Slice;
use crate::value::{UintType, Value};

/// Returns what lies directly in a value: entries in the order of their keys, elements, the bytes of a text.
// DIFFERS(helm): there the entries of a map come in random order.
pub(super) fn children(value: &Value) -> Vec<Value> {
    if let Some(map) = value.as_map() {
        return map.snapshot().values().cloned().collect();
    }
    if let Some(list) = value.as_list() {
        return list.items().to_vec();
    }
    let bytes = value.as_str().map_or(&[][..], |text| text);
    let byte = |b: &u8| Value::unsigned(UintType::Uint8, u64::from(*b));
    bytes.iter().map(byte).collect()
}

/// Returns a value and everything in it that holds something, from the outside in.
///
/// At most `limit` values are returned.
pub(super) fn descend(value: &Value, limit: usize) -> Vec<Value> {
    let mut found = Vec::new();
    // Values still to be looked into, the next one last.
    let mut ahead = vec![value.clone()];
    while let Some(value) = ahead.pop() {
        let holds_something = if let Some(text) = value.as_str() {
            !text.is_empty()
        } else {
            let mut children = children(&value);
            children.reverse();
            let is_filled = !children.is_empty();
            ahead.append(&mut children);
            is_filled
        };
        if holds_something {
            found.push(value);
            if found.len() > limit {
                break;
            }
        }
    }
    found
}

/// Appends elements of a list.
pub(super) fn slice(items: &[Value], slice: Slice, out: &mut Vec<Value>) -> Result<(), String> {
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let from_end = |place: i64| {
        if place < 0 {
            place.saturating_add(length)
        } else {
            place
        }
    };
    let from = from_end(slice.from.unwrap_or(0));
    let to = match slice.to {
        // The place after the last element counts from the end as well.
        Some(0) if slice.is_index => length,
        Some(to) => from_end(to),
        None => length,
    };
    if from == to {
        return Ok(());
    }
    let outside = |index: i64| {
        Err(format!(
            "array index out of bounds: index {index}, length {length}"
        ))
    };
    if from < 0 || from >= length {
        return outside(from);
    }
    if to < 0 || to > length {
        return outside(to.saturating_sub(1));
    }
    if from > to {
        return Err(format!(
            "starting index {from} is greater than ending index {to}"
        ));
    }
    let step = slice.step.unwrap_or(1);
    let Ok(step @ 1..) = usize::try_from(step) else {
        return Err("step must be > 0".into());
    };
    // Both lie between 0 and the number of elements.
    let range = usize::try_from(from).unwrap_or(0)..usize::try_from(to).unwrap_or(0);
    let items = items.get(range).unwrap_or_default();
    out.extend(items.iter().step_by(step).cloned());
    Ok(())
}
