//! Both ways of reading agree, on texts of the common form and on what borders on it.

use super::read;
use crate::codec::yaml::parse::parse;
use crate::codec::yaml::source::Source;

/// What a text of the common form is made of, and what borders on it.
const PARTS: &[&str] = &[
    "\n",
    "\n",
    "\n",
    "\n  ",
    "\n    ",
    "\n  ",
    " ",
    "  ",
    "a: ",
    "b:",
    "a:",
    "key: ",
    "- ",
    "- ",
    "-",
    "-1",
    "x",
    "x y",
    "é",
    "\"q\"",
    "\"a\\n\"",
    "'s'",
    "''",
    "|",
    "|-\n",
    "|+\n",
    "|\n  ",
    "[",
    "]",
    "[]",
    "{}",
    "{",
    "}",
    ",",
    "[a, b]",
    "{a: b, c: [d]}",
    "# c",
    " # c",
    "#",
    ":",
    "---",
    "---\n",
    "...",
    "?",
    "&a ",
    "*a",
    "!!str ",
    "%",
    "\t",
    "~",
    "<<: ",
    "\r\n",
    "\u{85}",
    "\u{feff}",
    "\\",
    "1",
    "null",
    ">",
    "> \n  t",
];

/// Reads texts by the thousand; `parse` compares both ways wherever this one takes a text.
fn compare(seed: u64, count: usize) -> usize {
    let mut state = seed;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 20) as usize % below
    };
    let mut taken = 0;
    for _ in 0..count {
        let mut text = String::new();
        for _ in 0..1 + next(16) {
            text.push_str(PARTS[next(PARTS.len())]);
        }
        taken += usize::from(read(text.as_bytes()).is_some() && text.contains(':'));
        let source = Source::new(text.as_bytes());
        let both = std::panic::catch_unwind(|| drop(parse(&source)));
        assert!(both.is_ok(), "{text:?}");
    }
    taken
}

#[test]
fn both_ways_agree() {
    // Enough of them are taken for the comparison to mean something.
    assert!(compare(88_172_645_463_325_252, 40_000) > 300);
}

#[test]
fn the_common_form_is_taken() {
    for text in [
        "a: 1\nb:\n- x\n- y: z\n  w: |\n    text\n\n    more\nc: [a, \"b\", {d: e}] # f\n",
        "---\nkey with blanks: 'v'\nurl: http://x:80/#y\nempty:\nlast: \"a\\tb\"",
        "- - a\n  - b\n-\n- c: d\n",
        "# nothing\n",
    ] {
        assert!(read(text.as_bytes()).is_some(), "{text}");
        let source = Source::new(text.as_bytes());
        assert!(parse(&source).is_ok(), "{text}");
    }
}

#[test]
fn anything_else_is_not() {
    for text in [
        "a: *b",
        "a: &b c",
        "a: !!str b",
        "? a",
        "a: >\n  b",
        "a: b\n  c",
        "plain",
        "a:\tb",
        "---",
        "a: 1\n--- b",
        "a: \"b\n c\"",
        "a: |2\n  b",
    ] {
        assert!(read(text.as_bytes()).is_none(), "{text}");
    }
}
