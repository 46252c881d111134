//! Texts in quotes within an action. Both kinds of quotes hold texts of any length.
//!
//! Kubernetes: client-go/util/jsonpath `UnquoteExtend`.

use crate::gostd::strconv::{UnquotedChar, unquote_char};

/// Takes the quotes off a text that has the same quote at both ends; `None` if it is badly written.
pub(super) fn unquote(text: &str) -> Option<Vec<u8>> {
    let quote = *text.as_bytes().first()?;
    let mut rest = text.as_bytes().get(1..text.len().checked_sub(1)?)?;
    let mut out = Vec::with_capacity(rest.len());
    while !rest.is_empty() {
        let (unquoted, after) = unquote_char(rest, quote).ok()?;
        match unquoted {
            UnquotedChar::Byte(byte) => out.push(byte),
            UnquotedChar::Rune(rune) => {
                out.extend_from_slice(rune.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        rest = after;
    }
    Some(out)
}
