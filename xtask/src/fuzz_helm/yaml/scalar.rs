//! Scalars: words, numbers of all spellings, dates, quoted texts, and what looks like one of them.

use crate::fuzz_helm::rng::Rng;

const WORDS: &[&str] = &[
    "a",
    "b",
    "x",
    "hello world",
    "y",
    "Y",
    "yes",
    "No",
    "on",
    "OFF",
    "true",
    "True",
    "tRUE",
    "null",
    "Null",
    "~",
    "",
    ".inf",
    "-.Inf",
    ".NaN",
    "nan",
    "NaN",
    "=",
    "<<",
    "-",
    "?",
    ":",
    "a:b",
    "a: b",
    "a #c",
    "a#c",
    "#c",
    "@x",
    "`x`",
    "%x",
    "!",
    "&",
    "*",
    "|",
    ">",
    "[",
    "]",
    "{",
    "}",
    ",",
    "a,b",
    "é",
    "日本",
    "😀",
    "\u{85}",
    "\u{a0}",
    "\u{2028}",
    "\u{feff}",
    "\u{7f}",
    "\u{80}",
    "\u{fffe}",
    "\u{1}",
    "\0",
    "- x",
    "? x",
    ": x",
    "---",
    "...",
    "--- a",
    "a\tb",
    "\ta",
    "a ",
    " a",
    "0o17",
    "0o8",
    "0x",
    "0b2",
    "1:30",
    "1:60",
    "190:20:30",
    "2001-12-14",
    "2001-1-1",
    "2001-02-30",
    "2001-12-14T21:59:43.10Z",
    "2001-12-14t21:59:43-05:00",
    "2001-12-14 21:59:43.10 -5",
    "2001-12-14 21:59:43",
    "2001-12-14T21:59:43",
    "20011214",
    "1_000",
    "_1",
    "1__0_",
    "+1",
    "-1",
    "+.5",
    "1.",
    ".1",
    "1e3",
    "1E+3",
    "1e",
    "1.5e-7",
    "0.0",
    "-0",
    "-0.0",
    "010",
    "08",
    "0777",
    "-0x1F",
    "0xFFFFFFFFFFFFFFFF",
    "9223372036854775808",
    "18446744073709551616",
    "-9223372036854775809",
    "1e400",
    "1e-400",
    "123456789.123",
    "1e21",
    "1e20",
    "0.000001",
    "1e-7",
    "100000000000000000000000",
    "0b101",
    "-0b1",
    "0o-7",
    "1,000",
    "12e03",
    "6.02e23_1",
];

/// A plain scalar.
pub fn plain(rng: &mut Rng) -> String {
    match rng.below(5) {
        0 => number(rng),
        1 => date(rng),
        _ => rng.pick(WORDS).to_owned(),
    }
}

/// Characters of numbers, mostly in the order of a number.
fn number(rng: &mut Rng) -> String {
    let mut text = rng.pick(&["", "", "", "-", "+", "."]).to_owned();
    text.push_str(rng.pick(&["", "", "", "", "0", "0x", "0b", "0o", "_", "0_"]));
    for _ in 0..rng.between(1, 6) {
        text.push_str(rng.pick(&["0", "1", "2", "7", "8", "9", "1", "5", "_", "a", "F", "00"]));
    }
    if rng.chance(40) {
        text.push_str(rng.pick(&[".", ".5", ".0", ".25_0", ".e1", ":30", ":05:59.5", ".1.2"]));
    }
    if rng.chance(25) {
        text.push_str(rng.pick(&["e", "e1", "E+2", "e-3", "e+", "e40", "e1_0", "p1", "e.5"]));
    }
    text
}

fn date(rng: &mut Rng) -> String {
    let mut text = format!(
        "{}-{}-{}",
        rng.pick(&["2001", "0000", "9999", "201", "20011"]),
        rng.pick(&["1", "01", "12", "13", "00"]),
        rng.pick(&["1", "02", "29", "31", "32", "00"])
    );
    if rng.chance(50) {
        text.push_str(rng.pick(&["T", "t", " ", "  ", "\t"]));
        text.push_str(rng.pick(&[
            "1:02:03",
            "21:59:43",
            "24:00:00",
            "21:59",
            "21:59:60",
            "21:59:43.123456789",
            "21:59:43.",
        ]));
        text.push_str(rng.pick(&["", "Z", "z", " Z", "+5", "-05:00", " +01:30", "+0100"]));
    }
    text
}

/// A scalar in any style that fits on a line.
pub fn inline(rng: &mut Rng) -> String {
    match rng.below(10) {
        0 | 1 => double_quoted(rng),
        2 => format!(
            "'{}'",
            rng.pick(&[
                "",
                "a",
                "it''s",
                "1",
                "true",
                "a: b",
                " a ",
                "a\n  b",
                "a\n\n b",
                "#x",
                "\\n",
                "'",
                "é\ta",
                "a\u{2028}b",
                "a\r\nb"
            ])
        ),
        _ => plain(rng),
    }
}

fn double_quoted(rng: &mut Rng) -> String {
    let mut text = "\"".to_owned();
    for _ in 0..rng.below(4) {
        text.push_str(rng.pick(&[
            "a",
            " ",
            "\\n",
            "\\t",
            "\\\"",
            "\\\\",
            "\\u00e9",
            "\\U0001F600",
            "\\x41",
            "\\e",
            "\\N",
            "\\_",
            "\\L",
            "\\P",
            "\\0",
            "\\a",
            "\\ ",
            "\\/",
            "\n ",
            "\n\n",
            "\\\n  ",
            "\t",
            "\\q",
            "\\x4",
            "\\ud83d",
            "\\uD800\\uDC00",
            "é",
            ": ",
            " #",
            "\\xff",
            "\\U00110000",
            "\\v",
            "1",
            "true",
            "\\\t",
            "---\n",
            "\r\n",
            "\\r",
        ]));
    }
    text.push_str(if rng.chance(95) { "\"" } else { "" });
    text
}

/// A block scalar for a node at this indentation.
pub fn block(rng: &mut Rng, indent: usize) -> String {
    let mut text = format!(
        "{}{}{}",
        rng.pick(&["|", ">"]),
        rng.pick(&["", "", "", "-", "+", "2", "1", "-2", "3+", "0", "+-", "9"]),
        rng.pick(&["", "", "", " ", " # c", " x", "\t"])
    );
    let base = indent + rng.pick(&["12", "2", "1", "123"]).len();
    for _ in 0..rng.below(5) {
        text.push('\n');
        let more = rng.below(4).saturating_sub(2);
        text.push_str(&" ".repeat(base + more));
        text.push_str(rng.pick(&[
            "text",
            "more text",
            "",
            "",
            "- x",
            "a: b",
            "# no comment",
            "\tt",
            " ",
            "long line that goes on",
            "é",
            "---",
            "x  ",
            "\u{85}y",
        ]));
    }
    if rng.chance(20) {
        text.push_str(rng.pick(&["\n\n", "\n", "\n \n", "\n   \n\n"]));
    }
    text
}
