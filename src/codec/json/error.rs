//! What can go wrong in reading JSON, in the words of Go 1.27.

use std::fmt;

use crate::gostd::strconv::{append_quote, append_quote_rune, can_backquote};
use crate::gostd::unicode::decode_rune;
use crate::value::Str;

const END: &str = "unexpected end of JSON input";

/// The reason a JSON text could not be decoded; displays as Go's whole error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    text: Box<str>,
    /// How many bytes were read, up to the wrong one; `None` for all else.
    offset: Option<usize>,
}

impl JsonError {
    /// The text ended too early.
    pub(super) fn end() -> JsonError {
        JsonError::mismatch(END.to_owned())
    }

    pub(super) fn depth() -> JsonError {
        JsonError::mismatch("exceeded max depth".to_owned())
    }

    /// A character that cannot stand where it does: `'x' after object key`.
    /// `rest` begins with it, the `at`th byte of the text.
    pub(super) fn character(rest: &[u8], at: usize, place: &str) -> JsonError {
        let mut shown = Vec::new();
        match decode_rune(rest) {
            (_, 0) => return JsonError::end(),
            ('\u{FFFD}', 1) => {
                shown.extend_from_slice(format!("'\\x{:02x}'", rest[0]).as_bytes());
            }
            (rune, _) => append_quote_rune(&mut shown, i64::from(u32::from(rune))),
        }
        let shown = String::from_utf8_lossy(&shown);
        JsonError {
            text: format!("invalid character {shown} {place}").into(),
            offset: Some(at + 1),
        }
    }

    /// An escape sequence that is none, from the `at`th byte of the text on.
    pub(super) fn escape(sequence: &[u8], at: usize) -> JsonError {
        let mut shown = Vec::new();
        if can_backquote(sequence) {
            shown.push(b'`');
            shown.extend_from_slice(sequence);
            shown.push(b'`');
        } else {
            append_quote(&mut shown, sequence);
        }
        let shown = String::from_utf8_lossy(&shown);
        JsonError {
            text: format!("invalid escape sequence {shown} in string").into(),
            offset: Some(at + sequence.len()),
        }
    }

    /// A value of another type than wanted.
    pub(super) fn mismatch(text: String) -> JsonError {
        JsonError {
            text: text.into(),
            offset: None,
        }
    }

    /// Reports whether the text ended too early.
    pub fn is_end(&self) -> bool {
        &*self.text == END
    }

    /// Returns how many bytes were read, up to the one that cannot stand where it
    /// does; `None` if that is not what is wrong.
    pub fn offset(&self) -> Option<usize> {
        self.offset
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for JsonError {}

/// One step of the way from the top of a JSON text to a value in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Into an object.
    Key(Str),
    /// Into an array.
    Index(usize),
}

/// Returns the text about a value that does not fit its Go type: `json: cannot
/// unmarshal array into Go struct field .metadata.name of type string`.
pub fn type_error(found: &str, path: &[Step], wanted: &str) -> String {
    let mut text = format!("json: cannot unmarshal {found} into ");
    text.push_str(match path.last() {
        None => "Go value",
        Some(Step::Key(_)) => "Go struct field ",
        Some(Step::Index(_)) => "",
    });
    for step in path {
        text.push('.');
        match step {
            // Go keeps the path as a JSON pointer, escapes included.
            Step::Key(key) => {
                let key = key.to_lossy();
                text.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            Step::Index(index) => text.push_str(&index.to_string()),
        }
    }
    text.push_str(" of type ");
    text.push_str(wanted);
    text
}
