//! The text that stands for nil in output, which helm takes out again.

use std::borrow::Cow;

/// Removes what Go prints for nil, as helm does with finished files and the results of `tpl`.
pub fn without_no_value(text: &[u8]) -> Cow<'_, [u8]> {
    const NO_VALUE: &[u8] = b"<no value>";
    let find = |text: &[u8]| {
        let mut places = memchr::memchr_iter(b'<', text);
        places.find(|place| {
            text.get(*place..)
                .is_some_and(|rest| rest.starts_with(NO_VALUE))
        })
    };
    let Some(mut found) = find(text) else {
        return text.into();
    };
    let mut rest = text;
    let mut out = Vec::with_capacity(text.len());
    loop {
        let (before, after) = rest.split_at(found);
        out.extend_from_slice(before);
        rest = after.get(NO_VALUE.len()..).unwrap_or_default();
        match find(rest) {
            Some(next) => found = next,
            None => break,
        }
    }
    out.extend_from_slice(rest);
    out.into()
}
