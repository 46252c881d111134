//! A regular expression, a line break, a text: matched, replaced, split.
#![no_main]

use libfuzzer_sys::fuzz_target;
use verta_render::gostd::regexp::Regexp;

fuzz_target!(|data: &[u8]| {
    let mut lines = data.splitn(2, |byte| *byte == b'\n');
    let pattern = lines.next().unwrap_or_default();
    let text = lines.next().unwrap_or_default();
    let regexp = match Regexp::new(pattern) {
        Ok(regexp) => regexp,
        Err(error) => {
            assert!(error.starts_with("error parsing regexp: "), "{error}");
            return;
        }
    };
    let found = regexp.find(text);
    assert_eq!(found.is_some(), regexp.is_match(text));
    let all = regexp.find_all(text, None);
    assert_eq!(all.first(), found.as_ref());
    for range in &all {
        assert!(range.start <= range.end && range.end <= text.len());
    }
    let replaced = regexp.replace_all_literal(text, b"<>");
    assert_eq!(replaced == text, all.is_empty() || replaced == text);
    // This makes the automaton, which must agree with the walk of the tree that answered until now.
    let _ = regexp.replace_all(text, b"$0-${1}$x$$");
    assert_eq!(found.is_some(), regexp.is_match(text));
    let _ = regexp.split(text, -1);
    let _ = regexp.split(text, 3);
});
