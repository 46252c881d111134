//! Comparing two values in a filter: only simple ones, and only those of one kind.
//!
//! Kubernetes: client-go/third_party/forked/golang/template.

use std::cmp::Ordering;

use crate::value::Value;

const BAD: &str = "invalid type for comparison";

/// Reports whether `left operator right` holds.
pub(super) fn holds(left: &Value, operator: &[u8], right: &Value) -> Result<bool, String> {
    match operator {
        b"==" => are_equal(left, right),
        b"!=" => are_equal(left, right).map(|equal| !equal),
        b"<" => order(left, right).map(|order| order == Some(Ordering::Less)),
        // What is not a number is neither less than nor equal to anything, and so is greater.
        b">" => {
            order(left, right).map(|order| !matches!(order, Some(Ordering::Less | Ordering::Equal)))
        }
        b"<=" => {
            order(left, right).map(|order| matches!(order, Some(Ordering::Less | Ordering::Equal)))
        }
        b">=" => order(left, right).map(|order| order != Some(Ordering::Less)),
        _ => Err(format!(
            "unrecognized filter operator {}",
            String::from_utf8_lossy(operator)
        )),
    }
}

fn are_equal(left: &Value, right: &Value) -> Result<bool, String> {
    match (left.as_bool(), right.as_bool()) {
        (Some(left), Some(right)) => Ok(left == right),
        _ => order(left, right)
            .map(|order| order == Some(Ordering::Equal))
            .map_err(|text| match is_simple(left) && is_simple(right) {
                true => "incompatible types for comparison".to_owned(),
                false => text,
            }),
    }
}

/// Returns how two values lie; `None` if one of them is not a number.
fn order(left: &Value, right: &Value) -> Result<Option<Ordering>, String> {
    if let (Some(left), Some(right)) = (left.as_float(), right.as_float()) {
        return Ok(left.partial_cmp(&right));
    }
    if let (Some(left), Some(right)) = (left.as_signed(), right.as_signed()) {
        return Ok(Some(left.cmp(&right)));
    }
    if let (Some(left), Some(right)) = (left.as_unsigned(), right.as_unsigned()) {
        return Ok(Some(left.cmp(&right)));
    }
    if let (Some(left), Some(right)) = (left.as_str(), right.as_str()) {
        return Ok(Some(left.cmp(right)));
    }
    // Numbers of a sign and without one are the only ones that meet.
    if let (Some(left), Some(right)) = (whole(left), whole(right)) {
        return Ok(Some(left.cmp(&right)));
    }
    let is_orderable = |value: &Value| is_simple(value) && value.as_bool().is_none();
    Err(match is_orderable(left) && is_orderable(right) {
        true => "incompatible types for comparison".to_owned(),
        false => BAD.to_owned(),
    })
}

fn whole(value: &Value) -> Option<i128> {
    let signed = value.as_signed().map(i128::from);
    signed.or_else(|| value.as_unsigned().map(i128::from))
}

fn is_simple(value: &Value) -> bool {
    value.as_bool().is_some()
        || whole(value).is_some()
        || value.as_float().is_some()
        || value.as_str().is_some()
}
